//! The screen an invitation's link opens: it brings the right person in and forwards to the area concerned.

use super::{
    commands::{self, DeclineByLink, slow_down},
    queries::{InvitationBy, InvitationView, Standing},
};
use crate::{
    accounts::sessions::commands::StartSession,
    kernel::{Actor, Result},
    web::{Answer, FieldErrors, Frame, Pages, Posted, Visit, door::SESSION, keep},
};
use askama::Template;
use entity::types::states::InvitationKind;
use poem::{handler, web::Path};

pub fn routes(pages: Pages) -> Pages {
    pages
        .get("/invitations/:token", opened)
        .post("/invitations/:token", joined)
        .post("/invitations/:token/decline", declined)
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
    /// Why somebody declines, as typed.
    reason: String,
    /// The address somebody else is signed in with.
    other: Option<String>,
}

#[handler]
async fn opened(visit: Visit, Path(token): Path<String>) -> Answer {
    slow_down(&visit.app, &visit.address).await?;
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
    OpenedPage { frame: visit.frame("You are invited"), errors, view, token, name, reason: String::new(), other }
}

#[handler]
async fn joined(visit: Visit, Path(token): Path<String>, posted: Posted) -> Answer {
    let view = visit.ask(InvitationBy(token.clone())).await?;
    match join(&visit, &token, &posted).await {
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

#[handler]
async fn declined(visit: Visit, Path(token): Path<String>, posted: Posted) -> Answer {
    slow_down(&visit.app, &visit.address).await?;
    let decline = DeclineByLink { token: token.clone(), reason: posted.text("reason").to_owned() };
    match visit.run(&posted, decline).await {
        Ok(()) => visit.to_with(format!("/invitations/{token}"), "You declined. Thank you for telling us."),
        Err(error) => {
            let errors = keep(error)?;
            let view = visit.ask(InvitationBy(token.clone())).await?;
            let mut page = page(&visit, view, token, errors);
            page.reason = posted.text("reason").to_owned();
            visit.again(&page)
        }
    }
}

async fn join(visit: &Visit, token: &str, posted: &Posted) -> Result<String> {
    let (name, password) = (posted.text("name"), posted.text("password"));
    let account = commands::join(&visit.app, token, name, password, &visit.address).await?;
    let start = StartSession { account, address: visit.address.clone(), agent: visit.agent.clone() };
    visit.app.run(&Actor::Nobody, start).await
}
