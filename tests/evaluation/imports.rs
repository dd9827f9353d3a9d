//! Lists of evaluators: looked at, then applied as shown.

use crate::support::{TestApp, people::Client, scenes::calls::OLAF};
use chrono::TimeDelta;
use entity::{evaluation::evaluator_draft, types::states::Role};
use poem::http::Method;
use sea_orm::EntityTrait;
use serde_json::json;

both!(
    a_list_is_shown_before_it_changes_anything,
    a_plan_is_applied_as_it_was_shown_or_not_at_all,
    a_broken_file_says_what_to_do,
    the_pool_leaves_the_house_and_comes_in_again,
    somebody_invited_by_a_list_finds_the_form_filled_in,
    only_the_secretariat_imports,
    programs_import_lists,
);

const UPLOAD: &str = "/staff/evaluators/import";

/// Uploads a list; gives the page of its plan.
async fn planned(browser: &Client<'_>, list: &str) -> String {
    browser.upload(UPLOAD, &[], ("list", "experts.csv", list.as_bytes())).await.expect(303).location.unwrap()
}

async fn a_list_is_shown_before_it_changes_anything(app: TestApp) {
    app.grant(OLAF, Role::Secretariat, None, None).await;
    let id = app.evaluator("Eva Expert", "Institute", "maritime").await;
    let (olaf, page) = (app.as_(OLAF).await, format!("/staff/evaluators/{id}"));
    olaf.get("/staff/evaluators").await.says("Import a list of evaluators");
    olaf.get(UPLOAD).await.expect(200).says("at least E-mail and Name");

    let list = "Mail;Expert;Tags;Places;Shoe size\n\
        eva.expert@example.org;Eva;health/devices 5, wind power;7;38\n\
        ines@outside.example;Ines Outside;maritime 4;;\n\
        nowhere;Bad One;magic;;\n\
        ines@outside.example;Ines again;;;\n";
    let plan = planned(&olaf, list).await;
    let shown = olaf.get(&plan).await.expect(200).says("1 person gets an invitation to the pool, 1 profile changes");
    let shown = shown.says("Nothing is changed yet").says("Fields, Places").says("Columns left aside: Shoe size");
    shown.says("2 rows cannot be used").says("is not a field we know").says("The same address as in row 3");
    app.work().await;
    assert!(app.inbox().await.iter().all(|mail| !mail.starts_with("M14a")));
    olaf.get(&page).await.does_not_say("(2 chosen)");

    let key = [("key", "one press")];
    olaf.post(&format!("{plan}/apply"), &key).await.goes_to(&plan);
    olaf.post(&format!("{plan}/apply"), &key).await.goes_to(&plan);
    olaf.post(&format!("{plan}/apply"), &[]).await.expect(422).says("applied already").says("Bad One");
    app.work().await;
    let mails = app.mails().await;
    let asked: Vec<_> = mails.iter().filter(|mail| mail.name == "M14a").map(|mail| mail.address.as_str()).collect();
    assert_eq!(asked, ["ines@outside.example"]);
    let changed = olaf.get(&page).await;
    assert_eq!(changed.input("capacity").as_deref(), Some("7"));
    assert_eq!(changed.input("expertise").as_deref(), Some("maritime"), "what a list does not say stays");
    olaf.get("/staff/evaluators?tag=health/devices").await.says("Eva Expert");
    let again = planned(&olaf, list).await;
    olaf.get(&again).await.says("No change").says("Was invited, no answer yet").says("There is nothing to change");
    let applied = "1 invited, 1 profiles changed, 2 rows left out";
    assert_eq!(app.audit_trail().await.iter().filter(|line| line.contains(applied)).count(), 1);
    app.finish().await;
}

