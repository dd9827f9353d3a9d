//! Examples in the description of the API: for every field, something of the call of 2017.
//!
//! A field's example is, in this order: what its comment says after `Example:`; the line for `Shape.field` in
//! `examples.json`; the first of the words its comment allows; the line for the field's name; and for ids, times,
//! days, truths, versions and pages one that fits all of them. `tests/contracts/openapi.rs` demands one for each.

use serde_json::{Map, Value, json};

/// Examples by the name of a field, or by shape and field where the name alone does not tell.
const KNOWN: &str = include_str!("examples.json");

/// The examples as they are kept.
pub fn known() -> Map<String, Value> {
    serde_json::from_str(KNOWN).unwrap_or_default()
}

/// The description with an example for every field and every parameter that has one.
pub fn with_examples(description: &str) -> String {
    let Ok(mut document) = serde_json::from_str::<Value>(description) else {
        return description.to_owned();
    };
    let known = known();
    if let Some(shapes) = document["components"]["schemas"].as_object_mut() {
        for (shape, schema) in shapes {
            for (field, about) in schema["properties"].as_object_mut().into_iter().flatten() {
                if let Some(example) = example(&known, shape, field, about) {
                    about["example"] = example;
                }
            }
        }
    }
    for item in document["paths"].as_object_mut().into_iter().flatten().map(|(_, item)| item) {
        for operation in item.as_object_mut().into_iter().flatten().map(|(_, operation)| operation) {
            for parameter in operation["parameters"].as_array_mut().into_iter().flatten() {
                let name = parameter["name"].as_str().unwrap_or_default().to_owned();
                let mut about = parameter["schema"].clone();
                if about["description"].is_null() {
                    about["description"] = parameter["description"].clone();
                }
                if let Some(example) = example(&known, "", &name, &about) {
                    parameter["example"] = example;
                }
            }
        }
    }
    serde_json::to_string_pretty(&document).unwrap_or_else(|_| description.to_owned())
}

/// The example of one field; nothing where its shape stands elsewhere, or where none is known.
fn example(known: &Map<String, Value>, shape: &str, field: &str, about: &Value) -> Option<Value> {
    if ["$ref", "allOf", "oneOf", "anyOf"].iter().any(|key| !about[*key].is_null()) || is_list_of_shapes(about) {
        return None;
    }
    let (kind, format) = (about["type"].as_str(), about["format"].as_str());
    let said = about["description"].as_str().unwrap_or_default();
    let fits = |value: &Value| kind.is_none_or(|kind| is_of(value, kind));
    if let Some(value) = spoken(said, kind).filter(|value| fits(value)) {
        return Some(value);
    }
    if let Some(value) = known.get(&format!("{shape}.{field}")).filter(|value| fits(value)) {
        return Some(value.clone());
    }
    match format {
        Some("uuid") => return Some(json!("0193a0de-7c41-7abc-8def-2b1f5c0a9e11")),
        Some("date-time") => return Some(json!("2017-10-20T09:00:00Z")),
        Some("naive-date") => return Some(json!("2018-02-01")),
        _ => {}
    }
    if let Some(word) = allowed(said).first().filter(|_| kind == Some("string")) {
        return Some(json!(word));
    }
    if let Some(value) = known.get(field).filter(|value| fits(value)) {
        return Some(value.clone());
    }
    match (kind, field) {
        (Some("boolean"), _) => Some(json!(true)),
        (Some("integer"), "version" | "page") => Some(json!(1)),
        (Some("integer"), "next") => Some(json!(2)),
        _ => None,
    }
}

fn is_list_of_shapes(about: &Value) -> bool {
    !about["items"]["$ref"].is_null() || about["items"]["type"] == "array"
}

/// Whether a value is of a type of JSON schema.
pub fn is_of(value: &Value, kind: &str) -> bool {
    match kind {
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => true,
    }
}

/// What a comment says after `Example:`.
fn spoken(said: &str, kind: Option<&str>) -> Option<Value> {
    let (_, text) = said.split_once("Example: ")?;
    let text = text.trim().trim_matches('`');
    match kind {
        Some("integer" | "number" | "boolean") => serde_json::from_str(text).ok(),
        _ => Some(json!(text)),
    }
}

/// The words a comment allows: two or more in backticks, or those after "One of".
pub fn allowed(said: &str) -> Vec<&str> {
    let quoted: Vec<&str> = said.split('`').skip(1).step_by(2).filter(|word| is_word(word)).collect();
    if quoted.len() > 1 {
        return quoted;
    }
    let Some((_, list)) = said.split_once("One of ") else { return Vec::new() };
    let list = list.split_once('.').map_or(list, |(list, _)| list);
    let words: Vec<&str> = list.split(", ").map(str::trim).collect();
    if words.len() > 1 && words.iter().all(|word| is_word(word)) { words } else { Vec::new() }
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_lowercase() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_example_is_taken() {
        let known: Map<String, Value> =
            serde_json::from_value(json!({ "code": "IE-2017-007", "CallOut.code": "IE-2017", "total": 30 })).unwrap();
        let text = |said: &str| json!({ "type": "string", "description": said });
        let of = |shape, field, about: Value| example(&known, shape, field, &about);

        assert_eq!(of("CallOut", "code", text("")), Some(json!("IE-2017")));
        assert_eq!(of("DraftOut", "code", text("")), Some(json!("IE-2017-007")));
        assert_eq!(of("DraftOut", "code", text("What people quote. Example: IE-1")), Some(json!("IE-1")));
        assert_eq!(of("A", "state", text("`open` or `done`.")), Some(json!("open")));
        assert_eq!(of("A", "kind", text("One of sme, cluster.")), Some(json!("sme")));
        assert_eq!(of("A", "total", json!({ "type": "string" })), None);
        assert_eq!(of("A", "total", json!({ "type": "integer" })), Some(json!(30)));
        assert_eq!(of("A", "part", json!({ "$ref": "#/x" })), None);
    }
}
