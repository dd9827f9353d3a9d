//! Counts and sums of a call's parts.

use super::rules::{AgencyFigures, CallFigures, KeyFigures};
use crate::{
    calls::stored,
    kernel::{Leave, Permission, Query, Result, Snapshot, Subject, access::scope},
};
use entity::{
    calls::annex,
    evaluation::assignment,
    proposals::part,
    reporting::report,
    types::{
        ids::{AnnexId, CallId, ProposalId},
        money::Money,
        states::PartState,
    },
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select,
    sea_query::{Alias, Expr, ExprTrait, Func},
};

/// The figures of a call.
pub struct FiguresOf(pub CallId);

impl Query for FiguresOf {
    const NEEDS: Permission = Permission::SeeCallFigures;
    type Output = CallFigures;

    fn about(&self) -> Subject {
        Subject::Call(self.0)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<CallFigures> {
        let hidden = scope::conflicted(db.conn(), leave.actor()).await?;
        figures(db.conn(), self.0, &hidden).await
    }
}

/// What is where on its way through a call, as far as the actor may see it.
pub struct KeyFiguresOf(pub CallId);

impl Query for KeyFiguresOf {
    const NEEDS: Permission = Permission::SeeCallFigures;
    type Output = KeyFigures;

    fn about(&self) -> Subject {
        Subject::Call(self.0)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<KeyFigures> {
        let db = db.conn();
        let annexes = annex::Entity::find().select_only().column(annex::Column::Id);
        let annexes = annexes.filter(annex::Column::CallId.eq(self.0)).into_query();
        let seen = scope::parts(leave).filter(part::Column::AnnexId.in_subquery(annexes));
        let ids = seen.clone().select_only().column(part::Column::Id).into_query();
        let parts =
            counted(seen, part::Column::State, part::Column::Id).into_tuple::<(PartState, i64)>().all(db).await?;
        let tasks = match leave.may(Permission::SeeProgress) {
            true => {
                let tasks = scope::assignments(leave).filter(assignment::Column::CallId.eq(self.0));
                counted(tasks, assignment::Column::State, assignment::Column::Id).into_tuple().all(db).await?
            }
            false => Vec::new(),
        };
        let reports = match leave.may(Permission::ReadKpis) {
            true => {
                let reports = report::Entity::find().filter(report::Column::PartId.in_subquery(ids));
                counted(reports, report::Column::State, report::Column::Id).into_tuple().all(db).await?
            }
            false => Vec::new(),
        };
        Ok(KeyFigures { parts: natural(parts), assignments: natural(tasks), reports: natural(reports) })
    }
}

/// How many rows there are of each state.
fn counted<E: EntityTrait>(select: Select<E>, state: E::Column, id: E::Column) -> Select<E> {
    select.select_only().column(state).column_as(id.count(), "rows").group_by(state)
}

fn natural<T>(counts: Vec<(T, i64)>) -> Vec<(T, u64)> {
    counts.into_iter().map(|(state, n)| (state, n.unsigned_abs())).collect()
}

/// The figures of a call without some proposals, also for commands that mail them.
pub(in crate::calls) async fn figures(
    db: &impl ConnectionTrait,
    call: CallId,
    hidden: &[ProposalId],
) -> Result<CallFigures> {
    let annexes = stored::annexes(db, call).await?;
    let rows = part::Entity::find()
        .inner_join(annex::Entity)
        .select_only()
        .columns([part::Column::AnnexId, part::Column::State])
        .column_as(part::Column::Id.count(), "parts")
        .column_as(whole(part::Column::RequestedMinor.sum()), "minor")
        .filter(annex::Column::CallId.eq(call))
        .filter(part::Column::LeftAt.is_null())
        .filter(part::Column::ProposalId.is_not_in(hidden.iter().copied()))
        .group_by(part::Column::AnnexId)
        .group_by(part::Column::State)
        .into_tuple::<(AnnexId, PartState, i64, i64)>()
        .all(db)
        .await?;
    let agencies = annexes
        .into_iter()
        .map(|annex| {
            let terms = annex.row.terms;
            let mut line = AgencyFigures {
                annex: annex.row.id,
                agency: annex.agency.id,
                name: annex.agency.name,
                class: terms.class,
                currency: terms.currency,
                budget: terms.budget,
                drafts: 0,
                drafted: Money::zero(terms.currency),
                submitted: 0,
                asked: Money::zero(terms.currency),
                withdrawn: 0,
            };
            for (_, state, parts, minor) in rows.iter().filter(|row| row.0 == annex.row.id) {
                match state {
                    PartState::Draft => {
                        line.drafts += parts;
                        line.drafted.minor += minor;
                    }
                    PartState::Withdrawn => line.withdrawn += parts,
                    _ => {
                        line.submitted += parts;
                        line.asked.minor += minor;
                    }
                }
            }
            line
        })
        .collect();
    let (proposals_drafted, proposals_submitted) = proposals(db, call, hidden).await?;
    Ok(CallFigures { agencies, proposals_drafted, proposals_submitted })
}

async fn proposals(db: &impl ConnectionTrait, call: CallId, hidden: &[ProposalId]) -> Result<(i64, i64)> {
    let all = |states: Vec<PartState>| {
        part::Entity::find()
            .inner_join(annex::Entity)
            .select_only()
            .expr_as(Func::count_distinct(Expr::col((part::Entity, part::Column::ProposalId))), "proposals")
            .filter(annex::Column::CallId.eq(call))
            .filter(part::Column::LeftAt.is_null())
            .filter(part::Column::State.is_in(states))
            .filter(part::Column::ProposalId.is_not_in(hidden.iter().copied()))
            .into_tuple::<i64>()
            .one(db)
    };
    let done: Vec<PartState> = PartState::ALL
        .iter()
        .copied()
        .filter(|state| !matches!(state, PartState::Draft | PartState::Withdrawn))
        .collect();
    let submitted = all(done.clone()).await?.unwrap_or_default();
    let either = all(done.into_iter().chain([PartState::Draft]).collect()).await?.unwrap_or_default();
    Ok((either - submitted, submitted))
}

/// A sum as a whole number on both databases: PostgreSQL sums whole numbers into decimals.
fn whole(sum: impl ExprTrait) -> Expr {
    sum.cast_as(Alias::new("bigint"))
}
