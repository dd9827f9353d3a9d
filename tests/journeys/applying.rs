//! How a proposal comes to be: started, shared, written, checked, submitted, and its receipt verified by anybody.

use super::house::{House, Visitor};

three_ways!(a_proposal_is_started_and_a_partner_joins, a_part_is_written, a_part_is_submitted_and_anybody_verifies_it);

const ANA: &str = "Ana Kask";
const BRUNO: &str = "Bruno Lind";

async fn a_proposal_is_started_and_a_partner_joins(house: House) {
    house.call_open_for_drafts().await;
    house.applicant(ANA, "Sunrise Valley", "LT").await;
    house.applicant(BRUNO, "Visual Sweden", "SE").await;
    let ana = house.person(ANA).await;

    ana.lands_on("Overview").await;
    ana.opens("/calls/IE-2017", "BSR Stars Innovation Express 2017").await;
    ana.follows("Start a proposal", "").await;
    ana.fill("Title of the project", "Light for Nordic forests").await;
    ana.fill("Short name", "LIGHTWOOD").await;
    ana.choose("Organisation that coordinates", "Sunrise Valley").await;
    ana.follows("Start the proposal", "Light for Nordic forests").await;
    ana.follows("Team and invitations", "Team").await;
    ana.follows("Invite a partner", "Invite a partner").await;
    ana.fill("Organisation", "Visual Sweden").await;
    ana.fill("Name of the person", BRUNO).await;
    ana.fill("E-mail address", "bruno.lind@example.org").await;
    ana.fill("Message", "Shall we?").await;
    ana.follows("Send the invitation", "Team").await;
    ana.see("bruno.lind@example.org").await;

    let invitation = house.path_in_mail("M06", "bruno.lind@example.org").await;
    let bruno = house.person(BRUNO).await;
    bruno.lands_on("Overview").await;
    bruno.opens(&invitation, "You are invited to join LIGHTWOOD").await;
    bruno.see("Shall we?").await;
    bruno.choose("Organisation you join with", "Visual Sweden").await;
    bruno.follows("Join the proposal", "Light for Nordic forests").await;
    bruno.see("Your part: Visual Sweden").await;
    ana.opens("/proposals", "My proposals").await;
    ana.follows("LIGHTWOOD", "Light for Nordic forests").await;
    ana.within("Visual Sweden").see("1 person").await;
    house.close().await;
}

async fn a_part_is_written(house: House) {
    let call = house.call_open_for_drafts().await;
    house.draft_of(&call).await;
    let ana = house.person(ANA).await;
    ana.lands_on("Overview").await;
    ana.follows("LIGHTWOOD", "Light for Nordic forests").await;

    summary(&ana).await;
    company_and_activity(&ana).await;
    money(&ana).await;

    ana.follows("Contact and signatory", "Contact and signatory").await;
    ana.choose("Contact of the agency", ANA).await;
    ana.fill("Signatory", "Rasa Petrauskaite").await;
    ana.follows("Save and return", "Light for Nordic forests").await;
    ana.within("Contact and signatory").see("Complete").await;
    ana.follows("Check and submit this part", "Check").await;
    ana.see("must be mended before this part can be submitted").await;
    house.close().await;
}

async fn summary(ana: &Visitor) {
    ana.follows("Project summary", "Project summary").await;
    ana.fill("Summary for publication", "Sensors see the grain of the wood before the saw does.").await;
    ana.fill("Planned start", "2018-02-15").await;
    ana.fill("Duration in months", "18").await;
    ana.choose("Sectors or fields", "Bioeconomy and forest-based industry").await;
    ana.choose("Target geographies, country 1", "Japan").await;
    ana.choose("Models of internationalisation", "Value chain").await;
    ana.follows("Mark as complete", "Light for Nordic forests").await;
    ana.see("“Project summary” is complete.").await;
    ana.within("Project summary").see("Complete").await;
}

