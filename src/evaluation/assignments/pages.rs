//! The screens of assignments: for experts their tasks, for the secretariat the matrix and the hand-made choice.

mod expert;
mod staff;

use crate::web::Pages;

/// The pages of both.
pub fn routes(pages: Pages) -> Pages {
    staff::routes(expert::routes(pages))
}
