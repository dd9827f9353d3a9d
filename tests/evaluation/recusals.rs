//! Conflicts found after a sheet was handed in.

use crate::support::{
    TestApp,
    scenes::{calls::OLAF, evaluation::Field},
};
use entity::types::states::{CallState, PartState, Role};
use serde_json::{Value, json};

both!(a_sheet_counts_nowhere_once_a_conflict_is_recorded, a_signed_ranking_stays_and_says_what_it_would_have_been,);

/// Two proposals with three sheets each; Eva gives the first one more than the others do.
async fn judged(app: &TestApp) -> Field {
    let field = app.field(CallState::Evaluating, 2).await;
    app.all_parts(&field, PartState::Eligible).await;
    app.grant("Mona Chair", Role::PanelChair, Some(field.call), None).await;
    for (n, placed) in field.proposals.iter().enumerate() {
        for (name, points) in [("Eva Expert", ["5", "3.5"]), ("Edgar Other", ["3", "3.5"]), ("Ina Third", ["3", "3.5"])]
        {
            let id = app.assigned(placed.id, name).await;
            app.judged(id, name, app.sheet(points[n], &[])).await;
        }
    }
    let page = format!("/staff/calls/{}/ranking", field.call);
    app.as_(OLAF).await.post(&format!("{page}/draw"), &[]).await.goes_to(&page);
    field
}

/// Eva's seat is found late, and confirmed.
async fn found_late(app: &TestApp, field: &Field) {
    let body = json!({ "kind": "board", "name": "DK Company 1-1" });
    assert_eq!(app.program("Eva Expert").await.post("/me/interests", body).await.0.as_u16(), 200);
    app.work().await;
    // The day's check finds what a call past its evaluation is no longer looked through for.
    let olaf = app.program(OLAF).await;
    assert_eq!(olaf.post(&format!("/calls/{}/conflicts/screen", field.call), Value::Null).await.0.as_u16(), 200);
    app.work().await;
    let (_, found) = olaf.get(&format!("/calls/{}/conflicts?kind=seat", field.call)).await;
    let one = &found["items"][0];
    assert_eq!((one["person"].as_str(), one["task"].as_str()), (Some("Eva Expert"), Some("submitted")), "{found}");
    let path = format!("/proposals/{}/findings/{}", field.proposals[0].id, one["id"].as_str().unwrap());
    let body = json!({ "conflict": true, "reason": "On the board since May", "version": one["version"] });
    assert_eq!(olaf.put(&path, body).await.0.as_u16(), 200);
    app.work().await;
}

async fn a_sheet_counts_nowhere_once_a_conflict_is_recorded(app: TestApp) {
    let field = judged(&app).await;
    let nina = app.evaluator("Nina Next", "Institute", "companies").await;
    let (first, call) = (field.proposals[0].id, field.call);
    let (olaf, page) = (app.program(OLAF).await, app.as_(OLAF).await);
    let (_, before) = olaf.get(&format!("/calls/{call}/ranking")).await;
    assert_eq!(before["places"][0]["total"], "3.67", "{before}");

    found_late(&app, &field).await;

    let (_, progress) = olaf.get(&format!("/calls/{call}/evaluation")).await;
    let eva = progress["items"][0]["assignments"].as_array().unwrap();
    let eva = eva.iter().find(|one| one["name"] == "Eva Expert").unwrap();
    assert_eq!((eva["state"].as_str(), &eva["total"]), (Some("conflicted"), &Value::Null), "{eva}");
    page.get(&format!("/staff/calls/{call}/evaluation")).await.expect(200).says("2 of 2");
    let (_, list) = olaf.get(&format!("/calls/{call}/proposals")).await;
    assert_eq!(list["items"][0]["submitted_sheets"], 2, "{list}");
    page.get(&format!("/staff/calls/{call}/ranking")).await.expect(200).says("have changed since this draft was drawn");
    app.as_("Eva Expert").await.get("/assignments").await.expect(200).does_not_say("IE-2017-001");

    let mail = app.mails().await.into_iter().rfind(|mail| mail.name == "M15c").expect("the secretariat is told");
    assert_eq!(
        (mail.address.as_str(), mail.subject.as_str()),
        ("olaf.berg@example.org", "A sheet no longer counts: IE-2017-001")
    );
    assert!(mail.text.contains("is a draft and out of date"), "{}", mail.text);
    assert!(mail.text.contains("without the sheet: place 2 with 3.00 points"), "{}", mail.text);
    assert!(mail.text.contains("Nina Next, Institute (0 of 5 tasks)"), "{}", mail.text);

    let assigning = format!("/staff/proposals/{first}/evaluators");
    page.get(&assigning).await.expect(200).says("Ask Nina Next instead");
    page.post(&assigning, &[("evaluators", &nina.to_string()), ("key", "replace once")]).await.goes_to(&assigning);
    page.post(&assigning, &[("evaluators", &nina.to_string()), ("key", "replace once")]).await.goes_to(&assigning);
    page.get(&assigning).await.expect(200).does_not_say("Ask Nina Next instead");
    app.finish().await;
}

async fn a_signed_ranking_stays_and_says_what_it_would_have_been(app: TestApp) {
    let field = judged(&app).await;
    let page = format!("/staff/calls/{}/ranking", field.call);
    let mona = app.as_("Mona Chair").await;
    mona.post(&format!("{page}/fix"), &[("number", "1"), ("signed_name", "Mona Chair")]).await.goes_to(&page);
    assert_eq!(app.call_state(field.call).await, CallState::Ranked);
    let (_, before) = app.program(OLAF).await.get(&format!("/calls/{}/ranking", field.call)).await;
    app.jump(app.app.now() + chrono::TimeDelta::hours(1));

    found_late(&app, &field).await;

    let (_, after) = app.program(OLAF).await.get(&format!("/calls/{}/ranking", field.call)).await;
    assert_eq!((&after["places"], &after["digest"]), (&before["places"], &before["digest"]));
    let shown = mona.get(&page).await.expect(200).says("After it was signed, a sheet for IE-2017-001 was withdrawn");
    shown.says("It has place 1 with 3.67 points").says("without the sheet: place 2 with 3.00 points");
    let mail = app.mails().await.into_iter().rfind(|mail| mail.name == "M15c").unwrap();
    assert!(mail.text.contains("is signed and stays as it is"), "{}", mail.text);
    app.finish().await;
}
