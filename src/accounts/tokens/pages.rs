//! The screen of one's sessions and API tokens.

use super::{
    commands::{IssueToken, RevokeToken},
    queries::{OwnTokens, TokenLine},
};
use crate::{
    accounts::sessions::{
        commands::EndSession,
        queries::{OwnSessions, SessionLine},
    },
    kernel::{Result, access::actor::Door},
    web::{Answer, FieldErrors, Frame, Pages, Posted, Visit, keep, show},
};
use askama::Template;
use chrono_tz::Tz;
use entity::types::ids::{ApiTokenId, SessionId};
use poem::{handler, web::Path};

pub fn routes(pages: Pages) -> Pages {
    pages
        .get("/account/sessions", sessions_and_tokens)
        .post("/account/sessions/others/end", others_ended)
        .post("/account/sessions/:session/end", session_ended)
        .post("/account/tokens", token_issued)
        .post("/account/tokens/:token/revoke", token_revoked)
}

#[derive(Template)]
#[template(path = "accounts/tokens/list.html")]
struct ListPage {
    frame: Frame,
    errors: FieldErrors,
    sessions: Vec<SessionLine>,
    tokens: Vec<TokenLine>,
    current: Option<SessionId>,
    /// A token just issued, shown this once.
    issued: Option<String>,
    name: String,
    days: String,
    write: bool,
    zone: Tz,
}

impl ListPage {
    fn is_current(&self, session: &SessionLine) -> bool {
        self.current == Some(session.id)
    }
}

async fn list(visit: &Visit) -> Result<ListPage> {
    let current = match visit.actor.person().map(|p| p.door.clone()) {
        Some(Door::Session(id)) => Some(id),
        _ => None,
    };
    Ok(ListPage {
        sessions: visit.ask(OwnSessions).await?,
        tokens: visit.ask(OwnTokens).await?,
        frame: visit.frame_below("My sessions and tokens", &[("My account", "/account")]),
        errors: FieldErrors::default(),
        current,
        issued: None,
        name: String::new(),
        days: "90".to_owned(),
        write: false,
        zone: Tz::UTC,
    })
}

#[handler]
async fn sessions_and_tokens(visit: Visit) -> Answer {
    let page = list(&visit).await?;
    visit.page(&page)
}

#[handler]
async fn session_ended(visit: Visit, Path(session): Path<SessionId>, posted: Posted) -> Answer {
    visit.run(&posted, EndSession(session)).await?;
    visit.to_with("/account/sessions", "The session is ended.")
}

#[handler]
async fn others_ended(visit: Visit) -> Answer {
    let page = list(&visit).await?;
    for session in page.sessions.iter().filter(|s| !page.is_current(s)) {
        visit.app.run(&visit.actor, EndSession(session.id)).await?;
    }
    visit.to_with("/account/sessions", "All other sessions are ended.")
}

#[handler]
async fn token_issued(visit: Visit, posted: Posted) -> Answer {
    let typed = |name: &str| posted.text(name).to_owned();
    let issue = IssueToken { name: typed("name"), write: posted.ticked("write"), days: typed("days") };
    let (issued, errors) = match visit.app.run(&visit.actor, issue).await {
        Ok(token) => (Some(token), FieldErrors::default()),
        Err(error) => (None, keep(error)?),
    };
    let mut page = list(&visit).await?;
    if issued.is_some() {
        page.issued = issued;
        return visit.page(&page);
    }
    (page.name, page.days, page.write, page.errors) = (typed("name"), typed("days"), posted.ticked("write"), errors);
    visit.again(&page)
}

#[handler]
async fn token_revoked(visit: Visit, Path(token): Path<ApiTokenId>, posted: Posted) -> Answer {
    visit.run(&posted, RevokeToken(token)).await?;
    visit.to_with("/account/sessions", "The token is revoked and works no more.")
}
