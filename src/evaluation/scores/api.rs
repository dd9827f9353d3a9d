//! Score sheets for programs.

use super::{
    commands::{Entry, SaveSheet, Sheet, SubmitSheet},
    queries::SheetOf,
};
use crate::{
    api::{ApiError, Caller, Tag},
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

/// A criterion with what was given for it.
#[derive(Object)]
struct ScoreOut {
    /// Key of the criterion.
    criterion: String,
    name: String,
    /// Example: 30 %
    weight: String,
    guidance: String,
    /// Every number of points that can be given.
    scale: Vec<String>,
    /// Example: 3.5
    points: Option<String>,
    comment: String,
}

/// A score sheet.
#[derive(Object)]
struct ScoreSheetOut {
    id: Uuid,
    proposal: Uuid,
    code: String,
    evaluator: String,
    state: String,
    scores: Vec<ScoreOut>,
    comment: String,
    /// For panel and secretariat only.
    private_note: String,
    /// The weighted total of the points given so far.
    total: String,
    /// The greatest total.
    max: String,
    due_at: Option<DateTime<Utc>>,
    submitted_at: Option<DateTime<Utc>>,
    /// To be sent with the next change.
    version: i64,
    may_write: bool,
}

/// Points and comment for one criterion.
#[derive(Object)]
struct ScoreIn {
    criterion: String,
    /// Example: 3.5
    points: Option<String>,
    #[oai(default)]
    comment: String,
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

impl ScoreSheetIn {
    fn sheet(self) -> Sheet {
        let entry = |score: ScoreIn| Entry {
            criterion: score.criterion,
            points: score.points.unwrap_or_default(),
            comment: score.comment,
        };
        Sheet {
            entries: self.scores.into_iter().map(entry).collect(),
            comment: self.comment,
            private_note: self.private_note,
        }
    }
}

#[OpenApi(tag = "Tag::Evaluation")]
impl ScoresApi {
    /// A score sheet: your own, or as staff a submitted one.
    #[oai(path = "/assignments/:id/sheet", method = "get", operation_id = "getScoreSheet")]
    async fn sheet(&self, app: Data<&App>, caller: Caller, id: Path<Uuid>) -> Result<Json<ScoreSheetOut>, ApiError> {
        let sheet = app.ask(&caller.0, SheetOf(id.0.into())).await?;
        let score = |c: super::queries::CriterionView| ScoreOut {
            criterion: c.key,
            name: c.name,
            weight: c.weight,
            guidance: c.guidance,
            scale: c.values,
            points: c.points.map(|p| p.to_string()),
            comment: c.comment,
        };
        Ok(Json(ScoreSheetOut {
            id: sheet.id.0,
            proposal: sheet.reading.id.0,
            code: sheet.reading.code,
            evaluator: sheet.expert,
            state: sheet.state.word().to_owned(),
            scores: sheet.criteria.into_iter().map(score).collect(),
            comment: sheet.comment,
            private_note: sheet.private_note,
            total: sheet.weighted.total,
            max: sheet.max.to_string(),
            due_at: sheet.due_at,
            submitted_at: sheet.submitted_at,
            version: sheet.version,
            may_write: sheet.may_write,
        }))
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
