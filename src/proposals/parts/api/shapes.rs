//! The shapes in which parts travel.

use super::super::{
    commands::{CompanyIn, SaveActivity},
    queries::{ActivityRow, Column, Company, Finances, PartView},
    rules::{Budget, Contribution, Cost},
};
use crate::{
    api::AmountOut,
    kernel::{
        AppError,
        error::{FieldErrors, ForField},
    },
    proposals::rules::{Finding, Severity},
};
use entity::types::{
    BadValue,
    country::Country,
    ids::{ActivityLineId, PartId},
    money::{Currency, Money},
    states::{FundingSource, SizeClass},
};
use poem_openapi::Object;
use uuid::Uuid;

/// A company of a part.
#[derive(Object)]
pub(super) struct PartCompanyOut {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) registration_no: String,
    pub(super) country: String,
    pub(super) size_class: String,
    pub(super) contact_name: String,
    pub(super) contact_email: String,
    pub(super) role: String,
    pub(super) notice_given: bool,
    pub(super) declarations: Vec<String>,
    /// What it brings in money; none when it was not said.
    pub(super) cash: Option<AmountOut>,
    /// What it brings in work; none when it was not said.
    pub(super) in_kind: Option<AmountOut>,
    pub(super) version: i64,
}

#[derive(Object)]
pub(super) struct PartCompanyIn {
    /// Example: Medis UAB
    pub(super) name: String,
    #[oai(default)]
    pub(super) registration_no: String,
    /// Example: LT
    pub(super) country: String,
    /// `micro`, `small`, `medium` or `large`.
    pub(super) size_class: String,
    #[oai(default)]
    pub(super) contact_name: String,
    #[oai(default)]
    pub(super) contact_email: String,
    /// What the company does in the project.
    #[oai(default)]
    pub(super) role: String,
    /// The contact was given the privacy notice.
    #[oai(default)]
    pub(super) notice_given: bool,
    /// Keys of the call's declarations that were made.
    #[oai(default)]
    pub(super) declarations: Vec<String>,
    /// What it brings in money, in the currency of the agency; empty when it was not said. Example: 500.00
    #[oai(default)]
    pub(super) cash: String,
    /// What it brings in work, in the currency of the agency. Example: 1200.00
    #[oai(default)]
    pub(super) in_kind: String,
    /// The version that was read; 0 for a new company.
    #[oai(default)]
    pub(super) version: i64,
}

/// An activity of a part.
#[derive(Object)]
pub(super) struct PartActivityOut {
    pub(super) id: Uuid,
    pub(super) activity: String,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) place: String,
    pub(super) start_month: i32,
    pub(super) end_month: i32,
    pub(super) companies: i32,
    pub(super) version: i64,
}

#[derive(Object)]
pub(super) struct PartActivityIn {
    /// Key of an activity of the call. Example: market_research
    pub(super) activity: String,
    pub(super) title: String,
    #[oai(default)]
    pub(super) description: String,
    #[oai(default)]
    pub(super) place: String,
    pub(super) start_month: i32,
    pub(super) end_month: i32,
    #[oai(default)]
    pub(super) companies: i32,
    /// The version that was read; 0 for a new activity.
    #[oai(default)]
    pub(super) version: i64,
}

#[derive(Object)]
pub(super) struct LineSavedOut {
    pub(super) id: Uuid,
    pub(super) version: i64,
}

/// A kind of activity, and why it cannot be planned here.
#[derive(Object)]
pub(super) struct ActivityKindOut {
    pub(super) key: String,
    pub(super) label: String,
    pub(super) blocked: Option<String>,
}

#[derive(Object)]
pub(super) struct BudgetCostOut {
    pub(super) category: String,
    pub(super) activity: Option<Uuid>,
    pub(super) description: String,
    pub(super) amount: AmountOut,
}

#[derive(Object)]
pub(super) struct BudgetFundingOut {
    /// `own_cash`, `private_cash`, `private_in_kind` or `other_public`.
    pub(super) source: String,
    pub(super) description: String,
    pub(super) amount: AmountOut,
}

/// The budget of a part with its sums.
#[derive(Object)]
pub(super) struct PartBudgetOut {
    pub(super) costs: Vec<BudgetCostOut>,
    pub(super) funding: Vec<BudgetFundingOut>,
    pub(super) requested: AmountOut,
    pub(super) total: AmountOut,
    /// The greatest grant these costs allow under the agency's annex.
    pub(super) greatest_grant: AmountOut,
    /// Costs not yet financed; negative when too much is promised.
    pub(super) open: AmountOut,
    /// Give it back when changing the budget.
    pub(super) seen: String,
}

