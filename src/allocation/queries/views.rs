//! A computed scenario as people read it: names for ids, running sums for curves, reserve lists.

use super::{Eyes, Kept};
use crate::allocation::rules::{
    Change, Fate, LeftOut, Outcome, PartLine, ReservePlace, ScenarioLine, Setting, TieReason, Verdict,
    words::{change, listed, tie},
};
use entity::types::{
    ids::{OrganisationId, PartId, ProposalId},
    money::Money,
};
use std::collections::BTreeMap;

/// One agency with its money.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgencyView {
    pub id: OrganisationId,
    pub name: String,
    pub budget: Money,
    /// The budget of the call, when the scenario asks what if it were another.
    pub called: Option<Money>,
    pub asked: Money,
    pub granted: Money,
    pub left: Money,
    pub stranded: Money,
    /// How many times the budget was asked, in basis points.
    pub subscribed: Option<u64>,
}

/// The running sum of what an agency is asked and grants, down the ranking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Curve {
    pub agency: String,
    pub budget: Money,
    pub points: Vec<CurvePoint>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CurvePoint {
    pub label: String,
    pub asked: Money,
    pub granted: Money,
}

/// A part in the matrix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartView {
    pub part: PartId,
    pub organisation: String,
    pub agency: String,
    pub asked: Money,
    pub granted: Money,
    /// What of it the pot pays.
    pub filled: Money,
    pub fate: Fate,
}

/// What one agency does for one proposal.
pub type Cell = Vec<PartView>;

/// A proposal in the matrix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatrixRow {
    pub rank: u32,
    pub proposal: ProposalId,
    pub code: String,
    pub title: String,
    pub verdict: Verdict,
    /// Agencies whose money does not suffice, and what they lack.
    pub lacking: Vec<(String, Money)>,
    /// In the order of the agencies.
    pub cells: Vec<Cell>,
    /// Why it stands after another of the same place.
    pub tie: Option<String>,
    pub top_up: Option<Money>,
}

/// What waits for money of one agency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReserveList {
    pub agency: String,
    pub places: Vec<ReserveView>,
    /// Places of proposals the reader does not open.
    pub others: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReserveView {
    pub place: u32,
    pub code: String,
    pub organisation: String,
    pub asked: Money,
    pub fate: Fate,
}

/// A ranked proposal that cannot be funded at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withheld {
    pub rank: u32,
    pub code: String,
    pub title: String,
    pub why: String,
}

/// Everything that is named in a scenario.
pub(super) struct Named<'a> {
    pub eyes: &'a Eyes,
    pub agencies: BTreeMap<OrganisationId, String>,
    pub organisations: BTreeMap<PartId, String>,
}

