//! What the first page needs that no feature shows in this form.

use super::rules::{Counts, Hat, NextStep, next_step};
use crate::kernel::{Actor, Leave, Permission, Query, Result, Snapshot, Subject, access::scope};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use entity::{
    agreements::agreement,
    calls::{annex, call},
    decisions::decision,
    evaluation::assignment,
    organisations::{membership, organisation},
    proposals::{part, proposal},
    reporting::report,
    types::{
        ids::{AssignmentId, CallId, OrganisationId, ProposalId},
        states::{
            AnnexState, AssignmentState, CallState, DecisionState, MembershipRole, MembershipState, PartState,
            ReportState, Role,
        },
    },
};
use sea_orm::{
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, RelationTrait,
};

/// Most calls and assignments the first page shows.
const SHOWN: u64 = 30;

/// A call somebody works on.
#[derive(Debug, Clone)]
pub struct StaffCall {
    pub id: CallId,
    pub code: String,
    pub title: String,
    pub state: CallState,
    pub opens_at: Option<DateTime<Utc>>,
    pub closes_at: Option<DateTime<Utc>>,
    pub zone: Tz,
    /// What the actor is to the call.
    pub hat: Hat,
    pub counts: Counts,
    pub next: Option<NextStep>,
}

/// The calls the actor works on, running ones first, with their numbers and the next step.
pub struct StaffCalls;

impl Query for StaffCalls {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = Vec<StaffCall>;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Vec<StaffCall>> {
        let rows = scope::staff_calls(leave)
            .order_by_desc(call::Column::CreatedAt)
            .order_by_desc(call::Column::Id)
            .limit(SHOWN)
            .all(db.conn())
            .await?;
        let ids: Vec<CallId> = rows.iter().map(|row| row.id).collect();
        let hidden = scope::conflicted(db.conn(), leave.actor()).await?;
        let tallies = Tallies::of(db, &ids, &hidden).await?;
        let mut calls: Vec<StaffCall> = rows
            .into_iter()
            .filter_map(|row| {
                let hat = hat(leave.actor(), row.id)?;
                let counts = tallies.counts(leave.actor(), row.id, hat);
                Some(StaffCall {
                    next: next_step(hat, row.state, &counts),
                    id: row.id,
                    code: row.code,
                    title: row.title,
                    state: row.state,
                    opens_at: row.opens_at,
                    closes_at: row.closes_at,
                    zone: row.terms.zone,
                    hat,
                    counts,
                })
            })
            .collect();
        calls.sort_by_key(|call| (call.state == CallState::Archived, call.next.is_none()));
        Ok(calls)
    }
}

/// What the actor is to a call; agencies are asked last, because their calls were found by their annexes.
fn hat(actor: &Actor, call: CallId) -> Option<Hat> {
    if actor.has_for_call(Role::Secretariat, call) {
        Some(Hat::Secretariat)
    } else if !actor.agencies(Role::AgencyOfficer).is_empty() {
        Some(Hat::Agency)
    } else if actor.has_for_call(Role::PanelChair, call) {
        Some(Hat::Chair)
    } else if !actor.agencies(Role::ReportingOfficer).is_empty() {
        Some(Hat::Reporting)
    } else {
        actor.has(Role::Auditor).then_some(Hat::Auditor)
    }
}

type Tally<S> = Vec<(CallId, OrganisationId, S, i64)>;

/// Counts by call, agency and state: one statement for each kind of thing, however many calls there are.
struct Tallies {
    annexes: Tally<AnnexState>,
    parts: Tally<PartState>,
    decisions: Tally<DecisionState>,
    reports: Tally<ReportState>,
    reviews: Vec<(CallId, AssignmentState, i64)>,
}

