//! A file attached to a proposal or part; its place is `joint` or the id of a part.

use crate::types::ids::{AccountId, AttachmentId, FileId, ProposalId};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "attachment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AttachmentId,
    pub proposal_id: ProposalId,
    #[sea_orm(column_type = "String(StringLen::N(40))")]
    pub place: String,
    #[sea_orm(column_type = "String(StringLen::N(48))")]
    pub document: String,
    pub file_id: FileId,
    pub added_by: AccountId,
    pub added_at: DateTimeUtc,
    pub removed_at: Option<DateTimeUtc>,
    #[sea_orm(belongs_to, from = "proposal_id", to = "id", on_delete = "Cascade")]
    pub proposal: BelongsTo<crate::proposals::proposal::Entity>,
    #[sea_orm(belongs_to, from = "file_id", to = "id", on_delete = "Restrict")]
    pub file: BelongsTo<crate::documents::file::Entity>,
    #[sea_orm(belongs_to, from = "added_by", to = "id", on_delete = "Restrict")]
    pub added_by_account: BelongsTo<crate::accounts::account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
