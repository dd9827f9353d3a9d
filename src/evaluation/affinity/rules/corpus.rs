//! All texts of a call as numbered terms with how many texts hold them.

use super::{
    fixed,
    words::{self, Language, Reader},
};
use std::collections::HashMap;

/// A text in its fields (title, summary, section …); pairs of words do not cross from one field to the next.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text {
    pub fields: Vec<String>,
    /// Found from the text itself when not stated.
    pub language: Option<Language>,
}

impl Text {
    /// A text of one or more fields whose language is found from its words.
    pub fn of<T: Into<String>>(fields: impl IntoIterator<Item = T>) -> Self {
        Self { fields: fields.into_iter().map(Into::into).collect(), language: None }
    }
}

/// A text as terms with their counts, in order of their numbers. It belongs to the corpus that read it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Read {
    pub(super) terms: Vec<(u32, u32)>,
    pub(super) language: Option<Language>,
}

impl Read {
    /// Whether nothing in the text says anything.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    pub(super) fn holds(&self, term: u32) -> bool {
        self.terms.binary_search_by_key(&term, |(number, _)| *number).is_ok()
    }
}

/// Marks a term that is a single word.
const ALONE: u32 = u32::MAX;

/// The vocabulary of a call: stems and pairs of neighbouring stems.
#[derive(Default)]
pub struct Corpus {
    reader: Reader,
    /// What a word was stemmed to, per language; none for words that say nothing.
    known: [HashMap<String, Option<u32>>; Language::ALL.len()],
    stems: HashMap<String, u32>,
    pairs: HashMap<(u32, u32), u32>,
    /// A pair as its two stems; a single word as its place in `shown`.
    parts: Vec<(u32, u32)>,
    /// Each stem as it was first written.
    shown: Vec<String>,
    /// How many texts hold the term.
    held: Vec<u32>,
    texts: u32,
}

impl Corpus {
    /// Reads a text of the call and counts its terms.
    pub fn read(&mut self, text: &Text) -> Read {
        let read = self.terms(text);
        for (term, _) in &read.terms {
            self.held[*term as usize] += 1;
        }
        self.texts += 1;
        read
    }

    /// Reads a phrase without counting it as a text: its stems in order.
    pub(super) fn phrase(&mut self, phrase: &str, language: Language) -> Vec<u32> {
        words::words(phrase).into_iter().filter_map(|word| self.stem(word, language)).collect()
    }

    /// The number of a pair of neighbouring stems, when some text holds it.
    pub(super) fn pair(&self, first: u32, second: u32) -> Option<u32> {
        self.pairs.get(&(first, second)).copied()
    }

    /// The term as people wrote it.
    pub fn word(&self, term: u32) -> String {
        let word = |at: u32| self.shown.get(at as usize).map_or("", String::as_str);
        match self.parts.get(term as usize) {
            Some(&(at, ALONE)) => word(at).to_owned(),
            Some(&(first, second)) => {
                let [first, second] = [first, second].map(|stem| word(self.parts[stem as usize].0));
                format!("{first} {second}")
            }
            None => String::new(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.held.len()
    }

    /// Whether a second text holds the term, without which it can connect nothing.
    pub(super) fn shared(&self, term: u32) -> bool {
        self.held[term as usize] > 1
    }

    /// The text as a vector of length [`fixed::ONE`].
    ///
    /// A term weighs its BM25-saturated count (k₁ = 1.2; Robertson and Zaragoza 2009) times the logarithm of
    /// (texts + 1) / (texts that hold it + ½). Length is settled by the cosine, so b is 0.
    pub(super) fn vector(&self, read: &Read) -> Vec<(u32, u32)> {
        let all = fixed::log2(2 * u64::from(self.texts) + 2);
        let weigh = |&(term, count): &(u32, u32)| {
            let count = u64::from(count);
            let rare = all.saturating_sub(fixed::log2(2 * u64::from(self.held[term as usize]) + 1));
            (term, u32::try_from(rare * count * 22 / (10 * count + 12)).unwrap_or(u32::MAX))
        };
        let mut vector: Vec<(u32, u32)> = read.terms.iter().map(weigh).collect();
        fixed::unit(&mut vector);
        vector
    }

    fn terms(&mut self, text: &Text) -> Read {
        let language = text.language.unwrap_or_else(|| self.reader.language(&text.fields.join(" ")));
        let mut found = Vec::new();
        for field in &text.fields {
            let stems: Vec<u32> =
                words::words(field).into_iter().filter_map(|word| self.stem(word, language)).collect();
            for pair in stems.windows(2) {
                let next = self.held.len() as u32;
                let number = *self.pairs.entry((pair[0], pair[1])).or_insert(next);
                if number == next {
                    self.parts.push((pair[0], pair[1]));
                    self.held.push(0);
                }
                found.push(number);
            }
            found.extend(stems);
        }
        found.sort_unstable();
        let terms = found.chunk_by(|a, b| a == b).map(|same| (same[0], same.len() as u32)).collect();
        Read { terms, language: Some(language) }
    }

    fn stem(&mut self, word: String, language: Language) -> Option<u32> {
        if let Some(known) = self.known[language as usize].get(&word) {
            return *known;
        }
        let number = self.reader.stem(&word, language).map(|stem| {
            let next = self.held.len() as u32;
            let number = *self.stems.entry(stem).or_insert(next);
            if number == next {
                self.parts.push((self.shown.len() as u32, ALONE));
                self.shown.push(word.clone());
                self.held.push(0);
            }
            number
        });
        self.known[language as usize].insert(word, number);
        number
    }
}
