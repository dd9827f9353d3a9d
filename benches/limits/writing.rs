//! Saves: how many small rows a second this machine commits, beside answers saved and parts handed in over HTTP;
//! once over one connection and once over many, because those who come at once share a commit in Fairway.

use super::{
    client::{Connection, get, post},
    house::{House, SignedIn},
    rush,
    seed::Ready,
    stats::{Aim, Sample, Verdicts},
};
use anyhow::Context;
use sea_orm::sqlx::{
    self, Connection as _, Row,
    sqlite::{SqliteConnectOptions, SqliteConnection},
};
use serde_json::Value;
use std::time::{Duration, Instant};

const CONNECTIONS: usize = 16;
const ROUNDS: usize = 5;
const TURN: Duration = Duration::from_secs(1);
/// Parts handed in a round over many connections, and over one.
const PARTS: usize = 160;
const ALONE: usize = 40;
/// Drafts that are needed for all of it.
pub const DRAFTS: usize = CONNECTIONS + ROUNDS * (PARTS + ALONE);
/// A section of the call of 2017 and a question in it.
const SECTION: &str = "f";
const QUESTION: &str = "q.follow_up";

/// Runs all of it in turn.
pub async fn saves(house: &House, person: &SignedIn, drafts: &[Ready], verdicts: &mut Verdicts) -> anyhow::Result<()> {
    let mut raw = Raw::open(house).await?;
    let (mut one, mut many) = (Rates::default(), Rates::default());
    println!(
        "\nWhat is kept for good: SQLite with {}; {ROUNDS} rounds, {} drafts; mails and jobs are ordered in the same \
         commit and done later",
        raw.settings,
        drafts.len()
    );
    let (writing, mut waiting) = drafts.split_at(CONNECTIONS);
    let mut writers = Vec::new();
    for draft in writing {
        writers.push(Writer::new(house, person, draft).await?);
    }
    for _ in 0..ROUNDS {
        for (connections, parts, rates) in [(1, ALONE, &mut one), (CONNECTIONS, PARTS, &mut many)] {
            rates.commits.push(raw.commits(connections, TURN).await?);
            rates.saved.push(write(&mut writers, connections).await?);
            let (now, later) = waiting.split_at(parts);
            waiting = later;
            rates.handed.push(rush::each(house.at, presses(house, person, now).await?, connections, 303).await?);
        }
    }
    one.print("over one connection", verdicts);
    many.print(&format!("over {CONNECTIONS} connections"), verdicts);
    Ok(())
}

/// What was measured over so many connections.
#[derive(Default)]
struct Rates {
    commits: Sample,
    saved: Sample,
    handed: Sample,
}

impl Rates {
    fn print(&self, how: &str, verdicts: &mut Verdicts) {
        println!("  {how}");
        println!("    one row a commit               {}", self.commits.told("commits/s"));
        for (what, name, sample, unit) in [
            ("an answer saved by the script", "autosave", &self.saved, "saves/s"),
            ("a part handed in", "submit", &self.handed, "parts/s"),
        ] {
            println!("    {what:<30} {}", sample.told(unit));
            let ratio = sample.median() / self.commits.median();
            println!("    {}", verdicts.judge(&format!("{name} / raw commits, {how}"), ratio, Aim::AtLeast(0.5)));
        }
    }
}

/// So many of the writers write for a turn; gives the saves a second.
async fn write(writers: &mut Vec<Writer>, connections: usize) -> anyhow::Result<f64> {
    let start = Instant::now();
    let tasks: Vec<_> = writers.drain(..connections).map(|writer| tokio::spawn(writer.write(start))).collect();
    let mut answers = 0;
    for task in tasks {
        let (writer, n) = task.await??;
        answers += n;
        writers.push(writer);
    }
    Ok(f64::from(answers) / start.elapsed().as_secs_f64())
}

/// A database with nothing but one table, opened as ours is.
struct Raw {
    connections: Vec<SqliteConnection>,
    settings: String,
}

