//! What happens by the clock: one table of names and how often.

use crate::kernel::{App, Result};
use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use entity::{kernel::job, types::states::JobState};
use sea_orm::{ActiveValue::Set, EntityTrait, sea_query::OnConflict};

/// A job and the time between two runs of it.
pub const SCHEDULE: &[(&str, TimeDelta)] = &[
    ("calls.advance", TimeDelta::minutes(1)),
    ("evaluation.lapse", TimeDelta::hours(1)),
    ("evaluation.erase", TimeDelta::days(1)),
    ("evaluation.imports", TimeDelta::days(1)),
    ("evaluation.recruitment", TimeDelta::hours(6)),
    ("reporting.remind", TimeDelta::hours(6)),
    ("evaluation.consensus.remind", TimeDelta::hours(6)),
    ("notifications.digest", TimeDelta::days(1)),
    ("evaluation.screen_all", TimeDelta::days(1)),
];

/// Orders what is due in this period; the key makes sure that several processes order it once.
///
/// # Errors
/// When the queue cannot be written.
pub async fn order_due(app: &App) -> Result<()> {
    let now = app.now();
    for (name, every) in SCHEDULE {
        let period: DateTime<Utc> = now.duration_trunc(*every).unwrap_or(now);
        let row = job::ActiveModel {
            id: Set(crate::kernel::tx::new_uuid(now, app.chance()).into()),
            name: Set((*name).to_owned()),
            payload: Set(serde_json::Value::Null),
            state: Set(JobState::Queued),
            attempts: Set(0),
            due_at: Set(now),
            locked_until: Set(None),
            done: Set(0),
            total: Set(0),
            result: Set(None),
            error: Set(String::new()),
            ordered_by: Set(None),
            once: Set(Some(format!("{name} {}", period.timestamp()))),
            created_at: Set(now),
            finished_at: Set(None),
        };
        let only_once = OnConflict::column(job::Column::Once).do_nothing().to_owned();
        job::Entity::insert_many([row])
            .on_conflict(only_once)
            .exec_without_returning(app.database().maintenance())
            .await?;
    }
    Ok(())
}
