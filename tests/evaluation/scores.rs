//! The score sheet: saved while it is written, handed in whole, read by nobody else.

mod looks;
mod offline;
mod parts;

use crate::support::{
    TestApp,
    scenes::{
        calls::OLAF,
        evaluation::{COMMENT, Field},
    },
};
use entity::types::{
    ids::AssignmentId,
    states::{CallState, PartState, Role},
};
use serde_json::{Value, json};

both!(
    a_sheet_is_saved_while_it_is_written,
    two_tabs_never_overwrite_each_other,
    an_incomplete_sheet_names_everything_and_loses_nothing,
    a_submitted_sheet_is_read_only_until_it_is_given_back,
    nobody_else_reads_a_sheet,
    points_off_the_scale_are_refused,
    a_closed_evaluation_takes_no_points,
);

const CRITERIA: [&str; 6] = ["c1", "c2", "c3", "c4", "c5", "c6"];

async fn task(app: &TestApp) -> (Field, AssignmentId) {
    let field = app.field(CallState::Evaluating, 3).await;
    app.all_parts(&field, PartState::Eligible).await;
    let id = app.assigned(field.proposals[1].id, "Eva Expert").await;
    (field, id)
}

fn whole(version: &str, action: &str) -> Vec<(String, String)> {
    let mut form = vec![("version".to_owned(), version.to_owned()), ("action".to_owned(), action.to_owned())];
    for key in CRITERIA {
        form.push((format!("points-{key}"), "4".to_owned()));
        form.push((format!("comment-{key}"), COMMENT.to_owned()));
    }
    form
}

fn pairs(form: &[(String, String)]) -> Vec<(&str, &str)> {
    form.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect()
}

async fn a_sheet_is_saved_while_it_is_written(app: TestApp) {
    let (field, id) = task(&app).await;
    let eva = app.as_("Eva Expert").await;
    let sheet = format!("/assignments/{id}/sheet");
    let first = app.assigned(field.proposals[0].id, "Eva Expert").await;

    let page = eva.get(&sheet).await.expect(200);
    page.says("PRO2 – Project number 2").says("Denmark Cluster 2").says("Flights and nights").says("0 of 2 handed in");
    let (status, told) = eva.autosave(&sheet, &[("version", "2"), ("points-c1", "3.5")]).await;
    assert_eq!((status.as_u16(), told["version"].as_i64()), (200, Some(3)), "{told}");
    assert!(told["live"]["running-total"].as_str().unwrap().contains("<strong>1.05</strong>"), "{told}");
    let half = [("version", "3"), ("points-c1", "3.5"), ("comment-c1", "Good ide"), ("private_note", "Ask Bo")];
    let (status, told) = eva.autosave(&sheet, &half).await;
    assert_eq!((status.as_u16(), told["version"].as_i64()), (200, Some(4)), "{told}");
    // The answer was lost on the way and the same text is sent again: nothing changes.
    let (status, told) = eva.autosave(&sheet, &half).await;
    assert_eq!((status.as_u16(), told["version"].as_i64()), (200, Some(4)), "{told}");

    let page = eva.get(&sheet).await.expect(200).says("Good ide").says("Ask Bo").says("1 of 6 criteria");
    assert!(page.html().contains("value=\"3.5\" checked"));
    eva.get("/assignments").await.expect(200).says("1 of 6 criteria");
    let next = [("version", "2"), ("points-c2", "2"), ("action", "next")];
    eva.post(&format!("/assignments/{first}/sheet"), &next).await.goes_to(&sheet);
    app.finish().await;
}

async fn two_tabs_never_overwrite_each_other(app: TestApp) {
    let (_, id) = task(&app).await;
    let eva = app.as_("Eva Expert").await;
    let sheet = format!("/assignments/{id}/sheet");

    let (status, _) = eva.autosave(&sheet, &[("version", "2"), ("comment-c1", "The first tab")]).await;
    assert_eq!(status.as_u16(), 200);
    let (status, told) = eva.autosave(&sheet, &[("version", "2"), ("comment-c1", "The second tab")]).await;
    assert_eq!((status.as_u16(), told["version"].as_i64()), (409, Some(3)), "{told}");
    let form = [("version", "2"), ("comment-c1", "The second tab"), ("action", "save")];
    eva.post(&sheet, &form).await.expect(422).says("The second tab").says("was changed by");
    eva.get(&sheet).await.expect(200).says("The first tab").does_not_say("The second tab");
    let program = app.program("Eva Expert").await;
    let (status, problem) =
        program.put(&format!("/assignments/{id}/sheet"), json!({ "version": 2, "scores": [] })).await;
    assert_eq!((status.as_u16(), problem["version"].as_i64()), (409, Some(3)));
    app.finish().await;
}

async fn an_incomplete_sheet_names_everything_and_loses_nothing(app: TestApp) {
    let (_, id) = task(&app).await;
    let eva = app.as_("Eva Expert").await;
    let sheet = format!("/assignments/{id}/sheet");
    let mut form = whole("2", "submit");
    form.retain(|(k, _)| k != "points-c2");
    form.iter_mut().find(|(k, _)| k == "comment-c3").unwrap().1 = "Too short.".into();

    let page = eva.post(&sheet, &pairs(&form)).await.expect(422);
    let page =
        page.says("2 things need your attention").says("Give points").says("Write at least 15 words; there are 2");
    assert!(page.html().contains("href=\"#points-c2\"") && page.html().contains("href=\"#comment-c3\""));
    let version = page.input("version").unwrap();
    eva.get(&sheet).await.expect(200).says("Too short.").says("5 of 6 criteria");

    let mut form = whole(&version, "submit");
    form.push(("key".into(), "one press".into()));
    eva.post(&sheet, &pairs(&form)).await.goes_to("/assignments");
    let inbox = app.inbox().await;
    assert_eq!(inbox.last().unwrap(), "M18 to eva.expert@example.org: Received: your sheet of IE-2017-002");
    app.finish().await;
}

