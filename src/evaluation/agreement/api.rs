//! Agreement of evaluators for programs.

use super::{
    commands::MarkComments,
    figures::{Agreement, Coefficient, undefined},
    queries::{CommentedSheet, CommentsOf, EvaluatorLine, ReliabilityOf},
};
use crate::{
    api::{ApiError, Caller, FileFormat, ListFile, Tag, exported},
    kernel::{App, Subject},
};
use poem::web::Data;
use poem_openapi::{
    Object, OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};
use uuid::Uuid;

pub struct AgreementApi;

/// A coefficient with the interval that holds it with 90 %, or why it has no meaning.
#[derive(Object)]
struct CoefficientOut {
    value: Option<f64>,
    from: Option<f64>,
    to: Option<f64>,
    /// Why there is no value.
    lacking: Option<String>,
}

/// How far evaluators agree on a criterion, or on the weighted total.
#[derive(Object)]
struct CriterionAgreementOut {
    /// None for the total.
    criterion: Option<String>,
    name: String,
    /// Proposals with at least two values.
    proposals: u64,
    values: u64,
    alpha_interval: CoefficientOut,
    alpha_ordinal: CoefficientOut,
    icc: CoefficientOut,
    /// None for the total, whose values are no categories.
    ac1: Option<CoefficientOut>,
}

/// One evaluator beside the others; a figure that has no meaning is missing.
#[derive(Object)]
struct EvaluatorAgreementOut {
    evaluator: Uuid,
    name: String,
    sheets: u64,
    /// By how many points less than the mean evaluator they give the same proposal.
    severity: Option<f64>,
    severity_error: Option<f64>,
    /// The deviation of their points over that of others for the same proposals.
    spread_ratio: Option<f64>,
    spread_ratio_from: Option<f64>,
    spread_ratio_to: Option<f64>,
    /// Mean distance to co-evaluators in points of the total.
    difference: Option<f64>,
    difference_error: Option<f64>,
    correlation: Option<f64>,
    correlation_from: Option<f64>,
    correlation_to: Option<f64>,
    late: Option<u64>,
    worst_days: Option<f64>,
    comment_words_median: f64,
    /// Readers who found the comments useful, of so many who said something.
    comments_useful: u64,
    comments_judged: u64,
}

/// Agreement over the proposals the caller may see; shown, never used silently.
#[derive(Object)]
struct ReliabilityOut {
    criteria: Vec<CriterionAgreementOut>,
    evaluators: Vec<EvaluatorAgreementOut>,
}

/// A comment of a sheet.
#[derive(Object)]
struct SheetCommentOut {
    /// The criterion's name, or the whole. Example: Quality of the work plan
    about: String,
    /// Example: 3.5
    points: Option<String>,
    /// Example: The needs of the companies are shown by a survey.
    text: String,
}

/// The comments of a submitted sheet.
#[derive(Object)]
struct CommentedSheetOut {
    assignment: Uuid,
    /// The evaluator's name for the secretariat, a number for an agency. Example: Evaluator 1
    who: String,
    comments: Vec<SheetCommentOut>,
    /// Whether the caller found them useful, when they said so.
    useful: Option<bool>,
}

#[derive(Object)]
struct CommentedSheetsOut {
    items: Vec<CommentedSheetOut>,
}

#[derive(Object)]
struct MarkCommentsIn {
    assignment: Uuid,
    useful: bool,
}

#[OpenApi(tag = "Tag::Evaluation")]
impl AgreementApi {
    /// How the evaluators of a call agree, and how each of them scores.
    #[oai(path = "/calls/:call/reliability", method = "get", operation_id = "getReliability")]
    async fn reliability(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
    ) -> Result<Json<ReliabilityOut>, ApiError> {
        let found = app.ask(&caller.0, ReliabilityOf(call.0.into())).await?;
        Ok(Json(ReliabilityOut {
            criteria: found.agreement.into_iter().map(CriterionAgreementOut::from).collect(),
            evaluators: found.evaluators.into_iter().map(EvaluatorAgreementOut::from).collect(),
        }))
    }

