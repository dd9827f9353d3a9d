//! How a call goes, in numbers.

use crate::support::{TestApp, scenes::calls::OLAF};
use entity::types::states::{CallState, PartState};
use serde_json::json;

both!(
    staff_see_counts_and_nobody_else_does,
    the_desk_shows_numbers_that_lead_to_their_lists,
    everybody_with_a_draft_is_reminded
);

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

async fn the_desk_shows_numbers_that_lead_to_their_lists(app: TestApp) {
    let field = app.field(CallState::Closed, 2).await;
    app.part_to(field.proposals[0].parts[0], PartState::Ineligible).await;
    let desk = format!("/staff/calls/{}", field.call);

    let page =
        app.as_(OLAF).await.get(&desk).await.expect(200).says("Parts to check 3 parts to check").says("Milestones");
    assert!(page.html().contains(&format!("{desk}/proposals?state=ineligible\">1<")), "{}", page.html());
    page.says("✓ Closed , done").says("○ Ranking fixed , to come");
    // Each agency counts its own parts.
    app.as_("Mette Holm").await.get(&desk).await.expect(200).says("Parts to check 1 parts to check");
    let (status, figures) = app.program(OLAF).await.get("/calls/IE-2017/key-figures").await;
    assert_eq!(status.as_u16(), 200);
    assert!(figures["parts"].as_array().unwrap().contains(&json!({ "state": "submitted", "count": 3 })), "{figures}");
    assert_eq!(app.program("Cora 1").await.get("/calls/IE-2017/key-figures").await.0.as_u16(), 404);
    app.finish().await;
}

async fn everybody_with_a_draft_is_reminded(app: TestApp) {
    let call = app.call_open_for_drafts().await;
    app.complete_draft(&call).await;
    let (page, act) = (format!("/staff/calls/{call}/figures"), format!("/staff/calls/{call}/drafts/remind"));
    let olaf = app.as_(OLAF).await;
    let sent = async || app.inbox().await.into_iter().filter(|mail| mail.starts_with("P02")).collect::<Vec<_>>();

    olaf.get(&page).await.expect(200).says("Remind everybody with a draft");
    app.as_("Ana Kask").await.post(&act, &[]).await.expect(404);
    app.as_("Mette Holm").await.post(&act, &[]).await.expect(403);
    assert!(sent().await.is_empty());
    olaf.post(&act, &[("key", "one press")]).await.goes_to(&page);
    olaf.post(&act, &[("key", "one press")]).await.goes_to(&page);
    let once = sent().await;
    assert!(once.iter().any(|mail| mail.starts_with("P02 to ana.kask@example.org: Not handed in yet")), "{once:?}");
    olaf.post(&act, &[("key", "another press")]).await.goes_to(&page);
    olaf.get(&page).await.says("Please leave a day between two reminders.");
    assert_eq!(sent().await, once);
    app.finish().await;
}
