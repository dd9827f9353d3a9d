//! A grant is declined: the walk runs again around what is settled and proposes the next (domain.md 6.4).

use super::{
    pot::{self, Pot},
    scenario::{Fate, Scenario},
    setting::{Refusal, Setting},
    strategies::{Strategy, allocate},
};
use entity::types::{
    ids::{OrganisationId, PartId, ProposalId},
    money::Money,
};
use std::collections::BTreeMap;

/// What is proposed after grants were declined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next {
    /// With what was declined and what was kept written into it: the start of the next round.
    pub setting: Setting,
    pub scenario: Scenario,
    /// Funded now and not before, in the order of the walk.
    pub proposed: Vec<ProposalId>,
    /// Funded before and not any more: what is left of them is no consortium.
    pub fallen: Vec<ProposalId>,
    /// What the agencies themselves had granted to declined and fallen parts.
    pub freed: Vec<(OrganisationId, Money)>,
}

/// Runs a walk again without the declined parts. All other grants of the scenario stay, signed or only awarded, as long
/// as their proposals stand: nobody loses a grant by somebody else's decline. Signed grants stay in any case. What the
/// pot pays of grants that stay is no longer in its money, nor in these grants.
///
/// # Errors
/// When the setting contradicts itself, or a signed grant is declined.
pub fn decline(
    setting: &Setting,
    strategy: &Strategy,
    before: &Scenario,
    declined: &[PartId],
) -> Result<Next, Refusal> {
    let mut then = setting.clone();
    then.declined.extend(declined.iter().copied());
    for (candidate, line) in setting.candidates.iter().zip(&before.lines).filter(|(_, line)| line.verdict.funds()) {
        // Parts that were dropped are no part of what was awarded.
        let awarded = |part: &PartId| {
            let own = line.parts.iter().find(|one| one.part == *part);
            own.is_some_and(|one| !matches!(one.fate, Fate::Dropped | Fate::Declined))
        };
        let kept = candidate.parts.iter().filter(|one| awarded(&one.part) && !then.declined.contains(&one.part));
        let touched = candidate.parts.iter().filter(|one| declined.contains(&one.part) && awarded(&one.part)).count();
        let needed = candidate.parts.iter().any(|one| one.needed && then.declined.contains(&one.part));
        if touched > 0 && (needed || !setting.consortium.stands(kept.clone())) {
            // Dropped parts do not come back to a proposal that fell.
            then.declined
                .extend(candidate.parts.iter().map(|one| one.part).filter(|part| !then.signed.contains_key(part)));
            continue;
        }
        let kept: Vec<PartId> = kept.map(|one| one.part).collect();
        for part in &line.parts {
            if kept.contains(&part.part) {
                // What the pot pays of a grant is no money of the agency.
                let own = Money::new(part.granted.minor - part.filled.minor, part.granted.currency);
                then.signed.entry(part.part).or_insert(own);
            }
        }
    }
    let strategy = rest_of_pot(setting, &then, strategy, before);
    let scenario = allocate(&then, &strategy)?;
    let (mut proposed, mut fallen) = (Vec::new(), Vec::new());
    for (now, old) in scenario.lines.iter().zip(&before.lines) {
        match (old.verdict.funds(), now.verdict.funds()) {
            (false, true) => proposed.push(now.proposal),
            (true, false) => fallen.push(now.proposal),
            _ => {}
        }
    }
    let mut freed: Vec<(OrganisationId, Money)> = Vec::new();
    for part in before.lines.iter().flat_map(|line| &line.parts) {
        let own = part.granted.minor - part.filled.minor;
        if own > 0 && then.declined.contains(&part.part) && !setting.declined.contains(&part.part) {
            match freed.iter_mut().find(|(agency, _)| *agency == part.agency) {
                Some((_, sum)) => sum.minor += own,
                None => freed.push((part.agency, Money::new(own, part.granted.currency))),
            }
        }
    }
    Ok(Next { setting: then, scenario, proposed, fallen, freed })
}

/// The pot without what it pays of the grants that stay.
fn rest_of_pot(setting: &Setting, then: &Setting, strategy: &Strategy, before: &Scenario) -> Strategy {
    let (Strategy::BalancingPot(pot), Some(line)) = (strategy, before.pot) else { return *strategy };
    let places = setting.places();
    let mut money = line.money;
    for line in &before.lines {
        let mut filled: BTreeMap<usize, i64> = BTreeMap::new();
        for part in line.parts.iter().filter(|part| !then.declined.contains(&part.part)) {
            *filled.entry(places[&part.agency]).or_default() += part.filled.minor;
        }
        money.minor -= filled.into_iter().map(|(agency, minor)| pot::cost(setting, agency, minor)).sum::<i64>();
    }
    Strategy::BalancingPot(Pot { money, ..*pot })
}
