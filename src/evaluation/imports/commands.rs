//! What the secretariat does with lists, and what the clock takes away.

use super::{
    events::{Counts, ImportEvent, Invited},
    queries::{known, own, plan_of},
    rules::{Change, Kept, Known, List, Outcome, Plan, Row, draft, new_fields, outcome},
};
use crate::{
    accounts::invitations::commands::{New, create},
    evaluation::evaluators::commands::{fill, write_tags},
    kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx},
};
use chrono::TimeDelta;
use entity::{
    accounts::{account, invitation},
    evaluation::{evaluator, evaluator_draft, evaluator_import},
    types::{
        ids::{AccountId, EvaluatorImportId},
        states::InvitationKind,
        text::Email,
    },
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
};
use std::collections::BTreeMap;

/// How long a plan can be applied.
const HOLDS: TimeDelta = TimeDelta::days(1);

/// Keeps what a list would change, for the person who made it and for a day.
#[derive(Debug, Clone)]
pub struct PlanImport {
    /// The file's name.
    pub file: String,
    pub list: List,
}

impl Command for PlanImport {
    const NEEDS: Permission = Permission::ManageEvaluators;
    type Output = EvaluatorImportId;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<EvaluatorImportId>> {
        let plan = plan_of(tx.conn(), &self.list, tx.now()).await?;
        let id: EvaluatorImportId = tx.new_id();
        let file: String = self.file.chars().take(200).collect();
        let row = evaluator_import::ActiveModel {
            id: Set(id),
            account_id: Set(leave.account()?),
            file: Set(file.clone()),
            list: Set(serde_json::to_value(&self.list)?),
            plan: Set(serde_json::to_value(&plan)?),
            made_at: Set(tx.now()),
            expires_at: Set(tx.now() + HOLDS),
            applied_at: Set(None),
        };
        evaluator_import::Entity::insert(row).exec_without_returning(tx.conn()).await?;
        Ok(tx.done(ImportEvent::Planned { import: id, file }, id))
    }
}

/// Applies exactly the plan that was shown, or nothing.
#[derive(Debug, Clone)]
pub struct ApplyImport(pub EvaluatorImportId);

impl Command for ApplyImport {
    const NEEDS: Permission = Permission::ManageEvaluators;
    type Output = Counts;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<Counts>> {
        let me = leave.account()?;
        let row = own(tx.conn(), self.0, me).await?;
        if row.applied_at.is_some() {
            return Err(AppError::refused("applied", "This list was applied already."));
        }
        if row.expires_at <= tx.now() {
            return Err(AppError::refused("plan_over", "This plan is older than a day. Please upload the list again."));
        }
        let list: List = serde_json::from_value(row.list.clone())?;
        let shown: Plan = serde_json::from_value(row.plan.clone())?;
        if plan_of(tx.conn(), &list, tx.now()).await? != shown {
            return Err(AppError::refused(
                "plan_changed",
                "The pool changed since this plan was made, so nothing was changed. Please upload the list again.",
            ));
        }
        if !shown.changes_something() {
            return Err(AppError::refused("nothing_to_change", "This list changes nothing."));
        }
        let known = known(tx.conn(), &list, tx.now()).await?;
        let rows: BTreeMap<usize, &Row> = list.rows.iter().map(|row| (row.row, row)).collect();
        let (mut invited, mut changed) = (Vec::new(), Vec::new());
        for step in &shown.steps {
            let row = rows.get(&step.row).ok_or_else(|| AppError::broken("a plan names a row that is not there"))?;
            match (&step.change, known.get(&step.email)) {
                (Change::Invited, _) => invited.push(invite(tx, row, me).await?),
                (Change::Changed { .. }, Some(Known::Member(kept))) => changed.push(change(tx, row, kept).await?),
                _ => {}
            }
        }
        let counts = Counts { invited: invited.len(), changed: changed.len(), left_out: shown.faults.len() };
        let mut row: evaluator_import::ActiveModel = row.into();
        row.applied_at = Set(Some(tx.now()));
        row.update(tx.conn()).await?;
        let by = leave.actor().name().to_owned();
        Ok(tx.done(ImportEvent::Applied { import: self.0, by, counts, invited, changed }, counts))
    }
}

/// Invites somebody to the pool, and keeps what the list says until they answer.
async fn invite(tx: &Tx, row: &Row, by: AccountId) -> Result<Invited> {
    let email = Email::parse(&row.email).map_err(|error| AppError::broken(error.0))?;
    let new = New {
        kind: InvitationKind::Evaluator,
        email: email.clone(),
        name: row.name.clone(),
        role: None,
        call: None,
        organisation: None,
        proposal: None,
        part: None,
        message: String::new(),
        invited_by: by,
    };
    let (invitation, path) = create(tx, new).await?;
    let profile = serde_json::to_value(draft(row))?;
    let kept = evaluator_draft::ActiveModel { invitation_id: Set(invitation), profile: Set(profile) };
    evaluator_draft::Entity::insert(kept).exec_without_returning(tx.conn()).await?;
    Ok(Invited { email, name: row.name.clone(), path })
}

/// Writes what a row says over a member's profile.
async fn change(tx: &Tx, row: &Row, kept: &Kept) -> Result<AccountId> {
    let outcome = outcome(row, kept).map_err(|messages| AppError::broken(messages.join("; ")))?;
    let fields = new_fields(&outcome);
    let Outcome { kept: after, .. } = outcome;
    let found = evaluator::Entity::find_by_id(kept.evaluator).find_also_related(account::Entity).one(tx.conn()).await?;
    let (row, person) = found.ok_or(AppError::NotFound)?;
    let (id, name) = (row.account_id, person.map(|person| person.name).unwrap_or_default());
    let mut row: evaluator::ActiveModel = row.into();
    fill(&mut row, &after.profile, &name);
    row.version = Set(kept.version + 1);
    // What somebody signed here stays where it was signed; only another day is recorded.
    if after.declaration_until != kept.declaration_until {
        row.declaration_until = Set(after.declaration_until);
    }
    row.contract_until = Set(after.contract_until);
    row.update(tx.conn()).await?;
    if fields {
        write_tags(tx, kept.evaluator, &after.profile).await?;
    }
    Ok(id)
}

/// Takes away lists whose day is over, and what lists said of people whose invitation is answered or over.
#[derive(Debug, Clone)]
pub struct ClearImports;

impl Command for ClearImports {
    const NEEDS: Permission = Permission::ManageEvaluators;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        let lists = evaluator_import::Entity::delete_many()
            .filter(evaluator_import::Column::ExpiresAt.lte(tx.now()))
            .exec(tx.conn())
            .await?
            .rows_affected;
        let over = Condition::any()
            .add(invitation::Column::AnsweredAt.is_not_null())
            .add(invitation::Column::WithdrawnAt.is_not_null())
            .add(invitation::Column::ExpiresAt.lte(tx.now()));
        let closed = invitation::Entity::find()
            .select_only()
            .column(invitation::Column::Id)
            .filter(invitation::Column::Kind.eq(InvitationKind::Evaluator))
            .filter(over);
        let drafts = evaluator_draft::Entity::delete_many()
            .filter(evaluator_draft::Column::InvitationId.in_subquery(closed.into_query()))
            .exec(tx.conn())
            .await?
            .rows_affected;
        if lists + drafts == 0 {
            return Err(AppError::refused("nothing_over", "There is no list whose time is over."));
        }
        Ok(tx.done(ImportEvent::Cleared { lists, drafts }, ()))
    }
}
