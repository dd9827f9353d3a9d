//! A profile as it is typed and as it is kept.

use super::{calendar::Period, taxonomy};
use entity::types::{BadValue, country::Country, language::Language, period::parse_day, states::PeriodKind, text};
use serde::{Deserialize, Serialize};

/// Days as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypedPeriod {
    /// `available` or `away`.
    pub kind: String,
    pub from: String,
    pub until: String,
}

/// A section of the curriculum: a publication, a project, a post.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextSection {
    pub title: String,
    pub body: String,
}

/// A profile as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Typed {
    pub organisation: String,
    /// Tags of the taxonomy with their levels; an empty level is none.
    pub tags: Vec<(String, String)>,
    /// Free keywords, separated by commas.
    pub expertise: String,
    /// Languages by name or code, separated by commas.
    pub languages: String,
    /// Countries by name or code, separated by commas.
    pub countries: String,
    /// How many proposals at a time.
    pub capacity: String,
    /// How many hours for one call; may be left out.
    pub hours: String,
    pub bio: String,
    /// Empty ones are left out.
    pub texts: Vec<TextSection>,
    /// Those without days are left out.
    pub periods: Vec<TypedPeriod>,
}

impl Typed {
    /// How many fields below a root of the taxonomy have a level.
    pub fn chosen(&self, root: &str) -> usize {
        let below = |tag: &str| tag.split('/').next() == Some(root);
        self.tags.iter().filter(|(tag, level)| below(tag) && !level.trim().is_empty()).count()
    }

    /// The level typed for a tag.
    pub fn level(&self, tag: &str) -> &str {
        self.tags.iter().find(|(known, _)| known == tag).map_or("", |(_, level)| level.as_str())
    }
}

/// A tag with its level from 1 to 5.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tag {
    pub tag: String,
    pub level: i32,
}

/// A profile as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    pub organisation: String,
    pub tags: Vec<Tag>,
    pub expertise: String,
    /// Codes, separated by commas.
    pub languages: String,
    /// Codes, separated by commas.
    pub countries: String,
    pub capacity: i32,
    pub hours: Option<i32>,
    pub bio: String,
    pub texts: Vec<TextSection>,
    pub periods: Vec<Period>,
}

impl From<&Profile> for Typed {
    fn from(kept: &Profile) -> Self {
        let period = |period: &Period| TypedPeriod {
            kind: period.kind.word().to_owned(),
            from: period.from.to_string(),
            until: period.until.to_string(),
        };
        Self {
            organisation: kept.organisation.clone(),
            tags: kept.tags.iter().map(|tag| (tag.tag.clone(), tag.level.to_string())).collect(),
            expertise: kept.expertise.clone(),
            languages: kept.languages.clone(),
            countries: kept.countries.clone(),
            capacity: kept.capacity.to_string(),
            hours: kept.hours.map(|hours| hours.to_string()).unwrap_or_default(),
            bio: kept.bio.clone(),
            texts: kept.texts.clone(),
            periods: kept.periods.iter().map(period).collect(),
        }
    }
}

/// The most proposals one person judges at a time.
pub const MOST: i32 = 60;
/// The most hours for one call.
const MOST_HOURS: i32 = 500;
/// The most tags, sections and periods of one person.
const MOST_TAGS: usize = 30;
const MOST_TEXTS: usize = 40;
const MOST_PERIODS: usize = 20;

/// How well somebody knows a field: number and word.
pub const LEVELS: [(i32, &str); 5] =
    [(1, "aware of it"), (2, "some experience"), (3, "works with it"), (4, "expert"), (5, "leading expert")];

/// The word of a level.
pub fn level(level: i32) -> &'static str {
    LEVELS.iter().find(|(known, _)| *known == level).map_or("", |(_, word)| word)
}

/// The free keywords of a profile as they are kept.
pub fn keywords(expertise: &str) -> Vec<String> {
    expertise.split(',').map(|word| word.trim().to_owned()).filter(|word| !word.is_empty()).collect()
}

/// What is wrong with a profile, by field.
type Wrong = Vec<(String, String)>;

