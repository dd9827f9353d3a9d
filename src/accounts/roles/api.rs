//! Accounts and roles for programs of administrators.

use super::{
    commands::{GrantRole, LockAccount, RevokeRole},
    invite::{AcceptRole, InviteToRole},
    queries::{AccountOf, Accounts, Choices, Offer, RoleChoices, RoleOffered},
};
use crate::{
    api::{ApiError, Caller, Direction, FileFormat, ListFile, Tag, Wanted, exported, next_page},
    kernel::{App, AppError, Subject},
};
use poem::web::Data;
use poem_openapi::{
    ApiResponse, Object, OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};
use uuid::Uuid;

pub struct RolesApi;

#[derive(Object)]
struct AccountsOut {
    items: Vec<AccountItemOut>,
    total: u64,
    /// The next page, if there is one.
    next: Option<u64>,
}

#[derive(Object)]
struct AccountItemOut {
    id: Uuid,
    name: String,
    email: String,
    state: String,
    roles: Vec<String>,
}

#[derive(Object)]
struct AccountOut {
    id: Uuid,
    name: String,
    email: String,
    state: String,
    grants: Vec<GrantOut>,
}

#[derive(Object)]
struct GrantOut {
    id: Uuid,
    role: String,
    scope: String,
}

#[derive(Object)]
struct GrantIn {
    /// One of administrator, auditor, secretariat, panel_chair, agency_officer, reporting_officer.
    role: String,
    call: Option<Uuid>,
    agency: Option<Uuid>,
}

#[derive(Object)]
struct RoleInvitationIn {
    email: String,
    name: String,
    /// One of administrator, auditor, secretariat, panel_chair, agency_officer, reporting_officer. Example: auditor
    role: String,
    call: Option<Uuid>,
    agency: Option<Uuid>,
    #[oai(default)]
    message: String,
}

/// A call or an agency.
#[derive(Object)]
struct RoleChoiceOut {
    id: Uuid,
    /// The code of a call, the name of an agency.
    label: String,
}

/// What a role can be given for.
#[derive(Object)]
struct RoleChoicesOut {
    calls: Vec<RoleChoiceOut>,
    agencies: Vec<RoleChoiceOut>,
}

/// A role somebody is invited to, and for what.
#[derive(Object)]
struct OfferOut {
    role: String,
    /// A call's code, an agency's name, or the whole platform.
    scope: String,
}

#[derive(Object)]
struct LockIn {
    locked: bool,
}

#[derive(ApiResponse)]
enum DoneOut {
    /// Done.
    #[oai(status = 204)]
    Yes,
}

#[OpenApi(tag = "Tag::Accounts")]
impl RolesApi {
    /// Accounts, by name.
    #[oai(path = "/accounts", method = "get", operation_id = "listAccounts")]
    #[expect(clippy::too_many_arguments, reason = "one for each filter of the list")]
    async fn list(
        &self,
        app: Data<&App>,
        caller: Caller,
        /// Part of a name or address.
        q: Query<Option<String>>,
        /// One of `pending`, `active`, `locked`, `erased`.
        state: Query<Option<String>>,
        /// A role they hold, for example `agency_officer`.
        role: Query<Option<String>>,
        /// One of `name`, `email`, `state`, `since`.
        sort: Query<Option<String>>,
        direction: Query<Option<Direction>>,
        page: Query<Option<u64>>,
    ) -> Result<Json<AccountsOut>, ApiError> {
        let filters = vec![("state", state.0), ("role", role.0)];
        let wanted = Wanted { q: q.0, filters, sort: sort.0, direction: direction.0, page: page.0 };
        let listed = app.ask(&caller.0, Accounts(wanted.request("name", false))).await?;
        let next = next_page(&listed);
        let total = listed.total;
        let items = listed.rows.into_iter().map(|row| AccountItemOut {
            id: row.id.0,
            name: row.name,
            email: row.email,
            state: row.state.word().to_owned(),
            roles: row.roles,
        });
        Ok(Json(AccountsOut { items: items.collect(), total, next }))
    }

    /// All matching accounts as a file.
    #[oai(path = "/accounts/export", method = "get", operation_id = "exportAccounts")]
    async fn export(
        &self,
        app: Data<&App>,
        caller: Caller,
        /// CSV, when nothing is said.
        format: Query<Option<FileFormat>>,
        /// Part of a name or address.
        q: Query<Option<String>>,
        /// One of `pending`, `active`, `locked`, `erased`.
        state: Query<Option<String>>,
        /// A role they hold, for example `agency_officer`.
        role: Query<Option<String>>,
    ) -> Result<ListFile, ApiError> {
        let filters = vec![("state", state.0), ("role", role.0)];
        let list = Wanted { q: q.0, filters, ..Wanted::default() }.request("name", false).everything();
        let all = app.ask(&caller.0, Accounts(list)).await?;
        exported(&app, &caller, Subject::Platform, format.0, "Accounts", &all.rows).await
    }