impl Tallies {
    /// Without the proposals the reader has a conflict with.
    async fn of(db: &Snapshot, calls: &[CallId], hidden: &[ProposalId]) -> Result<Self> {
        let here = || annex::Column::CallId.is_in(calls.iter().copied());
        let seen = || part::Column::ProposalId.is_not_in(hidden.iter().copied());
        let annexes = annex::Entity::find()
            .select_only()
            .columns([annex::Column::CallId, annex::Column::AgencyId, annex::Column::State])
            .column_as(annex::Column::Id.count(), "n")
            .filter(here())
            .group_by(annex::Column::CallId)
            .group_by(annex::Column::AgencyId)
            .group_by(annex::Column::State)
            .into_tuple()
            .all(db.conn())
            .await?;
        let parts = part::Entity::find()
            .inner_join(annex::Entity)
            .select_only()
            .columns([annex::Column::CallId, annex::Column::AgencyId])
            .column(part::Column::State)
            .column_as(part::Column::Id.count(), "n")
            .filter(here())
            .filter(part::Column::LeftAt.is_null())
            .filter(seen())
            .group_by(annex::Column::CallId)
            .group_by(annex::Column::AgencyId)
            .group_by(part::Column::State)
            .into_tuple()
            .all(db.conn())
            .await?;
        let decisions = decision::Entity::find()
            .inner_join(part::Entity)
            .join(sea_orm::JoinType::InnerJoin, part::Relation::Annex.def())
            .select_only()
            .columns([annex::Column::CallId, annex::Column::AgencyId])
            .column(decision::Column::State)
            .column_as(decision::Column::Id.count(), "n")
            .filter(here())
            .filter(seen())
            .group_by(annex::Column::CallId)
            .group_by(annex::Column::AgencyId)
            .group_by(decision::Column::State)
            .into_tuple()
            .all(db.conn())
            .await?;
        let reports = report::Entity::find()
            .inner_join(agreement::Entity)
            .join(sea_orm::JoinType::InnerJoin, agreement::Relation::Part.def())
            .join(sea_orm::JoinType::InnerJoin, part::Relation::Annex.def())
            .select_only()
            .columns([annex::Column::CallId, annex::Column::AgencyId])
            .column(report::Column::State)
            .column_as(report::Column::Id.count(), "n")
            .filter(here())
            .filter(seen())
            .group_by(annex::Column::CallId)
            .group_by(annex::Column::AgencyId)
            .group_by(report::Column::State)
            .into_tuple()
            .all(db.conn())
            .await?;
        let reviews = assignment::Entity::find()
            .select_only()
            .columns([assignment::Column::CallId, assignment::Column::State])
            .column_as(assignment::Column::Id.count(), "n")
            .filter(assignment::Column::CallId.is_in(calls.iter().copied()))
            .filter(assignment::Column::ProposalId.is_not_in(hidden.iter().copied()))
            .group_by(assignment::Column::CallId)
            .group_by(assignment::Column::State)
            .into_tuple()
            .all(db.conn())
            .await?;
        Ok(Self { annexes, parts, decisions, reports, reviews })
    }

    fn counts(&self, actor: &Actor, call: CallId, hat: Hat) -> Counts {
        let mut agencies = actor.agencies(Role::AgencyOfficer);
        agencies.extend(actor.agencies(Role::ReportingOfficer));
        let narrow = matches!(hat, Hat::Agency | Hat::Reporting);
        let ours = |agency: OrganisationId| !narrow || agencies.contains(&agency);
        let parts = |wanted: &dyn Fn(PartState) -> bool| sum(&self.parts, call, &ours, wanted);
        use PartState::{
            Awarded, Closed, Contracted, Draft, Eligible, NotRecommended, Recommended, Submitted, Withdrawn,
        };
        let undecided = parts(&|state| matches!(state, Eligible | Recommended | NotRecommended));
        let pending = sum(&self.decisions, call, &ours, &|state| state == DecisionState::Pending);
        let reviews = |wanted: &dyn Fn(AssignmentState) -> bool| -> i64 {
            self.reviews.iter().filter(|(id, state, _)| *id == call && wanted(*state)).map(|(.., n)| n).sum()
        };
        Counts {
            annexes: sum(&self.annexes, call, &ours, &|_| true),
            annexes_approved: sum(&self.annexes, call, &ours, &|state| state == AnnexState::Approved),
            parts_drafted: parts(&|state| state == Draft),
            parts_unchecked: parts(&|state| state == Submitted),
            parts_submitted: parts(&|state| !matches!(state, Draft | Withdrawn)),
            parts_undecided: (undecided - pending).max(0),
            parts_awarded: parts(&|state| matches!(state, Awarded | Contracted | Closed)),
            reviews: reviews(&|state| {
                use AssignmentState::{Accepted, InProgress, Invited, Submitted};
                matches!(state, Invited | Accepted | InProgress | Submitted)
            }),
            reviews_submitted: reviews(&|state| state == AssignmentState::Submitted),
            decisions_pending: pending,
            reports_waiting: sum(&self.reports, call, &ours, &|state| state == ReportState::Submitted),
        }
    }
}

