//! Decisions along the ranking.

use crate::support::TestApp;
use entity::types::states::{CallState, PartState, Role};
use serde_json::json;

both!(
    decisions_follow_the_ranking_and_are_released_at_once,
    an_officer_decides_on_parts_of_the_own_agency_only,
    money_that_is_not_there_cannot_be_given,
    nothing_is_released_while_a_part_is_undecided,
    programs_do_the_same,
    a_letter_is_for_the_people_of_its_part_and_staff,
    the_agencies_and_every_applicant_are_written_to,
);

async fn decisions_follow_the_ranking_and_are_released_at_once(app: TestApp) {
    let field = app.ranked_field(2).await;
    let path = format!("/staff/calls/{}/decisions", field.call);
    let olaf = app.as_("Olaf Berg").await;
    let cora = app.as_(&field.proposals[0].coordinator).await;
    let told = format!("/proposals/{}/parts/{}/decision", field.proposals[0].id, field.proposals[0].parts[0]);

    olaf.post(&format!("{path}/propose"), &[]).await.goes_to(&path);
    olaf.get(&path).await.expect(200).says("Fits all budgets").says("Below a threshold");
    cora.get(&told).await.expect(403);
    let letters = app.mails().await.iter().filter(|m| m.name.starts_with("M21")).count();
    assert_eq!(letters, 0);

    olaf.get(&format!("{path}/preview")).await.expect(200).says("Release all decisions now");
    olaf.post(&format!("{path}/release"), &[("seen", "3")]).await.expect(422).says("changed since you saw them");
    olaf.post(&format!("{path}/release"), &[("seen", "4"), ("key", "release-1")]).await.goes_to(&path);
    olaf.post(&format!("{path}/release"), &[("seen", "4"), ("key", "release-1")]).await.goes_to(&path);
    app.work().await;

    assert_eq!(app.call_state(field.call).await, CallState::Decided);
    assert_eq!(app.part_state(field.proposals[0].parts[0]).await, PartState::Awarded);
    assert_eq!(app.part_state(field.proposals[1].parts[0]).await, PartState::Rejected);
    cora.get("/proposals").await.expect(200).says("Feedback available");
    cora.get("/overview").await.expect(200).says("Feedback available");
    let page = cora.get(&told).await.expect(200).says("has decided to fund your part").html();
    let at = page.find("/files/").unwrap();
    let letter = cora.get(page[at..].split('"').next().unwrap()).await.expect(200);
    assert!(letter.bytes.starts_with(b"%PDF"));
    app.as_("Strange Person").await.get(&told).await.expect(404);
    app.finish().await;
}

async fn an_officer_decides_on_parts_of_the_own_agency_only(app: TestApp) {
    let field = app.ranked_field(2).await;
    let danish = field.proposals[0].parts[0];
    let path = format!("/staff/parts/{danish}/decision");
    let fields = [("outcome", "reserve"), ("reason", "The money may come later."), ("version", "0")];

    app.as_("Lina Laukyte").await.post(&path, &fields).await.expect(404);
    app.as_("Olaf Berg").await.post(&path, &fields).await.expect(403);
    let dorte = app.as_("Dorte Dahl").await;
    dorte.post(&path, &fields).await.expect(303);
    let other_tab = [("outcome", "reject"), ("reason", "Typed in the other tab"), ("version", "0")];
    dorte.post(&path, &other_tab).await.expect(422).says("was changed by Dorte Dahl").says("Typed in the other tab");
    app.finish().await;
}

async fn money_that_is_not_there_cannot_be_given(app: TestApp) {
    let field = app.ranked_field(2).await;
    let path = format!("/staff/parts/{}/decision", field.proposals[0].parts[0]);
    let dorte = app.as_("Dorte Dahl").await;
    let fund = |amount: &'static str| [("outcome", "fund"), ("amount", amount), ("reason", "Good"), ("version", "0")];

    dorte.post(&path, &fund("9 000 000")).await.expect(422).says("more cannot be granted");
    dorte.post(&path, &fund("plenty")).await.expect(422).says("Enter a number").says("Good");
    let failed = format!("/staff/parts/{}/decision", field.proposals[1].parts[0]);
    dorte.post(&failed, &fund("1000")).await.expect(422).says("below a threshold");
    app.finish().await;
}

