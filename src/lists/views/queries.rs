//! Which views a person saved.

use crate::kernel::{Leave, Permission, Query, Result, Snapshot, Subject};
use entity::{lists::saved_view, types::ids::SavedViewId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

/// One saved view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    pub id: SavedViewId,
    pub list: String,
    pub name: String,
    pub query: String,
}

/// The actor's own views of one list, by name; of all lists when none is named.
pub struct OwnViews(pub Option<String>);

impl Query for OwnViews {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = Vec<View>;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Self::Output> {
        let mut own = saved_view::Entity::find().filter(saved_view::Column::AccountId.eq(leave.account()?));
        if let Some(list) = self.0 {
            own = own.filter(saved_view::Column::List.eq(list));
        }
        let rows = own
            .order_by_asc(saved_view::Column::List)
            .order_by_asc(saved_view::Column::Name)
            .order_by_asc(saved_view::Column::Id)
            .all(db.conn())
            .await?;
        Ok(rows.into_iter().map(|row| View { id: row.id, list: row.list, name: row.name, query: row.query }).collect())
    }
}
