//! Eligibility checks for programs.

use super::{
    commands::{ConfirmCheck, ProposeCheck, ReturnCheck},
    queries::{CheckLine, CheckOf, ChecksOf, VerdictOf},
    rules::{Answered, Judgement},
};
use crate::{
    api::{AmountOut, ApiError, Caller, Direction, FileFormat, ListFile, Tag, Wanted, exported, next_page},
    kernel::{App, AppError, Subject},
};
use poem::web::Data;
use poem_openapi::{
    Object, OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};

pub struct EligibilityApi;

/// A part and where its check stands.
#[derive(Object)]
struct CheckLineOut {
    part: uuid::Uuid,
    proposal: uuid::Uuid,
    /// Example: IE-2017-007
    code: String,
    title: String,
    organisation: String,
    agency: String,
    requested: AmountOut,
    /// `open`, `proposed`, `returned`, `eligible`, `ineligible` or `withdrawn`.
    stage: String,
}

#[derive(Object)]
struct CheckLinesOut {
    items: Vec<CheckLineOut>,
    total: u64,
    /// The next page, if there is one.
    next: Option<u64>,
}

/// The confirmed result of the check of your part.
#[derive(Object)]
struct VerdictOut {
    agency: String,
    /// `eligible` or `ineligible`.
    verdict: String,
    /// Why it is not eligible, in sentences.
    reasons: Vec<String>,
    /// What the agency adds to the reasons.
    note: String,
    confirmed_at: Option<chrono::DateTime<chrono::Utc>>,
}

/// A question of the list.
#[derive(Object)]
struct ItemOut {
    /// Example: seat
    key: String,
    question: String,
    /// What the data say: `yes`, `no` or nothing.
    suggested: Option<String>,
    found: Vec<String>,
    /// What the officer answered: `yes`, `no`, `not_applicable` or nothing.
    answer: Option<String>,
    note: String,
}

/// The check of a part.
#[derive(Object)]
struct EligibilityOut {
    part: uuid::Uuid,
    proposal: uuid::Uuid,
    code: String,
    /// What the rules found, as sentences.
    automatic: Vec<String>,
    items: Vec<ItemOut>,
    /// `proposed`, `confirmed` or `returned`; nothing before the first verdict.
    state: Option<String>,
    /// `eligible` or `ineligible`.
    verdict: Option<String>,
    reasons: Vec<String>,
    note: String,
    returned_note: String,
    /// To be sent with the next change; 0 before the first verdict.
    version: i64,
    may_propose: bool,
    may_confirm: bool,
}

/// An answer to one question.
#[derive(Object)]
struct AnsweredIn {
    key: String,
    /// `yes`, `no` or `not_applicable`.
    answer: String,
    #[oai(default)]
    note: String,
}

#[derive(Object)]
struct ProposeIn {
    version: i64,
    answers: Vec<AnsweredIn>,
    /// `eligible` or `ineligible`.
    verdict: String,
    #[oai(default)]
    reasons: Vec<String>,
    #[oai(default)]
    note: String,
}

#[derive(Object)]
struct ConfirmIn {
    version: i64,
}

#[derive(Object)]
struct ReturnIn {
    version: i64,
    note: String,
}

/// What became of the part.
#[derive(Object)]
struct PartStateOut {
    /// Example: eligible
    state: String,
}

#[OpenApi(tag = "Tag::Eligibility")]
impl EligibilityApi {
    /// The result of the check of your part, once a second officer has confirmed it.
    #[oai(path = "/parts/:part/eligibility", method = "get", operation_id = "getVerdict")]
    async fn verdict(
        &self,
        app: Data<&App>,
        caller: Caller,
        part: Path<uuid::Uuid>,
    ) -> Result<Json<VerdictOut>, ApiError> {
        let view = app.ask(&caller.0, VerdictOf(part.0.into())).await?;
        Ok(Json(VerdictOut {
            agency: view.agency,
            verdict: view.verdict.word().to_owned(),
            reasons: view.reasons.into_iter().map(str::to_owned).collect(),
            note: view.note,
            confirmed_at: view.confirmed_at,
        }))
    }

    /// The parts of a call and where their checks stand.
    #[oai(path = "/calls/:call/checks", method = "get", operation_id = "listChecks")]
    #[expect(clippy::too_many_arguments, reason = "one for each filter of the list")]
    async fn list(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<uuid::Uuid>,
        /// Number, title or organisation.
        q: Query<Option<String>>,
        /// `open`, `proposed`, `returned`, `eligible`, `ineligible` or `withdrawn`.
        stage: Query<Option<String>>,
        agency: Query<Option<uuid::Uuid>>,
        /// One of `code`, `requested`, `submitted`.
        sort: Query<Option<String>>,
        direction: Query<Option<Direction>>,
        page: Query<Option<u64>>,
    ) -> Result<Json<CheckLinesOut>, ApiError> {
        let filters = vec![("stage", stage.0), ("agency", agency.0.map(|id| id.to_string()))];
        let wanted = Wanted { q: q.0, filters, sort: sort.0, direction: direction.0, page: page.0 };
        let list = wanted.request("code", false);
        let found = app.ask(&caller.0, ChecksOf { call: call.0.into(), list }).await?.lines;
        let next = next_page(&found);
        Ok(Json(CheckLinesOut { total: found.total, items: found.rows.into_iter().map(line).collect(), next }))
    }

