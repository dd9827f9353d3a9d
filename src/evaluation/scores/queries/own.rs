//! An evaluator's own sheets: the list, and what stands beside one of them.

use super::percent;
use crate::{
    evaluation::{
        assignments::queries::kept as marked,
        rules::weighted,
        scores::rules::{Given, missing, sees_others},
    },
    kernel::{Leave, Permission, Query, Result, Snapshot, Subject, access::scope},
};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use entity::{
    calls::call,
    evaluation::{assignment, score},
    proposals::proposal,
    types::{
        ids::{AssignmentId, CallId, ProposalId},
        states::{AssignmentState, CallState},
        terms::CallTerms,
    },
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::BTreeMap;

/// The states of a task whose sheet is one's own to read.
const WITH_SHEET: [AssignmentState; 3] =
    [AssignmentState::Accepted, AssignmentState::InProgress, AssignmentState::Submitted];

/// One of the actor's own sheets.
#[derive(Debug, Clone)]
pub struct OwnSheet {
    pub id: AssignmentId,
    pub call: CallId,
    pub call_title: String,
    pub code: String,
    pub title: String,
    pub state: AssignmentState,
    pub zone: Tz,
    pub due_at: Option<DateTime<Utc>>,
    pub submitted_at: Option<DateTime<Utc>>,
    /// Criteria that are dealt with, and how many there are.
    pub done: usize,
    pub of: usize,
    pub total: String,
    pub hundredths: i32,
    pub percent: i32,
    /// How many fields a complete sheet still lacks.
    pub lacks: usize,
    /// Whether points are still taken.
    pub open: bool,
    pub version: i64,
}

impl OwnSheet {
    /// Whether it is complete and can be handed in.
    pub fn ready(&self) -> bool {
        self.open && self.lacks == 0
    }
}

/// The actor's own sheets, by call and code.
pub struct OwnSheets;

impl Query for OwnSheets {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = Vec<OwnSheet>;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Vec<OwnSheet>> {
        let db = db.conn();
        let rows = scope::own_assignments(leave).filter(assignment::Column::State.is_in(WITH_SHEET)).all(db).await?;
        let calls = call::Entity::find().filter(call::Column::Id.is_in(rows.iter().map(|r| r.call_id))).all(db).await?;
        let proposals = proposal::Entity::find()
            .filter(proposal::Column::Id.is_in(rows.iter().map(|r| r.proposal_id)))
            .all(db)
            .await?;
        let scores =
            score::Entity::find().filter(score::Column::AssignmentId.is_in(rows.iter().map(|r| r.id))).all(db).await?;
        let mut given: BTreeMap<AssignmentId, Vec<score::Model>> = BTreeMap::new();
        for row in scores {
            given.entry(row.assignment_id).or_default().push(row);
        }
        let sheet = |row: assignment::Model| {
            let call = calls.iter().find(|call| call.id == row.call_id)?;
            let proposal = proposals.iter().find(|proposal| proposal.id == row.proposal_id)?;
            let kept = given.get(&row.id).map_or(&[][..], Vec::as_slice);
            let total = weighted(&call.terms, &kept.iter().map(marked).collect::<Vec<_>>());
            let writes = matches!(row.state, AssignmentState::Accepted | AssignmentState::InProgress);
            Some(OwnSheet {
                id: row.id,
                call: call.id,
                call_title: call.title.clone(),
                code: proposal.code.clone(),
                title: proposal.title.clone(),
                state: row.state,
                zone: call.terms.zone,
                due_at: row.due_at,
                submitted_at: row.submitted_at,
                done: total.done,
                of: total.of,
                percent: percent(call.terms.evaluation.scale, total.hundredths),
                hundredths: total.hundredths,
                total: total.total,
                lacks: missing(&call.terms, &facts(kept)).len(),
                open: writes && call.state == CallState::Evaluating,
                version: row.version,
            })
        };
        let mut sheets: Vec<OwnSheet> = rows.into_iter().filter_map(sheet).collect();
        sheets.sort_by(|a, b| a.call_title.cmp(&b.call_title).then_with(|| a.code.cmp(&b.code)));
        Ok(sheets)
    }
}

/// Rows as the rules look at them.
fn facts(kept: &[score::Model]) -> Vec<Given<'_>> {
    kept.iter()
        .map(|row| Given {
            key: &row.criterion,
            points: row.points,
            comment: &row.comment,
            abstained: row.abstained.as_deref(),
        })
        .collect()
}

/// What stands beside a sheet: the own ones before and after it.
#[derive(Default)]
pub(super) struct Beside {
    pub previous: Option<(AssignmentId, String)>,
    pub next: Option<(AssignmentId, String)>,
    pub open_next: Option<(AssignmentId, String)>,
    pub handed_in: (usize, usize),
}

/// The actor's own sheets of the same call, in the order of the proposals' codes. The next one to write is the least
/// reviewed where the call lets evaluators see the sheets of others at any time; elsewhere the order would tell how
/// far the others are, so it follows the codes.
pub(super) async fn beside(
    db: &impl ConnectionTrait,
    leave: Leave<'_>,
    row: &assignment::Model,
    terms: &CallTerms,
) -> Result<Beside> {
    let own = scope::own_assignments(leave)
        .filter(assignment::Column::CallId.eq(row.call_id))
        .filter(assignment::Column::State.is_in(WITH_SHEET))
        .all(db)
        .await?;
    let proposals = proposal::Entity::find()
        .filter(proposal::Column::Id.is_in(own.iter().map(|o| o.proposal_id)))
        .order_by_asc(proposal::Column::Code)
        .all(db)
        .await?;
    let ordered: Vec<(&assignment::Model, &str)> =
        proposals.iter().filter_map(|p| Some((own.iter().find(|o| o.proposal_id == p.id)?, p.code.as_str()))).collect();
    let named = |(task, code): &(&assignment::Model, &str)| (task.id, (*code).to_owned());
    let at = ordered.iter().position(|(task, _)| task.id == row.id).unwrap_or_default();
    let mut open: Vec<_> = ordered.iter().filter(|(task, _)| task.state != AssignmentState::Submitted).collect();
    if sees_others(terms.evaluation.visibility.individual, AssignmentState::Accepted) {
        let reviews = reviews(db, &own).await?;
        open.sort_by_key(|(task, _)| reviews.get(&task.proposal_id).copied().unwrap_or_default());
    }
    let here = open.iter().position(|(task, _)| task.id == row.id);
    let after = match here {
        Some(here) if open.len() > 1 => open.get((here + 1) % open.len()),
        Some(_) => None,
        None => open.first(),
    };
    let handed_in = ordered.len() - open.len();
    Ok(Beside {
        previous: at.checked_sub(1).and_then(|i| ordered.get(i)).map(named),
        next: ordered.get(at + 1).map(named),
        open_next: after.map(|one| named(one)),
        handed_in: (handed_in, ordered.len()),
    })
}

/// How many sheets were handed in, by proposal.
async fn reviews(db: &impl ConnectionTrait, own: &[assignment::Model]) -> Result<BTreeMap<ProposalId, usize>> {
    let submitted = assignment::Entity::find()
        .select_only()
        .column(assignment::Column::ProposalId)
        .filter(assignment::Column::ProposalId.is_in(own.iter().map(|o| o.proposal_id)))
        .filter(assignment::Column::State.eq(AssignmentState::Submitted))
        .into_tuple::<ProposalId>()
        .all(db)
        .await?;
    let mut reviews = BTreeMap::new();
    for proposal in submitted {
        *reviews.entry(proposal).or_default() += 1;
    }
    Ok(reviews)
}
