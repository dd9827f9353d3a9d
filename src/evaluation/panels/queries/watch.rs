//! What a live view waits for: a sign that something changed for this person, and nothing else.

use super::Room;
use crate::kernel::{
    AppError, Leave, Permission, Query, Result, Snapshot, Subject, access::relation::Relation, live, secret,
};
use entity::{
    evaluation::panel,
    types::ids::{AccountId, PanelId},
};
use sea_orm::{EntityTrait, QuerySelect};
use std::{collections::BTreeSet, fmt::Write};

/// Whether anything changed at all: one number, asked for every second.
pub struct PulseOf(pub PanelId);

impl Query for PulseOf {
    const NEEDS: Permission = Permission::ReadPanel;
    type Output = i64;

    fn about(&self) -> Subject {
        Subject::Panel(self.0)
    }

    async fn fetch(self, db: &Snapshot, _: Leave<'_>) -> Result<i64> {
        let pulse = panel::Entity::find_by_id(self.0).select_only().column(panel::Column::Pulse).into_tuple::<i64>();
        pulse.one(db.conn()).await?.ok_or(AppError::NotFound)
    }
}

/// What one person may notice of a meeting, folded into a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watch {
    /// Changes exactly when what this person is shown changes; tells nothing else.
    pub signature: String,
    /// Everything that ever changed; compared, never sent.
    pub pulse: i64,
    /// Whether the person counts as connected while looking.
    pub member: bool,
}

/// The signature of the meeting for the actor.
pub struct WatchOf(pub PanelId);

impl Query for WatchOf {
    const NEEDS: Permission = Permission::ReadPanel;
    type Output = Watch;

    fn about(&self) -> Subject {
        Subject::Panel(self.0)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Watch> {
        let room = Room::load(db.conn(), self.0).await?;
        let connected = live::connected(db.conn(), self.0.0, db.now()).await?;
        Ok(Watch {
            signature: signature(&room, leave.actor().account(), &connected),
            pulse: room.panel.pulse,
            member: leave.relations().has(Relation::PanelMember),
        })
    }
}

/// Folds what the person is shown: the room, the proposals they are in the room for, who is connected.
pub fn signature(room: &Room, account: Option<AccountId>, connected: &BTreeSet<AccountId>) -> String {
    let mut seen = format!("{}/{:?}/{}", room.panel.id, account, room.panel.version);
    for item in room.agenda(account) {
        let _ = write!(seen, "/{}:{}", item.id, item.version);
    }
    let inside = room.current().filter(|item| account.is_none_or(|one| room.barred(item, one).is_none()));
    for (seat, why) in inside.map(|item| room.outside(item)).unwrap_or_default() {
        let _ = write!(seen, "/{}-{why}", seat.account);
    }
    for seat in room.seats.iter().filter(|seat| connected.contains(&seat.account)) {
        let _ = write!(seen, "/{}+", seat.account);
    }
    secret::hash(&seen).chars().take(24).collect()
}
