//! Decisions along the ranking.

mod reserve;
mod stranded;

use crate::support::{
    TestApp,
    scenes::evaluation::{COMMENT, Field},
};
use entity::{
    evaluation::agreed_score,
    proposals::{part, team_member},
    types::{
        ids::PartId,
        points::Points,
        states::{AgreedSource, CallState, PartState, Role},
        text::Email,
    },
};
use fairway::{decisions::queries::PreviewOf, documents::letters::Printed, evaluation::scores::commands::Sheet};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

both!(
    decisions_follow_the_ranking_and_are_released_at_once,
    an_officer_decides_on_parts_of_the_own_agency_only,
    money_that_is_not_there_cannot_be_given,
    nothing_is_released_while_a_part_is_undecided,
    programs_do_the_same,
    a_letter_is_for_the_people_of_its_part_and_staff,
    the_agencies_and_every_applicant_are_written_to,
    an_agency_that_pays_nothing_lets_its_part_take_part,
    every_agency_confirms_its_list_and_signs_its_letters,
    somebody_with_a_conflict_confirms_no_list,
    a_change_since_the_preview_is_named_and_nothing_is_released,
    what_an_evaluator_says_of_the_whole_reaches_the_applicant,
    an_officer_reads_the_letters_of_the_own_agency_only,
    every_letter_is_shown_as_it_will_be,
    many_parts_are_decided_alike,
    a_place_on_the_reserve_list_is_told_with_its_last_day,
    a_part_is_given_up_until_the_decision_and_what_is_left_is_checked,
    an_award_goes_to_the_signatory_as_well,
    a_part_without_a_team_is_told_by_its_contact,
    agreed_points_are_what_the_applicant_reads,
);

fn board(field: &Field) -> String {
    format!("/staff/calls/{}/decisions", field.call)
}

/// A ranked field whose decisions are proposed.
async fn proposed_field(app: &TestApp, proposals: usize) -> Field {
    let field = app.ranked_field(proposals).await;
    app.adopt_strict_skip(field.call).await;
    let olaf = app.as_("Olaf Berg").await;
    olaf.post(&format!("{}/propose", board(&field)), &[]).await.expect(303);
    field
}

/// Keeps a decision on a part as the page of its officer shows it, with some fields changed.
async fn keep(app: &TestApp, name: &str, part: PartId, fields: &[(&str, &str)]) -> crate::support::people::Page {
    let path = format!("/staff/parts/{part}/decision");
    let browser = app.as_(name).await;
    let page = browser.get(&path).await.expect(200);
    browser.press(&page, &path, fields).await
}

async fn decisions_follow_the_ranking_and_are_released_at_once(app: TestApp) {
    let field = app.ranked_field(2).await;
    let path = format!("/staff/calls/{}/decisions", field.call);
    let olaf = app.as_("Olaf Berg").await;
    let cora = app.as_(&field.proposals[0].coordinator).await;
    let told = format!("/proposals/{}/parts/{}/decision", field.proposals[0].id, field.proposals[0].parts[0]);

    olaf.post(&format!("{path}/propose"), &[]).await.expect(422).says("No scenario is adopted");
    app.adopt_strict_skip(field.call).await;
    olaf.post(&format!("{path}/propose"), &[]).await.goes_to(&path);
    olaf.get(&path).await.expect(200).says("Fits all budgets").says("Below a threshold");
    cora.get(&told).await.expect(403);
    let letters = app.mails().await.iter().filter(|m| m.name.starts_with("M21")).count();
    assert_eq!(letters, 0);

    let waiting = olaf.get(&format!("{path}/preview")).await.expect(200).does_not_say("Release all decisions now");
    waiting.says("have not confirmed their decisions");
    app.confirm_lists(&field).await;
    let page = olaf.get(&format!("{path}/preview")).await.expect(200);
    olaf.press(&page, &format!("{path}/release"), &[]).await.goes_to(&path);
    // The same page's button once more, as somebody does who saw nothing happen.
    olaf.press(&page, &format!("{path}/release"), &[]).await.goes_to(&path);
    app.work().await;

    assert_eq!(app.call_state(field.call).await, CallState::Decided);
    assert_eq!(app.part_state(field.proposals[0].parts[0]).await, PartState::Awarded);
    assert_eq!(app.part_state(field.proposals[1].parts[0]).await, PartState::Rejected);
    cora.get("/proposals").await.expect(200).says("Feedback available");
    cora.get("/overview").await.expect(200).says("Feedback available");
    let page = cora.get(&told).await.expect(200).says("has decided to fund your part").html();
    let at = page.find("/files/").unwrap();
    let letter = cora.get(page[at..].split('"').next().unwrap()).await.expect(200);
    assert!(letter.bytes.starts_with(b"%PDF"));
    app.as_("Strange Person").await.get(&told).await.expect(404);
    app.finish().await;
}

