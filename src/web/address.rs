//! The address a request comes from, for counting tries.

use poem::{FromRequest, Request, RequestBody, http::StatusCode};

/// The address, as far as the configuration lets us believe it; both doors leave it with the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address(pub String);

impl<'a> FromRequest<'a> for Address {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        let address = request.extensions().get::<Self>().cloned();
        address.ok_or_else(|| poem::Error::from_status(StatusCode::INTERNAL_SERVER_ERROR))
    }
}

/// The other end of the connection; behind a proxy the one it names last, because the ones before that anybody
/// can write.
pub fn of(request: &Request, behind_proxy: bool) -> String {
    let forwarded = request.headers().get("x-forwarded-for").and_then(|v| v.to_str().ok());
    match forwarded.filter(|_| behind_proxy).and_then(|list| list.rsplit(',').next()) {
        Some(address) => address.trim().chars().take(64).collect(),
        None => request.remote_addr().as_socket_addr().map_or_else(|| "local".to_owned(), |a| a.ip().to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_proxy_names_counts_only_behind_one() {
        let request = Request::builder().header("x-forwarded-for", "6.6.6.6, 10.1.2.3").finish();

        assert_eq!(of(&request, true), "10.1.2.3");
        assert_eq!(of(&request, false), "local");
    }
}
