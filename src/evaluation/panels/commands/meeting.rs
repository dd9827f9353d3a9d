//! The meeting as a whole: it opens, pauses and closes; people come and go.

use super::{in_session, note_presence, noticed};
use crate::{
    evaluation::panels::{
        events::PanelEvent,
        queries::Room,
        rules::states::{Step, is_running, next},
    },
    kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx},
};
use entity::{
    evaluation::panel_member,
    types::{
        ids::{AccountId, PanelId},
        states::{PanelState, PresenceKind},
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};

/// Opens, pauses, resumes, closes the meeting or takes it up again.
#[derive(Clone)]
pub struct RunMeeting {
    pub panel: PanelId,
    pub step: Step,
}

impl Command for RunMeeting {
    const NEEDS: Permission = Permission::LeadPanel;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Panel(self.panel)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        let room = Room::load(tx.conn(), self.panel).await?;
        if self.step == Step::Sign {
            return Err(AppError::refused("sign_by_name", "Minutes are signed by typing one's name."));
        }
        let state = next(room.panel.state, self.step)?;
        if room.current().is_some() && matches!(self.step, Step::Pause | Step::Close) {
            return Err(AppError::refused(
                "still_discussed",
                "A proposal is being discussed. Decide or defer it before the meeting stops.",
            ));
        }
        let mut change = noticed(&room.panel);
        change.state = Set(state);
        if self.step == Step::Open {
            change.opened_at = Set(Some(tx.now()));
        }
        change.closed_at = Set((state == PanelState::Closed).then_some(tx.now()));
        change.update(tx.conn()).await?;
        if state == PanelState::Closed {
            for seat in room.seats.iter().filter(|seat| seat.here) {
                set_here(tx, &room, seat.account, false).await?;
            }
        }
        let told = match self.step {
            Step::Open => "opened",
            Step::Pause => "paused",
            Step::Resume => "resumed",
            Step::Close | Step::Sign => "closed",
            Step::Reopen => "took up again",
        };
        Ok(tx.done(PanelEvent::Moved { about: room.about(), told }, ()))
    }
}

/// Comes to the meeting oneself, or leaves it.
#[derive(Clone)]
pub struct AttendMeeting {
    pub panel: PanelId,
    pub here: bool,
}

impl Command for AttendMeeting {
    const NEEDS: Permission = Permission::AttendPanel;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Panel(self.panel)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        note(tx, self.panel, leave.account()?, self.here).await
    }
}

/// Notes that somebody came or left, for whoever joins by telephone or forgot to say so.
#[derive(Clone)]
pub struct MarkPresence {
    pub panel: PanelId,
    pub account: AccountId,
    pub here: bool,
}

impl Command for MarkPresence {
    const NEEDS: Permission = Permission::KeepPresence;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Panel(self.panel)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        note(tx, self.panel, self.account, self.here).await
    }
}

async fn note(tx: &Tx, panel: PanelId, account: AccountId, here: bool) -> Result<Done<()>> {
    let room = Room::load(tx.conn(), panel).await?;
    if !is_running(room.panel.state) {
        in_session(&room)?;
    }
    let seat = room.seat(account).ok_or(AppError::NotFound)?;
    if seat.here == here {
        let message = if here { "is in the meeting already" } else { "is not in the meeting" };
        return Err(AppError::refused("presence", format!("{} {message}.", seat.name)));
    }
    set_here(tx, &room, account, here).await?;
    noticed(&room.panel).update(tx.conn()).await?;
    let (about, name) = (room.about(), seat.name.clone());
    Ok(tx.done(if here { PanelEvent::Came { about, name } } else { PanelEvent::Went { about, name } }, ()))
}

async fn set_here(tx: &Tx, room: &Room, account: AccountId, here: bool) -> Result<()> {
    let Some(seat) = room.seat(account) else { return Ok(()) };
    let mut change: panel_member::ActiveModel = seat.row.clone().into();
    change.here = Set(here);
    change.update(tx.conn()).await?;
    let kind = if here { PresenceKind::Arrived } else { PresenceKind::Went };
    note_presence(tx, room, account, kind, None).await
}
