//! Checking parts with two pairs of eyes.

use crate::support::{TestApp, scenes::evaluation::Field};
use entity::types::{
    ids::PartId,
    states::{CallState, PartState, Role},
};
use poem::http::Method;
use serde_json::{Value, json};

both!(
    a_second_officer_confirms_and_the_team_is_told,
    the_first_officer_cannot_confirm,
    a_part_that_is_not_eligible_needs_reasons_and_a_text,
    a_returned_check_is_proposed_again,
    other_people_see_no_check,
    a_list_is_filtered_in_the_database,
);

/// The questions of the Danish annex.
const ITEMS: [&str; 12] = [
    "entity",
    "seat",
    "in_time",
    "partners",
    "smes",
    "activities",
    "budget",
    "duration",
    "label",
    "letters",
    "documents",
    "form",
];

async fn officers(app: &TestApp) -> (Field, PartId) {
    let field = app.field(CallState::Closed, 2).await;
    for name in ["Olga First", "Otto Second"] {
        app.grant(name, Role::AgencyOfficer, None, Some(field.agencies["dk-sfu"].id)).await;
    }
    let part = field.proposals[0].parts[0];
    (field, part)
}

/// A form that answers everything with yes and says why where the data say no.
fn eligible(version: &str) -> Vec<(String, String)> {
    let mut form = vec![("version".to_owned(), version.to_owned()), ("verdict".to_owned(), "eligible".to_owned())];
    for item in ITEMS {
        form.push((format!("answer-{item}"), "yes".to_owned()));
        form.push((format!("note-{item}"), "Seen in the papers.".to_owned()));
    }
    form
}

fn pairs(form: &[(String, String)]) -> Vec<(&str, &str)> {
    form.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect()
}

async fn a_second_officer_confirms_and_the_team_is_told(app: TestApp) {
    let (_, part) = officers(&app).await;
    let here = format!("/staff/parts/{part}/check");
    let olga = app.as_("Olga First").await;

    olga.get(&here).await.expect(200).says("What the rules found").says("The agency demands a bronze label");
    let mut form = eligible("0");
    form.push(("key".into(), "one press".into()));
    olga.post(&here, &pairs(&form)).await.goes_to(&here);
    olga.post(&here, &pairs(&form)).await.goes_to(&here);
    assert_eq!(app.part_state(part).await, PartState::Submitted);

    let otto = app.as_("Otto Second").await;
    otto.get(&here).await.expect(200).says("proposed by Olga First").says("Confirm: Eligible");
    let confirm = format!("{here}/confirm");
    otto.post(&confirm, &[("version", "1"), ("key", "second press")]).await.goes_to(&here);
    otto.post(&confirm, &[("version", "1"), ("key", "second press")]).await.goes_to(&here);

    assert_eq!(app.part_state(part).await, PartState::Eligible);
    assert_eq!(app.inbox().await, ["M11 to cora.1@cluster.example: Your part of IE-2017-001 is eligible"]);
    let trail = app.audit_trail().await;
    let said = |line: &str| trail.iter().filter(|l| l.starts_with(line)).count();
    assert_eq!(said("Olga First proposed “Eligible” for the part of Denmark Cluster 1 in IE-2017-001"), 1);
    assert_eq!(said("Otto Second confirmed “Eligible”"), 1);
    app.finish().await;
}

async fn the_first_officer_cannot_confirm(app: TestApp) {
    let (_, part) = officers(&app).await;
    let here = format!("/staff/parts/{part}/check");
    let olga = app.as_("Olga First").await;
    olga.post(&here, &pairs(&eligible("0"))).await.goes_to(&here);

    olga.get(&here).await.expect(200).does_not_say("Confirm: Eligible");
    let answer = olga.post(&format!("{here}/confirm"), &[("version", "1")]).await.expect(422);

    answer.says("You proposed this verdict yourself.");
    assert_eq!(app.part_state(part).await, PartState::Submitted);
    let program = app.program("Olga First").await;
    let (status, problem) = program.post(&format!("/parts/{part}/check/confirm"), json!({ "version": 1 })).await;
    assert_eq!((status.as_u16(), problem["code"].as_str()), (422, Some("four_eyes")));
    app.finish().await;
}

