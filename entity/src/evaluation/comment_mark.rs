//! What somebody who uses an evaluator's comments thinks of them.

use crate::types::ids::{AccountId, AssignmentId, CommentMarkId};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "comment_mark")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CommentMarkId,
    pub assignment_id: AssignmentId,
    pub marked_by: AccountId,
    pub useful: bool,
    pub marked_at: DateTimeUtc,
    #[sea_orm(belongs_to, from = "assignment_id", to = "id", on_delete = "Cascade")]
    pub assignment: BelongsTo<crate::evaluation::assignment::Entity>,
    #[sea_orm(belongs_to, from = "marked_by", to = "id", on_delete = "Restrict")]
    pub account: BelongsTo<crate::accounts::account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
