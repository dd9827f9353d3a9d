//! What happens to assignments.

use crate::{
    evaluation::{conflicts::events::late as look_at, rules::EXAMINE},
    kernel::{
        Subject,
        event::{AuditLine, Event, JobOrder, MailOrder, Recipient},
    },
};
use askama::Template;
use entity::types::{
    ids::{AccountId, AssignmentId, CallId, ProposalId},
    states::MailClass,
};
use serde_json::json;

/// Which task an event is about, with the names its mails need.
#[derive(Debug, Clone)]
pub struct About {
    pub assignment: AssignmentId,
    pub call: CallId,
    pub call_title: String,
    pub proposal: ProposalId,
    pub code: String,
    pub title: String,
    pub expert: AccountId,
    pub expert_name: String,
    /// The date as people read it; empty when none was set.
    pub due: String,
    /// Until when an invitation waits for an answer, as people read it.
    pub answer_by: String,
}

/// Whose conflict with which proposal an event is about.
#[derive(Debug, Clone)]
pub struct Between {
    pub call: CallId,
    pub proposal: ProposalId,
    pub code: String,
    pub expert_name: String,
}

pub enum AssignmentEvent {
    Invited {
        about: About,
        summary: String,
    },
    Accepted {
        about: About,
        signed: String,
    },
    Declined {
        about: About,
        reason: String,
    },
    /// With the sheets that were handed in before.
    ConflictDeclared {
        about: About,
        reason: String,
        late: Vec<AssignmentId>,
    },
    DueSet {
        about: About,
        before: String,
    },
    Reminded {
        about: About,
    },
    Reopened {
        about: About,
        reason: String,
    },
    Withdrawn {
        about: About,
        reason: String,
    },
    /// Nobody answered the invitation in time.
    Lapsed {
        about: About,
    },
}

/// What the secretariat writes down about conflicts of interest.
pub enum ConflictEvent {
    /// With the task the expert loses by it, if there was one, and the sheets that were handed in before.
    Recorded {
        between: Between,
        reason: String,
        lost: Option<Box<About>>,
        late: Vec<AssignmentId>,
    },
    Withdrawn {
        between: Between,
        reason: String,
    },
}

impl Event for ConflictEvent {
    fn audit(&self) -> AuditLine {
        let (between, reason, verb) = match self {
            Self::Recorded { between, reason, .. } => (between, reason, "recorded"),
            Self::Withdrawn { between, reason } => (between, reason, "took back"),
        };
        let line = format!("{verb} a conflict of interest of {} with {}", between.expert_name, between.code);
        AuditLine::new(Subject::Proposal(between.proposal), line)
            .data(json!({ "reason": reason }))
            .of_call(between.call)
    }

    fn mails(&self) -> Vec<MailOrder> {
        match self {
            Self::Recorded { lost: Some(about), reason, .. } => {
                vec![to_expert(about, "M15b", &WithdrawnMail { about, reason, conflict: true })]
            }
            Self::Recorded { lost: None, .. } | Self::Withdrawn { .. } => Vec::new(),
        }
    }

    fn jobs(&self) -> Vec<JobOrder> {
        match self {
            Self::Recorded { between, late, .. } => {
                look_at(late).into_iter().chain([examine(between.proposal)]).collect()
            }
            Self::Withdrawn { .. } => Vec::new(),
        }
    }
}

impl AssignmentEvent {
    fn about(&self) -> &About {
        match self {
            Self::Invited { about, .. }
            | Self::Accepted { about, .. }
            | Self::Declined { about, .. }
            | Self::ConflictDeclared { about, .. }
            | Self::DueSet { about, .. }
            | Self::Reminded { about }
            | Self::Reopened { about, .. }
            | Self::Lapsed { about }
            | Self::Withdrawn { about, .. } => about,
        }
    }
}

