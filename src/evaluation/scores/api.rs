//! Score sheets for programs.

use super::{
    commands::{Entry, SaveSheet, Sheet, SubmitKept, SubmitSheet},
    queries::{CriterionView, FormOf, OtherSheets, OwnSheets, PlanOf, SheetOf, VersionsOf},
    rules::form::{self, Wrong},
};
use crate::{
    api::{ApiError, Caller, Tag},
    calls::rules::Piece,
    kernel::App,
};
use chrono::{DateTime, Utc};
use poem::web::Data;
use poem_openapi::{
    Object, OpenApi,
    param::{Header, Path},
    payload::Json,
};
use uuid::Uuid;

pub struct ScoresApi;

/// A part of a criterion with what was given for it.
#[derive(Object)]
pub struct ScorePartOut {
    /// Under which key points are given. Example: c1.market
    criterion: String,
    name: String,
    guidance: String,
    /// Example: 3.5
    points: Option<String>,
    comment: String,
}

/// A criterion with what was given for it.
#[derive(Object)]
pub struct ScoreOut {
    /// Key of the criterion.
    criterion: String,
    name: String,
    /// Example: 30 %
    weight: String,
    guidance: String,
    /// The mean of the parts, with two decimals, when there are any. Example: 3.67
    points: Option<String>,
    /// Empty when comments are written on the parts.
    comment: String,
    /// The parts that points are given to instead of the criterion.
    parts: Vec<ScorePartOut>,
    /// Why the evaluator abstains; none when not. Example: I do not know this market
    abstained: Option<String>,
}

impl From<CriterionView> for ScoreOut {
    fn from(view: CriterionView) -> Self {
        let mut parts: Vec<ScorePartOut> = view
            .slots
            .into_iter()
            .map(|slot| ScorePartOut {
                criterion: slot.key,
                name: slot.name,
                guidance: slot.guidance,
                points: slot.points.map(|p| p.to_string()),
                comment: slot.comment,
            })
            .collect();
        let whole = if view.in_parts { None } else { parts.pop() };
        Self {
            criterion: view.key,
            name: view.name,
            weight: view.weight,
            guidance: view.guidance,
            points: view.points,
            comment: whole.map(|whole| whole.comment).unwrap_or_default(),
            parts,
            abstained: view.abstained,
        }
    }
}

/// The points that may be given.
#[derive(Object)]
struct ScaleOut {
    /// Example: 0
    min: String,
    /// Example: 5
    max: String,
    /// Example: 0.5
    step: String,
}

/// A score sheet.
#[derive(Object)]
struct ScoreSheetOut {
    id: Uuid,
    proposal: Uuid,
    code: String,
    evaluator: String,
    state: String,
    scale: ScaleOut,
    scores: Vec<ScoreOut>,
    comment: String,
    /// For panel and secretariat only.
    private_note: String,
    /// The weighted total of the points given so far, without criteria the evaluator abstains from.
    total: String,
    /// The greatest total.
    max: String,
    due_at: Option<DateTime<Utc>>,
    submitted_at: Option<DateTime<Utc>>,
    /// To be sent with the next change.
    version: i64,
    may_write: bool,
}

/// Points and comment for one criterion, or for one part of it.
#[derive(Object)]
pub struct ScoreIn {
    /// Key of the criterion, or of one of its parts. Example: c1.market
    criterion: String,
    /// Example: 3.5
    points: Option<String>,
    #[oai(default)]
    comment: String,
    /// Why no points are given for the whole criterion, where the call lets evaluators abstain.
    /// Example: I do not know this market
    abstained: Option<String>,
}

/// A whole sheet: what is not sent is emptied.
#[derive(Object)]
struct ScoreSheetIn {
    version: i64,
    scores: Vec<ScoreIn>,
    #[oai(default)]
    comment: String,
    #[oai(default)]
    private_note: String,
}

#[derive(Object)]
struct SheetVersionOut {
    version: i64,
}

/// The version of a sheet that is handed in as it is kept.
#[derive(Object)]
struct SheetSeenIn {
    version: i64,
}

