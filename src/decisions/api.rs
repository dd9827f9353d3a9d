//! Decisions for programs.

use super::{
    commands::{ConfirmDecisions, DecideMany, DraftDecision, Pick, ProposeDecisions, ReleaseDecisions},
    queries::{DecisionsOf, FeedbackOf, PlacesOf, PreviewOf},
};
use crate::{
    api::{AmountOut, ApiError, Caller, Tag},
    kernel::{App, AppError},
};
use chrono::{DateTime, NaiveDate, Utc};
use poem::web::Data;
use poem_openapi::{
    Object, OpenApi,
    param::{Header, Path},
    payload::Json,
};
use uuid::Uuid;

pub struct DecisionsApi;

#[derive(Object)]
struct BoardOut {
    agencies: Vec<AgencyDecisionsOut>,
    items: Vec<LineOut>,
    undecided: u64,
    decided: u64,
    /// The scenario decisions follow.
    scenario: Option<Uuid>,
}

#[derive(Object)]
struct AgencyDecisionsOut {
    name: String,
    budget: AmountOut,
    asked: AmountOut,
    funded: AmountOut,
    left: AmountOut,
    /// How many parts it decides on, and how many of them have no decision yet.
    parts: u64,
    undecided: u64,
    /// Who confirmed its list as it stands now; none when nobody did or a decision changed since.
    confirmed_by: Option<String>,
    confirmed_at: Option<DateTime<Utc>>,
}

#[derive(Object)]
struct LineOut {
    rank: i32,
    total: String,
    passes: bool,
    proposal: Uuid,
    code: String,
    title: String,
    /// What the parts that are left break of the consortium rule; such a proposal is not in the walk.
    broken: Vec<String>,
    /// Whether the adopted scenario funds it; without one, whether strict skip down the ranking would.
    fits: bool,
    /// What each agency with a budget has left after this line of the walk.
    remaining: Vec<AgencyLeftOut>,
    parts: Vec<PartOut>,
}

#[derive(Object)]
struct AgencyLeftOut {
    agency: String,
    left: AmountOut,
}

#[derive(Object)]
struct PartOut {
    part: Uuid,
    organisation: String,
    agency: String,
    requested: AmountOut,
    decision: Option<DecisionOut>,
    /// How its mails are, after the release. Example: 2 of 2 mails delivered
    mail: Option<String>,
}

#[derive(Object)]
struct DecisionOut {
    /// One of fund, reserve, reject.
    outcome: String,
    /// The outcome in words; a part that asks for no money takes part without a grant.
    label: String,
    amount: AmountOut,
    /// Reason and conditions are empty on parts of agencies you do not decide for.
    reason: String,
    conditions: String,
    reserve_until: Option<NaiveDate>,
    released: bool,
    version: i64,
}

#[derive(Object)]
struct DecisionIn {
    /// One of fund, reserve, reject.
    outcome: String,
    /// In the agency's currency; needed for fund when the part asks for money. Example: 12000.00
    amount: Option<String>,
    reason: String,
    conditions: Option<String>,
    /// The last day of the reserve list; a year from now when it is missing. Example: 2018-12-31
    reserve_until: Option<NaiveDate>,
    /// The version read before; 0 when there was none.
    version: i64,
}

#[derive(Object)]
struct DecisionPickIn {
    part: Uuid,
    /// The version of its decision read before; 0 when there was none.
    version: i64,
}

/// The same decision on many parts of your own agencies.
#[derive(Object)]
struct DecideManyIn {
    parts: Vec<DecisionPickIn>,
    /// One of fund, reserve, reject. Funded parts get what they ask for.
    outcome: String,
    reason: String,
}

#[derive(Object)]
struct DecidedManyOut {
    decided: u64,
    /// What could not be decided, and why.
    problems: Vec<String>,
}

#[derive(Object)]
struct DecisionsSeenIn {
    /// What the preview gave as `seen`; refused when a decision changed since.
    seen: String,
}