impl Named<'_> {
    pub fn agency(&self, id: OrganisationId) -> String {
        self.agencies.get(&id).cloned().unwrap_or_default()
    }

    fn part(&self, line: &PartLine) -> PartView {
        PartView {
            part: line.part,
            organisation: self.organisations.get(&line.part).cloned().unwrap_or_default(),
            agency: self.agency(line.agency),
            asked: line.asked,
            granted: line.granted,
            filled: line.filled,
            fate: line.fate,
        }
    }

    /// The agencies with money or with somebody who asks for it.
    pub fn agency_views(&self, kept: &Kept) -> Vec<AgencyView> {
        let called = |id: OrganisationId| kept.input.agencies.iter().find(|one| one.agency == id).map(|one| one.budget);
        let lines = kept.outcome.scenario.agencies.iter().filter(|line| line.budget.minor > 0 || line.asked.minor > 0);
        lines
            .map(|line| AgencyView {
                id: line.agency,
                name: self.agency(line.agency),
                budget: line.budget,
                called: called(line.agency).filter(|called| *called != line.budget),
                asked: line.asked,
                granted: line.granted,
                left: line.left,
                stranded: line.stranded,
                subscribed: line.subscribed,
            })
            .collect()
    }

    /// The rows of the matrix the reader may open, in the order of the walk.
    pub fn rows(&self, kept: &Kept, agencies: &[AgencyView]) -> Vec<MatrixRow> {
        let Outcome { scenario, ties, top_up, .. } = &kept.outcome;
        let (setting, _) = kept.input.setting(&kept.settings);
        let row = |(at, line): (usize, &ScenarioLine)| {
            let (code, title) = self.eyes.named(line.proposal)?;
            let cells = agencies.iter().map(|agency| {
                line.parts.iter().filter(|part| part.agency == agency.id).map(|part| self.part(part)).collect()
            });
            let reason = ties.get(at).and_then(Option::as_ref);
            let paid = top_up.iter().flat_map(|all| &all.lines).find(|one| one.proposal == line.proposal);
            Some(MatrixRow {
                rank: line.rank,
                proposal: line.proposal,
                code: code.to_owned(),
                title: title.to_owned(),
                verdict: line.verdict,
                lacking: line.lacking.iter().map(|(agency, money)| (self.agency(*agency), *money)).collect(),
                cells: cells.collect(),
                tie: reason.and_then(|reason| self.tie(&setting, reason)),
                top_up: paid.map(|one| one.paid),
            })
        };
        scenario.lines.iter().enumerate().filter_map(row).collect()
    }

    fn tie(&self, setting: &Setting, reason: &TieReason) -> Option<String> {
        self.eyes.named(reason.after).map(|(code, _)| tie(setting, reason, code))
    }

    /// The curve of every agency with a budget.
    pub fn curves(&self, kept: &Kept, agencies: &[AgencyView]) -> Vec<Curve> {
        let curve = |agency: &AgencyView| {
            let (mut asked, mut granted) = (0_i64, 0_i64);
            let mut points = Vec::new();
            for line in &kept.outcome.scenario.lines {
                let own: Vec<&PartLine> = line.parts.iter().filter(|part| part.agency == agency.id).collect();
                if own.iter().all(|part| part.asked.minor == 0 || part.fate == Fate::Declined) {
                    continue;
                }
                let open = own.iter().filter(|part| part.fate != Fate::Declined);
                asked += open.map(|part| part.asked.minor).sum::<i64>();
                granted += own.iter().map(|part| part.granted.minor - part.filled.minor).sum::<i64>();
                let money = |minor| Money::new(minor, agency.budget.currency);
                let named = self.eyes.named(line.proposal);
                let label = named.map_or_else(|| format!("Place {}", line.rank), |(code, _)| code.to_owned());
                points.push(CurvePoint { label, asked: money(asked), granted: money(granted) });
            }
            Curve { agency: agency.name.clone(), budget: agency.budget, points }
        };
        agencies.iter().filter(|agency| agency.budget.minor > 0).map(curve).collect()
    }

    /// The reserve list of every agency.
    pub fn reserve(&self, kept: &Kept) -> Vec<ReserveList> {
        let list = |(agency, places): (&OrganisationId, &Vec<ReservePlace>)| {
            let view = |one: &ReservePlace| {
                let (code, _) = self.eyes.named(one.proposal)?;
                Some(ReserveView {
                    place: one.place,
                    code: code.to_owned(),
                    organisation: self.organisations.get(&one.part).cloned().unwrap_or_default(),
                    asked: one.asked,
                    fate: one.fate,
                })
            };
            let shown: Vec<ReserveView> = places.iter().filter_map(view).collect();
            ReserveList { agency: self.agency(*agency), others: places.len() - shown.len(), places: shown }
        };
        kept.outcome.scenario.reserve.iter().map(list).collect()
    }

    /// What more or less money would change, in sentences; the smallest amount first.
    pub fn changes(&self, kept: &Kept) -> Vec<String> {
        let Some(sensitivity) = &kept.outcome.sensitivity else { return Vec::new() };
        let say = |more: bool| {
            move |one: &Change| {
                let agency = one.agency.map_or_else(|| "the pot".to_owned(), |id| self.agency(id));
                let (gains, other_gains) = self.codes(&one.gains);
                let (loses, other_loses) = self.codes(&one.loses);
                change(&agency, one.amount, more, (&gains, other_gains), (&loses, other_loses))
            }
        };
        sensitivity.more.iter().map(say(true)).chain(sensitivity.less.iter().map(say(false))).collect()
    }

    fn codes(&self, proposals: &[ProposalId]) -> (Vec<&str>, usize) {
        let codes: Vec<&str> = proposals.iter().filter_map(|id| self.eyes.named(*id)).map(|(code, _)| code).collect();
        let others = proposals.len() - codes.len();
        (codes, others)
    }

    /// Ranked proposals that cannot be funded at all.
    pub fn left_out(&self, kept: &Kept) -> Vec<Withheld> {
        let view = |one: &LeftOut| {
            let (code, title) = self.eyes.named(one.proposal)?;
            Some(Withheld { rank: one.rank, code: code.to_owned(), title: title.to_owned(), why: one.why.clone() })
        };
        kept.input.left_out.iter().filter_map(view).collect()
    }
}

impl MatrixRow {
    /// Which agency lacks how much, in words; empty for what is funded whole.
    pub fn short_of(&self) -> String {
        let names: Vec<String> = self.lacking.iter().map(|(agency, money)| format!("{agency} lacks {money}")).collect();
        listed(&names.iter().map(String::as_str).collect::<Vec<_>>(), 0)
    }
}