    /// All matching parts with their checks as a file.
    #[oai(path = "/calls/:call/checks/export", method = "get", operation_id = "exportChecks")]
    #[expect(clippy::too_many_arguments, reason = "one for each filter of the list")]
    async fn export(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<uuid::Uuid>,
        /// CSV, when nothing is said.
        format: Query<Option<FileFormat>>,
        /// Number, title or organisation.
        q: Query<Option<String>>,
        /// `open`, `proposed`, `returned`, `eligible`, `ineligible` or `withdrawn`.
        stage: Query<Option<String>>,
        agency: Query<Option<uuid::Uuid>>,
    ) -> Result<ListFile, ApiError> {
        let filters = vec![("stage", stage.0), ("agency", agency.0.map(|id| id.to_string()))];
        let list = Wanted { q: q.0, filters, ..Wanted::default() }.request("code", false).everything();
        let found = app.ask(&caller.0, ChecksOf { call: call.0.into(), list }).await?.lines;
        exported(&app, &caller, Subject::Call(call.0.into()), format.0, "Eligibility", &found.rows).await
    }

    /// The check of a part: what the rules found, the questions, and the verdict as it stands.
    #[oai(path = "/parts/:part/check", method = "get", operation_id = "getCheck")]
    async fn check(
        &self,
        app: Data<&App>,
        caller: Caller,
        part: Path<uuid::Uuid>,
    ) -> Result<Json<EligibilityOut>, ApiError> {
        let sheet = app.ask(&caller.0, CheckOf(part.0.into())).await?;
        let answers = sheet.check.as_ref().map(|c| c.findings.answers.clone()).unwrap_or_default();
        let item = |item: super::rules::Item| {
            let given = answers.iter().find(|a| a.key == item.key);
            ItemOut {
                key: item.key.to_owned(),
                question: item.question,
                suggested: item.suggested.map(|s| s.word().to_owned()),
                found: item.found,
                answer: given.and_then(|g| g.answer).map(|a| a.word().to_owned()),
                note: given.map(|g| g.note.clone()).unwrap_or_default(),
            }
        };
        let items = sheet.items.into_iter().map(item).collect();
        let check = sheet.check;
        Ok(Json(EligibilityOut {
            part: part.0,
            proposal: sheet.proposal.0,
            code: sheet.code,
            automatic: sheet.found.into_iter().map(|(topic, m)| format!("{}: {m}", topic.label())).collect(),
            items,
            state: check.as_ref().map(|c| c.state.word().to_owned()),
            verdict: check.as_ref().map(|c| c.verdict.word().to_owned()),
            reasons: check.as_ref().map(|c| c.reasons.clone()).unwrap_or_default(),
            note: check.as_ref().map(|c| c.note.clone()).unwrap_or_default(),
            returned_note: check.as_ref().map(|c| c.returned_note.clone()).unwrap_or_default(),
            version: check.as_ref().map_or(0, |c| c.version),
            may_propose: sheet.may_propose,
            may_confirm: sheet.may_confirm,
        }))
    }

    /// Propose a verdict; a second officer has to confirm it.
    #[oai(path = "/parts/:part/check", method = "put", operation_id = "proposeCheck")]
    async fn propose(
        &self,
        app: Data<&App>,
        caller: Caller,
        part: Path<uuid::Uuid>,
        body: Json<ProposeIn>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<(), ApiError> {
        let body = body.0;
        let mut answers = Vec::new();
        for given in body.answers {
            let answer = given.answer.parse();
            let answer = answer
                .map_err(|e: entity::types::BadValue| AppError::invalid(&format!("answer-{}", given.key), e.0))?;
            answers.push(Answered { key: given.key, answer: Some(answer), note: given.note });
        }
        let verdict = body.verdict.parse().map_err(|e: entity::types::BadValue| AppError::invalid("verdict", e.0))?;
        let judgement = Judgement { answers, verdict: Some(verdict), reasons: body.reasons, note: body.note };
        let command = ProposeCheck { part: part.0.into(), seen: body.version, judgement };
        Ok(app.run_once(&caller.0, key.0.as_deref(), command).await?)
    }

    /// Confirm what a colleague proposed: the part moves and its team is told.
    #[oai(path = "/parts/:part/check/confirm", method = "post", operation_id = "confirmCheck")]
    async fn confirm(
        &self,
        app: Data<&App>,
        caller: Caller,
        part: Path<uuid::Uuid>,
        body: Json<ConfirmIn>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<Json<PartStateOut>, ApiError> {
        let command = ConfirmCheck { part: part.0.into(), seen: body.0.version };
        let state = app.run_once(&caller.0, key.0.as_deref(), command).await?;
        Ok(Json(PartStateOut { state: state.word().to_owned() }))
    }

    /// Return what a colleague proposed, with a note.
    #[oai(path = "/parts/:part/check/return", method = "post", operation_id = "returnCheck")]
    async fn give_back(
        &self,
        app: Data<&App>,
        caller: Caller,
        part: Path<uuid::Uuid>,
        body: Json<ReturnIn>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<(), ApiError> {
        let ReturnIn { version, note } = body.0;
        let command = ReturnCheck { part: part.0.into(), seen: version, note };
        Ok(app.run_once(&caller.0, key.0.as_deref(), command).await?)
    }
}

fn line(line: CheckLine) -> CheckLineOut {
    CheckLineOut {
        part: line.part.0,
        proposal: line.proposal.0,
        code: line.code,
        title: line.title,
        organisation: line.organisation,
        agency: line.agency,
        requested: line.requested.into(),
        stage: line.stage.word().to_owned(),
    }
}
