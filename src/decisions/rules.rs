//! What a decision may say.

use crate::{allocation::rules::Allocation, kernel::error::Refusal};
use entity::types::{
    ids::{OrganisationId, PartId},
    money::Money,
    states::Outcome,
    terms::AnnexTerms,
};
use std::collections::BTreeMap;

/// A ranked proposal with the parts that can be decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RankedParts {
    pub rank: i32,
    /// Above all thresholds.
    pub passes: bool,
    /// Part, agency, requested grant in minor units of the agency.
    pub parts: Vec<(PartId, OrganisationId, i64)>,
}

/// An outcome the walk down the ranking proposes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposed {
    pub outcome: Outcome,
    pub minor: i64,
    pub reason: String,
}

/// Outcomes from a walk (strict skip: virtual common pot, domain.md 6.4): funded proposals get what they asked
/// for, proposals above the thresholds whose agencies lack money go to the reserve list, the rest is not funded.
/// `names` are the agencies' names for the reasons.
pub fn propose(
    ranked: &[RankedParts],
    allocation: &Allocation,
    names: &BTreeMap<OrganisationId, String>,
) -> BTreeMap<PartId, Proposed> {
    let mut proposed = BTreeMap::new();
    let mut lines = allocation.lines.iter();
    for proposal in ranked {
        let line = if proposal.passes { lines.next() } else { None };
        for &(part, _, minor) in &proposal.parts {
            let one = match line {
                None => Proposed {
                    outcome: Outcome::Reject,
                    minor: 0,
                    reason: "The proposal did not reach a threshold of the call.".to_owned(),
                },
                Some(line) if line.funded => Proposed {
                    outcome: Outcome::Fund,
                    minor,
                    reason: format!("The proposal holds place {} of the joint ranking.", proposal.rank),
                },
                Some(line) => {
                    let lacking: Vec<&str> = line
                        .lacking
                        .iter()
                        .map(|(agency, _)| names.get(agency).map_or("an agency", String::as_str))
                        .collect();
                    Proposed {
                        outcome: Outcome::Reserve,
                        minor,
                        reason: format!(
                            "The proposal is above all thresholds, at place {}, but the budget of {} is spent.",
                            proposal.rank,
                            lacking.join(" and ")
                        ),
                    }
                }
            };
            proposed.insert(part, one);
        }
    }
    proposed
}

/// Whether an agency may give this amount for this part: within what was asked, floor and ceiling (call text).
///
/// # Errors
/// The first limit that stands against it.
pub fn check_amount(annex: &AnnexTerms, requested: Money, amount: Money) -> Result<(), Refusal> {
    let refuse = |code, message| Err(Refusal { code, message });
    if amount.minor <= 0 {
        return refuse("amount_missing", "A funded part needs an amount above zero.".to_owned());
    }
    if amount.minor > requested.minor {
        return refuse("over_request", format!("The part asked for {requested}; more cannot be granted."));
    }
    if let Some(ceiling) = annex.ceiling.filter(|c| amount.minor > c.minor) {
        return refuse("over_ceiling", format!("The agency grants at most {ceiling} for one part."));
    }
    if let Some(floor) = annex.floor.filter(|f| amount.minor < f.minor) {
        return refuse("under_floor", format!("The agency grants at least {floor} for one part."));
    }
    Ok(())
}

/// Whether the budget carries what is to be funded.
///
/// # Errors
/// `over_budget` with the missing amount.
pub fn check_budget(budget: Money, funded: Money) -> Result<(), Refusal> {
    if funded.minor <= budget.minor {
        return Ok(());
    }
    let missing = Money::new(funded.minor - budget.minor, budget.currency);
    Err(Refusal { code: "over_budget", message: format!("The agency's budget of {budget} lacks {missing} for this.") })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::allocation::rules::{Ask, strict_skip};
    use entity::types::money::Currency::Eur;
    use uuid::Uuid;

    fn agency(n: u128) -> OrganisationId {
        Uuid::from_u128(n).into()
    }

    #[test]
    fn the_walk_funds_reserves_and_rejects() {
        let part = |n: u128| PartId::from(Uuid::from_u128(n));
        let ranked = [
            RankedParts { rank: 1, passes: true, parts: vec![(part(1), agency(1), 12), (part(2), agency(2), 25)] },
            RankedParts { rank: 2, passes: true, parts: vec![(part(3), agency(1), 12), (part(4), agency(2), 30)] },
            RankedParts { rank: 3, passes: false, parts: vec![(part(5), agency(2), 1)] },
        ];
        let asks: Vec<Ask> = ranked
            .iter()
            .filter(|r| r.passes)
            .map(|r| Ask { proposal: Uuid::from_u128(9).into(), parts: r.parts.clone() })
            .collect();
        let budgets = BTreeMap::from([(agency(1), 12), (agency(2), 1_000)]);
        let names = BTreeMap::from([(agency(1), "MITA".to_owned())]);

        let proposed = propose(&ranked, &strict_skip(&asks, &budgets), &names);

        let outcomes: Vec<Outcome> = proposed.values().map(|p| p.outcome).collect();
        assert_eq!(outcomes, [Outcome::Fund, Outcome::Fund, Outcome::Reserve, Outcome::Reserve, Outcome::Reject]);
        assert!(proposed[&part(3)].reason.contains("MITA"));
    }

    #[test]
    fn a_budget_is_never_exceeded_by_a_cent() {
        let budget = Money::new(6_000_000, Eur);
        assert!(check_budget(budget, Money::new(6_000_000, Eur)).is_ok());
        assert_eq!(check_budget(budget, Money::new(6_000_001, Eur)).unwrap_err().code, "over_budget");
    }
}
