//! Links that bring people in.

use crate::support::TestApp;
use entity::types::states::Role;
use serde_json::json;

both!(
    a_person_without_an_account_joins_through_the_link,
    the_wrong_person_is_told_which_account_was_meant,
    an_unknown_token_does_not_exist,
    a_role_is_accepted_with_a_new_and_with_an_old_account,
    a_role_goes_with_its_scope,
    any_invitation_is_declined_without_an_account,
    programs_answer_invitations,
);

async fn invited(app: &TestApp) -> (String, String) {
    let ana = app.as_("Ana Kask").await;
    let fields = [("kind", "cluster"), ("name", "Baltic Food Cluster"), ("country", "LT")];
    let page = ana.post("/organisations/new", &fields).await.expect(303);
    let organisation = page.location.unwrap();
    let invite = [("name", "Nora New"), ("email", "nora@example.org"), ("message", "Do come")];
    ana.post(&format!("{organisation}/people"), &invite).await.expect(303);
    let mails = app.mails().await;
    let text = &mails.iter().find(|m| m.name == "O03").unwrap().text;
    let at = text.find(&app.base_url).unwrap() + app.base_url.len();
    (organisation, text[at..].split_whitespace().next().unwrap().to_owned())
}

async fn a_person_without_an_account_joins_through_the_link(app: TestApp) {
    let (organisation, path) = invited(&app).await;
    let nora = app.visitor();
    nora.get(&path).await.expect(200).says("Ana Kask invites you").says("nora@example.org");
    let weak = nora.post(&path, &[("name", "Nora New"), ("password", "short")]).await.expect(422);
    assert_eq!(weak.input("name").as_deref(), Some("Nora New"));

    let page = nora.post(&path, &[("name", "Nora New"), ("password", "harbour lantern biscuit")]).await.expect(303);
    let accept = page.location.unwrap();
    nora.get(&accept).await.expect(200).says("Baltic Food Cluster");
    nora.post(&accept, &[("do", "accept")]).await.goes_to(&organisation);

    nora.get(&format!("{organisation}/people")).await.expect(200).says("Nora New");
    nora.post(&accept, &[("do", "accept")]).await.expect(422).says("answered already");
    app.finish().await;
}

async fn the_wrong_person_is_told_which_account_was_meant(app: TestApp) {
    let (_, path) = invited(&app).await;
    let bruno = app.as_("Bruno Lind").await;

    bruno.get(&path).await.expect(200).says("The invitation was sent to nora@example.org");
    let forced = path.replace("/invitations/", "/organisations/invitations/");
    bruno.post(&forced, &[("do", "accept")]).await.expect(422).says("sent to nora@example.org");
    app.finish().await;
}

async fn an_unknown_token_does_not_exist(app: TestApp) {
    app.visitor().get("/invitations/0000").await.expect(404);
    app.as_("Ana Kask").await.get("/organisations/invitations/0000").await.expect(404);
    app.finish().await;
}

/// The path of the link in the last mail of this name.
async fn link(app: &TestApp, name: &str) -> String {
    let mails = app.mails().await;
    let mail = mails.iter().rev().find(|m| m.name == name).unwrap_or_else(|| panic!("no mail {name}"));
    let at = mail.text.find(&app.base_url).unwrap() + app.base_url.len();
    mail.text[at..].split_whitespace().next().unwrap().to_owned()
}

const NEW: &str = "harbour lantern biscuit";

async fn a_role_is_accepted_with_a_new_and_with_an_old_account(app: TestApp) {
    app.grant("Ada Admin", Role::Administrator, None, None).await;
    let ada = app.as_("Ada Admin").await;
    let invite = async |email: &str| {
        let fields = [("name", "Nora New"), ("email", email), ("role", "auditor"), ("message", "Please audit us")];
        ada.post("/admin/accounts/invite", &fields).await.goes_to("/admin/accounts");
        link(&app, "A05").await
    };

    let path = invite("nora@example.org").await;
    let nora = app.visitor();
    nora.get(&path.replace("/invitations/", "/roles/invitations/")).await.goes_to(&path);
    nora.get(&path).await.expect(200).says("Please audit us");
    let page = nora.post(&path, &[("name", "Nora New"), ("password", NEW)]).await.expect(303);
    let offer = page.location.unwrap();
    nora.get("/admin/accounts").await.expect(404);
    nora.get(&offer).await.expect(200).says("invites you to the role Auditor for the whole platform");
    nora.post(&offer, &[]).await.goes_to("/overview");
    nora.get("/admin/accounts").await.expect(200);
    nora.post(&offer, &[]).await.expect(422).says("answered already");

    let path = invite("bruno.lind@example.org").await;
    let bruno = app.as_("Bruno Lind").await;
    let offer = bruno.get(&path).await.expect(303).location.unwrap();
    app.as_("Ana Kask").await.post(&offer, &[]).await.expect(422).says("sent to bruno.lind@example.org");
    bruno.post(&offer, &[]).await.goes_to("/overview");
    bruno.get("/admin/accounts").await.expect(200);
    app.finish().await;
}

