//! One page for each piece of the terms.

use super::{
    fields::with_marks,
    pieces::Piece,
    save::{self, FieldsPage, Mode, again, frame, key},
    typed::Typed,
};
use crate::{
    calls::editor::queries::{CallAtDesk, CallDesk},
    kernel::AppError,
    web::{Answer, FieldErrors, Pages, Posted, Visit},
};
use entity::types::ids::CallId;
use poem::{handler, web::Path};

pub fn routes(pages: Pages) -> Pages {
    let path = "/staff/calls/:call/edit/:piece";
    pages.get(path, piece_page).post(path, piece_posted)
}

fn page(visit: &Visit, desk: &CallDesk, piece: Piece, word: &str) -> FieldsPage {
    let here = |at: &str| piece.places().iter().any(|p| at == *p || at.starts_with(&format!("{p}/")));
    FieldsPage {
        frame: frame(visit, piece.title(), &desk.code, desk.id),
        errors: FieldErrors::default(),
        groups: with_marks(piece.groups(&desk.terms), &desk.terms.marks),
        action: format!("/staff/calls/{}/edit/{word}", desk.id),
        key: key(visit),
        version: desk.version,
        mode: Mode::of(desk),
        findings: desk.findings.iter().filter(|f| here(&f.at)).cloned().collect(),
        back: format!("/staff/calls/{}/edit/{word}", desk.id),
    }
}

#[handler]
async fn piece_page(visit: Visit, Path((call, word)): Path<(CallId, String)>) -> Answer {
    let piece = Piece::of(&word).ok_or(AppError::NotFound)?;
    let desk = visit.ask(CallAtDesk(call)).await?;
    visit.page(&page(&visit, &desk, piece, &word))
}

#[handler]
async fn piece_posted(visit: Visit, posted: Posted, Path((call, word)): Path<(CallId, String)>) -> Answer {
    let piece = Piece::of(&word).ok_or(AppError::NotFound)?;
    let desk = visit.ask(CallAtDesk(call)).await?;
    let page = page(&visit, &desk, piece, &word);
    let mut typed = Typed::new(&posted);
    let mut terms = desk.terms.clone();
    piece.apply(&mut typed, &mut terms);
    if !typed.errors.is_empty() {
        return visit.again(&again(page, &posted, typed.errors, &visit));
    }
    save::save(&visit, &posted, &desk, terms, page).await
}
