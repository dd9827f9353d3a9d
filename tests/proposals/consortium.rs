//! Inviting partners and people, joining, leaving, handing over, giving sections to people.

use crate::support::{
    TestApp,
    scenes::{calls::OLAF, proposals::Draft},
};
use entity::types::states::TeamRole;
use fairway::{
    calls::figures::queries::FiguresOf,
    kernel::AppError,
    proposals::{
        Place,
        consortium::commands::{AssignSection, HandOver, InvitePartner, InvitePerson},
        drafts::commands::StartProposal,
    },
};
use serde_json::json;

both!(
    a_partner_is_invited_and_joins,
    a_partner_declines_or_is_not_wanted_any_more,
    a_colleague_joins_as_reader_and_becomes_editor,
    a_section_is_given_to_somebody,
    a_partner_without_an_account_declines,
    a_partner_leaves_and_the_coordination_moves,
    what_a_partner_leaves_behind_is_kept_out_of_sight_for_a_return,
    programs_work_with_the_team,
);

/// The path in the last mail to this address.
async fn link_to(app: &TestApp, address: &str) -> String {
    let mails = app.mails().await;
    let mail = mails.iter().rev().find(|m| m.address == address).expect("a mail");
    let line = mail.text.lines().find(|l| l.contains("/invitations/")).expect("a link");
    line.split_once("fairway.test").map(|(_, path)| path.to_owned()).expect("a path")
}

/// A proposal of Ana Kask alone.
async fn alone(app: &TestApp) -> (String, Draft) {
    let call = app.call_open_for_drafts().await;
    let home = app.applicant("Ana Kask", "Sunrise Valley", "LT").await;
    let start = StartProposal {
        call,
        organisation: home,
        annex: None,
        title: "Light for Nordic forests".into(),
        acronym: "LIGHTWOOD".into(),
        another: false,
    };
    let started = app.run("Ana Kask", start).await;
    let draft = Draft {
        call,
        proposal: started.proposal,
        code: started.code,
        coordinator_part: started.part,
        partner_part: started.part,
    };
    (format!("/proposals/{}", started.proposal), draft)
}

const BRUNO: &str = "bruno.lind@example.org";

async fn a_partner_is_invited_and_joins(app: TestApp) {
    let (path, _) = alone(&app).await;
    let ana = app.as_("Ana Kask").await;
    let invite = format!("{path}/team/invite");

    let key = ana.get(&invite).await.expect(200).input("key").unwrap();
    ana.post(&invite, &[("name", "Bruno"), ("email", "bruno"), ("organisation", "")])
        .await
        .expect(422)
        .says("Fill this in");
    let fields = [
        ("key", key.as_str()),
        ("name", "Bruno Lind"),
        ("email", BRUNO),
        ("organisation", "Visual Sweden"),
        ("message", "Come along!"),
    ];
    ana.post(&invite, &fields).await.goes_to(&format!("{path}/team"));
    ana.post(&invite, &fields).await.goes_to(&format!("{path}/team"));
    let invited: Vec<String> = app.inbox().await.into_iter().filter(|m| m.starts_with("M06")).collect();
    assert_eq!(invited, [format!("M06 to {BRUNO}: You are invited to join LIGHTWOOD")]);
    ana.post(&invite, &fields[1..]).await.expect(422).says("has an invitation that is not answered yet");
    ana.get(&format!("{path}/team")).await.says("Visual Sweden").says("Invited");
    ana.get(&path).await.says("Invited and not yet joined: Bruno Lind");

    app.applicant("Bruno Lind", "Visual Sweden", "SE").await;
    let bruno = app.as_("Bruno Lind").await;
    let link = link_to(&app, BRUNO).await;
    let page = bruno.get(&link).await;
    let answer = page.location.clone().unwrap();
    assert!(answer.starts_with("/proposals/invitations/"), "{answer}");
    let page = bruno.get(&answer).await.expect(200).says("Come along!").says("closes 31 October 2017");
    bruno.get(&path).await.expect(404);
    let visual = page.html();
    let at = visual.find("name=\"organisation\" value=\"").unwrap() + 27;
    let organisation = &visual[at..at + 36];
    app.as_("Olga Berg").await.post(&answer, &[("do", "accept"), ("organisation", organisation)]).await.expect(422);
    bruno.post(&answer, &[("do", "accept")]).await.expect(422).says("Choose one from the list");
    bruno.post(&answer, &[("do", "accept"), ("organisation", organisation)]).await.goes_to(&path);
    bruno
        .post(&answer, &[("do", "accept"), ("organisation", organisation)])
        .await
        .expect(422)
        .says("This invitation was accepted.");
    bruno.get(&path).await.expect(200).says("Your part: Visual Sweden").says("Vinnova");
    assert!(app.inbox().await.contains(&"M07 to ana.kask@example.org: Partner joined: LIGHTWOOD".to_owned()));
    ana.get(&format!("{path}/team")).await.says("Can edit");
    app.finish().await;
}

