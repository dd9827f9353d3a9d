//! What can be seen of decisions: the board for staff, the preview before release, the feedback for applicants.

mod board;
mod feedback;
mod places;
mod preview;

pub use board::{
    AgencyLine, BoardDecision, BoardLine, BoardPart, DecisionBoard, DecisionSheet, DecisionSheetOf, DecisionsOf,
    MailLine,
};
pub use feedback::{Feedback, FeedbackOf, Judged, JudgedCriterion, LetterDue, LettersDue};
pub use places::PlacesOf;
pub use preview::{ListToConfirm, PreviewLetter, PreviewOf, ReleasePreview};
