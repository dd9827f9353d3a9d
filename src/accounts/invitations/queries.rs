//! What the holder of a link sees of an invitation.

use crate::kernel::{AppError, Leave, Permission, Query, Result, Snapshot, Subject, secret};
use chrono::{DateTime, Utc};
use entity::{
    accounts::{account, invitation},
    types::{
        ids::{CallId, InvitationId, OrganisationId, PartId, ProposalId},
        states::{AccountState, InvitationKind},
        text::Email,
    },
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

/// Where an invitation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Open,
    Accepted,
    Declined,
    Withdrawn,
    Over,
}

#[derive(Debug, Clone)]
pub struct InvitationView {
    pub id: InvitationId,
    pub kind: InvitationKind,
    pub email: Email,
    pub name: String,
    pub role: Option<String>,
    pub call: Option<CallId>,
    pub organisation: Option<OrganisationId>,
    pub proposal: Option<ProposalId>,
    pub part: Option<PartId>,
    pub message: String,
    pub invited_by: String,
    pub expires_at: DateTime<Utc>,
    pub standing: Standing,
    /// Whether there is an account with this address.
    pub known: bool,
}

/// The invitation behind a token; the token is all that is needed to see it.
pub struct InvitationBy(pub String);

impl Query for InvitationBy {
    const NEEDS: Permission = Permission::EnterPlatform;
    type Output = InvitationView;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, _: Leave<'_>) -> Result<InvitationView> {
        let found = invitation::Entity::find()
            .filter(invitation::Column::TokenHash.eq(secret::hash(&self.0)))
            .one(db.conn())
            .await?;
        let row = found.ok_or(AppError::NotFound)?;
        let inviter = account::Entity::find_by_id(row.invited_by).one(db.conn()).await?;
        let known = account::Entity::find()
            .filter(account::Column::Email.eq(row.email.clone()))
            .filter(account::Column::State.ne(AccountState::Pending))
            .one(db.conn())
            .await?;
        let standing = match (row.accepted, row.withdrawn_at) {
            (Some(true), _) => Standing::Accepted,
            (Some(false), _) => Standing::Declined,
            (None, Some(_)) => Standing::Withdrawn,
            (None, None) if row.expires_at <= db.now() => Standing::Over,
            (None, None) => Standing::Open,
        };
        Ok(InvitationView {
            id: row.id,
            kind: row.kind,
            email: row.email,
            name: row.name,
            role: row.role,
            call: row.call_id,
            organisation: row.organisation_id,
            proposal: row.proposal_id,
            part: row.part_id,
            message: row.message,
            invited_by: inviter.map(|a| a.name).unwrap_or_default(),
            expires_at: row.expires_at,
            standing,
            known: known.is_some(),
        })
    }
}
