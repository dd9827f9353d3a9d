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

both!(
    a_bulk_job_says_what_it_could_not_do,
    a_failed_job_is_seen_and_runs_again,
    whoever_ordered_a_long_job_gets_a_mail,
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