async fn an_officer_decides_on_parts_of_the_own_agency_only(app: TestApp) {
    let field = app.ranked_field(2).await;
    let danish = field.proposals[0].parts[0];
    let path = format!("/staff/parts/{danish}/decision");
    let fields = [("outcome", "reserve"), ("reason", "The money may come later."), ("version", "0")];

    app.as_("Lina Laukyte").await.post(&path, &fields).await.expect(404);
    app.as_("Olaf Berg").await.post(&path, &fields).await.expect(403);
    let dorte = app.as_("Dorte Dahl").await;
    dorte.post(&path, &fields).await.expect(303);
    let other_tab = [("outcome", "reject"), ("reason", "Typed in the other tab"), ("version", "0")];
    dorte.post(&path, &other_tab).await.expect(422).says("was changed by Dorte Dahl").says("Typed in the other tab");
    app.finish().await;
}

async fn money_that_is_not_there_cannot_be_given(app: TestApp) {
    let field = app.ranked_field(2).await;
    let path = format!("/staff/parts/{}/decision", field.proposals[0].parts[0]);
    let dorte = app.as_("Dorte Dahl").await;
    let fund = |amount: &'static str| [("outcome", "fund"), ("amount", amount), ("reason", "Good"), ("version", "0")];

    dorte.post(&path, &fund("9 000 000")).await.expect(422).says("more cannot be granted");
    dorte.post(&path, &fund("plenty")).await.expect(422).says("Enter a number").says("Good");
    let failed = format!("/staff/parts/{}/decision", field.proposals[1].parts[0]);
    dorte.post(&failed, &fund("1000")).await.expect(422).says("below a threshold");
    app.finish().await;
}

async fn nothing_is_released_while_a_part_is_undecided(app: TestApp) {
    let field = app.ranked_field(2).await;
    let path = format!("/staff/calls/{}/decisions", field.call);
    let olaf = app.as_("Olaf Berg").await;

    olaf.post(&format!("{path}/release"), &[]).await.expect(422).says("4 parts have no decision yet");
    app.as_("Dorte Dahl").await.post(&format!("{path}/release"), &[]).await.expect(403);
    app.as_(&field.proposals[0].coordinator).await.get(&path).await.expect(404);
    app.finish().await;
}

async fn programs_do_the_same(app: TestApp) {
    let field = app.ranked_field(1).await;
    let olaf = app.program("Olaf Berg").await;
    let call = field.call;

    app.adopt_strict_skip(call).await;
    let (status, made) = olaf.post(&format!("/calls/{call}/decisions/propose"), json!({})).await;
    assert_eq!((status.as_u16(), made["count"].as_u64()), (200, Some(2)));
    let (_, board) = olaf.get(&format!("/calls/{call}/decisions")).await;
    assert_eq!(board["items"][0]["parts"][0]["decision"]["outcome"], "fund");
    for name in ["Dorte Dahl", "Lina Laukyte"] {
        let officer = app.program(name).await;
        let (_, preview) = officer.get(&format!("/calls/{call}/decisions/preview")).await;
        let list = &preview["lists"][0];
        let confirm = format!("/annexes/{}/decisions/confirm", list["annex"].as_str().unwrap());
        let (status, confirmed) = officer.post(&confirm, json!({ "seen": list["seen"] })).await;
        assert_eq!((status.as_u16(), confirmed["count"].as_u64()), (200, Some(1)), "{confirmed}");
        let (status, _) = olaf.post(&confirm, json!({ "seen": list["seen"] })).await;
        assert_eq!(status.as_u16(), 403);
    }
    let (_, preview) = olaf.get(&format!("/calls/{call}/decisions/preview")).await;
    assert_eq!(preview["letters"][0]["signed_by"], "Dorte Dahl");
    let release = json!({ "seen": preview["seen"] });
    let (status, _) = olaf.post(&format!("/calls/{call}/decisions/release"), release).await;

    assert_eq!(status.as_u16(), 200);
    let cora = app.program(&field.proposals[0].coordinator).await;
    let (_, feedback) = cora.get(&format!("/parts/{}/feedback", field.proposals[0].parts[0])).await;
    assert_eq!(feedback["outcome"], "fund");
    app.finish().await;
}

