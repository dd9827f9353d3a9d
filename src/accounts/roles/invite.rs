//! Roles for people who may have no account yet: invited by mail, given when they accept.

use super::{
    commands::{GrantRole, give, scope_of},
    events::RoleEvent,
};
use crate::{
    accounts::invitations::commands::{New, create, take},
    kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx, error::FieldErrors},
};
use entity::types::{
    ids::{CallId, OrganisationId},
    states::{InvitationKind, Role},
    text::{self, Email},
};

/// Invites somebody to a role by mail.
#[derive(Clone)]
pub struct InviteToRole {
    pub email: String,
    pub name: String,
    pub role: String,
    pub call: Option<CallId>,
    pub agency: Option<OrganisationId>,
    pub message: String,
}

impl Command for InviteToRole {
    const NEEDS: Permission = Permission::ManageAccounts;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let mut errors = FieldErrors::default();
        let email = errors.take("email", Email::parse(&self.email));
        let name = errors.take("name", text::line(&self.name, 120));
        let role = errors.take("role", self.role.parse::<Role>());
        let message = errors.take("message", text::prose(&self.message, 2_000));
        let (Some(email), Some(name), Some(role), Some(message)) = (email, name, role, message) else {
            return Err(AppError::Invalid(errors));
        };
        let scope = scope_of(tx, role, self.call, self.agency).await?;
        let new = New {
            kind: InvitationKind::Role,
            email: email.clone(),
            name: name.clone(),
            role: Some(role.word().to_owned()),
            call: self.call,
            organisation: self.agency,
            proposal: None,
            part: None,
            message: message.clone(),
            invited_by: leave.account()?,
        };
        let (invitation, path) = create(tx, new).await?;
        let by = leave.actor().name().to_owned();
        Ok(tx.done(RoleEvent::Invited { invitation, email, name, role, scope, message, by, path }, ()))
    }
}

/// Accepts a role one was invited to.
#[derive(Clone)]
pub struct AcceptRole {
    pub token: String,
}

impl Command for AcceptRole {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let account = leave.account()?;
        let row = take(tx, &self.token, InvitationKind::Role, account, true).await?;
        let role = row.role.as_deref().and_then(|word| word.parse::<Role>().ok()).ok_or(AppError::NotFound)?;
        let grant = GrantRole { account, role, call: row.call_id, agency: row.organisation_id };
        scope_of(tx, role, grant.call, grant.agency).await?;
        give(tx, &grant, Some(row.invited_by)).await?;
        Ok(tx.done(RoleEvent::Accepted { account, role, call: grant.call, agency: grant.agency }, ()))
    }
}
