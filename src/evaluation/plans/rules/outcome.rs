//! What a run came to, as it is kept.

use crate::evaluation::{
    affinity::rules::{Affinity, Reason, Term, Wish},
    evaluators::rules::short,
};
use entity::types::ids::{EvaluatorId, ProposalId};
use serde::{Deserialize, Serialize};

/// The proof of how good a computed draft is; gone as soon as a pair is changed by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// What a better assignment could at most gain, in millionths; zero when this is proven to be the best.
    pub gap: i64,
    /// The worst-served proposal's sum, when it was raised first, and the most it could be.
    pub floor: Option<(i64, i64)>,
}

/// What is known of a draft as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    pub proof: Option<Proof>,
    /// Pairs that came and went against the draft before.
    pub came: usize,
    pub went: usize,
    /// Whether there was a draft before.
    pub again: bool,
    /// What is asked for and not covered.
    pub uncovered: Vec<(ProposalId, String)>,
}

/// One term of a pair's affinity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    pub term: String,
    /// The term's own value in millionths; none where the proposal does not state it.
    pub value: Option<i64>,
    /// In basis points.
    pub weight: u32,
    /// What it adds, in millionths.
    pub gives: i64,
    pub reasons: Vec<String>,
}

/// What is lost when a pair may not be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Next {
    /// The next best assignment.
    Costs {
        /// In millionths.
        loss: i64,
        least_loss: i64,
        gone: Vec<(ProposalId, EvaluatorId)>,
        come: Vec<(ProposalId, EvaluatorId)>,
    },
    /// Nothing can be assigned without the pair.
    Needed,
    /// None was found with the effort given.
    Unknown,
}

/// Why nothing was found; kept with the proposals it is about, because not everybody may read of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    pub why: String,
    pub about: Vec<ProposalId>,
}

/// An affinity taken apart, in words.
pub fn shares(affinity: Affinity) -> Vec<Share> {
    let share = |part: crate::evaluation::affinity::rules::Part| Share {
        term: part.term.key().to_owned(),
        value: part.value,
        weight: part.weight,
        gives: part.gives,
        reasons: part.reasons.iter().filter_map(reason).collect(),
    };
    affinity.parts.into_iter().map(share).collect()
}

/// The term of a share.
pub fn term(key: &str) -> Option<Term> {
    Term::ALL.into_iter().find(|term| term.key() == key)
}

fn reason(reason: &Reason) -> Option<String> {
    Some(match reason {
        Reason::Tag { wanted, own, level } if wanted == own => format!("{} (level {level})", short(wanted)),
        Reason::Tag { wanted, own, level } => format!("{} is near {} (level {level})", short(wanted), short(own)),
        Reason::Keyword { keyword, whole: true } => format!("“{keyword}” is in the proposal"),
        Reason::Keyword { keyword, whole: false } => format!("the words of “{keyword}” are in the proposal"),
        Reason::Word(word) => word.word.clone(),
        Reason::Language { code, read: true } => format!("reads {}", language(code)),
        Reason::Language { code, read: false } => format!("does not read {}", language(code)),
        Reason::SharedCountry(code) => {
            format!(
                "comes from {}",
                code.parse::<entity::types::country::Country>().map_or(code.as_str(), |c| c.name())
            )
        }
        Reason::Wish(Wish::Want) => "would like to judge it".to_owned(),
        Reason::Wish(Wish::Can) => "can judge it".to_owned(),
        Reason::Wish(Wish::RatherNot) => "would rather not judge it".to_owned(),
        Reason::Wish(Wish::Silent) => return None,
    })
}

/// A language by its name.
pub fn language(code: &str) -> String {
    let known = entity::types::language::Language::list(code);
    known.first().map_or_else(|| code.to_owned(), |language| language.name().to_owned())
}
