//! One scenario.

use super::{
    AgencyView, Curve, Eyes, Ground, MatrixRow, ReserveList, Withheld, ground::organisations, kept, list::Figures,
    names, of_call, settings, views::Named,
};
use crate::{
    allocation::rules::{Input, PotLine, Proof, Settings, is_open},
    kernel::{
        AppError, Leave, Permission, Query, Result, Snapshot, Subject,
        paging::{Listed, Paging},
    },
};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use entity::{
    allocation::scenario,
    evaluation::ranking,
    kernel::job,
    types::{
        ids::{CallId, ScenarioId},
        money::Money,
        states::{CallState, JobState, RankingState, ScenarioState},
    },
};
use sea_orm::{ConnectionTrait, EntityTrait};
use std::collections::BTreeSet;

/// How far a search is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    pub done: i32,
    pub total: i32,
    pub state: JobState,
}

/// A scenario with what the reader may see of it.
pub struct ScenarioSheet {
    pub call: CallId,
    pub call_code: String,
    pub call_title: String,
    pub call_state: CallState,
    pub zone: Tz,
    pub id: ScenarioId,
    pub name: String,
    pub state: ScenarioState,
    pub settings: Settings,
    pub version: i64,
    /// The ranking it was computed from, and whether that one still counts.
    pub ranking: i32,
    pub ranking_state: RankingState,
    pub reason: String,
    pub digest: Option<String>,
    pub minutes_digest: Option<String>,
    /// The minutes as they were signed, for those who see every proposal.
    pub minutes: Option<String>,
    pub out_of_date: bool,
    pub run: Option<Run>,
    pub figures: Option<Figures>,
    pub pot: Option<PotLine>,
    pub proof: Option<Proof>,
    /// Where an optimum is short of money: agency, and what 1 000 more would add in thousandths.
    pub hints: Vec<(String, i64)>,
    pub agencies: Vec<AgencyView>,
    pub curves: Vec<Curve>,
    pub changes: Vec<String>,
    pub rows: Listed<MatrixRow>,
    /// All that is not funded although it could be.
    pub unfunded: Vec<MatrixRow>,
    pub reserve: Vec<ReserveList>,
    pub left_out: Vec<Withheld>,
    /// Money of the top-up, and what is left of it.
    pub top_up: Option<(Money, Money)>,
    /// Proposals of other agencies, which the reader does not open.
    pub others: usize,
    /// Whether what was lacking is left out because of a conflict of interest.
    pub cut: bool,
    pub made_by: String,
    pub made_at: DateTime<Utc>,
    pub computed_at: Option<DateTime<Utc>>,
    pub adopted_by: Option<String>,
    pub adopted_at: Option<DateTime<Utc>>,
    pub open: bool,
    pub may_plan: bool,
    pub may_adopt: bool,
}

/// A scenario of a call, with a page of its matrix.
pub struct ScenarioOf {
    pub call: CallId,
    pub scenario: ScenarioId,
    pub paging: Paging,
}

impl Query for ScenarioOf {
    const NEEDS: Permission = Permission::SeeScenarios;
    type Output = ScenarioSheet;

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<ScenarioSheet> {
        let db = db.conn();
        let row = of_call(db, self.call, self.scenario).await?;
        let ground = Ground::load(db, self.call).await?;
        let rankings: BTreeSet<_> =
            [row.ranking_id].into_iter().chain(ground.ranking.iter().map(|(id, _)| *id)).collect();
        let eyes = Eyes::load(db, leave, self.call, &rankings).await?;
        let ranking = ranking::Entity::find_by_id(row.ranking_id).one(db).await?.ok_or(AppError::NotFound)?;
        let names = names(db, [Some(row.made_by), row.adopted_by].into_iter().flatten()).await?;
        let run = run(db, &row).await?;
        let mut sheet = ScenarioSheet {
            call: self.call,
            zone: ground.call.terms.zone,
            call_state: ground.call.state,
            id: row.id,
            state: row.state,
            settings: settings(&row)?,
            version: row.version,
            ranking: ranking.number,
            ranking_state: ranking.state,
            digest: row.digest.clone(),
            minutes_digest: row.minutes_digest.clone(),
            minutes: None,
            out_of_date: false,
            run,
            figures: None,
            pot: None,
            proof: None,
            hints: Vec::new(),
            agencies: Vec::new(),
            curves: Vec::new(),
            changes: Vec::new(),
            rows: Listed::new(Vec::new(), 0, self.paging),
            unfunded: Vec::new(),
            reserve: Vec::new(),
            left_out: Vec::new(),
            top_up: None,
            others: 0,
            cut: false,
            made_by: names.get(&row.made_by).cloned().unwrap_or_default(),
            made_at: row.made_at,
            computed_at: row.computed_at,
            adopted_by: row.adopted_by.map(|id| names.get(&id).cloned().unwrap_or_default()),
            adopted_at: row.adopted_at,
            open: leave.may(Permission::PlanScenarios) && is_open(row.state),
            may_plan: leave.may(Permission::PlanScenarios),
            may_adopt: leave.may(Permission::AdoptScenario),
            call_code: ground.call.code.clone(),
            call_title: ground.call.title.clone(),
            reason: row.reason.clone(),
            name: row.name.clone(),
        };
        if let Some(kept) = kept(&row)? {
            sheet.out_of_date = eyes.differs(&kept.input, &ground);
            sheet.cut = !eyes.hidden(&kept.input).is_empty();
            let kept = eyes.through(kept);
            let organisations = organisations(db, kept.input.proposals()).await?;
            let agencies = ground.agencies.iter().map(|one| (one.id, one.name.clone())).collect();
            sheet.fill(&Named { eyes: &eyes, agencies, organisations }, &kept, self.paging);
            sheet.minutes = row.minutes.filter(|_| !sheet.cut && sheet.others == 0);
        }
        Ok(sheet)
    }
}

