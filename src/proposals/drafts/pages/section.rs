//! A section's questions: answered, saved while people write, marked as complete.

use super::{
    super::{
        commands::{Answered, CompleteSection, ReopenSection, SaveAnswers, Sent, Typed},
        queries::{SectionOf, SectionView},
        rules::{Merge, Seen, digest_of, merge, read_seen, seen_text},
    },
    fields::{self, Field, Shape},
    id, section_path,
};
use crate::{
    calls::questions,
    kernel::{AppError, Result},
    proposals::Place,
    web::{Answer, Choice, FieldErrors, Frame, Posted, Visit, keep, show},
};
use askama::Template;
use entity::types::{ids::ProposalId, terms::Section};
use poem::{handler, http::StatusCode, web::Path};
use serde_json::{Map, Value, json};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "proposals/drafts/section.html")]
struct SectionPage {
    frame: Frame,
    errors: FieldErrors,
    /// Messages with the labels of their questions, for the summary.
    summary: Vec<(String, String, String)>,
    view: SectionView,
    fields: Vec<Field>,
    path: String,
    seen: String,
    saved: String,
    due: String,
    assign: String,
    previous: Option<(String, String)>,
    next: Option<(String, String)>,
}

impl SectionPage {
    fn new(visit: &Visit, view: SectionView, fields: Vec<Field>, errors: FieldErrors) -> Self {
        let proposal = format!("/proposals/{}", view.head.id);
        let name = format!("{} {}", view.head.code, view.head.acronym);
        let part = view.part.as_ref().map(|p| p.organisation.clone()).unwrap_or_default();
        let mut crumbs = vec![("My proposals", "/proposals"), (name.as_str(), proposal.as_str())];
        if !part.is_empty() {
            crumbs.push((part.as_str(), proposal.as_str()));
        }
        let label = |key: &str| fields.iter().find(|f| f.key == key).map_or(String::new(), |f| f.label.clone());
        let summary = errors.list().into_iter().map(|(key, message)| {
            (if key.is_empty() { String::new() } else { fields::name(key) }, label(key), message.to_owned())
        });
        let path = section_path(view.head.id, view.place, &view.section.key);
        let latest = view.section.questions.iter().filter_map(|q| view.written.get(&q.key)).max_by_key(|w| w.at);
        let saved = latest.map(|w| format!("Last saved by {} on {}", w.by, show::instant(w.at, view.head.zone)));
        let beside = |to: &Option<(String, String)>| {
            to.as_ref().map(|(key, title)| (section_path(view.head.id, view.place, key), title.clone()))
        };
        let in_form = errors.list().into_iter().map(|(key, message)| (fields::name(key), message.to_owned()));
        Self {
            frame: super::changed(visit.frame_below(&view.section.title, &crumbs), &view.head),
            summary: summary.collect(),
            errors: FieldErrors(in_form.collect()),
            seen: seen_text(&view.seen()),
            saved: saved.unwrap_or_default(),
            due: view.due_on.map(show::day).unwrap_or_default(),
            assign: format!("{proposal}/assign?place={}&section={}", view.place, view.section.key),
            previous: beside(&view.previous),
            next: beside(&view.next),
            fields,
            path,
            view,
        }
    }

    fn country_choices(&self) -> Vec<Choice> {
        fields::countries()
    }
}

#[handler]
pub async fn of_proposal(visit: Visit, Path((proposal, section)): Path<(String, String)>) -> Answer {
    let place = match visit.query("part") {
        Some(part) => Place::Part(id(&part)?),
        None => Place::Joint,
    };
    show_section(&visit, id(&proposal)?, place, section).await
}

#[handler]
pub async fn of_part(visit: Visit, Path((proposal, part, section)): Path<(String, String, String)>) -> Answer {
    show_section(&visit, id(&proposal)?, Place::Part(id(&part)?), section).await
}

async fn show_section(visit: &Visit, proposal: ProposalId, place: Place, section: String) -> Answer {
    let view = visit.ask(SectionOf { proposal, place, section }).await?;
    let more = visit.query("more").unwrap_or_default();
    let fields = fields::fields(&view.section, &view.answers, &more);
    let errors = over_limits(&view);
    visit.page(&SectionPage::new(visit, view, fields, errors))
}

/// Answers that are there and break a limit are named at once; what is missing is not.
fn over_limits(view: &SectionView) -> FieldErrors {
    let mut errors = FieldErrors::default();
    for question in &view.section.questions {
        let value = view.answers.get(&question.key).unwrap_or(&Value::Null);
        for message in questions::check(question, value) {
            errors.add(&question.key, message);
        }
    }
    errors
}

