//! What a list said of somebody who was invited to the pool, shown to them when they answer.

use crate::types::ids::InvitationId;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "evaluator_draft")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub invitation_id: InvitationId,
    #[sea_orm(column_type = "JsonBinary")]
    pub profile: Json,
    #[sea_orm(belongs_to, from = "invitation_id", to = "id", on_delete = "Cascade")]
    pub invitation: BelongsTo<crate::accounts::invitation::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
