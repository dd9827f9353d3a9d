//! What is used and left on a day, and when what is freed.

use super::super::ownership::Node;
use super::law::{FiscalYear, LAWS, Law};
use chrono::NaiveDate;
use entity::types::{
    country::Country,
    money::{Currency, Money, MoneyError},
};
use std::collections::{BTreeMap, BTreeSet};

/// Under which rules an award was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rules {
    General,
    /// Counts up to the general ceiling too (Regulation (EU) 2023/2831, Article 5(2)).
    Agriculture,
    /// As with agriculture.
    Fishery,
    /// Has a ceiling of its own, of which this is no part (Article 5(1)).
    GeneralInterest,
}

/// What the undertaking does with the aid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Trade {
    #[default]
    Other,
    /// Road freight for hire or reward.
    RoadFreight,
}

/// One de minimis award.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Award {
    /// The day the legal right was conferred, whatever the day of payment (Article 3(3)).
    pub granted_on: NaiveDate,
    /// The Member State that grants.
    pub state: Country,
    pub to: Node,
    /// Gross grant equivalent in euro, before tax (Article 3(5)).
    pub amount: Money,
    pub rules: Rules,
    pub trade: Trade,
}

/// Whose room is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Holder<'a> {
    /// All enterprises of the single undertaking.
    pub undertaking: &'a BTreeSet<Node>,
    pub state: Country,
    pub trade: Trade,
    pub fiscal: FiscalYear,
}

/// Why no room can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// No regulation known for the day.
    NoLaw(NaiveDate),
    /// An award, by its place, is not in euro or below nothing.
    Amount(usize),
    TooLarge,
}

impl From<MoneyError> for Fault {
    fn from(_: MoneyError) -> Self {
        Self::TooLarge
    }
}

/// The room of one undertaking in one Member State on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Room {
    pub law: &'static Law,
    pub on: NaiveDate,
    pub ceiling: Money,
    pub used: Money,
    /// Never below nothing.
    pub left: Money,
    /// Places of the awards that count, the oldest first.
    pub counted: Vec<usize>,
}

/// Room on a day, with all that was granted up to that day. For road freight the tighter of two ceilings is told: its own
/// with what was granted for it, and the general one with everything (Regulation (EU) No 1407/2013, Article 3(2) and
/// (3)).
///
/// # Errors
/// When no law is known for the day, or an amount cannot be used.
pub fn room(awards: &[Award], holder: &Holder<'_>, on: NaiveDate) -> Result<Room, Fault> {
    let law = Law::on(on).ok_or(Fault::NoLaw(on))?;
    let road = holder.trade == Trade::RoadFreight;
    let mut all = Money::zero(Currency::Eur);
    let mut freight = all;
    let mut counted = Vec::new();
    for (at, award) in awards.iter().enumerate().filter(|(_, award)| concerns(award, holder)) {
        if award.amount.currency != Currency::Eur || award.amount.minor < 0 {
            return Err(Fault::Amount(at));
        }
        if award.granted_on <= on && on < law.leaves(award.granted_on, holder.fiscal) {
            all = all.checked_add(award.amount)?;
            if award.trade == Trade::RoadFreight {
                freight = freight.checked_add(award.amount)?;
            }
            counted.push(at);
        }
    }
    counted.sort_by_key(|at| (awards[*at].granted_on, *at));
    let (mut ceiling, mut used) = (law.ceiling(false), all);
    let own = law.ceiling(true);
    if road && own.minor - freight.minor < ceiling.minor - all.minor {
        (ceiling, used) = (own, freight);
    }
    let left = Money::new((ceiling.minor - used.minor).max(0), Currency::Eur);
    Ok(Room { law, on, ceiling, used, left, counted })
}

fn concerns(award: &Award, holder: &Holder<'_>) -> bool {
    award.state == holder.state && holder.undertaking.contains(&award.to) && award.rules != Rules::GeneralInterest
}

/// A day on which awards drop out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relief {
    pub on: NaiveDate,
    /// Places of the awards.
    pub awards: Vec<usize>,
    pub frees: Money,
    /// What is left from this day on, if nothing new is granted; none when no law is known for the day.
    pub left: Option<Money>,
}

/// When what counts on a day drops out, the first first; each by the law of the day it drops out.
///
/// # Errors
/// As with [`room`].
pub fn outlook(awards: &[Award], holder: &Holder<'_>, on: NaiveDate) -> Result<Vec<Relief>, Fault> {
    let mut by_day: BTreeMap<NaiveDate, Vec<usize>> = BTreeMap::new();
    let now = room(awards, holder, on)?;
    for at in now.counted {
        by_day.entry(drops_out(awards[at].granted_on, holder.fiscal, on)).or_default().push(at);
    }
    // Later awards that are known already stay out of it.
    let known: Vec<Award> = awards.iter().copied().filter(|award| award.granted_on <= on).collect();
    let reliefs = by_day.into_iter().map(|(day, awards_out)| {
        let freed =
            awards_out.iter().try_fold(Money::zero(Currency::Eur), |sum, at| sum.checked_add(awards[*at].amount));
        let left = match room(&known, holder, day) {
            Ok(room) => Some(room.left),
            Err(Fault::NoLaw(_)) => None,
            Err(fault) => return Err(fault),
        };
        Ok(Relief { on: day, awards: awards_out, frees: freed?, left })
    });
    reliefs.collect()
}

/// The first day after `on` whose law no longer counts the award.
fn drops_out(granted_on: NaiveDate, fiscal: FiscalYear, on: NaiveDate) -> NaiveDate {
    let law = |day| Law::on(day).unwrap_or(&LAWS[0]);
    let days = LAWS.iter().flat_map(|law| [law.leaves(granted_on, fiscal), law.from]);
    let out = |day: &NaiveDate| *day > on && law(*day).leaves(granted_on, fiscal) <= *day;
    days.filter(out).min().unwrap_or(NaiveDate::MAX)
}
