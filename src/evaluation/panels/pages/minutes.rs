//! The minutes: read, signed, printed.

use super::{Clock, Typed};
use crate::{
    evaluation::panels::{
        commands::SignPanelMinutes,
        print,
        queries::{MinutesOf, MinutesView},
    },
    kernel::Result,
    web::{Answer, FieldErrors, Frame, Posted, Visit, keep},
};
use askama::Template;
use entity::types::ids::PanelId;
use poem::{handler, web::Path};

#[derive(Template)]
#[template(path = "evaluation/panels/minutes.html")]
struct MinutesPage {
    frame: Frame,
    errors: FieldErrors,
    minutes: MinutesView,
    typed: Typed,
    clock: Clock,
}

fn asked(visit: &Visit, panel: PanelId) -> MinutesOf {
    MinutesOf { panel, number: visit.query("version").and_then(|number| number.parse().ok()) }
}

impl MinutesPage {
    async fn of(visit: &Visit, id: PanelId) -> Result<Self> {
        let minutes = visit.ask(asked(visit, id)).await?;
        let above = format!("/panels/{id}");
        Ok(Self {
            frame: visit.frame_below("Minutes", &[(&minutes.name, &above)]),
            errors: FieldErrors::default(),
            typed: Typed::default(),
            clock: Clock(minutes.zone),
            minutes,
        })
    }
}

#[handler]
pub(super) async fn minutes_shown(visit: Visit, Path(id): Path<PanelId>) -> Answer {
    let page = MinutesPage::of(&visit, id).await?;
    visit.page(&page)
}

#[handler]
pub(super) async fn minutes_posted(visit: Visit, posted: Posted, Path(id): Path<PanelId>) -> Answer {
    let command = SignPanelMinutes {
        panel: id,
        signed_name: posted.text("signed_name").to_owned(),
        reason: posted.text("reason").to_owned(),
    };
    match visit.run(&posted, command).await {
        Ok(_) => visit.to_with(format!("/panels/{id}/minutes"), "Signed. Thank you."),
        Err(error) => {
            let errors = keep(error)?;
            let page = MinutesPage::of(&visit, id).await?;
            visit.again(&MinutesPage { errors, typed: Typed(Some(posted)), ..page })
        }
    }
}

#[handler]
pub(super) async fn minutes_pdf(visit: Visit, Path(id): Path<PanelId>) -> Answer {
    let minutes = visit.ask(asked(&visit, id)).await?;
    let bytes = print::pdf(&minutes, visit.app.now()).await?;
    visit.download("minutes.pdf", "application/pdf", bytes)
}
