//! One scenario is adopted with signed minutes, and decisions follow from it.

use super::{list, made, read, signs, trap};
use crate::support::{TestApp, scenes::calls::OLAF};
use entity::types::states::Role;
use fairway::kernel::secret;
use serde_json::{Value, json};

both!(
    a_scenario_is_adopted_once_with_signed_minutes,
    neither_an_optimum_nor_a_what_if_is_adopted,
    only_the_chair_and_the_officer_sign,
    decisions_follow_the_pot_within_every_budget,
    what_is_skipped_waits_on_the_reserve_list,
    a_new_ranking_asks_for_a_new_scenario,
);

const SIGN: [(&str, &str); 2] =
    [("reason", "The agencies agreed on the rule of the call."), ("signed_name", "Chris Chair")];

async fn a_scenario_is_adopted_once_with_signed_minutes(app: TestApp) {
    let field = trap(&app).await;
    let chris = app.as_("Chris Chair").await;
    let skip = made(&app, &field, "Skip", "strict_skip", &[]).await;
    let stop = made(&app, &field, "Stop", "strict_stop", &[]).await;
    chris.get(&skip).await.expect(200).says("Adopt");
    let wrong = signs(&app, "Chris Chair", &skip, &[("reason", "Agreed"), ("signed_name", "Nobody")]).await.expect(422);
    let wrong = wrong.says("Sign with your name as it is in your account").says("Agreed");
    assert_eq!(wrong.input("signed_name").as_deref(), Some("Nobody"));
    let empty = [("reason", " "), ("signed_name", "Chris Chair")];
    signs(&app, "Chris Chair", &skip, &empty).await.expect(422).says("Say why this scenario and no other");
    // All that is wrong is said at once.
    let both = signs(&app, "Chris Chair", &skip, &[("reason", ""), ("signed_name", "Nobody")]).await.expect(422);
    both.says("Say why this scenario and no other").says("Sign with your name as it is in your account");
    assert_eq!(read(&app, OLAF, &skip).await["state"], "computed");

    let path = format!("{skip}/adopt");
    let look = chris.get(&path).await.expect(200).says("2 of 3 proposals").says("1 is passed over");
    chris.press(&look, &path, &SIGN).await.goes_to(&skip);
    // The same page's button once more, as somebody does who saw nothing happen.
    chris.press(&look, &path, &SIGN).await.goes_to(&skip);
    let found = read(&app, OLAF, &skip).await;
    assert_eq!((found["state"].as_str(), found["adopted_by"].as_str()), (Some("adopted"), Some("Chris Chair")));
    let minutes = chris.get(&format!("{skip}?export=json")).await.expect(200);
    let text = String::from_utf8(minutes.bytes.to_vec()).unwrap();
    assert_eq!(found["minutes_digest"].as_str().unwrap(), secret::hash(&text));
    let said: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((said["signed_by"].as_str(), said["funded"].as_u64()), (Some("Chris Chair"), Some(2)), "{said}");
    assert_eq!(said["lines"][1]["lacking"][0]["amount"]["amount"], "12000.00");
    assert_eq!(said["input_digest"], found["input_digest"]);
    let pdf = chris.get(&format!("{skip}?export=pdf")).await.expect(200);
    assert!(pdf.bytes.starts_with(b"%PDF"));
    app.as_("Dorte Dahl").await.get(&format!("{skip}?export=json")).await.expect(404);

    chris.get(&format!("{stop}/adopt")).await.expect(200).says("“Skip” is adopted for ranking 1 already");
    let body = json!({ "version": 1, "reason": "Better", "signed_name": "Chris Chair" });
    let stop_api = format!("{}/adopt", stop.trim_start_matches("/staff"));
    let (status, told) = app.program("Chris Chair").await.post(&stop_api, body).await;
    assert_eq!((status.as_u16(), told["code"].as_str()), (422, Some("adopted_already")), "{told}");
    let version = found["version"].to_string();
    let aside = [("action", "aside"), ("version", version.as_str()), ("aside_reason", "Changed our minds")];
    app.as_(OLAF).await.post(&skip, &aside).await.expect(422).says("Adopted");
    app.as_(OLAF).await.get(&list(&field)).await.expect(200).says("Adopted");
    let log = app.audit_trail().await;
    assert!(log.iter().any(|line| line.contains("adopted the scenario “Skip” for ranking 1")), "{log:?}");
}

async fn neither_an_optimum_nor_a_what_if_is_adopted(app: TestApp) {
    let field = trap(&app).await;
    let best = made(&app, &field, "Best", "optimum", &[]).await;
    app.work().await;
    let budget = format!("budget_{}", field.agencies["lt-mita"].id);
    let more = made(&app, &field, "What if", "strict_skip", &[(&budget, "24 000")]).await;
    let chris = app.program("Chris Chair").await;
    for (page, version) in [(best, 2), (more, 1)] {
        let body = json!({ "version": version, "reason": "Best", "signed_name": "Chris Chair" });
        let (status, told) = chris.post(&format!("{}/adopt", page.trim_start_matches("/staff")), body).await;
        assert_eq!((status.as_u16(), told["code"].as_str()), (422, Some("never_adopted")), "{told}");
        app.as_("Chris Chair").await.get(&format!("{page}/adopt")).await.expect(200).does_not_say("Sign the minutes");
    }
}

