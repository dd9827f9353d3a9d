//! Recruitment: four lists, invitations by the dozen, reminders that end, and answers that are people's own.

use crate::support::{
    TestApp,
    app::{PASSWORD, first_day},
    scenes::{calls::OLAF, evaluation::Field},
};
use chrono::TimeDelta;
use entity::types::states::{CallState, Role};
use fairway::evaluation::assignments::commands::InviteEvaluator;
use poem::http::Method;
use serde_json::{Value, json};

both!(
    the_four_lists_lead_from_the_pool_to_an_answer,
    nobody_answers_by_opening_a_link,
    only_those_who_accepted_are_assigned_and_no_more_than_they_promised,
    the_silent_are_reminded_twice_then_the_secretariat_is_told,
    somebody_without_an_account_is_invited_by_a_link,
    only_the_secretariat_recruits,
);

fn here(field: &Field) -> String {
    format!("/staff/calls/{}/recruitment", field.call)
}

/// Everybody on one of the lists, with their states, by name.
async fn on_list(app: &TestApp, field: &Field, list: &str) -> Vec<Value> {
    let olaf = app.program(OLAF).await;
    let (status, answer) = olaf.get(&format!("/calls/{}/recruitment?list={list}", field.call)).await;
    assert_eq!(status.as_u16(), 200, "{answer}");
    answer["items"].as_array().unwrap().clone()
}

fn told(items: &[Value]) -> Vec<String> {
    let words = |item: &Value| format!("{}: {}", item["name"].as_str().unwrap(), item["state"].as_str().unwrap());
    items.iter().map(words).collect()
}

/// A program of the secretariat does something with everybody on a list, as a job that is run.
async fn act(app: &TestApp, field: &Field, list: &str, act: &str, days: i64) {
    let rows: Vec<Value> = on_list(app, field, list).await.into_iter().map(|item| item["id"].clone()).collect();
    let lapses_at = (app.app.now() + TimeDelta::days(days)).to_rfc3339();
    let body = json!({ "rows": rows, "act": act, "lapses_at": lapses_at });
    let olaf = app.program(OLAF).await;
    let (status, answer) = olaf.post(&format!("/calls/{}/recruitment/act", field.call), body).await;
    assert_eq!(status.as_u16(), 200, "{answer}");
    app.work().await;
}

/// Lists members of the pool and invites them.
async fn invited(app: &TestApp, field: &Field, names: &[&str]) {
    let mut evaluators = Vec::new();
    for name in names {
        evaluators.push(app.evaluator(name, &format!("Institute of {name}"), "maritime").await);
    }
    let olaf = app.program(OLAF).await;
    let body = json!({ "evaluators": evaluators });
    let (status, answer) = olaf.post(&format!("/calls/{}/recruitment", field.call), body).await;
    assert_eq!((status.as_u16(), &answer["added"]), (200, &json!(names.len())), "{answer}");
    act(app, field, "listed", "invite", 30).await;
}

/// The page of this installation a mail leads to.
async fn link(app: &TestApp, name: &str, to: &str) -> String {
    let mails = app.mails().await;
    let mail = mails.iter().rev().find(|mail| mail.name == name && mail.address == to);
    let text = mail.unwrap_or_else(|| panic!("no {name} to {to}")).text.clone();
    let at = text.find(&app.base_url).expect("a link") + app.base_url.len();
    text[at..].split_whitespace().next().unwrap().to_owned()
}

