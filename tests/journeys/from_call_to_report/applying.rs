//! Two clusters register, write a proposal together, collect letters, and submit each its part.

use super::{ANA, BRUNO, Found, OLAF, TITLE};
use crate::{
    journeys::stage::{PASSWORD, Person, Stage},
    support::scenes::calls::file_2017,
};
use entity::types::terms::{Question, QuestionKind, SectionScope};

pub async fn two_clusters_apply(stage: &Stage<'_>, found: &mut Found) {
    let mut ana = registers(stage).await;
    founds(&mut ana, "Sunrise Valley", "Lithuania").await;
    ana.opens("/calls/IE-2017", "BSR Stars Innovation Express 2017").await;
    ana.follows("Start a proposal", "Apply in").await;
    ana.is_told("Start the proposal", "Apply in", "your attention").await;
    ana.fill("Title of the project", TITLE).await;
    ana.fill("Short name", "LIGHTWOOD").await;
    ana.choose("Organisation that coordinates", "Sunrise Valley").await;
    ana.follows("Start the proposal", TITLE).await;
    found.proposal = ana.path().await;
    invites_bruno(stage, &mut ana, found).await;

    writes(&mut ana, SectionScope::Joint, found).await;
    fills_in(
        &mut ana,
        &Part { agency: "lt-mita", currency: "EUR", cost: "15 000", own: "3 000", grant: "12 000" },
        found,
    )
    .await;
    let mut bruno = stage.quick_in(BRUNO).await;
    let swedish = Part { agency: "se-vinnova", currency: "SEK", cost: "600 000", own: "300 000", grant: "300 000" };
    fills_in(&mut bruno, &swedish, found).await;

    the_call_is_corrected(stage, found).await;
    found.part = signs_for(stage, &mut ana, found, "Visual Sweden", "sven@visual-sweden.example").await;
    signs_for(stage, &mut bruno, found, "Sunrise Valley", "rasa@sunrise-valley.example").await;
    attaches(&mut ana, found).await;

    submits(&mut ana, found).await;
    ana.opens(&format!("{}/reopen", found.part), "Open the part again").await;
    ana.follows("Open it again", "").await;
    submits(&mut ana, found).await;
    submits(&mut bruno, found).await;
    verified(stage, &mut ana, found).await;
}

async fn registers<'a>(stage: &Stage<'a>) -> Person<'a> {
    let mut ana = stage.newcomer().await;
    ana.opens("/register", "Create an account").await;
    ana.fill("Your name", "Ana Kask").await;
    ana.fill("E-mail address", ANA).await;
    ana.fill("Password", "password").await;
    ana.is_told("Create the account", "Create an account", "at least 12 characters").await;
    ana.fill("Password", PASSWORD).await;
    ana.follows("Create the account", "Look into your mailbox").await;
    let link = stage.link_to(ANA).await;
    ana.opens(&link, "Confirm your e-mail address").await;
    ana.fill("The password you chose", PASSWORD).await;
    ana.follows("Confirm my address", "Overview").await;
    ana
}

async fn founds(person: &mut Person<'_>, name: &str, country: &str) {
    person.opens("/organisations", "Organisations").await;
    person.follows("Register an organisation", "Register an organisation").await;
    person.choose("Kind", "Cluster").await;
    person.fill("Legal name", name).await;
    person.choose("Country", country).await;
    person.follows("Save", name).await;
}

async fn invites_bruno(stage: &Stage<'_>, ana: &mut Person<'_>, found: &Found) {
    ana.follows("Team and invitations", "Team").await;
    ana.follows("Invite a partner", "Invite a partner").await;
    ana.fill("Organisation", "Visual Sweden").await;
    ana.fill("Name of the person", "Bruno Lind").await;
    ana.fill("E-mail address", "bruno").await;
    ana.is_told("Send the invitation", "Invite a partner", "Enter an e-mail address").await;
    ana.fill("E-mail address", BRUNO).await;
    ana.follows("Send the invitation", "Team").await;
    let link = stage.link_to(BRUNO).await;
    let mut bruno = stage.invited(stage.newcomer().await, BRUNO, "You are invited to join LIGHTWOOD").await;
    bruno.see("First, your organisation").await;
    founds(&mut bruno, "Visual Sweden", "Sweden").await;
    bruno.opens(&link, "You are invited to join LIGHTWOOD").await;
    bruno.choose("Organisation you join with", "Visual Sweden").await;
    bruno.follows("Join the proposal", TITLE).await;
    bruno.see("Your part: Visual Sweden").await;
    ana.opens(&found.proposal, TITLE).await;
}

