//! The public page that says whether a receipt is genuine.

use super::super::{
    content::checksum,
    queries::{Stands, Verified, VerifyDigests, VerifyReceipt},
};
use crate::{
    kernel::{Result, audit},
    web::{Answer, FieldErrors, Frame, Posted, Visit},
};
use askama::Template;
use chrono::TimeDelta;
use entity::types::digest;
use poem::handler;

/// Questions one address may ask in a quarter of an hour.
const QUESTIONS: i32 = 60;
const WINDOW: TimeDelta = TimeDelta::minutes(15);

#[derive(Template)]
#[template(path = "proposals/submission/verify.html")]
struct VerifyPage {
    frame: Frame,
    errors: FieldErrors,
    receipt: String,
    checksum: String,
    /// None when nothing was asked yet.
    answer: Option<Option<Verified>>,
}

impl VerifyPage {
    fn at(&self, found: &Verified) -> String {
        super::super::about::in_zone(found.submitted_at, found.zone)
    }
}

fn page(visit: &Visit, receipt: &str, checksum: &str) -> VerifyPage {
    VerifyPage {
        frame: visit.frame("Verify a receipt"),
        errors: FieldErrors::default(),
        receipt: receipt.to_owned(),
        checksum: checksum.to_owned(),
        answer: None,
    }
}

async fn limit(visit: &Visit) -> Result<()> {
    visit.app.limit(&format!("verify from {}", visit.address), QUESTIONS, WINDOW).await
}

/// Opened from the printed receipt, the address holds code and checksum and is answered at once.
#[handler]
pub async fn verify(visit: Visit) -> Answer {
    let (receipt, sum) = (visit.query("receipt").unwrap_or_default(), visit.query("checksum").unwrap_or_default());
    let mut page = page(&visit, &receipt, &sum);
    if receipt.is_empty() && sum.is_empty() {
        return visit.page(&page);
    }
    typed(&visit, &mut page).await?;
    if page.errors.is_empty() { visit.page(&page) } else { visit.again(&page) }
}

#[handler]
pub async fn verify_posted(visit: Visit, posted: Posted) -> Answer {
    let mut page = page(&visit, posted.text("receipt"), posted.text("checksum"));
    match posted.file("file") {
        Some(file) => {
            limit(&visit).await?;
            let answer = visit.ask(VerifyDigests(digests(&file.bytes))).await?;
            page.answer = Some(answer);
        }
        None => typed(&visit, &mut page).await?,
    }
    if page.errors.is_empty() { visit.page(&page) } else { visit.again(&page) }
}

async fn typed(visit: &Visit, page: &mut VerifyPage) -> Result<()> {
    if page.receipt.trim().is_empty() {
        page.errors.add("receipt", "Enter the code of the receipt, or choose a file");
    }
    let sum = page.errors.take("checksum", digest::parse(&page.checksum));
    let (true, Some(checksum)) = (page.errors.is_empty(), sum) else {
        return Ok(());
    };
    limit(visit).await?;
    page.answer = Some(visit.ask(VerifyReceipt { receipt: page.receipt.clone(), checksum }).await?);
    Ok(())
}

/// The digests a file may be known by: of its bytes, and of the document in it however it is laid out.
fn digests(bytes: &[u8]) -> Vec<String> {
    let mut all = vec![checksum(bytes)];
    if let Ok(value) = serde_json::from_slice::<serde_json::Value>(bytes) {
        all.push(checksum(audit::canonical(&value)));
    }
    all
}