async fn the_four_lists_lead_from_the_pool_to_an_answer(app: TestApp) {
    let field = app.field(CallState::Closed, 1).await;
    let eva = app.evaluator("Eva Expert", "Institute", "maritime").await.to_string();
    let nora = app.evaluator("Nora North", "Polar Institute", "ice").await.to_string();
    let (here, olaf) = (here(&field), app.as_(OLAF).await);
    olaf.get(&here).await.expect(200).says("In the pool 2").says("Eva Expert").says("Nora North");
    olaf.get(&format!("{here}?q=polar")).await.expect(200).does_not_say("Eva Expert");

    olaf.post(&here, &[]).await.goes_to(&here);
    olaf.get(&here).await.says("Tick at least one row first");
    let both = [("rows", eva.as_str()), ("rows", nora.as_str()), ("key", "list both")];
    olaf.post(&here, &both).await.goes_to(&format!("{here}/list"));
    olaf.post(&here, &both).await.goes_to(&format!("{here}/list"));
    olaf.post(&here, &both[..2]).await.goes_to(&here);
    olaf.get(&here).await.says("on the list of this call already").says("Nobody to find");
    olaf.get(&format!("{here}/list")).await.expect(200).says("Eva Expert").says("On the invite list 2");

    let send = format!("{here}/send");
    let look = [("all_matches", "yes"), ("matching", ""), ("tab", "list")];
    let page = olaf.post(&send, &[&look[..], &[("action", "look")]].concat()).await.expect(200);
    page.says("2 people get this invitation").says("Will you evaluate proposals of");
    let words = ("message", "We need sailors.");
    olaf.post(&send, &[&look[..], &[words, ("action", "look")]].concat()).await.expect(200).says("We need sailors.");
    let late = [&look[..], &[words, ("until", "2017-01-01"), ("action", "send")]].concat();
    olaf.post(&send, &late).await.expect(422).says("within the next four months");
    app.work().await;
    assert!(app.inbox().await.iter().all(|mail| !mail.starts_with("M14c")));
    let form = [&look[..], &[words, ("action", "send"), ("key", "send both")]].concat();
    let job = olaf.post(&send, &form).await.expect(303).location.unwrap();
    app.work().await;
    // The second press finds the list empty and the job done: nobody gets a second mail.
    olaf.post(&send, &form).await.expect(303);
    app.work().await;
    assert!(job.starts_with("/jobs/"));
    let sent = app.inbox().await.iter().filter(|mail| mail.starts_with("M14c")).count();
    assert_eq!(sent, 2);
    olaf.get(&format!("{here}/pending")).await.expect(200).says("Waiting for an answer 2").says("22 September 2017");

    let nora = app.as_("Nora North").await;
    let page = nora.get("/assignments").await.says("Calls that ask you to evaluate");
    page.says("answer until");
    let asked = link(&app, "M14c", "nora.north@example.org").await;
    nora.get(&asked).await.expect(200).says("We need sailors.").says("Olaf");
    nora.post(&format!("{asked}/decline"), &[("note", "On a ship")]).await.expect(422).says("Choose a reason");
    let no = [("reason", "time"), ("note", "On a ship"), ("key", "one press")];
    nora.post(&format!("{asked}/decline"), &no).await.goes_to("/assignments");
    nora.post(&format!("{asked}/decline"), &no).await.goes_to("/assignments");
    nora.post(&format!("{asked}/decline"), &no[..2]).await.expect(422).says("state “Declined”");
    let asked = link(&app, "M14c", "eva.expert@example.org").await;
    let eva = app.as_("Eva Expert").await;
    let wrong = eva.post(&format!("{asked}/accept"), &[("places", "none"), ("signed_name", "Olaf")]).await.expect(422);
    wrong.says("Enter a number between 1 and 60").says("Type your name as it is in your account: Eva Expert");
    let yes = [("places", "2"), ("signed_name", "Eva Expert"), ("key", "one press")];
    eva.post(&format!("{asked}/accept"), &yes).await.goes_to("/assignments");
    eva.post(&format!("{asked}/accept"), &yes).await.goes_to("/assignments");

    olaf.get(&format!("{here}/accepted")).await.expect(200).says("0 of 2 reduced").says("Places promised");
    olaf.get(&format!("{here}/pending")).await.says("I have no time in this period: On a ship");
    let file = olaf.get(&format!("{here}/accepted?export=csv")).await.expect(200).html();
    assert!(file.contains("Eva Expert,eva.expert@example.org,Accepted"), "{file}");
    app.finish().await;
}

async fn nobody_answers_by_opening_a_link(app: TestApp) {
    let field = app.field(CallState::Open, 1).await;
    invited(&app, &field, &["Eva Expert"]).await;
    let olaf = app.program(OLAF).await;
    let body = json!({ "name": "Ines Outside", "email": "ines@outside.example" });
    olaf.post(&format!("/calls/{}/recruitment/addresses", field.call), body).await;
    act(&app, &field, "listed", "invite", 30).await;

    let (member, outsider) =
        (link(&app, "M14c", "eva.expert@example.org").await, link(&app, "M14c", "ines@outside.example").await);
    let eva = app.as_("Eva Expert").await;
    for path in [
        member.clone(),
        format!("{member}/accept"),
        format!("{member}/decline"),
        outsider.clone(),
        format!("{outsider}/decline"),
    ] {
        app.visitor().get(&path).await;
        eva.get(&path).await;
        app.send(poem::Request::builder().method(Method::HEAD).uri_str(&path).finish()).await;
    }
    app.visitor().get(&member).await.expect(401);
    app.visitor().get(&outsider).await.expect(200);
    app.work().await;
    let pending = told(&on_list(&app, &field, "pending").await);
    assert_eq!(pending, ["Eva Expert: invited", "Ines Outside: invited"]);

    // Somebody else's invitation does not exist, for the secretariat neither.
    for other in ["Nora North", OLAF] {
        let other = app.as_(other).await;
        other.get(&member).await.expect(404);
        let form = [("places", "2"), ("signed_name", "Eva Expert")];
        other.post(&format!("{member}/accept"), &form).await.expect(404);
        other.post(&format!("{member}/decline"), &[("reason", "time")]).await.expect(404);
    }
    let form = [("places", "2"), ("signed_name", "Eva Expert")];
    app.visitor().post(&format!("{member}/accept"), &form).await.expect(401);
    assert_eq!(told(&on_list(&app, &field, "pending").await).len(), 2);
    app.finish().await;
}

