//! Training proposals: scored like a real one, compared with the panel's answer, counted nowhere.

use crate::support::{
    TestApp,
    scenes::{
        calls::{OLAF, file_2017},
        evaluation::{COMMENT, Field},
    },
};
use entity::types::{
    ids::AssignmentId,
    states::{CallState, PartState, Role},
};
use serde_json::json;

both!(
    an_evaluator_scores_it_and_then_sees_what_the_panel_said,
    a_required_one_comes_before_the_first_sheet,
    a_draft_is_seen_by_nobody_and_an_open_one_is_not_changed,
    an_earlier_proposal_is_taken_with_permission_only,
);

const CRITERIA: [&str; 6] = ["c1", "c2", "c3", "c4", "c5", "c6"];

async fn scene(app: &TestApp) -> (Field, AssignmentId) {
    let field = app.field(CallState::Evaluating, 2).await;
    app.all_parts(&field, PartState::Eligible).await;
    let id = app.assigned(field.proposals[0].id, "Eva Expert").await;
    (field, id)
}

/// A whole sheet with these points everywhere.
fn whole(points: &str, more: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut form: Vec<(String, String)> = more.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    for key in CRITERIA {
        form.push((format!("points-{key}"), points.to_owned()));
        form.push((format!("comment-{key}"), COMMENT.to_owned()));
    }
    form
}

fn pairs(form: &[(String, String)]) -> Vec<(&str, &str)> {
    form.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect()
}

/// Olaf writes one and opens it; gives its address for evaluators.
async fn opened(app: &TestApp, field: &Field, required: bool) -> String {
    let olaf = app.as_(OLAF).await;
    let list = format!("/staff/calls/{}/training", field.call);
    let more = [("title", "A boat for two"), ("text", "Two firms build a boat."), ("comment", "Solid all in all")];
    let mut form = whole("4", &more);
    if required {
        form.push(("required".into(), "yes".into()));
    }
    let page = olaf.post(&format!("{list}/new"), &pairs(&form)).await;
    assert_eq!(page.status.as_u16(), 303, "{}", page.text());
    let path = page.location.unwrap();
    olaf.post(&format!("{path}/open"), &[("version", "1")]).await.goes_to(&path);
    format!("/training/{}", path.rsplit('/').next().unwrap())
}

async fn an_evaluator_scores_it_and_then_sees_what_the_panel_said(app: TestApp) {
    let (field, id) = scene(&app).await;
    let training = opened(&app, &field, false).await;
    app.assigned(field.proposals[1].id, "Edgar Other").await;
    let (eva, edgar) = (app.as_("Eva Expert").await, app.as_("Edgar Other").await);
    eva.get("/training").await.expect(200).says("A boat for two").says("To do");
    eva.get(&training).await.expect(200).says("Two firms build a boat").does_not_say("Solid all in all");

    let (status, told) = eva.autosave(&training, &[("version", "0"), ("points-c1", "2")]).await;
    assert_eq!((status.as_u16(), told["version"].as_i64()), (200, Some(1)), "{told}");
    let half = [("version", "1"), ("points-c1", "2"), ("action", "submit")];
    eva.post(&training, &half).await.expect(422).says("Give points");
    let form = whole("2", &[("version", "1"), ("action", "submit"), ("key", "one press")]);
    eva.post(&training, &pairs(&form)).await.goes_to(&training);
    eva.post(&training, &pairs(&form)).await.goes_to(&training);
    let again = whole("5", &[("version", "2"), ("action", "save")]);
    eva.post(&training, &pairs(&again)).await.expect(422).says("You have submitted this sheet");

    // Edgar has not submitted, so he sees neither the panel's answer nor Eva's.
    let (_, out) = app.program("Edgar Other").await.get(&training.replace("/training", "/trainings")).await;
    assert!(out["comparison"].is_null() && !out.to_string().contains("Solid"), "{out}");
    let form = whole("3.5", &[("version", "0"), ("action", "submit")]);
    edgar.post(&training, &pairs(&form)).await.goes_to(&training);
    let page = edgar.get(&training).await.expect(200).says("how 1 other evaluator scored").says("Solid all in all");
    page.says("Weighted total 3.50 4.00").does_not_say("Eva");
    let (_, out) = app.program("Edgar Other").await.get(&training.replace("/training", "/trainings")).await;
    assert_eq!(out["comparison"]["places"][0]["others"][4], 1, "{out}");

    let file = format!("/staff/calls/{}{training}", field.call);
    app.grant("Audra Auditor", Role::Auditor, None, None).await;
    for name in [OLAF, "Audra Auditor"] {
        app.as_(name).await.get(&file).await.expect(200).says("Eva Expert").says("2.00").says("Edgar Other");
    }
    for name in ["Cora 1", "Mette Holm", "Somebody Else"] {
        let client = app.as_(name).await;
        assert_eq!(client.get(&training).await.status.as_u16(), 404, "{name}");
        assert_ne!(client.get(&file).await.status.as_u16(), 200, "{name}");
    }
    assert_ne!(eva.get(&file).await.status.as_u16(), 200);
    // It counts nowhere: her real sheet is as empty as before.
    eva.get(&format!("/assignments/{id}/sheet")).await.expect(200).says("0 of 6 criteria");
    app.finish().await;
}

