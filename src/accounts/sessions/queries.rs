//! What can be seen of sessions.

use crate::kernel::{Leave, Permission, Query, Result, Snapshot, Subject};
use chrono::{DateTime, Utc};
use entity::{
    accounts::{account, credential, session},
    types::{
        ids::{AccountId, SessionId},
        states::AccountState,
        text::Email,
    },
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

/// What is needed to check a password.
pub struct Credential {
    pub account: AccountId,
    pub phc: String,
    pub active: bool,
}

/// The credential behind an address, if there is one.
pub struct CredentialOf(pub Email);

impl Query for CredentialOf {
    const NEEDS: Permission = Permission::EnterPlatform;
    type Output = Option<Credential>;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, _: Leave<'_>) -> Result<Self::Output> {
        let found = credential::Entity::find()
            .find_also_related(account::Entity)
            .filter(account::Column::Email.eq(self.0))
            .one(db.conn())
            .await?;
        Ok(found.and_then(|(credential, account)| {
            let active = account?.state == AccountState::Active;
            Some(Credential { account: credential.account_id, phc: credential.phc, active })
        }))
    }
}

/// One of a person's sessions, as its owner sees it.
#[derive(Debug, Clone)]
pub struct SessionLine {
    pub id: SessionId,
    pub created_at: DateTime<Utc>,
    pub seen_at: DateTime<Utc>,
    pub address: String,
    pub agent: String,
}

/// The actor's own running sessions, latest first.
pub struct OwnSessions;

impl Query for OwnSessions {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = Vec<SessionLine>;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Self::Output> {
        let rows = session::Entity::find()
            .filter(session::Column::AccountId.eq(leave.account()?))
            .filter(session::Column::EndedAt.is_null())
            .filter(session::Column::ExpiresAt.gt(db.now()))
            .order_by_desc(session::Column::SeenAt)
            .all(db.conn())
            .await?;
        let line = |row: session::Model| SessionLine {
            id: row.id,
            created_at: row.created_at,
            seen_at: row.seen_at,
            address: row.address,
            agent: row.agent,
        };
        Ok(rows.into_iter().map(line).collect())
    }
}
