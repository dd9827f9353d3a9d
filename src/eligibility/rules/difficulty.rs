//! The undertaking in difficulty: Regulation (EU) No 651/2014 (GBER), Article 2(18) (domain.md 3.4). Such an undertaking
//! gets no aid under the GBER (Article 1(4)(c)).
//!
//! Figures are those of the undertaking, so of the group where there is one, from its last accounts. Deliberately absent:
//! the seven years the article grants for risk finance, and the derogation of the years 2020 and 2021.

use super::finding::{Finding, Source, Subject, Value, ordered};
use chrono::{Months, NaiveDate};
use entity::types::money::Money;

/// Whether at least some members answer for the debts of the company.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Liability {
    /// Nobody does: a company of Annex I to Directive 2013/34/EU.
    Limited,
    /// Some do: a company of its Annex II, such as a partnership.
    Unlimited,
}

/// Own funds in the last accounts, all in one currency and in minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnFunds {
    /// Subscribed share capital, or the capital shown in the accounts of a partnership.
    pub capital: i64,
    /// Share premium; part of the capital for this test.
    pub premium: i64,
    /// Reserves and whatever else generally belongs to own funds, without capital and premium.
    pub reserves: i64,
    /// Results carried forward and that of the year: below nothing when losses have accumulated.
    pub result: i64,
}

/// One year's ratios of an undertaking that is no SME.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Year {
    pub debt: Money,
    pub equity: Money,
    /// Earnings before interest, taxes, depreciation and amortisation.
    pub ebitda: Money,
    pub interest: Money,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undertaking {
    pub liability: Liability,
    pub funds: OwnFunds,
    pub founded_on: NaiveDate,
    pub is_sme: bool,
    /// In collective insolvency proceedings, or fulfils the criteria for them at its creditors' request.
    pub insolvent: bool,
    /// Got rescue aid and has not repaid the loan or ended the guarantee.
    pub rescue_open: bool,
    /// Got restructuring aid and is still under the plan.
    pub restructuring: bool,
    /// The latest last; asked only of those that are no SME.
    pub years: Vec<Year>,
}

/// An act's place.
const fn gber(place: &'static str) -> Source {
    Source::new("Regulation (EU) No 651/2014", place)
}

/// What makes it an undertaking in difficulty on a day: any one finding that blocks is enough.
pub fn difficulties(undertaking: &Undertaking, on: NaiveDate) -> Vec<Finding> {
    let mut found = Vec::new();
    if let Some(losses) = losses(undertaking) {
        let (code, place) = match undertaking.liability {
            Liability::Limited => ("half_of_share_capital_lost", "Article 2(18)(a)"),
            Liability::Unlimited => ("half_of_capital_lost", "Article 2(18)(b)"),
        };
        let young = undertaking.is_sme && young(undertaking.founded_on, on);
        let with = if young {
            Finding::informs("young_sme_excepted", Subject::Case, gber(place))
        } else {
            Finding::blocks(code, Subject::Case, gber(place))
        };
        found.push(match losses {
            Some(share) => with.with("lost_share_of_capital", Value::BasisPoints(share)),
            None => with,
        });
    }
    for (holds, code, place) in [
        (undertaking.insolvent, "insolvency", "Article 2(18)(c)"),
        (undertaking.rescue_open, "rescue_aid_not_repaid", "Article 2(18)(d)"),
        (undertaking.restructuring, "under_restructuring_plan", "Article 2(18)(d)"),
    ] {
        if holds {
            found.push(Finding::blocks(code, Subject::Case, gber(place)));
        }
    }
    if !undertaking.is_sme {
        found.extend(ratios(&undertaking.years));
    }
    ordered(found)
}

/// Younger than three years: on the third birthday it is no longer.
fn young(founded_on: NaiveDate, on: NaiveDate) -> bool {
    founded_on.checked_add_months(Months::new(36)).is_some_and(|third| on < third)
}

/// How much of the capital is lost when it is more than half, in basis points rounded up, as far as there is any capital;
/// reserves absorb losses first.
fn losses(undertaking: &Undertaking) -> Option<Option<i64>> {
    let OwnFunds { capital, premium, reserves, result } = undertaking.funds;
    let capital = i128::from(capital) + i128::from(premium);
    let below = -(i128::from(reserves) + i128::from(result));
    if below <= 0 || below * 2 <= capital {
        return None;
    }
    let share = (capital > 0).then(|| (below * 10_000 + capital - 1) / capital);
    Some(share.map(|share| i64::try_from(share).unwrap_or(i64::MAX)))
}

