//! Making an account and setting passwords.

use crate::support::{PASSWORD, TestApp};
use entity::kernel::rate_window;
use sea_orm::EntityTrait;
use serde_json::{Value, json};

both!(
    a_person_registers_and_confirms_by_mail,
    a_known_address_gets_the_same_answer_and_another_mail,
    a_new_password_ends_every_session_and_every_token,
    a_changed_password_ends_the_tokens_unless_they_are_to_go_on,
    asking_for_an_unknown_address_costs_the_same_and_names_nobody,
    a_weak_password_is_refused_and_everything_else_is_kept,
    a_new_password_is_not_made_of_ones_own_name,
    a_link_that_does_not_hold_is_refused_before_the_password_is_looked_at,
    programs_are_counted_by_the_address_the_proxy_names,
    the_confirmation_mail_is_sent_again,
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

async fn a_new_password_ends_every_session_and_every_token(app: TestApp) {
    let ana = app.as_("Ana Kask").await;
    let (own, other) = (app.program("Ana Kask").await, app.program("Bruno Lind").await);
    assert_eq!(own.get("/me").await.0, 200);
    app.visitor().post("/password/forgotten", &[("email", "ana.kask@example.org")]).await.expect(200);
    let path = link(&app, "A03").await;
    app.visitor().get(&path).await.expect(200).says("all your API tokens are revoked");

    app.visitor().post(&path, &[("new_password", NEW)]).await.goes_to("/sign-in");

    ana.get("/account").await.expect(401);
    assert_eq!(own.get("/me").await.0, 401);
    assert_eq!(other.get("/me").await.0, 200);
    let mail = app.mails().await.pop().unwrap();
    assert!(mail.name == "A04" && mail.text.contains("all API tokens revoked"), "{}", mail.text);
    let fields = [("email", "ana.kask@example.org"), ("password", NEW)];
    app.visitor().post("/sign-in", &fields).await.goes_to("/overview");
    app.finish().await;
}

async fn a_changed_password_ends_the_tokens_unless_they_are_to_go_on(app: TestApp) {
    let program = app.program("Ana Kask").await;
    let ana = app.as_("Ana Kask").await;
    let box_of = |html: &str| html.split("<input ").find(|tag| tag.contains("\"revoke_tokens\"")).unwrap().to_owned();
    assert!(box_of(&ana.get("/account").await.expect(200).html()).contains("checked"));

    // What was chosen stays when something else is wrong.
    let wrong = ana.post("/account/password", &[("password", "wrong"), ("new_password", NEW)]).await.expect(422);
    assert!(!box_of(&wrong.html()).split('>').next().unwrap().contains("checked"));

    ana.post("/account/password", &[("password", PASSWORD), ("new_password", NEW)]).await.goes_to("/sign-in");
    ana.get("/account").await.expect(401);
    assert_eq!(program.get("/me").await.0, 200);
    assert!(app.mails().await.pop().unwrap().text.contains("your API tokens still work"));

    let ana = app.as_("Ana Kask").await;
    let fields = [("password", NEW), ("new_password", PASSWORD), ("revoke_tokens", "yes")];
    ana.post("/account/password", &fields).await.goes_to("/sign-in");
    assert_eq!(program.get("/me").await.0, 401);
    let line = app.audit_trail().await.pop().unwrap();
    assert_eq!(line, "Ana Kask set a new password; 1 sessions and 1 API tokens ended");
    app.finish().await;
}

async fn asking_for_an_unknown_address_costs_the_same_and_names_nobody(app: TestApp) {
    app.account("Ana Kask").await;

    for path in ["/password/forgotten", "/register/again"] {
        for email in ["ana.kask@example.org", "nobody@example.org"] {
            let before = app.audit_trail().await.len();
            app.visitor().post(path, &[("email", email)]).await.expect(200);
            // One command, and so one commit, whoever it is.
            assert_eq!(app.audit_trail().await.len(), before + 1, "{path} {email}");
        }
    }

    let log = app.audit_trail().await.join("\n");
    assert!(log.contains("asked for a new password for an address without an account"), "{log}");
    assert!(log.contains("asked for the confirmation mail for an address without an account"), "{log}");
    assert!(!log.contains("nobody@"), "{log}");
    assert_eq!(app.mails().await.iter().filter(|mail| mail.address != "ana.kask@example.org").count(), 0);
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

async fn a_new_password_is_not_made_of_ones_own_name(app: TestApp) {
    app.account("Marguerite Oldenburg").await;
    let ask = [("email", "marguerite.oldenburg@example.org")];
    app.visitor().post("/password/forgotten", &ask).await.expect(200);
    let path = link(&app, "A03").await;
    let own = "marguerite-oldenburg";

    app.visitor().post(&path, &[("new_password", own)]).await.expect(422).says("Leave out your name");
    let token = path.rsplit('/').next().unwrap();
    let body = json!({ "token": token, "password": own });
    let (status, problem) = program(&app, "10.1.1.1", "/password/new", &body).await;
    assert_eq!((status, problem["errors"][0]["field"].as_str()), (422, Some("password")));
    let (status, _) = program(&app, "10.1.1.1", "/password/new", &json!({ "token": token, "password": NEW })).await;
    assert_eq!(status, 202);
    app.finish().await;
}

async fn a_link_that_does_not_hold_is_refused_before_the_password_is_looked_at(app: TestApp) {
    let body = json!({ "token": "0".repeat(64), "password": "short" });

    for _ in 0..60 {
        let (status, problem) = program(&app, "10.1.1.1", "/password/new", &body).await;
        assert_eq!((status, problem["code"].as_str()), (422, Some("link_over")));
    }
    assert_eq!(program(&app, "10.1.1.1", "/password/new", &body).await.0, 429);
    app.visitor().post("/password/new/0000", &[("new_password", "short")]).await.expect(422).says("This link was used");
    app.finish().await;
}

/// Posts without a token, as a program behind this address.
async fn program(app: &TestApp, address: &str, path: &str, body: &Value) -> (u16, Value) {
    let request = poem::Request::builder()
        .method(poem::http::Method::POST)
        .uri_str(format!("/api/v1{path}"))
        .header("x-forwarded-for", format!("6.6.6.6, {address}"))
        .content_type("application/json")
        .body(body.to_string());
    let response = app.send(request).await;
    let status = response.status().as_u16();
    let bytes = response.into_body().into_vec().await.unwrap();
    (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
}

async fn programs_are_counted_by_the_address_the_proxy_names(app: TestApp) {
    let ask = async |address: &str, n: usize| {
        let body = json!({ "email": format!("nobody{n}@example.org") });
        program(&app, address, "/password/forgotten", &body).await.0
    };

    for n in 0..24 {
        assert_eq!(ask("10.1.1.1", n).await, 202);
    }
    assert_eq!(ask("10.1.1.1", 24).await, 429);
    assert_eq!(ask("10.1.1.2", 25).await, 202);
    let wrong = json!({ "email": "a@example.org", "password": "x", "name": "n", "write": false, "days": 1 });
    let before = rate_buckets(&app).await;
    assert_eq!(program(&app, "10.1.1.3", "/tokens", &wrong).await.0, 422);
    let new: Vec<String> = rate_buckets(&app).await.into_iter().filter(|bucket| !before.contains(bucket)).collect();
    assert!(new.contains(&"sign-in from 10.1.1.3".to_owned()), "{new:?}");
    app.finish().await;
}

async fn rate_buckets(app: &TestApp) -> Vec<String> {
    let rows = rate_window::Entity::find().all(app.app.database().maintenance()).await.unwrap();
    rows.into_iter().map(|row| row.bucket).collect()
}

async fn the_confirmation_mail_is_sent_again(app: TestApp) {
    app.account("Ana Kask").await;
    let fields = [("name", "Nora New"), ("email", "nora@example.org"), ("password", NEW)];
    app.visitor().post("/register", &fields).await.expect(200);
    let first = link(&app, "A01").await;

    let visitor = app.visitor();
    visitor.get(&first).await.expect(200).says("Get a new one");
    for email in ["nora@example.org", "nobody@example.org", "ana.kask@example.org"] {
        visitor.post("/register/again", &[("email", email)]).await.expect(200).says("sent a mail to it again");
    }
    visitor.post("/register/again", &[("email", "no address")]).await.expect(422);
    let (status, _) =
        program(&app, "10.1.1.1", "/accounts/confirm/again", &json!({ "email": "nora@example.org" })).await;
    assert_eq!(status, 202);

    let mut names: Vec<String> = app.mails().await.into_iter().map(|m| format!("{} {}", m.name, m.address)).collect();
    names.sort();
    let nora = "A01 nora@example.org";
    assert_eq!(names, [nora, nora, nora, "A02 ana.kask@example.org"]);
    visitor.post(&first, &[("password", NEW)]).await.expect(422).says("This link was used already");
    for _ in 0..4 {
        visitor.post("/register/again", &[("email", "nora@example.org")]).await.expect(200);
    }
    visitor.post("/register/again", &[("email", "nora@example.org")]).await.expect(429);
    app.finish().await;
}
