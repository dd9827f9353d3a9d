//! The screen an invitation's link opens: it brings the right person in and forwards to the area concerned.

use super::{
    commands::JoinByInvitation,
    queries::{InvitationBy, InvitationView, Standing},
};
use crate::{
    accounts::{
        registration::commands::{checked_password, hashed},
        sessions::commands::StartSession,
    },
    kernel::{Actor, Result},
    web::{Answer, FieldErrors, Frame, Pages, Posted, Visit, door::SESSION, keep},
};
use askama::Template;
use chrono::TimeDelta;
use entity::types::states::InvitationKind;
use poem::{handler, web::Path};

pub fn routes(pages: Pages) -> Pages {
    pages.get("/invitations/:token", opened).post("/invitations/:token", joined)
}

/// The page of the area an invitation of this kind is for.
fn area(kind: InvitationKind) -> &'static str {
    match kind {
        InvitationKind::Role => "/roles",
        InvitationKind::Member => "/organisations",
        InvitationKind::Partner | InvitationKind::Team => "/proposals",
        InvitationKind::Evaluator => "/evaluators",
    }
}

#[derive(Template)]
#[template(path = "accounts/invitations/opened.html")]
struct OpenedPage {
    frame: Frame,
    errors: FieldErrors,
    view: InvitationView,
    token: String,
    name: String,
    /// The address somebody else is signed in with.
    other: Option<String>,
}

#[handler]
async fn opened(visit: Visit, Path(token): Path<String>) -> Answer {
    visit.app.limit(&format!("link from {}", visit.address), 120, TimeDelta::hours(1)).await?;
    let view = visit.ask(InvitationBy(token.clone())).await?;
    let mine = visit.actor.person().is_some_and(|p| p.email == view.email.as_str());
    if mine && view.standing == Standing::Open {
        return visit.to(format!("{}/invitations/{token}", area(view.kind)));
    }
    visit.page(&page(&visit, view, token, FieldErrors::default()))
}

fn page(visit: &Visit, view: InvitationView, token: String, errors: FieldErrors) -> OpenedPage {
    let other = visit.actor.person().map(|p| p.email.clone()).filter(|email| email != view.email.as_str());
    let name = view.name.clone();
    OpenedPage { frame: visit.frame("You are invited"), errors, view, token, name, other }
}

#[handler]
async fn joined(visit: Visit, Path(token): Path<String>, posted: Posted) -> Answer {
    let view = visit.ask(InvitationBy(token.clone())).await?;
    match join(&visit, &token, &view, &posted).await {
        Ok(session) => {
            visit.set_cookie(SESSION, &session, Some(60 * 60 * 24 * 14));
            visit.to(format!("{}/invitations/{token}", area(view.kind)))
        }
        Err(error) => {
            let errors = keep(error)?;
            let mut page = page(&visit, view, token, errors);
            page.name = posted.text("name").to_owned();
            visit.again(&page)
        }
    }
}

async fn join(visit: &Visit, token: &str, view: &InvitationView, posted: &Posted) -> Result<String> {
    visit.app.limit(&format!("link from {}", visit.address), 120, TimeDelta::hours(1)).await?;
    checked_password(posted.text("password"), "password", &[posted.text("name"), view.email.as_str()])?;
    let phc = hashed(&visit.app, posted.text("password")).await?;
    let join = JoinByInvitation { token: token.to_owned(), name: posted.text("name").to_owned(), phc };
    let account = visit.app.run(&Actor::Nobody, join).await?;
    let start = StartSession { account, address: visit.address.clone(), agent: visit.agent.clone() };
    visit.app.run(&Actor::Nobody, start).await
}
