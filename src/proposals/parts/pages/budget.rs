//! The costs and the financing of a part, with the rules beside the numbers.

use super::{
    super::{
        commands::SaveBudget,
        queries::PartView,
        rules::{Budget, Contribution, Cost},
    },
    overview, part, path, saved,
};
use crate::{
    kernel::{AppError, Result},
    web::{Answer, Choice, FieldErrors, Frame, Posted, Visit, keep},
};
use askama::Template;
use entity::types::{
    money::Money,
    share::Share,
    states::{AnnexClass, FundingSource},
};
use poem::{handler, web::Path};

/// Empty lines offered beyond those that are filled in, and how many more the button adds.
const SPARE: usize = 2;
const MORE: usize = 5;

#[derive(Template)]
#[template(path = "proposals/parts/budget.html")]
struct BudgetPage {
    frame: Frame,
    errors: FieldErrors,
    view: PartView,
    path: String,
    action: String,
    seen: String,
    costs: Vec<CostField>,
    funding: Vec<FundingField>,
    requested: String,
    currency: String,
    categories: Vec<Choice>,
    activities: Vec<Choice>,
    sources: Vec<Choice>,
    live: String,
}

struct CostField {
    name: String,
    category: String,
    activity: String,
    description: String,
    amount: String,
}

struct FundingField {
    name: String,
    source: String,
    description: String,
    amount: String,
}

/// The sums and what the rules say of them; the script puts it in place of the older one.
#[derive(Template)]
#[template(path = "proposals/parts/budget_live.html")]
struct Live<'a> {
    view: &'a PartView,
    total: Money,
    in_kind: Money,
    requested: Money,
    greatest: Money,
    contribution: Money,
    private: Money,
    open: Money,
    over: Money,
    level: Option<Share>,
    private_level: Option<Share>,
    pays: bool,
}

impl Live<'_> {
    fn of(view: &PartView) -> Live<'_> {
        let money = |minor: i64| Money::new(minor, view.terms.currency);
        let sums = view.sums;
        let share = |part: i64, whole: i64| {
            let points = money(part).share_of(money(whole)).and_then(|p| i32::try_from(p).ok());
            points.filter(|_| whole > 0).map(Share::from_basis_points)
        };
        Live {
            total: money(sums.total),
            in_kind: money(sums.in_kind),
            requested: money(view.budget.requested),
            greatest: money(sums.greatest_grant),
            contribution: money(sums.contribution),
            private: money(sums.private),
            open: money(sums.open.max(0)),
            over: money(sums.open.saturating_neg().max(0)),
            level: share(view.budget.requested, sums.total),
            private_level: share(sums.private, sums.contribution),
            pays: view.terms.class == AnnexClass::Funding,
            view,
        }
    }

    fn html(view: &PartView) -> Result<String> {
        Self::of(view).render().map_err(|e| AppError::Broken(e.into()))
    }
}

impl BudgetPage {
    fn new(visit: &Visit, view: PartView, more: &str) -> Result<Self> {
        let decimals =
            |minor: i64| if minor == 0 { String::new() } else { plain(Money::new(minor, view.terms.currency)) };
        let mut costs: Vec<CostField> = view
            .budget
            .costs
            .iter()
            .map(|c| CostField {
                name: String::new(),
                category: c.category.clone(),
                activity: c.activity.map(|i| i.to_string()).unwrap_or_default(),
                description: c.description.clone(),
                amount: decimals(c.minor),
            })
            .collect();
        let mut funding: Vec<FundingField> = view
            .budget
            .funding
            .iter()
            .map(|f| FundingField {
                name: String::new(),
                source: f.source.word().to_owned(),
                description: f.description.clone(),
                amount: decimals(f.minor),
            })
            .collect();
        let requested = decimals(view.budget.requested);
        if costs.is_empty() {
            costs = view.categories.iter().map(|c| CostField::empty(&c.key)).collect();
        }
        if funding.is_empty() {
            funding = FundingSource::ALL.iter().map(|s| FundingField::empty(s.word())).collect();
        }
        let (spare_costs, spare_funding) =
            (if more == "costs" { MORE } else { SPARE }, if more == "funding" { MORE } else { 1 });
        costs.extend((0..spare_costs).map(|_| CostField::empty("")));
        funding.extend((0..spare_funding).map(|_| FundingField::empty("")));
        Self::with(visit, view, costs, funding, requested)
    }

