//! An interest somebody states: work, seats, shares, clusters, past projects, people.

use crate::types::country::Country;
use crate::types::ids::{AccountId, InterestId};
use crate::types::states::InterestKind;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "interest")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: InterestId,
    pub account_id: AccountId,
    pub kind: InterestKind,
    #[sea_orm(column_type = "String(StringLen::N(254))")]
    pub name: String,
    #[sea_orm(column_type = "String(StringLen::N(60))")]
    pub registration_no: Option<String>,
    pub country: Option<Country>,
    #[sea_orm(column_type = "String(StringLen::N(300))")]
    pub detail: String,
    pub until: Option<Date>,
    pub created_at: DateTimeUtc,
    pub withdrawn_at: Option<DateTimeUtc>,
    #[sea_orm(belongs_to, from = "account_id", to = "id", on_delete = "Cascade")]
    pub account: BelongsTo<crate::accounts::account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
