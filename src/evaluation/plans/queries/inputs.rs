//! What a run takes in.

use super::{of_call, settings};
use crate::{
    evaluation::{
        affinity::{
            queries::proposals as compared,
            rules::{Evaluator, Proposal, Wish},
        },
        assignments::{
            queries::{Bars, evaluated},
            rules::counts,
        },
        evaluators::queries::profiles,
        plans::rules::{
            model::{File, Scene, Seat},
            outcome::Outcome,
            settings::Settings,
        },
    },
    kernel::{AppError, Leave, Permission, Query, Result, Snapshot, Subject},
};
use entity::{
    calls::call,
    evaluation::{plan, plan_pair, wish},
    proposals::proposal,
    types::{
        ids::{CallId, EvaluatorId, JobId, PlanId, PlanPairId, ProposalId},
        states::{AssignmentState, PlanState, WishKind},
    },
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::BTreeMap;

/// Everything a run over a plan takes in, read at one moment.
pub struct Inputs {
    pub settings: Settings,
    pub outcome: Option<Outcome>,
    pub pairs: Vec<plan_pair::Model>,
    pub evaluators: Vec<Evaluator>,
    pub proposals: Vec<Proposal>,
    /// By the places of proposal and evaluator.
    pub wishes: BTreeMap<(usize, usize), Wish>,
    codes: Vec<(ProposalId, String)>,
    seats: Vec<EvaluatorId>,
    bars: Bars,
}

impl Inputs {
    /// The people and proposals as numbers, with everything that stands between them.
    pub fn scene(&self) -> Scene {
        let at_proposal: BTreeMap<ProposalId, usize> =
            self.codes.iter().enumerate().map(|(at, (id, _))| (*id, at)).collect();
        let at_evaluator: BTreeMap<EvaluatorId, usize> =
            self.seats.iter().enumerate().map(|(at, id)| (*id, at)).collect();
        let mut scene = Scene {
            proposals: self
                .codes
                .iter()
                .zip(&self.proposals)
                .map(|((id, code), about)| {
                    let file = File {
                        code: code.clone(),
                        languages: about.languages.clone(),
                        tags: about.tags.clone(),
                        countries: about.countries.clone(),
                    };
                    (*id, file)
                })
                .collect(),
            evaluators: self.seats.iter().zip(&self.evaluators).map(|(id, one)| (*id, self.seat(*id, one))).collect(),
            elsewhere: vec![0; self.codes.len()],
            ..Scene::default()
        };
        for task in self.bars.tasks().filter(|task| counts(task.state)) {
            let Some(proposal) = at_proposal.get(&task.proposal_id) else { continue };
            match at_evaluator.get(&task.evaluator_id) {
                Some(evaluator) => {
                    scene.tasks.insert((*proposal, *evaluator));
                }
                None => scene.elsewhere[*proposal] += 1,
            }
        }
        for (p, (proposal, _)) in self.codes.iter().enumerate() {
            for (e, evaluator) in self.seats.iter().enumerate() {
                if let Some(bar) = self.bar(*proposal, *evaluator) {
                    scene.barred.insert((p, e), bar);
                }
            }
        }
        for pair in &self.pairs {
            let (Some(p), Some(e)) = (at_proposal.get(&pair.proposal_id), at_evaluator.get(&pair.evaluator_id)) else {
                continue;
            };
            scene.kept.insert((*p, *e));
            if pair.locked {
                scene.locks.insert((*p, *e));
            }
        }
        scene
    }

    fn seat(&self, id: EvaluatorId, about: &Evaluator) -> Seat {
        let member = self.bars.member(id);
        Seat {
            name: member.map(|m| m.account.name.clone()).unwrap_or_default(),
            organisation: member.map(|m| m.row.organisation.clone()).unwrap_or_default(),
            languages: about.languages.clone(),
            countries: about.countries.clone(),
            expertise: about.expertise.clone(),
            free: self.bars.places(id).and_then(|free| u32::try_from(free).ok()).unwrap_or_default(),
        }
    }

    /// What keeps two apart in a plan: as for an invitation, and an earlier no.
    fn bar(&self, proposal: ProposalId, evaluator: EvaluatorId) -> Option<String> {
        let member = self.bars.member(evaluator)?;
        let declined = self.bars.task(proposal, evaluator).filter(|task| task.state == AssignmentState::Declined);
        let declined = declined.map(|_| "declined this proposal before".to_owned());
        self.bars.bar(proposal, member).or(declined)
    }

    /// The pair with this id.
    pub fn pair(&self, id: PlanPairId) -> Option<&plan_pair::Model> {
        self.pairs.iter().find(|pair| pair.id == id)
    }
}

/// What a run over this plan takes in; nothing when the plan no longer waits for the job that asks.
pub struct InputsOf {
    pub call: CallId,
    pub plan: PlanId,
    /// The job whose run it is; none for work that changes no pair.
    pub job: Option<JobId>,
}

impl Query for InputsOf {
    const NEEDS: Permission = Permission::SeePlans;
    type Output = Option<Inputs>;

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Option<Inputs>> {
        let db = db.conn();
        let row = of_call(db, self.call, self.plan).await?;
        if self.job.is_some() && !waits_for(&row, self.job) {
            return Ok(None);
        }
        let call = call::Entity::find_by_id(self.call).one(db).await?.ok_or(AppError::NotFound)?;
        let codes = evaluated(leave, self.call)
            .select_only()
            .columns([proposal::Column::Id, proposal::Column::Code])
            .order_by_asc(proposal::Column::Id)
            .into_tuple::<(ProposalId, String)>()
            .all(db)
            .await?;
        let bars = Bars::of_call(db, self.call, &[]).await?;
        let busy = |id: EvaluatorId| bars.tasks().any(|task| task.evaluator_id == id && counts(task.state));
        let ids: Vec<EvaluatorId> =
            bars.pool().map(|m| m.row.id).filter(|id| bars.places(*id).is_some() || busy(*id)).collect();
        let (seats, evaluators): (Vec<_>, Vec<_>) = profiles(db, &ids).await?.into_iter().unzip();
        let of: Vec<ProposalId> = codes.iter().map(|(id, _)| *id).collect();
        let mut about: BTreeMap<ProposalId, Proposal> = compared(db, &call, &of).await?.into_iter().collect();
        let proposals = of.iter().map(|id| about.remove(id).unwrap_or_default()).collect();
        let rows = wish::Entity::find().filter(wish::Column::CallId.eq(self.call)).all(db).await?;
        let place = |row: wish::Model| {
            let proposal = of.iter().position(|id| *id == row.proposal_id)?;
            let evaluator = seats.iter().position(|id| *id == row.evaluator_id)?;
            Some(((proposal, evaluator), said(row.kind)))
        };
        let wishes = rows.into_iter().filter_map(place).collect();
        let pairs = plan_pair::Entity::find()
            .filter(plan_pair::Column::PlanId.eq(self.plan))
            .order_by_asc(plan_pair::Column::Id)
            .all(db)
            .await?;
        let outcome = row.outcome.clone().map(serde_json::from_value).transpose()?;
        Ok(Some(Inputs {
            settings: settings(&row)?,
            outcome,
            pairs,
            evaluators,
            proposals,
            wishes,
            codes,
            seats,
            bars,
        }))
    }
}

fn said(kind: WishKind) -> Wish {
    match kind {
        WishKind::Eager => Wish::Want,
        WishKind::Willing => Wish::Can,
        WishKind::Unwilling => Wish::RatherNot,
    }
}

/// Whether a plan waits for the outcome of this job.
pub(in crate::evaluation::plans) fn waits_for(row: &plan::Model, job: Option<JobId>) -> bool {
    row.state == PlanState::Computing && row.job.is_some() && row.job == job
}

/// Whether the plan still waits for this job; the run asks from time to time.
pub struct StillWanted {
    pub call: CallId,
    pub plan: PlanId,
    pub job: JobId,
}

impl Query for StillWanted {
    const NEEDS: Permission = Permission::SeePlans;
    type Output = bool;

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn fetch(self, db: &Snapshot, _: Leave<'_>) -> Result<bool> {
        Ok(waits_for(&of_call(db.conn(), self.call, self.plan).await?, Some(self.job)))
    }
}
