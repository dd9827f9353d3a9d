//! What programs send and get of scenarios.

use crate::{
    allocation::{
        queries::{AgencyView, Compared, Difference, Figures, MatrixRow, PartView, ScenarioLine, ScenarioSheet},
        rules::{Settings, Typed, words::times},
    },
    api::AmountOut,
    kernel::{AppError, error::FieldErrors},
};
use chrono::{DateTime, Utc};
use entity::types::decimal;
use poem_openapi::Object;
use uuid::Uuid;

/// How the ranking is turned into money. Amounts are sent as they are typed; fields of other strategies are not read.
#[derive(Object)]
pub(super) struct ScenarioSettings {
    /// `strict_skip`, `strict_stop`, `drop_partner`, `cut_to_floor`, `balancing_pot` or `optimum`.
    strategy: String,
    /// The least share of what a part asks, in per cent. Example: 50
    #[oai(default)]
    floor: String,
    /// Money in the pot, in the currency of the call.
    #[oai(default)]
    pot: String,
    /// The most the pot pays for one proposal.
    #[oai(default)]
    pot_cap: String,
    /// The pot pays after the walk, not as gaps come.
    #[oai(default)]
    afterwards: bool,
    /// The pot fills gaps of one agency only.
    #[oai(default)]
    one_agency: bool,
    /// What an optimum makes as great as it can: `score` or `number`.
    #[oai(default)]
    goal: String,
    /// Money of the Nordic top-up, in euros.
    #[oai(default)]
    top_up: String,
    /// Budgets other than those of the call: such a scenario cannot be adopted.
    #[oai(default)]
    budgets: Vec<ScenarioBudget>,
}

/// The budget of an agency in a scenario.
#[derive(Object)]
pub(super) struct ScenarioBudget {
    agency: Uuid,
    /// In the agency's currency. Example: 250000
    budget: String,
}

impl ScenarioSettings {
    /// The form these are.
    pub(super) fn typed(self, name: String) -> Result<Typed, AppError> {
        let mut typed = Typed {
            name,
            kind: self.strategy,
            floor: self.floor,
            pot: self.pot,
            pot_cap: self.pot_cap,
            afterwards: self.afterwards,
            one_agency: self.one_agency,
            goal: self.goal,
            top_up: self.top_up,
            ..Typed::default()
        };
        for one in self.budgets {
            if typed.budgets.insert(one.agency.into(), one.budget).is_some() {
                return Err(AppError::Invalid(FieldErrors::one("budgets", "An agency is named twice")));
            }
        }
        Ok(typed)
    }
}

impl From<&Settings> for ScenarioSettings {
    fn from(settings: &Settings) -> Self {
        let typed = Typed::of("", settings);
        let budget = |(agency, budget): (entity::types::ids::OrganisationId, String)| ScenarioBudget {
            agency: agency.0,
            budget,
        };
        Self {
            strategy: typed.kind,
            floor: typed.floor,
            pot: typed.pot,
            pot_cap: typed.pot_cap,
            afterwards: typed.afterwards,
            one_agency: typed.one_agency,
            goal: typed.goal,
            top_up: typed.top_up,
            budgets: typed.budgets.into_iter().map(budget).collect(),
        }
    }
}

#[derive(Object)]
pub(super) struct ScenarioIn {
    pub(super) name: String,
    pub(super) settings: ScenarioSettings,
}

#[derive(Object)]
pub(super) struct ScenarioChangeIn {
    /// The version that was seen.
    pub(super) version: i64,
    pub(super) name: String,
    pub(super) settings: ScenarioSettings,
}

#[derive(Object)]
pub(super) struct ScenarioSeenIn {
    /// The version that was seen.
    pub(super) version: i64,
}

#[derive(Object)]
pub(super) struct ScenarioAsideIn {
    /// The version that was seen.
    pub(super) version: i64,
    pub(super) reason: String,
}

#[derive(Object)]
pub(super) struct AdoptScenarioIn {
    /// The version that was seen.
    pub(super) version: i64,
    /// Why this scenario and no other; it stands in the minutes.
    pub(super) reason: String,
    /// The name of whoever signs, as it is in the account.
    pub(super) signed_name: String,
}

#[derive(Object)]
pub(super) struct ScenarioIdOut {
    pub(super) id: Uuid,
}

