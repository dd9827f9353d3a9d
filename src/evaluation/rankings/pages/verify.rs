//! The public page that says whether a file is a ranking as it was signed.

use crate::{
    evaluation::rankings::queries::{VerifiedRanking, VerifyRanking},
    kernel::{Result, secret},
    web::{Answer, FieldErrors, Frame, Posted, Visit, show},
};
use askama::Template;
use chrono::TimeDelta;
use entity::types::{digest, states::RankingState};
use poem::handler;

/// Questions one address may ask in a quarter of an hour.
const QUESTIONS: i32 = 60;
const WINDOW: TimeDelta = TimeDelta::minutes(15);

#[derive(Template)]
#[template(path = "evaluation/rankings/verify.html")]
struct VerifyPage {
    frame: Frame,
    errors: FieldErrors,
    checksum: String,
    /// None when nothing was asked yet.
    answer: Option<Option<VerifiedRanking>>,
}

impl VerifyPage {
    fn signed(&self, found: &VerifiedRanking) -> String {
        found.signed_at.map(|at| show::instant(at, found.zone)).unwrap_or_default()
    }

    fn counts(&self, found: &VerifiedRanking) -> bool {
        found.state == RankingState::Fixed
    }
}

async fn answered(visit: &Visit, sum: Option<String>, checksum: String, errors: FieldErrors) -> Result<VerifyPage> {
    let answer = match sum {
        Some(sum) => {
            visit.app.limit(&format!("verify ranking from {}", visit.address), QUESTIONS, WINDOW).await?;
            Some(visit.ask(VerifyRanking(sum)).await?)
        }
        None => None,
    };
    Ok(VerifyPage { frame: visit.frame("Verify a ranking"), errors, checksum, answer })
}

#[handler]
pub async fn verify_page(visit: Visit) -> Answer {
    let checksum = visit.query("checksum").unwrap_or_default();
    let mut errors = FieldErrors::default();
    let sum = if checksum.is_empty() { None } else { errors.take("checksum", digest::parse(&checksum)) };
    let failed = !errors.is_empty();
    let page = answered(&visit, sum, checksum, errors).await?;
    if failed { visit.again(&page) } else { visit.page(&page) }
}

#[handler]
pub async fn verify_posted(visit: Visit, posted: Posted) -> Answer {
    let file = posted.file("file").filter(|file| !file.bytes.is_empty());
    let Some(file) = file else {
        let errors = FieldErrors::one("file", "Choose the file as it was downloaded");
        return visit.again(&answered(&visit, None, String::new(), errors).await?);
    };
    // What was signed is text; anything else is no ranking.
    let sum = secret::hash(&String::from_utf8_lossy(&file.bytes));
    visit.page(&answered(&visit, Some(sum), String::new(), FieldErrors::default()).await?)
}
