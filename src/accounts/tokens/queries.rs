//! What can be seen of API tokens: never the token itself.

use crate::kernel::{Leave, Permission, Query, Result, Snapshot, Subject};
use chrono::{DateTime, Utc};
use entity::{accounts::api_token, types::ids::ApiTokenId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

#[derive(Debug, Clone)]
pub struct TokenLine {
    pub id: ApiTokenId,
    pub name: String,
    pub scopes: String,
    pub created_at: DateTime<Utc>,
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was last used, give or take five minutes.
    pub used_at: Option<DateTime<Utc>>,
    pub over: bool,
}

/// The actor's own tokens that were not revoked, latest first.
pub struct OwnTokens;

impl Query for OwnTokens {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = Vec<TokenLine>;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Vec<TokenLine>> {
        let rows = api_token::Entity::find()
            .filter(api_token::Column::AccountId.eq(leave.account()?))
            .filter(api_token::Column::RevokedAt.is_null())
            .order_by_desc(api_token::Column::CreatedAt)
            .all(db.conn())
            .await?;
        let line = |row: api_token::Model| TokenLine {
            over: row.expires_at.is_some_and(|end| end <= db.now()),
            id: row.id,
            name: row.name,
            scopes: row.scopes,
            created_at: row.created_at,
            expires_at: row.expires_at,
            used_at: row.used_at,
        };
        Ok(rows.into_iter().map(line).collect())
    }
}
