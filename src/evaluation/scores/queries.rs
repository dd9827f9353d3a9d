//! What is seen of score sheets.

use crate::{
    evaluation::rules::{Weighted, weighted},
    kernel::{AppError, Leave, Permission, Query, Result, Snapshot, Subject, access::scope},
    proposals::reading::queries::{Reading, files, reading, submitted},
};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use entity::{
    accounts::account,
    evaluation::{assignment, score},
    proposals::proposal,
    types::{
        ids::{AssignmentId, ProposalId},
        points::Points,
        states::AssignmentState,
        terms::{Anchor, CallTerms, Criterion},
    },
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

/// A criterion with what was given for it.
#[derive(Debug, Clone)]
pub struct CriterionView {
    pub key: String,
    pub name: String,
    pub weight: String,
    pub threshold: Option<Points>,
    pub guidance: String,
    pub anchors: Vec<Anchor>,
    /// Every value of the scale, lowest first.
    pub values: Vec<String>,
    pub points: Option<Points>,
    pub comment: String,
}

/// A sheet beside its proposal.
pub struct SheetView {
    pub id: AssignmentId,
    pub state: AssignmentState,
    pub expert: String,
    /// Whether it is the actor's own.
    pub mine: bool,
    /// Whether the actor may write in it now.
    pub may_write: bool,
    pub due_at: Option<DateTime<Utc>>,
    pub submitted_at: Option<DateTime<Utc>>,
    pub reopened_reason: Option<String>,
    pub zone: Tz,
    pub reading: Reading,
    pub criteria: Vec<CriterionView>,
    pub comment: String,
    pub private_note: String,
    pub weighted: Weighted,
    /// The greatest number of points.
    pub max: Points,
    pub min_words: u32,
    pub version: i64,
    /// The own sheets before and after this one: id and code.
    pub previous: Option<(AssignmentId, String)>,
    pub next: Option<(AssignmentId, String)>,
    /// Which of how many own sheets this is.
    pub place: (usize, usize),
}

/// The sheet of a task, with the proposal.
pub struct SheetOf(pub AssignmentId);

impl Query for SheetOf {
    const NEEDS: Permission = Permission::ReadSheet;
    type Output = SheetView;

    fn about(&self) -> Subject {
        Subject::Assignment(self.0)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<SheetView> {
        let db = db.conn();
        let row = assignment::Entity::find_by_id(self.0).one(db).await?.ok_or(AppError::NotFound)?;
        let mine = Some(row.account_id) == leave.actor().account();
        let submitted_sheet = row.state == AssignmentState::Submitted;
        if !(mine || submitted_sheet && leave.may(Permission::ReadScores)) {
            return Err(AppError::NotFound);
        }
        let expert = account::Entity::find_by_id(row.account_id).one(db).await?.ok_or(AppError::NotFound)?;
        let dossier = submitted(db, leave, row.proposal_id).await?;
        let files = files(db, &dossier).await?;
        let kept = score::Entity::find().filter(score::Column::AssignmentId.eq(row.id)).all(db).await?;
        let terms = dossier.terms();
        let criteria: Vec<CriterionView> = terms.criteria.iter().map(|c| criterion(terms, c, &kept)).collect();
        let points: Vec<(&str, Points)> = criteria.iter().filter_map(|c| Some((c.key.as_str(), c.points?))).collect();
        let (previous, next, place) = if mine { beside(db, leave, &row).await? } else { (None, None, (1, 1)) };
        let open = matches!(row.state, AssignmentState::Accepted | AssignmentState::InProgress);
        Ok(SheetView {
            id: row.id,
            state: row.state,
            expert: expert.name,
            mine,
            may_write: mine && open && leave.may(Permission::GiveScore),
            due_at: row.due_at,
            submitted_at: row.submitted_at,
            reopened_reason: row.reopened_reason,
            zone: terms.zone,
            weighted: weighted(terms, &points),
            max: terms.evaluation.scale.max,
            min_words: terms.evaluation.min_comment_words,
            criteria,
            comment: row.comment,
            private_note: row.private_note,
            version: row.version,
            reading: reading(&dossier, &files),
            previous,
            next,
            place,
        })
    }
}

fn criterion(terms: &CallTerms, criterion: &Criterion, kept: &[score::Model]) -> CriterionView {
    let kept = kept.iter().find(|k| k.criterion == criterion.key);
    CriterionView {
        key: criterion.key.clone(),
        name: criterion.name.clone(),
        weight: criterion.weight.to_string(),
        threshold: criterion.threshold,
        guidance: criterion.guidance.clone(),
        anchors: criterion.anchors.clone(),
        values: terms.evaluation.scale.values().iter().map(Points::to_string).collect(),
        points: kept.and_then(|k| k.points),
        comment: kept.map(|k| k.comment.clone()).unwrap_or_default(),
    }
}

type Beside = (Option<(AssignmentId, String)>, Option<(AssignmentId, String)>, (usize, usize));

/// The actor's own sheets of the same call, in the order of the proposals' codes.
async fn beside(db: &impl ConnectionTrait, leave: Leave<'_>, row: &assignment::Model) -> Result<Beside> {
    let own = scope::own_assignments(leave)
        .filter(assignment::Column::CallId.eq(row.call_id))
        .filter(assignment::Column::State.is_in([
            AssignmentState::Accepted,
            AssignmentState::InProgress,
            AssignmentState::Submitted,
        ]))
        .all(db)
        .await?;
    let codes: Vec<(ProposalId, String)> = proposal::Entity::find()
        .filter(proposal::Column::Id.is_in(own.iter().map(|o| o.proposal_id)))
        .order_by_asc(proposal::Column::Code)
        .all(db)
        .await?
        .into_iter()
        .map(|p| (p.id, p.code))
        .collect();
    let ordered: Vec<(AssignmentId, String)> =
        codes.into_iter().filter_map(|(id, code)| Some((own.iter().find(|o| o.proposal_id == id)?.id, code))).collect();
    let at = ordered.iter().position(|(id, _)| *id == row.id).unwrap_or_default();
    let previous = at.checked_sub(1).and_then(|i| ordered.get(i)).cloned();
    Ok((previous, ordered.get(at + 1).cloned(), (at + 1, ordered.len().max(1))))
}
