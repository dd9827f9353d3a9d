//! The printed receipt: what is on it, and the job that prints it once.

use super::{
    about::in_zone,
    commands::KeepReceipt,
    content::Frozen,
    queries::{Print, ToPrint},
    reading::chapters,
};
use crate::{
    documents::{
        files::commands::keep,
        letters::{Printed, Receipt},
    },
    jobs::Task,
    kernel::{Actor, App, AppError, Result},
};
use entity::types::ids::{PartId, SubmissionId};
use serde::Deserialize;
use serde_json::{Value, json};

/// What the job is told.
#[derive(Deserialize)]
struct Order {
    part: PartId,
    submission: SubmissionId,
}

/// Prints the receipt of a submission and keeps it; done twice, it is kept once.
///
/// # Errors
/// When the document cannot be set, the disk is full or the database fails; the job is then tried again.
pub async fn print(app: App, task: Task) -> Result<Value> {
    let Order { part, submission } = serde_json::from_value(task.payload)?;
    let actor = Actor::System("Fairway");
    let Print { frozen, digest, pdf, .. } = app.ask(&actor, ToPrint { part, submission }).await?;
    let file = match pdf {
        Some(file) => file,
        None => {
            let name = format!("{}.pdf", frozen.receipt);
            let document = receipt(&frozen, &digest, app.base_url());
            let bytes = tokio::task::spawn_blocking(move || document.pdf())
                .await
                .map_err(|e| AppError::broken(e.to_string()))?
                .map_err(|e| AppError::broken(e.to_string()))?;
            let file = keep(app.store(), &name, "application/pdf", &bytes).await?;
            app.run(&actor, KeepReceipt { part, submission, file }).await?
        }
    };
    Ok(json!({ "href": format!("/files/{file}") }))
}

/// The receipt of a submitted version with the full copy of what was submitted.
pub fn receipt(frozen: &Frozen, digest: &str, base_url: &str) -> Receipt {
    let content = &frozen.content;
    let zone = content.part.deadline.zone;
    let local = frozen.submitted_at.with_timezone(&zone);
    Receipt {
        language: "en".to_owned(),
        date: local.date_naive(),
        issuer: content.call.title.clone(),
        call: format!("{} ({})", content.call.title, content.call.code),
        title: content.proposal.title.clone(),
        code: content.proposal.code.clone(),
        part: frozen.receipt.clone(),
        organisation: content.part.organisation.clone(),
        agency: content.part.agency.clone(),
        submitted_by: format!("{}, signed by {}", frozen.submitted_by, frozen.signatory),
        submitted_at: in_zone(frozen.submitted_at, zone),
        zone: format!("{} (UTC{})", zone.name(), local.format("%:z")),
        version: u32::try_from(frozen.version).unwrap_or_default(),
        checksum: digest.to_owned(),
        verify: format!("{base_url}{}", verify_path(&frozen.receipt, digest)),
        sections: chapters(content).into_iter().map(|read| read.section).collect(),
    }
}

/// The public page that confirms this receipt.
pub fn verify_path(receipt: &str, digest: &str) -> String {
    format!("/receipts/verify?receipt={receipt}&checksum={digest}")
}
