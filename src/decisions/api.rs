//! Decisions for programs.

use super::{
    commands::{DraftDecision, ProposeDecisions, ReleaseDecisions},
    queries::{DecisionsOf, FeedbackOf, PlacesOf},
};
use crate::{
    api::{AmountOut, ApiError, Caller, Tag},
    kernel::{App, AppError},
};
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
}

#[derive(Object)]
struct AgencyDecisionsOut {
    name: String,
    budget: AmountOut,
    asked: AmountOut,
    funded: AmountOut,
    left: AmountOut,
}

#[derive(Object)]
struct LineOut {
    rank: i32,
    total: String,
    passes: bool,
    proposal: Uuid,
    code: String,
    title: String,
    /// Whether the strict walk down the ranking funds it.
    fits: bool,
    parts: Vec<PartOut>,
}

#[derive(Object)]
struct PartOut {
    part: Uuid,
    organisation: String,
    agency: String,
    requested: AmountOut,
    decision: Option<DecisionOut>,
}

#[derive(Object)]
struct DecisionOut {
    /// One of fund, reserve, reject.
    outcome: String,
    amount: AmountOut,
    reason: String,
    conditions: String,
    released: bool,
    version: i64,
}

#[derive(Object)]
struct DecisionIn {
    /// One of fund, reserve, reject.
    outcome: String,
    /// In the agency's currency; needed for fund. Example: 12000.00
    amount: Option<String>,
    reason: String,
    conditions: Option<String>,
    /// The version read before; 0 when there was none.
    version: i64,
}

#[derive(Object)]
struct ReleaseIn {
    /// How many decisions were seen before release.
    seen: u64,
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
    /// The letter's file, once it is printed.
    letter: Option<Uuid>,
    total: Option<String>,
    place: Option<i32>,
    of: Option<u64>,
    criteria: Vec<CriterionOut>,
}

#[derive(Object)]
struct CriterionOut {
    name: String,
    weight: String,
    mean: Option<String>,
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
        let agencies = board.agencies.into_iter().map(|a| AgencyDecisionsOut {
            name: a.name,
            budget: a.budget.into(),
            asked: a.asked.into(),
            funded: a.funded.into(),
            left: a.left.into(),
        });
        let part = |p: super::queries::BoardPart| PartOut {
            part: p.part.0,
            organisation: p.organisation,
            agency: p.agency,
            requested: p.requested.into(),
            decision: p.decision.map(|d| DecisionOut {
                outcome: d.outcome.word().to_owned(),
                amount: d.amount.into(),
                reason: d.reason,
                conditions: d.conditions,
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
            fits: l.fits,
            parts: l.parts.into_iter().map(part).collect(),
        });
        Ok(Json(BoardOut {
            agencies: agencies.collect(),
            items: items.collect(),
            undecided: board.undecided as u64,
            decided: board.decided as u64,
        }))
    }

    /// How many proposals the agencies' budgets pay for, walking down the latest ranking: what a calibration asks for.
    #[oai(path = "/calls/:call/decisions/places", method = "get", operation_id = "countPlaces")]
    async fn places(&self, app: Data<&App>, caller: Caller, call: Path<Uuid>) -> Result<Json<PlacesOut>, ApiError> {
        let places = app.ask(&caller.0, PlacesOf(call.0.into())).await?.ok_or(AppError::NotFound)?;
        Ok(Json(PlacesOut { places: places as u64 }))
    }

    /// Propose decisions on all undecided parts from the ranking.
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
            seen: body.version,
        };
        let version = app.run_once(&caller.0, key.0.as_deref(), command).await?;
        Ok(Json(VersionOut { version }))
    }

    /// Release all decisions of a call at once.
    #[oai(path = "/calls/:call/decisions/release", method = "post", operation_id = "releaseDecisions")]
    async fn release(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
        body: Json<ReleaseIn>,
    ) -> Result<Json<CountOut>, ApiError> {
        let seen = usize::try_from(body.seen).unwrap_or(usize::MAX);
        let command = ReleaseDecisions { call: call.0.into(), seen };
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
            letter: feedback.letter.map(|f| f.0),
            total: feedback.total.map(|t| t.to_string()),
            place: feedback.place.map(|(place, _)| place),
            of: feedback.place.map(|(_, all)| all as u64),
            criteria: criteria.collect(),
        }))
    }
}
