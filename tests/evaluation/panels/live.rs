//! The live stream: everybody in the room is told that something changed, whoever is out is not, and a lost
//! connection or another process changes nothing.

use super::{does, open_vote, pairs, points};
use crate::support::{
    Base, TestApp,
    people::Client,
    scenes::{
        calls::OLAF,
        panels::{ALL, CHAIR, Table, conflict, gathered, table},
    },
};
use futures_util::{Stream, StreamExt, TryStreamExt};
use std::{pin::Pin, time::Duration};

both!(
    everybody_in_the_room_is_told_of_a_change,
    whoever_is_out_of_the_room_is_told_when_it_begins_and_ends_only,
    a_lost_connection_goes_on_where_it_was,
    the_stream_ends_with_the_session,
);

/// A listening browser.
struct Ear {
    body: Pin<Box<dyn Stream<Item = std::io::Result<Vec<u8>>> + Send>>,
    last: String,
}

impl Ear {
    async fn of(client: &Client<'_>, table: &Table, last: &str) -> Self {
        let response = client.listen(&format!("{}/live", table.path()), last).await;
        assert_eq!(response.status(), 200);
        let bytes = response.into_body().into_bytes_stream();
        let mut ear = Self { body: Box::pin(bytes.map_ok(|b| b.to_vec())), last: last.to_owned() };
        // The first word is there at once: what is new, or that it listens.
        ear.hears(Duration::from_secs(5)).await;
        ear
    }

    /// Whether a change is told within this time; keeps its signature.
    async fn hears(&mut self, within: Duration) -> Option<String> {
        let told = tokio::time::timeout(within, async {
            while let Some(chunk) = self.body.next().await {
                let text = String::from_utf8(chunk.unwrap()).unwrap();
                if text.contains("event: over") {
                    return Some("over".to_owned());
                }
                if let Some(line) = text.lines().find_map(|line| line.strip_prefix("id: ")) {
                    return Some(line.to_owned());
                }
                if text.contains(": listening") {
                    return None;
                }
            }
            Some("ended".to_owned())
        });
        let told = told.await.ok().flatten();
        if let Some(told) = &told {
            self.last.clone_from(told);
        }
        told
    }
}

const SOON: Duration = Duration::from_secs(4);
const LONG: Duration = Duration::from_millis(2_500);

async fn everybody_in_the_room_is_told_of_a_change(app: TestApp) {
    let table = table(&app).await;
    gathered(&app, &table, &ALL).await;
    let nina = app.as_("Nina Third").await;
    let mut ear = Ear::of(&nina, &table, "").await;
    assert_ne!(ear.last, "");
    does(&app, CHAIR, &table.item(0), &[("action", "begin")]).await.goes_to(&table.path());
    assert!(ear.hears(SOON).await.is_some(), "a proposal was called up");
    does(&app, "Max Judge", &table.item(0), &[("action", "note"), ("note", "Yes")]).await.goes_to(&table.path());
    assert!(ear.hears(SOON).await.is_some(), "a note was written");
    // The page carries the signature of what it shows, so that nothing is missed in between.
    assert!(nina.get(&table.path()).await.html().contains(&ear.last));
    app.finish().await;
}

async fn whoever_is_out_of_the_room_is_told_when_it_begins_and_ends_only(app: TestApp) {
    let table = table(&app).await;
    conflict(&app, "Max Judge", table.field.proposals[0].id).await;
    gathered(&app, &table, &ALL).await;
    let max = app.as_("Max Judge").await;
    let mut ear = Ear::of(&max, &table, "").await;
    // Two looks later nothing of one's own coming is news any more.
    while ear.hears(Duration::from_secs(6)).await.is_some() {}
    does(&app, CHAIR, &table.item(0), &[("action", "begin")]).await.goes_to(&table.path());
    assert!(ear.hears(SOON).await.is_some(), "it begins");

    does(&app, OLAF, &table.item(0), &pairs(&points("0", "4"))).await.goes_to(&table.path());
    does(&app, CHAIR, &table.item(0), &[("action", "extend"), ("more", "5")]).await.goes_to(&table.path());
    does(&app, "Eva Expert", &table.item(0), &[("action", "note"), ("note", "Yes")]).await.goes_to(&table.path());
    does(&app, CHAIR, &table.item(0), &[("action", "vote_open"), ("question", "Fund")]).await.goes_to(&table.path());
    let vote = open_vote(&app).await;
    does(&app, CHAIR, &table.item(0), &[("action", "vote_yes"), ("vote", &vote)]).await.goes_to(&table.path());
    does(&app, CHAIR, &table.item(0), &[("action", "vote_close"), ("vote", &vote)]).await.goes_to(&table.path());
    assert_eq!(ear.hears(Duration::from_secs(6)).await, None, "nothing within the proposal is told");

    does(&app, CHAIR, &table.item(0), &[("action", "decide"), ("outcome", "Funded")]).await.goes_to(&table.path());
    assert!(ear.hears(SOON).await.is_some(), "it ends");
    app.finish().await;
}

async fn a_lost_connection_goes_on_where_it_was(app: TestApp) {
    let table = table(&app).await;
    gathered(&app, &table, &ALL).await;
    let nina = app.as_("Nina Third").await;
    let mut ear = Ear::of(&nina, &table, "").await;
    while ear.hears(LONG).await.is_some() {}
    let known = ear.last.clone();
    drop(ear);

    // Nothing happened meanwhile: nothing is told anew.
    let ear = Ear::of(&nina, &table, &known).await;
    assert_eq!(ear.last, known);
    drop(ear);
    does(&app, CHAIR, &table.item(0), &[("action", "begin")]).await.goes_to(&table.path());
    let ear = Ear::of(&nina, &table, &known).await;
    assert_ne!(ear.last, known, "what happened meanwhile is told at once");
    app.finish().await;
}

async fn the_stream_ends_with_the_session(app: TestApp) {
    let table = table(&app).await;
    let max = app.as_("Max Judge").await;
    let mut ear = Ear::of(&max, &table, "").await;
    max.post("/sign-out", &[]).await.goes_to("/");
    let mut told = Some(String::new());
    for _ in 0..4 {
        told = ear.hears(Duration::from_secs(6)).await;
        if told.as_deref() == Some("over") {
            break;
        }
    }
    assert_eq!(told.as_deref(), Some("over"));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_show_the_same_on_postgres() {
    let one = TestApp::start(Base::Postgres).await;
    let other = one.another().await;
    let table = table(&one).await;
    gathered(&one, &table, &ALL).await;
    let nina = one.as_("Nina Third").await;
    let there = nina.at(&other);
    let mut ear = Ear::of(&there, &table, "").await;
    while ear.hears(LONG).await.is_some() {}

    does(&one, CHAIR, &table.item(0), &[("action", "begin")]).await.goes_to(&table.path());

    assert!(ear.hears(SOON).await.is_some(), "the other process tells it");
    there.get(&table.path()).await.expect(200).says("Now: IE-2017-001").says("connected");
    drop(ear);
    drop(there);
    other.app.database().clone().close().await.unwrap();
    one.finish().await;
}
