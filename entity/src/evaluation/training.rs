//! A proposal evaluators practise on before they judge, with the panel's answer.

use crate::types::ids::{AccountId, CallId, ProposalId, TrainingId};
use crate::types::sheets::SheetText;
use crate::types::states::TrainingState;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "training")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TrainingId,
    pub call_id: CallId,
    pub state: TrainingState,
    #[sea_orm(column_type = "String(StringLen::N(200))")]
    pub title: String,
    #[sea_orm(column_type = "Text")]
    pub text: String,
    pub source_id: Option<ProposalId>,
    #[sea_orm(column_type = "JsonBinary")]
    pub answer: SheetText,
    pub required: bool,
    pub made_by: AccountId,
    pub made_at: DateTimeUtc,
    pub version: i64,
    #[sea_orm(belongs_to, from = "call_id", to = "id", on_delete = "Restrict")]
    pub call: BelongsTo<crate::calls::call::Entity>,
    #[sea_orm(belongs_to, from = "source_id", to = "id", on_delete = "Restrict")]
    pub proposal: BelongsTo<Option<crate::proposals::proposal::Entity>>,
    #[sea_orm(belongs_to, from = "made_by", to = "id", on_delete = "Restrict")]
    pub account: BelongsTo<crate::accounts::account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
