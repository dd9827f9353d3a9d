//! Rules of a consortium as data, all judged at once (domain.md 1.4, 2.1 and 6.4): a call states its [`Rule`]s, each with
//! how much it matters, and [`check`] tells everything that is wrong, about whom, and by how much.
//!
//! Deliberately absent: the words, the terms of each agency's annex (`calls`), and money in more than one currency.

use super::{
    finding::{Finding, Severity, Source, Subject, Value, ordered},
    sme::Class,
};
use chrono::NaiveDate;
use entity::types::{
    country::Country,
    money::Money,
    share::Share,
    states::{AnnexClass, LabelLevel},
    terms::{AnnexTerms, ConsortiumTerms, Months},
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// One rule of a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "snake_case", deny_unknown_fields)]
pub enum Rule {
    /// Participants that are independent of each other: of one group only one counts.
    MinParticipants {
        least: u32,
    },
    MinCountries {
        least: u32,
    },
    /// Countries whose agency pays.
    MinFundingCountries {
        least: u32,
    },
    /// Countries of a list, such as those of a programme.
    MinCountriesOf {
        countries: Vec<Country>,
        least: u32,
    },
    MinSmes {
        least: u32,
    },
    /// SMEs of every country that takes part.
    MinSmesPerCountry {
        least: u32,
    },
    /// Of one participant in the total costs.
    MaxShareOfParticipant {
        most: Share,
    },
    MaxShareOfCountry {
        most: Share,
    },
    /// Of SMEs in the total costs, both without subcontracting.
    MinShareOfSmes {
        least: Share,
    },
    LeadIsSme,
    /// Every cluster holds at least this label on the day.
    Label {
        least: LabelLevel,
    },
    Duration {
        least: u32,
        most: u32,
    },
}

/// A rule and what breaking it means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    #[serde(flatten)]
    pub rule: Rule,
    /// The country whose participants alone it is about, for the rules of one agency; where nobody is from there, it asks
    /// nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<Country>,
    /// Whether it only warns; else it blocks.
    #[serde(default)]
    pub only_warns: bool,
}

impl Term {
    /// A rule for all that blocks.
    pub const fn new(rule: Rule) -> Self {
        Self { rule, country: None, only_warns: false }
    }
}

/// What a call's terms ask of every consortium.
pub fn of_call(terms: &ConsortiumTerms, duration: Months) -> Vec<Term> {
    let rules = [
        Rule::MinParticipants { least: terms.min_parts },
        Rule::MinCountries { least: terms.min_countries },
        Rule::MinFundingCountries { least: terms.min_funding_countries },
        Rule::Duration { least: duration.min, most: duration.max },
    ];
    rules.into_iter().map(Term::new).collect()
}

/// What an agency's annex asks of the participants of its country.
pub fn of_annex(country: Country, annex: &AnnexTerms) -> Vec<Term> {
    let smes = Some(Rule::MinSmes { least: annex.min_smes }).filter(|_| annex.min_smes > 0);
    let label = annex.label.map(|least| Rule::Label { least });
    smes.into_iter().chain(label).map(|rule| Term { country: Some(country), ..Term::new(rule) }).collect()
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Participant {
    pub country: Country,
    /// How its country takes part in the call; none when it does not.
    pub agency: Option<AnnexClass>,
    pub lead: bool,
    /// None for what is no enterprise.
    pub class: Option<Class>,
    /// Participants of one group have one number.
    pub group: Option<u32>,
    pub costs: Money,
    /// Part of the costs.
    pub subcontracting: Money,
    pub cluster: bool,
    /// The best label held, and the last day it is valid.
    pub label: Option<(LabelLevel, NaiveDate)>,
}

impl Participant {
    fn is_sme(&self) -> bool {
        self.class.is_some_and(Class::is_sme)
    }
}

/// A consortium on a day.
#[derive(Debug, Clone, Copy)]
pub struct Consortium<'a> {
    pub participants: &'a [Participant],
    pub months: u32,
    pub on: NaiveDate,
}

