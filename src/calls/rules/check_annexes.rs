//! Whether each agency's annex can be applied: its money, its dates, its activities.

use super::check::{Findings, marks};
use super::check_questions;
use chrono::{DateTime, TimeDelta, Utc};
use entity::types::{
    money::{Money, Rate},
    period,
    share::Share,
    states::AnnexClass,
    terms::{AnnexTerms, CallTerms},
};
use std::collections::BTreeSet;

pub(super) fn annexes(terms: &CallTerms, annexes: &[(String, AnnexTerms)], found: &mut Findings) {
    if !annexes.iter().any(|(_, a)| a.class == AnnexClass::Funding) {
        found.error("/annexes", "No agency pays: at least one annex must be of the class “funding”");
    }
    for (i, (agency, annex)) in annexes.iter().enumerate() {
        if annexes[..i].iter().any(|(other, _)| other == agency) {
            found.error(format!("/annexes/{i}/agency"), format!("{agency} has two annexes"));
        }
        one(terms, &format!("/annexes/{i}/terms"), agency, annex, found);
    }
}

fn one(terms: &CallTerms, at: &str, agency: &str, annex: &AnnexTerms, found: &mut Findings) {
    money(terms, at, annex, found);
    shares(at, annex, found);
    activities(terms, at, annex, found);
    deadline(terms.opens_at, at, annex, found);
    if annex.min_smes > 50 {
        found.error(format!("{at}/min_smes"), "At most 50 SMEs may be demanded");
    }
    let mut used: BTreeSet<&str> =
        terms.sections.iter().flat_map(|s| s.questions.iter().map(|q| q.key.as_str())).collect();
    check_questions::questions(&format!("{at}/questions"), &annex.questions, &mut used, found);
    let mut own = serde_json::to_value(annex).unwrap_or_default();
    // The agency's name is kept with the agency; where it comes from is said beside the annex.
    own["agency"] = serde_json::json!({ "name": agency });
    marks(&format!("{at}/marks"), &annex.marks, &own, found);
}

fn money(terms: &CallTerms, at: &str, annex: &AnnexTerms, found: &mut Findings) {
    let funding = annex.class == AnnexClass::Funding;
    let amounts = [("budget", annex.budget), ("ceiling", annex.ceiling), ("floor", annex.floor)];
    for (name, amount) in amounts.iter().filter_map(|(name, amount)| amount.map(|a| (name, a))) {
        if amount.currency != annex.currency {
            let message = format!("The amount is in {}, the annex in {}", amount.currency, annex.currency);
            found.error(format!("{at}/{name}/currency"), message);
        }
        if amount.minor < 0 {
            found.error(format!("{at}/{name}/amount"), "An amount is not negative");
        }
    }
    let is_set = |money: Option<Money>| money.is_some_and(|m| m.minor > 0);
    if funding && !is_set(annex.budget) {
        found.error(format!("{at}/budget"), "An agency that pays states its budget");
    }
    if funding && !is_set(annex.ceiling) {
        found.error(format!("{at}/ceiling"), "An agency that pays states the greatest grant for a part");
    }
    if !funding && amounts.iter().any(|(_, amount)| is_set(*amount)) {
        found.error(format!("{at}/budget"), "Only a funding partner has a budget, a ceiling or a floor");
    }
    if annex.floor.zip(annex.ceiling).is_some_and(|(floor, ceiling)| floor.minor > ceiling.minor) {
        found.error(format!("{at}/floor"), "The smallest grant is greater than the greatest");
    }
    if funding && annex.ceiling.zip(annex.budget).is_some_and(|(ceiling, budget)| ceiling.minor > budget.minor) {
        found.error(format!("{at}/ceiling"), "The greatest grant is more than the whole budget");
    }
    if annex.currency == terms.currency && annex.rate != Rate::ONE {
        found.error(format!("{at}/rate"), "The annex is in the call's currency; its rate is 1");
    }
    if annex.currency != terms.currency && annex.rate_on.is_none() {
        found.warn(format!("{at}/rate_on"), "Say on which day the rate was fixed");
    }
}

fn shares(at: &str, annex: &AnnexTerms, found: &mut Findings) {
    if annex.class == AnnexClass::Funding && annex.intensity <= Share::ZERO {
        found.error(format!("{at}/intensity"), "Say which share of the costs the grant may cover");
    }
    if annex.class != AnnexClass::Funding && annex.intensity > Share::ZERO {
        found.warn(format!("{at}/intensity"), "An agency that does not pay needs no intensity");
    }
    if annex.private_share_min.is_some_and(|s| s > Share::ZERO) && annex.intensity == Share::WHOLE {
        found.warn(format!("{at}/private_share_min"), "The grant may cover everything, so nothing is left to share");
    }
}

fn activities(terms: &CallTerms, at: &str, annex: &AnnexTerms, found: &mut Findings) {
    for (i, key) in annex.activities.iter().enumerate() {
        if !terms.activities.iter().any(|a| a.key == *key) {
            found.error(format!("{at}/activities/{i}"), format!("The call has no activity “{key}”"));
        }
        if annex.activities[..i].contains(key) {
            found.error(format!("{at}/activities/{i}"), format!("The activity “{key}” stands there twice"));
        }
    }
    if annex.class == AnnexClass::Funding && annex.activities.is_empty() {
        found.error(format!("{at}/activities"), "An agency that pays supports at least one activity");
    }
}

fn deadline(opens_at: Option<DateTime<Utc>>, at: &str, annex: &AnnexTerms, found: &mut Findings) {
    let Some(opens_at) = opens_at else { return };
    let closes = annex.deadline.instant();
    if closes <= opens_at {
        let opens = period::in_zone(opens_at, annex.deadline.zone);
        found.error(format!("{at}/deadline"), format!("The deadline is before the call opens ({opens})"));
    } else if closes - opens_at < TimeDelta::days(28) {
        // Interreg calls leave at least two months to write (domain.md 2.4); four weeks is the least for a light form.
        found.warn(format!("{at}/deadline"), "Applicants have less than four weeks");
    }
}
