//! What can be seen of decisions: the board for staff, the preview before release, the feedback for applicants.

use super::walk::{self, Walk};
use crate::{
    evaluation::rankings::rules::Fraction,
    kernel::{
        AppError, Leave, Permission, Query, Result, Snapshot, Subject,
        access::{relation::Relation, scope},
    },
};
use chrono::{DateTime, Utc};
use entity::{
    calls::{annex, call},
    decisions::decision,
    evaluation::{assignment, ranking_line, score},
    organisations::organisation,
    proposals::{part, proposal, team_member},
    types::{
        ids::{AccountId, AssignmentId, CallId, DecisionId, FileId, PartId, ProposalId},
        money::Money,
        points::Points,
        states::{AssignmentState, CallState, DecisionState, Outcome},
        terms::CallTerms,
    },
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::{BTreeMap, BTreeSet};

/// The decisions of a call along its ranking.
#[derive(Debug, Clone)]
pub struct DecisionBoard {
    pub call: CallId,
    pub code: String,
    pub title: String,
    pub state: CallState,
    pub ranked: bool,
    pub agencies: Vec<AgencyLine>,
    pub lines: Vec<BoardLine>,
    pub undecided: usize,
    pub decided: usize,
    pub may_propose: bool,
    pub may_release: bool,
}

/// One agency's money: what is asked of it above the thresholds, what it funds, what is left.
#[derive(Debug, Clone)]
pub struct AgencyLine {
    pub name: String,
    pub budget: Money,
    pub asked: Money,
    pub funded: Money,
    pub left: Money,
}

#[derive(Debug, Clone)]
pub struct BoardLine {
    pub rank: i32,
    pub total: Points,
    pub passes: bool,
    pub proposal: ProposalId,
    pub code: String,
    pub title: String,
    pub parts: Vec<BoardPart>,
    /// Whether the strict walk funds it, and which agency lacks how much otherwise.
    pub fits: bool,
    pub lacking: Vec<(String, Money)>,
}

#[derive(Debug, Clone)]
pub struct BoardPart {
    pub part: PartId,
    pub organisation: String,
    pub agency: String,
    pub requested: Money,
    pub decision: Option<BoardDecision>,
    pub own_agency: bool,
}

#[derive(Debug, Clone)]
pub struct BoardDecision {
    pub outcome: Outcome,
    pub amount: Money,
    pub reason: String,
    pub conditions: String,
    pub released: bool,
    pub version: i64,
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
        let walk = walk::load(db.conn(), self.0).await?;
        let seen: BTreeSet<ProposalId> = scope::proposals(leave)
            .filter(proposal::Column::CallId.eq(self.0))
            .select_only()
            .column(proposal::Column::Id)
            .into_tuple::<ProposalId>()
            .all(db.conn())
            .await?
            .into_iter()
            .collect();
        Ok(board(&walk, leave, &seen))
    }
}

/// How many proposals the agencies' budgets pay for, walking down the latest ranking; none without a ranking.
pub struct PlacesOf(pub CallId);

impl Query for PlacesOf {
    const NEEDS: Permission = Permission::SeeCalibration;
    type Output = Option<usize>;

    fn about(&self) -> Subject {
        Subject::Call(self.0)
    }

    async fn fetch(self, db: &Snapshot, _: Leave<'_>) -> Result<Option<usize>> {
        let walk = walk::ahead(db.conn(), self.0).await?;
        Ok(walk.ranking.map(|_| walk.strict_skip().lines.iter().filter(|line| line.funded).count()))
    }
}

