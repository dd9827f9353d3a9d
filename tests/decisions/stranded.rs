//! The consortium of a stranded proposal says what it does.

use super::reserve::decided;
use crate::support::{TestApp, scenes::calls::OLAF};
use chrono::TimeDelta;
use serde_json::json;

both!(
    a_consortium_answers_once_and_the_agencies_read_it,
    only_the_coordinator_of_a_stranded_proposal_answers,
    another_partner_is_named_in_time,
);

async fn a_consortium_answers_once_and_the_agencies_read_it(app: TestApp) {
    let field = decided(&app).await;
    let placed = &field.proposals[1];
    let cora = app.as_(&placed.coordinator).await;
    let path = format!("/proposals/{}/stranded", placed.id);
    let told = format!("/proposals/{}/parts/{}/decision", placed.id, placed.parts[0]);
    cora.get(&told).await.expect(200).says("What your consortium can do now");
    let page = cora.get(&path).await.expect(200).says("No money left").says("Could be paid");
    // One country alone is no consortium.
    let page = page.says("Go on with fewer parts: The parts that can be paid are no consortium");
    let name = placed.coordinator.as_str();
    let wrong = [("choice", "smaller"), ("choice_reason", "We go on"), ("signed_name", "Nobody")];
    let again = cora.press(&page, &path, &wrong).await.expect(422).says("are no consortium").says("We go on");
    let again = again.says("Sign with your name as it is in your account");
    assert_eq!(again.input("signed_name").as_deref(), Some("Nobody"));
    cora.press(&page, &path, &[("choice", ""), ("choice_reason", ""), ("signed_name", name)]).await.expect(422);

    let page = cora.get(&path).await.expect(200);
    let sign = [("choice", "withdraw"), ("choice_reason", "We apply again next year."), ("signed_name", name)];
    cora.press(&page, &path, &sign).await.goes_to(&path);
    cora.press(&page, &path, &sign).await.goes_to(&path);
    cora.get(&path).await.expect(200).says("Withdraw the proposal").does_not_say("Sign and answer");
    let mails = app.inbox().await;
    assert!(mails.iter().any(|mail| mail.starts_with("M22b to dorte.dahl") && mail.contains("A stranded proposal")));
    let board = format!("/staff/calls/{}/reserve", field.call);
    app.as_("Dorte Dahl").await.get(&board).await.expect(200).says("We apply again next year.");
    let body = json!({ "choice": "replace", "reason": "Changed our minds", "signed_name": name });
    let (status, said) = app.program(name).await.post(&path, body).await;
    assert_eq!((status.as_u16(), said["code"].as_str()), (422, Some("answered")), "{said}");
}

async fn only_the_coordinator_of_a_stranded_proposal_answers(app: TestApp) {
    let field = decided(&app).await;
    let path = format!("/proposals/{}/stranded", field.proposals[1].id);
    for (name, status) in [(OLAF, 403), ("Dorte Dahl", 403), ("Strange Person", 404), ("Cora 1", 404)] {
        let form = [("choice", "withdraw"), ("choice_reason", "No"), ("signed_name", name)];
        app.as_(name).await.post(&path, &form).await.expect(status);
    }
    // What is funded, or below a threshold, is not stranded.
    for n in [0, 3] {
        let placed = &field.proposals[n];
        let cora = app.as_(&placed.coordinator).await;
        cora.get(&format!("/proposals/{}/stranded", placed.id)).await.expect(404);
        let body = json!({ "choice": "withdraw", "reason": "No", "signed_name": placed.coordinator });
        let program = app.program(&placed.coordinator).await;
        let (_, told) = program.post(&format!("/proposals/{}/stranded", placed.id), body).await;
        assert_eq!(told["code"], "not_stranded");
    }
}

async fn another_partner_is_named_in_time(app: TestApp) {
    let field = decided(&app).await;
    let placed = &field.proposals[1];
    let path = format!("/proposals/{}/stranded", placed.id);
    let (_, open) = app.program(&placed.coordinator).await.get(&path).await;
    let replace = |found: &serde_json::Value| found["options"][2].clone();
    assert_eq!(
        (replace(&open)["option"].as_str(), replace(&open)["barred"].is_null()),
        (Some("replace"), true),
        "{open}"
    );
    app.jump(app.app.now() + TimeDelta::days(40));
    let cora = app.program(&placed.coordinator).await;
    let (_, late) = cora.get(&path).await;
    assert_eq!(replace(&late)["barred"], "The 30 days to name another partner are over.");
    let body = json!({ "choice": "replace", "reason": "A Finn", "signed_name": placed.coordinator });
    assert_eq!(cora.post(&path, body).await.0.as_u16(), 422);
}
