//! A person's own proposals.

use crate::{
    kernel::{
        Leave, Permission, Query, Result, Snapshot, Subject,
        access::scope,
        paging::{Listed, Paging},
    },
    proposals::dossier::{self, Change, Dossier, check},
};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use entity::{
    proposals::proposal,
    types::{
        ids::{PartId, ProposalId},
        period::Deadline,
        states::{CallState, PartState, ProposalState, SectionState},
    },
};
use sea_orm::{PaginatorTrait, QueryOrder, QuerySelect};

/// The proposals the actor works on, latest first.
pub struct OwnProposals(pub Paging);

/// A proposal as a card.
#[derive(Debug, Clone)]
pub struct Card {
    pub id: ProposalId,
    pub code: String,
    pub title: String,
    pub acronym: String,
    pub call_code: String,
    pub call_title: String,
    pub call_state: CallState,
    pub state: ProposalState,
    /// Names of the organisations the reader works for here.
    pub organisations: Vec<String>,
    /// States of the reader's own parts.
    pub parts: Vec<PartState>,
    pub coordinates: bool,
    /// How much of the joint sections and the reader's own parts is done.
    pub percent: usize,
    /// The first deadline of the reader's own parts that are still drafts.
    pub deadline: Option<Deadline>,
    /// Sections given to the reader that are not complete.
    pub assigned: usize,
    pub saved_by: String,
    pub saved_at: DateTime<Utc>,
    pub zone: Tz,
    /// A part of the reader whose decision and feedback can be read.
    pub feedback: Option<PartId>,
    /// The latest change of the call since the proposal was started, while it is open.
    pub changed: Option<Change>,
}

impl Query for OwnProposals {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = Listed<Card>;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Listed<Card>> {
        let mine = scope::own_proposals(leave);
        let total = mine.clone().count(db.conn()).await?;
        let ids: Vec<ProposalId> = mine
            .select_only()
            .column(proposal::Column::Id)
            .order_by_desc(proposal::Column::UpdatedAt)
            .order_by_desc(proposal::Column::Id)
            .offset(self.0.offset())
            .limit(self.0.size)
            .into_tuple()
            .all(db.conn())
            .await?;
        let dossiers = dossier::load_many(db.conn(), &ids).await?;
        let cards = dossiers.iter().map(|dossier| card(dossier, leave, db.now())).collect();
        Ok(Listed::new(cards, total, self.0))
    }
}

fn card(dossier: &Dossier, leave: Leave<'_>, now: DateTime<Utc>) -> Card {
    let own = dossier.own_parts(leave);
    let today = now.with_timezone(&dossier.terms().zone).date_naive();
    let account = leave.actor().account();
    let drafts = own.iter().filter(|p| p.row.state == PartState::Draft);
    let head = dossier.head(leave);
    Card {
        id: head.id,
        code: head.code,
        title: head.title,
        acronym: head.acronym,
        call_code: head.call_code,
        call_title: head.call_title,
        call_state: dossier.call.state,
        state: head.state,
        organisations: own.iter().map(|p| p.organisation.name.clone()).collect(),
        parts: own.iter().map(|p| p.row.state).collect(),
        coordinates: head.coordinates,
        percent: check::percent(dossier, &own, today),
        deadline: drafts.map(|p| p.annex.terms.deadline).min_by_key(Deadline::instant),
        assigned: dossier
            .tasks
            .iter()
            .filter(|t| t.assigned_to.is_some() && t.assigned_to == account && t.state == SectionState::Open)
            .count(),
        saved_by: head.saved_by,
        saved_at: head.saved_at,
        zone: head.zone,
        feedback: own.iter().find(|p| told(dossier.call.state, p.row.state)).map(|p| p.row.id),
        changed: head.changes.into_iter().next().filter(|_| head.open),
    }
}

/// Whether the decision on a part was released.
fn told(call: CallState, part: PartState) -> bool {
    use PartState::{Awarded, Closed, Contracted, Rejected, Reserve};
    matches!(call, CallState::Decided | CallState::Archived)
        && matches!(part, Awarded | Reserve | Rejected | Contracted | Closed)
}

/// Proposals by what happens to them next, for the groups of the page.
pub fn group(card: &Card) -> usize {
    match (card.state, card.call_state) {
        (ProposalState::Withdrawn, _) | (_, CallState::Decided | CallState::Archived) => 3,
        (ProposalState::Submitted, _) => 2,
        (ProposalState::Draft, CallState::Open) if card.percent == 0 => 0,
        (ProposalState::Draft, CallState::Open) => 1,
        (ProposalState::Draft, _) => 3,
    }
}