impl Raw {
    async fn open(house: &House) -> anyhow::Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(house.folder.join("raw.sqlite"))
            .create_if_missing(true)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5))
            .pragma("journal_mode", "WAL")
            .pragma("synchronous", "FULL")
            .pragma("cache_size", "-65536")
            .pragma("mmap_size", "268435456")
            .pragma("temp_store", "memory")
            .statement_cache_capacity(400);
        let mut connection = SqliteConnection::connect_with(&options).await?;
        sqlx::query("CREATE TABLE line (id INTEGER PRIMARY KEY, text TEXT NOT NULL)").execute(&mut connection).await?;
        let ours = house.app.database().maintenance().get_sqlite_connection_pool();
        let mut settings = Vec::new();
        for (name, word) in [("journal_mode", "journal"), ("synchronous", "synchronous")] {
            let ask = format!("PRAGMA {name}");
            let told = |row: sqlx::sqlite::SqliteRow| {
                row.try_get::<String, _>(0).or_else(|_| row.try_get::<i64, _>(0).map(|n| n.to_string()))
            };
            let one = told(sqlx::query(sqlx::AssertSqlSafe(ask.clone())).fetch_one(&mut connection).await?)?;
            let other = told(sqlx::query(sqlx::AssertSqlSafe(ask)).fetch_one(ours).await?)?;
            anyhow::ensure!(one == other, "{name} is {one} there and {other} here");
            settings.push(format!("{word} {one}"));
        }
        let mut connections = vec![connection];
        for _ in 1..CONNECTIONS {
            connections.push(SqliteConnection::connect_with(&options).await?);
        }
        Ok(Self { connections, settings: settings.join(", ").replace("synchronous 2", "synchronous FULL") })
    }

    /// Commits a second over so many connections at once, each row in a commit of its own.
    async fn commits(&mut self, connections: usize, time: Duration) -> anyhow::Result<f64> {
        let start = Instant::now();
        let insert = |mut connection: SqliteConnection| async move {
            let mut rows = 0_u32;
            while start.elapsed() < time {
                sqlx::query("INSERT INTO line (text) VALUES (?)")
                    .bind("Twelve companies get a first customer abroad.")
                    .execute(&mut connection)
                    .await?;
                rows += 1;
            }
            Ok::<_, sqlx::Error>((connection, rows))
        };
        let tasks: Vec<_> = self.connections.drain(..connections).map(|one| tokio::spawn(insert(one))).collect();
        let mut all = 0;
        for task in tasks {
            let (connection, rows) = task.await??;
            all += rows;
            self.connections.push(connection);
        }
        Ok(f64::from(all) / start.elapsed().as_secs_f64())
    }
}

/// Somebody who writes an answer, saved by the script again and again.
struct Writer {
    connection: Connection,
    path: String,
    cookie: String,
    csrf: String,
    seen: String,
    /// Names of the section's fields.
    names: Vec<String>,
    text: u32,
}

impl Writer {
    async fn new(house: &House, person: &SignedIn, draft: &Ready) -> anyhow::Result<Self> {
        let path = format!("/proposals/{}/sections/{SECTION}", draft.proposal);
        let page = house.read(&path, &person.cookie).await?;
        Ok(Self {
            connection: Connection::open(house.at).await?,
            seen: page.input("version").context("the page says what it has seen")?,
            cookie: person.cookie.clone(),
            csrf: person.csrf.clone(),
            names: fields_of(&page.text()),
            path,
            text: 0,
        })
    }

    /// Writes until the turn is over; gives how often something was kept.
    async fn write(mut self, start: Instant) -> anyhow::Result<(Self, u32)> {
        let mut kept = 0;
        while start.elapsed() < TURN {
            self.text += 1;
            let text = format!("The clusters meet every quarter and look at the figures, as agreed. {}", self.text);
            let mut fields = vec![("csrf", self.csrf.as_str()), ("version", &self.seen)];
            let kept_text = "Twelve companies get a first customer abroad.";
            let answer = |name: &str| if name == QUESTION { text.as_str() } else { kept_text };
            fields.extend(self.names.iter().map(|name| (name.as_str(), answer(name))));
            let answer = self.connection.send(&post(&self.path, &self.cookie, &fields, true)).await?;
            anyhow::ensure!(answer.status == 200, "an answer is not kept: {} {}", answer.status, answer.text());
            let told: Value = serde_json::from_slice(&answer.body)?;
            self.seen = told["version"].as_str().context("the save says what was seen")?.to_owned();
            kept += 1;
        }
        Ok((self, kept))
    }
}

/// The names of the fields a page has for answers.
fn fields_of(html: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for piece in html.split("name=\"").skip(1) {
        let name = piece.split('"').next().unwrap_or_default();
        if name.starts_with("q.") && !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}

/// The last buttons of these parts, as the browser sends them that shows the last look.
async fn presses(house: &House, person: &SignedIn, drafts: &[Ready]) -> anyhow::Result<Vec<Vec<u8>>> {
    let mut connection = Connection::open(house.at).await?;
    let mut presses = Vec::new();
    for draft in drafts {
        let path = format!("/proposals/{}/parts/{}/review", draft.proposal, draft.part);
        let page = connection.send(&get(&path, &person.cookie)).await?;
        let (key, seen) = (page.input("key").unwrap_or_default(), page.input("seen").context("the last look")?);
        let fields = [
            ("csrf", person.csrf.as_str()),
            ("key", &key),
            ("seen", &seen),
            ("signatory", "Rasa Petrauskaite"),
            ("confirmed", "yes"),
        ];
        presses.push(post(&path, &person.cookie, &fields, false));
    }
    Ok(presses)
}
