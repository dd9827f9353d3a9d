//! The balancing pot: a central reserve that fills gaps (mixed mode, domain.md 2.3 and 6.4).

use super::setting::{LARGEST, Refusal, Setting};
use entity::types::money::{Currency, Money};
use serde::{Deserialize, Serialize};

/// When the pot fills gaps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Turn {
    /// As soon as the walk meets one: the order of ranks is kept as long as the pot lasts.
    AtOnce,
    /// When the walk is over, from the top again: who is funded without the pot loses nothing by it.
    Afterwards,
}

/// Which gaps it fills.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gaps {
    Every,
    /// Only where the money of one agency alone is missing.
    OfOneAgency,
}

/// A common pot of the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pot {
    pub money: Money,
    /// The most it pays for one proposal.
    pub cap: Option<Money>,
    pub turn: Turn,
    pub gaps: Gaps,
}

impl Pot {
    pub(super) fn check(&self, setting: &Setting) -> Result<(), Refusal> {
        let cap = self.cap.unwrap_or(self.money);
        let own = self.money.currency == setting.currency && cap.currency == setting.currency;
        let sizes = [self.money, cap].iter().all(|money| (0..=LARGEST).contains(&money.minor));
        if own && sizes { Ok(()) } else { Err(Refusal::Pot) }
    }

    /// What filling gaps costs the pot; none if it may or can not. `lacking` are agencies and the minor units missing.
    pub(super) fn fills(&self, setting: &Setting, lacking: &[(usize, i64)], left: i64) -> Option<i64> {
        if self.gaps == Gaps::OfOneAgency && lacking.len() > 1 {
            return None;
        }
        let costs = lacking.iter().map(|(agency, missing)| cost(setting, *agency, *missing));
        let cost = costs.fold(0, i64::saturating_add);
        let most = self.cap.map_or(left, |cap| cap.minor.min(left));
        (cost <= most).then_some(cost)
    }
}

/// What so much of an agency's money costs the pot in the currency of the call, rounded up to the minor unit, so that
/// the pot never pays what it does not have.
pub(super) fn cost(setting: &Setting, agency: usize, minor: i64) -> i64 {
    let agency = &setting.agencies[agency];
    if agency.budget.currency == setting.currency {
        return minor;
    }
    let unit = |currency: Currency| 10_i128.pow(currency.decimals());
    let exact = i128::from(minor) * i128::from(agency.rate.micros) * unit(setting.currency);
    let down = unit(agency.budget.currency) * 1_000_000;
    i64::try_from((exact + down - 1).div_euclid(down)).unwrap_or(i64::MAX)
}