/// Every letter as it will be, and what is confirmed and released with it.
#[derive(Object)]
struct DecisionPreviewOut {
    letters: Vec<DecisionLetterOut>,
    /// The lists of your own agencies.
    lists: Vec<DecisionListOut>,
    /// What a release must send back.
    seen: String,
    /// The agencies that have not confirmed their decisions.
    waiting: Vec<String>,
}

#[derive(Object)]
struct DecisionListOut {
    annex: Uuid,
    agency: String,
    parts: u64,
    undecided: u64,
    /// What a confirmation must send back.
    seen: String,
    confirmed_by: Option<String>,
    confirmed_at: Option<DateTime<Utc>>,
    may_confirm: bool,
}

#[derive(Object)]
struct DecisionLetterOut {
    part: Uuid,
    code: String,
    organisation: String,
    agency: String,
    /// One of fund, reserve, reject.
    outcome: String,
    recipients: Vec<String>,
    mail_subject: String,
    mail_text: String,
    subject: String,
    salutation: String,
    /// The outcome, then the reasons.
    paragraphs: Vec<String>,
    conditions: Vec<String>,
    redress: Vec<String>,
    /// The officer who confirmed the list; none before.
    signed_by: Option<String>,
}

#[derive(Object)]
struct CountOut {
    count: u64,
}

#[derive(Object)]
struct VersionOut {
    version: i64,
}

#[derive(Object)]
struct FeedbackOut {
    code: String,
    title: String,
    agency: String,
    outcome: String,
    amount: AmountOut,
    reason: String,
    conditions: String,
    /// The place on the agency's reserve list, and the last day of that list.
    reserve_place: Option<i32>,
    reserve_until: Option<NaiveDate>,
    /// The letter's file, once it is printed.
    letter: Option<Uuid>,
    /// The file of the printed evaluation summary.
    summary: Option<Uuid>,
    total: Option<String>,
    place: Option<i32>,
    of: Option<u64>,
    criteria: Vec<CriterionOut>,
    /// What each evaluator says about the whole proposal.
    comments: Vec<String>,
}

#[derive(Object)]
struct CriterionOut {
    name: String,
    weight: String,
    /// The points that count: agreed ones, else the mean of the evaluators' own.
    mean: Option<String>,
    /// `consensus` or `panel`, when the points were agreed.
    agreed: Option<String>,
    comments: Vec<String>,
}

#[derive(Object)]
struct PlacesOut {
    places: u64,
}

#[OpenApi(tag = "Tag::Decisions")]
impl DecisionsApi {
    /// The decisions of a call along its fixed ranking.
    #[oai(path = "/calls/:call/decisions", method = "get", operation_id = "listDecisions")]
    async fn board(&self, app: Data<&App>, caller: Caller, call: Path<Uuid>) -> Result<Json<BoardOut>, ApiError> {
        let board = app.ask(&caller.0, DecisionsOf(call.0.into())).await?;
        let paying: Vec<String> = board.paying().map(|a| a.name.clone()).collect();
        let agencies = board.agencies.into_iter().map(|a| AgencyDecisionsOut {
            name: a.name,
            budget: a.budget.into(),
            asked: a.asked.into(),
            funded: a.funded.into(),
            left: a.left.into(),
            parts: a.parts as u64,
            undecided: a.undecided as u64,
            confirmed_at: a.confirmed.as_ref().map(|(_, at)| *at),
            confirmed_by: a.confirmed.map(|(name, _)| name),
        });
        let part = |p: super::queries::BoardPart| PartOut {
            part: p.part.0,
            organisation: p.organisation,
            agency: p.agency,
            requested: p.requested.into(),
            mail: p.mail.map(|mail| mail.label()),
            decision: p.decision.map(|d| DecisionOut {
                outcome: d.outcome.word().to_owned(),
                label: d.label().to_owned(),
                amount: d.amount.into(),
                reason: d.reason,
                conditions: d.conditions,
                reserve_until: d.reserve_until,
                released: d.released,
                version: d.version,
            }),
        };
        let items = board.lines.into_iter().map(|l| LineOut {
            rank: l.rank,
            total: l.total.to_string(),
            passes: l.passes,
            proposal: l.proposal.0,
            code: l.code,
            title: l.title,
            broken: l.broken,
            fits: l.fits,
            remaining: paying
                .iter()
                .zip(l.remaining)
                .map(|(agency, left)| AgencyLeftOut { agency: agency.clone(), left: left.into() })
                .collect(),
            parts: l.parts.into_iter().map(part).collect(),
        });
        Ok(Json(BoardOut {
            agencies: agencies.collect(),
            items: items.collect(),
            undecided: board.undecided as u64,
            decided: board.decided as u64,
            scenario: board.adopted.map(|one| one.scenario.0),
        }))
    }

