//! How a call goes, in numbers.

use crate::support::{TestApp, scenes::calls::OLAF};
use serde_json::json;

both!(staff_see_counts_and_nobody_else_does);

async fn staff_see_counts_and_nobody_else_does(app: TestApp) {
    let scene = app.open_call_2017().await;
    let path = format!("/staff/calls/{}/figures", scene.call);

    app.as_(OLAF).await.get(&path).await.expect(200).says("parts submitted").says("2 500 000 NOK");
    app.as_("Lars Moen").await.get(&path).await.expect(200);
    app.as_("Ana Kask").await.get(&path).await.expect(404);
    app.visitor().get(&path).await.expect(401);
    let (status, figures) = app.program(OLAF).await.get("/calls/IE-2017/figures").await;
    assert_eq!(status.as_u16(), 200);
    assert_eq!((figures["proposals_drafted"].as_i64(), figures["agencies"][0]["drafts"].as_i64()), (Some(0), Some(0)));
    assert_eq!(figures["agencies"][2]["budget"], json!({ "amount": "2500000.00", "currency": "NOK" }));
    assert_eq!(app.program("Ana Kask").await.get("/calls/IE-2017/figures").await.0.as_u16(), 404);
    app.finish().await;
}
