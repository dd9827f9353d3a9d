//! The form of a call: its sections and questions.

use super::{
    fields::{Field, Group, with_marks},
    pieces::{scope_choices, scope_of, scope_word},
    question,
    save::{self, FieldsPage, Mode, again, frame, key},
    typed::Typed,
};
use crate::{
    calls::{
        editor::{
            queries::{CallAtDesk, CallDesk},
            rules::key_of,
        },
        rules::facts::kind as kind_text,
    },
    kernel::AppError,
    web::{Answer, FieldErrors, Frame, Pages, Posted, Visit},
};
use askama::Template;
use entity::types::{
    ids::CallId,
    terms::{CallTerms, Section, SectionScope},
};
use poem::{handler, web::Path};

pub fn routes(pages: Pages) -> Pages {
    let (section, asked) =
        ("/staff/calls/:call/form/sections/:section", "/staff/calls/:call/form/sections/:section/questions/:question");
    let (new_section, new_question) =
        ("/staff/calls/:call/form/new-section", "/staff/calls/:call/form/sections/:section/new-question");
    pages
        .get("/staff/calls/:call/form", form_page)
        .post("/staff/calls/:call/form", form_posted)
        .get(new_section, new_section_page)
        .post(new_section, new_section_posted)
        .get(section, section_page)
        .post(section, section_posted)
        .get(new_question, new_question_page)
        .post(new_question, new_question_posted)
        .get(asked, question_page)
        .post(asked, question_posted)
}

#[derive(Template)]
#[template(path = "calls/editor/form.html")]
struct FormPage {
    frame: Frame,
    errors: FieldErrors,
    desk: CallDesk,
    key: String,
    mode: Mode,
    findings: Vec<crate::calls::rules::TermsFinding>,
}

impl FormPage {
    fn of(visit: &Visit, desk: CallDesk, errors: FieldErrors) -> Self {
        Self {
            frame: frame(visit, "Sections and questions", &desk.code, desk.id),
            errors,
            key: key(visit),
            mode: Mode::of(&desk),
            findings: desk.findings.iter().filter(|f| f.at.starts_with("/call/sections")).cloned().collect(),
            desk,
        }
    }

    fn answer(&self, question: &entity::types::terms::Question) -> String {
        let must = if question.required { "" } else { " (optional)" };
        format!("{}{must}", kind_text(&question.kind))
    }

    fn scope(&self, section: &Section) -> &'static str {
        match section.scope {
            SectionScope::Joint => "once for the proposal",
            SectionScope::Part => "once for each part",
        }
    }
}

#[handler]
async fn form_page(visit: Visit, Path(call): Path<CallId>) -> Answer {
    let desk = visit.ask(CallAtDesk(call)).await?;
    visit.page(&FormPage::of(&visit, desk, FieldErrors::default()))
}

/// Moves or removes a section or question.
#[handler]
async fn form_posted(visit: Visit, posted: Posted, Path(call): Path<CallId>) -> Answer {
    let desk = visit.ask(CallAtDesk(call)).await?;
    let mut terms = desk.terms.clone();
    let (section, asked) = (posted.text("section"), posted.text("question"));
    let done = match terms.sections.iter_mut().find(|s| s.key == section).filter(|_| !asked.is_empty()) {
        Some(found) => rearrange(&mut found.questions, |q| q.key == asked, posted.text("do")),
        None => rearrange(&mut terms.sections, |s| s.key == section, posted.text("do")),
    };
    if !done {
        return visit.to(format!("/staff/calls/{call}/form"));
    }
    let page = FieldsPage {
        frame: frame(&visit, "Sections and questions", &desk.code, desk.id),
        errors: FieldErrors::default(),
        groups: Vec::new(),
        action: format!("/staff/calls/{call}/form"),
        key: key(&visit),
        version: desk.version,
        mode: Mode::of(&desk),
        findings: Vec::new(),
        back: format!("/staff/calls/{call}/form"),
    };
    save::save(&visit, &posted, &desk, terms, page).await
}

