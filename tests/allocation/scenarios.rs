//! Scenarios are made, computed, compared and kept up to date.

use super::{funded, list, made, read, rows, trap};
use crate::support::{TestApp, scenes::calls::OLAF};
use entity::types::states::PartState;
use serde_json::json;

both!(
    the_worked_trap_comes_to_what_is_stated,
    a_pot_fills_the_gap_and_a_little_money_is_told,
    settings_that_are_wrong_are_told_beside_their_fields,
    scenarios_stand_side_by_side,
    a_search_can_be_stopped_and_started_again,
    what_changed_since_is_told_and_computed_anew,
    two_officers_do_not_overwrite_each_other,
    only_the_officer_plans_and_only_staff_of_the_call_looks,
    a_conflicted_officer_sees_nothing_of_the_proposal,
    a_scenario_is_read_with_so_many_statements,
    programs_do_the_same,
);

async fn the_worked_trap_comes_to_what_is_stated(app: TestApp) {
    let field = trap(&app).await;
    let olaf = app.as_(OLAF).await;
    olaf.get(&list(&field)).await.expect(200).says("No scenarios yet").says("Make one of each strategy");
    let usual = format!("{}/usual", list(&field));
    olaf.post(&usual, &[("key", "one of each")]).await.goes_to(&list(&field));
    // The second press makes nothing twice.
    olaf.post(&usual, &[("key", "one of each")]).await.goes_to(&list(&field));
    olaf.post(&usual, &[]).await.expect(422).says("There is a scenario of each strategy already");
    app.work().await;
    let (_, found) = app.program(OLAF).await.get(&format!("/calls/{}/scenarios", field.call)).await;
    let items = found["items"].as_array().unwrap();
    assert_eq!(items.len(), 5, "{found}");
    for (name, wins) in [
        ("Strict skip", vec![1, 3]),
        ("Strict stop", vec![1]),
        // One country would be left.
        ("Drop a partner", vec![1, 3]),
        ("Cut to the floor", vec![1, 3]),
        ("Optimum", vec![1, 3]),
    ] {
        let one = items.iter().find(|one| one["name"] == name).unwrap();
        let page = format!("{}/{}", list(&field), one["id"].as_str().unwrap());
        assert_eq!(funded(&app, &page).await, wins, "{name}");
        assert_eq!(one["state"], "computed", "{name}");
        let shown = olaf.get(&page).await.expect(200).says("Budgets of the agencies").says("Not in the walk");
        match name {
            "Optimum" => shown.says("Proved: no choice of whole proposals").does_not_say("Adopt"),
            "Strict skip" => shown.says("lacks 12 000 EUR").says("stranded").says("Budget curve of Innovation Norway"),
            "Strict stop" => shown.says("not reached"),
            _ => shown,
        };
    }
}

async fn a_pot_fills_the_gap_and_a_little_money_is_told(app: TestApp) {
    let field = trap(&app).await;
    let olaf = app.as_(OLAF).await;
    let pot = made(&app, &field, "With a pot", "balancing_pot", &[("pot", "20 000"), ("top_up", "50 000")]).await;
    assert_eq!(funded(&app, &pot).await, [1, 2, 3]);
    let second = &rows(&app, OLAF, &pot).await[1];
    assert_eq!(second["outcome"], "Funded with the pot");
    assert_eq!(second["parts"][0]["from_the_pot"]["amount"], "12000.00", "{second}");
    assert_eq!(second["top_up"]["amount"], "10000.00", "{second}");
    let shown = olaf.get(&pot).await.expect(200).says("8 000 EUR of 20 000 EUR").says("20 000 EUR of 50 000 EUR");
    shown.says("12 000 EUR by the pot");

    let skip = made(&app, &field, "Skip", "strict_skip", &[]).await;
    let found = read(&app, OLAF, &skip).await;
    let changes = found["changes"].as_array().unwrap();
    let code = &field.proposals[1].code;
    let told =
        format!("12 000 EUR more at Agency for Science, Innovation and Technology (MITA) would fund one more: {code}.");
    let said: Vec<String> = changes.iter().map(|one| one.as_str().unwrap().replace('\u{a0}', " ")).collect();
    assert!(said.contains(&told), "{said:?}");
    let budget = format!("budget_{}", field.agencies["lt-mita"].id);
    let more = made(&app, &field, "What if", "strict_skip", &[(&budget, "24 000")]).await;
    assert_eq!(funded(&app, &more).await, [1, 2, 3]);
    olaf.get(&more).await.expect(200).says("This scenario cannot be adopted").says("in the call 12 000 EUR");
    let csv = olaf.get(&format!("{skip}?export=csv")).await.expect(200).html();
    assert!(csv.contains("Place,Proposal,Title,Outcome,Organisation,Agency") && csv.contains("stranded"), "{csv}");
}

