//! Making an account for programs that stand in for a person's browser.

use super::commands::{ResetPassword, ask_reset, checked_password, confirm, hashed, register};
use crate::{
    api::{ApiError, Tag},
    kernel::{Actor, App},
};
use poem::{Request, web::Data};
use poem_openapi::{ApiResponse, Object, OpenApi, payload::Json};

pub struct RegistrationApi;

#[derive(Object)]
struct RegisterIn {
    name: String,
    /// Example: ana@example.org
    email: String,
    password: String,
}

#[derive(Object)]
struct TokenIn {
    /// The last part of the link in the mail.
    token: String,
    /// The password chosen at registration.
    password: String,
}

#[derive(Object)]
struct EmailIn {
    email: String,
}

#[derive(Object)]
struct NewPasswordIn {
    token: String,
    password: String,
}

#[derive(ApiResponse)]
enum Accepted {
    /// Accepted; what follows comes by mail.
    #[oai(status = 202)]
    Yes,
}

fn address(request: &Request) -> String {
    request.remote_addr().as_socket_addr().map_or_else(|| "local".to_owned(), |a| a.ip().to_string())
}

#[OpenApi(tag = "Tag::Accounts")]
impl RegistrationApi {
    /// Create an account; the answer is the same for known and unknown addresses.
    #[oai(path = "/accounts/register", method = "post", operation_id = "register")]
    async fn register(&self, app: Data<&App>, request: &Request, body: Json<RegisterIn>) -> Result<Accepted, ApiError> {
        register(&app, &body.name, &body.email, &body.password, &address(request)).await?;
        Ok(Accepted::Yes)
    }

    /// Confirm the address of an account.
    #[oai(path = "/accounts/confirm", method = "post", operation_id = "confirmAddress")]
    async fn confirm(&self, app: Data<&App>, request: &Request, body: Json<TokenIn>) -> Result<Accepted, ApiError> {
        confirm(&app, &body.token, &body.password, &address(request)).await?;
        Ok(Accepted::Yes)
    }

    /// Ask for a link to a new password.
    #[oai(path = "/password/forgotten", method = "post", operation_id = "askNewPassword")]
    async fn forgotten(&self, app: Data<&App>, request: &Request, body: Json<EmailIn>) -> Result<Accepted, ApiError> {
        ask_reset(&app, &body.email, &address(request)).await?;
        Ok(Accepted::Yes)
    }

    /// Set a new password by the link in the mail.
    #[oai(path = "/password/new", method = "post", operation_id = "setNewPassword")]
    async fn reset(&self, app: Data<&App>, body: Json<NewPasswordIn>) -> Result<Accepted, ApiError> {
        checked_password(&body.password, "password", &[])?;
        let phc = hashed(&app, &body.password).await?;
        app.run(&Actor::Nobody, ResetPassword { token: body.0.token, phc }).await?;
        Ok(Accepted::Yes)
    }
}
