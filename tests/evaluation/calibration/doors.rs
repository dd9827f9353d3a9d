//! A calibration through the doors: who orders it, what it says, who may see it.

use crate::support::{TestApp, scenes::calls::OLAF, scenes::evaluation::Field};
use entity::types::states::{CallState, PartState, Role};
use serde_json::json;

both!(
    a_calibration_is_computed_in_the_background_and_goes_out_of_date,
    only_those_who_run_and_check_an_evaluation_see_it,
    a_conflicted_chair_sees_neither_row_nor_point,
    too_few_sheets_are_a_reason,
);

/// Three proposals with sheets of the same three evaluators; Tina gives a point less than the others.
pub async fn judged(app: &TestApp) -> Field {
    let field = app.field(CallState::Evaluating, 3).await;
    app.all_parts(&field, PartState::Eligible).await;
    app.grant("Mona Chair", Role::PanelChair, Some(field.call), None).await;
    for (placed, points) in field.proposals.iter().zip([["4.5", "4.5", "3.5"], ["4", "3.5", "3"], ["3", "3.5", "2"]]) {
        for (name, points) in ["Eva Expert", "Edgar Other", "Tina Third"].into_iter().zip(points) {
            let id = app.assigned(placed.id, name).await;
            app.judged(id, name, app.sheet(points, &[])).await;
        }
    }
    field
}

async fn a_calibration_is_computed_in_the_background_and_goes_out_of_date(app: TestApp) {
    let field = judged(&app).await;
    let page = format!("/staff/calls/{}/calibration", field.call);
    let olaf = app.as_(OLAF).await;
    olaf.get(&page).await.expect(200).says("No calibration yet").says("9 complete sheets of 3 proposals");

    for places in ["", "0", "4", "two"] {
        olaf.post(&page, &[("places", places)]).await.expect(422).says("a whole number from 1 to 3");
    }
    let form = [("places", "2"), ("key", "one press")];
    let waiting = olaf.post(&page, &form).await;
    assert_eq!(waiting.status.as_u16(), 303);
    olaf.post(&page, &form).await;
    app.work().await;

    let shown = olaf.get(&page).await.expect(200).says("Calibration 1").says("Places above the line 2");
    let shown = shown.says("Nothing here decides").says("Expected ranks").says("Severity of evaluators");
    let html = shown.says("Raw and adjusted totals").does_not_say("have changed since").html();
    assert!(html.contains("<desc") && html.contains("The same numbers as a table"));
    let program = app.program(OLAF).await;
    let (_, found) = program.get(&format!("/calls/{}/calibration", field.call)).await;
    assert_eq!(found["number"], 1, "{found}");
    let codes: Vec<&str> = found["proposals"].as_array().unwrap().iter().map(|p| p["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["IE-2017-001", "IE-2017-002", "IE-2017-003"]);
    // Hand-checked: (4.5 + 4.5 + 3.5) / 3; Tina is the severe one.
    assert!((found["proposals"][0]["raw"].as_f64().unwrap() - 12.5 / 3.0).abs() < 1e-9);
    assert_eq!(found["evaluators"][0]["name"], "Tina Third");
    assert!(found["evaluators"][0]["severity"].as_f64().unwrap() > 0.3, "{found}");
    let chance: f64 = found["proposals"].as_array().unwrap().iter().map(|p| p["above"].as_f64().unwrap()).sum();
    assert!((chance - 2.0).abs() < 1e-6, "two places are shared out: {chance}");
    let csv = olaf.get(&format!("{page}?export=csv")).await.expect(200).html();
    assert!(csv.contains("IE-2017-001,Project number 1,3,4.17"), "{csv}");

    let late = app.assigned(field.proposals[2].id, "Lars Late").await;
    app.judged(late, "Lars Late", app.sheet("5", &[])).await;
    olaf.get(&page).await.expect(200).says("have changed since this calibration was made");
    let (status, _) = program.post(&format!("/calls/{}/calibration", field.call), json!({ "places": 1 })).await;
    assert_eq!(status.as_u16(), 200);
    app.work().await;
    olaf.get(&page).await.expect(200).says("Calibration 2").does_not_say("have changed since");
    olaf.get(&format!("{page}?number=1")).await.expect(200).says("Calibration 1").says("have changed since");
    olaf.get(&format!("{page}?number=7")).await.expect(404);
    let trail = app.audit_trail().await;
    assert_eq!(trail.iter().filter(|line| line.contains("made calibration")).count(), 2, "{trail:?}");
    app.finish().await;
}

async fn only_those_who_run_and_check_an_evaluation_see_it(app: TestApp) {
    let field = judged(&app).await;
    app.grant("Otto Auditor", Role::Auditor, None, None).await;
    let page = format!("/staff/calls/{}/calibration", field.call);
    for name in ["Mona Chair", "Otto Auditor"] {
        let person = app.as_(name).await;
        person.get(&page).await.expect(200).does_not_say("Make the calibration");
        person.post(&page, &[("places", "1")]).await.expect(403);
    }
    app.as_("Mette Holm").await.get(&page).await.expect(403);
    for name in ["Eva Expert", "Cora 1", "Somebody Else"] {
        app.as_(name).await.get(&page).await.expect(404);
        app.as_(name).await.post(&page, &[("places", "1")]).await.expect(404);
    }
    app.visitor().get(&page).await.expect(401);
    app.finish().await;
}

async fn a_conflicted_chair_sees_neither_row_nor_point(app: TestApp) {
    let field = judged(&app).await;
    let page = format!("/staff/calls/{}/calibration", field.call);
    app.as_(OLAF).await.post(&page, &[("places", "2")]).await;
    app.work().await;
    let mona = app.evaluator("Mona Chair", "Institute", "").await;
    let body = json!({ "evaluator": mona.0, "reason": "Family" });
    app.program(OLAF).await.post(&format!("/proposals/{}/conflicts", field.proposals[0].id), body).await;

    let chair = app.as_("Mona Chair").await;
    let shown = chair.get(&page).await.expect(200).says("IE-2017-002").does_not_say("not shown to you");
    assert!(!shown.html().contains("IE-2017-001"));
    let csv = chair.get(&format!("{page}?export=csv")).await;
    assert!(!csv.html().contains("IE-2017-001"));
    let (_, found) = app.program("Mona Chair").await.get(&format!("/calls/{}/calibration", field.call)).await;
    assert!(!found.to_string().contains("IE-2017-001"), "{found}");
    app.finish().await;
}

async fn too_few_sheets_are_a_reason(app: TestApp) {
    let field = app.field(CallState::Evaluating, 2).await;
    app.all_parts(&field, PartState::Eligible).await;
    let page = format!("/staff/calls/{}/calibration", field.call);
    let olaf = app.as_(OLAF).await;
    olaf.get(&page).await.expect(200).says("No complete sheet was submitted yet");
    let id = app.assigned(field.proposals[0].id, "Eva Expert").await;
    app.judged(id, "Eva Expert", app.sheet("4", &[])).await;

    olaf.post(&page, &[("places", "1")]).await.expect(422).says("Only one proposal has complete sheets");
    app.finish().await;
}
