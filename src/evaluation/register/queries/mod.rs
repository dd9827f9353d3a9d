//! What staff see of the proposals of a call.

mod file;
mod list;

pub use file::{FileOf, HistoryLine, ProposalFile};
pub use list::{ProposalLine, ProposalsOf, Register};
