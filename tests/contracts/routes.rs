//! Every page and every operation, asked by nobody, by a stranger and by somebody with a conflict of interest,
//! with the ids of things that exist; and none of them breaks, whatever it is sent.

use super::{
    openapi::{self, Operation},
    paths, snapshots,
    world::{self, CONFLICTED, STRANGER, Stage},
};
use crate::support::{TestApp, people::Browsers, scenes::calls::OLAF};
use fairway::{calls::archive::shipped, server};
use poem::http::Method;
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

/// What anybody may use without signing in. What is on neither list is closed to strangers; the lists only
/// shrink, except for what is public on purpose.
const PUBLIC: &[&str] = &[
    "GET /",
    "GET /accessibility",
    "GET /api/v1/calls",
    "GET /api/v1/calls/file-schema",
    "GET /api/v1/calls/{call}",
    "GET /api/v1/calls/{call}/annexes",
    "GET /api/v1/calls/{call}/corrigenda",
    "GET /api/v1/calls/{call}/export",
    "GET /api/v1/invitations/{token}",
    "GET /api/v1/letters/{token}",
    "GET /api/v1/lotteries",
    "GET /api/v1/rankings/verify",
    "GET /api/v1/receipts/verify",
    "GET /calls",
    "GET /calls/:code",
    "GET /calls/:code/corrigenda",
    "GET /calls/:code/corrigenda/:number",
    "GET /calls/:code/deadlines.ics",
    "GET /calls/:code/lottery",
    "GET /calls/:code/lottery.txt",
    "GET /confirm/:token",
    "GET /invitations/:token",
    "GET /letters/:token",
    "GET /password/forgotten",
    "GET /password/new/:token",
    "GET /privacy",
    "GET /proposals/invitations/:token",
    "GET /rankings/verify",
    "GET /receipts/verify",
    "GET /register",
    "GET /register/again",
    "GET /roles/invitations/:token",
    "GET /sign-in",
    "POST /api/v1/accounts/confirm",
    "POST /api/v1/accounts/confirm/again",
    "POST /api/v1/accounts/register",
    "POST /api/v1/invitations/{token}/account",
    "POST /api/v1/invitations/{token}/decline",
    "POST /api/v1/letters/{token}/paper",
    "POST /api/v1/letters/{token}/refuse",
    "POST /api/v1/letters/{token}/sign",
    "POST /api/v1/password/forgotten",
    "POST /api/v1/password/new",
    "POST /api/v1/tokens",
    "POST /confirm/:token",
    "POST /invitations/:token",
    "POST /invitations/:token/decline",
    "POST /letters/:token/paper",
    "POST /letters/:token/refuse",
    "POST /letters/:token/sign",
    "POST /password/forgotten",
    "POST /password/new/:token",
    "POST /rankings/verify",
    "POST /receipts/verify",
    "POST /register",
    "POST /register/again",
    "POST /sign-in",
    "POST /sign-out",
];

