//! Keys for programs, and the list of one's sessions.

use crate::support::TestApp;
use serde_json::json;

both!(
    a_token_is_shown_once_and_works_until_it_is_revoked,
    a_reading_token_changes_nothing,
    somebody_elses_session_does_not_exist,
    a_program_signs_in_for_a_token,
    a_tokens_last_use_is_shown,
);

fn shown(html: &str) -> String {
    let at = html.find("class=\"code\">").unwrap() + "class=\"code\">".len();
    html[at..at + 64].to_owned()
}

async fn me(app: &TestApp, token: &str) -> u16 {
    let request =
        poem::Request::builder().uri_str("/api/v1/me").header("authorization", format!("Bearer {token}")).finish();
    app.send(request).await.status().as_u16()
}

async fn a_token_is_shown_once_and_works_until_it_is_revoked(app: TestApp) {
    let ana = app.as_("Ana Kask").await;
    let fields = [("name", "export"), ("days", "30"), ("write", "yes")];

    let page = ana.post("/account/tokens", &fields).await.expect(200);
    let token = shown(&page.html());
    assert_eq!(me(&app, &token).await, 200);
    ana.get("/account/sessions").await.says("export").does_not_say(&token);

    let html = ana.get("/account/sessions").await.html();
    let at = html.find("/account/tokens/").unwrap();
    let path = html[at..].split('"').next().unwrap().to_owned();
    app.as_("Bruno Lind").await.post(&path, &[]).await.expect(404);
    assert_eq!(me(&app, &token).await, 200);
    ana.post(&path, &[]).await.goes_to("/account/sessions");
    assert_eq!(me(&app, &token).await, 401);
    app.finish().await;
}

async fn a_reading_token_changes_nothing(app: TestApp) {
    let account = app.account("Ana Kask").await;
    let program = crate::support::people::Program::of(&app, account, "read").await;

    let body = json!({ "kind": "sme", "name": "Kask OÜ", "country": "EE" });
    let (status, problem) = program.post("/organisations", body).await;

    assert_eq!((status.as_u16(), problem["code"].as_str()), (403, Some("token_scope")));
    app.finish().await;
}

async fn somebody_elses_session_does_not_exist(app: TestApp) {
    let ana = app.as_("Ana Kask").await;
    let html = ana.get("/account/sessions").await.expect(200).html();
    let at = html.find("/account/sessions/0").unwrap();
    let path = html[at..].split('"').next().unwrap().to_owned();

    app.as_("Bruno Lind").await.post(&path, &[]).await.expect(404);

    ana.get("/account").await.expect(200);
    ana.post(&path, &[]).await.expect(303);
    ana.get("/account").await.expect(401);
    app.finish().await;
}

async fn a_program_signs_in_for_a_token(app: TestApp) {
    app.account("Ana Kask").await;
    let program = app.program("Bruno Lind").await;
    let body = |password: &str| json!({ "email": "ana.kask@example.org", "password": password, "name": "script", "write": false, "days": 1 });

    let (status, _) = program.post("/tokens", body("wrong")).await;
    assert_eq!(status.as_u16(), 422);
    let (status, issued) = program.post("/tokens", body(crate::support::PASSWORD)).await;

    assert_eq!(status.as_u16(), 200);
    assert_eq!(me(&app, issued["token"].as_str().unwrap()).await, 200);
    app.finish().await;
}

async fn a_tokens_last_use_is_shown(app: TestApp) {
    let program = app.program("Ana Kask").await;
    let ana = app.as_("Ana Kask").await;
    ana.get("/account/sessions").await.expect(200).says("never");

    let (_, listed) = program.get("/tokens").await;
    let first = listed["items"][0]["used_at"].as_str().unwrap().to_owned();
    ana.get("/account/sessions").await.expect(200).does_not_say("never").says("1 September 2017");
    app.jump(app.app.now() + chrono::TimeDelta::minutes(2));
    assert_eq!(program.get("/tokens").await.1["items"][0]["used_at"], first.as_str());
    app.jump(app.app.now() + chrono::TimeDelta::minutes(4));
    assert_ne!(program.get("/tokens").await.1["items"][0]["used_at"], first.as_str());
    app.finish().await;
}