async fn a_letter_is_for_the_people_of_its_part_and_staff(app: TestApp) {
    let field = app.field(CallState::Evaluating, 1).await;
    app.grant("Olaf Berg", Role::Secretariat, None, None).await;
    app.all_parts(&field, PartState::Eligible).await;
    let proposal = &field.proposals[0];
    app.evaluator("Eva Evaluator", "Inno", "export").await;
    app.assigned(proposal.id, "Eva Evaluator").await;
    app.grant("Chris Chair", Role::PanelChair, None, None).await;
    app.grant("Audrey Auditor", Role::Auditor, None, None).await;
    app.grant("Lina Laukyte", Role::AgencyOfficer, None, Some(field.agencies["lt-mita"].id)).await;
    app.grant("Dorte Dahl", Role::AgencyOfficer, None, Some(field.agencies["dk-sfu"].id)).await;
    let letters = app.letters(&field).await;
    let (danish, lithuanian) = (format!("/files/{}", letters[0]), format!("/files/{}", letters[1]));

    for (name, own, other) in [
        ("Cora 1", 200, 404),
        ("Dorte Dahl", 200, 404),
        ("Lina Laukyte", 404, 200),
        ("Olaf Berg", 200, 200),
        ("Audrey Auditor", 200, 200),
        ("Eva Evaluator", 404, 404),
        ("Chris Chair", 404, 404),
        ("Strange Person", 404, 404),
    ] {
        let browser = app.as_(name).await;
        let got = [browser.get(&danish).await.status.as_u16(), browser.get(&lithuanian).await.status.as_u16()];
        assert_eq!(got, [own, other], "{name}");
    }
    app.visitor().get(&danish).await.expect(401);
    app.finish().await;
}

async fn the_agencies_and_every_applicant_are_written_to(app: TestApp) {
    let field = app.ranked_field(3).await;
    let path = format!("/staff/calls/{}/decisions", field.call);
    let olaf = app.as_("Olaf Berg").await;

    app.adopt_strict_skip(field.call).await;
    olaf.post(&format!("{path}/propose"), &[]).await.goes_to(&path);
    let inbox = app.inbox().await;
    for name in ["dorte.dahl", "lina.laukyte"] {
        assert!(inbox.iter().any(|mail| mail.starts_with(&format!("M20 to {name}@example.org:"))), "{inbox:#?}");
    }
    let reserve = [("outcome", "reserve"), ("reason", "The money may come later."), ("version", "1")];
    let second = format!("/staff/parts/{}/decision", field.proposals[1].parts[0]);
    app.as_("Dorte Dahl").await.post(&second, &reserve).await.expect(303);
    app.confirm_lists(&field).await;
    app.release(&field).await.goes_to(&path);

    let told: Vec<(String, String)> = app.mails().await.into_iter().map(|m| (m.name, m.address)).collect();
    for (name, coordinator) in [("M21", 1), ("M22", 2), ("M23", 3)] {
        let to = format!("cora.{coordinator}@cluster.example");
        let got = told.iter().filter(|(_, address)| *address == to).filter(|(n, _)| n == name).count();
        assert_eq!(got, 1, "{name} to {to}: {told:?}");
    }
    app.finish().await;
}