#[derive(Object)]
pub(super) struct ScenariosMadeOut {
    pub(super) made: u64,
}

#[derive(Object)]
pub(super) struct ScenarioDigestOut {
    /// SHA-256 of the minutes.
    pub(super) digest: String,
}

/// What scenarios are compared by.
#[derive(Object)]
pub(super) struct ScenarioFigures {
    /// Proposals funded, and how many could be.
    funded: usize,
    of: usize,
    /// The sum of scores. Example: 21.4
    score: String,
    /// In the currency of the call.
    granted: AmountOut,
    /// Proposals that are not funded although one behind them is.
    passed_over: usize,
    /// For an optimum: what a better choice could add at most, in hundredths of points or in proposals; 0 is proved.
    gap: Option<i64>,
}

impl From<Figures> for ScenarioFigures {
    fn from(figures: Figures) -> Self {
        let Figures { funded, of, score, granted, passed_over, gap } = figures;
        Self { funded, of, score: decimal::plain(score, 2), granted: granted.into(), passed_over, gap }
    }
}

#[derive(Object)]
pub(super) struct ScenarioLineOut {
    id: Uuid,
    name: String,
    /// `drafted`, `computing`, `computed`, `adopted` or `set_aside`.
    state: String,
    strategy: String,
    figures: Option<ScenarioFigures>,
    /// The ranking or a part has changed since it was computed.
    out_of_date: bool,
    made_at: DateTime<Utc>,
}

impl From<ScenarioLine> for ScenarioLineOut {
    fn from(line: ScenarioLine) -> Self {
        Self {
            id: line.id.0,
            name: line.name,
            state: line.state.word().to_owned(),
            strategy: line.summary,
            figures: line.figures.map(ScenarioFigures::from),
            out_of_date: line.out_of_date,
            made_at: line.made_at,
        }
    }
}

#[derive(Object)]
pub(super) struct ScenariosOut {
    /// The number of the ranking scenarios start from now.
    pub(super) ranking: Option<i32>,
    pub(super) items: Vec<ScenarioLineOut>,
}

/// An agency in a scenario, in its own currency.
#[derive(Object)]
pub(super) struct ScenarioAgencyOut {
    agency: Uuid,
    name: String,
    budget: AmountOut,
    asked: AmountOut,
    granted: AmountOut,
    left: AmountOut,
    /// What parts ask that it could pay, of proposals that fail elsewhere.
    stranded: AmountOut,
    /// How many times the budget was asked. Example: 2.5
    times_asked: Option<String>,
}

impl From<AgencyView> for ScenarioAgencyOut {
    fn from(view: AgencyView) -> Self {
        Self {
            agency: view.id.0,
            name: view.name,
            budget: view.budget.into(),
            asked: view.asked.into(),
            granted: view.granted.into(),
            left: view.left.into(),
            stranded: view.stranded.into(),
            times_asked: view.subscribed.map(times),
        }
    }
}

/// A part in a scenario.
#[derive(Object)]
pub(super) struct ScenarioPartOut {
    part: Uuid,
    organisation: String,
    agency: String,
    asked: AmountOut,
    granted: AmountOut,
    /// What of it the pot pays.
    from_the_pot: AmountOut,
    /// `granted`, `cut`, `filled`, `signed`, `dropped`, `lacking`, `stranded`, `not_reached` or `declined`.
    outcome: String,
}

impl From<PartView> for ScenarioPartOut {
    fn from(part: PartView) -> Self {
        Self {
            part: part.part.0,
            organisation: part.organisation,
            agency: part.agency,
            asked: part.asked.into(),
            granted: part.granted.into(),
            from_the_pot: part.filled.into(),
            outcome: part.fate.word().to_owned(),
        }
    }
}

/// What an agency lacks for a proposal.
#[derive(Object)]
pub(super) struct ScenarioLackOut {
    agency: String,
    amount: AmountOut,
}

#[derive(Object)]
pub(super) struct ScenarioRowOut {
    rank: u32,
    proposal: Uuid,
    code: String,
    title: String,
    funded: bool,
    /// In words.
    outcome: String,
    lacking: Vec<ScenarioLackOut>,
    parts: Vec<ScenarioPartOut>,
    top_up: Option<AmountOut>,
    /// Why it stands after another of the same place.
    tie_reason: Option<String>,
}

