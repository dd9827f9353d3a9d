//! The proposals of a call for programs of its staff.

use super::{
    jobs::{INVITE, REMIND},
    queries::{FileOf, ProposalLine, ProposalsOf},
};
use crate::{
    api::{AmountOut, ApiError, Caller, Tag},
    jobs::commands::OrderBulk,
    kernel::{
        App, AppError,
        paging::{ListRequest, Paging},
    },
    proposals::reading::queries::{ReadPart, ReadSection, ReadValue, ReadingOf},
};
use chrono::{DateTime, Utc};
use poem::web::Data;
use poem_openapi::{
    Object, OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};
use serde_json::json;
use uuid::Uuid;

pub struct RegisterApi;

/// A proposal in the list of its call.
#[derive(Object)]
struct RegisterLineOut {
    id: Uuid,
    /// Example: IE-2017-007
    code: String,
    title: String,
    acronym: String,
    coordinator: String,
    countries: Vec<String>,
    /// States of the parts, one entry for each part.
    parts: Vec<String>,
    /// What is asked for, by currency.
    asked: Vec<AmountOut>,
    submitted_at: Option<DateTime<Utc>>,
    /// Evaluators assigned and sheets submitted, for those who may see the progress.
    assigned: Option<u64>,
    submitted_sheets: Option<u64>,
}

#[derive(Object)]
struct RegisterOut {
    items: Vec<RegisterLineOut>,
    total: u64,
    next: Option<u64>,
}

/// A question with its answer in words.
#[derive(Object)]
struct ReadAnswerOut {
    section: String,
    question: String,
    /// Nothing when it was not answered; rows of a table are lines.
    answer: Option<String>,
}

/// A part as it was handed in.
#[derive(Object)]
struct ReadPartOut {
    id: Uuid,
    organisation: String,
    country: String,
    agency: String,
    coordinator: bool,
    state: String,
    requested: AmountOut,
    costs: AmountOut,
    companies: Vec<String>,
    activities: Vec<String>,
    answers: Vec<ReadAnswerOut>,
    submitted_at: Option<DateTime<Utc>>,
}

/// One thing that happened to a proposal.
#[derive(Object)]
struct RegisterEventOut {
    at: DateTime<Utc>,
    who: String,
    what: String,
}

/// A proposal as it was handed in.
#[derive(Object)]
struct HandedInOut {
    id: Uuid,
    code: String,
    title: String,
    acronym: String,
    /// The organisation whose version holds the joint answers, when the coordinator's part is not handed in.
    joint_from: Option<String>,
    answers: Vec<ReadAnswerOut>,
    parts: Vec<ReadPartOut>,
}

/// A proposal as its staff read it.
#[derive(Object)]
struct ProposalFileOut {
    id: Uuid,
    code: String,
    title: String,
    acronym: String,
    /// The organisation whose version holds the joint answers, when the coordinator's part is not handed in.
    joint_from: Option<String>,
    answers: Vec<ReadAnswerOut>,
    parts: Vec<ReadPartOut>,
    history: Vec<RegisterEventOut>,
}

/// An act for many proposals.
#[derive(Object)]
struct ProposalsBulkIn {
    /// `invite` or `remind`.
    action: String,
    proposals: Vec<Uuid>,
    /// Whom to ask.
    evaluator: Option<Uuid>,
    due_at: Option<DateTime<Utc>>,
}

/// The job that does it.
#[derive(Object)]
struct BulkJobOut {
    job: Uuid,
}

#[OpenApi(tag = "Tag::Proposals")]
impl RegisterApi {
    /// The proposals of a call that were handed in.
    #[oai(path = "/calls/:call/proposals", method = "get", operation_id = "listProposalsOfCall")]
    #[allow(clippy::too_many_arguments)]
    async fn list(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        q: Query<Option<String>>,
        agency: Query<Option<Uuid>>,
        country: Query<Option<String>>,
        state: Query<Option<String>>,
        page: Query<Option<u64>>,
    ) -> Result<Json<RegisterOut>, ApiError> {
        let filters = [("agency", agency.0.map(|id| id.to_string())), ("country", country.0), ("state", state.0)];
        let list = ListRequest {
            q: q.0.unwrap_or_default(),
            filters: filters.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect(),
            sort: "code".to_owned(),
            descending: false,
            paging: Paging { page: page.0.unwrap_or(1).max(1), size: 100 },
        };
        let found = app.ask(&caller.0, ProposalsOf { call: call.0.into(), list }).await?.lines;
        let next = (found.page < found.pages()).then(|| found.page + 1);
        Ok(Json(RegisterOut { total: found.total, items: found.rows.into_iter().map(line).collect(), next }))
    }

