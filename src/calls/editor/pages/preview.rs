//! The form as an applicant sees it, with all its conditions, and the call as a file.

use super::{
    fields::{Field, choices},
    question::kind_word,
    save::frame,
};
use crate::{
    calls::{
        archive::{queries::ExportCall, write},
        editor::queries::CallAtDesk,
        rules::facts::kind as kind_text,
    },
    web::{Answer, Choice, FieldErrors, Frame, Pages, Visit},
};
use askama::Template;
use entity::types::{
    country::Country,
    ids::CallId,
    terms::{Column, Question, QuestionKind, SectionScope},
};
use poem::{handler, web::Path};

pub fn routes(pages: Pages) -> Pages {
    pages.get("/staff/calls/:call/preview", preview_page).get("/staff/calls/:call/export", export_file)
}

#[derive(Template)]
#[template(path = "calls/editor/preview.html")]
struct PreviewPage {
    frame: Frame,
    errors: FieldErrors,
    sections: Vec<SectionShown>,
}

struct SectionShown {
    title: String,
    guidance: String,
    note: String,
    questions: Vec<QuestionShown>,
}

/// A question as applicants see it.
struct QuestionShown {
    field: Option<Field>,
    label: String,
    guidance: String,
    show_if: String,
    words: u32,
    required: bool,
    columns: Vec<Column>,
    name: String,
    limits: String,
    file: bool,
}

#[handler]
async fn preview_page(visit: Visit, Path(call): Path<CallId>) -> Answer {
    let desk = visit.ask(CallAtDesk(call)).await?;
    let mut sections: Vec<SectionShown> = desk
        .terms
        .sections
        .iter()
        .map(|section| SectionShown {
            title: section.title.clone(),
            guidance: section.guidance.clone(),
            note: match section.scope {
                SectionScope::Joint => "Answered once for the proposal".to_owned(),
                SectionScope::Part => "Answered once for each part".to_owned(),
            },
            questions: section.questions.iter().map(question).collect(),
        })
        .collect();
    sections.extend(desk.annexes.iter().filter(|a| !a.terms.questions.is_empty()).map(|annex| SectionShown {
        title: format!("Questions of {}", annex.name),
        guidance: String::new(),
        note: "Asked of this agency's applicants".to_owned(),
        questions: annex.terms.questions.iter().map(question).collect(),
    }));
    let frame = frame(&visit, "Preview of the form", &desk.code, call);
    visit.page(&PreviewPage { frame, errors: FieldErrors::default(), sections })
}

fn question(question: &Question) -> QuestionShown {
    let show_if = question.show_if.as_ref().map(|c| format!("{}={}", c.question, c.is.join("|"))).unwrap_or_default();
    let (key, label) = (question.key.clone(), question.label.clone());
    let named =
        |options: &[entity::types::terms::Named]| choices(options.iter().map(|o| (o.key.clone(), o.label.clone())));
    let field = match &question.kind {
        QuestionKind::Line { .. } => Some(Field::line(key, label, "")),
        QuestionKind::Number { unit, .. } => Some(Field::number(key, label, "", unit)),
        QuestionKind::Money { currency } => Some(Field::number(key, label, "", currency.code())),
        QuestionKind::Date { .. } => Some(Field::date(key, label, None)),
        QuestionKind::YesNo => Some(Field::radios(key, label, "", choices([("yes", "Yes"), ("no", "No")]))),
        QuestionKind::Choice { options } => Some(Field::radios(key, label, "", named(options))),
        QuestionKind::Choices { options, .. } => Some(Field::ticks(key, label, Vec::new(), named(options))),
        QuestionKind::Country { .. } => Some(Field::select(key, label, "", countries())),
        QuestionKind::Text { .. } | QuestionKind::Table { .. } | QuestionKind::File { .. } => None,
    };
    let field =
        field.map(|field| if question.required { field } else { field.optional() }.hint(question.guidance.clone()));
    let words = if let QuestionKind::Text { max_words } = question.kind { max_words } else { 0 };
    let columns = if let QuestionKind::Table { columns, .. } = &question.kind { columns.clone() } else { Vec::new() };
    QuestionShown {
        field: field.map(|field| field.show_if(show_if.clone())),
        label: question.label.clone(),
        guidance: question.guidance.clone(),
        show_if,
        words,
        required: question.required,
        columns,
        name: question.key.clone(),
        limits: kind_text(&question.kind),
        file: kind_word(&question.kind) == "file",
    }
}

fn countries() -> Vec<Choice> {
    choices(Country::all().into_iter().map(|c| (c.code().to_owned(), c.name())))
}

#[handler]
async fn export_file(visit: Visit, Path(call): Path<CallId>) -> Answer {
    let desk = visit.ask(CallAtDesk(call)).await?;
    let file = visit.ask(ExportCall(desk.code.clone())).await?;
    visit.download(&format!("{}.json", desk.code), "application/json", write(&file).into_bytes())
}