async fn a_partner_declines_or_is_not_wanted_any_more(app: TestApp) {
    let (path, draft) = alone(&app).await;
    let invite = |email: &str| InvitePartner {
        proposal: draft.proposal,
        email: email.into(),
        name: "Bruno Lind".into(),
        organisation: "Visual Sweden".into(),
        message: String::new(),
    };
    app.run("Ana Kask", invite(BRUNO)).await;
    let bruno = app.as_("Bruno Lind").await;
    let answer = bruno.get(&link_to(&app, BRUNO).await).await.location.unwrap();
    bruno.post(&answer, &[("do", "decline"), ("reason", "No time")]).await.goes_to("/proposals");
    let mails = app.mails().await;
    let told = mails.iter().find(|m| m.name == "M07").unwrap();
    assert_eq!(told.subject, "Invitation declined: LIGHTWOOD");
    assert!(told.text.contains("Reason: No time"), "{}", told.text);

    let id = app.run("Ana Kask", invite(BRUNO)).await;
    let link = link_to(&app, BRUNO).await;
    app.as_("Olga Berg").await.post(&format!("{path}/invitations/{id}/withdraw"), &[]).await.expect(404);
    let ana = app.as_("Ana Kask").await;
    ana.post(&format!("{path}/invitations/{id}/withdraw"), &[]).await.goes_to(&format!("{path}/team"));
    let token = link.rsplit('/').next().unwrap();
    bruno.get(&format!("/proposals/invitations/{token}")).await.expect(200).says("This invitation was taken back.");
    bruno.post(&format!("/proposals/invitations/{token}"), &[("do", "decline")]).await.expect(422).says("taken back");

    let stranger = app.actor("Olga Berg").await;
    let refused = app.app.run(&stranger, invite("x@example.org")).await.unwrap_err();
    assert!(matches!(refused, AppError::NotFound));
    app.finish().await;
}

async fn a_colleague_joins_as_reader_and_becomes_editor(app: TestApp) {
    let (path, draft) = alone(&app).await;
    let part = format!("{path}/parts/{}", draft.coordinator_part);
    let ana = app.as_("Ana Kask").await;
    let fields = [("name", "Cleo Vik"), ("email", "cleo.vik@example.org"), ("role", "viewer")];
    ana.post(
        &format!("{part}/invite"),
        &[("name", "Cleo Vik"), ("email", "cleo.vik@example.org"), ("role", "coordinator")],
    )
    .await
    .expect(422);
    ana.post(&format!("{part}/invite"), &fields).await.goes_to(&format!("{path}/team"));

    let cleo = app.as_("Cleo Vik").await;
    let answer = cleo.get(&link_to(&app, "cleo.vik@example.org").await).await.location.unwrap();
    cleo.post(&answer, &[("do", "accept")]).await.goes_to(&path);
    let section = format!("{path}/sections/a");
    cleo.get(&section).await.expect(200).says("You may read this, but not change it.");
    let saved = [("version", "public_summary=0"), ("q.public_summary", "x")];
    assert_eq!(cleo.post(&section, &saved).await.status.as_u16(), 403);

    let account = app.account("Cleo Vik").await;
    let person = format!("{part}/people/{account}");
    cleo.get(&person).await.expect(404);
    ana.get(&person).await.expect(200).says("Take Cleo Vik off the team");
    ana.post(&person, &[("do", "role"), ("role", "editor")]).await.goes_to(&format!("{path}/team"));
    assert_eq!(cleo.post(&section, &saved).await.status.as_u16(), 303);
    ana.post(&person, &[("do", "remove")]).await.goes_to(&format!("{path}/team"));
    cleo.get(&path).await.expect(404);
    cleo.get("/proposals").await.expect(200).does_not_say(&draft.code);
    ana.get(&person).await.expect(404);
    ana.get(&format!("{path}/team")).await.says("Cleo Vik, Sunrise Valley, until");
    // Who left can be invited once more, and is on the team once.
    ana.post(&format!("{part}/invite"), &fields).await.goes_to(&format!("{path}/team"));
    let answer = cleo.get(&link_to(&app, "cleo.vik@example.org").await).await.location.unwrap();
    cleo.post(&answer, &[("do", "accept")]).await.goes_to(&path);
    cleo.get(&path).await.expect(200);
    let own = app.account("Ana Kask").await;
    ana.post(&format!("{part}/people/{own}"), &[("do", "remove")]).await.expect(422).says("Hand the coordination over");
    app.finish().await;
}