async fn only_the_chair_and_the_officer_sign(app: TestApp) {
    let field = trap(&app).await;
    app.grant("Audrey Auditor", Role::Auditor, None, None).await;
    let skip = made(&app, &field, "Skip", "strict_skip", &[]).await;
    let path = format!("{skip}/adopt");
    for (name, status) in [("Dorte Dahl", 403), ("Audrey Auditor", 403), ("Cora 1", 404), ("Strange Person", 404)] {
        let browser = app.as_(name).await;
        browser.get(&path).await.expect(status);
        let sign = [("reason", "Agreed"), ("signed_name", name), ("version", "1")];
        browser.post(&path, &sign).await.expect(status);
    }
    assert_eq!(read(&app, OLAF, &skip).await["state"], "computed");
    signs(&app, OLAF, &skip, &[("reason", "Agreed"), ("signed_name", "olaf  berg")]).await.goes_to(&skip);
}

/// The decision on a part of the board, by rank and place in the proposal.
async fn decision(app: &TestApp, call: entity::types::ids::CallId, rank: usize, part: usize) -> Value {
    let (_, board) = app.program(OLAF).await.get(&format!("/calls/{call}/decisions")).await;
    board["items"][rank - 1]["parts"][part]["decision"].clone()
}

async fn decisions_follow_the_pot_within_every_budget(app: TestApp) {
    let field = trap(&app).await;
    let board = format!("/staff/calls/{}/decisions", field.call);
    let olaf = app.as_(OLAF).await;
    olaf.get(&board).await.expect(200).says("No scenario is adopted yet").does_not_say("Propose decisions");
    let pot = made(&app, &field, "Pot", "balancing_pot", &[("pot", "20 000")]).await;
    signs(&app, "Chris Chair", &pot, &SIGN).await.goes_to(&pot);
    let page = olaf.get(&board).await.expect(200).says("Decisions follow the adopted scenario Pot");
    olaf.press(&page, &format!("{board}/propose"), &[]).await.goes_to(&board);
    let filled = decision(&app, field.call, 2, 1).await;
    assert_eq!((filled["outcome"].as_str(), filled["amount"]["amount"].as_str()), (Some("fund"), Some("12000.00")));
    assert!(filled["reason"].as_str().unwrap().contains("The common pot of the call pays"), "{filled}");
    assert_eq!(decision(&app, field.call, 4, 0).await["outcome"], "reject");
    olaf.get(&board).await.expect(200).says("Funded with the pot");
    // What the pot adds is the agency's to give, and not a cent more.
    let part = field.proposals[1].parts[1];
    let lina = app.as_("Lina Laukyte").await;
    let path = format!("/staff/parts/{part}/decision");
    let page = lina.get(&path).await.expect(200);
    let keep = [("outcome", "fund"), ("amount", "12 000"), ("reason", "As adopted."), ("conditions", "Names first.")];
    lina.press(&page, &path, &keep).await.expect(303);
}

async fn what_is_skipped_waits_on_the_reserve_list(app: TestApp) {
    let field = trap(&app).await;

    let cut = made(&app, &field, "Cut", "cut_to_floor", &[("floor", "50")]).await;
    signs(&app, "Chris Chair", &cut, &SIGN).await.goes_to(&cut);
    let board = format!("/staff/calls/{}/decisions", field.call);
    app.as_(OLAF).await.post(&format!("{board}/propose"), &[]).await.goes_to(&board);
    for part in [0, 1] {
        let waits = decision(&app, field.call, 2, part).await;
        assert_eq!(waits["outcome"], "reserve", "{waits}");
        assert!(waits["reason"].as_str().unwrap().contains("(MITA) is spent"), "{waits}");
        assert!(waits["reserve_until"].is_string());
    }
}

async fn a_new_ranking_asks_for_a_new_scenario(app: TestApp) {
    use entity::{evaluation::ranking, types::states::RankingState};
    use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
    let field = trap(&app).await;
    let skip = made(&app, &field, "Skip", "strict_skip", &[]).await;
    signs(&app, "Chris Chair", &skip, &SIGN).await.goes_to(&skip);
    let db = app.app.database().maintenance();
    let old = ranking::Entity::find().filter(ranking::Column::CallId.eq(field.call)).one(db).await.unwrap().unwrap();
    let mut replaced = old.clone().into_active_model();
    replaced.state = Set(RankingState::Replaced);
    replaced.update(db).await.unwrap();
    let id: entity::types::ids::RankingId = fairway::kernel::tx::new_uuid(app.app.now(), app.app.chance()).into();
    let new = ranking::Model { id, number: 2, ..old.clone() };
    ranking::Entity::insert(new.into_active_model().reset_all()).exec_without_returning(db).await.unwrap();
    for (n, placed) in field.proposals.iter().rev().enumerate() {
        let line = entity::evaluation::ranking_line::Model {
            id: fairway::kernel::tx::new_uuid(app.app.now(), app.app.chance()).into(),
            ranking_id: id,
            proposal_id: placed.id,
            rank: i32::try_from(n).unwrap() + 1,
            total: 400,
            passes: true,
            spread: 0,
            tie_reason: None,
            detail: json!({}),
        };
        let line = line.into_active_model().reset_all();
        entity::evaluation::ranking_line::Entity::insert(line).exec_without_returning(db).await.unwrap();
    }
    let olaf = app.as_(OLAF).await;
    let board = format!("/staff/calls/{}/decisions", field.call);
    olaf.get(&skip).await.expect(200).says("The ranking was replaced after this scenario was adopted");
    olaf.post(&format!("{board}/propose"), &[]).await.expect(422).says("No scenario is adopted for this ranking");
    let second = made(&app, &field, "Skip again", "strict_skip", &[]).await;
    signs(&app, "Chris Chair", &second, &SIGN).await.goes_to(&second);
    olaf.post(&format!("{board}/propose"), &[]).await.goes_to(&board);
}
