//! What people see of parts.

mod finances;
mod part;

pub use finances::{Column, Finances, FinancesOf};
pub use part::{ActivityRow, Company, Kind, PartOf, PartView, Person, budget_of};
