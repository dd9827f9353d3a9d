//! Interests, the check, and an officer's word, through the doors.

use crate::support::{
    TestApp,
    people::Program,
    scenes::{
        calls::{OLAF, file_2017},
        evaluation::Field,
    },
};
use chrono::{Months, TimeDelta};
use entity::{
    clusters::cluster_membership,
    proposals::{part, team_member},
    types::{
        ids::{FindingId, OrganisationId, PartId, ProposalId},
        states::{CallState, OrganisationKind, PartState, Role, TeamRole},
    },
};
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde_json::{Value, json};
use std::collections::BTreeSet;

both!(
    planted_conflicts_are_found_from_rows,
    an_open_finding_keeps_somebody_from_being_asked_until_it_is_decided,
    a_confirmed_finding_hides_the_proposal,
    looking_again_keeps_decisions_and_other_data_make_another_finding,
    many_findings_are_decided_with_one_reason,
    a_call_that_closes_is_looked_through,
    interests_are_stated_signed_and_renewed,
    the_wrong_person_learns_nothing,
    who_applies_keeps_the_own_proposal,
);

async fn field(app: &TestApp) -> Field {
    let field = app.field(CallState::Evaluating, 2).await;
    app.all_parts(&field, PartState::Eligible).await;
    field
}

/// Compares everybody now, by the button.
async fn screened(app: &TestApp, field: &Field) {
    let path = format!("/staff/calls/{}/conflicts/screen", field.call);
    let job = app.as_(OLAF).await.post(&path, &[]).await.expect(303).location.unwrap();
    assert!(job.starts_with("/jobs/"), "{job}");
    app.work().await;
    app.as_(OLAF).await.get(&job).await.expect(200);
}

/// The findings about somebody, as programs see them.
async fn findings(program: &Program<'_>, field: &Field, name: &str) -> Vec<Value> {
    let (status, found) = program.get(&format!("/calls/{}/conflicts", field.call)).await;
    assert_eq!(status.as_u16(), 200, "{found}");
    let items = found["items"].as_array().unwrap().iter();
    items.filter(|one| one["person"] == name).cloned().collect()
}

async fn home(app: &TestApp, part: PartId) -> OrganisationId {
    let row = part::Entity::find_by_id(part).one(app.app.database().maintenance()).await.unwrap().unwrap();
    row.organisation_id
}

async fn states(app: &TestApp, name: &str, kind: &str, what: &str) {
    let form = [("kind", kind), ("name", what)];
    app.as_(name).await.post("/interests", &form).await.goes_to("/interests");
}