fn board(walk: &Walk, leave: Leave<'_>, seen: &BTreeSet<ProposalId>) -> DecisionBoard {
    let own = leave.actor().agencies(entity::types::states::Role::AgencyOfficer);
    let skipped = walk.strict_skip();
    let names = walk.names();
    let mut steps = skipped.lines.iter();
    let mut lines = Vec::new();
    for line in &walk.lines {
        let step = if line.passes { steps.next() } else { None };
        if !seen.contains(&line.proposal.id) {
            continue;
        }
        let lacking = step.map(|s| s.lacking.clone()).unwrap_or_default();
        lines.push(BoardLine {
            rank: line.rank,
            total: Points::hundredths(line.total),
            passes: line.passes,
            proposal: line.proposal.id,
            code: line.proposal.code.clone(),
            title: line.proposal.title.clone(),
            fits: step.is_some_and(|s| s.funded),
            lacking: lacking
                .into_iter()
                .filter_map(|(id, minor)| {
                    let agency = walk.agency(id)?;
                    Some((agency.name.clone(), Money::new(minor, agency.budget.currency)))
                })
                .collect(),
            parts: line
                .parts
                .iter()
                .map(|p| BoardPart {
                    part: p.part.id,
                    organisation: p.organisation.clone(),
                    agency: names.get(&p.agency).cloned().unwrap_or_default(),
                    requested: p.requested,
                    decision: p.decision.as_ref().map(shown),
                    own_agency: own.contains(&p.agency),
                })
                .collect(),
        });
    }
    let agencies = walk
        .agencies
        .iter()
        .filter(|a| a.budget.minor > 0)
        .map(|a| {
            let asked = walk
                .parts()
                .filter(|(line, p)| line.passes && p.agency == a.agency)
                .map(|(_, p)| p.requested.minor)
                .sum();
            let funded = walk.funded(a.agency, None);
            let money = |minor| Money::new(minor, a.budget.currency);
            AgencyLine {
                name: a.name.clone(),
                budget: a.budget,
                asked: money(asked),
                funded: money(funded),
                left: money(a.budget.minor - funded),
            }
        })
        .collect();
    let decided = walk.parts().filter(|(_, p)| p.decision.is_some()).count();
    DecisionBoard {
        call: walk.call.id,
        code: walk.call.code.clone(),
        title: walk.call.title.clone(),
        state: walk.call.state,
        ranked: walk.ranking.is_some(),
        agencies,
        lines,
        undecided: walk.parts().count() - decided,
        decided,
        may_propose: leave.may(Permission::ProposeDecisions),
        may_release: leave.may(Permission::ReleaseDecisions),
    }
}

fn shown(row: &decision::Model) -> BoardDecision {
    BoardDecision {
        outcome: row.outcome,
        amount: Money::new(row.minor, row.currency),
        reason: row.reason.clone(),
        conditions: row.conditions.clone(),
        released: row.state == DecisionState::Released,
        version: row.version,
    }
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
    pub part: BoardPart,
    /// What the agency has left when this part gets nothing.
    pub left: Money,
    pub can_draft: bool,
}

pub struct DecisionSheetOf(pub PartId);

impl Query for DecisionSheetOf {
    const NEEDS: Permission = Permission::ReadDecisions;
    type Output = DecisionSheet;

    fn about(&self) -> Subject {
        Subject::Part(self.0)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<DecisionSheet> {
        let call = walk::call_of(db.conn(), self.0).await?;
        let walk = walk::load(db.conn(), call).await?;
        let (line, part) = walk.parts().find(|(_, p)| p.part.id == self.0).ok_or(AppError::NotFound)?;
        let agency = walk.agency(part.agency).ok_or(AppError::NotFound)?;
        let own = leave.actor().agencies(entity::types::states::Role::AgencyOfficer).contains(&part.agency);
        Ok(DecisionSheet {
            call,
            proposal: line.proposal.id,
            code: line.proposal.code.clone(),
            title: line.proposal.title.clone(),
            rank: line.rank,
            total: Points::hundredths(line.total),
            passes: line.passes,
            left: Money::new(agency.budget.minor - walk.funded(part.agency, Some(self.0)), agency.budget.currency),
            can_draft: leave.may(Permission::DraftDecision),
            part: BoardPart {
                part: self.0,
                organisation: part.organisation.clone(),
                agency: agency.name.clone(),
                requested: part.requested,
                decision: part.decision.as_ref().map(shown),
                own_agency: own,
            },
        })
    }
}

/// One criterion as applicants learn it after the decision: the mean and every comment, never who wrote it.
#[derive(Debug, Clone)]
pub struct JudgedCriterion {
    pub name: String,
    pub weight: entity::types::share::Share,
    pub threshold: Option<Points>,
    pub mean: Option<Points>,
    pub highest: Points,
    pub comments: Vec<String>,
}

/// The released decision on a part, with the evaluation behind it.
#[derive(Debug, Clone)]
pub struct Feedback {
    pub proposal: ProposalId,
    pub code: String,
    pub title: String,
    pub call_title: String,
    pub organisation: String,
    pub agency: String,
    pub outcome: Outcome,
    pub amount: Money,
    pub reason: String,
    pub conditions: String,
    pub released_at: Option<DateTime<Utc>>,
    pub letter: Option<FileId>,
    /// Whether the letter is for whoever reads this.
    pub own: bool,
    pub total: Option<Points>,
    pub place: Option<(i32, usize)>,
    pub evaluators: usize,
    pub criteria: Vec<JudgedCriterion>,
}

/// What applicants learn of one part.
pub struct FeedbackOf(pub PartId);

impl Query for FeedbackOf {
    const NEEDS: Permission = Permission::ReadFeedback;
    type Output = Feedback;

