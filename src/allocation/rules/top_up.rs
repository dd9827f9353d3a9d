//! The top-up: a third budget with a rule of its own (Nordic Council of Ministers, domain.md 0.4 and 6.4), as data.

use super::{scenario::Scenario, setting::Setting};
use entity::types::{
    country::Country,
    ids::ProposalId,
    money::{Currency, Money},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What a consortium gets from so many countries on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TopUpStep {
    /// Countries in which an agency pays a part of the proposal, and how many of them are Nordic.
    pub funding_countries: usize,
    pub nordic: usize,
    pub amount: Money,
}

/// A pot that adds to funded proposals in rank order until it is empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TopUp {
    pub money: Money,
    pub steps: Vec<TopUpStep>,
    /// Whether the last proposal gets the rest when the pot no longer holds the whole amount; else it is passed over
    /// and a smaller amount may follow.
    pub rest: bool,
}

/// What one funded proposal gets on top.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TopUpLine {
    pub proposal: ProposalId,
    pub funding_countries: usize,
    pub nordic: usize,
    /// What the rule gives, and what the pot still pays.
    pub due: Money,
    pub paid: Money,
}

impl TopUp {
    /// The rule of Innovation Express: EUR 10,000 for two funding countries with one Nordic among them, up to EUR
    /// 20,000 with more partners (call overview 2014, domain.md section 9, IE14-OVW). That "more" means a third funding
    /// country, and that the pot pays in rank order, is assumed.
    pub fn nordic_council(money: Money) -> Self {
        let step = |funding_countries, minor| TopUpStep {
            funding_countries,
            nordic: 1,
            amount: Money::new(minor, Currency::Eur),
        };
        Self { money, steps: vec![step(2, 1_000_000), step(3, 2_000_000)], rest: false }
    }

    /// The highest amount whose conditions hold.
    fn due(&self, funding_countries: usize, nordic: usize) -> Money {
        let holds = |step: &&TopUpStep| {
            step.funding_countries <= funding_countries
                && step.nordic <= nordic
                && step.amount.currency == self.money.currency
        };
        let amounts = self.steps.iter().filter(holds).map(|step| step.amount.minor.max(0));
        Money::new(amounts.max().unwrap_or(0), self.money.currency)
    }
}

/// Pays the top-up down the funded proposals of a scenario; what is left of the pot comes second.
pub fn top_up(rule: &TopUp, setting: &Setting, scenario: &Scenario) -> (Vec<TopUpLine>, Money) {
    let mut left = rule.money.minor.max(0);
    let mut lines = Vec::new();
    for (candidate, line) in setting.candidates.iter().zip(&scenario.lines).filter(|(_, line)| line.verdict.funds()) {
        let paid = candidate.parts.iter().zip(&line.parts).filter(|(_, part)| part.granted.minor > 0);
        let countries: BTreeSet<Country> = paid.map(|(asked, _)| asked.country).collect();
        let nordic = countries.iter().filter(|country| country.is_nordic()).count();
        let due = rule.due(countries.len(), nordic);
        let minor = match due.minor {
            minor if minor <= left => minor,
            _ if rule.rest => left,
            _ => 0,
        };
        left -= minor;
        let paid = Money::new(minor, due.currency);
        lines.push(TopUpLine { proposal: line.proposal, funding_countries: countries.len(), nordic, due, paid });
    }
    (lines, Money::new(left, rule.money.currency))
}
