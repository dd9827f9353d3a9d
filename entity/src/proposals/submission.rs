//! The frozen version of a part as it was submitted.

use crate::types::ids::{AccountId, FileId, PartId, SubmissionId};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "submission")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SubmissionId,
    pub part_id: PartId,
    pub number: i32,
    #[sea_orm(column_type = "JsonBinary")]
    pub document: Json,
    #[sea_orm(column_type = "String(StringLen::N(64))")]
    pub digest: String,
    #[sea_orm(unique, column_type = "String(StringLen::N(48))")]
    pub receipt: String,
    #[sea_orm(column_type = "String(StringLen::N(120))")]
    pub signatory: String,
    pub submitted_by: AccountId,
    pub submitted_at: DateTimeUtc,
    pub ended_at: Option<DateTimeUtc>,
    pub pdf_file_id: Option<FileId>,
    #[sea_orm(belongs_to, from = "part_id", to = "id", on_delete = "Restrict")]
    pub part: BelongsTo<crate::proposals::part::Entity>,
    #[sea_orm(belongs_to, from = "submitted_by", to = "id", on_delete = "Restrict")]
    pub submitted_by_account: BelongsTo<crate::accounts::account::Entity>,
    #[sea_orm(belongs_to, from = "pdf_file_id", to = "id", on_delete = "Restrict")]
    pub pdf_file: BelongsTo<Option<crate::documents::file::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
