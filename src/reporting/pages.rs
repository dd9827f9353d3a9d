//! The screens of this area, in one line each.

use super::{kpis, reports};
use crate::web::Pages;

pub fn routes(pages: Pages) -> Pages {
    kpis::pages::routes(reports::pages::routes(pages))
}
