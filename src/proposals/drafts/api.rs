//! Drafts for programs.

use super::{
    commands::{
        Answered, CompleteSection, DiscardDraft, RenameProposal, ReopenSection, SaveAnswers, StartProposal, Typed,
    },
    queries::{ApplyTo, Card, Overview, OwnProposals, PartLine, ProposalOverview, SectionLine, SectionOf, SectionView},
    rules::{Seen, from_json},
};
use crate::{
    api::{AmountOut, ApiError, Caller, Tag},
    kernel::{App, AppError, error::FieldErrors, paging::Paging},
    proposals::Place,
};
use chrono::{DateTime, NaiveDate, Utc};
use entity::types::ids::{AnnexId, OrganisationId, ProposalId};
use poem::web::Data;
use poem_openapi::{
    Object, OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};
use serde_json::Value;
use uuid::Uuid;

pub struct DraftsApi;

#[derive(Object)]
struct StartProposalIn {
    /// One of the caller's own organisations; it coordinates.
    organisation: Uuid,
    /// The annex of the home agency, when several agencies of the country take part.
    #[oai(default)]
    annex: Option<Uuid>,
    /// Example: Light for Nordic forests
    title: String,
    /// Example: LIGHTWOOD
    acronym: String,
    /// Whether another draft is wanted although the organisation coordinates one already.
    #[oai(default)]
    another: bool,
}

#[derive(Object)]
struct ProposalStartedOut {
    proposal: Uuid,
    /// The part of the coordinating organisation.
    part: Uuid,
    /// Example: IE-2017-007
    code: String,
}

/// A proposal the caller works on.
#[derive(Object)]
struct OwnProposalOut {
    id: Uuid,
    code: String,
    title: String,
    acronym: String,
    call: String,
    /// `draft`, `submitted` or `withdrawn`.
    state: String,
    coordinates: bool,
    /// How much of the joint sections and of the caller's own parts is done, in per cent.
    percent: u32,
    /// The first deadline of the caller's own parts that are still drafts, with its zone.
    deadline: Option<String>,
    closes_at: Option<DateTime<Utc>>,
    saved_by: String,
    saved_at: DateTime<Utc>,
}

#[derive(Object)]
struct OwnProposalsOut {
    items: Vec<OwnProposalOut>,
    total: u64,
    next: Option<u64>,
}

/// A section of the task list.
#[derive(Object)]
struct DraftSectionOut {
    /// `joint` or the id of a part.
    place: String,
    key: String,
    title: String,
    /// `open`, `in_progress` or `complete`.
    state: String,
    /// Whether its questions come from the call or the agency.
    asked: bool,
    done: u32,
    total: u32,
    assigned_to: Option<String>,
    due_on: Option<NaiveDate>,
}

/// How far a partner is.
#[derive(Object)]
struct DraftPartOut {
    id: Uuid,
    organisation: String,
    country: String,
    agency: String,
    state: String,
    coordinates: bool,
    closes_at: DateTime<Utc>,
    people: u32,
    answered: u32,
    answers: u32,
    companies: u32,
    companies_wanted: u32,
    companies_fine: bool,
    costs: Option<AmountOut>,
    budget_fine: bool,
    letters_signed: u32,
    letters_asked: u32,
    /// How many things stand against submitting, letters and documents aside.
    missing: u32,
}

/// A proposal with its task list.
#[derive(Object)]
struct DraftOut {
    id: Uuid,
    code: String,
    title: String,
    acronym: String,
    call: String,
    state: String,
    coordinates: bool,
    percent: u32,
    /// Give it back when renaming.
    version: i64,
    saved_by: String,
    saved_at: DateTime<Utc>,
    sections: Vec<DraftSectionOut>,
    parts: Vec<DraftPartOut>,
    /// What the consortium as a whole lacks.
    consortium: Vec<String>,
    /// Partners who were invited and have not answered.
    invited: Vec<String>,
}

#[derive(Object)]
struct RenameProposalIn {
    title: String,
    acronym: String,
    version: i64,
}

