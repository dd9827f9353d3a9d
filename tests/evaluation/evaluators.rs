//! The pool: invited by mail, joined with a profile.

use crate::support::{TestApp, scenes::calls::OLAF};
use entity::types::states::{CallState, Role};
use poem::http::Method;
use serde_json::{Value, json};

both!(
    somebody_joins_the_pool_by_mail,
    an_invitation_is_for_one_person_and_one_answer,
    a_profile_is_the_experts_own,
    the_pool_is_searched_and_exported,
);

const PROFILE: [(&str, &str); 5] = [
    ("organisation", "Institute of Foresight"),
    ("expertise", "maritime technology, health"),
    ("languages", "English, Finnish"),
    ("countries", "Finland, se"),
    ("capacity", "4"),
];

fn join(extra: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    PROFILE.iter().chain(extra).copied().collect()
}

/// Invites somebody and gives the token of the mail.
async fn invited(app: &TestApp, name: &str, email: &str) -> String {
    let olaf = app.as_(OLAF).await;
    let form = [("name", name), ("email", email), ("message", "We need sailors.")];
    olaf.post("/staff/evaluators", &form).await.goes_to("/staff/evaluators");
    let mail = app.mails().await.pop().unwrap();
    assert_eq!((mail.name.as_str(), mail.address.as_str()), ("M14a", email));
    assert!(mail.text.contains("We need sailors."), "{}", mail.text);
    let at = mail.text.find("/invitations/").unwrap() + "/invitations/".len();
    mail.text[at..].split_whitespace().next().unwrap().to_owned()
}

async fn somebody_joins_the_pool_by_mail(app: TestApp) {
    app.grant(OLAF, Role::Secretariat, None, None).await;
    let token = invited(&app, "Eva Expert", "eva.expert@example.org").await;
    let page = format!("/evaluators/invitations/{token}");
    app.as_(OLAF).await.get("/staff/evaluators").await.expect(200).says("Invitations without a yes").says("Waiting");

    app.visitor().get(&page).await.goes_to(&format!("/invitations/{token}"));
    let eva = app.as_("Eva Expert").await;
    eva.get(&page).await.expect(200).says("We need sailors.");
    let again = eva.post(&page, &[("answer", "accept"), ("organisation", "Institute")]).await.expect(422);
    assert_eq!(again.says("4 things need your attention").input("organisation").as_deref(), Some("Institute"));
    eva.post(&page, &join(&[("answer", "accept"), ("key", "one press")])).await.goes_to("/assignments");
    eva.post(&page, &join(&[("answer", "accept"), ("key", "one press")])).await.goes_to("/assignments");

    eva.get("/evaluator/profile").await.expect(200).says("Fields");
    let pool = app.as_(OLAF).await.get("/staff/evaluators").await.expect(200);
    pool.says("Eva Expert").says("0 of 4").says("Finland, Sweden").does_not_say("Invitations without a yes");
    let officer = app.as_(OLAF).await;
    let again = officer.post("/staff/evaluators", &[("name", "E"), ("email", "eva.expert@example.org")]);
    again.await.expect(422).says("in the pool already");
    app.finish().await;
}

async fn an_invitation_is_for_one_person_and_one_answer(app: TestApp) {
    app.grant(OLAF, Role::Secretariat, None, None).await;
    let token = invited(&app, "Eva Expert", "eva.expert@example.org").await;
    let page = format!("/evaluators/invitations/{token}");

    let other = app.as_("Edgar Other").await;
    other.get(&page).await.goes_to(&format!("/invitations/{token}"));
    other.post(&page, &join(&[("answer", "accept")])).await.expect(422).says("was sent to eva.expert@example.org");
    let eva = app.as_("Eva Expert").await;
    eva.post(&page, &[("answer", "decline")]).await.goes_to("/overview");
    eva.post(&page, &join(&[("answer", "accept")])).await.expect(422).says("was answered already");
    eva.get("/evaluator/profile").await.expect(404);
    app.as_(OLAF).await.get("/staff/evaluators").await.expect(200).says("Declined");
    eva.get("/evaluators/invitations/no-such-token").await.expect(404);

    let olaf = app.program(OLAF).await;
    let body = json!({ "name": "Nina", "email": "nina@example.org" });
    assert_eq!(olaf.post("/evaluators/invitations", body).await.0.as_u16(), 200);
    let (_, pool) = olaf.get("/evaluators").await;
    let id = pool["invitations"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/evaluators/invitations/{id}");
    assert_eq!(olaf.call(Method::DELETE, &path, Value::Null).await.0.as_u16(), 200);
    assert_eq!(app.program("Eva Expert").await.get("/evaluators").await.0.as_u16(), 404);
    app.finish().await;
}

async fn a_profile_is_the_experts_own(app: TestApp) {
    app.grant(OLAF, Role::Secretariat, None, None).await;
    let id = app.evaluator("Eva Expert", "Institute", "health").await;
    let eva = app.as_("Eva Expert").await;

    eva.post("/evaluator/profile", &join(&[("version", "1")])).await.goes_to("/evaluator/profile");
    let other_tab = eva.post("/evaluator/profile", &join(&[("version", "1")])).await.expect(422);
    other_tab.says("was changed by");
    let page = format!("/staff/evaluators/{id}");
    eva.get(&page).await.expect(403);
    let olaf = app.as_(OLAF).await;
    olaf.get(&page).await.expect(200).says("Take out of the pool");
    olaf.post(&format!("{page}/state"), &[("state", "left")]).await.goes_to(&page);
    eva.get("/evaluator/profile").await.expect(404);
    olaf.post(&format!("{page}/state"), &[("state", "active")]).await.goes_to(&page);
    eva.get("/evaluator/profile").await.expect(200);
    app.as_("Somebody Else").await.get("/evaluator/profile").await.expect(404);
    app.finish().await;
}

async fn the_pool_is_searched_and_exported(app: TestApp) {
    let field = app.field(CallState::Evaluating, 1).await;
    app.assigned(field.proposals[0].id, "Eva Expert").await;
    app.evaluator("Nora North", "Polar Institute", "ice, shipping").await;
    let olaf = app.as_(OLAF).await;

    let page = olaf.get("/staff/evaluators?q=polar").await.expect(200);
    page.says("Nora North").does_not_say("Eva Expert");
    let file = olaf.get("/staff/evaluators?q=eva&export=csv").await.expect(200).html();
    assert!(file.contains("Eva Expert,eva.expert@example.org,Active") && !file.contains("Nora"), "{file}");
    app.as_("Mette Holm").await.get("/staff/evaluators").await.expect(403);
    app.as_("Cora 1").await.get("/staff/evaluators").await.expect(404);
    app.finish().await;
}
