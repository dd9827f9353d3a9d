//! How proposals are judged: checked by two officers, scored by an evaluator, ranked and signed by the chair.

use super::house::{House, Visitor};
use crate::support::scenes::{
    calls::{OLAF, file_2017},
    evaluation::{COMMENT, Field},
};
use entity::types::{
    ids::PartId,
    states::{CallState, PartState, Role},
};

three_ways!(two_officers_check_a_part, an_evaluator_is_asked_and_scores, the_ranking_is_drawn_and_signed);

/// The questions of the check that the officer sees.
async fn questions(officer: &Visitor) -> Vec<String> {
    let script = "return [...document.querySelectorAll('.check-item legend')].map((legend) => legend.innerText)";
    let told = officer.script(script).await;
    told.as_array().into_iter().flatten().filter_map(|text| text.as_str().map(str::to_owned)).collect()
}

/// Two officers of the Danish agency and the first part they have to check.
async fn first_part(house: &House) -> (Field, PartId) {
    let field = house.field(CallState::Closed, 2).await;
    for name in ["Olga First", "Otto Second"] {
        house.grant(name, Role::AgencyOfficer, None, Some(field.agencies["dk-sfu"].id)).await;
    }
    let part = field.proposals[0].parts[0];
    (field, part)
}

async fn two_officers_check_a_part(house: House) {
    let (field, part) = first_part(&house).await;
    let list = format!("/staff/calls/{}/eligibility", field.call);
    let olga = house.person("Olga First").await;

    olga.lands_on("Overview").await;
    olga.opens(&list, "Eligibility").await;
    olga.follows(&field.proposals[0].code, "Check: Denmark Cluster 1").await;
    for question in questions(&olga).await {
        olga.choose(&question, "Yes").await;
        olga.fill(&format!("Note on “{question}”"), "Seen in the papers.").await;
    }
    olga.choose("Verdict", "Eligible").await;
    olga.follows("Propose the verdict", "Check: Denmark Cluster 1").await;
    olga.see("proposed by Olga First").await;
    assert_eq!(house.part_state(part).await, PartState::Submitted);

    let otto = house.person("Otto Second").await;
    otto.lands_on("Overview").await;
    otto.opens(&list, "Eligibility").await;
    otto.follows(&field.proposals[0].code, "Check: Denmark Cluster 1").await;
    otto.follows("Confirm: Eligible", "Check: Denmark Cluster 1").await;
    otto.see("confirmed by Otto Second").await;

    assert_eq!(house.part_state(part).await, PartState::Eligible);
    house.close().await;
}

async fn an_evaluator_is_asked_and_scores(house: House) {
    let field = house.field(CallState::Evaluating, 1).await;
    house.all_parts(&field, PartState::Eligible).await;
    house.evaluator("Eva Expert", "Institute of Eva", "maritime, health").await;
    let olaf = house.person(OLAF).await;

    olaf.lands_on("Overview").await;
    olaf.opens(&format!("/staff/proposals/{}/evaluators", field.proposals[0].id), "Evaluators of IE-2017-001").await;
    olaf.tick("Eva Expert").await;
    olaf.follows("Send the invitations", "Evaluators of IE-2017-001").await;
    olaf.see("Assigned").await;

    let eva = house.person("Eva Expert").await;
    eva.lands_on("Overview").await;
    eva.opens("/assignments", "My assignments").await;
    eva.follows("IE-2017-001 Project number 1", "").await;
    eva.tick("I have no conflict of interest").await;
    eva.fill("Sign with your name", "Eva Expert").await;
    eva.follows("Accept and open the proposal", "IE-2017-001").await;
    for criterion in file_2017().call.criteria {
        eva.choose(&format!("Points for {}", criterion.name), "4").await;
        eva.fill(&format!("Comment to the applicant on {}", criterion.name), COMMENT).await;
    }
    eva.follows("Submit", "").await;
    eva.see("Submitted").await;
    olaf.reload().await;
    olaf.lands_on("Evaluators of IE-2017-001").await;
    olaf.see("Submitted").await;
    house.close().await;
}

async fn the_ranking_is_drawn_and_signed(house: House) {
    let field = house.field(CallState::Evaluating, 2).await;
    house.all_parts(&field, PartState::Eligible).await;
    for (proposal, points) in field.proposals.iter().zip(["4", "3"]) {
        let assignment = house.assigned(proposal.id, "Eva Expert").await;
        house.judged(assignment, "Eva Expert", house.sheet(points, &[])).await;
    }
    house.grant("Chris Chair", Role::PanelChair, None, None).await;
    let path = format!("/staff/calls/{}/ranking", field.call);
    let olaf = house.person(OLAF).await;

    olaf.lands_on("Overview").await;
    olaf.opens(&path, "Ranking").await;
    olaf.see("No ranking yet").await;
    olaf.follows("Draw the ranking", "Ranking").await;
    olaf.see("IE-2017-002").await;

    let chris = house.person("Chris Chair").await;
    chris.lands_on("Overview").await;
    chris.opens(&path, "Ranking").await;
    chris.fill("Sign with your name", "Chris Chair").await;
    chris.follows("Sign and fix the ranking", "Ranking").await;
    chris.see("Checksum of what was signed").await;

    assert_eq!(house.call_state(field.call).await, CallState::Ranked);
    house.close().await;
}
