//! Saved views of lists.

use crate::support::TestApp;
use serde_json::json;

both!(a_person_saves_and_forgets_a_view, a_program_does_the_same);

const SAVE: [(&str, &str); 4] =
    [("list", "proposals"), ("name", "Open ones"), ("query", "state=open"), ("back", "/staff?state=open")];

async fn a_person_saves_and_forgets_a_view(app: TestApp) {
    let olaf = app.as_("Olaf Berg").await;

    olaf.post("/lists/views", &SAVE).await.goes_to("/staff?state=open");
    let again = [("list", "proposals"), ("name", "Open ones"), ("query", "state=done"), ("back", "//elsewhere.org")];
    olaf.post("/lists/views", &again).await.goes_to("/");

    let views = app.ask("Olaf Berg", fairway::lists::views::queries::OwnViews(Some("proposals".into()))).await;
    let shown: Vec<_> = views.iter().map(|v| (v.name.as_str(), v.query.as_str())).collect();
    assert_eq!(shown, [("Open ones", "state=done")]);
    let forget = format!("/lists/views/{}/drop", views[0].id);
    app.as_("Somebody Else").await.post(&forget, &[]).await.expect(404);
    app.visitor().post(&forget, &[]).await.expect(401);
    olaf.post(&forget, &[("back", "/staff")]).await.goes_to("/staff");
    olaf.post(&forget, &[("back", "/staff")]).await.expect(404);
    olaf.post("/lists/views", &[("list", "proposals"), ("name", " "), ("back", "/staff")]).await.goes_to("/staff");
    assert_eq!(app.audit_trail().await.last().unwrap(), "Olaf Berg forgot the view “Open ones” of the list proposals");
    app.finish().await;
}

async fn a_program_does_the_same(app: TestApp) {
    let program = app.program("Olaf Berg").await;

    let view = json!({ "list": "proposals", "name": "Mine", "query": "q=wind" });
    let (status, saved) = program.post("/saved-views", view).await;
    assert_eq!(status.as_u16(), 200, "{saved}");
    let (_, list) = program.get("/saved-views?list=proposals").await;
    assert_eq!((list["total"].as_u64(), list["items"][0]["name"].as_str()), (Some(1), Some("Mine")));
    let (status, refused) = program.post("/saved-views", json!({ "list": "X!", "name": "", "query": "" })).await;
    assert_eq!((status.as_u16(), refused["errors"].as_array().map(Vec::len)), (422, Some(2)));
    let path = format!("/saved-views/{}", saved["id"].as_str().unwrap());
    let delete = poem::http::Method::DELETE;
    assert_eq!(program.call(delete.clone(), &path, serde_json::Value::Null).await.0.as_u16(), 200);
    assert_eq!(program.call(delete, &path, serde_json::Value::Null).await.0.as_u16(), 404);
    app.finish().await;
}
