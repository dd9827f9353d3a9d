//! Consensus: opened by the call's rule, drafted by one, signed by all, and never by the machine.

use crate::support::{
    TestApp,
    scenes::{
        calls::OLAF,
        evaluation::{COMMENT, Field},
    },
};
use entity::{
    evaluation::agreed_score,
    types::{
        ids::AssignmentId,
        points::Points,
        states::{CallState, PartState, Role},
    },
};
use fairway::evaluation::assignments::commands::RecordConflict;
use sea_orm::EntityTrait;
use serde_json::{Value, json};

both!(
    evaluators_who_differ_are_asked_to_agree,
    a_changed_draft_takes_signatures_back,
    who_does_not_agree_says_why_and_the_panel_decides,
    a_third_review_settles_what_two_could_not,
    nobody_else_sees_a_consensus,
    a_conflict_found_late_takes_a_signature_out,
    a_broken_draft_names_every_mistake_and_keeps_the_words,
    a_program_does_it_too,
);

const CRITERIA: [&str; 6] = ["c1", "c2", "c3", "c4", "c5", "c6"];

/// One proposal whose two evaluators gave 4 and 2 points throughout; the rule of the call asks for a consensus.
async fn apart(app: &TestApp) -> (Field, String) {
    app.grant(OLAF, Role::Secretariat, None, None).await;
    let field = app.field(CallState::Evaluating, 1).await;
    app.all_parts(&field, PartState::Eligible).await;
    let (eva, max) = both_assigned(app, &field).await;
    app.judged(eva, "Eva Expert", app.sheet("4", &[])).await;
    app.judged(max, "Max Judge", app.sheet("2", &[])).await;
    app.work().await;
    let path = format!("/consensus/{}", field.proposals[0].id);
    (field, path)
}

async fn both_assigned(app: &TestApp, field: &Field) -> (AssignmentId, AssignmentId) {
    let id = field.proposals[0].id;
    (app.assigned(id, "Eva Expert").await, app.assigned(id, "Max Judge").await)
}

/// A whole draft of the version.
fn draft(version: &str, points: &str, action: &str) -> Vec<(String, String)> {
    let mut form = vec![("version".to_owned(), version.to_owned()), ("action".to_owned(), action.to_owned())];
    for key in CRITERIA {
        form.push((format!("points-{key}"), points.to_owned()));
        form.push((format!("comment-{key}"), COMMENT.to_owned()));
    }
    form
}

fn pairs(form: &[(String, String)]) -> Vec<(&str, &str)> {
    form.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect()
}

async fn agreed(app: &TestApp) -> Vec<Points> {
    let rows = agreed_score::Entity::find().all(app.app.database().maintenance()).await.unwrap();
    rows.into_iter().map(|row| row.points).collect()
}

async fn version(app: &TestApp, name: &str, path: &str) -> String {
    app.as_(name).await.get(path).await.expect(200).input("version").expect("a version")
}

async fn evaluators_who_differ_are_asked_to_agree(app: TestApp) {
    let (field, path) = apart(&app).await;
    let (eva, max) = (app.as_("Eva Expert").await, app.as_("Max Judge").await);

    let list = app.as_(OLAF).await.get(&format!("/staff/calls/{}/consensus", field.call)).await.expect(200);
    list.says("Consensus being written").says("2.00 to 4.00").says("the totals differ by more than 1");
    let mine = eva.get(&path).await.expect(200).says("Evaluator B: 2").says("You: 4").says("Mean 3.00");
    mine.says("Ask for signatures").does_not_say("Max Judge");
    max.get(&path).await.expect(200).says("No points drafted yet").does_not_say("Ask for signatures");

    let form = draft(&version(&app, "Eva Expert", &path).await, "3", "send");
    eva.post(&path, &pairs(&form)).await.goes_to(&path);
    let seen = version(&app, "Max Judge", &path).await;
    let sign = [("version", seen.as_str()), ("action", "sign"), ("signed_name", "Max Judge")];
    max.post(&path, &[("version", &seen), ("action", "sign"), ("signed_name", "Somebody")]).await.expect(422);
    max.post(&path, &sign).await.goes_to(&path);
    max.post(&path, &sign).await.expect(422).says("You have signed this draft already");
    assert_eq!(agreed(&app).await, vec![]);
    let seen = version(&app, "Eva Expert", &path).await;
    eva.post(&path, &[("version", &seen), ("action", "sign"), ("signed_name", "Eva Expert")]).await.goes_to(&path);

    assert_eq!(agreed(&app).await, vec![Points::whole(3); 6]);
    eva.get(&path).await.expect(200).says("Signed by all").does_not_say("Ask for signatures");
    let asked =
        app.inbox().await.into_iter().filter(|m| m.starts_with("M19 to") && m.contains("Consensus wanted")).count();
    assert_eq!(asked, 2);
    assert!(app.inbox().await.iter().any(|m| m.starts_with("M19b to")));
    let trail = app.audit_trail().await;
    assert!(trail.iter().any(|l| l.contains("closed the consensus") && l.contains("signed by all")), "{trail:?}");
    app.finish().await;
}

