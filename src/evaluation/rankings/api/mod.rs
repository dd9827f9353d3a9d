//! Rankings for programs.

mod lottery;

pub use lottery::LotteriesApi;

use super::{
    commands::{DrawRanking, FixRanking, ReplaceRanking},
    queries::{Moved, Place, RankingOf, VerifyRanking, shown},
};
use crate::{
    api::{ApiError, Caller, FileFormat, ListFile, Tag, exported},
    kernel::{Actor, App, AppError, Subject},
};
use chrono::{DateTime, TimeDelta, Utc};
use entity::types::digest;
use poem::web::Data;
use poem_openapi::{
    Object, OpenApi,
    param::{Header, Path, Query},
    payload::{Json, PlainText},
};
use uuid::Uuid;

pub struct RankingsApi;

/// A criterion of a ranked proposal.
#[derive(Object)]
struct RankedCriterionOut {
    criterion: String,
    name: String,
    /// Example: 3.67
    mean: Option<String>,
    spread: String,
    passes: bool,
    /// `consensus` or `panel` when people agreed on the points.
    agreed: Option<String>,
    /// Evaluators whose points the call's outlier rule leaves out.
    left_out: u32,
}

/// A place in a ranking.
#[derive(Object)]
struct RankedPlaceOut {
    rank: i32,
    proposal: Uuid,
    code: String,
    title: String,
    /// The weighted total. Example: 3.85
    total: String,
    /// Whether every threshold is reached.
    passes: bool,
    failed: Vec<String>,
    /// The weighted total of each sheet, lowest first.
    totals: Vec<String>,
    spread: String,
    /// Submitted sheets.
    sheets: u64,
    /// The expected rank, where the call ranks by it. Example: 2.15
    expected_rank: Option<String>,
    /// Why it stands before or after its neighbour, when the figure it is ranked by does not say it.
    tie_reason: Option<String>,
    criteria: Vec<RankedCriterionOut>,
}

/// A ranking of a call.
#[derive(Object)]
struct RankingOut {
    number: i32,
    /// `draft`, `fixed` or `replaced`.
    state: String,
    reason: String,
    /// The SHA-256 of what the chair signed.
    digest: Option<String>,
    made_by: String,
    made_at: DateTime<Utc>,
    fixed_by: Option<String>,
    fixed_at: Option<DateTime<Utc>>,
    places: Vec<RankedPlaceOut>,
    /// Places the caller does not see.
    hidden: u64,
    /// Whether sheets or parts changed since it was drawn.
    out_of_date: bool,
    /// What drawing or signing still needs, in words.
    lacking: Option<String>,
    /// The signed ranking before this one, and what moved since.
    compared_with: Option<i32>,
    moved: Vec<MovedOut>,
}

/// A proposal in two rankings.
#[derive(Object)]
struct MovedOut {
    proposal: Uuid,
    code: String,
    rank_before: Option<i32>,
    rank_after: Option<i32>,
    total_before: Option<String>,
    total_after: Option<String>,
    passes_before: Option<bool>,
    passes_after: Option<bool>,
}

#[derive(Object)]
struct ReplaceRankingIn {
    /// Why the fixed ranking is replaced.
    reason: String,
    /// The caller's name, typed as a signature.
    signed_name: String,
}

/// A ranking that was signed here.
#[derive(Object)]
struct VerifiedRankingOut {
    call_code: String,
    number: i32,
    /// `fixed`, or `replaced` when it does not count any more.
    state: String,
    signed_by: String,
    signed_at: Option<DateTime<Utc>>,
    /// The number of the signed ranking that replaced it.
    replaced_by: Option<i32>,
}

#[derive(Object)]
struct DrawRankingIn {
    /// Why it is drawn again.
    #[oai(default)]
    reason: String,
}

#[derive(Object)]
struct FixRankingIn {
    /// The caller's name, typed as a signature.
    signed_name: String,
}

#[derive(Object)]
struct RankingNumberOut {
    number: i32,
}

#[derive(Object)]
struct RankingDigestOut {
    /// The SHA-256 of what was signed.
    digest: String,
}

#[OpenApi(tag = "Tag::Evaluation")]
impl RankingsApi {
    /// The latest ranking of a call, or the one with this number.
    #[oai(path = "/calls/:call/ranking", method = "get", operation_id = "getRanking")]
    async fn ranking(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        number: Query<Option<i32>>,
    ) -> Result<Json<RankingOut>, ApiError> {
        let found = app.ask(&caller.0, RankingOf { call: call.0.into(), number: number.0 }).await?;
        let out_of_date = found.out_of_date;
        let lacking = found.lacking.or(found.undrawn);
        let (compared_with, moved) = found.compared.unzip();
        let ranking = found.ranking.ok_or(AppError::NotFound)?;
        Ok(Json(RankingOut {
            number: ranking.number,
            state: ranking.state.word().to_owned(),
            reason: ranking.reason,
            digest: ranking.digest,
            made_by: ranking.made_by,
            made_at: ranking.made_at,
            fixed_by: ranking.fixed_by,
            fixed_at: ranking.fixed_at,
            hidden: ranking.hidden as u64,
            places: ranking.places.into_iter().map(place).collect(),
            out_of_date,
            lacking,
            compared_with,
            moved: moved.into_iter().flatten().map(MovedOut::from).collect(),
        }))
    }

