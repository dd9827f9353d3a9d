//! Scenarios for programs.

mod shapes;

use super::{
    commands::{
        AdoptScenario, CancelSearch, ChangeScenario, ComputeScenario, MakeScenario, MakeUsualScenarios,
        SetAsideScenario,
    },
    queries::{ComparisonOf, InputOf, MayPlan, ScenarioOf, ScenariosOf},
};
use crate::{
    api::{ApiError, Caller, Tag, next_page},
    kernel::{App, AppError, paging::Paging},
};
use poem::web::Data;
use poem_openapi::{
    OpenApi,
    param::{Header, Path, Query},
    payload::{Json, PlainText},
};
use shapes::{
    AdoptScenarioIn, ScenarioAsideIn, ScenarioChangeIn, ScenarioComparedOut, ScenarioComparisonOut, ScenarioDigestOut,
    ScenarioIdOut, ScenarioIn, ScenarioLineOut, ScenarioOut, ScenarioRowOut, ScenarioRowsOut, ScenarioSeenIn,
    ScenariosMadeOut, ScenariosOut, differing,
};
use uuid::Uuid;

pub struct ScenariosApi;

type Key = Header<Option<String>>;

/// Rows on one page of the matrix.
const SIZE: u64 = 100;

#[OpenApi(tag = "Tag::Decisions")]
impl ScenariosApi {
    /// The scenarios of a call: who is funded by which strategy.
    #[oai(path = "/calls/:call/scenarios", method = "get", operation_id = "listScenarios")]
    async fn list(&self, app: Data<&App>, caller: Caller, call: Path<Uuid>) -> Result<Json<ScenariosOut>, ApiError> {
        let found = app.ask(&caller.0, ScenariosOf(call.0.into())).await?;
        let items = found.lines.into_iter().map(ScenarioLineOut::from).collect();
        Ok(Json(ScenariosOut { ranking: found.ranking, items }))
    }

    /// Make a scenario of the fixed ranking. A walk is computed at once; an optimum is searched in the background.
    #[oai(path = "/calls/:call/scenarios", method = "post", operation_id = "makeScenario")]
    async fn make(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        body: Json<ScenarioIn>,
        #[oai(name = "Idempotency-Key")] key: Key,
    ) -> Result<Json<ScenarioIdOut>, ApiError> {
        let call = call.0.into();
        app.ask(&caller.0, MayPlan(call)).await?;
        let typed = body.0.settings.typed(body.0.name)?;
        let id = app.run_once(&caller.0, key.0.as_deref(), MakeScenario { call, typed }).await?;
        Ok(Json(ScenarioIdOut { id: id.0 }))
    }

    /// Make one scenario of each strategy that needs nothing but the call.
    #[oai(path = "/calls/:call/scenarios/usual", method = "post", operation_id = "makeUsualScenarios")]
    async fn usual(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Key,
    ) -> Result<Json<ScenariosMadeOut>, ApiError> {
        let made = app.run_once(&caller.0, key.0.as_deref(), MakeUsualScenarios(call.0.into())).await?;
        Ok(Json(ScenariosMadeOut { made }))
    }

    /// Scenarios side by side.
    #[oai(path = "/calls/:call/scenarios/compare", method = "get", operation_id = "compareScenarios")]
    async fn compare(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        /// Ids of two to four scenarios, with commas between them.
        scenarios: Query<String>,
    ) -> Result<Json<ScenarioComparisonOut>, ApiError> {
        let ids = scenarios.0.split(',').filter_map(|id| id.trim().parse().ok()).collect();
        let found = app.ask(&caller.0, ComparisonOf { call: call.0.into(), scenarios: ids }).await?;
        Ok(Json(ScenarioComparisonOut {
            scenarios: found.scenarios.into_iter().map(ScenarioComparedOut::from).collect(),
            proposals: found.rows.into_iter().map(differing).collect(),
        }))
    }

    /// A scenario: what every agency is asked, grants and has left, and what a little money would change.
    #[oai(path = "/calls/:call/scenarios/:scenario", method = "get", operation_id = "readScenario")]
    async fn read(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        scenario: Path<Uuid>,
    ) -> Result<Json<ScenarioOut>, ApiError> {
        let paging = Paging { page: 1, size: SIZE };
        let query = ScenarioOf { call: call.0.into(), scenario: scenario.0.into(), paging };
        Ok(Json(app.ask(&caller.0, query).await?.into()))
    }

    /// Change name and settings of a scenario; it is computed anew.
    #[oai(path = "/calls/:call/scenarios/:scenario", method = "put", operation_id = "changeScenario")]
    async fn change(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        scenario: Path<Uuid>,
        body: Json<ScenarioChangeIn>,
        #[oai(name = "Idempotency-Key")] key: Key,
    ) -> Result<(), ApiError> {
        let call = call.0.into();
        app.ask(&caller.0, MayPlan(call)).await?;
        let ScenarioChangeIn { version, name, settings } = body.0;
        let typed = settings.typed(name)?;
        let command = ChangeScenario { call, scenario: scenario.0.into(), seen: version, typed };
        Ok(app.run_once(&caller.0, key.0.as_deref(), command).await?)
    }

