//! Answers to a call's questions: read from what was typed, kept as JSON, checked, shown.
//!
//! Saving never loses text: what cannot be read as its kind is kept as typed (`{"raw": …}`) and named by [`check`].
//! Shapes: texts and choices are strings, numbers decimal text (no float), money `{amount, currency}`, dates
//! `2017-10-31`, yes and no booleans, several choices and countries lists, tables lists of objects by column key,
//! files the id of the file. An absent answer is null.

mod check;
mod read;
mod show;

pub use check::{check, condition_met as shown, is_empty, missing, missing_in, shown_questions};
pub use read::{RawAnswer, raw, read};
pub use show::text;

#[cfg(test)]
mod tests;
