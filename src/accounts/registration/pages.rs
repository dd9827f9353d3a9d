//! The screens for making an account and for passwords.

use super::commands::{Rename, ask_confirmation, ask_reset, change_password, confirm, register, reset};
use crate::{
    accounts::sessions::commands::StartSession,
    kernel::{Actor, AppError, Result},
    web::{Answer, FieldErrors, Frame, Pages, Posted, Visit, door::SESSION, keep},
};
use askama::Template;
use poem::{handler, web::Path};

pub fn routes(pages: Pages) -> Pages {
    pages
        .get("/register", register_form)
        .post("/register", register_posted)
        .get("/register/again", again_form)
        .post("/register/again", again_posted)
        .get("/confirm/:token", confirm_form)
        .post("/confirm/:token", confirm_posted)
        .get("/password/forgotten", forgotten_form)
        .post("/password/forgotten", forgotten_posted)
        .get("/password/new/:token", reset_form)
        .post("/password/new/:token", reset_posted)
        .get("/account", account_form)
        .post("/account/name", name_posted)
        .post("/account/password", password_posted)
}

#[derive(Template)]
#[template(path = "accounts/registration/register.html")]
struct RegisterPage {
    frame: Frame,
    errors: FieldErrors,
    name: String,
    email: String,
}

#[handler]
async fn register_form(visit: Visit) -> Answer {
    let frame = visit.frame("Create an account");
    visit.page(&RegisterPage { frame, errors: FieldErrors::default(), name: String::new(), email: String::new() })
}

/// A page that says what happens next.
#[derive(Template)]
#[template(path = "accounts/registration/told.html")]
struct ToldPage {
    frame: Frame,
    text: &'static str,
}

#[handler]
async fn register_posted(visit: Visit, posted: Posted) -> Answer {
    let (name, email) = (posted.text("name").to_owned(), posted.text("email").to_owned());
    match register(&visit.app, &name, &email, posted.text("password"), &visit.address).await {
        Ok(()) => visit.page(&ToldPage {
            frame: visit.frame("Look into your mailbox"),
            text: "We have sent a mail to this address. Please follow the link in it within a day.",
        }),
        Err(error) => {
            let errors = keep(error)?;
            visit.again(&RegisterPage { frame: visit.frame("Create an account"), errors, name, email })
        }
    }
}

#[derive(Template)]
#[template(path = "accounts/registration/again.html")]
struct AgainPage {
    frame: Frame,
    errors: FieldErrors,
    email: String,
}

#[handler]
async fn again_form(visit: Visit) -> Answer {
    let frame = visit.frame("Send the mail again");
    visit.page(&AgainPage { frame, errors: FieldErrors::default(), email: String::new() })
}

#[handler]
async fn again_posted(visit: Visit, posted: Posted) -> Answer {
    let email = posted.text("email").to_owned();
    match ask_confirmation(&visit.app, &email, &visit.address).await {
        Ok(()) => visit.page(&ToldPage {
            frame: visit.frame("Look into your mailbox"),
            text: "If somebody registered with this address, we have sent a mail to it again.",
        }),
        Err(error) => {
            let errors = keep(error)?;
            visit.again(&AgainPage { frame: visit.frame("Send the mail again"), errors, email })
        }
    }
}

/// A page with one button, because links in mails are opened by scanners as well.
#[derive(Template)]
#[template(path = "accounts/registration/confirm.html")]
struct ConfirmPage {
    frame: Frame,
    errors: FieldErrors,
    token: String,
}

#[handler]
async fn confirm_form(visit: Visit, Path(token): Path<String>) -> Answer {
    let frame = visit.frame("Confirm your e-mail address");
    visit.page(&ConfirmPage { frame, errors: FieldErrors::default(), token })
}

#[handler]
async fn confirm_posted(visit: Visit, Path(token): Path<String>, posted: Posted) -> Answer {
    match confirm(&visit.app, &token, posted.text("password"), &visit.address).await {
        Ok(account) => {
            let start = StartSession { account, address: visit.address.clone(), agent: visit.agent.clone() };
            let session = visit.app.run(&Actor::Nobody, start).await?;
            visit.set_cookie(SESSION, &session, Some(60 * 60 * 24 * 14));
            visit.to_with("/overview", "Your address is confirmed. Welcome to Fairway.")
        }
        Err(error) => {
            let errors = keep(error)?;
            visit.again(&ConfirmPage { frame: visit.frame("Confirm your e-mail address"), errors, token })
        }
    }
}