    fn about(&self) -> Subject {
        Subject::Part(self.0)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Feedback> {
        let db = db.conn();
        let decision = decision::Entity::find()
            .filter(decision::Column::PartId.eq(self.0))
            .filter(decision::Column::State.eq(DecisionState::Released))
            .one(db)
            .await?
            .ok_or(AppError::NotFound)?;
        let mut feedback = feedback(db, decision).await?;
        // Partners of other parts learn the outcome, but the letter is not theirs.
        feedback.own = leave.relations().has(Relation::PartEditor) || on_team(db, self.0, leave.account()?).await?;
        feedback.letter = feedback.letter.filter(|_| feedback.own);
        Ok(feedback)
    }
}

async fn on_team(db: &impl ConnectionTrait, part: PartId, account: AccountId) -> Result<bool> {
    let found = team_member::Entity::find()
        .filter(team_member::Column::PartId.eq(part))
        .filter(team_member::Column::AccountId.eq(account));
    Ok(found.one(db).await?.is_some())
}

async fn feedback(db: &impl ConnectionTrait, decision: decision::Model) -> Result<Feedback> {
    let (part, organisation) = part::Entity::find_by_id(decision.part_id)
        .find_also_related(organisation::Entity)
        .one(db)
        .await?
        .ok_or(AppError::NotFound)?;
    let (proposal, call) = proposal::Entity::find_by_id(part.proposal_id)
        .find_also_related(call::Entity)
        .one(db)
        .await?
        .ok_or(AppError::NotFound)?;
    let call = call.ok_or(AppError::NotFound)?;
    let agency = annex::Entity::find_by_id(part.annex_id).find_also_related(organisation::Entity).one(db).await?;
    let (evaluators, criteria) = judged(db, proposal.id, &call.terms).await?;
    let (total, place) = match decision.ranking_id {
        None => (None, None),
        Some(ranking) => {
            let lines =
                ranking_line::Entity::find().filter(ranking_line::Column::RankingId.eq(ranking)).all(db).await?;
            let own = lines.iter().find(|line| line.proposal_id == proposal.id);
            (own.map(|line| Points::hundredths(line.total)), own.map(|line| (line.rank, lines.len())))
        }
    };
    Ok(Feedback {
        proposal: proposal.id,
        code: proposal.code,
        title: proposal.title,
        call_title: call.title,
        organisation: organisation.map(|o| o.name).unwrap_or_default(),
        agency: agency.and_then(|(_, a)| a).map(|a| a.name).unwrap_or_default(),
        outcome: decision.outcome,
        amount: Money::new(decision.minor, decision.currency),
        reason: decision.reason,
        conditions: decision.conditions,
        released_at: decision.released_at,
        letter: decision.letter_file_id,
        own: true,
        total,
        place,
        evaluators,
        criteria,
    })
}

/// Means and comments of all submitted evaluations of a proposal, and how many there are.
async fn judged(
    db: &impl ConnectionTrait,
    proposal: ProposalId,
    terms: &CallTerms,
) -> Result<(usize, Vec<JudgedCriterion>)> {
    let sheets = assignment::Entity::find()
        .select_only()
        .column(assignment::Column::Id)
        .filter(assignment::Column::ProposalId.eq(proposal))
        .filter(assignment::Column::State.eq(AssignmentState::Submitted))
        .into_tuple::<AssignmentId>()
        .all(db)
        .await?;
    let scores = score::Entity::find()
        .filter(score::Column::AssignmentId.is_in(sheets.clone()))
        .order_by_asc(score::Column::Id)
        .all(db)
        .await?;
    let mut by_criterion: BTreeMap<&str, Vec<&score::Model>> = BTreeMap::new();
    for row in &scores {
        by_criterion.entry(&row.criterion).or_default().push(row);
    }
    let criteria = terms.criteria.iter().map(|criterion| {
        let rows = by_criterion.get(criterion.key.as_str()).map_or(&[][..], Vec::as_slice);
        let points: Vec<i32> = rows.iter().filter_map(|row| row.points).map(Points::as_hundredths).collect();
        JudgedCriterion {
            name: criterion.name.clone(),
            weight: criterion.weight,
            threshold: criterion.threshold,
            mean: Fraction::mean(&points).map(|mean| Points::hundredths(mean.hundredths())),
            highest: terms.evaluation.scale.max,
            comments: rows.iter().map(|row| row.comment.trim().to_owned()).filter(|c| !c.is_empty()).collect(),
        }
    });
    Ok((sheets.len(), criteria.collect()))
}

/// One letter to be printed.
pub struct LetterDue {
    pub decision: DecisionId,
    pub feedback: Feedback,
    /// The person written to, if the part names one.
    pub contact: Option<String>,
    pub officer: String,
}

/// Released decisions without a letter.
pub struct LettersDue(pub CallId);

impl Query for LettersDue {
    const NEEDS: Permission = Permission::ReleaseDecisions;
    type Output = Vec<LetterDue>;

