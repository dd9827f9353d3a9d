//! The forms that save and forget views; the lists themselves show them.

use super::{
    commands::{DropView, SaveView},
    queries::OwnViews,
};
use crate::{
    kernel::Result,
    web::{Answer, Pages, Posted, Visit, keep, list::SavedView},
};
use entity::types::ids::SavedViewId;
use poem::{handler, web::Path};

pub fn routes(pages: Pages) -> Pages {
    pages.post("/lists/views", save_view).post("/lists/views/:id/drop", drop_view)
}

/// The person's own views of a list, as `ListView::views` takes them.
///
/// # Errors
/// When nobody is signed in or the database cannot be asked.
pub async fn own(visit: &Visit, list: &str) -> Result<Vec<SavedView>> {
    let views = visit.ask(OwnViews(Some(list.to_owned()))).await?;
    Ok(views.into_iter().map(|v| SavedView { id: v.id.to_string(), name: v.name, query: v.query }).collect())
}

#[handler]
async fn save_view(visit: Visit, posted: Posted) -> Answer {
    let text = |name: &str| posted.text(name).to_owned();
    let command = SaveView { list: text("list"), name: text("name"), query: text("query") };
    match visit.run(&posted, command).await {
        Ok(_) => visit.to_with(posted.text("back"), "The view was saved."),
        Err(error) => {
            visit.leave_error(&keep(error)?);
            visit.to(posted.text("back"))
        }
    }
}

#[handler]
async fn drop_view(visit: Visit, posted: Posted, Path(id): Path<SavedViewId>) -> Answer {
    visit.run(&posted, DropView(id)).await?;
    visit.to_with(posted.text("back"), "The view was forgotten.")
}
