//! Two officers of each agency check; evaluators join, declare, decline, score; the chair signs the ranking.

use super::{CHRIS, Found, OLAF, officer};
use crate::{
    journeys::stage::{Person, Stage},
    support::scenes::{calls::file_2017, evaluation::COMMENT},
};

const EXPERTS: [(&str, &str); 5] = [
    ("Eva Expert", "eva@foresight.example"),
    ("Ella Scholar", "ella@academy.example"),
    ("Emil Teacher", "emil@college.example"),
    ("Dan Busy", "dan@busy.example"),
    ("Karl Close", "karl@close.example"),
];

pub async fn both_parts_are_eligible(stage: &Stage<'_>, found: &Found) {
    for (key, cluster, seen) in [("lt-mita", "Sunrise Valley", true), ("se-vinnova", "Visual Sweden", false)] {
        let check = format!("Check: {cluster}");
        let of = async |second: bool| {
            let email = officer(key, second);
            if seen { stage.signed_in(&email).await } else { stage.quick_in(&email).await }
        };
        let mut first = of(false).await;
        first.opens(&format!("{}/eligibility", found.desk), "Eligibility").await;
        first.follows("IE-2017-001", &check).await;
        first.see("every rule that a program can check is kept").await;
        first.is_told("Propose the verdict", &check, "your attention").await;
        for question in first.legends().await {
            first.choose(&question, "Yes").await;
            first.fill(&format!("Note on “{question}”"), "Seen in the papers.").await;
        }
        first.choose("Verdict", "Eligible").await;
        first.follows("Propose the verdict", &check).await;
        let mut second = of(true).await;
        second.opens(&format!("{}/eligibility", found.desk), "Eligibility").await;
        second.follows("IE-2017-001", &check).await;
        second.follows("Confirm: Eligible", &check).await;
        second.see("confirmed by Second Officer").await;
    }
}

pub async fn evaluators_judge(stage: &Stage<'_>, found: &Found) {
    let mut olaf = stage.signed_in(OLAF).await;
    olaf.opens(&found.desk, "IE-2017").await;
    olaf.follows("Start the evaluation", "Start the evaluation").await;
    olaf.follows("Start the evaluation", "IE-2017").await;
    let mut people = Vec::new();
    for (n, (name, email)) in EXPERTS.into_iter().enumerate() {
        let seen = matches!(n, 0 | 3 | 4);
        if n == 0 {
            olaf.opens("/staff/evaluators", "Evaluators").await;
            olaf.is_told("Send the invitation", "Evaluators", "need").await;
        }
        let mut desk = if n == 0 { None } else { Some(stage.quick_in(OLAF).await) };
        let inviter = desk.as_mut().unwrap_or(&mut olaf);
        inviter.opens("/staff/evaluators", "Evaluators").await;
        inviter.fill("Name", name).await;
        inviter.fill("E-mail address", email).await;
        inviter.follows("Send the invitation", "Evaluators").await;
        let person = if seen { stage.newcomer().await } else { stage.quick() };
        let mut person = stage.invited(person, email, "Join the pool of evaluators").await;
        person.fill("Where do you work?", &format!("House of {name}")).await;
        person.fill("Keywords", "forest-based industry, cluster management").await;
        person.fill("Languages you can judge in", "English").await;
        person.fill("Countries you work in", "Finland").await;
        person.fill("How many proposals at a time?", "4").await;
        person.follows("Join the pool", "My assignments").await;
        people.push(person);
    }
    let assigning = found.proposal.replace("/proposals/", "/staff/proposals/") + "/evaluators";
    olaf.opens(&assigning, "Evaluators of IE-2017-001").await;
    for (name, _) in EXPERTS {
        olaf.tick(name).await;
    }
    olaf.follows("Send the invitations", "Evaluators of IE-2017-001").await;
    let [eva, ella, emil, dan, karl] = &mut people[..] else { panic!("five people") };
    declines(dan).await;
    has_a_conflict(karl).await;
    for (judge, points) in [(eva, "4"), (ella, "4.5"), (emil, "4")] {
        judges(judge, points).await;
    }
    olaf.opens(&assigning, "Evaluators of IE-2017-001").await;
    olaf.see("We advise the cluster").await;
    let ranking = format!("{}/ranking", found.desk);
    olaf.opens(&ranking, "Ranking").await;
    olaf.follows("Draw the ranking", "Ranking").await;
    olaf.see("IE-2017-001").await;
    let mut chris = stage.signed_in(CHRIS).await;
    chris.opens(&ranking, "Ranking").await;
    chris.fill("Sign with your name", "C. C.").await;
    chris.is_told("Sign and fix the ranking", "Ranking", "Sign with your name").await;
    chris.fill("Sign with your name", "Chris Chair").await;
    chris.follows("Sign and fix the ranking", "Ranking").await;
    chris.see("Checksum of what was signed").await;
}

async fn opens_the_invitation(person: &mut Person<'_>) {
    person.opens("/assignments", "My assignments").await;
    person.follows("IE-2017-001", "").await;
    person.see("Who takes part").await;
}

async fn declines(dan: &mut Person<'_>) {
    opens_the_invitation(dan).await;
    dan.is_told("Decline", "", "attention").await;
    dan.choose("Why?", "I have no time before the date").await;
    dan.follows("Decline", "My assignments").await;
}

async fn has_a_conflict(karl: &mut Person<'_>) {
    opens_the_invitation(karl).await;
    karl.fill("What is the conflict?", "We advise the cluster").await;
    karl.follows("Declare the conflict", "My assignments").await;
}

async fn judges(judge: &mut Person<'_>, points: &str) {
    opens_the_invitation(judge).await;
    judge.is_told("Accept and open the proposal", "", "Confirm that you have no conflict").await;
    judge.tick("I have no conflict of interest").await;
    let name = EXPERTS.map(|(name, _)| name);
    let text = judge.text().await;
    let own = name.iter().find(|name| text.contains(&format!("in your account: {name}"))).expect("the name is told");
    judge.fill("Sign with your name", own).await;
    judge.follows("Accept and open the proposal", "IE-2017-001").await;
    judge.is_told("Submit", "IE-2017-001", "attention").await;
    for criterion in file_2017().call.criteria {
        judge.choose(&format!("Points for {}", criterion.name), points).await;
        judge.fill(&format!("Comment to the applicant on {}", criterion.name), COMMENT).await;
    }
    judge.follows("Submit", "").await;
    judge.see("Submitted").await;
}
