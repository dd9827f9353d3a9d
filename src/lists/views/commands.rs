//! Saving and forgetting views.

use super::events::ViewEvent;
use crate::kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx, error::FieldErrors};
use entity::{lists::saved_view, types::ids::SavedViewId};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

/// Most views one person keeps of one list.
const MOST: u64 = 30;

/// Saves a view of a list under a name; a view of that name is replaced.
#[derive(Clone)]
pub struct SaveView {
    pub list: String,
    pub name: String,
    /// The query part of the address, without the page.
    pub query: String,
}

impl Command for SaveView {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = SavedViewId;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<SavedViewId>> {
        let account = leave.account()?;
        let name = self.name.trim().to_owned();
        let mut errors = FieldErrors::default();
        if name.is_empty() || name.chars().count() > 120 {
            errors.add("name", "Give the view a name of at most 120 letters");
        }
        let plain = |c: char| c.is_ascii_lowercase() || matches!(c, '-' | '_' | '.');
        if self.list.is_empty() || self.list.len() > 24 || !self.list.chars().all(plain) {
            errors.add("list", "There is no list of this name");
        }
        if self.query.len() > 2_000 {
            errors.add("query", "These are too many filters to save");
        }
        errors.done()?;
        let own = saved_view::Entity::find()
            .filter(saved_view::Column::AccountId.eq(account))
            .filter(saved_view::Column::List.eq(&self.list));
        let known = own.clone().filter(saved_view::Column::Name.eq(&name)).one(tx.conn()).await?;
        let id = match known {
            Some(row) => {
                let id = row.id;
                let mut row: saved_view::ActiveModel = row.into();
                row.query = Set(self.query);
                row.update(tx.conn()).await?;
                id
            }
            None => {
                if own.count(tx.conn()).await? >= MOST {
                    return Err(AppError::refused(
                        "too_many_views",
                        format!("You have {MOST} views of this list. Forget one before you save another."),
                    ));
                }
                let row = saved_view::ActiveModel {
                    id: Set(tx.new_id()),
                    account_id: Set(account),
                    list: Set(self.list.clone()),
                    name: Set(name.clone()),
                    query: Set(self.query),
                    created_at: Set(tx.now()),
                };
                let id = row.id.clone().take().ok_or(AppError::NotFound)?;
                saved_view::Entity::insert(row).exec_without_returning(tx.conn()).await?;
                id
            }
        };
        Ok(tx.done(ViewEvent::Saved { account, list: self.list, name }, id))
    }
}

/// Forgets one of the actor's own views.
#[derive(Clone)]
pub struct DropView(pub SavedViewId);

impl Command for DropView {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let account = leave.account()?;
        let row = saved_view::Entity::find_by_id(self.0).one(tx.conn()).await?.filter(|row| row.account_id == account);
        let row = row.ok_or(AppError::NotFound)?;
        saved_view::Entity::delete_by_id(row.id).exec(tx.conn()).await?;
        Ok(tx.done(ViewEvent::Dropped { account, list: row.list, name: row.name }, ()))
    }
}
