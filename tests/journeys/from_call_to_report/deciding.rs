//! Decisions are proposed, confirmed and released at once; dates follow, a report, and its place in the figures.

use super::{ANA, Found, OLAF, TITLE, officer};
use crate::{journeys::stage::Stage, support::scenes::calls::file_2017};

pub async fn the_agencies_fund_both_parts(stage: &Stage<'_>, found: &Found) {
    let board = format!("{}/decisions", found.desk);
    let mut olaf = stage.signed_in(OLAF).await;
    olaf.opens(&board, "Decisions").await;
    olaf.follows("Compare scenarios and adopt one", "Scenarios").await;
    olaf.follows("New scenario", "New scenario").await;
    olaf.fill("Name of the scenario", "As the call says").await;
    olaf.follows("Make and compute", "As the call says").await;
    olaf.follows("Adopt", "Adopt the scenario").await;
    olaf.fill("Why this scenario?", "The agencies agreed on the rule of the call.").await;
    olaf.fill("Sign with your name", "Olaf Berg").await;
    olaf.follows("Sign the minutes and adopt", "As the call says").await;
    olaf.opens(&board, "Decisions").await;
    olaf.follows("Propose decisions from the adopted scenario", "Decisions").await;
    olaf.see("Fits all budgets").await;
    let mut lina = stage.signed_in(&officer("lt-mita", false)).await;
    lina.opens(&board, "Decisions").await;
    lina.follows("Decide on Sunrise Valley in IE-2017-001", "Decision").await;
    lina.fill("Conditions", "The companies are named before the first visit.").await;
    lina.fill("Amount", "plenty").await;
    lina.is_told("Keep the decision", "Decision", "Enter a number").await;
    lina.fill("Amount", "12 000").await;
    lina.follows("Keep the decision", "Decision").await;
    let annexes = file_2017().annexes.into_iter().map(|annex| annex.agency);
    for agency in annexes.filter(|agency| ["lt-mita", "se-vinnova"].contains(&agency.key.as_str())) {
        let mut confirming = stage.signed_in(&officer(&agency.key, false)).await;
        confirming.opens(&board, "Decisions").await;
        confirming.follows("Look at your letters and confirm", "").await;
        confirming.follows(&format!("Confirm the list of {}", agency.name), "Decisions").await;
    }
    olaf.opens(&board, "Decisions").await;
    olaf.follows("Look at every letter and release", "").await;
    olaf.see("This cannot be taken back").await;
    olaf.follows("Release all decisions now", "Decisions").await;
    stage.app.work().await;
    let mut ana = stage.signed_in(ANA).await;
    ana.opens(&format!("{}/decision", found.part), "Decision and feedback").await;
    ana.see("has decided to fund your part").await;
    ana.see("The companies are named before the first visit.").await;
}

pub async fn dates_are_set(stage: &Stage<'_>, found: &Found) {
    let mut lina = stage.signed_in(&officer("lt-mita", false)).await;
    lina.opens(&format!("{}/agreements", found.desk), "Agreements").await;
    lina.near("Sunrise Valley");
    lina.follows("Open", "Agreement of Sunrise Valley").await;
    lina.fill("Start", "2018-02-15").await;
    lina.fill("End", "2018-04-14").await;
    lina.is_told("Set the dates", "Agreement of Sunrise Valley", "The call allows 12 to 18 months").await;
    lina.fill("End", "2019-02-14").await;
    lina.follows("Set the dates", "Agreement of Sunrise Valley").await;
    stage.app.work().await;
}

pub async fn the_report_is_returned_and_accepted(stage: &Stage<'_>, found: &Found) {
    let mut ana = stage.signed_in(ANA).await;
    ana.opens(&found.proposal, TITLE).await;
    ana.opens(&format!("{}/agreement", found.part), "Agreement").await;
    ana.follows("Interim report", "Interim report").await;
    ana.is_told("Hand in the report", "Interim report", "Say how far this activity is").await;
    ana.choose("How far is it?", "Done").await;
    ana.fill("What was done and reached", "We went to Vilnius with twelve companies.").await;
    for kpi in &file_2017().call.kpis {
        ana.fill(&kpi.label, "7").await;
    }
    ana.fill("Costs to date", "8 000").await;
    ana.follows("Hand in the report", "Interim report").await;
    ana.see("Submitted").await;
    let report = ana.path().await;
    let desk = format!("/staff{report}");

    let mut lina = stage.signed_in(&officer("lt-mita", false)).await;
    lina.opens(&desk, "Interim report").await;
    lina.is_told("Return it with these points", "Interim report", "Say what the applicant has to work on").await;
    lina.fill("Points to work on", "Name the companies.").await;
    lina.follows("Return it with these points", "Interim report").await;
    ana.opens(&report, "Interim report").await;
    ana.see("Name the companies.").await;
    ana.fill("What was done and reached", "We went to Vilnius with the company Optics of Lithuania.").await;
    ana.follows("Hand in the report", "Interim report").await;
    lina.opens(&desk, "Interim report").await;
    lina.follows("Accept the report", "Interim report").await;
    lina.see("Accepted").await;
    ana.opens(&report, "Interim report").await;
    ana.see("Accepted").await;

    let mut olaf = stage.signed_in(OLAF).await;
    olaf.opens(&format!("{}/kpis", found.desk), "Indicators").await;
    olaf.see("Meetings between companies").await;
    olaf.see("1 of 2").await;
}
