//! Who judges what: invitations, declarations, conflicts.

use crate::support::{
    TestApp,
    scenes::{calls::OLAF, evaluation::Field},
};
use entity::types::{
    ids::AssignmentId,
    states::{CallState, PartState, Role},
};
use poem::http::Method;
use serde_json::{Value, json};

both!(
    an_expert_is_asked_accepts_by_name_and_gets_the_task,
    opening_the_mail_answers_nothing,
    a_declared_conflict_hides_everything,
    who_is_close_to_a_partner_cannot_be_asked,
    declining_needs_a_reason_and_can_be_asked_again,
    another_evaluators_task_does_not_exist,
    the_secretariat_reminds_moves_the_date_and_takes_back,
    the_matrix_shows_who_is_where,
    the_matrix_is_searched_filtered_sorted_and_kept,
    a_recorded_conflict_takes_the_task_and_can_be_taken_back,
    an_agency_does_not_learn_who_evaluates,
    an_invitation_nobody_answers_lapses,
    an_expert_is_told_that_a_task_is_gone,
    nobody_is_asked_before_they_could_answer,
);

async fn field(app: &TestApp) -> Field {
    let field = app.field(CallState::Evaluating, 2).await;
    app.all_parts(&field, PartState::Eligible).await;
    field
}

/// Asks Eva by the page and gives her task.
async fn asked(app: &TestApp, field: &Field) -> AssignmentId {
    let eva = app.evaluator("Eva Expert", "Institute of Foresight", "companies, sailing").await;
    let page = format!("/staff/proposals/{}/evaluators", field.proposals[0].id);
    let olaf = app.as_(OLAF).await;
    let shown = olaf.get(&page).await.expect(200);
    let shown = shown.says("Eva Expert").says("0 of 5").says("companies");
    assert!(!shown.text().contains("Cannot be asked"));
    let form = [("evaluators", eva.to_string()), ("due", "2017-11-30T16:00".into()), ("key", "one press".into())];
    let form: Vec<(&str, &str)> = form.iter().map(|(k, v)| (*k, v.as_str())).collect();
    olaf.post(&page, &form).await.goes_to(&page);
    olaf.post(&page, &form).await.goes_to(&page);
    let program = app.program("Eva Expert").await;
    let (_, own) = program.get("/assignments").await;
    assert_eq!(own["total"], 1, "{own}");
    own["items"][0]["id"].as_str().unwrap().parse().unwrap()
}

async fn an_expert_is_asked_accepts_by_name_and_gets_the_task(app: TestApp) {
    let field = field(&app).await;
    let id = asked(&app, &field).await;
    assert_eq!(app.inbox().await, ["M14 to eva.expert@example.org: Please evaluate IE-2017-001"]);
    let eva = app.as_("Eva Expert").await;

    eva.get("/assignments").await.expect(200).says("Invitations to answer").says("IE-2017-001 Project number 1");
    let here = format!("/assignments/{id}");
    let page =
        eva.get(&here).await.expect(200).says("Denmark Cluster 1").says("LT Company 1-2").says("learn how to sell");
    page.does_not_say("Twelve companies get a first customer");
    let accept = format!("{here}/accept");
    let again = eva.post(&accept, &[("signed_name", "Eva Expert")]).await.expect(422);
    assert_eq!(again.says("Confirm that you have no conflict").input("signed_name").as_deref(), Some("Eva Expert"));
    eva.post(&accept, &[("declared", "yes"), ("signed_name", "E. E.")]).await.expect(422).says("Sign with your name");
    let form = [("declared", "yes"), ("signed_name", "eva expert"), ("key", "the same press")];
    eva.post(&accept, &form).await.goes_to(&format!("{here}/sheet"));
    eva.post(&accept, &form).await.goes_to(&format!("{here}/sheet"));

    eva.get(&here).await.goes_to(&format!("{here}/sheet"));
    eva.get("/assignments").await.expect(200).says("To do").says("0 of 6 criteria");
    let inbox = app.inbox().await;
    assert_eq!(inbox.len(), 2, "{inbox:?}");
    assert!(inbox[1].starts_with("M16 to eva.expert@example.org: Your task: IE-2017-001, due 30 November 2017, 16:00"));
    app.finish().await;
}

