//! Who the agency writes to, and who signs.

use super::{
    super::{commands::SaveContact, queries::PartView},
    overview, part, path, saved,
};
use crate::{
    kernel::AppError,
    web::{Answer, Choice, FieldErrors, Frame, Posted, Visit, keep},
};
use askama::Template;
use entity::types::ids::AccountId;
use poem::{handler, web::Path};

#[derive(Template)]
#[template(path = "proposals/parts/contact.html")]
struct ContactPage {
    frame: Frame,
    errors: FieldErrors,
    path: String,
    action: String,
    version: i64,
    contact: String,
    signatory: String,
    signatory_email: String,
    people: Vec<Choice>,
    view: PartView,
}

impl ContactPage {
    fn new(visit: &Visit, view: PartView) -> Self {
        let path = path(&view);
        Self {
            frame: overview::below(visit, &view, "Contact and signatory"),
            errors: FieldErrors::default(),
            action: format!("{path}/contact"),
            version: view.version,
            contact: view.contact.map(|id| id.to_string()).unwrap_or_default(),
            signatory: view.signatory.clone(),
            signatory_email: view.signatory_email.clone(),
            people: view
                .people
                .iter()
                .map(|p| Choice::new(p.account.to_string(), format!("{} ({})", p.name, p.email)))
                .collect(),
            path,
            view,
        }
    }
}

#[handler]
pub async fn show_contact(visit: Visit, Path((proposal, id)): Path<(String, String)>) -> Answer {
    let view = part(&visit, &proposal, &id).await?;
    visit.page(&ContactPage::new(&visit, view))
}

#[handler]
pub async fn contact_posted(visit: Visit, posted: Posted, Path((proposal, id)): Path<(String, String)>) -> Answer {
    let view = part(&visit, &proposal, &id).await?;
    let contact = match posted.text("contact") {
        "" => Ok(None),
        _ => posted.parse::<AccountId>("contact").map(Some),
    };
    let outcome = match contact {
        Ok(contact) => {
            let (signatory, signatory_email) =
                (posted.text("signatory").to_owned(), posted.text("signatory_email").to_owned());
            let save = SaveContact { part: view.part.id, contact, signatory, signatory_email, seen: posted.version() };
            visit.run(&posted, save).await
        }
        Err(bad) => Err(AppError::invalid("contact", bad.0)),
    };
    match outcome {
        Ok(version) if visit.wants_json() => saved(&visit, &version.to_string(), &FieldErrors::default(), &[]),
        Ok(_) => visit.to_with(format!("/proposals/{}", view.head.id), "Contact and signatory are saved."),
        Err(error) if visit.wants_json() => Err(error.into()),
        Err(error) => {
            let errors = keep(error)?;
            let mut page = ContactPage { errors, ..ContactPage::new(&visit, view) };
            page.contact = posted.text("contact").to_owned();
            page.signatory = posted.text("signatory").to_owned();
            page.signatory_email = posted.text("signatory_email").to_owned();
            visit.again(&page)
        }
    }
}
