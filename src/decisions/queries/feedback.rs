//! What applicants learn of a decision, and the letters that tell it.

use super::super::{
    stranded,
    walk::{self, Walk, WalkLine, WalkPart},
};
use crate::{
    evaluation::{
        exact::{Fraction, Given, for_criterion},
        judged::agreed_rows,
    },
    kernel::{AppError, Leave, Permission, Query, Result, Snapshot, Subject, access::relation::Relation},
};
use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    accounts::account,
    calls::{annex, call},
    decisions::{decision, decision_summary},
    evaluation::{agreed_score, assignment, ranking_line, score},
    organisations::organisation,
    proposals::{part, proposal, team_member},
    types::{
        ids::{AccountId, AssignmentId, CallId, DecisionId, FileId, PartId, ProposalId},
        money::Money,
        points::Points,
        states::{AgreedSource, AssignmentState, DecisionState, Outcome, PartState},
        terms::CallTerms,
    },
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::BTreeMap;

/// One criterion as applicants learn it after the decision: the points that count and every comment, never who wrote it.
#[derive(Debug, Clone)]
pub struct JudgedCriterion {
    pub name: String,
    /// Who agreed on the points, when they are not the mean of the evaluators' own.
    pub agreed: Option<AgreedSource>,
    pub weight: entity::types::share::Share,
    pub threshold: Option<Points>,
    pub mean: Option<Points>,
    pub highest: Points,
    pub comments: Vec<String>,
}

/// What all submitted evaluations say of a proposal.
#[derive(Debug, Clone, Default)]
pub struct Judged {
    pub evaluators: usize,
    pub criteria: Vec<JudgedCriterion>,
    /// What each evaluator says to the applicant about the whole.
    pub comments: Vec<String>,
}

/// The decision on a part, with the evaluation behind it.
#[derive(Debug, Clone)]
pub struct Feedback {
    pub proposal: ProposalId,
    pub part: PartId,
    pub code: String,
    pub title: String,
    pub call_title: String,
    pub organisation: String,
    pub agency: String,
    pub outcome: Outcome,
    pub amount: Money,
    pub reason: String,
    pub conditions: String,
    /// The place on the agency's reserve list, and the last day of that list.
    pub reserve: Option<(i32, NaiveDate)>,
    pub released_at: Option<DateTime<Utc>>,
    pub letter: Option<FileId>,
    /// The printed evaluation summary.
    pub summary: Option<FileId>,
    /// Whether the letter is for whoever reads this.
    pub own: bool,
    /// Whether the grant was declined, and whether the reader may decline it now.
    pub declined: bool,
    /// Whether the proposal waits because another agency lacks the money, so that its consortium has options.
    pub stranded: bool,
    pub may_decline: bool,
    pub total: Option<Points>,
    pub place: Option<(i32, usize)>,
    pub evaluators: usize,
    pub criteria: Vec<JudgedCriterion>,
    /// What each evaluator says to the applicant about the whole.
    pub comments: Vec<String>,
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
        // Partners of other parts learn the outcome, but letter and summary are not theirs.
        feedback.own = leave.relations().has(Relation::PartEditor) || on_team(db, self.0, leave.account()?).await?;
        feedback.letter = feedback.letter.filter(|_| feedback.own);
        feedback.summary = feedback.summary.filter(|_| feedback.own);
        feedback.may_decline &= leave.may(Permission::DeclineGrant);
        Ok(feedback)
    }
}

async fn on_team(db: &impl ConnectionTrait, part: PartId, account: AccountId) -> Result<bool> {
    let found = team_member::Entity::present()
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
    let summary = decision_summary::Entity::find()
        .filter(decision_summary::Column::DecisionId.eq(decision.id))
        .one(db)
        .await?
        .map(|row| row.file_id);
    let judged = judged(db, &[proposal.id], &call.terms).await?.remove(&proposal.id).unwrap_or_default();
    let (total, place) = match decision.ranking_id {
        None => (None, None),
        Some(ranking) => {
            let lines =
                ranking_line::Entity::find().filter(ranking_line::Column::RankingId.eq(ranking)).all(db).await?;
            let own = lines.iter().find(|line| line.proposal_id == proposal.id);
            (own.map(|line| Points::hundredths(line.total)), own.map(|line| (line.rank, lines.len())))
        }
    };
    let granted = decision.outcome == Outcome::Fund && decision.minor > 0;
    Ok(Feedback {
        proposal: proposal.id,
        part: decision.part_id,
        code: proposal.code,
        title: proposal.title,
        call_title: call.title,
        organisation: organisation.map(|o| o.name).unwrap_or_default(),
        agency: agency.and_then(|(_, a)| a).map(|a| a.name).unwrap_or_default(),
        outcome: decision.outcome,
        amount: Money::new(decision.minor, decision.currency),
        reason: decision.reason,
        conditions: decision.conditions,
        reserve: decision.reserve_place.zip(decision.reserve_until),
        released_at: decision.released_at,
        letter: decision.letter_file_id,
        summary,
        own: true,
        stranded: stranded::queries::is(db, proposal.id).await?,
        declined: granted && part.state == PartState::Withdrawn,
        may_decline: granted && part.state == PartState::Awarded,
        total,
        place,
        evaluators: judged.evaluators,
        criteria: judged.criteria,
        comments: judged.comments,
    })
}

