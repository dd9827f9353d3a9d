//! What the secretariat and experts see of assignments.

mod bars;
mod candidates;
mod matrix;
mod own;
mod progress;

pub(in crate::evaluation) use bars::Bars;
pub use candidates::{AssigningOf, AssigningSheet, Candidate, Candidates, replacement};
pub(in crate::evaluation) use candidates::{readings, summary};
pub use matrix::{Progress, ProgressOf, ProgressRow, Waiting, evaluated};
pub use own::{Invitation, InvitationOf, InvitationsOver, OwnTask, OwnTasks};
pub use progress::{TaskLine, kept, lines as task_lines, sheet_text};