impl ScenarioSheet {
    fn fill(&mut self, named: &Named<'_>, kept: &super::Kept, paging: Paging) {
        let outcome = &kept.outcome;
        self.figures = Some(Figures::of(outcome));
        self.pot = outcome.scenario.pot;
        self.proof.clone_from(&outcome.proof);
        self.agencies = named.agency_views(kept);
        let hints = outcome.proof.iter().flat_map(|proof| &proof.hints);
        self.hints = hints.map(|(agency, hint)| (named.agency(*agency), *hint)).collect();
        self.curves = named.curves(kept, &self.agencies);
        self.changes = named.changes(kept);
        self.reserve = named.reserve(kept);
        self.left_out = named.left_out(kept);
        self.top_up = outcome.top_up.as_ref().map(|all| (all.money, all.left));
        let rows = named.rows(kept, &self.agencies);
        self.others = outcome.scenario.lines.len() - rows.len();
        self.unfunded = rows.iter().filter(|row| !row.verdict.funds()).cloned().collect();
        let total = rows.len() as u64;
        let from = usize::try_from(paging.offset()).unwrap_or(usize::MAX);
        let size = usize::try_from(paging.size).unwrap_or(usize::MAX);
        self.rows = Listed::new(rows.into_iter().skip(from).take(size).collect(), total, paging);
    }
}

/// How far the job is a scenario waits for.
async fn run(db: &impl ConnectionTrait, row: &scenario::Model) -> Result<Option<Run>> {
    let Some(id) = row.job.filter(|_| row.state == ScenarioState::Computing) else { return Ok(None) };
    let job = job::Entity::find_by_id(id).one(db).await?;
    Ok(job.map(|job| Run { done: job.done, total: Ord::max(job.total, 1), state: job.state }))
}

/// Where a scenario stands while it is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    pub state: ScenarioState,
    pub run: Option<Run>,
}

/// How far a scenario is; the page's script asks from time to time.
pub struct ProgressOf {
    pub call: CallId,
    pub scenario: ScenarioId,
}

impl Query for ProgressOf {
    const NEEDS: Permission = Permission::SeeScenarios;
    type Output = Standing;

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn fetch(self, db: &Snapshot, _: Leave<'_>) -> Result<Standing> {
        let row = of_call(db.conn(), self.call, self.scenario).await?;
        Ok(Standing { state: row.state, run: run(db.conn(), &row).await? })
    }
}

/// What a scenario was computed from, letter by letter, so that anybody can compute it again.
pub struct InputOf {
    pub call: CallId,
    pub scenario: ScenarioId,
}

impl Query for InputOf {
    const NEEDS: Permission = Permission::SeeScenarios;
    /// The name of the scenario and its input.
    type Output = (String, String);

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<(String, String)> {
        let db = db.conn();
        let row = of_call(db, self.call, self.scenario).await?;
        let text = row.input.ok_or(AppError::NotFound)?;
        let eyes = Eyes::load(db, leave, self.call, &[row.ranking_id].into()).await?;
        let input: Input = serde_json::from_str(&text)?;
        // It names every proposal and cannot be cut.
        match input.proposals().all(|proposal| eyes.named(proposal).is_some()) {
            true => Ok((row.name, text)),
            false => Err(AppError::NotFound),
        }
    }
}
