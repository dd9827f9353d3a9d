//! Names of organisations and people in the forms in which the same one is the same text.
//!
//! A name is folded to plain letters, loses its legal form and joining words, and is then compared by its words, in any
//! order and with or without gaps, by bounded typing errors, by words that only say "group" or name a country, and by
//! initials. The legal forms are those of the field's countries and of common partners.

use deunicode::deunicode;
use std::{collections::HashSet, sync::LazyLock};

/// Legal forms as folded words, longest first where one ends with another.
const FORMS: &str = "
    gesellschaft mit beschrankter haftung|gmbh co kg|g m b h|gmbh|ggmbh|mbh|aktiengesellschaft|ag co kg|ag|kgaa|kg|ohg
    |gbr|ug haftungsbeschrankt|ug|e v|ev|eingetragener verein|eg|e k|stiftung|aktiebolag|ab publ|ab|handelsbolag|hb|kb
    |ek for|ekonomisk forening|ideell forening|osakeyhtio|oyj|oy ab|oy|ky|osuuskunta|osk|r y|ry|rf|aktieselskab|a s|as
    |anpartsselskab|aps|i s|k s|p s|f m b a|a m b a|amba|fmba|ivs|f m a|aksjeselskap|allmennaksjeselskap|asa|ans|d a|sa
    |nuf|uzdaroji akcine bendrove|akcine bendrove|uab|vsi|viesoji istaiga|m b|mb|asociacija
    |sabiedriba ar ierobezotu atbildibu|akciju sabiedriba|sia|biedriba|osauhing|aktsiaselts|ou|mtu|sihtasutus
    |spolka z ograniczona odpowiedzialnoscia|sp z o o sp k|sp z o o|spolka akcyjna|spzoo|sp zoo|s a|s j|sp k|fundacja
    |stowarzyszenie|limited|ltd|plc|llp|llc|inc|incorporated|corporation|corp|b v|bv|n v|nv|s r l|srl|s p a|spa|sarl
    |s a r l|sas|s l|sl|s r o|sro|d o o|doo|kft|ehf|hf|se|co";

/// Words that join others and say nothing.
const JOINING: &str = "and und og och ja i ir un et the der die das of for fur von av af de";

/// Words by which an organisation's other names differ: groups and places.
const GENERIC: &str = "group gruppe gruppen koncern concern konsern konserni holding holdings international global
    worldwide europe european europa nordic nordics nordisk baltic baltics scandinavia denmark danmark sweden sverige
    norway norge finland suomi estonia eesti latvia latvija lithuania lietuva poland polska germany deutschland
    iceland island company";

/// Titles before and after names of people.
const TITLES: [&str; 8] = ["dr", "prof", "phd", "mag", "dipl", "ing", "msc", "mba"];

/// The shortest word that may hold one typing error, and the shortest that may hold two.
const ONE_ERROR: usize = 5;
const TWO_ERRORS: usize = 8;

/// The shortest name without gaps that may hold an error when the other one has other gaps.
const LEAST_OVER_A_GAP: usize = 8;

/// How much two names are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Likeness {
    /// Four to eight letters that begin the words of the other name.
    Initials,
    /// One only adds words such as "group" or a country.
    Shortened,
    /// A typing error or two: see the bounds beside the function.
    Typing,
    /// The same words in any order, with or without gaps.
    Same,
}

/// A name of an organisation, ready to be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// Words in order, without legal form.
    pub words: Vec<String>,
    /// The legal form that was cut off.
    pub form: Option<&'static str>,
    /// All words without gaps.
    pub joined: String,
    /// The words in alphabetical order, without gaps.
    pub sorted: String,
    /// Like `sorted`, without generic words; empty when that leaves too little to know somebody by.
    pub short: String,
    /// First letters of three or more words.
    pub initials: Option<String>,
}

