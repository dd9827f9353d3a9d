//! A draw among the proposals whose order the points cannot tell, from a seed that everybody can look up.

use crate::types::ids::{AccountId, CalibrationId, CallId, LotteryId};
use crate::types::states::LotteryState;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "lottery")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: LotteryId,
    pub call_id: CallId,
    pub calibration_id: CalibrationId,
    pub number: i32,
    pub state: LotteryState,
    /// Where the seed will be found and how it is written down.
    #[sea_orm(column_type = "Text")]
    pub source: String,
    pub known_at: DateTimeUtc,
    /// Codes of the proposals it draws among, sorted.
    #[sea_orm(column_type = "JsonBinary")]
    pub codes: Json,
    /// The SHA-256 of these codes, published before the seed is known.
    #[sea_orm(column_type = "String(StringLen::N(64))")]
    pub commitment: String,
    pub announced_by: AccountId,
    pub announced_at: DateTimeUtc,
    #[sea_orm(column_type = "String(StringLen::N(200))")]
    pub seed: Option<String>,
    pub drawn_by: Option<AccountId>,
    pub drawn_at: Option<DateTimeUtc>,
    pub signed_by: Option<AccountId>,
    pub signed_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "String(StringLen::N(300))")]
    pub reason: Option<String>,
    #[sea_orm(belongs_to, from = "call_id", to = "id", on_delete = "Restrict")]
    pub call: BelongsTo<crate::calls::call::Entity>,
    #[sea_orm(belongs_to, from = "calibration_id", to = "id", on_delete = "Restrict")]
    pub calibration: BelongsTo<crate::evaluation::calibration::Entity>,
    #[sea_orm(
        belongs_to,
        relation_enum = "AnnouncedByAccount",
        from = "announced_by",
        to = "id",
        on_delete = "Restrict"
    )]
    pub announced_by_account: BelongsTo<crate::accounts::account::Entity>,
    #[sea_orm(belongs_to, relation_enum = "DrawnByAccount", from = "drawn_by", to = "id", on_delete = "Restrict")]
    pub drawn_by_account: BelongsTo<Option<crate::accounts::account::Entity>>,
    #[sea_orm(belongs_to, relation_enum = "SignedByAccount", from = "signed_by", to = "id", on_delete = "Restrict")]
    pub signed_by_account: BelongsTo<Option<crate::accounts::account::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
