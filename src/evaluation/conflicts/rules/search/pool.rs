//! The evaluators by what a proposal may ask for: mailboxes, names, domains, countries, clusters.

use super::{
    super::{
        findings::{Finding, Kind, Side, Strength},
        mail, names,
        parties::{Contact, Person},
    },
    Register, by, family, mailbox, postal,
};
use std::collections::{BTreeMap, BTreeSet};

pub struct Pool {
    mailboxes: BTreeMap<String, Vec<usize>>,
    names: BTreeMap<String, Vec<usize>>,
    interests: BTreeMap<String, Vec<usize>>,
    domains: BTreeMap<String, Vec<usize>>,
    /// By family name and postal address.
    homes: BTreeMap<(String, String), Vec<usize>>,
    countries: BTreeMap<String, Vec<usize>>,
    clusters: BTreeMap<usize, Vec<(usize, String)>>,
}

impl Pool {
    pub fn new(people: &[Person], register: &Register) -> Self {
        fn each<'p, K: 'p>(
            people: &'p [Person],
            keys: impl Fn(&'p Person) -> Vec<K> + 'p,
        ) -> impl Iterator<Item = (K, usize)> + 'p {
            people.iter().enumerate().flat_map(move |(place, one)| keys(one).into_iter().map(move |key| (key, place)))
        }
        let mut clusters: BTreeMap<usize, Vec<(usize, String)>> = BTreeMap::new();
        for (place, person) in people.iter().enumerate() {
            for name in &person.clusters {
                for hit in register.clusters.find(name) {
                    clusters.entry(hit.of).or_default().push((place, name.clone()));
                }
            }
        }
        Self {
            mailboxes: by(each(people, |p| p.emails.iter().filter_map(|e| mail::address(e)).collect())),
            names: by(each(people, |p| p.names.iter().filter_map(|n| names::person(n)).collect())),
            interests: by(each(people, |p| p.interests.iter().filter_map(|n| names::person(n)).collect())),
            domains: by(each(people, |p| p.emails.iter().filter_map(|e| domain_of(e)).collect())),
            homes: by(each(people, |p| {
                let families = p.names.iter().filter_map(|name| family(name));
                families.filter_map(|name| Some((name, postal(p.address.as_ref())?))).collect()
            })),
            countries: by(each(people, |p| p.countries.iter().map(|c| c.to_uppercase()).collect())),
            clusters,
        }
    }

    /// Evaluators who are, named, work or live with somebody the proposal names.
    pub fn near(&self, contact: &Contact, side: Side) -> Vec<Finding> {
        let mut found = Vec::new();
        let mut add = |list: Option<&Vec<usize>>, kind: Kind, strength: Strength, own: &str, met: &str| {
            found.extend(list.into_iter().flatten().map(|evaluator| Finding {
                evaluator: *evaluator,
                strength,
                kind,
                side,
                own: own.to_owned(),
                met: met.to_owned(),
                path: Vec::new(),
                on: None,
            }));
        };
        if let Some(key) = mailbox(contact) {
            let met = contact.email.as_deref().unwrap_or_default();
            add(self.mailboxes.get(&key), Kind::SamePerson, Strength::Barring, &key, met);
            if let Some(domain) = domain_of(&key) {
                add(self.domains.get(&domain), Kind::MailDomain, Strength::Likely, &domain, met);
            }
        }
        if let Some(key) = names::person(&contact.name) {
            add(self.names.get(&key), Kind::SamePerson, Strength::Likely, &contact.name, &contact.name);
            add(self.interests.get(&key), Kind::Declared, Strength::Barring, &contact.name, &contact.name);
        }
        if let (Some(name), Some(address)) = (family(&contact.name), postal(contact.address.as_ref())) {
            let met = format!("{}, {}", contact.name, contact.address.as_deref().unwrap_or_default());
            add(self.homes.get(&(name.clone(), address)), Kind::FamilyName, Strength::Hint, &name, &met);
        }
        found
    }

    /// Evaluators in a cluster the organisation belongs to.
    pub fn in_clusters(&self, register: &Register, party: usize, strength: Strength) -> Vec<Finding> {
        let clusters = register.clusters_of(party).iter();
        let members = clusters.flat_map(|(cluster, met)| {
            self.clusters.get(cluster).into_iter().flatten().map(move |(evaluator, own)| (*evaluator, own, met))
        });
        members
            .map(|(evaluator, own, met)| Finding {
                evaluator,
                strength,
                kind: Kind::SameCluster,
                side: Side::Organisation(party),
                own: own.clone(),
                met: met.clone(),
                path: Vec::new(),
                on: None,
            })
            .collect()
    }

    /// Evaluators from a country of the parties.
    pub fn in_countries(&self, register: &Register, parties: &BTreeSet<usize>, strength: Strength) -> Vec<Finding> {
        let countries: BTreeSet<&str> = parties.iter().filter_map(|party| register.country(*party)).collect();
        let find = |country: &str| {
            let own = country.to_owned();
            self.countries.get(country).into_iter().flatten().map(move |evaluator| Finding {
                evaluator: *evaluator,
                strength,
                kind: Kind::SameCountry,
                side: Side::Whole,
                own: own.clone(),
                met: own.clone(),
                path: Vec::new(),
                on: None,
            })
        };
        countries.into_iter().flat_map(find).collect()
    }
}

fn domain_of(email: &str) -> Option<String> {
    mail::registrable(&mail::domain(email))
}
