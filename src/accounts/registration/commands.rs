//! What people do with accounts and passwords. Passwords are hashed before a transaction begins, never inside.

use super::{
    events::AccountEvent,
    queries::{CredentialBehind, PersonBehind},
};
use crate::accounts::{sessions::queries::CredentialOf, tokens::commands::revoke_all};
use crate::kernel::{
    Actor, App, AppError, Command, Done, Leave, Permission, Result, Subject, Tx, error::Denial, error::FieldErrors,
    passwords, secret,
};
use chrono::TimeDelta;
use entity::{
    accounts::{account, credential, one_time_token, session},
    types::{
        ids::AccountId,
        states::{AccountState, TokenPurpose},
        text::{self, Email},
    },
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr, sea_query::OnConflict,
};

/// How long a link from a mail holds.
const LINK: TimeDelta = TimeDelta::hours(24);
/// Mails one address can cause from one place in an hour.
const MAILS: i32 = 6;
/// Links of mails one place can open in an hour.
const LINKS: i32 = 60;

/// Reads and checks a new password.
///
/// # Errors
/// What is wrong with it, beside the field.
pub fn checked_password(password: &str, field: &str, known: &[&str]) -> Result<()> {
    passwords::strength(password, known).map_err(|e| AppError::invalid(field, e.0))
}

/// Hashes a password with a fresh salt.
///
/// # Errors
/// `Busy` when too many wait.
pub async fn hashed(app: &App, password: &str) -> Result<String> {
    let mut salt = [0; 16];
    app.chance().fill(&mut salt);
    app.passwords().hash(password.to_owned(), salt).await
}

/// Registers a person. The answer is the same whether the address is known or not.
///
/// # Errors
/// Field errors, or too many tries.
pub async fn register(app: &App, name: &str, email: &str, password: &str, address: &str) -> Result<()> {
    app.limit(&format!("register from {address}"), MAILS * 4, TimeDelta::hours(1)).await?;
    let mut errors = FieldErrors::default();
    let name = errors.take("name", text::line(name, 120));
    let email = errors.take("email", Email::parse(email));
    let known: Vec<&str> = [name.as_deref(), email.as_ref().map(Email::as_str)].into_iter().flatten().collect();
    errors.take("password", passwords::strength(password, &known));
    let (Some(name), Some(email), true) = (name, email, errors.is_empty()) else {
        return Err(AppError::Invalid(errors));
    };
    app.limit(&format!("register {email}"), MAILS, TimeDelta::hours(1)).await?;
    let phc = hashed(app, password).await?;
    app.run(&Actor::Nobody, Register { name, email, phc }).await
}

/// Makes an account that waits for its confirmation; a known address gets a mail instead.
#[derive(Clone)]
pub struct Register {
    pub name: String,
    pub email: Email,
    pub phc: String,
}

impl Command for Register {
    const NEEDS: Permission = Permission::EnterPlatform;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        let known =
            account::Entity::find().filter(account::Column::Email.eq(self.email.clone())).one(tx.conn()).await?;
        let id = match known {
            Some(row) if row.state != AccountState::Pending => {
                return Ok(tx.done(AccountEvent::RegisteredAgain { account: row.id }, ()));
            }
            // Nobody proved this address yet: the last one to register is the one who can confirm.
            Some(row) => {
                let id = row.id;
                let mut row: account::ActiveModel = row.into();
                row.name = Set(self.name.clone());
                row.update(tx.conn()).await?;
                id
            }
            None => insert_account(tx, &self.name, &self.email, AccountState::Pending).await?,
        };
        set_credential(tx, id, self.phc).await?;
        let link = link(tx, id, TokenPurpose::ConfirmEmail, "/confirm").await?;
        Ok(tx.done(AccountEvent::Registered { account: id, email: self.email, name: self.name, link }, ()))
    }
}

