//! Plans for programs.

mod shapes;

use super::{
    commands::{
        AddPair, ApplyPairs, CancelPlan, ChangePlan, CopyPlan, DeployPlan, LockPair, LookAtPairs, MakePlan, OrderPlan,
        OrderPrice, RemovePair, TakeBackPlan,
    },
    queries::{ComparisonOf, DeploymentOf, ImportOf, MayPlan, NextView, PairOf, PlanOf, PlansOf},
    rules::{figures::points, import::read, settings::percent},
};
use crate::{
    api::{ApiError, Asked, ByPath, Caller, Tag, Wanted, next_page},
    documents::sheet::read_table,
    kernel::{App, AppError, paging::Paging},
};
use poem::web::Data;
use poem_openapi::{
    OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};
use shapes::{
    AffinityTermOut, DeployIn, DeployedOut, DeploymentOut, PairImportOut, PairListIn, PairWhyOut, PairsChangedOut,
    PlanChangeIn, PlanComparedOut, PlanComparisonOut, PlanCopyIn, PlanDifferenceOut, PlanIdOut, PlanIn, PlanJobOut,
    PlanLeftOutOut, PlanLineOut, PlanLockIn, PlanOut, PlanPairIn, PlanPairOut, PlanPairsOut, PlanSeenIn,
    PlanTakeBackIn, PlanTakenBackOut, PlansOut, looked,
};
use uuid::Uuid;

pub struct PlansApi;

impl ByPath for MayPlan {
    fn by_path(id: Uuid) -> Self {
        Self(id.into())
    }
}

type Key = Header<Option<String>>;

#[OpenApi(tag = "Tag::Evaluation")]
impl PlansApi {
    /// The plans of a call.
    #[oai(path = "/calls/:call/plans", method = "get", operation_id = "listPlans")]
    async fn list(&self, app: Data<&App>, caller: Caller, call: Path<Uuid>) -> Result<Json<PlansOut>, ApiError> {
        let plans = app.ask(&caller.0, PlansOf(call.0.into())).await?;
        Ok(Json(PlansOut { items: plans.lines.into_iter().map(PlanLineOut::from).collect() }))
    }

    /// Make a plan; it is computed when that is asked for.
    #[oai(path = "/calls/:call/plans", method = "post", operation_id = "makePlan")]
    async fn make(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        body: Json<PlanIn>,
        #[oai(name = "Idempotency-Key")] key: Key,
    ) -> Result<Json<PlanIdOut>, ApiError> {
        let typed = body.0.settings.typed(body.0.name);
        let id = app.run_once(&caller.0, key.0.as_deref(), MakePlan { call: call.0.into(), typed }).await?;
        Ok(Json(PlanIdOut { id: id.0 }))
    }

    /// Plans side by side.
    #[oai(path = "/calls/:call/plans/compare", method = "get", operation_id = "comparePlans")]
    async fn compare(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        /// Ids of two to four plans, with commas between them.
        plans: Query<String>,
        page: Query<Option<u64>>,
    ) -> Result<Json<PlanComparisonOut>, ApiError> {
        let paging = Paging { page: page.0.unwrap_or(1).clamp(1, 100_000), size: 100 };
        let ids = plans.0.split(',').filter_map(|id| id.trim().parse().ok()).collect();
        let found = app.ask(&caller.0, ComparisonOf { call: call.0.into(), plans: ids, paging }).await?;
        let next = next_page(&found.differences);
        Ok(Json(PlanComparisonOut {
            plans: found
                .plans
                .iter()
                .map(|plan| PlanComparedOut {
                    id: plan.id.0,
                    name: plan.name.clone(),
                    figures: (&plan.figures).into(),
                    pairs: plan.pairs,
                    differing: plan.differing,
                })
                .collect(),
            total: found.differences.total,
            differences: found
                .differences
                .rows
                .into_iter()
                .map(|row| PlanDifferenceOut {
                    code: row.code,
                    name: row.name,
                    has: row.has.iter().map(Option::is_some).collect(),
                })
                .collect(),
            next_page: next,
        }))
    }

