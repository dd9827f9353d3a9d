//! What people do about interests and conflicts, and the steps other features are lent.

mod deciding;
mod interests;
mod record;
mod screening;

pub use deciding::DecideFinding;
pub use interests::{AddInterest, RemindOfInterests, SignInterests, WithdrawInterest};
pub(in crate::evaluation) use record::{record, withdraw};
pub use screening::{NoteScreening, OrderScreening, StoreFindings, Stored};
