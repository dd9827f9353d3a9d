//! The meeting as one person sees it.

use super::{ItemView, Room, item, watch::signature};
use crate::{
    evaluation::panels::rules::states::{Step, is_running, next},
    kernel::{Leave, Permission, Query, Result, Snapshot, Subject, live},
};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use entity::types::{
    ids::{AccountId, CallId, PanelId, PanelItemId, ProposalId},
    states::{OutReason, PanelItemState, PanelOrder, PanelState},
};

/// A member as the meeting shows them.
#[derive(Debug, Clone)]
pub struct MemberView {
    pub account: AccountId,
    pub name: String,
    pub here: bool,
    /// Whether the live view is open somewhere.
    pub connected: bool,
    pub chair: bool,
    pub deputy: bool,
    pub mine: bool,
    /// Why the person is out of the room now, for those who are in it.
    pub out: Option<OutReason>,
}

/// A proposal on the agenda.
#[derive(Debug, Clone)]
pub struct AgendaLine {
    pub id: PanelItemId,
    pub proposal: ProposalId,
    pub number: usize,
    pub code: String,
    pub title: String,
    pub state: PanelItemState,
    pub lead: String,
    pub lead_id: Option<AccountId>,
    pub outcome: String,
    /// Whether whoever leads can call it up now.
    pub may_begin: bool,
    /// Whether it can be taken off the agenda.
    pub may_remove: bool,
}

/// A meeting for one person.
pub struct MeetingView {
    pub id: PanelId,
    pub call: CallId,
    pub call_code: String,
    pub call_title: String,
    pub name: String,
    pub state: PanelState,
    pub zone: Tz,
    pub starts_at: Option<DateTime<Utc>>,
    pub place: String,
    pub minutes: i32,
    pub quorum: i32,
    pub order_by: PanelOrder,
    pub members: Vec<MemberView>,
    pub present: usize,
    pub agenda: Vec<AgendaLine>,
    pub current: Option<Box<ItemView>>,
    /// Whether something is discussed that the person is out of the room for.
    pub out_of_room: bool,
    pub member: bool,
    pub here: bool,
    pub running: bool,
    /// What whoever leads can do with the meeting now.
    pub steps: Vec<Step>,
    pub may_prepare: bool,
    pub may_keep: bool,
    pub may_attend: bool,
    pub may_staff: bool,
    pub signature: String,
}

/// The meeting of a panel.
pub struct MeetingOf(pub PanelId);

impl Query for MeetingOf {
    const NEEDS: Permission = Permission::ReadPanel;
    type Output = MeetingView;

    fn about(&self) -> Subject {
        Subject::Panel(self.0)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<MeetingView> {
        let room = Room::load(db.conn(), self.0).await?;
        view(db, leave, &room).await
    }
}

/// The meeting as the actor may see it.
pub(super) async fn view(db: &Snapshot, leave: Leave<'_>, room: &Room) -> Result<MeetingView> {
    let account = leave.actor().account();
    let connected = live::connected(db.conn(), room.panel.id.0, db.now()).await?;
    let inside = room.current().filter(|item| account.is_none_or(|one| room.barred(item, one).is_none()));
    let current = match inside {
        Some(row) => Some(Box::new(item::view(db.conn(), leave, room, row).await?)),
        None => None,
    };
    let member = |seat: &super::Seat| MemberView {
        account: seat.account,
        name: seat.name.clone(),
        here: seat.here,
        connected: connected.contains(&seat.account),
        chair: room.panel.chair_id == seat.account,
        deputy: room.panel.deputy_id == Some(seat.account),
        mine: account == Some(seat.account),
        out: inside.and_then(|item| room.barred(item, seat.account)),
    };
    let leads = leave.may(Permission::LeadPanelItem);
    let free = room.panel.state == PanelState::Open && room.current().is_none();
    let mine = account.and_then(|one| room.seat(one));
    let line = |(row, number): (&&entity::evaluation::panel_item::Model, usize)| AgendaLine {
        id: row.id,
        proposal: row.proposal_id,
        number,
        code: room.code(row).to_owned(),
        title: room.proposals.get(&row.proposal_id).map(|p| p.title.clone()).unwrap_or_default(),
        state: row.state,
        lead: row.lead_id.map(|id| room.name(id).to_owned()).unwrap_or_default(),
        lead_id: row.lead_id,
        outcome: row.outcome.clone(),
        may_begin: leads && free && mine.is_some_and(|seat| seat.here),
        may_remove: row.began_at.is_none() && row.state == PanelItemState::Waiting,
    };
    let state = room.panel.state;
    let steps = match leave.may(Permission::LeadPanel) {
        true => Step::ALL.into_iter().filter(|step| *step != Step::Sign && next(state, *step).is_ok()).collect(),
        false => Vec::new(),
    };
    let running = is_running(state);
    Ok(MeetingView {
        id: room.panel.id,
        call: room.call.id,
        call_code: room.call.code.clone(),
        call_title: room.call.title.clone(),
        name: room.panel.name.clone(),
        state,
        zone: room.call.terms.zone,
        starts_at: room.panel.starts_at,
        place: room.panel.place.clone(),
        minutes: room.panel.minutes,
        quorum: room.panel.quorum,
        order_by: room.panel.order_by,
        members: room.seats.iter().map(member).collect(),
        present: room.seats.iter().filter(|seat| seat.here).count(),
        agenda: room.agenda(account).iter().zip(1..).map(line).collect(),
        out_of_room: room.current().is_some() && inside.is_none(),
        current,
        member: mine.is_some(),
        here: mine.is_some_and(|seat| seat.here),
        running,
        steps,
        may_prepare: leave.may(Permission::PreparePanel),
        may_keep: running && leave.may(Permission::KeepPresence),
        may_attend: running && mine.is_some() && leave.may(Permission::AttendPanel),
        may_staff: leave.may(Permission::SeePanels),
        signature: signature(room, account, &connected),
    })
}
