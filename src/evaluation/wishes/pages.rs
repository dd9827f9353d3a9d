//! The own wishes of a call.

use super::{
    commands::StateWishes,
    queries::{OwnWishes, Wishes, WishesOf, WishingCall},
};
use crate::{
    kernel::{Result, paging::Paging},
    web::{Answer, FieldErrors, Frame, Pages, Posted, Visit, frame::Pager, keep},
};
use askama::Template;
use entity::types::{
    ids::{CallId, ProposalId},
    states::WishKind,
};
use poem::{handler, web::Path};
use std::collections::BTreeMap;

pub fn routes(pages: Pages) -> Pages {
    pages.get("/wishes", calls_shown).get("/wishes/:call", wishes_shown).post("/wishes/:call", wishes_posted)
}

#[derive(Template)]
#[template(path = "evaluation/wishes/calls.html")]
struct CallsPage {
    frame: Frame,
    calls: Vec<WishingCall>,
}

#[handler]
async fn calls_shown(visit: Visit) -> Answer {
    let calls = visit.ask(OwnWishes).await?;
    visit.page(&CallsPage { frame: visit.frame_below("Wishes", &[("My assignments", "/assignments")]), calls })
}

#[derive(Template)]
#[template(path = "evaluation/wishes/wishes.html")]
struct WishesPage {
    frame: Frame,
    errors: FieldErrors,
    wishes: Wishes,
    /// By proposal, the word that is chosen.
    chosen: BTreeMap<ProposalId, String>,
    pager: Pager,
    here: String,
}

impl WishesPage {
    async fn of(visit: &Visit, call: CallId) -> Result<Self> {
        let (page, size) = (visit.query("page"), visit.query("size"));
        let paging = Paging::from_text(page.as_deref(), size.as_deref());
        let wishes = visit.ask(WishesOf { call, paging }).await?;
        let chosen = wishes.lines.rows.iter().map(|line| {
            let word = line.wish.map_or("", WishKind::word);
            (line.proposal, word.to_owned())
        });
        let title = format!("Wishes for {}", wishes.call_code);
        let address = |page: u64| format!("/wishes/{call}?page={page}&size={}", paging.size);
        Ok(Self {
            frame: visit.frame_below(title, &[("My assignments", "/assignments"), ("Wishes", "/wishes")]),
            errors: FieldErrors::default(),
            chosen: chosen.collect(),
            pager: Pager::new(paging.page, paging.size, wishes.lines.total, address),
            here: address(paging.page),
            wishes,
        })
    }

    fn is(&self, proposal: &ProposalId, word: &str) -> bool {
        self.chosen.get(proposal).is_some_and(|chosen| chosen == word)
    }

    /// What can be said of a proposal: word and label; the empty word says nothing.
    fn words(&self) -> Vec<(&'static str, &'static str)> {
        WishKind::ALL.iter().map(|kind| (kind.word(), kind.label())).chain([("", "No wish")]).collect()
    }
}

#[handler]
async fn wishes_shown(visit: Visit, Path(call): Path<CallId>) -> Answer {
    let page = WishesPage::of(&visit, call).await?;
    visit.page(&page)
}

#[handler]
async fn wishes_posted(visit: Visit, posted: Posted, Path(call): Path<CallId>) -> Answer {
    let mut wrong = FieldErrors::default();
    let mut wishes = Vec::new();
    for (field, typed) in posted.fields() {
        let Some(proposal) = field.strip_prefix("wish-").and_then(|id| id.parse::<ProposalId>().ok()) else {
            continue;
        };
        let kind = match typed.as_str() {
            "" => Ok(None),
            word => word.parse::<WishKind>().map(Some),
        };
        if let Some(kind) = wrong.take(field, kind) {
            wishes.push((proposal, kind));
        }
    }
    let done = match wrong.done() {
        Ok(()) => visit.run(&posted, StateWishes { call, wishes }).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => {
            let back = posted.text("back");
            let here = format!("/wishes/{call}");
            let to = if back.starts_with(&here) { back.to_owned() } else { here };
            visit.to_with(to, "Your wishes are saved.")
        }
        Err(error) => {
            let errors = keep(error)?;
            let mut page = WishesPage::of(&visit, call).await?;
            for (proposal, chosen) in &mut page.chosen {
                let field = format!("wish-{proposal}");
                if posted.has(&field) {
                    posted.text(&field).clone_into(chosen);
                }
            }
            page.errors = errors;
            visit.again(&page)
        }
    }
}
