//! What can be seen of accounts before signing in.

use crate::kernel::{Leave, Permission, Query, Result, Snapshot, Subject, secret};
use entity::{
    accounts::{account, credential, one_time_token},
    types::{ids::AccountId, states::TokenPurpose, text::Email},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

/// The password hash of the account a confirmation link belongs to, while the link holds.
pub struct CredentialBehind(pub String);

impl Query for CredentialBehind {
    const NEEDS: Permission = Permission::EnterPlatform;
    type Output = Option<String>;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, _: Leave<'_>) -> Result<Option<String>> {
        let Some(account) = behind(db, &self.0, TokenPurpose::ConfirmEmail).await? else {
            return Ok(None);
        };
        Ok(credential::Entity::find_by_id(account).one(db.conn()).await?.map(|row| row.phc))
    }
}

/// The person a link to a new password belongs to, while the link holds.
pub struct PersonBehind(pub String);

/// What a new password may not be made of.
#[derive(Debug, Clone)]
pub struct Known {
    pub name: String,
    pub email: Email,
}

impl Query for PersonBehind {
    const NEEDS: Permission = Permission::EnterPlatform;
    type Output = Option<Known>;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, _: Leave<'_>) -> Result<Option<Known>> {
        let Some(account) = behind(db, &self.0, TokenPurpose::ResetPassword).await? else {
            return Ok(None);
        };
        let row = account::Entity::find_by_id(account).one(db.conn()).await?;
        Ok(row.map(|row| Known { name: row.name, email: row.email }))
    }
}

/// The account of a link that holds.
async fn behind(db: &Snapshot, token: &str, purpose: TokenPurpose) -> Result<Option<AccountId>> {
    let token = one_time_token::Entity::find()
        .filter(one_time_token::Column::TokenHash.eq(secret::hash(token)))
        .filter(one_time_token::Column::Purpose.eq(purpose))
        .filter(one_time_token::Column::UsedAt.is_null())
        .filter(one_time_token::Column::ExpiresAt.gt(db.now()))
        .one(db.conn())
        .await?;
    Ok(token.map(|token| token.account_id))
}