async fn settings_that_are_wrong_are_told_beside_their_fields(app: TestApp) {
    let field = trap(&app).await;
    let olaf = app.as_(OLAF).await;
    let new = format!("{}/new", list(&field));
    let form = [("name", ""), ("kind", "cut_to_floor"), ("floor", "0"), ("top_up", "much")];
    let again = olaf.post(&new, &form).await.expect(422).says("Enter a share above 0 and up to 100 %");
    let again = again.says("3 things need your attention").says("Enter a number");
    assert_eq!(again.input("top_up").as_deref(), Some("much"));
    assert_eq!(again.input("floor").as_deref(), Some("0"));
    let form = [("name", "Pot"), ("kind", "balancing_pot"), ("pot", "")];
    olaf.post(&new, &form).await.expect(422).says("Say how much is in the pot");
    let form = [("name", "Nothing"), ("kind", "magic")];
    olaf.post(&new, &form).await.expect(422).says("Choose one from the list");
    made(&app, &field, "Twice", "strict_skip", &[]).await;
    let form = [("name", "Twice"), ("kind", "strict_stop")];
    olaf.post(&new, &form).await.expect(422).says("There is a scenario called “Twice”");
}

async fn scenarios_stand_side_by_side(app: TestApp) {
    let field = trap(&app).await;
    let olaf = app.as_(OLAF).await;
    let skip = made(&app, &field, "Skip", "strict_skip", &[]).await;
    let stop = made(&app, &field, "Stop", "strict_stop", &[]).await;
    let id = |page: &str| page.rsplit('/').next().unwrap().to_owned();
    let compare = format!("{}/compare", list(&field));
    olaf.get(&compare).await.goes_to(&list(&field));
    olaf.get(&format!("{compare}?scenario={}", id(&skip))).await.goes_to(&list(&field));
    let both = format!("{compare}?scenario={}&scenario={}", id(&skip), id(&stop));
    let side = olaf.get(&both).await.expect(200).says("1 proposal differs").says("Differs");
    side.says("2 of 3").says("1 of 3").says("Agency for Science, Innovation and Technology (MITA)");
    let path = format!("/calls/{}/scenarios/compare?scenarios={},{}", field.call, id(&skip), id(&stop));
    let (status, found) = app.program(OLAF).await.get(&path).await;
    assert_eq!(status.as_u16(), 200, "{found}");
    assert_eq!(found["proposals"][2]["funded"], json!([true, false]));
}

async fn a_search_can_be_stopped_and_started_again(app: TestApp) {
    let field = trap(&app).await;
    let olaf = app.as_(OLAF).await;
    let best = made(&app, &field, "Best", "optimum", &[("goal", "number")]).await;
    let shown = olaf.get(&best).await.expect(200).says("Being computed").says("Stop the search");
    shown.does_not_say("Adopt");
    let progress = olaf.get(&format!("{best}/progress")).await.expect(200).html();
    assert!(progress.contains("\"state\":\"queued\""), "{progress}");
    olaf.post(&best, &[("action", "cancel")]).await.goes_to(&best);
    app.work().await;
    let found = read(&app, OLAF, &best).await;
    assert_eq!((found["state"].as_str(), found["figures"].is_null()), (Some("drafted"), true));
    let version = found["version"].to_string();
    olaf.post(&best, &[("action", "compute"), ("version", &version)]).await.goes_to(&best);
    app.work().await;
    let found = read(&app, OLAF, &best).await;
    assert_eq!((found["state"].as_str(), found["figures"]["gap"].as_i64()), (Some("computed"), Some(0)), "{found}");
    assert_eq!(found["figures"]["funded"], 2);
}

