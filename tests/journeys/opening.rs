//! How a call comes to be: copied, sent to the agencies, approved, announced, found by everybody.

use super::house::House;
use crate::support::scenes::calls::OLAF;
use fairway::calls::publishing::commands::ApproveAnnex;

three_ways!(a_call_is_approved_by_its_agencies_and_announced, a_call_of_last_time_is_copied);

async fn a_call_is_approved_by_its_agencies_and_announced(house: House) {
    let scene = house.draft_call_2017().await;
    let lithuania = scene.agency("lt-mita").clone();
    let olaf = house.person(OLAF).await;

    olaf.lands_on("Overview").await;
    olaf.opens(&format!("/staff/calls/{}", scene.call), "IE-2017").await;
    olaf.follows("Send to the agencies", "Send to the agencies").await;
    olaf.follows("Send to the agencies", "IE-2017").await;
    olaf.see("With the agencies").await;

    let officer = house.person(&lithuania.officer).await;
    officer.lands_on("Overview").await;
    officer.opens(&format!("/staff/calls/{}", scene.call), "IE-2017").await;
    officer.follows("Agency for Science", "Annex of Agency for Science").await;
    officer.follows("Approve this annex", "Annex of Agency for Science").await;
    officer.see("Approved").await;
    for agency in scene.agencies.values().filter(|agency| agency.annex != lithuania.annex) {
        house.run(&agency.officer, ApproveAnnex { annex: agency.annex, seen: 1 }).await;
    }

    olaf.opens(&format!("/staff/calls/{}", scene.call), "IE-2017").await;
    olaf.follows("Announce", "Announce").await;
    olaf.follows("Announce", "IE-2017").await;
    house.work().await;
    let visitor = house.visitor().await;
    visitor.opens("/calls", "Calls").await;
    visitor.follows("BSR Stars Innovation Express 2017", "BSR Stars Innovation Express 2017").await;
    visitor.see("Open").await;
    house.close().await;
}

async fn a_call_of_last_time_is_copied(house: House) {
    let scene = house.draft_call_2017().await;
    let olaf = house.person(OLAF).await;

    olaf.lands_on("Overview").await;
    olaf.opens(&format!("/staff/calls/{}", scene.call), "IE-2017").await;
    olaf.follows("Copy to a new call", "A new call").await;
    olaf.fill("Code", "IE-2018").await;
    olaf.fill("Title", "Innovation Express 2018").await;
    olaf.follows("Start the draft", "IE-2018: Innovation Express 2018").await;
    olaf.see("Agency for Science, Innovation and Technology (MITA)").await;

    olaf.opens("/staff/calls", "Calls").await;
    olaf.within("IE-2018").see("Draft").await;
    house.close().await;
}
