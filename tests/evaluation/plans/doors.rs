//! A plan from its settings to invitations, and who may do what with it.

use super::{computed, conflicted, form, list, made, named, pairs, plan, pressed, scene};
use crate::support::{TestApp, scenes::calls::OLAF};
use entity::types::states::Role;
use serde_json::json;

both!(
    two_drafts_are_computed_compared_and_one_is_deployed,
    settings_that_cannot_be_kept_are_explained,
    another_run_keeps_locks_and_changes_little,
    a_conflict_found_after_computing_is_left_out,
    unanswered_invitations_are_taken_back_in_one_act,
    two_officers_do_not_overwrite_each_other,
    only_the_officer_plans_and_only_staff_of_the_call_looks,
    a_conflicted_reader_sees_no_pair_of_the_proposal,
    computing_can_be_stopped,
    programs_plan_as_officers_do,
);

async fn two_drafts_are_computed_compared_and_one_is_deployed(app: TestApp) {
    let field = scene(&app).await;
    let olaf = app.as_(OLAF).await;
    olaf.get(&format!("/staff/calls/{}/evaluation", field.call)).await.expect(200).says("Plans");
    olaf.get(&list(&field)).await.expect(200).says("No plans yet").says("5 evaluators take part");
    let wrong = form("", &[("per_proposal", "none"), ("weight_text", "31")]);
    let again = olaf.post(&format!("{}/new", list(&field)), &wrong).await.expect(422);
    let again = again.says("Enter a whole number from 1 to 100").says("The weights make 101 % together");
    assert_eq!(again.input("per_proposal").as_deref(), Some("none"));

    let total = made(&app, &field, "Greatest total", &[]).await;
    let version = plan(&app, &total).await["version"].to_string();
    let press = [("action", "compute"), ("version", version.as_str()), ("key", "one press of it")];
    olaf.post(&total, &press).await.goes_to(&total);
    olaf.post(&total, &press).await.goes_to(&total);
    olaf.get(&total).await.expect(200).says("Being computed").says("Stop computing");
    let progress = olaf.get(&format!("{total}/progress")).await.expect(200).html();
    assert!(progress.contains("\"state\":\"queued\""), "{progress}");
    app.work().await;
    let shown = olaf.get(&total).await.expect(200).says("Ready").says("this is proven").says("Load of the evaluators");
    let shown = shown.says("Tenth percentile").says("Fields 30");
    assert!(shown.html().contains("The same numbers as a table"));
    let found = pairs(&app, &total).await;
    assert_eq!(found.len(), 6, "{found:?}");
    assert!(found.iter().all(|pair| pair["origin"] == "computed" && pair["affinity"].is_string()), "{found:?}");
    let one = found[0]["id"].as_str().unwrap();
    let why = olaf.get(&format!("{total}/pairs/{one}")).await.expect(200).says("Why they fit").says("Fields");
    why.says("Without this pair").says("The next best assignment loses");

    let fair = made(&app, &field, "Worst first", &[("objective", "fair"), ("most", "3"), ("least", "1")]).await;
    let found = computed(&app, &fair).await;
    assert_eq!((found["state"].as_str(), found["figures"]["loads"][0].as_u64()), (Some("ready"), Some(0)), "{found}");
    let twice = olaf.post(&format!("{}/new", list(&field)), &form("Worst first", &[])).await.expect(422);
    twice.says("There is a plan called “Worst first”");
    let id = |page: &str| page.rsplit('/').next().unwrap().to_owned();
    let compare = format!("{}/compare?plan={}&plan={}", list(&field), id(&total), id(&fair));
    let side = olaf.get(&compare).await.expect(200).says("Greatest total").says("Worst first").says("Load curve");
    side.says("Unmet wishes").says("Pairs not in all of these plans");
    olaf.get(&format!("{}/compare?plan={}", list(&field), id(&total))).await.goes_to(&list(&field));
    let csv = olaf.get(&format!("{total}?export=csv")).await.expect(200).html();
    assert!(csv.contains("Proposal,E-mail,Locked,Title,Name,Affinity") && csv.contains("IE-2017-001,"), "{csv}");

    let look = olaf.get(&format!("{total}/deploy")).await.expect(200).says("Send 6 invitations to");
    look.says("Set aside: Worst first").does_not_say("left out");
    let version = plan(&app, &total).await["version"].to_string();
    let press = [("version", version.as_str()), ("due", "2017-11-30T16:00"), ("key", "deploy it once")];
    olaf.post(&format!("{total}/deploy"), &press).await.goes_to(&total);
    olaf.post(&format!("{total}/deploy"), &press).await.goes_to(&total);
    let mails = app.inbox().await;
    assert_eq!(mails.iter().filter(|mail| mail.starts_with("M14 to")).count(), 6, "{mails:?}");
    olaf.get(&total).await.expect(200).says("Deployed").says("6 invitations came of this plan");
    olaf.get(&fair).await.expect(200).says("Superseded").does_not_say("Change the settings");
    olaf.post(&format!("{fair}/deploy"), &[("version", "9")]).await.expect(422).says("was changed by");
    let again = plan(&app, &total).await["version"].to_string();
    olaf.post(&format!("{total}/deploy"), &[("version", &again)]).await.expect(422).says("Nobody of this plan");
    let trail = app.audit_trail().await;
    assert_eq!(trail.iter().filter(|line| line.contains("deployed the plan “Greatest total”")).count(), 1);
    assert_eq!(trail.iter().filter(|line| line.contains("invited ")).count(), 6, "{trail:?}");
    app.finish().await;
}

