//! An SME, cluster, agency, research organisation or other body.

use crate::types::country::Country;
use crate::types::ids::{AccountId, OrganisationId};
use crate::types::states::OrganisationKind;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "organisation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OrganisationId,
    pub kind: OrganisationKind,
    #[sea_orm(unique, column_type = "String(StringLen::N(48))")]
    pub key: Option<String>,
    #[sea_orm(column_type = "String(StringLen::N(200))")]
    pub name: String,
    pub country: Country,
    #[sea_orm(column_type = "String(StringLen::N(120))")]
    pub region: Option<String>,
    #[sea_orm(column_type = "String(StringLen::N(120))")]
    pub city: Option<String>,
    #[sea_orm(column_type = "String(StringLen::N(60))")]
    pub registration_no: Option<String>,
    #[sea_orm(column_type = "String(StringLen::N(200))")]
    pub website: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub description: String,
    #[sea_orm(column_type = "Text")]
    pub search: String,
    pub created_by: Option<AccountId>,
    pub created_at: DateTimeUtc,
    pub version: i64,
    #[sea_orm(belongs_to, from = "created_by", to = "id", on_delete = "Restrict")]
    pub created_by_account: BelongsTo<Option<crate::accounts::account::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
