//! What a decision may say.

use crate::{
    allocation::rules::{Fate, PartLine, ScenarioLine, words::listed},
    kernel::error::Refusal,
};
use chrono::{Months, NaiveDate};
use entity::types::{
    digest,
    ids::{OrganisationId, PartId, ProposalId},
    money::Money,
    states::Outcome,
    terms::AnnexTerms,
};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// Days in which an applicant may ask for a review (as in joint ERA-NET calls, domain.md 2.3).
pub const REDRESS_DAYS: u32 = 30;

/// How long a reserve list holds when its agency names no other day. Assumed: domain.md 6.4 asks for an expiry, no
/// call text says how long.
const RESERVE_MONTHS: u32 = 12;

/// A ranked proposal with the parts that can be decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RankedParts {
    pub proposal: ProposalId,
    pub rank: i32,
    /// Above all thresholds.
    pub passes: bool,
    /// What the remaining parts break of the consortium rule.
    pub broken: Vec<String>,
    /// Part, agency, requested grant in minor units of the agency.
    pub parts: Vec<(PartId, OrganisationId, i64)>,
}

impl RankedParts {
    /// Whether the proposal can be funded at all: above all thresholds, with a consortium that stands.
    pub fn competes(&self) -> bool {
        self.passes && self.broken.is_empty()
    }
}

/// An outcome the adopted scenario proposes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposed {
    pub outcome: Outcome,
    pub minor: i64,
    pub reason: String,
}

/// Outcomes from an adopted scenario (domain.md 6.4): funded parts get what it grants, parts above the thresholds whose
/// agencies lack money go to the reserve list, the rest is not funded. `names` are the agencies' names for the reasons.
pub fn propose(
    ranked: &[RankedParts],
    course: &BTreeMap<ProposalId, ScenarioLine>,
    names: &BTreeMap<OrganisationId, String>,
) -> BTreeMap<PartId, Proposed> {
    let mut proposed = BTreeMap::new();
    for proposal in ranked {
        let line = course.get(&proposal.proposal).filter(|_| proposal.competes());
        for &(part, ..) in &proposal.parts {
            let fate = line.and_then(|line| Some((line, line.parts.iter().find(|one| one.part == part)?)));
            let one = match fate {
                Some((line, fate)) => by_fate(proposal.rank, line, fate, names),
                // R3 and R6 of the call: what remains of a consortium must still be one.
                None if !proposal.broken.is_empty() && proposal.passes => Proposed {
                    outcome: Outcome::Reject,
                    minor: 0,
                    reason: format!(
                        "The remaining parts of the proposal break the consortium rule of the call: {}.",
                        proposal.broken.join("; ")
                    ),
                },
                None if proposal.passes => Proposed {
                    outcome: Outcome::Reserve,
                    minor: 0,
                    reason: format!(
                        "The proposal is above all thresholds, at place {}, but the adopted allocation does not hold it.",
                        proposal.rank
                    ),
                },
                None => Proposed {
                    outcome: Outcome::Reject,
                    minor: 0,
                    reason: "The proposal did not reach a threshold of the call.".to_owned(),
                },
            };
            proposed.insert(part, one);
        }
    }
    proposed
}

/// What is proposed for one part, with the reason its applicant reads.
fn by_fate(rank: i32, line: &ScenarioLine, part: &PartLine, names: &BTreeMap<OrganisationId, String>) -> Proposed {
    let name = |agency: &OrganisationId| names.get(agency).map_or("an agency", String::as_str);
    let lacking: Vec<&str> = line.lacking.iter().map(|(agency, _)| name(agency)).collect();
    let holds = format!("The proposal holds place {rank} of the joint ranking");
    let above = format!("The proposal is above all thresholds, at place {rank}, but");
    let (outcome, reason) = match part.fate {
        Fate::Granted | Fate::Signed => (Outcome::Fund, format!("{holds}.")),
        Fate::Cut => {
            let own = name(&part.agency);
            (
                Outcome::Fund,
                format!("{holds}. The rest of the budget of {own} pays {} of {}.", part.granted, part.asked),
            )
        }
        Fate::Filled => (Outcome::Fund, format!("{holds}. The common pot of the call pays {} of it.", part.filled)),
        Fate::Dropped => {
            let own = name(&part.agency);
            (Outcome::Reserve, format!("{holds} and goes on without this part, because the budget of {own} is spent."))
        }
        Fate::NotReached => (Outcome::Reserve, format!("{above} the money ended with a proposal before it.")),
        Fate::Lacking | Fate::Stranded | Fate::Declined if lacking.is_empty() => {
            (Outcome::Reserve, format!("{above} the budgets do not suffice."))
        }
        Fate::Lacking | Fate::Stranded | Fate::Declined => {
            (Outcome::Reserve, format!("{above} the budget of {} is spent.", listed(&lacking, 0)))
        }
    };
    Proposed { outcome, minor: part.granted.minor, reason }
}