async fn a_required_one_comes_before_the_first_sheet(app: TestApp) {
    let (field, id) = scene(&app).await;
    let training = opened(&app, &field, true).await;
    let eva = app.as_("Eva Expert").await;
    let sheet = format!("/assignments/{id}/sheet");
    eva.get(&sheet).await.expect(200).says("First the training proposal").does_not_say("Save");
    let (status, told) = eva.autosave(&sheet, &[("version", "2"), ("points-c1", "3")]).await;
    assert_eq!((status.as_u16(), told["code"].as_str()), (422, Some("training_first")), "{told}");
    let body = json!({ "version": 2, "scores": [{ "criterion": "c1", "points": "3" }] });
    assert_eq!(app.program("Eva Expert").await.put(&sheet, body).await.0.as_u16(), 422);

    let form = whole("2", &[("version", "0"), ("action", "submit")]);
    eva.post(&training, &pairs(&form)).await.goes_to(&training);
    eva.get(&sheet).await.expect(200).does_not_say("First the training proposal");
    assert_eq!(eva.autosave(&sheet, &[("version", "2"), ("points-c1", "3")]).await.0.as_u16(), 200);
    app.finish().await;
}

async fn a_draft_is_seen_by_nobody_and_an_open_one_is_not_changed(app: TestApp) {
    let (field, _) = scene(&app).await;
    let olaf = app.as_(OLAF).await;
    let list = format!("/staff/calls/{}/training", field.call);
    olaf.get(&list).await.expect(200).says("No training proposals");
    olaf.get(&format!("{list}/new")).await.expect(200).says("The panel's answer");
    olaf.post(&format!("{list}/new"), &[("title", "Empty")]).await.expect(422).says("Write the proposal");
    let form = [("title", "Half"), ("text", "Something"), ("points-c1", "9")];
    olaf.post(&format!("{list}/new"), &form).await.expect(422).says("Choose between 0 and 5");
    let form = [("title", "Half"), ("text", "Something"), ("points-c1", "3")];
    let path = olaf.post(&format!("{list}/new"), &form).await.location.unwrap();
    olaf.post(&format!("{path}/open"), &[("version", "1")]).await.expect(422).says("Give points");

    let evas = format!("/training/{}", path.rsplit('/').next().unwrap());
    let eva = app.as_("Eva Expert").await;
    eva.get(&evas).await.expect(404);
    eva.get("/training").await.expect(200).says("No training proposals");
    let form = whole("4", &[("title", "Whole"), ("text", "Something"), ("version", "1")]);
    olaf.post(&path, &pairs(&form)).await.goes_to(&path);
    olaf.post(&path, &pairs(&form)).await.expect(422).says("was changed by");
    for name in ["Eva Expert", "Cora 1"] {
        let status = app.as_(name).await.post(&format!("{path}/open"), &[("version", "2")]).await.status.as_u16();
        assert!(matches!(status, 403 | 404), "{name}: {status}");
    }
    olaf.post(&format!("{path}/open"), &[("version", "2")]).await.goes_to(&path);
    let form = whole("1", &[("title", "Other"), ("text", "Something else"), ("version", "3")]);
    olaf.post(&path, &pairs(&form)).await.expect(422).says("not changed any more");
    eva.get(&evas).await.expect(200).says("Whole");
    olaf.post(&format!("{path}/withdraw"), &[]).await.goes_to(&path);
    eva.get(&evas).await.expect(404);
    app.finish().await;
}

async fn an_earlier_proposal_is_taken_with_permission_only(app: TestApp) {
    let (field, _) = scene(&app).await;
    let olaf = app.as_(OLAF).await;
    let new = format!("/staff/calls/{}/training/new", field.call);
    let form = [("title", "Taken"), ("source", "IE-2017-002")];
    olaf.post(&new, &form).await.expect(422).says("only with its applicants");
    let form = [("title", "Taken"), ("source", "IE-2017-002"), ("permitted", "yes")];
    olaf.post(&new, &form).await.expect(422).says("There is no proposal with this code in an archived call");

    let mut file = file_2017();
    file.code = "IE-2015".into();
    let earlier = app.field_of(file, CallState::Archived, 1).await;
    let form = [("title", "Taken"), ("source", earlier.proposals[0].code.as_str()), ("permitted", "yes")];
    let path = olaf.post(&new, &form).await.location.unwrap();
    olaf.get(&path).await.expect(200).says("Twelve companies get a first customer abroad.");
    app.finish().await;
}