#[handler]
pub async fn of_proposal_posted(
    visit: Visit,
    posted: Posted,
    Path((proposal, section)): Path<(String, String)>,
) -> Answer {
    take(&visit, &posted, id(&proposal)?, Place::Joint, section).await
}

#[handler]
pub async fn of_part_posted(
    visit: Visit,
    posted: Posted,
    Path((proposal, part, section)): Path<(String, String, String)>,
) -> Answer {
    take(&visit, &posted, id(&proposal)?, Place::Part(id(&part)?), section).await
}

async fn take(visit: &Visit, posted: &Posted, proposal: ProposalId, place: Place, section: String) -> Answer {
    if visit.wants_json() {
        return autosave(visit, posted, proposal, place, section).await;
    }
    let view = visit.ask(SectionOf { proposal, place, section: section.clone() }).await?;
    if posted.text("do") == "reopen" {
        visit.run(posted, ReopenSection { proposal, place, section: section.clone() }).await?;
        return visit.to_with(section_path(proposal, place, &section), "The section is open again.");
    }
    let typed = fields::typed(&view.section, posted, &read_seen(posted.text("version")));
    let answers = Sent::Answers(typed.clone());
    let save = SaveAnswers { proposal, place, section: section.clone(), answers };
    match visit.run(posted, save).await {
        Ok(kept) => go_on(visit, posted, proposal, place, &view, &kept).await,
        Err(AppError::Stale { .. }) => {
            let now = visit.ask(SectionOf { proposal, place, section }).await?;
            both_shown(visit, now, &typed)
        }
        Err(error) => {
            let errors = keep(error)?;
            let fields = fields::typed_again(&view.section, &typed, "");
            visit.again(&SectionPage::new(visit, view, fields, errors))
        }
    }
}

/// What the script sends while somebody types. It comes often, so the proposal is read whole only where the answer
/// speaks of somebody else.
async fn autosave(visit: &Visit, posted: &Posted, proposal: ProposalId, place: Place, section: String) -> Answer {
    let form = (posted.clone(), read_seen(posted.text("version")));
    let read = Arc::new(move |section: &Section| fields::typed(section, &form.0, &form.1));
    let save = SaveAnswers { proposal, place, section: section.clone(), answers: Sent::Form(read.clone()) };
    match visit.run(posted, save).await {
        Ok(kept) if kept.iter().any(|answer| answer.theirs) => {
            let view = visit.ask(SectionOf { proposal, place, section }).await?;
            saved(visit, Some(&view), &kept)
        }
        Ok(kept) => saved(visit, None, &kept),
        Err(AppError::Stale { by, at, version: _ }) => {
            let now = visit.ask(SectionOf { proposal, place, section }).await?;
            let typed = read(&now.section);
            both(visit, &now, &typed, &by, at)
        }
        Err(AppError::Invalid(errors)) => {
            let named = errors.list().into_iter().map(|(key, m)| (fields::name(key), Value::from(m)));
            let errors: Map<String, Value> = named.collect();
            visit.json(StatusCode::UNPROCESSABLE_ENTITY, &json!({ "errors": errors }))
        }
        Err(error) => Err(error.into()),
    }
}

/// What the script learns after a save.
fn saved(visit: &Visit, view: Option<&SectionView>, kept: &[Answered]) -> Answer {
    let seen: Vec<(String, String)> = kept.iter().map(|k| (k.question.clone(), k.digest.clone())).collect();
    let mut errors = Map::new();
    let mut warnings: Vec<String> = Vec::new();
    for answer in kept {
        if let Some(message) = answer.messages.first() {
            errors.insert(fields::name(&answer.question), message.as_str().into());
        }
        if let Some(view) = view.filter(|_| answer.theirs) {
            let label = view.section.questions.iter().find(|q| q.key == answer.question).map_or("", |q| &q.label);
            let by = view.written.get(&answer.question).map_or("somebody", |w| &w.by);
            warnings.push(format!("{by} changed “{label}” in the meantime. Load the page again to see it."));
        }
    }
    let body = json!({
        "version": seen_text(&seen),
        "saved_at": show::iso(visit.app.now()),
        "errors": errors,
        "warnings": warnings,
        "live": {},
    });
    visit.json(StatusCode::OK, &body)
}