impl Name {
    /// The forms of a written name: as a whole, and what stands in brackets for itself. `Cluster of Wind (CWIND)` is two.
    pub fn all(text: &str) -> Vec<Self> {
        let (before, inside, after) = match text.split_once('(').and_then(|(a, rest)| Some((a, rest.split_once(')')?)))
        {
            Some((before, (inside, after))) => (before, inside, after),
            None => (text, "", ""),
        };
        let outside = format!("{before} {after}");
        [outside.as_str(), inside].into_iter().filter_map(Self::of).collect()
    }

    fn of(text: &str) -> Option<Self> {
        let mut words: Vec<String> = fold(text);
        let form = strip(&mut words);
        let kept: Vec<String> = words.iter().filter(|word| !JOINING_WORDS.contains(word.as_str())).cloned().collect();
        let words = if kept.is_empty() { words } else { kept };
        let mut order = words.clone();
        order.sort_unstable();
        let short: String =
            order.iter().filter(|word| !GENERIC_WORDS.contains(word.as_str())).map(String::as_str).collect();
        let initials = (words.len() >= 3).then(|| words.iter().filter_map(|word| word.chars().next()).collect());
        (!words.is_empty()).then(|| Self {
            joined: words.concat(),
            sorted: order.concat(),
            short: if short.len() < 5 { String::new() } else { short },
            initials,
            form,
            words,
        })
    }

    /// Whether this could be the initials of another name.
    pub fn is_short_form(&self) -> bool {
        self.words.len() == 1 && (4..=8).contains(&self.joined.len())
    }
}

/// Whether two names may be one, and how.
pub fn likeness(one: &Name, other: &Name) -> Option<Likeness> {
    let initials = |short: &Name, long: &Name| short.is_short_form() && long.initials.as_ref() == Some(&short.joined);
    if one.sorted == other.sorted || one.joined == other.joined {
        Some(Likeness::Same)
    } else if typing(one, other) {
        Some(Likeness::Typing)
    } else if !one.short.is_empty() && one.short == other.short {
        Some(Likeness::Shortened)
    } else if initials(one, other) || initials(other, one) {
        Some(Likeness::Initials)
    } else {
        None
    }
}

/// Few enough changed, missing, doubled or swapped letters (optimal string alignment): word by word one in a word of
/// five letters and two in one of eight, together at most two; over a gap too many or too few one in all. Same digits.
fn typing(one: &Name, other: &Name) -> bool {
    let near = |a: &str, b: &str| {
        let most = match a.len().min(b.len()) {
            TWO_ERRORS.. => 2,
            ONE_ERROR.. => 1,
            _ => return None,
        };
        (a.len().abs_diff(b.len()) <= most).then(|| strsim::osa_distance(a, b)).filter(|errors| *errors <= most)
    };
    let digits = |name: &Name| name.joined.chars().filter(char::is_ascii_digit).collect::<String>();
    let errors = if one.words.len() == other.words.len() {
        let pairs = one.words.iter().zip(&other.words).filter(|(a, b)| a != b);
        pairs.map(|(a, b)| near(a, b)).sum::<Option<usize>>()
    } else {
        near(&one.joined, &other.joined).filter(|errors| *errors <= 1 && one.joined.len() >= LEAST_OVER_A_GAP)
    };
    errors.is_some_and(|errors| errors <= 2) && digits(one) == digits(other)
}

/// Lower-case words of plain letters and digits; both spellings of letters that are written in two ways are one
/// (`Müller`, `Mueller`; `Ørsted`, `Oersted`; `Århus`, `Aarhus`).
pub fn fold(text: &str) -> Vec<String> {
    let plain = deunicode(&text.replace(['\u{2019}', '\'', '´', '`'], "")).to_lowercase();
    let words = plain.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.map(|word| word.replace("ae", "a").replace("oe", "o").replace("ue", "u").replace("aa", "a")).collect()
}

/// The name of a person whatever the order and spelling: its folded words in alphabetical order.
/// None when there is only one word, which names nobody.
pub fn person(name: &str) -> Option<String> {
    let mut words: Vec<String> = fold(name).into_iter().filter(|word| !TITLES.contains(&word.as_str())).collect();
    words.sort_unstable();
    (words.len() >= 2).then(|| words.join(" "))
}

