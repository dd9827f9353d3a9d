//! Wishes: stated before anybody is asked, and weighed when it is planned.

use super::plans::{computed, list, made, pairs, plan, pressed, scene};
use crate::support::{
    TestApp,
    scenes::{calls::OLAF, evaluation::Field},
};
use entity::{
    evaluation::recruitment,
    types::{
        states::{CallState, RecruitmentState},
        text::Email,
    },
};
use poem::http::Method;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};
use serde_json::json;

both!(
    wishes_are_stated_kept_and_weighed,
    a_proposal_somebody_is_too_close_to_does_not_exist_for_them,
    only_those_who_take_part_state_wishes_and_only_until_deployment,
);

/// Everybody of the pool has accepted to evaluate in the call.
async fn accepted(app: &TestApp, field: &Field, names: &[&str]) {
    let officer = app.account(OLAF).await;
    for name in names {
        let evaluator = app.evaluator(name, "", "").await;
        let row = recruitment::Model {
            id: fairway::kernel::tx::new_uuid(app.app.now(), app.app.chance()).into(),
            call_id: field.call,
            evaluator_id: Some(evaluator),
            invitation_id: None,
            email: Email::parse(&format!("{}@example.org", name.to_lowercase().replace(' ', "."))).unwrap(),
            name: (*name).to_owned(),
            state: RecruitmentState::Accepted,
            message: String::new(),
            added_by: officer,
            added_at: app.app.now(),
            invited_by: Some(officer),
            invited_at: Some(app.app.now()),
            lapses_at: None,
            reminders: 0,
            reminded_at: None,
            escalated_at: None,
            answered_at: Some(app.app.now()),
            signed_name: Some((*name).to_owned()),
            places: Some(3),
            reason: None,
            version: 1,
        };
        let db = app.app.database().maintenance();
        recruitment::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(db).await.unwrap();
    }
}

const ALL: [&str; 5] = ["Eva Expert", "Edgar Other", "Tina Third", "Lars Late", "Nina Neutral"];

async fn wishes_are_stated_kept_and_weighed(app: TestApp) {
    let field = scene(&app).await;
    accepted(&app, &field, &ALL).await;
    let here = format!("/wishes/{}", field.call);
    let nina = app.as_("Nina Neutral").await;
    nina.get("/wishes").await.expect(200).says("0 wishes stated");
    let shown =
        nina.get(&here).await.expect(200).says("IE-2017-001").says("Denmark Cluster 1").says("learn how to sell");
    shown.does_not_say("Twelve companies get a first customer");
    let of = |at: usize| format!("wish-{}", field.proposals[at].id);
    let (one, two) = (of(0), of(1));
    let wrong = nina.post(&here, &[(one.as_str(), "perhaps"), (two.as_str(), "eager")]).await.expect(422);
    assert!(wrong.html().contains("value=\"eager\" checked"), "what was chosen is kept");
    let form = [(one.as_str(), "eager"), (two.as_str(), "unwilling"), ("key", "one press of it")];
    nina.post(&here, &form).await.goes_to(&here);
    nina.post(&here, &form).await.goes_to(&here);
    nina.get("/wishes").await.says("2 wishes stated");

    let unweighed = [("weight_wish", "0"), ("weight_text", "45")];
    let without = made(&app, &field, "Without wishes", &unweighed).await;
    let before = computed(&app, &without).await;
    let with =
        made(&app, &field, "With wishes", &[("weight_wish", "60"), ("weight_expertise", "0"), ("weight_text", "15")]);
    let with = with.await;
    let found = computed(&app, &with).await;
    let has = |pairs: &[serde_json::Value], code: &str| {
        pairs.iter().any(|pair| pair["code"] == code && pair["name"] == "Nina Neutral")
    };
    let after = pairs(&app, &with).await;
    assert!(has(&after, "IE-2017-001") && !has(&after, "IE-2017-002"), "{after:?}");
    assert_eq!(found["figures"]["unmet_wishes"], 0, "{found}");
    let mine = after.iter().find(|pair| pair["name"] == "Nina Neutral" && pair["code"] == "IE-2017-001").unwrap();
    let olaf = app.as_(OLAF).await;
    let why = format!("{with}/pairs/{}", mine["id"].as_str().unwrap());
    olaf.get(&why).await.expect(200).says("would like to judge it");
    let met = has(&pairs(&app, &without).await, "IE-2017-001");
    assert_eq!(before["figures"]["unmet_wishes"], u64::from(!met), "{before}");

    // Taken out by hand, the wish is unmet again.
    let remove = format!("remove {}", mine["id"].as_str().unwrap());
    pressed(&app, &with, &[("action", &remove)]).await.goes_to(&with);
    assert_eq!(plan(&app, &with).await["figures"]["unmet_wishes"], 1);
    olaf.get(&with).await.says("Nina Neutral would like IE-2017-001");
    nina.post(&here, &[(one.as_str(), "")]).await.goes_to(&here);
    assert_eq!(plan(&app, &with).await["figures"]["unmet_wishes"], 0, "a wish can be taken back");
    app.finish().await;
}

