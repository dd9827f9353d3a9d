//! What is seen of the pool.

use crate::{
    evaluation::assignments::rules::{counts, tags},
    kernel::{
        AppError, Leave, Permission, Query, Result, Snapshot, Subject,
        access::scope,
        paging::{ListRequest, Listed, listed},
    },
};
use chrono::{DateTime, Utc};
use entity::{
    accounts::{account, invitation},
    evaluation::{assignment, evaluator},
    types::{
        country::Country,
        ids::{EvaluatorId, InvitationId},
        states::{AssignmentState, EvaluatorState, InvitationKind},
    },
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::BTreeMap;

/// Somebody in the pool.
#[derive(Debug, Clone)]
pub struct EvaluatorLine {
    pub id: EvaluatorId,
    pub name: String,
    pub email: String,
    pub state: EvaluatorState,
    pub organisation: String,
    pub expertise: String,
    pub languages: String,
    pub countries: String,
    pub capacity: i32,
    /// Tasks that take a place, those submitted among them, and conflicts.
    pub load: usize,
    pub submitted: usize,
    pub conflicts: usize,
}

/// An invitation that was not answered yet, or was declined.
#[derive(Debug, Clone)]
pub struct PoolInvitation {
    pub id: InvitationId,
    pub name: String,
    pub email: String,
    pub sent_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub declined: bool,
    pub over: bool,
}

/// The pool with open invitations.
pub struct Pool {
    pub lines: Listed<EvaluatorLine>,
    pub invitations: Vec<PoolInvitation>,
    pub may_manage: bool,
}

/// The pool, filtered and in pages.
pub struct EvaluatorsOf(pub ListRequest);

impl Query for EvaluatorsOf {
    const NEEDS: Permission = Permission::SeeEvaluators;
    type Output = Pool;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Pool> {
        let now = db.now();
        let db = db.conn();
        let list = &self.0;
        let mut select = evaluator::Entity::find();
        if let Some(words) = list.words() {
            select = select.filter(evaluator::Column::Search.contains(&words));
        }
        if let Some(state) = list.value::<EvaluatorState>("state") {
            select = select.filter(evaluator::Column::State.eq(state));
        }
        if let Some(language) = list.filter("language") {
            select = select.filter(evaluator::Column::Search.contains(language.to_lowercase()));
        }
        if let Some(country) = list.value::<Country>("country") {
            select = select.filter(evaluator::Column::Countries.contains(country.code()));
        }
        let select = match list.sort.as_str() {
            "organisation" => select.order_by(evaluator::Column::Organisation, list.order()),
            "capacity" => select.order_by(evaluator::Column::Capacity, list.order()),
            // The searched text begins with the name in lower case, which sorts alike on both databases.
            _ => select.order_by(evaluator::Column::Search, list.order()),
        };
        let page = listed(db, select.order_by_asc(evaluator::Column::Id), list.paging).await?;
        let people = account::Entity::find()
            .filter(account::Column::Id.is_in(page.rows.iter().map(|r| r.account_id)))
            .all(db)
            .await?;
        let tasks = assignment::Entity::find()
            .select_only()
            .column(assignment::Column::EvaluatorId)
            .column(assignment::Column::State)
            .column_as(assignment::Column::Id.count(), "n")
            .filter(assignment::Column::EvaluatorId.is_in(page.rows.iter().map(|r| r.id)))
            .filter(assignment::Column::ProposalId.is_not_in(scope::conflicted(db, leave.actor()).await?))
            .group_by(assignment::Column::EvaluatorId)
            .group_by(assignment::Column::State)
            .into_tuple::<(EvaluatorId, AssignmentState, i64)>()
            .all(db)
            .await?;
        let mut sums: BTreeMap<EvaluatorId, (usize, usize, usize)> = BTreeMap::new();
        for (id, state, n) in tasks {
            let n = usize::try_from(n).unwrap_or_default();
            let sum = sums.entry(id).or_default();
            sum.0 += if counts(state) { n } else { 0 };
            sum.1 += if state == AssignmentState::Submitted { n } else { 0 };
            sum.2 += if state == AssignmentState::Conflicted { n } else { 0 };
        }
        let lines = page.map(|row| {
            let person = people.iter().find(|p| p.id == row.account_id);
            let (load, submitted, conflicts) = sums.get(&row.id).copied().unwrap_or_default();
            EvaluatorLine {
                id: row.id,
                name: person.map(|p| p.name.clone()).unwrap_or_default(),
                email: person.map(|p| p.email.to_string()).unwrap_or_default(),
                state: row.state,
                organisation: row.organisation,
                expertise: row.expertise,
                languages: row.languages,
                countries: countries(&row.countries),
                capacity: row.capacity,
                load,
                submitted,
                conflicts,
            }
        });
        let open =
            Condition::any().add(invitation::Column::AnsweredAt.is_null()).add(invitation::Column::Accepted.eq(false));
        let invitations = invitation::Entity::find()
            .filter(invitation::Column::Kind.eq(InvitationKind::Evaluator))
            .filter(invitation::Column::WithdrawnAt.is_null())
            .filter(open)
            .order_by_desc(invitation::Column::CreatedAt)
            .limit(200)
            .all(db)
            .await?;
        let invitation = |row: invitation::Model| PoolInvitation {
            id: row.id,
            name: row.name,
            email: row.email.to_string(),
            sent_at: row.created_at,
            expires_at: row.expires_at,
            declined: row.accepted == Some(false),
            over: row.expires_at <= now,
        };
        Ok(Pool {
            lines,
            invitations: invitations.into_iter().map(invitation).collect(),
            may_manage: leave.may(Permission::ManageEvaluators),
        })
    }
}

/// Codes as names.
fn countries(codes: &str) -> String {
    let names: Vec<&str> = tags(codes).iter().filter_map(|c| c.parse::<Country>().ok()).map(|c| c.name()).collect();
    names.join(", ")
}

/// A profile as it is kept.
#[derive(Debug, Clone)]
pub struct ProfileView {
    pub id: EvaluatorId,
    pub name: String,
    pub email: String,
    pub state: EvaluatorState,
    pub organisation: String,
    pub expertise: String,
    pub languages: String,
    pub countries: String,
    pub capacity: i32,
    pub bio: String,
    pub version: i64,
}

fn profile(row: evaluator::Model, person: account::Model) -> ProfileView {
    ProfileView {
        id: row.id,
        name: person.name,
        email: person.email.to_string(),
        state: row.state,
        organisation: row.organisation,
        expertise: row.expertise,
        languages: row.languages,
        countries: countries(&row.countries),
        capacity: row.capacity,
        bio: row.bio,
        version: row.version,
    }
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
        let found = evaluator::Entity::find()
            .find_also_related(account::Entity)
            .filter(evaluator::Column::AccountId.eq(leave.account()?))
            .one(db.conn())
            .await?;
        match found {
            Some((row, Some(person))) => Ok(profile(row, person)),
            _ => Err(AppError::NotFound),
        }
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
            Some((row, Some(person))) => Ok(profile(row, person)),
            _ => Err(AppError::NotFound),
        }
    }
}