/// Takes name, address and the way in from an account that nobody needs any more; whoever lends this has asked that.
///
/// # Errors
/// When there is no such account.
pub async fn forget(tx: &Tx, account: AccountId, name: &str) -> Result<()> {
    let row = account::Entity::find_by_id(account).one(tx.conn()).await?.ok_or(AppError::NotFound)?;
    let nowhere = Email::parse(&format!("{account}@erased.invalid")).map_err(|error| AppError::broken(error.0))?;
    let version = row.version + 1;
    let mut row: account::ActiveModel = row.into();
    row.name = Set(name.to_owned());
    row.email = Set(nowhere);
    row.state = Set(AccountState::Erased);
    row.erased_at = Set(Some(tx.now()));
    row.version = Set(version);
    row.update(tx.conn()).await?;
    credential::Entity::delete_by_id(account).exec(tx.conn()).await?;
    Ok(())
}

/// Writes an account row; for invitations and the command line as well.
///
/// # Errors
/// When the address has an account already.
pub(in crate::accounts) async fn insert_account(
    tx: &Tx,
    name: &str,
    email: &Email,
    state: AccountState,
) -> Result<AccountId> {
    let id: AccountId = tx.new_id();
    let row = account::ActiveModel {
        id: Set(id),
        email: Set(email.clone()),
        name: Set(name.to_owned()),
        language: Set("en".to_owned()),
        state: Set(state),
        created_at: Set(tx.now()),
        confirmed_at: Set((state == AccountState::Active).then_some(tx.now())),
        erased_at: Set(None),
        version: Set(1),
    };
    account::Entity::insert(row).exec_without_returning(tx.conn()).await?;
    Ok(id)
}

pub(in crate::accounts) async fn set_credential(tx: &Tx, account: AccountId, phc: String) -> Result<()> {
    let row = credential::ActiveModel { account_id: Set(account), phc: Set(phc), changed_at: Set(tx.now()) };
    let replace = OnConflict::column(credential::Column::AccountId)
        .update_columns([credential::Column::Phc, credential::Column::ChangedAt])
        .to_owned();
    credential::Entity::insert(row).on_conflict(replace).exec_without_returning(tx.conn()).await?;
    Ok(())
}

/// Makes a one-time link; earlier links of the same purpose stop working.
pub(in crate::accounts) async fn link(
    tx: &Tx,
    account: AccountId,
    purpose: TokenPurpose,
    path: &str,
) -> Result<String> {
    one_time_token::Entity::update_many()
        .col_expr(one_time_token::Column::UsedAt, Expr::value(tx.now()))
        .filter(one_time_token::Column::AccountId.eq(account))
        .filter(one_time_token::Column::Purpose.eq(purpose))
        .filter(one_time_token::Column::UsedAt.is_null())
        .exec(tx.conn())
        .await?;
    let token = secret::token(tx.chance());
    let row = one_time_token::ActiveModel {
        id: Set(tx.new_id()),
        purpose: Set(purpose),
        account_id: Set(account),
        token_hash: Set(secret::hash(&token)),
        created_at: Set(tx.now()),
        expires_at: Set(tx.now() + LINK),
        used_at: Set(None),
    };
    one_time_token::Entity::insert(row).exec_without_returning(tx.conn()).await?;
    Ok(format!("{path}/{token}"))
}

/// Takes a one-time token; it works once and within its day.
async fn take(tx: &Tx, token: &str, purpose: TokenPurpose) -> Result<AccountId> {
    let row = one_time_token::Entity::find()
        .filter(one_time_token::Column::TokenHash.eq(secret::hash(token)))
        .filter(one_time_token::Column::Purpose.eq(purpose))
        .filter(one_time_token::Column::UsedAt.is_null())
        .filter(one_time_token::Column::ExpiresAt.gt(tx.now()))
        .one(tx.conn())
        .await?;
    let row = row.ok_or_else(link_over)?;
    let account = row.account_id;
    let mut row: one_time_token::ActiveModel = row.into();
    row.used_at = Set(Some(tx.now()));
    row.update(tx.conn()).await?;
    Ok(account)
}

/// Confirms an address by the link in the mail and the password chosen at registration: who opens a link they
/// did not order does not open somebody else's account under their address.
///
/// # Errors
/// When the link is over or the password is another one; too many tries.
pub async fn confirm(app: &App, token: &str, password: &str, address: &str) -> Result<AccountId> {
    app.limit(&format!("link from {address}"), LINKS, TimeDelta::hours(1)).await?;
    let credential = app.ask(&Actor::Nobody, CredentialBehind(token.to_owned())).await?;
    let Some(phc) = credential else {
        return Err(link_over());
    };
    if !app.passwords().verify(password.to_owned(), phc).await? {
        return Err(AppError::invalid("password", "This is not the password chosen for this account."));
    }
    app.run(&Actor::Nobody, ConfirmAddress(token.to_owned())).await
}

