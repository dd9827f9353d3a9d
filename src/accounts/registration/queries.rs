//! What can be seen of accounts before signing in.

use crate::kernel::{Leave, Permission, Query, Result, Snapshot, Subject};
use entity::{
    accounts::account,
    types::{ids::AccountId, states::AccountState, text::Email},
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
