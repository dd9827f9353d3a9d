//! Changes to a public call, for programs.

use super::{
    commands::{CorrectAnnex, CorrectCall},
    queries::{CorrigendaOf, CorrigendumView},
};
use crate::{
    api::{AnyCaller, ApiError, Caller, Tag},
    calls::{
        archive::queries::CallIdOf,
        editor::api::{annex_terms, call_terms},
        rules::Difference,
    },
    kernel::App,
};
use poem::{Request, web::Data};
use poem_openapi::{
    Object, OpenApi,
    param::{Header, Path},
    payload::Json,
    types::Any,
};
use serde_json::Value;

pub struct CorrigendaApi;

#[derive(Object)]
struct CorrectionIn {
    /// The version the terms were made from.
    version: i64,
    /// Why; everybody will read it.
    reason: String,
    /// The whole terms as they shall be, as in a call file.
    terms: Any<Value>,
}

#[derive(Object)]
struct CorrigendumNumberOut {
    /// The number of the corrigendum.
    number: i32,
}

#[derive(Object)]
struct TermsDifferenceOut {
    /// JSON pointer.
    at: String,
    label: String,
    before: Option<String>,
    after: Option<String>,
}

#[derive(Object)]
struct CorrigendumOut {
    id: uuid::Uuid,
    number: i32,
    /// The annex that was changed; none for the call's own terms.
    annex: Option<uuid::Uuid>,
    agency: Option<String>,
    reason: String,
    published_at: chrono::DateTime<chrono::Utc>,
    changes: Vec<TermsDifferenceOut>,
}

#[derive(Object)]
struct CorrigendumListOut {
    items: Vec<CorrigendumOut>,
    total: u64,
    next: Option<u64>,
}

#[OpenApi(tag = "Tag::Calls")]
impl CorrigendaApi {
    /// All changes since the announcement, latest first, with both versions of every value.
    #[oai(path = "/calls/:call/corrigenda", method = "get", operation_id = "listCorrigenda")]
    async fn list(
        &self,
        app: Data<&App>,
        request: &Request,
        caller: AnyCaller,
        call: Path<String>,
    ) -> Result<Json<CorrigendumListOut>, ApiError> {
        let found = app.ask(&caller.actor(request)?, CorrigendaOf { call: call.0, number: None }).await?;
        let items: Vec<CorrigendumOut> = found.corrigenda.into_iter().map(out).collect();
        Ok(Json(CorrigendumListOut { total: items.len() as u64, next: None, items }))
    }

    /// Change the terms of a public call; everybody with a draft is told.
    #[oai(path = "/calls/:call/corrigenda", method = "post", operation_id = "correctCall")]
    async fn correct(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<String>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
        body: Json<CorrectionIn>,
    ) -> Result<Json<CorrigendumNumberOut>, ApiError> {
        let call = app.ask(&caller.0, CallIdOf(call.0)).await?;
        let CorrectionIn { version, reason, terms } = body.0;
        let terms = call_terms(&app, &caller, call, terms).await?;
        let correct = CorrectCall { call, seen: version, terms, reason };
        Ok(Json(CorrigendumNumberOut { number: app.run_once(&caller.0, key.0.as_deref(), correct).await? }))
    }

    /// Change your agency's annex of a public call; everybody with a draft is told.
    #[oai(path = "/annexes/:annex/corrigenda", method = "post", operation_id = "correctAnnex")]
    async fn correct_annex(
        &self,
        app: Data<&App>,
        caller: Caller,
        annex: Path<uuid::Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
        body: Json<CorrectionIn>,
    ) -> Result<Json<CorrigendumNumberOut>, ApiError> {
        let CorrectionIn { version, reason, terms } = body.0;
        let annex = annex.0.into();
        let terms = annex_terms(&app, &caller, annex, terms).await?;
        let correct = CorrectAnnex { annex, seen: version, terms, reason };
        Ok(Json(CorrigendumNumberOut { number: app.run_once(&caller.0, key.0.as_deref(), correct).await? }))
    }
}

fn out(view: CorrigendumView) -> CorrigendumOut {
    let CorrigendumView { id, number, annex, agency, reason, made_at, changes } = view;
    let difference = |Difference { at, label, before, after }| TermsDifferenceOut { at, label, before, after };
    CorrigendumOut {
        id: id.0,
        number,
        annex: annex.map(|id| id.0),
        agency,
        reason,
        published_at: made_at,
        changes: changes.into_iter().map(difference).collect(),
    }
}
