//! What an expert sees of the own tasks.

use super::{
    super::rules::{ANSWER_WITHIN, answer_by},
    candidates::summary,
    progress::kept,
};
use crate::{
    evaluation::{
        conflicts::queries::{FoundTie, ties_of},
        rules::weighted,
    },
    kernel::{AppError, Leave, Permission, Query, Result, Snapshot, Subject, access::scope},
    proposals::{
        dossier::Dossier,
        reading::queries::{reading, submitted},
    },
};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use entity::{
    calls::call,
    evaluation::{assignment, score},
    proposals::proposal,
    types::{
        ids::{AssignmentId, CallId, ProposalId},
        states::{AssignmentState, FindingState, LetterState},
    },
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::BTreeMap;

/// One of the expert's own tasks.
#[derive(Debug, Clone)]
pub struct OwnTask {
    pub id: AssignmentId,
    pub proposal: ProposalId,
    pub code: String,
    pub title: String,
    pub call: CallId,
    pub call_title: String,
    pub zone: Tz,
    pub state: AssignmentState,
    pub due_at: Option<DateTime<Utc>>,
    pub submitted_at: Option<DateTime<Utc>>,
    pub reopened_reason: Option<String>,
    /// Criteria that are dealt with, and how many there are.
    pub done: usize,
    pub total: usize,
}

/// The actor's own tasks, the most urgent first.
pub struct OwnTasks;

impl Query for OwnTasks {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = Vec<OwnTask>;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Vec<OwnTask>> {
        let db = db.conn();
        let rows = scope::own_assignments(leave)
            .filter(assignment::Column::State.ne(AssignmentState::Declined))
            .order_by_asc(assignment::Column::DueAt)
            .order_by_asc(assignment::Column::InvitedAt)
            .all(db)
            .await?;
        let proposals = proposal::Entity::find()
            .find_also_related(call::Entity)
            .filter(proposal::Column::Id.is_in(rows.iter().map(|r| r.proposal_id)))
            .all(db)
            .await?;
        let scores =
            score::Entity::find().filter(score::Column::AssignmentId.is_in(rows.iter().map(|r| r.id))).all(db).await?;
        let mut given: BTreeMap<AssignmentId, Vec<score::Model>> = BTreeMap::new();
        for row in scores {
            given.entry(row.assignment_id).or_default().push(row);
        }
        let task = |row: assignment::Model| {
            let (proposal, call) = proposals.iter().find(|(p, _)| p.id == row.proposal_id)?;
            let call = call.as_ref()?;
            let given = given.get(&row.id).map_or(&[][..], Vec::as_slice);
            let sheet = weighted(&call.terms, &given.iter().map(kept).collect::<Vec<_>>());
            Some(OwnTask {
                id: row.id,
                proposal: row.proposal_id,
                code: proposal.code.clone(),
                title: proposal.title.clone(),
                call: row.call_id,
                call_title: call.title.clone(),
                zone: call.terms.zone,
                state: row.state,
                due_at: row.due_at,
                submitted_at: row.submitted_at,
                reopened_reason: row.reopened_reason,
                done: sheet.done,
                total: sheet.of,
            })
        };
        Ok(rows.into_iter().filter_map(task).collect())
    }
}

/// What somebody who is asked to judge may know before the answer.
#[derive(Debug, Clone)]
pub struct Invitation {
    pub id: AssignmentId,
    pub state: AssignmentState,
    pub code: String,
    pub title: String,
    pub acronym: String,
    pub call_title: String,
    pub summary: String,
    pub zone: Tz,
    pub due_at: Option<DateTime<Utc>>,
    /// When the invitation lapses without an answer.
    pub answer_by: DateTime<Utc>,
    /// Organisation, country and companies of each part.
    pub partners: Vec<(String, &'static str, Vec<String>)>,
    /// Everybody the proposal names: contacts, signatories, those who signed letters.
    pub people: Vec<String>,
    /// What the check for conflicts found about the expert and nobody dismissed.
    pub found: Vec<String>,
    pub version: i64,
}

/// The invitation behind an own task, or the task itself after it was accepted.
pub struct InvitationOf(pub AssignmentId);

impl Query for InvitationOf {
    const NEEDS: Permission = Permission::AnswerAssignment;
    type Output = Invitation;

    fn about(&self) -> Subject {
        Subject::Assignment(self.0)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Invitation> {
        let row = assignment::Entity::find_by_id(self.0).one(db.conn()).await?.ok_or(AppError::NotFound)?;
        if Some(row.account_id) != leave.actor().account() {
            return Err(AppError::NotFound);
        }
        let dossier = submitted(db.conn(), leave, row.proposal_id).await?;
        let mut ties = ties_of(db.conn(), row.proposal_id).await?;
        let open = |tie: &FoundTie| tie.state == FindingState::Open;
        let found = ties.remove(&row.account_id).unwrap_or_default().into_iter().filter(open).map(|tie| tie.why);
        let reading = reading(&dossier, &[]);
        let partner = |part: &crate::proposals::reading::queries::ReadPart| {
            let companies = part.smes.iter().map(|s| s.name.clone()).collect();
            (part.organisation.clone(), part.country.name(), companies)
        };
        Ok(Invitation {
            id: row.id,
            state: row.state,
            summary: summary(&reading),
            zone: dossier.terms().zone,
            due_at: row.due_at,
            answer_by: answer_by(row.invited_at, row.due_at),
            found: found.collect(),
            people: people(&dossier),
            partners: reading.parts.iter().map(partner).collect(),
            code: reading.code,
            title: reading.title,
            acronym: reading.acronym,
            call_title: reading.call_title,
            version: row.version,
        })
    }
}

/// Invitations nobody answered in time, for the job that lets them lapse.
pub struct InvitationsOver;

impl Query for InvitationsOver {
    const NEEDS: Permission = Permission::AssignEvaluators;
    type Output = Vec<AssignmentId>;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, _: Leave<'_>) -> Result<Vec<AssignmentId>> {
        let over = Condition::any()
            .add(assignment::Column::InvitedAt.lte(db.now() - ANSWER_WITHIN))
            .add(assignment::Column::DueAt.lte(db.now()));
        let found = assignment::Entity::find()
            .select_only()
            .columns([assignment::Column::Id, assignment::Column::InvitedAt, assignment::Column::DueAt])
            .filter(assignment::Column::State.eq(AssignmentState::Invited))
            .filter(over)
            .into_tuple::<(AssignmentId, DateTime<Utc>, Option<DateTime<Utc>>)>()
            .all(db.conn())
            .await?;
        Ok(found.into_iter().filter(|(_, asked, due)| answer_by(*asked, *due) <= db.now()).map(|(id, ..)| id).collect())
    }
}

/// Everybody a proposal names, each once.
fn people(dossier: &Dossier) -> Vec<String> {
    let mut names: Vec<String> = dossier.team.iter().map(|(_, account)| account.name.clone()).collect();
    for part in &dossier.parts {
        names.extend(part.row.signatory.clone());
        names.extend(part.participants.iter().map(|company| company.contact_name.clone()));
        let letters = part.letters.iter().filter(|letter| letter.state != LetterState::Withdrawn);
        names.extend(letters.map(|letter| letter.signer_name.clone()));
    }
    names.retain(|name| !name.trim().is_empty());
    names.sort();
    names.dedup();
    names
}
