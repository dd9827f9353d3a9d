//! When a call was last looked through for conflicts of interest, and how much was compared.

use crate::types::ids::{CallId, ScreeningId};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "conflict_screening")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ScreeningId,
    pub call_id: CallId,
    pub ran_at: DateTimeUtc,
    pub people: i32,
    pub proposals: i32,
    #[sea_orm(belongs_to, from = "call_id", to = "id", on_delete = "Cascade")]
    pub call: BelongsTo<crate::calls::call::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
