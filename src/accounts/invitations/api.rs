//! Invitations for programs: the link's last part is all that is needed.

use super::{
    commands::{self, DeclineByLink, slow_down},
    queries::{InvitationBy, Standing},
};
use crate::{
    api::{Address, ApiError, Tag},
    kernel::{Actor, App},
};
use chrono::{DateTime, Utc};
use poem::web::Data;
use poem_openapi::{ApiResponse, Object, OpenApi, param::Path, payload::Json};

pub struct InvitationsApi;

#[derive(Object)]
struct InvitationOut {
    /// One of role, member, partner, team, evaluator.
    kind: String,
    /// One of open, accepted, declined, withdrawn, over.
    state: String,
    name: String,
    email: String,
    message: String,
    invited_by: String,
    expires_at: DateTime<Utc>,
    /// Whether there is an account with this address to answer with.
    known: bool,
}

#[derive(Object)]
struct DeclineByLinkIn {
    #[oai(default)]
    reason: String,
}

#[derive(Object)]
struct InvitedAccountIn {
    name: String,
    password: String,
}

#[derive(ApiResponse)]
enum AnsweredByLink {
    /// Done.
    #[oai(status = 204)]
    Yes,
}

#[OpenApi(tag = "Tag::Accounts")]
impl InvitationsApi {
    /// The invitation behind a link.
    #[oai(path = "/invitations/:token", method = "get", operation_id = "readInvitation")]
    async fn read(
        &self,
        app: Data<&App>,
        address: Address,
        token: Path<String>,
    ) -> Result<Json<InvitationOut>, ApiError> {
        slow_down(&app, &address.0).await?;
        let view = app.ask(&Actor::Nobody, InvitationBy(token.0)).await?;
        let state = match view.standing {
            Standing::Open => "open",
            Standing::Accepted => "accepted",
            Standing::Declined => "declined",
            Standing::Withdrawn => "withdrawn",
            Standing::Over => "over",
        };
        Ok(Json(InvitationOut {
            kind: view.kind.word().to_owned(),
            state: state.to_owned(),
            name: view.name,
            email: view.email.to_string(),
            message: view.message,
            invited_by: view.invited_by,
            expires_at: view.expires_at,
            known: view.known,
        }))
    }

    /// Decline any invitation; no account is needed.
    #[oai(path = "/invitations/:token/decline", method = "post", operation_id = "declineInvitation")]
    async fn decline(
        &self,
        app: Data<&App>,
        address: Address,
        token: Path<String>,
        body: Json<DeclineByLinkIn>,
    ) -> Result<AnsweredByLink, ApiError> {
        slow_down(&app, &address.0).await?;
        app.run(&Actor::Nobody, DeclineByLink { token: token.0, reason: body.0.reason }).await?;
        Ok(AnsweredByLink::Yes)
    }

    /// Make the account an invitation is for; sign in with it for a token and accept.
    #[oai(path = "/invitations/:token/account", method = "post", operation_id = "joinByInvitation")]
    async fn join(
        &self,
        app: Data<&App>,
        address: Address,
        token: Path<String>,
        body: Json<InvitedAccountIn>,
    ) -> Result<AnsweredByLink, ApiError> {
        commands::join(&app, &token.0, &body.name, &body.password, &address.0).await?;
        Ok(AnsweredByLink::Yes)
    }
}