async fn an_agency_that_pays_nothing_lets_its_part_take_part(app: TestApp) {
    let mut field = app.ranked_field(1).await;
    let latvian = app.unpaid_part(&mut field, 0).await;
    app.part_to(latvian, PartState::Recommended).await;
    let olaf = app.as_("Olaf Berg").await;
    app.adopt_strict_skip(field.call).await;
    olaf.post(&format!("{}/propose", board(&field)), &[]).await.expect(303);

    olaf.get(&board(&field)).await.expect(200).says("Takes part without a grant");
    app.as_("Ilze Ozola").await.get(&format!("/staff/parts/{latvian}/decision")).await.expect(200).says("No money");
    let some = [("outcome", "fund"), ("amount", "100"), ("reason", "Good")];
    keep(&app, "Ilze Ozola", latvian, &some).await.expect(422).says("asks for no money of this call");
    keep(&app, "Ilze Ozola", latvian, &[("outcome", "fund"), ("reason", "A good partner.")]).await.expect(303);
    let paid = [("outcome", "fund"), ("amount", "0"), ("reason", "Good")];
    keep(&app, "Dorte Dahl", field.proposals[0].parts[0], &paid).await.expect(422).says("needs an amount above zero");
    app.confirm_lists(&field).await;
    app.release(&field).await.expect(303);
    app.work().await;

    let cora = app.as_(&field.proposals[0].coordinator).await;
    let told = cora.get(&format!("/proposals/{}/parts/{latvian}/decision", field.proposals[0].id)).await.expect(200);
    told.says("takes part in the project").does_not_say("with at most");
    app.finish().await;
}

async fn every_agency_confirms_its_list_and_signs_its_letters(app: TestApp) {
    let field = proposed_field(&app, 2).await;
    let preview = format!("{}/preview", board(&field));
    let (dorte, lina) = (app.as_("Dorte Dahl").await, app.as_("Lina Laukyte").await);
    let page = dorte.get(&preview).await.expect(200).says("The letters of");
    let danish = page.actions("/confirm").pop().unwrap();

    lina.post(&danish, &[]).await.expect(404);
    app.as_("Strange Person").await.post(&danish, &[]).await.expect(404);
    dorte.press(&page, &danish, &[]).await.goes_to(&board(&field));
    dorte.press(&page, &danish, &[]).await.goes_to(&board(&field));
    let release = format!("{}/release", board(&field));
    let refused = app.as_("Olaf Berg").await.post(&release, &[]).await.expect(422);
    refused.says("have not confirmed their decisions: Agency for Science, Innovation and Technology (MITA).");
    lina.get(&board(&field)).await.expect(200).says("Confirmed by Dorte Dahl");

    let part = field.proposals[0].parts[0];
    keep(&app, "Dorte Dahl", part, &[("outcome", "reject"), ("reason", "On second thoughts.")]).await.expect(303);
    lina.get(&board(&field)).await.expect(200).says("Changed since it was confirmed");
    let told = app.audit_trail().await;
    assert!(told.iter().any(|line| line.contains("the confirmation by Dorte Dahl no longer counts")), "{told:#?}");
    // What was shown before the change cannot be confirmed.
    let (key, again) = (("key", "another-press"), dorte.get(&preview).await);
    let seen = page.hidden(&danish).into_iter().find(|(name, _)| name == "seen").unwrap().1;
    dorte.post(&danish, &[key, ("seen", &seen)]).await.expect(422).says("changed since you saw them");
    dorte.press(&again, &danish, &[]).await.expect(303);
    app.confirm_lists(&field).await;
    app.release(&field).await.expect(303);
    app.work().await;

    let letters = app.ask("Olaf Berg", PreviewOf(field.call)).await.letters;
    let signed: Vec<&str> = letters.iter().map(|l| l.letter.signature.name.as_str()).collect();
    assert_eq!(signed, ["Dorte Dahl", "Lina Laukyte", "Dorte Dahl", "Lina Laukyte"]);
    app.finish().await;
}

async fn somebody_with_a_conflict_confirms_no_list(app: TestApp) {
    let field = proposed_field(&app, 2).await;
    app.conflict_of("Dorte Dahl", field.proposals[1].id).await;
    let preview = format!("{}/preview", board(&field));
    let dorte = app.as_("Dorte Dahl").await;

    let page = dorte.get(&preview).await.expect(200).does_not_say(&field.proposals[1].code);
    let confirm = page.actions("/confirm").pop().unwrap();
    dorte.press(&page, &confirm, &[]).await.expect(422).says("A colleague of your agency must confirm this list");
    app.as_("Olaf Berg").await.get(&board(&field)).await.expect(200).does_not_say("Confirmed by");
    app.finish().await;
}

