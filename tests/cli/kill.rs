//! The program is killed while people write, submit, upload and sign; nothing that was acknowledged is lost.
//!
//! Mail: a mail that was on its way when the program died is sent once more when its lock of five minutes ends,
//! with the same Message-ID. No other mail arrives twice, and none is lost.

mod caller;

use crate::support::{Base, TestApp, machine, scenes::proposals::Draft, smtp::SmtpServer};
use caller::{Caller, Gone};
use chrono::{Datelike, TimeDelta};
use entity::{
    notifications::mail,
    proposals::{attachment, letter, submission},
    types::states::{LetterState, MailState},
};
use fairway::{
    accounts::sessions::commands::StartSession,
    calls::{
        archive::{read, shipped},
        publishing::commands::{ApproveAnnex, PublishCall, SubmitForApproval},
    },
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
use sea_orm::EntityTrait;
use std::{
    collections::{BTreeMap, BTreeSet},
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

/// How many acts are acknowledged before each kill.
const MOMENTS: [usize; 6] = [3, 17, 8, 29, 12, 21];

/// What people were told that it was done.
#[derive(Clone, Default)]
struct Told {
    /// The answer as it was saved last, and the one under way, whose fate is unknown.
    answer: String,
    answer_under_way: String,
    receipts: Vec<String>,
    files: Vec<String>,
    letters: Vec<String>,
    signed: BTreeSet<String>,
}

impl Told {
    /// Receipts, files, letters asked for and letters signed.
    fn counts(&self) -> [usize; 4] {
        [self.receipts.len(), self.files.len(), self.letters.len(), self.signed.len()]
    }
}

/// A draft in a call that is open today, and two people with sessions.
struct Scene {
    draft: Draft,
    ana: String,
    bruno: String,
}

async fn scene(app: &TestApp) -> Scene {
    let now = SystemClock.now();
    app.jump(now);
    let year = now.year();
    let mut text = shipped::INNOVATION_EXPRESS_2017.to_owned();
    // The years first, from the last one, so that none is moved twice.
    for (old, new) in [(2019, year + 3), (2018, year + 2), (2017, year + 1)] {
        for before in ["\"", "/"] {
            text = text.replace(&format!("{before}{old}-"), &format!("{before}{new}-"));
        }
    }
    let mut file = read(&text).unwrap();
    file.call.opens_at = Some(now - TimeDelta::days(1));
    let scene = app.draft_call(file).await;
    app.run("Olaf Berg", SubmitForApproval(scene.call)).await;
    for agency in scene.agencies.values() {
        app.run(&agency.officer, ApproveAnnex { annex: agency.annex, seen: 1 }).await;
    }
    app.run("Olaf Berg", PublishCall(scene.call)).await;
    app.work().await;
    let draft = app.complete_draft(&scene.call).await;
    let mut sessions = Vec::new();
    for name in ["Ana Kask", "Bruno Lind"] {
        let account = app.account(name).await;
        let start = StartSession { account, address: "127.0.0.1".into(), agent: "test".into() };
        sessions.push(app.app.run(&Actor::Nobody, start).await.unwrap());
    }
    let bruno = sessions.remove(1);
    Scene { draft, ana: sessions.remove(0), bruno }
}

/// The real program on a data folder, at a free port.
fn start(data: &Path, smtp: &SmtpServer) -> (Child, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_fairway"))
        .args(["serve", "--port", "0", "--data"])
        .arg(data)
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

type Acts = UnboundedSender<()>;

/// Ana types into one answer and never waits.
async fn types(ana: Caller, path: String, told: Arc<Mutex<Told>>, acts: Acts) -> Result<(), Gone> {
    let page = ana.get(&path).await?;
    let mut version = page.input("version");
    for n in 0.. {
        let text = format!("Version {n} after {}", told.lock().unwrap().receipts.len());
        told.lock().unwrap().answer_under_way = text.clone();
        let mut fields = vec![("version", version.as_str())];
        fields.extend(
            ["q.benefit_clusters", "q.benefit_companies", "q.cross_sectoral", "q.follow_up"]
                .map(|q| (q, text.as_str())),
        );
        let answer = ana.autosave(&path, &fields).await?;
        assert_eq!(answer.status, 200, "{}", answer.body);
        version = answer.json("version");
        told.lock().unwrap().answer = text;
        _ = acts.send(());
    }
    Ok(())
}

/// Bruno submits his part, opens it again and submits again.
async fn submits(bruno: Caller, part: String, told: Arc<Mutex<Told>>, acts: Acts) -> Result<(), Gone> {
    loop {
        let review = bruno.get(&format!("{part}/review")).await?;
        if !review.input("seen").is_empty() {
            let fields = [
                ("key", review.input("key")),
                ("seen", review.input("seen")),
                ("signatory", "Sven Berg".to_owned()),
                ("confirmed", "yes".to_owned()),
            ];
            let answer = bruno.post(&format!("{part}/review"), &fields).await?;
            // Somebody wrote into the joint sections since the last look: it is shown once more.
            if answer.status == 303 {
                told.lock().unwrap().receipts.push(answer.location.clone());
                _ = acts.send(());
            }
        }
        let fields = [("reason", "One more look.".to_owned()), ("confirmed", "yes".to_owned())];
        bruno.post(&format!("{part}/reopen"), &fields).await?;
    }
}

/// Ana attaches one file after the other.
async fn uploads(ana: Caller, path: String, told: Arc<Mutex<Told>>, acts: Acts) -> Result<(), Gone> {
    loop {
        let name = format!("certificate {}.pdf", told.lock().unwrap().files.len());
        let bytes = format!("%PDF-1.7\n{name}\n%%EOF\n");
        let answer = ana.upload(&path, &[("document", "label_cert")], &name, bytes.as_bytes()).await?;
        if answer.status != 303 {
            return Ok(());
        }
        told.lock().unwrap().files.push(name);
        _ = acts.send(());
    }
}

/// Ana asks for letters; whoever is asked signs by the link in the mail.
async fn signs(
    ana: Caller,
    path: String,
    smtp: Arc<SmtpServer>,
    told: Arc<Mutex<Told>>,
    acts: Acts,
) -> Result<(), Gone> {
    loop {
        let page = ana.get(&path).await?;
        let n = told.lock().unwrap().letters.len();
        let email = format!("ida{n}@optics.example");
        let fields = [
            ("key", page.input("key")),
            ("document", "letter_sme".to_owned()),
            ("signer_name", "Ida Holm".to_owned()),
            ("signer_email", email.clone()),
            ("signer_organisation", format!("Optics {n} UAB")),
            ("text", "We take part.".to_owned()),
        ];
        let answer = ana.post(&path, &fields).await?;
        if answer.status != 303 {
            return Ok(());
        }
        told.lock().unwrap().letters.push(email);
        _ = acts.send(());
        for mail in smtp.mails() {
            let Some(at) = mail.text().find("/letters/") else { continue };
            let link = mail.text()[at..].split_whitespace().next().unwrap_or_default().to_owned();
            let signer = mail.to[0].clone();
            if told.lock().unwrap().signed.contains(&signer) {
                continue;
            }
            let anybody = Caller::new(&ana.address, None);
            let letter = anybody.get(&link).await?;
            if letter.body.contains("The letter is signed") {
                continue;
            }
            let fields = [
                ("key", letter.input("key")),
                ("name", "Ida Holm, director".to_owned()),
                ("confirmed", "yes".to_owned()),
            ];
            let answer = anybody.post(&format!("{link}/sign"), &fields).await?;
            if answer.status == 303 || answer.status == 200 {
                told.lock().unwrap().signed.insert(signer);
                _ = acts.send(());
            }
        }
    }
}

/// Opens the data after a kill, with a clock that is ahead by so much.
async fn opened(data: &Path, ahead: TimeDelta) -> App {
    App::new(Parts {
        database: Database::open(&Database::sqlite_url(&data.join("fairway.sqlite"))).await.unwrap(),
        clock: Arc::new(ShiftedClock::starting_at(SystemClock.now() + ahead)),
        chance: Arc::new(SystemChance),
        passwords: Passwords::with(2, 100, Cost { memory_kib: 64, rounds: 1 }),
        store: Arc::new(DiskStore::open(data.join("files")).await.unwrap()),
        base_url: "http://fairway.test".into(),
    })
}

/// Everything people were told is there.
async fn assert_kept(app: &App, told: &Told, draft: &Draft) {
    let db = app.database().maintenance();
    let answers = entity::proposals::answer::Entity::find().all(db).await.unwrap();
    let answer = answers.iter().find(|row| row.proposal_id == draft.proposal && row.question == "follow_up").unwrap();
    let text = answer.value.as_str().unwrap_or_default();
    assert!(
        told.answer.is_empty() || [&told.answer, &told.answer_under_way].iter().any(|kept| *kept == text),
        "{text}"
    );
    let versions = submission::Entity::find().all(db).await.unwrap();
    for receipt in &told.receipts {
        let number: i32 = receipt.rsplit('/').next().unwrap().parse().unwrap();
        assert!(versions.iter().any(|row| row.part_id == draft.partner_part && row.number == number), "{receipt}");
    }
    let files = entity::documents::file::Entity::find().all(db).await.unwrap();
    let attached = attachment::Entity::find().all(db).await.unwrap();
    for name in &told.files {
        let file = files.iter().find(|row| row.name == *name).unwrap_or_else(|| panic!("{name} is lost"));
        assert!(attached.iter().any(|row| row.file_id == file.id), "{name} is not attached");
    }
    let letters = letter::Entity::find().all(db).await.unwrap();
    for email in &told.letters {
        assert!(letters.iter().any(|row| row.signer_email == *email), "the letter of {email} is lost");
    }
    for email in &told.signed {
        let signed = |row: &letter::Model| row.signer_email == *email && row.state == LetterState::Signed;
        assert!(letters.iter().any(signed), "the signature of {email} is lost");
    }
    let report = check::report(app, true).await.unwrap();
    assert_eq!(report.problems, Vec::<String>::new());
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_program_has_lost_nothing_that_was_acknowledged() {
    let app = TestApp::start(Base::Sqlite).await;
    let Scene { draft, ana, bruno } = scene(&app).await;
    let data = machine::scratch_folder("killed");
    let before = app.app.database().clone();
    before.close().await.unwrap();
    std::fs::copy(app.folder().join("fairway.sqlite"), data.join("fairway.sqlite")).unwrap();
    std::fs::create_dir_all(data.join("files")).unwrap();
    let smtp = Arc::new(SmtpServer::start().await);
    let told = Arc::new(Mutex::new(Told::default()));
    let proposal = format!("/proposals/{}", draft.proposal);
    let own = format!("{proposal}/parts/{}", draft.coordinator_part);

    for (round, acts_until) in MOMENTS.into_iter().enumerate() {
        let (mut child, address) = start(&data, &smtp);
        let (acts, mut heard) = unbounded_channel();
        let ana = Caller::new(&address, Some(&ana));
        let bruno = Caller::new(&address, Some(&bruno));
        let people = tokio::spawn({
            let (told, smtp, acts) = (told.clone(), smtp.clone(), acts.clone());
            let (section, part) =
                (format!("{proposal}/sections/f"), format!("{proposal}/parts/{}", draft.partner_part));
            let (documents, letters) = (format!("{own}/documents"), format!("{own}/letters"));
            async move {
                // Everybody ends by finding the program gone.
                let _ends = tokio::join!(
                    types(ana.clone(), section, told.clone(), acts.clone()),
                    submits(bruno, part, told.clone(), acts.clone()),
                    uploads(ana.clone(), documents, told.clone(), acts.clone()),
                    signs(ana, letters, smtp, told, acts),
                );
            }
        });
        drop(acts);
        for _ in 0..acts_until {
            heard.recv().await.expect("people go on until the program is gone");
        }
        // The last kill waits until everybody was told of something.
        while round + 1 == MOMENTS.len() && told.lock().unwrap().counts().contains(&0) {
            heard.recv().await.expect("people go on until the program is gone");
        }
        child.kill().unwrap();
        child.wait().unwrap();
        people.await.unwrap();

        let after = opened(&data, TimeDelta::zero()).await;
        let kept = told.lock().unwrap().clone();
        assert_kept(&after, &kept, &draft).await;
        after.database().clone().close().await.unwrap();
    }

    let done = told.lock().unwrap().counts();
    assert!(!done.contains(&0) && done.iter().sum::<usize>() > 10, "too little was done: {done:?}");
    assert!(arrivals(&smtp).values().all(|times| *times == 1), "nothing is sent twice before its lock ends");
    // Ten minutes later the locks have ended, and the rest leaves.
    let later = opened(&data, TimeDelta::minutes(10)).await;
    let held = on_their_way(&later).await;
    let settings = SmtpSettings {
        host: "127.0.0.1".into(),
        port: smtp.address().port(),
        tls: Protection::None,
        user: None,
        password: None,
        from: "Fairway <fairway@localhost>".into(),
        reply_to: None,
        timeout_seconds: 20,
        connections: 4,
    };
    server::send(&later, &Smtp::new(&settings).unwrap()).await.unwrap();
    let arrived = arrivals(&smtp);
    let twice: BTreeSet<String> = arrived.iter().filter(|(_, n)| **n > 1).map(|(id, _)| id.clone()).collect();
    assert!(twice.is_subset(&held), "sent twice without having been on the way: {twice:?}");
    for row in mail::Entity::find().all(later.database().maintenance()).await.unwrap() {
        let sent = row.state == MailState::Sent;
        assert!(!sent || arrived.contains_key(&row.message_id), "{} to {} is lost", row.name, row.address);
        assert!(row.state != MailState::Queued, "{} to {} is still queued", row.name, row.address);
    }
    later.database().clone().close().await.unwrap();
}