fn sum<S: Copy>(
    tally: &Tally<S>,
    call: CallId,
    ours: &dyn Fn(OrganisationId) -> bool,
    wanted: &dyn Fn(S) -> bool,
) -> i64 {
    tally.iter().filter(|(id, agency, state, _)| *id == call && ours(*agency) && wanted(*state)).map(|(.., n)| n).sum()
}

/// One of the actor's assignments.
#[derive(Debug, Clone)]
pub struct Duty {
    pub id: AssignmentId,
    pub proposal: String,
    pub title: String,
    pub call: String,
    pub state: AssignmentState,
    pub due_at: Option<DateTime<Utc>>,
    pub zone: Tz,
}

/// The actor's assignments of calls that are not decided: to answer first, then to finish, then those done.
pub struct Duties;

impl Query for Duties {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = Vec<Duty>;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Vec<Duty>> {
        let own = scope::own_assignments(leave).select_only().column(assignment::Column::Id).into_query();
        let rows = assignment::Entity::find()
            .find_also_related(proposal::Entity)
            .filter(assignment::Column::Id.in_subquery(own))
            .filter(assignment::Column::State.ne(AssignmentState::Declined))
            .order_by_asc(assignment::Column::DueAt)
            .order_by_asc(assignment::Column::Id)
            .limit(SHOWN * 4)
            .all(db.conn())
            .await?;
        let calls = call::Entity::find()
            .filter(call::Column::Id.is_in(rows.iter().map(|(row, _)| row.call_id)))
            .all(db.conn())
            .await?;
        let mut duties: Vec<Duty> = rows
            .into_iter()
            .filter_map(|(row, proposal)| {
                let call = calls.iter().find(|call| call.id == row.call_id)?;
                let proposal = proposal?;
                let running = matches!(call.state, CallState::Closed | CallState::Evaluating);
                running.then(|| Duty {
                    id: row.id,
                    proposal: proposal.code,
                    title: proposal.title,
                    call: call.code.clone(),
                    state: row.state,
                    due_at: row.due_at,
                    zone: call.terms.zone,
                })
            })
            .collect();
        duties.sort_by_key(|duty| match duty.state {
            AssignmentState::Invited => 0,
            AssignmentState::InProgress => 1,
            AssignmentState::Accepted => 2,
            _ => 3,
        });
        Ok(duties)
    }
}

/// An organisation of the actor, and how many people ask to join it.
#[derive(Debug, Clone)]
pub struct OwnOrganisation {
    pub id: OrganisationId,
    pub name: String,
    pub manages: bool,
    pub asking: u64,
}

/// The actor's organisations.
pub struct OwnOrganisations;

impl Query for OwnOrganisations {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = Vec<OwnOrganisation>;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Vec<OwnOrganisation>> {
        let rows = organisation::Entity::find()
            .filter(organisation::Column::Id.is_in(leave.actor().organisations()))
            .order_by_asc(organisation::Column::Name)
            .all(db.conn())
            .await?;
        let managed = leave.actor().memberships().iter().filter(|m| m.role == MembershipRole::Manager);
        let asking = membership::Entity::find()
            .select_only()
            .column(membership::Column::OrganisationId)
            .filter(membership::Column::OrganisationId.is_in(managed.map(|m| m.organisation)))
            .filter(membership::Column::State.eq(MembershipState::Requested))
            .into_tuple::<OrganisationId>()
            .all(db.conn())
            .await?;
        let one = |row: organisation::Model| OwnOrganisation {
            id: row.id,
            name: row.name,
            manages: leave.actor().manages(row.id),
            asking: asking.iter().filter(|id| **id == row.id).count() as u64,
        };
        Ok(rows.into_iter().map(one).collect())
    }
}

/// Nothing, for staff only: closes the staff home to everybody else.
pub struct StaffOnly;

impl Query for StaffOnly {
    const NEEDS: Permission = Permission::SeeCallFigures;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, _: &Snapshot, _: Leave<'_>) -> Result<()> {
        Ok(())
    }
}

/// How many accounts there are, for the administrators' home.
pub struct AccountCount;

impl Query for AccountCount {
    const NEEDS: Permission = Permission::SeeAccounts;
    type Output = u64;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, _: Leave<'_>) -> Result<u64> {
        Ok(entity::accounts::account::Entity::find().count(db.conn()).await?)
    }
}