    /// The proposals of a scenario down the ranking, with what becomes of every part.
    #[oai(path = "/calls/:call/scenarios/:scenario/proposals", method = "get", operation_id = "listScenarioProposals")]
    async fn rows(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        scenario: Path<Uuid>,
        page: Query<Option<u64>>,
    ) -> Result<Json<ScenarioRowsOut>, ApiError> {
        let paging = Paging { page: page.0.unwrap_or(1).clamp(1, 100_000), size: SIZE };
        let query = ScenarioOf { call: call.0.into(), scenario: scenario.0.into(), paging };
        let sheet = app.ask(&caller.0, query).await?;
        let (total, next) = (sheet.rows.total, next_page(&sheet.rows));
        let items = sheet.rows.rows.into_iter().map(ScenarioRowOut::from).collect();
        Ok(Json(ScenarioRowsOut { items, total, next_page: next }))
    }

    /// Compute a scenario again, from the ranking and the parts as they are now.
    #[oai(path = "/calls/:call/scenarios/:scenario/compute", method = "post", operation_id = "computeScenario")]
    async fn compute(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        scenario: Path<Uuid>,
        body: Json<ScenarioSeenIn>,
        #[oai(name = "Idempotency-Key")] key: Key,
    ) -> Result<(), ApiError> {
        let (call, scenario) = (call.0.into(), scenario.0.into());
        let command = ComputeScenario { call, scenario, seen: body.0.version };
        Ok(app.run_once(&caller.0, key.0.as_deref(), command).await?)
    }

    /// Stop searching the optimum of a scenario.
    #[oai(path = "/calls/:call/scenarios/:scenario/cancel", method = "post", operation_id = "cancelScenario")]
    async fn cancel(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        scenario: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Key,
    ) -> Result<(), ApiError> {
        let command = CancelSearch { call: call.0.into(), scenario: scenario.0.into() };
        Ok(app.run_once(&caller.0, key.0.as_deref(), command).await?)
    }

    /// Set a scenario aside with a reason; it stays readable.
    #[oai(path = "/calls/:call/scenarios/:scenario/set-aside", method = "post", operation_id = "setScenarioAside")]
    async fn aside(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        scenario: Path<Uuid>,
        body: Json<ScenarioAsideIn>,
        #[oai(name = "Idempotency-Key")] key: Key,
    ) -> Result<(), ApiError> {
        let ScenarioAsideIn { version, reason } = body.0;
        let (call, scenario) = (call.0.into(), scenario.0.into());
        let command = SetAsideScenario { call, scenario, seen: version, reason };
        Ok(app.run_once(&caller.0, key.0.as_deref(), command).await?)
    }

    /// Adopt a scenario with signed minutes: decisions are proposed from it.
    #[oai(path = "/calls/:call/scenarios/:scenario/adopt", method = "post", operation_id = "adoptScenario")]
    async fn adopt(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        scenario: Path<Uuid>,
        body: Json<AdoptScenarioIn>,
        #[oai(name = "Idempotency-Key")] key: Key,
    ) -> Result<Json<ScenarioDigestOut>, ApiError> {
        let AdoptScenarioIn { version, reason, signed_name } = body.0;
        let (call, scenario) = (call.0.into(), scenario.0.into());
        let command = AdoptScenario { call, scenario, seen: version, reason, signed_name };
        let digest = app.run_once(&caller.0, key.0.as_deref(), command).await?;
        Ok(Json(ScenarioDigestOut { digest }))
    }

    /// The minutes of an adopted scenario letter by letter: the SHA-256 of this text is their digest.
    #[oai(path = "/calls/:call/scenarios/:scenario/minutes", method = "get", operation_id = "readScenarioMinutes")]
    async fn minutes(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        scenario: Path<Uuid>,
    ) -> Result<PlainText<String>, ApiError> {
        let paging = Paging { page: 1, size: 1 };
        let query = ScenarioOf { call: call.0.into(), scenario: scenario.0.into(), paging };
        let sheet = app.ask(&caller.0, query).await?;
        Ok(PlainText(sheet.minutes.ok_or(AppError::NotFound)?))
    }

    /// What a scenario was computed from, letter by letter: the SHA-256 of this text is its digest.
    #[oai(path = "/calls/:call/scenarios/:scenario/input", method = "get", operation_id = "readScenarioInput")]
    async fn input(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        scenario: Path<Uuid>,
    ) -> Result<PlainText<String>, ApiError> {
        let query = InputOf { call: call.0.into(), scenario: scenario.0.into() };
        let (_, input) = app.ask(&caller.0, query).await?;
        Ok(PlainText(input))
    }
}
