//! A call's way, for programs.

use super::commands::{ApproveAnnex, ArchiveCall, PublishCall, StartEvaluation, SubmitForApproval, TakeBack};
use crate::{
    api::{ApiError, Caller, Tag},
    calls::archive::queries::CallIdOf,
    kernel::{App, Command},
};
use entity::types::{ids::CallId, states::CallState};
use poem::web::Data;
use poem_openapi::{
    Object, OpenApi,
    param::{Header, Path},
    payload::Json,
};

pub struct PublishingApi;

/// The state an object is in now.
#[derive(Object)]
struct CallStepOut {
    /// A word of the call's or annex's life, for example `agency_review`.
    state: String,
}

#[derive(Object)]
struct ApproveAnnexIn {
    /// The version of the annex that was read.
    version: i64,
}

#[OpenApi(tag = "Tag::Calls")]
impl PublishingApi {
    /// Hand a draft call to its agencies for approval.
    #[oai(path = "/calls/:call/submit", method = "post", operation_id = "submitCall")]
    async fn submit(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<String>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<Json<CallStepOut>, ApiError> {
        moved(&app, &caller, call.0, key.0, SubmitForApproval).await
    }

    /// Take a call back from its agencies; all approvals fall.
    #[oai(path = "/calls/:call/take-back", method = "post", operation_id = "takeCallBack")]
    async fn take_back(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<String>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<Json<CallStepOut>, ApiError> {
        moved(&app, &caller, call.0, key.0, TakeBack).await
    }

    /// Announce a call whose funding agencies have all approved.
    #[oai(path = "/calls/:call/publish", method = "post", operation_id = "publishCall")]
    async fn publish(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<String>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<Json<CallStepOut>, ApiError> {
        moved(&app, &caller, call.0, key.0, PublishCall).await
    }

    /// Start the evaluation of a closed call; every submitted part must have been checked.
    #[oai(path = "/calls/:call/start-evaluation", method = "post", operation_id = "startEvaluation")]
    async fn start_evaluation(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<String>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<Json<CallStepOut>, ApiError> {
        moved(&app, &caller, call.0, key.0, StartEvaluation).await
    }

    /// Put a decided call away.
    #[oai(path = "/calls/:call/archive", method = "post", operation_id = "archiveCall")]
    async fn archive(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<String>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<Json<CallStepOut>, ApiError> {
        moved(&app, &caller, call.0, key.0, ArchiveCall).await
    }

    /// Approve an agency's annex as the agency.
    #[oai(path = "/annexes/:annex/approve", method = "post", operation_id = "approveAnnex")]
    async fn approve(
        &self,
        app: Data<&App>,
        caller: Caller,
        annex: Path<uuid::Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
        body: Json<ApproveAnnexIn>,
    ) -> Result<Json<CallStepOut>, ApiError> {
        let approve = ApproveAnnex { annex: annex.0.into(), seen: body.0.version };
        let state = app.run_once(&caller.0, key.0.as_deref(), approve).await?;
        Ok(Json(CallStepOut { state: state.word().to_owned() }))
    }
}

async fn moved<C: Command<Output = CallState>>(
    app: &App,
    caller: &Caller,
    call: String,
    key: Option<String>,
    command: impl FnOnce(CallId) -> C,
) -> Result<Json<CallStepOut>, ApiError> {
    let id = app.ask(&caller.0, CallIdOf(call)).await?;
    let state = app.run_once(&caller.0, key.as_deref(), command(id)).await?;
    Ok(Json(CallStepOut { state: state.word().to_owned() }))
}
