//! What people do with API tokens.

use super::events::TokenEvent;
use crate::kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx, error::FieldErrors, secret};
use chrono::TimeDelta;
use entity::{
    accounts::api_token,
    types::{
        ids::{AccountId, ApiTokenId},
        text,
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

/// Longest life of a token, in days.
pub const LONGEST: i64 = 365;

/// Issues a token for the actor; gives its text, the only time it is seen. Run without a key.
#[derive(Clone)]
pub struct IssueToken {
    pub name: String,
    pub write: bool,
    pub days: String,
}

impl Command for IssueToken {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = String;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<String>> {
        let account = leave.account()?;
        let mut errors = FieldErrors::default();
        let name = errors.take("name", text::line(&self.name, 120)).unwrap_or_default();
        let days = match self.days.trim().parse::<i64>() {
            Ok(days) if (1..=LONGEST).contains(&days) => days,
            _ => {
                errors.add("days", format!("Enter a number of days between 1 and {LONGEST}"));
                0
            }
        };
        errors.done()?;
        let scopes = if self.write { "read write" } else { "read" };
        let token = secret::token(tx.chance());
        let id: ApiTokenId = tx.new_id();
        let row = api_token::ActiveModel {
            id: Set(id),
            account_id: Set(account),
            name: Set(name.clone()),
            token_hash: Set(secret::hash(&token)),
            scopes: Set(scopes.to_owned()),
            created_at: Set(tx.now()),
            expires_at: Set(Some(tx.now() + TimeDelta::days(days))),
            used_at: Set(None),
            revoked_at: Set(None),
        };
        api_token::Entity::insert(row).exec_without_returning(tx.conn()).await?;
        Ok(tx.done(TokenEvent::Issued { account, token: id, name, scopes: scopes.to_owned() }, token))
    }
}

/// Revokes one of the actor's own tokens.
#[derive(Clone)]
pub struct RevokeToken(pub ApiTokenId);

impl Command for RevokeToken {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let account = leave.account()?;
        let row = api_token::Entity::find_by_id(self.0).one(tx.conn()).await?.filter(|row| row.account_id == account);
        let row = row.ok_or(AppError::NotFound)?;
        let name = row.name.clone();
        if row.revoked_at.is_none() {
            let mut row: api_token::ActiveModel = row.into();
            row.revoked_at = Set(Some(tx.now()));
            row.update(tx.conn()).await?;
        }
        Ok(tx.done(TokenEvent::Revoked { account, token: self.0, name }, ()))
    }
}

/// Revokes every token of an account; gives how many there were.
///
/// # Errors
/// When the database refuses.
pub(in crate::accounts) async fn revoke_all(tx: &Tx, account: AccountId) -> Result<u64> {
    let revoked = api_token::Entity::update_many()
        .col_expr(api_token::Column::RevokedAt, Expr::value(tx.now()))
        .filter(api_token::Column::AccountId.eq(account))
        .filter(api_token::Column::RevokedAt.is_null())
        .exec(tx.conn())
        .await?;
    Ok(revoked.rows_affected)
}
