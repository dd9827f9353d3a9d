//! The screens of parts.

mod activities;
mod budget;
mod companies;
mod contact;
mod finances;
mod overview;
mod targets;

use super::queries::{PartOf, PartView};
use crate::{
    kernel::{AppError, Result},
    proposals::drafts::pages::{changed, id},
    web::{Answer, FieldErrors, Frame, Pages, Posted, Visit, show},
};
use entity::types::ids::ProposalId;
use poem::http::StatusCode;
use serde_json::{Map, Value, json};

pub fn routes(pages: Pages) -> Pages {
    let part = |rest: &str| format!("/proposals/:proposal/parts/:part{rest}");
    pages
        .get(&part(""), overview::overview)
        .get(&part("/companies"), companies::show_list)
        .get(&part("/companies/new"), companies::new)
        .post(&part("/companies/new"), companies::new_posted)
        .get(&part("/companies/:company"), companies::edit)
        .post(&part("/companies/:company"), companies::edit_posted)
        .get(&part("/companies/:company/remove"), companies::remove)
        .post(&part("/companies/:company/remove"), companies::remove_posted)
        .get(&part("/activities"), activities::show_list)
        .get(&part("/activities/new"), activities::new)
        .post(&part("/activities/new"), activities::new_posted)
        .get(&part("/activities/:activity"), activities::edit)
        .post(&part("/activities/:activity"), activities::edit_posted)
        .get(&part("/activities/:activity/remove"), activities::remove)
        .post(&part("/activities/:activity/remove"), activities::remove_posted)
        .get(&part("/budget"), budget::show_budget)
        .post(&part("/budget"), budget::budget_posted)
        .get(&part("/targets"), targets::show_targets)
        .post(&part("/targets"), targets::targets_posted)
        .get(&part("/contact"), contact::show_contact)
        .post(&part("/contact"), contact::contact_posted)
        .get("/proposals/:proposal/finances", finances::finances)
}

/// The part of an address, for its reader.
async fn part(visit: &Visit, proposal: &str, part: &str) -> Result<PartView> {
    let proposal: ProposalId = id(proposal)?;
    let view = visit.ask(PartOf(id(part)?)).await?;
    if view.head.id == proposal { Ok(view) } else { Err(AppError::NotFound) }
}

/// The address everything of a part lies below.
fn path(view: &PartView) -> String {
    format!("/proposals/{}/parts/{}", view.head.id, view.part.id)
}

/// The frame of a page of a part.
fn frame(visit: &Visit, view: &PartView, title: &str, above: &[(&str, &str)]) -> Frame {
    let proposal = format!("/proposals/{}", view.head.id);
    let (name, part) = (format!("{} {}", view.head.code, view.head.acronym), path(view));
    let mut crumbs = vec![
        ("My proposals", "/proposals"),
        (name.as_str(), proposal.as_str()),
        (view.part.organisation.as_str(), part.as_str()),
    ];
    crumbs.extend_from_slice(above);
    changed(visit.frame_below(title, &crumbs), &view.head)
}

/// What the script learns after a save.
fn saved(visit: &Visit, version: &str, errors: &FieldErrors, live: &[(&str, String)]) -> Answer {
    let errors: Map<String, Value> = errors.list().into_iter().map(|(field, m)| (field.to_owned(), m.into())).collect();
    let live: Map<String, Value> = live.iter().map(|(id, html)| ((*id).to_owned(), html.as_str().into())).collect();
    let body = json!({
        "version": version,
        "saved_at": show::iso(visit.app.now()),
        "errors": errors,
        "warnings": [],
        "live": live,
    });
    visit.json(StatusCode::OK, &body)
}

/// A whole number of a field, empty as none.
fn whole(posted: &Posted, errors: &mut FieldErrors, field: &str) -> Option<i64> {
    match posted.text(field).trim() {
        "" => None,
        text => errors.take(field, entity::types::decimal::parse(text, 0)),
    }
}
