//! Annexes of agencies.

use crate::support::{
    TestApp,
    scenes::calls::{CallScene, OLAF},
};
use entity::types::states::Role;
use fairway::calls::publishing::commands::SubmitForApproval;
use serde_json::json;

both!(
    an_agency_completes_and_approves_its_annex,
    a_change_takes_the_approval_back,
    an_agency_sees_only_its_own_annex_at_the_desk,
    an_agency_is_added_and_taken_out,
    an_agency_asks_its_own_questions,
);

fn path(scene: &CallScene, key: &str) -> String {
    format!("/staff/calls/{}/annexes/{}", scene.call, scene.agency(key).annex)
}

/// The fields of an annex as its page shows them.
fn fields(page: &crate::support::people::Page, change: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = [
        "version",
        "rate",
        "rate_on",
        "budget",
        "floor",
        "ceiling",
        "intensity",
        "private_share_min",
        "min_smes",
        "deadline",
    ]
    .iter()
    .map(|name| ((*name).to_owned(), page.input(name).unwrap_or_default()))
    .collect();
    all.extend([("class", "funding"), ("text", "Text"), ("currency", "NOK"), ("zone", "Europe/Oslo")].map(owned));
    all.push(owned(("activities", "market_research")));
    for (name, value) in change {
        match all.iter_mut().find(|(known, _)| known == name) {
            Some(field) => field.1 = (*value).to_owned(),
            None => all.push(owned((name, value))),
        }
    }
    all
}

fn owned((name, value): (&str, &str)) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

async fn post(
    client: &crate::support::people::Client<'_>,
    path: &str,
    fields: &[(String, String)],
) -> crate::support::people::Page {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    client.post(path, &fields).await
}

async fn an_agency_completes_and_approves_its_annex(app: TestApp) {
    let scene = app.draft_call_2017().await;
    app.run(OLAF, SubmitForApproval(scene.call)).await;
    let ingrid = app.as_("Ingrid Dahl").await;
    let (home, edit) = (path(&scene, "no-in"), format!("{}/edit", path(&scene, "no-in")));

    let page = ingrid.get(&edit).await.expect(200).says("assumed");
    let bad = fields(&page, &[("budget", "a lot"), ("ceiling", "300 000"), ("intensity", "150")]);
    let again = post(&ingrid, &edit, &bad).await.expect(422);
    assert_eq!(again.input("budget").as_deref(), Some("a lot"));
    assert_eq!(again.input("ceiling").as_deref(), Some("300 000"));
    post(&ingrid, &edit, &fields(&page, &[("budget", "")])).await.goes_to(&home);
    ingrid.get(&home).await.says("An agency that pays states its budget").does_not_say("Approve this annex");
    ingrid.post(&format!("{home}/approve"), &[("version", "2")]).await.expect(422).says("states its budget");

    let page = ingrid.get(&edit).await;
    post(&ingrid, &edit, &fields(&page, &[("budget", "2 600 000,00")])).await.goes_to(&home);
    ingrid.get(&home).await.says("2 600 000 NOK").says("Approve this annex");
    ingrid.post(&format!("{home}/approve"), &[("version", "2")]).await.expect(422).says("This was changed by");
    ingrid.post(&format!("{home}/approve"), &[("version", "3")]).await.goes_to(&home);
    ingrid.get(&home).await.says("Approved");
    assert_eq!(app.audit_trail().await.last().unwrap(), "Ingrid Dahl approved the annex of Innovation Norway");
    app.finish().await;
}

