//! The one door all API requests go through: which application answers, how much may be sent, and errors
//! of the framework in the shape of our own.

use crate::web::{
    address::{self, Address},
    worlds::Worlds,
};
use poem::{
    Body, Endpoint, IntoResponse, Middleware, Request, Response,
    http::{HeaderValue, StatusCode, header},
};

/// Largest body of a request: a file and a little more.
const LIMIT: usize = crate::web::posted::FILE + 64 * 1024;

/// The middleware.
#[derive(Clone)]
pub struct ApiDoor {
    pub worlds: Worlds,
    /// Whether a proxy in front of Fairway sets X-Forwarded-For.
    pub behind_proxy: bool,
}

impl<E: Endpoint> Middleware<E> for ApiDoor {
    type Output = ApiDoorEndpoint<E>;
    fn transform(&self, inner: E) -> Self::Output {
        ApiDoorEndpoint { inner, worlds: self.worlds.clone(), behind_proxy: self.behind_proxy }
    }
}

pub struct ApiDoorEndpoint<E> {
    inner: E,
    worlds: Worlds,
    behind_proxy: bool,
}

impl<E: Endpoint> Endpoint for ApiDoorEndpoint<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        let Some(world) = self.worlds.of(&request).cloned() else {
            return Ok(problem(StatusCode::SERVICE_UNAVAILABLE, "Fairway is starting."));
        };
        let address = Address(address::of(&request, self.behind_proxy));
        request.extensions_mut().insert(address);
        request.extensions_mut().insert(world.app);
        match request.take_body().into_bytes_limit(LIMIT).await {
            Ok(bytes) => request.set_body(Body::from_bytes(bytes)),
            Err(_) => return Ok(problem(StatusCode::PAYLOAD_TOO_LARGE, "The request is too large.")),
        }
        let mut response = match self.inner.call(request).await {
            Ok(response) => response.into_response(),
            Err(error) if error.is_from_response() => error.into_response(),
            Err(error) => {
                let status = error.status();
                let message = if status.is_server_error() {
                    tracing::error!(?error, "an API request failed");
                    "Something went wrong on our side.".to_owned()
                } else {
                    error.to_string()
                };
                problem(status, &message)
            }
        };
        response.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
        Ok(response)
    }
}

fn problem(status: StatusCode, message: &str) -> Response {
    let code = match status {
        StatusCode::UNAUTHORIZED => "signed_out",
        StatusCode::NOT_FOUND => "not_found",
        StatusCode::METHOD_NOT_ALLOWED => "method_not_allowed",
        StatusCode::PAYLOAD_TOO_LARGE => "too_large",
        status if status.is_server_error() => "broken",
        _ => "malformed",
    };
    let body = serde_json::json!({ "code": code, "message": message });
    Response::builder().status(status).content_type("application/json").body(body.to_string())
}
