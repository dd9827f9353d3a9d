//! An officer's check of a part, confirmed by a second officer.

use crate::types::ids::{AccountId, CheckId, PartId};
use crate::types::states::{CheckState, Verdict};
use crate::types::terms::Keys;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "eligibility_check")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CheckId,
    #[sea_orm(unique)]
    pub part_id: PartId,
    #[sea_orm(column_type = "JsonBinary")]
    pub findings: Json,
    pub verdict: Verdict,
    #[sea_orm(column_type = "JsonBinary")]
    pub reasons: Keys,
    #[sea_orm(column_type = "Text")]
    pub note: String,
    pub state: CheckState,
    pub proposed_by: AccountId,
    pub proposed_at: DateTimeUtc,
    pub confirmed_by: Option<AccountId>,
    pub confirmed_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "Text")]
    pub returned_note: String,
    pub version: i64,
    #[sea_orm(belongs_to, from = "part_id", to = "id", on_delete = "Restrict")]
    pub part: BelongsTo<crate::proposals::part::Entity>,
    #[sea_orm(
        belongs_to,
        relation_enum = "ProposedByAccount",
        from = "proposed_by",
        to = "id",
        on_delete = "Restrict"
    )]
    pub proposed_by_account: BelongsTo<crate::accounts::account::Entity>,
    #[sea_orm(
        belongs_to,
        relation_enum = "ConfirmedByAccount",
        from = "confirmed_by",
        to = "id",
        on_delete = "Restrict"
    )]
    pub confirmed_by_account: BelongsTo<Option<crate::accounts::account::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
