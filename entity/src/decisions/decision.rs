//! One agency's answer to one part.

use crate::types::ids::{AccountId, DecisionId, FileId, PartId, RankingId};
use crate::types::money::Currency;
use crate::types::states::{DecisionState, Outcome};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "decision")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DecisionId,
    #[sea_orm(unique)]
    pub part_id: PartId,
    pub ranking_id: Option<RankingId>,
    pub outcome: Outcome,
    pub minor: i64,
    pub currency: Currency,
    #[sea_orm(column_type = "Text")]
    pub reason: String,
    #[sea_orm(column_type = "Text")]
    pub conditions: String,
    pub state: DecisionState,
    pub drafted_by: AccountId,
    pub drafted_at: DateTimeUtc,
    pub released_by: Option<AccountId>,
    pub released_at: Option<DateTimeUtc>,
    pub letter_file_id: Option<FileId>,
    /// Its place on the agency's reserve list, fixed at release.
    pub reserve_place: Option<i32>,
    /// The day on which the reserve list ends.
    pub reserve_until: Option<Date>,
    pub version: i64,
    #[sea_orm(belongs_to, from = "part_id", to = "id", on_delete = "Restrict")]
    pub part: BelongsTo<crate::proposals::part::Entity>,
    #[sea_orm(belongs_to, from = "ranking_id", to = "id", on_delete = "Restrict")]
    pub ranking: BelongsTo<Option<crate::evaluation::ranking::Entity>>,
    #[sea_orm(belongs_to, relation_enum = "DraftedByAccount", from = "drafted_by", to = "id", on_delete = "Restrict")]
    pub drafted_by_account: BelongsTo<crate::accounts::account::Entity>,
    #[sea_orm(
        belongs_to,
        relation_enum = "ReleasedByAccount",
        from = "released_by",
        to = "id",
        on_delete = "Restrict"
    )]
    pub released_by_account: BelongsTo<Option<crate::accounts::account::Entity>>,
    #[sea_orm(belongs_to, from = "letter_file_id", to = "id", on_delete = "Restrict")]
    pub letter_file: BelongsTo<Option<crate::documents::file::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
