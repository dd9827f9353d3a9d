//! A form that arrived after its session had ended: shown again in full, to be sent once more.

use super::{
    frame::Frame,
    posted::Posted,
    visit::{Answer, Visit},
};
use askama::Template;
use poem::http::StatusCode;

#[derive(Template)]
#[template(path = "resume.html")]
struct ResumePage {
    frame: Frame,
    action: String,
    fields: Vec<(String, String)>,
    signed_in: bool,
}

/// Shows what was typed in a form that carries the present token; files have to be chosen again.
///
/// # Errors
/// When the template fails.
pub fn page(visit: &Visit, posted: &Posted) -> Answer {
    let kept = |name: &str| !matches!(name, "csrf" | "password" | "new_password" | "password_again");
    let fields = posted.fields().iter().filter(|(name, _)| kept(name)).cloned().collect();
    let signed_in = visit.actor.account().is_some();
    let page = ResumePage { frame: visit.frame("Please send this again"), action: visit.here(), fields, signed_in };
    visit.page_with(StatusCode::FORBIDDEN, &page)
}
