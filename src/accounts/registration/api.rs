//! Making an account for programs that stand in for a person's browser.

use super::commands::{Rename, ask_confirmation, ask_reset, change_password, confirm, register, reset};
use crate::{
    api::{Address, ApiError, Caller, Tag},
    kernel::App,
};
use poem::web::Data;
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

#[derive(Object)]
struct NameIn {
    name: String,
}

#[derive(Object)]
struct OwnPasswordIn {
    /// The present password.
    password: String,
    new_password: String,
    /// Whether every API token ends as well, the one of this request included; yes when nothing is said.
    revoke_tokens: Option<bool>,
}

#[derive(ApiResponse)]
enum Changed {
    /// Changed.
    #[oai(status = 204)]
    Yes,
}

#[derive(ApiResponse)]
enum Accepted {
    /// Accepted; what follows comes by mail.
    #[oai(status = 202)]
    Yes,
}

#[OpenApi(tag = "Tag::Accounts")]
impl RegistrationApi {
    /// Create an account; the answer is the same for known and unknown addresses.
    #[oai(path = "/accounts/register", method = "post", operation_id = "register")]
    async fn register(&self, app: Data<&App>, address: Address, body: Json<RegisterIn>) -> Result<Accepted, ApiError> {
        register(&app, &body.name, &body.email, &body.password, &address.0).await?;
        Ok(Accepted::Yes)
    }

    /// Confirm the address of an account.
    #[oai(path = "/accounts/confirm", method = "post", operation_id = "confirmAddress")]
    async fn confirm(&self, app: Data<&App>, address: Address, body: Json<TokenIn>) -> Result<Accepted, ApiError> {
        confirm(&app, &body.token, &body.password, &address.0).await?;
        Ok(Accepted::Yes)
    }

    /// Send the mail that confirms an address again; the answer is the same for known and unknown addresses.
    #[oai(path = "/accounts/confirm/again", method = "post", operation_id = "sendConfirmationAgain")]
    async fn again(&self, app: Data<&App>, address: Address, body: Json<EmailIn>) -> Result<Accepted, ApiError> {
        ask_confirmation(&app, &body.email, &address.0).await?;
        Ok(Accepted::Yes)
    }

    /// Ask for a link to a new password.
    #[oai(path = "/password/forgotten", method = "post", operation_id = "askNewPassword")]
    async fn forgotten(&self, app: Data<&App>, address: Address, body: Json<EmailIn>) -> Result<Accepted, ApiError> {
        ask_reset(&app, &body.email, &address.0).await?;
        Ok(Accepted::Yes)
    }

    /// Set a new password by the link in the mail; every session and every API token of the account ends.
    #[oai(path = "/password/new", method = "post", operation_id = "setNewPassword")]
    async fn reset(&self, app: Data<&App>, address: Address, body: Json<NewPasswordIn>) -> Result<Accepted, ApiError> {
        reset(&app, &body.token, &body.password, "password", &address.0).await?;
        Ok(Accepted::Yes)
    }

    /// Change your own name.
    #[oai(path = "/me/name", method = "put", operation_id = "changeOwnName")]
    async fn rename(&self, app: Data<&App>, caller: Caller, body: Json<NameIn>) -> Result<Changed, ApiError> {
        app.run(&caller.0, Rename { name: body.0.name }).await?;
        Ok(Changed::Yes)
    }

    /// Change your own password; every session ends.
    #[oai(path = "/me/password", method = "put", operation_id = "changeOwnPassword")]
    async fn password(&self, app: Data<&App>, caller: Caller, body: Json<OwnPasswordIn>) -> Result<Changed, ApiError> {
        let OwnPasswordIn { password, new_password, revoke_tokens } = body.0;
        change_password(&app, &caller.0, &password, &new_password, revoke_tokens.unwrap_or(true)).await?;
        Ok(Changed::Yes)
    }
}