async fn only_those_who_accepted_are_assigned_and_no_more_than_they_promised(app: TestApp) {
    let field = app.field(CallState::Evaluating, 2).await;
    let nora = app.evaluator("Nora North", "Polar Institute", "ice").await;
    let page = format!("/staff/proposals/{}/evaluators", field.proposals[0].id);
    let olaf = app.as_(OLAF).await;
    olaf.get(&page).await.expect(200).does_not_say("has not accepted");

    invited(&app, &field, &["Eva Expert"]).await;
    olaf.get(&page).await.expect(200).says("has not accepted to evaluate in this call");
    let eva = app.program("Eva Expert").await;
    let (_, asked) = eva.get("/recruitment").await;
    let path = format!("/recruitment/{}", asked[0]["id"].as_str().unwrap());
    assert_eq!((&asked[0]["places"], &asked[0]["state"]), (&json!(5), &json!("invited")));
    let body = json!({ "places": 1, "signed_name": "Eva Expert" });
    assert_eq!(eva.post(&format!("{path}/accept"), body).await.0.as_u16(), 200);
    assert_eq!(eva.get(&path).await.1["places"], 1);

    let evaluator = app.evaluator("Eva Expert", "", "").await;
    let officer = app.actor(OLAF).await;
    let [first, second] = [&field.proposals[0], &field.proposals[1]].map(|placed| placed.id);
    let refused = app.app.run(&officer, InviteEvaluator { proposal: first, evaluator: nora, due: None }).await;
    assert!(refused.unwrap_err().to_string().contains("has not accepted"));
    app.run(OLAF, InviteEvaluator { proposal: first, evaluator, due: None }).await;
    let refused = app.app.run(&officer, InviteEvaluator { proposal: second, evaluator, due: None }).await;
    assert!(refused.unwrap_err().to_string().contains("has all 1 proposals promised"));

    act(&app, &field, "accepted", "withdraw", 1).await;
    assert_eq!(told(&on_list(&app, &field, "pending").await), ["Eva Expert: withdrawn"]);
    eva.get(&path).await.0.as_u16();
    assert_eq!(eva.get(&path).await.0.as_u16(), 404);
    app.finish().await;
}

async fn the_silent_are_reminded_twice_then_the_secretariat_is_told(app: TestApp) {
    let field = app.field(CallState::Closed, 1).await;
    invited(&app, &field, &["Eva Expert", "Nora North"]).await;
    let nora = app.program("Nora North").await;
    let path = format!("/recruitment/{}", nora.get("/recruitment").await.1[0]["id"].as_str().unwrap());
    let body = json!({ "reason": "time" });
    assert_eq!(nora.post(&format!("{path}/decline"), body).await.0.as_u16(), 200);

    let mut days = Vec::new();
    for day in 1..=32 {
        app.jump(first_day() + TimeDelta::days(day) + TimeDelta::minutes(10 * day));
        app.work().await;
        let inbox = app.inbox().await;
        let count = |name: &str| inbox.iter().filter(|mail| mail.starts_with(name)).count();
        days.push((count("M14d"), count("M17")));
    }
    assert_eq!(
        [days[3], days[4], days[9], days[14], days[28], days[31]],
        [(0, 0), (1, 0), (2, 0), (2, 1), (2, 1), (2, 2)]
    );
    let mails = app.mails().await;
    let silent = mails.iter().find(|mail| mail.name == "M17").unwrap();
    assert!(silent.text.contains("Eva Expert (eva.expert@example.org)") && !silent.text.contains("Nora"));
    assert!(mails.iter().filter(|mail| mail.name == "M14d").all(|mail| mail.address == "eva.expert@example.org"));
    assert_eq!(told(&on_list(&app, &field, "pending").await), ["Eva Expert: lapsed", "Nora North: declined"]);

    let eva = app.as_("Eva Expert").await;
    let asked = link(&app, "M14c", "eva.expert@example.org").await;
    eva.get(&asked).await.expect(200).says("can no longer be answered");
    let yes = [("places", "2"), ("signed_name", "Eva Expert")];
    eva.post(&format!("{asked}/accept"), &yes).await.expect(422);
    // Whoever was silent can be invited again, and is reminded anew.
    act(&app, &field, "pending", "invite", 30).await;
    act(&app, &field, "pending", "remind", 30).await;
    act(&app, &field, "pending", "remind", 30).await;
    act(&app, &field, "pending", "remind", 30).await;
    let items = on_list(&app, &field, "pending").await;
    assert_eq!(told(&items), ["Eva Expert: invited", "Nora North: invited"]);
    assert!(items.iter().all(|item| item["reminders"] == 2));
    app.finish().await;
}

