//! The grant agreement of an awarded part: its dates.

use crate::types::ids::{AccountId, AgreementId, PartId};
use crate::types::states::AgreementState;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "agreement")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AgreementId,
    #[sea_orm(unique)]
    pub part_id: PartId,
    pub state: AgreementState,
    pub starts_on: Option<Date>,
    pub ends_on: Option<Date>,
    pub signed_on: Option<Date>,
    #[sea_orm(column_type = "Text")]
    pub note: String,
    pub made_by: AccountId,
    pub made_at: DateTimeUtc,
    pub version: i64,
    #[sea_orm(belongs_to, from = "part_id", to = "id", on_delete = "Restrict")]
    pub part: BelongsTo<crate::proposals::part::Entity>,
    #[sea_orm(belongs_to, from = "made_by", to = "id", on_delete = "Restrict")]
    pub made_by_account: BelongsTo<crate::accounts::account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
