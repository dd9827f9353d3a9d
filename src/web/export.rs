//! How a list leaves the house: exactly its rows, as a file for spreadsheets.

use super::visit::{Answer, Visit};
use crate::{
    documents::sheet::{Cell, Sheet, SheetError},
    kernel::{Actor, App, AppError, Permission, Subject, error::Denial},
};

/// The kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Csv,
    Xlsx,
}

impl Format {
    /// The format the address asks for.
    pub fn asked(visit: &Visit) -> Option<Self> {
        match visit.query("export")?.as_str() {
            "csv" => Some(Self::Csv),
            "xlsx" => Some(Self::Xlsx),
            _ => None,
        }
    }
}

/// A row that can leave the house.
pub trait Exported {
    fn columns() -> Vec<&'static str>;
    /// As many cells as there are columns.
    fn cells(&self) -> Vec<Cell>;
}

/// A list as a file.
pub struct Written {
    pub name: String,
    pub media_type: &'static str,
    pub bytes: Vec<u8>,
}

/// Writes these rows into a file.
///
/// # Errors
/// When the table does not fit into the format.
pub fn written<T: Exported>(app: &App, format: Format, title: &str, rows: &[T]) -> Result<Written, AppError> {
    let mut sheet = Sheet::new(T::columns());
    for row in rows {
        sheet.push(row.cells());
    }
    let now = app.now();
    let stem = format!("{} {}", title.to_lowercase(), now.format("%Y-%m-%d"));
    let unwritten = |e: SheetError| AppError::refused("export_failed", e.to_string());
    Ok(match format {
        Format::Csv => Written {
            name: format!("{stem}.csv"),
            media_type: "text/csv; charset=utf-8",
            bytes: sheet.to_csv().map_err(unwritten)?,
        },
        Format::Xlsx => Written {
            name: format!("{stem}.xlsx"),
            media_type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            bytes: sheet.to_xlsx(title, now).map_err(unwritten)?,
        },
    })
}

/// Whether this person may keep lists of this subject.
///
/// # Errors
/// When they may not.
pub async fn may_export(app: &App, actor: &Actor, about: Subject) -> Result<(), AppError> {
    match app.may(actor, Permission::ExportLists, about).await? {
        true => Ok(()),
        false => Err(AppError::Denied(Denial::Role)),
    }
}

/// Hands out exactly these rows as a file, to whoever may export lists of this subject.
///
/// # Errors
/// When the person may not, or the table does not fit into the format.
pub async fn export<T: Exported>(visit: &Visit, about: Subject, format: Format, title: &str, rows: &[T]) -> Answer {
    may_export(&visit.app, &visit.actor, about).await?;
    hand_out(visit, format, title, rows)
}

/// Hands out rows that are the reader's own as a file.
///
/// # Errors
/// When the table does not fit into the format.
pub fn hand_out<T: Exported>(visit: &Visit, format: Format, title: &str, rows: &[T]) -> Answer {
    let Written { name, media_type, bytes } = written(&visit.app, format, title, rows)?;
    visit.download(&name, media_type, bytes)
}
