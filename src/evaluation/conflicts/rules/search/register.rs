//! All organisations by what an evaluator may be looked up by.

use super::{
    super::{
        directory::{Directory, Hit},
        findings::{Finding, Kind, Rule, Side, Strength},
        mail, names,
        names::Likeness,
        numbers,
        ownership::Ownership,
        parties::{Contact, Link, Organisation, Past, Person, Standing},
    },
    family, mailbox, postal,
};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A domain of more organisations than a group has says nothing about one of them.
const CROWD: usize = 5;

/// Numbers of so many digits are not given twice in the countries of the field.
const LONG: usize = 8;

pub struct Register {
    facts: Vec<Facts>,
    names: Directory,
    /// Organisations by the digits of their numbers.
    numbers: HashMap<String, Vec<(usize, Option<String>, String)>>,
    /// By registered domain: the organisation, the domain or address, whether it is the organisation's own.
    domains: HashMap<String, Vec<(usize, String, bool)>>,
    pub clusters: Directory,
    /// Organisations by cluster.
    members: BTreeMap<usize, Vec<usize>>,
    mailboxes: HashMap<String, Vec<(usize, String)>>,
    people: HashMap<String, Vec<(usize, String)>>,
    households: HashMap<(String, String), Vec<(usize, String)>>,
    ownership: Ownership,
    /// Earlier proposals within the years that count, with their people.
    past: Vec<(String, Option<NaiveDate>, Vec<usize>)>,
    past_mailboxes: HashMap<String, Vec<usize>>,
    past_people: HashMap<String, Vec<usize>>,
}

struct Facts {
    name: String,
    country: Option<String>,
    clusters: Vec<(usize, String)>,
}

/// What an evaluator has to do with an organisation of some name.
struct Claim<'c> {
    name: &'c str,
    number: Option<&'c String>,
    country: Option<&'c String>,
}

impl Register {
    pub fn new(organisations: &[Organisation], links: &[Link], past: &[Past], rule: &Rule) -> Self {
        let mut register = Self {
            facts: Vec::new(),
            names: Directory::default(),
            numbers: HashMap::new(),
            domains: HashMap::new(),
            clusters: Directory::default(),
            members: BTreeMap::new(),
            mailboxes: HashMap::new(),
            people: HashMap::new(),
            households: HashMap::new(),
            ownership: Ownership::new(links, rule.least_share),
            past: Vec::new(),
            past_mailboxes: HashMap::new(),
            past_people: HashMap::new(),
        };
        let mut clusters: BTreeMap<&str, usize> = BTreeMap::new();
        for (place, one) in organisations.iter().enumerate() {
            let mut own = Vec::new();
            for name in &one.clusters {
                let next = clusters.len();
                let number = *clusters.entry(name).or_insert(next);
                if number == next {
                    register.clusters.add(number, name);
                }
                register.members.entry(number).or_default().push(place);
                own.push((number, name.clone()));
            }
            register.enter(place, one, own);
        }
        for one in past {
            if one.on.is_none_or(|on| rule.within(on, rule.years_of_past_proposals)) {
                register.remember(one);
            }
        }
        register
    }

    pub fn name(&self, organisation: usize) -> &str {
        &self.facts[organisation].name
    }

    pub fn country(&self, organisation: usize) -> Option<&str> {
        self.facts[organisation].country.as_deref()
    }

    pub fn clusters_of(&self, organisation: usize) -> &[(usize, String)] {
        &self.facts[organisation].clusters
    }

    fn enter(&mut self, place: usize, one: &Organisation, clusters: Vec<(usize, String)>) {
        for name in &one.names {
            self.names.add(place, name);
        }
        for text in &one.numbers {
            if let Some((country, digits)) = numbers::number(text, one.country.as_deref()) {
                self.numbers.entry(digits).or_default().push((place, country, text.clone()));
            }
        }
        let own = one.domains.iter().map(|domain| (domain, true));
        let mails = one.people.iter().filter_map(|contact| Some((contact.email.as_ref()?, false)));
        for (text, own) in own.chain(mails) {
            let domain = mail::domain(text);
            if let Some(key) = mail::registrable(&domain) {
                let list = self.domains.entry(key).or_default();
                if !list.iter().any(|(of, _, theirs)| *of == place && *theirs == own) {
                    list.push((place, domain, own));
                }
            }
        }
        for contact in &one.people {
            if let Some(key) = mailbox(contact) {
                self.mailboxes.entry(key).or_default().push((place, contact.name.clone()));
            }
            if let Some(key) = names::person(&contact.name) {
                self.people.entry(key).or_default().push((place, contact.name.clone()));
            }
            if let Some(key) = household(contact) {
                self.households.entry(key).or_default().push((place, contact.name.clone()));
            }
        }
        let name = one.names.first().cloned().unwrap_or_default();
        let country = one.country.as_ref().map(|code| code.to_uppercase());
        self.facts.push(Facts { name, country, clusters });
    }

