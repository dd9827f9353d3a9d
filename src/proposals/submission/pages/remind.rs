//! The button with which the secretariat reminds of drafts.

use crate::{
    proposals::submission::commands::RemindDrafts,
    web::{Answer, Posted, Visit, keep},
};
use entity::types::ids::CallId;
use poem::{handler, web::Path};

#[handler]
pub async fn drafts_reminded(visit: Visit, posted: Posted, Path(call): Path<CallId>) -> Answer {
    let back = format!("/staff/calls/{call}/figures");
    match visit.run(&posted, RemindDrafts(call)).await {
        Ok(()) => visit.to_with(back, "Everybody with a draft was reminded."),
        Err(error) => {
            visit.leave_error(&keep(error)?);
            visit.to(back)
        }
    }
}