async fn nothing_is_released_while_a_part_is_undecided(app: TestApp) {
    let field = app.ranked_field(2).await;
    let path = format!("/staff/calls/{}/decisions", field.call);
    let olaf = app.as_("Olaf Berg").await;

    olaf.post(&format!("{path}/release"), &[("seen", "0")]).await.expect(422).says("4 parts have no decision yet");
    app.as_("Dorte Dahl").await.post(&format!("{path}/release"), &[("seen", "0")]).await.expect(403);
    app.as_(&field.proposals[0].coordinator).await.get(&path).await.expect(404);
    app.finish().await;
}

async fn programs_do_the_same(app: TestApp) {
    let field = app.ranked_field(1).await;
    let olaf = app.program("Olaf Berg").await;
    let call = field.call;

    let (status, made) = olaf.post(&format!("/calls/{call}/decisions/propose"), json!({})).await;
    assert_eq!((status.as_u16(), made["count"].as_u64()), (200, Some(2)));
    let (_, board) = olaf.get(&format!("/calls/{call}/decisions")).await;
    assert_eq!(board["items"][0]["parts"][0]["decision"]["outcome"], "fund");
    let (status, _) = olaf.post(&format!("/calls/{call}/decisions/release"), json!({ "seen": 2 })).await;

    assert_eq!(status.as_u16(), 200);
    let cora = app.program(&field.proposals[0].coordinator).await;
    let (_, feedback) = cora.get(&format!("/parts/{}/feedback", field.proposals[0].parts[0])).await;
    assert_eq!(feedback["outcome"], "fund");
    app.finish().await;
}

async fn a_letter_is_for_the_people_of_its_part_and_staff(app: TestApp) {
    let field = app.field(CallState::Evaluating, 1).await;
    app.grant("Olaf Berg", Role::Secretariat, None, None).await;
    app.all_parts(&field, PartState::Eligible).await;
    let proposal = &field.proposals[0];
    app.evaluator("Eva Evaluator", "Inno", "export").await;
    app.assigned(proposal.id, "Eva Evaluator").await;
    app.grant("Chris Chair", Role::PanelChair, None, None).await;
    app.grant("Audrey Auditor", Role::Auditor, None, None).await;
    app.grant("Lina Laukyte", Role::AgencyOfficer, None, Some(field.agencies["lt-mita"].id)).await;
    app.grant("Dorte Dahl", Role::AgencyOfficer, None, Some(field.agencies["dk-sfu"].id)).await;
    let letters = app.letters(&field).await;
    let (danish, lithuanian) = (format!("/files/{}", letters[0]), format!("/files/{}", letters[1]));

    for (name, own, other) in [
        ("Cora 1", 200, 404),
        ("Dorte Dahl", 200, 404),
        ("Lina Laukyte", 404, 200),
        ("Olaf Berg", 200, 200),
        ("Audrey Auditor", 200, 200),
        ("Eva Evaluator", 404, 404),
        ("Chris Chair", 404, 404),
        ("Strange Person", 404, 404),
    ] {
        let browser = app.as_(name).await;
        let got = [browser.get(&danish).await.status.as_u16(), browser.get(&lithuanian).await.status.as_u16()];
        assert_eq!(got, [own, other], "{name}");
    }
    app.visitor().get(&danish).await.expect(401);
    app.finish().await;
}

async fn the_agencies_and_every_applicant_are_written_to(app: TestApp) {
    let field = app.ranked_field(3).await;
    let path = format!("/staff/calls/{}/decisions", field.call);
    let olaf = app.as_("Olaf Berg").await;

    olaf.post(&format!("{path}/propose"), &[]).await.goes_to(&path);
    let inbox = app.inbox().await;
    for name in ["dorte.dahl", "lina.laukyte"] {
        assert!(inbox.iter().any(|mail| mail.starts_with(&format!("M20 to {name}@example.org:"))), "{inbox:#?}");
    }
    let reserve = [("outcome", "reserve"), ("reason", "The money may come later."), ("version", "1")];
    let second = format!("/staff/parts/{}/decision", field.proposals[1].parts[0]);
    app.as_("Dorte Dahl").await.post(&second, &reserve).await.expect(303);
    olaf.post(&format!("{path}/release"), &[("seen", "6")]).await.goes_to(&path);

    let told: Vec<(String, String)> = app.mails().await.into_iter().map(|m| (m.name, m.address)).collect();
    for (name, coordinator) in [("M21", 1), ("M22", 2), ("M23", 3)] {
        let to = format!("cora.{coordinator}@cluster.example");
        let got = told.iter().filter(|(_, address)| *address == to).filter(|(n, _)| n == name).count();
        assert_eq!(got, 1, "{name} to {to}: {told:?}");
    }
    app.finish().await;
}
