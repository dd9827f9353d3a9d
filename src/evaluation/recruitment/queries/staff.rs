//! What the secretariat sees: four lists with counters above them.

use crate::{
    evaluation::{
        assignments::rules::counts,
        evaluators::queries::{EvaluatorLine, lines, narrowed},
    },
    kernel::{
        AppError, Leave, Permission, Query, Result, Snapshot, Subject,
        access::scope,
        paging::{ListRequest, Listed, contains, listed},
    },
};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use entity::{
    accounts::account,
    calls::call,
    evaluation::{assignment, conflict, evaluator, recruitment},
    proposals::{part, proposal},
    types::{
        ids::{AccountId, CallId, EvaluatorId, ProposalId, RecruitmentId},
        states::{AssignmentState, EvaluatorState, RecruitmentState},
    },
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::SelectStatement,
};
use std::collections::BTreeMap;

/// The four lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    Find,
    InviteList,
    Pending,
    Accepted,
}

impl Tab {
    pub const ALL: [Self; 4] = [Self::Find, Self::InviteList, Self::Pending, Self::Accepted];

    /// The states of the list; the pool has none of them.
    pub fn states(self) -> &'static [RecruitmentState] {
        use RecruitmentState as S;
        match self {
            Self::Find => &[],
            Self::InviteList => &[S::Listed],
            Self::Pending => &[S::Invited, S::Declined, S::Lapsed, S::Withdrawn],
            Self::Accepted => &[S::Accepted],
        }
    }
}

/// How many people are where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Active in the pool.
    pub pool: usize,
    pub listed: usize,
    pub invited: usize,
    pub declined: usize,
    pub lapsed: usize,
    pub accepted: usize,
    /// Proposals that those who accepted take together.
    pub places: i64,
    /// Sheets the call needs: its proposals times the evaluators it wants for each.
    pub needed: usize,
}

/// What stands above every list.
#[derive(Debug, Clone)]
pub struct Head {
    pub call_code: String,
    pub call_title: String,
    pub zone: Tz,
    pub counts: Counts,
    pub may_recruit: bool,
    pub today: NaiveDate,
}

async fn head(db: &Snapshot, leave: Leave<'_>, id: CallId) -> Result<Head> {
    let (conn, today) = (db.conn(), db.now().date_naive());
    let call = call::Entity::find_by_id(id).one(conn).await?.ok_or(AppError::NotFound)?;
    let by_state = recruitment::Entity::find()
        .select_only()
        .column(recruitment::Column::State)
        .column_as(recruitment::Column::Id.count(), "n")
        .column_as(recruitment::Column::Places.sum(), "places")
        .filter(recruitment::Column::CallId.eq(id))
        .group_by(recruitment::Column::State)
        .into_tuple::<(RecruitmentState, i64, Option<i64>)>()
        .all(conn)
        .await?;
    let pool = evaluator::Entity::find()
        .select_only()
        .column_as(evaluator::Column::Id.count(), "n")
        .filter(evaluator::Column::State.eq(EvaluatorState::Active))
        .into_tuple::<i64>()
        .one(conn)
        .await?;
    let proposals = scope::proposals(leave)
        .select_only()
        .column_as(proposal::Column::Id.count(), "n")
        .filter(proposal::Column::CallId.eq(id))
        .into_tuple::<i64>()
        .one(conn)
        .await?;
    let size = |n: i64| usize::try_from(n).unwrap_or_default();
    let of = |state| by_state.iter().find(|(known, ..)| *known == state).map_or(0, |(_, n, _)| size(*n));
    let accepted = by_state.iter().find(|(known, ..)| *known == RecruitmentState::Accepted);
    let counts = Counts {
        pool: size(pool.unwrap_or_default()),
        listed: of(RecruitmentState::Listed),
        invited: of(RecruitmentState::Invited),
        declined: of(RecruitmentState::Declined),
        lapsed: of(RecruitmentState::Lapsed),
        accepted: of(RecruitmentState::Accepted),
        places: accepted.and_then(|(.., places)| *places).unwrap_or_default(),
        needed: size(proposals.unwrap_or_default()) * call.terms.evaluation.evaluators_per_proposal as usize,
    };
    Ok(Head {
        call_code: call.code,
        call_title: call.title,
        zone: call.terms.zone,
        counts,
        may_recruit: leave.may(Permission::RecruitEvaluators),
        today,
    })
}

