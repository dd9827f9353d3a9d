//! The sheets of others on the same proposal, as far as the call shows them to its evaluators.

use super::{CriterionView, criteria, marks, scores_of};
use crate::{
    evaluation::{assignments::queries::sheet_text, rules::weighted, scores::rules::sees_others},
    kernel::{AppError, Leave, Permission, Query, Result, Snapshot, Subject},
};
use entity::{
    accounts::account,
    calls::call,
    evaluation::{assignment, consensus},
    proposals::proposal,
    types::{
        ids::{AssignmentId, ProposalId},
        judging::SheetVisibility,
        states::{AssignmentState, ConsensusState},
    },
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};

/// A sheet another evaluator handed in, without the note to the panel.
#[derive(Debug, Clone)]
pub struct OtherSheet {
    /// The name where the call shows names, otherwise a letter.
    pub who: String,
    pub total: String,
    pub criteria: Vec<CriterionView>,
    pub comment: String,
}

/// What an evaluator sees of the others.
#[derive(Debug, Clone)]
pub struct OthersView {
    pub id: AssignmentId,
    pub code: String,
    pub title: String,
    /// What the call says at this step.
    pub rule: SheetVisibility,
    /// Whether anything is shown now; when not, there are no sheets here, however many there are.
    pub visible: bool,
    pub max: String,
    pub sheets: Vec<OtherSheet>,
}

/// The sheets of others beside the actor's own.
pub struct OtherSheets(pub AssignmentId);

impl Query for OtherSheets {
    const NEEDS: Permission = Permission::ReadSheet;
    type Output = OthersView;

    fn about(&self) -> Subject {
        Subject::Assignment(self.0)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<OthersView> {
        let db = db.conn();
        let own = assignment::Entity::find_by_id(self.0).one(db).await?.ok_or(AppError::NotFound)?;
        if Some(own.account_id) != leave.actor().account() {
            return Err(AppError::NotFound);
        }
        let found = proposal::Entity::find_by_id(own.proposal_id).find_also_related(call::Entity).one(db).await?;
        let Some((proposal, Some(call))) = found else { return Err(AppError::NotFound) };
        let shown = call.terms.evaluation.visibility;
        let rule = if consensus_begun(db, proposal.id).await? { shown.consensus } else { shown.individual };
        let visible = sees_others(rule, own.state);
        let sheets = if visible { submitted_by_others(db, &own, &call, shown.names).await? } else { Vec::new() };
        Ok(OthersView {
            id: own.id,
            code: proposal.code,
            title: proposal.title,
            rule,
            visible,
            max: call.terms.evaluation.scale.max.to_string(),
            sheets,
        })
    }
}

/// Whether a consensus that its evaluators take part in was opened on a proposal.
async fn consensus_begun(db: &impl ConnectionTrait, proposal: ProposalId) -> Result<bool> {
    use ConsensusState as S;
    let shown = consensus::Entity::find()
        .filter(consensus::Column::ProposalId.eq(proposal))
        .filter(consensus::Column::State.is_in([S::Writing, S::Signing, S::Disputed, S::Agreed, S::ToPanel]))
        .count(db)
        .await?;
    Ok(shown > 0)
}

async fn submitted_by_others(
    db: &impl ConnectionTrait,
    own: &assignment::Model,
    call: &call::Model,
    names: bool,
) -> Result<Vec<OtherSheet>> {
    let others = assignment::Entity::find()
        .filter(assignment::Column::ProposalId.eq(own.proposal_id))
        .filter(assignment::Column::State.eq(AssignmentState::Submitted))
        .filter(assignment::Column::Id.ne(own.id))
        .order_by_asc(assignment::Column::Id)
        .all(db)
        .await?;
    let people = match names {
        true => {
            account::Entity::find()
                .filter(account::Column::Id.is_in(others.iter().map(|o| o.account_id)))
                .all(db)
                .await?
        }
        false => Vec::new(),
    };
    let mut sheets = Vec::new();
    for (task, letter) in others.into_iter().zip('A'..) {
        let said = sheet_text(&task, &scores_of(db, task.id).await?).said;
        let person = people.iter().find(|person| person.id == task.account_id);
        sheets.push(OtherSheet {
            who: person.map_or_else(|| format!("Evaluator {letter}"), |person| person.name.clone()),
            total: weighted(&call.terms, &marks(&said)).total,
            criteria: criteria(&call.terms, &said),
            comment: task.comment,
        });
    }
    Ok(sheets)
}
