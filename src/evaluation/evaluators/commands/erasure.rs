//! Profiles end: by the clock, or when their owner asks for it.

use super::{clear_details, of_account};
use crate::{
    accounts::registration::commands::forget,
    evaluation::{
        evaluators::{events::EvaluatorEvent, queries::last_use, rules},
        rules::signed,
    },
    kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx},
};
use entity::{
    accounts::role_grant,
    evaluation::{assignment, conflict_finding, evaluator, interest, interest_statement, plan_pair, recruitment, wish},
    organisations::membership,
    proposals::team_member,
    types::{
        ids::{AccountId, EvaluatorId},
        states::{EvaluatorState, MembershipState},
        text::{self, Email},
    },
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, sea_query::Expr,
};

/// Keeps the own profile for another term.
#[derive(Clone)]
pub struct RenewProfile;

impl Command for RenewProfile {
    const NEEDS: Permission = Permission::EditOwnProfile;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let me = leave.account()?;
        let row = of_account(tx, me).await?.filter(super::profile::active).ok_or(AppError::NotFound)?;
        let mut row: evaluator::ActiveModel = row.into();
        row.renewed_at = Set(Some(tx.now()));
        row.update(tx.conn()).await?;
        Ok(tx.done(EvaluatorEvent::Renewed { account: me }, ()))
    }
}

/// Erases the own profile now, signed with the own name; only when nothing is open.
#[derive(Clone)]
pub struct EraseOwnProfile {
    pub signed_name: String,
}

impl Command for EraseOwnProfile {
    const NEEDS: Permission = Permission::EditOwnProfile;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let me = leave.account()?;
        let row = of_account(tx, me).await?.filter(super::profile::active).ok_or(AppError::NotFound)?;
        if !signed(&self.signed_name, leave.actor().name()) {
            let message = format!("Type your name as it is in your account: {}", leave.actor().name());
            return Err(AppError::invalid("erase_name", message));
        }
        if last_use(tx.conn(), &row).await?.is_none() {
            return Err(AppError::refused(
                "tasks_open",
                "A call in which you evaluate is not decided yet. Your profile can be erased after that.",
            ));
        }
        let event = erase(tx, row).await?;
        Ok(tx.done(event, ()))
    }
}

/// Erases a profile whose time is over.
#[derive(Clone)]
pub struct EraseOverdue(pub EvaluatorId);

impl Command for EraseOverdue {
    const NEEDS: Permission = Permission::ManageEvaluators;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        let row = evaluator::Entity::find_by_id(self.0).one(tx.conn()).await?.ok_or(AppError::NotFound)?;
        let last = last_use(tx.conn(), &row).await?;
        if row.erased_at.is_some() || !last.is_some_and(|last| rules::overdue(last, tx.now())) {
            return Err(AppError::refused("not_due", "This profile may be kept."));
        }
        let event = erase(tx, row).await?;
        Ok(tx.done(event, ()))
    }
}

/// Takes away what is known of a person as an evaluator. Sheets and points stay, under a pseudonym; the account goes
/// too, unless the person is something else on the platform as well.
async fn erase(tx: &Tx, row: evaluator::Model) -> Result<EvaluatorEvent> {
    let (id, account, name) = (row.id, row.account_id, rules::pseudonym(row.id));
    clear_details(tx, id).await?;
    let version = row.version + 1;
    let mut row: evaluator::ActiveModel = row.into();
    row.organisation = Set(String::new());
    row.expertise = Set(String::new());
    row.languages = Set(String::new());
    row.countries = Set(String::new());
    row.bio = Set(String::new());
    row.search = Set(text::searchable([name.as_str()]));
    row.hours = Set(None);
    row.contract_until = Set(None);
    row.declaration_until = Set(None);
    row.state = Set(EvaluatorState::Left);
    row.erased_at = Set(Some(tx.now()));
    row.version = Set(version);
    row.update(tx.conn()).await?;
    assignment::Entity::update_many()
        .col_expr(assignment::Column::SignedName, Expr::value(name.clone()))
        .filter(assignment::Column::EvaluatorId.eq(id))
        .filter(assignment::Column::SignedName.is_not_null())
        .exec(tx.conn())
        .await?;
    wish::Entity::delete_many().filter(wish::Column::EvaluatorId.eq(id)).exec(tx.conn()).await?;
    // Why somebody fitted is told in words of their own texts.
    plan_pair::Entity::update_many()
        .col_expr(plan_pair::Column::Why, Expr::value(Option::<serde_json::Value>::None))
        .filter(plan_pair::Column::EvaluatorId.eq(id))
        .exec(tx.conn())
        .await?;
    let listed = recruitment::Entity::find().filter(recruitment::Column::EvaluatorId.eq(id)).all(tx.conn()).await?;
    for one in listed {
        let nowhere = Email::parse(&format!("{}@erased.invalid", one.id)).map_err(|error| AppError::broken(error.0))?;
        let mut one: recruitment::ActiveModel = one.into();
        one.email = Set(nowhere);
        one.name = Set(name.clone());
        one.message = Set(String::new());
        one.signed_name = Set(None);
        one.reason = Set(None);
        one.update(tx.conn()).await?;
    }
    if !something_else(tx, account).await? {
        forget_interests(tx, account).await?;
        forget(tx, account, &name).await?;
    }
    Ok(EvaluatorEvent::Erased { account, name })
}

/// Takes away what somebody stated of interests; what was decided about conflicts stays, without its words.
async fn forget_interests(tx: &Tx, account: AccountId) -> Result<()> {
    let db = tx.conn();
    interest::Entity::delete_many().filter(interest::Column::AccountId.eq(account)).exec(db).await?;
    interest_statement::Entity::delete_many()
        .filter(interest_statement::Column::AccountId.eq(account))
        .exec(db)
        .await?;
    conflict_finding::Entity::update_many()
        .col_expr(conflict_finding::Column::Own, Expr::value(""))
        .col_expr(conflict_finding::Column::Met, Expr::value(""))
        .filter(conflict_finding::Column::AccountId.eq(account))
        .exec(db)
        .await?;
    Ok(())
}

/// Whether the account stands for more than an evaluator.
async fn something_else(tx: &Tx, account: AccountId) -> Result<bool> {
    let roles = role_grant::Entity::find()
        .filter(role_grant::Column::AccountId.eq(account))
        .filter(role_grant::Column::RevokedAt.is_null())
        .count(tx.conn())
        .await?;
    let houses = membership::Entity::find()
        .filter(membership::Column::AccountId.eq(account))
        .filter(membership::Column::State.eq(MembershipState::Active))
        .count(tx.conn())
        .await?;
    let teams = team_member::Entity::find().filter(team_member::Column::AccountId.eq(account)).count(tx.conn()).await?;
    Ok(roles + houses + teams > 0)
}