/// The handed-in proposals of the call that the actor may see.
fn seen(leave: Leave<'_>, call: CallId) -> SelectStatement {
    scope::proposals(leave)
        .select_only()
        .column(proposal::Column::Id)
        .filter(proposal::Column::CallId.eq(call))
        .into_query()
}

/// How many conflicts of interest with proposals of the call are known of each of these people. Proposals the actor
/// has a conflict with do not count: not even their number is learnt.
async fn conflicts(
    db: &impl ConnectionTrait,
    leave: Leave<'_>,
    call: CallId,
    people: &[AccountId],
) -> Result<BTreeMap<AccountId, usize>> {
    let partners = part::Entity::find()
        .select_only()
        .column(part::Column::OrganisationId)
        .filter(part::Column::ProposalId.in_subquery(seen(leave, call)))
        .into_query();
    let here = Condition::any()
        .add(conflict::Column::ProposalId.in_subquery(seen(leave, call)))
        .add(conflict::Column::OrganisationId.in_subquery(partners));
    let rows = conflict::Entity::find()
        .select_only()
        .column(conflict::Column::AccountId)
        .column_as(conflict::Column::Id.count(), "n")
        .filter(conflict::Column::AccountId.is_in(people.iter().copied()))
        .filter(conflict::Column::WithdrawnAt.is_null())
        .filter(here)
        .group_by(conflict::Column::AccountId)
        .into_tuple::<(AccountId, i64)>()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|(id, n)| (id, usize::try_from(n).unwrap_or_default())).collect())
}

/// Somebody of the pool who is not on the list yet.
#[derive(Debug, Clone)]
pub struct Found {
    pub one: EvaluatorLine,
    pub conflicts: usize,
}

/// Members of the pool who are on no list of the call, filtered like the pool.
pub struct FindFor {
    pub call: CallId,
    pub list: ListRequest,
}

impl Query for FindFor {
    const NEEDS: Permission = Permission::SeeRecruitment;
    type Output = (Head, Listed<Found>);

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<(Head, Listed<Found>)> {
        let head = head(db, leave, self.call).await?;
        let db = db.conn();
        let on_list = recruitment::Entity::find()
            .select_only()
            .column(recruitment::Column::Email)
            .filter(recruitment::Column::CallId.eq(self.call));
        let taken = account::Entity::find()
            .select_only()
            .column(account::Column::Id)
            .filter(account::Column::Email.in_subquery(on_list.into_query()));
        let pool = evaluator::Entity::find()
            .filter(evaluator::Column::State.eq(EvaluatorState::Active))
            .filter(evaluator::Column::AccountId.not_in_subquery(taken.into_query()));
        let select = narrowed(pool, &self.list)
            .order_by(evaluator::Column::Search, self.list.order())
            .order_by_asc(evaluator::Column::Id);
        let page = listed(db, select, self.list.paging).await?;
        let accounts: BTreeMap<EvaluatorId, AccountId> = page.rows.iter().map(|row| (row.id, row.account_id)).collect();
        let people: Vec<AccountId> = accounts.values().copied().collect();
        let conflicts = conflicts(db, leave, self.call, &people).await?;
        let found = lines(db, leave, page).await?.map(|one| {
            let own = accounts.get(&one.id).and_then(|account| conflicts.get(account));
            Found { conflicts: own.copied().unwrap_or_default(), one }
        });
        Ok((head, found))
    }
}

/// Somebody on a list of the call.
#[derive(Debug, Clone)]
pub struct ListLine {
    pub id: RecruitmentId,
    pub name: String,
    pub email: String,
    pub state: RecruitmentState,
    /// What the pool knows; nothing of people from outside it.
    pub member: Option<EvaluatorLine>,
    pub conflicts: usize,
    /// Tasks in this call, and proposals that were promised.
    pub assigned: usize,
    pub places: Option<i32>,
    pub invited_at: Option<DateTime<Utc>>,
    pub lapses_at: Option<DateTime<Utc>>,
    pub reminders: i32,
    pub escalated: bool,
    pub answered_at: Option<DateTime<Utc>>,
    pub reason: Option<String>,
}