/// What every signed-in person has for themselves, or may look up.
const OWN: &[&str] = &[
    "DELETE /api/v1/me/sessions",
    "GET /account",
    "GET /account/mail",
    "GET /account/sessions",
    "GET /api/v1/assignments",
    "GET /api/v1/consensus",
    "GET /api/v1/calls/{call}/wishes",
    "GET /api/v1/clusters/{cluster}/labels",
    "GET /api/v1/evaluators/me",
    "GET /api/v1/evaluators/me/places",
    "GET /api/v1/evaluators/taxonomy",
    "GET /api/v1/me",
    "GET /api/v1/me/interests",
    "GET /api/v1/me/mail",
    "GET /api/v1/me/mail-preferences",
    "GET /api/v1/me/sessions",
    "GET /api/v1/organisations",
    "GET /api/v1/organisations/{organisation}",
    "GET /api/v1/overview",
    "GET /api/v1/panels",
    "GET /api/v1/proposals",
    "GET /api/v1/recruitment",
    "GET /api/v1/saved-views",
    "GET /api/v1/sheets",
    "GET /api/v1/sheets/form",
    "GET /api/v1/tokens",
    "GET /api/v1/trainings",
    "GET /api/v1/trainings/{id}",
    "GET /api/v1/wishes",
    "GET /assignments",
    "GET /calls/:code/apply",
    "GET /clusters/:cluster/labels",
    "GET /evaluator/profile",
    "GET /interests",
    "GET /organisations",
    "GET /organisations/:organisation",
    "GET /organisations/new",
    "GET /overview",
    "GET /proposals",
    "GET /sheets",
    "GET /sheets/grid",
    "GET /sheets/offline",
    "GET /sheets/offline/form",
    "GET /training",
    "GET /training/:training",
    "GET /wishes",
    "POST /account/mail",
    "POST /account/name",
    "POST /account/password",
    "POST /account/sessions/others/end",
    "POST /account/tokens",
    "POST /api/v1/evaluators/me/erase",
    "POST /api/v1/evaluators/me/renew",
    "POST /api/v1/me/interests",
    "POST /api/v1/me/interests/sign",
    "POST /api/v1/organisations",
    "POST /api/v1/organisations/{organisation}/join",
    "POST /api/v1/saved-views",
    "POST /api/v1/sheets/form",
    "POST /calls/:code/apply",
    "POST /evaluator/erase",
    "POST /evaluator/renew",
    "POST /evaluator/profile",
    "POST /interests",
    "POST /interests/sign",
    "POST /lists/views",
    "POST /organisations/:organisation/join",
    "POST /organisations/new",
    "POST /proposals/invitations/:token",
    "POST /roles/invitations/:token",
    "POST /sheets/grid",
    "POST /sheets/offline",
    "POST /sheets/offline/apply",
    "POST /sheets/submit",
    "POST /training/:training",
    "PUT /api/v1/evaluators/me",
    "PUT /api/v1/me/mail-preferences",
    "PUT /api/v1/me/name",
    "PUT /api/v1/me/password",
    "PUT /api/v1/trainings/{id}",
    "GET /wishes/:call",
    "POST /wishes/:call",
    "PUT /api/v1/calls/{call}/wishes",
];

/// Acts on many rows: anybody signed in may order one, and the job asks for every row whether they may.
const BY_ROW: &[&str] = &[];

/// How a route is reached: pages by path, operations below `api`.
struct Route {
    name: String,
    method: Method,
    pattern: String,
    /// The operation's description, for API routes.
    operation: Option<Value>,
}

fn routes() -> Vec<Route> {
    let mut all: Vec<Route> = server::pages()
        .lines()
        .iter()
        .map(|line| Route {
            name: format!("{} {}", line.method, line.path),
            method: line.method.parse().unwrap(),
            pattern: line.path.clone(),
            operation: None,
        })
        .collect();
    all.extend(openapi::operations().into_iter().map(|Operation { method, path, about }| Route {
        name: format!("{method} /api/v1{path}"),
        method: method.parse().unwrap(),
        pattern: path,
        operation: Some(about),
    }));
    all.sort_by(|a, b| (&a.pattern, a.method.as_str()).cmp(&(&b.pattern, b.method.as_str())));
    all
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Public,
    Own,
    ByRow,
    Closed,
}

impl Route {
    fn class(&self) -> Class {
        match self.name.as_str() {
            name if PUBLIC.contains(&name) => Class::Public,
            name if OWN.contains(&name) => Class::Own,
            name if BY_ROW.contains(&name) => Class::ByRow,
            _ => Class::Closed,
        }
    }