    fn remember(&mut self, one: &Past) {
        let number = self.past.len();
        self.past.push((one.code.clone(), one.on, one.organisations.clone()));
        for contact in &one.people {
            if let Some(key) = mailbox(contact) {
                self.past_mailboxes.entry(key).or_default().push(number);
            }
            if let Some(key) = names::person(&contact.name) {
                self.past_people.entry(key).or_default().push(number);
            }
        }
    }

    /// All ties of an evaluator with organisations, and the organisations that are theirs: own text and place.
    pub fn look_up(&self, rule: &Rule, evaluator: usize, person: &Person) -> (Vec<Finding>, Vec<(String, usize)>) {
        let mut ties = Ties { evaluator, found: Vec::new() };
        let mut homes: Vec<(String, usize, Strength)> = Vec::new();
        for work in &person.employers {
            let claim = Claim { name: &work.name, number: work.number.as_ref(), country: work.country.as_ref() };
            let Some(over) = over(rule, work.until) else { continue };
            for (place, strength, met) in self.meant(&claim) {
                let (kind, strength) =
                    if over { (Kind::PastEmployer, strength.weaker()) } else { (Kind::Employer, strength) };
                ties.add(kind, strength, place, &work.name, &met, work.until);
                if !over && strength > Strength::Hint {
                    homes.push((work.name.clone(), place, strength));
                }
            }
            // Who works for a cluster works for its members.
            for hit in self.clusters.find(&work.name).into_iter().filter(|hit| hit.likeness > Likeness::Initials) {
                let members = self.members.get(&hit.of).into_iter().flatten();
                for (member, strength) in members.filter_map(|member| Some((*member, rule.same_cluster?))) {
                    let strength = if over { strength.weaker() } else { strength };
                    ties.add(Kind::SameCluster, strength, member, &work.name, &hit.text, work.until);
                }
            }
        }
        for seat in &person.seats {
            let claim = Claim { name: &seat.name, number: seat.number.as_ref(), country: seat.country.as_ref() };
            let Some(over) = over(rule, seat.until) else { continue };
            let decides = matches!(seat.standing, Standing::Board | Standing::Owner);
            for (place, strength, met) in self.meant(&claim) {
                let strength = if decides && !over { strength } else { strength.weaker() };
                let kind = if over { Kind::PastSeat } else { Kind::Seat };
                ties.add(kind, strength, place, &seat.name, &met, seat.until);
                if decides && !over && strength > Strength::Hint {
                    homes.push((seat.name.clone(), place, strength));
                }
            }
            if seat.standing == Standing::Board {
                for hit in self.clusters.find(&seat.name) {
                    let strength =
                        if over || hit.likeness == Likeness::Initials { Strength::Hint } else { Strength::Likely };
                    for member in self.members.get(&hit.of).into_iter().flatten() {
                        ties.add(Kind::ClusterBoard, strength, *member, &seat.name, &hit.text, seat.until);
                    }
                }
            }
        }
        homes.sort();
        homes.dedup();
        self.by_mail(person, &mut ties);
        self.by_people(person, &mut ties);
        self.by_past(person, &mut ties);
        for name in &person.interests {
            for hit in self.names.find(name) {
                let strength = if hit.likeness >= Likeness::Same { Strength::Barring } else { Strength::Likely };
                ties.add(Kind::Declared, strength, hit.of, name, &hit.text, None);
            }
        }
        for (own, home, most) in &homes {
            for path in self.ownership.reach(*home, rule.links) {
                let strength = match (path.straight, path.control) {
                    (true, true) => Strength::Barring,
                    (true, false) | (false, true) => Strength::Likely,
                    (false, false) => Strength::Hint,
                };
                let party = path.through.last().copied().unwrap_or(*home);
                let met = self.name(party);
                ties.add(Kind::Ownership, strength.min(*most), party, own, met, None);
                if let Some(last) = ties.found.last_mut() {
                    last.path = path.through;
                }
            }
        }
        let homes = homes.into_iter().map(|(own, place, _)| (own, place)).collect();
        (ties.found, homes)
    }

