//! Signing in and out.

use crate::support::{PASSWORD, TestApp};
use entity::accounts::credential;
use fairway::kernel::passwords::{Cost, Passwords};
use poem::http::Method;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel};
use serde_json::{Value, json};

both!(
    a_person_signs_in_and_out,
    a_wrong_password_and_an_unknown_address_get_the_same_answer,
    too_many_wrong_tries_have_to_wait,
    a_form_without_its_token_changes_nothing,
    a_program_learns_whose_token_it_has,
    a_program_lists_and_ends_sessions_and_changes_the_name,
    whoever_may_not_is_offered_another_account,
    an_old_hash_is_renewed_by_the_next_sign_in_and_only_by_the_right_password,
    a_program_changes_the_password,
);

async fn a_person_signs_in_and_out(app: TestApp) {
    app.account("Ana Kask").await;
    let browser = app.visitor();

    let fields = [("email", "Ana.Kask@Example.org"), ("password", PASSWORD), ("next", "/calls")];
    browser.post("/sign-in", &fields).await.goes_to("/calls");
    browser.get("/sign-in").await.goes_to("/overview");
    assert_eq!(app.audit_trail().await.last().unwrap(), "Ana Kask signed in");

    app.as_("Ana Kask").await.post("/sign-out", &[]).await.goes_to("/");
    assert_eq!(app.audit_trail().await.last().unwrap(), "Ana Kask ended a session");
    app.finish().await;
}

async fn a_wrong_password_and_an_unknown_address_get_the_same_answer(app: TestApp) {
    app.account("Ana Kask").await;
    let browser = app.visitor();

    for email in ["ana.kask@example.org", "nobody@example.org", "no address"] {
        let page = browser.post("/sign-in", &[("email", email), ("password", "wrong")]).await.expect(422);
        assert_eq!(page.input("email").as_deref(), Some(email));
        page.says("The e-mail address or the password is not right.");
    }
    app.finish().await;
}

async fn too_many_wrong_tries_have_to_wait(app: TestApp) {
    app.account("Ana Kask").await;
    let browser = app.visitor();
    let wrong = [("email", "ana.kask@example.org"), ("password", "wrong")];

    for _ in 0..10 {
        browser.post("/sign-in", &wrong).await.expect(422);
    }
    let right = [("email", "ana.kask@example.org"), ("password", PASSWORD)];
    browser.post("/sign-in", &right).await.expect(429).says("Please wait 15 minutes");

    app.jump(app.app.now() + chrono::TimeDelta::minutes(16));
    browser.post("/sign-in", &right).await.goes_to("/overview");
    app.finish().await;
}

async fn a_form_without_its_token_changes_nothing(app: TestApp) {
    let ana = app.as_("Ana Kask").await;
    let before = app.audit_trail().await;

    ana.post_raw("/sign-out", "not the token", &[("note", "typed words")]).await.expect(403).says("typed words");

    assert_eq!(app.audit_trail().await, before);
    app.finish().await;
}

async fn a_program_learns_whose_token_it_has(app: TestApp) {
    let program = app.program("Ana Kask").await;

    let (status, me) = program.get("/me").await;

    assert_eq!((status.as_u16(), me["name"].as_str()), (200, Some("Ana Kask")));
    let nobody = app.visitor().get("/api/v1/me").await;
    assert_eq!(nobody.status.as_u16(), 401);
    app.finish().await;
}

async fn a_program_lists_and_ends_sessions_and_changes_the_name(app: TestApp) {
    let (one, two) = (app.as_("Ana Kask").await, app.as_("Ana Kask").await);
    let bruno = app.as_("Bruno Lind").await;
    let program = app.program("Ana Kask").await;

    let (status, sessions) = program.get("/me/sessions").await;
    assert_eq!((status.as_u16(), sessions["items"].as_array().unwrap().len()), (200, 2), "{sessions}");
    let first = format!("/me/sessions/{}", sessions["items"][0]["id"].as_str().unwrap());
    let other = app.program("Bruno Lind").await;
    assert_eq!(other.call(Method::DELETE, &first, Value::Null).await.0.as_u16(), 404);
    assert_eq!(program.call(Method::DELETE, &first, Value::Null).await.0.as_u16(), 204);
    assert_eq!(program.call(Method::DELETE, &first, Value::Null).await.0.as_u16(), 204);
    assert_eq!(program.get("/me/sessions").await.1["items"].as_array().unwrap().len(), 1);
    assert_eq!(program.call(Method::DELETE, "/me/sessions", Value::Null).await.0.as_u16(), 204);
    one.get("/account").await.expect(401);
    two.get("/account").await.expect(401);
    bruno.get("/account").await.expect(200);

    assert_eq!(program.call(Method::PUT, "/me/name", json!({ "name": "" })).await.0.as_u16(), 422);
    assert_eq!(program.call(Method::PUT, "/me/name", json!({ "name": "Ana Tamm" })).await.0.as_u16(), 204);
    assert_eq!(program.get("/me").await.1["name"], "Ana Tamm");
    app.finish().await;
}