async fn company_and_activity(ana: &Visitor) {
    ana.follows("Activities", "Activities").await;
    ana.follows("Previous: Participating companies", "Participating companies").await;
    ana.follows("Add a company", "Add a company").await;
    ana.fill("Name", "Baltic Optics").await;
    ana.choose("Country", "Lithuania").await;
    ana.choose("Size", "Small").await;
    ana.fill("In money", "0").await;
    ana.fill("In work", "0").await;
    ana.fill("Name of the contact", "Ida Holm").await;
    ana.fill("E-mail address of the contact", "ida@optics.example").await;
    ana.tick("The contact was given the privacy notice").await;
    ana.tick("The company is an SME by the European definition").await;
    ana.tick("The company is not an undertaking in difficulty").await;
    ana.tick("The company gets no other public money").await;
    ana.follows("Save the company", "Participating companies").await;
    ana.within("Baltic Optics").see("nothing").await;
    ana.follows("Next: Activities", "Activities").await;
    ana.follows("Plan an activity", "Plan an activity").await;
    ana.choose("Kind of activity", "Workshops and study trips").await;
    ana.fill("Title", "Study trip to the sawmills").await;
    ana.fill("First month", "2").await;
    ana.fill("Last month", "3").await;
    ana.follows("Save the activity", "Activities").await;
    ana.within("Study trip to the sawmills").see("nothing").await;
}

async fn money(ana: &Visitor) {
    ana.follows("Next: Costs and financing", "Costs and financing").await;
    let costs = ana.within("What for");
    costs.choose("Kind", "Travel and accommodation").await;
    costs.fill("What for", "Flights and nights").await;
    costs.fill("Amount in EUR", "15 000").await;
    let funding = ana.within("From whom");
    funding.choose("Source", "Own money").await;
    funding.fill("From whom", "Membership fees").await;
    funding.fill("Amount in EUR", "3 000").await;
    ana.fill("Grant asked for", "12 000").await;
    ana.follows("Save and check", "Costs and financing").await;
    ana.see("15 000").await;
    ana.follows("Next: Targets", "Targets").await;
    ana.fill("SMEs taking part", "12").await;
    ana.fill("Meetings between companies", "40").await;
    ana.follows("Save and return", "Light for Nordic forests").await;
}

async fn a_part_is_submitted_and_anybody_verifies_it(house: House) {
    let call = house.call_open_for_drafts().await;
    house.complete_draft(&call).await;
    let ana = house.person(ANA).await;
    ana.lands_on("Overview").await;
    ana.follows("LIGHTWOOD", "Light for Nordic forests").await;

    ana.follows("Check and submit this part", "Check").await;
    ana.see("Nothing stands in the way").await;
    ana.follows("Review and submit", "").await;
    ana.fill("Who signs for the organisation", "Rasa Petrauskaite, director").await;
    ana.tick("I ").await;
    ana.follows("Submit to", "Receipt").await;
    ana.see("Version 1 was submitted").await;
    let text = ana.text().await;
    let after = |label: &str| {
        let rest = text.split(&format!("\n{label}\n")).nth(1).unwrap_or_else(|| panic!("no {label} in {text}"));
        rest.lines().next().unwrap_or_default().to_owned()
    };
    let (receipt, checksum) = (after("Receipt"), after("Checksum (SHA-256)"));

    let visitor = house.visitor().await;
    visitor.opens("/receipts/verify", "Verify a receipt").await;
    visitor.fill("Code of the receipt", &receipt).await;
    visitor.fill("Checksum", &checksum).await;
    visitor.follows("Verify", "Verify a receipt").await;
    visitor.see("This receipt is genuine").await;
    visitor.see("Yes, it is the version that counts").await;
    visitor.fill("Checksum", &"0".repeat(64)).await;
    visitor.follows("Verify", "Verify a receipt").await;
    visitor.see("No such receipt").await;
    house.close().await;
}