async fn a_change_since_the_preview_is_named_and_nothing_is_released(app: TestApp) {
    let field = proposed_field(&app, 2).await;
    app.confirm_lists(&field).await;
    let olaf = app.as_("Olaf Berg").await;
    let page = olaf.get(&format!("{}/preview", board(&field))).await.expect(200);
    let part = field.proposals[0].parts[0];

    // As many decisions as before, one of them about less money.
    let less = [("outcome", "fund"), ("amount", "100"), ("reason", "Less is enough.")];
    keep(&app, "Dorte Dahl", part, &less).await.expect(303);
    app.confirm_lists(&field).await;
    let refused = olaf.press(&page, &format!("{}/release", board(&field)), &[]).await.expect(422);
    refused.says(&format!("changed since you saw them: {} (Denmark Cluster 1).", field.proposals[0].code));
    assert_eq!(app.call_state(field.call).await, CallState::Ranked);
    assert!(app.mails().await.iter().all(|m| m.name != "M21"));

    app.release(&field).await.expect(303);
    app.finish().await;
}

/// A field with one proposal that was judged by somebody who says something about the whole.
async fn judged_field(app: &TestApp) -> Field {
    let field = app.ranked_field(1).await;
    app.call_to(field.call, CallState::Evaluating).await;
    app.all_parts(&field, PartState::Eligible).await;
    let task = app.assigned(field.proposals[0].id, "Eva Expert").await;
    let sheet = Sheet { comment: "A consortium that knows its market.".into(), ..app.sheet("4", &[]) };
    app.judged(task, "Eva Expert", Sheet { private_note: "Ask for references.".into(), ..sheet }).await;
    app.all_parts(&field, PartState::Recommended).await;
    app.call_to(field.call, CallState::Ranked).await;
    let olaf = app.as_("Olaf Berg").await;
    app.adopt_strict_skip(field.call).await;
    olaf.post(&format!("{}/propose", board(&field)), &[]).await.expect(303);
    field
}

async fn what_an_evaluator_says_of_the_whole_reaches_the_applicant(app: TestApp) {
    let field = judged_field(&app).await;
    app.confirm_lists(&field).await;
    let letter = app.ask("Olaf Berg", PreviewOf(field.call)).await.letters.remove(0).letter;
    app.release(&field).await.expect(303);
    app.work().await;

    let (proposal, part) = (&field.proposals[0], field.proposals[0].parts[0]);
    let cora = app.as_(&proposal.coordinator).await;
    let page = cora.get(&format!("/proposals/{}/parts/{part}/decision", proposal.id)).await.expect(200);
    let page = page.says("A consortium that knows its market.").does_not_say("Eva Expert").does_not_say("references");
    let summary = page.html();
    let at = summary.find("Download the evaluation summary").expect("the summary is printed");
    let link = summary[..at].rfind("/files/").unwrap();
    let summary = cora.get(summary[link..].split('"').next().unwrap()).await.expect(200);
    assert!(summary.bytes.starts_with(b"%PDF"));
    let (_, feedback) = app.program(&proposal.coordinator).await.get(&format!("/parts/{part}/feedback")).await;
    assert_eq!(feedback["comments"], json!(["A consortium that knows its market."]));
    assert!(letter.text().unwrap().contains("A consortium that knows its market."));
    app.finish().await;
}

