//! The whole pool against all organisations and proposals of a call.
//!
//! Each evaluator is looked up once in indexes of all organisations' names, numbers, domains, people and clusters; a
//! proposal then gathers what is known of its parties. Work grows with evaluators plus organisations plus findings, not
//! with pairs.

mod pool;
mod register;

use super::{
    findings::{Finding, Kind, Rule, Side, Strength},
    mail, names,
    parties::{Contact, Link, Organisation, Past, Person, Proposal},
};
use pool::Pool;
use register::Register;
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, HashMap},
};

/// Evaluators and proposals of a call, ready to be asked.
pub struct Conflicts {
    rule: Rule,
    register: Register,
    pool: Pool,
    proposals: Vec<Proposal>,
    /// What is known of an organisation, whichever proposal it is in.
    known: HashMap<usize, Vec<Finding>>,
    /// Evaluators whose organisation takes part in proposals of the call: evaluator, own text, organisation.
    homes: Vec<(usize, String, usize)>,
    /// Proposals by organisation.
    taking_part: HashMap<usize, BTreeSet<usize>>,
}

impl Conflicts {
    /// Looks every evaluator up. Organisations, evaluators and proposals are known by their places in the lists.
    pub fn new(
        rule: Rule,
        organisations: &[Organisation],
        links: &[Link],
        past: &[Past],
        evaluators: &[Person],
        proposals: Vec<Proposal>,
    ) -> Self {
        let register = Register::new(organisations, links, past, &rule);
        let mut taking_part: HashMap<usize, BTreeSet<usize>> = HashMap::new();
        for (place, proposal) in proposals.iter().enumerate() {
            for party in &proposal.parties {
                taking_part.entry(*party).or_default().insert(place);
            }
        }
        let mut known: HashMap<usize, Vec<Finding>> = HashMap::new();
        let mut homes = Vec::new();
        for (place, evaluator) in evaluators.iter().enumerate() {
            let (found, own) = register.look_up(&rule, place, evaluator);
            for finding in found {
                if let Side::Organisation(party) = finding.side {
                    known.entry(party).or_default().push(finding);
                }
            }
            homes
                .extend(own.into_iter().filter(|(_, home)| taking_part.contains_key(home)).map(|(t, h)| (place, t, h)));
        }
        let pool = Pool::new(evaluators, &register);
        Self { rule, register, pool, proposals, known, homes, taking_part }
    }

    /// All that stands between the pool and a proposal, by evaluator, gravest first; each kind once per party.
    pub fn of(&self, proposal: usize) -> Vec<Finding> {
        let about = &self.proposals[proposal];
        let parties: BTreeSet<usize> = about.parties.iter().copied().collect();
        let mut found = Vec::new();
        for party in &parties {
            found.extend(self.known.get(party).into_iter().flatten().cloned());
            if let Some(strength) = self.rule.same_cluster {
                found.extend(self.pool.in_clusters(&self.register, *party, strength));
            }
        }
        for (place, contact) in about.people.iter().enumerate() {
            found.extend(self.pool.near(contact, Side::Person(place)));
        }
        if let Some(strength) = self.rule.same_country {
            found.extend(self.pool.in_countries(&self.register, &parties, strength));
        }
        if let Some(strength) = self.rule.rival {
            found.extend(self.rivals(proposal, &parties, strength));
        }
        gravest(found)
    }

    /// What stands between one evaluator and a proposal.
    pub fn between(&self, proposal: usize, evaluator: usize) -> Vec<Finding> {
        self.of(proposal).into_iter().filter(|finding| finding.evaluator == evaluator).collect()
    }

    /// Evaluators whose organisation takes part in another proposal of the call.
    fn rivals(&self, proposal: usize, parties: &BTreeSet<usize>, strength: Strength) -> Vec<Finding> {
        let elsewhere = |home: &usize| {
            !parties.contains(home) && self.taking_part.get(home).is_some_and(|all| all.iter().any(|p| *p != proposal))
        };
        let others = self.homes.iter().filter(|(_, _, home)| elsewhere(home));
        others
            .map(|(evaluator, own, home)| Finding {
                evaluator: *evaluator,
                strength,
                kind: Kind::Rival,
                side: Side::Whole,
                own: own.clone(),
                met: self.register.name(*home).to_owned(),
                path: vec![*home],
                on: None,
            })
            .collect()
    }
}

/// Of the same kind with the same party only the gravest; sorted by evaluator, gravest first.
fn gravest(mut found: Vec<Finding>) -> Vec<Finding> {
    found.sort_by(|a, b| {
        let key = |f: &Finding| (f.evaluator, f.kind, f.side, Reverse(f.strength));
        key(a).cmp(&key(b)).then_with(|| a.cmp(b))
    });
    found.dedup_by(|later, first| {
        (later.evaluator, later.kind, later.side) == (first.evaluator, first.kind, first.side)
    });
    found.sort_by_key(|f| (f.evaluator, Reverse(f.strength), f.kind, f.side));
    found
}

/// The key of a postal address: its folded words in order; none for less than three words, which are no address.
fn postal(address: Option<&String>) -> Option<String> {
    let words = names::fold(address?);
    (words.len() >= 3).then(|| words.join(" "))
}

/// The family name as people write it: the last word, or the one before a comma.
fn family(name: &str) -> Option<String> {
    let part = name.split_once(',').map_or(name, |(before, _)| before);
    names::fold(part).pop()
}

/// The mailbox of a contact.
fn mailbox(contact: &Contact) -> Option<String> {
    contact.email.as_deref().and_then(mail::address)
}

/// Groups places by a key.
fn by<K: Ord>(pairs: impl IntoIterator<Item = (K, usize)>) -> BTreeMap<K, Vec<usize>> {
    let mut groups: BTreeMap<K, Vec<usize>> = BTreeMap::new();
    for (key, place) in pairs {
        let list = groups.entry(key).or_default();
        if list.last() != Some(&place) {
            list.push(place);
        }
    }
    groups
}