/// The last day of a reserve list that begins today.
pub fn reserve_until(today: NaiveDate) -> NaiveDate {
    today.checked_add_months(Months::new(RESERVE_MONTHS)).unwrap_or(today)
}

/// The outcome in words; a part of an agency that pays nothing takes part without a grant.
pub fn outcome_label(outcome: Outcome, amount: Money) -> &'static str {
    match outcome {
        Outcome::Fund if amount.minor == 0 => "Takes part without a grant",
        outcome => outcome.label(),
    }
}

/// A decision as somebody looked at it before confirming or releasing it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decided {
    pub part: PartId,
    pub version: i64,
    pub outcome: Outcome,
    pub amount: Money,
}

impl Decided {
    /// A short mark that changes with the decision and tells nothing about it.
    pub fn mark(&self) -> String {
        let text = format!("{} {} {} {}", self.part, self.version, self.outcome.word(), self.amount);
        digest::hex(&Sha256::digest(text))[..16].to_owned()
    }
}

/// What a form carries of the decisions it shows: their marks, in no telling order.
pub fn seen(decisions: &[Decided]) -> String {
    let marks: BTreeSet<String> = decisions.iter().map(Decided::mark).collect();
    marks.into_iter().collect::<Vec<_>>().join(" ")
}

/// The fingerprint of a list of decisions.
pub fn fingerprint(decisions: &[Decided]) -> String {
    digest::hex(&Sha256::digest(seen(decisions)))
}

/// What changed since somebody looked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changes {
    /// Parts whose decision is new or another one.
    pub other: Vec<PartId>,
    /// How many of the decisions that were seen are no longer there.
    pub gone: usize,
}

/// Compares what a form has seen with what stands now; none when nothing changed.
pub fn changed_since(seen: &str, now: &[Decided]) -> Option<Changes> {
    let mut before: BTreeSet<&str> = seen.split_whitespace().collect();
    let other: Vec<PartId> = now.iter().filter(|d| !before.remove(d.mark().as_str())).map(|d| d.part).collect();
    // A changed decision is one of those that are not there any more.
    let gone = before.len().saturating_sub(other.len());
    (!other.is_empty() || !before.is_empty()).then_some(Changes { other, gone })
}

