//! From text to stems: languages of the field, their stop words and their stemmers.
//!
//! Words are segmented by Unicode (UAX 29), lowered and stemmed by Snowball. Snowball has no Latvian stemmer; Latvian
//! words lose only their most common endings.

use frostem::{Algorithm, Stemmer};
use std::collections::HashSet;
use unicode_segmentation::UnicodeSegmentation;
use whatlang::{Detector, Lang};

/// The languages evaluators and applicants write in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Language {
    English,
    German,
    Danish,
    Swedish,
    Norwegian,
    Finnish,
    Estonian,
    Latvian,
    Lithuanian,
    Polish,
}

impl Language {
    pub const ALL: [Self; 10] = [
        Self::English,
        Self::German,
        Self::Danish,
        Self::Swedish,
        Self::Norwegian,
        Self::Finnish,
        Self::Estonian,
        Self::Latvian,
        Self::Lithuanian,
        Self::Polish,
    ];

    /// The two-letter code of ISO 639-1.
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
            Self::Danish => "da",
            Self::Swedish => "sv",
            Self::Norwegian => "no",
            Self::Finnish => "fi",
            Self::Estonian => "et",
            Self::Latvian => "lv",
            Self::Lithuanian => "lt",
            Self::Polish => "pl",
        }
    }

    /// The language of a code; both written forms of Norwegian are one.
    pub fn from_code(code: &str) -> Option<Self> {
        let code = code.trim().to_lowercase();
        let code = if matches!(code.as_str(), "nb" | "nn") { "no" } else { &code };
        Self::ALL.into_iter().find(|language| language.code() == code)
    }

    fn algorithm(self) -> Option<Algorithm> {
        Some(match self {
            Self::English => Algorithm::English,
            Self::German => Algorithm::German,
            Self::Danish => Algorithm::Danish,
            Self::Swedish => Algorithm::Swedish,
            Self::Norwegian => Algorithm::Norwegian,
            Self::Finnish => Algorithm::Finnish,
            Self::Estonian => Algorithm::Estonian,
            Self::Lithuanian => Algorithm::Lithuanian,
            Self::Polish => Algorithm::Polish,
            Self::Latvian => return None,
        })
    }

    fn detected(lang: Lang) -> Option<Self> {
        Some(match lang {
            Lang::Eng => Self::English,
            Lang::Deu => Self::German,
            Lang::Dan => Self::Danish,
            Lang::Swe => Self::Swedish,
            Lang::Nob => Self::Norwegian,
            Lang::Fin => Self::Finnish,
            Lang::Est => Self::Estonian,
            Lang::Lav => Self::Latvian,
            Lang::Lit => Self::Lithuanian,
            Lang::Pol => Self::Polish,
            _ => return None,
        })
    }
}

/// Characters from which the language is guessed: more says nothing new.
const SAMPLE: usize = 600;

/// Reads words of all languages of the field.
pub struct Reader {
    detector: Detector,
    stops: Vec<HashSet<&'static str>>,
}

impl Default for Reader {
    fn default() -> Self {
        use Lang::{Dan, Deu, Eng, Est, Fin, Lav, Lit, Nob, Pol, Swe};
        let stops = Language::ALL
            .iter()
            .map(|language| stop_words::lookup(language.code()).unwrap_or_default().iter().copied().collect())
            .collect();
        Self { detector: Detector::with_allowlist(vec![Dan, Deu, Eng, Est, Fin, Lav, Lit, Nob, Pol, Swe]), stops }
    }
}

impl Reader {
    /// The language a text is written in, from its letters; of texts too short for that from its stop words, else a
    /// guess when it has letters English lacks, else English.
    pub fn language(&self, text: &str) -> Language {
        let end = text.char_indices().nth(SAMPLE).map_or(text.len(), |(at, _)| at);
        let Some(info) = self.detector.detect(&text[..end]) else { return Language::English };
        let guess = Language::detected(info.lang()).unwrap_or(Language::English);
        if info.is_reliable() {
            return guess;
        }
        let words = words(&text[..end]);
        let stops =
            |language: Language| words.iter().filter(|w| self.stops[language as usize].contains(w.as_str())).count();
        // Of equals the guess, else the first.
        let best = Language::ALL.into_iter().rev().max_by_key(|language| (stops(*language), *language == guess));
        match best.filter(|language| stops(*language) > 0) {
            Some(language) => language,
            None if text.is_ascii() => Language::English,
            None => guess,
        }
    }

    /// The stem of a lowered word; none for words that say nothing: stop words, numbers, single letters.
    pub fn stem(&self, word: &str, language: Language) -> Option<String> {
        let silent = word.chars().nth(1).is_none()
            || word.chars().all(char::is_numeric)
            || self.stops[language as usize].contains(word);
        if silent {
            return None;
        }
        Some(match language.algorithm() {
            Some(algorithm) => Stemmer::new(algorithm).stem(word).into_owned(),
            None => latvian(word).to_owned(),
        })
    }
}

/// The words of a text in lower case and in order, with their signs cut off.
pub fn words(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    let parts = lower.unicode_words().flat_map(|word| word.split(|c: char| !c.is_alphanumeric()));
    parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// Endings of Latvian nouns and adjectives, longest first.
const LATVIAN: [&str; 22] = [
    "iem", "ajā", "ām", "as", "ai", "am", "ās", "us", "os", "es", "ei", "em", "ēm", "is", "im", "ie", "a", "e", "s",
    "u", "ā", "i",
];

/// A Latvian word without its ending, as long as three letters stay.
fn latvian(word: &str) -> &str {
    let stays = |stem: &&str| stem.chars().count() >= 3;
    LATVIAN.iter().find_map(|ending| word.strip_suffix(ending).filter(stays)).unwrap_or(word)
}
