//! Starting a proposal and answering its questions.

use crate::support::{TestApp, scenes::proposals::Draft};
use entity::types::ids::{OrganisationId, ProposalId};
use fairway::{
    calls::questions::RawAnswer,
    kernel::AppError,
    proposals::{
        Place,
        drafts::{
            commands::{CompleteSection, SaveAnswers, Sent, StartProposal, Typed},
            rules::{Seen, digest_of},
        },
    },
};
use serde_json::{Value, json};

both!(
    a_proposal_is_started_once,
    two_people_never_overwrite_each_other,
    a_complete_draft_is_complete,
    somebody_applies_through_the_pages,
    a_section_is_answered_without_script,
    a_section_is_saved_while_it_is_written,
    two_tabs_show_both_texts,
    drafts_are_invisible_to_staff_and_strangers,
    a_draft_is_given_up,
    programs_write_drafts,
    a_colleague_is_named_and_can_be_asked_for_access,
    a_changed_call_is_told_on_every_form_and_card,
);

fn start(call: entity::types::ids::CallId, organisation: OrganisationId, another: bool) -> StartProposal {
    StartProposal {
        call,
        organisation,
        annex: None,
        title: "Light for Nordic forests".into(),
        acronym: "LIGHT".into(),
        another,
    }
}

async fn a_proposal_is_started_once(app: TestApp) {
    let call = app.call_open_for_drafts().await;
    let home = app.applicant("Ana Kask", "Sunrise Valley", "LT").await;

    let first = app.run("Ana Kask", start(call, home, false)).await;
    assert_eq!(first.code, "IE-2017-001");
    let ana = app.actor("Ana Kask").await;
    let refused = app.app.run(&ana, start(call, home, false)).await.unwrap_err();
    assert_eq!(refused.code(), "draft_exists");
    let second = app.app.run_once(&ana, Some("pressed-once"), start(call, home, true)).await.unwrap();
    let again = app.app.run_once(&ana, Some("pressed-once"), start(call, home, true)).await.unwrap();
    assert_eq!((second.code.as_str(), again.code.as_str()), ("IE-2017-002", "IE-2017-002"));

    let stranger = app.actor("Olga Berg").await;
    let refused = app.app.run(&stranger, start(call, home, false)).await.unwrap_err();
    assert!(matches!(refused, AppError::Invalid(errors) if errors.of("organisation").is_some()));
    app.finish().await;
}

fn save(proposal: ProposalId, text: &str, base: &Value) -> SaveAnswers {
    SaveAnswers {
        proposal,
        place: Place::Joint,
        section: "a".into(),
        answers: Sent::Answers(vec![Typed {
            question: "public_summary".into(),
            raw: RawAnswer::One(text.into()),
            seen: Seen::Digest(digest_of(base)),
        }]),
    }
}

async fn two_people_never_overwrite_each_other(app: TestApp) {
    let call = app.call_open_for_drafts().await;
    let draft = app.draft_of(&call).await;
    let ana = app.actor("Ana Kask").await;
    let bruno = app.actor("Bruno Lind").await;

    app.app.run(&ana, save(draft.proposal, "Ana's text", &Value::Null)).await.unwrap();
    let stale = app.app.run(&bruno, save(draft.proposal, "Bruno's text", &Value::Null)).await.unwrap_err();
    assert!(matches!(stale, AppError::Stale { by, version: 1, .. } if by == "Ana Kask"));
    let untouched = app.app.run(&bruno, save(draft.proposal, "", &Value::Null)).await.unwrap();
    assert!(untouched[0].theirs);
    app.app.run(&bruno, save(draft.proposal, "Bruno's text", &json!("Ana's text"))).await.unwrap();

    let stranger = app.actor("Olga Berg").await;
    let refused = app.app.run(&stranger, save(draft.proposal, "x", &Value::Null)).await.unwrap_err();
    assert!(matches!(refused, AppError::NotFound));
    app.finish().await;
}

