//! What the secretariat sets before a scenario is computed.

use super::{
    pot::{Gaps, Pot, Turn},
    setting::Setting,
    strategies::{Goal, Strategy},
    top_up::TopUp,
};
use entity::types::{
    ids::OrganisationId,
    money::{Currency, Money},
    share::Share,
    text,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How the ranking is turned into money (domain.md 6.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    StrictSkip,
    StrictStop,
    DropPartner,
    CutToFloor,
    BalancingPot,
    Optimum,
}

impl Kind {
    pub const ALL: [Self; 6] =
        [Self::StrictSkip, Self::StrictStop, Self::DropPartner, Self::CutToFloor, Self::BalancingPot, Self::Optimum];

    pub const fn word(self) -> &'static str {
        match self {
            Self::StrictSkip => "strict_skip",
            Self::StrictStop => "strict_stop",
            Self::DropPartner => "drop_partner",
            Self::CutToFloor => "cut_to_floor",
            Self::BalancingPot => "balancing_pot",
            Self::Optimum => "optimum",
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            Self::StrictSkip => "Strict skip",
            Self::StrictStop => "Strict stop",
            Self::DropPartner => "Drop a partner",
            Self::CutToFloor => "Cut to the floor",
            Self::BalancingPot => "Balancing pot",
            Self::Optimum => "Optimum (mirror only)",
        }
    }

    pub const fn hint(self) -> &'static str {
        match self {
            Self::StrictSkip => {
                "From the top: a proposal is funded only if every part fits its agency's rest; else it is skipped"
            }
            Self::StrictStop => "Ends at the first proposal that does not fit",
            Self::DropPartner => "Goes on without the part that cannot be paid, if a consortium is left",
            Self::CutToFloor => "Cuts the last part to the rest of the money, never below the floor",
            Self::BalancingPot => "A common pot fills the gaps",
            Self::Optimum => {
                "The greatest sum of scores or proposals within all budgets, with proof. It breaks the order of the \
                 ranking, so it is compared and never adopted"
            }
        }
    }

    fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// The settings of a scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    pub kind: Kind,
    /// Of what a part asks, the least it is cut to.
    pub floor: Share,
    pub pot: Option<Money>,
    /// The most the pot pays for one proposal.
    pub pot_cap: Option<Money>,
    pub turn: Turn,
    pub gaps: Gaps,
    pub goal: Goal,
    /// The money of the Nordic Council of Ministers, when its rule applies.
    pub top_up: Option<Money>,
    /// Budgets other than those of the call.
    pub budgets: BTreeMap<OrganisationId, Money>,
}

impl Settings {
    /// A strategy with what is usual for it.
    pub const fn usual(kind: Kind) -> Self {
        Self {
            kind,
            floor: Share::percent(50),
            pot: None,
            pot_cap: None,
            turn: Turn::AtOnce,
            gaps: Gaps::Every,
            goal: Goal::Score,
            top_up: None,
            budgets: BTreeMap::new(),
        }
    }

    /// The strategy of the walk; none for the optimum, which is no walk.
    pub fn strategy(&self, currency: Currency) -> Option<Strategy> {
        Some(match self.kind {
            Kind::StrictSkip => Strategy::StrictSkip,
            Kind::StrictStop => Strategy::StrictStop,
            Kind::DropPartner => Strategy::DropPartner,
            Kind::CutToFloor => Strategy::CutToFloor { floor: self.floor },
            Kind::BalancingPot => Strategy::BalancingPot(Pot {
                money: self.pot.unwrap_or(Money::zero(currency)),
                cap: self.pot_cap,
                turn: self.turn,
                gaps: self.gaps,
            }),
            Kind::Optimum => return None,
        })
    }

    /// The rule of the top-up, when it applies.
    pub fn top_up(&self) -> Option<TopUp> {
        self.top_up.map(TopUp::nordic_council)
    }

    /// Puts changed budgets in the place of those of the call.
    pub fn apply(&self, setting: &mut Setting) {
        for agency in &mut setting.agencies {
            if let Some(budget) = self.budgets.get(&agency.id) {
                agency.budget = *budget;
            }
        }
    }

    /// Whether some budget is another than in the call: such a scenario only says what if.
    pub fn is_what_if(&self) -> bool {
        !self.budgets.is_empty()
    }

    /// The strategy in words, with what it was told.
    pub fn summary(&self) -> String {
        let label = self.kind.label();
        match self.kind {
            Kind::CutToFloor => format!("{label}: {} of what was asked at least", self.floor),
            Kind::BalancingPot => {
                let pot = self.pot.map_or_else(|| "empty".to_owned(), |pot| pot.to_string());
                let cap = self.pot_cap.map(|cap| format!(", at most {cap} for one proposal")).unwrap_or_default();
                format!("{label}: {pot}{cap}, {}, {}", self.turn.words(), self.gaps.words())
            }
            Kind::Optimum => format!("{label}: {}", self.goal.label().to_lowercase()),
            Kind::StrictSkip | Kind::StrictStop | Kind::DropPartner => label.to_owned(),
        }
    }
}

impl Turn {
    pub const fn words(self) -> &'static str {
        match self {
            Self::AtOnce => "as gaps come",
            Self::Afterwards => "after the walk",
        }
    }
}

impl Gaps {
    pub const fn words(self) -> &'static str {
        match self {
            Self::Every => "every gap",
            Self::OfOneAgency => "only where one agency lacks money",
        }
    }
}

impl Goal {
    pub const ALL: [Self; 2] = [Self::Score, Self::Number];

    pub const fn word(self) -> &'static str {
        match self {
            Self::Score => "score",
            Self::Number => "number",
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            Self::Score => "The greatest sum of scores",
            Self::Number => "The greatest number of proposals",
        }
    }
}