/// Reads a profile.
///
/// # Errors
/// Every field that cannot be taken, with what to do.
pub fn read(typed: &Typed) -> Result<Profile, Wrong> {
    let mut wrong: Wrong = Vec::new();
    let mut keep = |field: &str, value: Result<String, BadValue>| {
        value.unwrap_or_else(|error| {
            wrong.push((field.to_owned(), error.0));
            String::new()
        })
    };
    let organisation = keep("organisation", text::line(&typed.organisation, 200));
    let named = typed.tags.iter().any(|(_, level)| !level.trim().is_empty());
    let expertise = keep(
        "expertise",
        match list(&typed.expertise) {
            words if words.is_empty() && named => Ok(words),
            words if words.is_empty() => {
                Err(BadValue::new("Choose at least one field, or name what you know in keywords"))
            }
            words => text::line(&words, 300),
        },
    );
    let languages = keep("languages", languages(&typed.languages));
    let countries = keep("countries", countries(&typed.countries));
    let bio = keep("bio", text::prose(&typed.bio, 3_000));
    let capacity = number(&typed.capacity, MOST).unwrap_or_else(|| {
        wrong.push(("capacity".to_owned(), format!("Enter a number between 1 and {MOST}")));
        0
    });
    let hours = match typed.hours.trim() {
        "" => None,
        hours => number(hours, MOST_HOURS).or_else(|| {
            wrong.push(("hours".to_owned(), format!("Enter a number between 1 and {MOST_HOURS}, or nothing")));
            None
        }),
    };
    let tags = tags(&typed.tags, &mut wrong);
    let texts = texts(&typed.texts, &mut wrong);
    let periods = periods(&typed.periods, &mut wrong);
    if !wrong.is_empty() {
        return Err(wrong);
    }
    Ok(Profile { organisation, tags, expertise, languages, countries, capacity, hours, bio, texts, periods })
}

fn number(typed: &str, most: i32) -> Option<i32> {
    typed.trim().parse::<i32>().ok().filter(|n| (1..=most).contains(n))
}

fn tags(typed: &[(String, String)], wrong: &mut Wrong) -> Vec<Tag> {
    let mut tags: Vec<Tag> = Vec::new();
    for (tag, level) in typed.iter().filter(|(_, level)| !level.trim().is_empty()) {
        let field = format!("tag-{tag}");
        match level.trim().parse::<i32>().ok().filter(|level| (1..=5).contains(level)) {
            _ if !taxonomy::known(tag) => wrong.push((field, format!("“{tag}” is no field of the taxonomy"))),
            None => wrong.push((field, "Choose a level between 1 and 5".to_owned())),
            Some(_) if tags.iter().any(|known| known.tag == *tag) => {}
            Some(level) => tags.push(Tag { tag: tag.clone(), level }),
        }
    }
    if tags.len() > MOST_TAGS {
        wrong.push(("expertise".to_owned(), format!("Choose at most {MOST_TAGS} fields; you chose {}", tags.len())));
    }
    tags
}

fn texts(typed: &[TextSection], wrong: &mut Wrong) -> Vec<TextSection> {
    let mut texts = Vec::new();
    for (at, section) in typed.iter().enumerate() {
        if section.title.trim().is_empty() && section.body.trim().is_empty() {
            continue;
        }
        match (text::line(&section.title, 200), text::prose(&section.body, 6_000)) {
            (Ok(title), Ok(body)) => texts.push(TextSection { title, body }),
            (title, body) => {
                wrong.extend(title.err().map(|error| (format!("text-title-{at}"), error.0)));
                wrong.extend(body.err().map(|error| (format!("text-body-{at}"), error.0)));
            }
        }
    }
    if texts.len() > MOST_TEXTS {
        wrong.push(("bio".to_owned(), format!("Keep at most {MOST_TEXTS} sections")));
    }
    texts
}

fn periods(typed: &[TypedPeriod], wrong: &mut Wrong) -> Vec<Period> {
    let mut periods = Vec::new();
    for (at, period) in typed.iter().enumerate() {
        if period.from.trim().is_empty() && period.until.trim().is_empty() {
            continue;
        }
        match (period.kind.parse::<PeriodKind>(), parse_day(&period.from), parse_day(&period.until)) {
            (Ok(_), Ok(from), Ok(until)) if until < from => {
                wrong.push((format!("period-until-{at}"), "The last day is before the first".to_owned()));
            }
            (Ok(kind), Ok(from), Ok(until)) => periods.push(Period { kind, from, until }),
            (kind, from, until) => {
                wrong.extend(kind.err().map(|error| (format!("period-kind-{at}"), error.0)));
                wrong.extend(from.err().map(|error| (format!("period-from-{at}"), error.0)));
                wrong.extend(until.err().map(|error| (format!("period-until-{at}"), error.0)));
            }
        }
    }
    if periods.len() > MOST_PERIODS {
        wrong.push((format!("period-from-{MOST_PERIODS}"), format!("Keep at most {MOST_PERIODS} stretches of days")));
    }
    periods
}