async fn whoever_may_not_is_offered_another_account(app: TestApp) {
    let made = app.as_("Ana Kask").await;
    let fields = [("kind", "cluster"), ("name", "Baltic Food Cluster"), ("country", "LT")];
    let path = made.post("/organisations/new", &fields).await.expect(303).location.unwrap();
    let bruno = app.as_("Bruno Lind").await;

    let page = bruno.get(&format!("{path}/edit")).await.expect(403);
    let page = page.says("You are signed in as Bruno Lind (bruno.lind@example.org)").says("Sign in as somebody else");
    let next = page.input("next").unwrap();
    assert_eq!(next, format!("{path}/edit"));
    let sign_in = bruno.post("/sign-out", &[("next", &next)]).await.expect(303).location.unwrap();
    assert_eq!(bruno.get(&sign_in).await.expect(200).input("next"), Some(next));
    app.visitor().get(&format!("{path}/edit")).await.expect(401).does_not_say("Sign in as somebody else");
    app.finish().await;
}

async fn an_old_hash_is_renewed_by_the_next_sign_in_and_only_by_the_right_password(app: TestApp) {
    let account = app.account("Ana Kask").await;
    let db = app.app.database().maintenance();
    let stored = async || credential::Entity::find_by_id(account).one(db).await.unwrap().unwrap();
    // As it was kept when hashing was made cheaper than it is now.
    let old = Passwords::with(1, 1, Cost { memory_kib: 32, rounds: 1 }).hash(PASSWORD.into(), [9; 16]).await.unwrap();
    let mut row = stored().await.into_active_model();
    row.phc = Set(old.clone());
    row.update(db).await.unwrap();
    let browser = app.visitor();

    browser.post("/sign-in", &[("email", "ana.kask@example.org"), ("password", "wrong")]).await.expect(422);
    assert_eq!(stored().await.phc, old);
    let right = [("email", "ana.kask@example.org"), ("password", PASSWORD)];
    browser.post("/sign-in", &right).await.goes_to("/overview");

    let renewed = stored().await.phc;
    assert!(renewed.contains("$m=64,t=1,p=1$") && !app.app.passwords().needs_rehash(&renewed), "{renewed}");
    app.visitor().post("/sign-in", &right).await.goes_to("/overview");
    assert_eq!(stored().await.phc, renewed);
    app.finish().await;
}

async fn a_program_changes_the_password(app: TestApp) {
    let browser = app.as_("Ana Kask").await;
    let (program, other) = (app.program("Ana Kask").await, app.program("Ana Kask").await);
    const NEW: &str = "slow tides and a steady compass";
    let ask = |present: &str, new: &str, revoke: bool| json!({ "password": present, "new_password": new, "revoke_tokens": revoke });

    let (status, wrong) = program.call(Method::PUT, "/me/password", ask("wrong", NEW, false)).await;
    assert_eq!((status.as_u16(), wrong["errors"][0]["field"].as_str()), (422, Some("password")), "{wrong}");
    let (status, weak) = program.call(Method::PUT, "/me/password", ask(PASSWORD, "short", false)).await;
    assert_eq!((status.as_u16(), weak["errors"][0]["field"].as_str()), (422, Some("new_password")), "{weak}");
    browser.get("/account").await.expect(200);
    assert_eq!(program.call(Method::PUT, "/me/password", ask(PASSWORD, NEW, false)).await.0.as_u16(), 204);
    browser.get("/account").await.expect(401);
    assert_eq!(other.get("/me").await.0.as_u16(), 200);
    assert_eq!(program.call(Method::PUT, "/me/password", ask(NEW, PASSWORD, true)).await.0.as_u16(), 204);
    assert_eq!(other.get("/me").await.0.as_u16(), 401);
    app.finish().await;
}
