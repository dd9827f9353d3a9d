//! Several processes of Fairway share one PostgreSQL: nothing that matters lives in the memory of one of them.

use crate::support::{Base, PASSWORD, TestApp, scenes::calls::OLAF};
use chrono::TimeDelta;
use entity::{
    kernel::job,
    notifications::mail,
    types::{
        ids::MailId,
        states::{JobState, MailClass, MailState},
    },
};
use fairway::{
    jobs::{Registry, commands::OrderBulk, schedule},
    lists::views::commands::SaveView,
    notifications::transport::{Carried, Carrier, Letter, SendError},
    server,
};
use futures_util::future::BoxFuture;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

/// Two processes on one database.
async fn two() -> (TestApp, TestApp) {
    let one = TestApp::start(Base::Postgres).await;
    let other = one.another().await;
    (one, other)
}

async fn end(one: TestApp, other: TestApp) {
    other.app.database().clone().close().await.unwrap();
    one.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_is_known_to_both_and_ends_for_both() {
    let (one, other) = two().await;
    let here = one.as_("Ana Kask").await;
    let there = here.at(&other);

    there.get("/account").await.expect(200).says("ana.kask@example.org");
    there.post("/sign-out", &[]).await.goes_to("/");

    here.get("/account").await.expect(401);
    end(one, other).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_press_at_the_other_process_changes_nothing() {
    let (one, other) = two().await;
    let here = one.as_("Ana Kask").await;
    let fields = [("kind", "sme"), ("name", "Kask OÜ"), ("country", "EE"), ("key", "one press")];

    let first = here.post("/organisations/new", &fields).await.expect(303).location;
    let second = here.at(&other).post("/organisations/new", &fields).await.expect(303).location;

    assert_eq!(first, second);
    end(one, other).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrong_tries_are_counted_together() {
    let (one, other) = two().await;
    one.account("Ana Kask").await;
    let wrong = [("email", "ana.kask@example.org"), ("password", "wrong")];

    for app in [&one, &other].repeat(5) {
        app.visitor().post("/sign-in", &wrong).await.expect(422);
    }

    let right = [("email", "ana.kask@example.org"), ("password", PASSWORD)];
    for app in [&one, &other] {
        app.visitor().post("/sign-in", &right).await.expect(429);
    }
    end(one, other).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_job_is_done_once() {
    let (one, other) = two().await;
    let runs: Arc<Mutex<BTreeMap<String, usize>>> = Arc::default();
    let counted = runs.clone();
    let registry = Registry::default().job("test.counts", move |_, task| {
        *counted.lock().unwrap().entry(task.id.to_string()).or_default() += 1;
        async {
            tokio::time::sleep(Duration::from_millis(2)).await;
            Ok(json!({}))
        }
    });
    for n in 1..=40 {
        one.run("Ana Kask", OrderBulk::new("test.counts", &[MailId(uuid::Uuid::from_u128(n))], "/calls")).await;
    }

    let work = |app: &TestApp| {
        let (app, registry) = (app.app.clone(), registry.clone());
        tokio::spawn(async move {
            schedule::order_due(&app).await.unwrap();
            while fairway::jobs::worker::step(&app, &registry).await.unwrap() {}
        })
    };
    for worker in [work(&one), work(&other), work(&one), work(&other)] {
        worker.await.unwrap();
    }

    let runs = runs.lock().unwrap().clone();
    assert_eq!((runs.len(), runs.values().max()), (40, Some(&1)));
    let rows = job::Entity::find().all(one.app.database().maintenance()).await.unwrap();
    let counts = rows.iter().filter(|row| row.name == "test.counts");
    assert!(counts.clone().all(|row| (row.state, row.attempts) == (JobState::Done, 1)));
    // What the clock orders is ordered once for both.
    let mut names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).filter(|name| *name != "test.counts").collect();
    names.sort_unstable();
    let mut expected: Vec<&str> = schedule::SCHEDULE.iter().map(|(name, _)| *name).collect();
    expected.sort_unstable();
    assert_eq!(names, expected);
    end(one, other).await;
}

/// A mail server that remembers how often it was given each mail.
#[derive(Default)]
struct Counting(Mutex<BTreeMap<String, usize>>);

impl Carrier for Counting {
    fn send<'a>(&'a self, letter: &'a Letter) -> BoxFuture<'a, Result<Carried, SendError>> {
        *self.0.lock().unwrap().entry(letter.message_id.clone()).or_default() += 1;
        Box::pin(async {
            tokio::time::sleep(Duration::from_millis(2)).await;
            Ok(Carried::Sent)
        })
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_mail_leaves_once() {
    let (one, other) = two().await;
    let db = one.app.database().maintenance();
    for n in 1..=60_u128 {
        let id = MailId(uuid::Uuid::from_u128(n));
        let row = mail::ActiveModel {
            id: Set(id),
            name: Set("T01".into()),
            class: Set(MailClass::Essential),
            account_id: Set(None),
            address: Set(format!("reader{n}@example.org")),
            subject: Set("News".into()),
            text: Set("News".into()),
            html: Set("<p>News</p>".into()),
            state: Set(MailState::Queued),
            attempts: Set(0),
            next_at: Set(one.app.now()),
            locked_until: Set(None),
            message_id: Set(format!("{id}@fairway.test")),
            error: Set(None),
            about_kind: Set(None),
            about_id: Set(None),
            created_at: Set(one.app.now()),
            sent_at: Set(None),
        };
        mail::Entity::insert(row).exec_without_returning(db).await.unwrap();
    }
    let server = Arc::new(Counting::default());

    let send = |app: &TestApp| {
        let (app, server) = (app.app.clone(), server.clone());
        tokio::spawn(async move { server::send(&app, server.as_ref()).await.unwrap() })
    };
    for postman in [send(&one), send(&other), send(&one), send(&other)] {
        postman.await.unwrap();
    }

    let arrived = server.0.lock().unwrap().clone();
    assert_eq!((arrived.len(), arrived.values().max()), (60, Some(&1)));
    let left = mail::Entity::find().filter(mail::Column::State.ne(MailState::Sent)).all(db).await.unwrap();
    assert!(left.is_empty(), "{left:?}");
    end(one, other).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_both_write_at_once_is_one_unbroken_log() {
    let (one, other) = two().await;
    let (ana, bruno) = (one.actor("Ana Kask").await, one.actor("Bruno Lind").await);

    let write = |app: &TestApp, actor: &fairway::kernel::Actor| {
        let (app, actor) = (app.app.clone(), actor.clone());
        tokio::spawn(async move {
            for n in 0..25 {
                let view = SaveView { list: "things".into(), name: format!("View {n}"), query: format!("q={n}") };
                app.run(&actor, view).await.unwrap();
            }
        })
    };
    for writer in [write(&one, &ana), write(&other, &bruno), write(&one, &bruno), write(&other, &ana)] {
        writer.await.unwrap();
    }

    assert_eq!(one.audit_trail().await.len(), 100);
    // The end checks that the chain is whole.
    end(one, other).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_remembered_by_one_process_is_at_most_a_second_behind_the_other() {
    let (one, other) = two().await;
    let scene = one.open_call_2017().await;
    one.jump(one.app.now() + TimeDelta::minutes(1));
    let shown = async |app: &TestApp| app.visitor().get("/calls/IE-2017").await.expect(200).text();
    let (new, annex) = ("7 November 2017, 16:00 CET (Europe/Oslo)", scene.agency("no-in").annex.to_string());
    assert!(!shown(&one).await.contains(new) && !shown(&other).await.contains(new));

    let (_, annexes) = one.program(OLAF).await.get("/calls/IE-2017/annexes").await;
    let annexes = annexes["items"].as_array().unwrap();
    let mut terms = annexes.iter().find(|row| row["id"] == annex.as_str()).unwrap()["terms"].clone();
    terms["deadline"]["local"] = json!("2017-11-07T16:00:00");
    let ingrid = one.program("Ingrid Dahl").await;
    let change = json!({ "version": 1, "reason": "The portal of the agency was down.", "terms": terms });
    assert_eq!(ingrid.post(&format!("/annexes/{annex}/corrigenda"), change).await.0.as_u16(), 200);

    assert!(shown(&one).await.contains(new), "whoever wrote it sees it at once");
    one.jump(one.app.now() + TimeDelta::seconds(1));
    assert!(shown(&other).await.contains(new), "the other process sees it after a second");
    end(one, other).await;
}
