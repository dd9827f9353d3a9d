//! What is known of an organisation, and when two of them look like one.

use crate::kernel::{AppError, Result, error::FieldErrors};
use entity::types::{country::Country, states::OrganisationKind, text};
use serde::{Deserialize, Serialize};

/// What is said about an organisation, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProfileInput {
    pub kind: String,
    pub name: String,
    pub country: String,
    pub region: String,
    pub city: String,
    pub registration_no: String,
    pub website: String,
    pub description: String,
}

/// A profile whose fields are all in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    pub kind: OrganisationKind,
    pub name: String,
    pub country: Country,
    pub region: Option<String>,
    pub city: Option<String>,
    pub registration_no: Option<String>,
    pub website: Option<String>,
    pub description: String,
}

impl ProfileInput {
    /// Checks all fields.
    ///
    /// # Errors
    /// Everything wrong at once.
    pub fn read(&self) -> Result<Profile> {
        let mut errors = FieldErrors::default();
        let kind = errors.take("kind", self.kind.parse::<OrganisationKind>());
        if kind == Some(OrganisationKind::Agency) {
            errors.add("kind", "Agencies are registered with the call they take part in");
        }
        let name = errors.take("name", text::line(&self.name, 200));
        let country = errors.take("country", self.country.parse::<Country>());
        let region = errors.take("region", text::optional_line(&self.region, 120)).flatten();
        let city = errors.take("city", text::optional_line(&self.city, 120)).flatten();
        let registration_no = errors.take("registration_no", text::optional_line(&self.registration_no, 60)).flatten();
        let website = errors.take("website", text::optional_line(&self.website, 200)).flatten();
        if website.as_ref().is_some_and(|w| !w.starts_with("https://") && !w.starts_with("http://")) {
            errors.add("website", "Begin the address with https://");
        }
        let description = errors.take("description", text::prose(&self.description, 4_000));
        let (Some(kind), Some(name), Some(country), Some(description), true) =
            (kind, name, country, description, errors.is_empty())
        else {
            return Err(AppError::Invalid(errors));
        };
        Ok(Profile { kind, name, country, region, city, registration_no, website, description })
    }
}

impl Profile {
    /// What the organisation is found by.
    pub fn search(&self) -> String {
        let or = |text: &Option<String>| text.clone().unwrap_or_default();
        text::searchable([
            self.name.as_str(),
            &or(&self.city),
            &or(&self.region),
            &or(&self.registration_no),
            self.country.name(),
        ])
    }
}

/// A number of a national register as it is compared: capital letters and digits only; none when there are none.
pub fn number(typed: &str) -> Option<String> {
    let number: String = typed.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect();
    (!number.is_empty()).then_some(number)
}

/// What tells organisations apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity<'a> {
    pub name: &'a str,
    pub country: Country,
    pub registration_no: Option<&'a str>,
}

/// Why two entries look like one organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Likeness {
    Number,
    Name,
}

/// Whether two entries look like one organisation: the same number of the same country's register, or the
/// same name there, as long as their numbers do not tell them apart (house rule: a warning to people, the
/// key of an import).
pub fn likeness(a: Identity<'_>, b: Identity<'_>) -> Option<Likeness> {
    if a.country != b.country {
        return None;
    }
    match (a.registration_no.and_then(number), b.registration_no.and_then(number)) {
        (Some(one), Some(other)) if one == other => Some(Likeness::Number),
        (Some(_), Some(_)) => None,
        _ if folded(a.name) == folded(b.name) => Some(Likeness::Name),
        _ => None,
    }
}

/// Legal forms at the end of a name, word by word; the longer ones first.
const FORMS: [&[&str]; 27] = [
    &["sp", "z", "o", "o"],
    &["sp", "zoo"],
    &["s", "r", "o"],
    &["e", "v"],
    &["a", "s"],
    &["s", "a"],
    &["s", "l"],
    &["ev"],
    &["as"],
    &["asa"],
    &["ab"],
    &["aps"],
    &["ag"],
    &["gmbh"],
    &["mbh"],
    &["kg"],
    &["oy"],
    &["oyj"],
    &["ou"],
    &["oü"],
    &["uab"],
    &["sia"],
    &["ltd"],
    &["llc"],
    &["inc"],
    &["sl"],
    &["sa"],
];

/// A name as it is compared: lower case, words only, without the legal form at its end.
pub fn folded(name: &str) -> String {
    let lower = name.to_lowercase().replace('&', " and ");
    let mut words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let form = FORMS.iter().find(|form| words.len() > form.len() && words.ends_with(form));
    words.truncate(words.len() - form.map_or(0, |form| form.len()));
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn country(code: &str) -> Country {
        code.parse().unwrap()
    }

    #[test]
    fn names_are_compared_without_their_legal_form() {
        assert_eq!(folded("Nordic Wind AS"), folded("nordic  wind a/s"));
        assert_eq!(folded("Müller & Söhne GmbH"), "müller and söhne");
        assert_eq!(folded("Żagle sp. z o.o."), "żagle");
        assert_ne!(folded("Plan A"), folded("Plan B"));
        assert_eq!(folded("AS"), "as");
    }

    #[test]
    fn numbers_tell_organisations_apart_where_both_have_one() {
        let one = Identity { name: "Wind AS", country: country("NO"), registration_no: Some("912345678") };
        let same_number = Identity { name: "Other", ..one };
        let other_number = Identity { registration_no: Some("1"), ..one };
        let no_number = Identity { name: "WIND", registration_no: None, ..one };
        assert_eq!(likeness(one, same_number), Some(Likeness::Number));
        assert_eq!(likeness(one, other_number), None);
        assert_eq!(likeness(one, no_number), Some(Likeness::Name));
        assert_eq!(likeness(one, Identity { country: country("SE"), ..same_number }), None);
    }

    #[test]
    fn numbers_are_compared_without_blanks_and_signs() {
        assert_eq!(number(" no 912 345-678 mva ").as_deref(), Some("NO912345678MVA"));
        assert_eq!(number(" -- "), None);
    }
}
