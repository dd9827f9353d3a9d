//! What agencies and the secretariat do with decisions.

mod confirm;
mod draft;
mod follow;
mod keep;
mod propose;
mod release;

pub use confirm::ConfirmDecisions;
pub use draft::{DecideMany, DecidedMany, DraftDecision, Pick};
pub use follow::FollowRanking;
pub use keep::StoreLetter;
pub use propose::ProposeDecisions;
pub use release::ReleaseDecisions;

use super::{rules, walk::Walk};
use crate::kernel::AppError;
use entity::types::ids::ProposalId;
use std::collections::BTreeSet;

/// How many of the changed decisions are named.
const NAMED: usize = 5;

/// Refuses when the decisions are not those that were seen, and says which are others now.
fn unchanged(walk: &Walk, seen: &str, now: &[rules::Decided], visible: &BTreeSet<ProposalId>) -> Result<(), AppError> {
    let Some(changes) = rules::changed_since(seen, now) else {
        return Ok(());
    };
    let other: BTreeSet<_> = changes.other.into_iter().collect();
    let changed =
        walk.parts().filter(|(line, part)| other.contains(&part.part.id) && visible.contains(&line.proposal.id));
    let mut named: Vec<String> =
        changed.map(|(line, part)| format!("{} ({})", line.proposal.code, part.organisation)).collect();
    let more = other.len() - named.len() + named.len().saturating_sub(NAMED);
    named.truncate(NAMED);
    if more > 0 {
        named.push(format!("{more} more"));
    }
    if changes.gone > 0 {
        named.push(format!("{} that can no longer be decided", changes.gone));
    }
    let message = format!(
        "The decisions changed since you saw them: {}. Look at them again; nothing was confirmed or released.",
        named.join(", ")
    );
    Err(AppError::refused("decisions_changed", message))
}
