//! Which training proposal stands before the sheets of a call.

use crate::kernel::Result;
use entity::{
    evaluation::{assignment, training, training_sheet},
    types::{ids::TrainingId, states::TrainingState},
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

/// The first training proposal the call requires of an evaluator and that is not yet submitted.
///
/// # Errors
/// When the database cannot be asked.
pub async fn training_owed(db: &impl ConnectionTrait, task: &assignment::Model) -> Result<Option<TrainingId>> {
    let required = training::Entity::find()
        .filter(training::Column::CallId.eq(task.call_id))
        .filter(training::Column::State.eq(TrainingState::Open))
        .filter(training::Column::Required.eq(true))
        .order_by_asc(training::Column::Id)
        .all(db)
        .await?;
    if required.is_empty() {
        return Ok(None);
    }
    let done = training_sheet::Entity::find()
        .filter(training_sheet::Column::AccountId.eq(task.account_id))
        .filter(training_sheet::Column::TrainingId.is_in(required.iter().map(|one| one.id)))
        .filter(training_sheet::Column::SubmittedAt.is_not_null())
        .all(db)
        .await?;
    Ok(required.into_iter().map(|one| one.id).find(|id| !done.iter().any(|sheet| sheet.training_id == *id)))
}
