//! A list of pairs comes in: looked at first, then applied as it was shown.

use super::{about, insert_pairs, seen, step};
use crate::{
    evaluation::plans::{
        events::PlanEvent,
        queries::{resolved, visible},
        rules::{
            import::{List, Look},
            states::{Step, is_open},
        },
    },
    kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx},
};
use entity::{
    evaluation::plan_pair,
    types::{
        ids::{CallId, EvaluatorId, PlanId, ProposalId},
        states::PairOrigin,
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use std::collections::BTreeMap;

/// Keeps what a list would change in a draft, and changes no pair.
#[derive(Clone)]
pub struct LookAtPairs {
    pub call: CallId,
    pub plan: PlanId,
    /// The file's name.
    pub file: String,
    pub list: List,
}

impl Command for LookAtPairs {
    const NEEDS: Permission = Permission::PlanAssignments;
    /// The version the look is good for.
    type Output = i64;

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<i64>> {
        let row = super::of_call(tx.conn(), self.call, self.plan).await?;
        if !is_open(row.state) {
            let message = format!("This is not possible while the plan is in the state “{}”.", row.state.label());
            return Err(AppError::refused("plan_state", message));
        }
        let found = resolved(tx.conn(), leave, &row, &self.list).await?;
        let file: String = self.file.chars().take(200).collect();
        let look =
            Look { file: file.clone(), changes: found.changes, faults: found.faults, unknown: self.list.unknown };
        let (about, version) = (about(&row), row.version + 1);
        let mut change: entity::evaluation::plan::ActiveModel = row.into();
        change.import = Set(Some(serde_json::to_value(&look)?));
        change.version = Set(version);
        change.update(tx.conn()).await?;
        Ok(tx.done(PlanEvent::Looked { about, file }, version))
    }
}

/// What a list changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct PairsChanged {
    pub added: usize,
    pub removed: usize,
    pub relocked: usize,
}

/// Applies the list that was looked at, exactly as it was shown.
#[derive(Clone)]
pub struct ApplyPairs {
    pub call: CallId,
    pub plan: PlanId,
    pub seen: i64,
}

impl Command for ApplyPairs {
    const NEEDS: Permission = Permission::PlanAssignments;
    type Output = PairsChanged;

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<PairsChanged>> {
        let row = seen(tx, self.call, self.plan, self.seen).await?;
        let look: Look = match row.import.clone() {
            Some(kept) => serde_json::from_value(kept)?,
            None => return Err(AppError::refused("no_list", "No list waits here. Please upload it again.")),
        };
        if !look.faults.is_empty() {
            let message = "Some rows cannot be used. A list is the whole draft, so mend them and upload it again.";
            return Err(AppError::refused("faulty_rows", message));
        }
        if look.changes.is_nothing() {
            return Err(AppError::refused("nothing_to_change", "This list changes nothing."));
        }
        let known: BTreeMap<(ProposalId, EvaluatorId), plan_pair::Model> = visible(leave, &row)
            .all(tx.conn())
            .await?
            .into_iter()
            .map(|pair| ((pair.proposal_id, pair.evaluator_id), pair))
            .collect();
        let gone = look.changes.removed.iter().filter_map(|pair| known.get(pair)).map(|pair| pair.id);
        let gone: Vec<_> = gone.collect();
        for some in gone.chunks(super::AT_ONCE) {
            plan_pair::Entity::delete_many()
                .filter(plan_pair::Column::Id.is_in(some.iter().copied()))
                .exec(tx.conn())
                .await?;
        }
        for (proposal, evaluator, locked) in &look.changes.relocked {
            let Some(pair) = known.get(&(*proposal, *evaluator)) else { continue };
            let mut change: plan_pair::ActiveModel = pair.clone().into();
            change.locked = Set(*locked);
            change.update(tx.conn()).await?;
        }
        let new = look.changes.added.iter().map(|(proposal, evaluator, locked)| plan_pair::Model {
            id: tx.new_id(),
            plan_id: row.id,
            proposal_id: *proposal,
            evaluator_id: *evaluator,
            affinity: None,
            locked: *locked,
            origin: PairOrigin::Imported,
            why: None,
            next: None,
            left_out: None,
            assignment_id: None,
        });
        insert_pairs(tx, new.collect()).await?;
        plan_pair::Entity::update_many()
            .col_expr(plan_pair::Column::Next, sea_orm::sea_query::Expr::value(Option::<serde_json::Value>::None))
            .filter(plan_pair::Column::PlanId.eq(row.id))
            .exec(tx.conn())
            .await?;
        let done = PairsChanged {
            added: look.changes.added.len(),
            removed: gone.len(),
            relocked: look.changes.relocked.len(),
        };
        let about = about(&row);
        let mut change = step(row, Step::Find)?;
        change.outcome = Set(None);
        change.import = Set(None);
        change.reason = Set(String::new());
        change.update(tx.conn()).await?;
        let event = PlanEvent::Applied { about, file: look.file, added: done.added, removed: done.removed };
        Ok(tx.done(event, done))
    }
}
