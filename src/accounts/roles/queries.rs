//! What administrators and auditors see of accounts.

use crate::kernel::{
    AppError, Leave, Permission, Query, Result, Snapshot, Subject,
    paging::{ListRequest, Listed, contains, listed},
    secret,
};
use chrono::{DateTime, Utc};
use entity::{
    accounts::{account, invitation, role_grant},
    calls::call,
    organisations::organisation,
    types::{
        ids::{AccountId, CallId, OrganisationId, RoleGrantId},
        states::{AccountState, InvitationKind, OrganisationKind, Role},
    },
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
};
use std::collections::BTreeMap;

#[derive(Debug, Clone)]
pub struct AccountLine {
    pub id: AccountId,
    pub name: String,
    pub email: String,
    pub state: AccountState,
    pub roles: Vec<String>,
    pub created_at: DateTime<Utc>,
}

/// Accounts, searched by name or address.
pub struct Accounts(pub ListRequest);

impl Query for Accounts {
    const NEEDS: Permission = Permission::SeeAccounts;
    type Output = Listed<AccountLine>;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, _: Leave<'_>) -> Result<Listed<AccountLine>> {
        let db = db.conn();
        let page = listed(db, narrowed(&self.0), self.0.paging).await?;
        let grants = role_grant::Entity::find()
            .filter(role_grant::Column::AccountId.is_in(page.rows.iter().map(|row| row.id)))
            .filter(role_grant::Column::RevokedAt.is_null())
            .all(db)
            .await?;
        let mut roles: BTreeMap<AccountId, Vec<String>> = BTreeMap::new();
        for grant in grants {
            roles.entry(grant.account_id).or_default().push(grant.role.label().to_owned());
        }
        Ok(page.map(|row| AccountLine {
            roles: roles.remove(&row.id).unwrap_or_default(),
            id: row.id,
            name: row.name,
            email: row.email.to_string(),
            state: row.state,
            created_at: row.created_at,
        }))
    }
}

fn narrowed(list: &ListRequest) -> Select<account::Entity> {
    let mut accounts = account::Entity::find();
    if let Some(words) = list.words() {
        let found =
            Condition::any().add(contains(account::Column::Email, &words)).add(contains(account::Column::Name, &words));
        accounts = accounts.filter(found);
    }
    if let Some(state) = list.value::<AccountState>("state") {
        accounts = accounts.filter(account::Column::State.eq(state));
    }
    if let Some(role) = list.value::<Role>("role") {
        let holders = role_grant::Entity::find()
            .select_only()
            .column(role_grant::Column::AccountId)
            .filter(role_grant::Column::Role.eq(role))
            .filter(role_grant::Column::RevokedAt.is_null())
            .into_query();
        accounts = accounts.filter(account::Column::Id.in_subquery(holders));
    }
    let column = match list.sort.as_str() {
        "email" => account::Column::Email,
        "state" => account::Column::State,
        "since" => account::Column::CreatedAt,
        _ => account::Column::Name,
    };
    accounts.order_by(column, list.order()).order_by_asc(account::Column::Id)
}

#[derive(Debug, Clone)]
pub struct GrantLine {
    pub id: RoleGrantId,
    pub role: Role,
    pub scope: String,
    pub granted_at: DateTime<Utc>,
}

#[derive(Debug, Clone)]
pub struct AccountView {
    pub id: AccountId,
    pub name: String,
    pub email: String,
    pub state: AccountState,
    pub created_at: DateTime<Utc>,
    pub grants: Vec<GrantLine>,
    pub calls: Vec<(CallId, String)>,
    pub agencies: Vec<(OrganisationId, String)>,
    pub can_manage: bool,
}

pub struct AccountOf(pub AccountId);

impl Query for AccountOf {
    const NEEDS: Permission = Permission::SeeAccounts;
    type Output = AccountView;

