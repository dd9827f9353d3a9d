//! Parts for programs.

use super::{
    commands::{
        CompanyIn, RemoveActivity, RemoveCompany, SaveActivity, SaveBudget, SaveCompany, SaveContact, SaveTargets,
    },
    queries::{ActivityRow, Column, Company, Finances, FinancesOf, PartOf, PartView},
    rules::{Budget, Contribution, Cost},
};
use crate::{
    api::{AmountOut, ApiError, Caller, Tag},
    kernel::{
        App, AppError,
        error::{FieldErrors, ForField},
    },
    proposals::rules::{Finding, Severity},
};
use entity::types::{
    BadValue,
    country::Country,
    ids::{AccountId, ActivityLineId, PartId, ParticipantId},
    money::{Currency, Money},
    states::{FundingSource, SizeClass},
};
use poem::web::Data;
use poem_openapi::{
    Object, OpenApi,
    param::{Header, Path},
    payload::Json,
};
use uuid::Uuid;

pub struct PartsApi;

/// A company of a part.
#[derive(Object)]
struct PartCompanyOut {
    id: Uuid,
    name: String,
    registration_no: String,
    country: String,
    size_class: String,
    contact_name: String,
    contact_email: String,
    role: String,
    notice_given: bool,
    declarations: Vec<String>,
    version: i64,
}

#[derive(Object)]
struct PartCompanyIn {
    /// Example: Medis UAB
    name: String,
    #[oai(default)]
    registration_no: String,
    /// Example: LT
    country: String,
    /// `micro`, `small`, `medium` or `large`.
    size_class: String,
    #[oai(default)]
    contact_name: String,
    #[oai(default)]
    contact_email: String,
    /// What the company does in the project.
    #[oai(default)]
    role: String,
    /// The contact was given the privacy notice.
    #[oai(default)]
    notice_given: bool,
    /// Keys of the call's declarations that were made.
    #[oai(default)]
    declarations: Vec<String>,
    /// The version that was read; 0 for a new company.
    #[oai(default)]
    version: i64,
}

/// An activity of a part.
#[derive(Object)]
struct PartActivityOut {
    id: Uuid,
    activity: String,
    title: String,
    description: String,
    place: String,
    start_month: i32,
    end_month: i32,
    companies: i32,
    version: i64,
}

#[derive(Object)]
struct PartActivityIn {
    /// Key of an activity of the call. Example: market_research
    activity: String,
    title: String,
    #[oai(default)]
    description: String,
    #[oai(default)]
    place: String,
    start_month: i32,
    end_month: i32,
    #[oai(default)]
    companies: i32,
    /// The version that was read; 0 for a new activity.
    #[oai(default)]
    version: i64,
}

#[derive(Object)]
struct LineSavedOut {
    id: Uuid,
    version: i64,
}

/// A kind of activity, and why it cannot be planned here.
#[derive(Object)]
struct ActivityKindOut {
    key: String,
    label: String,
    blocked: Option<String>,
}

#[derive(Object)]
struct BudgetCostOut {
    category: String,
    activity: Option<Uuid>,
    description: String,
    amount: AmountOut,
}

#[derive(Object)]
struct BudgetFundingOut {
    /// `own_cash`, `private_cash`, `private_in_kind` or `other_public`.
    source: String,
    description: String,
    amount: AmountOut,
}

/// The budget of a part with its sums.
#[derive(Object)]
struct PartBudgetOut {
    costs: Vec<BudgetCostOut>,
    funding: Vec<BudgetFundingOut>,
    requested: AmountOut,
    total: AmountOut,
    /// The greatest grant these costs allow under the agency's annex.
    greatest_grant: AmountOut,
    /// Costs not yet financed; negative when too much is promised.
    open: AmountOut,
    /// Give it back when changing the budget.
    seen: String,
}

#[derive(Object)]
struct BudgetCostIn {
    /// Key of a cost category of the call. Example: staff
    category: String,
    #[oai(default)]
    activity: Option<Uuid>,
    #[oai(default)]
    description: String,
    /// In the currency of the agency. Example: 12000.00
    amount: String,
}

#[derive(Object)]
struct BudgetFundingIn {
    source: String,
    #[oai(default)]
    description: String,
    amount: String,
}

#[derive(Object)]
struct PartBudgetIn {
    costs: Vec<BudgetCostIn>,
    funding: Vec<BudgetFundingIn>,
    /// The grant asked for. Example: 12000.00
    requested: String,
    seen: String,
}

#[derive(Object)]
struct SeenOut {
    /// Give it back with the next change.
    seen: String,
}

