//! Proposals with every organisation, company and named person of every part that was handed in.

use super::super::rules::{self, Contact, Rule};
use super::nodes::{Nodes, contact};
use crate::kernel::Result;
use chrono::Months;
use entity::{
    accounts::account,
    proposals::{letter, part, participant, proposal, team_member},
    types::{
        ids::{AccountId, CallId, PartId, ProposalId},
        states::{LetterState, PartState},
    },
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::{BTreeMap, BTreeSet};

/// What the parts of some proposals hold.
struct Parts {
    parties: BTreeMap<ProposalId, BTreeSet<usize>>,
    people: BTreeMap<ProposalId, Vec<Contact>>,
}

/// The proposals of a call with a part that was handed in.
pub async fn of_call(
    db: &impl ConnectionTrait,
    call: CallId,
    nodes: &mut Nodes,
) -> Result<Vec<(ProposalId, rules::Proposal)>> {
    let rows = proposal::Entity::find()
        .filter(proposal::Column::CallId.eq(call))
        .order_by_asc(proposal::Column::Code)
        .all(db)
        .await?;
    let ids: Vec<ProposalId> = rows.iter().map(|row| row.id).collect();
    let mut parts = parts(db, &ids, nodes, true).await?;
    let whole = |id: ProposalId| {
        let parties = parts.parties.remove(&id)?.into_iter().collect();
        Some((id, rules::Proposal { parties, people: parts.people.remove(&id).unwrap_or_default() }))
    };
    Ok(ids.into_iter().filter_map(whole).collect())
}

/// Proposals of other calls, as far back as they count.
pub async fn before(
    db: &impl ConnectionTrait,
    call: CallId,
    rule: &Rule,
    nodes: &mut Nodes,
) -> Result<Vec<rules::Past>> {
    let months = Months::new(rule.years_of_past_proposals.saturating_mul(12));
    let first = rule.today.checked_sub_months(months).unwrap_or(rule.today);
    let rows = proposal::Entity::find()
        .filter(proposal::Column::CallId.ne(call))
        .filter(proposal::Column::SubmittedAt.gte(first.and_time(chrono::NaiveTime::MIN).and_utc()))
        .order_by_asc(proposal::Column::Code)
        .all(db)
        .await?;
    let ids: Vec<ProposalId> = rows.iter().map(|row| row.id).collect();
    let mut parts = parts(db, &ids, nodes, false).await?;
    let past = |row: proposal::Model| {
        let organisations = parts.parties.remove(&row.id)?.into_iter().collect();
        let people = parts.people.remove(&row.id).unwrap_or_default();
        Some(rules::Past { code: row.code, on: row.submitted_at.map(|at| at.date_naive()), organisations, people })
    };
    Ok(rows.into_iter().filter_map(past).collect())
}

/// Reads the parts of proposals. In the call at hand, people who stand for an organisation are kept with it; of a past
/// proposal everybody is named for the whole.
async fn parts(db: &impl ConnectionTrait, ids: &[ProposalId], nodes: &mut Nodes, here: bool) -> Result<Parts> {
    let mut found = Parts { parties: BTreeMap::new(), people: BTreeMap::new() };
    for some in ids.chunks(500) {
        let rows = part::Entity::find()
            .filter(part::Column::ProposalId.is_in(some.to_vec()))
            .filter(part::Column::State.is_not_in([PartState::Draft, PartState::Withdrawn]))
            .all(db)
            .await?;
        let of: Vec<PartId> = rows.iter().map(|row| row.id).collect();
        let companies =
            participant::Entity::find().filter(participant::Column::PartId.is_in(of.clone())).all(db).await?;
        let letters = letter::Entity::find()
            .filter(letter::Column::PartId.is_in(of))
            .filter(letter::Column::State.ne(LetterState::Withdrawn))
            .all(db)
            .await?;
        let team =
            team_member::Entity::find().filter(team_member::Column::ProposalId.is_in(some.to_vec())).all(db).await?;
        let accounts = team.iter().map(|row| row.account_id).chain(rows.iter().filter_map(|row| row.contact_id));
        let accounts: BTreeSet<AccountId> = accounts.collect();
        let accounts: BTreeMap<AccountId, account::Model> = account::Entity::find()
            .filter(account::Column::Id.is_in(accounts))
            .all(db)
            .await?
            .into_iter()
            .map(|row| (row.id, row))
            .collect();
        let person = |id: AccountId| accounts.get(&id).map(|row| contact(&row.name, Some(row.email.as_str())));
        let mut homes: BTreeMap<PartId, (ProposalId, usize)> = BTreeMap::new();
        for row in &rows {
            let Some(place) = nodes.of(row.organisation_id) else { continue };
            homes.insert(row.id, (row.proposal_id, place));
            found.parties.entry(row.proposal_id).or_default().insert(place);
            found.note(nodes, here, row.proposal_id, Some(place), row.contact_id.and_then(person));
            let signatory = row.signatory.as_deref().map(|name| contact(name, None));
            found.note(nodes, here, row.proposal_id, None, signatory);
        }
        for row in companies {
            let Some((proposal, _)) = homes.get(&row.part_id) else { continue };
            let place = match row.organisation_id.and_then(|id| nodes.of(id)) {
                Some(place) => place,
                None => nodes.named(&row.name, row.registration_no.as_deref(), Some(row.country)),
            };
            found.parties.entry(*proposal).or_default().insert(place);
            let stands = contact(&row.contact_name, Some(&row.contact_email));
            found.note(nodes, here, *proposal, Some(place), Some(stands));
        }
        for row in letters {
            let Some((proposal, _)) = homes.get(&row.part_id) else { continue };
            found.note(nodes, here, *proposal, None, Some(contact(&row.signer_name, Some(&row.signer_email))));
        }
        for row in team {
            let home = row.part_id.and_then(|id| homes.get(&id)).map(|(_, place)| *place);
            found.note(nodes, here, row.proposal_id, home, person(row.account_id));
        }
    }
    // Who works on a proposal of which nothing was handed in is nobody's rival.
    let Parts { parties, people } = &mut found;
    people.retain(|id, _| parties.contains_key(id));
    Ok(found)
}

impl Parts {
    fn note(
        &mut self,
        nodes: &mut Nodes,
        here: bool,
        proposal: ProposalId,
        home: Option<usize>,
        person: Option<Contact>,
    ) {
        let Some(person) = person else { return };
        match home {
            Some(place) if here => nodes.met(place, person),
            _ => {
                let people = self.people.entry(proposal).or_default();
                if !people.contains(&person) {
                    people.push(person);
                }
            }
        }
    }
}