/// Everything a consortium breaks, the gravest first.
pub fn check(terms: &[Term], consortium: &Consortium<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    let all: Vec<_> = consortium.participants.iter().enumerate().collect();
    let currencies: BTreeSet<_> = consortium.participants.iter().map(|one| one.costs.currency).collect();
    let mixed = currencies.len() > 1
        || consortium.participants.iter().any(|one| one.subcontracting.currency != one.costs.currency);
    for term in terms {
        let severity = if term.only_warns { Severity::Warns } else { Severity::Blocks };
        let shares = matches!(
            term.rule,
            Rule::MaxShareOfParticipant { .. } | Rule::MaxShareOfCountry { .. } | Rule::MinShareOfSmes { .. }
        );
        if shares && mixed {
            found.push(Finding::new(severity, "costs_in_several_currencies", Subject::Case, RULES));
            continue;
        }
        let here = |one: &&(usize, &Participant)| term.country.is_none_or(|country| one.1.country == country);
        let list: Vec<_> = all.iter().filter(here).copied().collect();
        if term.country.is_some() && list.is_empty() {
            continue;
        }
        let broken = broken(&term.rule, &list, consortium).into_iter().map(|finding| match term.country {
            Some(country) if finding.subject == Subject::Case => {
                Finding { subject: Subject::Country(country), ..finding }
            }
            _ => finding,
        });
        found.extend(broken.map(|finding| Finding { severity, ..finding }));
    }
    ordered(found)
}

const RULES: Source = Source::new("The call", "Rules of the consortium");

/// Participants with their places.
type Seen<'a> = [(usize, &'a Participant)];

fn broken(rule: &Rule, list: &Seen<'_>, consortium: &Consortium<'_>) -> Vec<Finding> {
    match rule {
        Rule::MinParticipants { least } => few("too_few_participants", Subject::Case, independent(list), *least),
        Rule::MinCountries { least } => few("too_few_countries", Subject::Case, countries(list, |_| true), *least),
        Rule::MinFundingCountries { least } => {
            let funding = countries(list, |one| one.agency == Some(AnnexClass::Funding));
            few("too_few_funding_countries", Subject::Case, funding, *least)
        }
        Rule::MinCountriesOf { countries: known, least } => {
            let of = countries(list, |one| known.contains(&one.country));
            few("too_few_countries_of_programme", Subject::Case, of, *least)
        }
        Rule::MinSmes { least } => {
            few("too_few_smes", Subject::Case, list.iter().filter(|(_, one)| one.is_sme()).count(), *least)
        }
        Rule::MinSmesPerCountry { least } => {
            let all: BTreeSet<Country> = list.iter().map(|(_, one)| one.country).collect();
            let smes = |country| list.iter().filter(|(_, one)| one.country == country && one.is_sme()).count();
            let few_in = |country| few("too_few_smes_of_country", Subject::Country(country), smes(country), *least);
            all.into_iter().flat_map(few_in).collect()
        }
        Rule::MaxShareOfParticipant { most } => {
            let sums = list.iter().map(|(at, one)| (Subject::Participant(*at), minor(one)));
            over("participant_share_too_great", sums.collect(), *most)
        }
        Rule::MaxShareOfCountry { most } => {
            let mut sums: BTreeMap<Country, i128> = BTreeMap::new();
            for (_, one) in list {
                *sums.entry(one.country).or_default() += minor(one);
            }
            let sums = sums.into_iter().map(|(country, sum)| (Subject::Country(country), sum));
            over("country_share_too_great", sums.collect(), *most)
        }
        Rule::MinShareOfSmes { least } => smes_share(list, *least),
        Rule::LeadIsSme => {
            let leads = list.iter().filter(|(_, one)| one.lead);
            let broken = leads.clone().filter(|(_, one)| !one.is_sme());
            let mut found: Vec<Finding> =
                broken.map(|(at, _)| plain("lead_is_no_sme", Subject::Participant(*at))).collect();
            if leads.count() != 1 {
                found.push(plain("not_one_lead", Subject::Case));
            }
            found
        }
        Rule::Label { least } => labels(list, consortium.on, *least),
        Rule::Duration { least, most } => {
            let (months, limit, code) = match consortium.months {
                months if months < *least => (months, *least, "project_too_short"),
                months if months > *most => (months, *most, "project_too_long"),
                _ => return Vec::new(),
            };
            let count = |number: u32| Value::Count(number.into());
            vec![plain(code, Subject::Case).with("months", count(months)).with("limit", count(limit))]
        }
    }
}

