//! A tie between a person and a proposal that data show, and what an officer decided about it.

use crate::types::ids::{AccountId, CallId, ConflictId, FindingId, ProposalId};
use crate::types::states::{FindingKind, FindingState, FindingStrength};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "conflict_finding")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: FindingId,
    pub call_id: CallId,
    pub proposal_id: ProposalId,
    pub account_id: AccountId,
    pub kind: FindingKind,
    pub strength: FindingStrength,
    /// The organisation or person of the proposal; empty for the proposal as a whole.
    #[sea_orm(column_type = "String(StringLen::N(254))")]
    pub party: String,
    /// What the person's data say.
    #[sea_orm(column_type = "String(StringLen::N(254))")]
    pub own: String,
    /// What met it in the proposal.
    #[sea_orm(column_type = "String(StringLen::N(254))")]
    pub met: String,
    /// Names of the organisations between the two, one a line, where ownership is the tie.
    #[sea_orm(column_type = "Text")]
    pub path: String,
    pub on_day: Option<Date>,
    pub state: FindingState,
    /// The digest of kind, party and what met: another one is another finding.
    #[sea_orm(column_type = "String(StringLen::N(64))")]
    pub fingerprint: String,
    pub found_at: DateTimeUtc,
    pub decided_by: Option<AccountId>,
    pub decided_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "String(StringLen::N(300))")]
    pub reason: Option<String>,
    pub conflict_id: Option<ConflictId>,
    pub version: i64,
    #[sea_orm(belongs_to, from = "call_id", to = "id", on_delete = "Cascade")]
    pub call: BelongsTo<crate::calls::call::Entity>,
    #[sea_orm(belongs_to, from = "proposal_id", to = "id", on_delete = "Cascade")]
    pub proposal: BelongsTo<crate::proposals::proposal::Entity>,
    #[sea_orm(belongs_to, relation_enum = "Account", from = "account_id", to = "id", on_delete = "Cascade")]
    pub account: BelongsTo<crate::accounts::account::Entity>,
    #[sea_orm(belongs_to, relation_enum = "DecidedByAccount", from = "decided_by", to = "id", on_delete = "Restrict")]
    pub decided_by_account: BelongsTo<Option<crate::accounts::account::Entity>>,
    #[sea_orm(belongs_to, from = "conflict_id", to = "id", on_delete = "SetNull")]
    pub conflict: BelongsTo<Option<crate::evaluation::conflict::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
