//! A grant is declined, and what waits on the reserve lists moves up.

use crate::{
    allocation::{list, made, signs, trap},
    support::{
        TestApp,
        scenes::{calls::OLAF, evaluation::Field},
    },
};
use chrono::TimeDelta;
use entity::{
    proposals::team_member,
    types::states::{PartState, Role, TeamRole},
};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::{Value, json};

both!(
    a_declined_grant_lets_the_next_move_up,
    a_grant_is_declined_once_by_its_own_people,
    only_what_is_next_is_awarded_by_its_own_agency,
    somebody_with_a_conflict_sees_no_place_of_it,
);

/// The trap of domain.md 6.4, decided by strict skip: the second waits for twelve thousand of Lithuania.
pub async fn decided(app: &TestApp) -> Field {
    let field = trap(app).await;
    app.grant("Nora Nilsen", Role::AgencyOfficer, None, Some(field.agencies["no-in"].id)).await;
    let skip = made(app, &field, "Strict skip", "strict_skip", &[]).await;
    signs(app, OLAF, &skip, &[("reason", "The rule."), ("signed_name", OLAF)]).await.goes_to(&skip);
    let olaf = app.as_(OLAF).await;
    olaf.post(&format!("/staff/calls/{}/decisions/propose", field.call), &[]).await.expect(303);
    for name in ["Dorte Dahl", "Lina Laukyte", "Nora Nilsen"] {
        let browser = app.as_(name).await;
        let page = browser.get(&format!("/staff/calls/{}/decisions/preview", field.call)).await;
        for action in page.actions("/confirm") {
            browser.press(&page, &action, &[]).await.expect(303);
        }
    }
    app.release(&field).await.expect(303);
    app.work().await;
    field
}

fn board(field: &Field) -> String {
    format!("/staff/calls/{}/reserve", field.call)
}

/// Who waits, by agency, as programs see it.
async fn waiting(app: &TestApp, who: &str, field: &Field) -> Vec<Value> {
    let (status, found) = app.program(who).await.get(&format!("/calls/{}/reserve", field.call)).await;
    assert_eq!(status.as_u16(), 200, "{found}");
    let agencies = found["agencies"].as_array().unwrap();
    agencies.iter().flat_map(|agency| agency["items"].as_array().unwrap().clone()).collect()
}

/// Somebody who writes the Lithuanian part of the first proposal.
async fn editor(app: &TestApp, field: &Field) -> String {
    let (name, part) = ("Lotte Leader", field.proposals[0].parts[1]);
    let db = app.app.database().maintenance();
    let account_id = app.account(name).await;
    let known =
        team_member::Entity::find().filter(team_member::Column::AccountId.eq(account_id)).one(db).await.unwrap();
    if known.is_none() {
        let row = team_member::Model {
            id: fairway::kernel::tx::new_uuid(app.app.now(), app.app.chance()).into(),
            proposal_id: field.proposals[0].id,
            account_id,
            part_id: Some(part),
            role: TeamRole::Editor,
            added_by: None,
            added_at: app.app.now(),
            left_at: None,
        };
        team_member::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(db).await.unwrap();
    }
    name.to_owned()
}

/// The Lithuanian part of the first proposal is declined by its people.
async fn declines(app: &TestApp, field: &Field) {
    let part = field.proposals[0].parts[1];
    let manager = editor(app, field).await;
    let path = format!("/proposals/{}/parts/{part}/decline", field.proposals[0].id);
    let browser = app.as_(&manager).await;
    let page = browser.get(&path).await.expect(200).says("This cannot be taken back");
    let sign = [("decline_reason", "Our companies chose another market."), ("signed_name", manager.as_str())];
    browser.press(&page, &path, &sign).await.expect(303);
    // The same page's button once more.
    browser.press(&page, &path, &sign).await.expect(303);
}

async fn a_declined_grant_lets_the_next_move_up(app: TestApp) {
    let field = decided(&app).await;
    let olaf = app.as_(OLAF).await;
    olaf.get(&format!("/staff/calls/{}/decisions", field.call)).await.expect(200).says("Reserve lists");
    let shown = olaf.get(&board(&field)).await.expect(200).says("Waits").does_not_say("Moves up now");
    shown.says(&field.proposals[1].code);
    assert!(waiting(&app, OLAF, &field).await.iter().all(|one| one["moves_up_with"].is_null()));

    declines(&app, &field).await;
    assert_eq!(app.part_state(field.proposals[0].parts[1]).await, PartState::Withdrawn);
    let shown =
        olaf.get(&board(&field)).await.expect(200).says("Moves up now").says("Our companies chose another market.");
    shown.says("Danish Agency for Science and Higher Education");
    assert!(
        app.inbox().await.iter().any(|mail| mail.starts_with("M31 to lina.laukyte") && mail.contains("Offer declined"))
    );
    for (name, part) in [("Lina Laukyte", field.proposals[1].parts[1]), ("Dorte Dahl", field.proposals[1].parts[0])] {
        let browser = app.as_(name).await;
        let page = browser.get(&board(&field)).await.expect(200);
        browser.press(&page, &format!("{}/{part}/award", board(&field)), &[]).await.goes_to(&board(&field));
        assert_eq!(app.part_state(part).await, PartState::Awarded);
    }
    app.work().await;
    let cora = app.as_(&field.proposals[1].coordinator).await;
    let told = format!("/proposals/{}/parts/{}/decision", field.proposals[1].id, field.proposals[1].parts[0]);
    cora.get(&told).await.expect(200).says("has decided to fund your part").says("Download the decision letter");
    assert!(waiting(&app, OLAF, &field).await.is_empty());
}

