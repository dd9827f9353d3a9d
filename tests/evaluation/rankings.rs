//! From sheets to an order that is signed.

use crate::support::{
    TestApp,
    scenes::{calls::OLAF, evaluation::Field},
};
use entity::types::states::{CallState, PartState, Role};
use serde_json::json;

both!(
    a_ranking_is_drawn_signed_and_moves_the_parts,
    a_tie_says_why,
    a_draft_out_of_date_is_not_signed,
    only_the_chair_signs_and_only_staff_looks,
    a_conflicted_chair_does_not_see_the_place,
);

/// Three proposals; the second is below a threshold, the first two places tie when `tie` says so.
async fn judged(app: &TestApp, tie: bool) -> Field {
    let field = app.field(CallState::Evaluating, 3).await;
    app.all_parts(&field, PartState::Eligible).await;
    app.grant("Mona Chair", Role::PanelChair, Some(field.call), None).await;
    let points = if tie { ["4", "4", "4"] } else { ["3.5", "4", "4.5"] };
    for (n, (placed, points)) in field.proposals.iter().zip(points).enumerate() {
        for (k, name) in ["Eva Expert", "Edgar Other"].into_iter().enumerate() {
            let id = app.assigned(placed.id, name).await;
            let but: &[(&str, &str)] = match (n, k) {
                (1, _) => &[("c3", "1")],
                // Same total: c1 and c2 weigh 30 and 20, so 0.5 of c1 less is 0.75 of c2 more; c1 decides.
                (0, 0) if !tie => &[("c1", "4.5")],
                _ => &[],
            };
            app.judged(id, name, app.sheet(points, but)).await;
        }
    }
    field
}

async fn a_ranking_is_drawn_signed_and_moves_the_parts(app: TestApp) {
    let field = judged(&app, false).await;
    let page = format!("/staff/calls/{}/ranking", field.call);
    let (olaf, mona) = (app.as_(OLAF).await, app.as_("Mona Chair").await);

    olaf.get(&page).await.expect(200).says("No ranking yet");
    olaf.post(&format!("{page}/draw"), &[("key", "one press")]).await.goes_to(&page);
    olaf.post(&format!("{page}/draw"), &[("key", "one press")]).await.goes_to(&page);
    let shown = olaf.get(&page).await.expect(200);
    let shown = shown.says("Ranking 1").says("Draft").says("has 1.00; the threshold is 3").says("3.00 of 5 points");
    let text = shown.text();
    let places: Vec<usize> = ["IE-2017-003 Project", "IE-2017-001 Project", "IE-2017-002 Project"]
        .iter()
        .map(|code| text.find(code).unwrap_or_else(|| panic!("{code} in {text}")))
        .collect();
    assert!(places.is_sorted(), "{text}");
    assert!(shown.html().contains("class=\"chart"));

    let fix = format!("{page}/fix");
    mona.post(&fix, &[("number", "1"), ("signed_name", "M.")]).await.expect(422).says("Sign with your name");
    let form = [("number", "1"), ("signed_name", "Mona Chair"), ("key", "sign once")];
    mona.post(&fix, &form).await.goes_to(&page);
    mona.post(&fix, &form).await.goes_to(&page);

    assert_eq!(app.call_state(field.call).await, CallState::Ranked);
    assert_eq!(app.part_state(field.proposals[0].parts[1]).await, PartState::Recommended);
    assert_eq!(app.part_state(field.proposals[1].parts[0]).await, PartState::NotRecommended);
    mona.get(&page).await.expect(200).says("Fixed").says("Checksum of what was signed");
    olaf.post(&format!("{page}/draw"), &[]).await.expect(403);
    let csv = olaf.get(&format!("{page}?number=1&export=csv")).await.expect(200).html();
    assert!(csv.contains("1,IE-2017-003,Project number 3,4.50,yes"), "{csv}");
    let (_, ranking) = app.program(OLAF).await.get(&format!("/calls/{}/ranking", field.call)).await;
    assert_eq!(ranking["places"][0]["total"], "4.50", "{ranking}");
    assert_eq!(ranking["places"][1]["spread"], "0.30", "{ranking}");
    let trail = app.audit_trail().await;
    assert!(trail.iter().any(|l| l == "Mona Chair signed and fixed ranking 1: 2 above the thresholds, 1 below"));
    app.finish().await;
}

