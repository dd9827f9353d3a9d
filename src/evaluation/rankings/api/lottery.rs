//! Lotteries for programs.

use crate::{
    api::{ApiError, Caller, Tag},
    evaluation::rankings::{
        commands::{AnnounceLottery, DrawLottery, SignLottery, WithdrawLottery},
        queries::lottery::{LotteriesOf, LotteryView, PublicLotteries},
    },
    kernel::{Actor, App},
};
use chrono::{DateTime, Utc};
use poem::web::Data;
use poem_openapi::{
    Object, OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};
use uuid::Uuid;

pub struct LotteriesApi;

/// A drawn place.
#[derive(Object)]
struct TicketOut {
    place: u32,
    code: String,
    /// SHA-256 of the seed followed by the code.
    digest: String,
}

/// A draw among the proposals whose order the points cannot tell.
#[derive(Object)]
struct LotteryOut {
    number: i32,
    /// `announced`, `drawn`, `signed` or `withdrawn`.
    state: String,
    /// Where the seed is found and how it is written down.
    source: String,
    known_at: DateTime<Utc>,
    announced_at: DateTime<Utc>,
    /// The SHA-256 of salt and codes, each followed by a line feed.
    commitment: String,
    /// Told when the decisions are released, to staff before.
    salt: Option<String>,
    codes: Vec<String>,
    seed: Option<String>,
    drawn_at: Option<DateTime<Utc>>,
    signed_at: Option<DateTime<Utc>>,
    /// Why it was withdrawn.
    reason: Option<String>,
    drawn: Vec<TicketOut>,
}

#[derive(Object)]
struct LotteriesOut {
    items: Vec<LotteryOut>,
}

#[derive(Object)]
struct AnnounceLotteryIn {
    /// Where the seed will be found and how it is written down.
    source: String,
    /// The day it will be known. Example: 2017-12-24
    known_on: String,
}

#[derive(Object)]
struct LotteryNumberOut {
    number: i32,
}

#[derive(Object)]
struct LotterySeedIn {
    /// The public value, exactly as announced.
    seed: String,
}

#[derive(Object)]
struct SignLotteryIn {
    /// The caller's name, typed as a signature.
    signed_name: String,
}

#[derive(Object)]
struct WithdrawLotteryIn {
    reason: String,
}

#[OpenApi(tag = "Tag::Evaluation")]
impl LotteriesApi {
    /// The lotteries of a call, the latest first, with the codes the caller may know.
    #[oai(path = "/calls/:call/lotteries", method = "get", operation_id = "listLotteries")]
    async fn lotteries(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
    ) -> Result<Json<LotteriesOut>, ApiError> {
        let found = app.ask(&caller.0, LotteriesOf(call.0.into())).await?;
        Ok(Json(LotteriesOut { items: found.all.into_iter().map(LotteryOut::from).collect() }))
    }

    /// Fix and seal the proposals of a lottery, and name the public value that will be its seed.
    #[oai(path = "/calls/:call/lotteries", method = "post", operation_id = "announceLottery")]
    async fn announce(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        body: Json<AnnounceLotteryIn>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<Json<LotteryNumberOut>, ApiError> {
        let AnnounceLotteryIn { source, known_on } = body.0;
        let command = AnnounceLottery { call: call.0.into(), source, known_on };
        let number = app.run_once(&caller.0, key.0.as_deref(), command).await?;
        Ok(Json(LotteryNumberOut { number }))
    }

    /// Write down the seed once its day has come: the order is drawn.
    #[oai(path = "/calls/:call/lotteries/:number/draw", method = "post", operation_id = "drawLottery")]
    async fn draw(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        number: Path<i32>,
        body: Json<LotterySeedIn>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<(), ApiError> {
        let command = DrawLottery { call: call.0.into(), number: number.0, seed: body.0.seed };
        Ok(app.run_once(&caller.0, key.0.as_deref(), command).await?)
    }

    /// Sign what was drawn, as the panel's chair.
    #[oai(path = "/calls/:call/lotteries/:number/sign", method = "post", operation_id = "signLottery")]
    async fn sign(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        number: Path<i32>,
        body: Json<SignLotteryIn>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<(), ApiError> {
        let command = SignLottery { call: call.0.into(), number: number.0, signed_name: body.0.signed_name };
        Ok(app.run_once(&caller.0, key.0.as_deref(), command).await?)
    }

    /// Withdraw a lottery: before its seed can be known, or when sheets changed.
    #[oai(path = "/calls/:call/lotteries/:number/withdraw", method = "post", operation_id = "withdrawLottery")]
    async fn withdraw(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        number: Path<i32>,
        body: Json<WithdrawLotteryIn>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<(), ApiError> {
        let command = WithdrawLottery { call: call.0.into(), number: number.0, reason: body.0.reason };
        Ok(app.run_once(&caller.0, key.0.as_deref(), command).await?)
    }

    /// The lotteries of a public call as everybody sees them: the codes are told with the decisions. No token is
    /// needed.
    #[oai(path = "/lotteries", method = "get", operation_id = "listPublicLotteries")]
    async fn public(
        &self,
        app: Data<&App>,
        /// The code of the call. Example: IE-2017
        call: Query<String>,
    ) -> Result<Json<LotteriesOut>, ApiError> {
        let found = app.ask(&Actor::Nobody, PublicLotteries(call.0)).await?;
        Ok(Json(LotteriesOut { items: found.all.into_iter().map(LotteryOut::from).collect() }))
    }
}

impl From<LotteryView> for LotteryOut {
    fn from(view: LotteryView) -> Self {
        let ticket = |one: crate::evaluation::rankings::queries::lottery::Drawn| TicketOut {
            place: one.place,
            code: one.code,
            digest: one.digest,
        };
        Self {
            number: view.number,
            state: view.state.word().to_owned(),
            source: view.source,
            known_at: view.known_at,
            announced_at: view.announced_at,
            commitment: view.commitment,
            salt: view.salt,
            codes: view.codes,
            seed: view.seed,
            drawn_at: view.drawn_at,
            signed_at: view.signed_at,
            reason: view.reason,
            drawn: view.drawn.into_iter().map(ticket).collect(),
        }
    }
}
