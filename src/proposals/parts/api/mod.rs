//! Parts for programs.

mod shapes;

use super::{
    commands::{RemoveActivity, RemoveCompany, SaveBudget, SaveCompany, SaveContact, SaveTargets},
    queries::{FinancesOf, PartOf},
};
use crate::{
    api::{ApiError, Caller, Tag},
    kernel::App,
    proposals::readers::MayReadPart,
};
use entity::types::ids::{AccountId, ActivityLineId, PartId, ParticipantId};
use poem::web::Data;
use poem_openapi::{
    OpenApi,
    param::{Header, Path},
    payload::Json,
};
use shapes::*;
use uuid::Uuid;

pub struct PartsApi;

#[OpenApi(tag = "Tag::Proposals")]
impl PartsApi {
    /// A part with everything that is filled in and what the rules say of it.
    #[oai(path = "/parts/:part", method = "get", operation_id = "readPart")]
    async fn read(&self, app: Data<&App>, caller: Caller, part: Path<Uuid>) -> Result<Json<PartFilledOut>, ApiError> {
        Ok(Json(app.ask(&caller.0, PartOf(part.0.into())).await?.into()))
    }

    /// Add a company to a part.
    #[oai(path = "/parts/:part/companies", method = "post", operation_id = "addCompany")]
    async fn add_company(
        &self,
        app: Data<&App>,
        caller: Caller,
        part: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
        body: Json<PartCompanyIn>,
    ) -> Result<Json<LineSavedOut>, ApiError> {
        let seen = body.0.version;
        app.ask(&caller.0, MayReadPart(part.0.into())).await?;
        let save = SaveCompany { part: part.0.into(), id: None, company: body.0.read()?, seen };
        let (id, version) = app.run_once(&caller.0, key.0.as_deref(), save).await?;
        Ok(Json(LineSavedOut { id: id.0, version }))
    }

    /// Change a company of a part.
    #[oai(path = "/parts/:part/companies/:company", method = "put", operation_id = "changeCompany")]
    async fn change_company(
        &self,
        app: Data<&App>,
        caller: Caller,
        part: Path<Uuid>,
        company: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
        body: Json<PartCompanyIn>,
    ) -> Result<Json<LineSavedOut>, ApiError> {
        let (seen, id) = (body.0.version, Some(ParticipantId(company.0)));
        app.ask(&caller.0, MayReadPart(part.0.into())).await?;
        let save = SaveCompany { part: part.0.into(), id, company: body.0.read()?, seen };
        let (id, version) = app.run_once(&caller.0, key.0.as_deref(), save).await?;
        Ok(Json(LineSavedOut { id: id.0, version }))
    }

    /// Take a company out of a part.
    #[oai(path = "/parts/:part/companies/:company", method = "delete", operation_id = "removeCompany")]
    async fn remove_company(
        &self,
        app: Data<&App>,
        caller: Caller,
        part: Path<Uuid>,
        company: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<(), ApiError> {
        let remove = RemoveCompany { part: part.0.into(), id: company.0.into() };
        Ok(app.run_once(&caller.0, key.0.as_deref(), remove).await?)
    }

    /// Plan an activity in a part; kinds the home agency does not support are refused with the reason.
    #[oai(path = "/parts/:part/activities", method = "post", operation_id = "planActivity")]
    async fn plan(
        &self,
        app: Data<&App>,
        caller: Caller,
        part: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
        body: Json<PartActivityIn>,
    ) -> Result<Json<LineSavedOut>, ApiError> {
        let save = body.0.command(part.0.into(), None);
        let (id, version) = app.run_once(&caller.0, key.0.as_deref(), save).await?;
        Ok(Json(LineSavedOut { id: id.0, version }))
    }

    /// Change an activity of a part.
    #[oai(path = "/parts/:part/activities/:activity", method = "put", operation_id = "changeActivity")]
    async fn change_activity(
        &self,
        app: Data<&App>,
        caller: Caller,
        part: Path<Uuid>,
        activity: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
        body: Json<PartActivityIn>,
    ) -> Result<Json<LineSavedOut>, ApiError> {
        let save = body.0.command(part.0.into(), Some(ActivityLineId(activity.0)));
        let (id, version) = app.run_once(&caller.0, key.0.as_deref(), save).await?;
        Ok(Json(LineSavedOut { id: id.0, version }))
    }

    /// Take an activity out of a part.
    #[oai(path = "/parts/:part/activities/:activity", method = "delete", operation_id = "removeActivity")]
    async fn remove_activity(
        &self,
        app: Data<&App>,
        caller: Caller,
        part: Path<Uuid>,
        activity: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<(), ApiError> {
        let remove = RemoveActivity { part: part.0.into(), id: activity.0.into() };
        Ok(app.run_once(&caller.0, key.0.as_deref(), remove).await?)
    }

    /// Keep the whole budget of a part, whether or not it holds the rules of the agency.
    #[oai(path = "/parts/:part/budget", method = "put", operation_id = "saveBudget")]
    async fn budget(
        &self,
        app: Data<&App>,
        caller: Caller,
        part: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
        body: Json<PartBudgetIn>,
    ) -> Result<Json<SeenOut>, ApiError> {
        let part = PartId::from(part.0);
        let view = app.ask(&caller.0, PartOf(part)).await?;
        let (budget, seen) = (body.0.read(&view)?, body.0.seen);
        let seen = app.run_once(&caller.0, key.0.as_deref(), SaveBudget { part, budget, seen }).await?;
        Ok(Json(SeenOut { seen }))
    }

    /// Keep the targets of a part; those that are left out are none.
    #[oai(path = "/parts/:part/targets", method = "put", operation_id = "saveTargets")]
    async fn targets(
        &self,
        app: Data<&App>,
        caller: Caller,
        part: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
        body: Json<PartTargetsIn>,
    ) -> Result<Json<SeenOut>, ApiError> {
        let targets = body.0.targets.into_iter().map(|t| (t.kpi, t.target)).collect();
        let save = SaveTargets { part: part.0.into(), targets, seen: body.0.seen };
        Ok(Json(SeenOut { seen: app.run_once(&caller.0, key.0.as_deref(), save).await? }))
    }

    /// Name the contact and the signatory of a part.
    #[oai(path = "/parts/:part/contact", method = "put", operation_id = "saveContact")]
    async fn contact(
        &self,
        app: Data<&App>,
        caller: Caller,
        part: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
        body: Json<PartContactIn>,
    ) -> Result<Json<PartVersionOut>, ApiError> {
        let PartContactIn { contact, signatory, signatory_email, version } = body.0;
        let contact = contact.map(AccountId);
        let save = SaveContact { part: part.0.into(), contact, signatory, signatory_email, seen: version };
        Ok(Json(PartVersionOut { version: app.run_once(&caller.0, key.0.as_deref(), save).await? }))
    }

    /// The finances of a proposal's parts side by side.
    #[oai(path = "/proposals/:proposal/finances", method = "get", operation_id = "readFinances")]
    async fn finances(
        &self,
        app: Data<&App>,
        caller: Caller,
        proposal: Path<Uuid>,
    ) -> Result<Json<FinancesOut>, ApiError> {
        Ok(Json(app.ask(&caller.0, FinancesOf(proposal.0.into())).await?.into()))
    }
}
