//! What the team of a part does with its letters.

use super::{
    super::{
        events::LetterEvent,
        rules::{MOST_LETTERS, PATIENCE},
    },
    Around,
};
use crate::{
    kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx, error::FieldErrors, secret},
    proposals::drafts::commands::touch,
};
use entity::{
    proposals::{cost_line, letter, participant},
    types::{
        ids::{LetterId, PartId, ParticipantId},
        states::LetterState,
        text::{self, Email},
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};

/// Asks somebody for a letter; the link is sent by mail and known to nobody else.
#[derive(Clone)]
pub struct AskForLetter {
    pub part: PartId,
    /// Key of a document of the call.
    pub document: String,
    pub signer_name: String,
    pub signer_email: String,
    pub signer_organisation: String,
    /// The company of the part that signs, when it is one.
    pub participant: Option<ParticipantId>,
    pub text: String,
}

impl Command for AskForLetter {
    const NEEDS: Permission = Permission::EditPart;
    type Output = LetterId;

    fn about(&self) -> Subject {
        Subject::Part(self.part)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<LetterId>> {
        let account = leave.account()?;
        let around = Around::load(tx, self.part).await?;
        around.draft()?;
        let mut errors = FieldErrors::default();
        let name = errors.take("signer_name", text::line(&self.signer_name, 120));
        let email = errors.take("signer_email", Email::parse(&self.signer_email));
        let organisation = errors.take("signer_organisation", text::line(&self.signer_organisation, 200));
        let words = errors.take("text", text::prose(&self.text, 8_000)).unwrap_or_default();
        if words.trim().is_empty() {
            errors.add("text", "Write what is to be signed");
        }
        if around.document(&self.document).is_none() {
            errors.add("document", "Choose a document of this call");
        }
        errors.done()?;
        let (Some(name), Some(email), Some(organisation)) = (name, email, organisation) else {
            return Err(AppError::NotFound);
        };
        let participant = match self.participant {
            Some(id) => participant::Entity::find_by_id(id)
                .one(tx.conn())
                .await?
                .filter(|row| row.part_id == self.part)
                .map(|row| row.id),
            None => None,
        };
        let there = letter::Entity::find().filter(letter::Column::PartId.eq(self.part)).count(tx.conn()).await?;
        if there >= MOST_LETTERS as u64 {
            return Err(AppError::refused("too_many_letters", "This part has asked for as many letters as it may."));
        }
        let twice = letter::Entity::find()
            .filter(letter::Column::PartId.eq(self.part))
            .filter(letter::Column::Document.eq(self.document.as_str()))
            .filter(letter::Column::SignerEmail.eq(email.as_str()))
            .filter(letter::Column::State.eq(LetterState::Asked))
            .count(tx.conn())
            .await?;
        if twice > 0 {
            let message = "This person was asked for this letter already; remind them instead";
            return Err(AppError::invalid("signer_email", message));
        }
        let token = secret::token(tx.chance());
        let id: LetterId = tx.new_id();
        let row = letter::Model {
            id,
            part_id: self.part,
            participant_id: participant,
            document: self.document,
            signer_name: name,
            signer_email: email.to_string(),
            signer_organisation: organisation,
            token_hash: secret::hash(&token),
            state: LetterState::Asked,
            text: words,
            requested_minor: around.part.requested_minor,
            total_minor: total(tx, self.part).await?,
            asked_by: account,
            asked_at: tx.now(),
            signed_name: None,
            signed_on: None,
            signed_at: None,
            refusal: None,
            file_id: None,
        };
        let about = around.about(tx, &row).await?;
        let row: letter::ActiveModel = row.into();
        letter::Entity::insert(row.reset_all()).exec_without_returning(tx.conn()).await?;
        touch(tx, leave, around.proposal.id).await?;
        Ok(tx.done(LetterEvent::Asked { about, token }, id))
    }
}

async fn total(tx: &Tx, part: PartId) -> Result<i64> {
    let all: Vec<i64> = cost_line::Entity::find()
        .select_only()
        .column(cost_line::Column::Minor)
        .filter(cost_line::Column::PartId.eq(part))
        .into_tuple()
        .all(tx.conn())
        .await?;
    Ok(all.into_iter().fold(0, i64::saturating_add))
}

/// A letter of this part that waits for its answer.
async fn waiting(tx: &Tx, part: PartId, id: LetterId) -> Result<letter::Model> {
    let row = letter::Entity::find_by_id(id).one(tx.conn()).await?.filter(|row| row.part_id == part);
    row.ok_or(AppError::NotFound)
}

/// Writes to the signer again, with a new link that takes the place of the old one.
#[derive(Clone)]
pub struct RemindSigner {
    pub part: PartId,
    pub letter: LetterId,
}

impl Command for RemindSigner {
    const NEEDS: Permission = Permission::EditPart;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Part(self.part)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        let around = Around::load(tx, self.part).await?;
        around.draft()?;
        let row = waiting(tx, self.part, self.letter).await?;
        if row.state != LetterState::Asked {
            return Err(AppError::refused("letter_answered", "This letter does not wait for an answer."));
        }
        if tx.now() < row.asked_at + PATIENCE {
            let message = format!("{} was written to less than a day ago. Wait a little.", row.signer_name);
            return Err(AppError::refused("too_soon", message));
        }
        let about = around.about(tx, &row).await?;
        let token = secret::token(tx.chance());
        let mut row: letter::ActiveModel = row.into();
        row.token_hash = Set(secret::hash(&token));
        row.asked_at = Set(tx.now());
        row.update(tx.conn()).await?;
        Ok(tx.done(LetterEvent::Reminded { about, token }, ()))
    }
}

/// Takes a letter back, answered or not: it no longer counts and its link no longer works.
#[derive(Clone)]
pub struct WithdrawLetter {
    pub part: PartId,
    pub letter: LetterId,
}

impl Command for WithdrawLetter {
    const NEEDS: Permission = Permission::EditPart;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Part(self.part)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        let around = Around::load(tx, self.part).await?;
        around.draft()?;
        let row = waiting(tx, self.part, self.letter).await?;
        if row.state == LetterState::Withdrawn {
            return Err(AppError::refused("letter_withdrawn", "This letter was withdrawn already."));
        }
        let about = around.about(tx, &row).await?;
        let mut row: letter::ActiveModel = row.into();
        row.state = Set(LetterState::Withdrawn);
        row.update(tx.conn()).await?;
        Ok(tx.done(LetterEvent::Withdrawn(about), ()))
    }
}
