//! What is changed in a profile.

use super::{fill, name_of, of_account, read, write_details};
use crate::{
    evaluation::evaluators::{events::EvaluatorEvent, rules::Typed},
    kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx, error::FieldErrors},
};
use entity::{
    evaluation::evaluator,
    types::{ids::EvaluatorId, period::parse_day, states::EvaluatorState},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};

/// Changes the own profile.
#[derive(Clone)]
pub struct ChangeOwnProfile {
    pub seen: i64,
    pub profile: Typed,
}

impl Command for ChangeOwnProfile {
    const NEEDS: Permission = Permission::EditOwnProfile;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let me = leave.account()?;
        let row = of_account(tx, me).await?.ok_or(AppError::NotFound)?;
        let name = change(tx, row, self.seen, &self.profile).await?;
        Ok(tx.done(EvaluatorEvent::ProfileChanged { account: me, name }, ()))
    }
}

/// Corrects somebody's profile.
#[derive(Clone)]
pub struct ChangeProfile {
    pub evaluator: EvaluatorId,
    pub seen: i64,
    pub profile: Typed,
}

impl Command for ChangeProfile {
    const NEEDS: Permission = Permission::ManageEvaluators;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        let row = evaluator::Entity::find_by_id(self.evaluator).one(tx.conn()).await?.ok_or(AppError::NotFound)?;
        let account = row.account_id;
        let name = change(tx, row, self.seen, &self.profile).await?;
        Ok(tx.done(EvaluatorEvent::ProfileChanged { account, name }, ()))
    }
}

/// Records until when somebody's contract and declaration hold; an empty day is none.
#[derive(Clone)]
pub struct SetTerms {
    pub evaluator: EvaluatorId,
    pub contract_until: String,
    pub declaration_until: String,
}

impl Command for SetTerms {
    const NEEDS: Permission = Permission::ManageEvaluators;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        let row = evaluator::Entity::find_by_id(self.evaluator).one(tx.conn()).await?.ok_or(AppError::NotFound)?;
        let mut errors = FieldErrors::default();
        let mut day = |field: &str, typed: &str| match typed.trim() {
            "" => None,
            typed => errors.take(field, parse_day(typed)),
        };
        let contract = day("contract_until", &self.contract_until);
        let declaration = day("declaration_until", &self.declaration_until);
        errors.done()?;
        let (account, name) = (row.account_id, name_of(tx, row.account_id).await?);
        let mut row: evaluator::ActiveModel = row.into();
        row.contract_until = Set(contract);
        row.declaration_until = Set(declaration);
        row.update(tx.conn()).await?;
        Ok(tx.done(EvaluatorEvent::TermsSet { account, name, contract, declaration }, ()))
    }
}

/// Whether somebody is in the pool.
pub(super) fn active(row: &evaluator::Model) -> bool {
    row.state == EvaluatorState::Active
}

/// Writes a profile over the one that was seen; gives the person's name.
async fn change(tx: &Tx, row: evaluator::Model, seen: i64, typed: &Typed) -> Result<String> {
    let name = name_of(tx, row.account_id).await?;
    if row.version != seen {
        let at = row.answered_at.unwrap_or(row.invited_at);
        return Err(AppError::Stale { by: "somebody".to_owned(), at, version: row.version });
    }
    let profile = read(typed)?;
    let (id, version) = (row.id, row.version + 1);
    let mut row: evaluator::ActiveModel = row.into();
    fill(&mut row, &profile, &name);
    row.version = Set(version);
    row.update(tx.conn()).await?;
    write_details(tx, id, &profile).await?;
    Ok(name)
}
