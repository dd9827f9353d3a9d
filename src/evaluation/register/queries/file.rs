//! One proposal with everything its staff may know.

use crate::{
    audit::rules::TOLD_TO_AGENCIES,
    evaluation::assignments::queries::{TaskLine, task_lines},
    kernel::{AppError, Leave, Permission, Query, Result, Snapshot, Subject, access::relation::Relation},
    proposals::reading::queries::{Reading, files, reading, submitted},
};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use entity::{
    evaluation::assignment,
    kernel::audit_entry,
    types::{ids::ProposalId, states::AssignmentState},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

/// The most lines of history shown.
const LINES: u64 = 200;

/// One thing that happened.
#[derive(Debug, Clone)]
pub struct HistoryLine {
    pub at: DateTime<Utc>,
    pub who: String,
    pub what: String,
}

/// A proposal as staff read it.
pub struct ProposalFile {
    pub reading: Reading,
    pub zone: Tz,
    /// Tasks of its evaluators, for those who may see the progress.
    pub tasks: Option<Vec<TaskLine>>,
    pub history: Vec<HistoryLine>,
    pub may_assign: bool,
    pub may_check: bool,
}

/// The file of a proposal.
pub struct FileOf(pub ProposalId);

impl Query for FileOf {
    const NEEDS: Permission = Permission::ReadProposal;
    type Output = ProposalFile;

    fn about(&self) -> Subject {
        Subject::Proposal(self.0)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<ProposalFile> {
        // Applicants and evaluators read the proposal on pages of their own.
        let staff = [
            Relation::CallOfficer,
            Relation::AgencyOfficer,
            Relation::ReportingOfficer,
            Relation::PanelChair,
            Relation::Auditor,
        ];
        if !leave.relations().has_any(&staff) {
            return Err(AppError::NotFound);
        }
        let db = db.conn();
        let dossier = submitted(db, leave, self.0).await?;
        let files = files(db, &dossier).await?;
        let tasks = match leave.may(Permission::SeeProgress) {
            true => {
                let rows = assignment::Entity::find()
                    .filter(assignment::Column::ProposalId.eq(self.0))
                    .filter(assignment::Column::State.ne(AssignmentState::Withdrawn))
                    .order_by_asc(assignment::Column::InvitedAt)
                    .all(db)
                    .await?;
                Some(task_lines(db, rows, dossier.terms(), leave.may(Permission::ReadScores)).await?)
            }
            false => None,
        };
        let mut told = audit_entry::Entity::find().filter(audit_entry::Column::Proposal.eq(self.0.0));
        if !leave.may(Permission::ReadAudit) {
            told = told.filter(audit_entry::Column::Command.is_in(TOLD_TO_AGENCIES.iter().copied()));
        }
        let told = told.order_by_desc(audit_entry::Column::Seq).limit(LINES).all(db).await?;
        let line = |row: audit_entry::Model| HistoryLine { at: row.at, who: row.actor_name, what: row.line };
        Ok(ProposalFile {
            zone: dossier.terms().zone,
            reading: reading(&dossier, &files),
            tasks,
            history: told.into_iter().map(line).collect(),
            may_assign: leave.may(Permission::AssignEvaluators),
            may_check: leave.may(Permission::ReadCheck),
        })
    }
}