/// Moves one member of a list up or down, or takes it out; tells whether anything happened.
pub fn rearrange<T>(list: &mut Vec<T>, is: impl Fn(&T) -> bool, what: &str) -> bool {
    let Some(at) = list.iter().position(is) else { return false };
    match what {
        "up" if at > 0 => list.swap(at, at - 1),
        "down" if at + 1 < list.len() => list.swap(at, at + 1),
        "remove" => drop(list.remove(at)),
        _ => return false,
    }
    true
}

fn section_groups(section: Option<&Section>, at: &str) -> Vec<Group> {
    let text = |get: fn(&Section) -> String| section.map(get).unwrap_or_default();
    let scope = section.map_or(SectionScope::Joint, |s| s.scope);
    let fields = vec![
        Field::line("title", "Title", text(|s| s.title.clone())).at(format!("{at}/title")),
        Field::radios("scope", "Answered", scope_word(scope), scope_choices()).at(format!("{at}/scope")),
        Field::area("guidance", "Guidance", text(|s| s.guidance.clone()), 4).optional().at(format!("{at}/guidance")),
    ];
    vec![Group::new("Section", fields)]
}

fn fields_page(
    visit: &Visit,
    desk: &CallDesk,
    title: &str,
    groups: Vec<Group>,
    action: String,
    at: &str,
) -> FieldsPage {
    let home = format!("/staff/calls/{}", desk.id);
    let form = format!("{home}/form");
    FieldsPage {
        frame: visit
            .frame_below(title, &[("Calls", "/staff/calls"), (&desk.code, &home), ("Sections and questions", &form)]),
        errors: FieldErrors::default(),
        groups: with_marks(groups, &desk.terms.marks),
        action,
        key: key(visit),
        version: desk.version,
        mode: Mode::of(desk),
        findings: desk.findings.iter().filter(|f| !at.is_empty() && f.at.starts_with(at)).cloned().collect(),
        back: form.clone(),
    }
}

