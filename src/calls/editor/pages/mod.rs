//! The screens of the people who write calls.

pub mod fields;
mod form;
mod list;
mod overview;
mod pieces_page;
mod preview;
mod progress;
pub mod question;
pub mod save;
pub mod typed;

pub mod pieces;

use crate::web::Pages;

pub fn routes(pages: Pages) -> Pages {
    let pages = list::routes(pages);
    let pages = overview::routes(pages);
    let pages = pieces_page::routes(pages);
    let pages = form::routes(pages);
    preview::routes(pages)
}
