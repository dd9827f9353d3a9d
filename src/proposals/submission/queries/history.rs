//! Who did what with a proposal and when, as its applicants see it.

use super::super::rules::history::TOLD;
use crate::kernel::{
    AppError, Leave, Permission, Query, Result, Snapshot, Subject,
    paging::{Listed, Paging},
};
use chrono::{DateTime, Utc};
use entity::{kernel::audit_entry, proposals::proposal, types::ids::ProposalId};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

/// One thing that happened.
#[derive(Debug, Clone)]
pub struct HistoryLine {
    pub at: DateTime<Utc>,
    pub who: String,
    pub what: String,
}

/// The history of a proposal, latest first.
pub struct HistoryOf {
    pub proposal: ProposalId,
    pub paging: Paging,
}

impl Query for HistoryOf {
    const NEEDS: Permission = Permission::ReadHistory;
    /// Code and title of the proposal, and what happened.
    type Output = (String, String, Listed<HistoryLine>);

    fn about(&self) -> Subject {
        Subject::Proposal(self.proposal)
    }

    async fn fetch(self, db: &Snapshot, _: Leave<'_>) -> Result<Self::Output> {
        let row = proposal::Entity::find_by_id(self.proposal).one(db.conn()).await?.ok_or(AppError::NotFound)?;
        let told = audit_entry::Entity::find()
            .filter(audit_entry::Column::Proposal.eq(self.proposal.0))
            .filter(audit_entry::Column::Command.is_in(TOLD.iter().copied()));
        let total = told.clone().count(db.conn()).await?;
        let rows = told
            .order_by_desc(audit_entry::Column::Seq)
            .offset(self.paging.offset())
            .limit(self.paging.size)
            .all(db.conn())
            .await?;
        let line = |row: audit_entry::Model| HistoryLine { at: row.at, who: row.actor_name, what: row.line };
        let lines = Listed::new(rows.into_iter().map(line).collect(), total, self.paging);
        Ok((row.code, row.title, lines))
    }
}