async fn a_complete_draft_is_complete(app: TestApp) {
    let call = app.call_open_for_drafts().await;
    let draft = app.complete_draft(&call).await;

    for (section, place) in [("a", Place::Joint), ("g", Place::Joint), ("h", Place::Part(draft.coordinator_part))] {
        app.run("Ana Kask", CompleteSection { proposal: draft.proposal, place, section: section.into() }).await;
    }
    let bruno = app.actor("Bruno Lind").await;
    let foreign =
        CompleteSection { proposal: draft.proposal, place: Place::Part(draft.coordinator_part), section: "h".into() };
    assert!(matches!(app.app.run(&bruno, foreign).await.unwrap_err(), AppError::Denied(_)));
    app.finish().await;
}

async fn somebody_applies_through_the_pages(app: TestApp) {
    app.call_open_for_drafts().await;
    let home = app.applicant("Ana Kask", "Sunrise Valley", "LT").await.to_string();
    let ana = app.as_("Ana Kask").await;

    let page =
        ana.get("/calls/IE-2017/apply").await.expect(200).says("Start a proposal").says("closes 31 October 2017");
    let key = page.input("key").unwrap();
    let empty = ana.post("/calls/IE-2017/apply", &[("organisation", &home), ("title", "Light"), ("acronym", "")]).await;
    let empty = empty.expect(422);
    assert_eq!(empty.input("title").as_deref(), Some("Light"));
    let fields = [("organisation", home.as_str()), ("title", "Light"), ("acronym", "LIGHT"), ("key", key.as_str())];
    let first = ana.post("/calls/IE-2017/apply", &fields).await;
    let address = first.location.clone().unwrap();
    ana.post("/calls/IE-2017/apply", &fields).await.goes_to(&address);

    let again = ana.get("/calls/IE-2017/apply").await;
    again.says("Go on with a draft").says("IE-2017-001: Light");
    let fields = [("organisation", home.as_str()), ("title", "Dark"), ("acronym", "DARK")];
    ana.post("/calls/IE-2017/apply", &fields).await.expect(422).says("has a draft in this call already");
    ana.get(&address)
        .await
        .expect(200)
        .says("Joint sections")
        .says("Your part: Sunrise Valley")
        .says("at least 2 parts; this has 1");
    ana.get("/proposals").await.says("Just started").says("LIGHT").says("Last saved by Ana Kask");

    app.visitor().get("/calls/IE-2017/apply").await.expect(401);
    app.as_("Olga Berg").await.get("/calls/IE-2017/apply").await.says("First, your organisation");
    app.jump("2017-11-02T12:00:00Z".parse().unwrap());
    app.work().await;
    let closed = app.as_("Ana Kask").await.get("/calls/IE-2017/apply").await.expect(200);
    closed.says("This call is closed").does_not_say("Start another proposal");
    app.finish().await;
}

fn section_of(draft: &Draft, key: &str) -> String {
    format!("/proposals/{}/sections/{key}", draft.proposal)
}

async fn a_section_is_answered_without_script(app: TestApp) {
    let call = app.call_open_for_drafts().await;
    let draft = app.draft_of(&call).await;
    let ana = app.as_("Ana Kask").await;
    let path = section_of(&draft, "e");

    let page = ana.get(&path).await.expect(200).says("Milestones");
    let seen = page.input("version").unwrap();
    let fields = [
        ("version", seen.as_str()),
        ("q.milestones.0.milestone", "Kick-off"),
        ("q.milestones.0.month", "three"),
        ("do", "more:milestones"),
    ];
    let more = ana.post(&path, &fields).await;
    assert_eq!(more.location.as_deref(), Some(format!("{path}?more=milestones#q.milestones").as_str()));
    let page = ana.get(&format!("{path}?more=milestones")).await.says("Row 1, Month: Enter a number");
    assert_eq!(page.input("q.milestones.0.month").as_deref(), Some("three"));
    assert!(page.html().contains("name=\"q.milestones.3.month\""));

    let long = "word ".repeat(300);
    let seen = page.input("version").unwrap();
    let fields = [
        ("version", seen.as_str()),
        ("q.milestones.0.milestone", "Kick-off"),
        ("q.milestones.0.month", "3"),
        ("q.member_communication", long.as_str()),
        ("do", "complete"),
    ];
    let refused = ana.post(&path, &fields).await.expect(422);
    refused.says("Use at most 250 words; this has 300");
    ana.get(&path).await.says("word word word").says("In progress");

    let seen = ana.get(&path).await.input("version").unwrap();
    let row = |i: usize, c: &str| format!("q.milestones.{i}.{c}");
    let mut fields = vec![("version".to_owned(), seen), ("do".to_owned(), "complete".to_owned())];
    fields.push(("q.member_communication".to_owned(), "A letter each month".to_owned()));
    for i in 0..3 {
        fields.push((row(i, "milestone"), format!("Step {i}")));
        fields.push((row(i, "month"), "3".to_owned()));
        fields.push((row(i, "evidence"), "Minutes".to_owned()));
    }
    let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    let list = format!("/proposals/{}", draft.proposal);
    ana.post(&path, &fields).await.goes_to(&list);
    ana.get(&list).await.says("“Activities and work plan” is complete.");
    app.finish().await;
}

