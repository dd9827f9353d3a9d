//! What every page has around its content: header, navigation, person menu, messages, demo bar, form errors.

use super::{assets, show};
use entity::types::period::Deadline;

pub use crate::kernel::error::FieldErrors;

/// Everything the layout shows besides the page itself; pages carry it as the field `frame`.
#[derive(Debug, Clone, Default)]
pub struct Frame {
    /// The page's one heading, also the title of the browser tab.
    pub title: String,
    /// The nonce of this answer's content security policy.
    pub nonce: String,
    /// The session's form token; empty when nobody is signed in.
    pub csrf: String,
    pub person: Option<PersonMenu>,
    pub areas: Vec<NavLink>,
    pub crumbs: Vec<Crumb>,
    pub flash: Option<Flash>,
    /// What everybody on this page has to know, until it is over; it cannot be closed.
    pub notice: Option<Notice>,
    pub demo: Option<DemoBar>,
    /// The server's time when the page was made: countdowns go by it, not by the reader's clock.
    pub now: String,
    /// Path of this page, with the query; where sign-in and the demo bar come back to.
    pub path: String,
}

impl Frame {
    /// A frame with only a title, as the pages for visitors have it.
    pub fn titled(title: impl Into<String>) -> Self {
        Self { title: title.into(), ..Self::default() }
    }

    /// A field's name made readable, for lists of fields without labels.
    pub fn readable(&self, name: impl AsRef<str>) -> String {
        FieldErrors::default().readable(name)
    }

    /// The command key of a form on this page, by the form's name: a second press of the same form does nothing.
    pub fn key(&self, form: impl AsRef<str>) -> String {
        let fresh: String = self.nonce.chars().take(24).collect();
        format!("{fresh}-{}", form.as_ref()).chars().take(64).collect()
    }

    /// Address of the style sheet.
    pub fn css(&self) -> &'static str {
        assets::APP_CSS
    }

    /// Address of the script.
    pub fn js(&self) -> &'static str {
        assets::APP_JS
    }
}

/// Something that changed, with where to read it.
#[derive(Debug, Clone, Default)]
pub struct Notice {
    pub lead: String,
    pub text: String,
    pub href: String,
    pub link: String,
}

/// The signed-in person, as the header shows them.
#[derive(Debug, Clone, Default)]
pub struct PersonMenu {
    pub name: String,
    pub email: String,
    /// Whose eyes an administrator looks through; a bar says so on every page.
    pub acting_as: Option<String>,
    /// What stands in the menu before "Sign out".
    pub links: Vec<NavLink>,
}

/// A link of the navigation.
#[derive(Debug, Clone, Default)]
pub struct NavLink {
    pub label: String,
    pub href: String,
    pub current: bool,
}

impl NavLink {
    pub fn new(label: impl Into<String>, href: impl Into<String>, current: bool) -> Self {
        Self { label: label.into(), href: href.into(), current }
    }
}

/// One step of the way to this page; the page itself is not listed.
#[derive(Debug, Clone, Default)]
pub struct Crumb {
    pub label: String,
    pub href: String,
}

impl Crumb {
    pub fn new(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self { label: label.into(), href: href.into() }
    }
}

/// How a message is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlashKind {
    Success,
    Info,
    Warning,
    Error,
}

impl FlashKind {
    /// The colour of the design system.
    pub const fn color(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "danger",
        }
    }

    /// The word before the text, so that the colour is not the only sign.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Success => "Done",
            Self::Info => "Note",
            Self::Warning => "Attention",
            Self::Error => "Problem",
        }
    }
}

/// A message about what was just done.
#[derive(Debug, Clone)]
pub struct Flash {
    pub kind: FlashKind,
    pub text: String,
}

impl Flash {
    pub fn new(kind: FlashKind, text: impl Into<String>) -> Self {
        Self { kind, text: text.into() }
    }
}

/// The bar of a demonstration: which stage of the call is shown and as whom.
#[derive(Debug, Clone, Default)]
pub struct DemoBar {
    pub stage: String,
    pub person: String,
    pub stages: Vec<Choice>,
    pub people: Vec<Choice>,
}

/// One choice of a list, of radio buttons or of check boxes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    pub label: String,
    /// What the choice means, shown below its label; empty for most.
    pub hint: String,
}

impl Choice {
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), hint: String::new() }
    }

    /// The same choice with an explanation.
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: hint.into(), ..self }
    }

    /// Whether this is the value chosen.
    pub fn is(&self, value: impl AsRef<str>) -> bool {
        self.value == value.as_ref()
    }

    /// Whether this is among the values chosen.
    pub fn among<T: AsRef<str>>(&self, values: &[T]) -> bool {
        values.iter().any(|value| self.is(value))
    }
}