    /// The evaluators of a call with their figures as a file.
    #[oai(path = "/calls/:call/reliability/export", method = "get", operation_id = "exportReliability")]
    async fn export(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        /// CSV, when nothing is said.
        format: Query<Option<FileFormat>>,
    ) -> Result<ListFile, ApiError> {
        let found = app.ask(&caller.0, ReliabilityOf(call.0.into())).await?;
        let title = format!("Evaluators of {}", found.call_code);
        exported(&app, &caller, Subject::Call(call.0.into()), format.0, &title, &found.evaluators).await
    }

    /// The comments of the submitted sheets of a proposal, for those who use them.
    #[oai(path = "/proposals/:proposal/comments", method = "get", operation_id = "listComments")]
    async fn comments(
        &self,
        app: Data<&App>,
        caller: Caller,
        proposal: Path<Uuid>,
    ) -> Result<Json<CommentedSheetsOut>, ApiError> {
        let found = app.ask(&caller.0, CommentsOf(proposal.0.into())).await?;
        Ok(Json(CommentedSheetsOut { items: found.sheets.into_iter().map(CommentedSheetOut::from).collect() }))
    }

    /// Say whether the comments of a submitted sheet were useful; the last word counts.
    #[oai(path = "/proposals/:proposal/comment-marks", method = "post", operation_id = "markComments")]
    async fn mark(
        &self,
        app: Data<&App>,
        caller: Caller,
        proposal: Path<Uuid>,
        body: Json<MarkCommentsIn>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<(), ApiError> {
        let MarkCommentsIn { assignment, useful } = body.0;
        let command = MarkComments { proposal: proposal.0.into(), assignment: assignment.into(), useful };
        Ok(app.run_once(&caller.0, key.0.as_deref(), command).await?)
    }
}

impl From<CommentedSheet> for CommentedSheetOut {
    fn from(sheet: CommentedSheet) -> Self {
        let comment = |one: super::queries::Comment| SheetCommentOut {
            about: one.about,
            points: one.points.map(|points| points.to_string()),
            text: one.text,
        };
        Self {
            assignment: sheet.assignment.0,
            who: sheet.who,
            comments: sheet.comments.into_iter().map(comment).collect(),
            useful: sheet.mine,
        }
    }
}

impl From<Coefficient> for CoefficientOut {
    fn from(of: Coefficient) -> Self {
        let interval = of.as_ref().ok().and_then(|found| found.interval);
        Self {
            value: of.as_ref().ok().map(|found| found.value),
            from: interval.map(|(from, _)| from),
            to: interval.map(|(_, to)| to),
            lacking: of.err().map(|why| undefined(why).to_owned()),
        }
    }
}

impl From<Agreement> for CriterionAgreementOut {
    fn from(of: Agreement) -> Self {
        Self {
            criterion: of.criterion,
            name: of.name,
            proposals: of.proposals as u64,
            values: of.values as u64,
            alpha_interval: of.alpha_interval.into(),
            alpha_ordinal: of.alpha_ordinal.into(),
            icc: of.icc.into(),
            ac1: of.ac1.map(CoefficientOut::from),
        }
    }
}

impl From<EvaluatorLine> for EvaluatorAgreementOut {
    fn from(line: EvaluatorLine) -> Self {
        let view = line.view;
        let (severity, spread) = (view.severity.ok(), view.spread.ok());
        let (difference, correlation) = (view.difference.ok(), view.correlation.ok());
        // A single case has no standard error, and JSON no infinity.
        let error = |error: f64| error.is_finite().then_some(error);
        Self {
            evaluator: line.evaluator.0,
            name: line.name,
            sheets: view.reviews as u64,
            severity: severity.map(|found| found.value),
            severity_error: severity.and_then(|found| error(found.error)),
            spread_ratio: spread.map(|found| found.ratio),
            spread_ratio_from: spread.map(|found| found.ratio_90.0),
            spread_ratio_to: spread.map(|found| found.ratio_90.1),
            difference: difference.map(|found| found.points.value),
            difference_error: difference.and_then(|found| error(found.points.error)),
            correlation: correlation.map(|found| found.value),
            correlation_from: correlation.map(|found| found.interval_90.0),
            correlation_to: correlation.map(|found| found.interval_90.1),
            late: view.lateness.ok().map(|found| found.late as u64),
            worst_days: view.lateness.ok().map(|found| found.worst),
            comment_words_median: view.comments.median,
            comments_useful: line.usefulness.useful as u64,
            comments_judged: line.usefulness.said as u64,
        }
    }
}