async fn settings_that_cannot_be_kept_are_explained(app: TestApp) {
    let field = scene(&app).await;
    let page = made(&app, &field, "Too much", &[("per_proposal", "4"), ("most", "2")]).await;
    let found = computed(&app, &page).await;
    assert_eq!(found["state"], "failed", "{found}");
    let olaf = app.as_(OLAF).await;
    let shown = olaf.get(&page).await.expect(200).says("These settings cannot be kept").says("2 places are missing");
    shown.says("Eva Expert").says("Raise the greatest load");

    let version = plan(&app, &page).await["version"].to_string();
    let mut form = form("Enough", &[("per_proposal", "4"), ("most", "3")]);
    form.push(("version", &version));
    olaf.post(&format!("{page}/settings"), &form).await.goes_to(&page);
    assert_eq!(computed(&app, &page).await["state"], "ready");
    olaf.get(&page).await.says("Enough").does_not_say("cannot be kept");

    // Five people of one house cannot be kept apart.
    let house = made(&app, &field, "Outside", &[("outside", "yes"), ("expertise", "yes"), ("language", "yes")]).await;
    let found = computed(&app, &house).await;
    assert!(["ready", "failed"].contains(&found["state"].as_str().unwrap()), "{found}");
    app.finish().await;
}

async fn another_run_keeps_locks_and_changes_little(app: TestApp) {
    let field = scene(&app).await;
    let page = made(&app, &field, "First", &[]).await;
    computed(&app, &page).await;
    let before = pairs(&app, &page).await;
    let taken = |pairs: &[serde_json::Value], code: &str| -> Vec<String> {
        pairs.iter().filter(|p| p["code"] == code).map(|p| p["name"].as_str().unwrap().to_owned()).collect()
    };
    let there = taken(&before, "IE-2017-001");
    let other = super::POOL.iter().map(|(name, _)| *name).find(|name| !there.contains(&(*name).to_owned())).unwrap();

    // Somebody is put in by hand in the place of another, who is taken out.
    let gone = before.iter().find(|pair| pair["code"] == "IE-2017-001").unwrap();
    let remove = format!("remove {}", gone["id"].as_str().unwrap());
    pressed(&app, &page, &[("action", &remove)]).await.goes_to(&page);
    let evaluator = app.evaluator(other, "", "").await.to_string();
    let proposal = field.proposals[0].id.to_string();
    let add = [("action", "add"), ("proposal", proposal.as_str()), ("evaluator", evaluator.as_str())];
    pressed(&app, &page, &add).await.goes_to(&page);
    let olaf = app.as_(OLAF).await;
    olaf.get(&page).await.says("1 pair has no affinity yet").does_not_say("this is proven");
    app.work().await;
    olaf.get(&page).await.does_not_say("no affinity yet");
    pressed(&app, &page, &add).await.expect(422).says("is on IE-2017-001 in this plan already");

    let found = computed(&app, &page).await;
    let after = pairs(&app, &page).await;
    assert!(taken(&after, "IE-2017-001").contains(&other.to_owned()), "{after:?}");
    let (old, new) = (named(&before), named(&after));
    let changed = new.iter().filter(|pair| !old.contains(pair)).count();
    assert!(changed <= 3, "{old:?} {new:?}");
    assert!(found["came"].as_u64().unwrap() <= 2, "{found}");
    let locked = after.iter().find(|pair| pair["name"] == other && pair["code"] == "IE-2017-001").unwrap();
    assert_eq!((&locked["locked"], &locked["origin"]), (&json!(true), &json!("by_hand")), "{locked}");
    let unlock = format!("unlock {}", locked["id"].as_str().unwrap());
    pressed(&app, &page, &[("action", &unlock)]).await.goes_to(&page);
    assert_eq!(pairs(&app, &page).await.iter().filter(|pair| pair["locked"] == true).count(), 0);

    // A copy has everything, under another name.
    pressed(&app, &page, &[("action", "copy"), ("copy_name", "")]).await.expect(422).says("Fill this in");
    let copy = pressed(&app, &page, &[("action", "copy"), ("copy_name", "Second")]).await.location.unwrap();
    assert_eq!(named(&pairs(&app, &copy).await), named(&pairs(&app, &page).await));
    assert_eq!(plan(&app, &copy).await["state"], "ready");
    app.finish().await;
}

