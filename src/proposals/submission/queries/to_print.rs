//! What a receipt is printed from.

use super::super::content::Frozen;
use crate::kernel::{AppError, Leave, Permission, Query, Result, Snapshot, Subject};
use entity::{
    proposals::submission,
    types::ids::{FileId, PartId, SubmissionId},
};
use sea_orm::EntityTrait;

/// A submission that waits for its printed receipt, or has it.
#[derive(Debug, Clone)]
pub struct Print {
    pub part: PartId,
    pub frozen: Frozen,
    pub digest: String,
    pub pdf: Option<FileId>,
}

/// One submission, for the job that prints.
pub struct ToPrint {
    pub part: PartId,
    pub submission: SubmissionId,
}

impl Query for ToPrint {
    const NEEDS: Permission = Permission::ReadReceipt;
    type Output = Print;

    fn about(&self) -> Subject {
        Subject::Part(self.part)
    }

    async fn fetch(self, db: &Snapshot, _: Leave<'_>) -> Result<Print> {
        let row = submission::Entity::find_by_id(self.submission).one(db.conn()).await?;
        let row = row.filter(|row| row.part_id == self.part).ok_or(AppError::NotFound)?;
        Ok(Print {
            part: row.part_id,
            frozen: serde_json::from_value(row.document)?,
            digest: row.digest,
            pdf: row.pdf_file_id,
        })
    }
}
