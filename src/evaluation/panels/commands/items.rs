//! A proposal is called up, given more time, and decided or deferred.

use super::{REASON, discussed, in_session, note_presence, noticed};
use crate::{
    evaluation::panels::{
        events::{Changed, ItemEvent},
        queries::{Room, latest_points},
        rules::{
            states::{ItemStep, next_item},
            voting::quorate,
        },
    },
    kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx, error::ForField},
};
use chrono::TimeDelta;
use entity::{
    evaluation::{agreed_score, panel_item, panel_vote},
    types::{
        ids::{AccountId, AgreedScoreId, PanelItemId, ProposalId},
        points::Points,
        states::{AgreedSource, PresenceKind, VoteState},
        text,
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use std::collections::BTreeMap;

/// Calls a proposal up: its time begins, and everybody with a conflict is out of the room, with a record.
#[derive(Clone)]
pub struct BeginItem(pub PanelItemId);

impl Command for BeginItem {
    const NEEDS: Permission = Permission::LeadPanelItem;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::PanelItem(self.0)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let (room, item) = Room::around(tx.conn(), self.0).await?;
        in_session(&room)?;
        if room.current().is_some_and(|now| now.id != item.id) {
            return Err(AppError::refused(
                "one_at_a_time",
                "Decide or defer the proposal that is discussed now first.",
            ));
        }
        let state = step(&item, ItemStep::Begin)?;
        present(&room, leave.account()?)?;
        let mut out = Vec::new();
        for (seat, why) in room.outside(&item) {
            note_presence(tx, &room, seat.account, PresenceKind::Out, Some((item.id, why))).await?;
            out.push((seat.name.clone(), why));
        }
        let mut change: panel_item::ActiveModel = item.clone().into();
        change.state = Set(state);
        change.version = Set(item.version + 1);
        change.began_at = Set(Some(tx.now()));
        change.until = Set(Some(tx.now() + TimeDelta::minutes(i64::from(room.panel.minutes))));
        change.ended_at = Set(None);
        change.update(tx.conn()).await?;
        noticed(&room.panel).update(tx.conn()).await?;
        Ok(tx.done(ItemEvent::Begun { item: room.item(&item), out }, ()))
    }
}

fn step(item: &panel_item::Model, step: ItemStep) -> Result<entity::types::states::PanelItemState> {
    next_item(item.state, step).map_err(|e| AppError::refused("item_state", e.to_string()))
}

/// Whoever leads is there.
pub(super) fn present(room: &Room, account: AccountId) -> Result<()> {
    match room.seat(account).is_some_and(|seat| seat.here) {
        true => Ok(()),
        false => Err(AppError::refused("not_here", "Say first that you are in the meeting.")),
    }
}

/// Gives the proposal more time, counted from now when its time is over.
#[derive(Clone)]
pub struct ExtendItem {
    pub item: PanelItemId,
    pub minutes: i32,
}

impl Command for ExtendItem {
    const NEEDS: Permission = Permission::LeadPanelItem;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::PanelItem(self.item)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        let (room, item) = Room::around(tx.conn(), self.item).await?;
        discussed(&room, &item)?;
        if !(1..=120).contains(&self.minutes) {
            return Err(AppError::invalid("more", "Enter 1 to 120 minutes"));
        }
        let from = item.until.map_or(tx.now(), |until| until.max(tx.now()));
        let mut change = super::stirred(tx, &room, &item).await?;
        change.until = Set(Some(from + TimeDelta::minutes(i64::from(self.minutes))));
        change.update(tx.conn()).await?;
        Ok(tx.done(ItemEvent::Extended { item: room.item(&item), minutes: self.minutes }, ()))
    }
}

/// How a discussion ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The panel's points count from now on.
    Decide,
    /// It is called up again later, or not at all.
    Defer,
}

/// Ends the discussion of a proposal.
#[derive(Clone)]
pub struct EndItem {
    pub item: PanelItemId,
    pub ending: Ending,
    /// What was decided, or why it is deferred.
    pub outcome: String,
}