    /// The calls and agencies a role can be given for.
    #[oai(path = "/roles/choices", method = "get", operation_id = "listRoleChoices")]
    async fn choices(&self, app: Data<&App>, caller: Caller) -> Result<Json<RoleChoicesOut>, ApiError> {
        let Choices { calls, agencies } = app.ask(&caller.0, RoleChoices).await?;
        let calls = calls.into_iter().map(|(id, label)| RoleChoiceOut { id: id.0, label });
        let agencies = agencies.into_iter().map(|(id, label)| RoleChoiceOut { id: id.0, label });
        Ok(Json(RoleChoicesOut { calls: calls.collect(), agencies: agencies.collect() }))
    }

    /// The role you were invited to, by the last part of the link in the mail.
    #[oai(path = "/role-invitations/:token", method = "get", operation_id = "readRoleInvitation")]
    async fn offered(&self, app: Data<&App>, caller: Caller, token: Path<String>) -> Result<Json<OfferOut>, ApiError> {
        let Offer { role, scope } = app.ask(&caller.0, RoleOffered(token.0)).await?;
        Ok(Json(OfferOut { role: role.word().to_owned(), scope }))
    }

    /// One account and its roles.
    #[oai(path = "/accounts/:account", method = "get", operation_id = "getAccount")]
    async fn get(&self, app: Data<&App>, caller: Caller, account: Path<Uuid>) -> Result<Json<AccountOut>, ApiError> {
        let view = app.ask(&caller.0, AccountOf(account.0.into())).await?;
        let grant =
            |g: super::queries::GrantLine| GrantOut { id: g.id.0, role: g.role.word().to_owned(), scope: g.scope };
        Ok(Json(AccountOut {
            id: view.id.0,
            name: view.name,
            email: view.email,
            state: view.state.word().to_owned(),
            grants: view.grants.into_iter().map(grant).collect(),
        }))
    }

    /// Give a role.
    #[oai(path = "/accounts/:account/roles", method = "post", operation_id = "grantRole")]
    async fn grant(
        &self,
        app: Data<&App>,
        caller: Caller,
        account: Path<Uuid>,
        body: Json<GrantIn>,
    ) -> Result<DoneOut, ApiError> {
        let role = body.role.parse().map_err(|e: entity::types::BadValue| AppError::invalid("role", e.0))?;
        let (call, agency) = (body.call.map(Into::into), body.agency.map(Into::into));
        app.run(&caller.0, GrantRole { account: account.0.into(), role, call, agency }).await?;
        Ok(DoneOut::Yes)
    }

    /// Invite somebody to a role by mail, whether or not they have an account.
    #[oai(path = "/role-invitations", method = "post", operation_id = "inviteToRole")]
    async fn invite(
        &self,
        app: Data<&App>,
        caller: Caller,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
        body: Json<RoleInvitationIn>,
    ) -> Result<DoneOut, ApiError> {
        let RoleInvitationIn { email, name, role, call, agency, message } = body.0;
        let (call, agency) = (call.map(Into::into), agency.map(Into::into));
        let invite = InviteToRole { email, name, role, call, agency, message };
        app.run_once(&caller.0, key.0.as_deref(), invite).await?;
        Ok(DoneOut::Yes)
    }

    /// Accept the role you were invited to, by the last part of the link in the mail.
    #[oai(path = "/role-invitations/:token/accept", method = "post", operation_id = "acceptRole")]
    async fn accept(&self, app: Data<&App>, caller: Caller, token: Path<String>) -> Result<DoneOut, ApiError> {
        app.run(&caller.0, AcceptRole { token: token.0 }).await?;
        Ok(DoneOut::Yes)
    }

    /// Take a role.
    #[oai(path = "/roles/:grant", method = "delete", operation_id = "revokeRole")]
    async fn revoke(&self, app: Data<&App>, caller: Caller, grant: Path<Uuid>) -> Result<DoneOut, ApiError> {
        app.run(&caller.0, RevokeRole(grant.0.into())).await?;
        Ok(DoneOut::Yes)
    }

    /// Lock or unlock an account.
    #[oai(path = "/accounts/:account/lock", method = "put", operation_id = "lockAccount")]
    async fn lock(
        &self,
        app: Data<&App>,
        caller: Caller,
        account: Path<Uuid>,
        body: Json<LockIn>,
    ) -> Result<DoneOut, ApiError> {
        app.run(&caller.0, LockAccount { account: account.0.into(), locked: body.locked }).await?;
        Ok(DoneOut::Yes)
    }
}
