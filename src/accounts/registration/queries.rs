//! What can be seen of accounts before signing in.

use crate::kernel::{Leave, Permission, Query, Result, Snapshot, Subject, secret};
use entity::{
    accounts::{account, credential, one_time_token},
    types::{
        ids::AccountId,
        states::{AccountState, TokenPurpose},
        text::Email,
    },
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

/// The account of an address, unless it is locked or erased; never shown to anybody.
pub struct AccountByEmail(pub Email);

impl Query for AccountByEmail {
    const NEEDS: Permission = Permission::EnterPlatform;
    type Output = Option<AccountId>;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, _: Leave<'_>) -> Result<Option<AccountId>> {
        let row = account::Entity::find().filter(account::Column::Email.eq(self.0)).one(db.conn()).await?;
        let open = |row: &account::Model| matches!(row.state, AccountState::Active | AccountState::Pending);
        Ok(row.filter(open).map(|row| row.id))
    }
}

/// The password hash of the account a confirmation link belongs to, while the link holds.
pub struct CredentialBehind(pub String);

impl Query for CredentialBehind {
    const NEEDS: Permission = Permission::EnterPlatform;
    type Output = Option<String>;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, _: Leave<'_>) -> Result<Option<String>> {
        let token = one_time_token::Entity::find()
            .filter(one_time_token::Column::TokenHash.eq(secret::hash(&self.0)))
            .filter(one_time_token::Column::Purpose.eq(TokenPurpose::ConfirmEmail))
            .filter(one_time_token::Column::UsedAt.is_null())
            .filter(one_time_token::Column::ExpiresAt.gt(db.now()))
            .one(db.conn())
            .await?;
        let Some(token) = token else {
            return Ok(None);
        };
        Ok(credential::Entity::find_by_id(token.account_id).one(db.conn()).await?.map(|row| row.phc))
    }
}
