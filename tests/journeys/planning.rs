//! How proposals are given out: two drafts are computed, compared, and one becomes invitations.

use super::house::House;
use crate::support::scenes::calls::OLAF;
use entity::types::states::{CallState, PartState};

three_ways!(an_officer_compares_two_drafts_and_deploys_one);

async fn an_officer_compares_two_drafts_and_deploys_one(house: House) {
    let field = house.field(CallState::Evaluating, 2).await;
    house.all_parts(&field, PartState::Eligible).await;
    for (name, knows) in [("Eva Expert", "companies, sailing"), ("Edgar Other", "health"), ("Tina Third", "maritime")] {
        house.evaluator(name, &format!("Institute of {name}"), knows).await;
    }
    let olaf = house.person(OLAF).await;
    olaf.lands_on("Overview").await;
    olaf.opens(&format!("/staff/calls/{}/evaluation", field.call), "Evaluation").await;
    olaf.follows("Plans", "Plans").await;
    olaf.see("No plans yet").await;

    for (name, aim) in [("Great", "Greatest total"), ("Fair", "Worst-served proposal first, then the total")] {
        olaf.follows("New plan", "New plan").await;
        olaf.is_told("Make the plan", "New plan").await;
        olaf.fill("Name of the plan", name).await;
        olaf.fill("Evaluators per proposal", "2").await;
        olaf.choose("Aim", aim).await;
        olaf.follows("Make the plan", name).await;
        olaf.follows("Compute", name).await;
        olaf.see("Being computed").await;
        house.work().await;
        olaf.reload().await;
        olaf.lands_on(name).await;
        olaf.see("this is proven").await;
        olaf.see("Ready").await;
        olaf.follows("Plans", "Plans").await;
    }
    olaf.tick("Compare Great").await;
    olaf.tick("Compare Fair").await;
    olaf.follows("Compare those ticked", "Plans side by side").await;
    olaf.see("Load curve").await;
    olaf.follows("Great", "Great").await;
    let first = olaf.script("return document.querySelector('td[data-label=Affinity] a').pathname").await;
    olaf.opens(first.as_str().unwrap(), "").await;
    olaf.see("Why they fit").await;
    olaf.follows("Great", "Great").await;
    olaf.follows("Deploy", "Deploy Great").await;
    olaf.see("Send 4 invitations").await;
    olaf.follows("Deploy the plan", "Great").await;
    olaf.see("4 invitations came of this plan").await;

    let eva = house.person("Eva Expert").await;
    eva.lands_on("Overview").await;
    eva.opens("/assignments", "My assignments").await;
    eva.see("Invitations to answer").await;
    house.close().await;
}