#[derive(Object)]
struct DraftVersionOut {
    version: i64,
}

/// A question with its answer.
#[derive(Object)]
struct DraftAnswerOut {
    question: String,
    label: String,
    required: bool,
    /// In the shape of the question; null when there is no answer.
    value: Value,
    /// 0 when there is no answer yet; give it back when changing the answer.
    version: i64,
    by: Option<String>,
    at: Option<DateTime<Utc>>,
}

/// A section with its questions and answers.
#[derive(Object)]
struct DraftAnswersOut {
    key: String,
    title: String,
    complete: bool,
    /// Why it cannot be changed now; none when it can.
    fixed: Option<String>,
    assigned_to: Option<String>,
    due_on: Option<NaiveDate>,
    answers: Vec<DraftAnswerOut>,
}

#[derive(Object)]
struct DraftAnswerIn {
    /// Example: public_summary
    question: String,
    /// Text, decimal text, `{amount, currency}`, a day, true or false, keys, country codes or rows by column.
    value: Value,
    /// The version that was read; 0 for a first answer.
    version: i64,
}

#[derive(Object)]
struct DraftAnswersIn {
    answers: Vec<DraftAnswerIn>,
}

#[derive(Object)]
struct AnswerKeptOut {
    question: String,
    version: i64,
    /// What is wrong with the answer; it is kept all the same.
    messages: Vec<String>,
}

#[derive(Object)]
struct AnswersKeptOut {
    answers: Vec<AnswerKeptOut>,
}

#[OpenApi(tag = "Tag::Proposals")]
impl DraftsApi {
    /// The proposals the caller works on, latest first.
    #[oai(path = "/proposals", method = "get", operation_id = "listOwnProposals")]
    async fn list(
        &self,
        app: Data<&App>,
        caller: Caller,
        page: Query<Option<u64>>,
    ) -> Result<Json<OwnProposalsOut>, ApiError> {
        let paging = Paging { page: page.0.unwrap_or(1).clamp(1, 100_000), ..Paging::default() };
        let listed = app.ask(&caller.0, OwnProposals(paging)).await?;
        let next = (listed.page < listed.pages()).then_some(listed.page + 1);
        let total = listed.total;
        Ok(Json(OwnProposalsOut { items: listed.rows.into_iter().map(OwnProposalOut::from).collect(), total, next }))
    }

    /// Start a proposal in an open call.
    #[oai(path = "/calls/:call/proposals", method = "post", operation_id = "startProposal")]
    async fn start(
        &self,
        app: Data<&App>,
        caller: Caller,
        /// The code of the call. Example: IE-2017
        call: Path<String>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
        body: Json<StartProposalIn>,
    ) -> Result<Json<ProposalStartedOut>, ApiError> {
        let apply = app.ask(&caller.0, ApplyTo(call.0)).await?;
        let start = StartProposal {
            call: apply.call,
            organisation: OrganisationId(body.0.organisation),
            annex: body.0.annex.map(AnnexId),
            title: body.0.title,
            acronym: body.0.acronym,
            another: body.0.another,
        };
        let started = app.run_once(&caller.0, key.0.as_deref(), start).await?;
        Ok(Json(ProposalStartedOut { proposal: started.proposal.0, part: started.part.0, code: started.code }))
    }

    /// A proposal of the caller with its task list and how far its partners are.
    #[oai(path = "/proposals/:proposal/draft", method = "get", operation_id = "readDraft")]
    async fn read(&self, app: Data<&App>, caller: Caller, proposal: Path<Uuid>) -> Result<Json<DraftOut>, ApiError> {
        Ok(Json(app.ask(&caller.0, ProposalOverview(proposal.0.into())).await?.into()))
    }

    /// Change the title and the short name of a proposal.
    #[oai(path = "/proposals/:proposal/draft", method = "put", operation_id = "renameProposal")]
    async fn rename(
        &self,
        app: Data<&App>,
        caller: Caller,
        proposal: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
        body: Json<RenameProposalIn>,
    ) -> Result<Json<DraftVersionOut>, ApiError> {
        let RenameProposalIn { title, acronym, version } = body.0;
        let rename = RenameProposal { proposal: proposal.0.into(), title, acronym, seen: version };
        Ok(Json(DraftVersionOut { version: app.run_once(&caller.0, key.0.as_deref(), rename).await? }))
    }

