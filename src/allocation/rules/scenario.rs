//! What a strategy comes to: for every proposal, every part, every agency and the pot.

use super::{
    pot::{self, Pot},
    reserve::{self, ReservePlace},
    setting::Setting,
    walk::Decision,
};
use entity::types::{
    ids::{OrganisationId, PartId, ProposalId},
    money::Money,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What became of a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Every part gets what it asked.
    Funded,
    /// Funded without some part, or with a part cut.
    Reduced,
    /// Every part gets what it asked, some of it from the pot.
    Filled,
    /// An agency lacks money.
    Skipped,
    /// The walk had ended above it.
    Stopped,
    /// The optimum takes others.
    NotChosen,
    /// What declined parts leave of it is no consortium.
    Broken,
}

impl Verdict {
    /// Whether the proposal is funded.
    pub fn funds(self) -> bool {
        matches!(self, Self::Funded | Self::Reduced | Self::Filled)
    }
}

/// What became of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// Gets what it asked; nothing, when it asked for nothing.
    Granted,
    /// Gets less.
    Cut,
    /// Gets what it asked, some of it from the pot.
    Filled,
    /// The grant was signed before and stays.
    Signed,
    /// The proposal goes on without it, because its agency cannot pay.
    Dropped,
    /// Its agency cannot pay it, and the proposal is not funded.
    Lacking,
    /// Its own agency could pay it, but the proposal fails elsewhere (domain.md 6.2).
    Stranded,
    /// The walk had ended above it.
    NotReached,
    /// It was declined.
    Declined,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartLine {
    pub part: PartId,
    pub agency: OrganisationId,
    pub asked: Money,
    /// What it gets from its agency and from the pot together.
    pub granted: Money,
    /// What of it the pot pays.
    pub filled: Money,
    pub fate: Fate,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScenarioLine {
    pub proposal: ProposalId,
    pub rank: u32,
    pub verdict: Verdict,
    pub parts: Vec<PartLine>,
    /// The agencies whose money does not suffice for the whole proposal at its turn, and what they lack; for what the
    /// optimum does not choose, beside all it chooses.
    pub lacking: Vec<(OrganisationId, Money)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgencyLine {
    pub agency: OrganisationId,
    pub budget: Money,
    /// By all candidates together, without declined parts.
    pub asked: Money,
    /// From its own budget.
    pub granted: Money,
    pub left: Money,
    /// What the parts would get that are stranded.
    pub stranded: Money,
    /// How many times the budget was asked, in basis points rounded up: 25 000 is two and a half times. None without a
    /// budget.
    pub subscribed: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PotLine {
    pub money: Money,
    pub paid: Money,
    pub left: Money,
}

/// Who is funded with how much.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scenario {
    /// In the order of the walk.
    pub lines: Vec<ScenarioLine>,
    /// In the order of the setting.
    pub agencies: Vec<AgencyLine>,
    pub pot: Option<PotLine>,
    /// Every agency's parts that wait for money, in the order of the walk.
    pub reserve: BTreeMap<OrganisationId, Vec<ReservePlace>>,
    /// Proposals funded, and their scores in hundredths of points.
    pub funded: usize,
    pub score: i64,
    /// What agencies and pot give, in the currency of the call: each sum converted once, rounded half up.
    pub granted: Money,
    /// Proposals that are not funded although one behind them is.
    pub passed_over: usize,
}

impl Scenario {
    pub(super) fn of(setting: &Setting, pot: Option<&Pot>, decisions: &[Decision]) -> Self {
        let lines = decisions.iter().enumerate().map(|(at, decision)| line(setting, at, decision));
        Self::summed(setting, lines.collect(), pot.map(|pot| pot.money))
    }

    /// The sums of lines that stand in the order of the setting.
    fn summed(setting: &Setting, lines: Vec<ScenarioLine>, pot: Option<Money>) -> Self {
        let places = setting.places();
        let mut agencies: Vec<AgencyLine> = setting.agencies.iter().map(AgencyLine::empty).collect();
        let mut cost = 0_i64;
        for line in &lines {
            let mut filled: BTreeMap<usize, i64> = BTreeMap::new();
            for part in &line.parts {
                let place = places[&part.agency];
                agencies[place].add(part);
                *filled.entry(place).or_default() += part.filled.minor;
            }
            // The pot pays an agency's gap of a proposal at once, so that it is rounded once.
            cost += filled.into_iter().map(|(agency, minor)| pot::cost(setting, agency, minor)).sum::<i64>();
        }
        for line in &mut agencies {
            line.left.minor = line.budget.minor - line.granted.minor;
            line.subscribed = line.asked.share_of(line.budget);
        }
        let in_call = agencies.iter().enumerate().map(|(at, line)| setting.in_call(at, line.granted.minor).minor);
        let granted = in_call.fold(cost, i64::saturating_add);
        let funds = |line: &ScenarioLine| line.verdict.funds();
        let last = lines.iter().rposition(funds).unwrap_or(0);
        let money = |minor| Money::new(minor, setting.currency);
        Self {
            funded: lines.iter().filter(|line| funds(line)).count(),
            score: setting
                .candidates
                .iter()
                .zip(&lines)
                .filter(|(_, line)| funds(line))
                .map(|(one, _)| i64::from(one.score.as_hundredths()))
                .sum(),
            granted: money(granted),
            passed_over: lines[..last].iter().filter(|line| !funds(line) && line.verdict != Verdict::Broken).count(),
            reserve: reserve::lists(&lines),
            pot: pot.map(|pot| PotLine { money: pot, paid: money(cost), left: money(pot.minor - cost) }),
            lines,
            agencies,
        }
    }

    /// The same for somebody for whom some proposals were never handed in: neither a place nor a sum tells of them,
    /// and what was lacking is not said, because it tells what others got. `setting` is without them already.
    #[must_use]
    pub fn without(&self, setting: &Setting, hidden: &BTreeSet<ProposalId>) -> Self {
        let ranks: BTreeMap<ProposalId, u32> =
            setting.candidates.iter().map(|candidate| (candidate.proposal, candidate.rank)).collect();
        let line = |line: &ScenarioLine| {
            let rank = *ranks.get(&line.proposal).filter(|_| !hidden.contains(&line.proposal))?;
            Some(ScenarioLine { rank, lacking: Vec::new(), ..line.clone() })
        };
        Self::summed(setting, self.lines.iter().filter_map(line).collect(), self.pot.map(|pot| pot.money))
    }

    /// The proposals that are funded, in the order of the walk.
    pub fn winners(&self) -> impl Iterator<Item = &ScenarioLine> {
        self.lines.iter().filter(|line| line.verdict.funds())
    }
}

impl AgencyLine {
    fn empty(agency: &super::Agency) -> Self {
        let zero = Money::zero(agency.budget.currency);
        let budget = agency.budget;
        Self { agency: agency.id, budget, asked: zero, granted: zero, left: zero, stranded: zero, subscribed: None }
    }

    fn add(&mut self, part: &PartLine) {
        if part.fate != Fate::Declined {
            self.asked.minor += part.asked.minor;
        }
        self.granted.minor += part.granted.minor - part.filled.minor;
        if part.fate == Fate::Stranded {
            self.stranded.minor += part.asked.minor;
        }
    }
}

fn line(setting: &Setting, at: usize, decision: &Decision) -> ScenarioLine {
    let candidate = &setting.candidates[at];
    let lacking: Vec<(OrganisationId, Money)> = decision
        .lacking
        .iter()
        .map(|(agency, missing)| {
            let agency = &setting.agencies[*agency];
            (agency.id, Money::new(*missing, agency.budget.currency))
        })
        .collect();
    let parts = candidate.parts.iter().zip(&decision.grants).zip(&decision.filled).map(|((part, grant), filled)| {
        let fate = match grant {
            _ if setting.declined.contains(&part.part) => Fate::Declined,
            _ if setting.signed.contains_key(&part.part) => Fate::Signed,
            Some(_) if *filled > 0 => Fate::Filled,
            Some(grant) if *grant < part.asked.minor => Fate::Cut,
            Some(_) => Fate::Granted,
            None if decision.verdict.funds() => Fate::Dropped,
            None if decision.verdict == Verdict::Stopped => Fate::NotReached,
            None if part.asked.minor > 0 && lacking.iter().any(|(agency, _)| *agency == part.agency) => Fate::Lacking,
            None => Fate::Stranded,
        };
        PartLine {
            part: part.part,
            agency: part.agency,
            asked: part.asked,
            granted: Money::new(grant.unwrap_or(0), part.asked.currency),
            filled: Money::new(*filled, part.asked.currency),
            fate,
        }
    });
    ScenarioLine {
        proposal: candidate.proposal,
        rank: candidate.rank,
        verdict: decision.verdict,
        parts: parts.collect(),
        lacking,
    }
}
