//! Starting a proposal from a call.

use super::super::{
    commands::StartProposal,
    queries::{Apply, ApplyTo, ColleagueDraft},
};
use crate::{
    kernel::{AppError, secret},
    web::{Answer, Choice, FieldErrors, Frame, Posted, Visit, keep, posted::encoded, show},
};
use askama::Template;
use entity::types::{
    ids::{AnnexId, OrganisationId},
    states::CallState,
};
use poem::{handler, web::Path};

#[derive(Template)]
#[template(path = "proposals/drafts/apply.html")]
struct ApplyPage {
    frame: Frame,
    errors: FieldErrors,
    apply: Apply,
    key: String,
    title: String,
    acronym: String,
    organisation: String,
    annex: String,
    another: bool,
    organisations: Vec<Choice>,
    /// Agencies to choose from, when an organisation has more than one at home.
    agencies: Vec<Choice>,
    /// Drafts that are there already, with when they were saved last.
    drafts: Vec<(String, String, String)>,
    opens: String,
    cancel: String,
}

impl ApplyPage {
    fn new(visit: &Visit, apply: Apply) -> Self {
        let organisations: Vec<Choice> = apply
            .applicants
            .iter()
            .map(|a| {
                let hint = match a.agencies.as_slice() {
                    [] => format!("No agency of {} takes part in this call", a.country.name()),
                    [one] => format!("Applies to {}, closes {}", one.name, one.deadline),
                    _ => format!("Several agencies of {} take part", a.country.name()),
                };
                Choice::new(a.id.to_string(), &a.name).hint(hint)
            })
            .collect();
        let several = apply.applicants.iter().filter(|a| a.agencies.len() > 1).flat_map(|a| &a.agencies);
        let mut agencies: Vec<Choice> = Vec::new();
        for agency in several {
            let choice = Choice::new(agency.annex.to_string(), &agency.name).hint(format!(
                "{}, closes {}",
                agency.class.label(),
                agency.deadline
            ));
            if !agencies.contains(&choice) {
                agencies.push(choice);
            }
        }
        let organisation = match organisations.as_slice() {
            [only] => only.value.clone(),
            _ => String::new(),
        };
        let now = visit.app.now();
        let draft = |d: &super::super::queries::DraftLine| {
            (format!("/proposals/{}", d.id), format!("{}: {}", d.code, d.title), show::age(d.updated_at, now))
        };
        let drafts = apply.drafts.iter().map(draft).collect();
        let opens = apply.opens_at.map(|at| show::instant(at, apply.zone)).unwrap_or_default();
        let crumbs = [("Calls", "/calls"), (apply.code.as_str(), &format!("/calls/{}", apply.code))];
        Self {
            frame: visit.frame_below(format!("Apply in {}", apply.title), &crumbs),
            errors: FieldErrors::default(),
            key: secret::token(visit.app.chance()),
            title: String::new(),
            acronym: String::new(),
            annex: String::new(),
            another: false,
            organisation,
            organisations,
            agencies,
            drafts,
            opens,
            cancel: format!("/calls/{}", apply.code),
            apply,
        }
    }

    /// The subject of a mail that asks for access.
    fn asking(&self, one: &ColleagueDraft) -> String {
        encoded(&format!("Please take me into the team of {}", one.code)).replace('+', "%20")
    }

    fn is_open(&self) -> bool {
        self.apply.state == CallState::Open
    }
}

#[handler]
pub async fn start(visit: Visit, Path(code): Path<String>) -> Answer {
    let apply = visit.ask(ApplyTo(code)).await?;
    visit.page(&ApplyPage::new(&visit, apply))
}

#[handler]
pub async fn start_posted(visit: Visit, posted: Posted, Path(code): Path<String>) -> Answer {
    let apply = visit.ask(ApplyTo(code)).await?;
    let started = match command(&apply, &posted) {
        Ok(begin) => visit.run(&posted, begin).await,
        Err(errors) => Err(AppError::Invalid(errors)),
    };
    match started {
        Ok(started) => visit.to_with(
            format!("/proposals/{}", started.proposal),
            &format!("The proposal {} is started. Nothing is submitted yet.", started.code),
        ),
        Err(error) => {
            let errors = keep(error)?;
            let mut page = ApplyPage::new(&visit, apply);
            page.errors = errors;
            page.title = posted.text("title").to_owned();
            page.acronym = posted.text("acronym").to_owned();
            page.organisation = posted.text("organisation").to_owned();
            page.annex = posted.text("annex").to_owned();
            page.another = posted.ticked("another");
            visit.again(&page)
        }
    }
}

fn command(apply: &Apply, posted: &Posted) -> Result<StartProposal, FieldErrors> {
    let mut errors = FieldErrors::default();
    let organisation = errors.take("organisation", posted.parse::<OrganisationId>("organisation"));
    let annex = match posted.text("annex") {
        "" => None,
        _ => errors.take("annex", posted.parse::<AnnexId>("annex")),
    };
    let Some(organisation) = organisation else { return Err(errors) };
    Ok(StartProposal {
        call: apply.call,
        organisation,
        annex,
        title: posted.text("title").to_owned(),
        acronym: posted.text("acronym").to_owned(),
        another: posted.ticked("another"),
    })
}
