//! The screens of this area, in one line each.

use super::{labels, members};
use crate::web::Pages;

pub fn routes(pages: Pages) -> Pages {
    labels::pages::routes(members::pages::routes(pages))
}
