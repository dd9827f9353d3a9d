//! Checked texts.

use super::BadValue;
use sea_orm::DeriveValueType;
use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;

/// An e-mail address in lower case, as it is compared and stored.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, DeriveValueType)]
#[serde(transparent)]
pub struct Email(String);

impl Email {
    /// Checks the shape only; whether the address works is found out by writing to it.
    ///
    /// # Errors
    /// When there is not exactly one @ with a domain that has a point, or the text holds blanks or is too long.
    pub fn parse(text: &str) -> Result<Self, BadValue> {
        let email = text.trim().to_lowercase();
        let good = email.len() <= 254
            && email.chars().all(|c| {
                !c.is_whitespace() && !c.is_control() && !matches!(c, '<' | '>' | '"' | ',' | ';' | '(' | ')')
            })
            && email.split_once('@').is_some_and(|(local, domain)| {
                !local.is_empty()
                    && local.len() <= 64
                    && !domain.contains('@')
                    && domain.contains('.')
                    && !domain.starts_with(['.', '-'])
                    && !domain.ends_with(['.', '-'])
                    && !domain.contains("..")
            });
        if good { Ok(Self(email)) } else { Err(BadValue::new("Enter an e-mail address, for example name@example.org")) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn domain(&self) -> &str {
        self.0.split_once('@').map_or("", |(_, domain)| domain)
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Email {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(from)?).map_err(serde::de::Error::custom)
    }
}

/// A line of text: no control characters, trimmed, between 1 and `max` characters.
///
/// # Errors
/// When it is empty or too long.
pub fn line(text: &str, max: usize) -> Result<String, BadValue> {
    let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let clean = clean.trim().to_owned();
    match clean.chars().count() {
        0 => Err(BadValue::new("Fill this in")),
        n if n > max => Err(BadValue::new(format!("Use at most {max} characters; this has {n}"))),
        _ => Ok(clean),
    }
}

/// Like [`line()`], where an empty text is none.
///
/// # Errors
/// When it is too long.
pub fn optional_line(text: &str, max: usize) -> Result<Option<String>, BadValue> {
    if text.trim().is_empty() { Ok(None) } else { line(text, max).map(Some) }
}

/// A longer text: line ends unified, other control characters dropped, at most `max` characters; may be empty.
///
/// # Errors
/// When it is too long.
pub fn prose(text: &str, max: usize) -> Result<String, BadValue> {
    let unified = text.replace("\r\n", "\n").replace('\r', "\n");
    let clean: String = unified.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    let clean = clean.trim_end().to_owned();
    match clean.chars().count() {
        n if n > max => Err(BadValue::new(format!("Use at most {max} characters; this has {n}"))),
        _ => Ok(clean),
    }
}

/// The number of words, as the screen and the server both count them: runs without white space that
/// hold a letter or a digit.
pub fn words(text: &str) -> usize {
    text.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count()
}

/// The text as it is searched: lower case, so that SQLite and PostgreSQL find the same.
pub fn searchable<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    parts.into_iter().collect::<Vec<_>>().join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_compared_in_lower_case() {
        assert_eq!(Email::parse(" Ana@Example.ORG ").unwrap().as_str(), "ana@example.org");
        for wrong in ["", "ana", "ana@", "@x.org", "a b@x.org", "a@x", "a@x..org", "a@b@x.org", "a@x.org\nBcc: b@x.org"]
        {
            assert!(Email::parse(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn words_are_what_people_call_words() {
        assert_eq!(words("Two words"), 2);
        assert_eq!(words("  well-known – R&D,\n2017 "), 3);
        assert_eq!(words(""), 0);
    }
}