    /// A plan with its figures.
    #[oai(path = "/calls/:call/plans/:plan", method = "get", operation_id = "readPlan")]
    async fn read(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        plan: Path<Uuid>,
    ) -> Result<Json<PlanOut>, ApiError> {
        let list = Wanted::default().request("code", false);
        let sheet = app.ask(&caller.0, PlanOf { call: call.0.into(), plan: plan.0.into(), list }).await?;
        Ok(Json(sheet.into()))
    }

    /// Change the name and the settings of a plan; its pairs stay as the draft the next run begins from.
    #[oai(path = "/calls/:call/plans/:plan", method = "put", operation_id = "changePlan")]
    async fn change(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        plan: Path<Uuid>,
        body: Json<PlanChangeIn>,
        #[oai(name = "Idempotency-Key")] key: Key,
    ) -> Result<(), ApiError> {
        let PlanChangeIn { version, name, settings } = body.0;
        let typed = settings.typed(name);
        let command = ChangePlan { call: call.0.into(), plan: plan.0.into(), seen: version, typed };
        Ok(app.run_once(&caller.0, key.0.as_deref(), command).await?)
    }

    /// Copy a plan with its settings, pairs and locks.
    #[oai(path = "/calls/:call/plans/:plan/copy", method = "post", operation_id = "copyPlan")]
    async fn copy(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        plan: Path<Uuid>,
        body: Json<PlanCopyIn>,
        #[oai(name = "Idempotency-Key")] key: Key,
    ) -> Result<Json<PlanIdOut>, ApiError> {
        let command = CopyPlan { call: call.0.into(), plan: plan.0.into(), name: body.0.name };
        let id = app.run_once(&caller.0, key.0.as_deref(), command).await?;
        Ok(Json(PlanIdOut { id: id.0 }))
    }

    /// Have the best assignment of a plan found; how far that is stands in the plan.
    #[oai(path = "/calls/:call/plans/:plan/compute", method = "post", operation_id = "computePlan")]
    async fn compute(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        plan: Path<Uuid>,
        body: Json<PlanSeenIn>,
        #[oai(name = "Idempotency-Key")] key: Key,
    ) -> Result<Json<PlanJobOut>, ApiError> {
        let command = OrderPlan { call: call.0.into(), plan: plan.0.into(), seen: body.0.version };
        let job = app.run_once(&caller.0, key.0.as_deref(), command).await?;
        Ok(Json(PlanJobOut { job: job.0 }))
    }

    /// Stop computing a plan.
    #[oai(path = "/calls/:call/plans/:plan/cancel", method = "post", operation_id = "cancelPlan")]
    async fn cancel(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        plan: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Key,
    ) -> Result<(), ApiError> {
        let command = CancelPlan { call: call.0.into(), plan: plan.0.into() };
        Ok(app.run_once(&caller.0, key.0.as_deref(), command).await?)
    }

    /// The pairs of a plan.
    #[oai(path = "/calls/:call/plans/:plan/pairs", method = "get", operation_id = "listPlanPairs")]
    #[allow(clippy::too_many_arguments)]
    async fn pairs(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        plan: Path<Uuid>,
        q: Query<Option<String>>,
        evaluator: Query<Option<Uuid>>,
        /// `computed`, `by_hand`, `imported` or `task`.
        origin: Query<Option<String>>,
        /// `locked` or `free`.
        lock: Query<Option<String>>,
        page: Query<Option<u64>>,
    ) -> Result<Json<PlanPairsOut>, ApiError> {
        let wanted = Wanted {
            q: q.0,
            filters: vec![("evaluator", evaluator.0.map(|id| id.to_string())), ("origin", origin.0), ("lock", lock.0)],
            page: page.0,
            ..Wanted::default()
        };
        let list = wanted.request("code", false);
        let sheet = app.ask(&caller.0, PlanOf { call: call.0.into(), plan: plan.0.into(), list }).await?;
        let (total, next) = (sheet.pairs.total, next_page(&sheet.pairs));
        let items = sheet.pairs.rows.into_iter().map(PlanPairOut::from).collect();
        Ok(Json(PlanPairsOut { items, total, next_page: next }))
    }

