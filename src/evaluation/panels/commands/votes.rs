//! Votes: opened and closed by whoever leads, cast by the members in the room.

use super::{
    discussed,
    items::{open_vote, present},
    stirred,
};
use crate::{
    evaluation::panels::{
        events::ItemEvent,
        queries::Room,
        rules::voting::{quorate, tally},
    },
    kernel::{
        AppError, Command, Done, Leave, Permission, Result, Subject, Tx,
        error::{ForField, OnUnique},
    },
};
use entity::{
    evaluation::{panel_ballot, panel_item, panel_vote},
    types::{
        ids::{AccountId, PanelBallotId, PanelItemId, PanelVoteId},
        states::{VoteChoice, VoteState},
        text,
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

/// Asks the members in the room a question.
#[derive(Clone)]
pub struct OpenVote {
    pub item: PanelItemId,
    pub question: String,
    pub secret: bool,
}

impl Command for OpenVote {
    const NEEDS: Permission = Permission::LeadPanelItem;
    type Output = PanelVoteId;

    fn about(&self) -> Subject {
        Subject::PanelItem(self.item)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<PanelVoteId>> {
        let (room, item) = Room::around(tx.conn(), self.item).await?;
        discussed(&room, &item)?;
        let question = text::line(&self.question, 300).for_field("question")?;
        present(&room, leave.account()?)?;
        enough(&room, &item)?;
        if open_vote(tx, item.id).await?.is_some() {
            return Err(AppError::refused("vote_open", "A vote is open already. Close it first."));
        }
        let id: PanelVoteId = tx.new_id();
        let row = panel_vote::ActiveModel {
            id: Set(id),
            item_id: Set(item.id),
            question: Set(question.clone()),
            secret: Set(self.secret),
            state: Set(VoteState::Open),
            opened_by: Set(leave.account()?),
            opened_at: Set(tx.now()),
            closed_at: Set(None),
            yes: Set(0),
            no: Set(0),
            abstain: Set(0),
            result: Set(None),
        };
        panel_vote::Entity::insert(row).exec_without_returning(tx.conn()).await?;
        stirred(tx, &room, &item).await?.update(tx.conn()).await?;
        Ok(tx.done(ItemEvent::VoteOpened { item: room.item(&item), question, secret: self.secret }, id))
    }
}

fn enough(room: &Room, item: &panel_item::Model) -> Result<()> {
    quorate(room.inside(item).len(), room.panel.quorum).map_err(|e| AppError::refused("no_quorum", e.to_string()))
}

/// Votes, or votes anew while the vote is open.
#[derive(Clone)]
pub struct CastVote {
    pub item: PanelItemId,
    /// The vote that was seen.
    pub vote: PanelVoteId,
    pub choice: VoteChoice,
}

impl Command for CastVote {
    const NEEDS: Permission = Permission::VoteInPanel;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::PanelItem(self.item)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let (room, item) = Room::around(tx.conn(), self.item).await?;
        let account = leave.account()?;
        let closed = || AppError::refused("vote_closed", "This vote is closed.");
        let vote = open_vote(tx, item.id).await?.filter(|vote| vote.id == self.vote).ok_or_else(closed)?;
        present(&room, account)?;
        let before = ballots(tx, vote.id).await?.into_iter().find(|one| one.account_id == account);
        match before {
            Some(before) if before.choice == Some(self.choice) => {
                return Err(AppError::refused("voted_already", "You have voted so already."));
            }
            Some(before) => {
                let mut change: panel_ballot::ActiveModel = before.into();
                change.choice = Set(Some(self.choice));
                change.cast_at = Set(tx.now());
                change.update(tx.conn()).await?;
            }
            None => {
                let row = panel_ballot::ActiveModel {
                    id: Set(tx.new_id::<PanelBallotId>()),
                    vote_id: Set(vote.id),
                    account_id: Set(account),
                    choice: Set(Some(self.choice)),
                    cast_at: Set(tx.now()),
                };
                let twice = AppError::refused("voted_already", "You have voted already.");
                panel_ballot::Entity::insert(row).exec_without_returning(tx.conn()).await.on_unique(twice)?;
            }
        }
        stirred(tx, &room, &item).await?.update(tx.conn()).await?;
        Ok(tx.done(ItemEvent::Voted { item: room.item(&item) }, ()))
    }
}

async fn ballots(tx: &Tx, vote: PanelVoteId) -> Result<Vec<panel_ballot::Model>> {
    Ok(panel_ballot::Entity::find().filter(panel_ballot::Column::VoteId.eq(vote)).all(tx.conn()).await?)
}

/// Closes a vote with its result, or stops it without one.
#[derive(Clone)]
pub struct CloseVote {
    pub item: PanelItemId,
    pub vote: PanelVoteId,
    pub stop: bool,
}

impl Command for CloseVote {
    const NEEDS: Permission = Permission::LeadPanelItem;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::PanelItem(self.item)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let (room, item) = Room::around(tx.conn(), self.item).await?;
        let closed = || AppError::refused("vote_closed", "This vote is closed.");
        let vote = open_vote(tx, item.id).await?.filter(|vote| vote.id == self.vote).ok_or_else(closed)?;
        let cast = ballots(tx, vote.id).await?;
        if vote.secret || self.stop {
            for ballot in &cast {
                let mut change: panel_ballot::ActiveModel = ballot.clone().into();
                change.choice = Set(None);
                change.update(tx.conn()).await?;
            }
        }
        stirred(tx, &room, &item).await?.update(tx.conn()).await?;
        let mut change: panel_vote::ActiveModel = vote.clone().into();
        change.closed_at = Set(Some(tx.now()));
        if self.stop {
            change.state = Set(VoteState::Stopped);
            change.update(tx.conn()).await?;
            return Ok(tx.done(ItemEvent::VoteStopped { item: room.item(&item) }, ()));
        }
        enough(&room, &item)?;
        // Whoever has meanwhile left the room for this proposal has no vote in it.
        let counted: Vec<(AccountId, VoteChoice)> = cast
            .iter()
            .filter(|one| room.barred(&item, one.account_id).is_none())
            .filter_map(|one| Some((one.account_id, one.choice?)))
            .collect();
        let result = tally(&counted, room.panel.casting, Some(leave.account()?));
        change.state = Set(VoteState::Closed);
        change.yes = Set(result.yes);
        change.no = Set(result.no);
        change.abstain = Set(result.abstain);
        change.result = Set(Some(result.result));
        change.update(tx.conn()).await?;
        let votes = [result.yes, result.no, result.abstain];
        let told = room.item(&item);
        Ok(tx.done(ItemEvent::VoteClosed { item: told, question: vote.question, votes, result: result.result }, ()))
    }
}