async fn somebody_without_an_account_is_invited_by_a_link(app: TestApp) {
    let field = app.field(CallState::Closed, 1).await;
    let (here, olaf) = (here(&field), app.as_(OLAF).await);
    let list = format!("{here}/list");
    olaf.post(&list, &[("name", "Ines"), ("email", "nowhere")]).await.expect(422);
    let ines = [("name", "Ines Outside"), ("email", "ines@outside.example")];
    olaf.post(&list, &ines).await.goes_to(&list);
    let twice = olaf.post(&list, &ines).await.expect(422).says("is on the list of this call already");
    assert_eq!(twice.input("email").as_deref(), Some("ines@outside.example"));
    act(&app, &field, "listed", "invite", 30).await;

    let first = link(&app, "M14c", "ines@outside.example").await;
    app.visitor().post(&format!("{first}/decline"), &[("reason", "Busy")]).await.expect(303);
    app.work().await;
    let items = on_list(&app, &field, "pending").await;
    assert_eq!((told(&items), &items[0]["reason"]), (vec!["Ines Outside: declined".to_owned()], &json!("Busy")));

    act(&app, &field, "pending", "invite", 30).await;
    act(&app, &field, "pending", "remind", 30).await;
    let (second, third) =
        (link(&app, "M14c", "ines@outside.example").await, link(&app, "M14d", "ines@outside.example").await);
    app.visitor().get(&second).await.expect(200).says("taken back");
    let browser = app.visitor();
    let join = browser.post(&third, &[("name", "Ines Outside"), ("password", PASSWORD)]).await.expect(303);
    let page = join.location.unwrap();
    let profile = [
        ("answer", "accept"),
        ("organisation", "Outside Ltd"),
        ("tag-maritime", "4"),
        ("languages", "English"),
        ("countries", "PT"),
        ("capacity", "3"),
    ];
    browser.post(&page, &profile).await.goes_to("/assignments");
    browser.get("/assignments").await.expect(200).says("Calls that ask you to evaluate");
    let id = on_list(&app, &field, "pending").await[0]["id"].as_str().unwrap().to_owned();
    let yes = [("places", "3"), ("signed_name", "Ines Outside")];
    browser.post(&format!("/recruitment/{id}/accept"), &yes).await.goes_to("/assignments");
    let items = on_list(&app, &field, "accepted").await;
    assert_eq!((told(&items), &items[0]["places"]), (vec!["Ines Outside: accepted".to_owned()], &json!(3)));
    assert!(items[0]["evaluator"].is_string());
    app.finish().await;
}

async fn only_the_secretariat_recruits(app: TestApp) {
    let field = app.field(CallState::Closed, 1).await;
    let eva = app.evaluator("Eva Expert", "Institute", "maritime").await.to_string();
    app.grant("Otto Auditor", Role::Auditor, None, None).await;
    let here = here(&field);
    for (name, status) in [("Cora 1", 404), ("Eva Expert", 404), ("Mette Holm", 403)] {
        let other = app.as_(name).await;
        for path in [here.clone(), format!("{here}/list"), format!("{here}/pending"), format!("{here}/accepted")] {
            assert_eq!(other.get(&path).await.status.as_u16(), status, "{name} {path}");
        }
        assert_eq!(other.post(&here, &[("rows", &eva)]).await.status.as_u16(), status);
        assert_eq!(other.post(&format!("{here}/act"), &[("action", "remind")]).await.status.as_u16(), status);
    }
    let otto = app.as_("Otto Auditor").await;
    otto.get(&here).await.expect(200).says("Eva Expert").does_not_say("Put on the invite list");
    otto.post(&here, &[("rows", &eva)]).await.expect(403);
    let program = app.program("Otto Auditor").await;
    let body = json!({ "rows": [], "act": "remind" });
    assert_eq!(program.post(&format!("/calls/{}/recruitment/act", field.call), body).await.0.as_u16(), 403);
    app.finish().await;
}
