//! An organisation that belongs to a cluster.

use crate::types::ids::{ClusterMembershipId, OrganisationId};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "cluster_membership")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ClusterMembershipId,
    pub cluster_id: OrganisationId,
    pub member_id: OrganisationId,
    pub since: Date,
    pub until: Option<Date>,
    pub created_at: DateTimeUtc,
    #[sea_orm(belongs_to, relation_enum = "Cluster", from = "cluster_id", to = "id", on_delete = "Cascade")]
    pub cluster: BelongsTo<crate::organisations::organisation::Entity>,
    #[sea_orm(belongs_to, relation_enum = "Member", from = "member_id", to = "id", on_delete = "Cascade")]
    pub member: BelongsTo<crate::organisations::organisation::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
