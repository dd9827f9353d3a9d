//! How jobs go.

use crate::kernel::{
    AppError, Leave, Permission, Query, Result, Snapshot, Subject,
    paging::{ListRequest, Listed, between, contains, listed},
};
use chrono::{DateTime, Utc};
use entity::{
    accounts::account,
    kernel::job,
    types::{
        ids::{AccountId, JobId},
        states::JobState,
    },
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::Value;
use std::collections::BTreeMap;

/// One job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobView {
    pub id: JobId,
    pub name: String,
    pub state: JobState,
    pub done: i32,
    pub total: i32,
    pub attempts: i32,
    /// What stood against it last time; for administrators.
    pub error: String,
    pub created_at: DateTime<Utc>,
    pub due_at: DateTime<Utc>,
    pub finished_at: Option<DateTime<Utc>>,
    /// Who ordered it; nobody for the schedule and reactions.
    pub ordered_by: Option<String>,
    /// Where its outcome is.
    pub href: Option<String>,
    /// Rows it was refused for, with the reason.
    pub problems: Vec<(String, String)>,
    /// Rows it did and rows it was refused for, of a bulk job.
    pub counts: Option<(u64, u64)>,
}

fn view(row: job::Model, names: &BTreeMap<AccountId, String>) -> JobView {
    let result = row.result.unwrap_or(Value::Null);
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let problems = result["problems"].as_array().map(Vec::as_slice).unwrap_or_default();
    JobView {
        id: row.id,
        name: row.name,
        state: row.state,
        done: row.done,
        total: row.total,
        attempts: row.attempts,
        error: row.error,
        created_at: row.created_at,
        due_at: row.due_at,
        finished_at: row.finished_at,
        ordered_by: row.ordered_by.and_then(|id| names.get(&id).cloned()),
        // Only pages of this installation.
        href: text(&result["href"]).filter(|href| href.starts_with('/') && !href.starts_with("//")),
        problems: problems.iter().filter_map(|problem| Some((text(&problem["id"])?, text(&problem["why"])?))).collect(),
        counts: result["done"].as_u64().zip(result["refused"].as_u64()),
    }
}

async fn names(db: &Snapshot, rows: &[job::Model]) -> Result<BTreeMap<AccountId, String>> {
    let found = account::Entity::find()
        .select_only()
        .columns([account::Column::Id, account::Column::Name])
        .filter(account::Column::Id.is_in(rows.iter().filter_map(|row| row.ordered_by)))
        .into_tuple::<(AccountId, String)>()
        .all(db.conn())
        .await?;
    Ok(found.into_iter().collect())
}

/// One job, for the person who ordered it and for administrators.
pub struct JobOf(pub JobId);

impl Query for JobOf {
    const NEEDS: Permission = Permission::ReadJob;
    type Output = JobView;

    fn about(&self) -> Subject {
        Subject::Job(self.0)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<JobView> {
        let row = job::Entity::find_by_id(self.0).one(db.conn()).await?.ok_or(AppError::NotFound)?;
        let names = names(db, std::slice::from_ref(&row)).await?;
        let mut job = view(row, &names);
        if !leave.may(Permission::ManageJobs) {
            job.error = String::new();
        }
        Ok(job)
    }
}

/// All jobs, for administrators.
pub struct JobLog(pub ListRequest);

impl Query for JobLog {
    const NEEDS: Permission = Permission::ManageJobs;
    type Output = Listed<JobView>;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, _: Leave<'_>) -> Result<Self::Output> {
        let list = self.0;
        let mut narrowed = Condition::all();
        if let Some(words) = list.words() {
            let any =
                Condition::any().add(contains(job::Column::Name, &words)).add(contains(job::Column::Error, &words));
            narrowed = narrowed.add(any);
        }
        let states = list.values::<JobState>("state");
        if !states.is_empty() {
            narrowed = narrowed.add(job::Column::State.is_in(states));
        }
        let column = if list.sort == "name" { job::Column::Name } else { job::Column::CreatedAt };
        let select = job::Entity::find()
            .filter(narrowed)
            .filter(between(job::Column::CreatedAt, list.value("from"), list.value("until")))
            .order_by(column, list.order())
            .order_by(job::Column::Id, list.order());
        let page = listed(db.conn(), select, list.paging).await?;
        let names = names(db, &page.rows).await?;
        Ok(page.map(|row| view(row, &names)))
    }
}

/// How many jobs were given up.
pub struct FailedJobs;

impl Query for FailedJobs {
    const NEEDS: Permission = Permission::ManageJobs;
    type Output = u64;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, _: Leave<'_>) -> Result<u64> {
        Ok(job::Entity::find().filter(job::Column::State.eq(JobState::Failed)).count(db.conn()).await?)
    }
}
