//! What an officer sets before a plan is computed.

use crate::evaluation::affinity::rules::{CountryRule, Term, Terms, Weights};
use entity::types::{decimal, share::Share, text};
use serde::{Deserialize, Serialize};

/// The most evaluators one proposal can ask for, and the most proposals one evaluator can be given here.
const MOST: u32 = 100;

/// Millionths in one point of affinity; people see affinity from 0 to 100.
pub const POINT: i64 = 10_000;

/// What is to be as great as possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Objective {
    /// The sum of all affinities.
    Total,
    /// First the sum of the worst-served proposal, then the total (Stelmakh, Shah & Singh 2018).
    Fair,
}

impl Objective {
    pub const ALL: [Self; 2] = [Self::Total, Self::Fair];

    pub const fn word(self) -> &'static str {
        match self {
            Self::Total => "total",
            Self::Fair => "fair",
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            Self::Total => "Greatest total",
            Self::Fair => "Worst-served proposal first, then the total",
        }
    }
}

/// Where the country of an evaluator counts for affinity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Home {
    Indifferent,
    Outside,
    Inside,
}

impl Home {
    pub const ALL: [Self; 3] = [Self::Indifferent, Self::Outside, Self::Inside];

    pub const fn word(self) -> &'static str {
        match self {
            Self::Indifferent => "indifferent",
            Self::Outside => "outside",
            Self::Inside => "inside",
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            Self::Indifferent => "Countries do not matter",
            Self::Outside => "Better from outside the applicants' countries",
            Self::Inside => "Better from the applicants' countries",
        }
    }
}

/// The settings of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    pub per_proposal: u32,
    pub least: u32,
    pub most: u32,
    pub objective: Objective,
    /// Somebody who reads the proposal's language, knows one of its fields, comes from outside its countries.
    pub language: bool,
    pub expertise: bool,
    pub outside: bool,
    /// No two evaluators of one organisation.
    pub apart: bool,
    /// What keeping a pair is worth, in millionths.
    pub bonus: i32,
    /// Shares of the terms of affinity in basis points.
    pub weights: [u32; 6],
    pub home: Home,
}

impl Settings {
    /// What a call begins with: its own number of evaluators, and the weights of affinity nobody changed.
    pub fn usual(per_proposal: u32, most: u32) -> Self {
        let weights = Weights::default();
        Self {
            per_proposal,
            least: 0,
            most,
            objective: Objective::Total,
            language: true,
            expertise: false,
            outside: false,
            apart: true,
            bonus: i32::try_from(2 * POINT).unwrap_or_default(),
            weights: Term::ALL.map(|term| weights.of(term)),
            home: Home::Indifferent,
        }
    }

    /// How these settings weigh affinity.
    pub fn terms(&self) -> Terms {
        let country = match self.home {
            Home::Indifferent => CountryRule::Indifferent,
            Home::Outside => CountryRule::PreferOutside,
            Home::Inside => CountryRule::PreferInside,
        };
        Terms { weights: Weights::new(self.weights).unwrap_or_default(), country, ..Terms::default() }
    }

    /// The needs that are on, in words.
    pub fn needs(&self) -> Vec<&'static str> {
        [
            (self.language, "somebody reads the proposal's language"),
            (self.expertise, "somebody knows one of its fields"),
            (self.outside, "somebody comes from outside the applicants' countries"),
            (self.apart, "no two from one organisation"),
        ]
        .into_iter()
        .filter_map(|(on, words)| on.then_some(words))
        .collect()
    }
}

/// The form of the settings, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    pub name: String,
    pub per_proposal: String,
    pub least: String,
    pub most: String,
    pub objective: String,
    pub language: bool,
    pub expertise: bool,
    pub outside: bool,
    pub apart: bool,
    pub bonus: String,
    /// Percentages, in the order of [`Term::ALL`].
    pub weights: [String; 6],
    pub home: String,
}

