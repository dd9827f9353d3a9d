//! The first administrator invites people; the call comes as a file, is approved, announced and opens by itself.

use super::{CHRIS, Found, OLAF, officer};
use crate::{
    journeys::stage::{PASSWORD, Person, Stage},
    support::scenes::calls::file_2017,
};
use entity::types::text::Email;
use fairway::{accounts::roles::commands::AppointAdministrator, calls::archive::shipped, kernel::Actor};

const ADA: &str = "ada@house.example";

/// The command line appoints the first administrator and prints a link.
pub async fn the_house_is_opened(stage: &Stage<'_>) {
    let appoint = AppointAdministrator { email: Email::parse(ADA).expect("an address") };
    let link = stage.app.app.run(&Actor::System("command line"), appoint).await.expect("an administrator");
    let mut ada = stage.newcomer().await;
    ada.opens(&link, "Choose a new password").await;
    ada.fill("New password", "short").await;
    ada.is_told("Set the new password", "Choose a new password", "at least 12 characters").await;
    ada.fill("New password", PASSWORD).await;
    ada.follows("Set the new password", "Sign in").await;
    ada.fill("E-mail address", ADA).await;
    ada.fill("Password", PASSWORD).await;
    ada.near("Password");
    ada.follows("Sign in", "Overview").await;
    invites(&mut ada, "Olaf Berg", OLAF, "Joint secretariat", "").await;
    let mut olaf = stage.invited(stage.newcomer().await, OLAF, "You are invited").await;
    olaf.see("invites you to the role").await;
    olaf.follows("Accept", "Overview").await;
}

async fn invites(ada: &mut Person<'_>, name: &str, email: &str, role: &str, agency: &str) {
    ada.opens("/admin/accounts/invite", "Invite to a role").await;
    ada.fill("Name", name).await;
    ada.fill("E-mail address", email).await;
    ada.choose("Role", role).await;
    if !agency.is_empty() {
        ada.choose("Agency", agency).await;
    }
    ada.follows("Send the invitation", "Accounts").await;
}

pub async fn the_call_is_imported_and_approved(stage: &Stage<'_>, found: &mut Found) {
    let mut olaf = stage.signed_in(OLAF).await;
    olaf.opens("/staff/calls", "Calls").await;
    olaf.follows("New call", "A new call").await;
    let broken = shipped::INNOVATION_EXPRESS_2017.replacen("\"weight\": \"30\"", "\"weight\": \"20\"", 1);
    olaf.attach("Call file", "broken.json", broken.as_bytes()).await;
    olaf.is_told("Import the file", "A new call", "The weights add up to 90 %").await;
    olaf.attach("Call file", "call.json", shipped::INNOVATION_EXPRESS_2017.as_bytes()).await;
    olaf.follows("Import the file", "IE-2017").await;
    found.desk = olaf.path().await;
    olaf.follows("Send to the agencies", "Send to the agencies").await;
    olaf.follows("Send to the agencies", "IE-2017").await;
    olaf.see("With the agencies").await;
    agencies(stage, found).await;
    olaf.opens(&found.desk, "IE-2017").await;
    olaf.follows("Announce", "Announce").await;
    olaf.follows("Announce", "IE-2017").await;
    olaf.see("Announced").await;
}

/// Officers of every agency and the chair of the panel are invited; each agency approves its annex.
async fn agencies(stage: &Stage<'_>, found: &Found) {
    let mut ada = stage.quick_in(ADA).await;
    for annex in file_2017().annexes {
        let (key, name) = (annex.agency.key.as_str(), annex.agency.name.as_str());
        let seen = key == "lt-mita";
        for second in [false, true] {
            let (email, who) = (officer(key, second), if second { "Second Officer" } else { "First Officer" });
            invites(&mut ada, who, &email, "Agency officer", name).await;
            let person = if seen && !second { stage.newcomer().await } else { stage.quick() };
            let mut person = stage.invited(person, &email, "You are invited").await;
            person.follows("Accept", "Overview").await;
            if !second {
                person.opens(&found.desk, "IE-2017").await;
                person.follows(name, &format!("Annex of {name}")).await;
                person.follows("Approve this annex", &format!("Annex of {name}")).await;
                person.see("Approved").await;
            }
        }
    }
    invites(&mut ada, "Chris Chair", CHRIS, "Panel chair", "").await;
    let mut chris = stage.invited(stage.quick(), CHRIS, "You are invited").await;
    chris.follows("Accept", "Overview").await;
}
