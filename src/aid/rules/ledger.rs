//! The history of an undertaking's awards, each judged by the law of its own day.

use crate::eligibility::rules::{
    de_minimis::{Award, Fault, Holder, Judgement, judge},
    finding::Severity,
};
use entity::types::money::Money;

/// One award of the ledger, with what was left before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its place in the list that was given.
    pub award: usize,
    /// What counted before it, and what was left.
    pub used: Money,
    pub left: Money,
    pub covered: bool,
    pub judgement: Judgement,
}

/// Goes through the awards an undertaking got from one Member State in the order of their days. What falls out whole is
/// no de minimis aid and takes no room from what comes after it.
///
/// # Errors
/// When a day has no law or an amount cannot be used.
pub fn ledger(awards: &[Award], holder: &Holder<'_>) -> Result<Vec<Entry>, Fault> {
    let mut order: Vec<usize> = (0..awards.len()).collect();
    order.retain(|at| awards[*at].state == holder.state && holder.undertaking.contains(&awards[*at].to));
    order.sort_by_key(|at| (awards[*at].granted_on, *at));
    let mut standing: Vec<Award> = Vec::new();
    let mut entries = Vec::new();
    for at in order {
        let award = awards[at];
        let found = judge(&standing, &award, &Holder { trade: award.trade, ..*holder });
        let judgement = found.map_err(|fault| match fault {
            Fault::Amount(_) => Fault::Amount(at),
            other => other,
        })?;
        let covered = judgement.findings.iter().all(|finding| finding.severity != Severity::Blocks);
        if covered {
            standing.push(award);
        }
        let (used, left) = (judgement.room.used, judgement.room.left);
        entries.push(Entry { award: at, used, left, covered, judgement });
    }
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eligibility::rules::{
        de_minimis::{FiscalYear, Rules, Trade},
        ownership::Node,
    };
    use entity::types::money::Currency;
    use std::collections::BTreeSet;

    fn euro(whole: i64) -> Money {
        Money::new(whole * 100, Currency::Eur)
    }

    fn award(on: &str, amount: i64) -> Award {
        let (granted_on, state) = (on.parse().unwrap(), "NO".parse().unwrap());
        Award { granted_on, state, to: Node(1), amount: euro(amount), rules: Rules::General, trade: Trade::Other }
    }

    #[test]
    fn what_falls_out_takes_no_room() {
        let undertaking = BTreeSet::from([Node(1)]);
        let fiscal = FiscalYear::default();
        let holder = Holder { undertaking: &undertaking, state: "NO".parse().unwrap(), trade: Trade::Other, fiscal };
        let awards = [award("2024-09-01", 50_000), award("2022-03-01", 180_000), award("2023-05-01", 30_000)];
        let entries = ledger(&awards, &holder).unwrap();
        let told: Vec<_> = entries.iter().map(|entry| (entry.award, entry.used, entry.covered)).collect();
        assert_eq!(told, [(1, euro(0), true), (2, euro(180_000), false), (0, euro(180_000), true)]);
        let krona = Award { amount: Money::new(1, Currency::Nok), ..award("2024-01-01", 0) };
        assert_eq!(ledger(&[awards[0], krona], &holder), Err(Fault::Amount(1)));
    }
}
