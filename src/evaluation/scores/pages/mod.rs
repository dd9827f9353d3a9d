//! The screens of sheets: one beside its proposal, what it comes to, the own ones together.

mod grid;
mod looks;
mod offline;
mod own;
mod sheet;

pub(in crate::evaluation) use sheet::{Group, typed};

use crate::web::Pages;

/// The pages of sheets.
pub fn routes(pages: Pages) -> Pages {
    let files: &[fn(Pages) -> Pages] = &[sheet::routes, looks::routes, own::routes, offline::routes, grid::routes];
    files.iter().fold(pages, |pages, routes| routes(pages))
}
