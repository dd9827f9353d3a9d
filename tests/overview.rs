//! The first page and the homes: what each kind of person finds there.

use crate::support::TestApp;
use entity::types::states::Role;

both!(
    visitors_read_about_fairway_and_open_calls,
    a_newcomer_is_told_how_to_begin,
    staff_see_their_calls_with_the_next_step,
    administrators_see_what_failed,
    the_overview_is_for_programs_too,
);

async fn visitors_read_about_fairway_and_open_calls(app: TestApp) {
    let visitor = app.visitor();
    visitor.get("/").await.expect(200).says("No call is open at the moment.").says("Create an account");
    for path in ["/accessibility", "/privacy"] {
        visitor.get(path).await.expect(200);
    }
    for path in ["/overview", "/staff", "/admin"] {
        visitor.get(path).await.expect(401);
    }

    app.open_call_2017().await;

    visitor.get("/").await.expect(200).says("Innovation Express 2017").says("days left").says("Europe/");
    app.finish().await;
}

async fn a_newcomer_is_told_how_to_begin(app: TestApp) {
    let ana = app.as_("Ana Kask").await;

    ana.get("/overview").await.expect(200).says("Join an organisation");
    ana.get("/staff").await.expect(404);
    ana.get("/admin").await.expect(404);
    app.finish().await;
}

async fn staff_see_their_calls_with_the_next_step(app: TestApp) {
    let scene = app.draft_call_2017().await;
    let olaf = app.as_("Olaf Berg").await;

    let page = olaf.get("/overview").await.expect(200);
    page.says("Finish the call").says("Innovation Express 2017").says("annexes");
    let page = olaf.get("/staff").await.expect(200);
    assert!(page.html().contains(&format!("href=\"/staff/calls/{}\"", scene.call)));
    page.says("Start a call");
    app.grant("Ada Log", Role::Auditor, None, None).await;
    app.as_("Ada Log")
        .await
        .get("/staff")
        .await
        .expect(200)
        .says("Innovation Express 2017")
        .does_not_say("Start a call");
    app.finish().await;
}

async fn administrators_see_what_failed(app: TestApp) {
    app.grant("Adam Min", Role::Administrator, None, None).await;
    let adam = app.as_("Adam Min").await;

    adam.get("/admin").await.expect(200).says("mails failed").says("Activity log");
    adam.get("/overview").await.expect(200).says("This installation").does_not_say("Join an organisation");
    app.finish().await;
}

async fn the_overview_is_for_programs_too(app: TestApp) {
    app.draft_call_2017().await;

    let (status, seen) = app.program("Olaf Berg").await.get("/overview").await;
    assert_eq!((status.as_u16(), seen["calls"][0]["next"].as_str()), (200, Some("Finish the call")));
    let (_, nothing) = app.program("Ana Kask").await.get("/overview").await;
    assert_eq!(nothing["calls"].as_array().map(Vec::len), Some(0));
    assert_eq!(app.visitor().get("/api/v1/overview").await.status.as_u16(), 401);
    app.finish().await;
}
