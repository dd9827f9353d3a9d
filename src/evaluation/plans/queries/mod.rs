//! What is seen of plans: the list, one with its pairs, one pair, several side by side, and what deploying would do.

mod compare;
mod deploy;
mod import;
mod inputs;
mod list;
mod pair;
mod sent;
mod sheet;

pub use compare::{Compared, Comparison, ComparisonOf, Difference};
pub use deploy::{Deployment, DeploymentOf, LeftOut};
pub use import::{ImportOf, ImportView, ListedPair, Looked};
pub use inputs::{Inputs, InputsOf, StillWanted};
pub use list::{MayPlan, PlanLine, Plans, PlansOf, SettingsOf, SettingsView};
pub use pair::{NextView, PairOf, PairView};
pub use sheet::{LIST_SORTS, PairLine, PlanOf, PlanSheet, ProgressOf, Run, Standing};

pub(super) use deploy::{Fate, fates};
pub(super) use import::resolved;
pub(super) use inputs::waits_for;
pub(super) use sheet::visible;

use super::rules::{
    figures::{Weighed, figures},
    settings::Settings,
};
use crate::{
    evaluation::{
        assignments::{optimum::Figures, queries::evaluated},
        recruitment,
    },
    kernel::{AppError, Leave, Result},
};
use entity::{
    accounts::account,
    evaluation::{evaluator, plan, plan_pair, wish},
    proposals::proposal,
    types::{
        ids::{CallId, EvaluatorId, PlanId, ProposalId},
        states::{EvaluatorState, WishKind},
    },
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use std::collections::{BTreeMap, BTreeSet};

/// A plan of this call.
///
/// # Errors
/// `NotFound` when there is none.
pub(super) async fn of_call(db: &impl ConnectionTrait, call: CallId, id: PlanId) -> Result<plan::Model> {
    let row = plan::Entity::find_by_id(id).filter(plan::Column::CallId.eq(call)).one(db).await?;
    row.ok_or(AppError::NotFound)
}

/// The settings of a plan.
pub(super) fn settings(row: &plan::Model) -> Result<Settings> {
    Ok(serde_json::from_value(row.settings.clone())?)
}

/// What drafts of a call are counted over: its proposals as far as the reader may see them, its evaluators, wishes.
pub(super) struct Ground {
    /// Number and title of each.
    pub proposals: BTreeMap<ProposalId, (String, String)>,
    /// Who can be given proposals of the call.
    pub evaluators: BTreeSet<EvaluatorId>,
    /// Pairs evaluators would like.
    pub wished: BTreeSet<(ProposalId, EvaluatorId)>,
}

impl Ground {
    pub async fn load(db: &impl ConnectionTrait, leave: Leave<'_>, call: CallId) -> Result<Self> {
        let proposals: BTreeMap<ProposalId, (String, String)> = evaluated(leave, call)
            .select_only()
            .columns([proposal::Column::Id, proposal::Column::Code, proposal::Column::Title])
            .into_tuple::<(ProposalId, String, String)>()
            .all(db)
            .await?
            .into_iter()
            .map(|(id, code, title)| (id, (code, title)))
            .collect();
        let mut active = evaluator::Entity::find()
            .select_only()
            .column(evaluator::Column::Id)
            .filter(evaluator::Column::State.eq(EvaluatorState::Active));
        if let Some(accepted) = recruitment::queries::accepted(db, call).await? {
            active = active.filter(evaluator::Column::Id.is_in(accepted.into_keys()));
        }
        let evaluators: BTreeSet<EvaluatorId> = active.into_tuple().all(db).await?.into_iter().collect();
        let wishes = wish::Entity::find()
            .select_only()
            .columns([wish::Column::ProposalId, wish::Column::EvaluatorId])
            .filter(wish::Column::CallId.eq(call))
            .filter(wish::Column::Kind.eq(WishKind::Eager))
            .into_tuple::<(ProposalId, EvaluatorId)>()
            .all(db)
            .await?;
        // Wishes of people who take no part any more cannot be met.
        let counts = |pair: &(ProposalId, EvaluatorId)| proposals.contains_key(&pair.0) && evaluators.contains(&pair.1);
        let wished = wishes.into_iter().filter(counts).collect();
        Ok(Self { proposals, evaluators, wished })
    }

    /// Figures of the pairs of a draft, without proposals the reader may not see.
    pub fn figures(&self, pairs: &[Weighed]) -> Figures {
        let seen: Vec<Weighed> = pairs.iter().filter(|pair| self.proposals.contains_key(&pair.0)).copied().collect();
        let proposals: Vec<ProposalId> = self.proposals.keys().copied().collect();
        let evaluators: Vec<EvaluatorId> = self.evaluators.iter().copied().collect();
        figures(&proposals, &evaluators, &seen, &self.wished)
    }

    pub fn code(&self, id: ProposalId) -> Option<&str> {
        self.proposals.get(&id).map(|(code, _)| code.as_str())
    }
}

/// The pairs of these plans; one statement.
pub(super) async fn weighed(db: &impl ConnectionTrait, plans: &[PlanId]) -> Result<BTreeMap<PlanId, Vec<Weighed>>> {
    let rows = plan_pair::Entity::find()
        .select_only()
        .columns([
            plan_pair::Column::PlanId,
            plan_pair::Column::ProposalId,
            plan_pair::Column::EvaluatorId,
            plan_pair::Column::Affinity,
        ])
        .filter(plan_pair::Column::PlanId.is_in(plans.iter().copied()))
        .into_tuple::<(PlanId, ProposalId, EvaluatorId, Option<i32>)>()
        .all(db)
        .await?;
    let mut all: BTreeMap<PlanId, Vec<Weighed>> = BTreeMap::new();
    for (plan, proposal, evaluator, affinity) in rows {
        all.entry(plan).or_default().push((proposal, evaluator, i64::from(affinity.unwrap_or_default())));
    }
    Ok(all)
}

/// Somebody as lists name them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    pub name: String,
    pub email: String,
    pub organisation: String,
}

/// The people behind these evaluators.
pub(super) async fn people(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = EvaluatorId>,
) -> Result<BTreeMap<EvaluatorId, Person>> {
    let rows = evaluator::Entity::find()
        .find_also_related(account::Entity)
        .filter(evaluator::Column::Id.is_in(ids))
        .all(db)
        .await?;
    let person = |(row, account): (evaluator::Model, Option<account::Model>)| {
        let (name, email) = account.map(|a| (a.name, a.email.to_string())).unwrap_or_default();
        (row.id, Person { name, email, organisation: row.organisation })
    };
    Ok(rows.into_iter().map(person).collect())
}
