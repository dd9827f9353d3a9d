//! Rankings for programs.

use super::{
    commands::{DrawRanking, FixRanking},
    queries::{Place, RankingOf, shown},
};
use crate::{
    api::{ApiError, Caller, FileFormat, ListFile, Tag, exported},
    kernel::{App, AppError, Subject},
};
use chrono::{DateTime, Utc};
use poem::web::Data;
use poem_openapi::{
    Object, OpenApi,
    param::{Header, Path, Query},
    payload::Json,
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
    /// Why it stands before or after one with the same total.
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
        failed: detail.failed,
        totals: detail.totals.into_iter().map(shown).collect(),
        spread: shown(place.spread),
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
            })
            .collect(),
    }
}
