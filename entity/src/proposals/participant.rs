//! An SME that takes part in a part.

use crate::types::country::Country;
use crate::types::ids::{OrganisationId, PartId, ParticipantId};
use crate::types::states::SizeClass;
use crate::types::terms::Keys;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "participant")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ParticipantId,
    pub part_id: PartId,
    pub organisation_id: Option<OrganisationId>,
    #[sea_orm(column_type = "String(StringLen::N(200))")]
    pub name: String,
    #[sea_orm(column_type = "String(StringLen::N(60))")]
    pub registration_no: Option<String>,
    pub country: Country,
    pub size_class: SizeClass,
    #[sea_orm(column_type = "String(StringLen::N(120))")]
    pub contact_name: String,
    #[sea_orm(column_type = "String(StringLen::N(254))")]
    pub contact_email: String,
    #[sea_orm(column_type = "Text")]
    pub role: String,
    pub notice_given: bool,
    #[sea_orm(column_type = "JsonBinary")]
    pub declarations: Keys,
    /// What the company brings in money and in work, in minor units of the part's currency.
    pub cash_minor: Option<i64>,
    pub in_kind_minor: Option<i64>,
    pub version: i64,
    pub created_at: DateTimeUtc,
    #[sea_orm(belongs_to, from = "part_id", to = "id", on_delete = "Cascade")]
    pub part: BelongsTo<crate::proposals::part::Entity>,
    #[sea_orm(belongs_to, from = "organisation_id", to = "id", on_delete = "Restrict")]
    pub organisation: BelongsTo<Option<crate::organisations::organisation::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
