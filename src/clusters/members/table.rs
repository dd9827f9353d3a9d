//! Lists of members as they come in and go out.

use super::{
    queries::MemberLine,
    rules::{List, read},
};
use crate::{
    documents::sheet::{Cell, read_table},
    kernel::{AppError, Result},
};

/// The columns of a list that goes out; it can come in again.
pub const HEAD: [&str; 5] = ["Name", "Country", "Registration number", "Kind", "Since"];

/// One member in a list that goes out.
pub fn cells(line: &MemberLine) -> Vec<Cell> {
    vec![
        Cell::from(line.name.as_str()),
        Cell::from(line.country.code()),
        Cell::from(line.registration_no.as_deref().unwrap_or_default()),
        Cell::from(line.kind.label()),
        Cell::Date(line.since),
    ]
}

/// The list in an uploaded file.
///
/// # Errors
/// What keeps it from being one, beside the field.
pub fn list_of(name: &str, bytes: &[u8]) -> Result<List> {
    let table = read_table(name, bytes).map_err(|e| AppError::invalid("list", e.0))?;
    read(&table).map_err(|e| AppError::invalid("list", e.0))
}
