//! Recusals for programs.

use super::queries::LateNoticesOf;
use crate::{
    api::{ApiError, Caller, Tag},
    kernel::App,
};
use chrono::{DateTime, Utc};
use poem::web::Data;
use poem_openapi::{Object, OpenApi, param::Path, payload::Json};
use uuid::Uuid;

pub struct RecusalsApi;

/// A sheet that was withdrawn after the ranking in force was signed.
#[derive(Object)]
struct LateNoticeOut {
    proposal: Uuid,
    /// Example: IE-2017-007
    code: String,
    at: DateTime<Utc>,
    /// What the ranking would have been, in words.
    effect: String,
}

#[derive(Object)]
struct LateNoticesOut {
    items: Vec<LateNoticeOut>,
}

#[OpenApi(tag = "Tag::Evaluation")]
impl RecusalsApi {
    /// Sheets withdrawn for a conflict of interest after the ranking was signed, and what it would have been.
    #[oai(path = "/calls/:call/ranking/recusals", method = "get", operation_id = "listRecusals")]
    async fn list(&self, app: Data<&App>, caller: Caller, call: Path<Uuid>) -> Result<Json<LateNoticesOut>, ApiError> {
        let notices = app.ask(&caller.0, LateNoticesOf(call.0.into())).await?;
        let out = |one: super::queries::LateNotice| LateNoticeOut {
            proposal: one.proposal.0,
            code: one.code,
            at: one.at,
            effect: one.effect,
        };
        Ok(Json(LateNoticesOut { items: notices.into_iter().map(out).collect() }))
    }
}
