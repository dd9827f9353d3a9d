//! What a list changes, row by row, before anything is changed.

use super::read::{List, Row};
use crate::documents::sheet::Fault;
use crate::organisations::rules::{Identity, Likeness, folded, likeness, number};
use chrono::NaiveDate;
use entity::types::{
    country::Country,
    ids::{ClusterMembershipId, OrganisationId},
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// An organisation that is registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    pub id: OrganisationId,
    pub name: String,
    pub country: Country,
    pub registration_no: Option<String>,
}

/// A membership as it is now, running or ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Current {
    pub id: ClusterMembershipId,
    pub member: OrganisationId,
    pub name: String,
    pub since: NaiveDate,
    pub until: Option<NaiveDate>,
}

/// What happens because of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Change {
    /// The organisation is registered and joins.
    New { since: NaiveDate, until: Option<NaiveDate> },
    /// A registered organisation joins.
    Joins { member: OrganisationId, since: NaiveDate, until: Option<NaiveDate> },
    /// A former member comes back, or the dates of a member change.
    Dates {
        membership: ClusterMembershipId,
        member: OrganisationId,
        since: NaiveDate,
        until: Option<NaiveDate>,
        back: bool,
    },
    /// Nothing: it is a member with these dates.
    Stays,
}

impl Change {
    /// The dates that are written, if any are.
    pub fn dates(&self) -> Option<(NaiveDate, Option<NaiveDate>)> {
        match self {
            Self::New { since, until } | Self::Joins { since, until, .. } | Self::Dates { since, until, .. } => {
                Some((*since, *until))
            }
            Self::Stays => None,
        }
    }

    /// What happens, in words.
    pub fn words(&self) -> &'static str {
        match self {
            Self::New { .. } => "New organisation",
            Self::Joins { .. } => "Joins",
            Self::Dates { back: true, .. } => "Comes back",
            Self::Dates { back: false, .. } => "Other dates",
            Self::Stays => "No change",
        }
    }
}

/// One row of the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub row: usize,
    pub name: String,
    pub country: Country,
    pub change: Change,
}

/// A membership that ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct End {
    pub membership: ClusterMembershipId,
    pub member: OrganisationId,
    pub name: String,
    pub since: NaiveDate,
    pub until: NaiveDate,
}

/// What a list changes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Plan {
    pub steps: Vec<Step>,
    /// Members that end, because a whole list does not name them.
    pub ends: Vec<End>,
    pub faults: Vec<Fault>,
    /// Whether the list is said to be whole.
    pub whole: bool,
}

impl Plan {
    /// Steps that register a new organisation.
    pub fn new_ones(&self) -> usize {
        self.steps.iter().filter(|step| matches!(step.change, Change::New { .. })).count()
    }

    /// Steps by which a registered organisation joins.
    pub fn joining(&self) -> usize {
        self.steps.iter().filter(|step| matches!(step.change, Change::Joins { .. })).count()
    }

    /// Steps that change dates or bring a former member back.
    pub fn dated(&self) -> usize {
        self.steps.iter().filter(|step| matches!(step.change, Change::Dates { .. })).count()
    }

    /// Steps that change nothing.
    pub fn staying(&self) -> usize {
        self.steps.iter().filter(|step| step.change == Change::Stays).count()
    }

    /// Whether anything would be written.
    pub fn changes_something(&self) -> bool {
        self.new_ones() + self.joining() + self.dated() + self.ends.len() > 0
    }
}