/// For each of the last two years debt above seven and a half times equity, and earnings below the interest; equity of
/// nothing or less is above any ratio, as long as there is debt.
fn ratios(years: &[Year]) -> Option<Finding> {
    let source = gber("Article 2(18)(e)");
    let [.., before, last] = years else {
        return Some(Finding::warns("two_years_of_ratios_missing", Subject::Case, source));
    };
    let same = |year: &Year| {
        [year.equity, year.ebitda, year.interest].iter().all(|money| money.currency == year.debt.currency)
    };
    if ![before, last].into_iter().all(same) {
        return Some(Finding::warns("two_years_of_ratios_missing", Subject::Case, source));
    }
    let indebted = |year: &Year| {
        let debt = i128::from(year.debt.minor);
        debt > 0 && debt * 2 > i128::from(year.equity.minor.max(0)) * 15
    };
    let uncovered = |year: &Year| year.interest.minor > 0 && year.ebitda.minor < year.interest.minor;
    let both = [before, last].into_iter().all(|year| indebted(year) && uncovered(year));
    both.then(|| {
        let hundredths = |of: i64, to: i64| {
            Value::Hundredths(i64::try_from(i128::from(of) * 100 / i128::from(to.max(1))).unwrap_or(i64::MAX))
        };
        let found = Finding::blocks("debt_and_interest_ratios", Subject::Case, source);
        let found = found.with("interest_cover", hundredths(last.ebitda.minor, last.interest.minor));
        if last.equity.minor > 0 {
            found.with("debt_to_equity", hundredths(last.debt.minor, last.equity.minor))
        } else {
            found
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use entity::types::money::Currency;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn sound() -> Undertaking {
        Undertaking {
            liability: Liability::Limited,
            funds: OwnFunds { capital: 100, premium: 20, reserves: 10, result: 0 },
            founded_on: day("2020-02-29"),
            is_sme: true,
            insolvent: false,
            rescue_open: false,
            restructuring: false,
            years: vec![],
        }
    }

    fn lost(result: i64) -> Undertaking {
        Undertaking { funds: OwnFunds { result, ..sound().funds }, ..sound() }
    }

    fn codes(undertaking: &Undertaking, on: &str) -> Vec<&'static str> {
        difficulties(undertaking, day(on)).iter().map(|finding| finding.code).collect()
    }

    fn year(debt: i64, equity: i64, ebitda: i64, interest: i64) -> Year {
        let [debt, equity, ebitda, interest] = [debt, equity, ebitda, interest].map(|n| Money::new(n, Currency::Eur));
        Year { debt, equity, ebitda, interest }
    }

    #[test]
    fn losses_eat_reserves_first_and_then_more_than_half_of_capital_and_premium() {
        // Capital with premium is 120; reserves are 10.
        assert_eq!(codes(&lost(-70), "2025-01-01"), Vec::<&str>::new());
        assert_eq!(codes(&lost(-71), "2025-01-01"), ["half_of_share_capital_lost"]);
        let found = difficulties(&lost(-130), day("2025-01-01"));
        assert_eq!(found[0].figure("lost_share_of_capital"), Some(Value::BasisPoints(10_000)));
        let partnership = Undertaking { liability: Liability::Unlimited, ..lost(-71) };
        assert_eq!(codes(&partnership, "2025-01-01"), ["half_of_capital_lost"]);
    }

    #[test]
    fn an_sme_younger_than_three_years_is_excepted_from_losses_only() {
        assert_eq!(codes(&lost(-500), "2023-02-27"), ["young_sme_excepted"]);
        assert_eq!(codes(&lost(-500), "2023-02-28"), ["half_of_share_capital_lost"]);
        let insolvent = Undertaking { insolvent: true, ..lost(-500) };
        assert_eq!(codes(&insolvent, "2021-01-01"), ["insolvency", "young_sme_excepted"]);
        let large = Undertaking { is_sme: false, years: vec![year(1, 1, 1, 1); 2], ..lost(-500) };
        assert_eq!(codes(&large, "2021-01-01"), ["half_of_share_capital_lost"]);
    }

    #[test]
    fn rescue_and_restructuring_block() {
        let undertaking = Undertaking { rescue_open: true, restructuring: true, ..sound() };
        assert_eq!(codes(&undertaking, "2025-01-01"), ["rescue_aid_not_repaid", "under_restructuring_plan"]);
    }

    #[test]
    fn ratios_need_both_in_both_years_and_no_sme() {
        let with =
            |is_sme, years: [Year; 2]| codes(&Undertaking { is_sme, years: years.to_vec(), ..sound() }, "2025-01-01");
        let bad = year(751, 100, 9, 10);
        assert_eq!(with(false, [bad, bad]), ["debt_and_interest_ratios"]);
        assert_eq!(with(true, [bad, bad]), Vec::<&str>::new());
        assert_eq!(with(false, [year(750, 100, 9, 10), bad]), Vec::<&str>::new());
        assert_eq!(with(false, [bad, year(751, 100, 10, 10)]), Vec::<&str>::new());
        assert_eq!(with(false, [year(1, -5, 0, 10), bad]), ["debt_and_interest_ratios"]);
        assert_eq!(with(false, [year(0, 0, 0, 10), bad]), Vec::<&str>::new());
        let unknown = Undertaking { is_sme: false, ..sound() };
        assert_eq!(codes(&unknown, "2025-01-01"), ["two_years_of_ratios_missing"]);
    }
}