#[derive(Object)]
pub(super) struct BudgetCostIn {
    /// Key of a cost category of the call. Example: staff
    pub(super) category: String,
    #[oai(default)]
    pub(super) activity: Option<Uuid>,
    #[oai(default)]
    pub(super) description: String,
    /// In the currency of the agency. Example: 12000.00
    pub(super) amount: String,
}

#[derive(Object)]
pub(super) struct BudgetFundingIn {
    pub(super) source: String,
    #[oai(default)]
    pub(super) description: String,
    pub(super) amount: String,
}

#[derive(Object)]
pub(super) struct PartBudgetIn {
    pub(super) costs: Vec<BudgetCostIn>,
    pub(super) funding: Vec<BudgetFundingIn>,
    /// The grant asked for. Example: 12000.00
    pub(super) requested: String,
    pub(super) seen: String,
}

#[derive(Object)]
pub(super) struct SeenOut {
    /// Give it back with the next change.
    pub(super) seen: String,
}

#[derive(Object)]
pub(super) struct PartTargetOut {
    pub(super) kpi: String,
    pub(super) target: i64,
}

#[derive(Object)]
pub(super) struct PartTargetIn {
    /// Key of an indicator of the call. Example: b2b_meetings
    pub(super) kpi: String,
    pub(super) target: i64,
}

#[derive(Object)]
pub(super) struct PartTargetsIn {
    pub(super) targets: Vec<PartTargetIn>,
    pub(super) seen: String,
}

#[derive(Object)]
pub(super) struct PartContactIn {
    /// Somebody who works on the part.
    #[oai(default)]
    pub(super) contact: Option<Uuid>,
    pub(super) signatory: String,
    /// Where the signatory gets the receipt and an award.
    #[oai(default)]
    pub(super) signatory_email: String,
    pub(super) version: i64,
}

#[derive(Object)]
pub(super) struct PartVersionOut {
    pub(super) version: i64,
}

/// What a rule says.
#[derive(Object)]
pub(super) struct PartFindingOut {
    /// `companies`, `activities`, `budget`, `targets` or `contact`.
    pub(super) section: String,
    /// `error` or `warning`.
    pub(super) severity: String,
    /// Example: grant.ceiling
    pub(super) code: String,
    pub(super) field: String,
    pub(super) message: String,
}

/// A part with everything that is filled in.
#[derive(Object)]
pub(super) struct PartFilledOut {
    pub(super) id: Uuid,
    pub(super) proposal: Uuid,
    pub(super) organisation: String,
    pub(super) agency: String,
    pub(super) state: String,
    pub(super) deadline: String,
    /// Why it cannot be changed now; none when it can.
    pub(super) fixed: Option<String>,
    /// Give it back when naming contact and signatory.
    pub(super) version: i64,
    pub(super) contact: Option<Uuid>,
    pub(super) signatory: String,
    pub(super) signatory_email: String,
    pub(super) companies: Vec<PartCompanyOut>,
    pub(super) activities: Vec<PartActivityOut>,
    pub(super) kinds: Vec<ActivityKindOut>,
    pub(super) budget: PartBudgetOut,
    pub(super) targets: Vec<PartTargetOut>,
    /// Give it back when changing the targets.
    pub(super) targets_seen: String,
    pub(super) findings: Vec<PartFindingOut>,
}

/// The finances of one part.
#[derive(Object)]
pub(super) struct PartFinancesOut {
    pub(super) part: Uuid,
    pub(super) organisation: String,
    pub(super) total: AmountOut,
    pub(super) requested: AmountOut,
    pub(super) contribution: AmountOut,
    /// In the call's currency, at the fixed rate.
    pub(super) total_converted: AmountOut,
    pub(super) requested_converted: AmountOut,
    /// The share of the costs the grant covers, in per cent.
    pub(super) level: Option<String>,
    /// The greatest share allowed, in per cent.
    pub(super) intensity: String,
    pub(super) ceiling: Option<AmountOut>,
    pub(super) breaches: Vec<String>,
}

/// The finances of a proposal: all parts for its coordinator, for others their own.
#[derive(Object)]
pub(super) struct FinancesOut {
    pub(super) parts: Vec<PartFinancesOut>,
    pub(super) total: AmountOut,
    pub(super) requested: AmountOut,
    pub(super) contribution: AmountOut,
}

impl PartCompanyIn {
    pub(super) fn read(self) -> Result<CompanyIn, AppError> {
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
            cash: self.cash,
            in_kind: self.in_kind,
        })
    }
}

impl PartActivityIn {
    pub(super) fn command(self, part: PartId, id: Option<ActivityLineId>) -> SaveActivity {
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
    pub(super) fn read(&self, view: &PartView) -> Result<Budget, AppError> {
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
            signatory_email: view.signatory_email,
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
            cash: c.cash.map(Into::into),
            in_kind: c.in_kind.map(Into::into),
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
