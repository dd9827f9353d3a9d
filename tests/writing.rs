//! Many people write at once: what was acknowledged is there, what was refused is not, and nobody pays for another.

use crate::support::{Base, TestApp};
use entity::{
    proposals::proposal,
    types::ids::{CallId, OrganisationId},
};
use fairway::proposals::drafts::commands::StartProposal;
use sea_orm::{ConnectionTrait, EntityTrait};
use std::{collections::BTreeSet, time::Duration};

both!(those_who_wait_together_are_kept_together, whoever_goes_away_takes_nobody_along);

const ANA: &str = "Ana Kask";

async fn home(app: &TestApp) -> (CallId, OrganisationId) {
    let call = app.call_open_for_drafts().await;
    (call, app.applicant(ANA, "Sunrise Valley", "LT").await)
}

fn start((call, organisation): (CallId, OrganisationId), number: usize, another: bool) -> StartProposal {
    let acronym = format!("NO {number}");
    StartProposal { call, organisation, annex: None, title: format!("Project {number}"), acronym, another }
}

/// The codes of all proposals.
async fn kept(app: &TestApp) -> BTreeSet<String> {
    let rows = proposal::Entity::find().all(app.app.database().maintenance()).await.unwrap();
    rows.into_iter().map(|row| row.code).collect()
}

async fn those_who_wait_together_are_kept_together(app: TestApp) {
    let home = home(&app).await;
    let ana = app.actor(ANA).await;
    let first = app.app.run(&ana, start(home, 0, false)).await.unwrap();
    let tasks: Vec<_> = (1..=90)
        .map(|number| {
            let (app, ana) = (app.app.clone(), ana.clone());
            // Every third forgets to say that it is another one, and is refused.
            tokio::spawn(async move { app.run(&ana, start(home, number, number % 3 != 0)).await })
        })
        .collect();
    let mut told = BTreeSet::from([first.code]);
    let mut refused = 0;
    for task in tasks {
        match task.await.unwrap() {
            Ok(started) => assert!(told.insert(started.code)),
            Err(error) => {
                assert_eq!(error.code(), "draft_exists");
                refused += 1;
            }
        }
    }

    assert_eq!((told.len(), refused), (61, 30));
    assert_eq!(kept(&app).await, told);
    app.finish().await;
}

async fn whoever_goes_away_takes_nobody_along(app: TestApp) {
    let home = home(&app).await;
    let ana = app.actor(ANA).await;
    let mut told = BTreeSet::new();
    for round in 0..8 {
        let tasks: Vec<_> = (0..12)
            .map(|number| {
                let (app, ana) = (app.app.clone(), ana.clone());
                tokio::spawn(async move { app.run(&ana, start(home, number, true)).await })
            })
            .collect();
        // Later in each round, so that people go at every moment of a command.
        tokio::time::sleep(Duration::from_millis(3 * round)).await;
        for (number, task) in tasks.into_iter().enumerate() {
            if number % 2 == 0 {
                task.abort();
            }
            match task.await {
                Ok(outcome) => assert!(told.insert(outcome.unwrap().code)),
                Err(gone) => assert!(gone.is_cancelled()),
            }
        }
    }

    let kept = kept(&app).await;
    assert!(told.is_subset(&kept), "acknowledged and lost: {:?}", told.difference(&kept));
    assert!(told.len() >= 48, "whoever stayed was served");
    app.finish().await;
}

/// SQLite undoes a whole transaction when the disk is full, and its connection never notices.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[expect(clippy::disallowed_methods, reason = "a limit of the connection stands for a disk without room")]
async fn a_full_disk_is_said_and_the_next_one_is_served() {
    let app = TestApp::start(Base::Sqlite).await;
    let home = home(&app).await;
    let ana = app.actor(ANA).await;
    let write = app.app.database().maintenance();
    write.execute_unprepared("PRAGMA max_page_count = 1").await.unwrap();
    let (mut told, mut full) = (BTreeSet::new(), 0);
    for round in 0..60 {
        let tasks: Vec<_> = (0..4)
            .map(|number| {
                let (app, ana) = (app.app.clone(), ana.clone());
                tokio::spawn(async move { app.run(&ana, start(home, 4 * round + number, true)).await })
            })
            .collect();
        for task in tasks {
            match task.await.unwrap() {
                Ok(started) => assert!(told.insert(started.code)),
                Err(error) => {
                    assert_eq!(error.code(), "disk_full", "{error}");
                    full += 1;
                }
            }
        }
    }

    assert!(full > 0, "the disk was never full");
    // The connection that took the place of the broken one knows no limit: room was made.
    let started = app.app.run(&ana, start(home, 1000, true)).await.unwrap();
    told.insert(started.code);
    assert_eq!(kept(&app).await, told);
    app.finish().await;
}
