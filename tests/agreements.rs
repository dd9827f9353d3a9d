//! Dates of awarded parts.

use crate::support::TestApp;
use entity::types::states::PartState;

both!(dates_start_the_part_and_order_its_reports, dates_outside_the_call_are_refused);

async fn dates_start_the_part_and_order_its_reports(app: TestApp) {
    let field = app.decided_field(1).await;
    let part = field.proposals[0].parts[0];
    let path = format!("/staff/parts/{part}/agreement");
    let dates = [("starts_on", "2018-02-01"), ("ends_on", "2019-01-31"), ("version", "0")];

    app.as_("Lina Laukyte").await.post(&path, &dates).await.expect(404);
    app.as_("Dorte Dahl").await.post(&path, &dates).await.goes_to(&path);
    app.work().await;

    assert_eq!(app.part_state(part).await, PartState::Contracted);
    let cora = app.as_(&field.proposals[0].coordinator).await;
    let page = cora.get(&format!("/proposals/{}/parts/{part}/agreement", field.proposals[0].id)).await.expect(200);
    page.says("1 August 2018").says("31 January 2019");
    assert!(app.inbox().await.iter().any(|mail| mail.starts_with("M30 to")));
    app.finish().await;
}

async fn dates_outside_the_call_are_refused(app: TestApp) {
    let field = app.decided_field(1).await;
    let path = format!("/staff/parts/{}/agreement", field.proposals[0].parts[0]);
    let dorte = app.as_("Dorte Dahl").await;

    let short = [("starts_on", "2018-02-01"), ("ends_on", "2018-04-30"), ("note", "kept"), ("version", "0")];
    dorte.post(&path, &short).await.expect(422).says("The call allows 12 to 18 months; this is 3").says("kept");
    dorte
        .post(&path, &[("starts_on", "31st"), ("ends_on", ""), ("version", "0")])
        .await
        .expect(422)
        .says("Enter a date");
    app.finish().await;
}
