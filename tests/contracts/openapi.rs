//! The description of the API that programs are written against: it changes only on purpose, and leaves nothing
//! out.

use super::snapshots;
use crate::architecture::source::Tree;
use fairway::server;
use serde_json::Value;
use std::collections::BTreeMap;

/// One operation of the description.
pub struct Operation {
    pub method: String,
    pub path: String,
    pub about: Value,
}

/// The description as the server gives it.
pub fn document() -> Value {
    serde_json::from_str(&server::api("https://fairway.test").spec()).expect("the description is JSON")
}

/// Every operation, by path.
pub fn operations() -> Vec<Operation> {
    let document = document();
    let paths = document["paths"].as_object().expect("the description has paths");
    let mut all = Vec::new();
    for (path, item) in paths {
        for (method, about) in item.as_object().expect("a path has operations") {
            all.push(Operation { method: method.to_uppercase(), path: path.clone(), about: about.clone() });
        }
    }
    all.sort_by(|a, b| (&a.path, &a.method).cmp(&(&b.path, &b.method)));
    all
}

#[test]
fn the_description_is_the_one_programs_were_written_against() {
    let text = serde_json::to_string_pretty(&document()).expect("JSON can be written");
    snapshots::matches("openapi.json", &format!("{text}\n"));
}

#[test]
fn every_operation_says_what_it_does() {
    let operations = operations();
    let mut faults = Vec::new();
    let mut ids: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for operation in &operations {
        let place = format!("{} {}", operation.method, operation.path);
        let text = |name: &str| operation.about[name].as_str().unwrap_or_default();
        if text("summary").is_empty() {
            faults.push(format!("{place} has no summary: give the function a comment"));
        }
        if operation.about["tags"].as_array().is_none_or(Vec::is_empty) {
            faults.push(format!("{place} has no tag"));
        }
        if text("operationId").is_empty() {
            faults.push(format!("{place} has no operation_id"));
        }
        if operation.about["responses"].as_object().is_none_or(|answers| answers.len() < 2) {
            faults.push(format!("{place} says nothing of its errors: return Result<…, ApiError>"));
        }
        ids.entry(text("operationId").to_owned()).or_default().push(place);
    }
    faults.extend(
        ids.iter()
            .filter(|(_, places)| places.len() > 1)
            .map(|(id, places)| format!("{} share the operation_id {id}", places.join(" and "))),
    );

    assert!(operations.len() > 10, "only {} operations", operations.len());
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_field_of_the_api_that_is_named_has_a_type() {
    let document = document();
    let schemas = document["components"]["schemas"].as_object().expect("the description has schemas");
    let mut faults = Vec::new();
    for (name, schema) in schemas {
        for (field, about) in schema["properties"].as_object().into_iter().flatten() {
            let typed = ["type", "$ref", "allOf", "oneOf", "anyOf"].iter().any(|key| !about[*key].is_null());
            if !typed && about["description"].as_str().is_none_or(str::is_empty) {
                faults.push(format!("{name}.{field} may be anything: say what in its comment"));
            }
        }
    }

    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Two shapes of one name stop the server when it starts.
#[test]
fn every_shape_of_the_api_has_a_name_of_its_own() {
    let tree = Tree::of_this_checkout();
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in tree.rust("src/").filter(|file| file.module().iter().any(|part| part == "api")) {
        let mut shape = false;
        for line in file.text.lines() {
            if line.starts_with("#[derive(") {
                shape = ["Object", "Enum", "Union", "NewType"].iter().any(|kind| line.contains(kind));
            }
            let name = line.trim_start_matches("pub ").strip_prefix("struct ").or_else(|| line.strip_prefix("enum "));
            if let Some(name) = name.filter(|_| std::mem::take(&mut shape)) {
                let end = name.find(|c: char| !c.is_alphanumeric()).unwrap_or(name.len());
                places.entry(name[..end].to_owned()).or_default().push(file.path.clone());
            }
        }
    }
    let shared: Vec<_> = places.iter().filter(|(_, places)| places.len() > 1).collect();

    assert!(places.len() > 20, "only {} shapes were found", places.len());
    assert!(shared.is_empty(), "rename all but one of each: {shared:#?}");
}
