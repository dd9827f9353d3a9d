//! A proposal in a meeting: everybody's points beside the panel's, notes, votes, who is out of the room.

use super::Room;
use crate::{
    evaluation::{
        consensus::queries::{Facts, Given, Opinion},
        rules::{Kept, weighted},
    },
    kernel::{AppError, Leave, Permission, Query, Result, Snapshot, Subject},
    proposals::reading::queries::{Reading, files, reading, submitted},
};
use chrono::{DateTime, Utc};
use entity::{
    accounts::account,
    evaluation::{consensus, consensus_voice, panel_ballot, panel_item, panel_note, panel_point, panel_vote},
    types::{
        decimal,
        ids::{AccountId, PanelId, PanelItemId, PanelVoteId, ProposalId},
        points::{Points, Scale},
        states::{
            ConsensusState, OutReason, PanelItemState, PanelState, VoiceState, VoteChoice, VoteResult, VoteState,
        },
        terms::{CallTerms, Criterion},
    },
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::BTreeMap;

/// Points as they stood before or stand now.
#[derive(Debug, Clone)]
pub struct TrailLine {
    pub points: Option<Points>,
    pub who: String,
    pub at: DateTime<Utc>,
}

/// A criterion with everybody's points and the panel's.
#[derive(Debug, Clone)]
pub struct CriterionView {
    pub key: String,
    pub name: String,
    pub weight: String,
    pub threshold: Option<Points>,
    pub opinions: Vec<Opinion>,
    pub mean: Option<String>,
    pub spread: String,
    pub points: Option<Points>,
    pub reason: String,
    /// What the panel had written before, oldest first.
    pub trail: Vec<TrailLine>,
}

impl CriterionView {
    /// The panel's points as a field holds them.
    pub fn stored(&self) -> String {
        self.points.map(|points| points.to_string()).unwrap_or_default()
    }
}

#[derive(Debug, Clone)]
pub struct NoteView {
    pub who: String,
    pub text: String,
    pub minuted: bool,
    pub at: DateTime<Utc>,
}

/// A vote as one member sees it.
#[derive(Debug, Clone)]
pub struct VoteView {
    pub id: PanelVoteId,
    pub question: String,
    pub secret: bool,
    pub state: VoteState,
    pub opened_at: DateTime<Utc>,
    /// How many voted, and how many could.
    pub voted: usize,
    pub entitled: usize,
    pub mine: Option<VoteChoice>,
    /// Yes, no, abstentions; only once it is closed.
    pub counts: Option<[i32; 3]>,
    pub result: Option<VoteResult>,
    /// Who voted what, once an open vote is closed.
    pub named: Vec<(String, VoteChoice)>,
}

/// A proposal in a meeting, for somebody in the room.
pub struct ItemView {
    pub id: PanelItemId,
    pub panel: PanelId,
    pub proposal: ProposalId,
    pub code: String,
    pub title: String,
    pub state: PanelItemState,
    pub lead: String,
    pub began_at: Option<DateTime<Utc>>,
    pub until: Option<DateTime<Utc>>,
    pub ended_at: Option<DateTime<Utc>>,
    pub outcome: String,
    pub criteria: Vec<CriterionView>,
    /// The weighted total of the panel's points, as far as it goes.
    pub total: String,
    pub scale: Scale,
    /// How long the trail of points is; what a form was made from.
    pub seen: i64,
    pub notes: Vec<NoteView>,
    pub votes: Vec<VoteView>,
    pub out: Vec<(String, OutReason)>,
    pub present: usize,
    pub quorum: i32,
    /// Why a consensus gave it to the panel, and who did not agree with what; none when it did not.
    pub escalated: Option<(String, Vec<(String, String)>)>,
    /// Whether it is discussed in a meeting that is in session.
    pub live: bool,
    pub may_lead: bool,
    pub may_note: bool,
    pub may_points: bool,
    pub may_vote: bool,
    pub may_declare: bool,
}

impl ItemView {
    /// The vote that is open.
    pub fn open_vote(&self) -> Option<&VoteView> {
        self.votes.iter().find(|vote| vote.state == VoteState::Open)
    }
}

/// A proposal in a meeting with the proposal itself beside it.
pub struct ItemPage {
    pub item: ItemView,
    pub reading: Reading,
    pub panel_name: String,
    pub zone: chrono_tz::Tz,
}

/// What a panel says about a proposal.
pub struct ItemOf {
    pub panel: PanelId,
    pub item: PanelItemId,
}

impl Query for ItemOf {
    const NEEDS: Permission = Permission::ReadPanelItem;
    type Output = ItemPage;

    fn about(&self) -> Subject {
        Subject::PanelItem(self.item)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<ItemPage> {
        let db = db.conn();
        let (room, row) = Room::around(db, self.item).await?;
        if room.panel.id != self.panel {
            return Err(AppError::NotFound);
        }
        let dossier = submitted(db, leave, row.proposal_id).await?;
        let files = files(db, &dossier).await?;
        Ok(ItemPage {
            item: view(db, leave, &room, &row).await?,
            reading: reading(&dossier, &files),
            panel_name: room.panel.name.clone(),
            zone: room.call.terms.zone,
        })
    }
}

/// The same without the proposal itself.
pub struct ItemBy(pub PanelItemId);

impl Query for ItemBy {
    const NEEDS: Permission = Permission::ReadPanelItem;
    type Output = ItemView;

    fn about(&self) -> Subject {
        Subject::PanelItem(self.0)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<ItemView> {
        let (room, row) = Room::around(db.conn(), self.0).await?;
        view(db.conn(), leave, &room, &row).await
    }
}

/// The panel's points now, by criterion.
///
/// # Errors
/// When the database cannot be asked.
pub async fn latest_points(
    db: &impl ConnectionTrait,
    item: PanelItemId,
) -> Result<BTreeMap<String, panel_point::Model>> {
    Ok(trail(db, item).await?.into_iter().map(|row| (row.criterion.clone(), row)).collect())
}

/// How often points were written: the version of the form they are written with.
///
/// # Errors
/// When the database cannot be asked.
pub async fn trail_length(db: &impl ConnectionTrait, item: PanelItemId) -> Result<i64> {
    Ok(i64::try_from(trail(db, item).await?.len()).unwrap_or(i64::MAX))
}

async fn trail(db: &impl ConnectionTrait, item: PanelItemId) -> Result<Vec<panel_point::Model>> {
    let rows = panel_point::Entity::find()
        .filter(panel_point::Column::ItemId.eq(item))
        .order_by_asc(panel_point::Column::SetAt)
        .order_by_asc(panel_point::Column::Id);
    Ok(rows.all(db).await?)
}

/// The item as the actor, who is in the room for it, sees it.
pub(super) async fn view(
    db: &impl ConnectionTrait,
    leave: Leave<'_>,
    room: &Room,
    row: &panel_item::Model,
) -> Result<ItemView> {
    let account = leave.actor().account();
    let facts = Facts::of(db, [row.proposal_id]).await?.remove(&row.proposal_id).unwrap_or_default();
    let trail = trail(db, row.id).await?;
    let notes = panel_note::Entity::find()
        .filter(panel_note::Column::ItemId.eq(row.id))
        .order_by_asc(panel_note::Column::At)
        .order_by_asc(panel_note::Column::Id)
        .all(db)
        .await?;
    let votes = panel_vote::Entity::find()
        .filter(panel_vote::Column::ItemId.eq(row.id))
        .order_by_asc(panel_vote::Column::Id)
        .all(db)
        .await?;
    let ballots = panel_ballot::Entity::find()
        .filter(panel_ballot::Column::VoteId.is_in(votes.iter().map(|vote| vote.id)))
        .all(db)
        .await?;
    let case = consensus::Entity::find().filter(consensus::Column::ProposalId.eq(row.proposal_id)).one(db).await?;
    let case = case.filter(|case| case.state == ConsensusState::ToPanel);
    let voices = consensus_voice::Entity::find()
        .filter(consensus_voice::Column::ConsensusId.is_in(case.iter().map(|case| case.id)))
        .filter(consensus_voice::Column::State.eq(VoiceState::Disagrees))
        .all(db)
        .await?;
    let writers = notes.iter().map(|n| n.account_id).chain(trail.iter().map(|p| p.set_by));
    let writers = account::Entity::find().filter(account::Column::Id.is_in(writers)).all(db).await?;
    let names: BTreeMap<AccountId, String> = writers.into_iter().map(|a| (a.id, a.name)).collect();
    let eyes =
        Eyes { account, staff: leave.may(Permission::SeePanels), terms: &room.call.terms, given: &facts.submitted };
    let inside = room.inside(row);
    let entitled = inside.len();
    let running = room.panel.state == PanelState::Open;
    let live = running && row.state == PanelItemState::Discussed;
    let here = account.and_then(|one| room.seat(one)).is_some_and(|seat| seat.here);
    let vote = |vote: &panel_vote::Model| VoteView {
        id: vote.id,
        question: vote.question.clone(),
        secret: vote.secret,
        state: vote.state,
        opened_at: vote.opened_at,
        voted: ballots.iter().filter(|one| one.vote_id == vote.id).count(),
        entitled,
        mine: ballots
            .iter()
            .find(|one| one.vote_id == vote.id && Some(one.account_id) == account)
            .and_then(|one| one.choice),
        counts: (vote.state == VoteState::Closed).then_some([vote.yes, vote.no, vote.abstain]),
        result: vote.result,
        named: match vote.state == VoteState::Closed && !vote.secret {
            true => ballots
                .iter()
                .filter(|one| one.vote_id == vote.id)
                .filter_map(|one| Some((room.name(one.account_id).to_owned(), one.choice?)))
                .collect(),
            false => Vec::new(),
        },
    };
    let written = |key: &str| trail.iter().filter(|line| line.criterion == key).collect::<Vec<_>>();
    let latest: Vec<Kept<'_>> = room
        .call
        .terms
        .criteria
        .iter()
        .map(|c| Kept::points(&c.key, written(&c.key).last().and_then(|line| line.points)))
        .collect();
    let name = |id: AccountId| names.get(&id).cloned().unwrap_or_default();
    Ok(ItemView {
        id: row.id,
        panel: room.panel.id,
        proposal: row.proposal_id,
        code: room.code(row).to_owned(),
        title: room.proposals.get(&row.proposal_id).map(|p| p.title.clone()).unwrap_or_default(),
        state: row.state,
        lead: row.lead_id.map(|id| room.name(id).to_owned()).unwrap_or_default(),
        began_at: row.began_at,
        until: row.until,
        ended_at: row.ended_at,
        outcome: row.outcome.clone(),
        total: weighted(&room.call.terms, &latest).total,
        criteria: room.call.terms.criteria.iter().map(|c| eyes.criterion(c, &written(&c.key), &name)).collect(),
        scale: room.call.terms.evaluation.scale,
        seen: i64::try_from(trail.len()).unwrap_or(i64::MAX),
        notes: notes
            .iter()
            .map(|n| NoteView { who: name(n.account_id), text: n.text.clone(), minuted: n.minuted, at: n.at })
            .collect(),
        votes: votes.iter().map(vote).collect(),
        out: room.outside(row).into_iter().map(|(seat, why)| (seat.name.clone(), why)).collect(),
        present: inside.len(),
        quorum: room.panel.quorum,
        escalated: case.map(|case| {
            let said = |voice: consensus_voice::Model| (eyes.who_of(voice.account_id), voice.statement);
            (case.reason, voices.into_iter().map(said).collect())
        }),
        live,
        may_lead: live && here && leave.may(Permission::LeadPanelItem),
        may_note: room.panel.state != PanelState::Closed
            && room.panel.state != PanelState::Signed
            && leave.may(Permission::DiscussPanelItem),
        may_points: live && leave.may(Permission::RecordPanelPoints),
        may_vote: live && here && leave.may(Permission::VoteInPanel),
        may_declare: leave.may(Permission::DiscussPanelItem),
    })
}

/// Who looks, and what the call lets them see of the evaluators.
struct Eyes<'a> {
    account: Option<AccountId>,
    staff: bool,
    terms: &'a CallTerms,
    given: &'a [Given],
}

impl Eyes<'_> {
    /// The name, or a letter by the order in which the tasks were given.
    fn who_of(&self, account: AccountId) -> String {
        let Some(place) = self.given.iter().position(|given| given.account == account) else {
            return "An evaluator".to_owned();
        };
        if Some(account) == self.account {
            return "You".to_owned();
        }
        if self.staff || self.terms.evaluation.visibility.names {
            return self.given.get(place).map(|given| given.name.clone()).unwrap_or_default();
        }
        let letter = u8::try_from(place).ok().filter(|place| *place < 26).map(|place| char::from(b'A' + place));
        letter.map_or_else(|| "An evaluator".to_owned(), |letter| format!("Evaluator {letter}"))
    }

    fn criterion(
        &self,
        criterion: &Criterion,
        written: &[&panel_point::Model],
        name: &impl Fn(AccountId) -> String,
    ) -> CriterionView {
        let opinion = |given: &Given| Opinion {
            who: self.who_of(given.account),
            mine: Some(given.account) == self.account,
            points: given.points(criterion).map(|points| decimal::plain(points, 2)),
            comment: given.comment(criterion),
        };
        let points: Vec<i64> = self.given.iter().filter_map(|given| given.points(criterion)).collect();
        let count = i64::try_from(points.len()).unwrap_or_default();
        let mean = (count > 0).then(|| (2 * points.iter().sum::<i64>() + count).div_euclid(2 * count));
        let spread = points.iter().max().zip(points.iter().min()).map_or(0, |(most, least)| most - least);
        let latest = written.last();
        CriterionView {
            key: criterion.key.clone(),
            name: criterion.name.clone(),
            weight: criterion.weight.to_string(),
            threshold: criterion.threshold,
            opinions: self.given.iter().map(opinion).collect(),
            mean: mean.map(|mean| decimal::fixed(mean, 2)),
            spread: decimal::fixed(spread, 2),
            points: latest.and_then(|line| line.points),
            reason: latest.map(|line| line.reason.clone()).unwrap_or_default(),
            trail: written
                .iter()
                .map(|line| TrailLine { points: line.points, who: name(line.set_by), at: line.set_at })
                .collect(),
        }
    }
}
