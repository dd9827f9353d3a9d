//! The description of the API that programs are written against: it changes only on purpose, and leaves nothing
//! out.

use super::snapshots;
use crate::architecture::source::Tree;
use fairway::{api::examples, server};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

/// What only the pages ask or do, and why a program does without.
const ONLY_ON_PAGES: &[(&str, &str)] = &[
    ("SettingsOf", "what the form of a plan begins with; programs read the settings with the plan"),
    ("AdoptionOf", "the last look before a signature: GET /calls/{call}/scenarios/{scenario}"),
    ("AccountCount", "a figure of the start page: the total of GET /accounts"),
    ("AgenciesWithoutAnnex", "choices of a form: GET /organisations?kind=agency"),
    ("AssignmentOf", "choices of a form: the sections and the team of GET /proposals/{proposal}"),
    ("DecisionSheetOf", "a form for one line of GET /calls/{call}/decisions"),
    ("DraftOf", "what a form is filled in with: a program answers with the whole profile"),
    ("FailedJobs", "a figure of the start page: the total of GET /jobs?state=failed"),
    ("ItemOf", "the same with the proposal beside it: GET /panel-items/{item}"),
    ("Load", "the demonstration builds its own worlds"),
    ("NameOf", "the heading of a page: GET /organisations/{organisation}"),
    ("OpenCall", "the clock opens a call; the pages only name the step"),
    ("OwnOrganisations", "choices of a form: GET /organisations?mine=true"),
    ("PreparingOf", "choices of a form: GET /panels/{panel} and GET /calls/{call}/ranking"),
    ("PulseOf", "the live stream of a page; GET /panels/{panel} has the signature"),
    ("RevisionOf", "an earlier text for reading: GET /calls/{call}/corrigenda tells each difference"),
    ("StaffOnly", "whether a menu is shown"),
    ("StartSession", "a program signs in with POST /tokens"),
    ("VerifyDigests", "a file is compared in the browser: GET /receipts/verify gives the checksums"),
    ("WatchOf", "the live stream of a page; GET /panels/{panel} has the signature"),
];

/// One operation of the description.
pub struct Operation {
    pub method: String,
    pub path: String,
    pub about: Value,
}

/// The description as the server gives it.
pub fn document() -> &'static Value {
    // Made once: it takes longer than answering a request.
    static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
        serde_json::from_str(&server::description("https://fairway.test")).expect("the description is JSON")
    });
    &DOCUMENT
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
    let text = serde_json::to_string_pretty(document()).expect("JSON can be written");
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

/// A reader sees of every field what stands in it; of a field that allows certain words, one of these.
#[test]
fn every_field_of_the_api_has_an_example() {
    let document = document();
    let schemas = document["components"]["schemas"].as_object().expect("the description has schemas");
    let (mut faults, mut count) = (Vec::new(), 0);
    let mut used: BTreeSet<String> = BTreeSet::new();
    for (name, schema) in schemas {
        for (field, about) in schema["properties"].as_object().into_iter().flatten() {
            let elsewhere = ["$ref", "allOf", "oneOf", "anyOf"].iter().any(|key| !about[*key].is_null());
            if elsewhere || !about["items"]["$ref"].is_null() {
                continue;
            }
            count += 1;
            used.extend([field.clone(), format!("{name}.{field}")]);
            let (example, kind) = (&about["example"], about["type"].as_str().unwrap_or_default());
            let words = examples::allowed(about["description"].as_str().unwrap_or_default());
            if example.is_null() || !examples::is_of(example, kind) {
                faults.push(format!("{name}.{field}: add one to src/api/examples.json, of type {kind}"));
            } else if kind == "string" && !words.is_empty() && !words.iter().any(|word| example == word) {
                faults.push(format!("{name}.{field}: {example} is none of {words:?}"));
            }
        }
    }
    for item in document["paths"].as_object().into_iter().flatten().map(|(_, item)| item) {
        for operation in item.as_object().into_iter().flatten().map(|(_, operation)| operation) {
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            used.extend(parameters.filter_map(|one| Some(one["name"].as_str()?.to_owned())));
        }
    }
    faults.extend(examples::known().keys().filter(|key| !used.contains(*key)).map(|key| format!("{key} is no field")));

    assert!(count > 500, "only {count} fields");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// What a person can do on the pages, a program can do too. What is left out is no act of its own, and says why.
#[test]
fn everything_the_pages_can_do_the_api_can_do_too() {
    let tree = Tree::of_this_checkout();
    let name = |text: &str| text.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_owned();
    let mut acts: BTreeSet<String> = BTreeSet::new();
    let (mut pages, mut api) = (BTreeSet::new(), BTreeSet::new());
    for file in tree.rust("src/") {
        for kind in ["impl Command for ", "impl Query for "] {
            acts.extend(file.text.split(kind).skip(1).map(name));
        }
        let words = || file.text.split(|c: char| !c.is_alphanumeric() && c != '_').map(str::to_owned);
        let module = file.module();
        if module.iter().any(|part| part == "pages" || part.ends_with("_pages")) {
            pages.extend(words());
        }
        if module.len() > 1 && module.iter().any(|part| part == "api") {
            api.extend(words());
        }
    }
    let missing: BTreeSet<&str> =
        acts.iter().filter(|act| pages.contains(*act) && !api.contains(*act)).map(String::as_str).collect();
    let excused: BTreeSet<&str> = ONLY_ON_PAGES.iter().map(|(act, _)| *act).collect();

    assert!(acts.len() > 150, "only {} acts", acts.len());
    let lacking: Vec<_> = missing.difference(&excused).collect();
    assert!(lacking.is_empty(), "give these an operation: {lacking:?}");
    let idle: Vec<_> = excused.difference(&missing).collect();
    assert!(idle.is_empty(), "these need no excuse: {idle:?}");
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
