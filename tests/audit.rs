//! The activity log: who reads what of it.

use crate::support::TestApp;
use entity::types::{ids::CallId, states::Role};
use fairway::lists::views::commands::SaveView;

both!(the_log_is_read_filtered_and_verified, strangers_read_nothing);

async fn save(app: &TestApp, who: &str, name: &str) {
    app.run(who, SaveView { list: "things".into(), name: name.into(), query: String::new() }).await;
}

async fn the_log_is_read_filtered_and_verified(app: TestApp) {
    app.grant("Ada Log", Role::Auditor, None, None).await;
    save(&app, "Ana Kask", "Open ones").await;
    save(&app, "Bo Berg", "100%_done").await;
    let ada = app.as_("Ada Log").await;

    let page = ada.get("/admin/log").await.expect(200);
    page.says("Ana Kask saved the view “Open ones”");
    ada.get("/admin/log?who=bo").await.says("Bo Berg").does_not_say("Ana Kask saved");
    ada.get("/admin/log?q=100%25_").await.says("1 match:").says("Bo Berg");
    ada.get("/admin/log?q=x%25").await.says("0 matches:");
    ada.get("/admin/log?kind=call").await.says("Nothing here");
    ada.get("/admin/log?until=2016-01-01").await.says("Nothing here");
    let ana = app.account("Ana Kask").await;
    ada.get(&format!("/admin/log?object={ana}")).await.says("Ana Kask saved").does_not_say("Bo Berg saved");
    ada.get("/admin/log/verify").await.expect(200).says("The chain holds. All 3 entries were read");
    let csv = ada.get("/admin/log?export=csv&who=ana").await.expect(200).html();
    assert_eq!(csv.lines().count(), 2);
    let (_, entries) = app.program("Ada Log").await.get("/activity?who=ana").await;
    assert_eq!(entries["items"][0]["details"]["name"], "Open ones");
    let (_, chain) = app.program("Ada Log").await.get("/activity/verify").await;
    assert_eq!(chain["holds"], true);
    app.finish().await;
}

async fn strangers_read_nothing(app: TestApp) {
    save(&app, "Ana Kask", "Open ones").await;
    // A secretariat of one call sees what belongs to that call only; this one has nothing yet.
    let ana = app.as_("Ana Kask").await;
    for path in ["/admin/log", "/admin/log/verify", "/admin/log?export=csv"] {
        ana.get(path).await.expect(404);
        app.visitor().get(path).await.expect(401);
    }
    let nowhere = CallId(uuid::Uuid::from_u128(7));
    ana.get(&format!("/staff/calls/{nowhere}/history")).await.expect(404);
    ana.get(&format!("/proposals/{nowhere}/history")).await.expect(404);
    assert_eq!(app.program("Ana Kask").await.get("/activity").await.0.as_u16(), 404);
    app.grant("Olaf Berg", Role::Secretariat, None, None).await;
    app.as_("Olaf Berg").await.get("/admin/log").await.expect(200).does_not_say("Ana Kask saved");
    app.finish().await;
}