impl From<MatrixRow> for ScenarioRowOut {
    fn from(row: MatrixRow) -> Self {
        let lack =
            |(agency, amount): (String, entity::types::money::Money)| ScenarioLackOut { agency, amount: amount.into() };
        Self {
            rank: row.rank,
            proposal: row.proposal.0,
            code: row.code,
            title: row.title,
            funded: row.verdict.funds(),
            outcome: row.verdict.label().to_owned(),
            lacking: row.lacking.into_iter().map(lack).collect(),
            parts: row.cells.into_iter().flatten().map(ScenarioPartOut::from).collect(),
            top_up: row.top_up.map(AmountOut::from),
            tie_reason: row.tie,
        }
    }
}

#[derive(Object)]
pub(super) struct ScenarioRowsOut {
    pub(super) items: Vec<ScenarioRowOut>,
    pub(super) total: u64,
    pub(super) next_page: Option<u64>,
}

#[derive(Object)]
pub(super) struct ScenarioOut {
    id: Uuid,
    name: String,
    /// `drafted`, `computing`, `computed`, `adopted` or `set_aside`.
    state: String,
    settings: ScenarioSettings,
    /// The number of the ranking it was computed from.
    ranking: i32,
    version: i64,
    out_of_date: bool,
    figures: Option<ScenarioFigures>,
    agencies: Vec<ScenarioAgencyOut>,
    /// What a little more or less money would change, in sentences.
    changes: Vec<String>,
    /// Why it was adopted or set aside.
    reason: String,
    /// SHA-256 of what it was computed from, and of the signed minutes.
    input_digest: Option<String>,
    minutes_digest: Option<String>,
    computed_at: Option<DateTime<Utc>>,
    adopted_by: Option<String>,
    adopted_at: Option<DateTime<Utc>>,
}

impl From<ScenarioSheet> for ScenarioOut {
    fn from(sheet: ScenarioSheet) -> Self {
        Self {
            id: sheet.id.0,
            name: sheet.name,
            state: sheet.state.word().to_owned(),
            settings: (&sheet.settings).into(),
            ranking: sheet.ranking,
            version: sheet.version,
            out_of_date: sheet.out_of_date,
            figures: sheet.figures.map(ScenarioFigures::from),
            agencies: sheet.agencies.into_iter().map(ScenarioAgencyOut::from).collect(),
            changes: sheet.changes,
            reason: sheet.reason,
            input_digest: sheet.digest,
            minutes_digest: sheet.minutes_digest,
            computed_at: sheet.computed_at,
            adopted_by: sheet.adopted_by,
            adopted_at: sheet.adopted_at,
        }
    }
}

#[derive(Object)]
pub(super) struct ScenarioComparedOut {
    id: Uuid,
    name: String,
    strategy: String,
    ranking: i32,
    figures: ScenarioFigures,
    agencies: Vec<ScenarioAgencyOut>,
}

impl From<Compared> for ScenarioComparedOut {
    fn from(one: Compared) -> Self {
        Self {
            id: one.id.0,
            name: one.name,
            strategy: one.summary,
            ranking: one.ranking,
            figures: one.figures.into(),
            agencies: one.agencies.into_iter().map(ScenarioAgencyOut::from).collect(),
        }
    }
}

/// A proposal in all compared scenarios.
#[derive(Object)]
pub(super) struct ScenarioDifferenceOut {
    rank: u32,
    code: String,
    title: String,
    /// In the order of the scenarios: whether it is funded; null where the scenario does not know it.
    funded: Vec<Option<bool>>,
    differs: bool,
}

pub(super) fn differing(row: Difference) -> ScenarioDifferenceOut {
    ScenarioDifferenceOut {
        rank: row.rank,
        code: row.code,
        title: row.title,
        funded: row.verdicts.iter().map(|one| one.as_ref().map(|(verdict, _)| verdict.funds())).collect(),
        differs: row.differs,
    }
}

#[derive(Object)]
pub(super) struct ScenarioComparisonOut {
    pub(super) scenarios: Vec<ScenarioComparedOut>,
    pub(super) proposals: Vec<ScenarioDifferenceOut>,
}