async fn opening_the_mail_answers_nothing(app: TestApp) {
    let field = field(&app).await;
    let id = asked(&app, &field).await;
    let eva = app.as_("Eva Expert").await;

    for path in ["accept", "decline"] {
        eva.get(&format!("/assignments/{id}/{path}")).await.expect(405);
    }
    eva.get(&format!("/assignments/{id}/sheet")).await.expect(403);
    let before = app.audit_trail().await;
    eva.get(&format!("/assignments/{id}")).await.expect(200);
    app.visitor().get(&format!("/assignments/{id}")).await.expect(401);

    assert_eq!(app.audit_trail().await, before);
    app.finish().await;
}

async fn a_declared_conflict_hides_everything(app: TestApp) {
    let field = field(&app).await;
    let id = app.assigned(field.proposals[0].id, "Eva Expert").await;
    let eva = app.as_("Eva Expert").await;
    let sheet = format!("/assignments/{id}/sheet");
    eva.get(&sheet).await.expect(200).says("Twelve companies get a first customer");

    let conflict = format!("/assignments/{id}/conflict");
    eva.get(&conflict).await.expect(200).says("Declare it");
    eva.post(&conflict, &[]).await.expect(422).says("Fill this in");
    eva.post(&conflict, &[("conflict_reason", "My brother leads the cluster")]).await.goes_to("/assignments");

    eva.get(&sheet).await.expect(403).says("conflict of interest");
    eva.get(&format!("/assignments/{id}")).await.expect(403);
    eva.get("/assignments").await.expect(200).does_not_say("IE-2017-001");
    eva.post(&sheet, &[("version", "2")]).await.expect(403);
    let inbox = app.inbox().await;
    let subject = "M15 to olaf.berg@example.org: Conflict of interest recorded: IE-2017-001";
    assert_eq!(inbox.last().unwrap(), subject);
    let (status, found) = app.program("Eva Expert").await.get("/assignments").await;
    assert_eq!((status.as_u16(), found["total"].as_u64()), (200, Some(0)));
    let olaf = app.as_(OLAF).await;
    let page = format!("/staff/proposals/{}/evaluators", field.proposals[0].id);
    olaf.get(&page).await.expect(200).says("Cannot be asked: conflict of interest (My brother leads the cluster)");
    app.finish().await;
}

async fn who_is_close_to_a_partner_cannot_be_asked(app: TestApp) {
    let field = field(&app).await;
    let colleague = app.evaluator("Carl Colleague", "Denmark cluster 1", "companies").await;
    app.evaluator("Nina Neutral", "Institute", "companies").await;
    let olaf = app.as_(OLAF).await;
    let page = format!("/staff/proposals/{}/evaluators", field.proposals[0].id);

    olaf.get(&page).await.expect(200).says("Cannot be asked: works for Denmark Cluster 1");
    let posted = olaf.post(&page, &[("evaluators", &colleague.to_string())]).await.expect(422);
    posted.says("Carl Colleague cannot be asked: works for Denmark Cluster 1.");
    olaf.post(&page, &[]).await.expect(422).says("Tick at least one person");
    // An applicant who is in the pool as well.
    let cora = app.evaluator("Cora 1", "Elsewhere", "companies").await;
    let program = app.program(OLAF).await;
    let path = format!("/proposals/{}/evaluators", field.proposals[0].id);
    let (status, problem) = program.post(&path, json!({ "evaluator": cora.0 })).await;
    assert_eq!((status.as_u16(), problem["code"].as_str()), (422, Some("not_assignable")), "{problem}");
    assert_eq!(app.inbox().await, Vec::<String>::new());
    app.finish().await;
}

async fn declining_needs_a_reason_and_can_be_asked_again(app: TestApp) {
    let field = field(&app).await;
    let id = asked(&app, &field).await;
    let eva = app.as_("Eva Expert").await;
    let decline = format!("/assignments/{id}/decline");

    eva.post(&decline, &[]).await.expect(422).says("Choose a reason");
    eva.post(&decline, &[("reason", "other")]).await.expect(422).says("Say why");
    eva.post(&decline, &[("reason", "time"), ("note", "on leave")]).await.goes_to("/assignments");
    eva.get(&format!("/assignments/{id}")).await.expect(404);

    let olaf = app.as_(OLAF).await;
    let page = format!("/staff/proposals/{}/evaluators", field.proposals[0].id);
    let shown = olaf.get(&page).await.expect(200);
    shown.says("declined before: I have no time before the date: on leave");
    let eva_id = app.evaluator("Eva Expert", "", "").await;
    olaf.post(&page, &[("evaluators", &eva_id.to_string())]).await.goes_to(&page);
    eva.get(&format!("/assignments/{id}")).await.expect(200);
    app.finish().await;
}