impl ListLine {
    /// Whether fewer proposals were promised than the profile says.
    pub fn reduced(&self) -> bool {
        match (&self.member, self.places) {
            (Some(member), Some(places)) => places < member.capacity,
            _ => false,
        }
    }
}

/// A list with what stands above it.
pub struct Listing {
    pub head: Head,
    pub lines: Listed<ListLine>,
}

/// One of the lists of a call, filtered and in pages.
pub struct RecruitmentOf {
    pub call: CallId,
    pub tab: Tab,
    pub list: ListRequest,
}

impl Query for RecruitmentOf {
    const NEEDS: Permission = Permission::SeeRecruitment;
    type Output = Listing;

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Listing> {
        let head = head(db, leave, self.call).await?;
        let db = db.conn();
        let mut select = recruitment::Entity::find()
            .filter(recruitment::Column::CallId.eq(self.call))
            .filter(recruitment::Column::State.is_in(self.tab.states().iter().copied()));
        if let Some(words) = self.list.words() {
            let named = Condition::any()
                .add(contains(recruitment::Column::Name, &words))
                .add(contains(recruitment::Column::Email, &words));
            select = select.filter(named);
        }
        if let Some(state) = self.list.value::<RecruitmentState>("state") {
            select = select.filter(recruitment::Column::State.eq(state));
        }
        let column = match self.list.sort.as_str() {
            "invited" => recruitment::Column::InvitedAt,
            "state" => recruitment::Column::State,
            _ => recruitment::Column::Name,
        };
        let select = select.order_by(column, self.list.order()).order_by_asc(recruitment::Column::Id);
        let page = listed(db, select, self.list.paging).await?;
        let members = evaluator::Entity::find()
            .filter(evaluator::Column::Id.is_in(page.rows.iter().filter_map(|row| row.evaluator_id)))
            .all(db)
            .await?;
        let accounts: BTreeMap<EvaluatorId, AccountId> = members.iter().map(|row| (row.id, row.account_id)).collect();
        let people: Vec<AccountId> = accounts.values().copied().collect();
        let conflicts = conflicts(db, leave, self.call, &people).await?;
        let hidden = scope::conflicted(db, leave.actor()).await?;
        let assigned = assigned(db, self.call, &accounts, &hidden).await?;
        let known = Listed { rows: members, total: 0, page: 1, size: 1 };
        let mut known: BTreeMap<EvaluatorId, EvaluatorLine> =
            lines(db, leave, known).await?.rows.into_iter().map(|one| (one.id, one)).collect();
        let lines = page.map(|row| {
            let account = row.evaluator_id.and_then(|id| accounts.get(&id));
            ListLine {
                id: row.id,
                name: row.name,
                email: row.email.to_string(),
                state: row.state,
                member: row.evaluator_id.and_then(|id| known.remove(&id)),
                conflicts: account.and_then(|id| conflicts.get(id)).copied().unwrap_or_default(),
                assigned: row.evaluator_id.and_then(|id| assigned.get(&id)).copied().unwrap_or_default(),
                places: row.places,
                invited_at: row.invited_at,
                lapses_at: row.lapses_at,
                reminders: row.reminders,
                escalated: row.escalated_at.is_some(),
                answered_at: row.answered_at,
                reason: row.reason,
            }
        });
        Ok(Listing { head, lines })
    }
}

/// Tasks of these evaluators in the call, without those on proposals the actor has a conflict with.
async fn assigned(
    db: &impl ConnectionTrait,
    call: CallId,
    people: &BTreeMap<EvaluatorId, AccountId>,
    hidden: &[ProposalId],
) -> Result<BTreeMap<EvaluatorId, usize>> {
    let rows = assignment::Entity::find()
        .select_only()
        .column(assignment::Column::EvaluatorId)
        .column_as(assignment::Column::Id.count(), "n")
        .filter(assignment::Column::CallId.eq(call))
        .filter(assignment::Column::ProposalId.is_not_in(hidden.iter().copied()))
        .filter(assignment::Column::EvaluatorId.is_in(people.keys().copied()))
        .filter(assignment::Column::State.is_in(AssignmentState::ALL.iter().copied().filter(|state| counts(*state))))
        .group_by(assignment::Column::EvaluatorId)
        .into_tuple::<(EvaluatorId, i64)>()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|(id, n)| (id, usize::try_from(n).unwrap_or_default())).collect())
}
