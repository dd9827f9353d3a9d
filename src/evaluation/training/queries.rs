//! What is seen of training proposals.

use super::rules::{Bin, bins, counts};
use crate::{
    evaluation::{
        rules::weighted,
        scores::{
            queries::{CriterionView, criteria, marks},
            rules::choices,
        },
    },
    kernel::{AppError, Leave, Permission, Query, Result, Snapshot, Subject, access::scope},
    proposals::reading::queries::{ReadValue, reading, submitted},
};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use entity::{
    accounts::account,
    calls::call,
    evaluation::{assignment, training, training_sheet},
    proposals::proposal,
    types::{
        ids::{AccountId, CallId, ProposalId, TrainingId},
        points::{Points, Scale},
        sheets::SheetText,
        states::{AssignmentState, CallState, TrainingState},
        terms::CallTerms,
    },
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::BTreeSet;

/// The states of a task that make somebody an evaluator of its call.
const JUDGES: [AssignmentState; 4] =
    [AssignmentState::Invited, AssignmentState::Accepted, AssignmentState::InProgress, AssignmentState::Submitted];

/// A training proposal that is open to the actor, who evaluates in its call.
///
/// # Errors
/// `NotFound` for everybody else, and when it is not open.
pub(super) async fn for_evaluator(
    db: &impl ConnectionTrait,
    leave: Leave<'_>,
    id: TrainingId,
) -> Result<(training::Model, call::Model)> {
    let found = training::Entity::find_by_id(id)
        .filter(training::Column::State.eq(TrainingState::Open))
        .find_also_related(call::Entity)
        .one(db)
        .await?;
    let Some((row, Some(call))) = found else { return Err(AppError::NotFound) };
    let task = scope::own_assignments(leave)
        .filter(assignment::Column::CallId.eq(call.id))
        .filter(assignment::Column::State.is_in(JUDGES))
        .one(db)
        .await?;
    match task {
        Some(_) => Ok((row, call)),
        None => Err(AppError::NotFound),
    }
}

/// The joint answers of a proposal of an archived call, as a text; none when the actor sees no such proposal.
pub(super) async fn text_of(
    db: &impl ConnectionTrait,
    leave: Leave<'_>,
    code: &str,
) -> Result<Option<(ProposalId, String)>> {
    let found = scope::proposals(leave).filter(proposal::Column::Code.eq(code)).one(db).await?;
    let Some(found) = found else { return Ok(None) };
    let dossier = submitted(db, leave, found.id).await?;
    if dossier.call.state != CallState::Archived {
        return Ok(None);
    }
    let mut text = String::new();
    for section in reading(&dossier, &[]).sections {
        for answer in section.answers {
            let said = match answer.value {
                ReadValue::None => continue,
                ReadValue::Text(said) => said,
                ReadValue::Table { rows, .. } => {
                    rows.into_iter().map(|row| row.join(", ")).collect::<Vec<_>>().join("\n")
                }
            };
            text.push_str(&format!("{}\n{said}\n\n", answer.label));
        }
    }
    Ok(Some((found.id, text.trim_end().to_owned())))
}

/// One training proposal in a list.
#[derive(Debug, Clone)]
pub struct TrainingLine {
    pub id: TrainingId,
    pub title: String,
    pub call_title: String,
    pub state: TrainingState,
    pub required: bool,
    /// When the actor submitted a sheet on it, for the actor's own list.
    pub submitted_at: Option<DateTime<Utc>>,
    /// How many have submitted, and how many evaluate in the call.
    pub done: usize,
    pub of: usize,
    pub zone: Tz,
}

/// The training proposals of a call.
pub struct Trainings {
    pub call: CallId,
    pub call_code: String,
    pub may_manage: bool,
    pub lines: Vec<TrainingLine>,
}

/// The training proposals of a call, for those who run its evaluation.
pub struct TrainingsOf(pub CallId);

impl Query for TrainingsOf {
    const NEEDS: Permission = Permission::ReadTraining;
    type Output = Trainings;

    fn about(&self) -> Subject {
        Subject::Call(self.0)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Trainings> {
        let db = db.conn();
        let call = call::Entity::find_by_id(self.0).one(db).await?.ok_or(AppError::NotFound)?;
        let rows = training::Entity::find()
            .filter(training::Column::CallId.eq(self.0))
            .order_by_asc(training::Column::Id)
            .all(db)
            .await?;
        let judges = judges(db, leave, self.0).await?;
        let mut lines = Vec::new();
        for row in rows {
            let done = sheets(db, row.id).await?.iter().filter(|sheet| sheet.submitted_at.is_some()).count();
            lines.push(line(row, &call, None, (done, judges.len())));
        }
        Ok(Trainings { call: call.id, may_manage: leave.may(Permission::ManageTraining), call_code: call.code, lines })
    }
}

fn line(
    row: training::Model,
    call: &call::Model,
    submitted_at: Option<DateTime<Utc>>,
    (done, of): (usize, usize),
) -> TrainingLine {
    TrainingLine {
        id: row.id,
        title: row.title,
        call_title: call.title.clone(),
        state: row.state,
        required: row.required,
        submitted_at,
        done,
        of,
        zone: call.terms.zone,
    }
}

/// Everybody who evaluates in a call, as far as its proposals exist for the reader.
async fn judges(db: &impl ConnectionTrait, leave: Leave<'_>, call: CallId) -> Result<BTreeSet<AccountId>> {
    let hidden = scope::conflicted(db, leave.actor()).await?;
    let tasks = assignment::Entity::find()
        .filter(assignment::Column::CallId.eq(call))
        .filter(assignment::Column::ProposalId.is_not_in(hidden))
        .filter(assignment::Column::State.is_in(JUDGES))
        .all(db)
        .await?;
    Ok(tasks.into_iter().map(|task| task.account_id).collect())
}

async fn sheets(db: &impl ConnectionTrait, id: TrainingId) -> Result<Vec<training_sheet::Model>> {
    let select = training_sheet::Entity::find().filter(training_sheet::Column::TrainingId.eq(id));
    Ok(select.order_by_asc(training_sheet::Column::Id).all(db).await?)
}

/// The training proposals the actor may score.
pub struct OwnTrainings;

impl Query for OwnTrainings {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = Vec<TrainingLine>;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Vec<TrainingLine>> {
        let db = db.conn();
        let tasks = scope::own_assignments(leave).filter(assignment::Column::State.is_in(JUDGES)).all(db).await?;
        let calls: BTreeSet<CallId> = tasks.into_iter().map(|task| task.call_id).collect();
        let rows = training::Entity::find()
            .find_also_related(call::Entity)
            .filter(training::Column::CallId.is_in(calls))
            .filter(training::Column::State.eq(TrainingState::Open))
            .order_by_asc(training::Column::Id)
            .all(db)
            .await?;
        let own = training_sheet::Entity::find()
            .filter(training_sheet::Column::AccountId.eq(leave.account()?))
            .all(db)
            .await?;
        let one = |(row, call): (training::Model, Option<call::Model>)| {
            let done = own.iter().find(|sheet| sheet.training_id == row.id).and_then(|sheet| sheet.submitted_at);
            Some(line(row, &call?, done, (0, 0)))
        };
        Ok(rows.into_iter().filter_map(one).collect())
    }
}

/// One place for points, with what everybody said.
#[derive(Debug, Clone)]
pub struct Compared {
    pub name: String,
    pub own: Option<Points>,
    pub own_comment: String,
    pub panel: Option<Points>,
    pub panel_comment: String,
    /// How many others gave points in each step of the scale.
    pub counts: Vec<usize>,
}

/// A sheet beside the panel's answer and those of the others.
#[derive(Debug, Clone)]
pub struct Comparison {
    pub places: Vec<Compared>,
    /// The steps of the scale, as they are labelled.
    pub steps: Vec<String>,
    bins: Vec<Bin>,
    /// How many others have submitted.
    pub others: usize,
    pub own_total: String,
    pub panel_total: String,
    pub panel_comment: String,
}

impl Comparison {
    /// The step of the scale that points fall into.
    pub fn place_of(&self, points: Points) -> Option<usize> {
        self.bins.iter().position(|bin| bin.holds(points))
    }
}

fn compare(terms: &CallTerms, panel: &SheetText, own: Option<&SheetText>, others: &[&SheetText]) -> Comparison {
    let steps: Vec<Bin> = bins(terms.evaluation.scale);
    let total = |sheet: &SheetText| weighted(terms, &marks(&sheet.said)).total;
    let mut places = Vec::new();
    for criterion in criteria(terms, &panel.said) {
        for slot in criterion.slots {
            let said = own.and_then(|sheet| sheet.said.iter().find(|said| said.key == slot.key));
            let theirs: Vec<Points> =
                others.iter().filter_map(|sheet| sheet.said.iter().find(|said| said.key == slot.key)?.points).collect();
            let part = criterion.in_parts;
            places.push(Compared {
                name: if part { format!("{}: {}", criterion.name, slot.name) } else { slot.name },
                own: said.and_then(|said| said.points),
                own_comment: said.map(|said| said.comment.clone()).unwrap_or_default(),
                panel: slot.points,
                panel_comment: slot.comment,
                counts: counts(&steps, &theirs),
            });
        }
    }
    Comparison {
        places,
        steps: steps.iter().map(|bin| bin.label.clone()).collect(),
        bins: steps,
        others: others.len(),
        own_total: own.map(total).unwrap_or_default(),
        panel_total: total(panel),
        panel_comment: panel.comment.clone(),
    }
}

/// A training proposal with the actor's own sheet.
pub struct TrainingSheet {
    pub id: TrainingId,
    pub title: String,
    pub text: String,
    pub call_title: String,
    pub required: bool,
    pub criteria: Vec<CriterionView>,
    pub comment: String,
    pub scale: Scale,
    /// Every value of the scale, lowest first; empty when there are too many to choose from.
    pub values: Vec<String>,
    pub min_words: u32,
    pub may_abstain: bool,
    pub version: i64,
    pub submitted_at: Option<DateTime<Utc>>,
    pub zone: Tz,
    /// What the panel and the others said; only after one's own sheet was submitted.
    pub comparison: Option<Comparison>,
}

/// The actor's own sheet on a training proposal.
pub struct TrainingSheetOf(pub TrainingId);

impl Query for TrainingSheetOf {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = TrainingSheet;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<TrainingSheet> {
        let db = db.conn();
        let (row, call) = for_evaluator(db, leave, self.0).await?;
        let account = leave.account()?;
        let (mut own, others): (Vec<_>, Vec<_>) =
            sheets(db, row.id).await?.into_iter().partition(|sheet| sheet.account_id == account);
        let own = own.pop();
        let terms = &call.terms;
        let sheet = own.as_ref().map(|own| own.sheet.clone()).unwrap_or_default();
        let submitted_at = own.as_ref().and_then(|own| own.submitted_at);
        let theirs: Vec<&SheetText> =
            others.iter().filter(|other| other.submitted_at.is_some()).map(|other| &other.sheet).collect();
        Ok(TrainingSheet {
            id: row.id,
            title: row.title,
            text: row.text,
            call_title: call.title.clone(),
            required: row.required,
            criteria: criteria(terms, &sheet.said),
            scale: terms.evaluation.scale,
            values: choices(terms.evaluation.scale).iter().map(Points::to_string).collect(),
            min_words: terms.evaluation.min_comment_words,
            may_abstain: terms.evaluation.abstain,
            version: own.as_ref().map_or(0, |own| own.version),
            submitted_at,
            zone: terms.zone,
            comparison: submitted_at.map(|_| compare(terms, &row.answer, Some(&sheet), &theirs)),
            comment: sheet.comment,
        })
    }
}

/// Who has scored a training proposal.
#[derive(Debug, Clone)]
pub struct Trainee {
    pub name: String,
    pub begun: bool,
    pub submitted_at: Option<DateTime<Utc>>,
    /// The weighted total, once submitted.
    pub total: Option<String>,
}

/// A training proposal as those see it who run the evaluation.
pub struct TrainingFile {
    pub call: CallId,
    pub call_code: String,
    pub zone: Tz,
    /// None for one that is not written yet.
    pub id: Option<TrainingId>,
    pub state: TrainingState,
    pub title: String,
    pub text: String,
    /// Code of the proposal it was taken from.
    pub source: String,
    pub required: bool,
    pub criteria: Vec<CriterionView>,
    pub comment: String,
    pub scale: Scale,
    /// Every value of the scale, lowest first; empty when there are too many to choose from.
    pub values: Vec<String>,
    pub min_words: u32,
    /// The panel does not abstain.
    pub may_abstain: bool,
    pub version: i64,
    pub may_manage: bool,
    pub people: Vec<Trainee>,
    pub comparison: Comparison,
}

/// One training proposal of a call, or an empty one to be written.
pub struct TrainingFileOf {
    pub call: CallId,
    pub training: Option<TrainingId>,
}

impl Query for TrainingFileOf {
    const NEEDS: Permission = Permission::ReadTraining;
    type Output = TrainingFile;

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<TrainingFile> {
        let db = db.conn();
        let call = call::Entity::find_by_id(self.call).one(db).await?.ok_or(AppError::NotFound)?;
        let row = match self.training {
            None => None,
            Some(id) => {
                let row =
                    training::Entity::find_by_id(id).filter(training::Column::CallId.eq(self.call)).one(db).await?;
                Some(row.ok_or(AppError::NotFound)?)
            }
        };
        let sheets = match &row {
            Some(row) => sheets(db, row.id).await?,
            None => Vec::new(),
        };
        let source = match row.as_ref().and_then(|row| row.source_id) {
            Some(id) => proposal::Entity::find_by_id(id).one(db).await?.map(|p| p.code).unwrap_or_default(),
            None => String::new(),
        };
        let terms = &call.terms;
        let answer = row.as_ref().map(|row| row.answer.clone()).unwrap_or_default();
        let others: Vec<&SheetText> = sheets.iter().filter(|s| s.submitted_at.is_some()).map(|s| &s.sheet).collect();
        Ok(TrainingFile {
            call: call.id,
            zone: terms.zone,
            id: row.as_ref().map(|row| row.id),
            state: row.as_ref().map_or(TrainingState::Draft, |row| row.state),
            title: row.as_ref().map(|row| row.title.clone()).unwrap_or_default(),
            text: row.as_ref().map(|row| row.text.clone()).unwrap_or_default(),
            source,
            required: row.as_ref().is_some_and(|row| row.required),
            criteria: criteria(terms, &answer.said),
            scale: terms.evaluation.scale,
            values: choices(terms.evaluation.scale).iter().map(Points::to_string).collect(),
            min_words: terms.evaluation.min_comment_words,
            may_abstain: false,
            version: row.as_ref().map_or(0, |row| row.version),
            may_manage: leave.may(Permission::ManageTraining),
            people: people(db, terms, &sheets, judges(db, leave, self.call).await?).await?,
            comparison: compare(terms, &answer, None, &others),
            comment: answer.comment,
            call_code: call.code,
        })
    }
}

async fn people(
    db: &impl ConnectionTrait,
    terms: &CallTerms,
    sheets: &[training_sheet::Model],
    judges: BTreeSet<AccountId>,
) -> Result<Vec<Trainee>> {
    let known = judges.iter().copied().chain(sheets.iter().map(|sheet| sheet.account_id));
    let people = account::Entity::find()
        .filter(account::Column::Id.is_in(known))
        .order_by_asc(account::Column::Name)
        .all(db)
        .await?;
    let one = |person: account::Model| {
        let sheet = sheets.iter().find(|sheet| sheet.account_id == person.id);
        let submitted = sheet.filter(|sheet| sheet.submitted_at.is_some());
        Trainee {
            name: person.name,
            begun: sheet.is_some(),
            submitted_at: submitted.and_then(|sheet| sheet.submitted_at),
            total: submitted.map(|sheet| weighted(terms, &marks(&sheet.sheet.said)).total),
        }
    };
    Ok(people.into_iter().map(one).collect())
}
