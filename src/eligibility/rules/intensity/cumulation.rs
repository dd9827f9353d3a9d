//! What meets on the same eligible costs (GBER, Article 8; Regulation (EU) 2023/2831, Article 5).

use super::super::finding::{Finding, Source, Subject, Value};
use super::gber;
use entity::types::{
    money::{Money, MoneyError},
    share::Share,
};

/// What kind of support it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Support {
    /// State aid under a block exemption or a decision, with its own greatest share of these costs, or amount.
    Aid { most: Share, amount: Option<Money> },
    /// De minimis aid given for these costs.
    DeMinimis,
    /// De minimis aid for no identifiable costs: it may come on top.
    DeMinimisAtLarge,
    /// Union money that no Member State directs; no State aid, but within the greatest funding rate (Article 8(2)).
    Union { most: Share },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measure {
    pub support: Support,
    pub amount: Money,
}

/// What is found about the sum of measures on the same costs; numbers of [`Subject::Costs`] are the caller's.
///
/// The greatest share any of the aids allows is the limit for all of them together; a greater amount that one of them
/// allows is one too. De minimis aid alone has no share, only its ceiling.
///
/// # Errors
/// When currencies differ or a sum is too large.
pub fn together(costs: Money, measures: &[Measure], place: usize) -> Result<Vec<Finding>, MoneyError> {
    let zero = Money::zero(costs.currency);
    let sum = |counts: &dyn Fn(&Support) -> bool| {
        let mut counted = measures.iter().filter(|measure| counts(&measure.support));
        counted.try_fold(zero, |sum, measure| sum.checked_add(measure.amount))
    };
    let state = sum(&|support| matches!(support, Support::Aid { .. } | Support::DeMinimis))?;
    let all = sum(&|support| !matches!(support, Support::DeMinimisAtLarge))?;
    let mut found = Vec::new();
    let mut allowed: Option<Money> = None;
    for measure in measures {
        if let Support::Aid { most, amount } = measure.support {
            let own = amount.unwrap_or(zero).checked_sub(zero)?.minor.max(costs.times(most).minor);
            allowed = Some(Money::new(allowed.map_or(own, |known| known.minor.max(own)), costs.currency));
        }
    }
    if let Some(allowed) = allowed.filter(|allowed| state.minor > allowed.minor) {
        let de_minimis = measures.iter().any(|measure| measure.support == Support::DeMinimis);
        let (code, source) = if de_minimis {
            ("aid_and_de_minimis_over_limit", gber("Article 8(5)"))
        } else {
            ("aids_over_limit", gber("Article 8(3)"))
        };
        found.push(over(code, place, source, costs, state, allowed));
    }
    let union = measures.iter().filter_map(|measure| match measure.support {
        Support::Union { most } => Some(costs.times(most).minor),
        _ => None,
    });
    if let Some(union) = union.max() {
        let most = Money::new(allowed.map_or(union, |allowed| allowed.minor.max(union)), costs.currency);
        if all.minor > most.minor {
            found.push(over("union_and_state_over_limit", place, gber("Article 8(2)"), costs, all, most));
        }
    }
    if all.minor > costs.minor {
        found.push(over("costs_paid_twice", place, gber("Article 8"), costs, all, costs));
    }
    Ok(found)
}

fn over(code: &'static str, place: usize, source: Source, costs: Money, sum: Money, allowed: Money) -> Finding {
    let over = Money::new(sum.minor - allowed.minor, sum.currency);
    let found = Finding::blocks(code, Subject::Costs(place), source);
    let found = found.with("sum", sum).with("allowed", allowed).with("over", over);
    match sum.share_of(costs).and_then(|share| i64::try_from(share).ok()) {
        Some(share) => found.with("share", Value::BasisPoints(share)),
        None => found,
    }
}
