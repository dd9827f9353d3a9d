//! The options of a stranded proposal.

use super::{
    commands::AnswerStranded,
    queries::{StrandedOf, StrandedSheet},
};
use crate::{
    kernel::Result,
    web::{Answer, Choice, FieldErrors, Frame, Pages, Posted, Visit, keep, show},
};
use askama::Template;
use chrono::{DateTime, NaiveDate, Utc};
use entity::types::ids::ProposalId;
use poem::{handler, web::Path};

pub fn routes(pages: Pages) -> Pages {
    pages.get("/proposals/:proposal/stranded", stranded_shown).post("/proposals/:proposal/stranded", stranded_posted)
}

#[derive(Template)]
#[template(path = "decisions/stranded/options.html")]
struct OptionsPage {
    frame: Frame,
    errors: FieldErrors,
    sheet: StrandedSheet,
    my_name: String,
    choice: String,
    reason: String,
    signed_name: String,
}

impl OptionsPage {
    async fn of(visit: &Visit, proposal: ProposalId) -> Result<Self> {
        let sheet = visit.ask(StrandedOf(proposal)).await?;
        let above = format!("/proposals/{proposal}");
        let crumbs = [("My proposals", "/proposals"), (sheet.code.as_str(), above.as_str())];
        Ok(Self {
            frame: visit.frame_below("Options of a stranded proposal", &crumbs),
            errors: FieldErrors::default(),
            my_name: visit.actor.name().to_owned(),
            choice: String::new(),
            reason: String::new(),
            signed_name: String::new(),
            sheet,
        })
    }

    fn open(&self) -> Vec<Choice> {
        let open = self.sheet.options.iter().filter(|one| one.barred.is_none());
        open.map(|one| Choice::new(one.option.word(), one.option.label()).hint(one.means.as_str())).collect()
    }

    /// Options that are not open, and why.
    fn closed(&self) -> Vec<(&'static str, String)> {
        let closed = |one: &super::queries::OptionView| Some((one.option.label(), one.barred.clone()?));
        self.sheet.options.iter().filter_map(closed).collect()
    }

    fn when(&self, at: &DateTime<Utc>) -> String {
        show::instant(at, self.sheet.zone)
    }

    fn day(&self, day: &NaiveDate) -> String {
        show::day(day)
    }
}

#[handler]
async fn stranded_shown(visit: Visit, Path(proposal): Path<ProposalId>) -> Answer {
    let page = OptionsPage::of(&visit, proposal).await?;
    visit.page(&page)
}

#[handler]
async fn stranded_posted(visit: Visit, Path(proposal): Path<ProposalId>, posted: Posted) -> Answer {
    let text = |name: &str| posted.text(name).to_owned();
    let (choice, reason, signed_name) = (text("choice"), text("choice_reason"), text("signed_name"));
    let command =
        AnswerStranded { proposal, choice: choice.clone(), reason: reason.clone(), signed_name: signed_name.clone() };
    match visit.run(&posted, command).await {
        Ok(()) => visit.to_with(format!("/proposals/{proposal}/stranded"), "The agencies are told what you chose."),
        Err(error) => {
            let errors = keep(error)?;
            let page = OptionsPage { errors, choice, reason, signed_name, ..OptionsPage::of(&visit, proposal).await? };
            visit.again(&page)
        }
    }
}