async fn a_changed_draft_takes_signatures_back(app: TestApp) {
    let (_, path) = apart(&app).await;
    let (eva, max) = (app.as_("Eva Expert").await, app.as_("Max Judge").await);
    let first = version(&app, "Eva Expert", &path).await;
    eva.post(&path, &pairs(&draft(&first, "3", "send"))).await.goes_to(&path);
    let seen = version(&app, "Max Judge", &path).await;
    max.post(&path, &[("version", &seen), ("action", "sign"), ("signed_name", "Max Judge")]).await.goes_to(&path);

    // A second tab still holds the draft from before it was sent.
    eva.post(&path, &pairs(&draft(&first, "5", "save"))).await.expect(422).says("was changed by");
    let now = version(&app, "Eva Expert", &path).await;
    eva.post(&path, &pairs(&draft(&now, "3.5", "send"))).await.goes_to(&path);

    // What was signed is no longer what is written.
    max.post(&path, &[("version", &seen), ("action", "sign"), ("signed_name", "Max Judge")]).await.expect(422);
    let page = max.get(&path).await.expect(200).says("Sign the draft");
    page.says("Not answered");
    assert_eq!(agreed(&app).await, vec![]);
    app.finish().await;
}

async fn who_does_not_agree_says_why_and_the_panel_decides(app: TestApp) {
    let (_, path) = apart(&app).await;
    let (eva, max, olaf) = (app.as_("Eva Expert").await, app.as_("Max Judge").await, app.as_(OLAF).await);
    let form = draft(&version(&app, "Eva Expert", &path).await, "4", "send");
    eva.post(&path, &pairs(&form)).await.goes_to(&path);
    let seen = version(&app, "Max Judge", &path).await;
    max.post(&path, &[("version", &seen), ("action", "disagree"), ("statement", " ")]).await.expect(422);
    let words = [("version", seen.as_str()), ("action", "disagree"), ("statement", "The market was not shown.")];
    max.post(&path, &words).await.goes_to(&path);

    let page = olaf.get(&path).await.expect(200).says("Somebody disagrees").says("The market was not shown.");
    page.says("Max Judge").says("Give back to the rapporteur");
    olaf.post(&path, &[("action", "escalate"), ("reason", "")]).await.expect(422);
    olaf.post(&path, &[("action", "escalate"), ("reason", "No agreement in two rounds")]).await.goes_to(&path);

    olaf.get(&path).await.expect(200).says("Goes to the panel");
    max.post(&path, &words).await.expect(422);
    assert!(app.inbox().await.iter().any(|m| m.contains("No agreement yet")));
    app.finish().await;
}

async fn a_third_review_settles_what_two_could_not(app: TestApp) {
    let mut file = crate::support::scenes::calls::file_2017();
    file.call.evaluation.divergence =
        serde_json::from_value(json!([{ "when": "total_differs", "more_than": "1", "then": "third_review" }])).unwrap();
    app.grant(OLAF, Role::Secretariat, None, None).await;
    let field = app.field_of(file, CallState::Evaluating, 1).await;
    app.all_parts(&field, PartState::Eligible).await;
    let (eva, max) = both_assigned(&app, &field).await;
    app.judged(eva, "Eva Expert", app.sheet("4", &[])).await;
    app.judged(max, "Max Judge", app.sheet("2", &[])).await;
    app.evaluator("Tia Third", "Third Institute", "health").await;
    app.work().await;
    let (olaf, path) = (app.as_(OLAF).await, format!("/consensus/{}", field.proposals[0].id));

    olaf.get(&path).await.expect(200).says("Third review needed").says("Next in line is Tia Third");
    app.as_("Eva Expert").await.get(&path).await.expect(404);
    let third = app.assigned(field.proposals[0].id, "Tia Third").await;
    app.judged(third, "Tia Third", app.sheet("3", &[])).await;
    app.work().await;

    // With three sheets the rule asks for no fourth, but for agreement.
    olaf.get(&path).await.expect(200).says("Consensus being written").says("rapporteur");
    app.as_("Tia Third").await.get(&path).await.expect(200).says("Ask for signatures");
    olaf.post(&path, &[("action", "waive"), ("reason", "The panel meets tomorrow")]).await.goes_to(&path);
    olaf.get(&path).await.expect(200).says("Waived");
    app.finish().await;
}

