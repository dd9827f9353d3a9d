//! What was reached on one indicator by the time of a report.

use crate::types::ids::{KpiReadingId, ReportId};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "kpi_reading")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: KpiReadingId,
    pub report_id: ReportId,
    #[sea_orm(column_type = "String(StringLen::N(48))")]
    pub kpi: String,
    pub value: i64,
    #[sea_orm(column_type = "String(StringLen::N(300))")]
    pub note: Option<String>,
    #[sea_orm(belongs_to, from = "report_id", to = "id", on_delete = "Cascade")]
    pub report: BelongsTo<crate::reporting::report::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
