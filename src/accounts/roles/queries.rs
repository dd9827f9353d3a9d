//! What administrators and auditors see of accounts.

use crate::kernel::{
    AppError, Leave, Permission, Query, Result, Snapshot, Subject,
    paging::{Listed, Paging},
};
use chrono::{DateTime, Utc};
use entity::{
    accounts::{account, role_grant},
    calls::call,
    organisations::organisation,
    types::{
        ids::{AccountId, CallId, OrganisationId, RoleGrantId},
        states::{AccountState, OrganisationKind, Role},
    },
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::BTreeMap;

#[derive(Debug, Clone)]
pub struct AccountLine {
    pub id: AccountId,
    pub name: String,
    pub email: String,
    pub state: AccountState,
    pub roles: Vec<String>,
}

/// Accounts by name, searched by name or address.
pub struct Accounts {
    pub search: String,
    pub paging: Paging,
}

impl Query for Accounts {
    const NEEDS: Permission = Permission::SeeAccounts;
    type Output = Listed<AccountLine>;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, _: Leave<'_>) -> Result<Listed<AccountLine>> {
        let db = db.conn();
        let mut select = account::Entity::find();
        if !self.search.trim().is_empty() {
            let typed = self.search.trim();
            let found = Condition::any()
                .add(account::Column::Email.contains(typed.to_lowercase()))
                .add(account::Column::Name.contains(typed));
            select = select.filter(found);
        }
        let total = select.clone().count(db).await?;
        let rows = select
            .order_by_asc(account::Column::Name)
            .order_by_asc(account::Column::Id)
            .limit(self.paging.size)
            .offset(self.paging.offset())
            .all(db)
            .await?;
        let grants = role_grant::Entity::find()
            .filter(role_grant::Column::AccountId.is_in(rows.iter().map(|row| row.id)))
            .filter(role_grant::Column::RevokedAt.is_null())
            .all(db)
            .await?;
        let mut roles: BTreeMap<AccountId, Vec<String>> = BTreeMap::new();
        for grant in grants {
            roles.entry(grant.account_id).or_default().push(grant.role.label().to_owned());
        }
        let line = |row: account::Model| AccountLine {
            roles: roles.remove(&row.id).unwrap_or_default(),
            id: row.id,
            name: row.name,
            email: row.email.to_string(),
            state: row.state,
        };
        let lines = rows.into_iter().map(line).collect();
        Ok(Listed::new(lines, total, self.paging))
    }
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
        let calls: Vec<(CallId, String)> = call::Entity::find()
            .select_only()
            .columns([call::Column::Id, call::Column::Code])
            .order_by_asc(call::Column::Code)
            .into_tuple()
            .all(db)
            .await?;
        let agencies: Vec<(OrganisationId, String)> = organisation::Entity::find()
            .select_only()
            .columns([organisation::Column::Id, organisation::Column::Name])
            .filter(organisation::Column::Kind.eq(OrganisationKind::Agency))
            .order_by_asc(organisation::Column::Name)
            .into_tuple()
            .all(db)
            .await?;
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