async fn another_evaluators_task_does_not_exist(app: TestApp) {
    let field = field(&app).await;
    let id = app.assigned(field.proposals[0].id, "Eva Expert").await;
    app.assigned(field.proposals[1].id, "Edgar Other").await;
    app.grant("Mona Chair", Role::PanelChair, Some(field.call), None).await;

    let edgar = app.as_("Edgar Other").await;
    edgar.get(&format!("/assignments/{id}/sheet")).await.expect(404);
    edgar.get(&format!("/assignments/{id}")).await.expect(404);
    edgar.post(&format!("/assignments/{id}/accept"), &[("declared", "yes")]).await.expect(404);
    app.as_("Cora 1").await.get(&format!("/assignments/{id}/sheet")).await.expect(404);
    // Staff may not answer for an expert, nor read a sheet that was not handed in.
    let olaf = app.as_(OLAF).await;
    olaf.post(&format!("/assignments/{id}/conflict"), &[("conflict_reason", "x")]).await.expect(403);
    olaf.get(&format!("/assignments/{id}/sheet")).await.expect(404);
    app.as_("Mona Chair").await.get(&format!("/assignments/{id}/sheet")).await.expect(404);
    let page = format!("/staff/proposals/{}/evaluators", field.proposals[0].id);
    app.as_("Mona Chair").await.get(&page).await.expect(403);
    app.as_("Mette Holm").await.get(&page).await.expect(403);
    edgar.get(&page).await.expect(404);
    app.finish().await;
}

async fn the_secretariat_reminds_moves_the_date_and_takes_back(app: TestApp) {
    let field = field(&app).await;
    let id = app.assigned(field.proposals[0].id, "Eva Expert").await;
    let olaf = app.as_(OLAF).await;
    let (task, back) = (format!("/staff/assignments/{id}"), ("back", "/staff"));

    let due = [("due", "2017-12-05T12:00"), ("zone", "Europe/Oslo"), back];
    olaf.post(&format!("{task}/due"), &due).await.goes_to("/staff");
    olaf.post(&format!("{task}/remind"), &[back, ("key", "remind once")]).await.goes_to("/staff");
    olaf.post(&format!("{task}/remind"), &[back, ("key", "remind once")]).await.goes_to("/staff");
    let reminders = app.inbox().await.into_iter().filter(|m| m.starts_with("M16b")).collect::<Vec<_>>();
    assert_eq!(reminders.len(), 1, "{reminders:?}");
    assert!(reminders[0].ends_with("due 5 December 2017, 12:00 CET (Europe/Copenhagen)"), "{reminders:?}");
    let past = [("due", "2017-01-05T12:00"), ("zone", "Europe/Oslo"), back];
    olaf.post(&format!("{task}/due"), &past).await.goes_to("/staff");
    olaf.get("/assignments").await.says("Choose a date that lies ahead");

    olaf.post(&format!("{task}/withdraw"), &[back, ("reason", "Somebody else does it")]).await.goes_to("/staff");
    app.as_("Eva Expert").await.get(&format!("/assignments/{id}/sheet")).await.expect(404);
    app.as_("Eva Expert").await.post(&format!("{task}/remind"), &[back]).await.expect(404);
    app.finish().await;
}

async fn the_matrix_shows_who_is_where(app: TestApp) {
    let field = field(&app).await;
    app.assigned(field.proposals[0].id, "Eva Expert").await;
    let page = format!("/staff/calls/{}/evaluation", field.call);

    let shown = app.as_(OLAF).await.get(&page).await.expect(200);
    shown.says("Eva Expert").says("Accepted").says("0 of 1").says("3 wanted").says("With too few evaluators");
    app.as_("Eva Expert").await.get(&page).await.expect(404);
    app.as_("Cora 1").await.get(&page).await.expect(404);
    let (status, rows) =
        app.program(OLAF).await.call(Method::GET, &format!("/calls/{}/evaluation", field.call), Value::Null).await;
    assert_eq!((status.as_u16(), rows["total"].as_u64()), (200, Some(2)));
    assert_eq!(rows["items"][0]["assignments"][0]["state"], "accepted");
    app.finish().await;
}

