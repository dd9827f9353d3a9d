//! All proposals of a call with the whole pool: values, nearest evaluators, reasons.

use super::{
    MILLION,
    corpus::{Corpus, Read, Text},
    index::{Index, SharedWord},
    keywords::Keywords,
    taxonomy::Tags,
    weights::{CountryRule, Term, Terms, Wish},
    words::Language,
};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

/// A tag of the taxonomy with how well somebody knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expertise {
    /// A path such as `energy/wind`.
    pub tag: String,
    /// 1 (aware) to 5 (leading).
    pub level: u8,
}

/// What is known of an evaluator.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Evaluator {
    pub expertise: Vec<Expertise>,
    pub keywords: Vec<String>,
    /// One entry per publication, project or section of the curriculum: the nearest few count.
    pub texts: Vec<Text>,
    /// Languages the evaluator reads, as ISO 639-1 codes.
    pub languages: Vec<String>,
    /// ISO 3166-1 alpha-2 codes.
    pub countries: Vec<String>,
}

/// What is known of a proposal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proposal {
    pub tags: Vec<String>,
    pub text: Text,
    /// Languages an evaluator must read, as ISO 639-1 codes.
    pub languages: Vec<String>,
    /// Of all partners and companies, as ISO 3166-1 alpha-2 codes.
    pub countries: Vec<String>,
}

/// Why a term has its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// A tag of the proposal, the evaluator's nearest tag and its level.
    Tag { wanted: String, own: String, level: u8 },
    /// A keyword in the text, as a phrase or with its words apart.
    Keyword { keyword: String, whole: bool },
    /// A word or pair of words in both texts.
    Word(SharedWord),
    /// A language of the proposal and whether the evaluator reads it.
    Language { code: String, read: bool },
    /// A country of the evaluator that is one of the proposal's.
    SharedCountry(String),
    /// What the evaluator said.
    Wish(Wish),
}

/// What one term gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    pub term: Term,
    /// The term's own value in millionths; none when the proposal does not state it and it counts for nobody.
    pub value: Option<i64>,
    /// Its share in basis points as the call states it.
    pub weight: u32,
    /// What it adds to the affinity, in millionths.
    pub gives: i64,
    pub reasons: Vec<Reason>,
}

/// The affinity of a pair, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Affinity {
    /// In millionths; the sum of what the parts give.
    pub total: i64,
    pub parts: Vec<Part>,
}

/// A call ready to be compared: texts read, indexes built.
pub struct Call {
    terms: Terms,
    corpus: Corpus,
    index: Index,
    tags: Tags,
    keywords: Keywords,
    evaluators: Vec<(BTreeSet<String>, BTreeSet<String>)>,
    proposals: Vec<(Proposal, Read)>,
    /// By proposal and evaluator.
    wishes: BTreeMap<(usize, usize), Wish>,
}

/// Words shown as reasons of the text term.
const WORDS: usize = 8;

impl Call {
    /// Reads everything once. Evaluators and proposals are known by their places in the two lists; `wishes` are by
    /// proposal and evaluator.
    pub fn new(
        terms: Terms,
        evaluators: Vec<Evaluator>,
        proposals: Vec<Proposal>,
        wishes: BTreeMap<(usize, usize), Wish>,
    ) -> Self {
        let mut corpus = Corpus::default();
        let texts: Vec<Vec<Read>> =
            evaluators.iter().map(|one| one.texts.iter().map(|text| corpus.read(text)).collect()).collect();
        let proposals = proposals
            .into_iter()
            .map(|mut proposal| {
                let read = corpus.read(&proposal.text);
                proposal.text = Text::default();
                (proposal, read)
            })
            .collect();
        let (mut tags, mut keywords) = (Tags::default(), Keywords::default());
        for (one, texts) in evaluators.iter().zip(&texts) {
            let languages: BTreeSet<Language> = texts.iter().filter_map(|read| read.language).collect();
            tags.add(one.expertise.iter().map(|e| (e.tag.as_str(), e.level)));
            keywords.add(&mut corpus, &one.keywords, &languages);
        }
        let index = Index::new(&corpus, &texts);
        let evaluators = evaluators.into_iter().map(|one| (codes(&one.languages), codes(&one.countries))).collect();
        Self { terms, corpus, index, tags, keywords, evaluators, proposals, wishes }
    }

    /// The affinity of a proposal with every evaluator, in millionths.
    pub fn values(&self, proposal: usize) -> Vec<i64> {
        let columns: Vec<(u32, Vec<i64>)> = Term::ALL
            .into_iter()
            .filter(|term| self.terms.weights.of(*term) > 0)
            .filter_map(|term| Some((self.terms.weights.of(term), self.column(term, proposal)?)))
            .collect();
        let whole = columns.iter().map(|(weight, _)| i64::from(*weight)).sum::<i64>().max(1);
        let total = |evaluator: usize| {
            columns.iter().map(|(weight, values)| values[evaluator] * i64::from(*weight)).sum::<i64>() / whole
        };
        (0..self.evaluators.len()).map(total).collect()
    }