    /// Calls the route as a person; nobody when there is no name. The polite send what makes sense, others nothing.
    async fn call(&self, browsers: &Browsers<'_>, person: Option<&str>, path: &str, polite: bool) -> u16 {
        let app = browsers.app();
        let Some(operation) = &self.operation else {
            let fields = if polite { form(&self.name) } else { &[] };
            let page = match (&self.method, person) {
                (&Method::GET, _) => browsers.get(person, path).await,
                (_, Some(name)) => app.as_(name).await.post(path, fields).await,
                (_, None) => app.visitor().post(path, fields).await,
            };
            // Being sent to the sign-in page is being refused.
            let refused = page.location.as_deref().is_some_and(|location| location.starts_with("/sign-in"));
            return if refused && person.is_none() { 401 } else { page.status.as_u16() };
        };
        let (path, body) = (&with_query(operation, path), sample(&self.name).unwrap_or_else(|| body(operation)));
        match person {
            Some(name) => app.program(name).await.call(self.method.clone(), path, body).await.0.as_u16(),
            None => {
                let request = poem::Request::builder().method(self.method.clone()).uri_str(format!("/api/v1{path}"));
                let request = request.content_type("application/json").body(body.to_string());
                app.send(request).await.status().as_u16()
            }
        }
    }
}

/// What is sent where nothing would be refused for being nothing, before anybody asks who sends it.
fn form(route: &str) -> &'static [(&'static str, &'static str)] {
    match route {
        "POST /admin/mail" => &[("rows", "019300aa-0000-7000-8000-000000000000")],
        "POST /organisations/:organisation/people/:membership" => &[("do", "member")],
        "POST /proposals/invitations/:token" => &[("do", "decline")],
        "POST /staff/reports/:report" => &[("do", "accept"), ("version", "1")],
        _ => &[],
    }
}

/// Bodies that the description alone does not tell how to make.
fn sample(route: &str) -> Option<Value> {
    match route {
        "POST /api/v1/accounts/{account}/roles" => Some(json!({ "role": "auditor" })),
        "PUT /api/v1/parts/{part}/check" => Some(json!({ "version": 1, "answers": [], "verdict": "eligible" })),
        "PUT /api/v1/parts/{part}/decision" => {
            Some(json!({ "outcome": "reject", "reason": "Ranked too low for the budget.", "version": 0 }))
        }
        "POST /api/v1/calls/import" => serde_json::from_str(shipped::INNOVATION_EXPRESS_2017).ok(),
        _ => None,
    }
}

/// The address with the query parameters an operation cannot do without.
fn with_query(operation: &Value, path: &str) -> String {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let needed = parameters.filter(|one| one["in"] == "query" && one["required"] == true);
    let value = |one: &Value| match smallest(&one["schema"], &openapi::document()["components"]["schemas"], 0) {
        Value::String(text) => text,
        other => other.to_string(),
    };
    let pairs: Vec<String> =
        needed.map(|one| format!("{}={}", one["name"].as_str().unwrap_or_default(), value(one))).collect();
    if pairs.is_empty() || path.contains('?') { path.to_owned() } else { format!("{path}?{}", pairs.join("&")) }
}

/// The smallest body an operation takes.
fn body(operation: &Value) -> Value {
    let content = &operation["requestBody"]["content"];
    let Some(schema) = content.as_object().and_then(|kinds| kinds.values().next()).map(|kind| &kind["schema"]) else {
        return Value::Null;
    };
    smallest(schema, &openapi::document()["components"]["schemas"], 0)
}

fn smallest(schema: &Value, all: &Value, depth: usize) -> Value {
    if depth > 12 {
        return Value::Null;
    }
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        return smallest(&all[name], all, depth + 1);
    }
    if let Some(first) = schema["allOf"].get(0).or_else(|| schema["oneOf"].get(0)).or_else(|| schema["anyOf"].get(0)) {
        return smallest(first, all, depth + 1);
    }
    if let Some(first) = schema["enum"].get(0) {
        return first.clone();
    }
    if !schema["example"].is_null() {
        return schema["example"].clone();
    }
    match (schema["type"].as_str(), schema["format"].as_str()) {
        (Some("object"), _) => {
            let fields = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
            fields.map(|name| (name.to_owned(), smallest(&schema["properties"][name], all, depth + 1))).collect()
        }
        (Some("array"), _) => json!([]),
        (Some("boolean"), _) => json!(true),
        (Some("integer" | "number"), _) => json!(1),
        (_, Some("uuid")) => json!("019300aa-0000-7000-8000-000000000000"),
        (_, Some("date-time")) => json!("2018-01-01T12:00:00Z"),
        (_, Some("date" | "naive-date")) => json!("2018-01-01"),
        (Some("string"), _) => json!("text"),
        _ => json!({}),
    }
}