async fn go_on(
    visit: &Visit,
    posted: &Posted,
    proposal: ProposalId,
    place: Place,
    view: &SectionView,
    kept: &[Answered],
) -> Answer {
    let here = section_path(proposal, place, &view.section.key);
    let list = format!("/proposals/{proposal}");
    let theirs = kept.iter().any(|k| k.theirs);
    let note =
        if theirs { "Saved. Somebody else changed another answer of this section in the meantime." } else { "Saved." };
    match posted.text("do") {
        "complete" => {
            let complete = CompleteSection { proposal, place, section: view.section.key.clone() };
            match visit.app.run(&visit.actor, complete).await {
                Ok(()) => visit.to_with(list, &format!("“{}” is complete.", view.section.title)),
                Err(error) => {
                    let errors = keep(error)?;
                    let section = view.section.key.clone();
                    let view = visit.ask(SectionOf { proposal, place, section }).await?;
                    let fields = fields::fields(&view.section, &view.answers, "");
                    visit.again(&SectionPage::new(visit, view, fields, errors))
                }
            }
        }
        "return" => visit.to_with(list, note),
        "next" => match &view.next {
            Some((key, _)) => visit.to_with(section_path(proposal, place, key), note),
            None => visit.to_with(list, note),
        },
        other => match other.strip_prefix("more:") {
            Some(key) => visit.to(format!("{here}?more={key}#{}", fields::name(key))),
            None => visit.to_with(here, note),
        },
    }
}

/// The questions both changed, with the answer that is kept.
fn conflicts<'a>(now: &'a SectionView, typed: &'a [Typed]) -> Result<Vec<&'a str>> {
    let mut found = Vec::new();
    for one in typed {
        let Some(question) = now.section.questions.iter().find(|q| q.key == one.question) else { continue };
        let kept = now.answers.get(&one.question).unwrap_or(&Value::Null);
        let sent = questions::read(question, &one.raw).unwrap_or(Value::Null);
        let version = now.written.get(&one.question).map_or(0, |w| w.version);
        if merge(&one.seen, &sent, kept, version) == Merge::Conflict {
            found.push(one.question.as_str());
        }
    }
    Ok(found)
}

/// What the form has seen once the reader knows the answers of others to these questions.
fn seen_after(now: &SectionView, typed: &[Typed], shown: &[&str]) -> String {
    let seen = typed.iter().map(|one| {
        let kept = digest_of(now.answers.get(&one.question).unwrap_or(&Value::Null));
        let digest = match &one.seen {
            Seen::Digest(base) if !shown.contains(&one.question.as_str()) => base.clone(),
            _ => kept,
        };
        (one.question.clone(), digest)
    });
    seen_text(&seen.collect::<Vec<_>>())
}

fn both(visit: &Visit, now: &SectionView, typed: &[Typed], by: &str, at: chrono::DateTime<chrono::Utc>) -> Answer {
    let shown = conflicts(now, typed)?;
    let mut theirs = Map::new();
    for question in now.section.questions.iter().filter(|q| shown.contains(&q.key.as_str())) {
        let value = now.answers.get(&question.key).unwrap_or(&Value::Null);
        theirs.extend(fields::as_fields(question, value).into_iter().map(|(name, values)| (name, json!(values))));
    }
    let body = json!({
        "by": by,
        "at": show::iso(at),
        "version": seen_after(now, typed, &shown),
        "theirs": theirs,
    });
    visit.json(StatusCode::CONFLICT, &body)
}

/// Without script: what was typed stands in the form, what somebody else wrote beside it.
fn both_shown(visit: &Visit, now: SectionView, typed: &[Typed]) -> Answer {
    let shown: Vec<String> = conflicts(&now, typed)?.into_iter().map(str::to_owned).collect();
    let names: Vec<&str> = shown.iter().map(String::as_str).collect();
    let seen = seen_after(&now, typed, &names);
    let mut fields = fields::typed_again(&now.section, typed, "");
    let mut errors = FieldErrors::default();
    for field in fields.iter_mut().filter(|f| shown.contains(&f.key)) {
        let by = now.written.get(&field.key).map_or_else(String::new, |w| w.by.clone());
        let question = now.section.questions.iter().find(|q| q.key == field.key);
        let text =
            question.map_or_else(String::new, |q| questions::text(q, now.answers.get(&q.key).unwrap_or(&Value::Null)));
        errors.add(&field.key, format!("{by} changed this in the meantime. Compare, then save again to keep yours."));
        field.theirs = Some((by, text));
    }
    let mut page = SectionPage::new(visit, now, fields, errors);
    page.seen = seen;
    visit.page_with(StatusCode::CONFLICT, &page)
}
