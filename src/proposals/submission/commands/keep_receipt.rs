//! Keeping the printed receipt.

use super::super::events::SubmissionEvent;
use crate::{
    documents::files::{NewFile, commands::insert},
    kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx},
};
use entity::{
    proposals::{part, submission},
    types::ids::{FileId, PartId, SubmissionId},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};

/// Ties the printed receipt to its submission; a job that runs twice keeps one file.
#[derive(Clone)]
pub struct KeepReceipt {
    pub part: PartId,
    pub submission: SubmissionId,
    pub file: NewFile,
}

impl Command for KeepReceipt {
    const NEEDS: Permission = Permission::SubmitPart;
    type Output = FileId;

    fn about(&self) -> Subject {
        Subject::Part(self.part)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<FileId>> {
        let row = submission::Entity::find_by_id(self.submission).one(tx.conn()).await?.ok_or(AppError::NotFound)?;
        let part = part::Entity::find_by_id(row.part_id).one(tx.conn()).await?.ok_or(AppError::NotFound)?;
        let event =
            |kept| SubmissionEvent::Printed { part: part.id, proposal: part.proposal_id, number: row.number, kept };
        if let Some(file) = row.pdf_file_id {
            return Ok(tx.done(event(false), file));
        }
        let file = insert(tx, &self.file, Subject::Part(part.id), None).await?;
        let event = event(true);
        let mut row: submission::ActiveModel = row.into();
        row.pdf_file_id = Set(Some(file));
        row.update(tx.conn()).await?;
        Ok(tx.done(event, file))
    }
}
