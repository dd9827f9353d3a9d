//! Walking down a ranking with every agency's own budget (virtual common pot; domain.md 6.4).
//!
//! Strict skip, the rule of Eurostars: from the top, a proposal is funded only if every part of it fits what its
//! agency has left; otherwise it is skipped and the walk goes on.

use entity::types::ids::{OrganisationId, PartId, ProposalId};
use std::collections::BTreeMap;

/// What one proposal asks for, in rank order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    pub proposal: ProposalId,
    /// Each part with its agency and the grant in minor units of the agency's currency; 0 needs no money.
    pub parts: Vec<(PartId, OrganisationId, i64)>,
}

/// What became of one proposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub proposal: ProposalId,
    pub funded: bool,
    /// The agencies whose money does not suffice, and how much they lack.
    pub lacking: Vec<(OrganisationId, i64)>,
    /// What every agency has left after this line.
    pub remaining: BTreeMap<OrganisationId, i64>,
}

/// The walk from the first to the last rank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allocation {
    pub lines: Vec<Line>,
    /// What every agency has left at the end.
    pub remaining: BTreeMap<OrganisationId, i64>,
}

/// Walks down the ranking; an agency without a budget has none.
pub fn strict_skip(ranking: &[Ask], budgets: &BTreeMap<OrganisationId, i64>) -> Allocation {
    let mut left = budgets.clone();
    let mut lines = Vec::with_capacity(ranking.len());
    for ask in ranking {
        let needs = needs(ask);
        let lacking: Vec<(OrganisationId, i64)> = needs
            .iter()
            .map(|(agency, need)| (*agency, need.saturating_sub(left.get(agency).copied().unwrap_or(0))))
            .filter(|(_, missing)| *missing > 0)
            .collect();
        let funded = lacking.is_empty();
        if funded {
            for (agency, need) in needs {
                *left.entry(agency).or_insert(0) -= need;
            }
        }
        lines.push(Line { proposal: ask.proposal, funded, lacking, remaining: left.clone() });
    }
    Allocation { lines, remaining: left }
}

/// What a proposal needs from each agency; two parts of one agency need their sum.
fn needs(ask: &Ask) -> BTreeMap<OrganisationId, i64> {
    let mut needs = BTreeMap::new();
    for (_, agency, minor) in ask.parts.iter().filter(|(.., minor)| *minor > 0) {
        let need: &mut i64 = needs.entry(*agency).or_insert(0);
        *need = need.saturating_add(*minor);
    }
    needs
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const LT: u128 = 1;
    const NO: u128 = 2;
    const DK: u128 = 3;

    fn agency(n: u128) -> OrganisationId {
        Uuid::from_u128(n).into()
    }

    fn ask(n: u128, parts: &[(u128, i64)]) -> Ask {
        let parts = parts
            .iter()
            .enumerate()
            .map(|(i, (a, minor))| (Uuid::from_u128(n * 100 + i as u128).into(), agency(*a), *minor));
        Ask { proposal: Uuid::from_u128(n).into(), parts: parts.collect() }
    }

    fn budgets(of: &[(u128, i64)]) -> BTreeMap<OrganisationId, i64> {
        of.iter().map(|(a, minor)| (agency(*a), *minor)).collect()
    }

    fn funded(allocation: &Allocation) -> Vec<bool> {
        allocation.lines.iter().map(|l| l.funded).collect()
    }

    /// The worked trap of domain.md 6.4.
    #[test]
    fn a_country_run_dry_is_skipped_and_the_next_is_funded() {
        let ranking = [ask(1, &[(LT, 12), (NO, 25)]), ask(2, &[(LT, 12), (DK, 30)]), ask(3, &[(DK, 30), (NO, 25)])];
        let result = strict_skip(&ranking, &budgets(&[(LT, 12), (NO, 1000), (DK, 1000)]));

        assert_eq!(funded(&result), [true, false, true]);
        assert_eq!(result.lines[1].lacking, vec![(agency(LT), 12)]);
        assert_eq!(result.lines[0].remaining, budgets(&[(LT, 0), (NO, 975), (DK, 1000)]));
        assert_eq!(result.remaining, budgets(&[(LT, 0), (NO, 950), (DK, 970)]));
    }

    #[test]
    fn every_agency_that_lacks_money_is_named() {
        let result = strict_skip(&[ask(1, &[(LT, 12), (NO, 25), (DK, 5)])], &budgets(&[(LT, 10), (DK, 5)]));

        assert_eq!(result.lines[0].lacking, vec![(agency(LT), 2), (agency(NO), 25)]);
        assert_eq!(result.remaining, budgets(&[(LT, 10), (DK, 5)]));
    }

    #[test]
    fn two_parts_of_one_agency_must_fit_together() {
        let ranking = [ask(1, &[(LT, 7), (LT, 6)]), ask(2, &[(LT, 7), (DK, 0)])];
        let result = strict_skip(&ranking, &budgets(&[(LT, 12)]));

        assert_eq!(funded(&result), [false, true]);
        assert_eq!(result.lines[0].lacking, vec![(agency(LT), 1)]);
    }

    #[test]
    fn no_agency_ever_spends_more_than_it_has() {
        let mut state = 7u64;
        let mut draw = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        for _ in 0..200 {
            let ranking: Vec<Ask> = (0..20)
                .map(|n| {
                    let parts: Vec<(u128, i64)> =
                        (0..1 + draw(3)).map(|_| (u128::from(draw(4)), draw(50) as i64)).collect();
                    ask(n + 1, &parts)
                })
                .collect();
            let before = budgets(&[(0, 100), (1, 60), (2, 30)]);
            let result = strict_skip(&ranking, &before);

            let mut spent: BTreeMap<OrganisationId, i64> = BTreeMap::new();
            for (ask, line) in ranking.iter().zip(&result.lines) {
                assert_eq!(line.funded, line.lacking.is_empty());
                for (_, agency, minor) in ask.parts.iter().filter(|_| line.funded) {
                    *spent.entry(*agency).or_insert(0) += minor;
                }
            }
            for (agency, budget) in &before {
                let spent = spent.get(agency).copied().unwrap_or(0);
                assert!(spent <= *budget);
                assert_eq!(result.remaining[agency], budget - spent);
            }
        }
    }
}
