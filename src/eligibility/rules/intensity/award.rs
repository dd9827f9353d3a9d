//! One award under one article: share, threshold, and the conditions that hold for all (GBER, Chapter I).

use super::super::{
    finding::{Finding, Subject, Value, ordered},
    sme::Class,
};
use super::articles::{Article, Facts, GRACE, Key, Refused, article};
use super::gber;
use chrono::NaiveDate;
use entity::types::money::{Currency, Money};

/// What all aid under the GBER needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conditions {
    /// The written application, and the start of works; no start is one still to come (Article 6(2)).
    pub applied_on: NaiveDate,
    pub started_on: Option<NaiveDate>,
    pub in_difficulty: bool,
    /// An order to recover unlawful aid is open (Article 1(4)(a)).
    pub recovery_open: bool,
    /// For how many years a cluster has got operating aid, this award included.
    pub operating_years: Option<u32>,
}

/// An award to judge, in euro.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Award {
    pub key: Key,
    pub class: Class,
    pub facts: Facts,
    pub costs: Money,
    pub grant: Money,
    /// Granted before under the same article for whatever its threshold counts: project, year, three years.
    pub already: Money,
    pub granted_on: NaiveDate,
    pub conditions: Conditions,
}

/// Everything that stands against an award, and what follows from it.
pub fn check(award: &Award) -> Vec<Finding> {
    let mut found = conditions(&award.conditions);
    let on = award.granted_on;
    let Some(article) = article(award.key, on) else {
        found.push(Finding::blocks("article_not_in_force", Subject::Case, gber("Articles 58 and 59")).with("day", on));
        return ordered(found);
    };
    if [award.costs, award.grant, award.already].iter().any(|money| money.currency != Currency::Eur || money.minor < 0)
    {
        found.push(Finding::blocks("amounts_not_in_euro", Subject::Costs(0), article.source));
        return ordered(found);
    }
    if on > article.until {
        found
            .push(Finding::informs("in_grace_after_expiry", Subject::Case, gber("Article 58(4)")).with("until", GRACE));
    }
    found.extend(share(award, article));
    found.extend(threshold(award, article));
    let years = award.conditions.operating_years.filter(|years| award.key == Key::ClusterOperation && *years > 10);
    if let Some(years) = years {
        let finding = Finding::blocks("operating_aid_over_ten_years", Subject::Case, article.source);
        found.push(finding.with("years", Value::Count(years.into())));
    }
    if award.grant.minor > published_above(on) * 100 {
        let above = Money::new(published_above(on) * 100, Currency::Eur);
        found.push(Finding::informs("award_is_published", Subject::Case, gber("Article 9(1)(c)")).with("above", above));
    }
    ordered(found)
}

/// Euro: EUR 500 000 until June 2023, EUR 100 000 since.
fn published_above(on: NaiveDate) -> i64 {
    if NaiveDate::from_ymd_opt(2023, 7, 1).is_some_and(|amended| on >= amended) { 100_000 } else { 500_000 }
}

fn conditions(conditions: &Conditions) -> Vec<Finding> {
    let mut found = Vec::new();
    if let Some(started) = conditions.started_on.filter(|started| *started <= conditions.applied_on) {
        let finding = Finding::blocks("started_before_application", Subject::Case, gber("Article 6(2)"));
        found.push(finding.with("started_on", started).with("applied_on", conditions.applied_on));
    }
    if conditions.in_difficulty {
        found.push(Finding::blocks("undertaking_in_difficulty", Subject::Case, gber("Article 1(4)(c)")));
    }
    if conditions.recovery_open {
        found.push(Finding::blocks("recovery_order_open", Subject::Case, gber("Article 1(4)(a)")));
    }
    found
}

fn share(award: &Award, article: &Article) -> Option<Finding> {
    let most = match article.share(award.class, &award.facts) {
        Ok(most) => most,
        Err(refused) => {
            let code = match refused {
                Refused::Size => "article_closed_to_size",
                Refused::TooFewSmes => "smes_bear_less_than_30_percent",
                Refused::NotInterreg => "no_interreg_project",
            };
            return Some(Finding::blocks(code, Subject::Case, article.source));
        }
    };
    let allowed = award.costs.times(most);
    (award.grant.minor > allowed.minor).then(|| {
        let found = Finding::blocks("over_intensity", Subject::Costs(0), article.source).with("most", most);
        let share = award.grant.share_of(award.costs).and_then(|share| i64::try_from(share).ok());
        let found = share.map_or(found.clone(), |share| found.with("share", Value::BasisPoints(share)));
        found.with("grant", award.grant).with("allowed", allowed)
    })
}

fn threshold(award: &Award, article: &Article) -> Option<Finding> {
    let threshold = Money::new(article.threshold? * 100, Currency::Eur);
    let sum = award.grant.minor.saturating_add(award.already.minor);
    (sum > threshold.minor).then(|| {
        let (code, source) = if article.is_cap() {
            ("over_cap", article.source)
        } else {
            ("over_notification_threshold", gber("Article 4(1)"))
        };
        let found = Finding::blocks(code, Subject::Case, source).with("sum", Money::new(sum, Currency::Eur));
        found.with("threshold", threshold)
    })
}