#[derive(Template)]
#[template(path = "accounts/registration/forgotten.html")]
struct ForgottenPage {
    frame: Frame,
    errors: FieldErrors,
    email: String,
}

#[handler]
async fn forgotten_form(visit: Visit) -> Answer {
    let frame = visit.frame("Set a new password");
    visit.page(&ForgottenPage { frame, errors: FieldErrors::default(), email: String::new() })
}

#[handler]
async fn forgotten_posted(visit: Visit, posted: Posted) -> Answer {
    let email = posted.text("email").to_owned();
    match ask_reset(&visit.app, &email, &visit.address).await {
        Ok(()) => visit.page(&ToldPage {
            frame: visit.frame("Look into your mailbox"),
            text: "If there is an account with this address, we have sent a link to set a new password.",
        }),
        Err(error) => {
            let errors = keep(error)?;
            visit.again(&ForgottenPage { frame: visit.frame("Set a new password"), errors, email })
        }
    }
}

#[derive(Template)]
#[template(path = "accounts/registration/reset.html")]
struct ResetPage {
    frame: Frame,
    errors: FieldErrors,
    token: String,
}

#[handler]
async fn reset_form(visit: Visit, Path(token): Path<String>) -> Answer {
    let frame = visit.frame("Choose a new password");
    visit.page(&ResetPage { frame, errors: FieldErrors::default(), token })
}

#[handler]
async fn reset_posted(visit: Visit, Path(token): Path<String>, posted: Posted) -> Answer {
    match reset(&visit.app, &token, posted.text("new_password"), "new_password", &visit.address).await {
        Ok(()) => visit.to_with(
            "/sign-in",
            "Your new password is set; all sessions and API tokens are ended. Please sign in with it.",
        ),
        Err(error) => {
            let errors = keep(error)?;
            visit.again(&ResetPage { frame: visit.frame("Choose a new password"), errors, token })
        }
    }
}

#[derive(Template)]
#[template(path = "accounts/registration/account.html")]
struct AccountPage {
    frame: Frame,
    errors: FieldErrors,
    name: String,
    email: String,
    organisations: usize,
    revoke_tokens: bool,
}

fn account_page(visit: &Visit, errors: FieldErrors) -> Result<AccountPage> {
    let person = visit.actor.person().ok_or(AppError::Denied(crate::kernel::error::Denial::SignedOut))?;
    Ok(AccountPage {
        frame: visit.frame("My account"),
        errors,
        name: person.name.clone(),
        email: person.email.clone(),
        organisations: person.memberships.len(),
        revoke_tokens: true,
    })
}

#[handler]
async fn account_form(visit: Visit) -> Answer {
    let page = account_page(&visit, FieldErrors::default())?;
    visit.page(&page)
}

#[handler]
async fn name_posted(visit: Visit, posted: Posted) -> Answer {
    match visit.run(&posted, Rename { name: posted.text("name").to_owned() }).await {
        Ok(()) => visit.to_with("/account", "Your name is changed."),
        Err(error) => {
            let mut page = account_page(&visit, keep(error)?)?;
            page.name = posted.text("name").to_owned();
            visit.again(&page)
        }
    }
}

#[handler]
async fn password_posted(visit: Visit, posted: Posted) -> Answer {
    let revoke_tokens = posted.ticked("revoke_tokens");
    let (present, new) = (posted.text("password"), posted.text("new_password"));
    match change_password(&visit.app, &visit.actor, present, new, revoke_tokens).await {
        Ok(()) => {
            visit.drop_cookie(SESSION);
            let tokens = if revoke_tokens { "and API tokens are ended" } else { "are ended" };
            let told = format!("Your password is changed and all sessions {tokens}. Please sign in again.");
            visit.to_with("/sign-in", &told)
        }
        Err(error) => {
            let mut page = account_page(&visit, keep(error)?)?;
            page.revoke_tokens = revoke_tokens;
            visit.again(&page)
        }
    }
}
