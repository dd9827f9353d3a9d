//! All screens of calls.

use super::{annexes, corrigenda, editor, figures, public};
use crate::web::Pages;

pub fn routes(pages: Pages) -> Pages {
    let pages = public::pages::routes(pages);
    let pages = corrigenda::pages::routes(pages);
    let pages = editor::pages::routes(pages);
    let pages = annexes::pages::routes(pages);
    figures::pages::routes(pages)
}
