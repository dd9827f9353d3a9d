//! The screens of letters: the list for the team, and the one page for a signer.

mod link;
mod list;

use crate::web::Pages;

pub fn routes(pages: Pages) -> Pages {
    pages
        .get("/proposals/:proposal/parts/:part/letters", list::all)
        .post("/proposals/:proposal/parts/:part/letters", list::ask)
        .post("/proposals/:proposal/parts/:part/letters/:letter/remind", list::remind)
        .post("/proposals/:proposal/parts/:part/letters/:letter/withdraw", list::withdraw)
        .get("/letters/:token", link::open)
        .post("/letters/:token/sign", link::sign)
        .post("/letters/:token/paper", link::paper)
        .post("/letters/:token/refuse", link::refuse)
}
