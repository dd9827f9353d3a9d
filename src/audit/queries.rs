//! What happened: everything, and by object.

use super::rules::TOLD_TO_APPLICANTS;
use crate::kernel::{
    Leave, Permission, Query, Result, Snapshot, Subject,
    access::{
        relation::Relation::{self, AgencyOfficer, Auditor, CallOfficer, PanelChair, ReportingOfficer},
        scope,
    },
    audit::{self, Break},
    paging::{ListRequest, Listed, between, contains, listed},
};
use chrono::{DateTime, Utc};
use entity::{
    kernel::audit_entry::{self, Column},
    types::ids::{CallId, ProposalId},
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

/// What happened to a proposal: everything for its call's officers, no evaluation for agencies, and for
/// applicants what [`TOLD_TO_APPLICANTS`] names, without details, because a partner does not read the parts of
/// the others. Evaluators have no use for it and see nothing.
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
        let seen = if relations.has_any(&[CallOfficer, PanelChair, Auditor]) {
            all
        } else if relations.has_any(&[AgencyOfficer, ReportingOfficer]) {
            all.filter(Column::SubjectKind.ne("assignment"))
        } else if relations.has(Relation::Partner) {
            let told = all.filter(Column::Command.is_in(TOLD_TO_APPLICANTS.iter().copied()));
            let bare = |entry| Entry { details: Vec::new(), ..entry };
            return Ok(page(db, told, &self.list).await?.map(bare));
        } else {
            all.filter(Column::Seq.lt(0))
        };
        page(db, seen, &self.list).await
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
