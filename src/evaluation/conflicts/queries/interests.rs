//! What people stated of themselves, and whether it is signed and in force.

use crate::kernel::{Leave, Permission, Query, Result, Snapshot, Subject};
use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    evaluation::{interest, interest_statement},
    types::{
        country::Country,
        ids::{AccountId, InterestId, StatementId},
        states::InterestKind,
    },
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::BTreeMap;

/// One interest.
#[derive(Debug, Clone)]
pub struct InterestLine {
    pub id: InterestId,
    pub kind: InterestKind,
    pub name: String,
    pub registration_no: Option<String>,
    pub country: Option<Country>,
    pub detail: String,
    pub until: Option<NaiveDate>,
}

/// The statement in force, or the last one.
#[derive(Debug, Clone)]
pub struct OwnStatement {
    pub id: StatementId,
    pub signed_name: String,
    pub signed_at: DateTime<Utc>,
    pub valid_until: DateTime<Utc>,
    /// Whether its year is over.
    pub over: bool,
    /// Whether the list has changed since.
    pub changed: bool,
}

/// A list of interests with its signature.
#[derive(Debug, Clone)]
pub struct Statements {
    pub lines: Vec<InterestLine>,
    pub statement: Option<OwnStatement>,
}

impl Statements {
    /// Whether the list is signed as it is and its year is not over.
    pub fn in_force(&self) -> bool {
        self.statement.as_ref().is_some_and(|one| !one.over && !one.changed)
    }
}

/// What an account stated, and the statement it signed last.
///
/// # Errors
/// When the database cannot be asked.
pub async fn statements(db: &impl ConnectionTrait, account: AccountId, now: DateTime<Utc>) -> Result<Statements> {
    let rows = interest::Entity::find()
        .filter(interest::Column::AccountId.eq(account))
        .order_by_asc(interest::Column::Kind)
        .order_by_asc(interest::Column::Id)
        .all(db)
        .await?;
    let signed = interest_statement::Entity::find()
        .filter(interest_statement::Column::AccountId.eq(account))
        .order_by_desc(interest_statement::Column::SignedAt)
        .order_by_desc(interest_statement::Column::Id)
        .one(db)
        .await?;
    let touched = rows.iter().map(|row| row.withdrawn_at.unwrap_or(row.created_at)).max();
    let statement = signed.map(|row| OwnStatement {
        id: row.id,
        over: row.valid_until <= now,
        changed: touched.is_some_and(|at| at > row.signed_at),
        signed_name: row.signed_name,
        signed_at: row.signed_at,
        valid_until: row.valid_until,
    });
    let line = |row: interest::Model| InterestLine {
        id: row.id,
        kind: row.kind,
        name: row.name,
        registration_no: row.registration_no,
        country: row.country,
        detail: row.detail,
        until: row.until,
    };
    let lines = rows.into_iter().filter(|row| row.withdrawn_at.is_none()).map(line).collect();
    Ok(Statements { lines, statement })
}

/// Until when the statements of these people hold; none of somebody who never signed, or whose list changed since.
/// Two statements, however many people there are.
///
/// # Errors
/// When the database cannot be asked.
pub async fn signed_until(db: &impl ConnectionTrait, accounts: &[AccountId]) -> Result<BTreeMap<AccountId, NaiveDate>> {
    let signed = interest_statement::Entity::find()
        .filter(interest_statement::Column::AccountId.is_in(accounts.iter().copied()))
        .order_by_asc(interest_statement::Column::SignedAt)
        .order_by_asc(interest_statement::Column::Id)
        .all(db)
        .await?;
    let stated =
        interest::Entity::find().filter(interest::Column::AccountId.is_in(accounts.iter().copied())).all(db).await?;
    let mut touched: BTreeMap<AccountId, DateTime<Utc>> = BTreeMap::new();
    for row in stated {
        let at = row.withdrawn_at.unwrap_or(row.created_at);
        touched.entry(row.account_id).and_modify(|last| *last = at.max(*last)).or_insert(at);
    }
    // The last one that was signed is the one that counts.
    let last: BTreeMap<AccountId, interest_statement::Model> =
        signed.into_iter().map(|row| (row.account_id, row)).collect();
    let unchanged =
        |row: &interest_statement::Model| touched.get(&row.account_id).is_none_or(|at| *at <= row.signed_at);
    let last = last.into_iter().filter(|(_, row)| unchanged(row));
    Ok(last.map(|(account, row)| (account, row.valid_until.date_naive())).collect())
}

/// The actor's own list.
pub struct OwnInterests;

impl Query for OwnInterests {
    const NEEDS: Permission = Permission::DeclareInterests;
    type Output = Statements;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Statements> {
        statements(db.conn(), leave.account()?, db.now()).await
    }
}

/// Whether a statement is still the last one of somebody, so that they should be reminded of its end.
pub struct StatementDue(pub StatementId, pub AccountId);

impl Query for StatementDue {
    const NEEDS: Permission = Permission::ManageEvaluators;
    type Output = bool;

    fn about(&self) -> Subject {
        Subject::Account(self.1)
    }

    async fn fetch(self, db: &Snapshot, _: Leave<'_>) -> Result<bool> {
        let found = statements(db.conn(), self.1, db.now()).await?;
        Ok(found.statement.is_some_and(|one| one.id == self.0))
    }
}
