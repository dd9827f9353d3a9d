//! Several plans side by side.

use super::{Ground, Weighed, of_call, people, settings, weighed};
use crate::{
    evaluation::{
        assignments::optimum::Figures,
        plans::rules::{outcome::Outcome, settings::Settings},
    },
    kernel::{
        AppError, Leave, Permission, Query, Result, Snapshot, Subject,
        paging::{Listed, Paging},
    },
};
use entity::{
    calls::call,
    types::{
        ids::{CallId, EvaluatorId, PlanId, ProposalId},
        states::PlanState,
    },
};
use sea_orm::EntityTrait;
use std::collections::{BTreeMap, BTreeSet};

/// How many plans stand side by side.
const FEWEST: usize = 2;
const MOST: usize = 4;

/// A plan among those compared.
#[derive(Debug, Clone)]
pub struct Compared {
    pub id: PlanId,
    pub name: String,
    pub state: PlanState,
    pub settings: Settings,
    pub figures: Figures,
    pub pairs: usize,
    pub uncovered: usize,
    /// Pairs that not all of the plans have.
    pub differing: usize,
}

/// A pair that not all have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    pub proposal: ProposalId,
    pub code: String,
    pub title: String,
    pub evaluator: EvaluatorId,
    pub name: String,
    /// In the order of the plans: its affinity in millionths where the plan has the pair.
    pub has: Vec<Option<i64>>,
}

/// Plans side by side.
pub struct Comparison {
    pub call: CallId,
    pub call_code: String,
    pub plans: Vec<Compared>,
    pub differences: Listed<Difference>,
}

/// Two to four plans of a call.
pub struct ComparisonOf {
    pub call: CallId,
    pub plans: Vec<PlanId>,
    pub paging: Paging,
}

impl Query for ComparisonOf {
    const NEEDS: Permission = Permission::SeePlans;
    type Output = Comparison;

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Comparison> {
        let db = db.conn();
        let mut ids: Vec<PlanId> = Vec::new();
        for id in self.plans {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        if !(FEWEST..=MOST).contains(&ids.len()) {
            return Err(AppError::invalid("plan", format!("Choose from {FEWEST} to {MOST} plans to compare")));
        }
        let call = call::Entity::find_by_id(self.call).one(db).await?.ok_or(AppError::NotFound)?;
        let ground = Ground::load(db, leave, self.call).await?;
        let all = weighed(db, &ids).await?;
        let seen: Vec<BTreeMap<(ProposalId, EvaluatorId), i64>> = ids
            .iter()
            .map(|id| {
                let pairs: &[Weighed] = all.get(id).map_or(&[], Vec::as_slice);
                let seen = pairs.iter().filter(|pair| ground.proposals.contains_key(&pair.0));
                seen.map(|(p, e, affinity)| ((*p, *e), *affinity)).collect()
            })
            .collect();
        let union: BTreeSet<(ProposalId, EvaluatorId)> = seen.iter().flat_map(|one| one.keys().copied()).collect();
        let differing: BTreeSet<(ProposalId, EvaluatorId)> =
            union.into_iter().filter(|pair| seen.iter().any(|one| !one.contains_key(pair))).collect();
        let mut plans = Vec::new();
        for (id, pairs) in ids.iter().zip(&seen) {
            let row = of_call(db, self.call, *id).await?;
            let outcome: Option<Outcome> = row.outcome.clone().map(serde_json::from_value).transpose()?;
            let lacks = outcome.iter().flat_map(|outcome| &outcome.uncovered);
            plans.push(Compared {
                id: *id,
                state: row.state,
                settings: settings(&row)?,
                figures: ground.figures(all.get(id).map_or(&[], Vec::as_slice)),
                pairs: pairs.len(),
                uncovered: lacks.filter(|(p, _)| ground.proposals.contains_key(p)).count(),
                differing: pairs.keys().filter(|pair| differing.contains(pair)).count(),
                name: row.name,
            });
        }
        let persons = people(db, differing.iter().map(|pair| pair.1)).await?;
        let mut rows: Vec<Difference> = differing
            .into_iter()
            .map(|(proposal, evaluator)| {
                let (code, title) = ground.proposals.get(&proposal).cloned().unwrap_or_default();
                Difference {
                    proposal,
                    code,
                    title,
                    evaluator,
                    name: persons.get(&evaluator).map(|one| one.name.clone()).unwrap_or_default(),
                    has: seen.iter().map(|one| one.get(&(proposal, evaluator)).copied()).collect(),
                }
            })
            .collect();
        rows.sort_by(|a, b| (&a.code, &a.name, a.evaluator).cmp(&(&b.code, &b.name, b.evaluator)));
        let total = rows.len() as u64;
        let from = usize::try_from(self.paging.offset()).unwrap_or(usize::MAX);
        let size = usize::try_from(self.paging.size).unwrap_or(usize::MAX);
        let rows = rows.into_iter().skip(from).take(size).collect();
        Ok(Comparison {
            call: call.id,
            call_code: call.code,
            plans,
            differences: Listed::new(rows, total, self.paging),
        })
    }
}
