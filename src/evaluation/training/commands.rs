//! What the joint secretariat does with training proposals, and evaluators with their sheets on them.

use super::{
    events::{About, TrainingEvent},
    queries::{for_evaluator, text_of},
};
use crate::{
    evaluation::scores::commands::{Sheet, missing_in, read_whole},
    kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx, error::FieldErrors},
};
use entity::{
    calls::call,
    evaluation::{training, training_sheet},
    types::{
        ids::{CallId, TrainingId},
        states::TrainingState,
        text,
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

/// Longest text of a training proposal, in characters.
const TEXT: usize = 60_000;

/// Writes a training proposal with the panel's answer, or writes it anew while it is a draft.
#[derive(Clone)]
pub struct WriteTraining {
    pub call: CallId,
    /// Which one, and the version seen; none for a new one.
    pub training: Option<(TrainingId, i64)>,
    pub title: String,
    pub text: String,
    /// Code of an earlier proposal whose joint answers are taken instead of the text; empty for none.
    pub source: String,
    /// Whether its applicants have agreed.
    pub permitted: bool,
    pub required: bool,
    pub answer: Sheet,
}

impl Command for WriteTraining {
    const NEEDS: Permission = Permission::ManageTraining;
    type Output = TrainingId;

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<TrainingId>> {
        let before = match self.training {
            Some((id, seen)) => Some(draft(tx, self.call, id, seen).await?),
            None => None,
        };
        let call = call::Entity::find_by_id(self.call).one(tx.conn()).await?.ok_or(AppError::NotFound)?;
        let mut errors = FieldErrors::default();
        let title = errors.take("title", text::line(&self.title, 200));
        let code = self.source.trim();
        let source = match code {
            "" => None,
            _ if !self.permitted => {
                errors.add("permitted", "Take an earlier proposal only with its applicants' permission");
                None
            }
            code => match text_of(tx.conn(), leave, code).await? {
                Some(found) => Some(found),
                None => {
                    errors.add("source", "There is no proposal with this code in an archived call that you can read");
                    None
                }
            },
        };
        let typed = errors.take("text", text::prose(&self.text, TEXT)).unwrap_or_default();
        let (source_id, text) = match source {
            Some((id, taken)) if typed.trim().is_empty() => (Some(id), taken),
            Some((id, _)) => (Some(id), typed),
            None => (before.as_ref().and_then(|b| b.source_id), typed),
        };
        if text.trim().is_empty() && errors.is_empty() {
            errors.add("text", "Write the proposal, or take one from an archived call");
        }
        let answer = match read_whole(&call.terms, &self.answer) {
            Ok(answer) => answer,
            Err(AppError::Invalid(wrong)) => {
                errors.0.extend(wrong.0);
                Default::default()
            }
            Err(error) => return Err(error),
        };
        errors.done()?;
        let row = training::Model {
            id: before.as_ref().map_or_else(|| tx.new_id(), |b| b.id),
            call_id: self.call,
            state: TrainingState::Draft,
            title: title.unwrap_or_default(),
            text,
            source_id,
            answer,
            required: self.required,
            made_by: leave.account()?,
            made_at: tx.now(),
            version: before.as_ref().map_or(1, |b| b.version + 1),
        };
        let about = about(&row);
        let row = training::ActiveModel::from(row).reset_all();
        match before {
            Some(_) => _ = row.update(tx.conn()).await?,
            None => _ = training::Entity::insert(row).exec_without_returning(tx.conn()).await?,
        }
        let (id, source) = (about.training, Some(code.to_owned()).filter(|code| !code.is_empty()));
        Ok(tx.done(TrainingEvent::Written { about, source }, id))
    }
}

/// Opens a training proposal to the evaluators of the call; from now on it is not changed.
#[derive(Clone)]
pub struct OpenTraining {
    pub call: CallId,
    pub training: TrainingId,
    pub seen: i64,
}

impl Command for OpenTraining {
    const NEEDS: Permission = Permission::ManageTraining;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        let row = draft(tx, self.call, self.training, self.seen).await?;
        let call = call::Entity::find_by_id(self.call).one(tx.conn()).await?.ok_or(AppError::NotFound)?;
        missing_in(&call.terms, &row.answer).done()?;
        let (about, required) = (about(&row), row.required);
        step(tx, row, TrainingState::Open).await?;
        Ok(tx.done(TrainingEvent::Opened { about, required }, ()))
    }
}

/// Takes a training proposal away; what was said of it stays with the secretariat.
#[derive(Clone)]
pub struct WithdrawTraining {
    pub call: CallId,
    pub training: TrainingId,
}

impl Command for WithdrawTraining {
    const NEEDS: Permission = Permission::ManageTraining;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        let row = of_call(tx, self.call, self.training).await?;
        if row.state == TrainingState::Withdrawn {
            return Err(AppError::refused("training_state", "This training proposal was withdrawn already."));
        }
        let about = about(&row);
        step(tx, row, TrainingState::Withdrawn).await?;
        Ok(tx.done(TrainingEvent::Withdrawn { about }, ()))
    }
}