async fn what_changed_since_is_told_and_computed_anew(app: TestApp) {
    let field = trap(&app).await;
    let olaf = app.as_(OLAF).await;
    let skip = made(&app, &field, "Skip", "strict_skip", &[]).await;
    let before = read(&app, OLAF, &skip).await;
    // Without its Lithuanian part the first is no consortium, and the second is funded.
    app.part_to(field.proposals[0].parts[1], PartState::Withdrawn).await;
    olaf.get(&list(&field)).await.expect(200).says("Out of date");
    olaf.get(&skip).await.expect(200).says("has changed since this scenario was computed").does_not_say("Adopt");
    let version = before["version"].to_string();
    let look = olaf.get(&format!("{skip}/adopt")).await.expect(200);
    look.says("The ranking or a part has changed since").does_not_say("Sign the minutes");
    olaf.post(&skip, &[("action", "compute"), ("version", &version)]).await.goes_to(&skip);
    assert_eq!(funded(&app, &skip).await, [2, 3]);
    let now = read(&app, OLAF, &skip).await;
    assert_ne!(before["input_digest"], now["input_digest"]);
    let (status, _) = app.program(OLAF).await.get(&format!("{}/input", skip.trim_start_matches("/staff"))).await;
    assert_eq!(status.as_u16(), 200);
    olaf.get(&skip).await.expect(200).says("A proposal has at least 2 parts; this has 1");
}

async fn two_officers_do_not_overwrite_each_other(app: TestApp) {
    let field = trap(&app).await;
    let olaf = app.as_(OLAF).await;
    let skip = made(&app, &field, "Skip", "strict_skip", &[]).await;
    let settings = format!("{skip}/settings");
    olaf.get(&settings).await.expect(200).says("Save and compute");
    let form = |version: &'static str| [("name", "Stop"), ("kind", "strict_stop"), ("version", version)];
    olaf.post(&settings, &form("1")).await.goes_to(&skip);
    assert_eq!(funded(&app, &skip).await, [1]);
    let stale = olaf.post(&settings, &[("name", "Mine"), ("kind", "drop_partner"), ("version", "1")]).await.expect(422);
    let stale = stale.says("was changed by");
    assert_eq!(stale.input("name").as_deref(), Some("Mine"));
    olaf.post(&skip, &[("action", "aside"), ("version", "1"), ("aside_reason", "No")]).await.expect(422);
    olaf.post(&skip, &[("action", "aside"), ("version", "2")]).await.expect(422).says("Say why it is set aside");
    let aside = [("action", "aside"), ("version", "2"), ("aside_reason", "The agencies want to skip.")];
    olaf.post(&skip, &aside).await.goes_to(&skip);
    olaf.get(&skip).await.expect(200).says("The agencies want to skip.").does_not_say("Compute again");
    olaf.post(&skip, &[("action", "compute"), ("version", "3")]).await.expect(422).says("Set aside");
    olaf.post(&skip, &[("action", "dance"), ("version", "3")]).await.expect(422).says("Press one of the buttons");
}

async fn only_the_officer_plans_and_only_staff_of_the_call_looks(app: TestApp) {
    let field = trap(&app).await;
    let skip = made(&app, &field, "Skip", "strict_skip", &[]).await;
    let new = format!("{}/new", list(&field));
    let form = [("name", "Other"), ("kind", "strict_stop")];
    for (name, sees) in [("Chris Chair", 200), ("Dorte Dahl", 200), ("Cora 1", 404), ("Strange Person", 404)] {
        let browser = app.as_(name).await;
        browser.get(&list(&field)).await.expect(sees);
        browser.get(&skip).await.expect(sees);
        let acts = if sees == 200 { 403 } else { 404 };
        browser.get(&new).await.expect(acts);
        browser.post(&new, &form).await.expect(acts);
        browser.post(&skip, &[("action", "compute"), ("version", "1")]).await.expect(acts);
        browser.post(&format!("{}/usual", list(&field)), &[]).await.expect(acts);
    }
    // An officer opens the proposals of the own agency; the sums hold all.
    let dorte = app.as_("Dorte Dahl").await;
    let shown = dorte.get(&skip).await.expect(200).says("1 proposal is not shown to you").says("2 of 3");
    shown.does_not_say(&field.proposals[0].code).says(&field.proposals[1].code).does_not_say("PDF; what it was");
    dorte.get(&format!("{skip}?export=input")).await.expect(404);
    dorte.get(&format!("{skip}/adopt")).await.expect(403);
    app.visitor().get(&skip).await.expect(401);
}

