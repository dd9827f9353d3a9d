//! Writes the demo's year, step by step; every step is a command, so that the log tells it.

mod awards;
mod complete;
mod evaluation;
mod hand_in;
pub mod ids;
mod people;
mod proposals;
mod recruitment;
mod training;

use super::{cast::Member, material::Material};
use crate::{
    calls::archive::CallFile,
    kernel::{
        Actor, App, AppError, Command, Done, Leave, Permission, Result, Subject, Tx,
        access::{actor::Door, identity},
        event::{AuditLine, Event, JobOrder},
    },
};
use chrono::{DateTime, Utc};
use entity::types::{
    ids::{AnnexId, CallId, OrganisationId},
    terms::AnnexTerms,
};
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel, ModelTrait};
use std::{collections::BTreeMap, sync::Arc};

/// Everything the steps know.
pub struct Year {
    pub material: Material,
    pub file: CallFile,
    pub members: Vec<Member>,
    /// The hash of everybody's password.
    pub phc: String,
    pub call: CallId,
    pub agencies: BTreeMap<String, Agency>,
}

/// An agency of the call.
#[derive(Clone)]
pub struct Agency {
    pub id: OrganisationId,
    pub annex: AnnexId,
    pub terms: AnnexTerms,
}

impl Year {
    /// The agency with this key.
    ///
    /// # Errors
    /// When the call has none.
    pub fn agency(&self, key: &str) -> Result<&Agency> {
        self.agencies.get(key).ok_or(AppError::NotFound)
    }

    /// When a part is handed in: as far before its agency's deadline as the material says; those who are early
    /// are early enough for the first stage.
    pub fn handed_in_at(&self, proposal: usize, part: usize) -> Result<DateTime<Utc>> {
        let one = &self.material.proposals[proposal].parts[part];
        if proposals::early(proposal, part) {
            let hours = i64::try_from(proposal * 7 + part * 3).unwrap_or_default();
            return Ok(super::stage::at(2017, 10, 14, 15) - chrono::TimeDelta::hours(hours % 100));
        }
        let deadline = self.agency(&one.agency)?.terms.deadline.instant();
        let first = super::stage::at(2017, 10, 16, 11) + chrono::TimeDelta::minutes((proposal * 9 + part) as i64);
        Ok((deadline - one.submitted_before).max(first))
    }
}

/// One step of the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Accounts, organisations, labels and the pool of evaluators.
    People,
    /// All proposals as far as they are while the call is open.
    Drafts,
    /// What was still missing in them at the deadline.
    Complete,
    /// One part is submitted: proposal and part.
    HandIn(usize, usize),
    /// Who is asked to evaluate; as it is in October, or with everybody's answer.
    Recruitment { answered: bool },
    /// All eligibility checks.
    Eligibility,
    /// Assignments and sheets; all of them done, or as far as they are in November.
    Sheets { done: bool },
    /// A training proposal with the panel's answer.
    Training,
    /// The ranking, fixed.
    Ranking,
    /// Agreements with their reports.
    Agreements,
}

/// Writes one step.
#[derive(Clone)]
pub struct Load {
    pub year: Arc<Year>,
    pub step: Step,
}

impl Command for Load {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let year = self.year.as_ref();
        let line = match self.step {
            Step::People => people::write(tx, year).await?,
            Step::Drafts => proposals::write(tx, year).await?,
            Step::Complete => complete::write(tx, year).await?,
            Step::HandIn(proposal, part) => {
                let handed_in = hand_in::write(tx, year, leave.actor(), proposal, part).await?;
                return Ok(tx.done(handed_in, ()));
            }
            Step::Recruitment { answered } => recruitment::write(tx, year, answered).await?,
            Step::Eligibility => evaluation::checks(tx, year).await?,
            Step::Sheets { done } => evaluation::sheets(tx, year, done).await?,
            Step::Training => training::write(tx, year).await?,
            Step::Ranking => awards::ranking(tx, year).await?,
            Step::Agreements => awards::agreements(tx, year).await?,
        };
        Ok(tx.done(Loaded { line, jobs: Vec::new() }, ()))
    }
}

/// A step was written.
struct Loaded {
    line: AuditLine,
    jobs: Vec<JobOrder>,
}

impl Event for Loaded {
    fn audit(&self) -> AuditLine {
        self.line.clone()
    }

    fn jobs(&self) -> Vec<JobOrder> {
        self.jobs.clone()
    }
}

/// The person behind an address of the cast, for commands.
///
/// # Errors
/// When there is no such account.
pub async fn actor(app: &App, email: &str) -> Result<Actor> {
    let door = Door::Session(ids::id(email));
    let found = identity::person(app.database().maintenance(), super::cast::account(email), door).await?;
    found.ok_or(AppError::NotFound)
}

/// Inserts rows, many at once.
async fn put<M>(db: &impl ConnectionTrait, rows: Vec<M>) -> Result<()>
where
    M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
    <M::Entity as EntityTrait>::ActiveModel: ActiveModelTrait<Entity = M::Entity>,
{
    let mut rows = rows.into_iter().map(|row| row.into_active_model().reset_all()).peekable();
    while rows.peek().is_some() {
        let some: Vec<_> = rows.by_ref().take(120).collect();
        M::Entity::insert_many(some).exec_without_returning(db).await?;
    }
    Ok(())
}
