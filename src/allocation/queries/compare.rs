//! Several scenarios side by side.

use super::{
    Eyes, Ground, Kept,
    ground::organisations,
    kept,
    list::Figures,
    views::{AgencyView, MatrixRow, Named},
};
use crate::{
    allocation::rules::Verdict,
    kernel::{AppError, Leave, Permission, Query, Result, Snapshot, Subject},
};
use entity::{
    allocation::scenario,
    types::{
        ids::{CallId, ProposalId, ScenarioId},
        money::Money,
        states::ScenarioState,
    },
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use std::collections::{BTreeMap, BTreeSet};

/// How many scenarios stand side by side.
const FEWEST: usize = 2;
const MOST: usize = 4;

/// A scenario among those compared.
#[derive(Debug, Clone)]
pub struct Compared {
    pub id: ScenarioId,
    pub name: String,
    pub state: ScenarioState,
    pub summary: String,
    pub ranking: i32,
    pub figures: Figures,
    pub agencies: Vec<AgencyView>,
}

/// A proposal in all of them.
#[derive(Debug, Clone)]
pub struct Difference {
    pub rank: u32,
    pub proposal: ProposalId,
    pub code: String,
    pub title: String,
    /// In the order of the scenarios: what became of it, and what its parts get from each agency; none where the
    /// scenario does not know it.
    pub verdicts: Vec<Option<(Verdict, Vec<Money>)>>,
    /// Whether they differ in who is funded or with how much.
    pub differs: bool,
}

/// Scenarios side by side.
pub struct Comparison {
    pub call: CallId,
    pub call_code: String,
    pub scenarios: Vec<Compared>,
    pub rows: Vec<Difference>,
    /// Proposals the reader does not open.
    pub others: usize,
}

/// Two to four scenarios of a call.
pub struct ComparisonOf {
    pub call: CallId,
    pub scenarios: Vec<ScenarioId>,
}

impl Query for ComparisonOf {
    const NEEDS: Permission = Permission::SeeScenarios;
    type Output = Comparison;

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Comparison> {
        let db = db.conn();
        let mut ids: Vec<ScenarioId> = Vec::new();
        for id in self.scenarios {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        if !(FEWEST..=MOST).contains(&ids.len()) {
            return Err(AppError::invalid("scenario", format!("Choose from {FEWEST} to {MOST} scenarios to compare")));
        }
        let rows = scenario::Entity::find()
            .filter(scenario::Column::CallId.eq(self.call))
            .filter(scenario::Column::Id.is_in(ids.iter().copied()))
            .all(db)
            .await?;
        let mut rows: BTreeMap<ScenarioId, scenario::Model> = rows.into_iter().map(|row| (row.id, row)).collect();
        let mut chosen: Vec<(scenario::Model, Kept)> = Vec::new();
        for id in &ids {
            let row = rows.remove(id).ok_or(AppError::NotFound)?;
            let Some(kept) = kept(&row)? else {
                let message = format!("“{}” is not computed yet, so there is nothing to compare", row.name);
                return Err(AppError::invalid("scenario", message));
            };
            chosen.push((row, kept));
        }
        let ground = Ground::load(db, self.call).await?;
        let rankings: BTreeSet<_> = chosen.iter().map(|(row, _)| row.ranking_id).collect();
        let eyes = Eyes::load(db, leave, self.call, &rankings).await?;
        let proposals: BTreeSet<ProposalId> = chosen.iter().flat_map(|(_, kept)| kept.input.proposals()).collect();
        let organisations = organisations(db, proposals).await?;
        let agencies = ground.agencies.iter().map(|one| (one.id, one.name.clone())).collect();
        let named = Named { eyes: &eyes, agencies, organisations };
        let (mut scenarios, mut matrices, mut others) = (Vec::new(), Vec::new(), 0);
        for (row, kept) in chosen {
            let kept = eyes.through(kept);
            let agencies = named.agency_views(&kept);
            let rows = named.rows(&kept, &agencies);
            others = others.max(kept.outcome.scenario.lines.len() - rows.len());
            matrices.push(rows);
            scenarios.push(Compared {
                id: row.id,
                name: row.name,
                state: row.state,
                summary: kept.settings.summary(),
                ranking: kept.input.ranking,
                figures: Figures::of(&kept.outcome),
                agencies,
            });
        }
        Ok(Comparison { call: self.call, call_code: ground.call.code, scenarios, rows: lines(&matrices), others })
    }
}

/// The proposals of all matrices, as the first that knows them ranks them.
fn lines(matrices: &[Vec<MatrixRow>]) -> Vec<Difference> {
    let by: Vec<BTreeMap<ProposalId, &MatrixRow>> =
        matrices.iter().map(|rows| rows.iter().map(|row| (row.proposal, row)).collect()).collect();
    let mut seen: BTreeSet<ProposalId> = BTreeSet::new();
    let mut lines: Vec<Difference> = Vec::new();
    for row in matrices.iter().flatten() {
        if !seen.insert(row.proposal) {
            continue;
        }
        let verdicts: Vec<_> = by
            .iter()
            .map(|rows| {
                let row = rows.get(&row.proposal)?;
                let paid = row.cells.iter().flatten().filter(|part| part.granted.minor > 0).map(|part| part.granted);
                Some((row.verdict, paid.collect::<Vec<Money>>()))
            })
            .collect();
        let key =
            |one: &Option<(Verdict, Vec<Money>)>| one.as_ref().map(|(verdict, paid)| (verdict.funds(), paid.clone()));
        lines.push(Difference {
            rank: row.rank,
            proposal: row.proposal,
            code: row.code.clone(),
            title: row.title.clone(),
            differs: verdicts.windows(2).any(|pair| key(&pair[0]) != key(&pair[1])),
            verdicts,
        });
    }
    lines.sort_by_key(|line| line.rank);
    lines
}
