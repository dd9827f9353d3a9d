//! The program is killed while people work; nothing that was acknowledged is lost.
//!
//! Mail: a mail that was on its way when the program died is sent once more when its lock of five minutes ends,
//! with the same Message-ID. No other mail arrives twice, and none is lost.

mod applying;
mod caller;
mod judging;

use crate::support::{TestApp, smtp::SmtpServer};
use chrono::TimeDelta;
use entity::{notifications::mail, types::states::MailState};
use fairway::{
    accounts::sessions::commands::StartSession,
    cli::check,
    documents::store::DiskStore,
    kernel::{
        Actor, App,
        app::Parts,
        clock::{Clock, ShiftedClock, SystemClock},
        database::Database,
        passwords::{Cost, Passwords},
        secret::SystemChance,
    },
    notifications::transport::{Protection, Smtp, SmtpSettings},
    server,
};
use futures_util::future::BoxFuture;
use sea_orm::EntityTrait;
use std::{
    collections::{BTreeMap, BTreeSet},
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::Arc,
};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

both!(
    a_killed_program_has_lost_nothing_of_what_applicants_were_told,
    a_killed_program_has_lost_nothing_of_what_evaluators_and_staff_were_told,
);

async fn a_killed_program_has_lost_nothing_of_what_applicants_were_told(app: TestApp) {
    let story = applying::Story::begin(&app).await;
    kills(app, &[3, 17, 8, 29, 12, 21], &story).await;
}

async fn a_killed_program_has_lost_nothing_of_what_evaluators_and_staff_were_told(app: TestApp) {
    let story = judging::Story::begin(&app).await;
    kills(app, &[9, 4, 23], &story).await;
}

/// Told of every act that was acknowledged.
type Acts = UnboundedSender<()>;

/// What people do, what they were told, and how it is seen that it is there.
trait Told {
    /// Everybody works until they find the program gone.
    fn work(&self, address: &str, smtp: &Arc<SmtpServer>, acts: Acts) -> BoxFuture<'static, ()>;
    /// Whether everybody was told of something.
    fn is_enough(&self) -> bool;
    /// Everything people were told is there; what is there beyond that counts as told from now on.
    async fn assert_kept(&self, app: &App);
    /// What was left over is done in the end, once.
    async fn finish(&self, app: &App);
}

/// Kills the program after so many acts of each round.
async fn kills(app: TestApp, moments: &[usize], story: &impl Told) {
    app.app.database().clone().close().await.unwrap();
    let smtp = Arc::new(SmtpServer::start().await);
    for (round, acts_until) in moments.iter().enumerate() {
        let (mut child, address) = start(&app, &smtp);
        let (acts, mut heard) = unbounded_channel();
        let people = tokio::spawn(story.work(&address, &smtp, acts));
        for _ in 0..*acts_until {
            heard.recv().await.expect("people go on until the program is gone");
        }
        // The last kill waits until everybody was told of something.
        while round + 1 == moments.len() && !story.is_enough() {
            heard.recv().await.expect("people go on until the program is gone");
        }
        child.kill().unwrap();
        child.wait().unwrap();
        people.await.unwrap();

        let after = opened(&app, TimeDelta::zero()).await;
        story.assert_kept(&after).await;
        let mut problems = check::report(&after, true).await.unwrap().problems;
        problems.retain(|problem| !app.forgiven().iter().any(|name| problem.contains(&format!("({name})"))));
        assert_eq!(problems, Vec::<String>::new());
        after.database().clone().close().await.unwrap();
    }

    assert!(arrivals(&smtp).values().all(|times| *times == 1), "nothing is sent twice before its lock ends");
    // Ten minutes later the locks have ended, and the rest is done.
    let later = opened(&app, TimeDelta::minutes(10)).await;
    let held = on_their_way(&later).await;
    story.finish(&later).await;
    server::send(&later, &Smtp::new(&settings(&smtp)).unwrap()).await.unwrap();
    let arrived = arrivals(&smtp);
    let twice: BTreeSet<String> = arrived.iter().filter(|(_, n)| **n > 1).map(|(id, _)| id.clone()).collect();
    assert!(twice.is_subset(&held), "sent twice without having been on the way: {twice:?}");
    for row in mail::Entity::find().all(later.database().maintenance()).await.unwrap() {
        let sent = row.state == MailState::Sent;
        // What the scene wrote before the program ran went to the built-in mailbox.
        assert!(!sent || arrived.contains_key(&row.message_id), "{} to {} is lost", row.name, row.address);
        assert!(row.state != MailState::Queued, "{} to {} is still queued", row.name, row.address);
    }
    story.assert_kept(&later).await;
    later.database().clone().close().await.unwrap();
}

/// The session of a person, as a browser keeps it.
async fn session(app: &TestApp, name: &str) -> String {
    let account = app.account(name).await;
    let start = StartSession { account, address: "127.0.0.1".into(), agent: "test".into() };
    app.app.run(&Actor::Nobody, start).await.unwrap()
}

/// The real program on the database and the folder of a test, at a free port.
fn start(app: &TestApp, smtp: &SmtpServer) -> (Child, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_fairway"))
        .args(["serve", "--port", "0", "--database", app.url(), "--data"])
        .arg(app.folder())
        .env("FAIRWAY__MAIL__HOST", "127.0.0.1")
        .env("FAIRWAY__MAIL__PORT", smtp.address().port().to_string())
        .env("FAIRWAY__MAIL__SECURITY", "none")
        .env("FAIRWAY__HTTP__PUBLIC_URL", "http://fairway.test")
        .env("FAIRWAY__LOG__LEVEL", "off")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    while !line.starts_with("http://") {
        line.clear();
        assert!(out.read_line(&mut line).unwrap() > 0, "the program ended before it served");
    }
    (child, line.trim().trim_start_matches("http://").trim_end_matches('/').to_owned())
}

/// Opens the data after a kill, with a clock that is ahead by so much.
async fn opened(app: &TestApp, ahead: TimeDelta) -> App {
    App::new(Parts {
        database: Database::open(app.url()).await.unwrap(),
        clock: Arc::new(ShiftedClock::starting_at(SystemClock.now() + ahead)),
        chance: Arc::new(SystemChance),
        passwords: Passwords::with(2, 100, Cost { memory_kib: 64, rounds: 1 }),
        store: Arc::new(DiskStore::open(app.folder().join("files")).await.unwrap()),
        base_url: "http://fairway.test".into(),
    })
}

fn settings(smtp: &SmtpServer) -> SmtpSettings {
    SmtpSettings {
        host: "127.0.0.1".into(),
        port: smtp.address().port(),
        tls: Protection::None,
        user: None,
        password: None,
        from: "Fairway <fairway@localhost>".into(),
        reply_to: None,
        timeout_seconds: 20,
        connections: 4,
    }
}

/// How often each mail arrived, by its Message-ID.
fn arrivals(smtp: &SmtpServer) -> BTreeMap<String, usize> {
    let mut arrived = BTreeMap::new();
    for mail in smtp.mails() {
        *arrived.entry(mail.header("Message-ID").trim_matches(['<', '>']).to_owned()).or_default() += 1;
    }
    arrived
}

/// Mails that were on their way when the program was killed.
async fn on_their_way(app: &App) -> BTreeSet<String> {
    let rows = mail::Entity::find().all(app.database().maintenance()).await.unwrap();
    let held = rows.into_iter().filter(|row| row.state == MailState::Queued && row.locked_until.is_some());
    held.map(|row| row.message_id).collect()
}
