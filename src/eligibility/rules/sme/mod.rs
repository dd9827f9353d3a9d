//! Whether an enterprise is micro, small or medium-sized, or no SME: Recommendation 2003/361/EC, Annex (domain.md 3.1).
//!
//! [`assess`] walks the ownership graph of the day of judgement: the enterprise and all linked with it count whole,
//! partners of any of them count by the greater of capital and votes together with what is linked to them, and
//! favoured investors do not count. Figures are added per accounting period without rounding, a class is read off each
//! period, and a ceiling counts as crossed only after two periods in a row. The answer says which figure binds, through
//! which path it came, and carries what the model declaration and a drawing need.
//!
//! Because the graph of today is laid over all periods, a change of owners works at once, as the User guide to the SME
//! definition (2020) wants for mergers and acquisitions; only growth gets the two periods.
//!
//! Deliberately absent: who may rely on a lower ceiling of a funder, conversion into euro, and the approval of accounts.

mod assess;
mod ceilings;
mod contributions;
mod declaration;
mod drawing;
mod figures;
mod headcount;
mod public;
mod status;
#[cfg(test)]
mod tests;

pub use assess::{Assessment, Case, Period, assess};
pub use ceilings::{Binding, Ceiling, Class, Law, Measure};
pub use contributions::{Contribution, Independence, Role, Step, Why};
pub use declaration::{Declaration, Row, declaration};
pub use drawing::{Drawing, Edge, Mark, drawing};
pub use figures::{Accounts, Total};
pub use headcount::{Staff, Worked, annual_work_units};
pub use public::PublicShare;
pub use status::over_periods;

use super::finding::Source;

const ACT: &str = "Recommendation 2003/361/EC, Annex";

/// A place in the Annex.
const fn annex(place: &'static str) -> Source {
    Source::new(ACT, place)
}
