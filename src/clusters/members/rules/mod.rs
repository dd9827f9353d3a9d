//! How a list of members is read, and what it changes.

mod plan;
mod read;

pub use plan::{Change, Current, End, Known, Plan, Step, plan};
pub use read::{COLUMNS, List, Row, read};