    /// Give up a proposal of which no part is submitted.
    #[oai(path = "/proposals/:proposal/give-up", method = "post", operation_id = "giveUpProposal")]
    async fn give_up(
        &self,
        app: Data<&App>,
        caller: Caller,
        proposal: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<(), ApiError> {
        Ok(app.run_once(&caller.0, key.0.as_deref(), DiscardDraft(proposal.0.into())).await?)
    }

    /// A section with its questions and answers.
    #[oai(path = "/proposals/:proposal/sections/:place/:section", method = "get", operation_id = "readSection")]
    async fn section(
        &self,
        app: Data<&App>,
        caller: Caller,
        proposal: Path<Uuid>,
        /// `joint` or the id of a part.
        place: Path<String>,
        section: Path<String>,
    ) -> Result<Json<DraftAnswersOut>, ApiError> {
        let of = SectionOf { proposal: proposal.0.into(), place: in_path(&place.0)?, section: section.0 };
        Ok(Json(app.ask(&caller.0, of).await?.into()))
    }

    /// Keep answers of a section, complete or not; none is kept when one of them was changed by somebody else.
    #[oai(path = "/proposals/:proposal/sections/:place/:section", method = "put", operation_id = "saveAnswers")]
    async fn save(
        &self,
        app: Data<&App>,
        caller: Caller,
        proposal: Path<Uuid>,
        /// `joint` or the id of a part.
        place: Path<String>,
        section: Path<String>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
        body: Json<DraftAnswersIn>,
    ) -> Result<Json<AnswersKeptOut>, ApiError> {
        let (proposal, place) = (ProposalId(proposal.0), in_path(&place.0)?);
        let view = app.ask(&caller.0, SectionOf { proposal, place, section: section.0.clone() }).await?;
        let answers = typed(&view, body.0.answers)?;
        let save = SaveAnswers { proposal, place, section: section.0, answers };
        let kept = app.run_once(&caller.0, key.0.as_deref(), save).await?;
        let out = |k: Answered| AnswerKeptOut { question: k.question, version: k.version, messages: k.messages };
        Ok(Json(AnswersKeptOut { answers: kept.into_iter().map(out).collect() }))
    }

    /// Mark a section as complete; its answers are checked now.
    #[oai(
        path = "/proposals/:proposal/sections/:place/:section/complete",
        method = "post",
        operation_id = "completeSection"
    )]
    async fn complete(
        &self,
        app: Data<&App>,
        caller: Caller,
        proposal: Path<Uuid>,
        /// `joint` or the id of a part.
        place: Path<String>,
        section: Path<String>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<(), ApiError> {
        let complete = CompleteSection { proposal: proposal.0.into(), place: in_path(&place.0)?, section: section.0 };
        Ok(app.run_once(&caller.0, key.0.as_deref(), complete).await?)
    }

    /// Take a section's completeness back.
    #[oai(
        path = "/proposals/:proposal/sections/:place/:section/reopen",
        method = "post",
        operation_id = "reopenSection"
    )]
    async fn reopen(
        &self,
        app: Data<&App>,
        caller: Caller,
        proposal: Path<Uuid>,
        /// `joint` or the id of a part.
        place: Path<String>,
        section: Path<String>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<(), ApiError> {
        let reopen = ReopenSection { proposal: proposal.0.into(), place: in_path(&place.0)?, section: section.0 };
        Ok(app.run_once(&caller.0, key.0.as_deref(), reopen).await?)
    }
}

/// A place in an address; what is none does not exist.
pub(in crate::proposals) fn in_path(text: &str) -> Result<Place, AppError> {
    text.parse().map_err(|_| AppError::NotFound)
}