    /// Put a pair into a plan, locked.
    #[oai(path = "/calls/:call/plans/:plan/pairs", method = "post", operation_id = "addPlanPair")]
    async fn add(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        plan: Path<Uuid>,
        body: Json<PlanPairIn>,
        #[oai(name = "Idempotency-Key")] key: Key,
    ) -> Result<Json<PlanIdOut>, ApiError> {
        let PlanPairIn { version, proposal, evaluator } = body.0;
        let command = AddPair {
            call: call.0.into(),
            plan: plan.0.into(),
            seen: version,
            proposal: proposal.into(),
            evaluator: evaluator.into(),
        };
        let id = app.run_once(&caller.0, key.0.as_deref(), command).await?;
        Ok(Json(PlanIdOut { id: id.0 }))
    }

    /// Why a pair fits, and what going without it costs.
    #[oai(path = "/calls/:call/plans/:plan/pairs/:pair", method = "get", operation_id = "readPlanPair")]
    async fn pair(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        plan: Path<Uuid>,
        pair: Path<Uuid>,
    ) -> Result<Json<PairWhyOut>, ApiError> {
        let query = PairOf { call: call.0.into(), plan: plan.0.into(), pair: pair.0.into() };
        let view = app.ask(&caller.0, query).await?;
        let (without, instead) = match view.next {
            Some(NextView::Costs { loss, come, .. }) => {
                (Some(loss), come.into_iter().map(|(code, name)| format!("{name}: {code}")).collect())
            }
            _ => (None, Vec::new()),
        };
        let term = |share: super::rules::outcome::Share| AffinityTermOut {
            value: share.value.map(points),
            weight: percent(share.weight),
            gives: points(share.gives),
            term: share.term,
            reasons: share.reasons,
        };
        Ok(Json(PairWhyOut {
            id: view.id.0,
            code: view.code,
            name: view.person.name,
            affinity: view.affinity,
            terms: view.shares.into_iter().map(term).collect(),
            without,
            instead,
        }))
    }

    /// Lock a pair, so that no run moves it, or unlock it.
    #[oai(path = "/calls/:call/plans/:plan/pairs/:pair/lock", method = "post", operation_id = "lockPlanPair")]
    #[allow(clippy::too_many_arguments)]
    async fn lock(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        plan: Path<Uuid>,
        pair: Path<Uuid>,
        body: Json<PlanLockIn>,
        #[oai(name = "Idempotency-Key")] key: Key,
    ) -> Result<(), ApiError> {
        let PlanLockIn { version, locked } = body.0;
        let (call, plan, pair) = (call.0.into(), plan.0.into(), pair.0.into());
        let command = LockPair { call, plan, seen: version, pair, locked };
        Ok(app.run_once(&caller.0, key.0.as_deref(), command).await?)
    }

    /// Take a pair out of a plan.
    #[oai(path = "/calls/:call/plans/:plan/pairs/:pair/remove", method = "post", operation_id = "removePlanPair")]
    #[allow(clippy::too_many_arguments)]
    async fn remove(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        plan: Path<Uuid>,
        pair: Path<Uuid>,
        body: Json<PlanSeenIn>,
        #[oai(name = "Idempotency-Key")] key: Key,
    ) -> Result<(), ApiError> {
        let (call, plan, pair) = (call.0.into(), plan.0.into(), pair.0.into());
        let command = RemovePair { call, plan, seen: body.0.version, pair };
        Ok(app.run_once(&caller.0, key.0.as_deref(), command).await?)
    }

    /// Have it worked out what going without a pair costs.
    #[oai(path = "/calls/:call/plans/:plan/pairs/:pair/price", method = "post", operation_id = "pricePlanPair")]
    async fn price(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        plan: Path<Uuid>,
        pair: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Key,
    ) -> Result<Json<PlanJobOut>, ApiError> {
        let command = OrderPrice { call: call.0.into(), plan: plan.0.into(), pair: pair.0.into() };
        let job = app.run_once(&caller.0, key.0.as_deref(), command).await?;
        Ok(Json(PlanJobOut { job: job.0 }))
    }

