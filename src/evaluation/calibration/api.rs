//! Calibrations for programs.

use super::{
    commands::OrderCalibration,
    queries::{CalibrationOf, CalibrationView, EvaluatorFigures, ProposalFigures},
};
use crate::{
    api::{ApiError, Caller, FileFormat, ListFile, Tag, exported},
    kernel::{App, AppError, Subject},
};
use chrono::{DateTime, Utc};
use poem::web::Data;
use poem_openapi::{
    Object, OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};
use uuid::Uuid;

pub struct CalibrationApi;

/// A proposal as the ranking model sees it.
#[derive(Object)]
struct CalibratedProposalOut {
    proposal: Uuid,
    code: String,
    title: String,
    sheets: u64,
    /// The mean of its sheets' totals, in points.
    raw: f64,
    /// The same with the evaluators' severity taken out.
    adjusted: f64,
    adjusted_90_from: f64,
    adjusted_90_to: f64,
    expected_rank: f64,
    /// By restricted maximum likelihood, as a check.
    expected_rank_reml: f64,
    rank_50_from: u32,
    rank_50_to: u32,
    rank_90_from: u32,
    rank_90_to: u32,
    /// The chance to be among the places there are, from 0 to 1.
    above: f64,
    /// `above`, `within` (not distinguishable) or `below` the funding line.
    side: String,
    /// Proposals of different islands share no evaluator.
    island: u64,
}

/// An evaluator as the ranking model sees them.
#[derive(Object)]
struct CalibratedEvaluatorOut {
    evaluator: Uuid,
    name: String,
    sheets: u64,
    /// By how many points less than the mean evaluator they give the same proposal.
    severity: f64,
    /// The standard error of that.
    error: f64,
}

/// What the ranking model says of a call's sheets; shown beside the totals as given.
#[derive(Object)]
struct CalibrationOut {
    number: i32,
    /// How many proposals fit above the funding line.
    places: i32,
    /// The seed of the sampler: with the same sheets it gives the same figures.
    seed: String,
    /// The SHA-256 of the totals it was made from.
    inputs: String,
    made_by: String,
    made_at: DateTime<Utc>,
    /// Whether sheets or parts changed since.
    out_of_date: bool,
    mean: f64,
    deviation_proposals: f64,
    deviation_evaluators: f64,
    deviation_residual: f64,
    /// The expected rank of the last proposal that fits.
    line: Option<f64>,
    /// Places left for those within the zone.
    open: u64,
    islands: u64,
    proposals: Vec<CalibratedProposalOut>,
    evaluators: Vec<CalibratedEvaluatorOut>,
}

#[derive(Object)]
struct OrderCalibrationIn {
    /// How many proposals fit above the funding line.
    places: u32,
}

#[derive(Object)]
struct OrderedCalibrationOut {
    /// The job that makes it: `GET /jobs/{id}`.
    job: Uuid,
}

#[OpenApi(tag = "Tag::Evaluation")]
impl CalibrationApi {
    /// The latest calibration of a call, or the one with this number.
    #[oai(path = "/calls/:call/calibration", method = "get", operation_id = "getCalibration")]
    async fn calibration(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        number: Query<Option<i32>>,
    ) -> Result<Json<CalibrationOut>, ApiError> {
        let found = app.ask(&caller.0, CalibrationOf { call: call.0.into(), number: number.0 }).await?;
        Ok(Json(found.shown.ok_or(AppError::NotFound)?.into()))
    }

    /// The proposals of a calibration as a file: of the latest, or of the one with this number.
    #[oai(path = "/calls/:call/calibration/export", method = "get", operation_id = "exportCalibration")]
    async fn export(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        /// CSV, when nothing is said.
        format: Query<Option<FileFormat>>,
        number: Query<Option<i32>>,
    ) -> Result<ListFile, ApiError> {
        let found = app.ask(&caller.0, CalibrationOf { call: call.0.into(), number: number.0 }).await?;
        let shown = found.shown.ok_or(AppError::NotFound)?;
        let title = format!("Calibration {} of {}", shown.number, found.call_code);
        exported(&app, &caller, Subject::Call(call.0.into()), format.0, &title, &shown.proposals).await
    }

    /// Have the ranking model run over the sheets of now.
    #[oai(path = "/calls/:call/calibration", method = "post", operation_id = "orderCalibration")]
    async fn order(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        body: Json<OrderCalibrationIn>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<Json<OrderedCalibrationOut>, ApiError> {
        let command = OrderCalibration { call: call.0.into(), places: body.0.places.to_string() };
        let job = app.run_once(&caller.0, key.0.as_deref(), command).await?;
        Ok(Json(OrderedCalibrationOut { job: job.0 }))
    }
}

impl From<CalibrationView> for CalibrationOut {
    fn from(view: CalibrationView) -> Self {
        Self {
            number: view.number,
            places: view.places,
            seed: view.seed,
            inputs: view.inputs,
            made_by: view.made_by,
            made_at: view.made_at,
            out_of_date: view.out_of_date,
            mean: view.whole.mean,
            deviation_proposals: view.whole.spreads.proposals,
            deviation_evaluators: view.whole.spreads.evaluators,
            deviation_residual: view.whole.spreads.residual,
            line: view.whole.line,
            open: view.whole.open as u64,
            islands: view.whole.islands as u64,
            proposals: view.proposals.into_iter().map(CalibratedProposalOut::from).collect(),
            evaluators: view.evaluators.into_iter().map(CalibratedEvaluatorOut::from).collect(),
        }
    }
}

impl From<ProposalFigures> for CalibratedProposalOut {
    fn from(one: ProposalFigures) -> Self {
        let of = one.figures;
        Self {
            proposal: of.proposal.0,
            code: one.code,
            title: one.title,
            sheets: of.sheets as u64,
            raw: of.raw,
            adjusted: of.adjusted,
            adjusted_90_from: of.adjusted_90.0,
            adjusted_90_to: of.adjusted_90.1,
            expected_rank: of.expected_rank,
            expected_rank_reml: of.expected_rank_reml,
            rank_50_from: of.rank_50.0,
            rank_50_to: of.rank_50.1,
            rank_90_from: of.rank_90.0,
            rank_90_to: of.rank_90.1,
            above: of.above,
            side: of.side.word().to_owned(),
            island: of.island as u64,
        }
    }
}

impl From<EvaluatorFigures> for CalibratedEvaluatorOut {
    fn from(one: EvaluatorFigures) -> Self {
        let of = one.figures;
        Self {
            evaluator: of.evaluator.0,
            name: one.name,
            sheets: of.sheets as u64,
            severity: of.severity,
            error: of.error,
        }
    }
}