async fn a_conflict_found_after_computing_is_left_out(app: TestApp) {
    let field = scene(&app).await;
    let page = made(&app, &field, "First", &[]).await;
    computed(&app, &page).await;
    let first = pairs(&app, &page).await.into_iter().find(|pair| pair["code"] == "IE-2017-001").unwrap();
    let name = first["name"].as_str().unwrap().to_owned();
    conflicted(&app, &name, &field, 0).await;
    let olaf = app.as_(OLAF).await;

    let look = olaf.get(&format!("{page}/deploy")).await.expect(200).says("1 pair is left out");
    look.says(&format!("IE-2017-001: {name} conflict of interest (Family)")).says("Send 5 invitations");
    let version = plan(&app, &page).await["version"].to_string();
    olaf.post(&format!("{page}/deploy"), &[("version", &version)]).await.goes_to(&page);
    let shown = olaf.get(&page).await.says("5 invitations came of this plan").says("1 pair was left out");
    shown.says("Left out: conflict of interest (Family)");
    let evaluator = app.evaluator(&name, "", "").await.to_string();
    let proposal = field.proposals[0].id.to_string();
    let another = made(&app, &field, "Second", &[]).await;
    let add = [("action", "add"), ("proposal", proposal.as_str()), ("evaluator", evaluator.as_str())];
    pressed(&app, &another, &add).await.expect(422).says("cannot be asked: conflict of interest");
    // Tasks that stand are pairs of every new plan, and the gap is filled with somebody else.
    let found = computed(&app, &another).await;
    assert_eq!(found["state"], "ready", "{found}");
    let after = pairs(&app, &another).await;
    assert_eq!(after.iter().filter(|pair| pair["origin"] == "task" && pair["locked"] == true).count(), 5, "{after:?}");
    assert_eq!(after.len(), 6);
    let stands = after.iter().find(|pair| pair["origin"] == "task").unwrap()["id"].as_str().unwrap().to_owned();
    pressed(&app, &another, &[("action", &format!("remove {stands}"))]).await.expect(422).says("was given already");
    app.finish().await;
}

