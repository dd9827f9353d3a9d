//! What the secretariat and experts see of assignments.

mod candidates;
mod matrix;
mod own;
mod progress;

pub use candidates::{AssigningOf, AssigningSheet, Candidate, Candidates, replacement};
pub use matrix::{Progress, ProgressOf, ProgressRow, Waiting, evaluated};
pub use own::{Invitation, InvitationOf, InvitationsOver, OwnTask, OwnTasks};
pub use progress::{TaskLine, kept, lines as task_lines, sheet_text};