/// Keeps what an evaluator says of a training proposal; gives the new version of the sheet.
#[derive(Clone)]
pub struct SaveTraining {
    pub training: TrainingId,
    /// The version of the sheet; 0 before there is one.
    pub seen: i64,
    pub sheet: Sheet,
    /// Whether it is handed in as well.
    pub submit: bool,
}

impl Command for SaveTraining {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = i64;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<i64>> {
        let (row, call) = for_evaluator(tx.conn(), leave, self.training).await?;
        let account = leave.account()?;
        let kept = training_sheet::Entity::find()
            .filter(training_sheet::Column::TrainingId.eq(row.id))
            .filter(training_sheet::Column::AccountId.eq(account))
            .one(tx.conn())
            .await?;
        if kept.as_ref().is_some_and(|sheet| sheet.submitted_at.is_some()) {
            let message = "You have submitted this sheet; now you see the panel's answer beside it.";
            return Err(AppError::refused("already_submitted", message));
        }
        let sheet = read_whole(&call.terms, &self.sheet)?;
        if let Some(kept) = kept.as_ref().filter(|kept| kept.version != self.seen && kept.sheet != sheet) {
            return Err(AppError::Stale { by: "you".to_owned(), at: kept.begun_at, version: kept.version });
        }
        if self.submit {
            missing_in(&call.terms, &sheet).done()?;
        }
        let new = training_sheet::Model {
            id: kept.as_ref().map_or_else(|| tx.new_id(), |k| k.id),
            training_id: row.id,
            account_id: account,
            sheet,
            begun_at: kept.as_ref().map_or(tx.now(), |k| k.begun_at),
            submitted_at: self.submit.then(|| tx.now()),
            version: kept.as_ref().map_or(1, |k| k.version + 1),
        };
        let version = new.version;
        let new = training_sheet::ActiveModel::from(new).reset_all();
        match kept {
            Some(_) => _ = new.update(tx.conn()).await?,
            None => _ = training_sheet::Entity::insert(new).exec_without_returning(tx.conn()).await?,
        }
        let about = about(&row);
        let event = if self.submit { TrainingEvent::Submitted { about } } else { TrainingEvent::Saved { about } };
        Ok(tx.done(event, version))
    }
}

async fn of_call(tx: &Tx, call: CallId, id: TrainingId) -> Result<training::Model> {
    let row = training::Entity::find_by_id(id).filter(training::Column::CallId.eq(call)).one(tx.conn()).await?;
    row.ok_or(AppError::NotFound)
}

/// A training proposal that can still be changed.
async fn draft(tx: &Tx, call: CallId, id: TrainingId, seen: i64) -> Result<training::Model> {
    let row = of_call(tx, call, id).await?;
    if row.state != TrainingState::Draft {
        let message = "Evaluators score by what they were shown: this training proposal is not changed any more.";
        return Err(AppError::refused("training_state", message));
    }
    if row.version != seen {
        return Err(AppError::Stale { by: "somebody".to_owned(), at: row.made_at, version: row.version });
    }
    Ok(row)
}

async fn step(tx: &Tx, row: training::Model, to: TrainingState) -> Result<()> {
    let version = row.version + 1;
    let mut change: training::ActiveModel = row.into();
    change.state = Set(to);
    change.version = Set(version);
    change.update(tx.conn()).await?;
    Ok(())
}

fn about(row: &training::Model) -> About {
    About { training: row.id, call: row.call_id, title: row.title.clone() }
}