async fn unanswered_invitations_are_taken_back_in_one_act(app: TestApp) {
    let field = scene(&app).await;
    let page = made(&app, &field, "First", &[]).await;
    computed(&app, &page).await;
    let olaf = app.as_(OLAF).await;
    let version = plan(&app, &page).await["version"].to_string();
    olaf.post(&format!("{page}/deploy"), &[("version", &version)]).await.goes_to(&page);
    let version = plan(&app, &page).await["version"].to_string();
    let back = format!("{page}/take-back");
    let form = [("version", version.as_str()), ("reason", "The dates have changed"), ("key", "taken back once")];
    olaf.post(&back, &form).await.goes_to(&page);
    olaf.post(&back, &form).await.goes_to(&page);
    olaf.get(&page).await.says("Ready").does_not_say("came of this plan");
    assert_eq!(app.inbox().await.iter().filter(|mail| mail.starts_with("M15b to")).count(), 6);

    // The plan can be deployed again, and asks everybody anew.
    let version = plan(&app, &page).await["version"].to_string();
    olaf.post(&format!("{page}/deploy"), &[("version", &version)]).await.goes_to(&page);
    olaf.get(&page).await.says("6 invitations came of this plan");
    app.finish().await;
}

async fn two_officers_do_not_overwrite_each_other(app: TestApp) {
    let field = scene(&app).await;
    app.grant("Oda Officer", Role::Secretariat, None, None).await;
    let page = made(&app, &field, "First", &[]).await;
    computed(&app, &page).await;
    let seen = plan(&app, &page).await["version"].to_string();
    let one = pairs(&app, &page).await[0]["id"].as_str().unwrap().to_owned();
    let oda = app.as_("Oda Officer").await;
    let lock = format!("lock {one}");
    oda.post(&page, &[("version", &seen), ("action", &lock)]).await.goes_to(&page);

    let olaf = app.as_(OLAF).await;
    let remove = format!("remove {one}");
    olaf.post(&page, &[("version", &seen), ("action", &remove)]).await.expect(422).says("was changed by");
    let mut form = form("Mine", &[]);
    form.push(("version", &seen));
    olaf.post(&format!("{page}/settings"), &form).await.expect(422).says("was changed by");
    olaf.post(&format!("{page}/deploy"), &[("version", &seen)]).await.expect(422).says("was changed by");
    assert_eq!(pairs(&app, &page).await.len(), 6);
    assert_eq!(app.inbox().await, Vec::<String>::new());
    app.finish().await;
}

async fn only_the_officer_plans_and_only_staff_of_the_call_looks(app: TestApp) {
    let field = scene(&app).await;
    app.grant("Mona Chair", Role::PanelChair, Some(field.call), None).await;
    app.grant("Otto Auditor", Role::Auditor, None, None).await;
    let page = made(&app, &field, "First", &[]).await;
    computed(&app, &page).await;
    let list = list(&field);
    for name in ["Mona Chair", "Otto Auditor"] {
        let person = app.as_(name).await;
        person.get(&list).await.expect(200).says("First").does_not_say("New plan");
        let shown = person.get(&page).await.expect(200).says("IE-2017-001");
        shown.does_not_say("Compute again").does_not_say("Add a pair");
        person.get(&format!("{page}/deploy")).await.expect(403);
        person.get(&format!("{page}/settings")).await.expect(403);
        person.get(&format!("{page}/import")).await.expect(403);
        person.post(&format!("{list}/new"), &form("Mine", &[])).await.expect(403);
        person.post(&page, &[("action", "compute"), ("version", "3")]).await.expect(403);
        person.post(&format!("{page}/deploy"), &[("version", "3")]).await.expect(403);
    }
    // Mette is an officer of an agency: who evaluates is no matter of hers.
    app.as_("Mette Holm").await.get(&page).await.expect(403);
    app.as_("Mette Holm").await.post(&format!("{page}/deploy"), &[("version", "3")]).await.expect(403);
    for name in ["Eva Expert", "Cora 1", "Somebody Else"] {
        let person = app.as_(name).await;
        for path in [list.clone(), page.clone(), format!("{page}/deploy"), format!("{page}/progress")] {
            person.get(&path).await.expect(404);
        }
        person.post(&format!("{page}/deploy"), &[("version", "3")]).await.expect(404);
    }
    app.visitor().get(&page).await.expect(401);
    app.finish().await;
}

