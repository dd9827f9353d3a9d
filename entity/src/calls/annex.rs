//! One agency's terms in a call.

use crate::types::ids::{AccountId, AnnexId, CallId, OrganisationId};
use crate::types::states::{AnnexClass, AnnexState};
use crate::types::terms::AnnexTerms;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "annex")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AnnexId,
    pub call_id: CallId,
    pub agency_id: OrganisationId,
    pub position: i32,
    pub class: AnnexClass,
    pub state: AnnexState,
    #[sea_orm(column_type = "JsonBinary")]
    pub terms: AnnexTerms,
    pub deadline_at: DateTimeUtc,
    pub approved_by: Option<AccountId>,
    pub approved_at: Option<DateTimeUtc>,
    pub version: i64,
    #[sea_orm(belongs_to, from = "call_id", to = "id", on_delete = "Cascade")]
    pub call: BelongsTo<crate::calls::call::Entity>,
    #[sea_orm(belongs_to, from = "agency_id", to = "id", on_delete = "Restrict")]
    pub agency: BelongsTo<crate::organisations::organisation::Entity>,
    #[sea_orm(belongs_to, from = "approved_by", to = "id", on_delete = "Restrict")]
    pub approved_by_account: BelongsTo<Option<crate::accounts::account::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