async fn the_matrix_is_searched_filtered_sorted_and_kept(app: TestApp) {
    let field = field(&app).await;
    let (first, second) = (field.proposals[0].code.as_str(), field.proposals[1].code.as_str());
    let id = app.assigned(field.proposals[1].id, "Eva Expert").await;
    app.judged(id, "Eva Expert", app.sheet("4", &[])).await;
    let open = app.assigned(field.proposals[0].id, "Max Judge").await;
    let page = format!("/staff/calls/{}/evaluation", field.call);
    let olaf = app.as_(OLAF).await;
    let shows = async |query: &str| {
        let text = olaf.get(&format!("{page}{query}")).await.expect(200).text();
        let mut found: Vec<(usize, &str)> =
            [first, second].into_iter().filter_map(|code| Some((text.find(code)?, code))).collect();
        found.sort_unstable();
        found.into_iter().map(|(_, code)| code).collect::<Vec<_>>()
    };

    assert_eq!(shows("").await, [first, second]);
    assert_eq!(shows("?sort=done&direction=desc").await, [second, first]);
    assert_eq!(shows("?waiting=sheet").await, [first]);
    assert_eq!(shows("?waiting=evaluators").await, [first, second]);
    assert_eq!(shows("?waiting=nothing").await, Vec::<&str>::new());
    assert_eq!(shows("?q=max+judge").await, [first]);
    let eva = app.evaluator("Eva Expert", "", "").await;
    assert_eq!(shows(&format!("?evaluator={}", eva.0)).await, [second]);
    assert_eq!(shows("?waiting=godot&sort=secret").await, [first, second]);

    let csv = olaf.get(&format!("{page}?waiting=sheet&export=csv")).await.expect(200).html();
    assert!(csv.contains("Max Judge: accepted") && !csv.contains("Eva Expert"), "{csv}");
    app.as_("Cora 1").await.get(&format!("{page}?export=csv")).await.expect(404);
    let path = format!("/calls/{}/evaluation", field.call);
    let (_, rows) = app.program(OLAF).await.get(&format!("{path}?q=eva&sort=title")).await;
    assert_eq!((rows["total"].as_u64(), rows["items"][0]["code"].as_str()), (Some(1), Some(second)));
    assert_eq!(app.program("Eva Expert").await.get(&format!("{path}/export")).await.0.as_u16(), 404);
    let due = [("due", "2017-12-05T12:00"), ("zone", "Europe/Oslo"), ("back", "/staff")];
    olaf.post(&format!("/staff/assignments/{open}/due"), &due).await.goes_to("/staff");
    app.work().await;
    app.jump("2017-12-06T12:00:00Z".parse().unwrap());
    app.work().await;
    let late = app.as_(OLAF).await.get(&format!("{page}?waiting=late")).await.expect(200).text();
    assert!(late.contains(first) && !late.contains(second), "{late}");
    app.finish().await;
}

async fn a_recorded_conflict_takes_the_task_and_can_be_taken_back(app: TestApp) {
    let field = field(&app).await;
    let id = app.assigned(field.proposals[0].id, "Eva Expert").await;
    let eva = app.evaluator("Eva Expert", "", "").await;
    let program = app.program(OLAF).await;
    let proposal = field.proposals[0].id;

    let body = json!({ "evaluator": eva.0, "reason": "Advised the cluster last year" });
    let (status, _) = program.post(&format!("/proposals/{proposal}/conflicts"), body).await;
    assert_eq!(status.as_u16(), 200);
    let browser = app.as_("Eva Expert").await;
    browser.get(&format!("/assignments/{id}/sheet")).await.expect(403);

    let (_, sheet) = program.get(&format!("/proposals/{proposal}/evaluators")).await;
    let conflict = sheet["candidates"][0]["conflict"].as_str().unwrap().to_owned();
    let path = format!("/proposals/{proposal}/conflicts/{conflict}/withdraw");
    assert_eq!(program.post(&path, json!({ "reason": "Another person" })).await.0.as_u16(), 200);
    let (_, sheet) = program.get(&format!("/proposals/{proposal}/evaluators")).await;
    assert_eq!(sheet["candidates"][0]["obstacle"], Value::Null);
    browser.get(&format!("/assignments/{id}/sheet")).await.expect(404);
    app.finish().await;
}

/// Neither by page, file nor program; the secretariat reads all of it.
async fn an_agency_does_not_learn_who_evaluates(app: TestApp) {
    let field = field(&app).await;
    app.assigned(field.proposals[0].id, "Eva Expert").await;
    let eva = app.evaluator("Eva Expert", "", "").await;
    let proposal = field.proposals[0].id;
    let body = json!({ "evaluator": eva.0, "reason": "Advised the cluster last year" });
    let (status, _) = app.program(OLAF).await.post(&format!("/proposals/{proposal}/conflicts"), body).await;
    assert_eq!(status.as_u16(), 200);
    let history = format!("/proposals/{proposal}/history");

    app.as_(OLAF).await.get(&history).await.expect(200).says("Eva Expert").says("Advised the cluster");
    let mette = app.as_("Mette Holm").await;
    for path in [history.clone(), format!("{history}?export=csv"), format!("/staff/proposals/{proposal}")] {
        let page = mette.get(&path).await.expect(200);
        page.does_not_say("Eva").does_not_say("conflict of interest").does_not_say("Advised the cluster");
    }
    let (status, told) = app.program("Mette Holm").await.get(&history).await;
    assert_eq!(status.as_u16(), 200);
    assert!(!told.to_string().contains("Eva") && !told.to_string().contains("Advised"), "{told}");
    app.finish().await;
}

