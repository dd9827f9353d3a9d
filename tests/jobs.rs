//! Background jobs: followed by whoever ordered them, mended by administrators.

use crate::support::TestApp;
use chrono::TimeDelta;
use entity::{
    kernel::job,
    types::{
        ids::MailId,
        states::{JobState, Role},
    },
};
use fairway::{
    jobs::{Registry, bulk, commands::OrderBulk, worker},
    kernel::clock::Clock,
    server,
};
use sea_orm::EntityTrait;
use serde_json::json;
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

both!(
    a_bulk_job_says_what_it_could_not_do,
    a_failed_job_is_seen_and_runs_again,
    whoever_ordered_a_long_job_gets_a_mail,
    a_job_that_panics_has_failed_and_the_next_one_is_done,
    a_job_that_ends_its_worker_each_time_is_given_up,
    a_worker_that_was_silent_for_too_long_does_not_speak_for_its_job,
);

async fn a_bulk_job_says_what_it_could_not_do(app: TestApp) {
    let ids = [MailId(uuid(1)), MailId(uuid(2))];
    // Ana may order, but none of the rows is hers to send again.
    let job = app.run("Ana Kask", OrderBulk::new("notifications.again", &ids, "/calls")).await;

    server::work(&app.app, &server::jobs()).await.unwrap();

    let ana = app.as_("Ana Kask").await;
    let page = ana.get(&format!("/jobs/{job}")).await.expect(200);
    page.says("0 done, 2 not possible.").says("Back to the list");
    app.as_("Somebody Else").await.get(&format!("/jobs/{job}")).await.expect(404);
    app.visitor().get(&format!("/jobs/{job}")).await.expect(401);
    let (_, seen) = app.program("Ana Kask").await.get(&format!("/jobs/{job}")).await;
    assert_eq!((seen["state"].as_str(), seen["problems"].as_array().map(Vec::len)), (Some("done"), Some(2)));
    app.finish().await;
}

async fn a_failed_job_is_seen_and_runs_again(app: TestApp) {
    app.grant("Adam Min", Role::Administrator, None, None).await;
    let job = app.run("Ana Kask", OrderBulk::new("no.such.job", &[uuid(1)], "/calls")).await;
    for _ in 0..6 {
        server::work(&app.app, &server::jobs()).await.unwrap();
        app.jump(app.app.now() + TimeDelta::hours(4));
    }

    app.as_("Ana Kask")
        .await
        .get(&format!("/jobs/{job}"))
        .await
        .expect(200)
        .says("This did not work")
        .does_not_say("no.such");
    app.as_("Ana Kask").await.get("/admin/jobs").await.expect(404);
    app.as_("Ana Kask").await.post(&format!("/admin/jobs/{job}/again"), &[]).await.expect(403);
    let adam = app.as_("Adam Min").await;
    adam.get("/admin/jobs?state=failed").await.expect(200).says("there is no job called no.such.job");
    adam.get("/admin/jobs?state=failed&export=xlsx").await.expect(200);
    adam.post(&format!("/admin/jobs/{job}/again"), &[]).await.goes_to("/admin/jobs");
    adam.post(&format!("/admin/jobs/{job}/again"), &[]).await.goes_to("/admin/jobs");
    adam.get("/admin/jobs").await.says("Only a job that failed can run again.");
    let row = job::Entity::find_by_id(job).one(app.app.database().maintenance()).await.unwrap().unwrap();
    assert_eq!((row.state, row.attempts), (JobState::Queued, 0));
    app.finish().await;
}

fn uuid(n: u128) -> uuid::Uuid {
    uuid::Uuid::from_u128(n)
}

async fn whoever_ordered_a_long_job_gets_a_mail(app: TestApp) {
    for (seconds, mails) in [(20, 0), (70, 1)] {
        let job = app.run("Ana Kask", OrderBulk::new("test.slow", &[uuid(1)], "/calls")).await;
        let clock = app.clock.clone();
        let slow = Registry::default().job("test.slow", move |app, task| {
            let clock = clock.clone();
            async move {
                bulk::each(&app, &task, |_, _| {
                    clock.set(clock.now() + TimeDelta::seconds(seconds));
                    async { Ok(()) }
                })
                .await
            }
        });

        assert!(worker::step(&app.app, &slow).await.unwrap());

        let told: Vec<_> = app.mails().await.into_iter().filter(|mail| mail.name == "J01").collect();
        assert_eq!(told.len(), mails, "after {seconds} seconds");
        for mail in told {
            assert_eq!(mail.address, "ana.kask@example.org");
            assert!(mail.text.contains("1 done.") && mail.text.contains(&job.to_string()), "{}", mail.text);
        }
    }
    app.finish().await;
}

