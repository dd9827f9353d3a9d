//! Addresses with their parameters filled in, so that “not found” never means a made-up id.

use super::world::Ids;

/// What a parameter is called in [`Ids`], where its own name does not say it: the literal part before it, the
/// parameter, and the thing.
const CALLED: &[(&str, &str, &str)] = &[
    ("letters", "token", "letters token"),
    ("invitations", "token", "invitations token"),
    ("confirm", "token", "confirm token"),
    ("new", "token", "new token"),
    ("views", "id", "view"),
    ("saved-views", "id", "view"),
    ("mailbox", "id", "mail"),
    ("mail", "id", "mail"),
    ("agencies", "id", "agency"),
    ("accounts", "id", "account"),
];

/// Fills an address of pages (`/files/:id`) or of the API (`/files/{id}`).
///
/// # Errors
/// The thing that the world has no id for.
pub fn fill(pattern: &str, ids: &Ids) -> Result<String, String> {
    let mut filled = Vec::new();
    let mut before = "";
    for segment in pattern.split('/') {
        match parameter(segment) {
            None => {
                before = segment;
                filled.push(segment.to_owned());
            }
            Some(name) => {
                let thing = thing(pattern, before, name);
                filled.push(ids.get(thing.as_str()).cloned().ok_or(thing)?);
            }
        }
    }
    Ok(filled.join("/"))
}

/// The name of the parameter a segment is, if it is one.
pub fn parameter(segment: &str) -> Option<&str> {
    segment.strip_prefix(':').or_else(|| segment.strip_prefix('{')?.strip_suffix('}'))
}

fn thing(pattern: &str, before: &str, name: &str) -> String {
    // A link to a proposal's team, which is another kind of invitation than the others.
    if pattern.starts_with("/proposals/invitations/") {
        return "team token".to_owned();
    }
    if let Some((.., thing)) = CALLED.iter().find(|(place, parameter, _)| *place == before && *parameter == name) {
        return (*thing).to_owned();
    }
    match name {
        "membership" if pattern.contains("clusters") => "cluster membership".to_owned(),
        "question" if pattern.contains("annexes") => "annex question".to_owned(),
        "section" if pattern.contains("parts") => "part section".to_owned(),
        "section" => "joint section".to_owned(),
        "id" => before
            .strip_suffix("ies")
            .map_or_else(|| before.strip_suffix('s').unwrap_or(before).to_owned(), |stem| format!("{stem}y")),
        other => other.to_owned(),
    }
}

#[test]
fn an_address_is_filled_by_the_names_of_things() {
    let ids: Ids = [("file", "f1"), ("part", "p1"), ("part section", "budget"), ("view", "v1")]
        .map(|(name, value)| (name, value.to_owned()))
        .into();

    assert_eq!(fill("/files/:id", &ids).as_deref(), Ok("/files/f1"));
    assert_eq!(fill("/parts/{part}/sections/{section}", &ids).as_deref(), Ok("/parts/p1/sections/budget"));
    assert_eq!(fill("/lists/views/:id/drop", &ids).as_deref(), Ok("/lists/views/v1/drop"));
    assert_eq!(fill("/agencies/:id", &ids), Err("agency".to_owned()));
}
