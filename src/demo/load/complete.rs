//! The last days before the deadline: what was still missing in the proposals.

use super::{Year, proposals};
use crate::kernel::{Result, Subject, Tx, event::AuditLine};

pub async fn write(tx: &Tx, year: &Year) -> Result<AuditLine> {
    for (at, one) in year.material.proposals.iter().enumerate() {
        let (joined, all) = (proposals::joined(at, one.parts.len()), 0..one.parts.len());
        if joined != all {
            proposals::parts(tx, year, at, joined.end..all.end).await?;
        }
        proposals::chapters(tx, year, at, all, proposals::written(at)..proposals::CHAPTERS).await?;
    }
    Ok(AuditLine::new(Subject::Call(year.call), "saw the last drafts being completed"))
}
