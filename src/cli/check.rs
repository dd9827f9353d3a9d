//! Checks that the data is whole: the chain of the log, everything that must be true, the files.

use super::{Place, open};
use crate::{
    audit::invariants,
    kernel::{App, audit},
};
use anyhow::bail;
use entity::documents::file;
use sea_orm::{EntityTrait, QuerySelect};
use std::collections::BTreeMap;

/// What was checked and what is wrong.
#[derive(Debug, Default)]
pub struct Report {
    /// One line for each thing that holds.
    pub holds: Vec<String>,
    /// One line for each thing that does not.
    pub problems: Vec<String>,
}

/// Checks and prints; fails when something is wrong.
///
/// # Errors
/// When the data cannot be read, or is not whole.
pub async fn check(place: &Place, bytes: bool) -> anyhow::Result<()> {
    let app = open::open_to_read(place).await?;
    let report = report(&app, bytes).await?;
    for line in &report.holds {
        println!("ok: {line}");
    }
    for line in &report.problems {
        println!("WRONG: {line}");
    }
    match report.problems.len() {
        0 => Ok(()),
        count => bail!("{count} {} wrong", if count == 1 { "thing is" } else { "things are" }),
    }
}

/// Checks everything; with `bytes`, every file is read and compared with its digest.
///
/// # Errors
/// When the data cannot be read.
pub async fn report(app: &App, bytes: bool) -> anyhow::Result<Report> {
    let mut report = Report::default();
    let db = app.database().maintenance();
    match audit::verify(db).await? {
        (count, None) => report.holds.push(format!("the activity log is one unbroken chain of {count} entries")),
        (_, Some(broken)) => {
            report.problems.push(format!("the activity log is broken at entry {}: {}", broken.seq, broken.what));
        }
    }
    let worked = invariants::last_worked(db).await?;
    let breaches = invariants::breaches(db, worked).await?;
    let all = invariants::ALL.len() + invariants::SUMS.len();
    report.holds.push(format!("{} of {all} rules about the data hold", all - breaches.len()));
    for breach in breaches {
        report.problems.push(format!("{} ({}): {}", breach.says, breach.name, breach.found.join(", ")));
    }
    files(app, bytes, &mut report).await?;
    Ok(report)
}

async fn files(app: &App, bytes: bool, report: &mut Report) -> anyhow::Result<()> {
    let mut rows = file::Entity::find()
        .select_only()
        .columns([file::Column::Digest, file::Column::Size])
        .distinct()
        .into_tuple::<(String, i64)>()
        .all(app.database().maintenance())
        .await?;
    rows.sort();
    let stored: BTreeMap<String, u64> = app.store().list().await?.into_iter().map(|f| (f.digest, f.size)).collect();
    let before = report.problems.len();
    for (digest, size) in &rows {
        match stored.get(digest) {
            None => report.problems.push(format!("file {digest} is missing in the store")),
            Some(found) if i64::try_from(*found) != Ok(*size) => {
                report.problems.push(format!("file {digest} has {found} bytes instead of {size}"));
            }
            Some(_) if bytes => {
                if let Err(error) = app.store().read(digest).await {
                    report.problems.push(error.to_string());
                }
            }
            Some(_) => {}
        }
    }
    if report.problems.len() == before {
        let how = if bytes { "have the right bytes" } else { "are in the store" };
        report.holds.push(format!("all {} files {how}", rows.len()));
    }
    Ok(())
}
