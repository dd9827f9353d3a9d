//! Agreement through the doors: who sees it, what it leaves out, and what readers say of comments.

use crate::{
    evaluation::calibration::doors::judged,
    support::{TestApp, scenes::calls::OLAF},
};
use entity::types::states::Role;
use serde_json::json;

both!(
    agreement_is_shown_with_intervals_words_and_a_table,
    a_conflicted_proposal_is_left_out_of_every_figure,
    readers_say_whether_comments_were_useful,
);

async fn agreement_is_shown_with_intervals_words_and_a_table(app: TestApp) {
    let field = judged(&app).await;
    app.grant("Otto Auditor", Role::Auditor, None, None).await;
    let page = format!("/staff/calls/{}/reliability", field.call);

    for name in [OLAF, "Mona Chair", "Otto Auditor"] {
        let shown = app.as_(name).await.get(&page).await.expect(200).says("Agreement by criterion");
        shown.says("never used silently").says("Tina Third").says("Weighted total").says("Severity in points");
    }
    let (_, found) = app.program(OLAF).await.get(&format!("/calls/{}/reliability", field.call)).await;
    let whole = &found["criteria"][0];
    assert_eq!((&whole["criterion"], &whole["proposals"], &whole["values"]), (&json!(null), &json!(3), &json!(9)));
    // By hand: squared differences within proposals sum to 7, so 7/9 is observed; 1.25 is expected of all nine totals.
    let alpha = whole["alpha_interval"]["value"].as_f64().unwrap();
    assert!((alpha - (1.0 - 7.0 / 9.0 / 1.25)).abs() < 1e-9, "{alpha}");
    assert!(whole["ac1"].is_null() && found["criteria"][1]["ac1"]["value"].is_f64(), "{found}");
    let severe: Vec<_> =
        found["evaluators"].as_array().unwrap().iter().filter(|e| e["severity"].as_f64().unwrap() > 0.2).collect();
    assert_eq!((severe.len(), severe[0]["name"].as_str()), (1, Some("Tina Third")), "{found}");
    let csv = app.as_(OLAF).await.get(&format!("{page}?export=csv")).await.expect(200).html();
    assert!(csv.contains("Tina Third,3,"), "{csv}");

    app.as_("Mette Holm").await.get(&page).await.expect(403);
    for name in ["Eva Expert", "Cora 1"] {
        app.as_(name).await.get(&page).await.expect(404);
    }
    app.finish().await;
}

async fn a_conflicted_proposal_is_left_out_of_every_figure(app: TestApp) {
    let field = judged(&app).await;
    let mona = app.evaluator("Mona Chair", "Institute", "").await;
    let body = json!({ "evaluator": mona.0, "reason": "Family" });
    app.program(OLAF).await.post(&format!("/proposals/{}/conflicts", field.proposals[0].id), body).await;

    let path = format!("/calls/{}/reliability", field.call);
    let (_, found) = app.program("Mona Chair").await.get(&path).await;
    assert_eq!(found["criteria"][0]["values"], 6, "{found}");
    assert!(found["evaluators"].as_array().unwrap().iter().all(|one| one["sheets"] == 2));
    let page = format!("/staff/calls/{}/reliability", field.call);
    app.as_("Mona Chair").await.get(&page).await.expect(200).does_not_say("left out of all figures");
    app.finish().await;
}

async fn readers_say_whether_comments_were_useful(app: TestApp) {
    let field = judged(&app).await;
    let page = format!("/staff/proposals/{}/comments", field.proposals[0].id);
    let (olaf, mette) = (app.as_(OLAF).await, app.as_("Mette Holm").await);
    let shown = olaf.get(&page).await.expect(200).says("Eva Expert").says(crate::support::scenes::evaluation::COMMENT);
    let sheet = shown.input("assignment").unwrap();
    mette.get(&page).await.expect(200).says("Evaluator 1").does_not_say("Eva Expert");

    olaf.post(&page, &[("assignment", &sheet), ("useful", "yes"), ("key", "one press")]).await.goes_to(&page);
    olaf.post(&page, &[("assignment", &sheet), ("useful", "yes"), ("key", "one press")]).await.goes_to(&page);
    mette.post(&page, &[("assignment", &sheet), ("useful", "yes")]).await.goes_to(&page);
    mette.post(&page, &[("assignment", &sheet), ("useful", "no")]).await.goes_to(&page);
    mette.get(&page).await.expect(200).says("You said: not useful");
    olaf.get(&format!("/staff/calls/{}/reliability", field.call)).await.expect(200).says("useful to 1 of 2");

    // A sheet of another proposal, an evaluator, an agency without a part, and somebody with a conflict.
    let other = format!("/staff/proposals/{}/comments", field.proposals[1].id);
    olaf.post(&other, &[("assignment", &sheet), ("useful", "yes")]).await.expect(404);
    app.as_("Eva Expert").await.get(&page).await.expect(403);
    app.as_("Petra Vogel").await.get(&page).await.expect(404);
    let path = format!("/proposals/{}/comment-marks", field.proposals[0].id);
    let (status, _) = app.program("Cora 1").await.post(&path, json!({ "assignment": sheet, "useful": true })).await;
    assert_eq!(status.as_u16(), 403);
    app.finish().await;
}
