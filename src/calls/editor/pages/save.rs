//! What every page of the editor does with a form: save the draft, or lead to a corrigendum when the call is public.

use super::{fields, fields::Group};
use crate::{
    calls::{
        corrigenda::pages::{Proposed, review},
        editor::{commands::SaveTerms, queries::CallDesk, rules::carry_marks},
        rules::{TermsFinding, states::is_public},
    },
    kernel::AppError,
    web::{Answer, FieldErrors, Frame, Posted, Visit, keep},
};
use askama::Template;
use entity::types::{ids::CallId, states::CallState, terms::CallTerms};
use serde_json::json;

/// A page with fields of the terms.
#[derive(Template)]
#[template(path = "calls/editor/fields.html")]
pub struct FieldsPage {
    pub frame: Frame,
    pub errors: FieldErrors,
    pub groups: Vec<Group>,
    pub action: String,
    pub key: String,
    pub version: i64,
    pub mode: Mode,
    /// What is still missing or odd here.
    pub findings: Vec<TermsFinding>,
    pub back: String,
}

/// What saving means at this moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// A draft is saved.
    Draft,
    /// A change of a public call is reviewed first.
    Corrigendum,
    /// Nothing can be changed.
    ReadOnly,
}

impl Mode {
    /// What may be done with the terms of this call.
    pub fn of(desk: &CallDesk) -> Self {
        if desk.can.edit && desk.state == CallState::Draft {
            Self::Draft
        } else if desk.can.correct && is_public(desk.state) {
            Self::Corrigendum
        } else {
            Self::ReadOnly
        }
    }

    pub const fn button(self) -> &'static str {
        match self {
            Self::Corrigendum => "Continue to the corrigendum",
            Self::Draft | Self::ReadOnly => "Save",
        }
    }

    pub fn is(self, other: Self) -> bool {
        self == other
    }
}

/// A key for one press of a form.
pub fn key(visit: &Visit) -> String {
    let mut bytes = [0; 12];
    visit.app.chance().fill(&mut bytes);
    hex::encode(bytes)
}

/// The terms with marks that still hold after the change.
pub fn settled(before: &CallTerms, mut after: CallTerms) -> Result<CallTerms, AppError> {
    let (old, new) = (json!({ "call": before }), json!({ "call": after }));
    if before.marks == after.marks {
        after.marks = carry_marks(&old, &new, &before.marks);
    }
    Ok(after)
}

/// Saves changed terms, or shows the review of a corrigendum; on mistakes the page comes back as it was typed.
///
/// # Errors
/// Errors that are no matter of the form.
pub async fn save(visit: &Visit, posted: &Posted, desk: &CallDesk, after: CallTerms, page: FieldsPage) -> Answer {
    let terms = settled(&desk.terms, after)?;
    let seen = posted.version();
    let (call, back) = (desk.id, page.back.clone());
    let outcome = match page.mode {
        Mode::Corrigendum if seen == desk.version => {
            let proposed = Proposed::of_call(desk, terms);
            return review(visit, proposed, String::new(), FieldErrors::default(), &page.action);
        }
        Mode::Corrigendum => {
            let (by, at) = ("somebody else".to_owned(), visit.app.now());
            Err(AppError::Stale { by, at, version: desk.version })
        }
        Mode::ReadOnly => Err(AppError::refused("not_now", "The terms of this call cannot be changed now.")),
        Mode::Draft => visit.run(posted, SaveTerms { call, seen, terms }).await,
    };
    match outcome {
        Ok(_) => visit.to_with(back, "Saved."),
        Err(error) => {
            let errors = keep(error)?;
            visit.again(&again(page, posted, errors, visit))
        }
    }
}

/// The same page with what was typed and what is wrong.
pub fn again(page: FieldsPage, posted: &Posted, errors: FieldErrors, visit: &Visit) -> FieldsPage {
    let groups = fields::with_typed(page.groups, posted);
    // A place in the file is no field of this page: its message stands in the summary.
    let errors = errors.0.into_iter().map(|(field, message)| match field.starts_with('/') {
        true => (String::new(), format!("{message} ({field})")),
        false => (field, message),
    });
    // After somebody else's change the old version goes back with the text, so that it is not saved over unseen.
    FieldsPage { groups, errors: FieldErrors(errors.collect()), key: key(visit), version: posted.version(), ..page }
}

/// The crumbs above a page of a call.
pub fn frame(visit: &Visit, title: &str, code: &str, call: CallId) -> Frame {
    let home = format!("/staff/calls/{call}");
    visit.frame_below(title, &[("Calls", "/staff/calls"), (code, &home)])
}