async fn finish(
    visit: &Visit,
    posted: &Posted,
    desk: &CallDesk,
    page: FieldsPage,
    change: impl FnOnce(&mut Typed<'_>, &mut CallTerms),
) -> Answer {
    let mut typed = Typed::new(posted);
    let mut terms = desk.terms.clone();
    change(&mut typed, &mut terms);
    if !typed.errors.is_empty() {
        return visit.again(&again(page, posted, typed.errors, visit));
    }
    save::save(visit, posted, desk, terms, page).await
}

fn read_section(typed: &mut Typed<'_>, section: &mut Section) {
    section.title = typed.line("title", 300);
    if section.title.is_empty() {
        typed.errors.add("title", "Fill this in");
    }
    section.scope = scope_of(typed.raw("scope"));
    section.guidance = typed.prose("guidance", 10_000);
}

fn new_section_shown(visit: &Visit, desk: &CallDesk) -> FieldsPage {
    let action = format!("/staff/calls/{}/form/new-section", desk.id);
    fields_page(visit, desk, "New section", section_groups(None, ""), action, "")
}

#[handler]
async fn new_section_page(visit: Visit, Path(call): Path<CallId>) -> Answer {
    let desk = visit.ask(CallAtDesk(call)).await?;
    visit.page(&new_section_shown(&visit, &desk))
}

#[handler]
async fn new_section_posted(visit: Visit, posted: Posted, Path(call): Path<CallId>) -> Answer {
    let desk = visit.ask(CallAtDesk(call)).await?;
    let page = new_section_shown(&visit, &desk);
    finish(&visit, &posted, &desk, page, |typed, terms| {
        let mut section = Section {
            key: String::new(),
            title: String::new(),
            scope: SectionScope::Joint,
            guidance: String::new(),
            questions: Vec::new(),
        };
        read_section(typed, &mut section);
        let taken: Vec<String> = terms.sections.iter().map(|s| s.key.clone()).collect();
        section.key = key_of(&section.title, &taken);
        terms.sections.push(section);
    })
    .await
}

fn position(desk: &CallDesk, key: &str) -> Result<usize, AppError> {
    desk.terms.sections.iter().position(|s| s.key == key).ok_or(AppError::NotFound)
}

fn section_shown(visit: &Visit, desk: &CallDesk, i: usize) -> FieldsPage {
    let (section, at) = (&desk.terms.sections[i], format!("/call/sections/{i}"));
    let action = format!("/staff/calls/{}/form/sections/{}", desk.id, section.key);
    let title = format!("Section “{}”", section.title);
    fields_page(visit, desk, &title, section_groups(Some(section), &at), action, &at)
}

#[handler]
async fn section_page(visit: Visit, Path((call, section)): Path<(CallId, String)>) -> Answer {
    let desk = visit.ask(CallAtDesk(call)).await?;
    let i = position(&desk, &section)?;
    visit.page(&section_shown(&visit, &desk, i))
}

#[handler]
async fn section_posted(visit: Visit, posted: Posted, Path((call, section)): Path<(CallId, String)>) -> Answer {
    let desk = visit.ask(CallAtDesk(call)).await?;
    let i = position(&desk, &section)?;
    let page = section_shown(&visit, &desk, i);
    finish(&visit, &posted, &desk, page, |typed, terms| read_section(typed, &mut terms.sections[i])).await
}

/// Every question's key of the call, because an answer is found by its question's key alone.
fn taken(desk: &CallDesk) -> Vec<String> {
    let joint = desk.terms.sections.iter().flat_map(|s| &s.questions);
    let own = desk.annexes.iter().flat_map(|a| &a.terms.questions);
    joint.chain(own).map(|q| q.key.clone()).collect()
}

fn question_shown(visit: &Visit, desk: &CallDesk, i: usize, j: Option<usize>) -> FieldsPage {
    let section = &desk.terms.sections[i];
    let earlier = &section.questions[..j.unwrap_or(section.questions.len())];
    let base = format!("/staff/calls/{}/form/sections/{}", desk.id, section.key);
    match j.map(|j| (j, &section.questions[j])) {
        Some((j, asked)) => {
            let at = format!("/call/sections/{i}/questions/{j}");
            let groups = question::groups(asked, earlier, &at);
            fields_page(visit, desk, "Question", groups, format!("{base}/questions/{}", asked.key), &at)
        }
        None => {
            let groups = question::groups(&question::blank(), earlier, "");
            let title = format!("New question in “{}”", section.title);
            fields_page(visit, desk, &title, groups, format!("{base}/new-question"), "")
        }
    }
}

#[handler]
async fn new_question_page(visit: Visit, Path((call, section)): Path<(CallId, String)>) -> Answer {
    let desk = visit.ask(CallAtDesk(call)).await?;
    let i = position(&desk, &section)?;
    visit.page(&question_shown(&visit, &desk, i, None))
}

#[handler]
async fn new_question_posted(visit: Visit, posted: Posted, Path((call, section)): Path<(CallId, String)>) -> Answer {
    let desk = visit.ask(CallAtDesk(call)).await?;
    let i = position(&desk, &section)?;
    let (page, taken) = (question_shown(&visit, &desk, i, None), taken(&desk));
    finish(&visit, &posted, &desk, page, |typed, terms| {
        terms.sections[i].questions.push(question::read(typed, None, &taken));
    })
    .await
}

fn asked(desk: &CallDesk, i: usize, key: &str) -> Result<usize, AppError> {
    desk.terms.sections[i].questions.iter().position(|q| q.key == key).ok_or(AppError::NotFound)
}

#[handler]
async fn question_page(visit: Visit, Path((call, section, key)): Path<(CallId, String, String)>) -> Answer {
    let desk = visit.ask(CallAtDesk(call)).await?;
    let i = position(&desk, &section)?;
    let j = asked(&desk, i, &key)?;
    visit.page(&question_shown(&visit, &desk, i, Some(j)))
}

#[handler]
async fn question_posted(
    visit: Visit,
    posted: Posted,
    Path((call, section, key)): Path<(CallId, String, String)>,
) -> Answer {
    let desk = visit.ask(CallAtDesk(call)).await?;
    let i = position(&desk, &section)?;
    let j = asked(&desk, i, &key)?;
    let page = question_shown(&visit, &desk, i, Some(j));
    finish(&visit, &posted, &desk, page, |typed, terms| {
        terms.sections[i].questions[j] = question::read(typed, Some(&key), &[]);
    })
    .await
}
