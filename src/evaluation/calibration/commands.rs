//! What the secretariat does with calibrations.

use super::{
    events::CalibrationEvent,
    figures::{Calibrated, Inputs, why},
};
use crate::{
    evaluation::judged::Judged,
    kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx, error::OnUnique},
};
use entity::{
    evaluation::calibration,
    types::ids::{CalibrationId, CallId, JobId},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

/// Has the model run over the sheets of now, for a line of so many places.
#[derive(Clone)]
pub struct OrderCalibration {
    pub call: CallId,
    /// As typed.
    pub places: String,
}

impl Command for OrderCalibration {
    const NEEDS: Permission = Permission::Calibrate;
    type Output = JobId;

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<JobId>> {
        leave.account()?;
        let inputs = Inputs::of(&Judged::load(tx.conn(), self.call).await?);
        let scores = inputs.scores().map_err(|unusable| AppError::refused("no_model", why(unusable)))?;
        let most = scores.proposals().len();
        let places = self.places.trim().parse().ok().filter(|places| (1..=most).contains(places));
        let Some(places) = places.and_then(|places| i32::try_from(places).ok()) else {
            let message = format!("Enter a whole number from 1 to {most}, the proposals with complete sheets");
            return Err(AppError::invalid("places", message));
        };
        let mut bytes = [0; 8];
        tx.chance().fill(&mut bytes);
        let seed = u64::from_le_bytes(bytes).to_string();
        let job = tx.new_id();
        Ok(tx.done(CalibrationEvent::Ordered { call: self.call, job, places, seed }, job))
    }
}

/// Keeps what the model said; ordered by a person, run by their job.
#[derive(Clone)]
pub struct KeepCalibration {
    pub call: CallId,
    pub places: i32,
    pub seed: String,
    pub inputs: String,
    pub calibrated: Calibrated,
}

impl Command for KeepCalibration {
    const NEEDS: Permission = Permission::Calibrate;
    /// Its number.
    type Output = i32;

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<i32>> {
        let before = calibration::Entity::find()
            .filter(calibration::Column::CallId.eq(self.call))
            .order_by_desc(calibration::Column::Number)
            .one(tx.conn())
            .await?;
        let number = before.map_or(0, |r| r.number) + 1;
        let id: CalibrationId = tx.new_id();
        let row = calibration::ActiveModel {
            id: Set(id),
            call_id: Set(self.call),
            number: Set(number),
            places: Set(self.places),
            seed: Set(self.seed.clone()),
            inputs: Set(self.inputs.clone()),
            result: Set(serde_json::to_value(&self.calibrated)?),
            made_by: Set(leave.account()?),
            made_at: Set(tx.now()),
        };
        let twice = AppError::refused("calibrated_meanwhile", "Another calibration was made at the same moment.");
        calibration::Entity::insert(row).exec_without_returning(tx.conn()).await.on_unique(twice)?;
        let Self { call, places, seed, inputs, .. } = self;
        Ok(tx.done(CalibrationEvent::Made { call, calibration: id, number, places, seed, inputs }, number))
    }
}