/// Answers every required question of the sections of one kind, and marks them as complete.
async fn writes(person: &mut Person<'_>, scope: SectionScope, found: &Found) {
    let terms = file_2017().call;
    for section in terms.sections.iter().filter(|section| section.scope == scope) {
        person.opens(&found.proposal, TITLE).await;
        person.follows(&section.title, &section.title).await;
        for question in section.questions.iter().filter(|question| question.required) {
            answers(person, question).await;
        }
        person.follows("Mark as complete", TITLE).await;
        person.see(&format!("“{}” is complete.", section.title)).await;
    }
}

async fn answers(person: &mut Person<'_>, question: &Question) {
    let label = question.label.as_str();
    match &question.kind {
        QuestionKind::Line { .. } => person.fill(label, "A short answer").await,
        QuestionKind::Text { .. } => {
            person.fill(label, "Sensors see the grain of the wood before the saw does, in both countries.").await;
        }
        QuestionKind::Number { min, .. } => person.fill(label, &min.unwrap_or(12).max(12).to_string()).await,
        QuestionKind::Date { .. } => person.fill(label, "2018-02-15").await,
        QuestionKind::YesNo => person.choose(label, "No").await,
        QuestionKind::Choice { options } | QuestionKind::Choices { options, .. } => {
            person.choose(label, &options[0].label).await;
        }
        QuestionKind::Country { .. } => person.choose(&format!("{label}, country 1"), "Japan").await,
        QuestionKind::Table { columns, min_rows, .. } => {
            for row in 1..=*min_rows {
                person.near(&format!("{label}, row {row}"));
                for column in columns.iter().filter(|column| column.required) {
                    let value = if column.key == "month" { (row * 6).to_string() } else { format!("Step {row}") };
                    person.fill(&column.label, &value).await;
                }
            }
            person.near("");
        }
        QuestionKind::Money { .. } | QuestionKind::File { .. } => {}
    }
}

struct Part {
    agency: &'static str,
    currency: &'static str,
    cost: &'static str,
    own: &'static str,
    grant: &'static str,
}

/// Everything a part says: its own sections, companies, an activity, money, targets, contact.
async fn fills_in(person: &mut Person<'_>, part: &Part, found: &Found) {
    let file = file_2017();
    let annex = file.annexes.iter().find(|annex| annex.agency.key == part.agency).expect("the agency takes part");
    writes(person, SectionScope::Part, found).await;
    person.opens(&found.proposal, TITLE).await;
    // A joint section has the same title as the companies of a part.
    person.follows("Activities", "Activities").await;
    person.follows("Previous: Participating companies", "Participating companies").await;
    person.follows("Add a company", "Add a company").await;
    let company = format!("Optics of {}", annex.agency.country.name());
    person.fill("Name", &company).await;
    person.choose("Country", annex.agency.country.name()).await;
    person.choose("Size", "Small").await;
    person.fill("In money", "-1").await;
    person.is_told("Save the company", "Add a company", "Enter an amount that is not negative").await;
    person.fill("In money", part.own).await;
    person.fill("In work", "0").await;
    person.fill("Name of the contact", "Ida Holm").await;
    person.fill("E-mail address of the contact", "ida@optics.example").await;
    person.tick("The contact was given the privacy notice").await;
    for declaration in &file.call.declarations {
        person.tick(&declaration.label).await;
    }
    person.follows("Save the company", "Participating companies").await;
    person.see(&company).await;
    person.follows("Next: Activities", "Activities").await;
    person.follows("Plan an activity", "Plan an activity").await;
    let supported = file.call.activities.iter().find(|a| annex.terms.activities.contains(&a.key)).expect("one kind");
    person.choose("Kind of activity", &supported.label).await;
    person.fill("Title", "Study trip to the sawmills").await;
    person.fill("First month", "2").await;
    person.fill("Last month", "3").await;
    person.follows("Save the activity", "Activities").await;
    person.follows("Next: Costs and financing", "Costs and financing").await;
    let amount = format!("Amount in {}", part.currency);
    person.near("Cost 1");
    person.choose("Kind", "Travel and accommodation").await;
    person.fill("What for", "Flights and nights").await;
    person.fill(&amount, part.cost).await;
    person.near("Contribution 1");
    person.choose("Source", "Companies' money").await;
    person.fill("From whom", &company).await;
    person.fill(&amount, part.own).await;
    person.near("");
    person.fill("Grant asked for", part.grant).await;
    person.follows("Save and check", "Costs and financing").await;
    person.follows("Next: Targets", "Targets").await;
    for kpi in &file.call.kpis {
        person.fill(&kpi.label, "12").await;
    }
    person.follows("Save and return", TITLE).await;
    person.follows("Contact and signatory", "Contact and signatory").await;
    person.choose("Contact of the agency", if part.agency == "lt-mita" { "Ana Kask" } else { "Bruno Lind" }).await;
    person.fill("Signatory", "Rasa Petrauskaite").await;
    person.follows("Save and return", TITLE).await;
}