fn plain(code: &'static str, subject: Subject) -> Finding {
    Finding::blocks(code, subject, RULES)
}

fn minor(one: &Participant) -> i128 {
    i128::from(one.costs.minor)
}

fn few(code: &'static str, subject: Subject, count: usize, least: u32) -> Vec<Finding> {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    if count >= i64::from(least) {
        return Vec::new();
    }
    vec![plain(code, subject).with("count", Value::Count(count)).with("least", Value::Count(least.into()))]
}

fn independent(list: &Seen<'_>) -> usize {
    let groups: BTreeSet<u32> = list.iter().filter_map(|(_, one)| one.group).collect();
    groups.len() + list.iter().filter(|(_, one)| one.group.is_none()).count()
}

fn countries(list: &Seen<'_>, counts: impl Fn(&Participant) -> bool) -> usize {
    list.iter().filter(|(_, one)| counts(one)).map(|(_, one)| one.country).collect::<BTreeSet<_>>().len()
}

/// Shares above the limit, compared exactly; the share told is rounded up.
fn over(code: &'static str, sums: Vec<(Subject, i128)>, most: Share) -> Vec<Finding> {
    let total: i128 = sums.iter().map(|(_, sum)| sum).sum();
    let most_points = i128::from(most.basis_points());
    let broken = sums.into_iter().filter(|(_, sum)| sum * 10_000 > total * most_points && total > 0);
    let told = |(subject, sum): (Subject, i128)| {
        let share = i64::try_from((sum * 10_000 + total - 1) / total).unwrap_or(i64::MAX);
        plain(code, subject).with("share", Value::BasisPoints(share)).with("most", most)
    };
    broken.map(told).collect()
}

fn smes_share(list: &Seen<'_>, least: Share) -> Vec<Finding> {
    let own = |one: &Participant| minor(one) - i128::from(one.subcontracting.minor);
    let total: i128 = list.iter().map(|(_, one)| own(one)).sum();
    let smes: i128 = list.iter().filter(|(_, one)| one.is_sme()).map(|(_, one)| own(one)).sum();
    if smes * 10_000 >= total * i128::from(least.basis_points()) {
        return Vec::new();
    }
    let share = i64::try_from(smes * 10_000 / total.max(1)).unwrap_or(0);
    vec![plain("smes_share_too_small", Subject::Case).with("share", Value::BasisPoints(share)).with("least", least)]
}

fn labels(list: &Seen<'_>, on: NaiveDate, least: LabelLevel) -> Vec<Finding> {
    let rank = |level| LabelLevel::ALL.iter().position(|known| *known == level);
    let clusters = list.iter().filter(|(_, one)| one.cluster);
    let broken = clusters.filter_map(|(at, one)| match one.label {
        Some((level, until)) if rank(level) >= rank(least) => {
            let expired = plain("label_expired", Subject::Participant(*at)).with("until", until);
            (until < on).then_some(expired)
        }
        Some(_) => Some(plain("label_too_low", Subject::Participant(*at))),
        None => Some(plain("label_missing", Subject::Participant(*at))),
    });
    broken.collect()
}

#[cfg(test)]
#[path = "consortium_tests.rs"]
mod tests;