async fn an_officer_reads_the_letters_of_the_own_agency_only(app: TestApp) {
    let field = proposed_field(&app, 1).await;
    keep(&app, "Dorte Dahl", field.proposals[0].parts[0], &[("outcome", "reject"), ("reason", "A Danish secret.")])
        .await
        .expect(303);
    let preview = format!("{}/preview", board(&field));

    let danish = app.as_("Dorte Dahl").await.get(&preview).await.expect(200);
    danish.says("Denmark Cluster 1: Not funded").says("A Danish secret").does_not_say("Lithuania Cluster 1");
    let lithuanian = app.as_("Lina Laukyte").await.get(&preview).await.expect(200);
    lithuanian.says("Lithuania Cluster 1").does_not_say("A Danish secret").does_not_say("cora.1@cluster.example");
    app.as_("Olaf Berg").await.get(&preview).await.expect(200).says("A Danish secret").says("Lithuania Cluster 1");
    let lina = app.program("Lina Laukyte").await;
    for path in ["decisions", "decisions/preview"] {
        let (_, told) = lina.get(&format!("/calls/{}/{path}", field.call)).await;
        assert!(!told.to_string().contains("A Danish secret"), "{path}: {told}");
    }
    app.finish().await;
}

async fn every_letter_is_shown_as_it_will_be(app: TestApp) {
    let field = judged_field(&app).await;
    let part = field.proposals[0].parts[0];
    let fields = [
        ("conditions", "The companies are named first."),
        ("outcome", "fund"),
        ("amount", "40000"),
        ("reason", "Good."),
    ];
    keep(&app, "Dorte Dahl", part, &fields).await.expect(303);

    let page = app.as_("Olaf Berg").await.get(&format!("{}/preview", board(&field))).await.expect(200);
    let page = page
        .says("Award offer: IE-2017-001")
        .says("cora.1@cluster.example")
        .says("Your part of “Project number 1” will be funded")
        .says("The companies are named first.")
        .says(COMMENT)
        .says("A consortium that knows its market.")
        .says("Within 30 days of this letter")
        .says("Signed by the officer who confirms the list");
    page.says("Who newly sees what").says("Comments of the evaluators, without their names");
    let page = app.as_("Olaf Berg").await.get(&board(&field)).await.expect(200);
    page.says("what every agency has left after each line");
    app.finish().await;
}

