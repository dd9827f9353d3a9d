//! What a plan asks of an assignment, what came of it, and the words for both.

pub mod figures;
pub mod import;
pub mod model;
pub mod outcome;
pub mod settings;
pub mod states;
#[cfg(test)]
mod tests;
pub mod words;