/// One of your own sheets.
#[derive(Object)]
struct OwnSheetOut {
    /// Of the assignment.
    id: Uuid,
    call: Uuid,
    code: String,
    title: String,
    state: String,
    due_at: Option<DateTime<Utc>>,
    submitted_at: Option<DateTime<Utc>>,
    /// Criteria that are dealt with.
    done: u32,
    /// How many criteria there are.
    of: u32,
    /// The weighted total so far. Example: 3.43
    total: String,
    /// Whether it is complete and can be submitted.
    ready: bool,
    version: i64,
}

/// A sheet another evaluator submitted.
#[derive(Object)]
struct OtherSheetOut {
    /// A name where the call shows names, otherwise a letter. Example: Evaluator A
    evaluator: String,
    /// The weighted total. Example: 3.43
    total: String,
    scores: Vec<ScoreOut>,
    comment: String,
}

/// The sheets of others on the same proposal.
#[derive(Object)]
struct OtherSheetsOut {
    /// `never`, `after_own` or `always`
    rule: String,
    /// Whether they are shown now; when not, the list is empty, however many there are.
    visible: bool,
    sheets: Vec<OtherSheetOut>,
}

/// What a place on a sheet said before and says now.
#[derive(Object)]
struct SheetChangeOut {
    /// Example: Follow-up and continuation after the project: points
    place: String,
    before: String,
    after: String,
}

/// A sheet as it was submitted.
#[derive(Object)]
struct SubmittedSheetOut {
    number: u32,
    submitted_at: DateTime<Utc>,
    /// Who gave it back; none for the one that counts. Example: Olaf Berg
    reopened_by: Option<String>,
    reopened_at: Option<DateTime<Utc>>,
    /// Example: Please say more about the work plan
    reopened_reason: Option<String>,
    /// Against the version before.
    changes: Vec<SheetChangeOut>,
}

/// A form of sheets as text.
#[derive(Object)]
struct SheetFormOut {
    /// Sheets begin with `==`, places with `--`; comments go on below `comment:`.
    text: String,
}

/// A form that was filled in.
#[derive(Object)]
struct SheetFormIn {
    text: String,
    /// Whether the changes are saved; otherwise they are only told.
    #[oai(default)]
    apply: bool,
}

/// What is wrong with a line of a form.
#[derive(Object)]
struct FormLineOut {
    /// Example: 12
    line: u32,
    message: String,
}

/// What a form changes on one sheet.
#[derive(Object)]
struct FormSheetOut {
    /// Of the assignment.
    id: Uuid,
    /// Code and title of the proposal.
    proposal: String,
    changes: Vec<SheetChangeOut>,
    /// The new version when it was saved.
    version: Option<i64>,
}

/// What a form changes, or everything that keeps it from changing anything.
#[derive(Object)]
struct FormPlanOut {
    sheets: Vec<FormSheetOut>,
    wrong: Vec<FormLineOut>,
}

