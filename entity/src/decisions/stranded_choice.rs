//! What a consortium does about a stranded proposal.

use crate::types::ids::{AccountId, ProposalId, StrandedChoiceId};
use crate::types::states::StrandedOption;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "stranded_choice")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: StrandedChoiceId,
    #[sea_orm(unique)]
    pub proposal_id: ProposalId,
    pub choice: StrandedOption,
    #[sea_orm(column_type = "Text")]
    pub reason: String,
    pub chosen_by: AccountId,
    pub chosen_at: DateTimeUtc,
    /// The last day to name another partner.
    pub until: Option<Date>,
    #[sea_orm(belongs_to, from = "proposal_id", to = "id", on_delete = "Restrict")]
    pub proposal: BelongsTo<crate::proposals::proposal::Entity>,
    #[sea_orm(belongs_to, from = "chosen_by", to = "id", on_delete = "Restrict")]
    pub chosen_by_account: BelongsTo<crate::accounts::account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
