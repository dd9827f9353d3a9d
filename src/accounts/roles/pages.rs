//! The screens of accounts and roles for administrators.

use super::{
    commands::{GrantRole, LockAccount, RevokeRole},
    queries::{AccountLine, AccountOf, AccountView, Accounts},
};
use crate::{
    documents::sheet::Cell,
    kernel::{Permission, Result, Subject},
    lists::views::pages::own,
    web::{
        Answer, Choice, FieldErrors, Frame, Pages, Posted, Visit, keep,
        list::{Exported, Format, ListShape, ListView, export, words},
        show,
    },
};
use askama::Template;
use chrono_tz::Tz;
use entity::types::{
    ids::{AccountId, RoleGrantId},
    states::{AccountState, Role},
};
use poem::{handler, web::Path};

pub fn routes(pages: Pages) -> Pages {
    super::invite_pages::routes(pages)
        .get("/admin/accounts", accounts_list)
        .get("/admin/accounts/:account", account_view)
        .post("/admin/accounts/:account/roles", granted)
        .post("/admin/accounts/:account/roles/:grant/revoke", revoked)
        .post("/admin/accounts/:account/lock", locked)
}

const LIST: ListShape = ListShape {
    key: "accounts",
    sorts: &[("name", "Name"), ("email", "Address"), ("state", "State"), ("since", "Since")],
    descending: false,
    filters: &["state", "role"],
};

#[derive(Template)]
#[template(path = "accounts/roles/list.html")]
struct ListPage {
    frame: Frame,
    list: ListView,
    rows: Vec<AccountLine>,
    can_invite: bool,
}

impl Exported for AccountLine {
    fn columns() -> Vec<&'static str> {
        vec!["Name", "Address", "State", "Roles", "Since"]
    }

    fn cells(&self) -> Vec<Cell> {
        vec![
            Cell::text(&self.name),
            Cell::text(&self.email),
            Cell::text(self.state.label()),
            Cell::from(self.roles.join(", ").as_str()),
            Cell::Date(self.created_at.date_naive()),
        ]
    }
}

#[handler]
async fn accounts_list(visit: Visit) -> Answer {
    let request = LIST.request(&visit);
    if let Some(format) = Format::asked(&visit) {
        let all = visit.ask(Accounts(request.everything())).await?;
        return export(&visit, Subject::Platform, format, "Accounts", &all.rows).await;
    }
    let accounts = visit.ask(Accounts(request.clone())).await?;
    let list = LIST
        .view(&visit, &request, accounts.total)
        .search("Name or address")
        .select("state", "State", words(AccountState::ALL.iter().map(|s| (s.word(), s.label()))))
        .select("role", "Role", words(Role::ALL.iter().map(|r| (r.word(), r.label()))))
        .preset("Locked", "state=locked")
        .preset("Administrators", "role=administrator")
        .exports()
        .views(own(&visit, LIST.key).await?);
    let frame = visit.frame_below("Accounts", &[("Administration", "/admin")]);
    let can_invite = visit.app.may(&visit.actor, Permission::ManageAccounts, Subject::Platform).await?;
    visit.page(&ListPage { frame, list, rows: accounts.rows, can_invite })
}

#[derive(Template)]
#[template(path = "accounts/roles/account.html")]
struct AccountPage {
    frame: Frame,
    errors: FieldErrors,
    view: AccountView,
    roles: Vec<Choice>,
    calls: Vec<Choice>,
    agencies: Vec<Choice>,
    role: String,
    call: String,
    agency: String,
    zone: Tz,
}

async fn page(visit: &Visit, account: AccountId, errors: FieldErrors) -> Result<AccountPage> {
    let view = visit.ask(AccountOf(account)).await?;
    Ok(AccountPage {
        frame: visit.frame_below(&view.name, &[("Administration", "/admin"), ("Accounts", "/admin/accounts")]),
        errors,
        roles: Role::ALL.iter().map(|r| Choice::new(r.word(), r.label())).collect(),
        calls: view.calls.iter().map(|(id, code)| Choice::new(id.to_string(), code)).collect(),
        agencies: view.agencies.iter().map(|(id, name)| Choice::new(id.to_string(), name)).collect(),
        role: String::new(),
        call: String::new(),
        agency: String::new(),
        zone: Tz::UTC,
        view,
    })
}

#[handler]
async fn account_view(visit: Visit, Path(account): Path<AccountId>) -> Answer {
    let page = page(&visit, account, FieldErrors::default()).await?;
    visit.page(&page)
}

#[handler]
async fn granted(visit: Visit, Path(account): Path<AccountId>, posted: Posted) -> Answer {
    let typed = |name: &str| posted.text(name).to_owned();
    let done = match posted.parse::<Role>("role") {
        Ok(role) => {
            let (call, agency) = (typed("call").parse().ok(), typed("agency").parse().ok());
            visit.run(&posted, GrantRole { account, role, call, agency }).await
        }
        Err(wrong) => Err(crate::kernel::AppError::invalid("role", wrong.0)),
    };
    match done {
        Ok(()) => visit.to_with(format!("/admin/accounts/{account}"), "The role is given."),
        Err(error) => {
            let errors = keep(error)?;
            let mut page = page(&visit, account, errors).await?;
            (page.role, page.call, page.agency) = (typed("role"), typed("call"), typed("agency"));
            visit.again(&page)
        }
    }
}

#[handler]
async fn revoked(visit: Visit, Path((account, grant)): Path<(AccountId, RoleGrantId)>, posted: Posted) -> Answer {
    match visit.run(&posted, RevokeRole(grant)).await {
        Ok(()) => visit.to_with(format!("/admin/accounts/{account}"), "The role is taken."),
        Err(error) => {
            let errors = keep(error)?;
            let page = page(&visit, account, errors).await?;
            visit.again(&page)
        }
    }
}

#[handler]
async fn locked(visit: Visit, Path(account): Path<AccountId>, posted: Posted) -> Answer {
    let locked = posted.text("do") == "lock";
    match visit.run(&posted, LockAccount { account, locked }).await {
        Ok(()) => {
            let message =
                if locked { "The account is locked and its sessions are ended." } else { "The account is open again." };
            visit.to_with(format!("/admin/accounts/{account}"), message)
        }
        Err(error) => {
            let errors = keep(error)?;
            let page = page(&visit, account, errors).await?;
            visit.again(&page)
        }
    }
}