async fn a_plan_is_applied_as_it_was_shown_or_not_at_all(app: TestApp) {
    app.grant(OLAF, Role::Secretariat, None, None).await;
    let id = app.evaluator("Eva Expert", "Institute", "maritime").await;
    let olaf = app.as_(OLAF).await;
    let list = "E-mail,Name,Places\neva.expert@example.org,Eva Expert,9\nines@outside.example,Ines,2\n";
    let plan = planned(&olaf, list).await;
    olaf.post(&format!("/staff/evaluators/{id}/state"), &[("state", "left")]).await.expect(303);
    olaf.post(&format!("{plan}/apply"), &[]).await.expect(422).says("changed since this plan was made");
    app.work().await;
    assert!(app.inbox().await.iter().all(|mail| !mail.starts_with("M14a")));
    let plan = planned(&olaf, list).await;
    olaf.get(&plan).await.says("Has left the pool");

    app.jump(app.app.now() + TimeDelta::hours(25));
    let olaf = app.as_(OLAF).await;
    olaf.post(&format!("{plan}/apply"), &[]).await.expect(422).says("older than a day");
    // What was uploaded names people, so it does not stay.
    app.work().await;
    olaf.get(&plan).await.expect(404);
    app.finish().await;
}

async fn a_broken_file_says_what_to_do(app: TestApp) {
    app.grant(OLAF, Role::Secretariat, None, None).await;
    let olaf = app.as_(OLAF).await;
    let said = |file: &'static [u8], name: &'static str| {
        let olaf = &olaf;
        async move { olaf.upload(UPLOAD, &[], ("list", name, file)).await.expect(422) }
    };
    said(b"Firma;Ort\nA;B\n", "experts.csv").await.says("at least E-mail and Name");
    said(b"E-mail;Name\n", "experts.csv").await.says("There are no rows");
    said(b"", "experts.csv").await;
    said(&[0xd0, 0xcf, 0x11, 0xe0, 1, 2], "experts.xls").await.says("old Excel file");
    said(b"PK\x03\x04broken", "experts.xlsx").await;
    olaf.post(UPLOAD, &[]).await.expect(422).says("Choose a CSV or Excel file");
    let plan = planned(&olaf, "E-mail;Name;Languages\neva@example.org;Eva;Klingon\n").await;
    olaf.get(&plan).await.says("1 row cannot be used").says("There is nothing to change");
    olaf.post(&format!("{plan}/apply"), &[]).await.expect(422).says("changes nothing");
    app.finish().await;
}

async fn the_pool_leaves_the_house_and_comes_in_again(app: TestApp) {
    app.grant(OLAF, Role::Secretariat, None, None).await;
    app.evaluator("Eva Expert", "Institute", "maritime, ice").await;
    let eva = app.as_("Eva Expert").await;
    eva.post("/interests/sign", &[("declared", "yes"), ("signed_name", "Eva Expert")]).await.goes_to("/interests");
    let olaf = app.as_(OLAF).await;
    for (format, name) in [("csv", "pool.csv"), ("xlsx", "pool.xlsx")] {
        let file = olaf.get(&format!("/staff/evaluators?export={format}")).await.expect(200).bytes;
        let page = olaf.upload(UPLOAD, &[], ("list", name, &file)).await.expect(303);
        olaf.get(&page.location.unwrap()).await.says("No change").says("There is nothing to change");
    }
    app.finish().await;
}