async fn planted_conflicts_are_found_from_rows(app: TestApp) {
    let mut old = file_2017();
    old.code = "IE-2016-OLD".to_owned();
    let past = app.field_of(old, CallState::Decided, 1).await;
    let field = field(&app).await;
    let db = app.app.database().maintenance();
    let danish = home(&app, field.proposals[0].parts[0]).await;
    app.grant("Ada Admin", Role::Administrator, None, None).await;

    // The employer under another name, in the profile; a second mail address, stated.
    app.evaluator("Ella Employer", "DENMARK CLUSTER 1 A/S", "export").await;
    app.evaluator("Sven Second", "Second Advisory", "export").await;
    states(&app, "Sven Second", "email", "sven@denmark-cluster-1.example").await;
    // An owner, stated by the organisation; the evaluator works for the owner.
    app.evaluator("Sam Subsidiary", "Harbour Capital", "export").await;
    let owners = format!("/organisations/{danish}/owners");
    let form = [("name", "Harbour Capital"), ("share", "60"), ("key", "state once")];
    app.as_("Ada Admin").await.post(&owners, &form).await.goes_to(&owners);
    // A seat on the board of a network the partner belongs to.
    app.evaluator("Bea Board", "Elsewhere Institute", "export").await;
    states(&app, "Bea Board", "board", "Baltic Wind Network").await;
    let network = app.organisation(OrganisationKind::Cluster, "Baltic Wind Network", "SE".parse().unwrap()).await;
    let fresh = || fairway::kernel::tx::new_uuid(app.app.now(), app.app.chance());
    let row = cluster_membership::ActiveModel {
        id: Set(fresh().into()),
        cluster_id: Set(network),
        member_id: Set(danish),
        since: Set(app.app.now().date_naive()),
        until: Set(None),
        created_at: Set(app.app.now()),
    };
    cluster_membership::Entity::insert(row).exec_without_returning(db).await.unwrap();
    // Somebody of an earlier proposal of the same partner.
    app.evaluator("Pia Past", "Past Institute", "export").await;
    let row = team_member::ActiveModel {
        id: Set(fresh().into()),
        proposal_id: Set(past.proposals[0].id),
        account_id: Set(app.account("Pia Past").await),
        part_id: Set(Some(past.proposals[0].parts[0])),
        role: Set(TeamRole::Editor),
        added_by: Set(None),
        added_at: Set(app.app.now()),
        left_at: Set(None),
    };
    team_member::Entity::insert(row).exec_without_returning(db).await.unwrap();
    // A company of a part, stated as somebody's share; and somebody who has nothing to do with it.
    app.evaluator("Carla Company", "Company Institute", "export").await;
    states(&app, "Carla Company", "share", "LT Company 1-2 UAB").await;
    app.evaluator("Nina Neutral", "Institute", "export").await;

    screened(&app, &field).await;

    let olaf = app.program(OLAF).await;
    for (name, kind, strength) in [
        ("Ella Employer", "employer", "barring"),
        ("Sven Second", "mail_domain", "barring"),
        ("Sam Subsidiary", "ownership", "barring"),
        ("Bea Board", "cluster_board", "likely"),
        ("Pia Past", "past_proposal", "likely"),
        ("Carla Company", "seat", "barring"),
    ] {
        let found = findings(&olaf, &field, name).await;
        let first = &field.proposals[0].code;
        let shows = |one: &&Value| one["kind"] == kind && one["code"] == first.as_str();
        let finding = found.iter().find(shows).unwrap_or_else(|| panic!("{name}: {kind} in {found:?}"));
        assert!(["likely", "barring"].contains(&finding["strength"].as_str().unwrap()), "{finding}");
        assert!(kind == "past_proposal" || finding["strength"] == strength, "{name}: {finding}");
    }
    assert_eq!(findings(&olaf, &field, "Nina Neutral").await, Vec::<Value>::new());
    let sam = findings(&olaf, &field, "Sam Subsidiary").await;
    assert_eq!(sam[0]["path"], json!(["Harbour Capital", "Denmark Cluster 1"]), "{sam:?}");
    let page = app.as_(OLAF).await.get(&format!("/staff/calls/{}/conflicts", field.call)).await.expect(200);
    let page = page.says("Ella Employer").says("works for Denmark Cluster 1 (“DENMARK CLUSTER 1 A/S”)");
    page.says("linked with Denmark Cluster 1 by ownership").says("in the earlier proposal IE-2016-OLD-001");
    let csv = format!("/staff/calls/{}/conflicts?strength=barring&export=csv", field.call);
    let csv = app.as_(OLAF).await.get(&csv).await.expect(200).html();
    assert!(csv.contains("Ella Employer") && !csv.contains("Bea Board"), "{csv}");
    app.finish().await;
}

/// Somebody with a barring finding against the first proposal.
async fn suspected(app: &TestApp, field: &Field) -> (ProposalId, FindingId) {
    app.evaluator("Ella Expert", "Institute of Boards", "export").await;
    states(app, "Ella Expert", "board", "DK Company 1-1").await;
    screened(app, field).await;
    let found = findings(&app.program(OLAF).await, field, "Ella Expert").await;
    assert_eq!(found.iter().filter(|one| one["kind"] == "seat").count(), 1, "{found:?}");
    let seat = found.iter().find(|one| one["kind"] == "seat").unwrap();
    (field.proposals[0].id, seat["id"].as_str().unwrap().parse().unwrap())
}

