//! The board of decisions along the ranking, and one part's decision.

use super::super::{
    rules,
    walk::{self, Walk, WalkLine, WalkPart},
};
use crate::{
    allocation::rules::Verdict,
    kernel::{
        AppError, Leave, Permission, Query, Result, Snapshot, Subject,
        access::{relation::Relation, scope},
    },
};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use entity::{
    decisions::decision,
    notifications::mail,
    types::{
        ids::{CallId, OrganisationId, PartId, ProposalId, ScenarioId},
        money::Money,
        points::Points,
        states::{CallState, DecisionState, MailState, Outcome, Role},
    },
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// The decisions of a call along its ranking.
#[derive(Debug, Clone)]
pub struct DecisionBoard {
    pub call: CallId,
    pub code: String,
    pub title: String,
    pub state: CallState,
    pub zone: Tz,
    pub ranked: bool,
    pub agencies: Vec<AgencyLine>,
    pub lines: Vec<BoardLine>,
    pub undecided: usize,
    pub decided: usize,
    pub may_propose: bool,
    pub may_release: bool,
    pub may_draft: bool,
    pub may_see_scenarios: bool,
    /// The scenario decisions follow.
    pub adopted: Option<Adoption>,
}

/// An adopted scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adoption {
    pub scenario: ScenarioId,
    pub name: String,
    pub summary: String,
}

impl DecisionBoard {
    /// The agencies with money, in the order of every line's `remaining`.
    pub fn paying(&self) -> impl Iterator<Item = &AgencyLine> {
        self.agencies.iter().filter(|a| a.budget.minor > 0)
    }

    /// The agencies that still have to confirm their list.
    pub fn waiting(&self) -> Vec<&str> {
        self.agencies.iter().filter(|a| a.parts > 0 && a.confirmed.is_none()).map(|a| a.name.as_str()).collect()
    }

    /// Whether somebody is an officer who decides on a part that is shown.
    pub fn decides(&self) -> bool {
        self.may_draft && self.lines.iter().any(|line| line.parts.iter().any(|part| part.own_agency))
    }
}

/// One agency's money and list: what is asked of it by those that can be funded, what it funds, what is left.
#[derive(Debug, Clone)]
pub struct AgencyLine {
    pub name: String,
    pub budget: Money,
    pub asked: Money,
    pub funded: Money,
    pub left: Money,
    pub parts: usize,
    pub undecided: usize,
    /// Who confirmed the list as it stands now, and when.
    pub confirmed: Option<(String, DateTime<Utc>)>,
    /// Whether it was confirmed before and has changed since.
    pub changed: bool,
}

#[derive(Debug, Clone)]
pub struct BoardLine {
    pub rank: i32,
    pub total: Points,
    pub passes: bool,
    /// What the parts that are left break of the consortium rule.
    pub broken: Vec<String>,
    pub proposal: ProposalId,
    pub code: String,
    pub title: String,
    pub parts: Vec<BoardPart>,
    /// Whether the adopted scenario, or the look ahead, funds it, how, and which agency lacks how much otherwise.
    pub fits: bool,
    pub verdict: Option<Verdict>,
    pub lacking: Vec<(String, Money)>,
    /// What every paying agency has left after this line of the walk.
    pub remaining: Vec<Money>,
}

impl BoardLine {
    /// How it is funded, where it is not funded whole from the budgets.
    pub fn partly(&self) -> Option<&'static str> {
        self.verdict.filter(|verdict| *verdict != Verdict::Funded).map(Verdict::label)
    }
}

#[derive(Debug, Clone)]
pub struct BoardPart {
    pub part: PartId,
    pub organisation: String,
    pub agency: String,
    pub requested: Money,
    pub decision: Option<BoardDecision>,
    pub own_agency: bool,
    /// What became of its mail, once the decisions are released.
    pub mail: Option<MailLine>,
}

impl BoardPart {
    /// How the part is ticked among many: its id and the version of its decision.
    pub fn pick(&self) -> String {
        format!("{}:{}", self.part, self.decision.as_ref().map_or(0, |d| d.version))
    }
}

#[derive(Debug, Clone)]
pub struct BoardDecision {
    pub outcome: Outcome,
    pub amount: Money,
    /// Reason and conditions, empty for those who neither decide nor release it.
    pub reason: String,
    pub conditions: String,
    pub reserve_until: Option<NaiveDate>,
    pub released: bool,
    pub version: i64,
}

impl BoardDecision {
    /// The outcome in words.
    pub fn label(&self) -> &'static str {
        rules::outcome_label(self.outcome, self.amount)
    }
}

/// How the mails of one decision are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MailLine {
    pub all: usize,
    /// Sent, or kept where mail is not sent.
    pub delivered: usize,
    pub failed: usize,
    pub last: Option<DateTime<Utc>>,
}