async fn a_section_is_saved_while_it_is_written(app: TestApp) {
    let call = app.call_open_for_drafts().await;
    let draft = app.draft_of(&call).await;
    let ana = app.as_("Ana Kask").await;
    let bruno = app.as_("Bruno Lind").await;
    let path = section_of(&draft, "f");
    let seen = ana.get(&path).await.input("version").unwrap();

    let fields = [("version", seen.as_str()), ("q.benefit_clusters", "Ana's"), ("q.follow_up", "")];
    let before = app.statements();
    let (status, told) = ana.autosave(&path, &fields).await;
    // A save comes with every pause in typing: it does not read the whole proposal.
    assert!(app.statements() - before <= 24, "{} statements", app.statements() - before);
    assert_eq!((status.as_u16(), told["errors"].clone()), (200, json!({})));
    let later = told["version"].as_str().unwrap().to_owned();

    // Bruno's page is older; he changes another answer and does not undo Ana's.
    let fields = [("version", seen.as_str()), ("q.benefit_clusters", ""), ("q.follow_up", "Bruno's")];
    let (status, told) = bruno.autosave(&path, &fields).await;
    assert_eq!(status.as_u16(), 200);
    assert!(told["warnings"][0].as_str().unwrap().contains("Benefit for the cluster organisations"), "{told}");
    let fields = [("version", told["version"].as_str().unwrap()), ("q.benefit_clusters", ""), ("q.follow_up", "B")];
    bruno.autosave(&path, &fields).await;
    ana.get(&path).await.says("Ana's");

    // Both change the same answer.
    let fields = [("version", later.as_str()), ("q.benefit_clusters", "Ana's"), ("q.follow_up", "Ana's too")];
    let (status, told) = ana.autosave(&path, &fields).await;
    assert_eq!((status.as_u16(), told["by"].as_str()), (409, Some("Bruno Lind")));
    assert_eq!(told["theirs"], json!({ "q.follow_up": ["B"] }));
    let fields =
        [("version", told["version"].as_str().unwrap()), ("q.benefit_clusters", "Ana's"), ("q.follow_up", "Ana's too")];
    assert_eq!(ana.autosave(&path, &fields).await.0.as_u16(), 200);

    let long = "word ".repeat(260);
    let seen = ana.get(&path).await.input("version").unwrap();
    let (status, told) = ana.autosave(&path, &[("version", &seen), ("q.follow_up", &long)]).await;
    assert_eq!(status.as_u16(), 200);
    assert_eq!(told["errors"]["q.follow_up"], "Use at most 250 words; this has 260");
    let huge = "w".repeat(200_000);
    let seen = ana.get(&path).await.input("version").unwrap();
    let (status, told) = ana.autosave(&path, &[("version", &seen), ("q.follow_up", &huge)]).await;
    assert_eq!(status.as_u16(), 422);
    assert!(told["errors"]["q.follow_up"].as_str().unwrap().contains("too long"), "{told}");

    let (status, told) = app.visitor().autosave(&path, &fields).await;
    assert_eq!((status.as_u16(), told["code"].as_str()), (401, Some("signed_out")));
    let stranger = app.as_("Olga Berg").await;
    assert_eq!(stranger.autosave(&path, &fields).await.0.as_u16(), 404);
    app.finish().await;
}

