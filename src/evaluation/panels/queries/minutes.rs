//! The minutes of a meeting: made from what was recorded, then kept letter by letter once they are signed.

use super::Room;
use crate::kernel::{AppError, Leave, Permission, Query, Result, Snapshot, Subject, access::bars};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use entity::{
    accounts::account,
    evaluation::{panel_ballot, panel_item, panel_minutes, panel_note, panel_point, panel_presence, panel_vote},
    types::{
        ids::{AccountId, CallId, PanelId, PanelItemId, ProposalId},
        states::{
            MinutesState, OutReason, PanelItemState, PanelState, PresenceKind, VoteChoice, VoteResult, VoteState,
        },
    },
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// When a member came and went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attended {
    pub name: String,
    pub moves: Vec<(PresenceKind, DateTime<Utc>)>,
}

/// Somebody who was out of the room, and the kind of reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WasOut {
    pub account: AccountId,
    pub name: String,
    pub why: OutReason,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MinutedNote {
    pub who: String,
    pub at: DateTime<Utc>,
    pub text: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MinutedPoints {
    pub criterion: String,
    pub points: String,
    pub reason: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MinutedVote {
    pub question: String,
    pub secret: bool,
    pub yes: i32,
    pub no: i32,
    pub abstain: i32,
    pub result: VoteResult,
    /// Who voted what; empty when the vote was secret.
    pub named: Vec<(String, VoteChoice)>,
}

/// What the minutes say about one proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentItem {
    pub item: PanelItemId,
    pub proposal: ProposalId,
    pub code: String,
    pub title: String,
    pub state: PanelItemState,
    pub lead: String,
    pub began_at: Option<DateTime<Utc>>,
    pub ended_at: Option<DateTime<Utc>>,
    pub outcome: String,
    pub out: Vec<WasOut>,
    pub notes: Vec<MinutedNote>,
    pub points: Vec<MinutedPoints>,
    pub votes: Vec<MinutedVote>,
}

/// The minutes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    pub call: String,
    pub call_title: String,
    pub panel: String,
    pub place: String,
    pub chair: String,
    pub deputy: String,
    pub quorum: i32,
    pub opened_at: Option<DateTime<Utc>>,
    pub closed_at: Option<DateTime<Utc>>,
    pub attended: Vec<Attended>,
    pub items: Vec<DocumentItem>,
    /// Why this version replaces an earlier one; empty for the first.
    #[serde(default)]
    pub correction: String,
}

impl Document {
    /// The minutes for somebody for whom some proposals do not exist: those known now, and those of the record.
    fn without(mut self, account: Option<AccountId>, hidden: impl Fn(ProposalId) -> bool) -> Self {
        let was_out = |item: &DocumentItem| item.out.iter().any(|one| Some(one.account) == account);
        self.items.retain(|item| !hidden(item.proposal) && !was_out(item));
        self
    }
}

/// Signed minutes.
#[derive(Debug, Clone)]
pub struct SignedMinutes {
    pub number: i32,
    pub state: MinutesState,
    pub reason: String,
    pub digest: String,
    pub chair: String,
    pub signed_at: DateTime<Utc>,
    pub deputy: Option<String>,
    pub deputy_at: Option<DateTime<Utc>>,
}

/// The minutes of a panel for one reader.
pub struct MinutesView {
    pub panel: PanelId,
    pub call: CallId,
    pub name: String,
    pub zone: Tz,
    pub state: PanelState,
    pub document: Document,
    /// None while the minutes are a draft.
    pub signed: Option<SignedMinutes>,
    pub versions: Vec<SignedMinutes>,
    pub may_sign: bool,
    /// Whether this reader's signature is the second one.
    pub second: bool,
    /// Whether a signature makes a new version.
    pub replaces: bool,
    pub my_name: String,
    pub may_staff: bool,
}

/// The minutes of a panel: the version asked for, else the latest, else the draft.
pub struct MinutesOf {
    pub panel: PanelId,
    pub number: Option<i32>,
}

impl Query for MinutesOf {
    const NEEDS: Permission = Permission::ReadPanel;
    type Output = MinutesView;