    fn about(&self) -> Subject {
        Subject::Account(self.0)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<AccountView> {
        let db = db.conn();
        let row = account::Entity::find_by_id(self.0).one(db).await?.ok_or(AppError::NotFound)?;
        let grants = role_grant::Entity::find()
            .filter(role_grant::Column::AccountId.eq(self.0))
            .filter(role_grant::Column::RevokedAt.is_null())
            .order_by_asc(role_grant::Column::GrantedAt)
            .all(db)
            .await?;
        let (calls, agencies) = (calls(db).await?, agencies(db).await?);
        let scope = |grant: &role_grant::Model| match (grant.call_id, grant.agency_id) {
            (Some(id), _) => calls.iter().find(|(c, _)| *c == id).map(|(_, code)| code.clone()).unwrap_or_default(),
            (_, Some(id)) => agencies.iter().find(|(a, _)| *a == id).map(|(_, name)| name.clone()).unwrap_or_default(),
            (None, None) => "the whole platform".to_owned(),
        };
        let grants = grants
            .iter()
            .map(|g| GrantLine { id: g.id, role: g.role, scope: scope(g), granted_at: g.granted_at })
            .collect();
        Ok(AccountView {
            id: row.id,
            name: row.name,
            email: row.email.to_string(),
            state: row.state,
            created_at: row.created_at,
            grants,
            can_manage: leave.may(Permission::ManageAccounts),
            calls,
            agencies,
        })
    }
}

/// What a role can be given for.
#[derive(Debug, Clone)]
pub struct Choices {
    pub calls: Vec<(CallId, String)>,
    pub agencies: Vec<(OrganisationId, String)>,
}

/// The calls and agencies an administrator chooses from.
pub struct RoleChoices;

impl Query for RoleChoices {
    const NEEDS: Permission = Permission::ManageAccounts;
    type Output = Choices;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, _: Leave<'_>) -> Result<Choices> {
        Ok(Choices { calls: calls(db.conn()).await?, agencies: agencies(db.conn()).await? })
    }
}

async fn calls(db: &impl ConnectionTrait) -> Result<Vec<(CallId, String)>> {
    let calls = call::Entity::find().select_only().columns([call::Column::Id, call::Column::Code]);
    Ok(calls.order_by_asc(call::Column::Code).into_tuple().all(db).await?)
}

async fn agencies(db: &impl ConnectionTrait) -> Result<Vec<(OrganisationId, String)>> {
    let agencies = organisation::Entity::find()
        .select_only()
        .columns([organisation::Column::Id, organisation::Column::Name])
        .filter(organisation::Column::Kind.eq(OrganisationKind::Agency));
    Ok(agencies.order_by_asc(organisation::Column::Name).into_tuple().all(db).await?)
}

/// A role somebody is invited to, and for what.
#[derive(Debug, Clone)]
pub struct Offer {
    pub role: Role,
    pub scope: String,
}

/// The role behind an invitation's token.
pub struct RoleOffered(pub String);

impl Query for RoleOffered {
    const NEEDS: Permission = Permission::EnterPlatform;
    type Output = Offer;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, _: Leave<'_>) -> Result<Offer> {
        let found = invitation::Entity::find()
            .filter(invitation::Column::TokenHash.eq(secret::hash(&self.0)))
            .filter(invitation::Column::Kind.eq(InvitationKind::Role))
            .one(db.conn())
            .await?
            .ok_or(AppError::NotFound)?;
        let role = found.role.as_deref().and_then(|word| word.parse().ok()).ok_or(AppError::NotFound)?;
        let scope = match (found.call_id, found.organisation_id) {
            (Some(id), _) => call::Entity::find_by_id(id).one(db.conn()).await?.map(|row| row.code),
            (_, Some(id)) => organisation::Entity::find_by_id(id).one(db.conn()).await?.map(|row| row.name),
            (None, None) => None,
        };
        Ok(Offer { role, scope: scope.unwrap_or_else(|| "the whole platform".to_owned()) })
    }
}