/// Points and comments of all submitted evaluations of these proposals, in three statements.
pub(super) async fn judged(
    db: &impl ConnectionTrait,
    proposals: &[ProposalId],
    terms: &CallTerms,
) -> Result<BTreeMap<ProposalId, Judged>> {
    let sheets = assignment::Entity::find()
        .select_only()
        .columns([assignment::Column::Id, assignment::Column::ProposalId, assignment::Column::Comment])
        .filter(assignment::Column::ProposalId.is_in(proposals.to_vec()))
        .filter(assignment::Column::State.eq(AssignmentState::Submitted))
        .order_by_asc(assignment::Column::Id)
        .into_tuple::<(AssignmentId, ProposalId, String)>()
        .all(db)
        .await?;
    let scores = score::Entity::find()
        .filter(score::Column::AssignmentId.is_in(sheets.iter().map(|(id, ..)| *id)))
        .order_by_asc(score::Column::Id)
        .all(db)
        .await?;
    let mut by_sheet: BTreeMap<AssignmentId, Vec<score::Model>> = BTreeMap::new();
    for row in scores {
        by_sheet.entry(row.assignment_id).or_default().push(row);
    }
    let mut by_proposal: BTreeMap<ProposalId, Vec<(String, Vec<score::Model>)>> = BTreeMap::new();
    for (id, proposal, comment) in sheets {
        by_proposal.entry(proposal).or_default().push((comment, by_sheet.remove(&id).unwrap_or_default()));
    }
    let agreed = agreed_rows(db, agreed_score::Column::ProposalId.is_in(proposals.to_vec())).await?;
    let told = |(proposal, sheets): (ProposalId, Vec<(String, Vec<score::Model>)>)| {
        let mut judged = judgement(terms, &sheets);
        if let Some(agreed) = agreed.get(&proposal) {
            agree(terms, &mut judged, agreed);
        }
        (proposal, judged)
    };
    Ok(by_proposal.into_iter().map(told).collect())
}

/// What people agreed on stands in the place of what every evaluator gave alone, as in the ranking.
fn agree(terms: &CallTerms, judged: &mut Judged, agreed: &BTreeMap<String, agreed_score::Model>) {
    let points: Given = agreed.iter().map(|(key, row)| (key.clone(), row.points)).collect();
    for (criterion, shown) in terms.criteria.iter().zip(&mut judged.criteria) {
        let Some(together) = for_criterion(criterion, &points) else { continue };
        let part = format!("{}.", criterion.key);
        let of = agreed.iter().filter(|(key, _)| **key == criterion.key || key.starts_with(&part));
        let rows: Vec<&agreed_score::Model> = of.map(|(_, row)| row).collect();
        shown.mean = Some(Points::hundredths(together.hundredths()));
        shown.agreed = rows.iter().map(|row| row.source).max();
        let said = rows.iter().map(|row| row.comment.trim().to_owned()).filter(|said| !said.is_empty());
        let said: Vec<String> = said.collect();
        if !said.is_empty() {
            shown.comments = said;
        }
    }
}

fn judgement(terms: &CallTerms, sheets: &[(String, Vec<score::Model>)]) -> Judged {
    let said = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let criteria = terms.criteria.iter().map(|criterion| {
        let keys = criterion.score_keys();
        let rows = || sheets.iter().flat_map(|(_, scores)| scores).filter(|row| keys.contains(&row.criterion));
        let points: Vec<Fraction> = sheets
            .iter()
            .filter_map(|(_, scores)| {
                let given = scores.iter().filter_map(|row| Some((row.criterion.clone(), row.points?)));
                for_criterion(criterion, &given.collect())
            })
            .collect();
        // A comment on a part of a criterion says which.
        let comment = |row: &score::Model| {
            let mut parts = criterion.sub_criteria.iter().zip(&keys);
            let part = parts.find(|(_, key)| **key == row.criterion).map(|(part, _)| part.name.as_str());
            said(&row.comment).map(|said| part.map_or_else(|| said.clone(), |part| format!("{part}: {said}")))
        };
        JudgedCriterion {
            name: criterion.name.clone(),
            agreed: None,
            weight: criterion.weight,
            threshold: criterion.threshold,
            mean: mean(&points).map(|mean| Points::hundredths(mean.hundredths())),
            highest: terms.evaluation.scale.max,
            comments: rows().filter_map(comment).collect(),
        }
    });
    Judged {
        evaluators: sheets.len(),
        criteria: criteria.collect(),
        comments: sheets.iter().filter_map(|(comment, _)| said(comment)).collect(),
    }
}

