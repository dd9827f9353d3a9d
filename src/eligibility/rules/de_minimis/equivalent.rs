//! The gross grant equivalent: what aid in another form than a grant is worth (Regulation (EU) 2023/2831, Articles 3(5),
//! 3(6) and 4).

use chrono::{Datelike, Months, NaiveDate};
use entity::types::{money::Money, share::Share};

/// A service given below its price, such as a study trip a cluster pays for: the market price less what the firm pays,
/// never below nothing. None when the currencies differ.
pub fn of_service(market_price: Money, paid: Money) -> Option<Money> {
    let worth = market_price.checked_sub(paid).ok()?;
    Some(Money::new(worth.minor.max(0), worth.currency))
}

/// What each of several firms gets of a service for all of them, in equal parts; the cents left over go to the first, so
/// that none is lost.
pub fn of_joint_service(worth: Money, firms: u32) -> Vec<Money> {
    let Some(count) = std::num::NonZeroU32::new(firms).map(|count| i64::from(count.get())) else { return Vec::new() };
    let (each, rest) = (worth.minor.div_euclid(count), worth.minor.rem_euclid(count));
    (0..count).map(|at| Money::new(each + i64::from(at < rest), worth.currency)).collect()
}

/// An aid paid in instalments, each discounted to the day of the grant by the yearly rate in force on that day
/// (Article 3(6)): compound over whole years, simple over the days of a broken one, and rounded up to the cent, so that
/// the equivalent is never told too small. An instalment paid by the day of the grant is worth itself. None of nothing,
/// or when the currencies differ.
pub fn of_instalments(granted_on: NaiveDate, rate: Share, instalments: &[(NaiveDate, Money)]) -> Option<Money> {
    let (_, first) = instalments.first()?;
    instalments.iter().try_fold(Money::zero(first.currency), |sum, (paid_on, amount)| {
        sum.checked_add(Money::new(discounted(granted_on, *paid_on, rate, amount.minor)?, amount.currency)).ok()
    })
}

fn discounted(granted_on: NaiveDate, paid_on: NaiveDate, rate: Share, minor: i64) -> Option<i64> {
    /// Parts of a cent that are carried from year to year.
    const FINE: i128 = 1_000_000_000;
    const WHOLE: i128 = 10_000;
    let rate = i128::from(rate.basis_points());
    let mut worth = i128::from(minor) * FINE;
    let mut years = u32::try_from(paid_on.year() - granted_on.year()).unwrap_or(0);
    let after = |years: u32| granted_on.checked_add_months(Months::new(12 * years));
    if years > 0 && after(years)? > paid_on {
        years -= 1;
    }
    for _ in 0..years {
        worth = up(worth * WHOLE, WHOLE + rate);
    }
    let days = i128::from((paid_on - after(years)?).num_days().max(0));
    worth = up(worth * WHOLE * 365, WHOLE * 365 + rate * days);
    i64::try_from(up(worth, FINE)).ok()
}

fn up(number: i128, by: i128) -> i128 {
    (number + by - 1).div_euclid(by)
}
