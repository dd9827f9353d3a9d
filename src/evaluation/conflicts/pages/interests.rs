//! The own list of interests.

use crate::{
    evaluation::conflicts::{
        commands::{AddInterest, SignInterests, WithdrawInterest},
        queries::{OwnInterests, Statements},
    },
    kernel::Result,
    web::{Answer, Choice, FieldErrors, Frame, Pages, Posted, Visit, keep, list::words, show},
};
use askama::Template;
use chrono::{DateTime, Utc};
use entity::types::{country::Country, ids::InterestId, states::InterestKind};
use poem::{handler, web::Path};

pub fn routes(pages: Pages) -> Pages {
    pages
        .get("/interests", interests_shown)
        .post("/interests", added)
        .post("/interests/sign", signed)
        .post("/interests/:interest/withdraw", withdrawn)
}

#[derive(Template)]
#[template(path = "evaluation/conflicts/interests.html")]
struct InterestsPage {
    frame: Frame,
    errors: FieldErrors,
    stated: Statements,
    typed: AddInterest,
    signed_name: String,
    my_name: String,
}

impl InterestsPage {
    async fn of(visit: &Visit) -> Result<Self> {
        Ok(Self {
            frame: visit.frame("My interests"),
            errors: FieldErrors::default(),
            stated: visit.ask(OwnInterests).await?,
            typed: AddInterest::default(),
            signed_name: String::new(),
            my_name: visit.actor.name().to_owned(),
        })
    }

    fn kinds(&self) -> Vec<Choice> {
        words(InterestKind::ALL.iter().map(|kind| (kind.word(), kind.label())))
    }

    fn countries(&self) -> Vec<Choice> {
        words(Country::all().into_iter().map(|country| (country.code().to_owned(), country.name())))
    }

    fn day(&self, at: &DateTime<Utc>) -> String {
        show::day(at.date_naive())
    }
}

#[handler]
async fn interests_shown(visit: Visit) -> Answer {
    visit.page(&InterestsPage::of(&visit).await?)
}

#[handler]
async fn added(visit: Visit, posted: Posted) -> Answer {
    let text = |name: &str| posted.text(name).to_owned();
    let typed = AddInterest {
        kind: text("kind"),
        name: text("name"),
        registration_no: text("registration_no"),
        country: text("country"),
        detail: text("detail"),
        until: text("until"),
    };
    match visit.run(&posted, typed.clone()).await {
        Ok(_) => visit.to_with("/interests", "Added. Sign the list when it is complete."),
        Err(error) => {
            let errors = keep(error)?;
            let page = InterestsPage::of(&visit).await?;
            visit.again(&InterestsPage { errors, typed, ..page })
        }
    }
}

#[handler]
async fn withdrawn(visit: Visit, posted: Posted, Path(id): Path<InterestId>) -> Answer {
    visit.run(&posted, WithdrawInterest(id)).await?;
    visit.to_with("/interests", "Taken out. Sign the list when it is complete.")
}

#[handler]
async fn signed(visit: Visit, posted: Posted) -> Answer {
    let signed_name = posted.text("signed_name").to_owned();
    let command = SignInterests { signed_name: signed_name.clone(), declared: posted.ticked("declared") };
    match visit.run(&posted, command).await {
        Ok(_) => visit.to_with("/interests", "Signed. We remind you before its year is over."),
        Err(error) => {
            let errors = keep(error)?;
            let page = InterestsPage::of(&visit).await?;
            visit.again(&InterestsPage { errors, signed_name, ..page })
        }
    }
}
