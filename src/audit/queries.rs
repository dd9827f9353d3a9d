//! What happened: everything, and by object.

use super::rules::{TOLD_OF_AWARDS, TOLD_OF_ITS_PART, TOLD_TO_AGENCIES, TOLD_TO_APPLICANTS};
use crate::kernel::{
    Leave, Permission, Query, Result, Snapshot, Subject,
    access::{
        relation::Relation::{
            Administrator, AgencyOfficer, Auditor, CallOfficer, PanelChair, PartEditor, Partner, ReportingOfficer,
        },
        scope,
    },
    audit::{self, Break},
    paging::{ListRequest, Listed, between, contains, listed},
};
use chrono::{DateTime, Utc};
use entity::{
    kernel::audit_entry::{self, Column},
    types::ids::{AccountId, AssignmentId, CallId, OrganisationId, PartId, ProposalId, ReportId},
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, Select};
use serde_json::Value;
use uuid::Uuid;

/// One line of the log.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub seq: i64,
    pub at: DateTime<Utc>,
    pub who: String,
    /// What happened, as the end of a sentence that begins with who.
    pub line: String,
    pub command: String,
    pub kind: String,
    pub subject: Option<Subject>,
    pub proposal: Option<ProposalId>,
    /// Details as name and value, flattened.
    pub details: Vec<(String, String)>,
    pub digest: String,
}

fn entry(row: audit_entry::Model) -> Entry {
    let mut details = Vec::new();
    flatten("", &row.data, &mut details);
    Entry {
        seq: row.seq,
        at: row.at,
        subject: audit::subject_of(&row),
        who: row.actor_name,
        line: row.line,
        command: row.command,
        kind: row.subject_kind,
        proposal: row.proposal.map(Into::into),
        details,
        digest: row.digest,
    }
}

fn flatten(name: &str, value: &Value, into: &mut Vec<(String, String)>) {
    match value {
        Value::Null => {}
        // What was replaced is one line: the old value and the new one.
        Value::Object(fields) if fields.len() == 2 && fields.contains_key("before") && fields.contains_key("after") => {
            let text = |key: &str| match fields[key].as_str() {
                Some("") | None => "nothing".to_owned(),
                Some(text) => format!("“{text}”"),
            };
            into.push((name.to_owned(), format!("before {}, now {}", text("before"), text("after"))));
        }
        Value::Object(fields) => {
            for (key, inner) in fields {
                let name = if name.is_empty() { key.clone() } else { format!("{name}, {key}") };
                flatten(&name, inner, into);
            }
        }
        Value::String(text) => into.push((name.to_owned(), text.clone())),
        other => into.push((name.to_owned(), other.to_string())),
    }
}

fn narrowed(select: Select<audit_entry::Entity>, list: &ListRequest) -> Select<audit_entry::Entity> {
    let mut narrowed = Condition::all();
    if let Some(words) = list.words() {
        narrowed = narrowed.add(Condition::any().add(contains(Column::Line, &words)));
    }
    if let Some(who) = list.filter("who") {
        narrowed = narrowed.add(contains(Column::ActorName, &who.to_lowercase()));
    }
    let kinds = list.values::<String>("kind");
    if !kinds.is_empty() {
        narrowed = narrowed.add(Column::SubjectKind.is_in(kinds));
    }
    if let Some(object) = list.value::<Uuid>("object") {
        let about = Condition::any()
            .add(Column::SubjectId.eq(object))
            .add(Column::Call.eq(object))
            .add(Column::Proposal.eq(object))
            .add(Column::Actor.eq(object));
        narrowed = narrowed.add(about);
    }
    select
        .filter(narrowed)
        .filter(between(Column::At, list.value("from"), list.value("until")))
        .order_by(Column::Seq, list.order())
}

async fn page(db: &Snapshot, select: Select<audit_entry::Entity>, list: &ListRequest) -> Result<Listed<Entry>> {
    Ok(listed(db.conn(), narrowed(select, list), list.paging).await?.map(entry))
}

/// The whole log, as far as the actor may read it.
pub struct ActivityLog(pub ListRequest);

impl Query for ActivityLog {
    const NEEDS: Permission = Permission::ReadAudit;
    type Output = Listed<Entry>;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Self::Output> {
        page(db, scope::activity(leave), &self.0).await
    }
}

/// What happened in a call.
pub struct HistoryOfCall {
    pub call: CallId,
    pub list: ListRequest,
}

impl Query for HistoryOfCall {
    const NEEDS: Permission = Permission::ReadAudit;
    type Output = Listed<Entry>;

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Self::Output> {
        page(db, scope::activity(leave).filter(Column::Call.eq(self.call.0)), &self.list).await
    }
}