    fn about(&self) -> Subject {
        Subject::Panel(self.panel)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<MinutesView> {
        let db = db.conn();
        let room = Room::load(db, self.panel).await?;
        let account = leave.actor().account();
        let rows = panel_minutes::Entity::find()
            .filter(panel_minutes::Column::PanelId.eq(self.panel))
            .order_by_desc(panel_minutes::Column::Number)
            .all(db)
            .await?;
        let row = match self.number {
            Some(number) => Some(rows.iter().find(|row| row.number == number).ok_or(AppError::NotFound)?),
            // Minutes that were signed before the meeting was taken up again are no longer its minutes.
            None => rows.first().filter(|row| row.state != MinutesState::Replaced),
        };
        let whole = match row {
            Some(row) => serde_json::from_str(&row.document)?,
            None => document(db, &room).await?,
        };
        let ids: Vec<ProposalId> = whole.items.iter().map(|item| item.proposal).collect();
        let bars = bars::of(db, &ids).await?;
        let hidden = |id| account.is_some_and(|one| bars.bars(id, one).is_some());
        let signers = rows.iter().flat_map(|row| [Some(row.chair_id), row.deputy_id]).flatten();
        let names: BTreeMap<AccountId, String> = account::Entity::find()
            .filter(account::Column::Id.is_in(signers.chain(account)))
            .all(db)
            .await?
            .into_iter()
            .map(|one| (one.id, one.name))
            .collect();
        let signed = |row: &panel_minutes::Model| SignedMinutes {
            number: row.number,
            state: row.state,
            reason: row.reason.clone(),
            digest: row.digest.clone(),
            chair: names.get(&row.chair_id).cloned().unwrap_or_default(),
            signed_at: row.signed_at,
            deputy: row.deputy_id.and_then(|id| names.get(&id).cloned()),
            deputy_at: row.deputy_at,
        };
        let half = rows.first().is_some_and(|row| row.state == MinutesState::Half);
        let (chairs, deputises) =
            (account == Some(room.panel.chair_id), account.is_some() && account == room.panel.deputy_id);
        let closed = matches!(room.panel.state, PanelState::Closed | PanelState::Signed);
        let leads = leave.may(Permission::SignMinutes) && closed;
        Ok(MinutesView {
            panel: room.panel.id,
            call: room.call.id,
            name: room.panel.name.clone(),
            zone: room.call.terms.zone,
            state: room.panel.state,
            document: whole.without(account, hidden),
            signed: row.map(signed),
            versions: rows.iter().map(signed).collect(),
            may_sign: leads && ((chairs && !half) || (deputises && half)),
            second: half,
            replaces: room.panel.state == PanelState::Signed,
            my_name: account.and_then(|id| names.get(&id).cloned()).unwrap_or_default(),
            may_staff: leave.may(Permission::SeePanels),
        })
    }
}

/// Whether the chair was out of the room for a part of the meeting, so that the deputy signs too.
pub fn chair_was_out(room: &Room, document: &Document) -> bool {
    let chair = room.panel.chair_id;
    let recorded = document.items.iter().any(|item| item.out.iter().any(|one| one.account == chair));
    recorded || room.items.iter().any(|item| room.barred(item, chair).is_some())
}

/// The minutes as they follow from what was recorded.
///
/// # Errors
/// When the database cannot be asked.
pub async fn document(db: &impl ConnectionTrait, room: &Room) -> Result<Document> {
    let rows = Rows::of(db, room).await?;
    let name = |id: AccountId| rows.names.get(&id).cloned().unwrap_or_default();
    let attended = room.seats.iter().chain(&room.gone).filter_map(|seat| {
        let moves: Vec<(PresenceKind, DateTime<Utc>)> = rows
            .presence
            .iter()
            .filter(|one| one.account_id == seat.account)
            .filter(|one| matches!(one.kind, PresenceKind::Arrived | PresenceKind::Went))
            .map(|one| (one.kind, one.at))
            .collect();
        (!moves.is_empty()).then(|| Attended { name: seat.name.clone(), moves })
    });
    Ok(Document {
        call: room.call.code.clone(),
        call_title: room.call.title.clone(),
        panel: room.panel.name.clone(),
        place: room.panel.place.clone(),
        chair: room.name(room.panel.chair_id).to_owned(),
        deputy: room.panel.deputy_id.map(|id| room.name(id).to_owned()).unwrap_or_default(),
        quorum: room.panel.quorum,
        opened_at: room.panel.opened_at,
        closed_at: room.panel.closed_at,
        attended: attended.collect(),
        items: room.items.iter().map(|item| rows.item(room, item, &name)).collect(),
        correction: String::new(),
    })
}

/// Everything that was recorded in a meeting.
struct Rows {
    presence: Vec<panel_presence::Model>,
    notes: Vec<panel_note::Model>,
    points: Vec<panel_point::Model>,
    votes: Vec<panel_vote::Model>,
    ballots: Vec<panel_ballot::Model>,
    names: BTreeMap<AccountId, String>,
}

impl Rows {
    async fn of(db: &impl ConnectionTrait, room: &Room) -> Result<Self> {
        let items = || room.items.iter().map(|item| item.id);
        let presence = panel_presence::Entity::find()
            .filter(panel_presence::Column::PanelId.eq(room.panel.id))
            .order_by_asc(panel_presence::Column::At)
            .order_by_asc(panel_presence::Column::Id)
            .all(db)
            .await?;
        let notes = panel_note::Entity::find()
            .filter(panel_note::Column::ItemId.is_in(items()))
            .filter(panel_note::Column::Minuted.eq(true))
            .order_by_asc(panel_note::Column::At)
            .order_by_asc(panel_note::Column::Id)
            .all(db)
            .await?;
        let points = panel_point::Entity::find()
            .filter(panel_point::Column::ItemId.is_in(items()))
            .order_by_asc(panel_point::Column::SetAt)
            .order_by_asc(panel_point::Column::Id)
            .all(db)
            .await?;
        let votes = panel_vote::Entity::find()
            .filter(panel_vote::Column::ItemId.is_in(items()))
            .filter(panel_vote::Column::State.eq(VoteState::Closed))
            .order_by_asc(panel_vote::Column::Id)
            .all(db)
            .await?;
        let ballots = panel_ballot::Entity::find()
            .filter(panel_ballot::Column::VoteId.is_in(votes.iter().map(|vote| vote.id)))
            .order_by_asc(panel_ballot::Column::CastAt)
            .order_by_asc(panel_ballot::Column::Id)
            .all(db)
            .await?;
        let people: BTreeSet<AccountId> = presence
            .iter()
            .map(|row| row.account_id)
            .chain(notes.iter().map(|row| row.account_id))
            .chain(ballots.iter().map(|row| row.account_id))
            .collect();
        let names = account::Entity::find().filter(account::Column::Id.is_in(people)).all(db).await?;
        let names = names.into_iter().map(|one| (one.id, one.name)).collect();
        Ok(Self { presence, notes, points, votes, ballots, names })
    }

