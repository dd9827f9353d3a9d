//! Indicators for programs.

use super::queries::KpisOf;
use crate::{
    api::{ApiError, Caller, Tag},
    kernel::App,
};
use poem::web::Data;
use poem_openapi::{Object, OpenApi, param::Path, payload::Json};
use uuid::Uuid;

pub struct KpisApi;

#[derive(Object)]
struct KpisOut {
    items: Vec<KpiOut>,
}

#[derive(Object)]
struct KpiOut {
    key: String,
    label: String,
    target: Option<i64>,
    reached: Option<i64>,
    benchmark: Option<i64>,
    /// Parts with a target.
    parts: u64,
    /// Parts with a reading.
    read: u64,
}

#[OpenApi(tag = "Tag::Reporting")]
impl KpisApi {
    /// Targets and readings of the awarded parts of a call.
    #[oai(path = "/calls/:call/kpis", method = "get", operation_id = "listKpis")]
    async fn kpis(&self, app: Data<&App>, caller: Caller, call: Path<Uuid>) -> Result<Json<KpisOut>, ApiError> {
        let board = app.ask(&caller.0, KpisOf(call.0.into())).await?;
        let out = |line: super::queries::KpiLine| KpiOut {
            key: line.key,
            label: line.label,
            target: line.target,
            reached: line.reached,
            benchmark: line.benchmark,
            parts: line.parts as u64,
            read: line.read as u64,
        };
        Ok(Json(KpisOut { items: board.lines.into_iter().map(out).collect() }))
    }
}