impl MailLine {
    /// The state in words.
    pub fn label(&self) -> String {
        let of = |n: usize, what: &str| format!("{n} of {} mails {what}", self.all);
        match (self.failed, self.delivered) {
            (0, done) if done == self.all => of(done, "delivered"),
            (0, done) => of(done, "delivered, the others are on their way"),
            (failed, _) => of(failed, "failed"),
        }
    }

    /// The word that decides the tone.
    pub fn word(&self) -> &'static str {
        match (self.failed, self.delivered) {
            (0, done) if done == self.all => "sent",
            (0, _) => "queued",
            _ => "failed",
        }
    }
}

/// The board of a call, without proposals the reader has a conflict with.
pub struct DecisionsOf(pub CallId);

impl Query for DecisionsOf {
    const NEEDS: Permission = Permission::ReadDecisions;
    type Output = DecisionBoard;

    fn about(&self) -> Subject {
        Subject::Call(self.0)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<DecisionBoard> {
        let hidden = scope::conflicted(db.conn(), leave.actor()).await?;
        let walk = walk::load(db.conn(), self.0).await?.without(&hidden);
        let seen = walk.visible(db.conn(), leave).await?;
        let mails = mails(db.conn(), &walk).await?;
        board(&walk, leave, &seen, &mails)
    }
}

/// The board from a walk that was loaded before.
pub(super) fn board(
    walk: &Walk,
    leave: Leave<'_>,
    seen: &BTreeSet<ProposalId>,
    mails: &BTreeMap<PartId, MailLine>,
) -> Result<DecisionBoard> {
    let reader = Reader::of(leave);
    let course = walk.course()?;
    let names = walk.names();
    let mut left = walk.budgets();
    let mut lines = Vec::new();
    for line in &walk.lines {
        let step = course.get(&line.proposal.id).filter(|_| line.competes());
        for part in step.iter().flat_map(|step| &step.parts) {
            if let Some(left) = left.get_mut(&part.agency) {
                *left -= part.granted.minor - part.filled.minor;
            }
        }
        if !seen.contains(&line.proposal.id) {
            continue;
        }
        let lacking = step.map(|s| s.lacking.clone()).unwrap_or_default();
        let part = |p: &WalkPart| BoardPart {
            part: p.part.id,
            organisation: p.organisation.clone(),
            agency: names.get(&p.agency).cloned().unwrap_or_default(),
            requested: p.requested,
            decision: p.decision.as_ref().map(|row| shown(row, reader.reads(p.agency))),
            own_agency: reader.own.contains(&p.agency),
            mail: mails.get(&p.part.id).cloned(),
        };
        lines.push(BoardLine {
            rank: line.rank,
            total: Points::hundredths(line.total),
            passes: line.passes,
            broken: line.broken.clone(),
            proposal: line.proposal.id,
            code: line.proposal.code.clone(),
            title: line.proposal.title.clone(),
            fits: step.is_some_and(|s| s.verdict.funds()),
            verdict: step.map(|s| s.verdict),
            lacking: lacking
                .into_iter()
                .filter_map(|(id, missing)| Some((walk.agency(id)?.name.clone(), missing)))
                .collect(),
            remaining: walk
                .agencies
                .iter()
                .filter(|a| a.budget.minor > 0)
                .map(|a| Money::new(left.get(&a.agency).copied().unwrap_or(0), a.budget.currency))
                .collect(),
            parts: line.parts.iter().map(part).collect(),
        });
    }
    let decided = walk.parts().filter(|(_, p)| p.decision.is_some()).count();
    Ok(DecisionBoard {
        call: walk.call.id,
        code: walk.call.code.clone(),
        title: walk.call.title.clone(),
        state: walk.call.state,
        zone: walk.call.terms.zone,
        ranked: walk.ranking.is_some(),
        agencies: agencies(walk),
        lines,
        undecided: walk.parts().count() - decided,
        decided,
        may_propose: leave.may(Permission::ProposeDecisions),
        may_release: leave.may(Permission::ReleaseDecisions),
        may_draft: leave.may(Permission::DraftDecision),
        may_see_scenarios: leave.may(Permission::SeeScenarios),
        adopted: walk.adopted.as_ref().map(|one| Adoption {
            scenario: one.id,
            name: one.name.clone(),
            summary: one.summary.clone(),
        }),
    })
}

/// Whose decisions somebody reads whole: their own agency's, or all of them.
pub(super) struct Reader {
    pub own: Vec<OrganisationId>,
    pub all: bool,
}

impl Reader {
    pub fn of(leave: Leave<'_>) -> Self {
        Self {
            own: leave.actor().agencies(Role::AgencyOfficer),
            all: leave.relations().has_any(&[Relation::CallOfficer, Relation::Auditor]),
        }
    }

