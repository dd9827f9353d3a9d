//! Changing stage and person in the demo.

use crate::{
    accounts::sessions::commands::StartSession,
    demo::cast,
    kernel::{Actor, AppError},
    web::{
        Answer, Pages, Posted, Visit,
        door::SESSION,
        worlds::{STAGE, Worlds},
    },
};
use poem::{handler, web::Data};

pub fn routes(pages: Pages) -> Pages {
    pages.post("/demo/switch", switch)
}

/// Goes to another stage and signs in as the chosen person there; an address outside the demo does not exist.
#[handler]
async fn switch(visit: Visit, posted: Posted, worlds: Data<&Worlds>) -> Answer {
    let world = worlds.by_key(posted.text("stage")).filter(|_| worlds.is_demo()).ok_or(AppError::NotFound)?;
    let person = posted.text("person");
    if !person.is_empty() && !worlds.offers(person) {
        return Err(AppError::NotFound.into());
    }
    visit.set_cookie(STAGE, &world.key, Some(60 * 60 * 24 * 30));
    if person.is_empty() {
        visit.drop_cookie(SESSION);
        return visit.to(if is_public(posted.text("back")) { posted.text("back") } else { "/" });
    }
    let same = visit.actor.person().is_some_and(|p| p.email == person);
    let start =
        StartSession { account: cast::account(person), address: visit.address.clone(), agent: visit.agent.clone() };
    let token = world.app.run(&Actor::Nobody, start).await?;
    visit.set_cookie(SESSION, &token, Some(60 * 60 * 24 * 14));
    let back = posted.text("back");
    visit.to(if is_public(back) || (same && !back.starts_with("/sign-in")) { back } else { "/overview" })
}

/// Whether everybody may see the page; another person would most often stand before a closed door.
fn is_public(path: &str) -> bool {
    ["/calls", "/receipts"].iter().any(|area| path.starts_with(area))
}
