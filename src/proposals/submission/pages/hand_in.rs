//! What stands against submitting, the last look, and the button.

use super::super::{
    commands::SubmitPart,
    links::Chapter,
    queries::{Head, LastLook, Look, StandsAgainst},
    reading::{Read, chapters},
    rules::{Point, STATEMENT, errors, is_clear},
};
use crate::{
    documents::letters::Block,
    proposals::rules::Severity,
    web::{Answer, FieldErrors, Frame, Posted, Visit, frame::Strip, keep},
};
use askama::Template;
use entity::types::{
    ids::{PartId, ProposalId},
    states::PartState,
};
use poem::{handler, web::Path};

/// A thing to do with its link.
struct Thing {
    state: &'static str,
    label: &'static str,
    message: String,
    href: String,
    /// What makes the link's target known to the summary.
    blocking: bool,
}

/// The things of one chapter.
struct Group {
    title: String,
    things: Vec<Thing>,
}

#[derive(Template)]
#[template(path = "proposals/submission/check.html")]
struct CheckPage {
    frame: Frame,
    strip: Strip,
    head: Head,
    groups: Vec<Group>,
    errors: usize,
    /// The blocking ones, repeated at the top.
    blocking: Vec<(String, String)>,
}

#[handler]
pub async fn check(visit: Visit, Path((proposal, part)): Path<(ProposalId, PartId)>) -> Answer {
    let look = visit.ask(StandsAgainst(part)).await?;
    look.head.within(proposal)?;
    let groups = groups(&look);
    let blocking = groups
        .iter()
        .flat_map(|g| &g.things)
        .filter(|t| t.blocking)
        .map(|t| (t.href.clone(), t.message.clone()))
        .collect();
    let frame = super::frame(&visit, &look.head, "Check before submitting");
    visit.page(&CheckPage {
        frame,
        strip: super::strip(&look.head),
        errors: errors(&look.points),
        head: look.head,
        groups,
        blocking,
    })
}

fn groups(look: &Look) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for point in &look.points {
        let thing = thing(&look.head, point);
        match groups.iter_mut().find(|g| g.title == point.title) {
            Some(group) => group.things.push(thing),
            None => groups.push(Group { title: point.title.clone(), things: vec![thing] }),
        }
    }
    groups
}

fn thing(head: &Head, point: &Point) -> Thing {
    let (state, label) = super::word(point.severity);
    let href = point.chapter.href(head.proposal, head.part, &point.field);
    Thing { state, label, message: point.message.clone(), href, blocking: point.severity == Severity::Error }
}

/// A chapter on the last look.
struct Leaf {
    title: String,
    href: String,
    blocks: Vec<Block>,
    things: Vec<Thing>,
}

#[derive(Template)]
#[template(path = "proposals/submission/review.html")]
struct ReviewPage {
    frame: Frame,
    strip: Strip,
    head: Head,
    leaves: Vec<Leaf>,
    errors: FieldErrors,
    open: usize,
    clear: bool,
    seen: String,
    signatory: String,
    confirmed: bool,
    statement: &'static str,
}

#[handler]
pub async fn review(visit: Visit, Path((proposal, part)): Path<(ProposalId, PartId)>) -> Answer {
    let look = visit.ask(LastLook(part)).await?;
    look.head.within(proposal)?;
    if look.head.state != PartState::Draft {
        return visit.to(format!("{}/submissions", look.head.path()));
    }
    let signatory = look.signatory.clone();
    visit.page(&review_page(&visit, look, FieldErrors::default(), signatory, false))
}

#[handler]
pub async fn submit(visit: Visit, posted: Posted, Path((proposal, part)): Path<(ProposalId, PartId)>) -> Answer {
    let command = SubmitPart {
        part,
        signatory: posted.text("signatory").to_owned(),
        confirmed: posted.ticked("confirmed"),
        seen: Some(posted.text("seen").to_owned()).filter(|seen| !seen.is_empty()),
    };
    match visit.run(&posted, command).await {
        Ok(handed) => visit.to(format!("/proposals/{proposal}/parts/{part}/submissions/{}", handed.number)),
        Err(error) => {
            let errors = keep(error)?;
            let look = visit.ask(LastLook(part)).await?;
            look.head.within(proposal)?;
            let typed = posted.text("signatory").to_owned();
            visit.again(&review_page(&visit, look, errors, typed, posted.ticked("confirmed")))
        }
    }
}

fn review_page(visit: &Visit, look: Look, errors: FieldErrors, signatory: String, confirmed: bool) -> ReviewPage {
    let leaves = chapters(&look.content).into_iter().map(|read| leaf(&look, read)).collect();
    ReviewPage {
        frame: super::frame(visit, &look.head, "Check your answers"),
        strip: super::strip(&look.head),
        leaves,
        errors,
        open: super::super::rules::errors(&look.points),
        clear: is_clear(&look.points),
        seen: look.fingerprint,
        signatory,
        confirmed,
        statement: STATEMENT,
        head: look.head,
    }
}

fn leaf(look: &Look, read: Read) -> Leaf {
    let mut all = vec![&read.chapter];
    if read.chapter == Chapter::Documents {
        all.push(&Chapter::JointDocuments);
    }
    let here = |point: &&Point| all.contains(&&point.chapter);
    Leaf {
        title: read.section.title,
        href: read.chapter.href(look.head.proposal, look.head.part, ""),
        things: look.points.iter().filter(here).map(|p| thing(&look.head, p)).collect(),
        blocks: read.section.blocks,
    }
}
