//! What people see of drafts.

mod apply;
mod overview;
mod own;
mod section;

pub use apply::{Applicant, Apply, ApplyTo, DraftLine, HomeAgency};
pub use overview::{Notice, Overview, PartLine, ProposalOverview, SectionLine};
pub use own::{Card, OwnProposals, group};
pub use section::{SectionOf, SectionView, Theirs};