/// Whether an agency may give this amount for this part: within what was asked, floor and ceiling (call text). A part
/// that asks for no money, as those of cooperation and extended partners do, takes part without any.
///
/// # Errors
/// The first limit that stands against it.
pub fn check_amount(annex: &AnnexTerms, requested: Money, amount: Money) -> Result<(), Refusal> {
    let refuse = |code, message| Err(Refusal { code, message });
    if requested.minor == 0 {
        return match amount.minor {
            0 => Ok(()),
            _ => refuse("no_money_asked", "The part asks for no money of this call; none can be granted.".to_owned()),
        };
    }
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
    use crate::allocation::rules::Verdict;
    use entity::types::money::Currency::Eur;
    use uuid::Uuid;

    fn agency(n: u128) -> OrganisationId {
        Uuid::from_u128(n).into()
    }

    #[test]
    fn the_adopted_scenario_funds_reserves_and_rejects() {
        let part = |n: u128| PartId::from(Uuid::from_u128(n));
        let proposal = |n: i32| ProposalId::from(Uuid::from_u128(u128::try_from(n).unwrap()));
        let ranked = |rank, passes, broken: &[&str], parts: &[u128]| RankedParts {
            proposal: proposal(rank),
            rank,
            passes,
            broken: broken.iter().map(ToString::to_string).collect(),
            parts: parts.iter().map(|n| (part(*n), agency(1), 12)).collect(),
        };
        let ranked = [
            ranked(1, true, &[], &[1, 2]),
            ranked(2, true, &["Only one country is left"], &[6]),
            ranked(3, true, &[], &[3, 4]),
            ranked(4, false, &[], &[5]),
            ranked(5, true, &[], &[7, 8]),
        ];
        let eur = |minor| Money::new(minor, Eur);
        let fate = |n: u128, fate, granted| PartLine {
            part: part(n),
            agency: agency(1),
            asked: eur(12),
            granted: eur(granted),
            filled: eur(0),
            fate,
        };
        let line = |n: i32, verdict, parts: Vec<PartLine>, lacking| ScenarioLine {
            proposal: proposal(n),
            rank: u32::try_from(n).unwrap(),
            verdict,
            parts,
            lacking,
        };
        let short = vec![(agency(1), eur(12))];
        let course = [
            line(1, Verdict::Funded, vec![fate(1, Fate::Granted, 12), fate(2, Fate::Granted, 12)], Vec::new()),
            line(2, Verdict::Funded, vec![fate(6, Fate::Granted, 12)], Vec::new()),
            line(3, Verdict::Skipped, vec![fate(3, Fate::Lacking, 0), fate(4, Fate::Stranded, 0)], short.clone()),
            line(5, Verdict::Reduced, vec![fate(7, Fate::Cut, 5), fate(8, Fate::Dropped, 0)], short),
        ];
        let course = course.into_iter().map(|line| (line.proposal, line)).collect();
        let names = BTreeMap::from([(agency(1), "MITA".to_owned())]);

        let proposed = propose(&ranked, &course, &names);

        let outcomes: Vec<Outcome> = proposed.values().map(|p| p.outcome).collect();
        let (fund, reserve, reject) = (Outcome::Fund, Outcome::Reserve, Outcome::Reject);
        assert_eq!(outcomes, [fund, fund, reserve, reserve, reject, reject, fund, reserve]);
        assert!(proposed[&part(3)].reason.contains("MITA"));
        assert!(proposed[&part(6)].reason.ends_with("Only one country is left."));
        assert_eq!(proposed[&part(7)].minor, 5);
        assert!(proposed[&part(8)].reason.contains("goes on without this part"));
    }

    #[test]
    fn a_part_that_asks_for_nothing_gets_nothing() {
        use crate::calls::archive::{read, shipped};
        let terms = read(shipped::INNOVATION_EXPRESS_2017).unwrap().annexes.remove(0).terms;
        let (zero, some) = (Money::zero(Eur), Money::new(1, Eur));

        assert!(check_amount(&terms, zero, zero).is_ok());
        assert_eq!(check_amount(&terms, zero, some).unwrap_err().code, "no_money_asked");
        assert_eq!(check_amount(&terms, Money::new(1_500_000, Eur), zero).unwrap_err().code, "amount_missing");
        assert_eq!(outcome_label(Outcome::Fund, zero), "Takes part without a grant");
        assert_eq!(outcome_label(Outcome::Fund, some), "Funded");
    }

    #[test]
    fn a_changed_decision_is_noticed_and_named() {
        let decided = |n: u128, version, minor| Decided {
            part: Uuid::from_u128(n).into(),
            version,
            outcome: Outcome::Fund,
            amount: Money::new(minor, Eur),
        };
        let before = [decided(1, 1, 10), decided(2, 1, 20)];

        assert_eq!(changed_since(&seen(&before), &before), None);
        assert_eq!(changed_since(&seen(&before), &[before[1], before[0]]), None);
        let other = changed_since(&seen(&before), &[before[0], decided(2, 2, 20)]);
        assert_eq!(other, Some(Changes { other: vec![before[1].part], gone: 0 }));
        let fewer = changed_since(&seen(&before), &before[..1]);
        assert_eq!(fewer, Some(Changes { other: vec![], gone: 1 }));
        assert_ne!(fingerprint(&before), fingerprint(&before[..1]));
    }

    #[test]
    fn a_budget_is_never_exceeded_by_a_cent() {
        let budget = Money::new(6_000_000, Eur);
        assert!(check_budget(budget, Money::new(6_000_000, Eur)).is_ok());
        assert_eq!(check_budget(budget, Money::new(6_000_001, Eur)).unwrap_err().code, "over_budget");
    }
}
