//! Indicators of a call.

use crate::support::TestApp;

both!(targets_of_awarded_parts_are_shown_to_their_agency);

async fn targets_of_awarded_parts_are_shown_to_their_agency(app: TestApp) {
    let field = app.decided_field(2).await;
    let path = format!("/staff/calls/{}/kpis", field.call);

    app.as_("Olaf Berg").await.get(&path).await.expect(200).says("Meetings between companies").says("0 of 2");
    app.as_("Dorte Dahl").await.get(&path).await.expect(200).says("0 of 1");
    app.as_(&field.proposals[0].coordinator).await.get(&path).await.expect(404);
    let (status, figures) = app.program("Olaf Berg").await.get(&format!("/calls/{}/kpis", field.call)).await;
    assert_eq!(status.as_u16(), 200);
    let meetings = figures["items"].as_array().unwrap().iter().find(|i| i["key"] == "b2b_meetings").unwrap();
    assert_eq!(meetings["target"], 40);
    app.finish().await;
}