async fn a_section_is_given_to_somebody(app: TestApp) {
    let call = app.call_open_for_drafts().await;
    let draft = app.draft_of(&call).await;
    let ana = app.as_("Ana Kask").await;
    let path = format!("/proposals/{}", draft.proposal);
    let assign = format!("{path}/assign?place=joint&section=f");
    let bruno = app.account("Bruno Lind").await.to_string();

    ana.get(&assign).await.expect(200).says("Who writes “Expected benefit”?");
    ana.post(&assign, &[("to", &bruno), ("due_on", "2017-08-01")])
        .await
        .expect(422)
        .says("Choose a day that is not over");
    ana.post(&assign, &[("to", &bruno), ("due_on", "2017-10-01")]).await.goes_to(&path);
    ana.get(&path).await.says("Bruno Lind, due 1 October 2017");
    app.as_("Bruno Lind").await.get("/proposals").await.says("1 section is assigned to you");
    let mails = app.inbox().await;
    assert!(mails.contains(&format!("P01 to {BRUNO}: A section is assigned to you: Expected benefit")), "{mails:?}");

    let own = |to| AssignSection {
        proposal: draft.proposal,
        place: Place::Part(draft.coordinator_part),
        section: "budget".into(),
        to: Some(to),
        due_on: None,
    };
    let actor = app.actor("Ana Kask").await;
    let refused = app.app.run(&actor, own(app.account("Bruno Lind").await)).await.unwrap_err();
    assert!(matches!(refused, AppError::Invalid(errors) if errors.of("to").is_some()));
    app.run("Ana Kask", own(app.account("Ana Kask").await)).await;
    ana.get(&format!("{path}/assign?place=joint&section=nothing")).await.expect(404);
    app.as_("Olga Berg").await.get(&assign).await.expect(404);
    app.finish().await;
}

async fn a_partner_leaves_and_the_coordination_moves(app: TestApp) {
    let call = app.call_open_for_drafts().await;
    let draft = app.complete_draft(&call).await;
    let path = format!("/proposals/{}", draft.proposal);
    let ana = app.as_("Ana Kask").await;
    let bruno = app.as_("Bruno Lind").await;
    let mine = format!("{path}/parts/{}/leave", draft.coordinator_part);
    ana.get(&mine).await.expect(404);

    bruno.get(&format!("{path}/coordinator")).await.expect(404);
    let to = app.account("Bruno Lind").await;
    let refused = app.app.run(&app.actor("Bruno Lind").await, HandOver { proposal: draft.proposal, to }).await;
    assert!(matches!(refused.unwrap_err(), AppError::Denied(_)));
    ana.post(&format!("{path}/coordinator"), &[]).await.expect(422);
    ana.post(&format!("{path}/coordinator"), &[("to", &to.to_string())]).await.goes_to(&format!("{path}/team"));
    assert!(app.inbox().await.contains(&format!("M07 to {BRUNO}: New coordinator: LIGHTWOOD")));
    ana.get(&format!("{path}/team/invite")).await.expect(404);

    bruno.get(&mine).await.expect(200).says("Take Sunrise Valley out of the proposal?");
    let page = ana.get(&mine).await.expect(200).says("Leave the proposal with Sunrise Valley?");
    let key = page.input("key").unwrap();
    ana.post(&mine, &[("key", &key)]).await.goes_to("/proposals");
    ana.get(&path).await.expect(404);
    bruno.get(&path).await.expect(200).does_not_say("Sunrise Valley");
    assert!(app.inbox().await.contains(&format!("M07 to {BRUNO}: Partner left: LIGHTWOOD")));
    app.finish().await;
}

