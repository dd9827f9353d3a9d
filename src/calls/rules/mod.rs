//! What must be true of a call, whoever edits it and wherever it is kept.
//!
//! [`check`] judges the terms, [`states`] moves the call, [`tasks`] tells the editor what is left to do,
//! [`mod@differences`] sets two versions side by side for a corrigendum.

pub mod check;
mod check_annexes;
mod check_questions;
pub mod differences;
pub mod facts;
pub mod judging;
pub mod states;
pub mod tasks;
pub mod words;

pub use check::{Severity, TermsFinding, check_terms};
pub use differences::{Difference, annex_differences, differences};
pub use states::{CallStep, IllegalStep, next};
pub use tasks::{AnnexInEditor, EditorTask, editor_tasks, obstacles_to_publishing};
pub use words::{Piece, word_changes};

#[cfg(test)]
mod tests;
