//! What is seen of score sheets.

mod form;
mod others;
mod owed;
mod own;
mod versions;

pub use form::{FormChange, FormOf, FormPlan, PlanOf, PlannedSheet};
pub use others::{OtherSheet, OtherSheets, OthersView};
pub(in crate::evaluation) use owed::training_owed;
pub use own::{OwnSheet, OwnSheets};
pub use versions::{Change, SheetVersion, VersionsOf, VersionsView};

use crate::{
    evaluation::{
        assignments::queries::sheet_text,
        rules::{Kept, Weighted, below_threshold, points_for, weighted},
        scores::rules::choices,
    },
    kernel::{AppError, Leave, Permission, Query, Result, Snapshot, Subject},
    proposals::reading::queries::{Reading, files, reading, submitted},
};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use entity::{
    accounts::account,
    evaluation::{assignment, score},
    types::{
        ids::{AssignmentId, TrainingId},
        points::{Points, Scale},
        sheets::Said,
        states::AssignmentState,
        terms::{Anchor, CallTerms, Criterion},
    },
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

/// Where points and a comment are given: a criterion, or one part of it.
#[derive(Debug, Clone)]
pub struct Slot {
    /// `c1`, or `c1.market` for a part.
    pub key: String,
    pub name: String,
    /// Empty for a criterion without parts, whose guidance stands above.
    pub guidance: String,
    pub points: Option<Points>,
    pub comment: String,
}

/// A criterion with what was given for it.
#[derive(Debug, Clone)]
pub struct CriterionView {
    pub key: String,
    pub name: String,
    pub weight: String,
    pub threshold: Option<Points>,
    pub guidance: String,
    pub anchors: Vec<Anchor>,
    /// One for the criterion, or one for each of its parts.
    pub slots: Vec<Slot>,
    /// Whether points are given to parts.
    pub in_parts: bool,
    /// The points so far, exactly, with two decimals for a mean of parts.
    pub points: Option<String>,
    pub below_threshold: bool,
    /// Why no points are given.
    pub abstained: Option<String>,
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
    /// The training proposal that must be scored before this sheet can be written.
    pub training_first: Option<TrainingId>,
    pub due_at: Option<DateTime<Utc>>,
    pub submitted_at: Option<DateTime<Utc>>,
    pub reopened_reason: Option<String>,
    pub zone: Tz,
    pub reading: Reading,
    pub criteria: Vec<CriterionView>,
    pub comment: String,
    pub private_note: String,
    pub weighted: Weighted,
    pub scale: Scale,
    /// Every value of the scale, lowest first; empty when there are too many to choose from.
    pub values: Vec<String>,
    pub min_words: u32,
    /// Whether the call lets evaluators abstain.
    pub may_abstain: bool,
    pub version: i64,
    /// The own sheets before and after this one: id and code.
    pub previous: Option<(AssignmentId, String)>,
    pub next: Option<(AssignmentId, String)>,
    /// The own sheet that is still to be written after this one, least reviewed first.
    pub open_next: Option<(AssignmentId, String)>,
    /// Own sheets handed in, and how many there are.
    pub handed_in: (usize, usize),
    /// Earlier versions that were handed in and given back.
    pub versions: usize,
}

impl SheetView {
    /// The total as a share of the greatest, in whole per cent rounded down.
    pub fn percent(&self) -> i32 {
        percent(self.scale, self.weighted.hundredths)
    }
}

/// How far points are up a scale, in whole per cent rounded down.
fn percent(scale: Scale, hundredths: i32) -> i32 {
    let max = scale.max.as_hundredths();
    if max <= 0 { 0 } else { i32::try_from(i64::from(hundredths) * 100 / i64::from(max)).unwrap_or(100) }
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
        let said = sheet_text(&row, &scores_of(db, row.id).await?).said;
        let terms = dossier.terms();
        let beside = if mine { own::beside(db, leave, &row, terms).await? } else { own::Beside::default() };
        let open = matches!(row.state, AssignmentState::Accepted | AssignmentState::InProgress);
        let owed = if mine && open { training_owed(db, &row).await? } else { None };
        Ok(SheetView {
            id: row.id,
            state: row.state,
            expert: expert.name,
            mine,
            may_write: mine && open && owed.is_none() && leave.may(Permission::GiveScore),
            training_first: owed,
            due_at: row.due_at,
            submitted_at: row.submitted_at,
            reopened_reason: row.reopened_reason,
            zone: terms.zone,
            weighted: weighted(terms, &marks(&said)),
            scale: terms.evaluation.scale,
            values: choices(terms.evaluation.scale).iter().map(Points::to_string).collect(),
            min_words: terms.evaluation.min_comment_words,
            may_abstain: terms.evaluation.abstain,
            criteria: criteria(terms, &said),
            comment: row.comment,
            private_note: row.private_note,
            version: row.version,
            reading: reading(&dossier, &files),
            previous: beside.previous,
            next: beside.next,
            open_next: beside.open_next,
            handed_in: beside.handed_in,
            versions: versions::count(db, row.id).await?,
        })
    }
}

async fn scores_of(db: &impl ConnectionTrait, id: AssignmentId) -> Result<Vec<score::Model>> {
    Ok(score::Entity::find().filter(score::Column::AssignmentId.eq(id)).all(db).await?)
}

/// What was said, as sheets are added up.
pub fn marks(said: &[Said]) -> Vec<Kept<'_>> {
    said.iter().map(|one| Kept { key: &one.key, points: one.points, abstained: one.abstained.is_some() }).collect()
}

/// The criteria of a call with what was said of them.
pub fn criteria(terms: &CallTerms, said: &[Said]) -> Vec<CriterionView> {
    terms.criteria.iter().map(|one| criterion(one, said)).collect()
}

fn criterion(criterion: &Criterion, said: &[Said]) -> CriterionView {
    let one = |key: &str| said.iter().find(|k| k.key == key);
    let slot = |key: String, name: &str, guidance: &str| Slot {
        points: one(&key).and_then(|k| k.points),
        comment: one(&key).map(|k| k.comment.clone()).unwrap_or_default(),
        key,
        name: name.to_owned(),
        guidance: guidance.to_owned(),
    };
    let in_parts = !criterion.sub_criteria.is_empty();
    let slots = if in_parts {
        let keys = criterion.score_keys().into_iter();
        keys.zip(&criterion.sub_criteria).map(|(key, part)| slot(key, &part.name, &part.guidance)).collect()
    } else {
        vec![slot(criterion.key.clone(), &criterion.name, "")]
    };
    let sheet = marks(said);
    let whole = slots.first().and_then(|slot| slot.points).filter(|_| !in_parts);
    let exact = points_for(criterion, &sheet);
    CriterionView {
        key: criterion.key.clone(),
        name: criterion.name.clone(),
        weight: criterion.weight.to_string(),
        threshold: criterion.threshold,
        guidance: criterion.guidance.clone(),
        anchors: criterion.anchors.clone(),
        in_parts,
        points: whole.map(|points| points.to_string()).or_else(|| exact.map(|mean| mean.text())),
        below_threshold: below_threshold(criterion, &sheet),
        abstained: one(&criterion.key).and_then(|k| k.abstained.clone()),
        slots,
    }
}