async fn ordered(app: &TestApp, name: &'static str) -> entity::types::ids::JobId {
    app.run("Ana Kask", OrderBulk::new(name, &[uuid(1)], "/calls")).await
}

async fn row(app: &TestApp, id: entity::types::ids::JobId) -> job::Model {
    job::Entity::find_by_id(id).one(app.app.database().maintenance()).await.unwrap().unwrap()
}

async fn a_job_that_panics_has_failed_and_the_next_one_is_done(app: TestApp) {
    let registry = Registry::default()
        .job("test.panics", |_, task| async move { panic!("nothing fits in {}", task.payload["back"]) })
        .job("test.works", |_, _| async { Ok(json!({})) });
    let (bad, good) = (ordered(&app, "test.panics").await, ordered(&app, "test.works").await);

    while worker::step(&app.app, &registry).await.unwrap() {}

    let (bad_row, good_row) = (row(&app, bad).await, row(&app, good).await);
    assert_eq!((good_row.state, good_row.attempts), (JobState::Done, 1));
    assert_eq!((bad_row.state, bad_row.attempts, bad_row.locked_until), (JobState::Queued, 1, None));
    assert_eq!(bad_row.error, "a fault in the program: nothing fits in \"/calls\"");
    for _ in 0..8 {
        app.jump(app.app.now() + chrono::TimeDelta::hours(4));
        worker::step(&app.app, &registry).await.unwrap();
    }
    let bad_row = row(&app, bad).await;
    assert_eq!((bad_row.state, bad_row.attempts), (JobState::Failed, 6));
    app.finish().await;
}

async fn a_job_that_ends_its_worker_each_time_is_given_up(app: TestApp) {
    let begun = Arc::new(AtomicUsize::new(0));
    let counted = begun.clone();
    let registry = Registry::default().job("test.kills", move |_, _| {
        counted.fetch_add(1, Ordering::SeqCst);
        std::future::pending()
    });
    let id = ordered(&app, "test.kills").await;

    for n in 1..=8 {
        // The program is gone in the middle of it; nobody says what became of the job.
        let _gone = tokio::time::timeout(Duration::from_millis(100), worker::step(&app.app, &registry)).await;
        assert_eq!(row(&app, id).await.attempts, n.min(6), "the try is counted when the job is taken");
        app.jump(app.app.now() + chrono::TimeDelta::minutes(6));
    }

    let row = row(&app, id).await;
    assert_eq!((row.state, begun.load(Ordering::SeqCst)), (JobState::Failed, 6), "{}", row.error);
    assert!(row.error.contains("fell silent"), "{}", row.error);
    app.finish().await;
}

async fn a_worker_that_was_silent_for_too_long_does_not_speak_for_its_job(app: TestApp) {
    let gate = Arc::new(tokio::sync::Notify::new());
    let (waits, runs) = (gate.clone(), Arc::new(AtomicUsize::new(0)));
    let counted = runs.clone();
    let registry = Registry::default().job("test.slow", move |_, _| {
        let (gate, first) = (waits.clone(), counted.fetch_add(1, Ordering::SeqCst) == 0);
        async move {
            if first {
                gate.notified().await;
            }
            Ok(json!({ "by": if first { "the silent one" } else { "the second one" } }))
        }
    });
    let id = ordered(&app, "test.slow").await;
    let silent = tokio::spawn({
        let (app, registry) = (app.app.clone(), registry.clone());
        async move { worker::step(&app, &registry).await }
    });
    while runs.load(Ordering::SeqCst) == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }

    app.jump(app.app.now() + chrono::TimeDelta::minutes(6));
    assert!(worker::step(&app.app, &registry).await.unwrap());
    gate.notify_one();
    silent.await.unwrap().unwrap();

    let row = row(&app, id).await;
    assert_eq!((row.state, row.result, row.attempts), (JobState::Done, Some(json!({ "by": "the second one" })), 2));
    app.finish().await;
}
