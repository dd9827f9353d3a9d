//! The screens of interests and findings.

mod interests;
mod staff;

use crate::web::Pages;

pub fn routes(pages: Pages) -> Pages {
    staff::routes(interests::routes(pages))
}
