//! A call's way from draft to evaluation.

use crate::support::{
    TestApp,
    scenes::calls::{OLAF, file_2017},
};
use chrono::TimeDelta;
use entity::types::{share::Share, states::CallState};
use fairway::{
    calls::publishing::commands::{ApproveAnnex, PublishCall, StartEvaluation, SubmitForApproval, TakeBack},
    kernel::AppError,
};
use serde_json::json;

both!(
    a_call_walks_from_draft_to_evaluation,
    an_agency_that_has_not_approved_keeps_the_call_unpublished,
    a_call_that_is_not_whole_does_not_go_to_the_agencies,
    taking_back_withdraws_all_approvals,
    the_wrong_people_move_nothing,
    a_call_closes_to_the_second,
    a_second_press_changes_nothing,
);

async fn a_call_walks_from_draft_to_evaluation(app: TestApp) {
    let scene = app.open_call_2017().await;

    app.close_call(&scene).await;
    app.run(OLAF, StartEvaluation(scene.call)).await;

    assert_eq!(app.call_state(scene.call).await, CallState::Evaluating);
    let inbox = app.inbox().await;
    let names = |name: &str| inbox.iter().filter(|m| m.starts_with(name)).count();
    // M05 also goes to the secretariat.
    assert_eq!((names("M01"), names("M02"), names("M03"), names("M05")), (16, 16, 16, 17));
    assert!(
        inbox.contains(&"M01 to petra.vogel@example.org: Please complete your annex to the call IE-2017".to_owned())
    );
    // Between the steps of the call the pool is checked for conflicts of interest.
    let trail: Vec<String> =
        app.audit_trail().await.into_iter().filter(|line| !line.contains("conflicts of interest")).collect();
    assert_eq!(
        trail[trail.len() - 4..],
        [
            "Olaf Berg announced the call IE-2017",
            "calls.advance opened the call IE-2017",
            "calls.advance closed the call IE-2017",
            "Olaf Berg started the evaluation of the call IE-2017",
        ]
    );
    app.finish().await;
}

async fn an_agency_that_has_not_approved_keeps_the_call_unpublished(app: TestApp) {
    let scene = app.draft_call_2017().await;
    app.run(OLAF, SubmitForApproval(scene.call)).await;
    for (key, agency) in scene.agencies.iter().filter(|(key, _)| !["no-in", "dk-sfu"].contains(&key.as_str())) {
        assert_eq!(
            app.run(&agency.officer, ApproveAnnex { annex: agency.annex, seen: 1 }).await.word(),
            "approved",
            "{key}"
        );
    }
    let olaf = app.program(OLAF).await;

    let (status, answer) = olaf.post("/calls/IE-2017/publish", json!(null)).await;

    assert_eq!(status.as_u16(), 422);
    let messages: Vec<&str> =
        answer["errors"].as_array().unwrap().iter().map(|e| e["message"].as_str().unwrap()).collect();
    assert_eq!(
        messages,
        [
            "Innovation Norway has not approved its annex",
            "Danish Agency for Science and Higher Education has not approved its annex",
        ]
    );
    assert_eq!(app.call_state(scene.call).await, CallState::AgencyReview);
    app.finish().await;
}

async fn a_call_that_is_not_whole_does_not_go_to_the_agencies(app: TestApp) {
    let scene = app.draft_call_2017().await;
    let db = app.app.database().maintenance();
    let row = {
        use sea_orm::EntityTrait;
        entity::calls::call::Entity::find_by_id(scene.call).one(db).await.unwrap().unwrap()
    };
    let mut terms = row.terms.clone();
    terms.criteria[0].weight = Share::percent(1);
    terms.summary.clear();
    {
        use sea_orm::{ActiveModelTrait, ActiveValue::Set};
        let mut change: entity::calls::call::ActiveModel = row.into();
        change.terms = Set(terms);
        change.update(db).await.unwrap();
    }
    let olaf = app.actor(OLAF).await;

    let refused = app.app.run(&olaf, SubmitForApproval(scene.call)).await;

    let Err(AppError::Invalid(errors)) = refused else { panic!("{refused:?}") };
    let places: Vec<&str> = errors.list().into_iter().map(|(place, _)| place).collect();
    assert_eq!(places, ["/call/summary", "/call/criteria"]);
    app.finish().await;
}

async fn taking_back_withdraws_all_approvals(app: TestApp) {
    let scene = app.approved_call_2017().await;

    app.run(OLAF, TakeBack(scene.call)).await;
    app.run(OLAF, SubmitForApproval(scene.call)).await;

    let olaf = app.actor(OLAF).await;
    let Err(AppError::Invalid(errors)) = app.app.run(&olaf, PublishCall(scene.call)).await else { panic!() };
    assert_eq!(errors.len(), 5);
    app.finish().await;
}

async fn the_wrong_people_move_nothing(app: TestApp) {
    let scene = app.draft_call_2017().await;
    app.run(OLAF, SubmitForApproval(scene.call)).await;
    let before = app.call_state(scene.call).await;

    for step in ["submit", "take-back", "publish", "start-evaluation", "archive"] {
        let path = format!("/calls/IE-2017/{step}");
        assert_eq!(app.program("Ana Kask").await.post(&path, json!(null)).await.0.as_u16(), 404, "{step}");
        assert_eq!(app.program("Petra Vogel").await.post(&path, json!(null)).await.0.as_u16(), 403, "{step}");
    }
    let approve = |name: &'static str| {
        let path = format!("/annexes/{}/approve", scene.agency("no-in").annex);
        let app = &app;
        async move { app.program(name).await.post(&path, json!({ "version": 1 })).await.0.as_u16() }
    };
    assert_eq!(approve("Ana Kask").await, 404);
    assert_eq!(approve(OLAF).await, 403);
    assert_eq!(approve("Petra Vogel").await, 404);
    assert_eq!(approve("Ingrid Dahl").await, 200);
    assert_eq!(app.call_state(scene.call).await, before);
    app.finish().await;
}

async fn a_call_closes_to_the_second(app: TestApp) {
    let scene = app.open_call_2017().await;
    let last = scene.last_deadline();
    assert_eq!(last, file_2017().annexes[0].terms.deadline.instant());

    // The clock of the test runs on, so a minute is left for slow machines; the very second is tested in rules.rs.
    app.jump(last - TimeDelta::minutes(1));
    app.work().await;
    assert_eq!(app.call_state(scene.call).await, CallState::Open);

    app.jump(last + TimeDelta::seconds(1));
    app.work().await;
    assert_eq!(app.call_state(scene.call).await, CallState::Closed);
    app.finish().await;
}

async fn a_second_press_changes_nothing(app: TestApp) {
    let scene = app.approved_call_2017().await;
    let olaf = app.actor(OLAF).await;

    let first = app.app.run_once(&olaf, Some("key-of-the-form"), PublishCall(scene.call)).await.unwrap();
    let mails = app.inbox().await.len();
    let again = app.app.run_once(&olaf, Some("key-of-the-form"), PublishCall(scene.call)).await.unwrap();

    assert_eq!((first, again), (CallState::Announced, CallState::Announced));
    assert_eq!(app.inbox().await.len(), mails);
    let third = app.app.run(&olaf, PublishCall(scene.call)).await;
    assert!(matches!(third, Err(AppError::Refused(r)) if r.code == "illegal_step"));
    app.finish().await;
}
