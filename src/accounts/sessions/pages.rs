//! The screens for signing in and out.

use super::commands::{EndSession, sign_in as check};
use crate::{
    kernel::access::actor::Door,
    web::{Answer, FieldErrors, Frame, Pages, Posted, Visit, door::SESSION, keep, posted},
};
use askama::Template;
use poem::handler;

pub fn routes(pages: Pages) -> Pages {
    pages.get("/sign-in", sign_in).post("/sign-in", sign_in_posted).post("/sign-out", sign_out_posted)
}

#[derive(Template)]
#[template(path = "accounts/sessions/sign_in.html")]
struct SignInPage {
    frame: Frame,
    errors: FieldErrors,
    email: String,
    next: String,
}

#[handler]
async fn sign_in(visit: Visit) -> Answer {
    let next = visit.query("next").or_else(|| visit.query("back")).unwrap_or_default();
    if visit.actor.account().is_some() {
        return visit.to(if next.is_empty() { "/overview" } else { &next });
    }
    visit.page(&SignInPage {
        frame: visit.frame("Sign in"),
        errors: FieldErrors::default(),
        email: String::new(),
        next,
    })
}

#[handler]
async fn sign_in_posted(visit: Visit, posted: Posted) -> Answer {
    let (email, next) = (posted.text("email").to_owned(), posted.text("next").to_owned());
    match check(&visit.app, &email, posted.text("password"), &visit.address, &visit.agent).await {
        Ok(token) => {
            visit.set_cookie(SESSION, &token, Some(60 * 60 * 24 * 14));
            visit.to(if next.is_empty() { "/overview" } else { &next })
        }
        Err(error) => {
            let errors = keep(error)?;
            visit.again(&SignInPage { frame: visit.frame("Sign in"), errors, email, next })
        }
    }
}

#[handler]
async fn sign_out_posted(visit: Visit, posted: Posted) -> Answer {
    if let Some(Door::Session(id)) = visit.actor.person().map(|p| p.door.clone()) {
        visit.app.run(&visit.actor, EndSession(id)).await?;
    }
    visit.drop_cookie(SESSION);
    match posted.text("next") {
        "" => visit.to_with("/", "You are signed out."),
        next => visit.to(format!("/sign-in?next={}", posted::encoded(next))),
    }
}
