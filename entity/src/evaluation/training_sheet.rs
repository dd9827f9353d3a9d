//! What one evaluator says of a training proposal.

use crate::types::ids::{AccountId, TrainingId, TrainingSheetId};
use crate::types::sheets::SheetText;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "training_sheet")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TrainingSheetId,
    pub training_id: TrainingId,
    pub account_id: AccountId,
    #[sea_orm(column_type = "JsonBinary")]
    pub sheet: SheetText,
    pub begun_at: DateTimeUtc,
    pub submitted_at: Option<DateTimeUtc>,
    pub version: i64,
    #[sea_orm(belongs_to, from = "training_id", to = "id", on_delete = "Cascade")]
    pub training: BelongsTo<crate::evaluation::training::Entity>,
    #[sea_orm(belongs_to, from = "account_id", to = "id", on_delete = "Cascade")]
    pub account: BelongsTo<crate::accounts::account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
