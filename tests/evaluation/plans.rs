//! Plans: drafts that are computed, compared, mended and deployed.

mod doors;
mod lists;

use crate::support::{
    TestApp,
    scenes::{calls::OLAF, evaluation::Field},
};
use entity::types::states::{CallState, PartState};
use serde_json::{Value, json};

/// People of the pool, each of an own house; the first knows most about what the proposals say.
pub const POOL: [(&str, &str); 5] = [
    ("Eva Expert", "companies, sailing, customers"),
    ("Edgar Other", "health"),
    ("Tina Third", "maritime"),
    ("Lars Late", "companies"),
    ("Nina Neutral", "forestry"),
];

/// Three proposals and five people who could judge them.
pub async fn scene(app: &TestApp) -> Field {
    let field = app.field(CallState::Evaluating, 3).await;
    app.all_parts(&field, PartState::Eligible).await;
    for (name, knows) in POOL {
        app.evaluator(name, &format!("Institute of {name}"), knows).await;
    }
    field
}

pub fn list(field: &Field) -> String {
    format!("/staff/calls/{}/plans", field.call)
}

/// The form of settings: two evaluators each, at most two proposals each.
pub fn form<'a>(name: &'a str, but: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let usual = [
        ("name", name),
        ("per_proposal", "2"),
        ("least", "0"),
        ("most", "2"),
        ("objective", "total"),
        ("apart", "yes"),
        ("bonus", "2"),
        ("weight_expertise", "30"),
        ("weight_keywords", "10"),
        ("weight_text", "30"),
        ("weight_languages", "10"),
        ("weight_country", "5"),
        ("weight_wish", "15"),
        ("home", "indifferent"),
    ];
    let changed = |field: &str| but.iter().find(|(name, _)| *name == field).map(|(_, value)| *value);
    let mut form: Vec<(&str, &str)> = usual.iter().map(|(k, v)| (*k, changed(k).unwrap_or(*v))).collect();
    form.extend(but.iter().filter(|(name, _)| !usual.iter().any(|(known, _)| known == name)));
    form
}

/// Olaf makes a plan; gives its page.
pub async fn made(app: &TestApp, field: &Field, name: &str, but: &[(&str, &str)]) -> String {
    let page = app.as_(OLAF).await.post(&format!("{}/new", list(field)), &form(name, but)).await;
    assert_eq!(page.status.as_u16(), 303, "{}", page.text());
    page.location.unwrap()
}

/// The plan as programs see it.
pub async fn plan(app: &TestApp, page: &str) -> Value {
    let path = page.trim_start_matches("/staff");
    let (status, found) = app.program(OLAF).await.get(path).await;
    assert_eq!(status.as_u16(), 200, "{found}");
    found
}

/// Its pairs as programs see them.
pub async fn pairs(app: &TestApp, page: &str) -> Vec<Value> {
    let path = format!("{}/pairs", page.trim_start_matches("/staff"));
    let (status, found) = app.program(OLAF).await.get(&path).await;
    assert_eq!(status.as_u16(), 200, "{found}");
    found["items"].as_array().unwrap().clone()
}

/// Number and name of each pair.
pub fn named(pairs: &[Value]) -> Vec<String> {
    pairs.iter().map(|pair| format!("{} {}", pair["code"].as_str().unwrap(), pair["name"].as_str().unwrap())).collect()
}

/// Olaf has a plan computed, and the job runs.
pub async fn computed(app: &TestApp, page: &str) -> Value {
    let version = plan(app, page).await["version"].to_string();
    let olaf = app.as_(OLAF).await;
    olaf.post(page, &[("action", "compute"), ("version", &version)]).await.goes_to(page);
    app.work().await;
    plan(app, page).await
}

/// Olaf presses a button of a plan.
pub async fn pressed(app: &TestApp, page: &str, fields: &[(&str, &str)]) -> crate::support::people::Page {
    let version = plan(app, page).await["version"].to_string();
    let mut form = vec![("version", version.as_str())];
    form.extend(fields);
    app.as_(OLAF).await.post(page, &form).await
}

/// A conflict of somebody with a proposal, written down by the secretariat.
pub async fn conflicted(app: &TestApp, name: &str, field: &Field, at: usize) {
    let evaluator = app.evaluator(name, "", "").await;
    let body = json!({ "evaluator": evaluator.0, "reason": "Family" });
    let path = format!("/proposals/{}/conflicts", field.proposals[at].id);
    let (status, told) = app.program(OLAF).await.post(&path, body).await;
    assert!(status.is_success(), "{told}");
}