fn typed(view: &SectionView, answers: Vec<DraftAnswerIn>) -> Result<Vec<Typed>, AppError> {
    let mut errors = FieldErrors::default();
    let mut typed = Vec::new();
    for answer in answers {
        let Some(question) = view.section.questions.iter().find(|q| q.key == answer.question) else {
            errors.add(&answer.question, "This question is not in this section");
            continue;
        };
        if let Some(raw) = errors.take(&answer.question, from_json(question, &answer.value)) {
            typed.push(Typed { question: answer.question, raw, seen: Seen::Version(answer.version) });
        }
    }
    errors.done()?;
    Ok(typed)
}

fn small(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn named(name: String) -> Option<String> {
    Some(name).filter(|name| !name.is_empty())
}

impl From<Card> for OwnProposalOut {
    fn from(card: Card) -> Self {
        Self {
            id: card.id.0,
            code: card.code,
            title: card.title,
            acronym: card.acronym,
            call: card.call_code,
            state: card.state.word().to_owned(),
            coordinates: card.coordinates,
            percent: small(card.percent),
            deadline: card.deadline.map(|d| d.to_string()),
            closes_at: card.deadline.map(|d| d.instant()),
            saved_by: card.saved_by,
            saved_at: card.saved_at,
        }
    }
}

fn section_out(place: Place, line: SectionLine) -> DraftSectionOut {
    DraftSectionOut {
        place: place.to_string(),
        key: line.key,
        title: line.title,
        state: line.status.word().to_owned(),
        asked: line.asked,
        done: small(line.done),
        total: small(line.total),
        assigned_to: named(line.assigned),
        due_on: line.due_on,
    }
}

impl From<PartLine> for DraftPartOut {
    fn from(line: PartLine) -> Self {
        Self {
            id: line.head.id.0,
            organisation: line.head.organisation,
            country: line.country.to_owned(),
            agency: line.head.agency,
            state: line.head.state.word().to_owned(),
            coordinates: line.head.is_coordinator,
            closes_at: line.head.deadline.instant(),
            people: small(line.people),
            answered: small(line.answers.0),
            answers: small(line.answers.1),
            companies: small(line.companies),
            companies_wanted: line.companies_wanted,
            companies_fine: line.companies_fine,
            costs: line.budget.map(AmountOut::from),
            budget_fine: line.budget_fine,
            letters_signed: small(line.letters.0),
            letters_asked: small(line.letters.1),
            missing: small(line.errors),
        }
    }
}

impl From<Overview> for DraftOut {
    fn from(view: Overview) -> Self {
        let joint = view.joint.into_iter().map(|line| section_out(Place::Joint, line));
        let own = view
            .own
            .into_iter()
            .flat_map(|(head, lines)| lines.into_iter().map(move |line| section_out(Place::Part(head.id), line)));
        Self {
            id: view.head.id.0,
            code: view.head.code,
            title: view.head.title,
            acronym: view.head.acronym,
            call: view.head.call_code,
            state: view.head.state.word().to_owned(),
            coordinates: view.head.coordinates,
            percent: small(view.percent),
            version: view.version,
            saved_by: view.head.saved_by,
            saved_at: view.head.saved_at,
            sections: joint.chain(own).collect(),
            parts: view.parts.into_iter().map(DraftPartOut::from).collect(),
            consortium: view.consortium,
            invited: view.pending,
        }
    }
}

impl From<SectionView> for DraftAnswersOut {
    fn from(view: SectionView) -> Self {
        let answers = view.section.questions.iter().map(|question| {
            let written = view.written.get(&question.key);
            DraftAnswerOut {
                question: question.key.clone(),
                label: question.label.clone(),
                required: question.required,
                value: view.answers.get(&question.key).cloned().unwrap_or(Value::Null),
                version: written.map_or(0, |w| w.version),
                by: written.map(|w| w.by.clone()),
                at: written.map(|w| w.at),
            }
        });
        Self {
            answers: answers.collect(),
            key: view.section.key,
            title: view.section.title,
            complete: view.complete,
            fixed: view.fixed,
            assigned_to: named(view.assigned),
            due_on: view.due_on,
        }
    }
}
