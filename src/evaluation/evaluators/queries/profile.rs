//! One profile, and what its owner should know.

use super::{country_names, tags_of};
use crate::{
    evaluation::{
        assignments::rules::counts,
        conflicts::queries::signed_until,
        evaluators::rules::{self, Alert, Period, Standing, Tag, TextSection},
    },
    kernel::{AppError, Leave, Permission, Query, Result, Snapshot, Subject, access::scope},
};
use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    accounts::account,
    evaluation::{evaluator, evaluator_period, evaluator_text},
    types::{
        ids::EvaluatorId,
        language::Language,
        states::{AssignmentState, EvaluatorState},
    },
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

/// A profile as it is kept.
#[derive(Debug, Clone)]
pub struct ProfileView {
    pub id: EvaluatorId,
    pub name: String,
    pub email: String,
    pub state: EvaluatorState,
    pub organisation: String,
    pub tags: Vec<Tag>,
    pub expertise: String,
    /// Languages and countries by name.
    pub languages: String,
    pub countries: String,
    pub capacity: i32,
    pub hours: Option<i32>,
    pub bio: String,
    pub texts: Vec<TextSection>,
    pub periods: Vec<Period>,
    pub contract_until: Option<NaiveDate>,
    /// The later one of what was signed here and what was recorded.
    pub declaration_until: Option<NaiveDate>,
    /// The end of a declaration on paper.
    pub recorded_until: Option<NaiveDate>,
    pub alerts: Vec<Alert>,
    pub version: i64,
}

async fn profile(
    db: &impl ConnectionTrait,
    row: evaluator::Model,
    person: account::Model,
    now: DateTime<Utc>,
) -> Result<ProfileView> {
    let tags = tags_of(db, &[row.id]).await?.remove(&row.id).unwrap_or_default();
    let texts = evaluator_text::Entity::find()
        .filter(evaluator_text::Column::EvaluatorId.eq(row.id))
        .order_by_asc(evaluator_text::Column::Position)
        .all(db)
        .await?;
    let texts: Vec<TextSection> =
        texts.into_iter().map(|text| TextSection { title: text.title, body: text.body }).collect();
    let signed = signed_until(db, &[row.account_id]).await?.remove(&row.account_id);
    let declaration_until = signed.max(row.declaration_until);
    let standing = Standing {
        tags: tags.len(),
        texts: texts.len() + usize::from(!row.bio.is_empty()),
        languages: Language::list(&row.languages).len(),
        declaration_until,
        contract_until: row.contract_until,
    };
    Ok(ProfileView {
        periods: periods_of(db, row.id).await?,
        alerts: rules::alerts(&standing, now.date_naive()),
        id: row.id,
        name: person.name,
        email: person.email.to_string(),
        state: row.state,
        organisation: row.organisation,
        tags,
        expertise: row.expertise,
        languages: Language::names(&row.languages),
        countries: country_names(&row.countries),
        capacity: row.capacity,
        hours: row.hours,
        bio: row.bio,
        texts,
        contract_until: row.contract_until,
        declaration_until,
        recorded_until: row.declaration_until,
        version: row.version,
    })
}

async fn periods_of(db: &impl ConnectionTrait, id: EvaluatorId) -> Result<Vec<Period>> {
    let rows = evaluator_period::Entity::find()
        .filter(evaluator_period::Column::EvaluatorId.eq(id))
        .order_by_asc(evaluator_period::Column::Position)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| Period { kind: row.kind, from: row.starts_on, until: row.ends_on }).collect())
}

async fn own(db: &impl ConnectionTrait, leave: Leave<'_>) -> Result<Option<(evaluator::Model, account::Model)>> {
    let found = evaluator::Entity::find()
        .find_also_related(account::Entity)
        .filter(evaluator::Column::AccountId.eq(leave.account()?))
        .filter(evaluator::Column::State.eq(EvaluatorState::Active))
        .one(db)
        .await?;
    Ok(found.and_then(|(row, person)| Some((row, person?))))
}

/// The own profile.
pub struct OwnProfile;

impl Query for OwnProfile {
    const NEEDS: Permission = Permission::EditOwnProfile;
    type Output = ProfileView;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<ProfileView> {
        let (row, person) = own(db.conn(), leave).await?.ok_or(AppError::NotFound)?;
        profile(db.conn(), row, person, db.now()).await
    }
}

/// Somebody's profile, for the secretariat.
pub struct ProfileOf(pub EvaluatorId);

impl Query for ProfileOf {
    const NEEDS: Permission = Permission::SeeEvaluators;
    type Output = ProfileView;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, _: Leave<'_>) -> Result<ProfileView> {
        let found = evaluator::Entity::find_by_id(self.0).find_also_related(account::Entity).one(db.conn()).await?;
        match found {
            Some((row, Some(person))) => profile(db.conn(), row, person, db.now()).await,
            _ => Err(AppError::NotFound),
        }
    }
}

/// How many places somebody has, and when the next is free.
#[derive(Debug, Clone)]
pub struct Places {
    pub alerts: Vec<Alert>,
    pub capacity: i32,
    pub taken: i32,
    pub hours: Option<i32>,
    /// The day of the next free place; none when nothing says when.
    pub next: Option<NaiveDate>,
    /// Whether that day is today.
    pub free_now: bool,
}

/// What somebody of the pool sees above the own tasks; nothing for others.
pub struct OwnStanding;

impl Query for OwnStanding {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = Option<Places>;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Option<Places>> {
        let (conn, today) = (db.conn(), db.now().date_naive());
        let Some((row, person)) = own(conn, leave).await? else { return Ok(None) };
        let tasks = scope::own_assignments(leave).all(conn).await?;
        let taken = tasks.iter().filter(|task| counts(task.state)).count();
        let open = tasks.iter().filter(|task| counts(task.state) && task.state != AssignmentState::Submitted);
        let first_due = open.filter_map(|task| task.due_at).map(|at| at.date_naive()).min();
        let view = profile(conn, row, person, db.now()).await?;
        let taken = i32::try_from(taken).unwrap_or(i32::MAX);
        // With every place taken, the next one is free when the first open sheet is due.
        let from = if taken < view.capacity { Some(today) } else { first_due.map(|day| day.max(today)) };
        let next = from.and_then(|from| rules::next_free(&view.periods, from));
        Ok(Some(Places {
            alerts: view.alerts,
            capacity: view.capacity,
            taken,
            hours: view.hours,
            next,
            free_now: next == Some(today) && taken < view.capacity,
        }))
    }
}
