//! What people do with sessions.

use super::{events::SessionEvent, queries::CredentialOf};
use crate::kernel::{Actor, App, AppError, Command, Done, Leave, Permission, Result, Subject, Tx, secret};
use chrono::TimeDelta;
use entity::{
    accounts::{account, credential, session},
    types::{
        ids::{AccountId, SessionId},
        text::Email,
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

/// A session ends after so long at the latest.
pub const LONGEST: TimeDelta = TimeDelta::days(14);
/// Wrong tries before an account or an address has to wait, and how long the window is.
const TRIES_PER_ACCOUNT: i32 = 10;
const TRIES_PER_ADDRESS: i32 = 100;
const WINDOW: TimeDelta = TimeDelta::minutes(15);

/// Checks address and password and starts a session; gives its token, the only time it is seen.
///
/// # Errors
/// As [`verify`].
pub async fn sign_in(app: &App, email: &str, password: &str, address: &str, agent: &str) -> Result<String> {
    let account = verify(app, email, password, address).await?;
    let start = StartSession { account, address: address.to_owned(), agent: agent.to_owned() };
    app.run(&Actor::Nobody, start).await
}

/// Checks address and password.
///
/// # Errors
/// The same refusal for a wrong password and an unknown address; `TooMany` after too many tries.
pub async fn verify(app: &App, email: &str, password: &str, address: &str) -> Result<AccountId> {
    let wrong = || AppError::invalid("password", "The e-mail address or the password is not right.");
    let typed = email.trim().to_lowercase();
    let (by_account, by_address) = (format!("sign-in {typed}"), format!("sign-in from {address}"));
    app.limit(&by_address, TRIES_PER_ADDRESS, WINDOW).await?;
    app.limit(&by_account, TRIES_PER_ACCOUNT, WINDOW).await?;
    let found = match Email::parse(&typed) {
        Ok(email) => app.ask(&Actor::Nobody, CredentialOf(email)).await?,
        Err(_) => None,
    };
    let Some(credential) = found else {
        app.passwords().verify_nobody(password.to_owned()).await?;
        return Err(wrong());
    };
    let before = credential.phc.clone();
    if !app.passwords().verify(password.to_owned(), credential.phc).await? || !credential.active {
        return Err(wrong());
    }
    app.forget(&by_account).await?;
    renew(app, credential.account, before, password).await;
    Ok(credential.account)
}

/// Makes the stored hash anew when it was made at another cost than today's. Nobody is kept out when that fails:
/// the next sign-in tries again.
async fn renew(app: &App, account: AccountId, before: String, password: &str) {
    if !app.passwords().needs_rehash(&before) {
        return;
    }
    let mut salt = [0; 16];
    app.chance().fill(&mut salt);
    let renewed = async {
        let after = app.passwords().hash(password.to_owned(), salt).await?;
        app.run(&Actor::Nobody, RenewHash { account, before, after }).await
    };
    if let Err(error) = renewed.await {
        tracing::warn!(%error, "a password could not be hashed anew");
    }
}

/// Keeps the same password under another hash, unless the password was changed meanwhile.
#[derive(Clone)]
struct RenewHash {
    account: AccountId,
    before: String,
    after: String,
}

impl Command for RenewHash {
    const NEEDS: Permission = Permission::EnterPlatform;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Account(self.account)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        let renewed = credential::Entity::update_many()
            .col_expr(credential::Column::Phc, Expr::value(self.after))
            .filter(credential::Column::AccountId.eq(self.account))
            .filter(credential::Column::Phc.eq(self.before))
            .exec(tx.conn())
            .await?;
        if renewed.rows_affected == 0 {
            return Err(AppError::refused("password_changed", "The password was changed meanwhile."));
        }
        Ok(tx.done(SessionEvent::HashRenewed { account: self.account }, ()))
    }
}

/// Starts a session for somebody whose password or link was checked before.
#[derive(Clone)]
pub struct StartSession {
    pub account: AccountId,
    pub address: String,
    pub agent: String,
}

impl Command for StartSession {
    const NEEDS: Permission = Permission::EnterPlatform;
    type Output = String;

    fn about(&self) -> Subject {
        Subject::Account(self.account)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<String>> {
        let token = secret::token(tx.chance());
        let id: SessionId = tx.new_id();
        let found = account::Entity::find_by_id(self.account).one(tx.conn()).await?.ok_or(AppError::NotFound)?;
        let row = session::ActiveModel {
            id: Set(id),
            token_hash: Set(secret::hash(&token)),
            account_id: Set(self.account),
            csrf: Set(secret::token(tx.chance())),
            created_at: Set(tx.now()),
            seen_at: Set(tx.now()),
            expires_at: Set(tx.now() + LONGEST),
            ended_at: Set(None),
            address: Set(self.address.chars().take(64).collect()),
            agent: Set(self.agent.chars().take(300).collect()),
        };
        session::Entity::insert(row).exec_without_returning(tx.conn()).await?;
        Ok(tx.done(SessionEvent::Started { account: self.account, name: found.name, session: id }, token))
    }
}

/// Ends one of the actor's own sessions.
#[derive(Clone)]
pub struct EndSession(pub SessionId);

impl Command for EndSession {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let account = leave.account()?;
        let row = session::Entity::find_by_id(self.0).one(tx.conn()).await?.filter(|row| row.account_id == account);
        let row = row.ok_or(AppError::NotFound)?;
        if row.ended_at.is_none() {
            let mut row: session::ActiveModel = row.into();
            row.ended_at = Set(Some(tx.now()));
            row.update(tx.conn()).await?;
        }
        Ok(tx.done(SessionEvent::Ended { account, session: self.0 }, ()))
    }
}
