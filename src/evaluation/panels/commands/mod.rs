//! What the secretariat, whoever leads, and the members of a panel do.

mod agenda;
mod discussion;
mod items;
mod meeting;
mod minutes;
mod prepare;
mod votes;

pub use agenda::{AddItems, Direction, MoveItem, NameLead, OrderAgenda, RemoveItem};
pub use discussion::{DeclarePanelConflict, Entry, RecordPoints, WriteNote};
pub use items::{BeginItem, EndItem, Ending, ExtendItem};
pub use meeting::{AttendMeeting, MarkPresence, RunMeeting};
pub use minutes::SignPanelMinutes;
pub use prepare::{ChangePanel, CreatePanel, PanelRules, SeatMembers, UnseatMember};
pub use votes::{CastVote, CloseVote, OpenVote};

use super::{
    queries::Room,
    rules::states::{IllegalStep, is_running},
};
use crate::kernel::{AppError, Result, Tx};
use entity::{
    evaluation::{panel, panel_item, panel_presence},
    types::{
        ids::{AccountId, PanelId, PanelItemId, PanelPresenceId},
        states::{OutReason, PanelItemState, PanelState, PresenceKind},
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};

/// Longest reason or outcome, in characters.
const REASON: usize = 500;

impl From<IllegalStep> for AppError {
    fn from(error: IllegalStep) -> Self {
        Self::refused("panel_state", error.to_string())
    }
}

/// The panel's row, to be changed: everybody notices.
fn noticed(panel: &panel::Model) -> panel::ActiveModel {
    let mut change: panel::ActiveModel = panel.clone().into();
    change.version = Set(panel.version + 1);
    change.pulse = Set(panel.pulse + 1);
    change
}

/// The item's row, to be changed: those in the room notice.
async fn stirred(tx: &Tx, room: &Room, item: &panel_item::Model) -> Result<panel_item::ActiveModel> {
    let mut change: panel::ActiveModel = room.panel.clone().into();
    change.pulse = Set(room.panel.pulse + 1);
    change.update(tx.conn()).await?;
    let mut change: panel_item::ActiveModel = item.clone().into();
    change.version = Set(item.version + 1);
    Ok(change)
}

/// Keeps who came, went, or was out of the room.
async fn note_presence(
    tx: &Tx,
    room: &Room,
    account: AccountId,
    kind: PresenceKind,
    out: Option<(PanelItemId, OutReason)>,
) -> Result<()> {
    let row = panel_presence::ActiveModel {
        id: Set(tx.new_id::<PanelPresenceId>()),
        panel_id: Set(room.panel.id),
        account_id: Set(account),
        kind: Set(kind),
        item_id: Set(out.map(|(item, _)| item)),
        why: Set(out.map(|(_, why)| why)),
        at: Set(tx.now()),
    };
    panel_presence::Entity::insert(row).exec_without_returning(tx.conn()).await?;
    Ok(())
}

/// # Errors
/// When the meeting is not in session.
fn in_session(room: &Room) -> Result<()> {
    match room.panel.state {
        PanelState::Open => Ok(()),
        state => Err(AppError::refused(
            "not_in_session",
            format!("The meeting is not in session: its state is “{}”.", state.label()),
        )),
    }
}

/// # Errors
/// When the meeting is not in session or the proposal is not the one that is discussed.
fn discussed(room: &Room, item: &panel_item::Model) -> Result<()> {
    in_session(room)?;
    match item.state {
        PanelItemState::Discussed => Ok(()),
        _ => Err(AppError::refused("not_discussed", "This proposal is not being discussed at present.")),
    }
}

/// A panel that is not closed yet.
async fn running(tx: &Tx, id: PanelId) -> Result<Room> {
    let room = Room::load(tx.conn(), id).await?;
    match is_running(room.panel.state) {
        true => Ok(room),
        false => Err(AppError::refused("panel_closed", "The meeting is closed; nothing about it changes any more.")),
    }
}