async fn a_part_that_is_not_eligible_needs_reasons_and_a_text(app: TestApp) {
    let (field, part) = officers(&app).await;
    let here = format!("/staff/parts/{part}/check");
    let olga = app.as_("Olga First").await;
    let mut form = eligible("0");
    form[1].1 = "ineligible".into();

    let again = olga.post(&here, &pairs(&form)).await.expect(422);
    again.says("Choose at least one reason").says("Explain the reasons to the applicant");
    form.push(("reasons".into(), "label".into()));
    form.push(("note".into(), "The certificate expired in 2015.".into()));
    olga.post(&here, &pairs(&form)).await.goes_to(&here);
    let otto = app.as_("Otto Second").await;
    otto.post(&format!("{here}/confirm"), &[("version", "1")]).await.goes_to(&here);

    assert_eq!(app.part_state(part).await, PartState::Ineligible);
    let mail = app.mails().await.pop().unwrap();
    assert_eq!(mail.name, "M12");
    assert!(mail.text.contains("The applicant does not hold the label the agency demands."), "{}", mail.text);
    assert!(mail.text.contains("The certificate expired in 2015."), "{}", mail.text);
    let proposal = &field.proposals[0];
    let (path, cora) = (format!("/proposals/{}/parts/{part}", proposal.id), app.as_(&proposal.coordinator).await);
    cora.get(&path).await.expect(200).says("Read the reasons");
    let told = cora.get(&format!("{path}/eligibility")).await.expect(200);
    told.says("The certificate expired in 2015.").says("Reasons").does_not_say("Olga First");
    let (_, verdict) = app.program(&proposal.coordinator).await.get(&format!("/parts/{part}/eligibility")).await;
    assert_eq!((verdict["verdict"].as_str(), verdict["reasons"].as_array().unwrap().len()), (Some("ineligible"), 1));
    assert_eq!(verdict["note"], "The certificate expired in 2015.");
    for name in [field.proposals[1].coordinator.as_str(), "Strange Person"] {
        app.as_(name).await.get(&format!("{path}/eligibility")).await.expect(404);
    }
    // The other part of the proposal is not checked yet, so there is nothing to read.
    let other = format!("/proposals/{}/parts/{}/eligibility", proposal.id, proposal.parts[1]);
    cora.get(&other).await.expect(404);
    app.finish().await;
}

async fn a_returned_check_is_proposed_again(app: TestApp) {
    let (_, part) = officers(&app).await;
    let here = format!("/staff/parts/{part}/check");
    let (olga, otto) = (app.as_("Olga First").await, app.as_("Otto Second").await);
    olga.post(&here, &pairs(&eligible("0"))).await.goes_to(&here);

    otto.post(&format!("{here}/return"), &[("version", "1")]).await.expect(422).says("Say what your colleague");
    let note = [("version", "1"), ("returned_note", "Look at the budget again.")];
    otto.post(&format!("{here}/return"), &note).await.goes_to(&here);
    // The other tab still shows the version before.
    otto.post(&format!("{here}/confirm"), &[("version", "1")]).await.expect(422).says("was changed by Olga First");
    otto.post(&format!("{here}/confirm"), &[("version", "2")]).await.expect(422).says("no verdict waiting");
    olga.get(&here).await.expect(200).says("Look at the budget again.");
    olga.post(&here, &pairs(&eligible("2"))).await.goes_to(&here);
    otto.post(&format!("{here}/confirm"), &[("version", "3")]).await.goes_to(&here);

    assert_eq!(app.part_state(part).await, PartState::Eligible);
    app.finish().await;
}

async fn other_people_see_no_check(app: TestApp) {
    let (field, part) = officers(&app).await;
    app.grant("Lina Other", Role::AgencyOfficer, None, Some(field.agencies["lt-mita"].id)).await;
    let here = format!("/staff/parts/{part}/check");

    app.as_("Lina Other").await.get(&here).await.expect(404);
    app.as_("Nobody Known").await.get(&here).await.expect(404);
    app.as_("Cora 1").await.get(&here).await.expect(403);
    app.visitor().get(&here).await.expect(401);
    app.grant("Sara Secretary", Role::Secretariat, None, None).await;
    let sara = app.as_("Sara Secretary").await;
    sara.get(&here).await.expect(200).does_not_say("Propose the verdict");
    sara.post(&here, &pairs(&eligible("0"))).await.expect(403);
    app.part_to(part, PartState::Draft).await;
    app.as_("Olga First").await.get(&here).await.expect(404);
    app.finish().await;
}

async fn a_list_is_filtered_in_the_database(app: TestApp) {
    let (field, part) = officers(&app).await;
    let list = format!("/staff/calls/{}/eligibility", field.call);
    let olga = app.as_("Olga First").await;
    olga.post(&format!("/staff/parts/{part}/check"), &pairs(&eligible("0"))).await;

    let page = olga.get(&list).await.expect(200);
    page.says("IE-2017-001").says("IE-2017-002").does_not_say("Lithuania Cluster");
    let page = olga.get(&format!("{list}?stage=proposed")).await.expect(200);
    page.says("proposed by you").does_not_say("IE-2017-002");
    olga.get(&format!("{list}?q=cluster+2")).await.expect(200).says("IE-2017-002").does_not_say("IE-2017-001");
    let file = olga.get(&format!("{list}?stage=open&export=csv")).await.expect(200).html();
    assert!(file.contains("IE-2017-002") && !file.contains("IE-2017-001"), "{file}");
    app.as_("Cora 1").await.get(&list).await.expect(404);

    let program = app.program("Olga First").await;
    let (status, found) =
        program.call(Method::GET, &format!("/calls/{}/checks?stage=open", field.call), Value::Null).await;
    assert_eq!((status.as_u16(), found["total"].as_u64()), (200, Some(1)));
    app.finish().await;
}
