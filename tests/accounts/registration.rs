//! Making an account and setting passwords.

use crate::support::{PASSWORD, TestApp};

both!(
    a_person_registers_and_confirms_by_mail,
    a_known_address_gets_the_same_answer_and_another_mail,
    a_new_password_ends_every_session,
    a_weak_password_is_refused_and_everything_else_is_kept,
);

/// The path of the link in the last mail of this name.
async fn link(app: &TestApp, name: &str) -> String {
    let mails = app.mails().await;
    let mail = mails.iter().rev().find(|m| m.name == name).unwrap_or_else(|| panic!("no mail {name}"));
    let at = mail.text.find(&app.base_url).unwrap() + app.base_url.len();
    mail.text[at..].split_whitespace().next().unwrap().to_owned()
}

const NEW: &str = "harbour lantern biscuit";

async fn a_person_registers_and_confirms_by_mail(app: TestApp) {
    let browser = app.visitor();
    let fields = [("name", "Ana Kask"), ("email", "ana@example.org"), ("password", NEW)];

    browser.post("/register", &fields).await.expect(200).says("We have sent a mail");
    let wrong = [("email", "ana@example.org"), ("password", NEW)];
    browser.post("/sign-in", &wrong).await.expect(422);
    let path = link(&app, "A01").await;
    browser.get(&path).await.expect(200).says("Confirm my address");
    browser.post(&path, &[("password", "another one")]).await.expect(422).says("not the password chosen");
    browser.post(&path, &[("password", NEW)]).await.goes_to("/overview");
    browser.get("/account").await.expect(200).says("ana@example.org");

    let other = app.visitor();
    other.post(&path, &[("password", NEW)]).await.expect(422).says("This link was used already");
    app.finish().await;
}

async fn a_known_address_gets_the_same_answer_and_another_mail(app: TestApp) {
    app.account("Ana Kask").await;

    let fields = [("name", "Mallory"), ("email", "ana.kask@example.org"), ("password", NEW)];
    app.visitor().post("/register", &fields).await.expect(200).says("We have sent a mail");
    app.visitor().post("/password/forgotten", &[("email", "nobody@example.org")]).await.expect(200).says("If there is");

    assert_eq!(app.inbox().await, ["A02 to ana.kask@example.org: You already have an account"]);
    let still = [("email", "ana.kask@example.org"), ("password", PASSWORD)];
    app.visitor().post("/sign-in", &still).await.goes_to("/overview");
    app.finish().await;
}

async fn a_new_password_ends_every_session(app: TestApp) {
    let ana = app.as_("Ana Kask").await;
    app.visitor().post("/password/forgotten", &[("email", "ana.kask@example.org")]).await.expect(200);
    let path = link(&app, "A03").await;

    app.visitor().post(&path, &[("new_password", NEW)]).await.goes_to("/sign-in");

    ana.get("/account").await.expect(401);
    let fields = [("email", "ana.kask@example.org"), ("password", NEW)];
    app.visitor().post("/sign-in", &fields).await.goes_to("/overview");
    app.finish().await;
}

async fn a_weak_password_is_refused_and_everything_else_is_kept(app: TestApp) {
    let fields = [("name", "Ana Kask"), ("email", "ana@example.org"), ("password", "anakask123")];

    let page = app.visitor().post("/register", &fields).await.expect(422);

    assert_eq!(page.input("email").as_deref(), Some("ana@example.org"));
    assert_eq!(page.input("name").as_deref(), Some("Ana Kask"));
    assert_eq!(app.mails().await.len(), 0);
    app.finish().await;
}