/// The entries of a list, tidied.
fn entries(typed: &str) -> Vec<String> {
    let tidy = |entry: &str| entry.split_whitespace().collect::<Vec<_>>().join(" ");
    typed.split([',', ';', '\n']).map(tidy).filter(|entry| !entry.is_empty()).collect()
}

/// A comma-separated list with single blanks and nothing twice.
fn list(typed: &str) -> String {
    let mut kept: Vec<String> = Vec::new();
    for entry in entries(typed) {
        if !kept.iter().any(|e| e.to_lowercase() == entry.to_lowercase()) {
            kept.push(entry);
        }
    }
    kept.join(", ")
}

/// Every entry as its code, each once.
fn codes(typed: &str, none: &str, code: impl Fn(&str) -> Result<String, BadValue>) -> Result<String, BadValue> {
    let mut codes: Vec<String> = Vec::new();
    for entry in entries(typed) {
        let code = code(&entry)?;
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    if codes.is_empty() {
        return Err(BadValue::new(none));
    }
    text::line(&codes.join(", "), 120)
}

fn languages(typed: &str) -> Result<String, BadValue> {
    let code = |entry: &str| entry.parse::<Language>().map(|language| language.code().to_owned());
    codes(typed, "Name at least one language", code)
}

fn countries(typed: &str) -> Result<String, BadValue> {
    let named = |name: &str| Country::all().into_iter().find(|country| country.name().eq_ignore_ascii_case(name));
    codes(typed, "Name at least the country you work in", |entry| {
        let found = entry.parse::<Country>().ok().or_else(|| named(entry));
        let country = found.ok_or_else(|| BadValue::new(format!("“{entry}” is not a country we know")))?;
        Ok(country.code().to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed() -> Typed {
        Typed {
            organisation: " Institute of Foresight ".into(),
            expertise: "maritime  technology, health;Maritime technology".into(),
            languages: "English, fi; English".into(),
            countries: "Finland, se".into(),
            capacity: "5".into(),
            ..Typed::default()
        }
    }

    #[test]
    fn lists_are_tidied() {
        let profile = read(&typed()).unwrap();
        assert_eq!(profile.expertise, "maritime technology, health");
        assert_eq!((profile.countries.as_str(), profile.languages.as_str()), ("FI, SE", "en, fi"));
        assert_eq!((profile.organisation.as_str(), profile.capacity), ("Institute of Foresight", 5));
        assert_eq!(keywords(&profile.expertise), ["maritime technology", "health"]);
    }

    #[test]
    fn everything_wrong_is_named_at_once() {
        let wrong = Typed {
            countries: "Atlantis".into(),
            capacity: "0".into(),
            hours: "many".into(),
            texts: vec![TextSection { title: String::new(), body: "Words".into() }],
            periods: vec![
                TypedPeriod::default(),
                TypedPeriod { kind: "away".into(), from: "2018-02-01".into(), until: "2018-01-01".into() },
            ],
            ..Typed::default()
        };
        let fields: Vec<String> = read(&wrong).unwrap_err().into_iter().map(|(field, _)| field).collect();
        let expected = ["organisation", "expertise", "languages", "countries", "capacity", "hours"];
        assert_eq!(fields[..6], expected);
        assert_eq!(fields[6..], ["text-title-0", "period-until-1"]);
    }

    #[test]
    fn a_tag_stands_for_keywords_and_must_be_known() {
        let tag = |tag: &str, level: &str| (tag.to_owned(), level.to_owned());
        let chosen = Typed {
            expertise: String::new(),
            tags: vec![tag("health/devices", "4"), tag("food", ""), tag("health/devices", "2")],
            ..typed()
        };
        assert_eq!(read(&chosen).unwrap().tags, [Tag { tag: "health/devices".into(), level: 4 }]);
        let wrong = Typed { tags: vec![tag("magic", "4"), tag("food", "9")], ..typed() };
        let fields: Vec<String> = read(&wrong).unwrap_err().into_iter().map(|(field, _)| field).collect();
        assert_eq!(fields, ["tag-magic", "tag-food"]);
    }
}