    /// See what a list of pairs would change in a plan; it changes nothing until it is applied.
    #[oai(path = "/calls/:call/plans/:plan/import", method = "post", operation_id = "lookAtPlanPairs")]
    #[allow(clippy::too_many_arguments)]
    async fn import(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        plan: Path<Uuid>,
        _asked: Asked<MayPlan>,
        #[oai(name = "Idempotency-Key")] key: Key,
        body: PairListIn,
    ) -> Result<Json<PairImportOut>, ApiError> {
        let (call, plan) = (call.0.into(), plan.0.into());
        let file = body.list.file_name().unwrap_or("list").to_owned();
        let bytes = body.list.into_vec().await.map_err(|e| AppError::refused("upload_broken", e.to_string()))?;
        let list = read_table(&file, &bytes).and_then(|table| read(&table));
        let list = list.map_err(|error| AppError::invalid("list", error.0))?;
        app.run_once(&caller.0, key.0.as_deref(), LookAtPairs { call, plan, file, list }).await?;
        let view = app.ask(&caller.0, ImportOf { call, plan }).await?;
        let found = view.looked.ok_or(AppError::NotFound)?;
        Ok(Json(looked(found, view.version)))
    }

    /// Apply the list that was looked at, exactly as it was shown.
    #[oai(path = "/calls/:call/plans/:plan/import/apply", method = "post", operation_id = "applyPlanPairs")]
    async fn apply(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        plan: Path<Uuid>,
        body: Json<PlanSeenIn>,
        #[oai(name = "Idempotency-Key")] key: Key,
    ) -> Result<Json<PairsChangedOut>, ApiError> {
        let command = ApplyPairs { call: call.0.into(), plan: plan.0.into(), seen: body.0.version };
        let done = app.run_once(&caller.0, key.0.as_deref(), command).await?;
        Ok(Json(PairsChangedOut { added: done.added, removed: done.removed, relocked: done.relocked }))
    }

    /// What deploying a plan would do now.
    #[oai(path = "/calls/:call/plans/:plan/deployment", method = "get", operation_id = "previewDeployment")]
    async fn deployment(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        plan: Path<Uuid>,
    ) -> Result<Json<DeploymentOut>, ApiError> {
        let look = app.ask(&caller.0, DeploymentOf { call: call.0.into(), plan: plan.0.into() }).await?;
        let left =
            |pair: super::queries::LeftOut| PlanLeftOutOut { code: pair.code, name: pair.person.name, why: pair.why };
        Ok(Json(DeploymentOut {
            invitations: look.invitations,
            people: look.people,
            left_out: look.left_out.into_iter().map(left).collect(),
            superseded: look.superseded,
            version: look.version,
        }))
    }

    /// Deploy a plan: everybody in it is invited, except where a conflict was found since.
    #[oai(path = "/calls/:call/plans/:plan/deploy", method = "post", operation_id = "deployPlan")]
    async fn deploy(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        plan: Path<Uuid>,
        body: Json<DeployIn>,
        #[oai(name = "Idempotency-Key")] key: Key,
    ) -> Result<Json<DeployedOut>, ApiError> {
        let DeployIn { version, due_at } = body.0;
        let command = DeployPlan { call: call.0.into(), plan: plan.0.into(), seen: version, due: due_at };
        let done = app.run_once(&caller.0, key.0.as_deref(), command).await?;
        Ok(Json(DeployedOut { invited: done.invited, people: done.people, left_out: done.left_out }))
    }

    /// Take back the invitations of a deployed plan that nobody has answered.
    #[oai(path = "/calls/:call/plans/:plan/take-back", method = "post", operation_id = "takeBackPlan")]
    async fn take_back(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        plan: Path<Uuid>,
        body: Json<PlanTakeBackIn>,
        #[oai(name = "Idempotency-Key")] key: Key,
    ) -> Result<Json<PlanTakenBackOut>, ApiError> {
        let PlanTakeBackIn { version, reason } = body.0;
        let command = TakeBackPlan { call: call.0.into(), plan: plan.0.into(), seen: version, reason };
        let taken = app.run_once(&caller.0, key.0.as_deref(), command).await?;
        Ok(Json(PlanTakenBackOut { taken }))
    }
}
