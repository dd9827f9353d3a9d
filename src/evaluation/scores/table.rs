//! The offline form as a table: one row for every place on every sheet.

use super::rules::form::{FormEntry, FormSheet, Wrong};
use crate::documents::sheet::{Cell, Sheet, read_table};

const HEAD: [&str; 8] = ["Sheet", "Version", "Proposal", "Key", "Place", "Points", "Comment", "Why you abstain"];

/// The form as a table.
pub fn sheet(sheets: &[FormSheet]) -> Sheet {
    let mut table = Sheet::new(HEAD);
    for sheet in sheets {
        for entry in &sheet.entries {
            table.push(vec![
                Cell::text(sheet.id.to_string()),
                Cell::number(sheet.version),
                Cell::from(sheet.notes.first().map_or("", String::as_str)),
                Cell::text(entry.key.clone()),
                Cell::from(entry.name.as_str()),
                if entry.points.is_empty() { Cell::Empty } else { Cell::number(&entry.points) },
                Cell::from(entry.comment.as_str()),
                Cell::from(entry.abstained.as_str()),
            ]);
        }
    }
    table
}

/// Reads a table that came back.
///
/// # Errors
/// Every row that cannot be read.
pub fn read(name: &str, bytes: &[u8]) -> Result<Vec<FormSheet>, Vec<Wrong>> {
    let table = read_table(name, bytes).map_err(|e| vec![Wrong::new(1, e.0)])?;
    let Some(((first, head), rows)) = table.split_first() else {
        return Err(vec![Wrong::new(1, "The table is empty")]);
    };
    let at = |name: &str| head.iter().position(|title| title.eq_ignore_ascii_case(name));
    let places: Vec<Option<usize>> = HEAD.iter().map(|name| at(name)).collect();
    if let Some((name, _)) =
        HEAD.iter().zip(&places).find(|(name, place)| place.is_none() && **name != "Proposal" && **name != "Place")
    {
        return Err(vec![Wrong::new(*first, format!("The column “{name}” is missing"))]);
    }
    let (mut sheets, mut wrong): (Vec<FormSheet>, Vec<Wrong>) = (Vec::new(), Vec::new());
    for (line, cells) in rows {
        let cell = |column: usize| places[column].and_then(|place| cells.get(place)).map_or("", String::as_str);
        let (Ok(id), Ok(version)) = (cell(0).parse(), cell(1).parse()) else {
            wrong.push(Wrong::new(*line, "The first two columns name the sheet and its version; they were changed"));
            continue;
        };
        if !sheets.iter().any(|sheet| sheet.id == id) {
            sheets.push(FormSheet { line: *line, id, version, notes: Vec::new(), entries: Vec::new() });
        }
        let Some(sheet) = sheets.iter_mut().find(|sheet| sheet.id == id) else { continue };
        if sheet.version != version {
            wrong.push(Wrong::new(*line, "The rows of a sheet have different versions"));
        }
        if sheet.entries.iter().any(|entry| entry.key == cell(3)) {
            wrong.push(Wrong::new(*line, format!("“{}” is there twice", cell(3))));
        }
        sheet.entries.push(FormEntry {
            line: *line,
            key: cell(3).to_owned(),
            name: cell(4).to_owned(),
            points: cell(5).to_owned(),
            comment: cell(6).to_owned(),
            abstained: cell(7).to_owned(),
        });
    }
    if sheets.is_empty() && wrong.is_empty() {
        wrong.push(Wrong::new(*first, "There is no sheet in this file"));
    }
    if wrong.is_empty() { Ok(sheets) } else { Err(wrong) }
}