    fn with(
        visit: &Visit,
        view: PartView,
        mut costs: Vec<CostField>,
        mut funding: Vec<FundingField>,
        requested: String,
    ) -> Result<Self> {
        for (i, field) in costs.iter_mut().enumerate() {
            field.name = format!("cost.{i}");
        }
        for (i, field) in funding.iter_mut().enumerate() {
            field.name = format!("funding.{i}");
        }
        let numbered = view.activities.iter().enumerate();
        let path = path(&view);
        Ok(Self {
            frame: overview::below(visit, &view, "Costs and financing"),
            errors: FieldErrors::default(),
            action: format!("{path}/budget"),
            seen: view.budget.digest(),
            currency: view.terms.currency.code().to_owned(),
            categories: view.categories.iter().map(|c| Choice::new(&c.key, &c.label)).collect(),
            activities: numbered.map(|(i, a)| Choice::new(i.to_string(), &a.title)).collect(),
            sources: FundingSource::ALL.iter().map(|s| Choice::new(s.word(), s.label())).collect(),
            live: Live::html(&view)?,
            costs,
            funding,
            requested,
            path,
            view,
        })
    }

    fn money(&self, minor: &i64) -> Money {
        Money::new(*minor, self.view.terms.currency)
    }

    fn activity_title(&self, at: &Option<usize>) -> String {
        at.and_then(|i| self.view.activities.get(i)).map(|a| a.title.clone()).unwrap_or_default()
    }
}

impl CostField {
    fn empty(category: &str) -> Self {
        Self {
            name: String::new(),
            category: category.to_owned(),
            activity: String::new(),
            description: String::new(),
            amount: String::new(),
        }
    }

    fn is_blank(&self) -> bool {
        self.description.trim().is_empty() && self.amount.trim().is_empty() && self.activity.is_empty()
    }
}

impl FundingField {
    fn empty(source: &str) -> Self {
        Self { name: String::new(), source: source.to_owned(), description: String::new(), amount: String::new() }
    }

    fn is_blank(&self) -> bool {
        self.description.trim().is_empty() && self.amount.trim().is_empty()
    }
}

/// An amount as it is typed: without grouping, and without cents when there are none.
pub(super) fn plain(amount: Money) -> String {
    let text = amount.amount();
    text.strip_suffix(".00").map_or(text.clone(), str::to_owned)
}

/// What was typed, line by line as the form has them.
struct Sent {
    costs: Vec<CostField>,
    funding: Vec<FundingField>,
    requested: String,
}

impl Sent {
    fn read(posted: &Posted) -> Self {
        let text = |name: String| posted.text(&name).to_owned();
        let lines = |list: &str, field: &str| {
            let n = (0..400).take_while(|i| posted.has(&format!("{list}.{i}.{field}"))).count();
            (0..n).map(|i| format!("{list}.{i}")).collect::<Vec<_>>()
        };
        Self {
            costs: lines("cost", "category")
                .into_iter()
                .map(|name| CostField {
                    category: text(format!("{name}.category")),
                    activity: text(format!("{name}.activity")),
                    description: text(format!("{name}.description")),
                    amount: text(format!("{name}.amount")),
                    name,
                })
                .collect(),
            funding: lines("funding", "source")
                .into_iter()
                .map(|name| FundingField {
                    source: text(format!("{name}.source")),
                    description: text(format!("{name}.description")),
                    amount: text(format!("{name}.amount")),
                    name,
                })
                .collect(),
            requested: posted.text("requested").to_owned(),
        }
    }