/// The form of the settings, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    pub name: String,
    pub kind: String,
    pub floor: String,
    pub pot: String,
    pub pot_cap: String,
    pub afterwards: bool,
    pub one_agency: bool,
    pub goal: String,
    pub top_up: String,
    /// What is typed for each agency; nothing means the budget of the call.
    pub budgets: BTreeMap<OrganisationId, String>,
}

/// The name of the field of an agency's budget.
pub fn budget_field(agency: OrganisationId) -> String {
    format!("budget_{agency}")
}

impl Typed {
    /// The form filled with what is stored.
    pub fn of(name: &str, settings: &Settings) -> Self {
        let money = |money: Option<Money>| money.map(Money::amount).unwrap_or_default();
        Self {
            name: name.to_owned(),
            kind: settings.kind.word().to_owned(),
            floor: settings.floor.number(),
            pot: money(settings.pot),
            pot_cap: money(settings.pot_cap),
            afterwards: settings.turn == Turn::Afterwards,
            one_agency: settings.gaps == Gaps::OfOneAgency,
            goal: settings.goal.word().to_owned(),
            top_up: money(settings.top_up),
            budgets: settings.budgets.iter().map(|(agency, budget)| (*agency, budget.amount())).collect(),
        }
    }

    /// Reads name and settings; `called` are the agencies with their budgets of the call. Fields of other strategies
    /// are not read.
    ///
    /// # Errors
    /// What is wrong with each field, by its name.
    pub fn read(
        &self,
        currency: Currency,
        called: &[(OrganisationId, Money)],
    ) -> Result<(String, Settings), Vec<(String, String)>> {
        let mut wrong: Vec<(String, String)> = Vec::new();
        let name = text::line(&self.name, 80).map_err(|e| wrong.push(("name".into(), e.0))).unwrap_or_default();
        let kind = Kind::parse(&self.kind).unwrap_or_else(|| {
            wrong.push(("kind".into(), "Choose one from the list".into()));
            Kind::StrictSkip
        });
        let mut settings = Settings::usual(kind);
        let mut money = |field: &str, typed: &str, currency: Currency| match typed.trim() {
            "" => None,
            typed => Money::parse(typed, currency).map_err(|e| wrong.push((field.to_owned(), e.0))).ok(),
        };
        settings.top_up = money("top_up", &self.top_up, Currency::Eur).filter(|money| money.minor > 0);
        if kind == Kind::BalancingPot {
            settings.pot = money("pot", &self.pot, currency);
            settings.pot_cap = money("pot_cap", &self.pot_cap, currency);
            settings.turn = if self.afterwards { Turn::Afterwards } else { Turn::AtOnce };
            settings.gaps = if self.one_agency { Gaps::OfOneAgency } else { Gaps::Every };
        }
        for (agency, budget) in called {
            let typed = self.budgets.get(agency).map_or("", String::as_str);
            if let Some(other) = money(&budget_field(*agency), typed, budget.currency).filter(|one| one != budget) {
                settings.budgets.insert(*agency, other);
            }
        }
        if kind == Kind::BalancingPot && self.pot.trim().is_empty() {
            wrong.push(("pot".into(), "Say how much is in the pot".into()));
        }
        if kind == Kind::CutToFloor {
            match Share::parse(&self.floor) {
                Ok(floor) if (1..=10_000).contains(&floor.basis_points()) => settings.floor = floor,
                Ok(_) => wrong.push(("floor".into(), "Enter a share above 0 and up to 100 %".into())),
                Err(error) => wrong.push(("floor".into(), error.0)),
            }
        }
        if kind == Kind::Optimum {
            match Goal::ALL.into_iter().find(|goal| goal.word() == self.goal) {
                Some(goal) => settings.goal = goal,
                None => wrong.push(("goal".into(), "Choose one from the list".into())),
            }
        }
        if wrong.is_empty() { Ok((name, settings)) } else { Err(wrong) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use entity::types::money::Currency::{Eur, Nok};
    use uuid::Uuid;

    fn agency(n: u128) -> OrganisationId {
        Uuid::from_u128(n).into()
    }

    #[test]
    fn what_is_stored_is_typed_again() {
        let mut settings = Settings::usual(Kind::BalancingPot);
        settings.pot = Some(Money::new(5_000_000, Eur));
        settings.turn = Turn::Afterwards;
        settings.budgets.insert(agency(1), Money::new(1_200, Nok));
        let called = [(agency(1), Money::new(1_000, Nok)), (agency(2), Money::new(500, Eur))];

        let typed = Typed::of("Pot", &settings);
        assert_eq!(typed.read(Eur, &called), Ok(("Pot".to_owned(), settings)));
    }

    #[test]
    fn a_budget_as_in_the_call_is_no_change() {
        let called = [(agency(1), Money::new(100_000, Eur))];
        let typed = Typed {
            name: "Plain".into(),
            kind: "strict_skip".into(),
            budgets: [(agency(1), "1 000".to_owned())].into(),
            ..Typed::default()
        };
        assert!(!typed.read(Eur, &called).unwrap().1.is_what_if());
    }

    #[test]
    fn every_wrong_field_is_named_at_once() {
        let called = [(agency(1), Money::new(100_000, Eur))];
        let typed = Typed {
            kind: "cut_to_floor".into(),
            floor: "120".into(),
            top_up: "-1".into(),
            budgets: [(agency(1), "much".to_owned())].into(),
            ..Typed::default()
        };
        let fields: Vec<String> = typed.read(Eur, &called).unwrap_err().into_iter().map(|(field, _)| field).collect();
        assert_eq!(fields, ["name".to_owned(), "top_up".to_owned(), budget_field(agency(1)), "floor".to_owned()]);
    }
}