    /// The organisations a claim may mean: place, certainty, what met.
    fn meant(&self, claim: &Claim<'_>) -> Vec<(usize, Strength, String)> {
        let mut found = Vec::new();
        if let Some((country, digits)) =
            claim.number.and_then(|n| numbers::number(n, claim.country.map(String::as_str)))
        {
            for (place, other, text) in self.numbers.get(&digits).into_iter().flatten() {
                let same = country.as_ref().zip(other.as_ref()).map(|(one, other)| one == other);
                let strength = match same {
                    Some(false) => continue,
                    None if digits.len() < LONG => Strength::Likely,
                    _ => Strength::Barring,
                };
                found.push((*place, strength, text.clone()));
            }
        }
        let certainty = |hit: Hit| {
            let country = claim.country.map(|code| code.to_uppercase());
            let same = country.as_deref().zip(self.country(hit.of)).map(|(one, other)| one == other);
            let strength = match (hit.likeness, same) {
                (Likeness::Initials, Some(false)) => return None,
                (Likeness::Initials, None) | (Likeness::Typing, Some(false)) => Strength::Hint,
                (Likeness::Same, Some(true)) => Strength::Barring,
                (Likeness::Same, None) if !hit.forms_differ && !hit.brief => Strength::Barring,
                _ => Strength::Likely,
            };
            Some((hit.of, strength, hit.text))
        };
        found.extend(self.names.find(claim.name).into_iter().filter_map(certainty));
        found
    }

    fn by_mail(&self, person: &Person, ties: &mut Ties) {
        for email in &person.emails {
            let domain = mail::domain(email);
            let Some(key) = mail::registrable(&domain) else { continue };
            let near: Vec<_> = self.domains.get(&key).into_iter().flatten().collect();
            let crowd = near.iter().map(|(place, _, _)| place).collect::<BTreeSet<_>>().len() > CROWD;
            for (place, other, own) in near {
                let under = |short: &str, long: &str| long == short || long.ends_with(&format!(".{short}"));
                let strength = match (crowd, *own && (under(other, &domain) || under(&domain, other))) {
                    (true, _) => Strength::Hint,
                    (false, true) => Strength::Barring,
                    (false, false) => Strength::Likely,
                };
                ties.add(Kind::MailDomain, strength, *place, email, other, None);
            }
        }
    }

    fn by_people(&self, person: &Person, ties: &mut Ties) {
        for email in &person.emails {
            let same = mail::address(email).and_then(|key| self.mailboxes.get(&key));
            for (place, name) in same.into_iter().flatten() {
                ties.add(Kind::SamePerson, Strength::Barring, *place, email, name, None);
            }
        }
        let named = |text: &str| names::person(text).and_then(|key| self.people.get(&key)).into_iter().flatten();
        for own in &person.names {
            for (place, name) in named(own) {
                let abroad = |code: &str| !person.countries.iter().any(|own| own.eq_ignore_ascii_case(code));
                let elsewhere = !person.countries.is_empty() && self.country(*place).is_some_and(abroad);
                let strength = if elsewhere { Strength::Hint } else { Strength::Likely };
                ties.add(Kind::SamePerson, strength, *place, own, name, None);
            }
            let key = family(own).zip(postal(person.address.as_ref()));
            for (place, name) in key.and_then(|key| self.households.get(&key)).into_iter().flatten() {
                ties.add(Kind::FamilyName, Strength::Hint, *place, own, name, None);
            }
        }
        for interest in &person.interests {
            for (place, name) in named(interest) {
                ties.add(Kind::Declared, Strength::Barring, *place, interest, name, None);
            }
        }
    }

    fn by_past(&self, person: &Person, ties: &mut Ties) {
        let boxes = person.emails.iter().filter_map(|email| self.past_mailboxes.get(&mail::address(email)?));
        let named = person.names.iter().filter_map(|name| self.past_people.get(&names::person(name)?));
        for number in boxes.chain(named).flatten() {
            let (code, on, organisations) = &self.past[*number];
            let own = person.names.first().map_or("", String::as_str);
            for place in organisations {
                ties.add(Kind::PastProposal, Strength::Likely, *place, own, code, *on);
            }
        }
    }
}

/// Whether something is over; none when it ended too long ago to count.
fn over(rule: &Rule, until: Option<NaiveDate>) -> Option<bool> {
    match until {
        Some(end) if end < rule.today => rule.within(end, rule.years_after_leaving).then_some(true),
        _ => Some(false),
    }
}

fn household(contact: &Contact) -> Option<(String, String)> {
    Some((family(&contact.name)?, postal(contact.address.as_ref())?))
}

/// Findings of one evaluator.
struct Ties {
    evaluator: usize,
    found: Vec<Finding>,
}

impl Ties {
    fn add(&mut self, kind: Kind, strength: Strength, party: usize, own: &str, met: &str, on: Option<NaiveDate>) {
        self.found.push(Finding {
            evaluator: self.evaluator,
            strength,
            kind,
            side: Side::Organisation(party),
            own: own.to_owned(),
            met: met.to_owned(),
            path: Vec::new(),
            on,
        });
    }
}
