//! An interim or final report of an awarded part.

use crate::types::ids::{AccountId, AgreementId, PartId, ReportId};
use crate::types::states::{ReportKind, ReportState};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "report")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ReportId,
    pub agreement_id: AgreementId,
    pub part_id: PartId,
    pub kind: ReportKind,
    #[sea_orm(column_type = "String(StringLen::N(120))")]
    pub label: String,
    pub due_on: Date,
    pub state: ReportState,
    #[sea_orm(column_type = "JsonBinary")]
    pub activities: Json,
    #[sea_orm(column_type = "Text")]
    pub narrative: String,
    #[sea_orm(column_type = "Text")]
    pub deviations: String,
    pub costs_minor: i64,
    #[sea_orm(column_type = "Text")]
    pub returned_points: String,
    pub submitted_by: Option<AccountId>,
    pub submitted_at: Option<DateTimeUtc>,
    pub decided_by: Option<AccountId>,
    pub decided_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "String(StringLen::N(40))")]
    pub reminded: String,
    pub version: i64,
    #[sea_orm(belongs_to, from = "agreement_id", to = "id", on_delete = "Restrict")]
    pub agreement: BelongsTo<crate::agreements::agreement::Entity>,
    #[sea_orm(belongs_to, from = "part_id", to = "id", on_delete = "Restrict")]
    pub part: BelongsTo<crate::proposals::part::Entity>,
    #[sea_orm(
        belongs_to,
        relation_enum = "SubmittedByAccount",
        from = "submitted_by",
        to = "id",
        on_delete = "Restrict"
    )]
    pub submitted_by_account: BelongsTo<Option<crate::accounts::account::Entity>>,
    #[sea_orm(belongs_to, relation_enum = "DecidedByAccount", from = "decided_by", to = "id", on_delete = "Restrict")]
    pub decided_by_account: BelongsTo<Option<crate::accounts::account::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