impl Command for EndItem {
    const NEEDS: Permission = Permission::LeadPanelItem;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::PanelItem(self.item)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let (room, item) = Room::around(tx.conn(), self.item).await?;
        discussed(&room, &item)?;
        let outcome = text::optional_line(&self.outcome, REASON).for_field("outcome")?.unwrap_or_default();
        if outcome.is_empty() {
            let message = match self.ending {
                Ending::Decide => "Say what the panel decided",
                Ending::Defer => "Say why it is deferred",
            };
            return Err(AppError::invalid("outcome", message));
        }
        if open_vote(tx, item.id).await?.is_some() {
            return Err(AppError::refused("vote_open", "A vote is open. Close it first."));
        }
        let by = leave.account()?;
        let step = match self.ending {
            Ending::Decide => {
                quorate(room.inside(&item).len(), room.panel.quorum)
                    .map_err(|e| AppError::refused("no_quorum", e.to_string()))?;
                present(&room, by)?;
                ItemStep::Decide
            }
            Ending::Defer => ItemStep::Defer,
        };
        let changed = match self.ending {
            Ending::Decide => agree(tx, &room, &item, by).await?,
            Ending::Defer => Vec::new(),
        };
        let state = self::step(&item, step)?;
        for (seat, why) in room.outside(&item) {
            note_presence(tx, &room, seat.account, PresenceKind::Back, Some((item.id, why))).await?;
        }
        let mut change: panel_item::ActiveModel = item.clone().into();
        change.state = Set(state);
        change.version = Set(item.version + 1);
        change.ended_at = Set(Some(tx.now()));
        change.outcome = Set(outcome.clone());
        change.update(tx.conn()).await?;
        noticed(&room.panel).update(tx.conn()).await?;
        let told = room.item(&item);
        Ok(match self.ending {
            Ending::Decide => tx.done(ItemEvent::Decided { item: told, outcome, changed }, ()),
            Ending::Defer => tx.done(ItemEvent::Deferred { item: told, why: outcome }, ()),
        })
    }
}

/// The vote that is open on an item.
pub(super) async fn open_vote(tx: &Tx, item: PanelItemId) -> Result<Option<panel_vote::Model>> {
    let open = panel_vote::Entity::find()
        .filter(panel_vote::Column::ItemId.eq(item))
        .filter(panel_vote::Column::State.eq(VoteState::Open));
    Ok(open.one(tx.conn()).await?)
}

/// Makes the panel's points count: all criteria or none, because a total over some of them compares with nothing.
async fn agree(tx: &Tx, room: &Room, item: &panel_item::Model, by: AccountId) -> Result<Vec<Changed>> {
    let now = latest_points(tx.conn(), item.id).await?;
    let given: BTreeMap<&String, (Points, &String)> =
        now.iter().filter_map(|(key, row)| Some((key, (row.points?, &row.reason)))).collect();
    let missing = room.call.terms.criteria.iter().find(|criterion| !given.contains_key(&criterion.key));
    if let Some(missing) = missing.filter(|_| !given.is_empty()) {
        return Err(AppError::refused(
            "points_missing",
            format!(
                "The panel gave points, but none for “{}”. Give points for every criterion or for none.",
                missing.name
            ),
        ));
    }
    let mut before = agreed(tx, item.proposal_id).await?;
    let mut changed = Vec::new();
    for (criterion, (points, reason)) in given {
        let old = before.remove(criterion);
        if old.as_ref().map(|row| row.points) != Some(points) {
            changed.push(Changed {
                criterion: criterion.clone(),
                before: old.as_ref().map(|row| row.points.to_string()),
                after: Some(points.to_string()),
            });
        }
        let id = old.as_ref().map_or_else(|| tx.new_id::<AgreedScoreId>(), |row| row.id);
        let row = agreed_score::ActiveModel {
            id: Set(id),
            proposal_id: Set(item.proposal_id),
            source: Set(AgreedSource::Panel),
            criterion: Set(criterion.clone()),
            points: Set(points),
            comment: Set(reason.clone()),
            agreed_by: Set(by),
            agreed_at: Set(tx.now()),
        };
        match old {
            Some(_) => _ = row.update(tx.conn()).await?,
            None => _ = agreed_score::Entity::insert(row).exec_without_returning(tx.conn()).await?,
        }
    }
    // Points of an earlier decision that the panel took back no longer count.
    for (criterion, old) in before {
        changed.push(Changed { criterion, before: Some(old.points.to_string()), after: None });
        agreed_score::Entity::delete_by_id(old.id).exec(tx.conn()).await?;
    }
    Ok(changed)
}

async fn agreed(tx: &Tx, proposal: ProposalId) -> Result<BTreeMap<String, agreed_score::Model>> {
    let rows = agreed_score::Entity::find()
        .filter(agreed_score::Column::ProposalId.eq(proposal))
        .filter(agreed_score::Column::Source.eq(AgreedSource::Panel))
        .all(tx.conn())
        .await?;
    Ok(rows.into_iter().map(|row| (row.criterion.clone(), row)).collect())
}
