//! Scenarios: from a signed ranking to money, compared, and one adopted.

mod adopting;
mod scenarios;

use crate::support::{
    TestApp,
    people::Page,
    scenes::{
        calls::{OLAF, file_2017},
        evaluation::Field,
    },
};
use entity::{
    organisations::organisation,
    proposals::part,
    types::{ids::PartId, money::Money, states::Role},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel};
use serde_json::Value;

/// The worked trap of domain.md 6.4, in thousands: rank 1 needs LT 12 and NO 25, rank 2 LT 12 and DK 30, rank 3 DK 30
/// and NO 25; Lithuania has 12, the others have plenty. Rank 4 is below a threshold.
pub async fn trap(app: &TestApp) -> Field {
    let mut file = file_2017();
    for (key, units) in [("lt-mita", 12_000), ("no-in", 9_000_000), ("dk-sfu", 9_000_000)] {
        let annex = file.annexes.iter_mut().find(|annex| annex.agency.key == key).unwrap();
        annex.terms.budget = Some(Money::new(units * 100, annex.terms.currency));
    }
    let field = app.ranked_field_of(file, 4).await;
    let (lt, no, dk) = (("lt-mita", 12_000), ("no-in", 25_000), ("dk-sfu", 30_000));
    for (placed, asks) in field.proposals.iter().zip([[no, lt], [dk, lt], [dk, no], [dk, no]]) {
        for (id, (key, units)) in placed.parts.iter().zip(asks) {
            asked(app, &field, *id, key, units).await;
        }
    }
    app.grant("Chris Chair", Role::PanelChair, None, None).await;
    field
}

/// A part asks this agency for so many units of its currency.
async fn asked(app: &TestApp, field: &Field, id: PartId, key: &str, units: i64) {
    let db = app.app.database().maintenance();
    let agency = &field.agencies[key];
    let row = part::Entity::find_by_id(id).one(db).await.unwrap().unwrap();
    let of = organisation::Entity::find_by_id(row.organisation_id).one(db).await.unwrap().unwrap();
    let mut of = of.into_active_model();
    of.country = Set(agency.country);
    of.update(db).await.unwrap();
    let mut row = row.into_active_model();
    row.annex_id = Set(agency.annex);
    row.currency = Set(agency.terms.currency);
    row.requested_minor = Set(units * 100);
    row.update(db).await.unwrap();
}

pub fn list(field: &Field) -> String {
    format!("/staff/calls/{}/scenarios", field.call)
}

/// Olaf makes a scenario; gives its page.
pub async fn made(app: &TestApp, field: &Field, name: &str, kind: &str, but: &[(&str, &str)]) -> String {
    let mut form = vec![("name", name), ("kind", kind), ("floor", "50"), ("goal", "score")];
    form.extend(but);
    let page = app.as_(OLAF).await.post(&format!("{}/new", list(field)), &form).await;
    assert_eq!(page.status.as_u16(), 303, "{}", page.text());
    page.location.unwrap()
}

/// The scenario as programs see it.
pub async fn read(app: &TestApp, who: &str, page: &str) -> Value {
    let (status, found) = app.program(who).await.get(page.trim_start_matches("/staff")).await;
    assert_eq!(status.as_u16(), 200, "{found}");
    found
}

/// Its proposals as programs see them.
pub async fn rows(app: &TestApp, who: &str, page: &str) -> Vec<Value> {
    let (status, found) = app.program(who).await.get(&format!("{}/proposals", page.trim_start_matches("/staff"))).await;
    assert_eq!(status.as_u16(), 200, "{found}");
    found["items"].as_array().unwrap().clone()
}

/// The places of those that are funded.
pub async fn funded(app: &TestApp, page: &str) -> Vec<u64> {
    let rows = rows(app, OLAF, page).await;
    rows.iter().filter(|row| row["funded"] == true).map(|row| row["rank"].as_u64().unwrap()).collect()
}

/// Somebody signs the minutes of a scenario as its last look shows it, with some fields typed.
pub async fn signs(app: &TestApp, who: &str, page: &str, fields: &[(&str, &str)]) -> Page {
    let browser = app.as_(who).await;
    let path = format!("{page}/adopt");
    let look = browser.get(&path).await.expect(200);
    browser.press(&look, &path, fields).await
}
