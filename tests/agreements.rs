//! Dates of awarded parts.

use crate::support::TestApp;
use entity::{
    proposals::team_member,
    types::states::{PartState, TeamRole},
};
use sea_orm::{ActiveValue::Set, EntityTrait};

both!(
    dates_start_the_part_and_order_its_reports,
    dates_outside_the_call_are_refused,
    awarded_parts_are_searched_filtered_sorted_and_kept_as_a_file,
    changed_dates_stand_in_the_history_of_the_part,
    all_partners_of_the_consortium_learn_the_dates,
);

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

async fn awarded_parts_are_searched_filtered_sorted_and_kept_as_a_file(app: TestApp) {
    let field = app.decided_field(2).await;
    let list = format!("/staff/calls/{}/agreements", field.call);
    let dates = [("starts_on", "2018-02-01"), ("ends_on", "2019-01-31"), ("version", "0")];
    let part = field.proposals[0].parts[0];
    app.as_("Dorte Dahl").await.post(&format!("/staff/parts/{part}/agreement"), &dates).await.expect(303);
    let olaf = app.as_("Olaf Berg").await;

    let all = olaf.get(&list).await.expect(200).says("Denmark Cluster 1").says("Lithuania Cluster 1");
    all.says("Without dates").says("as Excel or CSV");
    let open = olaf.get(&format!("{list}?dates=none&sort=organisation&direction=desc")).await.expect(200);
    open.says("1 match:").says("Lithuania Cluster 1").does_not_say("Denmark Cluster 1");
    olaf.get(&format!("{list}?q=denmark")).await.says("1 match:").does_not_say("Lithuania Cluster 1");
    olaf.get(&format!("{list}?state=closed")).await.says("No awarded parts here");
    for sort in ["code", "organisation", "state", "starts", "ends"] {
        olaf.get(&format!("{list}?sort={sort}&direction=desc")).await.expect(200).says("1 to 2 of 2");
    }
    let csv = olaf.get(&format!("{list}?dates=set&export=csv")).await.expect(200).html();
    assert!(csv.lines().count() == 2 && csv.contains("2018-02-01"), "{csv}");
    let program = app.program("Olaf Berg").await;
    let (status, found) = program.get(&format!("/calls/{}/agreements?dates=set", field.call)).await;
    assert_eq!((status.as_u16(), found["total"].as_u64()), (200, Some(1)), "{found}");
    app.as_("Lina Laukyte").await.get(&list).await.expect(200).does_not_say("Denmark Cluster 1");
    app.as_("Strange Person").await.get(&format!("{list}?export=csv")).await.expect(404);
    app.finish().await;
}

async fn changed_dates_stand_in_the_history_of_the_part(app: TestApp) {
    let field = app.decided_field(1).await;
    let part = field.proposals[0].parts[0];
    let dorte = app.as_("Dorte Dahl").await;
    for (end, version) in [("2019-01-31", "0"), ("2019-03-31", "1")] {
        let dates = [("starts_on", "2018-02-01"), ("ends_on", end), ("version", version)];
        dorte.post(&format!("/staff/parts/{part}/agreement"), &dates).await.expect(303);
    }
    let history = format!("/history/parts/{part}");

    let change = "before “31 January 2019”, now “31 March 2019”";
    dorte.get(&history).await.expect(200).says("changed the dates of the agreement").says(change);
    app.as_(&field.proposals[0].coordinator).await.get(&history).await.expect(200).says(change);
    app.as_("Lina Laukyte").await.get(&history).await.expect(404);
    app.visitor().get(&history).await.expect(401);
    app.finish().await;
}

async fn all_partners_of_the_consortium_learn_the_dates(app: TestApp) {
    let field = app.decided_field(1).await;
    let proposal = &field.proposals[0];
    let partner = team_member::ActiveModel {
        proposal_id: Set(proposal.id),
        part_id: Set(Some(proposal.parts[1])),
        account_id: Set(app.account("Petras Partner").await),
        role: Set(TeamRole::Editor),
        id: Set(fairway::kernel::tx::new_uuid(app.app.now(), app.app.chance()).into()),
        added_by: Set(None),
        added_at: Set(app.app.now()),
        left_at: Set(None),
    };
    team_member::Entity::insert(partner).exec_without_returning(app.app.database().maintenance()).await.unwrap();
    let dates = [("starts_on", "2018-02-01"), ("ends_on", "2019-01-31"), ("version", "0")];
    let path = format!("/staff/parts/{}/agreement", proposal.parts[0]);

    app.as_("Dorte Dahl").await.post(&path, &dates).await.goes_to(&path);

    let told: Vec<_> = app.mails().await.into_iter().filter(|mail| mail.name == "M30").collect();
    let to: Vec<&str> = told.iter().map(|mail| mail.address.as_str()).collect();
    assert_eq!(to, ["cora.1@cluster.example", "petras.partner@example.org"]);
    assert!(told[1].text.contains("The part of Denmark Cluster 1"), "{}", told[1].text);
    app.finish().await;
}