async fn two_tabs_show_both_texts(app: TestApp) {
    let call = app.call_open_for_drafts().await;
    let draft = app.draft_of(&call).await;
    let ana = app.as_("Ana Kask").await;
    let path = section_of(&draft, "a");
    let one = ana.get(&path).await.input("version").unwrap();
    let other = one.clone();

    ana.post(&path, &[("version", &one), ("q.public_summary", "From the first tab"), ("do", "return")])
        .await
        .expect(303);
    let both = ana.post(&path, &[("version", &other), ("q.public_summary", "From the second tab")]).await.expect(409);
    let both = both.says("From the first tab").says("From the second tab").says("changed this in the meantime");
    let known = both.input("version").unwrap();
    ana.post(&path, &[("version", &known), ("q.public_summary", "From the second tab")]).await.goes_to(&path);
    ana.get(&path).await.says("From the second tab").does_not_say("From the first tab");
    app.finish().await;
}

async fn drafts_are_invisible_to_staff_and_strangers(app: TestApp) {
    let scene = app.open_call_2017().await;
    let draft = app.draft_of(&scene.call).await;
    let proposal = format!("/proposals/{}", draft.proposal);
    let part = format!("{proposal}/parts/{}/sections/h", draft.partner_part);

    for name in [scene.agency("lt-mita").officer.as_str(), "Olga Berg", "Olaf Berg"] {
        let person = app.as_(name).await;
        for path in [proposal.as_str(), part.as_str(), &section_of(&draft, "a"), &format!("{proposal}/title")] {
            person.get(path).await.expect(404);
            person.post(path, &[("version", "")]).await;
        }
        person.get("/proposals").await.expect(200).says("No proposals yet");
    }
    let ana = app.as_("Ana Kask").await;
    ana.get(&part).await.expect(200).says("You may read this, but not change it.");
    assert_eq!(ana.post(&part, &[("version", "aid_basis=0"), ("q.aid_basis", "no_aid")]).await.status.as_u16(), 403);
    let bruno = app.as_("Bruno Lind").await;
    bruno.get(&part).await.expect(200).says("Mark as complete");
    bruno.get(&format!("{proposal}/parts/{}/sections/h", draft.coordinator_part)).await.expect(404);
    app.finish().await;
}

async fn a_draft_is_given_up(app: TestApp) {
    let call = app.call_open_for_drafts().await;
    let draft = app.draft_of(&call).await;
    let path = format!("/proposals/{}/give-up", draft.proposal);

    assert_eq!(app.as_("Bruno Lind").await.post(&path, &[]).await.status.as_u16(), 403);
    let ana = app.as_("Ana Kask").await;
    ana.get(&path).await.expect(200).says("Give up “Light for Nordic forests”?");
    ana.post(&path, &[]).await.goes_to("/proposals");
    ana.get("/proposals").await.says("Earlier").says("Withdrawn");
    let section = section_of(&draft, "a");
    ana.get(&section).await.says("This proposal was given up.");
    ana.post(&section, &[("version", "public_summary=0"), ("q.public_summary", "x")]).await.expect(422);
    app.finish().await;
}

async fn programs_write_drafts(app: TestApp) {
    app.call_open_for_drafts().await;
    let home = app.applicant("Ana Kask", "Sunrise Valley", "LT").await;
    let ana = app.program("Ana Kask").await;

    let body = json!({ "organisation": home.to_string(), "title": "Light", "acronym": "LIGHT" });
    let (status, started) = ana.post("/calls/IE-2017/proposals", body.clone()).await;
    assert_eq!(status.as_u16(), 200, "{started}");
    let (status, told) = ana.post("/calls/IE-2017/proposals", body).await;
    assert_eq!((status.as_u16(), told["code"].as_str()), (422, Some("draft_exists")));
    let path = format!("/proposals/{}", started["proposal"].as_str().unwrap());
    let (_, list) = ana.get("/proposals").await;
    assert_eq!((list["total"].as_u64(), list["items"][0]["code"].as_str()), (Some(1), Some("IE-2017-001")));

    let section = format!("{path}/sections/joint/a");
    let answer = |question: &str, value: Value, version: i64| json!({ "answers": [{ "question": question, "value": value, "version": version }] });
    let (status, kept) = ana.put(&section, answer("public_summary", json!("Ours"), 0)).await;
    assert_eq!((status.as_u16(), kept["answers"][0]["version"].as_i64()), (200, Some(1)), "{kept}");
    let (status, stale) = ana.put(&section, answer("public_summary", json!("Mine"), 0)).await;
    assert_eq!((status.as_u16(), stale["version"].as_i64()), (409, Some(1)));
    ana.put(&section, answer("target_geographies", json!(["JP", "CA"]), 0)).await;
    let (status, _) = ana.put(&section, answer("nothing", json!("x"), 0)).await;
    assert_eq!(status.as_u16(), 422);
    let (_, read) = ana.get(&section).await;
    let of = |key: &str| read["answers"].as_array().unwrap().iter().find(|a| a["question"] == key).unwrap().clone();
    assert_eq!(of("target_geographies")["value"], json!(["JP", "CA"]));
    assert_eq!(of("public_summary")["by"], "Ana Kask");
    let (status, _) = ana.post(&format!("{section}/complete"), Value::Null).await;
    assert_eq!(status.as_u16(), 422);
    let (_, draft) = ana.get(&format!("{path}/draft")).await;
    assert_eq!(draft["sections"][0]["state"], "in_progress");

    let stranger = app.program("Olga Berg").await;
    for path in [format!("{path}/draft"), section.clone()] {
        assert_eq!(stranger.get(&path).await.0.as_u16(), 404);
    }
    assert_eq!(stranger.put(&section, answer("public_summary", json!("x"), 1)).await.0.as_u16(), 404);
    app.finish().await;
}

