//! Drafts for programs.

mod shapes;

use super::{
    commands::{
        Answered, CompleteSection, DiscardDraft, RenameProposal, ReopenSection, SaveAnswers, Sent, StartProposal, Typed,
    },
    queries::{ApplyTo, OwnProposals, ProposalOverview, SectionOf, SectionView},
    rules::{Seen, from_json},
};
use crate::{
    api::{ApiError, Caller, Tag},
    kernel::{App, AppError, error::FieldErrors, paging::Paging},
    proposals::Place,
};
use entity::types::ids::{AnnexId, OrganisationId, ProposalId};
use poem::web::Data;
use poem_openapi::{
    OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};
use shapes::*;
use uuid::Uuid;

pub struct DraftsApi;

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
        let save = SaveAnswers { proposal, place, section: section.0, answers: Sent::Answers(answers) };
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
