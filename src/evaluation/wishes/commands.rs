//! What evaluators do with wishes.

use super::{events::WishesStated, queries::own_choice};
use crate::kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx};
use entity::{
    evaluation::wish,
    types::{
        ids::{CallId, ProposalId},
        states::WishKind,
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use std::collections::BTreeMap;

/// States what one would like to judge; proposals that are not named stay as they were.
#[derive(Clone)]
pub struct StateWishes {
    pub call: CallId,
    /// Nothing takes a wish back.
    pub wishes: Vec<(ProposalId, Option<WishKind>)>,
}

impl Command for StateWishes {
    const NEEDS: Permission = Permission::StateWishes;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let choice = own_choice(tx.conn(), leave, self.call).await?;
        choice.open.map_err(|closed| AppError::refused("wishes_closed", closed.to_string()))?;
        let mut before: BTreeMap<ProposalId, wish::Model> = wish::Entity::find()
            .filter(wish::Column::CallId.eq(self.call))
            .filter(wish::Column::EvaluatorId.eq(choice.evaluator))
            .all(tx.conn())
            .await?
            .into_iter()
            .map(|row| (row.proposal_id, row))
            .collect();
        let (mut stated, mut taken_back) = (0, 0);
        for (proposal, kind) in self.wishes {
            if !choice.proposals.contains(&proposal) {
                return Err(AppError::NotFound);
            }
            match (kind, before.remove(&proposal)) {
                (Some(kind), Some(row)) if row.kind != kind => {
                    let mut change: wish::ActiveModel = row.into();
                    change.kind = Set(kind);
                    change.stated_at = Set(tx.now());
                    change.update(tx.conn()).await?;
                    stated += 1;
                }
                (Some(kind), None) => {
                    let row = wish::ActiveModel {
                        id: Set(tx.new_id()),
                        call_id: Set(self.call),
                        proposal_id: Set(proposal),
                        evaluator_id: Set(choice.evaluator),
                        kind: Set(kind),
                        stated_at: Set(tx.now()),
                    };
                    wish::Entity::insert(row).exec_without_returning(tx.conn()).await?;
                    stated += 1;
                }
                (None, Some(row)) => {
                    wish::Entity::delete_by_id(row.id).exec(tx.conn()).await?;
                    taken_back += 1;
                }
                _ => {}
            }
        }
        Ok(tx.done(WishesStated { call: self.call, stated, taken_back }, ()))
    }
}
