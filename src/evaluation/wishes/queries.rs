//! What evaluators see of the proposals they may wish for.

use super::rules::{Closed, open};
use crate::{
    evaluation::{
        assignments::queries::{Bars, readings, summary},
        recruitment,
    },
    kernel::{
        AppError, Leave, Permission, Query, Result, Snapshot, Subject,
        access::scope,
        paging::{Listed, Paging},
    },
};
use entity::{
    calls::call,
    evaluation::{evaluator, plan, recruitment as recruited, wish},
    proposals::{part, proposal},
    types::{
        ids::{CallId, EvaluatorId, ProposalId},
        states::{EvaluatorState, PartState, PlanState, RecruitmentState, WishKind},
    },
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};
use std::collections::BTreeMap;

/// What somebody may wish for in a call.
pub(in crate::evaluation) struct Choice {
    pub call: call::Model,
    pub evaluator: EvaluatorId,
    /// By their numbers; without those the person is too close to.
    pub proposals: Vec<ProposalId>,
    pub open: std::result::Result<(), Closed>,
}

/// What the actor may wish for in a call.
///
/// # Errors
/// `NotFound` for whoever does not take part in the call.
pub(in crate::evaluation) async fn own_choice(
    db: &impl ConnectionTrait,
    leave: Leave<'_>,
    id: CallId,
) -> Result<Choice> {
    let member = evaluator::Entity::find()
        .filter(evaluator::Column::AccountId.eq(leave.account()?))
        .filter(evaluator::Column::State.eq(EvaluatorState::Active))
        .one(db)
        .await?
        .ok_or(AppError::NotFound)?;
    let accepted = recruitment::queries::accepted(db, id).await?.unwrap_or_default();
    if !accepted.contains_key(&member.id) {
        return Err(AppError::NotFound);
    }
    let call = call::Entity::find_by_id(id).one(db).await?.ok_or(AppError::NotFound)?;
    let deployed = plan::Entity::find()
        .filter(plan::Column::CallId.eq(id))
        .filter(plan::Column::State.eq(PlanState::Deployed))
        .count(db)
        .await?;
    let open = open(call.state, deployed > 0);
    // Before, nobody but the applicants knows what is in the call; afterwards everybody has what they were given.
    if open.is_err() {
        return Ok(Choice { call, evaluator: member.id, proposals: Vec::new(), open });
    }
    let judged = part::Entity::find()
        .select_only()
        .column(part::Column::ProposalId)
        .filter(part::Column::State.is_not_in([PartState::Draft, PartState::Withdrawn, PartState::Ineligible]))
        .into_query();
    let all = proposal::Entity::find()
        .select_only()
        .column(proposal::Column::Id)
        .filter(proposal::Column::CallId.eq(id))
        .filter(proposal::Column::Id.in_subquery(judged))
        .order_by_asc(proposal::Column::Code)
        .order_by_asc(proposal::Column::Id)
        .into_tuple::<ProposalId>()
        .all(db)
        .await?;
    let hidden = scope::conflicted(db, leave.actor()).await?;
    let bars = Bars::of_call(db, id, &[]).await?;
    let seat = bars.member(member.id).ok_or(AppError::NotFound)?;
    let near = |proposal: &ProposalId| hidden.contains(proposal) || bars.bar(*proposal, seat).is_some();
    let proposals = all.into_iter().filter(|proposal| !near(proposal)).collect();
    Ok(Choice { call, evaluator: member.id, proposals, open })
}

