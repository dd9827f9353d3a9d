//! My proposals, as cards.

use super::super::queries::{Card, OwnProposals, group};
use crate::{
    kernel::paging::Paging,
    web::{Answer, Frame, Visit, frame::Pager, show},
};
use askama::Template;
use entity::types::states::ProposalState;
use poem::handler;

#[derive(Template)]
#[template(path = "proposals/drafts/list.html")]
struct ListPage {
    frame: Frame,
    groups: Vec<(&'static str, Vec<CardView>)>,
    pager: Pager,
}

/// A card with its times in words.
struct CardView {
    card: Card,
    left: String,
    closes: String,
    closes_iso: String,
    saved: String,
    saved_iso: String,
}

const GROUPS: [&str; 4] = ["Just started", "In progress", "Submitted", "Earlier"];

#[handler]
pub async fn list(visit: Visit) -> Answer {
    let paging = Paging::from_text(visit.query("page").as_deref(), None);
    let listed = visit.ask(OwnProposals(paging)).await?;
    let pager = Pager::new(listed.page, listed.size, listed.total, |page| format!("/proposals?page={page}"));
    let now = visit.app.now();
    let mut groups: Vec<(&'static str, Vec<CardView>)> = GROUPS.iter().map(|name| (*name, Vec::new())).collect();
    for card in listed.rows {
        let open = card.state == ProposalState::Draft;
        let deadline = card.deadline.filter(|_| open);
        let view = CardView {
            left: deadline.map(|d| show::left(d.instant(), now)).unwrap_or_default(),
            closes: deadline.map(|d| d.to_string()).unwrap_or_default(),
            closes_iso: deadline.map(show::deadline_iso).unwrap_or_default(),
            saved: show::instant(card.saved_at, card.zone),
            saved_iso: show::iso(card.saved_at),
            card,
        };
        groups[group(&view.card)].1.push(view);
    }
    groups.retain(|(_, cards)| !cards.is_empty());
    visit.page(&ListPage { frame: visit.frame("My proposals"), groups, pager })
}