/// Every way to fill the route's address from the world, with the stage it is from.
fn filled<'w>(route: &Route, world: &'w [Stage]) -> Vec<(&'w Stage, String)> {
    let parameters = route.pattern.split('/').any(|segment| paths::parameter(segment).is_some());
    let mut found: Vec<_> =
        world.iter().filter_map(|stage| Some((stage, paths::fill(&route.pattern, &stage.ids).ok()?))).collect();
    if !parameters {
        found.truncate(1);
    }
    found
}

/// Parameters the world has nothing for.
fn missing(world: &[Stage]) -> BTreeSet<String> {
    let mut missing = BTreeSet::new();
    for route in routes().into_iter().filter(|route| filled(route, world).is_empty()) {
        let things = world.iter().filter_map(|stage| paths::fill(&route.pattern, &stage.ids).err());
        missing.insert(format!(
            "{}: {}",
            route.name,
            things.collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(", ")
        ));
    }
    missing
}

both!(the_wrong_person_is_refused_everywhere, nothing_breaks_whatever_it_is_sent, whoever_is_offered_a_file_gets_it,);

async fn the_wrong_person_is_refused_everywhere(app: TestApp) {
    let world = world::build(&app, 2).await;
    let browsers = Browsers::of(&app);
    let missing = missing(&world);
    assert!(missing.is_empty(), "tests/contracts/world.rs has no id for these: {missing:#?}");
    let mut faults: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    let mut text =
        "What every page and operation answers to nobody, to a stranger and to an evaluator with a conflict\n\
         of interest, over all stages of a call.\n\n"
            .to_owned();
    for route in routes() {
        let class = route.class();
        let mut answers = [BTreeSet::new(), BTreeSet::new(), BTreeSet::new()];
        for (stage, path) in filled(&route, &world) {
            for (n, person) in [None, Some(STRANGER), Some(CONFLICTED)].into_iter().enumerate() {
                let mut status = route.call(&browsers, person, &path, true).await;
                answers[n].insert(status);
                // A file of the same rows is no way around.
                if class == Class::Closed && route.method == Method::GET && route.operation.is_none() {
                    let file = route.call(&browsers, person, &format!("{path}?export=csv"), true).await;
                    if file == 200 || file >= 500 {
                        status = file;
                    }
                }
                let fine = match (class, n) {
                    (_, _) if status >= 500 => false,
                    (Class::Public, _) => status != 401 && status != 403,
                    (Class::Own | Class::ByRow, 0) => matches!(status, 401 | 404),
                    (Class::Own | Class::ByRow, _) => status != 401 && status != 403,
                    (Class::Closed, 0) => matches!(status, 401 | 403 | 404),
                    (Class::Closed, _) => matches!(status, 403 | 404),
                };
                if !fine {
                    let who = person.unwrap_or("nobody");
                    let fault = format!("{} ({class:?}): {status} to {who}", route.name);
                    faults.entry(fault).or_default().push(stage.name);
                }
            }
        }
        let shown = |answers: &BTreeSet<u16>| answers.iter().map(u16::to_string).collect::<Vec<_>>().join("/");
        let _ = writeln!(
            text,
            "{:<90} {:<7} nobody {:<12} stranger {:<12} conflicted {}",
            route.name,
            format!("{class:?}").to_lowercase(),
            shown(&answers[0]),
            shown(&answers[1]),
            shown(&answers[2])
        );
    }
    let faults: Vec<String> = faults.iter().map(|(fault, stages)| format!("{fault} ({})", stages.join(", "))).collect();
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
    snapshots::matches("routes.txt", &text);
    app.finish().await;
}

