//! Claims due jobs and does them.

use super::{Registry, Task};
use crate::kernel::{App, Result, rescue::rescued};
use chrono::TimeDelta;
use entity::{
    kernel::job,
    types::{ids::JobId, states::JobState},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, sea_query::Expr};

/// How long a claimed job may go without a sign of life before another worker takes it.
const LOCK: TimeDelta = TimeDelta::minutes(5);
/// Tries before a job is given up and shown to the administrators.
const TRIES: i32 = 6;

/// Does one due job; tells whether there was one.
///
/// # Errors
/// When the queue itself cannot be read or written; a failing job is no error here.
pub async fn step(app: &App, registry: &Registry) -> Result<bool> {
    let Some(row) = claim(app).await? else {
        return Ok(false);
    };
    let outcome = if row.attempts > TRIES {
        Err("whoever did it fell silent each time: the program was ended, or the job ended it".to_owned())
    } else {
        done(app, registry, &row).await
    };
    let (now, id, attempts) = (app.now(), row.id, row.attempts.min(TRIES));
    let mut change =
        job::ActiveModel { attempts: Set(attempts), locked_until: Set(None), ..job::ActiveModel::default() };
    match outcome {
        Ok(result) => {
            change.state = Set(JobState::Done);
            change.result = Set(Some(result));
            change.error = Set(String::new());
            change.finished_at = Set(Some(now));
        }
        Err(error) => {
            tracing::warn!(job = row.name, error, attempts, "a job failed");
            let given_up = attempts >= TRIES;
            change.state = Set(if given_up { JobState::Failed } else { JobState::Queued });
            change.due_at = Set(now + delay(attempts));
            change.error = Set(error.chars().take(2_000).collect());
            change.finished_at = Set(given_up.then_some(now));
        }
    }
    // Only while it is still this worker's: one who was silent for too long has lost it to another.
    job::Entity::update_many()
        .set(change)
        .filter(job::Column::Id.eq(id))
        .filter(job::Column::State.eq(JobState::Running))
        .filter(job::Column::Attempts.eq(row.attempts))
        .exec(app.database().maintenance())
        .await?;
    Ok(true)
}

/// Does a job's work; its panic is a failure like others.
async fn done(app: &App, registry: &Registry, row: &job::Model) -> Result<serde_json::Value, String> {
    let Some(work) = registry.find(&row.name) else {
        return Err(format!("there is no job called {}", row.name));
    };
    let task = Task { id: row.id, payload: row.payload.clone(), ordered_by: row.ordered_by, app: app.clone() };
    match rescued(async { work(app.clone(), task).await }).await {
        Ok(outcome) => outcome.map_err(|e| e.to_string()),
        Err(panicked) => Err(panicked.to_string()),
    }
}

/// Waiting time after the n-th failure: 10 s, 40 s, 160 s …
pub fn delay(attempts: i32) -> TimeDelta {
    let exponent = u32::try_from(attempts.clamp(1, 7) - 1).unwrap_or(0);
    TimeDelta::seconds(10 * 4_i64.pow(exponent))
}

/// Takes the next due job for this worker, or a job whose worker fell silent. The conditional update makes sure
/// that of two workers only one gets it. The try is counted now, so that a job that ends the program is given up
/// as well in the end.
async fn claim(app: &App) -> Result<Option<job::Model>> {
    let db = app.database().maintenance();
    let now = app.now();
    let free = Condition::any().add(job::Column::LockedUntil.is_null()).add(job::Column::LockedUntil.lt(now));
    loop {
        let next = job::Entity::find()
            .filter(job::Column::State.is_in([JobState::Queued, JobState::Running]))
            .filter(job::Column::DueAt.lte(now))
            .filter(free.clone())
            .order_by_asc(job::Column::DueAt)
            .one(db)
            .await?;
        let Some(mut row) = next else {
            return Ok(None);
        };
        let taken = job::Entity::update_many()
            .col_expr(job::Column::State, Expr::value(JobState::Running))
            .col_expr(job::Column::LockedUntil, Expr::value(now + LOCK))
            .col_expr(job::Column::Attempts, Expr::value(row.attempts + 1))
            .filter(job::Column::Id.eq(row.id))
            .filter(job::Column::State.eq(row.state))
            .filter(job::Column::Attempts.eq(row.attempts))
            .filter(free.clone())
            .exec(db)
            .await?;
        if taken.rows_affected == 1 {
            row.attempts += 1;
            return Ok(Some(row));
        }
    }
}

/// Notes how far a job is and that its worker is alive; a failure to do so harms nothing.
pub(super) async fn note_progress(app: &App, id: JobId, done: usize, total: usize) {
    let count = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
    let noted = job::Entity::update_many()
        .col_expr(job::Column::Done, Expr::value(count(done)))
        .col_expr(job::Column::Total, Expr::value(count(total)))
        .col_expr(job::Column::LockedUntil, Expr::value(app.now() + LOCK))
        .filter(job::Column::Id.eq(id))
        .filter(job::Column::State.eq(JobState::Running))
        .exec(app.database().maintenance())
        .await;
    if let Err(error) = noted {
        tracing::warn!(%error, "progress could not be noted");
    }
}
