//! A finding in words, and the findings about one proposal for whoever asks people to judge it.

use crate::kernel::Result;
use entity::{
    evaluation::conflict_finding,
    types::{
        ids::{AccountId, FindingId, ProposalId},
        period,
        states::{FindingKind, FindingState, FindingStrength},
    },
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, sea_query::IntoCondition};
use std::collections::BTreeMap;

/// A finding as the pool of a proposal shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundTie {
    pub id: FindingId,
    pub kind: FindingKind,
    pub strength: FindingStrength,
    pub state: FindingState,
    /// The end of a sentence that begins with the person's name.
    pub why: String,
}

/// What stands between everybody and a proposal, gravest first; without what is no longer found.
///
/// # Errors
/// When the database cannot be asked.
pub async fn ties_of(db: &impl ConnectionTrait, proposal: ProposalId) -> Result<BTreeMap<AccountId, Vec<FoundTie>>> {
    let mut all = ties_where(db, conflict_finding::Column::ProposalId.eq(proposal)).await?;
    Ok(all.remove(&proposal).unwrap_or_default())
}

/// The same for all proposals that are meant; one statement.
///
/// # Errors
/// When the database cannot be asked.
pub async fn ties_where(
    db: &impl ConnectionTrait,
    meant: impl IntoCondition,
) -> Result<BTreeMap<ProposalId, BTreeMap<AccountId, Vec<FoundTie>>>> {
    let rows = conflict_finding::Entity::find()
        .filter(meant.into_condition())
        .filter(conflict_finding::Column::State.ne(FindingState::Gone))
        .all(db)
        .await?;
    let mut found: BTreeMap<ProposalId, BTreeMap<AccountId, Vec<FoundTie>>> = BTreeMap::new();
    for row in rows {
        let why = sentence(&row);
        let tie = FoundTie { id: row.id, kind: row.kind, strength: row.strength, state: row.state, why };
        found.entry(row.proposal_id).or_default().entry(row.account_id).or_default().push(tie);
    }
    for ties in found.values_mut().flat_map(BTreeMap::values_mut) {
        ties.sort_by_key(|tie| (std::cmp::Reverse(tie.strength), tie.kind, tie.id));
    }
    Ok(found)
}

/// What was found, as the end of a sentence that begins with the person's name.
pub fn sentence(row: &conflict_finding::Model) -> String {
    let (party, own, met) = (row.party.as_str(), row.own.as_str(), row.met.as_str());
    let also = |text: &str| match text == party || text.is_empty() {
        true => String::new(),
        false => format!(" (“{text}”)"),
    };
    let until = row.on_day.map(|day| format!(" until {}", period::day(day))).unwrap_or_default();
    match row.kind {
        FindingKind::SamePerson => format!("is named in the proposal: {met}{}", also(party)),
        FindingKind::Declared => format!("named {party} as an interest{}", also(own)),
        FindingKind::Employer => format!("works for {party}{}", also(own)),
        FindingKind::PastEmployer => format!("worked for {party}{}{until}", also(own)),
        FindingKind::MailDomain => format!("has a mail address near {party} ({own}, {met})"),
        FindingKind::Seat => format!("has a seat, a membership or a share in {party}{}", also(own)),
        FindingKind::PastSeat => format!("had a seat, a membership or a share in {party}{}{until}", also(own)),
        FindingKind::ClusterBoard => format!("sits on the board of {met}, to which {party} belongs"),
        FindingKind::SameCluster => format!("belongs to {met}, as {party} does"),
        FindingKind::Ownership => {
            let path: Vec<&str> = row.path.lines().collect();
            format!("works for or owns “{own}”, linked with {party} by ownership: {}", path.join(" – "))
        }
        FindingKind::PastProposal => format!("took part with {party} in the earlier proposal {met}"),
        FindingKind::Rival => format!("works for or owns {met}, which takes part in another proposal of the call"),
        FindingKind::SameCountry => format!("comes from the country of a partner ({met})"),
        FindingKind::FamilyName => format!("has family name and address of {met}"),
    }
}
