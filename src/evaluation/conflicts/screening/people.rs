//! Everybody who judges in a call or runs it: the pool, the secretariat, the panel's chairs, the agencies, auditors.

use super::super::rules::{Employment, Person, Seat, Standing};
use crate::kernel::Result;
use entity::{
    accounts::{account, role_grant},
    calls::annex,
    evaluation::{evaluator, interest},
    organisations::{membership, organisation},
    types::{
        country::Country,
        ids::{AccountId, CallId, OrganisationId},
        states::{AccountState, EvaluatorState, InterestKind, MembershipState, Role},
    },
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use std::collections::{BTreeMap, BTreeSet};

/// One person with what is known of them.
pub struct Known {
    pub account: AccountId,
    /// Whether they are in the pool.
    pub evaluator: bool,
    pub value: Person,
}

/// The people of a call, or only one of them.
pub async fn load(db: &impl ConnectionTrait, call: CallId, only: Option<AccountId>) -> Result<Vec<Known>> {
    let pool = evaluator::Entity::find().filter(evaluator::Column::State.eq(EvaluatorState::Active)).all(db).await?;
    let mut ids: BTreeSet<AccountId> = pool.iter().map(|row| row.account_id).collect();
    ids.extend(staff(db, call).await?);
    if let Some(one) = only {
        ids.retain(|id| *id == one);
    }
    let rows = account::Entity::find()
        .filter(account::Column::Id.is_in(ids))
        .filter(account::Column::State.eq(AccountState::Active))
        .all(db)
        .await?;
    let mut people: BTreeMap<AccountId, Known> = BTreeMap::new();
    for row in rows {
        let value =
            Person { names: vec![row.name.clone()], emails: vec![row.email.as_str().to_owned()], ..Person::default() };
        people.insert(row.id, Known { account: row.id, evaluator: false, value });
    }
    for row in pool {
        if let Some(one) = people.get_mut(&row.account_id) {
            one.evaluator = true;
            profile(&mut one.value, &row);
        }
    }
    for (account, work) in memberships(db).await? {
        if let Some(one) = people.get_mut(&account) {
            one.value.employers.push(work);
        }
    }
    for row in interest::Entity::find().filter(interest::Column::WithdrawnAt.is_null()).all(db).await? {
        if let Some(one) = people.get_mut(&row.account_id) {
            declared(&mut one.value, row);
        }
    }
    Ok(people.into_values().collect())
}

async fn staff(db: &impl ConnectionTrait, call: CallId) -> Result<Vec<AccountId>> {
    let agencies: Vec<OrganisationId> = annex::Entity::find()
        .select_only()
        .column(annex::Column::AgencyId)
        .filter(annex::Column::CallId.eq(call))
        .into_tuple()
        .all(db)
        .await?;
    let here = Condition::any().add(role_grant::Column::AgencyId.is_in(agencies)).add(
        Condition::all()
            .add(role_grant::Column::AgencyId.is_null())
            .add(Condition::any().add(role_grant::Column::CallId.is_null()).add(role_grant::Column::CallId.eq(call))),
    );
    Ok(role_grant::Entity::find()
        .select_only()
        .column(role_grant::Column::AccountId)
        .filter(role_grant::Column::RevokedAt.is_null())
        .filter(role_grant::Column::Role.ne(Role::Administrator))
        .filter(here)
        .into_tuple()
        .all(db)
        .await?)
}

fn profile(person: &mut Person, row: &evaluator::Model) {
    if !row.organisation.trim().is_empty() {
        person.employers.push(Employment { name: row.organisation.clone(), ..Employment::default() });
    }
    let countries = row.countries.split(',').filter_map(|code| code.trim().parse::<Country>().ok());
    person.countries.extend(countries.map(code));
}

fn code(country: Country) -> String {
    country.code().to_owned()
}

/// Where people belong to on the platform.
async fn memberships(db: &impl ConnectionTrait) -> Result<Vec<(AccountId, Employment)>> {
    let rows = membership::Entity::find()
        .find_also_related(organisation::Entity)
        .filter(membership::Column::State.eq(MembershipState::Active))
        .all(db)
        .await?;
    let work = |(row, home): (membership::Model, Option<organisation::Model>)| {
        let home = home?;
        let work = Employment {
            name: home.name,
            number: home.registration_no,
            country: Some(code(home.country)),
            until: None,
        };
        Some((row.account_id, work))
    };
    Ok(rows.into_iter().filter_map(work).collect())
}

/// What somebody stated.
fn declared(person: &mut Person, row: interest::Model) {
    let (name, number, country, until) = (row.name, row.registration_no, row.country.map(code), row.until);
    let standing = match row.kind {
        InterestKind::Employment => {
            person.employers.push(Employment { name, number, country, until });
            return;
        }
        InterestKind::Cluster => return person.clusters.push(name),
        InterestKind::Project | InterestKind::Person => return person.interests.push(name),
        InterestKind::Email => return person.emails.push(name),
        InterestKind::Board => Standing::Board,
        InterestKind::Share => Standing::Owner,
        InterestKind::Adviser => Standing::Adviser,
        InterestKind::Member => Standing::Member,
    };
    person.seats.push(Seat { name, number, country, standing, until });
}
