//! The panel meeting: order, presence, exclusion, votes, points that count, minutes that stay.

mod live;

use crate::support::{
    TestApp,
    people::Page,
    scenes::{
        calls::OLAF,
        panels::{ALL, CHAIR, conflict, gathered, table},
    },
};
use entity::{
    evaluation::{agreed_score, panel, panel_ballot, panel_minutes, panel_presence, panel_vote},
    proposals::proposal,
    types::{
        points::Points,
        states::{AgreedSource, OutReason, PresenceKind, Role, VoteResult},
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;

both!(
    a_panel_is_prepared_and_its_members_are_told,
    a_proposal_is_discussed_and_decided,
    whoever_has_a_conflict_learns_nothing,
    a_conflict_declared_in_the_meeting_excludes_at_once,
    the_deputy_leads_while_the_chair_is_out,
    votes_are_counted_once_and_only_inside,
    below_the_quorum_nothing_is_decided,
    points_are_kept_on_the_scale_with_their_trail,
    minutes_are_frozen,
    the_wrong_person_does_nothing,
    a_program_does_it_too,
    a_proposal_from_a_consensus_comes_first,
);

const CRITERIA: [&str; 6] = ["c1", "c2", "c3", "c4", "c5", "c6"];

async fn does(app: &TestApp, name: &str, path: &str, fields: &[(&str, &str)]) -> Page {
    app.as_(name).await.post(path, fields).await
}

/// Everybody's points and reasons as typed.
fn points(version: &str, value: &str) -> Vec<(String, String)> {
    let mut form = vec![("action".to_owned(), "points".to_owned()), ("version".to_owned(), version.to_owned())];
    for key in CRITERIA {
        form.push((format!("points-{key}"), value.to_owned()));
        form.push((format!("reason-{key}"), "The market is shown.".to_owned()));
    }
    form
}

fn pairs(form: &[(String, String)]) -> Vec<(&str, &str)> {
    form.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect()
}

async fn agreed(app: &TestApp) -> Vec<(AgreedSource, Points)> {
    let rows = agreed_score::Entity::find().all(app.app.database().maintenance()).await.unwrap();
    rows.into_iter().map(|row| (row.source, row.points)).collect()
}

async fn a_panel_is_prepared_and_its_members_are_told(app: TestApp) {
    let table = table(&app).await;
    let olaf = app.as_(OLAF).await;
    let prepare = format!("{}/prepare", table.path());

    let page = olaf.get(&prepare).await.expect(200).says("IE-2017-001").says("Max Judge").says("Nina Third");
    page.says("Take out");
    let invited: Vec<String> = app.inbox().await.into_iter().filter(|m| m.starts_with("M19f to")).collect();
    assert_eq!(invited.len(), 4, "{invited:?}");
    assert!(invited[0].contains("15 January 2018, 09:00"), "{}", invited[0]);
    let calendar = app.as_("Max Judge").await.get(&format!("{}/invitation.ics", table.path())).await.expect(200);
    assert!(calendar.html().contains("SUMMARY:Panel Health and maritime"), "{}", calendar.html());

    // The agenda by hand; at the end nothing moves.
    let second = table.items[1].to_string();
    olaf.post(&prepare, &[("action", "up"), ("item", &second)]).await.goes_to(&prepare);
    olaf.post(&prepare, &[("action", "up"), ("item", &second)]).await.expect(422).says("stands at the end");
    let agenda = app.as_("Max Judge").await.get(&table.path()).await.expect(200).text();
    assert!(agenda.find("IE-2017-002") < agenda.find("IE-2017-001"), "{agenda}");
    olaf.post(&prepare, &[("action", "order"), ("order", "by_code")]).await.goes_to(&prepare);

    // What is wrong stands beside its field and what was typed stays.
    let wrong =
        [("action", "rules"), ("version", "1"), ("name", ""), ("minutes", "0"), ("quorum", "x"), ("place", "Room 9")];
    let page = olaf.post(&prepare, &wrong).await.expect(422).says("Enter 1 to 240 minutes").says("Choose who chairs");
    assert_eq!(page.input("place").as_deref(), Some("Room 9"));
    // A chair without the role is refused, and so is an old page.
    let max = app.account("Max Judge").await.to_string();
    let rules = |chair: String, version: &'static str| {
        vec![
            ("action", "rules".to_owned()),
            ("version", version.to_owned()),
            ("name", "Health".to_owned()),
            ("minutes", "10".to_owned()),
            ("quorum", "2".to_owned()),
            ("chair", chair),
        ]
    };
    let send = |form: Vec<(&'static str, String)>| {
        let (olaf, prepare) = (&olaf, &prepare);
        async move {
            let fields: Vec<(&str, &str)> = form.iter().map(|(k, v)| (*k, v.as_str())).collect();
            olaf.post(prepare, &fields).await
        }
    };
    send(rules(max, "1")).await.expect(422).says("role of panel chair");
    let chair = app.account(CHAIR).await.to_string();
    send(rules(chair.clone(), "1")).await.expect(422).says("was changed by");
    let seen = olaf.get(&prepare).await.input("version").unwrap();
    let mut form = rules(chair, "1");
    form[1].1 = seen;
    send(form).await.goes_to(&prepare);
    olaf.get(&format!("/staff/calls/{}/panels", table.field.call)).await.expect(200).says("Health").says("0 of 2");
    app.finish().await;
}

async fn a_proposal_is_discussed_and_decided(app: TestApp) {
    let table = table(&app).await;
    let path = table.path();
    does(&app, CHAIR, &table.item(0), &[("action", "begin")]).await.expect(422).says("not in session");
    gathered(&app, &table, &ALL).await;
    does(&app, CHAIR, &path, &[("action", "open")]).await.expect(422);
    does(&app, "Max Judge", &path, &[("action", "arrive")]).await.expect(422).says("in the meeting already");

    does(&app, CHAIR, &table.item(0), &[("action", "begin")]).await.goes_to(&path);
    does(&app, CHAIR, &table.item(0), &[("action", "begin")]).await.expect(422);
    does(&app, CHAIR, &table.item(1), &[("action", "begin")]).await.expect(422).says("discussed now first");
    does(&app, CHAIR, &path, &[("action", "close")]).await.expect(422).says("Decide or defer it");
    let seen = app.as_("Nina Third").await.get(&path).await.expect(200).says("Now: IE-2017-001");
    seen.says("Mean 3.50").says("4 in the room, quorum 2");
    does(&app, CHAIR, &table.item(0), &[("action", "extend"), ("more", "x")]).await.expect(422).says("1 to 120");
    does(&app, CHAIR, &table.item(0), &[("action", "extend"), ("more", "5")]).await.goes_to(&path);
    let note = [("action", "note"), ("note", "A second site convinced us."), ("minuted", "yes")];
    does(&app, "Max Judge", &table.item(0), &note).await.goes_to(&path);
    does(&app, "Max Judge", &table.item(0), &[("action", "note"), ("note", " ")]).await.expect(422);

    let typed = points("0", "3.5");
    does(&app, OLAF, &table.item(0), &pairs(&typed)).await.goes_to(&path);
    assert_eq!(agreed(&app).await, vec![], "points count when it is decided");
    does(&app, CHAIR, &table.item(0), &[("action", "decide"), ("outcome", "")]).await.expect(422);
    let decide = [("action", "decide"), ("outcome", "Recommended for funding")];
    does(&app, CHAIR, &table.item(0), &decide).await.goes_to(&path);
    does(&app, CHAIR, &table.item(0), &decide).await.expect(422).says("not being discussed");
    assert_eq!(agreed(&app).await, vec![(AgreedSource::Panel, Points::hundredths(350)); 6]);

    // The panel's points are those of the ranking.
    let ranking = format!("/staff/calls/{}/ranking", table.field.call);
    does(&app, OLAF, &format!("{ranking}/draw"), &[]).await.goes_to(&ranking);
    app.as_(OLAF).await.get(&ranking).await.expect(200).says("3.50");

    does(&app, CHAIR, &table.item(1), &[("action", "begin")]).await.goes_to(&path);
    does(&app, CHAIR, &table.item(1), &[("action", "defer"), ("outcome", "A letter is missing")]).await.goes_to(&path);
    app.as_("Max Judge").await.get(&path).await.expect(200).says("A letter is missing").says("Deferred");
    does(&app, CHAIR, &path, &[("action", "close")]).await.goes_to(&path);
    app.finish().await;
}

async fn whoever_has_a_conflict_learns_nothing(app: TestApp) {
    let table = table(&app).await;
    let hidden = table.field.proposals[0].id;
    conflict(&app, "Max Judge", hidden).await;
    gathered(&app, &table, &ALL).await;
    let max = app.as_("Max Judge").await;
    let before = max.get(&table.path()).await.expect(200).does_not_say("IE-2017-001").says("IE-2017-002");
    before.does_not_say("You are not in the room");
    does(&app, CHAIR, &table.item(0), &[("action", "begin")]).await.goes_to(&table.path());
    does(&app, OLAF, &table.item(0), &pairs(&points("0", "4.5"))).await.goes_to(&table.path());
    let ask = [("action", "vote_open"), ("question", "Recommend the zebra")];
    does(&app, CHAIR, &table.item(0), &ask).await.goes_to(&table.path());

    let during = max.get(&table.path()).await.expect(200).says("You are not in the room");
    during.does_not_say("IE-2017-001").does_not_say("zebra").does_not_say("Until").does_not_say("4.5");
    max.get(&table.item(0)).await.expect(403);
    let program = app.program("Max Judge").await;
    let (status, said) = program.get(&format!("/panels/{}", table.panel)).await;
    assert_eq!(status, 200);
    assert_eq!((&said["out_of_room"], &said["current"]), (&json!(true), &serde_json::Value::Null));
    assert!(!said.to_string().contains("IE-2017-001"), "{said}");
    assert_eq!(program.get(&format!("/panel-items/{}", table.items[0])).await.0, 403);
    for fields in [
        [("action", "note"), ("note", "Hello")],
        [("action", "vote_yes"), ("vote", "019300aa-0000-7000-8000-000000000000")],
    ] {
        max.post(&table.item(0), &fields).await.expect(403);
    }
    // Inside, everybody sees who is out, and why by kind only.
    app.as_("Nina Third")
        .await
        .get(&table.path())
        .await
        .expect(200)
        .says("A declared conflict of interest")
        .does_not_say("Advises them");
    does(&app, CHAIR, &table.item(0), &[("action", "vote_stop"), ("vote", &open_vote(&app).await)])
        .await
        .goes_to(&table.path());
    does(&app, CHAIR, &table.item(0), &[("action", "decide"), ("outcome", "Funded with zebra")])
        .await
        .goes_to(&table.path());
    let after = max.get(&table.path()).await.expect(200).does_not_say("zebra").does_not_say("You are not in the room");
    after.does_not_say("IE-2017-001");
    let minutes = format!("{}/minutes", table.path());
    max.get(&minutes).await.expect(200).does_not_say("zebra").does_not_say("IE-2017-001").says("1. IE-2017-002");
    app.as_("Nina Third").await.get(&minutes).await.expect(200).says("Funded with zebra").says("Max Judge (A declared");
    let out = panel_presence::Entity::find()
        .filter(panel_presence::Column::Kind.eq(PresenceKind::Out))
        .all(app.app.database().maintenance())
        .await
        .unwrap();
    assert_eq!(out.len(), 1);
    assert_eq!(out[0].why, Some(OutReason::Declared));
    app.finish().await;
}

async fn open_vote(app: &TestApp) -> String {
    let rows = panel_vote::Entity::find().order_by_desc(panel_vote::Column::Id);
    rows.one(app.app.database().maintenance()).await.unwrap().expect("a vote").id.to_string()
}

async fn a_conflict_declared_in_the_meeting_excludes_at_once(app: TestApp) {
    let table = table(&app).await;
    gathered(&app, &table, &ALL).await;
    does(&app, CHAIR, &table.item(0), &[("action", "begin")]).await.goes_to(&table.path());
    does(&app, CHAIR, &table.item(0), &[("action", "vote_open"), ("question", "Fund")]).await.goes_to(&table.path());
    let vote = open_vote(&app).await;
    let yes = [("action", "vote_yes"), ("vote", vote.as_str())];
    does(&app, "Max Judge", &table.item(0), &yes).await.goes_to(&table.path());
    does(&app, "Max Judge", &table.item(0), &[("action", "conflict"), ("conflict_reason", "")]).await.expect(422);
    let declare = [("action", "conflict"), ("conflict_reason", "My wife works there")];
    does(&app, "Max Judge", &table.item(0), &declare).await.goes_to(&table.path());

    let max = app.as_("Max Judge").await;
    max.get(&table.path()).await.expect(200).says("You are not in the room").does_not_say("IE-2017-001");
    max.post(&table.item(0), &declare).await.expect(403);
    max.post(&table.item(0), &yes).await.expect(403);
    // The vote that was given is not counted, nor is the sheet.
    let inside = app.as_("Nina Third").await.get(&table.path()).await.expect(200).says("0 of 3 have voted");
    inside.says("Max Judge (A declared conflict of interest)").does_not_say("My wife").says("Mean 4.00");
    app.work().await;
    let trail = app.audit_trail().await;
    assert!(trail.iter().any(|line| line.contains("left the room")), "{trail:?}");
    app.finish().await;
}

async fn the_deputy_leads_while_the_chair_is_out(app: TestApp) {
    let table = table(&app).await;
    conflict(&app, CHAIR, table.field.proposals[0].id).await;
    gathered(&app, &table, &ALL).await;
    does(&app, CHAIR, &table.item(0), &[("action", "begin")]).await.expect(403);
    app.as_(CHAIR).await.get(&table.path()).await.expect(200).does_not_say("IE-2017-001");
    does(&app, "Eva Expert", &table.item(0), &[("action", "begin")]).await.goes_to(&table.path());
    app.as_(CHAIR).await.get(&table.path()).await.expect(200).says("You are not in the room");
    let decide = [("action", "decide"), ("outcome", "Not recommended")];
    does(&app, "Eva Expert", &table.item(0), &decide).await.goes_to(&table.path());
    does(&app, CHAIR, &table.path(), &[("action", "close")]).await.goes_to(&table.path());

    // Both sign; the chair's signature alone does not do.
    let minutes = format!("{}/minutes", table.path());
    does(&app, "Eva Expert", &minutes, &[("signed_name", "Eva Expert")]).await.expect(422).says("chair signs first");
    does(&app, CHAIR, &minutes, &[("signed_name", CHAIR)]).await.goes_to(&minutes);
    app.as_(CHAIR)
        .await
        .get(&minutes)
        .await
        .expect(200)
        .says("Waits for the second signature")
        .does_not_say("IE-2017-001");
    does(&app, CHAIR, &minutes, &[("signed_name", CHAIR)]).await.expect(422);
    does(&app, "Eva Expert", &minutes, &[("signed_name", "Eva Expert")]).await.goes_to(&minutes);
    app.as_("Eva Expert").await.get(&minutes).await.expect(200).says("and by Eva Expert").says("IE-2017-001");
    assert_eq!(app.inbox().await.iter().filter(|m| m.starts_with("M19g to")).count(), 4);
    app.finish().await;
}

async fn votes_are_counted_once_and_only_inside(app: TestApp) {
    let table = table(&app).await;
    gathered(&app, &table, &[CHAIR, "Eva Expert", "Max Judge"]).await;
    does(&app, CHAIR, &table.item(0), &[("action", "begin")]).await.goes_to(&table.path());
    let open = [("action", "vote_open"), ("question", "Recommend for funding")];
    does(&app, "Max Judge", &table.item(0), &open).await.expect(403);
    does(&app, CHAIR, &table.item(0), &open).await.goes_to(&table.path());
    does(&app, CHAIR, &table.item(0), &open).await.expect(422).says("open already");
    let vote = open_vote(&app).await;
    let cast = |action: &'static str| [("action", action), ("vote", vote.as_str())];
    does(&app, CHAIR, &table.item(0), &cast("vote_yes")).await.goes_to(&table.path());
    does(&app, CHAIR, &table.item(0), &cast("vote_yes")).await.expect(422).says("You have voted so already");
    does(&app, "Eva Expert", &table.item(0), &cast("vote_no")).await.goes_to(&table.path());
    // Changed while it is open; nobody sees how it stands.
    does(&app, "Max Judge", &table.item(0), &cast("vote_abstain")).await.goes_to(&table.path());
    does(&app, "Max Judge", &table.item(0), &cast("vote_yes")).await.goes_to(&table.path());
    does(&app, "Nina Third", &table.item(0), &cast("vote_yes")).await.expect(422).says("Say first that you are in");
    does(&app, OLAF, &table.item(0), &cast("vote_yes")).await.expect(403);
    let open_page = app.as_("Eva Expert").await.get(&table.path()).await.expect(200).says("3 of 3 have voted");
    open_page.does_not_say("2 yes");
    let end = [("action", "decide"), ("outcome", "Funded")];
    does(&app, CHAIR, &table.item(0), &end).await.expect(422).says("A vote is open");
    does(&app, CHAIR, &table.item(0), &cast("vote_close")).await.goes_to(&table.path());
    does(&app, CHAIR, &table.item(0), &cast("vote_close")).await.expect(422).says("This vote is closed");
    does(&app, "Max Judge", &table.item(0), &cast("vote_no")).await.expect(422).says("This vote is closed");
    let told = app.as_("Eva Expert").await.get(&table.path()).await.expect(200).says("2 yes, 1 no, 0 abstained");
    told.says("Carried").says("Eva Expert: No");

    // A secret vote forgets who voted what; a tie is lost without a casting vote.
    let open = [("action", "vote_open"), ("question", "Accept the points"), ("secret", "yes")];
    does(&app, CHAIR, &table.item(0), &open).await.goes_to(&table.path());
    let vote = open_vote(&app).await;
    for (name, action) in [(CHAIR, "vote_yes"), ("Eva Expert", "vote_no")] {
        does(&app, name, &table.item(0), &[("action", action), ("vote", &vote)]).await.goes_to(&table.path());
    }
    does(&app, CHAIR, &table.item(0), &[("action", "vote_close"), ("vote", &vote)]).await.goes_to(&table.path());
    let rows = panel_vote::Entity::find().order_by_desc(panel_vote::Column::Id);
    let row = rows.one(app.app.database().maintenance()).await.unwrap().unwrap();
    assert_eq!((row.yes, row.no, row.result), (1, 1, Some(VoteResult::Tied)));
    let ballots = panel_ballot::Entity::find()
        .filter(panel_ballot::Column::VoteId.eq(row.id))
        .all(app.app.database().maintenance())
        .await
        .unwrap();
    assert!(ballots.len() == 2 && ballots.iter().all(|one| one.choice.is_none()));
    app.finish().await;
}

async fn below_the_quorum_nothing_is_decided(app: TestApp) {
    let table = table(&app).await;
    gathered(&app, &table, &[CHAIR]).await;
    does(&app, CHAIR, &table.item(0), &[("action", "begin")]).await.goes_to(&table.path());
    let decide = [("action", "decide"), ("outcome", "Funded")];
    does(&app, CHAIR, &table.item(0), &decide).await.expect(422).says("Only 1 of the 2 members");
    let open = [("action", "vote_open"), ("question", "Fund")];
    does(&app, CHAIR, &table.item(0), &open).await.expect(422).says("Only 1 of the 2 members");
    // The secretariat keeps the record for whoever joins by telephone; others do not.
    let max = app.account("Max Judge").await.to_string();
    let arrive = [("action", "arrive"), ("account", max.as_str())];
    does(&app, "Eva Expert", &table.path(), &arrive).await.goes_to(&table.path());
    does(&app, "Max Judge", &table.path(), &[("action", "leave")]).await.goes_to(&table.path());
    let nina = app.account("Eva Expert").await.to_string();
    does(&app, "Max Judge", &table.path(), &[("action", "arrive"), ("account", &nina)]).await.expect(403);
    does(&app, OLAF, &table.path(), &arrive).await.goes_to(&table.path());
    does(&app, CHAIR, &table.item(0), &decide).await.goes_to(&table.path());
    app.finish().await;
}

async fn points_are_kept_on_the_scale_with_their_trail(app: TestApp) {
    let table = table(&app).await;
    gathered(&app, &table, &ALL).await;
    does(&app, CHAIR, &table.item(0), &[("action", "begin")]).await.goes_to(&table.path());
    let wrong = does(&app, CHAIR, &table.item(0), &pairs(&points("0", "9"))).await.expect(422).says("Choose between");
    assert_eq!(wrong.input("points-c1").as_deref(), Some("9"), "what was typed stays");
    let bare = [("action", "points"), ("version", "0"), ("points-c1", "4"), ("reason-c1", "")];
    does(&app, CHAIR, &table.item(0), &bare).await.expect(422).says("Say why the panel");
    let one = [("action", "points"), ("version", "0"), ("points-c1", "4"), ("reason-c1", "Well shown")];
    does(&app, CHAIR, &table.item(0), &one).await.goes_to(&table.path());
    does(&app, CHAIR, &table.item(0), &[("action", "decide"), ("outcome", "Funded")])
        .await
        .expect(422)
        .says("points for every criterion or for none");
    // A second hand with an old page is told so; the members do not write points.
    does(&app, OLAF, &table.item(0), &pairs(&points("0", "3"))).await.expect(422).says("was changed by");
    does(&app, "Max Judge", &table.item(0), &pairs(&points("1", "3"))).await.expect(403);
    does(&app, OLAF, &table.item(0), &pairs(&points("1", "3"))).await.goes_to(&table.path());
    let page = app.as_("Max Judge").await.get(&table.path()).await.expect(200).says("Changes: 1");
    page.says("4, Chris Chair").says("Total of the panel so far: 3.00");
    app.finish().await;
}

async fn minutes_are_frozen(app: TestApp) {
    let table = table(&app).await;
    gathered(&app, &table, &ALL).await;
    does(&app, CHAIR, &table.item(0), &[("action", "begin")]).await.goes_to(&table.path());
    let note = [("action", "note"), ("note", "For the record."), ("minuted", "yes")];
    does(&app, "Max Judge", &table.item(0), &note).await.goes_to(&table.path());
    does(&app, "Max Judge", &table.item(0), &[("action", "note"), ("note", "Just among us.")])
        .await
        .goes_to(&table.path());
    does(&app, CHAIR, &table.item(0), &[("action", "decide"), ("outcome", "Funded")]).await.goes_to(&table.path());
    let minutes = format!("{}/minutes", table.path());
    does(&app, CHAIR, &minutes, &[("signed_name", CHAIR)]).await.expect(422).says("In session");
    does(&app, CHAIR, &table.path(), &[("action", "close")]).await.goes_to(&table.path());
    does(&app, CHAIR, &minutes, &[("signed_name", "Somebody")]).await.expect(422).says("Chris Chair");
    does(&app, "Max Judge", &minutes, &[("signed_name", "Max Judge")]).await.expect(403);
    does(&app, CHAIR, &minutes, &[("signed_name", CHAIR)]).await.goes_to(&minutes);
    let page = app.as_("Max Judge").await.get(&minutes).await.expect(200).says("For the record.").says("Version 1");
    page.does_not_say("Just among us").says("arrived");
    let pdf = app.as_("Max Judge").await.get(&format!("{minutes}.pdf")).await.expect(200);
    assert!(pdf.bytes.starts_with(b"%PDF"));

    // Nothing changes any more.
    does(&app, "Max Judge", &table.item(0), &note).await.expect(422);
    does(&app, CHAIR, &table.path(), &[("action", "reopen")]).await.expect(422);
    let olaf = app.as_(OLAF).await;
    let remove = [("action", "add"), ("proposals", "019300aa-0000-7000-8000-000000000000")];
    olaf.post(&format!("{}/prepare", table.path()), &remove).await.expect(422);
    let kept = panel_minutes::Entity::find().one(app.app.database().maintenance()).await.unwrap().unwrap();
    assert_eq!(kept.digest, fairway::kernel::secret::hash(&kept.document));
    // Not even a changed title changes what was signed.
    let id = table.field.proposals[0].id;
    let row = proposal::Entity::find_by_id(id).one(app.app.database().maintenance()).await.unwrap();
    let mut row: proposal::ActiveModel = row.unwrap().into();
    row.title = Set("Another title".to_owned());
    row.update(app.app.database().maintenance()).await.unwrap();
    app.as_("Max Judge").await.get(&minutes).await.expect(200).says("Project number 1").does_not_say("Another title");

    // Only another version replaces them, and it says why.
    does(&app, CHAIR, &minutes, &[("signed_name", CHAIR)]).await.expect(422).says("say what this version corrects");
    let again = [("signed_name", CHAIR), ("reason", "The place was another room.")];
    does(&app, CHAIR, &minutes, &again).await.goes_to(&minutes);
    let page = app.as_("Max Judge").await.get(&minutes).await.expect(200).says("Version 2").says("another room");
    page.says("Replaced");
    app.finish().await;
}

async fn the_wrong_person_does_nothing(app: TestApp) {
    let table = table(&app).await;
    gathered(&app, &table, &[CHAIR, "Eva Expert"]).await;
    app.account("Stan Stranger").await;
    for path in [
        table.path(),
        format!("{}/prepare", table.path()),
        table.item(0),
        format!("{}/minutes", table.path()),
        format!("{}/live", table.path()),
    ] {
        app.as_("Stan Stranger").await.get(&path).await.expect(404);
        app.visitor().get(&path).await.expect(401);
    }
    // Members neither prepare nor lead; the secretariat does not lead.
    does(&app, "Max Judge", &format!("{}/prepare", table.path()), &[("action", "order"), ("order", "by_code")])
        .await
        .expect(403);
    does(&app, "Max Judge", &table.item(0), &[("action", "begin")]).await.expect(403);
    does(&app, OLAF, &table.path(), &[("action", "pause")]).await.expect(403);
    does(&app, OLAF, &table.item(0), &[("action", "begin")]).await.expect(403);
    app.grant("Otto Auditor", Role::Auditor, None, None).await;
    let otto = app.as_("Otto Auditor").await;
    otto.get(&table.path()).await.expect(200);
    otto.post(&table.path(), &[("action", "arrive")]).await.expect(403);
    // Whoever is taken out sees nothing any more.
    let max = app.account("Max Judge").await.to_string();
    let out = [("action", "unseat"), ("account", max.as_str())];
    does(&app, OLAF, &format!("{}/prepare", table.path()), &out).await.expect(303);
    app.as_("Max Judge").await.get(&table.path()).await.expect(404);
    // An item is asked for under its own panel only.
    let other = format!("/panels/{}/items/{}", uuid::Uuid::nil(), table.items[0]);
    app.as_(CHAIR).await.get(&other).await.expect(404);
    app.finish().await;
}

async fn a_program_does_it_too(app: TestApp) {
    let table = table(&app).await;
    let chair = app.program(CHAIR).await;
    let max = app.program("Max Judge").await;
    let panel = format!("/panels/{}", table.panel);
    let item = format!("/panel-items/{}", table.items[0]);
    assert_eq!(max.get("/panels").await.1["items"][0]["items"], json!(2));
    for program in [&chair, &max] {
        assert_eq!(program.post(&format!("{panel}/presence"), json!({ "here": true })).await.0, 200);
    }
    assert_eq!(chair.post(&format!("{panel}/steps"), json!({ "step": "open" })).await.0, 200);
    assert_eq!(chair.post(&format!("{item}/begin"), json!(null)).await.0, 200);
    let (status, vote) = chair.post(&format!("{item}/votes"), json!({ "question": "Fund" })).await;
    assert_eq!(status, 200, "{vote}");
    let vote = vote["id"].as_str().unwrap().to_owned();
    let ballot = format!("{item}/votes/{vote}/ballot");
    assert_eq!(max.put(&ballot, json!({ "choice": "yes" })).await.0, 200);
    assert_eq!(max.put(&ballot, json!({ "choice": "yes" })).await.1["code"], json!("voted_already"));
    assert_eq!(chair.post(&format!("{item}/votes/{vote}/close"), json!({})).await.0, 200);
    let (_, read) = max.get(&item).await;
    assert_eq!((&read["votes"][0]["yes"], &read["votes"][0]["result"]), (&json!(1), &json!("carried")));
    let all: Vec<_> = CRITERIA.iter().map(|c| json!({ "criterion": c, "points": "4", "reason": "Shown" })).collect();
    assert_eq!(chair.put(&format!("{item}/points"), json!({ "version": 0, "points": all })).await.0, 200);
    let end = json!({ "ending": "decide", "outcome": "Funded" });
    assert_eq!(chair.post(&format!("{item}/end"), end.clone()).await.0, 200);
    assert_eq!(chair.post(&format!("{item}/end"), end).await.1["code"], json!("not_discussed"));
    assert_eq!(chair.post(&format!("{panel}/steps"), json!({ "step": "close" })).await.0, 200);
    let (status, signed) = chair.post(&format!("{panel}/minutes"), json!({ "signed_name": CHAIR })).await;
    assert_eq!(status, 200, "{signed}");
    let (_, minutes) = max.get(&format!("{panel}/minutes")).await;
    assert_eq!((&minutes["state"], &minutes["digest"]), (&json!("signed"), &signed["digest"]));
    app.finish().await;
}

async fn a_proposal_from_a_consensus_comes_first(app: TestApp) {
    let table = table(&app).await;
    let second = table.field.proposals[1].id;
    let consensus = format!("/consensus/{second}");
    let olaf = app.as_(OLAF).await;
    olaf.post(&consensus, &[("action", "open"), ("reason", "They differ")]).await.goes_to(&consensus);
    olaf.post(&consensus, &[("action", "escalate"), ("reason", "No agreement in two rounds")])
        .await
        .goes_to(&consensus);
    let prepare = format!("{}/prepare", table.path());
    olaf.post(&prepare, &[("action", "order"), ("order", "escalated")]).await.goes_to(&prepare);

    let page = app.as_("Nina Third").await.get(&table.path()).await.expect(200).text();
    assert!(page.find("IE-2017-002") < page.find("IE-2017-001"), "{page}");
    let item = app.as_("Nina Third").await.get(&table.item(1)).await.expect(200);
    item.says("No agreement in two rounds");
    // A place made of points tells nothing where somebody is out of the room: it is the last one.
    conflict(&app, "Max Judge", second).await;
    olaf.post(&prepare, &[("action", "order"), ("order", "escalated")]).await.goes_to(&prepare);
    let page = app.as_("Nina Third").await.get(&table.path()).await.expect(200).text();
    assert!(page.find("IE-2017-001") < page.find("IE-2017-002"), "{page}");
    let row = panel::Entity::find_by_id(table.panel).one(app.app.database().maintenance()).await.unwrap().unwrap();
    assert!(row.pulse >= row.version);
    app.finish().await;
}
