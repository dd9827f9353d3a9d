//! What the mixed model said of a call's sheets at one moment, with the seed it can be made again from.

use crate::types::ids::{AccountId, CalibrationId, CallId};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "calibration")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CalibrationId,
    pub call_id: CallId,
    pub number: i32,
    pub places: i32,
    #[sea_orm(column_type = "String(StringLen::N(20))")]
    pub seed: String,
    /// The SHA-256 of the totals it was made from.
    #[sea_orm(column_type = "String(StringLen::N(64))")]
    pub inputs: String,
    #[sea_orm(column_type = "JsonBinary")]
    pub result: Json,
    pub made_by: AccountId,
    pub made_at: DateTimeUtc,
    #[sea_orm(belongs_to, from = "call_id", to = "id", on_delete = "Restrict")]
    pub call: BelongsTo<crate::calls::call::Entity>,
    #[sea_orm(belongs_to, from = "made_by", to = "id", on_delete = "Restrict")]
    pub account: BelongsTo<crate::accounts::account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
