//! Backups are whole while people go on working, and come back into an empty place only.

use crate::support::{Base, TestApp, machine, postgres};
use fairway::{
    cli::{backup, check, restore},
    documents::{files::commands::keep, store::DiskStore},
    kernel::{
        App, Command, Done, Leave, Permission, Result, Subject, Tx,
        app::Parts,
        clock::SystemClock,
        database::Database,
        event::{AuditLine, Event},
        passwords::{Cost, Passwords},
        secret::SystemChance,
    },
    lists::views::{commands::SaveView, queries::OwnViews},
};
use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

/// Keeps a file about the account of whoever runs it.
#[derive(Clone)]
struct Keep(fairway::documents::files::NewFile);
struct Kept(entity::types::ids::AccountId);

impl Event for Kept {
    fn audit(&self) -> AuditLine {
        AuditLine::new(Subject::Account(self.0), "kept a file")
    }
}

impl Command for Keep {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = ();
    fn about(&self) -> Subject {
        Subject::Platform
    }
    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let account = leave.account()?;
        fairway::documents::files::commands::insert(tx, &self.0, Subject::Account(account), Some(account)).await?;
        Ok(tx.done(Kept(account), ()))
    }
}

async fn opened(url: &str, data: &Path) -> App {
    App::new(Parts {
        database: Database::open(url).await.unwrap(),
        clock: Arc::new(SystemClock),
        chance: Arc::new(SystemChance),
        passwords: Passwords::with(2, 100, Cost { memory_kib: 64, rounds: 1 }),
        store: Arc::new(DiskStore::open(data.join("files")).await.unwrap()),
        base_url: "https://fairway.test".into(),
    })
}

/// Works until it is told to stop: commands and files, one after the other.
async fn work(app: App, actor: fairway::kernel::Actor, stop: Arc<AtomicBool>) -> usize {
    let mut count = 0;
    while !stop.load(Ordering::Relaxed) {
        let text = format!("file number {count}");
        let new = keep(app.store(), "note.txt", "text/plain", text.as_bytes()).await.unwrap();
        app.run(&actor, Keep(new)).await.unwrap();
        let name = format!("View {}", count % 20);
        app.run(&actor, SaveView { list: "things".into(), name, query: format!("q={count}") }).await.unwrap();
        count += 1;
    }
    count
}

async fn round(app: TestApp, url: &str, place: &Path) {
    let actor = app.actor("Ana Kask").await;
    let hostile = "quote ' \" back\\slash \n line, ümläut € 漢 \u{1F6A2}";
    let tricky = SaveView { list: "tricky".into(), name: hostile.replace('\n', " "), query: hostile.into() };
    app.run("Ana Kask", tricky.clone()).await;
    let stop = Arc::new(AtomicBool::new(false));
    let worker = tokio::spawn(work(app.app.clone(), actor, stop.clone()));
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    let file = app.folder().join("backup.zip");

    let manifest = backup::write(&app.app, &file).await.unwrap();

    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    stop.store(true, Ordering::Relaxed);
    let done = worker.await.unwrap();
    assert!(manifest.files > 0 && manifest.files < done as u64, "{} of {done}", manifest.files);
    let names: Vec<_> = std::fs::read_dir(app.folder()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert!(!names.iter().any(|n| n.to_string_lossy().contains(".work") || n.to_string_lossy().contains(".part")));
    assert!(backup::write(&app.app, &file).await.unwrap_err().to_string().contains("is there already"));

    restore::read(&file, url, place).await.unwrap();

    let restored = opened(url, place).await;
    let report = check::report(&restored, true).await.unwrap();
    assert_eq!(report.problems, Vec::<String>::new());
    assert!(report.holds.iter().any(|line| line == &format!("all {} files have the right bytes", manifest.files)));
    let views = restored.ask(&app.actor("Ana Kask").await, OwnViews(Some("tricky".into()))).await.unwrap();
    assert_eq!((views[0].query.as_str(), views[0].name.as_str()), (hostile, tricky.name.as_str()));
    // The restored place goes on where the backup was made.
    let again = SaveView { list: "after".into(), name: "after".into(), query: String::new() };
    restored.run(&app.actor("Ana Kask").await, again).await.unwrap();
    let refused = restore::read(&file, url, place).await.unwrap_err().to_string();
    assert!(refused.contains("already") || refused.contains("not empty"), "{refused}");
    assert_eq!(check::report(&restored, true).await.unwrap().problems, Vec::<String>::new());
    restored.database().clone().close().await.unwrap();
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_made_while_people_work_is_whole_on_sqlite() {
    let place = machine::scratch_folder("restored");
    let url = Database::sqlite_url(&place.join("fairway.sqlite"));
    round(TestApp::start(Base::Sqlite).await, &url, &place).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_made_while_people_work_is_whole_on_postgres() {
    let place = machine::scratch_folder("restored");
    let fresh = postgres::fresh_database().await;
    round(TestApp::start(Base::Postgres).await, fresh.url(), &place).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_backup_or_was_changed_is_refused_and_leaves_nothing() {
    let app = TestApp::start(Base::Sqlite).await;
    let new = keep(app.app.store(), "note.txt", "text/plain", b"the note").await.unwrap();
    app.run("Ana Kask", Keep(new)).await;
    let file = app.folder().join("backup.zip");
    backup::write(&app.app, &file).await.unwrap();
    let bytes = std::fs::read(&file).unwrap();
    let place = machine::scratch_folder("refused");
    let url = Database::sqlite_url(&place.join("fairway.sqlite"));
    let broken = app.folder().join("broken.zip");

    for cut in [0, 10, bytes.len() / 2, bytes.len() - 1] {
        std::fs::write(&broken, &bytes[..cut]).unwrap();
        assert!(restore::read(&broken, &url, &place).await.is_err(), "cut at {cut}");
    }
    for at in (0..bytes.len()).step_by(bytes.len() / 40) {
        let mut changed = bytes.clone();
        changed[at] ^= 0x55;
        std::fs::write(&broken, &changed).unwrap();
        if restore::read(&broken, &url, &place).await.is_ok() {
            // A byte that means nothing (a date, a flag): what came back is whole all the same.
            let restored = opened(&url, &place).await;
            assert_eq!(check::report(&restored, true).await.unwrap().problems, Vec::<String>::new(), "at {at}");
            restored.database().clone().close().await.unwrap();
            for name in ["fairway.sqlite", "fairway.sqlite-wal", "fairway.sqlite-shm"] {
                let _ = std::fs::remove_file(place.join(name));
            }
        }
        assert!(!place.join("fairway.sqlite").exists());
    }
    app.finish().await;
}