async fn an_open_finding_keeps_somebody_from_being_asked_until_it_is_decided(app: TestApp) {
    let field = field(&app).await;
    let (proposal, finding) = suspected(&app, &field).await;
    let ella = app.evaluator("Ella Expert", "", "").await;
    let (olaf, page) = (app.as_(OLAF).await, format!("/staff/proposals/{proposal}/evaluators"));

    olaf.get(&page).await.expect(200).says("has a seat, a membership or a share in DK Company 1-1");
    let refused = olaf.post(&page, &[("evaluators", &ella.to_string())]).await.expect(422);
    refused.says("decide whether it is a conflict of interest first");
    let (_, sheet) = app.program(OLAF).await.get(&format!("/proposals/{proposal}/evaluators")).await;
    assert_eq!(sheet["candidates"][0]["finding"], finding.to_string(), "{sheet}");

    let path = format!("/staff/proposals/{proposal}/findings/{finding}");
    let shown = olaf.get(&path).await.expect(200);
    let version = shown.input("version").unwrap();
    shown.says("Who takes part in IE-2017-001 Denmark Cluster 1").says("No list of interests was signed");
    let version = version.as_str();
    olaf.post(&path, &[("decision", "dismiss"), ("version", version)]).await.expect(422).says("Fill this in");
    let form = [("decision", "dismiss"), ("version", version), ("reason", "Left in 2012"), ("key", "dismiss once")];
    olaf.post(&path, &form).await.goes_to(&path);
    olaf.post(&path, &form).await.goes_to(&path);
    // From another tab, where it was still open.
    let late = [("decision", "confirm"), ("version", version), ("reason", "On the board")];
    olaf.post(&path, &late).await.expect(422).says("was changed by");
    olaf.get(&path).await.expect(200).says("No conflict").says("by Olaf Berg: Left in 2012");

    olaf.post(&page, &[("evaluators", &ella.to_string())]).await.goes_to(&page);
    assert_eq!(app.inbox().await.last().unwrap(), "M14 to ella.expert@example.org: Please evaluate IE-2017-001");
    app.finish().await;
}

async fn a_confirmed_finding_hides_the_proposal(app: TestApp) {
    let field = field(&app).await;
    let task = app.assigned(field.proposals[0].id, "Ella Expert").await;
    let (proposal, finding) = suspected(&app, &field).await;
    let alarms = app.inbox().await.into_iter().filter(|mail| mail.starts_with("M15f")).collect::<Vec<_>>();
    assert_eq!(alarms, ["M15f to olaf.berg@example.org: Possible conflicts of interest: IE-2017"]);
    let (olaf, ella) = (app.program(OLAF).await, app.as_("Ella Expert").await);
    ella.get(&format!("/assignments/{task}/sheet")).await.expect(200);

    let path = format!("/proposals/{proposal}/findings/{finding}");
    let body = json!({ "conflict": true, "reason": "Chairs the board", "version": 1 });
    assert_eq!(olaf.put(&path, body.clone()).await.0.as_u16(), 200);
    let (status, again) = olaf.put(&path, body).await;
    assert_eq!((status.as_u16(), again["code"].as_str()), (409, Some("stale")), "{again}");

    ella.get(&format!("/assignments/{task}/sheet")).await.expect(403).does_not_say("IE-2017-001");
    ella.get("/assignments").await.expect(200).does_not_say("IE-2017-001");
    let mail = app.mails().await.pop().unwrap();
    assert_eq!((mail.name.as_str(), mail.address.as_str()), ("M15e", "ella.expert@example.org"));
    assert!(!mail.text.contains("IE-2017-001"), "{}", mail.text);
    let (_, one) = olaf.get(&path).await;
    assert_eq!((one["state"].as_str(), one["reason"].as_str()), (Some("confirmed"), Some("Chairs the board")));

    // Taken back, the person can be asked again.
    let version = one["version"].as_i64().unwrap();
    let body = json!({ "conflict": false, "reason": "Another Ella", "version": version });
    assert_eq!(olaf.put(&path, body).await.0.as_u16(), 200);
    ella.get(&format!("/assignments/{task}/sheet")).await.expect(404);
    let (_, sheet) = olaf.get(&format!("/proposals/{proposal}/evaluators")).await;
    assert_eq!(
        (&sheet["candidates"][0]["conflict"], &sheet["candidates"][0]["obstacle"]),
        (&Value::Null, &Value::Null)
    );
    app.finish().await;
}

