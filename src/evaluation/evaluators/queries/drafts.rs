//! What is known already of somebody who was invited to the pool.

use crate::{
    evaluation::evaluators::rules::Typed,
    kernel::{Leave, Permission, Query, Result, Snapshot, Subject},
};
use entity::{accounts::account, accounts::invitation, evaluation::evaluator_draft, types::ids::InvitationId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

/// What the secretariat's list says of the actor, for the form that accepts this invitation; nothing for others.
pub struct DraftOf(pub InvitationId);

impl Query for DraftOf {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = Option<Typed>;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Option<Typed>> {
        let db = db.conn();
        let Some(me) = account::Entity::find_by_id(leave.account()?).one(db).await? else { return Ok(None) };
        let mine =
            invitation::Entity::find_by_id(self.0).filter(invitation::Column::Email.eq(me.email)).one(db).await?;
        if mine.is_none() {
            return Ok(None);
        }
        let row = evaluator_draft::Entity::find_by_id(self.0).one(db).await?;
        row.map(|row| Ok(serde_json::from_value(row.profile)?)).transpose()
    }
}
