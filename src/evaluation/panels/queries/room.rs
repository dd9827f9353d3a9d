//! A panel with everything that every look at it and every act in it needs, by a constant number of statements.

use crate::{
    evaluation::panels::events::{About, Item},
    kernel::{
        AppError, Result,
        access::bars::{self, Bars},
    },
};
use entity::{
    accounts::account,
    calls::call,
    evaluation::{panel, panel_item, panel_member},
    proposals::proposal,
    types::{
        ids::{AccountId, PanelId, PanelItemId, ProposalId},
        period,
        states::{OutReason, PanelItemState},
    },
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::BTreeMap;

/// A member of a panel.
#[derive(Debug, Clone)]
pub struct Seat {
    pub account: AccountId,
    pub name: String,
    pub here: bool,
    pub row: panel_member::Model,
}

/// A panel with its members and its agenda.
pub struct Room {
    pub panel: panel::Model,
    pub call: call::Model,
    /// Members now, by name.
    pub seats: Vec<Seat>,
    /// Who was a member.
    pub gone: Vec<Seat>,
    /// The agenda in its order.
    pub items: Vec<panel_item::Model>,
    pub proposals: BTreeMap<ProposalId, proposal::Model>,
    pub bars: Bars,
}

impl Room {
    /// # Errors
    /// `NotFound` when there is no such panel.
    pub async fn load(db: &impl ConnectionTrait, id: PanelId) -> Result<Self> {
        let found = panel::Entity::find_by_id(id).find_also_related(call::Entity).one(db).await?;
        let Some((panel, Some(call))) = found else { return Err(AppError::NotFound) };
        let members = panel_member::Entity::find()
            .find_also_related(account::Entity)
            .filter(panel_member::Column::PanelId.eq(id))
            .all(db)
            .await?;
        let mut seats: Vec<Seat> = members
            .into_iter()
            .map(|(row, account)| Seat {
                account: row.account_id,
                name: account.map(|a| a.name).unwrap_or_default(),
                here: row.here,
                row,
            })
            .collect();
        seats.sort_by(|a, b| a.name.cmp(&b.name).then(a.account.cmp(&b.account)));
        let (seats, gone) = seats.into_iter().partition(|seat| seat.row.ended_at.is_none());
        let items = panel_item::Entity::find()
            .filter(panel_item::Column::PanelId.eq(id))
            .order_by_asc(panel_item::Column::Position)
            .order_by_asc(panel_item::Column::Id)
            .all(db)
            .await?;
        let ids: Vec<ProposalId> = items.iter().map(|item| item.proposal_id).collect();
        let proposals =
            proposal::Entity::find().filter(proposal::Column::Id.is_in(ids.iter().copied())).all(db).await?;
        let bars = bars::of(db, &ids).await?;
        let proposals = proposals.into_iter().map(|row| (row.id, row)).collect();
        Ok(Self { panel, call, seats, gone, items, proposals, bars })
    }

    /// The room around one proposal on an agenda.
    ///
    /// # Errors
    /// `NotFound` when there is no such item.
    pub async fn around(db: &impl ConnectionTrait, id: PanelItemId) -> Result<(Self, panel_item::Model)> {
        let item = panel_item::Entity::find_by_id(id).one(db).await?.ok_or(AppError::NotFound)?;
        Ok((Self::load(db, item.panel_id).await?, item))
    }

    pub fn seat(&self, account: AccountId) -> Option<&Seat> {
        self.seats.iter().find(|seat| seat.account == account)
    }

    /// The name of somebody who is or was a member; empty for others.
    pub fn name(&self, account: AccountId) -> &str {
        self.seats.iter().chain(&self.gone).find(|seat| seat.account == account).map_or("", |seat| seat.name.as_str())
    }

    /// What is discussed now.
    pub fn current(&self) -> Option<&panel_item::Model> {
        self.items.iter().find(|item| item.state == PanelItemState::Discussed)
    }

    /// Why somebody is out of the room for a proposal.
    pub fn barred(&self, item: &panel_item::Model, account: AccountId) -> Option<OutReason> {
        self.bars.bars(item.proposal_id, account)
    }

    /// Members who are present and may hear of this proposal.
    pub fn inside(&self, item: &panel_item::Model) -> Vec<&Seat> {
        self.seats.iter().filter(|seat| seat.here && self.barred(item, seat.account).is_none()).collect()
    }

    /// Members who are out of the room for this proposal, present or not.
    pub fn outside(&self, item: &panel_item::Model) -> Vec<(&Seat, OutReason)> {
        let out = |seat| Some((seat, self.barred(item, Seat::account(seat))?));
        self.seats.iter().filter_map(out).collect()
    }

    /// The agenda as this person may know it: for others than people, all of it.
    pub fn agenda(&self, account: Option<AccountId>) -> Vec<&panel_item::Model> {
        let seen = |item: &&panel_item::Model| account.is_none_or(|one| self.barred(item, one).is_none());
        self.items.iter().filter(seen).collect()
    }

    /// The code of an item's proposal.
    pub fn code(&self, item: &panel_item::Model) -> &str {
        self.proposals.get(&item.proposal_id).map_or("", |row| row.code.as_str())
    }

    /// The panel as events speak of it.
    pub fn about(&self) -> About {
        about(&self.panel, &self.call)
    }

    /// The item as events speak of it.
    pub fn item(&self, item: &panel_item::Model) -> Item {
        Item {
            item: item.id,
            call: self.call.id,
            proposal: item.proposal_id,
            code: self.code(item).to_owned(),
            panel: self.panel.name.clone(),
        }
    }
}

impl Seat {
    fn account(&self) -> AccountId {
        self.account
    }
}

/// A panel as events speak of it.
pub fn about(panel: &panel::Model, call: &call::Model) -> About {
    About {
        panel: panel.id,
        call: call.id,
        call_title: call.title.clone(),
        name: panel.name.clone(),
        when: panel.starts_at.map(|at| period::in_zone(at, call.terms.zone)).unwrap_or_default(),
        place: panel.place.clone(),
    }
}