    fn item(&self, room: &Room, item: &panel_item::Model, name: &impl Fn(AccountId) -> String) -> DocumentItem {
        let mut out: Vec<WasOut> = Vec::new();
        for row in self.presence.iter().filter(|row| row.item_id == Some(item.id) && row.kind == PresenceKind::Out) {
            if let Some(why) = row.why.filter(|_| out.iter().all(|one| one.account != row.account_id)) {
                out.push(WasOut { account: row.account_id, name: name(row.account_id), why });
            }
        }
        let points = room.call.terms.criteria.iter().filter_map(|criterion| {
            let mut mine = self.points.iter().filter(|row| row.item_id == item.id && row.criterion == criterion.key);
            let last = mine.next_back()?;
            Some(MinutedPoints {
                criterion: criterion.name.clone(),
                points: last.points?.to_string(),
                reason: last.reason.clone(),
            })
        });
        let vote = |vote: &panel_vote::Model| {
            let cast = self.ballots.iter().filter(|one| one.vote_id == vote.id && !vote.secret);
            Some(MinutedVote {
                question: vote.question.clone(),
                secret: vote.secret,
                yes: vote.yes,
                no: vote.no,
                abstain: vote.abstain,
                result: vote.result?,
                named: cast.filter_map(|one| Some((name(one.account_id), one.choice?))).collect(),
            })
        };
        let proposal = room.proposals.get(&item.proposal_id);
        DocumentItem {
            item: item.id,
            proposal: item.proposal_id,
            code: room.code(item).to_owned(),
            title: proposal.map(|row| row.title.clone()).unwrap_or_default(),
            state: item.state,
            lead: item.lead_id.map(|id| room.name(id).to_owned()).unwrap_or_default(),
            began_at: item.began_at,
            ended_at: item.ended_at,
            outcome: item.outcome.clone(),
            out,
            notes: self
                .notes
                .iter()
                .filter(|note| note.item_id == item.id)
                .map(|note| MinutedNote { who: name(note.account_id), at: note.at, text: note.text.clone() })
                .collect(),
            points: points.collect(),
            votes: self.votes.iter().filter(|one| one.item_id == item.id).filter_map(vote).collect(),
        }
    }
}
