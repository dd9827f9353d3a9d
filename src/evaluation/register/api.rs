//! The proposals of a call for programs of its staff.

use super::{
    jobs::{INVITE, REMIND},
    queries::{FileOf, ProposalLine, ProposalsOf},
};
use crate::{
    api::{AmountOut, ApiError, Caller, Direction, FileFormat, ListFile, Tag, Wanted, exported, next_page},
    jobs::commands::OrderBulk,
    kernel::{App, AppError, Subject, paging::ListRequest},
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

/// What narrows the list of proposals.
#[derive(Object)]
struct ProposalsMatchingIn {
    /// Number, title or organisation.
    q: Option<String>,
    agency: Option<Uuid>,
    /// ISO 3166-1 alpha-2.
    country: Option<String>,
    /// A state that one of the parts is in.
    state: Option<String>,
}

/// An act for many proposals: those named, or all that match.
#[derive(Object)]
struct ProposalsBulkIn {
    /// `invite` or `remind`.
    action: String,
    #[oai(default)]
    proposals: Vec<Uuid>,
    /// All proposals of the call that match, when none are named; an empty object means every one.
    matching: Option<ProposalsMatchingIn>,
    /// Whom to ask.
    evaluator: Option<Uuid>,
    due_at: Option<DateTime<Utc>>,
}

/// The job that does it.
#[derive(Object)]
struct BulkJobOut {
    job: Uuid,
}

impl ProposalsMatchingIn {
    fn request(&self, sort: Option<String>, direction: Option<Direction>, page: Option<u64>) -> ListRequest {
        let filters = vec![
            ("agency", self.agency.map(|id| id.to_string())),
            ("country", self.country.clone()),
            ("state", self.state.clone()),
        ];
        Wanted { q: self.q.clone(), filters, sort, direction, page }.request("code", false)
    }
}

#[OpenApi(tag = "Tag::Proposals")]
impl RegisterApi {
    /// The proposals of a call that were handed in.
    #[oai(path = "/calls/:call/proposals", method = "get", operation_id = "listProposalsOfCall")]
    #[expect(clippy::too_many_arguments, reason = "one for each filter of the list")]
    async fn list(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        /// Number, title or organisation.
        q: Query<Option<String>>,
        agency: Query<Option<Uuid>>,
        /// ISO 3166-1 alpha-2.
        country: Query<Option<String>>,
        /// A state that one of the parts is in.
        state: Query<Option<String>>,
        /// One of `code`, `title`, `submitted`.
        sort: Query<Option<String>>,
        direction: Query<Option<Direction>>,
        page: Query<Option<u64>>,
    ) -> Result<Json<RegisterOut>, ApiError> {
        let matching = ProposalsMatchingIn { q: q.0, agency: agency.0, country: country.0, state: state.0 };
        let list = matching.request(sort.0, direction.0, page.0);
        let found = app.ask(&caller.0, ProposalsOf { call: call.0.into(), list }).await?.lines;
        let next = next_page(&found);
        Ok(Json(RegisterOut { total: found.total, items: found.rows.into_iter().map(line).collect(), next }))
    }

    /// All matching proposals of a call as a file.
    #[oai(path = "/calls/:call/proposals/export", method = "get", operation_id = "exportProposalsOfCall")]
    #[expect(clippy::too_many_arguments, reason = "one for each filter of the list")]
    async fn export(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        /// CSV, when nothing is said.
        format: Query<Option<FileFormat>>,
        /// Number, title or organisation.
        q: Query<Option<String>>,
        agency: Query<Option<Uuid>>,
        /// ISO 3166-1 alpha-2.
        country: Query<Option<String>>,
        /// A state that one of the parts is in.
        state: Query<Option<String>>,
        /// One of `code`, `title`, `submitted`.
        sort: Query<Option<String>>,
        direction: Query<Option<Direction>>,
    ) -> Result<ListFile, ApiError> {
        let matching = ProposalsMatchingIn { q: q.0, agency: agency.0, country: country.0, state: state.0 };
        let list = matching.request(sort.0, direction.0, None).everything();
        let all = app.ask(&caller.0, ProposalsOf { call: call.0.into(), list }).await?;
        let title = format!("Proposals of {}", all.call_code);
        exported(&app, &caller, Subject::Call(call.0.into()), format.0, &title, &all.lines.rows).await
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
        let ProposalsBulkIn { action, proposals, matching, evaluator, due_at } = body.0;
        // Whoever orders must be staff of the call; each row is asked for again by its own command.
        let list = match &matching {
            Some(matching) if proposals.is_empty() => matching.request(None, None, None).everything(),
            _ => ListRequest::default(),
        };
        let found = app.ask(&caller.0, ProposalsOf { call: call.0.into(), list }).await?.lines.rows;
        let proposals = match matching {
            Some(_) if proposals.is_empty() => found.into_iter().map(|line| line.id.0).collect(),
            _ => proposals,
        };
        let back = format!("/staff/calls/{}/proposals", call.0);
        let command = match (action.as_str(), evaluator) {
            ("remind", _) => OrderBulk::new(REMIND, &proposals, back),
            ("invite", Some(evaluator)) => {
                OrderBulk::new(INVITE, &proposals, back).with(json!({ "evaluator": evaluator, "due": due_at }))
            }
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
