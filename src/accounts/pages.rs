//! The screens of this area, in one line each.

use super::{invitations, registration, roles, sessions, tokens};
use crate::web::Pages;

pub fn routes(pages: Pages) -> Pages {
    let pages = sessions::pages::routes(pages);
    let pages = registration::pages::routes(pages);
    let pages = tokens::pages::routes(pages);
    let pages = invitations::pages::routes(pages);
    roles::pages::routes(pages)
}
