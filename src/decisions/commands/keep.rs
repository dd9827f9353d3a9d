//! Keeping what was printed.

use super::super::events::DecisionEvent;
use crate::{
    documents::files::{NewFile, commands as files},
    kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx},
};
use entity::{
    decisions::{decision, decision_summary},
    types::ids::{CallId, DecisionId, FileId},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

/// Keeps the printed letter of a decision and the evaluation summary that goes with it; only the job does this.
#[derive(Clone)]
pub struct StoreLetter {
    pub call: CallId,
    pub decision: DecisionId,
    pub file: NewFile,
    /// None where nobody evaluated.
    pub summary: Option<NewFile>,
}

impl Command for StoreLetter {
    const NEEDS: Permission = Permission::ReleaseDecisions;
    /// The letter's file.
    type Output = Option<FileId>;

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<Option<FileId>>> {
        let row = decision::Entity::find_by_id(self.decision).one(tx.conn()).await?.ok_or(AppError::NotFound)?;
        let part = row.part_id;
        let event = DecisionEvent::LetterStored { call: self.call, part, decision: self.decision };
        if row.letter_file_id.is_some() {
            return Ok(tx.done(event, row.letter_file_id));
        }
        let about = Subject::Decision(self.decision);
        let file = files::insert(tx, &self.file, about, None).await?;
        let mut row: decision::ActiveModel = row.into();
        row.letter_file_id = Set(Some(file));
        row.update(tx.conn()).await?;
        let known = decision_summary::Entity::find().filter(decision_summary::Column::DecisionId.eq(self.decision));
        if let Some(summary) = &self.summary
            && known.one(tx.conn()).await?.is_none()
        {
            let file = files::insert(tx, summary, about, None).await?;
            let row = decision_summary::ActiveModel {
                id: Set(tx.new_id()),
                decision_id: Set(self.decision),
                file_id: Set(file),
            };
            decision_summary::Entity::insert(row).exec_without_returning(tx.conn()).await?;
        }
        Ok(tx.done(event, Some(file)))
    }
}