/// What happened to a proposal: everything for its call's officers; for agencies what [`TOLD_TO_AGENCIES`] and for
/// applicants what [`TOLD_TO_APPLICANTS`] names, without details, because neither reads the parts of the others.
/// Evaluators have no use for it and see nothing.
pub struct HistoryOfProposal {
    pub proposal: ProposalId,
    pub list: ListRequest,
}

impl Query for HistoryOfProposal {
    const NEEDS: Permission = Permission::ReadProposal;
    type Output = Listed<Entry>;

    fn about(&self) -> Subject {
        Subject::Proposal(self.proposal)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Self::Output> {
        let relations = leave.relations();
        let all = audit_entry::Entity::find().filter(Column::Proposal.eq(self.proposal.0));
        if relations.has_any(&[CallOfficer, PanelChair, Auditor]) {
            return page(db, all, &self.list).await;
        }
        let told = if relations.has_any(&[AgencyOfficer, ReportingOfficer]) {
            TOLD_TO_AGENCIES
        } else if relations.has(Partner) {
            TOLD_TO_APPLICANTS
        } else {
            &[]
        };
        let told = all.filter(Column::Command.is_in(told.iter().copied()));
        Ok(page(db, told, &self.list).await?.map(|entry| Entry { details: Vec::new(), ..entry }))
    }
}

/// Something with a history of its own, and the permission to read it.
pub trait Followed: Send + Sync {
    const NEEDS: Permission;
    fn subject(&self) -> Subject;
}

impl Followed for PartId {
    const NEEDS: Permission = Permission::ReadProposal;
    fn subject(&self) -> Subject {
        Subject::Part(*self)
    }
}

impl Followed for AssignmentId {
    const NEEDS: Permission = Permission::ReadSheet;
    fn subject(&self) -> Subject {
        Subject::Assignment(*self)
    }
}

impl Followed for ReportId {
    const NEEDS: Permission = Permission::ReadAgreement;
    fn subject(&self) -> Subject {
        Subject::Report(*self)
    }
}

impl Followed for OrganisationId {
    const NEEDS: Permission = Permission::SeePeople;
    fn subject(&self) -> Subject {
        Subject::Organisation(*self)
    }
}

impl Followed for AccountId {
    const NEEDS: Permission = Permission::SeeAccounts;
    fn subject(&self) -> Subject {
        Subject::Account(*self)
    }
}

/// What happened to one thing, latest first. Of a part its agency reads what [`TOLD_TO_AGENCIES`] and
/// [`TOLD_OF_ITS_PART`] name, and its own applicants what [`TOLD_TO_APPLICANTS`] and [`TOLD_OF_AWARDS`] name, both
/// with details; whoever else works on the proposal reads the same without. Who only evaluates reads nothing.
pub struct HistoryOf<T> {
    pub of: T,
    pub list: ListRequest,
}

impl<T: Followed> Query for HistoryOf<T> {
    const NEEDS: Permission = T::NEEDS;
    type Output = Listed<Entry>;

    fn about(&self) -> Subject {
        self.of.subject()
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Self::Output> {
        let subject = self.of.subject();
        let all = audit_entry::Entity::find()
            .filter(Column::SubjectKind.eq(subject.kind()))
            .filter(Column::SubjectId.eq(subject.id()));
        let relations = leave.relations();
        let staff = [CallOfficer, PanelChair, Auditor, Administrator];
        let told: Vec<&str> = match subject {
            Subject::Part(_) | Subject::Report(_) if relations.has_any(&staff) => {
                return page(db, all, &self.list).await;
            }
            Subject::Part(_) | Subject::Report(_) if relations.has_any(&[AgencyOfficer, ReportingOfficer]) => {
                [TOLD_TO_AGENCIES, TOLD_OF_ITS_PART].concat()
            }
            Subject::Part(_) | Subject::Report(_) if relations.has_any(&[PartEditor, Partner]) => {
                [TOLD_TO_APPLICANTS, TOLD_OF_AWARDS].concat()
            }
            Subject::Part(_) | Subject::Report(_) => Vec::new(),
            _ => return page(db, all, &self.list).await,
        };
        let found = page(db, all.filter(Column::Command.is_in(told)), &self.list).await?;
        Ok(match relations.has_any(&[AgencyOfficer, ReportingOfficer, PartEditor]) {
            true => found,
            false => found.map(|entry| Entry { details: Vec::new(), ..entry }),
        })
    }
}

/// The outcome of reading the whole chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainCheck {
    pub entries: u64,
    pub broken: Option<Break>,
}

/// Reads the whole chain and says whether it holds.
pub struct VerifyChain;

impl Query for VerifyChain {
    const NEEDS: Permission = Permission::ReadAudit;
    type Output = ChainCheck;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, _: Leave<'_>) -> Result<ChainCheck> {
        let (entries, broken) = audit::verify(db.conn()).await?;
        Ok(ChainCheck { entries, broken })
    }
}
