//! What people see of drafts.

mod apply;
mod overview;
mod own;
mod section;

pub use apply::{Applicant, Apply, ApplyTo, ColleagueDraft, DraftLine, HomeAgency};
pub use overview::{Overview, PartLine, ProposalOverview, SectionLine};
pub use own::{Card, OwnProposals, group};
pub use section::{SectionOf, SectionView, Theirs};
