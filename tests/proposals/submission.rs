//! Handing in, taking back and giving up parts; receipts and who may ask for them.

use crate::support::{TestApp, scenes::proposals::Draft};
use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    documents::file,
    kernel::job,
    proposals::{part, proposal, submission},
    types::{
        ids::PartId,
        states::{JobState, PartState, ProposalState, Role},
    },
};
use fairway::{jobs::worker, proposals::submission::content::checksum, server};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::json;

both!(
    a_part_is_submitted_with_a_receipt_that_anybody_can_verify,
    each_agency_closes_at_its_own_second,
    what_is_missing_is_listed_with_links,
    a_second_press_gives_the_same_receipt,
    a_change_after_the_last_look_is_not_submitted_unseen,
    a_part_is_opened_again_and_submitted_as_version_two,
    a_withdrawn_part_is_gone_for_good,
    strangers_see_nothing_and_partners_submit_only_their_own,
    the_receipt_is_printed_once_however_often_the_job_runs,
    a_full_disk_delays_the_receipt_and_loses_nothing,
    a_program_does_the_same,
    the_signatory_gets_the_receipt_by_address,
    every_link_of_the_check_finds_its_field,
);

const ANA: &str = "Ana Kask";
const BRUNO: &str = "Bruno Lind";
const OFFICER: &str = "Rytis Agency";

fn below(draft: &Draft, part: PartId, page: &str) -> String {
    format!("/proposals/{}/parts/{part}/{page}", draft.proposal)
}

/// A draft that can be submitted, with an officer at the Lithuanian agency.
async fn ready(app: &TestApp) -> Draft {
    let call = app.call_open_for_drafts().await;
    let draft = app.complete_draft(&call).await;
    let agency = app.annex_of(call, "LT").await.agency_id;
    app.grant(OFFICER, Role::AgencyOfficer, None, Some(agency)).await;
    draft
}

/// Presses submit as a browser does that shows the last look.
async fn submit(app: &TestApp, person: &str, draft: &Draft, part: PartId) -> crate::support::people::Page {
    let browser = app.as_(person).await;
    let path = below(draft, part, "review");
    let look = browser.get(&path).await.expect(200);
    let (key, seen) = (look.input("key").unwrap_or_default(), look.input("seen").unwrap_or_default());
    let fields = [("key", key.as_str()), ("seen", &seen), ("signatory", "Rasa Petrauskaite"), ("confirmed", "yes")];
    browser.post(&path, &fields).await
}

async fn state(app: &TestApp, part: PartId) -> PartState {
    part::Entity::find_by_id(part).one(app.app.database().maintenance()).await.unwrap().unwrap().state
}