async fn a_colleague_is_named_and_can_be_asked_for_access(app: TestApp) {
    let call = app.call_open_for_drafts().await;
    app.draft_of(&call).await;
    app.colleague("Cilla Kask", "Sunrise Valley").await;
    let cilla = app.as_("Cilla Kask").await;

    let page = cilla.get("/calls/IE-2017/apply").await.expect(200);
    let page =
        page.says("Drafts of your colleagues").says("Sunrise Valley: IE-2017-001").says("coordinated by Ana Kask");
    assert!(
        page.html().contains("href=\"mailto:ana.kask@example.org?subject=Please%20take%20me%20into"),
        "{}",
        page.html()
    );
    // That a colleague writes is told; what stands in the draft is not.
    page.does_not_say("Light for Nordic forests");
    let home = app.body_id("Sunrise Valley").await;
    let fields = [("organisation", home.as_str()), ("title", "Dark"), ("acronym", "DARK")];
    cilla.post("/calls/IE-2017/apply", &fields).await.expect(422).says("ask its coordinator for access");
    app.as_("Bruno Lind").await.get("/calls/IE-2017/apply").await.expect(200).does_not_say("Drafts of your colleagues");
    app.finish().await;
}

async fn a_changed_call_is_told_on_every_form_and_card(app: TestApp) {
    let call = app.call_open_for_drafts().await;
    let draft = app.draft_of(&call).await;
    let (ana, part) = (app.as_("Ana Kask").await, format!("parts/{}", draft.coordinator_part));
    let of = |rest: &str| format!("/proposals/{}/{rest}", draft.proposal);
    let reason = "Applicants asked whether a scan is enough.";
    ana.get(&of("sections/a")).await.expect(200).does_not_say("The call was changed");

    app.jump(app.app.now() + chrono::TimeDelta::hours(1));
    app.correct_call(call, reason).await;

    for page in ["sections/a", "title", "team", "documents"] {
        ana.get(&of(page)).await.expect(200).says("The call was changed on 1 September 2017").says(reason);
    }
    for page in ["", "/companies", "/companies/new", "/activities", "/budget", "/targets", "/contact", "/letters"] {
        ana.get(&of(&format!("{part}{page}"))).await.expect(200).says(reason).says("See what changed");
    }
    for list in ["/proposals", "/overview"] {
        ana.get(list).await.expect(200).says(&format!("The call was changed: {reason}")).says("Last saved by Ana Kask");
    }
    // Who starts afterwards has read the call as it is.
    let late = app.applicant("Lena Late", "Late Cluster", "LT").await.to_string();
    let lena = app.as_("Lena Late").await;
    app.jump(app.app.now() + chrono::TimeDelta::hours(1));
    let fields = [("organisation", late.as_str()), ("title", "Later"), ("acronym", "LATER")];
    let page = lena.post("/calls/IE-2017/apply", &fields).await.expect(303).location.unwrap();
    lena.get(&format!("{page}/sections/a")).await.expect(200).does_not_say("The call was changed");
    app.finish().await;
}
