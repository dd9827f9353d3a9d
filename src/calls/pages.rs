//! All screens of calls.

use crate::web::Pages;

pub fn routes(pages: Pages) -> Pages {
    super::public::pages::routes(pages)
}