#[test]
fn every_exception_is_a_route_and_is_one_exception() {
    let known: BTreeSet<String> = routes().into_iter().map(|route| route.name).collect();
    let idle: Vec<&&str> = PUBLIC.iter().chain(OWN).chain(BY_ROW).filter(|name| !known.contains(**name)).collect();
    let both: Vec<&&str> = PUBLIC.iter().filter(|name| OWN.contains(name)).collect();

    assert_eq!(idle, Vec::<&&str>::new(), "these routes are no more");
    assert_eq!(both, Vec::<&&str>::new(), "these are on both lists");
}

/// A link that saves a list is shown to nobody who would be refused.
async fn whoever_is_offered_a_file_gets_it(app: TestApp) {
    let world = world::build(&app, 2).await;
    let browsers = Browsers::of(&app);
    let mut faults = BTreeSet::new();
    let mut offered = BTreeSet::new();
    for route in routes().iter().filter(|route| route.method == Method::GET && route.operation.is_none()) {
        for (stage, path) in filled(route, &world) {
            for person in world::PEOPLE {
                let page = browsers.get(Some(person), &path).await;
                if page.status != 200 || !page.html().contains("export=csv") {
                    continue;
                }
                offered.insert(route.pattern.clone());
                for format in ["csv", "xlsx"] {
                    let file = browsers.get(Some(person), &format!("{path}?export={format}")).await;
                    let kind = file.headers.get("content-type").and_then(|kind| kind.to_str().ok());
                    if file.status != 200 || kind.is_none_or(|kind| kind.starts_with("text/html")) {
                        faults.insert(format!("{path} to {person} in {}: {}", stage.name, file.status));
                    }
                }
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
    assert!(offered.len() >= 14, "only these offer a file: {offered:?}");
    app.finish().await;
}

/// People who get far: what they send is read, not just refused.
const INSIDERS: [&str; 5] = ["Ana Kask", "Cora 1", OLAF, "Mette Holm", "Ada Admin"];

async fn nothing_breaks_whatever_it_is_sent(app: TestApp) {
    let world = world::build(&app, 2).await;
    let browsers = Browsers::of(&app);
    let mut faults = Vec::new();
    for route in routes() {
        let mut paths: Vec<String> = filled(&route, &world).into_iter().map(|(_, path)| path).collect();
        if route.method == Method::GET {
            let queries = [
                "page=-1&per=x&sort=%00&q=%FF%00%27%22&state=nonsense&from=9&to=x",
                "page=99999999999999999999&q=%25_",
            ];
            let whole = paths[0].clone();
            paths.extend(queries.iter().map(|query| format!("{whole}?{query}")));
            paths.extend(broken(&route.pattern));
        }
        for path in paths {
            for person in INSIDERS.iter().map(|name| Some(*name)).chain([None]) {
                let status = route.call(&browsers, person, &path, false).await;
                if status >= 500 {
                    faults.push(format!("{}: {status} to {} at {path}", route.name, person.unwrap_or("nobody")));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
    app.finish().await;
}

/// The address with parameters nobody ever gave out.
fn broken(pattern: &str) -> Vec<String> {
    if !pattern.split('/').any(|segment| paths::parameter(segment).is_some()) {
        return Vec::new();
    }
    let long = "9".repeat(300);
    ["broken", "00000000-0000-0000-0000-000000000000", "%00", "%FF", "-1", "..%2F..", &long]
        .iter()
        .map(|value| {
            let part = |segment: &str| match paths::parameter(segment) {
                Some(_) => (*value).to_owned(),
                None => segment.to_owned(),
            };
            pattern.split('/').map(part).collect::<Vec<_>>().join("/")
        })
        .collect()
}