/// Sends the mail with the link that confirms an address again; says nothing about the address.
///
/// # Errors
/// Too many tries.
pub async fn ask_confirmation(app: &App, email: &str, address: &str) -> Result<()> {
    app.limit(&format!("confirmation from {address}"), MAILS * 4, TimeDelta::hours(1)).await?;
    let email = Email::parse(email).map_err(|e| AppError::invalid("email", e.0))?;
    app.limit(&format!("confirmation {email}"), MAILS, TimeDelta::hours(1)).await?;
    app.run(&Actor::Nobody, AskConfirmation(email)).await
}

#[derive(Clone)]
struct AskConfirmation(Email);

impl Command for AskConfirmation {
    const NEEDS: Permission = Permission::EnterPlatform;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        let Some(row) = open_account(tx, self.0).await? else {
            return Ok(tx.done(AccountEvent::AskedForNobody { what: "the confirmation mail" }, ()));
        };
        let link = match row.state {
            AccountState::Pending => Some(link(tx, row.id, TokenPurpose::ConfirmEmail, "/confirm").await?),
            _ => None,
        };
        Ok(tx.done(AccountEvent::ConfirmationAsked { account: row.id, link }, ()))
    }
}

/// The account of an address, unless it is locked or erased. Whoever asks without an account is written down as
/// well, so that the answer takes one commit in either case and its time says nothing about the address.
async fn open_account(tx: &Tx, email: Email) -> Result<Option<account::Model>> {
    let row = account::Entity::find().filter(account::Column::Email.eq(email)).one(tx.conn()).await?;
    Ok(row.filter(|row| matches!(row.state, AccountState::Active | AccountState::Pending)))
}

fn link_over() -> AppError {
    AppError::refused("link_over", "This link was used already or is older than a day. Please ask for a new one.")
}

#[derive(Clone)]
struct ConfirmAddress(String);

impl Command for ConfirmAddress {
    const NEEDS: Permission = Permission::EnterPlatform;
    type Output = AccountId;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<AccountId>> {
        let id = take(tx, &self.0, TokenPurpose::ConfirmEmail).await?;
        activate(tx, id).await?;
        Ok(tx.done(AccountEvent::Confirmed { account: id }, id))
    }
}

async fn activate(tx: &Tx, id: AccountId) -> Result<()> {
    let row = account::Entity::find_by_id(id).one(tx.conn()).await?.ok_or(AppError::NotFound)?;
    if row.state == AccountState::Pending {
        let mut row: account::ActiveModel = row.into();
        row.state = Set(AccountState::Active);
        row.confirmed_at = Set(Some(tx.now()));
        row.update(tx.conn()).await?;
    }
    Ok(())
}

/// Orders the mail with a link to a new password; says nothing about the address.
///
/// # Errors
/// Too many tries.
pub async fn ask_reset(app: &App, email: &str, address: &str) -> Result<()> {
    app.limit(&format!("reset from {address}"), MAILS * 4, TimeDelta::hours(1)).await?;
    let email = Email::parse(email).map_err(|e| AppError::invalid("email", e.0))?;
    app.limit(&format!("reset {email}"), MAILS, TimeDelta::hours(1)).await?;
    app.run(&Actor::Nobody, AskReset(email)).await
}

#[derive(Clone)]
struct AskReset(Email);

impl Command for AskReset {
    const NEEDS: Permission = Permission::EnterPlatform;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        let Some(row) = open_account(tx, self.0).await? else {
            return Ok(tx.done(AccountEvent::AskedForNobody { what: "a new password" }, ()));
        };
        let link = link(tx, row.id, TokenPurpose::ResetPassword, "/password/new").await?;
        Ok(tx.done(AccountEvent::ResetAsked { account: row.id, link }, ()))
    }
}

