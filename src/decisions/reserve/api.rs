//! Reserve lists for programs.

use super::{
    commands::{AwardFromReserve, DeclineGrant},
    queries::{ReserveOf, Waiting},
};
use crate::{
    api::{AmountOut, ApiError, Caller, Tag},
    kernel::App,
};
use chrono::NaiveDate;
use poem::web::Data;
use poem_openapi::{
    Object, OpenApi,
    param::{Header, Path},
    payload::Json,
};
use uuid::Uuid;

pub struct ReserveApi;

/// A part that waits for money of its agency.
#[derive(Object)]
struct ReservePlaceOut {
    /// On the list of its agency.
    place: i32,
    proposal: Uuid,
    code: String,
    part: Uuid,
    organisation: String,
    asked: AmountOut,
    /// The last day of the list.
    reserve_until: Option<NaiveDate>,
    expired: bool,
    /// What it gets when it is awarded now; none while it waits.
    moves_up_with: Option<AmountOut>,
    version: i64,
}

impl From<Waiting> for ReservePlaceOut {
    fn from(one: Waiting) -> Self {
        Self {
            place: one.place,
            proposal: one.proposal.0,
            code: one.code,
            part: one.part.0,
            organisation: one.organisation,
            asked: one.asked.into(),
            reserve_until: one.until,
            expired: one.expired,
            moves_up_with: one.next.map(AmountOut::from),
            version: one.version,
        }
    }
}

/// The reserve list of an agency.
#[derive(Object)]
struct ReserveListOut {
    agency: String,
    budget: AmountOut,
    funded: AmountOut,
    items: Vec<ReservePlaceOut>,
}

#[derive(Object)]
struct ReserveListsOut {
    agencies: Vec<ReserveListOut>,
}

#[derive(Object)]
struct DeclineGrantIn {
    /// Why; the agency reads it.
    reason: String,
    /// The name of whoever signs, as it is in the account.
    signed_name: String,
}

#[derive(Object)]
struct AwardFromReserveIn {
    /// The version of the decision that was seen.
    version: i64,
}

#[OpenApi(tag = "Tag::Decisions")]
impl ReserveApi {
    /// What waits for money of each agency, and what moves up after a grant was declined.
    #[oai(path = "/calls/:call/reserve", method = "get", operation_id = "listReserve")]
    async fn list(&self, app: Data<&App>, caller: Caller, call: Path<Uuid>) -> Result<Json<ReserveListsOut>, ApiError> {
        let board = app.ask(&caller.0, ReserveOf(call.0.into())).await?;
        let agencies = board.agencies.into_iter().map(|one| ReserveListOut {
            agency: one.name,
            budget: one.budget.into(),
            funded: one.funded.into(),
            items: one.list.into_iter().map(ReservePlaceOut::from).collect(),
        });
        Ok(Json(ReserveListsOut { agencies: agencies.collect() }))
    }

    /// Decline the grant of your part, before its agreement has dates.
    #[oai(path = "/parts/:part/decline", method = "post", operation_id = "declineGrant")]
    async fn decline(
        &self,
        app: Data<&App>,
        caller: Caller,
        part: Path<Uuid>,
        body: Json<DeclineGrantIn>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<(), ApiError> {
        let DeclineGrantIn { reason, signed_name } = body.0;
        let command = DeclineGrant { part: part.0.into(), reason, signed_name };
        Ok(app.run_once(&caller.0, key.0.as_deref(), command).await?)
    }

    /// Award a part of your agency from the reserve list, when it is next.
    #[oai(path = "/parts/:part/award", method = "post", operation_id = "awardFromReserve")]
    async fn award(
        &self,
        app: Data<&App>,
        caller: Caller,
        part: Path<Uuid>,
        body: Json<AwardFromReserveIn>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<(), ApiError> {
        let command = AwardFromReserve { part: part.0.into(), seen: body.0.version };
        Ok(app.run_once(&caller.0, key.0.as_deref(), command).await?)
    }
}
