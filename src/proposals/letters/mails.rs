//! The mails around a letter; lifecycle.json knows no names for them, so they are called by what they say.

use super::events::About;
use crate::kernel::{
    Subject,
    event::{MailOrder, Recipient},
};
use askama::Template;
use entity::types::states::MailClass;

#[derive(Template)]
#[template(path = "proposals/letters/mail/asked.txt")]
struct AskedMail<'a> {
    about: &'a About,
    token: &'a str,
    again: bool,
}

#[derive(Template)]
#[template(path = "proposals/letters/mail/withdrawn.txt")]
struct WithdrawnMail<'a> {
    about: &'a About,
}

#[derive(Template)]
#[template(path = "proposals/letters/mail/signed.txt")]
struct SignedMail<'a> {
    about: &'a About,
    name: &'a str,
}

#[derive(Template)]
#[template(path = "proposals/letters/mail/thanks.txt")]
struct ThanksMail<'a> {
    about: &'a About,
}

#[derive(Template)]
#[template(path = "proposals/letters/mail/refused.txt")]
struct RefusedMail<'a> {
    about: &'a About,
    reason: &'a str,
}

fn signer(about: &About) -> [Recipient; 1] {
    [Recipient::Address { email: about.email.clone(), name: about.signer.clone() }]
}

fn team(about: &About) -> [Recipient; 2] {
    [Recipient::Account(about.asked_by), Recipient::PartTeam(about.part)]
}

/// The link to the signer; the only place the token is ever written.
pub(super) fn asked(about: &About, token: &str, again: bool) -> MailOrder {
    let template = AskedMail { about, token, again };
    let name = if again { "letter-reminder" } else { "letter-asked" };
    MailOrder::new(name, MailClass::Essential, Subject::Part(about.part), signer(about), &template)
}

pub(super) fn withdrawn(about: &About) -> MailOrder {
    let about_part = Subject::Part(about.part);
    MailOrder::new("letter-withdrawn", MailClass::Essential, about_part, signer(about), &WithdrawnMail { about })
}

pub(super) fn signed(about: &About, name: &str) -> Vec<MailOrder> {
    let part = Subject::Part(about.part);
    vec![
        MailOrder::new("letter-signed", MailClass::Work, part, team(about), &SignedMail { about, name }),
        MailOrder::new("letter-thanks", MailClass::Essential, part, signer(about), &ThanksMail { about }),
    ]
}

pub(super) fn refused(about: &About, reason: &str) -> MailOrder {
    let template = RefusedMail { about, reason };
    MailOrder::new("letter-refused", MailClass::Work, Subject::Part(about.part), team(about), &template)
}
