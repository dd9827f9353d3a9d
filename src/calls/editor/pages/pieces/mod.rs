//! The pieces of a call's terms that have a page each: their fields, and what becomes of what was typed.

mod basics;
mod criteria;
mod judging;
mod lists;

pub use basics::{currencies, zones};
pub use lists::{scope_choices, scope_of, scope_word};

use super::{
    fields::{Field, Group, Row},
    typed::Typed,
};
use entity::types::terms::{CallTerms, Named};

/// A piece with a page of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece {
    Basics,
    Criteria,
    Judging,
    Costs,
    Documents,
    Kpis,
    Consortium,
}

impl Piece {
    /// The piece of this word in addresses and tasks.
    pub fn of(word: &str) -> Option<Self> {
        Some(match word {
            "basics" => Self::Basics,
            "criteria" => Self::Criteria,
            "judging" => Self::Judging,
            "costs" => Self::Costs,
            "documents" => Self::Documents,
            "kpis" => Self::Kpis,
            "consortium" => Self::Consortium,
            _ => return None,
        })
    }

    /// The places in the call file this page answers for.
    pub const fn places(self) -> &'static [&'static str] {
        match self {
            Self::Basics => &[
                "/call/title",
                "/call/programme",
                "/call/summary",
                "/call/text",
                "/call/opens_at",
                "/call/zone",
                "/call/currency",
                "/call/duration",
                "/call/timeline",
            ],
            Self::Criteria => &[
                "/call/criteria",
                "/call/evaluation/scale",
                "/call/evaluation/threshold_overall",
                "/call/evaluation/evaluators_per_proposal",
                "/call/evaluation/min_comment_words",
                "/call/evaluation/tie_rule",
            ],
            Self::Judging => &[
                "/call/evaluation/abstain",
                "/call/evaluation/visibility",
                "/call/evaluation/divergence",
                "/call/evaluation/outliers",
                "/call/evaluation/k_of_n",
                "/call/evaluation/conflicts",
                "/call/evaluation/ranking",
                "/call/evaluation/fields",
            ],
            Self::Costs => &["/call/activities", "/call/cost_categories"],
            Self::Documents => &["/call/documents", "/call/declarations"],
            Self::Kpis => &["/call/kpis", "/call/reports"],
            Self::Consortium => &["/call/consortium"],
        }
    }

    pub const fn title(self) -> &'static str {
        match self {
            Self::Basics => "Text and dates",
            Self::Criteria => "Criteria and points",
            Self::Judging => "Evaluation and ranking",
            Self::Costs => "Activities and costs",
            Self::Documents => "Documents and declarations",
            Self::Kpis => "Indicators and reports",
            Self::Consortium => "Who may apply together",
        }
    }

    /// The fields as they stand.
    pub fn groups(self, terms: &CallTerms) -> Vec<Group> {
        match self {
            Self::Basics => basics::groups(terms),
            Self::Criteria => criteria::groups(terms),
            Self::Judging => judging::groups(terms),
            Self::Costs => lists::costs(terms),
            Self::Documents => lists::documents(terms),
            Self::Kpis => lists::kpis(terms),
            Self::Consortium => lists::consortium(terms),
        }
    }

    /// Puts what was typed into the terms.
    pub fn apply(self, typed: &mut Typed<'_>, terms: &mut CallTerms) {
        match self {
            Self::Basics => basics::apply(typed, terms),
            Self::Criteria => criteria::apply(typed, terms),
            Self::Judging => judging::apply(typed, terms),
            Self::Costs => lists::apply_costs(typed, terms),
            Self::Documents => lists::apply_documents(typed, terms),
            Self::Kpis => lists::apply_kpis(typed, terms),
            Self::Consortium => lists::apply_consortium(typed, terms),
        }
    }
}

/// Empty rows below a list, to add to it.
pub const SPARE: usize = 3;

/// The fields every row of a list begins with: its place, and its key unseen.
pub fn head(list: &str, i: usize, noun: &str, key: Option<&str>) -> Vec<Field> {
    let place = if key.is_some() { (i + 1).to_string() } else { String::new() };
    vec![
        Field::hidden(format!("{list}.{i}.key"), key.unwrap_or_default()),
        Field::place(format!("{list}.{i}.order"), format!("Place of {noun} {}", i + 1), place),
    ]
}

/// Rows for a list of things with a label.
pub fn named_rows(list: &str, noun: &str, items: &[Named], spare: usize) -> Vec<Row> {
    let label = |i: usize| format!("{list}.{i}.label");
    (0..items.len() + spare)
        .map(|i| {
            let item = items.get(i);
            let mut fields = head(list, i, noun, item.map(|n| n.key.as_str()));
            let text = item.map(|n| n.label.clone()).unwrap_or_default();
            let name = format!("{}{} {}", noun[..1].to_uppercase(), &noun[1..], i + 1);
            let field = Field::line(label(i), name, text);
            fields.push(if item.is_some() { field } else { field.optional() });
            Row { title: String::new(), fields, boxed: false }
        })
        .collect()
}