/// Makes the plan of a list for a cluster; `today` is the first day of those without a date, and the last
/// day of those that end.
pub fn plan(
    list: &List,
    cluster: OrganisationId,
    known: &[Known],
    current: &[Current],
    whole: bool,
    today: NaiveDate,
) -> Plan {
    let mut plan = Plan { faults: list.faults.clone(), whole, ..Plan::default() };
    let index = Index::of(known);
    let members: BTreeMap<OrganisationId, &Current> = current.iter().map(|c| (c.member, c)).collect();
    let mut named: BTreeMap<OrganisationId, usize> = BTreeMap::new();
    let mut fresh: Vec<&Row> = Vec::new();
    for row in &list.rows {
        let mut fault = |message: String| {
            plan.faults.push(Fault { row: row.row, name: row.profile.name.clone(), message });
        };
        let identity = identity_of(row);
        let change = match index.find(identity) {
            Found::Many(count) => {
                fault(format!("{count} registered organisations have this name; add the registration number"));
                continue;
            }
            Found::One(member) if member == cluster => {
                fault("A cluster is not its own member".to_owned());
                continue;
            }
            Found::One(member) => {
                if let Some(first) = named.insert(member, row.row) {
                    fault(format!("The same organisation as in row {first}"));
                    continue;
                }
                for_known(row, member, members.get(&member).copied(), today)
            }
            Found::None => {
                if let Some(first) = fresh.iter().find(|first| likeness(identity_of(first), identity).is_some()) {
                    fault(format!("The same organisation as in row {}", first.row));
                    continue;
                }
                fresh.push(row);
                Change::New { since: row.since.unwrap_or(today), until: row.until }
            }
        };
        if let Some((since, Some(until))) = change.dates()
            && until < since
        {
            plan.faults.push(Fault {
                row: row.row,
                name: row.profile.name.clone(),
                message: format!("The membership would end before it begins ({since}); say since when"),
            });
            continue;
        }
        let (name, country) = (row.profile.name.clone(), row.profile.country);
        plan.steps.push(Step { row: row.row, name, country, change });
    }
    plan.faults.sort_by_key(|fault| fault.row);
    // Nobody ends because of a row that could not be used: it may be theirs.
    if whole && plan.faults.is_empty() {
        let runs = |c: &&Current| c.until.is_none_or(|until| until > today);
        plan.ends = current
            .iter()
            .filter(runs)
            .filter(|c| !named.contains_key(&c.member))
            .map(|c| End {
                membership: c.id,
                member: c.member,
                name: c.name.clone(),
                since: c.since,
                until: today.max(c.since),
            })
            .collect();
    }
    plan
}

fn identity_of(row: &Row) -> Identity<'_> {
    Identity {
        name: &row.profile.name,
        country: row.profile.country,
        registration_no: row.profile.registration_no.as_deref(),
    }
}

fn for_known(row: &Row, member: OrganisationId, current: Option<&Current>, today: NaiveDate) -> Change {
    let Some(current) = current else {
        return Change::Joins { member, since: row.since.unwrap_or(today), until: row.until };
    };
    // One whose last day is today comes back as well when a list names it.
    let ended = current.until.is_some_and(|until| until <= today);
    let back = ended && row.until.is_none_or(|until| until > today);
    // A former member that comes back begins anew, unless the list says since when.
    let since = row.since.unwrap_or(if back { today } else { current.since });
    let until = match row.until {
        Some(until) => Some(until),
        None if back => None,
        None => current.until,
    };
    if (since, until) == (current.since, current.until) {
        Change::Stays
    } else {
        Change::Dates { membership: current.id, member, since, until, back }
    }
}

enum Found {
    None,
    One(OrganisationId),
    Many(usize),
}

/// Registered organisations by number and by name.
struct Index<'k> {
    numbers: BTreeMap<(Country, String), &'k Known>,
    names: BTreeMap<(Country, String), Vec<&'k Known>>,
}

impl<'k> Index<'k> {
    fn of(known: &'k [Known]) -> Self {
        let mut index = Self { numbers: BTreeMap::new(), names: BTreeMap::new() };
        for one in known {
            if let Some(number) = one.registration_no.as_deref().and_then(number) {
                index.numbers.insert((one.country, number), one);
            }
            index.names.entry((one.country, folded(&one.name))).or_default().push(one);
        }
        index
    }

    fn find(&self, row: Identity<'_>) -> Found {
        if let Some(known) = row.registration_no.and_then(number).and_then(|n| self.numbers.get(&(row.country, n))) {
            return Found::One(known.id);
        }
        let named = self.names.get(&(row.country, folded(row.name))).map(Vec::as_slice).unwrap_or_default();
        let alike: BTreeSet<OrganisationId> = named
            .iter()
            .filter(|known| {
                let known = Identity {
                    name: &known.name,
                    country: known.country,
                    registration_no: known.registration_no.as_deref(),
                };
                likeness(row, known) == Some(Likeness::Name)
            })
            .map(|known| known.id)
            .collect();
        match alike.len() {
            0 => Found::None,
            1 => alike.first().map_or(Found::None, |id| Found::One(*id)),
            many => Found::Many(many),
        }
    }
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
