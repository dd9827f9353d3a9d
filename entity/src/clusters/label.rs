//! A cluster management label and how long it is valid.

use crate::types::ids::{AccountId, FileId, LabelId, OrganisationId};
use crate::types::states::LabelLevel;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "label")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: LabelId,
    pub cluster_id: OrganisationId,
    pub level: LabelLevel,
    pub awarded_on: Date,
    pub valid_until: Date,
    pub renews_id: Option<LabelId>,
    pub certificate_file_id: Option<FileId>,
    pub recorded_by: AccountId,
    pub created_at: DateTimeUtc,
    #[sea_orm(belongs_to, from = "cluster_id", to = "id", on_delete = "Cascade")]
    pub cluster: BelongsTo<crate::organisations::organisation::Entity>,
    #[sea_orm(self_ref, relation_enum = "Renews", from = "renews_id", to = "id", on_delete = "Restrict")]
    pub renews: BelongsTo<Option<Entity>>,
    #[sea_orm(belongs_to, from = "certificate_file_id", to = "id", on_delete = "Restrict")]
    pub certificate_file: BelongsTo<Option<crate::documents::file::Entity>>,
    #[sea_orm(belongs_to, from = "recorded_by", to = "id", on_delete = "Restrict")]
    pub recorded_by_account: BelongsTo<crate::accounts::account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
