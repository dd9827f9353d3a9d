//! Free keywords of evaluators that occur in a proposal.

use super::{
    MILLION,
    corpus::{Corpus, Read},
    words::Language,
};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The keywords of the whole pool, each once.
#[derive(Default)]
pub(super) struct Keywords {
    /// Stems in order.
    phrases: Vec<Vec<u32>>,
    /// As first written.
    names: Vec<String>,
    numbers: HashMap<Vec<u32>, usize>,
    /// Phrases by their first stem.
    begins: HashMap<u32, Vec<usize>>,
    /// Evaluators by phrase.
    holders: Vec<Vec<u32>>,
    pool: usize,
}

impl Keywords {
    /// Adds the next evaluator's keywords, stemmed as the languages this evaluator writes in and as English.
    pub(super) fn add(&mut self, corpus: &mut Corpus, keywords: &[String], languages: &BTreeSet<Language>) {
        for keyword in keywords {
            for language in languages.iter().chain([&Language::English]) {
                let stems = corpus.phrase(keyword, *language);
                let Some(&first) = stems.first() else { continue };
                let next = self.phrases.len();
                let number = *self.numbers.entry(stems.clone()).or_insert(next);
                if number == next {
                    self.phrases.push(stems);
                    self.names.push(keyword.clone());
                    self.begins.entry(first).or_default().push(number);
                    self.holders.push(Vec::new());
                }
                if self.holders[number].last() != Some(&(self.pool as u32)) {
                    self.holders[number].push(self.pool as u32);
                }
            }
        }
        self.pool += 1;
    }

    /// Each evaluator's keywords in the proposal: a phrase halves what is missing to a million, its words scattered
    /// over the text take a quarter of it.
    pub(super) fn values(&self, corpus: &Corpus, proposal: &Read) -> Vec<i64> {
        let mut missing = vec![MILLION; self.pool];
        let mut seen: BTreeMap<&str, BTreeSet<u32>> = BTreeMap::new();
        for (number, whole) in self.found(corpus, proposal) {
            let seen = seen.entry(&self.names[number]).or_default();
            for holder in &self.holders[number] {
                // The same keyword read in two languages counts once.
                if seen.insert(*holder) {
                    let left = &mut missing[*holder as usize];
                    *left = if whole { *left / 2 } else { *left * 3 / 4 };
                }
            }
        }
        missing.into_iter().map(|left| MILLION - left).collect()
    }

    /// The keywords of an evaluator that occur, with whether as a whole phrase.
    pub(super) fn matches(&self, corpus: &Corpus, proposal: &Read, evaluator: usize) -> Vec<(String, bool)> {
        let own = |(number, _): &(usize, bool)| self.holders[*number].binary_search(&(evaluator as u32)).is_ok();
        let mut names = BTreeSet::new();
        let found = self.found(corpus, proposal).into_iter().filter(own);
        found
            .filter(|(number, _)| names.insert(&self.names[*number]))
            .map(|(number, whole)| (self.names[number].clone(), whole))
            .collect()
    }

    /// Phrases that occur in the proposal: whole ones first, then those whose words are scattered.
    fn found(&self, corpus: &Corpus, proposal: &Read) -> Vec<(usize, bool)> {
        let mut found = Vec::new();
        for (term, _) in &proposal.terms {
            for number in self.begins.get(term).into_iter().flatten() {
                let phrase = &self.phrases[*number];
                if phrase.iter().all(|stem| proposal.holds(*stem)) {
                    let next =
                        |pair: &[u32]| corpus.pair(pair[0], pair[1]).is_some_and(|number| proposal.holds(number));
                    found.push((*number, phrase.windows(2).all(next)));
                }
            }
        }
        found.sort_unstable_by_key(|(number, whole)| (!whole, *number));
        found
    }
}
