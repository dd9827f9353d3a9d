//! What the secretariat and experts see of assignments.

mod candidates;
mod own;
mod progress;

pub use candidates::{AssigningOf, AssigningSheet, Candidate, Candidates, replacement};
pub use own::{Invitation, InvitationOf, InvitationsOver, OwnTask, OwnTasks};
pub use progress::{Progress, ProgressOf, ProgressRow, TaskLine, kept, lines as task_lines, sheet_text};