    fn about(&self) -> Subject {
        Subject::Call(self.0)
    }

    async fn fetch(self, db: &Snapshot, _: Leave<'_>) -> Result<Vec<LetterDue>> {
        use entity::accounts::account;
        let db = db.conn();
        let walk = walk::load(db, self.0).await?;
        let mut due = Vec::new();
        for (_, part) in walk.parts() {
            let Some(row) = part.decision.clone() else { continue };
            if row.state != DecisionState::Released || row.letter_file_id.is_some() {
                continue;
            }
            let name = async |id| Ok::<_, AppError>(account::Entity::find_by_id(id).one(db).await?.map(|a| a.name));
            let contact = match (&part.part.signatory, part.part.contact_id) {
                (Some(name), _) => Some(name.clone()),
                (None, Some(id)) => name(id).await?,
                (None, None) => None,
            };
            let officer = name(row.drafted_by).await?.unwrap_or_default();
            due.push(LetterDue { decision: row.id, feedback: feedback(db, row).await?, contact, officer });
        }
        Ok(due)
    }
}

/// Who would newly see what when the decisions are released.
#[derive(Debug, Clone)]
pub struct ReleasePreview {
    pub board: DecisionBoard,
    /// Per part: the mail's name, its recipients, and the letter as it will read.
    pub letters: Vec<PreviewLetter>,
}

#[derive(Debug, Clone)]
pub struct PreviewLetter {
    pub part: PartId,
    pub code: String,
    pub organisation: String,
    pub outcome: Outcome,
    pub recipients: Vec<String>,
    pub paragraphs: Vec<String>,
}

pub struct PreviewOf(pub CallId);

impl Query for PreviewOf {
    const NEEDS: Permission = Permission::ReadDecisions;
    type Output = ReleasePreview;

    fn about(&self) -> Subject {
        Subject::Call(self.0)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<ReleasePreview> {
        let board = DecisionsOf(self.0).fetch(db, leave).await?;
        let parts: Vec<PartId> = board.lines.iter().flat_map(|l| l.parts.iter().map(|p| p.part)).collect();
        let people = super::letters::people_of(db.conn(), &parts).await?;
        let mut letters = Vec::new();
        for line in &board.lines {
            for part in &line.parts {
                let Some(decision) = &part.decision else { continue };
                letters.push(PreviewLetter {
                    part: part.part,
                    code: line.code.clone(),
                    organisation: part.organisation.clone(),
                    outcome: decision.outcome,
                    recipients: people.get(&part.part).cloned().unwrap_or_default(),
                    paragraphs: super::letters::paragraphs(
                        decision.outcome,
                        &part.agency,
                        decision.amount,
                        &decision.reason,
                        &board.title,
                    ),
                });
            }
        }
        Ok(ReleasePreview { board, letters })
    }
}
