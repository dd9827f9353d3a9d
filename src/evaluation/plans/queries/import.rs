//! A list of pairs against a draft, before it changes anything.

use super::{Person, of_call, people, sheet::visible};
use crate::{
    documents::sheet::Fault,
    evaluation::{
        assignments::{
            queries::{Bars, evaluated},
            rules::counts,
        },
        plans::rules::{
            import::{Changes, List, Locked, Look, compared},
            states::is_open,
        },
    },
    kernel::{AppError, Leave, Permission, Query, Result, Snapshot, Subject, access::scope},
};
use entity::{
    calls::call,
    evaluation::plan,
    proposals::proposal,
    types::{
        ids::{CallId, EvaluatorId, PlanId, ProposalId},
        states::PairOrigin,
    },
};
use sea_orm::{ConnectionTrait, EntityTrait, QuerySelect};
use std::collections::BTreeMap;

/// What a list says of a draft: its changes, and every row that cannot be used with why.
pub(in crate::evaluation::plans) struct Resolved {
    pub changes: Changes,
    pub faults: Vec<Fault>,
}

/// Finds the people and proposals a list names, and compares it with the draft.
pub(in crate::evaluation::plans) async fn resolved(
    db: &impl ConnectionTrait,
    leave: Leave<'_>,
    row: &plan::Model,
    list: &List,
) -> Result<Resolved> {
    let codes: BTreeMap<String, ProposalId> = evaluated(leave, row.call_id)
        .select_only()
        .columns([proposal::Column::Code, proposal::Column::Id])
        .into_tuple::<(String, ProposalId)>()
        .all(db)
        .await?
        .into_iter()
        .map(|(code, id)| (code.to_uppercase(), id))
        .collect();
    let hidden = scope::conflicted(db, leave.actor()).await?;
    let bars = Bars::of_call(db, row.call_id, &hidden).await?;
    let members: BTreeMap<String, EvaluatorId> =
        bars.pool().map(|member| (member.account.email.to_string(), member.row.id)).collect();
    let pairs = visible(leave, row).all(db).await?;
    let now: BTreeMap<(ProposalId, EvaluatorId), bool> = pairs
        .iter()
        .filter(|pair| pair.origin != PairOrigin::Task)
        .map(|pair| ((pair.proposal_id, pair.evaluator_id), pair.locked))
        .collect();
    let mut faults = list.faults.clone();
    let mut listed: Vec<Locked> = Vec::new();
    for one in &list.rows {
        let mut fault = |message: String| faults.push(Fault::new(one.row, &one.code, message));
        let Some(proposal) = codes.get(&one.code) else {
            fault(format!("There is no proposal {} that is evaluated in this call", one.code));
            continue;
        };
        let Some(evaluator) = members.get(&one.email) else {
            fault(format!("{} is nobody of the pool of evaluators", one.email));
            continue;
        };
        // Tasks that stand may be listed, as exports list them; they stay what they are.
        if bars.task(*proposal, *evaluator).is_some_and(|task| counts(task.state)) {
            continue;
        }
        let Some(member) = bars.member(*evaluator) else { continue };
        if let Some(bar) = bars.bar(*proposal, member) {
            fault(format!("{} cannot be asked: {bar}", member.account.name));
            continue;
        }
        if bars.places(*evaluator).is_none() {
            fault(format!("{} has not accepted to evaluate in this call", member.account.name));
            continue;
        }
        listed.push((*proposal, *evaluator, one.locked));
    }
    faults.sort_by_key(|fault| fault.row);
    Ok(Resolved { changes: compared(&now, &listed), faults })
}

/// A pair of a list, with the words people know it by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedPair {
    pub code: String,
    pub person: Person,
    pub locked: bool,
}

/// A list that was looked at.
pub struct Looked {
    pub file: String,
    pub added: Vec<ListedPair>,
    pub removed: Vec<ListedPair>,
    pub relocked: Vec<ListedPair>,
    pub unchanged: usize,
    pub faults: Vec<Fault>,
    pub unknown: Vec<String>,
}

/// The page on which a list comes in.
pub struct ImportView {
    pub call_code: String,
    pub name: String,
    pub version: i64,
    pub open: bool,
    pub looked: Option<Looked>,
}

/// The list that waits at a plan, if one was looked at.
pub struct ImportOf {
    pub call: CallId,
    pub plan: PlanId,
}

impl Query for ImportOf {
    const NEEDS: Permission = Permission::PlanAssignments;
    type Output = ImportView;

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<ImportView> {
        let db = db.conn();
        let row = of_call(db, self.call, self.plan).await?;
        let call = call::Entity::find_by_id(self.call).one(db).await?.ok_or(AppError::NotFound)?;
        let look: Option<Look> = row.import.clone().map(serde_json::from_value).transpose()?;
        let looked = match look {
            Some(look) => Some(named(db, leave, self.call, look).await?),
            None => None,
        };
        Ok(ImportView { call_code: call.code, version: row.version, open: is_open(row.state), name: row.name, looked })
    }
}

async fn named(db: &impl ConnectionTrait, leave: Leave<'_>, call: CallId, look: Look) -> Result<Looked> {
    let codes: BTreeMap<ProposalId, String> = evaluated(leave, call)
        .select_only()
        .columns([proposal::Column::Id, proposal::Column::Code])
        .into_tuple::<(ProposalId, String)>()
        .all(db)
        .await?
        .into_iter()
        .collect();
    let Changes { added, removed, relocked, unchanged } = look.changes;
    let everybody = added.iter().chain(&relocked).map(|one| one.1).chain(removed.iter().map(|one| one.1));
    let persons = people(db, everybody).await?;
    let name = |(proposal, evaluator, locked): Locked| {
        Some(ListedPair {
            code: codes.get(&proposal)?.clone(),
            person: persons.get(&evaluator).cloned().unwrap_or_default(),
            locked,
        })
    };
    let told = |all: Vec<Locked>| {
        let mut told: Vec<ListedPair> = all.into_iter().filter_map(name).collect();
        told.sort_by(|a, b| (&a.code, &a.person.name).cmp(&(&b.code, &b.person.name)));
        told
    };
    Ok(Looked {
        file: look.file,
        added: told(added),
        removed: told(removed.into_iter().map(|(p, e)| (p, e, false)).collect()),
        relocked: told(relocked),
        unchanged,
        faults: look.faults,
        unknown: look.unknown,
    })
}