async fn a_conflicted_reader_sees_no_pair_of_the_proposal(app: TestApp) {
    let field = scene(&app).await;
    app.grant("Oda Officer", Role::Secretariat, None, None).await;
    app.evaluator("Oda Officer", "Institute of Oda", "").await;
    conflicted(&app, "Oda Officer", &field, 0).await;
    let page = made(&app, &field, "First", &[]).await;
    computed(&app, &page).await;
    let hidden = pairs(&app, &page).await.into_iter().find(|pair| pair["code"] == "IE-2017-001").unwrap();

    let oda = app.as_("Oda Officer").await;
    for path in [page.clone(), format!("{page}?export=csv"), format!("{page}/deploy"), list(&field)] {
        let html = oda.get(&path).await.expect(200).html();
        assert!(!html.contains("IE-2017-001"), "{path}");
    }
    oda.get(&page).await.says("IE-2017-002");
    oda.get(&format!("{page}/pairs/{}", hidden["id"].as_str().unwrap())).await.expect(404);
    let version = plan(&app, &page).await["version"].to_string();
    let lock = format!("lock {}", hidden["id"].as_str().unwrap());
    oda.post(&page, &[("version", &version), ("action", &lock)]).await.expect(404);
    // She invites nobody for it; a colleague does.
    oda.get(&format!("{page}/deploy")).await.says("Send 4 invitations");
    oda.post(&format!("{page}/deploy"), &[("version", &version)]).await.goes_to(&page);
    assert_eq!(app.inbox().await.iter().filter(|mail| mail.contains("IE-2017-001")).count(), 0);
    let olaf = app.as_(OLAF).await;
    olaf.get(&page).await.says("Invite those left out");
    let version = plan(&app, &page).await["version"].to_string();
    olaf.post(&format!("{page}/deploy"), &[("version", &version)]).await.goes_to(&page);
    assert_eq!(app.inbox().await.iter().filter(|mail| mail.contains("IE-2017-001")).count(), 2);
    app.finish().await;
}

async fn computing_can_be_stopped(app: TestApp) {
    let field = scene(&app).await;
    let page = made(&app, &field, "First", &[]).await;
    pressed(&app, &page, &[("action", "compute")]).await.goes_to(&page);
    pressed(&app, &page, &[("action", "compute")]).await.expect(422).says("“Being computed”");
    pressed(&app, &page, &[("action", "cancel")]).await.goes_to(&page);
    app.work().await;
    let found = plan(&app, &page).await;
    assert_eq!(found["state"], "drafted", "{found}");
    assert_eq!(pairs(&app, &page).await.len(), 0);
    app.finish().await;
}

async fn programs_plan_as_officers_do(app: TestApp) {
    let field = scene(&app).await;
    let olaf = app.program(OLAF).await;
    let settings = json!({
        "per_proposal": "2", "least": "0", "most": "2", "objective": "total", "language": true, "apart": true,
        "bonus": "2", "weights": ["30", "10", "30", "10", "5", "15"], "home": "indifferent"
    });
    let list = format!("/calls/{}/plans", field.call);
    let (status, made) = olaf.post(&list, json!({ "name": "By program", "settings": settings })).await;
    assert_eq!(status.as_u16(), 200, "{made}");
    let here = format!("{list}/{}", made["id"].as_str().unwrap());
    let (status, told) = olaf.post(&format!("{here}/compute"), json!({ "version": 1 })).await;
    assert_eq!(status.as_u16(), 200, "{told}");
    app.work().await;
    let (_, found) = olaf.get(&here).await;
    assert_eq!((&found["state"], &found["gap"]), (&json!("ready"), &json!("0.0")), "{found}");
    let (_, all) = olaf.get(&format!("{here}/pairs")).await;
    assert_eq!(all["total"], 6, "{all}");
    let (status, why) = olaf.get(&format!("{here}/pairs/{}", all["items"][0]["id"].as_str().unwrap())).await;
    assert_eq!((status.as_u16(), why["terms"].as_array().unwrap().len()), (200, 6), "{why}");
    let (status, look) = olaf.get(&format!("{here}/deployment")).await;
    assert_eq!((status.as_u16(), &look["invitations"]), (200, &json!(6)), "{look}");
    let (status, done) = olaf.post(&format!("{here}/deploy"), json!({ "version": look["version"] })).await;
    assert_eq!((status.as_u16(), &done["invited"]), (200, &json!(6)), "{done}");
    let (status, _) = app.program("Eva Expert").await.get(&list).await;
    assert_eq!(status.as_u16(), 404);
    app.finish().await;
}