#[derive(Object)]
struct PartTargetOut {
    kpi: String,
    target: i64,
}

#[derive(Object)]
struct PartTargetIn {
    /// Key of an indicator of the call. Example: b2b_meetings
    kpi: String,
    target: i64,
}

#[derive(Object)]
struct PartTargetsIn {
    targets: Vec<PartTargetIn>,
    seen: String,
}

#[derive(Object)]
struct PartContactIn {
    /// Somebody who works on the part.
    #[oai(default)]
    contact: Option<Uuid>,
    signatory: String,
    version: i64,
}

#[derive(Object)]
struct PartVersionOut {
    version: i64,
}

/// What a rule says.
#[derive(Object)]
struct PartFindingOut {
    /// `companies`, `activities`, `budget`, `targets` or `contact`.
    section: String,
    /// `error` or `warning`.
    severity: String,
    /// Example: grant.ceiling
    code: String,
    field: String,
    message: String,
}

/// A part with everything that is filled in.
#[derive(Object)]
struct PartFilledOut {
    id: Uuid,
    proposal: Uuid,
    organisation: String,
    agency: String,
    state: String,
    deadline: String,
    /// Why it cannot be changed now; none when it can.
    fixed: Option<String>,
    /// Give it back when naming contact and signatory.
    version: i64,
    contact: Option<Uuid>,
    signatory: String,
    companies: Vec<PartCompanyOut>,
    activities: Vec<PartActivityOut>,
    kinds: Vec<ActivityKindOut>,
    budget: PartBudgetOut,
    targets: Vec<PartTargetOut>,
    /// Give it back when changing the targets.
    targets_seen: String,
    findings: Vec<PartFindingOut>,
}

/// The finances of one part.
#[derive(Object)]
struct PartFinancesOut {
    part: Uuid,
    organisation: String,
    total: AmountOut,
    requested: AmountOut,
    contribution: AmountOut,
    /// In the call's currency, at the fixed rate.
    total_converted: AmountOut,
    requested_converted: AmountOut,
    /// The share of the costs the grant covers, in per cent.
    level: Option<String>,
    /// The greatest share allowed, in per cent.
    intensity: String,
    ceiling: Option<AmountOut>,
    breaches: Vec<String>,
}

/// The finances of a proposal: all parts for its coordinator, for others their own.
#[derive(Object)]
struct FinancesOut {
    parts: Vec<PartFinancesOut>,
    total: AmountOut,
    requested: AmountOut,
    contribution: AmountOut,
}

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
        let PartContactIn { contact, signatory, version } = body.0;
        let contact = contact.map(AccountId);
        let save = SaveContact { part: part.0.into(), contact, signatory, seen: version };
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

impl PartCompanyIn {
    fn read(self) -> Result<CompanyIn, AppError> {
        let country = self.country.parse::<Country>().for_field("country")?;
        let size_class = self.size_class.parse::<SizeClass>().for_field("size_class")?;
        Ok(CompanyIn {
            name: self.name,
            registration_no: self.registration_no,
            country,
            size_class,
            contact_name: self.contact_name,
            contact_email: self.contact_email,
            role: self.role,
            notice_given: self.notice_given,
            declarations: self.declarations,
        })
    }
}

impl PartActivityIn {
    fn command(self, part: PartId, id: Option<ActivityLineId>) -> SaveActivity {
        SaveActivity {
            part,
            id,
            activity: self.activity,
            title: self.title,
            description: self.description,
            place: self.place,
            start_month: self.start_month,
            end_month: self.end_month,
            participants: self.companies,
            seen: self.version,
        }
    }
}

impl PartBudgetIn {
    fn read(&self, view: &PartView) -> Result<Budget, AppError> {
        let currency = view.terms.currency;
        let mut errors = FieldErrors::default();
        let mut costs = Vec::new();
        for (i, cost) in self.costs.iter().enumerate() {
            let minor = errors.take(&format!("cost.{i}.amount"), amount(&cost.amount, currency)).unwrap_or_default();
            let at = cost.activity.map(|id| view.activities.iter().position(|a| a.id.0 == id));
            if at == Some(None) {
                errors.add(format!("cost.{i}.activity"), "This activity is not in this part");
            }
            let (category, description) = (cost.category.clone(), cost.description.clone());
            costs.push(Cost { category, activity: at.flatten(), description, minor });
        }
        let mut funding = Vec::new();
        for (i, line) in self.funding.iter().enumerate() {
            let minor = errors.take(&format!("funding.{i}.amount"), amount(&line.amount, currency)).unwrap_or_default();
            let source = errors.take(&format!("funding.{i}.source"), line.source.parse::<FundingSource>());
            let source = source.unwrap_or(FundingSource::OwnCash);
            funding.push(Contribution { source, description: line.description.clone(), minor });
        }
        let requested = errors.take("requested", amount(&self.requested, currency)).unwrap_or_default();
        errors.done()?;
        Ok(Budget { costs, funding, requested })
    }
}