async fn a_role_goes_with_its_scope(app: TestApp) {
    let scene = app.draft_call_2017().await;
    app.grant("Ada Admin", Role::Administrator, None, None).await;
    let ada = app.as_("Ada Admin").await;
    let agency = scene.agency("lt-mita").agency.to_string();
    let form = "/admin/accounts/invite";
    let fields = |agency: &'static str| {
        [("name", "Olga Officer"), ("email", "olga@example.org"), ("role", "agency_officer"), ("agency", agency)]
    };

    ada.get(form).await.expect(200).says("Officers belong to one agency");
    let page = ada.post(form, &fields("")).await.expect(422).says("is not given for");
    assert_eq!(page.input("email").as_deref(), Some("olga@example.org"));
    ada.post(form, &fields("019300aa-0000-7000-8000-000000000000"))
        .await
        .expect(422)
        .says("Choose one of the agencies");
    app.as_("Bruno Lind").await.get(form).await.expect(404);
    app.as_("Bruno Lind").await.post(form, &fields("")).await.expect(404);
    let mut good = fields("");
    good[3].1 = &agency;
    ada.post(form, &good).await.expect(303);

    let path = link(&app, "A05").await;
    let olga = app.visitor();
    let offer = olga.post(&path, &[("name", "Olga Officer"), ("password", NEW)]).await.expect(303).location.unwrap();
    olga.post(&offer, &[]).await.expect(303);
    olga.get(&format!("/staff/calls/{}", scene.call)).await.expect(200);
    app.finish().await;
}

async fn any_invitation_is_declined_without_an_account(app: TestApp) {
    let (organisation, path) = invited(&app).await;
    let nora = app.visitor();
    let decline = [("reason", "No time")];

    nora.get(&path).await.expect(200).says("You need no account to say no");
    nora.post(&format!("{path}/decline"), &decline).await.goes_to(&path);
    nora.get(&path).await.expect(200).says("This invitation was declined").does_not_say("You need no account");
    nora.post(&format!("{path}/decline"), &decline).await.expect(422).says("answered already");
    nora.post(&path, &[("name", "Nora New"), ("password", NEW)]).await.expect(422).says("answered already");
    nora.post("/invitations/0000/decline", &decline).await.expect(404);
    let line = "somebody not signed in declined the invitation of Nora New to an organisation";
    assert!(app.audit_trail().await.iter().any(|l| l == line));
    app.as_("Ana Kask").await.get(&format!("{organisation}/people")).await.does_not_say("Nora New");
    app.finish().await;
}

async fn programs_answer_invitations(app: TestApp) {
    app.grant("Ada Admin", Role::Administrator, None, None).await;
    let (organisation, member) = invited(&app).await;
    let ada = app.program("Ada Admin").await;
    let invite = |email: &str| json!({ "email": email, "name": "Nora New", "role": "auditor" });
    let (status, _) = app.program("Bruno Lind").await.post("/role-invitations", invite("x@example.org")).await;
    assert_eq!(status.as_u16(), 404);
    let (status, _) = ada.post("/role-invitations", invite("bruno.lind@example.org")).await;
    assert_eq!(status.as_u16(), 204);
    let role = link(&app, "A05").await.replace("/invitations/", "/role-invitations/");

    let bruno = app.program("Bruno Lind").await;
    assert_eq!(bruno.post(&format!("{role}/accept"), json!({})).await.0.as_u16(), 204);
    assert_eq!(bruno.get("/accounts").await.0.as_u16(), 200);

    let (status, seen) = bruno.get(&member).await;
    assert_eq!((status.as_u16(), seen["state"].as_str(), seen["known"].as_bool()), (200, Some("open"), Some(false)));
    let account = json!({ "name": "Nora New", "password": NEW });
    assert_eq!(bruno.post(&format!("{member}/account"), account).await.0.as_u16(), 204);
    let nora = app.program("Nora New").await;
    let accept = member.replace("/invitations/", "/organisation-invitations/");
    assert_eq!(nora.post(&format!("{accept}/accept"), json!({})).await.0.as_u16(), 422);

    let again = [("name", "Oda New"), ("email", "oda@example.org"), ("message", "Do come")];
    app.as_("Ana Kask").await.post(&format!("{organisation}/people"), &again).await.expect(303);
    let path = link(&app, "O03").await;
    assert_eq!(bruno.post(&format!("{path}/decline"), json!({ "reason": "No" })).await.0.as_u16(), 204);
    let (_, seen) = bruno.get(&path).await;
    assert_eq!(seen["state"], "declined");
    app.finish().await;
}
