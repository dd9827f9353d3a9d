//! Applicants write, submit, upload and sign.

use super::{
    Acts,
    caller::{Caller, Gone},
    session,
};
use crate::support::{TestApp, scenes::proposals::Draft, smtp::SmtpServer};
use chrono::{Datelike, TimeDelta};
use entity::{
    proposals::{attachment, letter, submission},
    types::states::LetterState,
};
use fairway::{
    calls::{
        archive::{read, shipped},
        publishing::commands::{ApproveAnnex, PublishCall, SubmitForApproval},
    },
    kernel::{
        App,
        clock::{Clock, SystemClock},
    },
};
use futures_util::future::BoxFuture;
use sea_orm::EntityTrait;
use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

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

/// A draft in a call that is open today, two people with sessions, and what they were told.
pub struct Story {
    draft: Draft,
    ana: String,
    bruno: String,
    told: Arc<Mutex<Told>>,
}

impl Story {
    pub async fn begin(app: &TestApp) -> Self {
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
        let (ana, bruno) = (session(app, "Ana Kask").await, session(app, "Bruno Lind").await);
        Self { draft, ana, bruno, told: Arc::default() }
    }

    fn told(&self) -> Told {
        self.told.lock().unwrap().clone()
    }
}

impl super::Told for Story {
    fn work(&self, address: &str, smtp: &Arc<SmtpServer>, acts: Acts) -> BoxFuture<'static, ()> {
        let (ana, bruno) = (Caller::new(address, Some(&self.ana)), Caller::new(address, Some(&self.bruno)));
        let proposal = format!("/proposals/{}", self.draft.proposal);
        let own = format!("{proposal}/parts/{}", self.draft.coordinator_part);
        let (section, part) =
            (format!("{proposal}/sections/f"), format!("{proposal}/parts/{}", self.draft.partner_part));
        let (documents, letters) = (format!("{own}/documents"), format!("{own}/letters"));
        let (told, smtp) = (self.told.clone(), smtp.clone());
        Box::pin(async move {
            // Everybody ends by finding the program gone.
            let _ends = tokio::join!(
                types(ana.clone(), section, told.clone(), acts.clone()),
                submits(bruno, part, told.clone(), acts.clone()),
                uploads(ana.clone(), documents, told.clone(), acts.clone()),
                signs(ana, letters, smtp, told, acts),
            );
        })
    }

    fn is_enough(&self) -> bool {
        !self.told().counts().contains(&0)
    }

    async fn assert_kept(&self, app: &App) {
        let answer = assert_kept(app, &self.told(), &self.draft).await;
        self.told.lock().unwrap().answer = answer;
    }

    async fn finish(&self, _: &App) {
        let done = self.told().counts();
        assert!(done.iter().sum::<usize>() > 10, "too little was done: {done:?}");
    }
}

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

/// Everything people were told is there; gives the answer as it stands.
async fn assert_kept(app: &App, told: &Told, draft: &Draft) -> String {
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
    text.to_owned()
}