async fn a_tie_says_why(app: TestApp) {
    let field = judged(&app, true).await;
    let page = format!("/staff/calls/{}/ranking", field.call);
    let olaf = app.as_(OLAF).await;

    olaf.post(&format!("{page}/draw"), &[]).await.goes_to(&page);

    let shown = olaf.get(&page).await.expect(200);
    shown.says("After IE-2017-001: same total, submitted earlier").says("Before IE-2017-003");
    app.finish().await;
}

async fn a_draft_out_of_date_is_not_signed(app: TestApp) {
    let field = judged(&app, false).await;
    let page = format!("/staff/calls/{}/ranking", field.call);
    let (olaf, mona) = (app.as_(OLAF).await, app.as_("Mona Chair").await);
    olaf.post(&format!("{page}/draw"), &[]).await.goes_to(&page);
    let third = app.assigned(field.proposals[0].id, "Tina Third").await;

    let form = [("number", "1"), ("signed_name", "Mona Chair")];
    mona.post(&format!("{page}/fix"), &form).await.expect(422).says("1 sheets are still being written");
    app.judged(third, "Tina Third", app.sheet("5", &[])).await;
    mona.get(&page).await.expect(200).says("have changed since this draft was drawn");
    mona.post(&format!("{page}/fix"), &form).await.expect(422).says("Draw it again first");
    olaf.post(&format!("{page}/draw"), &[("reason", "A third sheet came in")]).await.goes_to(&page);
    mona.post(&format!("{page}/fix"), &form).await.expect(422).says("Ranking 1 is replaced");
    mona.post(&format!("{page}/fix"), &[("number", "2"), ("signed_name", "Mona Chair")]).await.goes_to(&page);
    olaf.get(&format!("{page}?number=1")).await.expect(200).says("Replaced");
    app.finish().await;
}

async fn only_the_chair_signs_and_only_staff_looks(app: TestApp) {
    let field = judged(&app, false).await;
    let page = format!("/staff/calls/{}/ranking", field.call);
    let olaf = app.as_(OLAF).await;
    app.as_("Mona Chair").await.post(&format!("{page}/draw"), &[]).await.expect(403);
    olaf.post(&format!("{page}/draw"), &[]).await.goes_to(&page);

    olaf.post(&format!("{page}/fix"), &[("number", "1"), ("signed_name", OLAF)]).await.expect(403);
    for name in ["Eva Expert", "Cora 1", "Somebody Else"] {
        app.as_(name).await.get(&page).await.expect(404);
    }
    app.visitor().get(&page).await.expect(401);
    let path = format!("/calls/{}/ranking/1/fix", field.call);
    let (status, _) = app.program(OLAF).await.post(&path, json!({ "signed_name": OLAF })).await;
    assert_eq!(status.as_u16(), 403);
    // An agency sees the proposals it has a part in.
    app.as_("Mette Holm").await.get(&page).await.expect(200).says("IE-2017-001");
    app.as_("Petra Vogel").await.get(&page).await.expect(200).does_not_say("IE-2017-001").says("3 places");
    app.finish().await;
}

async fn a_conflicted_chair_does_not_see_the_place(app: TestApp) {
    let field = judged(&app, false).await;
    let page = format!("/staff/calls/{}/ranking", field.call);
    app.as_(OLAF).await.post(&format!("{page}/draw"), &[]).await.goes_to(&page);
    let mona = app.evaluator("Mona Chair", "Institute", "").await;
    let program = app.program(OLAF).await;
    let body = json!({ "evaluator": mona.0, "reason": "Family" });
    program.post(&format!("/proposals/{}/conflicts", field.proposals[2].id), body).await;

    let shown = app.as_("Mona Chair").await.get(&page).await.expect(200);
    shown.does_not_say("IE-2017-003").says("IE-2017-001").does_not_say("not shown to you");
    app.finish().await;
}
