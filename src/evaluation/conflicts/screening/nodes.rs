//! Every organisation once, whether it is registered or only named in a proposal.

use super::super::rules::{self, Contact, fold, number};
use crate::kernel::Result;
use chrono::NaiveDate;
use entity::{
    accounts::account,
    clusters::cluster_membership,
    organisations::{membership, organisation},
    types::{
        country::Country,
        ids::{AccountId, OrganisationId},
        states::{MembershipRole, MembershipState},
    },
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter};
use std::collections::{BTreeMap, HashMap};

/// The list the rules know organisations by, with the ways to a place in it.
pub struct Nodes {
    pub all: Vec<rules::Organisation>,
    by_id: BTreeMap<OrganisationId, usize>,
    by_number: HashMap<(Option<String>, String), usize>,
    by_name: HashMap<(String, Option<Country>), usize>,
}

impl Nodes {
    /// All registered organisations with their clusters and managers.
    pub async fn load(db: &impl ConnectionTrait, today: NaiveDate) -> Result<Self> {
        let mut nodes =
            Self { all: Vec::new(), by_id: BTreeMap::new(), by_number: HashMap::new(), by_name: HashMap::new() };
        let rows = organisation::Entity::find().all(db).await?;
        let names: BTreeMap<OrganisationId, String> = rows.iter().map(|row| (row.id, row.name.clone())).collect();
        for row in rows {
            // Registered twice is one organisation, unless their numbers say otherwise.
            if let Some(place) = nodes.twin(&row) {
                nodes.by_id.insert(row.id, place);
                continue;
            }
            let place = nodes.all.len();
            let value = rules::Organisation {
                names: vec![row.name.clone()],
                numbers: row.registration_no.iter().cloned().collect(),
                domains: row.website.iter().cloned().collect(),
                country: Some(row.country.code().to_owned()),
                ..rules::Organisation::default()
            };
            nodes.all.push(value);
            nodes.by_id.insert(row.id, place);
            nodes.know(place, &row.name, row.registration_no.as_deref(), Some(row.country));
        }
        let still = Condition::any()
            .add(cluster_membership::Column::Until.is_null())
            .add(cluster_membership::Column::Until.gte(today));
        for row in cluster_membership::Entity::find().filter(still).all(db).await? {
            if let (Some(place), Some(cluster)) = (nodes.of(row.member_id), names.get(&row.cluster_id)) {
                nodes.all[place].clusters.push(cluster.clone());
            }
        }
        let managers = membership::Entity::find()
            .filter(membership::Column::State.eq(MembershipState::Active))
            .filter(membership::Column::Role.eq(MembershipRole::Manager))
            .all(db)
            .await?;
        let people: BTreeMap<AccountId, account::Model> = account::Entity::find()
            .filter(account::Column::Id.is_in(managers.iter().map(|row| row.account_id)))
            .all(db)
            .await?
            .into_iter()
            .map(|row| (row.id, row))
            .collect();
        for row in managers {
            if let (Some(place), Some(person)) = (nodes.of(row.organisation_id), people.get(&row.account_id)) {
                nodes.met(place, contact(&person.name, Some(person.email.as_str())));
            }
        }
        Ok(nodes)
    }

    /// The place of an organisation of the same name and country, with the same number or without one to compare.
    fn twin(&self, row: &organisation::Model) -> Option<usize> {
        let place = *self.by_name.get(&key(&row.name, Some(row.country)))?;
        let of = |text: &str| number(text, Some(row.country.code()));
        let (own, known) = (row.registration_no.as_deref().and_then(of), self.all[place].numbers.first());
        let apart = own.zip(known.and_then(|text| of(text))).is_some_and(|(one, other)| one != other);
        (!apart).then_some(place)
    }

    /// The place of a registered organisation.
    pub fn of(&self, id: OrganisationId) -> Option<usize> {
        self.by_id.get(&id).copied()
    }

    /// The place of an organisation that is only named: the registered one of the same number or the same name in the
    /// same country, else one of its own.
    pub fn named(&mut self, name: &str, registration: Option<&str>, country: Option<Country>) -> usize {
        let digits = registration.and_then(|text| number(text, country.as_ref().map(Country::code)));
        let known = digits.and_then(|key| self.by_number.get(&key)).or_else(|| self.by_name.get(&key(name, country)));
        if let Some(place) = known {
            return *place;
        }
        let place = self.all.len();
        self.all.push(rules::Organisation {
            names: vec![name.to_owned()],
            numbers: registration.map(str::to_owned).into_iter().collect(),
            country: country.map(|code| code.code().to_owned()),
            ..rules::Organisation::default()
        });
        self.know(place, name, registration, country);
        place
    }

    /// Somebody who stands for an organisation.
    pub fn met(&mut self, place: usize, contact: Contact) {
        let people = &mut self.all[place].people;
        if !people.contains(&contact) {
            people.push(contact);
        }
    }

    pub fn name(&self, place: usize) -> String {
        self.all.get(place).and_then(|one| one.names.first().cloned()).unwrap_or_default()
    }

    fn know(&mut self, place: usize, name: &str, registration: Option<&str>, country: Option<Country>) {
        if let Some(key) = registration.and_then(|text| number(text, country.as_ref().map(Country::code))) {
            self.by_number.entry(key).or_insert(place);
        }
        self.by_name.entry(key(name, country)).or_insert(place);
    }
}

fn key(name: &str, country: Option<Country>) -> (String, Option<Country>) {
    (fold(name).join(" "), country)
}

/// A named person, as the rules take one.
pub fn contact(name: &str, email: Option<&str>) -> Contact {
    Contact { name: name.to_owned(), email: email.map(str::to_owned), address: None }
}
