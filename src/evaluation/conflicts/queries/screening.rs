//! What the check for conflicts would change in what is stored.

use crate::{
    evaluation::conflicts::screening::{Tie, screen},
    kernel::{Leave, Permission, Query, Result, Snapshot, Subject},
};
use entity::{
    calls::call,
    evaluation::conflict_finding,
    types::{
        ids::{AccountId, CallId, ProposalId},
        states::{CallState, FindingState},
    },
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::BTreeMap;

/// What was compared, and the proposals of which something is not stored as it was found.
pub struct Fresh {
    pub people: usize,
    pub proposals: usize,
    pub changed: Vec<(ProposalId, Vec<Tie>)>,
}

/// Looks a call through, for everybody or for one person.
pub struct ScreeningOf {
    pub call: CallId,
    pub only: Option<AccountId>,
}

impl Query for ScreeningOf {
    const NEEDS: Permission = Permission::DecideConflicts;
    type Output = Fresh;

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn fetch(self, db: &Snapshot, _: Leave<'_>) -> Result<Fresh> {
        let found = screen(db.conn(), self.call, db.now().date_naive(), self.only).await?;
        let mut stored = conflict_finding::Entity::find().filter(conflict_finding::Column::CallId.eq(self.call));
        if let Some(one) = self.only {
            stored = stored.filter(conflict_finding::Column::AccountId.eq(one));
        }
        let mut known: BTreeMap<ProposalId, Vec<conflict_finding::Model>> = BTreeMap::new();
        for row in stored.all(db.conn()).await? {
            known.entry(row.proposal_id).or_default().push(row);
        }
        let proposals = found.found.len();
        let mut changed: Vec<_> =
            found.found.into_iter().filter(|(id, ties)| differs(known.remove(id).unwrap_or_default(), ties)).collect();
        // Proposals that are in the call no longer have nothing found against them.
        changed.extend(known.into_iter().filter(|(_, rows)| differs(rows.clone(), &[])).map(|(id, _)| (id, vec![])));
        Ok(Fresh { people: found.people, proposals, changed })
    }
}

/// Whether storing these ties would write something.
fn differs(known: Vec<conflict_finding::Model>, ties: &[Tie]) -> bool {
    let matches =
        |tie: &Tie, row: &conflict_finding::Model| row.account_id == tie.account && row.fingerprint == tie.fingerprint;
    let settled = |tie: &Tie| {
        known.iter().any(|row| {
            let as_stored = row.strength == tie.strength && row.path == tie.path && row.on_day == tie.on;
            matches(tie, row)
                && match row.state {
                    FindingState::Open => as_stored,
                    FindingState::Gone => false,
                    FindingState::Confirmed | FindingState::Dismissed => true,
                }
        })
    };
    let lost =
        |row: &conflict_finding::Model| row.state == FindingState::Open && !ties.iter().any(|tie| matches(tie, row));
    !ties.iter().all(settled) || known.iter().any(lost)
}

/// The calls in which somebody may still be asked to judge.
pub struct CallsToScreen;

impl Query for CallsToScreen {
    const NEEDS: Permission = Permission::DecideConflicts;
    type Output = Vec<CallId>;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, _: Leave<'_>) -> Result<Vec<CallId>> {
        Ok(call::Entity::find()
            .select_only()
            .column(call::Column::Id)
            .filter(call::Column::State.is_in([CallState::Closed, CallState::Evaluating]))
            .order_by_asc(call::Column::Id)
            .into_tuple()
            .all(db.conn())
            .await?)
    }
}