async fn a_submitted_sheet_is_read_only_until_it_is_given_back(app: TestApp) {
    let (field, id) = task(&app).await;
    let eva = app.as_("Eva Expert").await;
    let sheet = format!("/assignments/{id}/sheet");
    let mut form = whole("2", "submit");
    form.push(("key".into(), "one press".into()));
    eva.post(&sheet, &pairs(&form)).await.goes_to("/assignments");
    eva.post(&sheet, &pairs(&form)).await.goes_to("/assignments");
    assert_eq!(app.inbox().await.iter().filter(|m| m.starts_with("M18 ")).count(), 1);

    eva.get(&sheet).await.expect(200).says("4.00").says("Submitted").does_not_say("Save and next");
    let (status, told) = eva.autosave(&sheet, &[("version", "3"), ("points-c1", "1")]).await;
    assert_eq!(status.as_u16(), 422, "{told}");

    let olaf = app.as_(OLAF).await;
    olaf.get(&sheet).await.expect(200).says("Sheet of Eva Expert").says("4.00");
    let reopen = format!("/staff/assignments/{id}/reopen");
    let back = ("back", "/staff");
    olaf.post(&reopen, &[("reason", "Please say more about c3"), back]).await.goes_to("/staff");
    let inbox = app.inbox().await;
    assert_eq!(inbox.last().unwrap(), "M18b to eva.expert@example.org: Please revise your sheet of IE-2017-002");
    olaf.get(&sheet).await.expect(404);
    eva.get(&sheet).await.expect(200).says("Given back to you: Please say more about c3");
    let version = eva.get(&sheet).await.input("version").unwrap();
    eva.post(&sheet, &pairs(&whole(&version, "submit"))).await.goes_to("/assignments");
    let _ = field;
    app.finish().await;
}

async fn nobody_else_reads_a_sheet(app: TestApp) {
    let (field, id) = task(&app).await;
    let other = app.assigned(field.proposals[1].id, "Edgar Other").await;
    let mut sheet = app.sheet("4", &[]);
    sheet.private_note = "Between us and the panel".into();
    app.judged(id, "Eva Expert", sheet).await;
    let page = format!("/assignments/{id}/sheet");

    let edgar = app.as_("Edgar Other").await;
    edgar.get(&page).await.expect(404);
    edgar.get(&format!("/assignments/{other}/sheet")).await.expect(200).does_not_say("Eva Expert").does_not_say("4.00");
    for name in ["Cora 2", "Mette Holm", "Somebody Else"] {
        let status = app.as_(name).await.get(&page).await.status.as_u16();
        assert_eq!(status, 404, "{name}");
    }
    app.grant("Mona Chair", Role::PanelChair, Some(field.call), None).await;
    app.as_("Mona Chair").await.get(&page).await.expect(200).says("Between us and the panel");
    let (status, _) = app.program("Edgar Other").await.get(&format!("/assignments/{id}/sheet")).await;
    assert_eq!(status.as_u16(), 404);
    app.finish().await;
}

async fn points_off_the_scale_are_refused(app: TestApp) {
    let (_, id) = task(&app).await;
    let program = app.program("Eva Expert").await;
    let path = format!("/assignments/{id}/sheet");

    for points in ["5.5", "3.25", "-1", "many"] {
        let body = json!({ "version": 2, "scores": [{ "criterion": "c1", "points": points }] });
        let (status, problem) = program.put(&path, body).await;
        assert_eq!((status.as_u16(), problem["errors"][0]["field"].as_str()), (422, Some("points-c1")), "{points}");
    }
    let body = json!({ "version": 2, "scores": [{ "criterion": "c9", "points": "3" }] });
    assert_eq!(program.put(&path, body).await.0.as_u16(), 422);
    let body =
        json!({ "version": 2, "scores": [{ "criterion": "c1", "points": "3,5", "comment": "x".repeat(9_000) }] });
    let (_, problem) = program.put(&path, body).await;
    assert_eq!(problem["errors"][0]["field"], "comment-c1");
    let (_, sheet) = program.get(&path).await;
    assert_eq!((sheet["version"].as_i64(), sheet["scores"][0]["points"].clone()), (Some(2), Value::Null));
    app.finish().await;
}

async fn a_closed_evaluation_takes_no_points(app: TestApp) {
    let (field, id) = task(&app).await;
    app.call_to(field.call, CallState::Ranked).await;
    let eva = app.as_("Eva Expert").await;
    let sheet = format!("/assignments/{id}/sheet");

    eva.get(&sheet).await.expect(200).does_not_say("Save and next");
    let (status, _) = eva.autosave(&sheet, &[("version", "2"), ("points-c1", "3")]).await;
    assert_eq!(status.as_u16(), 403);
    app.finish().await;
}