async fn nobody_else_sees_a_consensus(app: TestApp) {
    let (field, path) = apart(&app).await;
    let id = field.proposals[0].id;
    let api = format!("/proposals/{id}/consensus");
    app.evaluator("Tia Third", "Third Institute", "health").await;

    app.as_("Tia Third").await.get(&path).await.expect(404);
    app.as_(&field.proposals[0].coordinator).await.get(&path).await.expect(403);
    assert_eq!(app.program("Tia Third").await.get(&api).await.0.as_u16(), 404);
    let list = format!("/calls/{}/consensus", field.call);
    assert_eq!(app.program("Eva Expert").await.get(&list).await.0.as_u16(), 404);
    let post = [("action", "waive"), ("reason", "I do not care")];
    app.as_("Eva Expert").await.post(&path, &post).await.expect(403);
    let max = app.as_("Max Judge").await;
    let form = draft("1", "3", "save");
    max.post(&path, &pairs(&form)).await.expect(422).says("Only the rapporteur changes the draft");
    app.finish().await;
}

async fn a_conflict_found_late_takes_a_signature_out(app: TestApp) {
    let (field, path) = apart(&app).await;
    let id = field.proposals[0].id;
    let third = app.assigned(id, "Tia Third").await;
    app.judged(third, "Tia Third", app.sheet("2", &[])).await;
    app.work().await;
    let olaf = app.as_(OLAF).await;
    olaf.post(&path, &[("action", "waive"), ("reason", "Again with Tia")]).await.goes_to(&path);
    olaf.post(&path, &[("action", "open"), ("reason", "All three")]).await.goes_to(&path);
    let tia = app.evaluator("Tia Third", "", "").await;
    app.run(OLAF, RecordConflict { proposal: id, evaluator: tia, reason: "Sits on a partner's board".to_owned() })
        .await;
    app.work().await;

    app.as_("Tia Third").await.get(&path).await.expect(403);
    let (_, case) = app.program(OLAF).await.get(&format!("/proposals/{id}/consensus")).await;
    let left = case["voices"].as_array().unwrap().iter().filter(|v| v["state"] == "left").count();
    assert_eq!((case["voices"].as_array().unwrap().len(), left), (3, 1), "{case}");
    app.finish().await;
}

async fn a_broken_draft_names_every_mistake_and_keeps_the_words(app: TestApp) {
    let (_, path) = apart(&app).await;
    let eva = app.as_("Eva Expert").await;
    let seen = version(&app, "Eva Expert", &path).await;

    let fields = [("version", seen.as_str()), ("action", "send"), ("points-c1", "9"), ("comment-c1", "Short")];
    let page = eva.post(&path, &fields).await.expect(422);
    page.says("Choose between 0 and 5").says("Short");
    let fields = [("version", seen.as_str()), ("action", "send"), ("points-c1", "3"), ("comment-c1", "Short words")];
    let page = eva.post(&path, &fields).await.expect(422).says("Write at least 15 words; there are 2");
    page.says("Give points").says("Short words");

    let (status, told) = eva.autosave(&path, &[("version", &seen), ("comment-c1", "Half a sent")]).await;
    assert_eq!(status.as_u16(), 200, "{told}");
    eva.get(&path).await.expect(200).says("Half a sent");
    app.finish().await;
}

async fn a_program_does_it_too(app: TestApp) {
    let (field, _) = apart(&app).await;
    let base = format!("/proposals/{}/consensus", field.proposals[0].id);
    let (eva, max) = (app.program("Eva Expert").await, app.program("Max Judge").await);

    let (_, own) = eva.get("/consensus").await;
    assert_eq!(
        (own["items"][0]["state"].as_str(), own["items"][0]["waiting"].as_bool()),
        (Some("writing"), Some(true))
    );
    let (_, case) = eva.get(&base).await;
    let points: Vec<Value> =
        CRITERIA.iter().map(|c| json!({ "criterion": c, "points": "3", "comment": COMMENT })).collect();
    let body = json!({ "version": case["version"], "points": points, "send": true });
    let (status, sent) = eva.put(&format!("{base}/draft"), body).await;
    assert_eq!(status.as_u16(), 200, "{sent}");
    let (status, _) = max.post(&format!("{base}/discussion"), json!({ "text": "Fine with me." })).await;
    assert_eq!(status.as_u16(), 200);
    for (who, name) in [(&eva, "Eva Expert"), (&max, "Max Judge")] {
        let body = json!({ "version": sent["version"], "signed_name": name });
        assert_eq!(who.post(&format!("{base}/sign"), body).await.0.as_u16(), 200);
    }

    let (_, case) = eva.get(&base).await;
    assert_eq!((case["state"].as_str(), case["total"].as_str()), (Some("agreed"), Some("3.00")));
    assert_eq!(case["messages"][0]["who"].as_str(), Some("Evaluator B"));
    app.finish().await;
}