async fn many_parts_are_decided_alike(app: TestApp) {
    let field = proposed_field(&app, 3).await;
    let (path, many) = (board(&field), format!("{}/many", board(&field)));
    let dorte = app.as_("Dorte Dahl").await;
    let page = dorte.get(&path).await.expect(200);
    let tick = |n: usize, version: i64| format!("{}:{version}", field.proposals[n].parts[0]);
    let (first, second, failed) = (tick(0, 1), tick(1, 1), tick(2, 1));

    dorte.press(&page, &many, &[("many_outcome", "reserve")]).await.expect(422).says("Tick at least one part");
    let foreign = format!("{}:1", field.proposals[0].parts[1]);
    let picks = [("pick", foreign.as_str()), ("many_outcome", "reserve"), ("many_reason", "No money yet.")];
    dorte.press(&page, &many, &picks).await.expect(404);
    let picks = [
        ("pick", first.as_str()),
        ("pick", failed.as_str()),
        ("many_outcome", "reserve"),
        ("many_reason", "No money yet."),
    ];
    let told = dorte.press(&page, &many, &picks).await.expect(422).says("1 parts are decided").says("IE-2017-003");
    assert!(told.says("below a threshold").html().contains("No money yet."));
    let stale = [("pick", first.as_str()), ("many_outcome", "reject"), ("many_reason", "Old tab")];
    let page = dorte.get(&path).await;
    dorte.press(&page, &many, &stale).await.expect(422).says("somebody changed it meanwhile");
    let both = [("pick", second.as_str()), ("many_outcome", "reserve"), ("many_reason", "Nor here.")];
    dorte.press(&page, &many, &both).await.expect(303);
    app.as_("Olaf Berg").await.post(&many, &both).await.expect(403);
    let (_, told) = app.program("Dorte Dahl").await.get(&format!("/calls/{}/decisions", field.call)).await;
    let outcomes: Vec<&str> =
        (0..3).map(|n| told["items"][n]["parts"][0]["decision"]["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["reserve", "reserve", "reject"]);
    app.finish().await;
}

async fn a_place_on_the_reserve_list_is_told_with_its_last_day(app: TestApp) {
    let field = proposed_field(&app, 3).await;
    for (n, until) in [(0, "2018-12-31"), (1, "2018-06-30")] {
        let fields = [("outcome", "reserve"), ("reason", "The money may come later."), ("reserve_until", until)];
        keep(&app, "Dorte Dahl", field.proposals[n].parts[0], &fields).await.expect(303);
    }
    let past = [("outcome", "reserve"), ("reason", "Later."), ("reserve_until", "2016-01-01")];
    keep(&app, "Dorte Dahl", field.proposals[0].parts[0], &past).await.expect(422).says("longer than today");
    app.confirm_lists(&field).await;
    app.release(&field).await.expect(303);
    app.work().await;

    let mail =
        app.mails().await.into_iter().find(|m| m.name == "M22" && m.address == "cora.2@cluster.example").unwrap();
    assert!(mail.text.contains("at place 2 of its reserve list, which holds until 30 June 2018"), "{}", mail.text);
    assert!(mail.text.contains("within 30 days of the letter"), "{}", mail.text);
    let rejected = app.mails().await.into_iter().find(|m| m.name == "M23").unwrap();
    assert!(rejected.text.contains("within 30 days of the letter"), "{}", rejected.text);
    let (proposal, part) = (&field.proposals[1], field.proposals[1].parts[0]);
    let cora = app.program(&proposal.coordinator).await;
    let (_, told) = cora.get(&format!("/parts/{part}/feedback")).await;
    assert_eq!((told["reserve_place"].as_i64(), told["reserve_until"].as_str()), (Some(2), Some("2018-06-30")));
    let board = app.as_("Dorte Dahl").await.get(&board(&field)).await.expect(200);
    board.says("of 1 mails delivered");
    app.finish().await;
}

async fn a_part_is_given_up_until_the_decision_and_what_is_left_is_checked(app: TestApp) {
    let field = app.ranked_field(2).await;
    let (proposal, part) = (&field.proposals[0], field.proposals[0].parts[0]);
    let cora = app.as_(&proposal.coordinator).await;
    let path = format!("/proposals/{}/parts/{part}", proposal.id);

    let page = cora.get(&format!("{path}/withdraw")).await.expect(200);
    cora.press(&page, &format!("{path}/withdraw"), &[]).await.expect(303);
    assert_eq!(app.part_state(part).await, PartState::Withdrawn);
    let olaf = app.as_("Olaf Berg").await;
    app.adopt_strict_skip(field.call).await;
    olaf.post(&format!("{}/propose", board(&field)), &[]).await.expect(303);

    let page = olaf.get(&board(&field)).await.expect(200).says("Consortium rule broken");
    page.says("A proposal has at least 2 parts; this has 1").does_not_say("Fits all budgets");
    let left = proposal.parts[1];
    let sheet = app.as_("Lina Laukyte").await.get(&format!("/staff/parts/{left}/decision")).await.expect(200);
    sheet.says("break the consortium rule of the call").says("A proposal has at least 2 parts");
    let (_, told) = app.program("Olaf Berg").await.get(&format!("/calls/{}/decisions", field.call)).await;
    assert_eq!(told["items"][0]["parts"][0]["decision"]["outcome"], "reject");
    assert_eq!(told["items"][0]["fits"], false);
    app.confirm_lists(&field).await;
    app.release(&field).await.expect(303);
    cora.post(&format!("{path}/withdraw"), &[]).await.expect(403);
    app.finish().await;
}

async fn an_award_goes_to_the_signatory_as_well(app: TestApp) {
    let field = proposed_field(&app, 2).await;
    // The first proposal is funded, the last one stands below the thresholds.
    for (proposal, address) in field.proposals.iter().zip(["rasa@valley.example", "ida@optics.example"]) {
        let row = part::ActiveModel {
            id: Set(proposal.parts[0]),
            signatory_email: Set(Some(Email::parse(address).unwrap())),
            ..<part::ActiveModel as ActiveModelTrait>::default()
        };
        row.update(app.app.database().maintenance()).await.unwrap();
    }
    app.confirm_lists(&field).await;
    app.release(&field).await.expect(303);

    let told: Vec<_> = app.mails().await.into_iter().filter(|mail| mail.address.ends_with(".example")).collect();
    let to_signatories: Vec<(&str, &str)> = told
        .iter()
        .filter(|mail| mail.account_id.is_none())
        .map(|mail| (mail.name.as_str(), mail.address.as_str()))
        .collect();
    assert_eq!(to_signatories, [("M21", "rasa@valley.example")]);
    app.finish().await;
}

/// Takes everybody off the team of a part, as if they worked on another one now.
async fn left_alone(app: &TestApp, part: PartId, contact: &str) {
    let db = app.app.database().maintenance();
    let nobody = team_member::ActiveModel { left_at: Set(Some(app.app.now())), ..Default::default() };
    team_member::Entity::update_many().set(nobody).filter(team_member::Column::PartId.eq(part)).exec(db).await.unwrap();
    let row = part::ActiveModel {
        id: Set(part),
        contact_id: Set(Some(app.account(contact).await)),
        ..<part::ActiveModel as ActiveModelTrait>::default()
    };
    row.update(db).await.unwrap();
}

async fn a_part_without_a_team_is_told_by_its_contact(app: TestApp) {
    let mut field = app.ranked_field(1).await;
    let latvian = app.unpaid_part(&mut field, 0).await;
    app.part_to(latvian, PartState::Recommended).await;
    app.adopt_strict_skip(field.call).await;
    app.as_("Olaf Berg").await.post(&format!("{}/propose", board(&field)), &[]).await.expect(303);
    left_alone(&app, latvian, "Nora Contact").await;
    let address = "nora.contact@example.org";

    let letters = app.ask("Olaf Berg", PreviewOf(field.call)).await.letters;
    let shown = letters.iter().find(|letter| letter.part == latvian).unwrap();
    assert!(shown.recipients.contains(&address.to_owned()), "{:?}", shown.recipients);
    app.confirm_lists(&field).await;
    app.release(&field).await.expect(303);

    let told = app.mails().await.into_iter().filter(|mail| mail.name == "M21" && mail.address == address);
    let told: Vec<String> = told.map(|mail| mail.text).collect();
    assert_eq!(told.len(), 1);
    assert!(told[0].contains("takes part in the project"), "{told:?}");
    app.finish().await;
}

async fn agreed_points_are_what_the_applicant_reads(app: TestApp) {
    let field = judged_field(&app).await;
    let proposal = &field.proposals[0];
    let key = app.sheet("4", &[]).entries.remove(0).criterion;
    for (source, points, comment) in [
        (AgreedSource::Consensus, 350, "We met in the middle."),
        (AgreedSource::Panel, 450, "The panel read it again."),
    ] {
        let row = agreed_score::ActiveModel {
            id: Set(fairway::kernel::tx::new_uuid(app.app.now(), app.app.chance()).into()),
            proposal_id: Set(proposal.id),
            source: Set(source),
            criterion: Set(key.clone()),
            points: Set(Points::hundredths(points)),
            comment: Set(comment.to_owned()),
            agreed_by: Set(app.account("Olaf Berg").await),
            agreed_at: Set(app.app.now()),
        };
        row.insert(app.app.database().maintenance()).await.unwrap();
    }
    app.confirm_lists(&field).await;
    let letter = app.ask("Olaf Berg", PreviewOf(field.call)).await.letters.remove(0).letter.text().unwrap();
    app.release(&field).await.expect(303);
    app.work().await;

    let part = proposal.parts[0];
    let cora = app.as_(&proposal.coordinator).await;
    let page = cora.get(&format!("/proposals/{}/parts/{part}/decision", proposal.id)).await.expect(200);
    page.says("Points agreed by the panel.").says("The panel read it again.").says("4.5 of 5").does_not_say("We met");
    let (_, feedback) = app.program(&proposal.coordinator).await.get(&format!("/parts/{part}/feedback")).await;
    let first = &feedback["criteria"][0];
    assert_eq!((first["mean"].as_str(), first["agreed"].as_str()), (Some("4.5"), Some("panel")));
    // The other criteria keep what the evaluators gave.
    let second = &feedback["criteria"][1];
    assert_eq!((second["mean"].as_str(), second["agreed"].as_str()), (Some("4"), None));
    assert!(letter.contains("The panel read it again."), "{letter}");
    app.finish().await;
}
