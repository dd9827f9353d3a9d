//! What a profile of an evaluator holds (domain.md 8: profile, languages, topics).

use entity::types::{BadValue, country::Country, text};

/// A profile as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    pub organisation: String,
    /// Fields, separated by commas.
    pub expertise: String,
    /// Languages, separated by commas.
    pub languages: String,
    /// Countries by name or code, separated by commas.
    pub countries: String,
    /// How many proposals at a time.
    pub capacity: String,
    pub bio: String,
}

/// A profile as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    pub organisation: String,
    pub expertise: String,
    pub languages: String,
    /// Codes, separated by commas.
    pub countries: String,
    pub capacity: i32,
    pub bio: String,
}

/// The most proposals one person judges at a time.
pub const MOST: i32 = 60;

/// Reads a profile.
///
/// # Errors
/// Every field that cannot be taken, with what to do.
pub fn read(typed: &Typed) -> Result<Profile, Vec<(&'static str, String)>> {
    let mut wrong = Vec::new();
    let mut keep = |field: &'static str, value: Result<String, BadValue>| {
        value.unwrap_or_else(|error| {
            wrong.push((field, error.0));
            String::new()
        })
    };
    let organisation = keep("organisation", text::line(&typed.organisation, 200));
    let expertise = keep("expertise", list(&typed.expertise, 300));
    let languages = keep("languages", list(&typed.languages, 120));
    let countries = keep("countries", codes(&typed.countries));
    let bio = keep("bio", text::prose(&typed.bio, 3_000));
    let capacity = typed.capacity.trim().parse::<i32>().ok().filter(|n| (1..=MOST).contains(n));
    if capacity.is_none() {
        wrong.push(("capacity", format!("Enter a number between 1 and {MOST}")));
    }
    match capacity {
        Some(capacity) if wrong.is_empty() => {
            Ok(Profile { organisation, expertise, languages, countries, capacity, bio })
        }
        _ => Err(wrong),
    }
}

/// A comma-separated list with single blanks and nothing twice.
fn list(typed: &str, most: usize) -> Result<String, BadValue> {
    let mut entries: Vec<String> = Vec::new();
    for entry in typed.split([',', ';', '\n']) {
        let entry = entry.split_whitespace().collect::<Vec<_>>().join(" ");
        if !entry.is_empty() && !entries.iter().any(|e| e.to_lowercase() == entry.to_lowercase()) {
            entries.push(entry);
        }
    }
    text::line(&entries.join(", "), most)
}

fn codes(typed: &str) -> Result<String, BadValue> {
    let mut codes: Vec<String> = Vec::new();
    for entry in typed.split([',', ';', '\n']).map(str::trim).filter(|e| !e.is_empty()) {
        let found = entry.parse::<Country>().ok().or_else(|| named(entry));
        let country = found.ok_or_else(|| BadValue::new(format!("“{entry}” is not a country we know")))?;
        if !codes.iter().any(|code| code == country.code()) {
            codes.push(country.code().to_owned());
        }
    }
    if codes.is_empty() {
        return Err(BadValue::new("Name at least the country you work in"));
    }
    text::line(&codes.join(", "), 120)
}

fn named(name: &str) -> Option<Country> {
    Country::all().into_iter().find(|country| country.name().eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed() -> Typed {
        Typed {
            organisation: " Institute of Foresight ".into(),
            expertise: "maritime  technology, health;Maritime technology".into(),
            languages: "English, Finnish".into(),
            countries: "Finland, se".into(),
            capacity: "5".into(),
            bio: String::new(),
        }
    }

    #[test]
    fn lists_are_tidied() {
        let profile = read(&typed()).unwrap();
        assert_eq!(profile.expertise, "maritime technology, health");
        assert_eq!((profile.countries.as_str(), profile.capacity), ("FI, SE", 5));
        assert_eq!(profile.organisation, "Institute of Foresight");
    }

    #[test]
    fn everything_wrong_is_named_at_once() {
        let wrong = Typed { countries: "Atlantis".into(), capacity: "0".into(), ..Typed::default() };
        let fields: Vec<&str> = read(&wrong).unwrap_err().into_iter().map(|(field, _)| field).collect();
        assert_eq!(fields, ["organisation", "expertise", "languages", "countries", "capacity"]);
    }
}