fn amount(text: &str, currency: Currency) -> Result<i64, BadValue> {
    if text.trim().is_empty() { Ok(0) } else { Money::parse(text, currency).map(|m| m.minor) }
}

impl From<PartView> for PartFilledOut {
    fn from(view: PartView) -> Self {
        let finding = |(section, f): &(&'static str, Finding)| PartFindingOut {
            section: (*section).to_owned(),
            severity: if f.severity == Severity::Error { "error" } else { "warning" }.to_owned(),
            code: f.code.to_owned(),
            field: f.field.clone(),
            message: f.message.clone(),
        };
        let kinds = view.kinds.iter().map(|k| ActivityKindOut {
            key: k.key.clone(),
            label: k.label.clone(),
            blocked: k.blocked.clone(),
        });
        Self {
            id: view.part.id.0,
            proposal: view.head.id.0,
            budget: budget_out(&view),
            findings: view.findings.iter().map(finding).collect(),
            kinds: kinds.collect(),
            organisation: view.part.organisation,
            agency: view.part.agency,
            state: view.part.state.word().to_owned(),
            deadline: view.part.deadline.to_string(),
            fixed: view.fixed,
            version: view.version,
            contact: view.contact.map(|id| id.0),
            signatory: view.signatory,
            companies: view.companies.into_iter().map(PartCompanyOut::from).collect(),
            activities: view.activities.into_iter().map(PartActivityOut::from).collect(),
            targets: view.targets.into_iter().map(|(kpi, target)| PartTargetOut { kpi, target }).collect(),
            targets_seen: view.targets_seen,
        }
    }
}

fn budget_out(view: &PartView) -> PartBudgetOut {
    let money = |minor: i64| AmountOut::from(Money::new(minor, view.terms.currency));
    let cost = |c: &Cost| BudgetCostOut {
        category: c.category.clone(),
        activity: c.activity.and_then(|i| view.activities.get(i)).map(|a| a.id.0),
        description: c.description.clone(),
        amount: money(c.minor),
    };
    let contribution = |f: &Contribution| BudgetFundingOut {
        source: f.source.word().to_owned(),
        description: f.description.clone(),
        amount: money(f.minor),
    };
    PartBudgetOut {
        costs: view.budget.costs.iter().map(cost).collect(),
        funding: view.budget.funding.iter().map(contribution).collect(),
        requested: money(view.budget.requested),
        total: money(view.sums.total),
        greatest_grant: money(view.sums.greatest_grant),
        open: money(view.sums.open),
        seen: view.budget.digest(),
    }
}

impl From<Company> for PartCompanyOut {
    fn from(c: Company) -> Self {
        Self {
            id: c.id.0,
            name: c.name,
            registration_no: c.registration_no,
            country: c.country.code().to_owned(),
            size_class: c.size_class.word().to_owned(),
            contact_name: c.contact_name,
            contact_email: c.contact_email,
            role: c.role,
            notice_given: c.notice_given,
            declarations: c.declarations,
            version: c.version,
        }
    }
}

impl From<ActivityRow> for PartActivityOut {
    fn from(a: ActivityRow) -> Self {
        Self {
            id: a.id.0,
            activity: a.activity,
            title: a.title,
            description: a.description,
            place: a.place,
            start_month: a.start_month,
            end_month: a.end_month,
            companies: a.participants,
            version: a.version,
        }
    }
}

impl From<Column> for PartFinancesOut {
    fn from(c: Column) -> Self {
        Self {
            part: c.part.id.0,
            organisation: c.part.organisation,
            total: c.total.into(),
            requested: c.requested.into(),
            contribution: c.contribution.into(),
            total_converted: c.total_converted.into(),
            requested_converted: c.requested_converted.into(),
            level: c.level.map(|share| share.number()),
            intensity: c.intensity.number(),
            ceiling: c.ceiling.map(AmountOut::from),
            breaches: c.breaches,
        }
    }
}

impl From<Finances> for FinancesOut {
    fn from(view: Finances) -> Self {
        Self {
            parts: view.columns.into_iter().map(PartFinancesOut::from).collect(),
            total: view.total.into(),
            requested: view.requested.into(),
            contribution: view.contribution.into(),
        }
    }
}
