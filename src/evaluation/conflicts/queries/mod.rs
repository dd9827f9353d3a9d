//! What is seen of interests and findings.

mod findings;
mod interests;
mod screening;
mod ties;

pub use findings::{ConflictList, ConflictsOf, Counts, FindingLine, FindingOf, FindingView, PlaceOf};
pub use interests::{InterestLine, OwnInterests, OwnStatement, StatementDue, Statements, signed_until, statements};
pub use screening::{CallsToScreen, Fresh, ScreeningOf};
pub use ties::{FoundTie, sentence, ties_of, ties_where};
