//! What the secretariat puts on the agenda, and in which order.

use super::{noticed, running, stirred};
use crate::{
    evaluation::panels::{
        events::{ItemEvent, PanelEvent},
        queries::{Room, candidates},
        rules::{
            order::{Candidate, order},
            states::is_running,
        },
    },
    kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx, error::OnUnique},
};
use entity::{
    evaluation::panel_item,
    types::{
        ids::{AccountId, PanelId, PanelItemId, ProposalId},
        states::{PanelItemState, PanelOrder},
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};

/// Most proposals on an agenda.
const MOST_ITEMS: usize = 500;

/// Puts proposals of the call on the agenda.
#[derive(Clone)]
pub struct AddItems {
    pub panel: PanelId,
    pub proposals: Vec<ProposalId>,
}

impl Command for AddItems {
    const NEEDS: Permission = Permission::PreparePanel;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Panel(self.panel)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let room = running(tx, self.panel).await?;
        let mut new: Vec<ProposalId> = self.proposals;
        new.retain(|id| !room.items.iter().any(|item| item.proposal_id == *id));
        new.sort_unstable();
        new.dedup();
        if room.items.len() + new.len() > MOST_ITEMS {
            return Err(AppError::invalid("proposals", format!("An agenda has at most {MOST_ITEMS} proposals")));
        }
        let all = candidates(tx.conn(), leave, room.call.id).await?;
        let last = room.items.iter().map(|item| item.position).max().unwrap_or_default();
        let mut done: Option<Done<()>> = None;
        for (one, place) in all.iter().filter(|one| new.contains(&one.proposal)).zip(last + 1..) {
            let row = panel_item::Model {
                id: tx.new_id(),
                panel_id: self.panel,
                proposal_id: one.proposal,
                position: place,
                state: PanelItemState::Waiting,
                lead_id: None,
                began_at: None,
                until: None,
                ended_at: None,
                outcome: String::new(),
                version: 1,
            };
            let mut item = room.item(&row);
            item.code.clone_from(&one.code);
            let row: panel_item::ActiveModel = row.into();
            let twice = AppError::refused("added_already", "Somebody added the same proposal at the same moment.");
            panel_item::Entity::insert(row.reset_all()).exec_without_returning(tx.conn()).await.on_unique(twice)?;
            let added = ItemEvent::Added { item };
            done = Some(match done {
                Some(done) => done.and(added),
                None => tx.done(added, ()),
            });
        }
        noticed(&room.panel).update(tx.conn()).await?;
        done.ok_or_else(|| AppError::invalid("proposals", "Choose proposals of this call"))
    }
}

/// Takes a proposal off the agenda that was not called up yet.
#[derive(Clone)]
pub struct RemoveItem(pub PanelItemId);

impl Command for RemoveItem {
    const NEEDS: Permission = Permission::ArrangePanelItem;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::PanelItem(self.0)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        let (room, item) = waiting(tx, self.0).await?;
        panel_item::Entity::delete_by_id(item.id).exec(tx.conn()).await?;
        noticed(&room.panel).update(tx.conn()).await?;
        Ok(tx.done(ItemEvent::Removed { item: room.item(&item) }, ()))
    }
}

async fn waiting(tx: &Tx, id: PanelItemId) -> Result<(Room, panel_item::Model)> {
    let (room, item) = Room::around(tx.conn(), id).await?;
    if !is_running(room.panel.state) {
        return Err(AppError::refused("panel_closed", "The meeting is closed; nothing about it changes any more."));
    }
    match item.state {
        PanelItemState::Waiting | PanelItemState::Deferred if item.began_at.is_none() => Ok((room, item)),
        _ => Err(AppError::refused("called_up", "This proposal was called up already.")),
    }
}

/// Which way a proposal moves on the agenda.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Up,
    Down,
}

/// Moves a proposal by one place among those the actor sees.
#[derive(Clone)]
pub struct MoveItem {
    pub item: PanelItemId,
    pub direction: Direction,
}