/// The exact mean; none of nothing.
fn mean(points: &[Fraction]) -> Option<Fraction> {
    let count = i128::try_from(points.len()).ok().filter(|count| *count > 0)?;
    Some(points.iter().fold(Fraction::ZERO, |sum, one| sum.plus(*one)).times(1, count))
}

/// One letter, to be printed or looked at.
#[derive(Debug, Clone)]
pub struct LetterDue {
    pub decision: DecisionId,
    pub feedback: Feedback,
    /// The person written to, if the part names one.
    pub contact: Option<String>,
    /// The officer who confirmed the agency's list and signs for it.
    pub officer: Option<String>,
    pub coordinator: String,
    /// The totals of all ranked proposals, in hundredths.
    pub totals: Vec<i32>,
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
        let walk = walk::load(db.conn(), self.0).await?;
        let due = |part: &WalkPart| {
            let released = |d: &decision::Model| d.state == DecisionState::Released && d.letter_file_id.is_none();
            part.decision.as_ref().is_some_and(released)
        };
        letters(db.conn(), &walk, |_, part| due(part)).await
    }
}

/// The letters of the decisions that are chosen, in rank order, in a constant number of statements.
pub(super) async fn letters(
    db: &impl ConnectionTrait,
    walk: &Walk,
    chosen: impl Fn(&WalkLine, &WalkPart) -> bool,
) -> Result<Vec<LetterDue>> {
    let parts: Vec<(&WalkLine, &WalkPart)> =
        walk.parts().filter(|(line, part)| part.decision.is_some() && chosen(line, part)).collect();
    let mut proposals: Vec<ProposalId> = parts.iter().map(|(line, _)| line.proposal.id).collect();
    proposals.dedup();
    let judged = judged(db, &proposals, &walk.call.terms).await?;
    let contacts =
        account::Entity::find().filter(account::Column::Id.is_in(parts.iter().filter_map(|(_, p)| p.part.contact_id)));
    let contacts: BTreeMap<AccountId, String> = contacts.all(db).await?.into_iter().map(|a| (a.id, a.name)).collect();
    let places = walk.reserve_places();
    let totals: Vec<i32> = walk.lines.iter().map(|line| line.total).collect();
    let letter = |(line, part): (&WalkLine, &WalkPart)| {
        let decision = part.decision.as_ref()?;
        let agency = walk.agency(part.agency)?;
        let judged = judged.get(&line.proposal.id).cloned().unwrap_or_default();
        let place = decision.reserve_place.or_else(|| places.get(&part.part.id).copied());
        let contact = part.part.signatory.clone();
        let coordinator = line.parts.iter().find(|p| p.part.is_coordinator);
        Some(LetterDue {
            decision: decision.id,
            contact: contact.or_else(|| part.part.contact_id.and_then(|id| contacts.get(&id).cloned())),
            officer: agency.confirmed.as_ref().map(|c| c.name.clone()),
            coordinator: coordinator.map_or_else(|| "–".to_owned(), |p| p.organisation.clone()),
            totals: totals.clone(),
            feedback: Feedback {
                proposal: line.proposal.id,
                part: part.part.id,
                code: line.proposal.code.clone(),
                title: line.proposal.title.clone(),
                call_title: walk.call.title.clone(),
                organisation: part.organisation.clone(),
                agency: agency.name.clone(),
                outcome: decision.outcome,
                amount: Money::new(decision.minor, decision.currency),
                reason: decision.reason.clone(),
                conditions: decision.conditions.clone(),
                reserve: place.zip(decision.reserve_until),
                released_at: decision.released_at,
                letter: decision.letter_file_id,
                summary: None,
                own: true,
                stranded: false,
                declined: false,
                may_decline: false,
                total: Some(Points::hundredths(line.total)),
                place: Some((line.rank, walk.lines.len())),
                evaluators: judged.evaluators,
                criteria: judged.criteria,
                comments: judged.comments,
            },
        })
    };
    Ok(parts.into_iter().filter_map(letter).collect())
}
