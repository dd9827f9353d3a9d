//! What happens when evaluators are recruited for a call.

use crate::kernel::{
    Subject,
    event::{AuditLine, Event, MailOrder, Recipient},
};
use askama::Template;
use entity::types::{
    ids::{AccountId, CallId, RecruitmentId},
    states::MailClass,
    text::Email,
};
use serde_json::json;

/// Which invitation an event is about, with the words its mails need.
#[derive(Debug, Clone)]
pub struct About {
    pub id: RecruitmentId,
    pub call: CallId,
    pub call_title: String,
    pub name: String,
    pub to: Whom,
}

/// Where a mail about an invitation goes.
#[derive(Debug, Clone)]
pub enum Whom {
    Account(AccountId),
    /// Somebody without an account, or one whose account is not known to be theirs yet.
    Address(Email),
}

/// What an invitation says.
#[derive(Debug, Clone)]
pub struct Letter {
    pub by: String,
    /// The secretariat's own words.
    pub message: String,
    /// The last day, as people read it.
    pub until: String,
    /// The page on which it is answered; nothing happens by opening it.
    pub path: String,
}

pub enum RecruitmentEvent {
    Listed {
        call: CallId,
        names: Vec<String>,
    },
    Invited {
        about: About,
        letter: Letter,
    },
    Reminded {
        about: About,
        letter: Letter,
    },
    Accepted {
        about: About,
        places: i32,
        signed: String,
    },
    Declined {
        about: About,
        reason: String,
    },
    Lapsed {
        about: About,
    },
    Withdrawn {
        about: About,
    },
    /// The secretariat is told of everybody who did not answer two reminders.
    Escalated {
        call: CallId,
        call_title: String,
        names: Vec<String>,
    },
}

impl RecruitmentEvent {
    fn about(&self) -> Option<&About> {
        match self {
            Self::Invited { about, .. }
            | Self::Reminded { about, .. }
            | Self::Accepted { about, .. }
            | Self::Declined { about, .. }
            | Self::Lapsed { about }
            | Self::Withdrawn { about } => Some(about),
            Self::Listed { .. } | Self::Escalated { .. } => None,
        }
    }
}

impl Event for RecruitmentEvent {
    fn audit(&self) -> AuditLine {
        let who = self.about().map(|about| about.name.as_str()).unwrap_or_default();
        let (line, data) = match self {
            Self::Listed { names, .. } => {
                (format!("listed {} people as evaluators of the call", names.len()), json!({ "names": names }))
            }
            Self::Invited { letter, .. } => {
                (format!("invited {who} to evaluate in the call"), json!({ "until": letter.until }))
            }
            Self::Reminded { .. } => (format!("reminded {who} of the invitation to the call"), json!({})),
            Self::Accepted { places, signed, .. } => (
                format!("accepted to evaluate up to {places} proposals of the call"),
                json!({ "places": places, "signed": signed }),
            ),
            Self::Declined { reason, .. } => {
                (format!("{who} declined to evaluate in the call"), json!({ "reason": reason }))
            }
            Self::Lapsed { .. } => (format!("let the invitation of {who} to the call lapse"), json!({})),
            Self::Withdrawn { .. } => (format!("took {who} off the list of evaluators of the call"), json!({})),
            Self::Escalated { names, .. } => {
                (format!("told the secretariat that {} people do not answer", names.len()), json!({ "names": names }))
            }
        };
        let call = match self {
            Self::Listed { call, .. } | Self::Escalated { call, .. } => Some(*call),
            _ => self.about().map(|about| about.call),
        };
        let subject = call.map_or(Subject::Platform, Subject::Call);
        let data = match self.about() {
            Some(about) => json!({ "recruitment": about.id, "facts": data }),
            None => data,
        };
        AuditLine::new(subject, line).data(data)
    }

    fn mails(&self) -> Vec<MailOrder> {
        match self {
            Self::Invited { about, letter } => {
                vec![MailOrder::new(
                    "M14c",
                    MailClass::Essential,
                    Subject::Call(about.call),
                    [to(about)],
                    &InvitedMail::of(about, letter),
                )]
            }
            Self::Reminded { about, letter } => {
                let template = RemindedMail { name: &about.name, call: &about.call_title, letter };
                vec![MailOrder::new("M14d", MailClass::Work, Subject::Call(about.call), [to(about)], &template)]
            }
            Self::Lapsed { about } => {
                let template = LapsedMail { name: &about.name, call: &about.call_title };
                vec![MailOrder::new("M17", MailClass::Work, Subject::Call(about.call), [to(about)], &template)]
            }
            Self::Escalated { call, call_title, names } => {
                let template =
                    SilentMail { call: call_title, names, path: format!("/staff/calls/{call}/recruitment/pending") };
                let officers = [Recipient::CallOfficers(*call)];
                vec![MailOrder::new("M17", MailClass::Work, Subject::Call(*call), officers, &template)]
            }
            Self::Listed { .. } | Self::Accepted { .. } | Self::Declined { .. } | Self::Withdrawn { .. } => Vec::new(),
        }
    }
}

fn to(about: &About) -> Recipient {
    match &about.to {
        Whom::Account(account) => Recipient::Account(*account),
        Whom::Address(email) => Recipient::Address { email: email.clone(), name: about.name.clone() },
    }
}

#[derive(Template)]
#[template(path = "evaluation/recruitment/mail/invitation.txt")]
struct InvitedMail<'a> {
    name: &'a str,
    call: &'a str,
    letter: &'a Letter,
}

impl<'a> InvitedMail<'a> {
    fn of(about: &'a About, letter: &'a Letter) -> Self {
        Self { name: &about.name, call: &about.call_title, letter }
    }
}

/// The invitation as somebody would get it, for the last look before many are sent: subject, then text.
pub fn preview(name: &str, call: &str, letter: &Letter) -> (String, String) {
    let text = InvitedMail { name, call, letter }.render().unwrap_or_default();
    let (subject, body) = text.split_once('\n').unwrap_or((text.as_str(), ""));
    (subject.to_owned(), body.trim().to_owned())
}

#[derive(Template)]
#[template(path = "evaluation/recruitment/mail/reminder.txt")]
struct RemindedMail<'a> {
    name: &'a str,
    call: &'a str,
    letter: &'a Letter,
}

#[derive(Template)]
#[template(path = "evaluation/recruitment/mail/lapsed.txt")]
struct LapsedMail<'a> {
    name: &'a str,
    call: &'a str,
}

#[derive(Template)]
#[template(path = "evaluation/recruitment/mail/silent.txt")]
struct SilentMail<'a> {
    call: &'a str,
    names: &'a [String],
    path: String,
}
