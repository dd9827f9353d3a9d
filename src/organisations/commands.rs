//! What people do with organisations, and what other areas may ask of them in their own transaction.

use crate::kernel::{Result, Tx};
use entity::{
    organisations::organisation,
    types::{country::Country, ids::OrganisationId, states::OrganisationKind, text},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

/// An agency as a call file names it.
#[derive(Debug, Clone, Copy)]
pub struct NamedAgency<'a> {
    /// Stays the same in every file of the agency: `lt-mita`.
    pub key: &'a str,
    pub name: &'a str,
    pub country: Country,
    pub city: Option<&'a str>,
}

/// The agency of this key; it is registered when nobody did so before. What is known of it is not changed.
///
/// # Errors
/// When the database cannot be asked or written.
pub async fn agency_by_key(tx: &Tx, agency: NamedAgency<'_>) -> Result<OrganisationId> {
    let known = organisation::Entity::find().filter(organisation::Column::Key.eq(agency.key)).one(tx.conn()).await?;
    if let Some(row) = known {
        return Ok(row.id);
    }
    let id = tx.new_id();
    let row = organisation::ActiveModel {
        id: Set(id),
        kind: Set(OrganisationKind::Agency),
        key: Set(Some(agency.key.to_owned())),
        name: Set(agency.name.to_owned()),
        country: Set(agency.country),
        region: Set(None),
        city: Set(agency.city.map(str::to_owned)),
        registration_no: Set(None),
        website: Set(None),
        description: Set(String::new()),
        search: Set(text::searchable([
            agency.name,
            agency.key,
            agency.city.unwrap_or_default(),
            agency.country.name(),
        ])),
        created_by: Set(None),
        created_at: Set(tx.now()),
        version: Set(1),
    };
    organisation::Entity::insert(row).exec_without_returning(tx.conn()).await?;
    Ok(id)
}