async fn versions(app: &TestApp, part: PartId) -> Vec<submission::Model> {
    let rows = submission::Entity::find().filter(submission::Column::PartId.eq(part));
    rows.all(app.app.database().maintenance()).await.unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

async fn a_part_is_submitted_with_a_receipt_that_anybody_can_verify(app: TestApp) {
    let draft = ready(&app).await;
    let (ana, part) = (app.as_(ANA).await, draft.coordinator_part);

    ana.get(&below(&draft, part, "check")).await.expect(200).says("Nothing stands in the way");
    submit(&app, ANA, &draft, part).await.goes_to(&below(&draft, part, "submissions/1"));

    let row = versions(&app, part).await.remove(0);
    let receipt = ana.get(&below(&draft, part, "submissions/1")).await.expect(200);
    let receipt = receipt.says(&row.receipt).says(&row.digest).says("1 September 2017").says("(Europe/Vilnius)");
    receipt.says("Version 1 was submitted").says("What happens next").says("sha256sum");
    assert!(row.receipt.starts_with("IE-2017-001-LT-"), "{}", row.receipt);
    let document = ana.get(&below(&draft, part, "submissions/1/document")).await.expect(200).bytes;
    assert_eq!(checksum(&document), row.digest);

    let mails = app.inbox().await;
    assert!(mails.contains(&format!("M08 to ana.kask@example.org: Receipt {}: version 1 was submitted", row.receipt)));
    assert!(
        mails.contains(&"M08 to rytis.agency@example.org: IE-2017-001: Sunrise Valley submitted version 1".to_owned()),
        "{mails:#?}"
    );
    let db = app.app.database().maintenance();
    let whole = proposal::Entity::find_by_id(draft.proposal).one(db).await.unwrap().unwrap();
    assert_eq!((state(&app, part).await, whole.state), (PartState::Submitted, ProposalState::Submitted));
    assert!(whole.submitted_at.is_some());

    app.work().await;
    let file = versions(&app, part).await.remove(0).pdf_file_id.unwrap();
    let pdf = ana.get(&format!("/files/{file}")).await.expect(200).bytes;
    assert!(pdf.starts_with(b"%PDF"));
    app.as_(OFFICER).await.get(&format!("/files/{file}")).await.expect(200);
    app.as_("Somebody Else").await.get(&format!("/files/{file}")).await.expect(404);

    let anybody = app.visitor();
    let asked = |receipt: &str, sum: &str| format!("/receipts/verify?receipt={receipt}&checksum={sum}");
    let genuine = anybody.get(&asked(&row.receipt.to_lowercase(), &row.digest)).await.expect(200);
    let genuine = genuine.says("This receipt is genuine").says("Yes, it is the version that counts");
    genuine.does_not_say("Sunrise Valley").does_not_say("Light for Nordic forests");
    anybody.get(&asked(&row.receipt, &"0".repeat(64))).await.expect(200).says("No such receipt");
    anybody.get(&asked("IE-2017-001-LT-AAAA", &row.digest)).await.expect(200).says("No such receipt");
    anybody.get(&asked(&row.receipt, "short")).await.expect(422).says("A checksum has 64 digits");
    for (name, bytes, answer) in [
        ("copy.json", &document, "This receipt is genuine"),
        ("receipt.pdf", &pdf, "This receipt is genuine"),
        ("other.json", &b"{}".to_vec(), "No such receipt"),
    ] {
        let file = ("file", name, bytes.as_slice());
        anybody.upload("/receipts/verify", &[], file).await.expect(200).says(answer);
    }
    app.finish().await;
}

async fn each_agency_closes_at_its_own_second(app: TestApp) {
    let draft = ready(&app).await;

    // 16:00 in Vilnius is 14:00 UTC, in Stockholm 15:00 UTC; the closing second itself is in time.
    app.jump(at("2017-10-31T14:00:02Z"));
    submit(&app, ANA, &draft, draft.coordinator_part).await.expect(422).says("The deadline of your agency was");
    app.as_(ANA)
        .await
        .get(&below(&draft, draft.coordinator_part, "check"))
        .await
        .says("The deadline of your agency was");
    submit(&app, BRUNO, &draft, draft.partner_part).await.goes_to(&below(&draft, draft.partner_part, "submissions/1"));
    app.jump(at("2017-10-31T14:00:00Z"));
    submit(&app, ANA, &draft, draft.coordinator_part).await.expect(303);
    let row = versions(&app, draft.coordinator_part).await.remove(0);
    assert_eq!(row.submitted_at.timestamp(), at("2017-10-31T14:00:00Z").timestamp());

    app.jump(at("2017-10-31T14:00:02Z"));
    let reopen = below(&draft, draft.coordinator_part, "reopen");
    app.as_(ANA).await.post(&reopen, &[]).await.expect(422).says("What you submitted stands");
    assert_eq!(state(&app, draft.coordinator_part).await, PartState::Submitted);
    app.finish().await;
}

async fn what_is_missing_is_listed_with_links(app: TestApp) {
    let call = app.call_open_for_drafts().await;
    let draft = app.draft_of(&call).await;
    let (ana, part) = (app.as_(ANA).await, draft.coordinator_part);

    let page = ana.get(&below(&draft, part, "check")).await.expect(200);
    let page = page.says("things must be mended before this part can be submitted").says("Plan at least one activity");
    for link in ["/sections/a#public_summary", "/budget#costs", "/activities#activities", "/companies#participants"] {
        assert!(page.html().contains(link), "{link}");
    }
    ana.get(&below(&draft, part, "review")).await.expect(200).says("No answer").says("Must be mended:");
    submit(&app, ANA, &draft, part).await.expect(422).says("things must be mended before this part can be submitted");
    let nameless = [("signatory", " "), ("confirmed", "")];
    let refused = ana.post(&below(&draft, part, "review"), &nameless).await.expect(422);
    refused.says("Fill this in").says("Confirm the statement");
    assert_eq!(state(&app, part).await, PartState::Draft);

    let progress = ana.get(&format!("/proposals/{}/progress", draft.proposal)).await.expect(200);
    progress.says("Sunrise Valley").says("Visual Sweden").says("things");
    app.finish().await;
}

async fn a_second_press_gives_the_same_receipt(app: TestApp) {
    let draft = ready(&app).await;
    let (ana, part) = (app.as_(ANA).await, draft.coordinator_part);
    let path = below(&draft, part, "review");
    let look = ana.get(&path).await;
    let (key, seen) = (look.input("key").unwrap(), look.input("seen").unwrap());
    let fields = [("key", key.as_str()), ("seen", &seen), ("signatory", "Rasa"), ("confirmed", "yes")];

    for _ in 0..2 {
        ana.post(&path, &fields).await.goes_to(&below(&draft, part, "submissions/1"));
    }
    // Another tab with a key of its own, and after the deadline: the receipt stays.
    app.jump(at("2017-11-01T08:00:00Z"));
    let other = [("key", "another-key"), ("signatory", "Rasa"), ("confirmed", "yes")];
    app.as_(ANA).await.post(&path, &other).await.goes_to(&below(&draft, part, "submissions/1"));

    assert_eq!(versions(&app, part).await.len(), 1);
    let receipts = app.inbox().await.iter().filter(|m| m.starts_with("M08 to ana.kask")).count();
    assert_eq!(receipts, 1);
    app.finish().await;
}

async fn a_change_after_the_last_look_is_not_submitted_unseen(app: TestApp) {
    let draft = ready(&app).await;
    let (ana, part) = (app.as_(ANA).await, draft.coordinator_part);
    let path = below(&draft, part, "review");
    let seen = ana.get(&path).await.input("seen").unwrap();

    let db = app.app.database().maintenance();
    let row = proposal::Entity::find_by_id(draft.proposal).one(db).await.unwrap().unwrap();
    let mut row: proposal::ActiveModel = row.into();
    row.title = Set("Another title".into());
    row.update(db).await.unwrap();

    let fields = [("seen", seen.as_str()), ("signatory", "Rasa Petrauskaite"), ("confirmed", "yes")];
    let again = ana.post(&path, &fields).await.expect(422).says("Somebody changed the proposal");
    assert_eq!(again.input("signatory").as_deref(), Some("Rasa Petrauskaite"));
    assert_eq!(versions(&app, part).await.len(), 0);
    app.finish().await;
}

async fn a_part_is_opened_again_and_submitted_as_version_two(app: TestApp) {
    let draft = ready(&app).await;
    let (ana, part) = (app.as_(ANA).await, draft.coordinator_part);
    submit(&app, ANA, &draft, part).await.expect(303);
    let first = versions(&app, part).await.remove(0);
    let officer = app.as_(OFFICER).await;
    officer.get(&below(&draft, part, "submissions/1")).await.expect(200);

    ana.get(&below(&draft, part, "reopen")).await.expect(200).says("no longer counts");
    ana.post(&below(&draft, part, "reopen"), &[]).await.goes_to(&below(&draft, part, "check"));
    assert_eq!(state(&app, part).await, PartState::Draft);
    officer.get(&below(&draft, part, "submissions/1")).await.expect(404);
    let mails = app.inbox().await;
    assert!(mails.iter().any(|m| m.starts_with("M08b to rytis.agency")), "{mails:#?}");
    let asked = format!("/receipts/verify?receipt={}&checksum={}", first.receipt, first.digest);
    app.visitor().get(&asked).await.says("the part was opened again and is not submitted now");

    let db = app.app.database().maintenance();
    let row = proposal::Entity::find_by_id(draft.proposal).one(db).await.unwrap().unwrap();
    assert_eq!((row.state, row.submitted_at), (ProposalState::Draft, None));
    let mut row: proposal::ActiveModel = row.into();
    row.title = Set("Light for Baltic forests".into());
    row.update(db).await.unwrap();
    app.jump(app.app.now() + TimeDelta::hours(1));
    submit(&app, ANA, &draft, part).await.goes_to(&below(&draft, part, "submissions/2"));

    let all = versions(&app, part).await;
    let standing: Vec<_> = all.iter().map(|v| (v.number, v.ended_at.is_none())).collect();
    assert_eq!(standing, [(1, false), (2, true)]);
    app.visitor().get(&asked).await.says("No, version 2 replaced it");
    ana.get(&below(&draft, part, "submissions/1")).await.says("Version 1 no longer counts");
    ana.get(&below(&draft, part, "submissions")).await.says("Compare two versions").says("Counts");
    let compared = ana.get(&below(&draft, part, "compare?from=1&to=2")).await.expect(200);
    assert!(compared.html().contains("<del>Nordic </del><ins>Baltic </ins>"), "{}", compared.text());
    ana.get(&below(&draft, part, "compare?from=1&to=9")).await.expect(404);
    let history = ana.get(&format!("/proposals/{}/history", draft.proposal)).await.expect(200);
    history.says("submitted version 2 of the part of Sunrise Valley").says("opened the part of Sunrise Valley again");
    app.finish().await;
}

async fn a_withdrawn_part_is_gone_for_good(app: TestApp) {
    let draft = ready(&app).await;
    submit(&app, ANA, &draft, draft.coordinator_part).await.expect(303);
    submit(&app, BRUNO, &draft, draft.partner_part).await.expect(303);
    let (ana, part) = (app.as_(ANA).await, draft.coordinator_part);

    ana.get(&below(&draft, part, "withdraw")).await.expect(200).says("cannot be taken up again");
    ana.post(&below(&draft, part, "withdraw"), &[]).await.goes_to(&below(&draft, part, "submissions"));

    assert_eq!(state(&app, part).await, PartState::Withdrawn);
    let told: Vec<String> = app.inbox().await.into_iter().filter(|m| m.starts_with("M09 ")).collect();
    for person in ["ana.kask", "bruno.lind", "rytis.agency"] {
        assert!(told.iter().any(|m| m.contains(person)), "{person}: {told:#?}");
    }
    ana.post(&below(&draft, part, "withdraw"), &[]).await.expect(422).says("not possible");
    ana.post(&below(&draft, part, "reopen"), &[]).await.expect(422).says("not possible");
    let fields = [("signatory", "Rasa"), ("confirmed", "yes")];
    ana.post(&below(&draft, part, "review"), &fields).await.expect(422);
    let row = versions(&app, part).await.remove(0);
    let asked = format!("/receipts/verify?receipt={}&checksum={}", row.receipt, row.digest);
    app.visitor().get(&asked).await.says("No, the part was withdrawn");
    let whole = proposal::Entity::find_by_id(draft.proposal).one(app.app.database().maintenance()).await;
    assert_eq!(whole.unwrap().unwrap().state, ProposalState::Submitted);
    app.finish().await;
}

async fn strangers_see_nothing_and_partners_submit_only_their_own(app: TestApp) {
    let draft = ready(&app).await;
    let part = draft.coordinator_part;
    let (stranger, officer, nobody) = (app.as_("Somebody Else").await, app.as_(OFFICER).await, app.visitor());
    let pages = ["check", "review", "submissions", "submissions/1", "submissions/1/document", "compare?from=1&to=2"];
    let team = [format!("/proposals/{}/progress", draft.proposal), format!("/proposals/{}/history", draft.proposal)];

    for page in pages.map(|page| below(&draft, part, page)).iter().chain(&team) {
        stranger.get(page).await.expect(404);
        officer.get(page).await.expect(404);
        nobody.get(page).await.expect(401);
    }
    for act in ["review", "reopen", "withdraw"] {
        let act = below(&draft, part, act);
        stranger.post(&act, &[("signatory", "X"), ("confirmed", "yes")]).await.expect(404);
        officer.post(&act, &[("signatory", "X"), ("confirmed", "yes")]).await.expect(404);
        app.as_(BRUNO).await.post(&act, &[("signatory", "X"), ("confirmed", "yes")]).await.expect(403);
    }
    app.as_(BRUNO).await.get(&below(&draft, part, "check")).await.expect(200);
    let elsewhere = format!("/proposals/{}/parts/{part}/check", draft.call);
    app.as_(ANA).await.get(&elsewhere).await.expect(404);

    submit(&app, ANA, &draft, part).await.expect(303);
    officer.get(&below(&draft, part, "submissions/1")).await.expect(200).does_not_say("open the part again");
    officer.get(&team[1]).await.expect(200);
    officer.post(&below(&draft, part, "withdraw"), &[]).await.expect(403);
    stranger.get(&below(&draft, part, "submissions/1")).await.expect(404);
    app.finish().await;
}

async fn the_receipt_is_printed_once_however_often_the_job_runs(app: TestApp) {
    let draft = ready(&app).await;
    submit(&app, ANA, &draft, draft.coordinator_part).await.expect(303);
    app.work().await;
    let db = app.app.database().maintenance();
    let row = job::Entity::find().filter(job::Column::Name.eq("proposals.receipt")).one(db).await.unwrap().unwrap();
    assert_eq!((row.state, row.error.as_str()), (JobState::Done, ""));

    // As if the process had died after the file was kept and before the job was marked as done.
    let mut row: job::ActiveModel = row.into();
    row.state = Set(JobState::Running);
    row.locked_until = Set(Some(app.app.now() - TimeDelta::minutes(1)));
    row.update(db).await.unwrap();
    app.work().await;

    let part = draft.coordinator_part;
    let files = file::Entity::find().filter(file::Column::AboutId.eq(part.0)).count(db).await.unwrap();
    assert_eq!(files, 1);
    assert!(app.as_(ANA).await.get(&below(&draft, part, "submissions/1")).await.html().contains("/files/"));
    app.finish().await;
}

async fn a_full_disk_delays_the_receipt_and_loses_nothing(app: TestApp) {
    let draft = ready(&app).await;
    let part = draft.coordinator_part;
    // No store can be written when its folder is no folder: the receipt waits, the submission stands.
    let store = app.folder().join("files");
    std::fs::remove_dir_all(&store).unwrap();
    std::fs::write(&store, b"full").unwrap();

    submit(&app, ANA, &draft, part).await.goes_to(&below(&draft, part, "submissions/1"));
    worker::step(&app.app, &server::jobs()).await.unwrap();
    app.as_(ANA).await.get(&below(&draft, part, "submissions/1")).await.expect(200).says("being printed");

    std::fs::remove_file(&store).unwrap();
    std::fs::create_dir_all(store.join("incoming")).unwrap();
    app.jump(app.app.now() + TimeDelta::minutes(10));
    app.work().await;
    assert!(versions(&app, part).await[0].pdf_file_id.is_some());
    app.finish().await;
}

async fn a_program_does_the_same(app: TestApp) {
    let draft = ready(&app).await;
    let (program, part) = (app.program(ANA).await, draft.coordinator_part);

    let (status, check) = program.get(&format!("/parts/{part}/readiness")).await;
    assert_eq!((status.as_u16(), check["clear"].as_bool(), check["in_time"].as_bool()), (200, Some(true), Some(true)));
    let order = json!({ "signatory": "Rasa", "confirmed": true, "seen": check["fingerprint"] });
    let (status, receipt) = program.post(&format!("/parts/{part}/submit"), order.clone()).await;
    assert_eq!((status.as_u16(), receipt["version"].as_i64()), (200, Some(1)), "{receipt}");
    let (_, again) = program.post(&format!("/parts/{part}/submit"), order).await;
    assert_eq!(again["receipt"], receipt["receipt"]);

    let asked = format!(
        "/receipts/verify?receipt={}&checksum={}",
        receipt["receipt"].as_str().unwrap(),
        receipt["checksum"].as_str().unwrap()
    );
    let (_, verified) = program.get(&asked).await;
    assert_eq!((verified["genuine"].as_bool(), verified["standing"].as_str()), (Some(true), Some("current")));
    let (_, list) = program.get(&format!("/parts/{part}/submissions")).await;
    assert_eq!(list["total"].as_u64(), Some(1));
    let (status, content) = program.get(&format!("/parts/{part}/content")).await;
    assert_eq!((status.as_u16(), content["proposal"]["acronym"].as_str()), (200, Some("LIGHTWOOD")));
    let (status, _) = program.post(&format!("/parts/{part}/reopen"), json!(null)).await;
    assert_eq!(status.as_u16(), 200);
    let (_, progress) = program.get(&format!("/proposals/{}/progress", draft.proposal)).await;
    assert_eq!(progress["items"][0]["state"].as_str(), Some("draft"));
    let (_, history) = program.get(&format!("/proposals/{}/history", draft.proposal)).await;
    assert!(history["total"].as_u64().unwrap() >= 3);
    let (status, refused) = app.program("Somebody Else").await.get(&format!("/parts/{part}/readiness")).await;
    assert_eq!((status.as_u16(), refused["code"].as_str()), (404, Some("not_found")));
    app.finish().await;
}

async fn the_signatory_gets_the_receipt_by_address(app: TestApp) {
    let draft = ready(&app).await;
    let part = draft.coordinator_part;
    let program = app.program(ANA).await;
    let version = program.get(&format!("/parts/{part}")).await.1["version"].clone();
    let contact = json!({ "contact": app.account(ANA).await.0, "signatory": "Rasa Petrauskaite", "signatory_email": "rasa@valley.example", "version": version });
    assert_eq!(program.put(&format!("/parts/{part}/contact"), contact).await.0.as_u16(), 200);

    submit(&app, ANA, &draft, part).await.goes_to(&below(&draft, part, "submissions/1"));

    let row = versions(&app, part).await.remove(0);
    let mails = app.mails().await;
    let mail = mails.iter().find(|mail| mail.address == "rasa@valley.example").expect("the signatory is told");
    assert_eq!(
        (mail.name.as_str(), mail.subject.as_str()),
        ("M08", &*format!("Receipt {}: signed in your name", row.receipt))
    );
    // The link needs no account.
    let at = mail.text.find("/receipts/verify").unwrap();
    let link = mail.text[at..].split_whitespace().next().unwrap();
    app.visitor().get(link).await.expect(200).says(&row.receipt).says("genuine");
    app.finish().await;
}

/// Every message of the check leads to the field it speaks of: the page has an element of that name.
async fn every_link_of_the_check_finds_its_field(app: TestApp) {
    let call = app.call_open_for_drafts().await;
    let draft = app.draft_without_letters(&call).await;
    app.spoil(&draft).await;
    let ana = app.as_(ANA).await;
    let check = ana.get(&below(&draft, draft.coordinator_part, "check")).await.expect(200).html();

    let main = check.split("<main").nth(1).unwrap();
    let links: std::collections::BTreeSet<String> = main
        .split("href=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .filter(|link| link.starts_with('/') && link.contains('#'))
        .map(str::to_owned)
        .collect();
    assert!(links.iter().any(|link| link.contains("/budget#cost.0.amount")), "{links:#?}");
    assert!(links.len() >= 6, "{links:#?}");
    let mut lost = Vec::new();
    for link in &links {
        let (page, field) = link.split_once('#').unwrap();
        let html = ana.get(page).await.expect(200).html();
        if !html.contains(&format!("id=\"{field}\"")) {
            lost.push(link);
        }
    }
    assert!(lost.is_empty(), "these lead to no field: {lost:#?}");
    app.finish().await;
}
