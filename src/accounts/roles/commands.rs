//! What administrators do with roles and accounts.

use super::{events::RoleEvent, rules};
use crate::{
    accounts::registration::commands::{end_sessions, insert_account, link},
    kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx},
};
use entity::{
    accounts::{account, role_grant},
    calls::call,
    organisations::organisation,
    types::{
        ids::{AccountId, CallId, OrganisationId, RoleGrantId},
        states::{AccountState, OrganisationKind, Role, ScopeKind, TokenPurpose},
        text::Email,
    },
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, JoinType, PaginatorTrait, QueryFilter, QuerySelect,
    RelationTrait,
};

/// Gives a role; giving it twice changes nothing.
#[derive(Clone)]
pub struct GrantRole {
    pub account: AccountId,
    pub role: Role,
    pub call: Option<CallId>,
    pub agency: Option<OrganisationId>,
}

impl Command for GrantRole {
    const NEEDS: Permission = Permission::ManageAccounts;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Account(self.account)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        scope_of(tx, self.role, self.call, self.agency).await?;
        give(tx, &self, leave.actor().account()).await?;
        let Self { account, role, call, agency } = self;
        Ok(tx.done(RoleEvent::Granted { account, role, call, agency }, ()))
    }
}

/// What a role is for, in words; refuses scopes the role is not given for.
pub(super) async fn scope_of(
    tx: &Tx,
    role: Role,
    call: Option<CallId>,
    agency: Option<OrganisationId>,
) -> Result<String> {
    let (scope, name) = match (call, agency) {
        (None, None) => (ScopeKind::Platform, Some("the whole platform".to_owned())),
        (Some(id), None) => (ScopeKind::Call, call::Entity::find_by_id(id).one(tx.conn()).await?.map(|row| row.code)),
        (None, Some(id)) => {
            let row = organisation::Entity::find_by_id(id).one(tx.conn()).await?;
            (ScopeKind::Agency, row.filter(|row| row.kind == OrganisationKind::Agency).map(|row| row.name))
        }
        (Some(_), Some(_)) => return Err(AppError::invalid("agency", "Choose a call or an agency, not both")),
    };
    if !rules::scopes(role).contains(&scope) {
        let message = format!("The role {} is not given for {}", role.label(), scope.label());
        return Err(AppError::invalid("role", message));
    }
    name.ok_or_else(|| match scope {
        ScopeKind::Agency => AppError::invalid("agency", "Choose one of the agencies"),
        _ => AppError::invalid("call", "Choose one of the calls"),
    })
}

/// Writes a grant, unless the person has this role for the same already.
pub(super) async fn give(tx: &Tx, grant: &GrantRole, by: Option<AccountId>) -> Result<()> {
    let known = role_grant::Entity::find()
        .filter(role_grant::Column::AccountId.eq(grant.account))
        .filter(role_grant::Column::Role.eq(grant.role))
        .filter(role_grant::Column::RevokedAt.is_null())
        .all(tx.conn())
        .await?;
    if known.iter().any(|row| row.call_id == grant.call && row.agency_id == grant.agency) {
        return Ok(());
    }
    insert_grant(tx, grant, by).await
}

async fn insert_grant(tx: &Tx, grant: &GrantRole, by: Option<AccountId>) -> Result<()> {
    let row = role_grant::ActiveModel {
        id: Set(tx.new_id()),
        account_id: Set(grant.account),
        role: Set(grant.role),
        call_id: Set(grant.call),
        agency_id: Set(grant.agency),
        granted_by: Set(by),
        granted_at: Set(tx.now()),
        revoked_at: Set(None),
    };
    role_grant::Entity::insert(row).exec_without_returning(tx.conn()).await?;
    Ok(())
}

/// Takes a role; the last administrator keeps theirs.
#[derive(Clone)]
pub struct RevokeRole(pub RoleGrantId);

impl Command for RevokeRole {
    const NEEDS: Permission = Permission::ManageAccounts;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        let row = role_grant::Entity::find_by_id(self.0).one(tx.conn()).await?.ok_or(AppError::NotFound)?;
        let (holder, role) = (row.account_id, row.role);
        if role == Role::Administrator {
            // Who is locked or never confirmed an address cannot give the role back.
            let others = role_grant::Entity::find()
                .join(JoinType::InnerJoin, role_grant::Relation::Account.def())
                .filter(role_grant::Column::Role.eq(Role::Administrator))
                .filter(role_grant::Column::RevokedAt.is_null())
                .filter(role_grant::Column::AccountId.ne(holder))
                .filter(account::Column::State.eq(AccountState::Active))
                .count(tx.conn())
                .await?;
            if others == 0 {
                return Err(AppError::refused("last_administrator", "The last administrator keeps the role."));
            }
        }
        if row.revoked_at.is_none() {
            let mut row: role_grant::ActiveModel = row.into();
            row.revoked_at = Set(Some(tx.now()));
            row.update(tx.conn()).await?;
        }
        Ok(tx.done(RoleEvent::Revoked { account: holder, role }, ()))
    }
}

/// Locks an account at once, or unlocks it.
#[derive(Clone)]
pub struct LockAccount {
    pub account: AccountId,
    pub locked: bool,
}

impl Command for LockAccount {
    const NEEDS: Permission = Permission::ManageAccounts;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Account(self.account)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        if leave.actor().account() == Some(self.account) {
            return Err(AppError::refused("own_account", "You cannot lock your own account."));
        }
        let row = account::Entity::find_by_id(self.account).one(tx.conn()).await?.ok_or(AppError::NotFound)?;
        if row.state == AccountState::Erased {
            return Err(AppError::NotFound);
        }
        let state = match (self.locked, row.confirmed_at) {
            (true, _) => AccountState::Locked,
            (false, Some(_)) => AccountState::Active,
            (false, None) => AccountState::Pending,
        };
        let version = row.version + 1;
        let mut row: account::ActiveModel = row.into();
        row.state = Set(state);
        row.version = Set(version);
        row.update(tx.conn()).await?;
        if !self.locked {
            return Ok(tx.done(RoleEvent::Unlocked { account: self.account }, ()));
        }
        let ended = end_sessions(tx, self.account).await?;
        Ok(tx.done(RoleEvent::Locked { account: self.account, ended }, ()))
    }
}

/// Makes somebody an administrator from the command line; gives the path of a link to set a password.
#[derive(Clone)]
pub struct AppointAdministrator {
    pub email: Email,
}

impl Command for AppointAdministrator {
    const NEEDS: Permission = Permission::ManageAccounts;
    type Output = String;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<String>> {
        let known =
            account::Entity::find().filter(account::Column::Email.eq(self.email.clone())).one(tx.conn()).await?;
        let account = match known {
            Some(row) => row.id,
            None => insert_account(tx, self.email.as_str(), &self.email, AccountState::Pending).await?,
        };
        let grant = GrantRole { account, role: Role::Administrator, call: None, agency: None };
        let has = role_grant::Entity::find()
            .filter(role_grant::Column::AccountId.eq(account))
            .filter(role_grant::Column::Role.eq(Role::Administrator))
            .filter(role_grant::Column::RevokedAt.is_null())
            .one(tx.conn())
            .await?;
        if has.is_none() {
            insert_grant(tx, &grant, None).await?;
        }
        let path = link(tx, account, TokenPurpose::ResetPassword, "/password/new").await?;
        let event = RoleEvent::Granted { account, role: Role::Administrator, call: None, agency: None };
        Ok(tx.done(event, path))
    }
}
