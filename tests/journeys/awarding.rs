//! What follows the ranking: decisions released at once, dates of the agreement, a report written and accepted.

use super::house::House;
use crate::support::scenes::calls::OLAF;
use entity::types::states::{CallState, PartState};

three_ways!(decisions_are_drafted_and_released, dates_are_set_and_a_report_is_accepted);

async fn decisions_are_drafted_and_released(house: House) {
    let field = house.ranked_field(2).await;
    let winner = &field.proposals[0];
    let olaf = house.person(OLAF).await;

    olaf.lands_on("Overview").await;
    olaf.opens(&format!("/staff/calls/{}/decisions", field.call), "Decisions").await;
    olaf.follows("Compare scenarios and adopt one", "Scenarios").await;
    olaf.follows("Make one of each strategy", "Scenarios").await;
    house.work().await;
    olaf.tick("Compare Strict skip").await;
    olaf.tick("Compare Strict stop").await;
    olaf.follows("Compare those ticked", "Scenarios side by side").await;
    olaf.see("Sum of scores").await;
    olaf.follows("Strict skip", "Strict skip").await;
    olaf.see("Budgets of the agencies").await;
    olaf.follows("Adopt", "Adopt the scenario").await;
    olaf.is_told("Sign the minutes and adopt", "Adopt the scenario").await;
    olaf.fill("Why this scenario?", "The agencies agreed on the rule of the call.").await;
    olaf.fill("Sign with your name", OLAF).await;
    olaf.follows("Sign the minutes and adopt", "Strict skip").await;
    olaf.see("Adopted.").await;
    olaf.opens(&format!("/staff/calls/{}/decisions", field.call), "Decisions").await;
    olaf.follows("Propose decisions from the adopted scenario", "Decisions").await;
    let dorte = house.person("Dorte Dahl").await;
    dorte.lands_on("Overview").await;
    dorte.opens(&format!("/staff/parts/{}/decision", winner.parts[0]), "Decision").await;
    dorte.fill("Conditions", "The companies are named before the first visit.").await;
    dorte.follows("Keep the decision", "Decision").await;
    dorte.follows("Look at your letters and confirm", "").await;
    dorte.click_text(&format!("{}, ", winner.code)).await;
    dorte.see("The companies are named before the first visit.").await;
    dorte.follows("Confirm the list of Danish Agency for Science and Higher Education", "Decisions").await;
    let lina = house.person("Lina Laukyte").await;
    lina.lands_on("Overview").await;
    lina.opens(&format!("/staff/calls/{}/decisions/preview", field.call), "").await;
    lina.follows("Confirm the list of Agency for Science, Innovation and Technology (MITA)", "Decisions").await;
    olaf.reload().await;
    olaf.follows("Look at every letter and release", "").await;
    olaf.see("This cannot be taken back").await;
    olaf.follows("Release all decisions now", "Decisions").await;
    house.work().await;

    assert_eq!(house.call_state(field.call).await, CallState::Decided);
    assert_eq!(house.part_state(winner.parts[0]).await, PartState::Awarded);
    let cora = house.person(&winner.coordinator).await;
    cora.lands_on("Overview").await;
    cora.opens(&format!("/proposals/{}/parts/{}/decision", winner.id, winner.parts[0]), "").await;
    cora.see("has decided to fund your part").await;
    cora.see("The companies are named before the first visit.").await;
    cora.see("Download the decision letter (PDF)").await;
    house.close().await;
}

async fn dates_are_set_and_a_report_is_accepted(house: House) {
    let field = house.decided_field(1).await;
    let winner = &field.proposals[0];
    let dorte = house.person("Dorte Dahl").await;

    dorte.lands_on("Overview").await;
    dorte.opens(&format!("/staff/calls/{}/agreements", field.call), "Agreements").await;
    dorte.within("Denmark Cluster 1").follows("Open", "Agreement of Denmark Cluster 1").await;
    dorte.fill("Start", "2018-02-01").await;
    dorte.fill("End", "2019-01-31").await;
    dorte.follows("Set the dates", "Agreement of Denmark Cluster 1").await;
    house.work().await;

    let cora = house.person(&winner.coordinator).await;
    cora.lands_on("Overview").await;
    cora.opens(&format!("/proposals/{}/parts/{}/agreement", winner.id, winner.parts[0]), "Agreement").await;
    cora.follows("Interim report", "Interim report").await;
    cora.choose("How far is it?", "Done").await;
    cora.fill("What was done and reached", "We went to Vilnius with twelve companies.").await;
    cora.fill("Meetings between companies", "12").await;
    cora.fill("Costs to date", "8 000").await;
    cora.follows("Hand in the report", "Interim report").await;
    cora.see("Submitted").await;
    let report = cora.path().await;

    dorte.opens(&format!("/staff/calls/{}/reports", field.call), "Reports").await;
    dorte.opens(&format!("/staff{report}"), "Interim report").await;
    dorte.follows("Accept the report", "Interim report").await;
    dorte.see("Accepted").await;
    cora.reload().await;
    cora.see("Accepted").await;
    house.close().await;
}
