//! What the secretariat needs to prepare a panel: who could take part, and what could be discussed.

use super::Room;
use crate::{
    evaluation::{
        exact::total,
        judged::{Judged, agreed},
        panels::rules::states::is_running,
    },
    kernel::{Leave, Permission, Query, Result, Snapshot, Subject, access::scope},
};
use entity::{
    accounts::{account, role_grant},
    evaluation::{assignment, consensus, evaluator, recruitment},
    proposals::proposal,
    types::{
        ids::{AccountId, CallId, PanelId, ProposalId},
        points::Points,
        states::{AccountState, AssignmentState, ConsensusState, RecruitmentState, Role},
    },
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use std::collections::{BTreeMap, BTreeSet};

/// Somebody who can be a member of a panel of the call.
#[derive(Debug, Clone)]
pub struct Guest {
    pub account: AccountId,
    pub name: String,
    /// Evaluator or staff, in words.
    pub what: &'static str,
    /// Whether the person has the role of panel chair in the call.
    pub chairs: bool,
}

/// Everybody who can be a member: evaluators of the call, and its staff by role.
///
/// # Errors
/// When the database cannot be asked.
pub async fn guests(db: &impl ConnectionTrait, leave: Leave<'_>, call: CallId) -> Result<Vec<Guest>> {
    // Who evaluates a proposal that does not exist for the actor is no evaluator for that.
    let hidden = scope::conflicted(db, leave.actor()).await?;
    let recruited = recruitment::Entity::find()
        .inner_join(evaluator::Entity)
        .select_only()
        .column(evaluator::Column::AccountId)
        .filter(recruitment::Column::CallId.eq(call))
        .filter(recruitment::Column::State.eq(RecruitmentState::Accepted))
        .into_tuple::<AccountId>()
        .all(db)
        .await?;
    let assigned = assignment::Entity::find()
        .select_only()
        .column(assignment::Column::AccountId)
        .distinct()
        .filter(assignment::Column::CallId.eq(call))
        .filter(assignment::Column::ProposalId.is_not_in(hidden))
        .filter(assignment::Column::State.is_not_in([AssignmentState::Declined, AssignmentState::Withdrawn]))
        .into_tuple::<AccountId>()
        .all(db)
        .await?;
    let staff = role_grant::Entity::find()
        .filter(role_grant::Column::RevokedAt.is_null())
        .filter(role_grant::Column::AgencyId.is_null())
        .filter(role_grant::Column::Role.is_in([Role::PanelChair, Role::Secretariat]))
        .filter(Condition::any().add(role_grant::Column::CallId.is_null()).add(role_grant::Column::CallId.eq(call)))
        .all(db)
        .await?;
    let judges: BTreeSet<AccountId> = recruited.into_iter().chain(assigned).collect();
    let all: BTreeSet<AccountId> = judges.iter().copied().chain(staff.iter().map(|grant| grant.account_id)).collect();
    let people = account::Entity::find()
        .filter(account::Column::Id.is_in(all))
        .filter(account::Column::State.eq(AccountState::Active))
        .all(db)
        .await?;
    let has = |id, role| staff.iter().any(|grant| grant.account_id == id && grant.role == role);
    let guest = |person: account::Model| {
        let chairs = has(person.id, Role::PanelChair);
        let what = match (chairs, judges.contains(&person.id)) {
            (true, _) => "panel chair",
            (false, true) => "evaluator",
            (false, false) => "secretariat",
        };
        Guest { account: person.id, name: person.name, what, chairs }
    };
    let mut guests: Vec<Guest> = people.into_iter().map(guest).collect();
    guests.sort_by(|a, b| a.name.cmp(&b.name).then(a.account.cmp(&b.account)));
    Ok(guests)
}

/// A proposal that can be discussed.
#[derive(Debug, Clone)]
pub struct Possible {
    pub proposal: ProposalId,
    pub code: String,
    pub title: String,
    /// Mean of the weighted totals, or what was agreed on; and highest less lowest; in hundredths.
    pub total: Option<i32>,
    pub spread: Option<i32>,
    /// Whether a consensus gave it to the panel.
    pub escalated: bool,
}

/// The proposals of a call that can be discussed, as far as they exist for the actor, by their codes.
///
/// # Errors
/// When the database cannot be asked.
pub async fn candidates(db: &impl ConnectionTrait, leave: Leave<'_>, call: CallId) -> Result<Vec<Possible>> {
    let judged = Judged::load(db, call).await?;
    let agreed = agreed(db, call).await?;
    let seen: BTreeSet<ProposalId> = scope::proposals(leave)
        .filter(proposal::Column::CallId.eq(call))
        .select_only()
        .column(proposal::Column::Id)
        .into_tuple::<ProposalId>()
        .all(db)
        .await?
        .into_iter()
        .collect();
    let escalated: BTreeSet<ProposalId> = consensus::Entity::find()
        .select_only()
        .column(consensus::Column::ProposalId)
        .filter(consensus::Column::CallId.eq(call))
        .filter(consensus::Column::State.eq(ConsensusState::ToPanel))
        .into_tuple::<ProposalId>()
        .all(db)
        .await?
        .into_iter()
        .collect();
    let terms = &judged.call.terms;
    let possible = |row: &proposal::Model| {
        let totals: Vec<i32> =
            judged.of(row.id).filter_map(|sheet| Some(total(terms, &sheet.points)?.hundredths())).collect();
        let whole: Option<BTreeMap<String, Points>> =
            agreed.get(&row.id).map(|of| of.iter().map(|(key, (points, _))| (key.clone(), *points)).collect());
        let settled = whole.and_then(|points| Some(total(terms, &points)?.hundredths()));
        let mean = crate::evaluation::exact::Fraction::mean(&totals).map(|mean| mean.hundredths());
        Possible {
            proposal: row.id,
            code: row.code.clone(),
            title: row.title.clone(),
            total: settled.or(mean),
            spread: totals.iter().max().zip(totals.iter().min()).map(|(most, least)| most - least),
            escalated: escalated.contains(&row.id),
        }
    };
    let mut all: Vec<Possible> = judged.proposals.values().filter(|row| seen.contains(&row.id)).map(possible).collect();
    all.sort_by(|a, b| a.code.cmp(&b.code));
    Ok(all)
}

/// A panel as it is prepared.
pub struct Preparing {
    pub room: super::MeetingView,
    /// Those who are no members yet.
    pub guests: Vec<Guest>,
    /// Those who can chair.
    pub chairs: Vec<Guest>,
    /// All who can be deputies.
    pub everybody: Vec<Guest>,
    /// Proposals that are not on the agenda.
    pub possible: Vec<Possible>,
    pub chair_id: AccountId,
    pub deputy_id: Option<AccountId>,
    pub casting: bool,
    pub version: i64,
    /// Whether anything can still be changed.
    pub open: bool,
}

/// The preparation of a panel.
pub struct PreparingOf(pub PanelId);

impl Query for PreparingOf {
    const NEEDS: Permission = Permission::PreparePanel;
    type Output = Preparing;

    fn about(&self) -> Subject {
        Subject::Panel(self.0)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Preparing> {
        let room = Room::load(db.conn(), self.0).await?;
        let everybody = guests(db.conn(), leave, room.call.id).await?;
        let mut possible = candidates(db.conn(), leave, room.call.id).await?;
        possible.retain(|one| !room.items.iter().any(|item| item.proposal_id == one.proposal));
        let guests = everybody.iter().filter(|guest| room.seat(guest.account).is_none()).cloned().collect();
        Ok(Preparing {
            guests,
            chairs: everybody.iter().filter(|guest| guest.chairs).cloned().collect(),
            everybody,
            possible,
            chair_id: room.panel.chair_id,
            deputy_id: room.panel.deputy_id,
            casting: room.panel.casting,
            version: room.panel.version,
            open: is_running(room.panel.state),
            room: super::meeting::view(db, leave, &room).await?,
        })
    }
}
