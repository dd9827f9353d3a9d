//! What is seen of calibrations.

use super::figures::{Calibrated, CalibratedEvaluator, CalibratedProposal, Inputs, why};
use crate::{
    evaluation::judged::Judged,
    kernel::{AppError, Leave, Permission, Query, Result, Snapshot, Subject, access::scope},
};
use chrono::{DateTime, Utc};
use entity::{
    accounts::account,
    evaluation::{calibration, evaluator},
    proposals::proposal,
    types::{
        ids::{AccountId, CalibrationId, CallId, EvaluatorId, ProposalId},
        states::CallState,
        terms::CallTerms,
    },
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::{BTreeMap, BTreeSet};

/// A calibration as it is kept.
#[derive(Debug, Clone)]
pub struct Kept {
    pub id: CalibrationId,
    pub number: i32,
    pub calibrated: Calibrated,
    /// Whether sheets changed since.
    pub out_of_date: bool,
}

/// The latest calibration of a call, beside what is judged now.
///
/// # Errors
/// When the database fails.
pub async fn latest(db: &impl ConnectionTrait, judged: &Judged) -> Result<Option<Kept>> {
    let row = calibration::Entity::find()
        .filter(calibration::Column::CallId.eq(judged.call.id))
        .order_by_desc(calibration::Column::Number)
        .one(db)
        .await?;
    let kept = |row: calibration::Model| -> Result<Kept> {
        let out_of_date = row.inputs != Inputs::of(judged).digest;
        let calibrated = serde_json::from_value(row.result)?;
        Ok(Kept { id: row.id, number: row.number, calibrated, out_of_date })
    };
    row.map(kept).transpose()
}

/// The proposals of a call the reader may see.
///
/// # Errors
/// When the database fails.
pub async fn seen(db: &impl ConnectionTrait, leave: Leave<'_>, call: CallId) -> Result<BTreeSet<ProposalId>> {
    let rows = scope::proposals(leave)
        .select_only()
        .column(proposal::Column::Id)
        .filter(proposal::Column::CallId.eq(call))
        .into_tuple::<ProposalId>()
        .all(db)
        .await?;
    Ok(rows.into_iter().collect())
}

/// The names of evaluators.
///
/// # Errors
/// When the database fails.
pub async fn names(
    db: &impl ConnectionTrait,
    evaluators: impl IntoIterator<Item = EvaluatorId>,
) -> Result<BTreeMap<EvaluatorId, String>> {
    let rows = evaluator::Entity::find()
        .find_also_related(account::Entity)
        .filter(evaluator::Column::Id.is_in(evaluators))
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|(one, account)| (one.id, account.map(|a| a.name).unwrap_or_default())).collect())
}

/// A proposal with what is known of it.
#[derive(Debug, Clone)]
pub struct ProposalFigures {
    pub code: String,
    pub title: String,
    pub figures: CalibratedProposal,
}

/// An evaluator with what is known of them.
#[derive(Debug, Clone)]
pub struct EvaluatorFigures {
    pub name: String,
    pub figures: CalibratedEvaluator,
}

/// One calibration with the rows the reader may see.
#[derive(Debug, Clone)]
pub struct CalibrationView {
    pub number: i32,
    pub places: i32,
    pub seed: String,
    pub inputs: String,
    pub made_by: String,
    pub made_at: DateTime<Utc>,
    pub out_of_date: bool,
    /// Without rows: mean, spreads and what else is of the whole.
    pub whole: Calibrated,
    pub proposals: Vec<ProposalFigures>,
    pub evaluators: Vec<EvaluatorFigures>,
    /// Codes of proposals without a complete sheet, and of those with an incomplete one.
    pub unscored: Vec<String>,
    pub incomplete: Vec<String>,
}

/// The calibrations of a call.
pub struct Calibrations {
    pub call: CallId,
    pub call_code: String,
    pub call_state: CallState,
    pub terms: CallTerms,
    /// Numbers, the latest first.
    pub all: Vec<i32>,
    pub shown: Option<CalibrationView>,
    /// Complete sheets and proposals of now, and sheets being written.
    pub sheets: usize,
    pub proposals: usize,
    pub open: usize,
    /// Why nothing can be computed from the sheets of now.
    pub unusable: Option<String>,
    pub may_order: bool,
}