/// Sets a new password by the link in a mail; a link that does not hold costs no hashing.
///
/// # Errors
/// When the link is over, the password weak beside `field`, or there were too many tries.
pub async fn reset(app: &App, token: &str, password: &str, field: &str, address: &str) -> Result<()> {
    app.limit(&format!("link from {address}"), LINKS, TimeDelta::hours(1)).await?;
    let Some(person) = app.ask(&Actor::Nobody, PersonBehind(token.to_owned())).await? else {
        return Err(link_over());
    };
    checked_password(password, field, &[&person.name, person.email.as_str()])?;
    let phc = hashed(app, password).await?;
    app.run(&Actor::Nobody, ResetPassword { token: token.to_owned(), phc }).await
}

/// Sets a new password by the link in the mail. Every session and every API token ends, because whoever knew the
/// old password may have left one behind; the address counts as proven.
#[derive(Clone)]
struct ResetPassword {
    token: String,
    phc: String,
}

impl Command for ResetPassword {
    const NEEDS: Permission = Permission::EnterPlatform;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        let id = take(tx, &self.token, TokenPurpose::ResetPassword).await?;
        activate(tx, id).await?;
        set_credential(tx, id, self.phc).await?;
        let ended = end_sessions(tx, id).await?;
        let revoked = Some(revoke_all(tx, id).await?);
        Ok(tx.done(AccountEvent::PasswordSet { account: id, ended, revoked }, ()))
    }
}

/// Ends every session of an account.
///
/// # Errors
/// When the database refuses.
pub(in crate::accounts) async fn end_sessions(tx: &Tx, account: AccountId) -> Result<u64> {
    let ended = session::Entity::update_many()
        .col_expr(session::Column::EndedAt, Expr::value(tx.now()))
        .filter(session::Column::AccountId.eq(account))
        .filter(session::Column::EndedAt.is_null())
        .exec(tx.conn())
        .await?;
    Ok(ended.rows_affected)
}

/// Changes the actor's own password, after the present one was given.
///
/// # Errors
/// When the present password is another one, the new one weak, or there were too many tries.
pub async fn change_password(app: &App, actor: &Actor, present: &str, new: &str, revoke_tokens: bool) -> Result<()> {
    let person = actor.person().ok_or(AppError::Denied(Denial::SignedOut))?;
    app.limit(&format!("password {}", person.email), 10, TimeDelta::minutes(15)).await?;
    let email = Email::parse(&person.email).map_err(|e| AppError::invalid("password", e.0))?;
    let credential = app.ask(&Actor::Nobody, CredentialOf(email)).await?.ok_or(AppError::NotFound)?;
    if !app.passwords().verify(present.to_owned(), credential.phc).await? {
        return Err(AppError::invalid("password", "This is not your present password."));
    }
    checked_password(new, "new_password", &[&person.name, &person.email])?;
    let phc = hashed(app, new).await?;
    app.run(actor, ChangePassword { phc, revoke_tokens }).await
}

/// Changes the actor's own password after the present one was checked; every session ends, and every API token
/// where that is wanted.
#[derive(Clone)]
struct ChangePassword {
    phc: String,
    revoke_tokens: bool,
}

impl Command for ChangePassword {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let id = leave.account()?;
        set_credential(tx, id, self.phc).await?;
        let ended = end_sessions(tx, id).await?;
        let revoked = if self.revoke_tokens { Some(revoke_all(tx, id).await?) } else { None };
        Ok(tx.done(AccountEvent::PasswordSet { account: id, ended, revoked }, ()))
    }
}

/// Changes the actor's own name.
#[derive(Clone)]
pub struct Rename {
    pub name: String,
}

impl Command for Rename {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let id = leave.account()?;
        let after = text::line(&self.name, 120).map_err(|e| AppError::invalid("name", e.0))?;
        let row = account::Entity::find_by_id(id).one(tx.conn()).await?.ok_or(AppError::NotFound)?;
        let before = row.name.clone();
        let version = row.version + 1;
        let mut row: account::ActiveModel = row.into();
        row.name = Set(after.clone());
        row.version = Set(version);
        row.update(tx.conn()).await?;
        Ok(tx.done(AccountEvent::Renamed { account: id, before, after }, ()))
    }
}