    /// A ranking as a file: the latest, or the one with this number.
    #[oai(path = "/calls/:call/ranking/export", method = "get", operation_id = "exportRanking")]
    async fn export(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        /// CSV, when nothing is said.
        format: Query<Option<FileFormat>>,
        number: Query<Option<i32>>,
    ) -> Result<ListFile, ApiError> {
        let found = app.ask(&caller.0, RankingOf { call: call.0.into(), number: number.0 }).await?;
        let ranking = found.ranking.ok_or(AppError::NotFound)?;
        let title = format!("Ranking {} of {}", ranking.number, found.call_code);
        exported(&app, &caller, Subject::Call(call.0.into()), format.0, &title, &ranking.places).await
    }

    /// Draw the ranking from the submitted sheets; a draft before it is replaced.
    #[oai(path = "/calls/:call/ranking", method = "post", operation_id = "drawRanking")]
    async fn draw(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        body: Json<DrawRankingIn>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<Json<RankingNumberOut>, ApiError> {
        let command = DrawRanking { call: call.0.into(), reason: body.0.reason };
        let number = app.run_once(&caller.0, key.0.as_deref(), command).await?;
        Ok(Json(RankingNumberOut { number }))
    }

    /// Sign and fix the latest draft: the call is ranked, parts stand above or below the thresholds.
    #[oai(path = "/calls/:call/ranking/:number/fix", method = "post", operation_id = "fixRanking")]
    async fn fix(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        number: Path<i32>,
        body: Json<FixRankingIn>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<Json<RankingDigestOut>, ApiError> {
        let command = FixRanking { call: call.0.into(), number: number.0, signed_name: body.0.signed_name };
        let digest = app.run_once(&caller.0, key.0.as_deref(), command).await?;
        Ok(Json(RankingDigestOut { digest }))
    }

    /// Sign the latest draft in the place of the fixed ranking, while no decision is released.
    #[oai(path = "/calls/:call/ranking/:number/replace", method = "post", operation_id = "replaceRanking")]
    async fn replace(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        number: Path<i32>,
        body: Json<ReplaceRankingIn>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<Json<RankingDigestOut>, ApiError> {
        let ReplaceRankingIn { reason, signed_name } = body.0;
        let command = ReplaceRanking { call: call.0.into(), number: number.0, reason, signed_name };
        let digest = app.run_once(&caller.0, key.0.as_deref(), command).await?;
        Ok(Json(RankingDigestOut { digest }))
    }

    /// A signed ranking letter by letter: the SHA-256 of this text is its digest.
    #[oai(path = "/calls/:call/ranking/:number/document", method = "get", operation_id = "readRankingDocument")]
    async fn document(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        number: Path<i32>,
    ) -> Result<PlainText<String>, ApiError> {
        let found = app.ask(&caller.0, RankingOf { call: call.0.into(), number: Some(number.0) }).await?;
        let signed = found.ranking.and_then(|ranking| ranking.document).ok_or(AppError::NotFound)?;
        Ok(PlainText(signed))
    }

    /// Whether this is the SHA-256 of a ranking that was signed here; nothing is told of its places. No token is
    /// needed.
    #[oai(path = "/rankings/verify", method = "get", operation_id = "verifyRanking")]
    async fn verify(&self, app: Data<&App>, checksum: Query<String>) -> Result<Json<VerifiedRankingOut>, ApiError> {
        let sum = digest::parse(&checksum.0).map_err(|e| AppError::invalid("checksum", e.0))?;
        app.limit("verify ranking by programs", 600, TimeDelta::minutes(15)).await?;
        let found = app.ask(&Actor::Nobody, VerifyRanking(sum)).await?.ok_or(AppError::NotFound)?;
        Ok(Json(VerifiedRankingOut {
            call_code: found.call_code,
            number: found.number,
            state: found.state.word().to_owned(),
            signed_by: found.signed_by,
            signed_at: found.signed_at,
            replaced_by: found.replaced_by,
        }))
    }
}

impl From<Moved> for MovedOut {
    fn from(one: Moved) -> Self {
        Self {
            proposal: one.proposal.0,
            code: one.code,
            rank_before: one.before.map(|(rank, ..)| rank),
            rank_after: one.after.map(|(rank, ..)| rank),
            total_before: one.before.map(|(_, total, _)| shown(total)),
            total_after: one.after.map(|(_, total, _)| shown(total)),
            passes_before: one.before.map(|(.., passes)| passes),
            passes_after: one.after.map(|(.., passes)| passes),
        }
    }
}

fn place(place: Place) -> RankedPlaceOut {
    let detail = place.detail;
    RankedPlaceOut {
        rank: place.rank,
        proposal: place.proposal.0,
        code: place.code,
        title: place.title,
        total: shown(place.total),
        passes: place.passes,
        failed: detail.failed.clone(),
        totals: detail.totals.iter().copied().map(shown).collect(),
        spread: shown(place.spread),
        sheets: detail.sheets() as u64,
        expected_rank: detail.expected.map(|rank| shown(i32::try_from(rank).unwrap_or(i32::MAX))),
        tie_reason: place.tie_reason,
        criteria: detail
            .criteria
            .into_iter()
            .map(|c| RankedCriterionOut {
                criterion: c.key,
                name: c.name,
                mean: c.mean.map(shown),
                spread: shown(c.spread),
                passes: c.passes,
                agreed: c.agreed.map(|source| source.word().to_owned()),
                left_out: c.left_out,
            })
            .collect(),
    }
}