impl Typed {
    /// The form filled with what is stored.
    pub fn of(name: &str, settings: &Settings) -> Self {
        Self {
            name: name.to_owned(),
            per_proposal: settings.per_proposal.to_string(),
            least: settings.least.to_string(),
            most: settings.most.to_string(),
            objective: settings.objective.word().to_owned(),
            language: settings.language,
            expertise: settings.expertise,
            outside: settings.outside,
            apart: settings.apart,
            bonus: decimal::plain(i64::from(settings.bonus) / (POINT / 100), 2),
            weights: settings.weights.map(percent),
            home: settings.home.word().to_owned(),
        }
    }

    /// Reads name and settings.
    ///
    /// # Errors
    /// What is wrong with each field, by its name.
    pub fn read(&self) -> Result<(String, Settings), Vec<(String, String)>> {
        let mut wrong: Vec<(String, String)> = Vec::new();
        let name = text::line(&self.name, 80).map_err(|e| wrong.push(("name".into(), e.0))).unwrap_or_default();
        let mut number = |field: &str, typed: &str, least: u32| {
            let value = typed.trim().parse::<u32>().ok().filter(|n| (least..=MOST).contains(n));
            if value.is_none() {
                wrong.push((field.to_owned(), format!("Enter a whole number from {least} to {MOST}")));
            }
            value.unwrap_or(least)
        };
        let per_proposal = number("per_proposal", &self.per_proposal, 1);
        let least = number("least", &self.least, 0);
        let most = number("most", &self.most, 1);
        if wrong.is_empty() && least > most {
            wrong.push(("least".into(), "The least load is above the greatest".into()));
        }
        let objective = Objective::ALL.into_iter().find(|one| one.word() == self.objective);
        if objective.is_none() {
            wrong.push(("objective".into(), "Choose one from the list".into()));
        }
        let home = Home::ALL.into_iter().find(|one| one.word() == self.home);
        if home.is_none() {
            wrong.push(("home".into(), "Choose one from the list".into()));
        }
        let bonus = decimal::parse(&self.bonus, 2).ok().filter(|points| (0..=10_000).contains(points));
        if bonus.is_none() {
            wrong.push(("bonus".into(), "Enter a number from 0 to 100".into()));
        }
        let before = wrong.len();
        let mut weights = [0; 6];
        for (term, (typed, weight)) in Term::ALL.into_iter().zip(self.weights.iter().zip(&mut weights)) {
            match Share::parse(typed) {
                Ok(share) => *weight = u32::try_from(share.basis_points()).unwrap_or_default(),
                Err(error) => wrong.push((format!("weight_{}", term.key()), error.0)),
            }
        }
        if wrong.len() == before
            && let Err(refusal) = Weights::new(weights)
        {
            let sum = decimal::plain(i64::try_from(refusal.sum).unwrap_or_default(), 2);
            let message = format!("The weights make {sum} % together; they have to make 100 %");
            wrong.push((format!("weight_{}", Term::Expertise.key()), message));
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let bonus = i32::try_from(bonus.unwrap_or_default() * (POINT / 100)).unwrap_or_default();
        Ok((
            name,
            Settings {
                per_proposal,
                least,
                most,
                objective: objective.unwrap_or(Objective::Total),
                language: self.language,
                expertise: self.expertise,
                outside: self.outside,
                apart: self.apart,
                bonus,
                weights,
                home: home.unwrap_or(Home::Indifferent),
            },
        ))
    }
}

/// A share in basis points as people type it.
pub fn percent(weight: u32) -> String {
    decimal::plain(i64::from(weight), 2)
}

/// The name of a term.
pub const fn term_name(term: Term) -> &'static str {
    match term {
        Term::Expertise => "Fields",
        Term::Keywords => "Keywords",
        Term::Text => "Texts",
        Term::Languages => "Languages",
        Term::Country => "Country",
        Term::Wish => "Wish",
    }
}
