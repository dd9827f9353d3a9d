//! The first row of a table that came in: which column is which, by any of its usual names.

use serde::{Deserialize, Serialize};

/// A column by the name exports give it, with other names people use.
pub type Column = (&'static str, &'static [&'static str]);

/// What is wrong with a row of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Counted from the head, which is row 1; empty rows are not counted.
    pub row: usize,
    /// The name that stands there, as far as there is one.
    pub name: String,
    pub message: String,
}

impl Fault {
    /// A fault with as much of the name as fits a list.
    pub fn new(row: usize, name: &str, message: impl Into<String>) -> Self {
        Self { row, name: name.chars().take(200).collect(), message: message.into() }
    }
}

/// Where the known columns stand in a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Head {
    places: Vec<Option<usize>>,
    /// Columns nobody knows, which are left aside.
    pub unknown: Vec<String>,
}

impl Head {
    /// Finds the columns in the first row of a table.
    pub fn find(row: &[String], columns: &[Column]) -> Self {
        let places: Vec<Option<usize>> = columns.iter().map(|(name, others)| place(row, name, others)).collect();
        let known = |at: usize| places.contains(&Some(at));
        let unknown = row.iter().enumerate().filter(|(at, text)| !text.is_empty() && !known(*at));
        Self { unknown: unknown.map(|(_, text)| text.clone()).collect(), places }
    }

    /// Whether the table has this column.
    pub fn has(&self, column: usize) -> bool {
        self.places.get(column).is_some_and(Option::is_some)
    }

    /// What stands in a column of a row; nothing where the table has no such column.
    pub fn cell<'c>(&self, cells: &'c [String], column: usize) -> &'c str {
        let at = self.places.get(column).copied().flatten();
        at.and_then(|at| cells.get(at)).map_or("", String::as_str)
    }
}

fn place(row: &[String], name: &str, others: &[&str]) -> Option<usize> {
    let plain = |text: &str| text.trim().trim_end_matches('*').trim().to_lowercase().replace(['_', '-', '.'], " ");
    row.iter().position(|text| {
        let text = plain(text);
        text == plain(name) || others.iter().any(|other| plain(other) == text)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_found_by_any_usual_name() {
        let columns: [Column; 3] = [("Name", &["person"]), ("E-mail", &["mail"]), ("Places", &[])];
        let row = ["E_Mail *", "Shoe size", "PERSON"].map(str::to_owned);
        let head = Head::find(&row, &columns);
        assert_eq!((head.has(0), head.has(1), head.has(2)), (true, true, false));
        assert_eq!(head.unknown, ["Shoe size"]);
        let cells = ["eva@example.org", "38"].map(str::to_owned);
        assert_eq!((head.cell(&cells, 1), head.cell(&cells, 0), head.cell(&cells, 2)), ("eva@example.org", "", ""));
    }
}