/// A proposal as somebody sees it who may come to judge it.
#[derive(Debug, Clone)]
pub struct WishLine {
    pub proposal: ProposalId,
    pub code: String,
    pub title: String,
    pub acronym: String,
    pub summary: String,
    /// Organisations and their countries.
    pub partners: Vec<(String, &'static str)>,
    pub wish: Option<WishKind>,
}

/// The proposals of a call one may wish for.
pub struct Wishes {
    pub call: CallId,
    pub call_code: String,
    pub call_title: String,
    pub lines: Listed<WishLine>,
    /// Wishes stated so far.
    pub stated: usize,
    /// Why nothing can be stated any more.
    pub closed: Option<String>,
}

/// A page of the proposals of a call the actor may wish for.
pub struct WishesOf {
    pub call: CallId,
    pub paging: Paging,
}

impl Query for WishesOf {
    const NEEDS: Permission = Permission::StateWishes;
    type Output = Wishes;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Wishes> {
        let db = db.conn();
        let choice = own_choice(db, leave, self.call).await?;
        let said: BTreeMap<ProposalId, WishKind> = wish::Entity::find()
            .filter(wish::Column::CallId.eq(self.call))
            .filter(wish::Column::EvaluatorId.eq(choice.evaluator))
            .all(db)
            .await?
            .into_iter()
            .filter(|row| choice.proposals.contains(&row.proposal_id))
            .map(|row| (row.proposal_id, row.kind))
            .collect();
        let from = usize::try_from(self.paging.offset()).unwrap_or(usize::MAX);
        let size = usize::try_from(self.paging.size).unwrap_or(usize::MAX);
        let shown: Vec<ProposalId> = choice.proposals.iter().skip(from).take(size).copied().collect();
        let lines = readings(db, leave, &shown).await?;
        let line = |read: crate::proposals::reading::queries::Reading| WishLine {
            proposal: read.id,
            summary: summary(&read),
            partners: read.parts.iter().map(|part| (part.organisation.clone(), part.country.name())).collect(),
            wish: said.get(&read.id).copied(),
            code: read.code,
            title: read.title,
            acronym: read.acronym,
        };
        let total = choice.proposals.len() as u64;
        Ok(Wishes {
            call: choice.call.id,
            lines: Listed::new(lines.into_iter().map(line).collect(), total, self.paging),
            stated: said.len(),
            closed: choice.open.err().map(|closed| closed.to_string()),
            call_code: choice.call.code,
            call_title: choice.call.title,
        })
    }
}

/// A call in which the actor can state wishes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WishingCall {
    pub id: CallId,
    pub code: String,
    pub title: String,
    /// Wishes stated so far.
    pub stated: usize,
}

/// The calls in which the actor can state wishes now.
pub struct OwnWishes;

impl Query for OwnWishes {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = Vec<WishingCall>;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Vec<WishingCall>> {
        let db = db.conn();
        let member = evaluator::Entity::find()
            .filter(evaluator::Column::AccountId.eq(leave.account()?))
            .filter(evaluator::Column::State.eq(EvaluatorState::Active))
            .one(db)
            .await?;
        let Some(member) = member else { return Ok(Vec::new()) };
        let taking_part = recruited::Entity::find()
            .select_only()
            .column(recruited::Column::CallId)
            .filter(recruited::Column::EvaluatorId.eq(member.id))
            .filter(recruited::Column::State.eq(RecruitmentState::Accepted))
            .into_query();
        let deployed = plan::Entity::find()
            .select_only()
            .column(plan::Column::CallId)
            .filter(plan::Column::State.eq(PlanState::Deployed))
            .into_query();
        let calls = call::Entity::find()
            .filter(call::Column::Id.in_subquery(taking_part))
            .filter(call::Column::Id.not_in_subquery(deployed))
            .order_by_asc(call::Column::Code)
            .all(db)
            .await?;
        let wishes = wish::Entity::find()
            .select_only()
            .columns([wish::Column::CallId, wish::Column::ProposalId])
            .filter(wish::Column::EvaluatorId.eq(member.id))
            .into_tuple::<(CallId, ProposalId)>()
            .all(db)
            .await?;
        let hidden = scope::conflicted(db, leave.actor()).await?;
        let stated = |call: CallId| wishes.iter().filter(|(of, p)| *of == call && !hidden.contains(p)).count();
        let calls = calls.into_iter().filter(|call| open(call.state, false).is_ok());
        Ok(calls
            .map(|call| WishingCall { id: call.id, stated: stated(call.id), code: call.code, title: call.title })
            .collect())
    }
}