    /// Whether reasons, letters and addresses of this agency's parts are for this reader.
    pub fn reads(&self, agency: OrganisationId) -> bool {
        self.all || self.own.contains(&agency)
    }
}

/// Agencies with money or with something to decide.
fn agencies(walk: &Walk) -> Vec<AgencyLine> {
    let line = |a: &walk::AgencyMoney| {
        let of = || walk.parts().filter(|(_, p)| p.agency == a.agency);
        let asked = of().filter(|(line, _)| line.competes()).map(|(_, p)| p.requested.minor).sum();
        let funded = walk.funded(a.agency, None);
        let money = |minor| Money::new(minor, a.budget.currency);
        let confirmed = walk.confirmation(a);
        AgencyLine {
            name: a.name.clone(),
            budget: a.budget,
            asked: money(asked),
            funded: money(funded),
            left: money(walk.available(a).minor - funded),
            parts: of().count(),
            undecided: walk.undecided(a.agency),
            confirmed: confirmed.map(|c| (c.name.clone(), c.at)),
            changed: confirmed.is_none() && a.confirmed.is_some(),
        }
    };
    walk.agencies.iter().map(line).filter(|a| a.budget.minor > 0 || a.parts > 0).collect()
}

fn shown(row: &decision::Model, whole: bool) -> BoardDecision {
    let text = |text: &str| if whole { text.to_owned() } else { String::new() };
    BoardDecision {
        outcome: row.outcome,
        amount: Money::new(row.minor, row.currency),
        reason: text(&row.reason),
        conditions: text(&row.conditions),
        reserve_until: row.reserve_until,
        released: row.state == DecisionState::Released,
        version: row.version,
    }
}

/// How the mails of released decisions are, by part.
async fn mails(db: &impl ConnectionTrait, walk: &Walk) -> Result<BTreeMap<PartId, MailLine>> {
    let released =
        walk.parts().filter(|(_, p)| p.decision.as_ref().is_some_and(|d| d.state == DecisionState::Released));
    let parts: Vec<Uuid> = released.map(|(_, p)| p.part.id.0).collect();
    if parts.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows = mail::Entity::find()
        .select_only()
        .columns([mail::Column::AboutId, mail::Column::State, mail::Column::SentAt])
        .filter(mail::Column::Name.is_in(["M21", "M22", "M23"]))
        .filter(mail::Column::AboutKind.eq("part"))
        .filter(mail::Column::AboutId.is_in(parts))
        .into_tuple::<(Option<Uuid>, MailState, Option<DateTime<Utc>>)>()
        .all(db)
        .await?;
    let mut lines: BTreeMap<PartId, MailLine> = BTreeMap::new();
    for (part, state, sent) in rows {
        let Some(part) = part else { continue };
        let line = lines.entry(part.into()).or_default();
        line.all += 1;
        line.last = line.last.max(sent);
        match state {
            MailState::Sent | MailState::Kept | MailState::Digested => line.delivered += 1,
            MailState::Failed => line.failed += 1,
            MailState::Held | MailState::Queued => {}
        }
    }
    Ok(lines)
}

/// One part's decision, for the officer who changes it.
#[derive(Debug, Clone)]
pub struct DecisionSheet {
    pub call: CallId,
    pub proposal: ProposalId,
    pub code: String,
    pub title: String,
    pub rank: i32,
    pub total: Points,
    pub passes: bool,
    /// What the parts that are left break of the consortium rule.
    pub broken: Vec<String>,
    pub part: BoardPart,
    /// What the agency has left when this part gets nothing.
    pub left: Money,
    pub can_draft: bool,
}

/// The decision on a part, with what it is measured against.
pub struct DecisionSheetOf(pub PartId);

impl Query for DecisionSheetOf {
    const NEEDS: Permission = Permission::ReadDecisions;
    type Output = DecisionSheet;

    fn about(&self) -> Subject {
        Subject::Part(self.0)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<DecisionSheet> {
        let call = walk::call_of(db.conn(), self.0).await?;
        let hidden = scope::conflicted(db.conn(), leave.actor()).await?;
        let walk = walk::load(db.conn(), call).await?.without(&hidden);
        let (line, part): (&WalkLine, &WalkPart) =
            walk.parts().find(|(_, p)| p.part.id == self.0).ok_or(AppError::NotFound)?;
        let agency = walk.agency(part.agency).ok_or(AppError::NotFound)?;
        let reader = Reader::of(leave);
        Ok(DecisionSheet {
            call,
            proposal: line.proposal.id,
            code: line.proposal.code.clone(),
            title: line.proposal.title.clone(),
            rank: line.rank,
            total: Points::hundredths(line.total),
            passes: line.passes,
            broken: line.broken.clone(),
            left: Money::new(
                walk.available(agency).minor - walk.funded(part.agency, Some(self.0)),
                agency.budget.currency,
            ),
            can_draft: leave.may(Permission::DraftDecision),
            part: BoardPart {
                part: self.0,
                organisation: part.organisation.clone(),
                agency: agency.name.clone(),
                requested: part.requested,
                decision: part.decision.as_ref().map(|row| shown(row, reader.reads(part.agency))),
                own_agency: reader.own.contains(&part.agency),
                mail: None,
            },
        })
    }
}