/// Each legal form with its words.
static FORM_WORDS: LazyLock<Vec<(&str, Vec<&str>)>> =
    LazyLock::new(|| FORMS.split('|').map(|form| (form.trim(), form.split_whitespace().collect())).collect());

static JOINING_WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| JOINING.split_whitespace().collect());

static GENERIC_WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| GENERIC.split_whitespace().collect());

/// Cuts legal forms off both ends, as long as a word stays. Returns the one cut first.
fn strip(words: &mut Vec<String>) -> Option<&'static str> {
    let mut first = None;
    loop {
        let shorter = || FORM_WORDS.iter().filter(|(_, form)| form.len() < words.len());
        if let Some((form, cut)) = shorter().find(|(_, form)| words[words.len() - form.len()..] == form[..]) {
            words.truncate(words.len() - cut.len());
            first.get_or_insert(*form);
        } else if let Some((form, cut)) = shorter().find(|(_, form)| words[..form.len()] == form[..]) {
            words.drain(..cut.len());
            first.get_or_insert(*form);
        } else {
            return first;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn like(one: &str, other: &str) -> Option<Likeness> {
        let pairs = Name::all(one).into_iter().flat_map(|a| Name::all(other).into_iter().map(move |b| (a.clone(), b)));
        pairs.filter_map(|(a, b)| likeness(&a, &b)).max()
    }

    #[test]
    fn legal_forms_do_not_matter() {
        for (one, other) in [
            ("Nordwind GmbH & Co. KG", "Nordwind"),
            ("Müller Gesellschaft mit beschränkter Haftung", "MUELLER GMBH"),
            ("Ørsted A/S", "Oersted"),
            ("Århus Vind ApS", "Vind Aarhus"),
            ("UAB „Žalioji energija“", "Žalioji Energija, UAB"),
            ("SIA Baltijas Koks", "Baltijas Koks Sabiedrība ar ierobežotu atbildību"),
            ("OÜ Põhjala Disain", "Pohjala Disain"),
            ("Zielona Energia Sp. z o.o.", "zielona energia spółka z ograniczoną odpowiedzialnością"),
            ("Meri Data Oy Ab", "Meridata Oyj"),
            ("Wind Cluster e.V.", "Cluster Wind"),
            ("Smith & Sons Ltd.", "Smith and Sons Limited"),
        ] {
            assert_eq!(like(one, other), Some(Likeness::Same), "{one} · {other}");
        }
    }

    #[test]
    fn other_names_are_found_with_less_certainty() {
        for (one, other, expected) in [
            ("Nordwnid Energi AB", "Nordwind Energi AB", Likeness::Typing),
            ("Nordwind Group", "Nordwind Danmark A/S", Likeness::Shortened),
            ("CBWE", "Cluster for Baltic Wind Energy", Likeness::Initials),
            ("Cluster for Baltic Wind Energy (CBWE)", "CBWE AS", Likeness::Same),
        ] {
            assert_eq!(like(one, other), Some(expected), "{one} · {other}");
        }
    }

    #[test]
    fn different_organisations_stay_different() {
        for (one, other) in [
            ("Nordwind Energi", "Nordwind Marine"),
            ("Alfa 1 AB", "Alfa 2 AB"),
            ("Energy Group", "Food Group"),
            ("Vind AS", "Vand AS"),
            ("Baltic Wood Cluster", "Baltic Foods Cluster"),
            ("Fish and Food", "Fish and Wood"),
            ("Danish Wind Cluster", "Danish Food Cluster"),
            ("AB", "AS"),
            ("", ""),
        ] {
            assert_eq!(like(one, other), None, "{one} · {other}");
        }
    }

    #[test]
    fn people_are_one_in_any_order() {
        assert_eq!(person("Dr. Jürgen Müller"), person("MUELLER, Juergen"));
        assert_eq!(person("Müller"), None);
    }
}