    /// The evaluators with the greatest affinity, best first; equal ones in the order of the list.
    pub fn best(&self, proposal: usize, most: usize) -> Vec<(usize, i64)> {
        let mut all: Vec<(usize, i64)> = self.values(proposal).into_iter().enumerate().collect();
        let order = |(evaluator, value): &(usize, i64)| (Reverse(*value), *evaluator);
        if most < all.len() {
            all.select_nth_unstable_by_key(most, order);
            all.truncate(most);
        }
        all.sort_unstable_by_key(order);
        all
    }

    /// One term of a proposal with every evaluator; none when it counts for nobody.
    pub fn column(&self, term: Term, proposal: usize) -> Option<Vec<i64>> {
        let (stated, read) = &self.proposals[proposal];
        match term {
            Term::Expertise => (!stated.tags.is_empty()).then(|| self.tags.values(&stated.tags)),
            Term::Keywords => (!read.is_empty()).then(|| self.keywords.values(&self.corpus, read)),
            Term::Text => (!read.is_empty()).then(|| self.index.values(&self.corpus, read)),
            Term::Languages => (!stated.languages.is_empty()).then(|| {
                let wanted = codes(&stated.languages);
                let read = |own: &BTreeSet<String>| wanted.intersection(own).count() as i64;
                self.evaluators.iter().map(|(own, _)| read(own) * MILLION / wanted.len() as i64).collect()
            }),
            Term::Country => {
                let inside = match self.terms.country {
                    CountryRule::Indifferent => return None,
                    CountryRule::PreferOutside => 0,
                    CountryRule::PreferInside => MILLION,
                };
                let home = codes(&stated.countries);
                let of = |own: &BTreeSet<String>| if own.is_disjoint(&home) { MILLION - inside } else { inside };
                (!home.is_empty()).then(|| self.evaluators.iter().map(|(_, own)| of(own)).collect())
            }
            Term::Wish => {
                let mut values = vec![self.terms.wishes.of(Wish::Silent); self.evaluators.len()];
                for ((_, evaluator), wish) in self.wishes.range((proposal, 0)..(proposal + 1, 0)) {
                    values[*evaluator] = self.terms.wishes.of(*wish);
                }
                Some(values)
            }
        }
    }

    /// Why a pair has its affinity.
    pub fn explain(&self, proposal: usize, evaluator: usize) -> Affinity {
        let mut parts: Vec<Part> = Term::ALL
            .into_iter()
            .map(|term| {
                let weight = self.terms.weights.of(term);
                let value = self.column(term, proposal).map(|values| values[evaluator]);
                let reasons = if value.is_some() { self.reasons(term, proposal, evaluator) } else { Vec::new() };
                Part { term, value, weight, gives: 0, reasons }
            })
            .collect();
        let whole: i64 = parts.iter().filter(|p| p.value.is_some()).map(|p| i64::from(p.weight)).sum::<i64>().max(1);
        // Running sums are rounded, not the parts, so that the parts add up to the total.
        let (mut sum, mut given) = (0, 0);
        for part in &mut parts {
            sum += part.value.unwrap_or(0) * i64::from(part.weight);
            part.gives = sum / whole - given;
            given += part.gives;
        }
        Affinity { total: given, parts }
    }

    fn reasons(&self, term: Term, proposal: usize, evaluator: usize) -> Vec<Reason> {
        let (stated, read) = &self.proposals[proposal];
        let (languages, countries) = &self.evaluators[evaluator];
        match term {
            Term::Expertise => {
                let found = self.tags.matches(&stated.tags, evaluator).into_iter();
                found.map(|(wanted, own, level)| Reason::Tag { wanted, own, level }).collect()
            }
            Term::Keywords => {
                let found = self.keywords.matches(&self.corpus, read, evaluator).into_iter();
                found.map(|(keyword, whole)| Reason::Keyword { keyword, whole }).collect()
            }
            Term::Text => {
                self.index.shared(&self.corpus, read, evaluator, WORDS).into_iter().map(Reason::Word).collect()
            }
            Term::Languages => {
                let say = |code: String| Reason::Language { read: languages.contains(&code), code };
                codes(&stated.languages).into_iter().map(say).collect()
            }
            Term::Country => {
                codes(&stated.countries).intersection(countries).cloned().map(Reason::SharedCountry).collect()
            }
            Term::Wish => {
                vec![Reason::Wish(self.wishes.get(&(proposal, evaluator)).copied().unwrap_or_default())]
            }
        }
    }
}

fn codes(all: &[String]) -> BTreeSet<String> {
    all.iter().map(|code| code.trim().to_lowercase()).filter(|code| !code.is_empty()).collect()
}
