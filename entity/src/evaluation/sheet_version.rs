//! A sheet as it was handed in before it was given back, and why it was.

use crate::types::ids::{AccountId, AssignmentId, SheetVersionId};
use crate::types::sheets::SheetText;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sheet_version")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SheetVersionId,
    pub assignment_id: AssignmentId,
    pub number: i32,
    #[sea_orm(column_type = "JsonBinary")]
    pub sheet: SheetText,
    pub submitted_at: DateTimeUtc,
    pub reopened_by: AccountId,
    pub reopened_at: DateTimeUtc,
    #[sea_orm(column_type = "String(StringLen::N(300))")]
    pub reopened_reason: String,
    #[sea_orm(belongs_to, from = "assignment_id", to = "id", on_delete = "Cascade")]
    pub assignment: BelongsTo<crate::evaluation::assignment::Entity>,
    #[sea_orm(belongs_to, from = "reopened_by", to = "id", on_delete = "Restrict")]
    pub account: BelongsTo<crate::accounts::account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