impl Event for AssignmentEvent {
    fn audit(&self) -> AuditLine {
        let about = self.about();
        let (code, who) = (&about.code, &about.expert_name);
        let (line, data) = match self {
            Self::Invited { .. } => (format!("invited {who} to evaluate {code}"), json!({ "due": about.due })),
            Self::Accepted { signed, .. } => (
                format!("accepted to evaluate {code} and declared to have no conflict of interest"),
                json!({ "signed": signed }),
            ),
            Self::Declined { reason, .. } => (format!("declined to evaluate {code}"), json!({ "reason": reason })),
            Self::ConflictDeclared { .. } => (format!("declared a conflict of interest with {code}"), json!({})),
            Self::DueSet { before, .. } => (
                format!("set the date of {who} for {code}"),
                json!({ "due": { "before": before, "after": about.due } }),
            ),
            Self::Reminded { .. } => (format!("reminded {who} of {code}"), json!({})),
            Self::Reopened { reason, .. } => {
                (format!("gave {who} the sheet of {code} back"), json!({ "reason": reason }))
            }
            Self::Lapsed { .. } => (
                format!("let the invitation of {who} to evaluate {code} lapse"),
                json!({ "answer_by": about.answer_by }),
            ),
            Self::Withdrawn { reason, .. } => {
                (format!("took the task {code} back from {who}"), json!({ "reason": reason }))
            }
        };
        let subject = Subject::Assignment(about.assignment);
        AuditLine::new(subject, line).data(data).of_call(about.call).of_proposal(about.proposal)
    }

    fn mails(&self) -> Vec<MailOrder> {
        let about = self.about();
        match self {
            Self::Invited { summary, .. } => vec![to_expert(about, "M14", &InvitationMail { about, summary })],
            Self::Accepted { .. } => vec![to_expert(about, "M16", &TaskMail { about })],
            Self::Reminded { .. } => vec![to_expert(about, "M16b", &ReminderMail { about })],
            Self::Reopened { reason, .. } => vec![to_expert(about, "M18b", &ReopenedMail { about, reason })],
            Self::ConflictDeclared { reason, .. } => {
                let officers = Recipient::CallOfficers(about.call);
                let subject = Subject::Assignment(about.assignment);
                vec![MailOrder::new("M15", MailClass::Work, subject, [officers], &ConflictMail { about, reason })]
            }
            Self::Withdrawn { reason, .. } => {
                vec![to_expert(about, "M15b", &WithdrawnMail { about, reason, conflict: false })]
            }
            Self::Lapsed { .. } => {
                let to = [Recipient::Account(about.expert), Recipient::CallOfficers(about.call)];
                let subject = Subject::Assignment(about.assignment);
                vec![MailOrder::new("M17", MailClass::Work, subject, to, &LapsedMail { about })]
            }
            Self::Declined { .. } | Self::DueSet { .. } => Vec::new(),
        }
    }

    fn jobs(&self) -> Vec<JobOrder> {
        match self {
            Self::ConflictDeclared { about, late, .. } => {
                look_at(late).into_iter().chain([examine(about.proposal)]).collect()
            }
            // Fewer sheets are awaited, so the others may all be in.
            Self::Declined { about, .. } | Self::Withdrawn { about, .. } | Self::Lapsed { about } => {
                vec![examine(about.proposal)]
            }
            Self::Invited { .. }
            | Self::Accepted { .. }
            | Self::DueSet { .. }
            | Self::Reminded { .. }
            | Self::Reopened { .. } => Vec::new(),
        }
    }
}

/// The call's rule is applied to the sheets that are left.
fn examine(proposal: ProposalId) -> JobOrder {
    JobOrder::new(EXAMINE, json!({ "proposal": proposal }))
}

fn to_expert(about: &About, name: &'static str, template: &impl Template) -> MailOrder {
    let to = [Recipient::Account(about.expert)];
    MailOrder::new(name, MailClass::Work, Subject::Assignment(about.assignment), to, template)
}

#[derive(Template)]
#[template(path = "evaluation/assignments/mail/invitation.txt")]
struct InvitationMail<'a> {
    about: &'a About,
    summary: &'a str,
}

#[derive(Template)]
#[template(path = "evaluation/assignments/mail/task.txt")]
struct TaskMail<'a> {
    about: &'a About,
}

#[derive(Template)]
#[template(path = "evaluation/assignments/mail/reminder.txt")]
struct ReminderMail<'a> {
    about: &'a About,
}

#[derive(Template)]
#[template(path = "evaluation/assignments/mail/reopened.txt")]
struct ReopenedMail<'a> {
    about: &'a About,
    reason: &'a str,
}

#[derive(Template)]
#[template(path = "evaluation/assignments/mail/conflict.txt")]
struct ConflictMail<'a> {
    about: &'a About,
    reason: &'a str,
}

#[derive(Template)]
#[template(path = "evaluation/assignments/mail/withdrawn.txt")]
struct WithdrawnMail<'a> {
    about: &'a About,
    reason: &'a str,
    /// Whether a conflict of interest is why.
    conflict: bool,
}

#[derive(Template)]
#[template(path = "evaluation/assignments/mail/lapsed.txt")]
struct LapsedMail<'a> {
    about: &'a About,
}