/// Where a list stands: which rows of how many, and the addresses of the pages beside it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pager {
    pub from: u64,
    pub to: u64,
    pub total: u64,
    pub previous: Option<String>,
    pub next: Option<String>,
}

impl Pager {
    /// The pager of page `page` (from 1) with `size` rows each; `href` makes the address of a page.
    pub fn new(page: u64, size: u64, total: u64, href: impl Fn(u64) -> String) -> Self {
        let size = size.max(1);
        let pages = total.div_ceil(size).max(1);
        let page = page.clamp(1, pages);
        let from = if total == 0 { 0 } else { (page - 1) * size + 1 };
        Self {
            from,
            to: (page * size).min(total),
            total,
            previous: (page > 1).then(|| href(page - 1)),
            next: (page < pages).then(|| href(page + 1)),
        }
    }
}

/// One line of a task list.
#[derive(Debug, Clone, Default)]
pub struct Task {
    pub label: String,
    /// Where the task is done; none when it cannot be started yet.
    pub href: Option<String>,
    pub hint: String,
    /// State word, as `show::task_tone` knows it, and the words people read.
    pub state: String,
    pub state_label: String,
    /// Who does it; empty when nobody was named.
    pub who: String,
}

/// One fact of the status strip under a title.
#[derive(Debug, Clone, Default)]
pub struct Fact {
    pub label: String,
    pub value: String,
}

/// An instant as pages show it: what happens then, for machines, in words with the zone.
#[derive(Debug, Clone, Default)]
pub struct Moment {
    pub label: String,
    pub iso: String,
    pub words: String,
}

/// The strip under the title of every object: its state, its deadline, whose turn it is.
#[derive(Debug, Clone, Default)]
pub struct Strip {
    pub state: String,
    pub state_label: String,
    pub deadline: Option<Moment>,
    /// Whose turn it is, as a sentence; empty when it is nobody's.
    pub turn: String,
    /// Whether it is the reader's turn, which is then stressed.
    pub yours: bool,
    pub facts: Vec<Fact>,
}

impl Strip {
    /// A strip with the word of a state and the words people read.
    pub fn new(state: impl Into<String>, label: impl Into<String>) -> Self {
        Self { state: state.into(), state_label: label.into(), ..Self::default() }
    }

    /// Adds the deadline; `label` says what happens then, for example "Closes".
    pub fn deadline(self, label: impl Into<String>, deadline: &Deadline) -> Self {
        let moment = Moment { label: label.into(), iso: show::deadline_iso(*deadline), words: deadline.to_string() };
        Self { deadline: Some(moment), ..self }
    }

    /// Says whose turn it is.
    pub fn turn(self, turn: impl Into<String>, yours: bool) -> Self {
        Self { turn: turn.into(), yours, ..self }
    }

    /// Adds a fact.
    pub fn fact(mut self, label: impl Into<String>, value: impl Into<String>) -> Self {
        self.facts.push(Fact { label: label.into(), value: value.into() });
        self
    }
}

/// Something that happened or will happen, on a timeline.
#[derive(Debug, Clone, Default)]
pub struct Happening {
    pub iso: String,
    pub words: String,
    pub what: String,
    /// Who did it; empty when the platform did.
    pub who: String,
    /// More about it; empty for most.
    pub detail: String,
    /// Whether it lies in the past.
    pub past: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_found_by_field() {
        let mut errors = FieldErrors::default();
        errors.add("title", "Fill this in");
        errors.add("title", "second");
        assert_eq!(errors.of("title"), Some("Fill this in"));
        assert_eq!(errors.of(String::from("name")), None);
        assert_eq!(errors.list().len(), 2);
        assert_eq!(errors.readable("own_cash"), "Own cash");
    }

    #[test]
    fn a_pager_says_which_rows_are_shown() {
        let href = |page: u64| format!("?page={page}");
        let middle = Pager::new(2, 50, 120, href);
        assert_eq!((middle.from, middle.to, middle.total), (51, 100, 120));
        assert_eq!(middle.previous.as_deref(), Some("?page=1"));
        assert_eq!(Pager::new(9, 50, 120, href).to, 120);
        let empty = Pager::new(1, 50, 0, href);
        assert_eq!((empty.from, empty.to, empty.next), (0, 0, None));
    }
}