async fn what_a_partner_leaves_behind_is_kept_out_of_sight_for_a_return(app: TestApp) {
    let call = app.call_open_for_drafts().await;
    let draft = app.complete_draft(&call).await;
    let (path, part) = (format!("/proposals/{}", draft.proposal), draft.partner_part);
    let leave = format!("{path}/parts/{part}/leave");
    let drafts = async || app.ask(OLAF, FiguresOf(call)).await.agencies.iter().map(|a| a.drafts).sum::<i64>();
    assert_eq!(drafts().await, 2);
    let bruno = app.as_("Bruno Lind").await;

    let page = bruno.get(&leave).await.expect(200).says("can be taken up again after a new invitation");
    bruno.press(&page, &leave, &[]).await.expect(303);
    bruno.press(&page, &leave, &[]).await.expect(404);

    for gone in [path.clone(), format!("{path}/parts/{part}"), format!("{path}/parts/{part}/companies")] {
        bruno.get(&gone).await.expect(404);
    }
    let ana = app.as_("Ana Kask").await;
    ana.get(&path).await.expect(200).does_not_say("Visual Sweden");
    // History keeps who was there; nobody who left reads it.
    let team = format!("{path}/team");
    ana.get(&team).await.expect(200).says("Worked on it before").says("Bruno Lind, Visual Sweden, until");
    bruno.get(&team).await.expect(404);
    let (_, listed) = app.program("Ana Kask").await.get(&team).await;
    assert_eq!(
        (listed["left"][0]["name"].as_str(), listed["parts"].as_array().unwrap().len()),
        (Some("Bruno Lind"), 1)
    );
    ana.get(&format!("{path}/parts/{part}")).await.expect(404);
    bruno.get("/proposals").await.expect(200).does_not_say(&draft.code);
    assert_eq!(drafts().await, 1);

    let invite = InvitePartner {
        proposal: draft.proposal,
        email: BRUNO.into(),
        name: "Bruno Lind".into(),
        organisation: "Visual Sweden".into(),
        message: String::new(),
    };
    app.run("Ana Kask", invite).await;
    let answer = bruno.get(&link_to(&app, BRUNO).await).await.location.unwrap();
    let home = app.applicant("Carl Lind", "Visual Sweden", "SE").await.to_string();
    bruno.post(&answer, &[("do", "accept"), ("organisation", &home)]).await.goes_to(&path);
    bruno.get(&format!("{path}/parts/{part}/companies")).await.expect(200).says("Sweden Optics 0");
    ana.get(&team).await.expect(200).does_not_say("Worked on it before").says("Can edit");
    assert_eq!(drafts().await, 2);
    app.finish().await;
}

async fn programs_work_with_the_team(app: TestApp) {
    let (path, draft) = alone(&app).await;
    let ana = app.program("Ana Kask").await;
    let body = json!({ "email": BRUNO, "name": "Bruno Lind", "organisation": "Visual Sweden" });
    let (status, sent) = ana.post(&format!("{path}/partners"), body).await;
    assert_eq!(status.as_u16(), 200, "{sent}");
    let organisation = app.applicant("Bruno Lind", "Visual Sweden", "SE").await;
    let bruno = app.program("Bruno Lind").await;
    let link = link_to(&app, BRUNO).await;
    let token = link.rsplit('/').next().unwrap();
    let (status, shown) = bruno.get(&format!("/proposal-invitations/{token}")).await;
    assert_eq!((status.as_u16(), shown["state"].as_str()), (200, Some("open")));
    assert_eq!(shown["organisations"][0]["organisation"], organisation.to_string());
    let body = json!({ "organisation": organisation.to_string() });
    let (status, joined) = bruno.post(&format!("/proposal-invitations/{token}/accept"), body).await;
    assert_eq!(status.as_u16(), 200, "{joined}");
    let (_, team) = ana.get(&format!("{path}/team")).await;
    assert_eq!(team["parts"][1]["people"][0]["name"], "Bruno Lind");

    let invite = InvitePerson {
        part: draft.coordinator_part,
        email: BRUNO.into(),
        name: "Bruno".into(),
        role: TeamRole::Viewer,
        message: String::new(),
    };
    let known = app.app.run(&app.actor("Ana Kask").await, invite).await.unwrap_err();
    assert!(matches!(known, AppError::Invalid(errors) if errors.of("email").is_some()));
    let stranger = app.program("Olga Berg").await;
    assert_eq!(stranger.get(&format!("{path}/team")).await.0.as_u16(), 404);
    app.finish().await;
}

async fn a_partner_without_an_account_declines(app: TestApp) {
    let (_, draft) = alone(&app).await;
    let invite = InvitePartner {
        proposal: draft.proposal,
        email: "nora@example.org".into(),
        name: "Nora New".into(),
        organisation: "Nordic Light".into(),
        message: "Join us".into(),
    };
    app.run("Ana Kask", invite).await;
    let link = link_to(&app, "nora@example.org").await;

    let nora = app.visitor();
    nora.post(&format!("{link}/decline"), &[("reason", "No time this year")]).await.goes_to(&link);
    app.work().await;
    app.work().await;

    let mails = app.mails().await;
    let told: Vec<&str> = mails.iter().filter(|m| m.name == "M07").map(|m| m.text.as_str()).collect();
    assert_eq!(told.len(), 1);
    assert!(
        told[0].contains("Nora New declined the invitation for Nordic Light. Reason: No time this year"),
        "{told:?}"
    );
    app.finish().await;
}
