//! The mails of lifecycle.json that follow from submitting, reopening and withdrawing: M08, M08b, M09.

use super::about::{About, Handing};
use crate::kernel::{
    Subject,
    event::{MailOrder, Recipient},
};
use askama::Template;
use entity::types::{
    ids::{CallId, OrganisationId},
    states::MailClass,
};

#[derive(Template)]
#[template(path = "proposals/submission/mail/receipt.txt")]
struct ReceiptMail<'a> {
    h: &'a Handing,
}

#[derive(Template)]
#[template(path = "proposals/submission/mail/received.txt")]
struct ReceivedMail<'a> {
    h: &'a Handing,
}

/// For the signatory, who may have no account: with the public page of the receipt.
#[derive(Template)]
#[template(path = "proposals/submission/mail/signatory.txt")]
struct SignedMail<'a> {
    h: &'a Handing,
}

#[derive(Template)]
#[template(path = "proposals/submission/mail/reopened.txt")]
struct ReopenedMail<'a> {
    about: &'a About,
    number: i32,
}

#[derive(Template)]
#[template(path = "proposals/submission/mail/withdrawn.txt")]
struct WithdrawnMail<'a> {
    about: &'a About,
}

/// The receipt for those who submitted, and the news for their agency.
pub(super) fn submitted(h: &Handing) -> Vec<MailOrder> {
    let about = Subject::Part(h.about.part);
    let mut team = vec![Recipient::PartTeam(h.about.part), Recipient::Account(h.account)];
    team.extend(h.contact.map(Recipient::Account));
    let agency = [Recipient::AgencyOfficers(h.about.agency_id)];
    let signed = h.signatory_email.clone().map(|email| {
        let to = [Recipient::Address { email, name: h.signatory.clone() }];
        MailOrder::new("M08", MailClass::Essential, about, to, &SignedMail { h })
    });
    let mails = vec![
        MailOrder::new("M08", MailClass::Essential, about, team, &ReceiptMail { h }),
        MailOrder::new("M08", MailClass::Essential, about, agency, &ReceivedMail { h }),
    ];
    mails.into_iter().chain(signed).collect()
}

/// The part is not submitted now.
pub(super) fn reopened(about: &About, number: i32) -> MailOrder {
    let to = [Recipient::PartTeam(about.part), Recipient::AgencyOfficers(about.agency_id)];
    let template = ReopenedMail { about, number };
    MailOrder::new("M08b", MailClass::Essential, Subject::Part(about.part), to, &template)
}

/// The part is given up: all partners and all agencies concerned learn of it.
pub(super) fn withdrawn(about: &About, agencies: &[OrganisationId]) -> MailOrder {
    let mut to = vec![Recipient::Team(about.proposal), Recipient::PartTeam(about.part)];
    to.extend(agencies.iter().copied().map(Recipient::AgencyOfficers));
    MailOrder::new("M09", MailClass::Essential, Subject::Part(about.part), to, &WithdrawnMail { about })
}

#[derive(Template)]
#[template(path = "proposals/submission/mail/drafts.txt")]
struct DraftsMail<'a> {
    title: &'a str,
    closes: &'a str,
}

/// Something is not handed in yet; what it is, each reader sees on their own page.
pub(super) fn drafts(call: CallId, title: &str, closes: &str) -> MailOrder {
    let to = [Recipient::DraftsOf(call)];
    MailOrder::new("P02", MailClass::Work, Subject::Call(call), to, &DraftsMail { title, closes })
}