fn wrong_out(wrong: Vec<Wrong>) -> Vec<FormLineOut> {
    wrong.into_iter().map(|one| FormLineOut { line: count(one.line), message: one.message }).collect()
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// One of two texts of which the pieces are known.
fn side(pieces: &[Piece], after: bool) -> String {
    let said = |piece: &Piece| match piece {
        Piece::Same(text) => Some(text.clone()),
        Piece::Added(text) => Some(text.clone()).filter(|_| after),
        Piece::Removed(text) => Some(text.clone()).filter(|_| !after),
    };
    pieces.iter().filter_map(said).collect()
}

/// A sheet as a program sends it.
pub fn sheet_in(scores: Vec<ScoreIn>, comment: String, private_note: String) -> Sheet {
    let entry = |score: ScoreIn| Entry {
        criterion: score.criterion,
        points: score.points.unwrap_or_default(),
        comment: score.comment,
        abstained: score.abstained,
    };
    Sheet { entries: scores.into_iter().map(entry).collect(), comment, private_note }
}

impl ScoreSheetIn {
    fn sheet(self) -> Sheet {
        sheet_in(self.scores, self.comment, self.private_note)
    }
}

#[OpenApi(tag = "Tag::Evaluation")]
impl ScoresApi {
    /// A score sheet: your own, or as staff a submitted one.
    #[oai(path = "/assignments/:id/sheet", method = "get", operation_id = "getScoreSheet")]
    async fn sheet(&self, app: Data<&App>, caller: Caller, id: Path<Uuid>) -> Result<Json<ScoreSheetOut>, ApiError> {
        let sheet = app.ask(&caller.0, SheetOf(id.0.into())).await?;
        Ok(Json(ScoreSheetOut {
            id: sheet.id.0,
            proposal: sheet.reading.id.0,
            code: sheet.reading.code,
            evaluator: sheet.expert,
            state: sheet.state.word().to_owned(),
            max: sheet.scale.max.to_string(),
            scale: ScaleOut {
                min: sheet.scale.min.to_string(),
                max: sheet.scale.max.to_string(),
                step: sheet.scale.step.to_string(),
            },
            scores: sheet.criteria.into_iter().map(ScoreOut::from).collect(),
            comment: sheet.comment,
            private_note: sheet.private_note,
            total: sheet.weighted.total,
            due_at: sheet.due_at,
            submitted_at: sheet.submitted_at,
            version: sheet.version,
            may_write: sheet.may_write,
        }))
    }

    /// Your own sheets, by call and proposal.
    #[oai(path = "/sheets", method = "get", operation_id = "listOwnScoreSheets")]
    async fn own(&self, app: Data<&App>, caller: Caller) -> Result<Json<Vec<OwnSheetOut>>, ApiError> {
        let sheets = app.ask(&caller.0, OwnSheets).await?;
        let out = |sheet: super::queries::OwnSheet| OwnSheetOut {
            ready: sheet.ready(),
            id: sheet.id.0,
            call: sheet.call.0,
            code: sheet.code,
            title: sheet.title,
            state: sheet.state.word().to_owned(),
            due_at: sheet.due_at,
            submitted_at: sheet.submitted_at,
            done: count(sheet.done),
            of: count(sheet.of),
            total: sheet.total,
            version: sheet.version,
        };
        Ok(Json(sheets.into_iter().map(out).collect()))
    }

    /// The sheets of other evaluators on your proposal, as far as the call shows them to you.
    #[oai(path = "/assignments/:id/sheet/others", method = "get", operation_id = "getOtherScoreSheets")]
    async fn others(&self, app: Data<&App>, caller: Caller, id: Path<Uuid>) -> Result<Json<OtherSheetsOut>, ApiError> {
        let view = app.ask(&caller.0, OtherSheets(id.0.into())).await?;
        let sheet = |sheet: super::queries::OtherSheet| OtherSheetOut {
            evaluator: sheet.who,
            total: sheet.total,
            scores: sheet.criteria.into_iter().map(ScoreOut::from).collect(),
            comment: sheet.comment,
        };
        Ok(Json(OtherSheetsOut {
            rule: view.rule.word().to_owned(),
            visible: view.visible,
            sheets: view.sheets.into_iter().map(sheet).collect(),
        }))
    }

    /// Every version of a sheet that was submitted, the newest first: your own, or as staff anybody's.
    #[oai(path = "/assignments/:id/sheet/versions", method = "get", operation_id = "listScoreSheetVersions")]
    async fn versions(
        &self,
        app: Data<&App>,
        caller: Caller,
        id: Path<Uuid>,
    ) -> Result<Json<Vec<SubmittedSheetOut>>, ApiError> {
        let view = app.ask(&caller.0, VersionsOf(id.0.into())).await?;
        let change = |change: &super::queries::Change| SheetChangeOut {
            place: change.place.clone(),
            before: side(&change.pieces, false),
            after: side(&change.pieces, true),
        };
        let version = |version: super::queries::SheetVersion| {
            let (by, at, reason) = match version.reopened {
                Some((by, at, reason)) => (Some(by), Some(at), Some(reason)),
                None => (None, None, None),
            };
            SubmittedSheetOut {
                number: count(version.number),
                submitted_at: version.submitted_at,
                reopened_by: by,
                reopened_at: at,
                reopened_reason: reason,
                changes: version.changes.iter().map(change).collect(),
            }
        };
        Ok(Json(view.versions.into_iter().map(version).collect()))
    }

    /// The form of all your sheets that can be written now, to be filled in elsewhere.
    #[oai(path = "/sheets/form", method = "get", operation_id = "getScoreSheetForm")]
    async fn form(&self, app: Data<&App>, caller: Caller) -> Result<Json<SheetFormOut>, ApiError> {
        let sheets = app.ask(&caller.0, FormOf(None)).await?;
        Ok(Json(SheetFormOut { text: form::write(&sheets) }))
    }

    /// What a form that was filled in changes; with `apply` the changes are saved. Nothing that was changed meanwhile
    /// is overwritten.
    #[oai(path = "/sheets/form", method = "post", operation_id = "readScoreSheetForm")]
    async fn read_form(
        &self,
        app: Data<&App>,
        caller: Caller,
        body: Json<SheetFormIn>,
    ) -> Result<Json<FormPlanOut>, ApiError> {
        let sheets = match form::read(&body.0.text) {
            Ok(sheets) => sheets,
            Err(wrong) => return Ok(Json(FormPlanOut { sheets: Vec::new(), wrong: wrong_out(wrong) })),
        };
        let plan = app.ask(&caller.0, PlanOf(sheets)).await?;
        let apply = body.0.apply && plan.wrong.is_empty();
        let mut out = FormPlanOut { sheets: Vec::new(), wrong: wrong_out(plan.wrong) };
        for sheet in plan.sheets {
            let version = if apply {
                let sheet =
                    SaveSheet { assignment: sheet.id, seen: sheet.version, sheet: Sheet::of_form(&sheet.merged) };
                Some(app.run(&caller.0, sheet).await?)
            } else {
                None
            };
            let change =
                |c: super::queries::FormChange| SheetChangeOut { place: c.place, before: c.before, after: c.after };
            let changes = sheet.changes.into_iter().map(change).collect();
            out.sheets.push(FormSheetOut { id: sheet.id.0, proposal: sheet.title, changes, version });
        }
        Ok(Json(out))
    }

    /// Submit a sheet as it is kept.
    #[oai(path = "/assignments/:id/sheet/submit", method = "post", operation_id = "submitKeptScoreSheet")]
    async fn submit_kept(
        &self,
        app: Data<&App>,
        caller: Caller,
        id: Path<Uuid>,
        body: Json<SheetSeenIn>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<Json<SheetVersionOut>, ApiError> {
        let command = SubmitKept { assignment: id.0.into(), seen: body.0.version };
        let version = app.run_once(&caller.0, key.0.as_deref(), command).await?;
        Ok(Json(SheetVersionOut { version }))
    }

    /// Keep a sheet as it is so far.
    #[oai(path = "/assignments/:id/sheet", method = "put", operation_id = "saveScoreSheet")]
    async fn save(
        &self,
        app: Data<&App>,
        caller: Caller,
        id: Path<Uuid>,
        body: Json<ScoreSheetIn>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<Json<SheetVersionOut>, ApiError> {
        let command = SaveSheet { assignment: id.0.into(), seen: body.0.version, sheet: body.0.sheet() };
        let version = app.run_once(&caller.0, key.0.as_deref(), command).await?;
        Ok(Json(SheetVersionOut { version }))
    }

    /// Keep a sheet and hand it in; every criterion needs points and enough words.
    #[oai(path = "/assignments/:id/submit", method = "post", operation_id = "submitScoreSheet")]
    async fn submit(
        &self,
        app: Data<&App>,
        caller: Caller,
        id: Path<Uuid>,
        body: Json<ScoreSheetIn>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<Json<SheetVersionOut>, ApiError> {
        let command = SubmitSheet { assignment: id.0.into(), seen: body.0.version, sheet: body.0.sheet() };
        let version = app.run_once(&caller.0, key.0.as_deref(), command).await?;
        Ok(Json(SheetVersionOut { version }))
    }
}
