//! What is said about a proposal while it is discussed: notes, points, and that somebody has a conflict.

use super::{discussed, note_presence, stirred};
use crate::{
    evaluation::{
        conflicts::commands::record,
        panels::{
            events::{Changed, ItemEvent},
            queries::{Room, latest_points, trail_length},
            rules::states::is_running,
        },
    },
    kernel::{
        AppError, Command, Done, Leave, Permission, Result, Subject, Tx,
        error::{FieldErrors, ForField},
    },
};
use entity::{
    evaluation::{panel_ballot, panel_note, panel_point, panel_vote},
    types::{
        ids::{PanelItemId, PanelNoteId, PanelPointId},
        states::{OutReason, PanelItemState, PresenceKind, VoteState},
        text,
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

/// Longest note or reason of points, in characters.
const NOTE: usize = 4_000;

/// Writes a note; corrections are further notes.
#[derive(Clone)]
pub struct WriteNote {
    pub item: PanelItemId,
    pub text: String,
    /// Whether it goes into the minutes.
    pub minuted: bool,
}

impl Command for WriteNote {
    const NEEDS: Permission = Permission::DiscussPanelItem;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::PanelItem(self.item)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let (room, item) = Room::around(tx.conn(), self.item).await?;
        if !is_running(room.panel.state) {
            return Err(AppError::refused("panel_closed", "The meeting is closed; notes are no longer taken."));
        }
        let text = text::prose(&self.text, NOTE).for_field("note")?;
        if text.is_empty() {
            return Err(AppError::invalid("note", "Write something"));
        }
        let row = panel_note::ActiveModel {
            id: Set(tx.new_id::<PanelNoteId>()),
            item_id: Set(item.id),
            account_id: Set(leave.account()?),
            text: Set(text),
            minuted: Set(self.minuted),
            at: Set(tx.now()),
        };
        panel_note::Entity::insert(row).exec_without_returning(tx.conn()).await?;
        stirred(tx, &room, &item).await?.update(tx.conn()).await?;
        Ok(tx.done(ItemEvent::Noted { item: room.item(&item) }, ()))
    }
}

/// What was typed for one criterion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub criterion: String,
    /// Points as typed; empty takes them back.
    pub points: String,
    pub reason: String,
}

/// Writes down the points the panel agrees on. Rows before stay as the trail.
#[derive(Clone)]
pub struct RecordPoints {
    pub item: PanelItemId,
    /// How long the trail was when it was read.
    pub seen: i64,
    pub entries: Vec<Entry>,
}

impl Command for RecordPoints {
    const NEEDS: Permission = Permission::RecordPanelPoints;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::PanelItem(self.item)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let (room, item) = Room::around(tx.conn(), self.item).await?;
        discussed(&room, &item)?;
        let now = latest_points(tx.conn(), item.id).await?;
        let length = trail_length(tx.conn(), item.id).await?;
        let terms = &room.call.terms;
        let mut errors = FieldErrors::default();
        for entry in self.entries.iter().filter(|e| !terms.criteria.iter().any(|c| c.key == e.criterion)) {
            errors.add(format!("points-{}", entry.criterion), "The call has no such criterion");
        }
        let mut changed = Vec::new();
        let mut rows = Vec::new();
        for criterion in &terms.criteria {
            let Some(entry) = self.entries.iter().find(|e| e.criterion == criterion.key) else { continue };
            let points = match entry.points.trim() {
                "" => None,
                typed => match errors.take(&format!("points-{}", criterion.key), terms.evaluation.scale.parse(typed)) {
                    Some(points) => Some(points),
                    None => continue,
                },
            };
            let field = format!("reason-{}", criterion.key);
            let Some(reason) = errors.take(&field, text::prose(&entry.reason, NOTE)) else { continue };
            if points.is_some() && reason.is_empty() {
                errors.add(field, "Say why the panel gives these points");
                continue;
            }
            let before = now.get(&criterion.key);
            if before.map_or((None, ""), |row| (row.points, row.reason.as_str())) == (points, reason.as_str()) {
                continue;
            }
            changed.push(Changed {
                criterion: criterion.key.clone(),
                before: before.and_then(|row| row.points).map(|p| p.to_string()),
                after: points.map(|p| p.to_string()),
            });
            rows.push(panel_point::ActiveModel {
                id: Set(tx.new_id::<PanelPointId>()),
                item_id: Set(item.id),
                criterion: Set(criterion.key.clone()),
                points: Set(points),
                reason: Set(reason),
                set_by: Set(leave.account()?),
                set_at: Set(tx.now()),
            });
        }
        errors.done()?;
        if rows.is_empty() {
            return Err(AppError::refused("nothing_changed", "Nothing was changed."));
        }
        if length != self.seen {
            let last = now.values().map(|row| row.set_at).max().unwrap_or_else(|| tx.now());
            return Err(AppError::Stale { by: "somebody".to_owned(), at: last, version: length });
        }
        panel_point::Entity::insert_many(rows).exec_without_returning(tx.conn()).await?;
        stirred(tx, &room, &item).await?.update(tx.conn()).await?;
        Ok(tx.done(ItemEvent::Pointed { item: room.item(&item), changed }, ()))
    }
}

/// “I have a conflict here”: whoever says so is out of the room at once, and for good.
#[derive(Clone)]
pub struct DeclarePanelConflict {
    pub item: PanelItemId,
    pub reason: String,
}

impl Command for DeclarePanelConflict {
    const NEEDS: Permission = Permission::DiscussPanelItem;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::PanelItem(self.item)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let (room, item) = Room::around(tx.conn(), self.item).await?;
        let account = leave.account()?;
        let reason = text::line(&self.reason, 300).for_field("conflict_reason")?;
        let recorded = record(tx, account, item.proposal_id, &reason, account).await?;
        if item.state == PanelItemState::Discussed && room.seat(account).is_some() {
            note_presence(tx, &room, account, PresenceKind::Out, Some((item.id, OutReason::Declared))).await?;
        }
        withdraw_ballot(tx, item.id, account).await?;
        stirred(tx, &room, &item).await?.update(tx.conn()).await?;
        let name = leave.actor().name().to_owned();
        let told = room.item(&item);
        Ok(tx.done(ItemEvent::Excluded { item: told, name, taken: recorded.taken, late: recorded.late }, ()))
    }
}

/// A vote that somebody with a conflict gave in an open vote does not count.
async fn withdraw_ballot(tx: &Tx, item: PanelItemId, account: entity::types::ids::AccountId) -> Result<()> {
    let open = panel_vote::Entity::find()
        .filter(panel_vote::Column::ItemId.eq(item))
        .filter(panel_vote::Column::State.eq(VoteState::Open))
        .one(tx.conn())
        .await?;
    if let Some(vote) = open {
        panel_ballot::Entity::delete_many()
            .filter(panel_ballot::Column::VoteId.eq(vote.id))
            .filter(panel_ballot::Column::AccountId.eq(account))
            .exec(tx.conn())
            .await?;
    }
    Ok(())
}
