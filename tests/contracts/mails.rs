//! Every mail has a template that is used, a name of the platform's list, a test that receives it, and a subject
//! of one line; and what the world of the contracts is written is kept to be read.

use super::{html, snapshots, world};
use crate::{
    architecture::source::Tree,
    support::{
        TestApp,
        scenes::calls::{OLAF, file_2017},
    },
};
use entity::notifications::mail;
use fairway::{
    calls::publishing::commands::{ApproveAnnex, PublishCall, SubmitForApproval},
    kernel::mail::compose,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

/// The mails of the life of a call, by their names, and whom each is for.
const NAMES: &[(&str, &str)] = &[
    ("M01", "agencies: please complete your annex"),
    ("M02", "clusters: call announced"),
    ("M03", "clusters: call open"),
    ("M04", "everyone with a draft: change to the call"),
    ("M05", "agencies: call closed, figures"),
    ("M06", "a partner: invitation to join a project"),
    ("M07", "the coordinator: a partner joined or declined"),
    ("M08", "signatory, contact and home agency: receipt"),
    ("M08b", "contact and home agency: reopened, not submitted now"),
    ("M09", "partners and agencies: withdrawn"),
    ("M11", "contact: the part is eligible"),
    ("M12", "contact: the part is not eligible, with reasons"),
    ("M14", "an expert: invitation to evaluate"),
    ("M15", "the secretariat: conflict recorded"),
    ("M15b", "an expert: the task was taken back, or lost by a recorded conflict"),
    ("M16", "an expert: the task and its deadline"),
    ("M16b", "an expert: the task is due soon"),
    ("M17", "expert and secretariat: no reply, invitation lapsed"),
    ("M18", "an expert: review received"),
    ("M18b", "an expert: please revise"),
    ("M19", "reviewers and secretariat: the reviews differ, a third one or a consensus"),
    ("M19b", "reviewers: please sign the consensus"),
    ("M20", "agencies: decision list ready"),
    ("M20b", "agencies: the ranking was replaced, look at the decisions again"),
    ("M21", "contact and signatory: award"),
    ("M22", "contact: reserve list"),
    ("M22b", "agencies and secretariat: what a stranded consortium chose"),
    ("M23", "contact: not funded"),
    ("M30", "partners: dates of the agreement and its reports"),
    ("M31", "agency and secretariat: a grant was declined, the reserve list moved"),
    ("M34", "contact: report due"),
    ("M35", "reporting officer: report received"),
    ("M36", "contact: report returned, with points"),
    ("M36b", "contact: report approved"),
    ("M37", "partners: project closed"),
];

/// The names of mails that stand in the code of a folder.
fn named(folder: &str, tree: &Tree) -> BTreeSet<String> {
    let name = |word: &str| {
        let digits = word.strip_prefix('M')?;
        let number = digits.trim_end_matches('b');
        (number.len() == 2 && number.chars().all(|c| c.is_ascii_digit())).then(|| word.to_owned())
    };
    let words =
        |text: &str| -> Vec<String> { text.split(|c: char| !c.is_ascii_alphanumeric()).filter_map(name).collect() };
    tree.rust(folder)
        .filter(|file| !file.path.starts_with("tests/contracts/"))
        .flat_map(|file| words(&file.text))
        .collect()
}

#[test]
fn every_mail_has_a_name_of_the_list_and_a_test_that_receives_it() {
    let tree = Tree::of_this_checkout();
    let written = named("src/", &tree);
    let unknown: Vec<&String> = written.iter().filter(|name| !NAMES.iter().any(|(known, _)| known == name)).collect();
    assert_eq!(unknown, Vec::<&String>::new(), "say in NAMES whom these are for");

    let received = named("tests/", &tree);
    assert_eq!(
        written.difference(&received).collect::<Vec<_>>(),
        Vec::<&String>::new(),
        "no test receives these: look for them in app.inbox()"
    );
}

#[test]
fn every_template_of_a_mail_is_used_and_begins_with_a_subject() {
    let tree = Tree::of_this_checkout();
    let mut faults = Vec::new();
    let mut count = 0;
    for file in tree.files().filter(|file| file.path.starts_with("templates/") && file.path.contains("/mail/")) {
        count += 1;
        let template = &file.path["templates/".len()..];
        let feature = template.split("/mail/").next().unwrap_or_default();
        let users = tree.rust("src/").filter(|code| code.text.contains(&format!("\"{template}\"")));
        let users: Vec<&str> = users.map(|code| code.path.as_str()).collect();
        if users.is_empty() {
            faults.push(format!("{} is used by nothing", file.path));
        }
        if let Some(other) = users.iter().find(|user| !user.starts_with(&format!("src/{feature}"))) {
            faults.push(format!("{} is used by {other}, of another feature", file.path));
        }
        let (subject, rest) = file.text.split_once('\n').unwrap_or((&file.text, ""));
        let opened = subject.matches("{%").count();
        if subject.trim().is_empty() || subject.matches("%}").count() != opened || subject.contains("{% for") {
            faults.push(format!("{} does not begin with a subject of one line", file.path));
        }
        if !rest.starts_with('\n') {
            faults.push(format!("{} has no empty line after its subject", file.path));
        }
        if rest.contains("http://") || rest.contains("https://") {
            faults.push(format!("{} leads to a fixed address: write `→ /path`", file.path));
        }
    }

    assert!(count > 5, "only {count} templates of mails");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

both!(what_the_world_is_written_can_be_read);

async fn what_the_world_is_written_can_be_read(app: TestApp) {
    world::build(&app, 2).await;
    announce(&app).await;
    app.work().await;
    let mails = app.mails().await;
    let mut faults = Vec::new();
    let mut kept: BTreeMap<(String, String), (String, BTreeSet<String>)> = BTreeMap::new();
    for mail in &mails {
        faults.extend(wrong(mail).into_iter().map(|fault| format!("{} “{}”: {fault}", mail.name, mail.subject)));
        let key = (mail.name.clone(), redacted(&mail.subject));
        let text = redacted(&mail.text);
        let entry = kept.entry(key).or_insert_with(|| (text.clone(), BTreeSet::new()));
        // Which of many is read first is left to chance; the first by its text is kept.
        if text < entry.0 {
            entry.0 = text;
        }
        entry.1.insert(mail.address.clone());
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));

    let mut text = "What the world of the contracts is written, once for each subject.\n".to_owned();
    for ((name, subject), (body, to)) in &kept {
        let to: Vec<&str> = to.iter().map(String::as_str).collect();
        let _ = write!(text, "\n=== {name}: {subject}\nto {}\n\n{body}", to.join(", "));
    }
    assert!(kept.len() >= 3, "only {} kinds of mail", kept.len());
    snapshots::matches("mails.txt", &text);
    app.finish().await;
}

/// A call on its way from draft to open.
async fn announce(app: &TestApp) {
    let mut file = file_2017();
    file.code = "IE-NEXT".to_owned();
    let scene = app.draft_call(file).await;
    app.run(OLAF, SubmitForApproval(scene.call)).await;
    for agency in scene.agencies.values() {
        app.run(&agency.officer, ApproveAnnex { annex: agency.annex, seen: 1 }).await;
    }
    app.run(OLAF, PublishCall(scene.call)).await;
}

fn wrong(mail: &mail::Model) -> Vec<String> {
    let mut faults = html::unbalanced(&mail.html);
    if mail.subject.is_empty() || mail.subject.contains(['\r', '\n']) || mail.subject.chars().count() > 150 {
        faults.push("the subject is empty, too long or of several lines".to_owned());
    }
    if mail.text.trim().is_empty() || mail.text.contains("{{") || mail.text.contains("→") || mail.text.contains("&#")
    {
        faults.push("the text is empty or not written out".to_owned());
    }
    if mail.text.contains("\n\n\n") || mail.text.lines().any(|line| line.ends_with(' ')) {
        faults.push("the text has empty lines in a row, or spaces at the end of a line".to_owned());
    }
    faults
}

/// Ids, tokens and receipts are new in every run.
fn redacted(text: &str) -> String {
    let mut out = String::new();
    for piece in text.split_inclusive(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))) {
        let end = piece.trim_end_matches(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))).len();
        let (word, rest) = piece.split_at(end);
        let digits = word.chars().filter(char::is_ascii_digit).count();
        let id = word.len() == 36 && word.matches('-').count() == 4;
        let token = word.len() >= 20 && digits >= 2;
        let receipt = word.starts_with("IE-") && word.matches('-').count() >= 4;
        out.push_str(if id || token || receipt { "…" } else { word });
        out.push_str(rest);
    }
    out
}

#[test]
fn what_changes_in_every_run_is_redacted() {
    let text = "See https://fairway.test/proposals/0193a0de-1111-7abc-8def-000000000000/parts, receipt IE-2017-001-LT-7Q2M, version 1.";

    assert_eq!(redacted(text), "See https://fairway.test/proposals/…/parts, receipt …, version 1.");
}

#[test]
fn a_composed_mail_is_well_formed() {
    let mail = compose("Subject\n\nOne <b> & two.\n- a\n- b\n\n→ /calls\n", "https://fairway.test");

    assert_eq!(html::unbalanced(&mail.html), Vec::<String>::new());
}