async fn somebody_invited_by_a_list_finds_the_form_filled_in(app: TestApp) {
    app.grant(OLAF, Role::Secretariat, None, None).await;
    let list = "E-mail,Name,Organisation,Fields,Languages,Countries\n\
        eva.expert@example.org,Eva Expert,Institute,\"health/devices 4, maritime\",English,FI\n";
    let olaf = app.as_(OLAF).await;
    let plan = planned(&olaf, list).await;
    olaf.post(&format!("{plan}/apply"), &[]).await.goes_to("/staff/evaluators");
    let mail = app.mails().await.into_iter().rev().find(|mail| mail.name == "M14a").expect("an invitation");
    let at = mail.text.find("/invitations/").unwrap() + "/invitations/".len();
    let page = format!("/evaluators/invitations/{}", mail.text[at..].split_whitespace().next().unwrap());

    // The link alone shows nobody what the list says.
    app.visitor().get(&page).await.expect(303);
    let nora = app.as_("Nora North").await.get(&page).await;
    assert!(!nora.html().contains("Institute"));
    let eva = app.as_("Eva Expert").await;
    let form = eva.get(&page).await.expect(200).says("has on its list");
    assert_eq!(form.input("organisation").as_deref(), Some("Institute"));
    form.says("(1 chosen)");
    let db = app.app.database().maintenance();
    assert_eq!(evaluator_draft::Entity::find().all(db).await.unwrap().len(), 1);
    let profile = [
        ("answer", "accept"),
        ("organisation", "Institute"),
        ("tag-health/devices", "4"),
        ("languages", "English"),
        ("countries", "FI"),
        ("capacity", "5"),
    ];
    eva.post(&page, &profile).await.goes_to("/assignments");
    assert_eq!(evaluator_draft::Entity::find().all(db).await.unwrap().len(), 0);
    app.finish().await;
}

async fn only_the_secretariat_imports(app: TestApp) {
    app.grant(OLAF, Role::Secretariat, None, None).await;
    app.grant("Otto Officer", Role::Secretariat, None, None).await;
    app.grant("Anna Auditor", Role::Auditor, None, None).await;
    app.evaluator("Eva Expert", "Institute", "maritime").await;
    let list = "E-mail,Name,Places\neva.expert@example.org,Eva Expert,60\n";
    let plan = planned(&app.as_(OLAF).await, list).await;

    for (name, status) in [("Eva Expert", 403), ("Anna Auditor", 403), ("Somebody Else", 404)] {
        let other = app.as_(name).await;
        assert_eq!(other.get(UPLOAD).await.status.as_u16(), status, "{name}");
        let file = ("list", "experts.csv", list.as_bytes());
        assert_eq!(other.upload(UPLOAD, &[], file).await.status.as_u16(), status, "{name}");
        assert_eq!(other.post(&format!("{plan}/apply"), &[]).await.status.as_u16(), status, "{name}");
    }
    // A plan is its maker's own.
    let otto = app.as_("Otto Officer").await;
    otto.get(&plan).await.expect(404);
    otto.post(&format!("{plan}/apply"), &[]).await.expect(404);
    assert_eq!(app.program(OLAF).await.get("/evaluators").await.1["items"][0]["capacity"], 5);
    app.finish().await;
}

async fn programs_import_lists(app: TestApp) {
    app.grant(OLAF, Role::Secretariat, None, None).await;
    app.evaluator("Eva Expert", "Institute", "maritime").await;
    let (olaf, eva) = (app.program(OLAF).await, app.program("Eva Expert").await);
    let file = b"E-mail,Name,Places\neva.expert@example.org,Eva,9\nnowhere,Bad,\n".as_slice();
    let list = ("list", "experts.csv", file);
    assert_eq!(eva.upload(Method::POST, "/evaluators/imports", list).await.0.as_u16(), 403);
    let (status, plan) = olaf.upload(Method::POST, "/evaluators/imports", list).await;
    assert_eq!(status.as_u16(), 200, "{plan}");
    assert_eq!((&plan["steps"][0]["columns"], &plan["faults"][0]["row"]), (&json!(["Places"]), &json!(3)));
    let path = format!("/evaluators/imports/{}", plan["id"].as_str().unwrap());
    assert_eq!(eva.post(&format!("{path}/apply"), json!({})).await.0.as_u16(), 403);
    let (status, done) = olaf.post(&format!("{path}/apply"), json!({})).await;
    assert_eq!((status.as_u16(), &done["changed"], &done["left_out"]), (200, &json!(1), &json!(1)));
    assert_eq!(olaf.post(&format!("{path}/apply"), json!({})).await.0.as_u16(), 422);
    assert_eq!(olaf.get(&path).await.1["applied"], true);
    assert_eq!(olaf.get("/evaluators").await.1["items"][0]["capacity"], 9);
    app.finish().await;
}