impl Command for MoveItem {
    const NEEDS: Permission = Permission::ArrangePanelItem;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::PanelItem(self.item)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let (room, item) = Room::around(tx.conn(), self.item).await?;
        running(tx, room.panel.id).await?;
        let seen = room.agenda(leave.actor().account());
        let at = seen.iter().position(|one| one.id == item.id).ok_or(AppError::NotFound)?;
        let other = match self.direction {
            Direction::Up => at.checked_sub(1),
            Direction::Down => Some(at + 1),
        };
        let other = other.and_then(|at| seen.get(at));
        let other = other.ok_or_else(|| AppError::refused("at_the_end", "It stands at the end already."))?;
        // Places count from one anew, so that old gaps and ties do not stop a move.
        let mut ids: Vec<PanelItemId> = room.items.iter().map(|one| one.id).collect();
        let place = |id: PanelItemId| ids.iter().position(|one| *one == id).unwrap_or_default();
        let (from, to) = (place(item.id), place(other.id));
        let moved = ids.remove(from);
        ids.insert(to, moved);
        put(tx, &room, &ids).await?;
        let mut change = noticed(&room.panel);
        change.order_by = Set(PanelOrder::ByHand);
        change.update(tx.conn()).await?;
        Ok(tx.done(PanelEvent::Ordered { about: room.about(), by: PanelOrder::ByHand.word() }, ()))
    }
}

/// Gives every item the place it has in the list.
async fn put(tx: &Tx, room: &Room, ids: &[PanelItemId]) -> Result<()> {
    for (id, place) in ids.iter().zip(1..) {
        let Some(item) = room.items.iter().find(|item| item.id == *id && item.position != place) else { continue };
        let mut change: panel_item::ActiveModel = item.clone().into();
        change.position = Set(place);
        change.update(tx.conn()).await?;
    }
    Ok(())
}

/// Puts the whole agenda in an order.
#[derive(Clone)]
pub struct OrderAgenda {
    pub panel: PanelId,
    pub by: PanelOrder,
}

impl Command for OrderAgenda {
    const NEEDS: Permission = Permission::PreparePanel;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Panel(self.panel)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let room = running(tx, self.panel).await?;
        let all = candidates(tx.conn(), leave, room.call.id).await?;
        let placed = |item: &panel_item::Model| {
            let known = all.iter().find(|one| one.proposal == item.proposal_id);
            Candidate {
                item: item.id,
                code: room.code(item).to_owned(),
                total: known.and_then(|one| one.total),
                spread: known.and_then(|one| one.spread),
                escalated: known.is_some_and(|one| one.escalated),
                barred: !room.outside(item).is_empty() || known.is_none(),
            }
        };
        let ids = order(room.items.iter().map(placed).collect(), self.by);
        put(tx, &room, &ids).await?;
        let mut change = noticed(&room.panel);
        change.order_by = Set(self.by);
        change.update(tx.conn()).await?;
        Ok(tx.done(PanelEvent::Ordered { about: room.about(), by: self.by.word() }, ()))
    }
}

/// Asks a member to introduce a proposal.
#[derive(Clone)]
pub struct NameLead {
    pub item: PanelItemId,
    /// Nobody when none.
    pub account: Option<AccountId>,
}

impl Command for NameLead {
    const NEEDS: Permission = Permission::ArrangePanelItem;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::PanelItem(self.item)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        let (room, item) = Room::around(tx.conn(), self.item).await?;
        running(tx, room.panel.id).await?;
        let name = match self.account {
            None => "nobody".to_owned(),
            Some(account) => {
                let seat = room.seat(account).filter(|_| room.barred(&item, account).is_none());
                let seat =
                    seat.ok_or_else(|| AppError::invalid("lead", "Choose a member who is in the room for it"))?;
                seat.name.clone()
            }
        };
        let mut change = stirred(tx, &room, &item).await?;
        change.lead_id = Set(self.account);
        change.update(tx.conn()).await?;
        Ok(tx.done(ItemEvent::LeadNamed { item: room.item(&item), name }, ()))
    }
}
