//! What people do with organisations, and what other areas may ask of them in their own transaction.

pub mod members;
pub mod owners;

use super::{
    events::{Named, OrganisationEvent},
    rules::{Identity, Profile, ProfileInput, likeness},
};
use crate::kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx, audit, event::Change};
use entity::{
    organisations::{membership, organisation},
    types::{
        country::Country,
        ids::{AccountId, OrganisationId},
        states::{MembershipRole, MembershipState, OrganisationKind},
        text,
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

/// Writes an organisation; for registration, imports and invitations of partners.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tx: &Tx, profile: &Profile, by: Option<AccountId>) -> Result<OrganisationId> {
    let id: OrganisationId = tx.new_id();
    organisation::Entity::insert(row(tx, id, profile, by)).exec_without_returning(tx.conn()).await?;
    Ok(id)
}

/// Writes many organisations with few statements; gives their ids in the same order.
///
/// # Errors
/// When the database refuses.
pub async fn insert_all(tx: &Tx, profiles: &[&Profile], by: Option<AccountId>) -> Result<Vec<OrganisationId>> {
    let mut ids = Vec::with_capacity(profiles.len());
    for some in profiles.chunks(500) {
        let mut rows = Vec::with_capacity(some.len());
        for profile in some {
            let id: OrganisationId = tx.new_id();
            rows.push(row(tx, id, profile, by));
            ids.push(id);
        }
        organisation::Entity::insert_many(rows).exec_without_returning(tx.conn()).await?;
    }
    Ok(ids)
}

fn row(tx: &Tx, id: OrganisationId, profile: &Profile, by: Option<AccountId>) -> organisation::ActiveModel {
    organisation::ActiveModel {
        id: Set(id),
        kind: Set(profile.kind),
        key: Set(None),
        name: Set(profile.name.clone()),
        country: Set(profile.country),
        region: Set(profile.region.clone()),
        city: Set(profile.city.clone()),
        registration_no: Set(profile.registration_no.clone()),
        website: Set(profile.website.clone()),
        description: Set(profile.description.clone()),
        search: Set(profile.search()),
        created_by: Set(by),
        created_at: Set(tx.now()),
        version: Set(1),
    }
}

/// The name of a registered organisation that looks like this one, to warn of duplicates.
async fn same(tx: &Tx, profile: &Profile) -> Result<Option<String>> {
    let known = organisation::Entity::find()
        .select_only()
        .columns([organisation::Column::Name, organisation::Column::RegistrationNo])
        .filter(organisation::Column::Country.eq(profile.country))
        .order_by_asc(organisation::Column::Id)
        .into_tuple::<(String, Option<String>)>()
        .all(tx.conn())
        .await?;
    let country = profile.country;
    let own = Identity { name: &profile.name, country, registration_no: profile.registration_no.as_deref() };
    let alike = |(name, number): &(String, Option<String>)| {
        likeness(own, Identity { name, country, registration_no: number.as_deref() }).is_some()
    };
    Ok(known.into_iter().find(alike).map(|(name, _)| name))
}

/// Registers an organisation; the actor becomes its manager.
#[derive(Clone)]
pub struct RegisterOrganisation {
    pub input: ProfileInput,
    /// Whether the actor saw that there is one like it and wants another.
    pub another: bool,
}

impl Command for RegisterOrganisation {
    const NEEDS: Permission = Permission::RegisterOrganisation;
    type Output = OrganisationId;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<OrganisationId>> {
        let account = leave.account()?;
        let profile = self.input.read()?;
        if !self.another
            && let Some(known) = same(tx, &profile).await?
        {
            let message = format!(
                "There is “{}” in {} already. Ask to join it, or tick the box below to register another one.",
                known,
                profile.country.name()
            );
            return Err(AppError::invalid("name", message));
        }
        let id = insert(tx, &profile, Some(account)).await?;
        insert_member(tx, id, account, MembershipRole::Manager).await?;
        Ok(tx.done(OrganisationEvent::Registered(Named { id, name: profile.name }), id))
    }
}

/// Writes an active membership, or makes an old one active again.
///
/// # Errors
/// When the database refuses.
pub async fn insert_member(
    tx: &Tx,
    organisation: OrganisationId,
    account: AccountId,
    role: MembershipRole,
) -> Result<()> {
    let known = membership::Entity::find()
        .filter(membership::Column::OrganisationId.eq(organisation))
        .filter(membership::Column::AccountId.eq(account))
        .one(tx.conn())
        .await?;
    if let Some(row) = known {
        let mut row: membership::ActiveModel = row.into();
        row.role = Set(role);
        row.state = Set(MembershipState::Active);
        row.decided_at = Set(Some(tx.now()));
        row.update(tx.conn()).await?;
        return Ok(());
    }
    let row = membership::ActiveModel {
        id: Set(tx.new_id()),
        organisation_id: Set(organisation),
        account_id: Set(account),
        role: Set(role),
        state: Set(MembershipState::Active),
        message: Set(None),
        asked_at: Set(tx.now()),
        decided_at: Set(Some(tx.now())),
        decided_by: Set(None),
    };
    membership::Entity::insert(row).exec_without_returning(tx.conn()).await?;
    Ok(())
}

/// Changes what is said about an organisation.
#[derive(Clone)]
pub struct EditOrganisation {
    pub organisation: OrganisationId,
    pub input: ProfileInput,
    pub seen: i64,
}

impl Command for EditOrganisation {
    const NEEDS: Permission = Permission::EditOrganisation;
    type Output = i64;

    fn about(&self) -> Subject {
        Subject::Organisation(self.organisation)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<i64>> {
        let row = named_row(tx, self.organisation).await?;
        if row.version != self.seen {
            // Joins and invitations are written about the organisation too, but change no profile.
            let last = audit::last_run(tx.conn(), self.about(), &["EditOrganisation"]).await?;
            let (by, at) = last.unwrap_or_else(|| ("a colleague".to_owned(), row.created_at));
            return Err(AppError::Stale { by, at, version: row.version });
        }
        let mut input = self.input;
        if row.kind == OrganisationKind::Agency {
            input.kind = OrganisationKind::Other.word().to_owned();
        }
        let profile = input.read()?;
        let (kind, version) = (row.kind, row.version + 1);
        let changes = changes(&row, &profile);
        let search = match &row.key {
            Some(key) => format!("{} {}", profile.search(), text::searchable([key.as_str()])),
            None => profile.search(),
        };
        let mut change: organisation::ActiveModel = row.into();
        change.kind = Set(if kind == OrganisationKind::Agency { kind } else { profile.kind });
        change.search = Set(search);
        change.name = Set(profile.name.clone());
        change.country = Set(profile.country);
        change.region = Set(profile.region);
        change.city = Set(profile.city);
        change.registration_no = Set(profile.registration_no);
        change.website = Set(profile.website);
        change.description = Set(profile.description);
        change.version = Set(version);
        change.update(tx.conn()).await?;
        let of = Named { id: self.organisation, name: profile.name };
        Ok(tx.done(OrganisationEvent::Edited { of, version, changes }, version))
    }
}

/// What of a profile is replaced.
fn changes(row: &organisation::Model, to: &Profile) -> Vec<Change> {
    let some = |text: &Option<String>| text.clone().unwrap_or_default();
    vec![
        Change::new("name", &row.name, &to.name),
        Change::new(
            "kind",
            row.kind.label(),
            if row.kind == OrganisationKind::Agency { row.kind } else { to.kind }.label(),
        ),
        Change::new("country", row.country.name(), to.country.name()),
        Change::new("region", some(&row.region), some(&to.region)),
        Change::new("city", some(&row.city), some(&to.city)),
        Change::new("registration number", some(&row.registration_no), some(&to.registration_no)),
        Change::new("website", some(&row.website), some(&to.website)),
        Change::new("description", &row.description, &to.description),
    ]
}

pub(super) async fn named_row(tx: &Tx, id: OrganisationId) -> Result<organisation::Model> {
    organisation::Entity::find_by_id(id).one(tx.conn()).await?.ok_or(AppError::NotFound)
}

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