    /// A proposal as it was handed in, for those who judge it: evaluators and staff. What was changed since does not
    /// show.
    #[oai(path = "/proposals/:proposal/handed-in", method = "get", operation_id = "readHandedIn")]
    async fn handed_in(
        &self,
        app: Data<&App>,
        caller: Caller,
        proposal: Path<Uuid>,
    ) -> Result<Json<HandedInOut>, ApiError> {
        let reading = app.ask(&caller.0, ReadingOf(proposal.0.into())).await?;
        Ok(Json(HandedInOut {
            id: reading.id.0,
            code: reading.code,
            title: reading.title,
            acronym: reading.acronym,
            joint_from: reading.joint_from,
            answers: answers(reading.sections),
            parts: reading.parts.into_iter().map(part).collect(),
        }))
    }

    /// A proposal as it was handed in, with what happened to it, for its staff.
    #[oai(path = "/proposals/:proposal/file", method = "get", operation_id = "getProposalFile")]
    async fn file(
        &self,
        app: Data<&App>,
        caller: Caller,
        proposal: Path<Uuid>,
    ) -> Result<Json<ProposalFileOut>, ApiError> {
        let file = app.ask(&caller.0, FileOf(proposal.0.into())).await?;
        let event =
            |line: super::queries::HistoryLine| RegisterEventOut { at: line.at, who: line.who, what: line.what };
        Ok(Json(ProposalFileOut {
            id: file.reading.id.0,
            code: file.reading.code,
            title: file.reading.title,
            acronym: file.reading.acronym,
            joint_from: file.reading.joint_from,
            answers: answers(file.reading.sections),
            parts: file.reading.parts.into_iter().map(part).collect(),
            history: file.history.into_iter().map(event).collect(),
        }))
    }

    /// Ask an evaluator for many proposals, or remind the evaluators of many; a job does it.
    #[oai(path = "/calls/:call/proposals/bulk", method = "post", operation_id = "orderForProposals")]
    async fn bulk(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        body: Json<ProposalsBulkIn>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<Json<BulkJobOut>, ApiError> {
        let body = body.0;
        // Whoever orders must be staff of the call; each row is asked for again by its own command.
        app.ask(&caller.0, ProposalsOf { call: call.0.into(), list: ListRequest::default() }).await?;
        let back = format!("/staff/calls/{}/proposals", call.0);
        let command = match (body.action.as_str(), body.evaluator) {
            ("remind", _) => OrderBulk::new(REMIND, &body.proposals, back),
            ("invite", Some(evaluator)) => OrderBulk::new(INVITE, &body.proposals, back)
                .with(json!({ "evaluator": evaluator, "due": body.due_at })),
            ("invite", None) => return Err(AppError::invalid("evaluator", "Choose whom to ask").into()),
            _ => return Err(AppError::invalid("action", "Choose invite or remind").into()),
        };
        let job = app.run_once(&caller.0, key.0.as_deref(), command).await?;
        Ok(Json(BulkJobOut { job: job.0 }))
    }
}

fn line(line: ProposalLine) -> RegisterLineOut {
    let words = line.states.iter().flat_map(|(state, n)| std::iter::repeat_n(state.word().to_owned(), *n));
    RegisterLineOut {
        id: line.id.0,
        code: line.code,
        title: line.title,
        acronym: line.acronym,
        coordinator: line.coordinator,
        countries: line.countries.into_iter().map(str::to_owned).collect(),
        parts: words.collect(),
        asked: line.asked.into_iter().map(AmountOut::from).collect(),
        submitted_at: line.submitted_at,
        assigned: line.sheets.map(|(assigned, _)| assigned as u64),
        submitted_sheets: line.sheets.map(|(_, submitted)| submitted as u64),
    }
}

fn part(part: ReadPart) -> ReadPartOut {
    ReadPartOut {
        id: part.id.0,
        organisation: part.organisation,
        country: part.country.name().to_owned(),
        agency: part.agency,
        coordinator: part.coordinator,
        state: part.state.word().to_owned(),
        requested: part.requested.into(),
        costs: part.total.into(),
        companies: part.smes.into_iter().map(|s| s.name).collect(),
        activities: part.activities.into_iter().map(|a| a.title).collect(),
        answers: answers(part.sections),
        submitted_at: part.submitted_at,
    }
}

fn answers(sections: Vec<ReadSection>) -> Vec<ReadAnswerOut> {
    let mut all = Vec::new();
    for section in sections {
        for answer in section.answers {
            let text = match answer.value {
                ReadValue::None => None,
                ReadValue::Text(text) => Some(text),
                ReadValue::Table { rows, .. } => {
                    Some(rows.into_iter().map(|row| row.join("; ")).collect::<Vec<_>>().join("\n"))
                }
            };
            all.push(ReadAnswerOut { section: section.title.clone(), question: answer.label, answer: text });
        }
    }
    all
}