async fn a_grant_is_declined_once_by_its_own_people(app: TestApp) {
    let field = decided(&app).await;
    let (proposal, part) = (field.proposals[0].id, field.proposals[0].parts[1]);
    let path = format!("/proposals/{proposal}/parts/{part}/decline");
    let manager = editor(&app, &field).await;
    let form = |name: &'static str| [("decline_reason", "No"), ("signed_name", name)];
    for (name, status) in [("Lina Laukyte", 403), (OLAF, 403), ("Strange Person", 404)] {
        app.as_(name).await.post(&path, &form("Nobody")).await.expect(status);
    }
    let browser = app.as_(&manager).await;
    let again = browser.post(&path, &[("decline_reason", ""), ("signed_name", "Nobody")]).await.expect(422);
    again.says("Say why: the agency reads it").says("Sign with your name");
    let again = browser.post(&path, &form("Somebody Else")).await.expect(422).says("Sign with your name");
    assert_eq!(again.input("signed_name").as_deref(), Some("Somebody Else"));
    declines(&app, &field).await;
    browser.get(&path).await.expect(404);
    let body = json!({ "reason": "Again", "signed_name": manager });
    let (status, told) = app.program(&manager).await.post(&format!("/parts/{part}/decline"), body).await;
    assert_eq!((status.as_u16(), told["code"].as_str()), (422, Some("no_grant")), "{told}");
    // Who waits has nothing to decline.
    let waits = field.proposals[1].parts[0];
    let body = json!({ "reason": "No", "signed_name": field.proposals[1].coordinator });
    let cora = app.program(&field.proposals[1].coordinator).await;
    let (status, told) = cora.post(&format!("/parts/{waits}/decline"), body).await;
    assert_eq!((status.as_u16(), told["code"].as_str()), (422, Some("no_grant")), "{told}");
}

async fn only_what_is_next_is_awarded_by_its_own_agency(app: TestApp) {
    let field = decided(&app).await;
    let part = field.proposals[1].parts[1];
    let place = waiting(&app, OLAF, &field).await.into_iter().find(|one| one["part"] == part.to_string()).unwrap();
    let body = json!({ "version": place["version"] });
    let path = format!("/parts/{part}/award");
    let lina = app.program("Lina Laukyte").await;
    let (status, told) = lina.post(&path, body.clone()).await;
    assert_eq!((status.as_u16(), told["code"].as_str()), (422, Some("not_next")), "{told}");
    declines(&app, &field).await;
    assert_eq!(lina.post(&path, json!({ "version": 1 })).await.0.as_u16(), 409);
    for (name, status) in [("Dorte Dahl", 404), (OLAF, 403), ("Strange Person", 404)] {
        assert_eq!(app.program(name).await.post(&path, body.clone()).await.0.as_u16(), status, "{name}");
    }
    app.jump(app.app.now() + TimeDelta::days(400));
    let shown = app.as_("Lina Laukyte").await.get(&board(&field)).await.expect(200).says("Expired");
    shown.does_not_say("Moves up with");
    let (status, told) = app.program("Lina Laukyte").await.post(&path, body).await;
    assert_eq!((status.as_u16(), told["code"].as_str()), (422, Some("expired")), "{told}");
}

async fn somebody_with_a_conflict_sees_no_place_of_it(app: TestApp) {
    let field = decided(&app).await;
    app.conflict_of("Lina Laukyte", field.proposals[1].id).await;
    let lina = app.as_("Lina Laukyte").await;
    lina.get(&board(&field)).await.expect(200).does_not_say(&field.proposals[1].code);
    declines(&app, &field).await;
    let part = field.proposals[1].parts[1];
    let (status, _) =
        app.program("Lina Laukyte").await.post(&format!("/parts/{part}/award"), json!({ "version": 2 })).await;
    assert_eq!(status.as_u16(), 403);
    app.as_("Strange Person").await.get(&board(&field)).await.expect(404);
    app.as_(OLAF).await.get(&list(&field)).await.expect(200);
}