    /// The budget that was typed, with lines that hold nothing left out.
    fn budget(&self, view: &PartView) -> Result<Budget> {
        let mut errors = FieldErrors::default();
        let currency = view.terms.currency;
        let mut amount = |name: String, text: &str| {
            if text.trim().is_empty() {
                return 0;
            }
            errors.take(&name, Money::parse(text, currency)).map_or(0, |m| m.minor)
        };
        let costs: Vec<Cost> = self
            .costs
            .iter()
            .filter(|c| !c.is_blank())
            .map(|c| Cost {
                category: c.category.clone(),
                activity: c.activity.parse().ok(),
                description: c.description.trim().to_owned(),
                minor: amount(format!("{}.amount", c.name), &c.amount),
            })
            .collect();
        let requested = amount("requested".to_owned(), &self.requested);
        let mut funding = Vec::new();
        for line in self.funding.iter().filter(|f| !f.is_blank()) {
            let minor = amount(format!("{}.amount", line.name), &line.amount);
            match line.source.parse::<FundingSource>() {
                Ok(source) => {
                    funding.push(Contribution { source, description: line.description.trim().to_owned(), minor })
                }
                Err(_) => funding.push(Contribution {
                    source: FundingSource::OwnCash,
                    description: line.description.trim().to_owned(),
                    minor,
                }),
            }
        }
        let missing = self.costs.iter().filter(|c| !c.is_blank() && c.category.is_empty());
        for line in missing {
            errors.add(format!("{}.category", line.name), "Choose a kind of cost");
        }
        errors.done()?;
        Ok(Budget { costs, funding, requested })
    }

    /// The name in the form of a field the command named by its place among the lines that hold something.
    fn named(&self, field: &str) -> String {
        let mut parts = field.splitn(3, '.');
        let (Some(list), Some(at), Some(rest)) = (parts.next(), parts.next(), parts.next()) else {
            return field.to_owned();
        };
        let Ok(at) = at.parse::<usize>() else { return field.to_owned() };
        let name = match list {
            "cost" => self.costs.iter().filter(|c| !c.is_blank()).nth(at).map(|c| c.name.as_str()),
            _ => self.funding.iter().filter(|f| !f.is_blank()).nth(at).map(|f| f.name.as_str()),
        };
        name.map_or_else(|| field.to_owned(), |name| format!("{name}.{rest}"))
    }
}

#[handler]
pub async fn show_budget(visit: Visit, Path((proposal, id)): Path<(String, String)>) -> Answer {
    let view = part(&visit, &proposal, &id).await?;
    let more = visit.query("more").unwrap_or_default();
    visit.page(&BudgetPage::new(&visit, view, &more)?)
}

#[handler]
pub async fn budget_posted(visit: Visit, posted: Posted, Path((proposal, id)): Path<(String, String)>) -> Answer {
    let view = part(&visit, &proposal, &id).await?;
    let sent = Sent::read(&posted);
    let outcome = match sent.budget(&view) {
        Ok(budget) => {
            let seen = posted.text("version").to_owned();
            let save = SaveBudget { part: view.part.id, budget, seen };
            visit.run(&posted, save).await.map_err(|error| match error {
                AppError::Invalid(errors) => {
                    let named = errors.0.into_iter().map(|(field, message)| (sent.named(&field), message));
                    AppError::Invalid(FieldErrors(named.collect()))
                }
                other => other,
            })
        }
        Err(error) => Err(error),
    };
    match outcome {
        Ok(digest) if visit.wants_json() => {
            let view = part(&visit, &proposal, &id).await?;
            let live = [("budget-live", Live::html(&view)?)];
            saved(&visit, &digest, &FieldErrors::default(), &live)
        }
        Ok(_) => match posted.text("do") {
            "more:costs" => visit.to(format!("{}/budget?more=costs#costs", path(&view))),
            "more:funding" => visit.to(format!("{}/budget?more=funding#funding", path(&view))),
            "return" => visit.to_with(format!("/proposals/{}", view.head.id), "The budget is saved."),
            _ => visit.to_with(format!("{}/budget", path(&view)), "The budget is saved."),
        },
        Err(error) if visit.wants_json() => Err(error.into()),
        Err(error) => {
            let errors = keep(error)?;
            let Sent { costs, funding, requested } = sent;
            let page = BudgetPage { errors, ..BudgetPage::with(&visit, view, costs, funding, requested)? };
            visit.again(&page)
        }
    }
}
