//! Points and comment that people agreed on for one criterion of a proposal: the evaluators in a consensus, or the
//! panel. They count instead of the evaluators' own points, the panel's before a consensus'.

use crate::types::ids::{AccountId, AgreedScoreId, ProposalId};
use crate::types::points::Points;
use crate::types::states::AgreedSource;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "agreed_score")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AgreedScoreId,
    pub proposal_id: ProposalId,
    pub source: AgreedSource,
    #[sea_orm(column_type = "String(StringLen::N(48))")]
    pub criterion: String,
    pub points: Points,
    #[sea_orm(column_type = "Text")]
    pub comment: String,
    pub agreed_by: AccountId,
    pub agreed_at: DateTimeUtc,
    #[sea_orm(belongs_to, from = "proposal_id", to = "id", on_delete = "Cascade")]
    pub proposal: BelongsTo<crate::proposals::proposal::Entity>,
    #[sea_orm(belongs_to, from = "agreed_by", to = "id", on_delete = "Restrict")]
    pub account: BelongsTo<crate::accounts::account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
