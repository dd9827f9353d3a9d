//! One whole call, from publication to report, through the public doors: nobody's row is written by hand, everybody
//! registers or is invited, and the clock alone is moved.
//!
//! The story is lived without a browser on both databases, and in a real browser with scripts at a desk and without
//! scripts on a phone, where every page it comes to is looked at, those with errors included.

mod applying;
mod deciding;
mod judging;
mod opening;

use super::{
    house::{House, Way},
    stage::Stage,
};
use crate::support::{Base, TestApp};
use chrono::{DateTime, Utc};

/// The two clusters, their agencies and the people who answer for them.
pub const ANA: &str = "ana@sunrise-valley.example";
pub const BRUNO: &str = "bruno@visual-sweden.example";
pub const OLAF: &str = "olaf@secretariat.example";
pub const CHRIS: &str = "chris@panel.example";
pub const TITLE: &str = "Light for Nordic forests";

/// What a story finds out as it goes on.
#[derive(Default)]
pub struct Found {
    /// `/staff/calls/<id>` of the call.
    pub desk: String,
    /// `/proposals/<id>` of the proposal.
    pub proposal: String,
    /// `/proposals/<id>/parts/<id>` of the coordinator's part.
    pub part: String,
}

/// The officers of an agency.
pub fn officer(key: &str, second: bool) -> String {
    format!("{}@{key}.example", if second { "second" } else { "first" })
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("a time")
}

async fn lived(stage: &Stage<'_>) {
    let app = stage.app;
    let mut found = Found::default();
    app.jump(at("2017-03-06T09:00:00Z"));
    opening::the_house_is_opened(stage).await;
    opening::the_call_is_imported_and_approved(stage, &mut found).await;
    app.jump(at("2017-09-01T08:00:00Z"));
    app.work().await;
    applying::two_clusters_apply(stage, &mut found).await;
    app.jump(at("2017-10-31T16:00:01Z"));
    app.work().await;
    judging::both_parts_are_eligible(stage, &found).await;
    judging::evaluators_judge(stage, &found).await;
    deciding::the_agencies_fund_both_parts(stage, &found).await;
    app.jump(at("2018-02-05T08:00:00Z"));
    deciding::dates_are_set(stage, &found).await;
    app.jump(at("2018-08-20T08:00:00Z"));
    app.work().await;
    deciding::the_report_is_returned_and_accepted(stage, &found).await;
}

async fn without_a_browser(base: Base) {
    let app = TestApp::start(base).await;
    lived(&Stage { app: &app, house: None }).await;
    app.finish().await;
}

async fn in_a_browser(way: Way) {
    let house = House::open(way).await;
    lived(&Stage { app: &house.app, house: Some(&house) }).await;
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_sqlite() {
    without_a_browser(Base::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres() {
    without_a_browser(Base::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_scripts_at_a_desk() {
    in_a_browser(Way::Scripts).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_scripts_on_the_phone() {
    in_a_browser(Way::NoScriptsOnThePhone).await;
}