async fn a_proposal_somebody_is_too_close_to_does_not_exist_for_them(app: TestApp) {
    let field = scene(&app).await;
    accepted(&app, &field, &ALL).await;
    super::plans::conflicted(&app, "Eva Expert", &field, 1).await;
    let here = format!("/wishes/{}", field.call);
    let eva = app.as_("Eva Expert").await;
    let html = eva.get(&here).await.expect(200).says("IE-2017-001").html();
    assert!(!html.contains("IE-2017-002"));
    let hidden = format!("wish-{}", field.proposals[1].id);
    eva.post(&here, &[(hidden.as_str(), "eager")]).await.expect(404);
    let program = app.program("Eva Expert").await;
    let (_, found) = program.get(&format!("/calls/{}/wishes", field.call)).await;
    assert_eq!(found["total"], 2, "{found}");
    let body = json!({ "wishes": [{ "proposal": field.proposals[0].id.0, "wish": "willing" }] });
    let (status, _) = program.call(Method::PUT, &format!("/calls/{}/wishes", field.call), body).await;
    assert_eq!(status.as_u16(), 200);
    let (_, found) = program.get(&format!("/calls/{}/wishes", field.call)).await;
    assert_eq!(found["items"][0]["wish"], "willing", "{found}");
    app.finish().await;
}

async fn only_those_who_take_part_state_wishes_and_only_until_deployment(app: TestApp) {
    let field = scene(&app).await;
    accepted(&app, &field, &ALL[..4]).await;
    let here = format!("/wishes/{}", field.call);
    for name in ["Nina Neutral", "Somebody Else", "Cora 1"] {
        app.as_(name).await.get(&here).await.expect(404);
        app.as_(name).await.get("/wishes").await.expect(200).says("No call asks for wishes now");
    }
    app.as_(OLAF).await.get(&here).await.expect(403);
    app.visitor().get(&here).await.expect(401);
    let eva = app.as_("Eva Expert").await;
    app.call_to(field.call, CallState::Open).await;
    eva.get(&here).await.expect(200).says("once the call has closed").does_not_say("IE-2017-001");
    app.call_to(field.call, CallState::Evaluating).await;
    eva.get(&here).await.expect(200).says("Save your wishes");

    let page = made(&app, &field, "First", &[]).await;
    computed(&app, &page).await;
    let version = plan(&app, &page).await["version"].to_string();
    app.as_(OLAF).await.post(&format!("{page}/deploy"), &[("version", &version)]).await.goes_to(&page);
    eva.get(&here).await.says("wishes are stated no longer").does_not_say("Save your wishes");
    let one = format!("wish-{}", field.proposals[0].id);
    eva.post(&here, &[(one.as_str(), "eager")]).await.expect(422).says("wishes are stated no longer");
    app.as_(OLAF).await.get(&list(&field)).await.expect(200).says("Deployed");
    app.finish().await;
}