async fn an_invitation_nobody_answers_lapses(app: TestApp) {
    let field = field(&app).await;
    let id = asked(&app, &field).await;
    let mail = app.mails().await.into_iter().find(|mail| mail.name == "M14").unwrap();
    assert!(mail.text.contains("Please answer by 11 September 2017, 15:00 CEST"), "{}", mail.text);
    app.as_("Eva Expert").await.get(&format!("/assignments/{id}")).await.says("Please answer by 11 September 2017");

    app.jump("2017-09-11T12:59:00Z".parse().unwrap());
    app.work().await;
    assert!(!app.inbox().await.iter().any(|mail| mail.starts_with("M17")));
    app.jump("2017-09-11T13:00:00Z".parse().unwrap());
    app.work().await;
    app.work().await;

    let told: Vec<String> = app.inbox().await.into_iter().filter(|mail| mail.starts_with("M17")).collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].starts_with("M17 to eva.expert@example.org: No reply: the invitation to evaluate IE-2017-001"));
    assert!(told[1].starts_with("M17 to olaf.berg@example.org"), "{told:?}");
    let eva = app.as_("Eva Expert").await;
    eva.post(&format!("/assignments/{id}/accept"), &[("declared", "yes"), ("signed_name", "Eva Expert")])
        .await
        .expect(404);
    let page = app.as_(OLAF).await.get(&format!("/staff/proposals/{}/evaluators", field.proposals[0].id)).await;
    page.expect(200).says("no reply by 11 September 2017");
    app.finish().await;
}

async fn an_expert_is_told_that_a_task_is_gone(app: TestApp) {
    let field = field(&app).await;
    let (first, second) = (field.proposals[0].id, field.proposals[1].id);
    let id = app.assigned(first, "Eva Expert").await;
    app.assigned(second, "Eva Expert").await;
    let eva = app.evaluator("Eva Expert", "", "").await;
    let olaf = app.as_(OLAF).await;

    let why = [("back", "/staff"), ("reason", "Somebody else does it")];
    olaf.post(&format!("/staff/assignments/{id}/withdraw"), &why).await.goes_to("/staff");
    let body = json!({ "evaluator": eva.0, "reason": "Advised the cluster last year" });
    let (status, _) = app.program(OLAF).await.post(&format!("/proposals/{second}/conflicts"), body).await;
    assert_eq!(status.as_u16(), 200);

    let mails = app.mails().await.into_iter().filter(|mail| mail.name == "M15b").collect::<Vec<_>>();
    assert_eq!(mails.len(), 2);
    let of = |code: &str| mails.iter().find(|mail| mail.subject.contains(code)).unwrap();
    assert!(of("IE-2017-001").text.contains("Somebody else does it"), "{}", of("IE-2017-001").text);
    assert!(of("IE-2017-002").text.contains("recorded a conflict of interest"), "{}", of("IE-2017-002").text);
    assert!(mails.iter().all(|mail| mail.address == "eva.expert@example.org"));
    app.finish().await;
}

/// An invitation that cannot be answered yet would only confuse: experts are asked after the call has closed.
async fn nobody_is_asked_before_they_could_answer(app: TestApp) {
    let field = app.field(CallState::Open, 2).await;
    let eva = app.evaluator("Eva Expert", "Institute of Foresight", "companies, sailing").await.to_string();
    let (olaf, page) = (app.as_(OLAF).await, format!("/staff/proposals/{}/evaluators", field.proposals[0].id));

    olaf.post(&page, &[("evaluators", eva.as_str()), ("key", "early")]).await.expect(403);
    olaf.get(&page).await.expect(403);
    olaf.get(&format!("/staff/calls/{}/proposals", field.call)).await.expect(200).does_not_say("Evaluators of this");
    assert!(app.inbox().await.is_empty());
    app.as_("Eva Expert").await.get("/assignments").await.expect(200).does_not_say("IE-2017-001");
    app.finish().await;
}
