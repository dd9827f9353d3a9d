//! What a signer does who followed the link; holding the link is the leave to do so.

use super::{
    super::{
        events::{About, LetterEvent},
        rules::{answerable, day_on_paper},
    },
    Around,
};
use crate::{
    documents::files::{NewFile, commands::insert},
    kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx, error::FieldErrors},
};
use chrono::NaiveDate;
use entity::{
    proposals::letter,
    types::{period, states::LetterState, text},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

/// The letter behind a link, when it can still be answered.
async fn open(tx: &Tx, hash: &str) -> Result<(letter::Model, Around, Box<About>, NaiveDate)> {
    let row = letter::Entity::find().filter(letter::Column::TokenHash.eq(hash)).one(tx.conn()).await?;
    let row = row.ok_or(AppError::NotFound)?;
    let around = Around::load(tx, row.part_id).await?;
    let deadline = around.annex.terms.deadline;
    answerable(row.state, around.part.state, deadline.passed(tx.now()))?;
    let about = around.about(tx, &row).await?;
    let today = tx.now().with_timezone(&deadline.zone).date_naive();
    Ok((row, around, about, today))
}

/// Signs a letter by typing one's name.
#[derive(Clone)]
pub struct SignLetter {
    /// Hash of the token in the link.
    pub hash: String,
    pub name: String,
    pub confirmed: bool,
}

impl Command for SignLetter {
    const NEEDS: Permission = Permission::EnterPlatform;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        let (row, _, about, today) = open(tx, &self.hash).await?;
        let mut errors = FieldErrors::default();
        let name = errors.take("name", text::line(&self.name, 120));
        if !self.confirmed {
            errors.add("confirmed", "Confirm that you may sign");
        }
        errors.done()?;
        let name = name.unwrap_or_default();
        let mut row: letter::ActiveModel = row.into();
        row.state = Set(LetterState::Signed);
        row.signed_name = Set(Some(name.clone()));
        row.signed_on = Set(Some(today));
        row.signed_at = Set(Some(tx.now()));
        row.update(tx.conn()).await?;
        Ok(tx.done(LetterEvent::Signed { about, name, on_paper: false }, ()))
    }
}

/// Sends a letter that was signed on paper.
#[derive(Clone)]
pub struct SendSignedLetter {
    pub hash: String,
    pub name: String,
    /// The day on the paper, as typed.
    pub signed_on: String,
    pub file: NewFile,
}

impl Command for SendSignedLetter {
    const NEEDS: Permission = Permission::EnterPlatform;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        let (row, around, about, today) = open(tx, &self.hash).await?;
        let zone = around.annex.terms.deadline.zone;
        let mut errors = FieldErrors::default();
        let name = errors.take("paper_name", text::line(&self.name, 120));
        let day =
            period::parse_day(&self.signed_on).and_then(|day| day_on_paper(day, around.call.opens_at, today, zone));
        let day = errors.take("signed_on", day);
        errors.done()?;
        let name = name.unwrap_or_default();
        let file = insert(tx, &self.file, Subject::Part(around.part.id), None).await?;
        let mut row: letter::ActiveModel = row.into();
        row.state = Set(LetterState::Signed);
        row.signed_name = Set(Some(name.clone()));
        row.signed_on = Set(day);
        row.signed_at = Set(Some(tx.now()));
        row.file_id = Set(Some(file));
        row.update(tx.conn()).await?;
        Ok(tx.done(LetterEvent::Signed { about, name, on_paper: true }, ()))
    }
}

/// Refuses a letter with a reason for those who asked.
#[derive(Clone)]
pub struct RefuseLetter {
    pub hash: String,
    pub reason: String,
}

impl Command for RefuseLetter {
    const NEEDS: Permission = Permission::EnterPlatform;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        let (row, _, about, _) = open(tx, &self.hash).await?;
        let mut errors = FieldErrors::default();
        let reason = errors.take("reason", text::line(&self.reason, 300));
        errors.done()?;
        let reason = reason.unwrap_or_default();
        let mut row: letter::ActiveModel = row.into();
        row.state = Set(LetterState::Refused);
        row.refusal = Set(Some(reason.clone()));
        row.signed_at = Set(None);
        row.update(tx.conn()).await?;
        Ok(tx.done(LetterEvent::Refused { about, reason }, ()))
    }
}