async fn a_change_takes_the_approval_back(app: TestApp) {
    let scene = app.approved_call_2017().await;
    let olaf = app.program(OLAF).await;
    let annex = scene.agency("no-in").annex;
    let (_, annexes) = olaf.get("/calls/IE-2017/annexes").await;
    let mut terms =
        annexes["items"].as_array().unwrap().iter().find(|a| a["id"] == annex.to_string()).unwrap()["terms"].clone();
    terms["min_smes"] = json!(2);

    let (status, _) = olaf.put(&format!("/annexes/{annex}/terms"), json!({ "version": 1, "terms": terms })).await;
    assert_eq!(status.as_u16(), 200);
    let (status, _) = olaf.put(&format!("/annexes/{annex}/terms"), json!({ "version": 1, "terms": terms })).await;
    assert_eq!(status.as_u16(), 409);
    let (status, answer) = olaf.post("/calls/IE-2017/publish", json!(null)).await;

    assert_eq!(status.as_u16(), 422);
    assert_eq!(answer["errors"][0]["message"], "Innovation Norway has not approved its annex");
    assert!(app.audit_trail().await.iter().any(|line| line.ends_with("Smallest number of SMEs; its approval fell")));
    app.finish().await;
}

async fn an_agency_sees_only_its_own_annex_at_the_desk(app: TestApp) {
    let scene = app.draft_call_2017().await;
    let petra = app.as_("Petra Vogel").await;

    petra.get(&path(&scene, "de-bw")).await.expect(200);
    petra.get(&format!("{}/edit", path(&scene, "de-bw"))).await.expect(200);
    for page in ["", "/edit", "/new-question"] {
        petra.get(&format!("{}{page}", path(&scene, "no-in"))).await.expect(404);
        app.as_("Ana Kask").await.get(&format!("{}{page}", path(&scene, "no-in"))).await.expect(404);
    }
    let terms = json!({ "version": 1, "terms": {} });
    let other = format!("/annexes/{}/terms", scene.agency("no-in").annex);
    assert_eq!(app.program("Petra Vogel").await.put(&other, terms).await.0.as_u16(), 404);
    petra.post(&format!("{}/remove", path(&scene, "de-bw")), &[]).await.expect(403);
    // The annex of one call is not found below another call's address.
    let strange = format!("/staff/calls/{}/annexes/{}", scene.agency("no-in").annex, scene.agency("de-bw").annex);
    petra.get(&strange).await.expect(404);
    app.finish().await;
}

async fn an_agency_is_added_and_taken_out(app: TestApp) {
    let scene = app.draft_call_2017().await;
    app.grant(OLAF, Role::Secretariat, None, None).await;
    let olaf = app.as_(OLAF).await;
    let list = format!("/staff/calls/{}/annexes", scene.call);

    olaf.post(&format!("{}/remove", path(&scene, "es-partner")), &[]).await.goes_to(&list);
    olaf.get(&list).await.expect(200);
    let agency = scene.agency("es-partner").agency.to_string();
    let added = olaf.post(&list, &[("agency", &agency)]).await;
    let annex = added.location.clone().unwrap();
    olaf.get(&annex).await.expect(200).says("An agency that pays states its budget");
    olaf.post(&list, &[("agency", &agency)]).await.expect(422).says("has an annex already");
    olaf.post(&list, &[("agency", "nobody")]).await.expect(422).says("Choose an agency from the list");
    app.finish().await;
}

async fn an_agency_asks_its_own_questions(app: TestApp) {
    let scene = app.draft_call_2017().await;
    let ingrid = app.as_("Ingrid Dahl").await;
    let home = path(&scene, "no-in");

    let question = [("version", "1"), ("label", "Bank account"), ("kind", "line"), ("max_chars", "40")];
    ingrid.post(&format!("{home}/new-question"), &question).await.goes_to(&home);
    ingrid.get(&home).await.says("Bank account").says("one line of at most 40 characters");
    let changed = [("version", "2"), ("label", "Account"), ("kind", "line"), ("max_chars", "x")];
    let page = ingrid.post(&format!("{home}/questions/bank_account"), &changed).await.expect(422);
    assert_eq!(page.input("max_chars").as_deref(), Some("x"));
    let remove = [("version", "2"), ("label", "Account"), ("kind", "yes_no"), ("do", "remove")];
    ingrid.post(&format!("{home}/questions/bank_account"), &remove).await.goes_to(&home);
    ingrid.get(&home).await.does_not_say("Bank account");
    app.finish().await;
}
