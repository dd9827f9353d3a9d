//! What is done with invitations, also by other areas in their own transaction.

use super::{
    events::{DeclinedByLink, JoinedByInvitation},
    queries::InvitationBy,
};
use crate::{
    accounts::registration::commands::{checked_password, hashed, insert_account, set_credential},
    kernel::{
        Actor, App, AppError, Command, Done, Leave, Permission, Result, Subject, Tx,
        error::{FieldErrors, ForField},
        secret,
    },
};
use chrono::TimeDelta;
use entity::{
    accounts::{account, invitation},
    types::{
        ids::{AccountId, CallId, InvitationId, OrganisationId, PartId, ProposalId},
        states::{AccountState, InvitationKind},
        text::{self, Email},
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

/// How long an invitation holds.
const HOLDS: TimeDelta = TimeDelta::days(14);

/// An invitation to be made.
#[derive(Debug, Clone)]
pub struct New {
    pub kind: InvitationKind,
    pub email: Email,
    pub name: String,
    /// A word the inviting area understands (team role, membership role).
    pub role: Option<String>,
    pub call: Option<CallId>,
    pub organisation: Option<OrganisationId>,
    pub proposal: Option<ProposalId>,
    pub part: Option<PartId>,
    pub message: String,
    pub invited_by: AccountId,
}

/// Writes the invitation and gives its id and the path of its page, for the mail.
///
/// # Errors
/// When the database refuses.
pub async fn create(tx: &Tx, new: New) -> Result<(InvitationId, String)> {
    let token = secret::token(tx.chance());
    let id: InvitationId = tx.new_id();
    let row = invitation::ActiveModel {
        id: Set(id),
        kind: Set(new.kind),
        token_hash: Set(secret::hash(&token)),
        email: Set(new.email),
        name: Set(new.name.chars().take(120).collect()),
        role: Set(new.role),
        call_id: Set(new.call),
        organisation_id: Set(new.organisation),
        proposal_id: Set(new.proposal),
        part_id: Set(new.part),
        message: Set(new.message),
        invited_by: Set(new.invited_by),
        created_at: Set(tx.now()),
        expires_at: Set(tx.now() + HOLDS),
        answered_at: Set(None),
        accepted: Set(None),
        answered_by: Set(None),
        withdrawn_at: Set(None),
    };
    invitation::Entity::insert(row).exec_without_returning(tx.conn()).await?;
    Ok((id, format!("/invitations/{token}")))
}

/// Answers an invitation for the person it was sent to; gives the row for the area to act on.
///
/// # Errors
/// `NotFound` for an unknown token, `Refused` when it was answered, withdrawn, is over, or is somebody else's.
pub async fn take(
    tx: &Tx,
    token: &str,
    kind: InvitationKind,
    by: AccountId,
    accepted: bool,
) -> Result<invitation::Model> {
    let row = find(tx, token).await?;
    if row.kind != kind {
        return Err(AppError::NotFound);
    }
    let person = account::Entity::find_by_id(by).one(tx.conn()).await?.ok_or(AppError::NotFound)?;
    if person.email != row.email {
        let message = format!("This invitation was sent to {}. You are signed in as {}.", row.email, person.email);
        return Err(AppError::refused("other_person", message));
    }
    usable(&row, tx.now())?;
    let mut change: invitation::ActiveModel = row.clone().into();
    change.answered_at = Set(Some(tx.now()));
    change.accepted = Set(Some(accepted));
    change.answered_by = Set(Some(by));
    change.update(tx.conn()).await?;
    Ok(row)
}

/// Takes an invitation back; its link stops working.
///
/// # Errors
/// `NotFound` when there is none, `Refused` when it was answered.
pub async fn withdraw(tx: &Tx, id: InvitationId) -> Result<invitation::Model> {
    let row = invitation::Entity::find_by_id(id).one(tx.conn()).await?.ok_or(AppError::NotFound)?;
    if row.answered_at.is_some() {
        return Err(AppError::refused("answered", "This invitation was answered already."));
    }
    let mut change: invitation::ActiveModel = row.clone().into();
    change.withdrawn_at = Set(Some(tx.now()));
    change.update(tx.conn()).await?;
    Ok(row)
}

async fn find(tx: &Tx, token: &str) -> Result<invitation::Model> {
    let row = invitation::Entity::find().filter(invitation::Column::TokenHash.eq(secret::hash(token)));
    row.one(tx.conn()).await?.ok_or(AppError::NotFound)
}

fn usable(row: &invitation::Model, now: chrono::DateTime<chrono::Utc>) -> Result<()> {
    if row.answered_at.is_some() {
        return Err(AppError::refused("answered", "This invitation was answered already."));
    }
    if row.withdrawn_at.is_some() {
        return Err(AppError::refused("withdrawn", "This invitation was taken back."));
    }
    if row.expires_at <= now {
        return Err(AppError::refused("invitation_over", "This invitation is over. Please ask for a new one."));
    }
    Ok(())
}

/// Makes an account for the person an invitation was sent to; the link proves the address.
#[derive(Clone)]
pub struct JoinByInvitation {
    pub token: String,
    pub name: String,
    /// The hash of the chosen password.
    pub phc: String,
}

impl Command for JoinByInvitation {
    const NEEDS: Permission = Permission::EnterPlatform;
    type Output = AccountId;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<AccountId>> {
        let row = find(tx, &self.token).await?;
        usable(&row, tx.now())?;
        let mut errors = FieldErrors::default();
        let name = errors.take("name", text::line(&self.name, 120)).unwrap_or_default();
        errors.done()?;
        let known = account::Entity::find().filter(account::Column::Email.eq(row.email.clone())).one(tx.conn()).await?;
        let id = match known {
            Some(known) if known.state == AccountState::Pending => {
                let id = known.id;
                let mut known: account::ActiveModel = known.into();
                known.name = Set(name);
                known.state = Set(AccountState::Active);
                known.confirmed_at = Set(Some(tx.now()));
                known.update(tx.conn()).await?;
                id
            }
            Some(_) => {
                return Err(AppError::refused(
                    "known_address",
                    "You have an account with this address. Please sign in.",
                ));
            }
            None => insert_account(tx, &name, &row.email, AccountState::Active).await?,
        };
        set_credential(tx, id, self.phc).await?;
        Ok(tx.done(JoinedByInvitation { account: id, kind: row.kind.label() }, id))
    }
}

/// Declines any invitation; holding the link is enough, so nobody needs an account to say no.
#[derive(Clone)]
pub struct DeclineByLink {
    pub token: String,
    pub reason: String,
}

impl Command for DeclineByLink {
    const NEEDS: Permission = Permission::EnterPlatform;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let reason = text::optional_line(&self.reason, 500).for_field("reason")?.unwrap_or_default();
        let row = find(tx, &self.token).await?;
        usable(&row, tx.now())?;
        let own = leave.actor().person().filter(|person| person.email == row.email.as_str());
        let mut change: invitation::ActiveModel = row.clone().into();
        change.answered_at = Set(Some(tx.now()));
        change.accepted = Set(Some(false));
        change.answered_by = Set(own.map(|person| person.account));
        change.update(tx.conn()).await?;
        let event = DeclinedByLink {
            id: row.id,
            kind: row.kind,
            name: row.name,
            proposal: row.proposal_id,
            organisation: row.organisation_id,
            reason,
        };
        Ok(tx.done(event, ()))
    }
}

/// Links are not found by trying.
///
/// # Errors
/// Too many tries from this address.
pub async fn slow_down(app: &App, address: &str) -> Result<()> {
    app.limit(&format!("link from {address}"), 120, TimeDelta::hours(1)).await
}

/// Makes the account an invitation is for.
///
/// # Errors
/// When the link does not hold, the password is weak, or there were too many tries.
pub async fn join(app: &App, token: &str, name: &str, password: &str, address: &str) -> Result<AccountId> {
    slow_down(app, address).await?;
    let view = app.ask(&Actor::Nobody, InvitationBy(token.to_owned())).await?;
    checked_password(password, "password", &[name, view.email.as_str()])?;
    let phc = hashed(app, password).await?;
    app.run(&Actor::Nobody, JoinByInvitation { token: token.to_owned(), name: name.to_owned(), phc }).await
}