    /// How many proposals the agencies' budgets pay for, walking down the latest ranking: what a calibration asks for.
    #[oai(path = "/calls/:call/decisions/places", method = "get", operation_id = "countPlaces")]
    async fn places(&self, app: Data<&App>, caller: Caller, call: Path<Uuid>) -> Result<Json<PlacesOut>, ApiError> {
        let places = app.ask(&caller.0, PlacesOf(call.0.into())).await?.ok_or(AppError::NotFound)?;
        Ok(Json(PlacesOut { places: places as u64 }))
    }

    /// Propose decisions on all undecided parts from the scenario adopted for the ranking.
    #[oai(path = "/calls/:call/decisions/propose", method = "post", operation_id = "proposeDecisions")]
    async fn propose(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<Json<CountOut>, ApiError> {
        let count = app.run_once(&caller.0, key.0.as_deref(), ProposeDecisions(call.0.into())).await?;
        Ok(Json(CountOut { count }))
    }

    /// Set the pending decision on one part of your own agency.
    #[oai(path = "/parts/:part/decision", method = "put", operation_id = "draftDecision")]
    async fn draft(
        &self,
        app: Data<&App>,
        caller: Caller,
        part: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
        body: Json<DecisionIn>,
    ) -> Result<Json<VersionOut>, ApiError> {
        let body = body.0;
        let outcome = body.outcome.parse().map_err(|e: entity::types::BadValue| AppError::invalid("outcome", e.0))?;
        let command = DraftDecision {
            part: part.0.into(),
            outcome,
            amount: body.amount.unwrap_or_default(),
            reason: body.reason,
            conditions: body.conditions.unwrap_or_default(),
            reserve_until: body.reserve_until.map(|day| day.to_string()).unwrap_or_default(),
            seen: body.version,
        };
        let version = app.run_once(&caller.0, key.0.as_deref(), command).await?;
        Ok(Json(VersionOut { version }))
    }

    /// Decide alike on many parts of your own agencies; what cannot be decided so is named and stays as it is.
    #[oai(path = "/calls/:call/decisions/many", method = "post", operation_id = "decideMany")]
    async fn many(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
        body: Json<DecideManyIn>,
    ) -> Result<Json<DecidedManyOut>, ApiError> {
        let body = body.0;
        let outcome = body.outcome.parse().map_err(|e: entity::types::BadValue| AppError::invalid("outcome", e.0))?;
        let picks = body.parts.into_iter().map(|p| Pick { part: p.part.into(), seen: p.version }).collect();
        let command = DecideMany { call: call.0.into(), picks, outcome, reason: body.reason };
        let done = app.run_once(&caller.0, key.0.as_deref(), command).await?;
        Ok(Json(DecidedManyOut { decided: done.decided, problems: done.problems }))
    }

    /// Every letter as it will be: all of them for the secretariat, your own agency's for its officers.
    #[oai(path = "/calls/:call/decisions/preview", method = "get", operation_id = "previewDecisions")]
    async fn preview(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
    ) -> Result<Json<DecisionPreviewOut>, ApiError> {
        let preview = app.ask(&caller.0, PreviewOf(call.0.into())).await?;
        let waiting = preview.board.waiting().into_iter().map(str::to_owned).collect();
        Ok(Json(DecisionPreviewOut {
            letters: preview.letters.into_iter().map(letter).collect(),
            lists: preview.lists.into_iter().map(list).collect(),
            seen: preview.seen,
            waiting,
        }))
    }

    /// Confirm all decisions of your agency as the preview showed them; its letters are signed with your name.
    #[oai(path = "/annexes/:annex/decisions/confirm", method = "post", operation_id = "confirmDecisions")]
    async fn confirm(
        &self,
        app: Data<&App>,
        caller: Caller,
        annex: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
        body: Json<DecisionsSeenIn>,
    ) -> Result<Json<CountOut>, ApiError> {
        let command = ConfirmDecisions { annex: annex.0.into(), seen: body.0.seen };
        let count = app.run_once(&caller.0, key.0.as_deref(), command).await?;
        Ok(Json(CountOut { count }))
    }

    /// Release all decisions of a call at once, when every agency has confirmed its own.
    #[oai(path = "/calls/:call/decisions/release", method = "post", operation_id = "releaseDecisions")]
    async fn release(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
        body: Json<DecisionsSeenIn>,
    ) -> Result<Json<CountOut>, ApiError> {
        let command = ReleaseDecisions { call: call.0.into(), seen: body.0.seen };
        let count = app.run_once(&caller.0, key.0.as_deref(), command).await?;
        Ok(Json(CountOut { count }))
    }

    /// The released decision on your part, with the evaluators' comments.
    #[oai(path = "/parts/:part/feedback", method = "get", operation_id = "getFeedback")]
    async fn feedback(&self, app: Data<&App>, caller: Caller, part: Path<Uuid>) -> Result<Json<FeedbackOut>, ApiError> {
        let feedback = app.ask(&caller.0, FeedbackOf(part.0.into())).await?;
        let criteria = feedback.criteria.into_iter().map(|c| CriterionOut {
            name: c.name,
            weight: c.weight.number(),
            mean: c.mean.map(|m| m.to_string()),
            agreed: c.agreed.map(|source| source.word().to_owned()),
            comments: c.comments,
        });
        Ok(Json(FeedbackOut {
            code: feedback.code,
            title: feedback.title,
            agency: feedback.agency,
            outcome: feedback.outcome.word().to_owned(),
            amount: feedback.amount.into(),
            reason: feedback.reason,
            conditions: feedback.conditions,
            reserve_place: feedback.reserve.map(|(place, _)| place),
            reserve_until: feedback.reserve.map(|(_, until)| until),
            summary: feedback.summary.map(|f| f.0),
            comments: feedback.comments,
            letter: feedback.letter.map(|f| f.0),
            total: feedback.total.map(|t| t.to_string()),
            place: feedback.place.map(|(place, _)| place),
            of: feedback.place.map(|(_, all)| all as u64),
            criteria: criteria.collect(),
        }))
    }
}

fn letter(one: super::queries::PreviewLetter) -> DecisionLetterOut {
    let mut paragraphs = one.letter.outcome;
    paragraphs.extend(one.letter.reasons);
    DecisionLetterOut {
        part: one.part.0,
        code: one.code,
        organisation: one.organisation,
        agency: one.agency,
        outcome: one.outcome.word().to_owned(),
        recipients: one.recipients,
        mail_subject: one.mail_subject,
        mail_text: one.mail_text,
        subject: one.letter.subject,
        salutation: one.letter.salutation,
        paragraphs,
        conditions: one.letter.conditions,
        redress: one.letter.redress,
        signed_by: one.signed.then_some(one.letter.signature.name),
    }
}

fn list(one: super::queries::ListToConfirm) -> DecisionListOut {
    DecisionListOut {
        annex: one.annex.0,
        agency: one.agency,
        parts: one.parts as u64,
        undecided: one.undecided as u64,
        seen: one.seen,
        confirmed_at: one.confirmed.as_ref().map(|(_, at)| *at),
        confirmed_by: one.confirmed.map(|(name, _)| name),
        may_confirm: one.may_confirm,
    }
}
