//! What happened: the line for the audit log, and the mails and jobs that follow from it.

use super::access::subject::Subject;
use chrono::{DateTime, Utc};
use entity::types::{
    ids::{AccountId, CallId, JobId, OrganisationId, PartId, ProposalId},
    states::MailClass,
    text::Email,
};
use serde_json::{Map, Value, json};

/// Something that happened, in the past tense. The three answers are exhaustive matches in each
/// feature's `events.rs`, so that no event is added without deciding all of them.
pub trait Event: Send + Sync {
    fn audit(&self) -> AuditLine;
    fn mails(&self) -> Vec<MailOrder> {
        Vec::new()
    }
    fn jobs(&self) -> Vec<JobOrder> {
        Vec::new()
    }
}

/// A value that was replaced by another, under the name people read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub what: &'static str,
    pub before: String,
    pub after: String,
}

impl Change {
    pub fn new(what: &'static str, before: impl Into<String>, after: impl Into<String>) -> Self {
        Self { what, before: before.into(), after: after.into() }
    }
}

/// One line of the audit log.
#[derive(Debug, Clone)]
pub struct AuditLine {
    pub subject: Subject,
    /// What happened, as the end of a sentence that begins with the actor's name: "gave 3.5 for impact".
    pub line: String,
    /// The facts, for programs; never a secret.
    pub data: Value,
    /// The call and proposal whose history this belongs to as well.
    pub call: Option<CallId>,
    pub proposal: Option<ProposalId>,
    /// Who acted, when the command could not know at its start: somebody who signs in is nobody until then.
    pub by: Option<(AccountId, String)>,
}

impl AuditLine {
    pub fn new(subject: Subject, line: impl Into<String>) -> Self {
        let call = if let Subject::Call(id) = subject { Some(id) } else { None };
        let proposal = if let Subject::Proposal(id) = subject { Some(id) } else { None };
        Self { subject, line: line.into(), data: Value::Null, call, proposal, by: None }
    }

    #[must_use]
    pub fn data(mut self, data: Value) -> Self {
        self.data = data;
        self
    }

    /// Adds what was replaced; what stayed as it was is left out.
    #[must_use]
    pub fn changed(mut self, changes: &[Change]) -> Self {
        let differing = changes.iter().filter(|change| change.before != change.after);
        let told = differing.map(|c| (c.what.to_owned(), json!({ "before": c.before, "after": c.after })));
        let told: Map<String, Value> = told.collect();
        match &mut self.data {
            Value::Object(data) => data.extend(told),
            data => *data = Value::Object(told),
        }
        self
    }

    #[must_use]
    pub fn of_call(mut self, call: CallId) -> Self {
        self.call = Some(call);
        self
    }

    #[must_use]
    pub fn by(mut self, account: AccountId, name: impl Into<String>) -> Self {
        self.by = Some((account, name.into()));
        self
    }

    #[must_use]
    pub fn of_proposal(mut self, proposal: ProposalId) -> Self {
        self.proposal = Some(proposal);
        self
    }
}

/// A mail to be written to these people, in the same transaction as what happened.
///
/// `body` is a rendered text template: the first line is the subject, the rest the message. A line that
/// begins with `→ /` becomes a link to that page of this installation.
#[derive(Debug, Clone)]
pub struct MailOrder {
    /// The mail's name in lifecycle.json, for example `M08`.
    pub name: &'static str,
    pub class: MailClass,
    pub to: Vec<Recipient>,
    pub body: String,
    pub about: Subject,
}

impl MailOrder {
    /// A mail from a text template; a template that fails to render is reported in the mail's place.
    pub fn new(
        name: &'static str,
        class: MailClass,
        about: Subject,
        to: impl IntoIterator<Item = Recipient>,
        template: &impl askama::Template,
    ) -> Self {
        let body = template.render().unwrap_or_else(|e| format!("Fairway could not write this message\n\n{e}"));
        Self { name, class, to: to.into_iter().collect(), body, about }
    }
}

/// Who gets a mail: named by what they are, resolved when the mail is ordered.
#[derive(Debug, Clone)]
pub enum Recipient {
    Account(AccountId),
    /// Somebody without an account.
    Address {
        email: Email,
        name: String,
    },
    /// The joint secretariat of the call.
    CallOfficers(CallId),
    PanelChairs(CallId),
    /// Officers of one agency.
    AgencyOfficers(OrganisationId),
    ReportingOfficers(OrganisationId),
    /// Officers of all agencies of the call.
    AgenciesOf(CallId),
    /// Managers of the organisation.
    Managers(OrganisationId),
    /// Managers of all clusters.
    Clusters,
    /// Everybody who works on the proposal.
    Team(ProposalId),
    Coordinators(ProposalId),
    /// Everybody who works on the part, and the managers of its organisation.
    PartTeam(PartId),
    /// Whoever signs for the part's organisation, by the address that was given; often somebody without an account.
    SignatoryOf(PartId),
    /// Everybody with a draft or submitted proposal in the call.
    ApplicantsOf(CallId),
    /// Everybody on the team of a proposal with a part that is still a draft.
    DraftsOf(CallId),
    Administrators,
}

/// Work to be done after what happened, by the job of this name.
#[derive(Debug, Clone)]
pub struct JobOrder {
    /// Given beforehand when the command tells its caller which job to follow.
    pub id: Option<JobId>,
    pub name: &'static str,
    pub payload: Value,
    /// Not before this instant; at once when none.
    pub due_at: Option<DateTime<Utc>>,
    /// Ordered only once under this key, however often it is asked for.
    pub once: Option<String>,
}

impl JobOrder {
    pub fn new(name: &'static str, payload: Value) -> Self {
        Self { id: None, name, payload, due_at: None, once: None }
    }

    /// Names the job beforehand.
    #[must_use]
    pub fn known_as(mut self, id: JobId) -> Self {
        self.id = Some(id);
        self
    }

    #[must_use]
    pub fn at(mut self, instant: DateTime<Utc>) -> Self {
        self.due_at = Some(instant);
        self
    }

    #[must_use]
    pub fn once(mut self, key: impl Into<String>) -> Self {
        self.once = Some(key.into());
        self
    }
}
