//! What is seen of scenarios: the list, one with its matrix and curves, several side by side, and what adopting needs.

mod adopt;
mod adopted;
mod compare;
mod ground;
mod list;
mod sheet;
mod views;

pub(super) use adopt::against;
pub use adopt::{Adoption, AdoptionOf};
pub use adopted::{Adopted, adopted};
pub use compare::{Compared, Comparison, ComparisonOf, Difference};
pub use list::{Figures, MayPlan, ScenarioLine, Scenarios, ScenariosOf, SettingsOf, SettingsView};
pub use sheet::{InputOf, ProgressOf, Run, ScenarioOf, ScenarioSheet, Standing};
pub use views::{AgencyView, Cell, Curve, CurvePoint, MatrixRow, PartView, ReserveList, ReserveView, Withheld};

pub(super) use ground::Ground;

use super::rules::{Input, Outcome, Settings};
use crate::kernel::{AppError, Leave, Permission, Query, Result, Snapshot, Subject, access::scope};
use entity::{
    allocation::scenario,
    proposals::proposal,
    types::{
        ids::{AccountId, CallId, JobId, ProposalId, RankingId, ScenarioId},
        states::ScenarioState,
    },
};
use ground::{Named, named};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use std::collections::{BTreeMap, BTreeSet};

/// A scenario of this call.
///
/// # Errors
/// `NotFound` when there is none.
pub(super) async fn of_call(db: &impl ConnectionTrait, call: CallId, id: ScenarioId) -> Result<scenario::Model> {
    let row = scenario::Entity::find_by_id(id).filter(scenario::Column::CallId.eq(call)).one(db).await?;
    row.ok_or(AppError::NotFound)
}

pub(super) fn settings(row: &scenario::Model) -> Result<Settings> {
    Ok(serde_json::from_value(row.settings.clone())?)
}

/// What a computed scenario holds.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    pub input: Input,
    pub settings: Settings,
    pub outcome: Outcome,
}

/// What was computed last; none for a draft.
pub(super) fn kept(row: &scenario::Model) -> Result<Option<Kept>> {
    let (Some(input), Some(outcome)) = (&row.input, &row.outcome) else { return Ok(None) };
    Ok(Some(Kept {
        input: serde_json::from_str(input)?,
        settings: settings(row)?,
        outcome: serde_json::from_value(outcome.clone())?,
    }))
}

/// What a reader sees of the proposals of some rankings.
pub(super) struct Eyes {
    /// Those that exist for the reader at all: without a conflict of interest.
    known: BTreeMap<ProposalId, Named>,
    /// Those among them the reader may open; officers of an agency open those with a part of their own.
    visible: BTreeSet<ProposalId>,
}

impl Eyes {
    /// Three statements.
    pub async fn load(
        db: &impl ConnectionTrait,
        leave: Leave<'_>,
        call: CallId,
        rankings: &BTreeSet<RankingId>,
    ) -> Result<Self> {
        let conflicted = scope::conflicted(db, leave.actor()).await?;
        let mut known = named(db, rankings).await?;
        known.retain(|proposal, _| !conflicted.contains(proposal));
        let visible = scope::proposals(leave)
            .filter(proposal::Column::CallId.eq(call))
            .select_only()
            .column(proposal::Column::Id)
            .into_tuple::<ProposalId>()
            .all(db)
            .await?;
        Ok(Self { known, visible: visible.into_iter().collect() })
    }

    /// The proposals of an input that are not there for the reader.
    pub fn hidden(&self, input: &Input) -> BTreeSet<ProposalId> {
        input.proposals().filter(|proposal| !self.known.contains_key(proposal)).collect()
    }

    /// What was computed, as the reader sees it.
    pub fn through(&self, kept: Kept) -> Kept {
        let hidden = self.hidden(&kept.input);
        if hidden.is_empty() {
            return kept;
        }
        let outcome = kept.outcome.without(&kept.input, &kept.settings, &hidden);
        Kept { input: kept.input.without(&hidden), outcome, settings: kept.settings }
    }

    /// Whether what was computed rests on something else than what stands now, as far as the reader sees both.
    pub fn differs(&self, before: &Input, ground: &Ground) -> bool {
        let Some((_, now)) = &ground.ranking else { return true };
        before.without(&self.hidden(before)) != now.without(&self.hidden(now))
    }

    /// Number and title of a proposal the reader may open.
    pub fn named(&self, proposal: ProposalId) -> Option<(&str, &str)> {
        let named = self.known.get(&proposal).filter(|_| self.visible.contains(&proposal))?;
        Some((&named.code, &named.title))
    }
}

/// The names of accounts; one statement.
pub(super) async fn names(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = AccountId>,
) -> Result<BTreeMap<AccountId, String>> {
    use entity::accounts::account;
    let rows = account::Entity::find()
        .select_only()
        .columns([account::Column::Id, account::Column::Name])
        .filter(account::Column::Id.is_in(ids))
        .into_tuple::<(AccountId, String)>()
        .all(db)
        .await?;
    Ok(rows.into_iter().collect())
}

/// Whether a scenario waits for the outcome of this job.
pub(super) fn waits_for(row: &scenario::Model, job: JobId) -> bool {
    row.state == ScenarioState::Computing && row.job == Some(job)
}

/// What a search begins with, as long as the scenario waits for this job.
pub struct SearchOf {
    pub call: CallId,
    pub scenario: ScenarioId,
    pub job: JobId,
}

impl Query for SearchOf {
    const NEEDS: Permission = Permission::SeeScenarios;
    type Output = Option<(Input, Settings)>;

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn fetch(self, db: &Snapshot, _: Leave<'_>) -> Result<Option<(Input, Settings)>> {
        let row = of_call(db.conn(), self.call, self.scenario).await?;
        let Some(input) = row.input.as_ref().filter(|_| waits_for(&row, self.job)) else { return Ok(None) };
        Ok(Some((serde_json::from_str(input)?, settings(&row)?)))
    }
}

/// Whether the scenario still waits for this job; the search asks from time to time.
pub struct StillWanted {
    pub call: CallId,
    pub scenario: ScenarioId,
    pub job: JobId,
}

impl Query for StillWanted {
    const NEEDS: Permission = Permission::SeeScenarios;
    type Output = bool;

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn fetch(self, db: &Snapshot, _: Leave<'_>) -> Result<bool> {
        Ok(waits_for(&of_call(db.conn(), self.call, self.scenario).await?, self.job))
    }
}