/// The calibration of a call with this number, or the latest.
pub struct CalibrationOf {
    pub call: CallId,
    pub number: Option<i32>,
}

impl Query for CalibrationOf {
    const NEEDS: Permission = Permission::SeeCalibration;
    type Output = Calibrations;

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Calibrations> {
        let db = db.conn();
        let mut judged = Judged::load(db, self.call).await?;
        let whole = Inputs::of(&judged);
        // What is counted for the reader leaves out what the reader may not know of.
        let known = seen(db, leave, self.call).await?;
        judged.only(|id| known.contains(&id));
        let inputs = Inputs::of(&judged);
        let rows = calibration::Entity::find()
            .filter(calibration::Column::CallId.eq(self.call))
            .order_by_desc(calibration::Column::Number)
            .all(db)
            .await?;
        let row = match self.number {
            Some(number) => Some(rows.iter().find(|r| r.number == number).ok_or(AppError::NotFound)?),
            None => rows.first(),
        };
        let shown = match row {
            Some(row) => Some(view(db, leave, row, &whole).await?),
            None => None,
        };
        Ok(Calibrations {
            call: self.call,
            all: rows.iter().map(|r| r.number).collect(),
            shown,
            sheets: inputs.totals.len(),
            proposals: inputs.proposals.len(),
            open: judged.open,
            unusable: inputs.scores().err().map(why),
            may_order: leave.may(Permission::Calibrate),
            call_code: judged.call.code,
            call_state: judged.call.state,
            terms: judged.call.terms,
        })
    }
}

async fn view(
    db: &impl ConnectionTrait,
    leave: Leave<'_>,
    row: &calibration::Model,
    now: &Inputs,
) -> Result<CalibrationView> {
    let mut whole: Calibrated = serde_json::from_value(row.result.clone())?;
    let seen = seen(db, leave, row.call_id).await?;
    let wanted: Vec<ProposalId> = whole
        .proposals
        .iter()
        .map(|one| one.proposal)
        .chain(whole.unscored.iter().copied())
        .chain(whole.incomplete.iter().copied())
        .filter(|id| seen.contains(id))
        .collect();
    let proposals: BTreeMap<ProposalId, proposal::Model> = proposal::Entity::find()
        .filter(proposal::Column::Id.is_in(wanted))
        .all(db)
        .await?
        .into_iter()
        .map(|p| (p.id, p))
        .collect();
    let names = names(db, whole.evaluators.iter().map(|one| one.evaluator)).await?;
    let made_by: Option<account::Model> = account::Entity::find_by_id::<AccountId>(row.made_by).one(db).await?;
    let of = |figures: CalibratedProposal| {
        let proposal = proposals.get(&figures.proposal)?;
        Some(ProposalFigures { code: proposal.code.clone(), title: proposal.title.clone(), figures })
    };
    let codes = |ids: &[ProposalId]| ids.iter().filter_map(|id| proposals.get(id).map(|p| p.code.clone())).collect();
    let all = std::mem::take(&mut whole.proposals);
    let lines: Vec<ProposalFigures> = all.into_iter().filter_map(of).collect();
    let evaluators = std::mem::take(&mut whole.evaluators);
    Ok(CalibrationView {
        number: row.number,
        places: row.places,
        seed: row.seed.clone(),
        inputs: row.inputs.clone(),
        made_by: made_by.map(|a| a.name).unwrap_or_default(),
        made_at: row.made_at,
        out_of_date: row.inputs != now.digest,
        unscored: codes(&whole.unscored),
        incomplete: codes(&whole.incomplete),
        proposals: lines,
        evaluators: evaluators
            .into_iter()
            .map(|figures| EvaluatorFigures {
                name: names.get(&figures.evaluator).cloned().unwrap_or_default(),
                figures,
            })
            .collect(),
        whole,
    })
}

/// What the job of a calibration works on.
pub struct InputsOf(pub CallId);

impl Query for InputsOf {
    const NEEDS: Permission = Permission::Calibrate;
    type Output = Inputs;

    fn about(&self) -> Subject {
        Subject::Call(self.0)
    }

    async fn fetch(self, db: &Snapshot, _: Leave<'_>) -> Result<Inputs> {
        Ok(Inputs::of(&Judged::load(db.conn(), self.0).await?))
    }
}