async fn a_conflicted_officer_sees_nothing_of_the_proposal(app: TestApp) {
    let field = trap(&app).await;
    let skip = made(&app, &field, "Skip", "strict_skip", &[]).await;
    app.conflict_of(OLAF, field.proposals[0].id).await;
    let code = &field.proposals[0].code;
    let olaf = app.as_(OLAF).await;
    olaf.get(&list(&field)).await.expect(200).says("1 of 2").does_not_say(code);
    let shown = olaf.get(&skip).await.expect(200).does_not_say(code).does_not_say("lacks");
    shown.says("1 of 2").does_not_say("would fund").does_not_say("Out of date");
    let found = read(&app, OLAF, &skip).await;
    let lithuania = found["agencies"].as_array().unwrap().iter().find(|one| one["budget"]["amount"] == "12000.00");
    let lithuania = lithuania.unwrap();
    assert_eq!((&lithuania["granted"]["amount"], &lithuania["left"]["amount"]), (&json!("0.00"), &json!("12000.00")));
    assert_eq!(
        rows(&app, OLAF, &skip).await.iter().map(|row| row["rank"].as_u64().unwrap()).collect::<Vec<_>>(),
        [1, 2]
    );
    olaf.get(&format!("{skip}?export=input")).await.expect(404);
    let csv = olaf.get(&format!("{skip}?export=csv")).await.expect(200).html();
    assert!(!csv.contains(code), "{csv}");
    let look = olaf.get(&format!("{skip}/adopt")).await.expect(200);
    look.says("A colleague must sign this scenario").does_not_say(code);
}

async fn a_scenario_is_read_with_so_many_statements(app: TestApp) {
    let few = app.ranked_field(2).await;
    let mut other = crate::support::scenes::calls::file_2017();
    other.code = "IE-MANY".to_owned();
    let many = app.ranked_field_of(other, 8).await;
    let mut counts = Vec::new();
    for field in [&few, &many] {
        let page = made(&app, field, "Skip", "strict_skip", &[]).await;
        let olaf = app.as_(OLAF).await;
        let mut count = Vec::new();
        for path in [list(field), page] {
            let before = app.statements();
            olaf.get(&path).await.expect(200);
            count.push(app.statements() - before);
        }
        counts.push(count);
    }
    assert_eq!(counts[0], counts[1]);
}

async fn programs_do_the_same(app: TestApp) {
    let field = trap(&app).await;
    let olaf = app.program(OLAF).await;
    let path = format!("/calls/{}/scenarios", field.call);
    let settings = json!({ "strategy": "cut_to_floor", "floor": "50" });
    let (status, made) = olaf.post(&path, json!({ "name": "Cut", "settings": settings })).await;
    assert_eq!(status.as_u16(), 200, "{made}");
    let one = format!("{path}/{}", made["id"].as_str().unwrap());
    let change = json!({ "version": 1, "name": "Stop", "settings": { "strategy": "strict_stop" } });
    assert_eq!(olaf.put(&one, change.clone()).await.0.as_u16(), 200);
    assert_eq!(olaf.put(&one, change).await.0.as_u16(), 409);
    let agency = field.agencies["lt-mita"].id;
    let budgets = json!([{ "agency": agency, "budget": "24000" }, { "agency": agency, "budget": "1" }]);
    let twice = json!({ "version": 2, "name": "Two", "settings": { "strategy": "strict_stop", "budgets": budgets } });
    assert_eq!(olaf.put(&one, twice).await.0.as_u16(), 422);
    let (status, told) = olaf.post(&format!("{one}/set-aside"), json!({ "version": 2, "reason": "" })).await;
    assert_eq!(status.as_u16(), 422, "{told}");
    let (status, _) = olaf.post(&format!("{one}/compute"), json!({ "version": 2 })).await;
    assert_eq!(status.as_u16(), 200);
    let (status, told) = olaf.post(&format!("{one}/cancel"), json!({})).await;
    assert_eq!(status.as_u16(), 422, "{told}");
    let (status, _) = olaf.get(&format!("{one}/minutes")).await;
    assert_eq!(status.as_u16(), 404);
    let (status, _) = app.program("Dorte Dahl").await.post(&format!("{path}/usual"), json!({})).await;
    assert_eq!(status.as_u16(), 403);
}
