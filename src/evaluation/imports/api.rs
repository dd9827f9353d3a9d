//! Lists of evaluators for programs.

use super::{
    commands::{ApplyImport, PlanImport},
    queries::{Import, ImportOf, MayImport},
    rules::{Step, read},
};
use crate::{
    api::{ApiError, Asked, ByPath, Caller, RowFaultOut, Tag},
    documents::sheet::read_table,
    kernel::{App, AppError},
};
use chrono::{DateTime, Utc};
use poem::web::Data;
use poem_openapi::{
    Multipart, Object, OpenApi,
    param::{Header, Path},
    payload::Json,
    types::multipart::Upload,
};
use uuid::Uuid;

pub struct ImportsApi;

/// A list of evaluators.
#[derive(Multipart)]
struct EvaluatorListIn {
    /// CSV or XLSX; the first row names the columns, at least E-mail and Name.
    list: Upload,
}

#[derive(Object)]
struct EvaluatorImportOut {
    id: Uuid,
    file: String,
    expires_at: DateTime<Utc>,
    applied: bool,
    /// Rows that can be used, and what each would change.
    steps: Vec<EvaluatorStepOut>,
    /// Rows that cannot be used; they hold up no other.
    faults: Vec<RowFaultOut>,
    /// Columns nobody knows, which are left aside.
    unknown: Vec<String>,
}

#[derive(Object)]
struct EvaluatorStepOut {
    /// Counted from the head, which is row 1; empty rows are not counted.
    row: usize,
    name: String,
    email: String,
    /// What happens, in words.
    change: String,
    /// The columns in which a profile changes.
    columns: Vec<String>,
}

#[derive(Object)]
struct EvaluatorsChangedOut {
    invited: usize,
    changed: usize,
    left_out: usize,
}

impl From<Import> for EvaluatorImportOut {
    fn from(import: Import) -> Self {
        let step = |step: Step| EvaluatorStepOut {
            row: step.row,
            name: step.name,
            email: step.email,
            change: step.change.words().to_owned(),
            columns: step.change.columns().to_vec(),
        };
        Self {
            id: import.id.0,
            file: import.file,
            expires_at: import.expires_at,
            applied: import.applied,
            steps: import.plan.steps.into_iter().map(step).collect(),
            faults: import.plan.faults.into_iter().map(RowFaultOut::from).collect(),
            unknown: import.unknown,
        }
    }
}

impl ByPath for MayImport {
    const NAMED: bool = false;

    fn by_path(_: Uuid) -> Self {
        Self
    }
}

#[OpenApi(tag = "Tag::Evaluation")]
impl ImportsApi {
    /// See what a list of evaluators would change; it changes nothing until it is applied, within a day.
    #[oai(path = "/evaluators/imports", method = "post", operation_id = "planEvaluatorImport")]
    async fn plan(
        &self,
        app: Data<&App>,
        caller: Caller,
        _asked: Asked<MayImport>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
        body: EvaluatorListIn,
    ) -> Result<Json<EvaluatorImportOut>, ApiError> {
        let file = body.list.file_name().unwrap_or("list").to_owned();
        let bytes = body.list.into_vec().await.map_err(|e| AppError::refused("upload_broken", e.to_string()))?;
        let list = read_table(&file, &bytes).and_then(|table| read(&table));
        let list = list.map_err(|error| AppError::invalid("list", error.0))?;
        let import = app.run_once(&caller.0, key.0.as_deref(), PlanImport { file, list }).await?;
        Ok(Json(app.ask(&caller.0, ImportOf(import)).await?.into()))
    }

    /// What a list of yours would change, or has changed.
    #[oai(path = "/evaluators/imports/:list", method = "get", operation_id = "readEvaluatorImport")]
    async fn read(
        &self,
        app: Data<&App>,
        caller: Caller,
        list: Path<Uuid>,
    ) -> Result<Json<EvaluatorImportOut>, ApiError> {
        Ok(Json(app.ask(&caller.0, ImportOf(list.0.into())).await?.into()))
    }

    /// Apply exactly what was shown; refused when the pool changed meanwhile.
    #[oai(path = "/evaluators/imports/:list/apply", method = "post", operation_id = "applyEvaluatorImport")]
    async fn apply(
        &self,
        app: Data<&App>,
        caller: Caller,
        list: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<Json<EvaluatorsChangedOut>, ApiError> {
        let done = app.run_once(&caller.0, key.0.as_deref(), ApplyImport(list.0.into())).await?;
        Ok(Json(EvaluatorsChangedOut { invited: done.invited, changed: done.changed, left_out: done.left_out }))
    }
}
