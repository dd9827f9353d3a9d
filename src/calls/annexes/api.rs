//! Writing annexes, for programs.

use super::commands::{AddAnnex, RemoveAnnex, SaveAnnex};
use crate::{
    api::{ApiError, Caller, Tag},
    calls::{
        archive::queries::CallIdOf,
        editor::api::{TermsIn, TermsVersionOut, annex_terms},
    },
    kernel::App,
};
use poem::web::Data;
use poem_openapi::{
    Object, OpenApi,
    param::{Header, Path},
    payload::Json,
};

pub struct AnnexesApi;

#[derive(Object)]
struct AddAnnexIn {
    /// The agency's id.
    agency: uuid::Uuid,
}

#[derive(Object)]
struct AddedAnnexOut {
    /// The annex's id.
    id: uuid::Uuid,
}

#[derive(Object)]
struct RemovedAnnexOut {
    removed: bool,
}

#[OpenApi(tag = "Tag::Calls")]
impl AnnexesApi {
    /// Add an agency to a draft call, with an annex it has still to write.
    #[oai(path = "/calls/:call/annexes/agencies", method = "post", operation_id = "addAnnex")]
    async fn add(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<String>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
        body: Json<AddAnnexIn>,
    ) -> Result<Json<AddedAnnexOut>, ApiError> {
        let call = app.ask(&caller.0, CallIdOf(call.0)).await?;
        let add = AddAnnex { call, agency: body.0.agency.into() };
        Ok(Json(AddedAnnexOut { id: app.run_once(&caller.0, key.0.as_deref(), add).await?.0 }))
    }

    /// Save the terms of an annex before the call is public; an approval falls.
    #[oai(path = "/annexes/:annex/terms", method = "put", operation_id = "putAnnexTerms")]
    async fn save(
        &self,
        app: Data<&App>,
        caller: Caller,
        annex: Path<uuid::Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
        body: Json<TermsIn>,
    ) -> Result<Json<TermsVersionOut>, ApiError> {
        let (annex, TermsIn { version, terms }) = (annex.0.into(), body.0);
        let terms = annex_terms(&app, &caller, annex, terms).await?;
        let save = SaveAnnex { annex, seen: version, terms };
        Ok(Json(TermsVersionOut { version: app.run_once(&caller.0, key.0.as_deref(), save).await? }))
    }

    /// Take an agency out of a draft call.
    #[oai(path = "/annexes/:annex", method = "delete", operation_id = "removeAnnex")]
    async fn remove(
        &self,
        app: Data<&App>,
        caller: Caller,
        annex: Path<uuid::Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<Json<RemovedAnnexOut>, ApiError> {
        app.run_once(&caller.0, key.0.as_deref(), RemoveAnnex(annex.0.into())).await?;
        Ok(Json(RemovedAnnexOut { removed: true }))
    }
}