async fn looking_again_keeps_decisions_and_other_data_make_another_finding(app: TestApp) {
    let field = field(&app).await;
    let (proposal, finding) = suspected(&app, &field).await;
    let olaf = app.program(OLAF).await;
    let path = format!("/proposals/{proposal}/findings/{finding}");
    let body = json!({ "conflict": false, "reason": "Left in 2012", "version": 1 });
    assert_eq!(olaf.put(&path, body).await.0.as_u16(), 200);
    let before = findings(&olaf, &field, "Ella Expert").await;

    screened(&app, &field).await;
    assert_eq!(findings(&olaf, &field, "Ella Expert").await, before);

    states(&app, "Ella Expert", "board", "Company 1-1 DK").await;
    app.work().await;
    let after = findings(&olaf, &field, "Ella Expert").await;
    let open: Vec<&Value> = after.iter().filter(|one| one["state"] == "open" && one["kind"] == "seat").collect();
    assert_eq!(open.len(), 1, "{after:?}");
    assert_eq!(open[0]["own"], "Company 1-1 DK");
    let (_, own) = app.program("Ella Expert").await.get("/me/interests").await;
    let id = own["items"].as_array().unwrap().iter().find(|one| one["name"] == "Company 1-1 DK").unwrap();
    let id = id["id"].as_str().unwrap();
    app.as_("Ella Expert").await.post(&format!("/interests/{id}/withdraw"), &[]).await.goes_to("/interests");
    app.work().await;
    let gone = findings(&olaf, &field, "Ella Expert").await;
    let states: BTreeSet<&str> =
        gone.iter().filter(|one| one["kind"] == "seat").map(|one| one["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["dismissed", "gone"].into());
    app.finish().await;
}

async fn many_findings_are_decided_with_one_reason(app: TestApp) {
    let field = field(&app).await;
    app.evaluator("Ella Expert", "Institute of Boards", "export").await;
    states(&app, "Ella Expert", "board", "DK Company 1-1").await;
    states(&app, "Ella Expert", "board", "DK Company 2-1").await;
    screened(&app, &field).await;
    let (olaf, list) = (app.as_(OLAF).await, format!("/staff/calls/{}/conflicts", field.call));

    let bulk = format!("{list}/bulk");
    olaf.post(&bulk, &[("action", "dismiss"), ("back", list.as_str()), ("all_matches", "yes")]).await.goes_to(&list);
    olaf.get("/overview").await.says("Say why");
    let form = [
        ("action", "confirm"),
        ("back", list.as_str()),
        ("all_matches", "yes"),
        ("matching", "strength=barring&state=open"),
        ("reason", "Sits on both boards"),
    ];
    let job = olaf.post(&bulk, &form).await.expect(303).location.unwrap();
    app.work().await;
    olaf.get(&job).await.expect(200);
    olaf.get(&format!("{list}?state=confirmed")).await.expect(200).says("Sits on both boards (Olaf Berg)");
    let found = findings(&app.program(OLAF).await, &field, "Ella Expert").await;
    assert!(found.iter().all(|one| one["state"] == "confirmed"), "{found:?}");
    app.finish().await;
}

async fn a_call_that_closes_is_looked_through(app: TestApp) {
    let scene = app.open_call_2017().await;
    app.close_call(&scene).await;
    let trail = app.audit_trail().await;
    let looked = trail.iter().filter(|line| line.ends_with("checked for conflicts of interest")).count();
    assert!(looked >= 1, "{trail:?}");
    let page = format!("/staff/calls/{}/conflicts", scene.call);
    app.as_(OLAF).await.get(&page).await.expect(200).says("was last compared with every proposal on");
    app.finish().await;
}

async fn interests_are_stated_signed_and_renewed(app: TestApp) {
    app.evaluator("Ella Expert", "Institute of Boards", "export").await;
    let ella = app.as_("Ella Expert").await;
    ella.get("/interests").await.expect(200).says("Not signed yet").says("The list is empty");

    let again = ella.post("/interests", &[("kind", "email"), ("name", "no address")]).await.expect(422);
    assert_eq!(again.input("name").as_deref(), Some("no address"));
    ella.post("/interests", &[("name", "x"), ("until", "soon")]).await.expect(422).says("Enter a day");
    let form = [("kind", "share"), ("name", "Nordwind"), ("country", "DK"), ("detail", "12 %"), ("key", "add once")];
    ella.post("/interests", &form).await.goes_to("/interests");
    ella.post("/interests", &form).await.goes_to("/interests");
    let shown = ella.get("/interests").await.expect(200);
    assert_eq!(shown.text().matches("Nordwind").count(), 2, "the row and its button: {}", shown.text());

    let sign = "/interests/sign";
    ella.post(sign, &[("signed_name", "Ella Expert")]).await.expect(422).says("Confirm that the list is complete");
    ella.post(sign, &[("declared", "yes"), ("signed_name", "E.")]).await.expect(422).says("Sign with your name");
    ella.post(sign, &[("declared", "yes"), ("signed_name", "ella expert")]).await.goes_to("/interests");
    ella.get("/interests").await.expect(200).says("Signed").says("1 September 2018");
    let program = app.program("Ella Expert").await;
    let (_, stated) = program.get("/me/interests").await;
    assert_eq!((stated["in_force"].as_bool(), stated["total"].as_u64()), (Some(true), Some(1)), "{stated}");
    assert_eq!(program.post("/me/interests", json!({ "kind": "person", "name": "Ole Berg" })).await.0.as_u16(), 200);
    ella.get("/interests").await.expect(200).says("Changed since it was signed");
    let body = json!({ "declared": true, "signed_name": "Ella Expert" });
    assert_eq!(program.post("/me/interests/sign", body).await.0.as_u16(), 200);

    app.jump(app.app.now() + TimeDelta::days(336));
    app.work().await;
    let reminders: Vec<String> = app.inbox().await.into_iter().filter(|mail| mail.starts_with("M15d")).collect();
    assert_eq!(reminders, ["M15d to ella.expert@example.org: Please sign your list of interests again"]);
    app.jump(app.app.now().checked_add_months(Months::new(2)).unwrap());
    app.as_("Ella Expert").await.get("/interests").await.expect(200).says("Its year is over");
    app.finish().await;
}

async fn the_wrong_person_learns_nothing(app: TestApp) {
    let field = field(&app).await;
    let (proposal, finding) = suspected(&app, &field).await;
    let path = format!("/staff/proposals/{proposal}/findings/{finding}");
    let list = format!("/staff/calls/{}/conflicts", field.call);
    app.grant("Mona Chair", Role::PanelChair, Some(field.call), None).await;
    app.grant("Otto Auditor", Role::Auditor, None, None).await;

    for (name, status) in [("Stan Stranger", 404), ("Ella Expert", 404), ("Mona Chair", 403), ("Mette Holm", 403)] {
        let browser = app.as_(name).await;
        for address in [&path, &list] {
            let page = browser.get(address).await;
            assert_eq!(page.status.as_u16(), status, "{name} {address}");
        }
        let form = [("decision", "dismiss"), ("version", "1"), ("reason", "x")];
        assert_eq!(browser.post(&path, &form).await.status.as_u16(), status, "{name}");
        assert_eq!(browser.post(&format!("{list}/screen"), &[]).await.status.as_u16(), status, "{name}");
    }
    app.visitor().get(&list).await.expect(401);
    app.as_("Stan Stranger").await.get("/interests").await.expect(404);
    let auditor = app.as_("Otto Auditor").await;
    auditor.get(&path).await.expect(200).does_not_say("Confirm: conflict");
    auditor.post(&path, &[("decision", "dismiss"), ("reason", "x")]).await.expect(403);
    // Nobody decides about themselves.
    states(&app, OLAF, "board", "DK Company 1-1").await;
    app.work().await;
    screened(&app, &field).await;
    let own = findings(&app.program(OLAF).await, &field, OLAF).await;
    let id = own[0]["id"].as_str().unwrap();
    let path = format!("/staff/proposals/{}/findings/{id}", own[0]["proposal"].as_str().unwrap());
    let olaf = app.as_(OLAF).await;
    olaf.get(&path).await.expect(200).says("This is about you");
    olaf.post(&path, &[("decision", "dismiss"), ("version", "1"), ("reason", "x")]).await.expect(403);
    app.finish().await;
}

async fn who_applies_keeps_the_own_proposal(app: TestApp) {
    let field = field(&app).await;
    app.evaluator("Cora 1", "Elsewhere", "export").await;
    app.grant("Cora 1", Role::Secretariat, None, None).await;
    screened(&app, &field).await;
    let found = findings(&app.program(OLAF).await, &field, "Cora 1").await;
    let own = found.iter().find(|one| one["kind"] == "same_person" && one["strength"] == "barring").unwrap();
    let path = format!("/proposals/{}/findings/{}", field.proposals[0].id, own["id"].as_str().unwrap());
    let body = json!({ "conflict": true, "reason": "Coordinates it", "version": 1 });
    assert_eq!(app.program(OLAF).await.put(&path, body).await.0.as_u16(), 200);

    let cora = app.as_("Cora 1").await;
    cora.get(&format!("/proposals/{}", field.proposals[0].id)).await.expect(200).says("Project number 1");
    cora.get(&format!("/staff/proposals/{}", field.proposals[0].id)).await.expect(404);
    cora.get(&format!("/staff/proposals/{}/evaluators", field.proposals[0].id)).await.expect(403);
    let list = format!("/staff/calls/{}/proposals", field.call);
    cora.get(&list).await.expect(200).does_not_say("IE-2017-001").says("IE-2017-002");
    app.finish().await;
}