/// The secretariat answers a question for everybody; whoever writes is told on the page of the proposal.
async fn the_call_is_corrected(stage: &Stage<'_>, found: &Found) {
    let mut olaf = stage.signed_in(OLAF).await;
    olaf.opens(&format!("{}/edit/consortium", found.desk), "").await;
    olaf.fill("Other rules", "A scan of a signed letter is enough.").await;
    olaf.follows("Continue to the corrigendum", "Corrigendum").await;
    olaf.is_told("Publish the corrigendum", "Corrigendum", "Say why the call is changed").await;
    olaf.fill("Reason", "Applicants asked whether a scan is enough.").await;
    olaf.follows("Publish the corrigendum", "").await;
    olaf.see("A scan of a signed letter is enough.").await;
}

/// Asks the other cluster for its letter, which is signed by link; gives the path of the part.
async fn signs_for(stage: &Stage<'_>, person: &mut Person<'_>, found: &Found, partner: &str, email: &str) -> String {
    person.opens(&found.proposal, TITLE).await;
    person.see("The call was changed on").await;
    person.follows("Letters of commitment", "Letters of commitment").await;
    let part = person.path().await.trim_end_matches("/letters").to_owned();
    person.follows(&format!("Ask for the letter of {partner}"), "Letters of commitment").await;
    person.fill("Who signs", "Sven Ek").await;
    person.fill("E-mail address", "sven").await;
    person.is_told("Send the link", "Letters of commitment", "Enter an e-mail address").await;
    person.fill("E-mail address", email).await;
    person.follows("Send the link", "Letters of commitment").await;
    let link = stage.link_to(email).await;
    let mut signer = stage.newcomer().await;
    signer.opens(&link, "").await;
    signer.is_told("Sign the letter", "", "your attention").await;
    signer.fill("Your name and position", "Sven Ek, director").await;
    signer.tick("I may sign for").await;
    signer.follows("Sign the letter", "").await;
    signer.see("The letter is signed").await;
    part
}

async fn attaches(ana: &mut Person<'_>, found: &Found) {
    ana.opens(&format!("{}/documents", found.part), "Documents").await;
    ana.attach("Choose a file for Cluster label certificate", "label.pdf", b"%PDF-1.7\nsilver\n%%EOF\n").await;
    ana.near("Cluster label certificate");
    ana.follows("Upload", "Documents").await;
    ana.see("label.pdf").await;
}

async fn submits(person: &mut Person<'_>, found: &Found) {
    person.opens(&found.proposal, TITLE).await;
    person.follows("Check and submit this part", "Check").await;
    person.see("Nothing stands in the way").await;
    person.follows("Review and submit", "Check your answers").await;
    person.fill("Who signs for the organisation", "").await;
    person.is_told("Submit to", "Check your answers", "need").await;
    person.fill("Who signs for the organisation", "Rasa Petrauskaite, director").await;
    person.tick("I ").await;
    person.follows("Submit to", "Receipt").await;
    person.see("was submitted").await;
}

/// Anybody who holds the receipt can have it confirmed.
async fn verified(stage: &Stage<'_>, ana: &mut Person<'_>, found: &Found) {
    ana.opens(&format!("{}/submissions/2", found.part), "Receipt").await;
    let text = ana.text().await;
    let words: Vec<&str> = text.split_whitespace().collect();
    let receipt = words.iter().find(|word| word.starts_with("IE-2017-001-LT-")).expect("a code");
    let checksum = words.iter().find(|word| word.len() == 64).expect("a checksum");
    let mut visitor = stage.newcomer().await;
    visitor.opens("/receipts/verify", "Verify a receipt").await;
    visitor.fill("Code of the receipt", receipt).await;
    visitor.fill("Checksum", checksum).await;
    visitor.follows("Verify", "Verify a receipt").await;
    visitor.see("This receipt is genuine").await;
    visitor.see("Yes, it is the version that counts").await;
}
