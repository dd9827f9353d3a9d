//! Who is out of the room for which proposal, and why: the conflicts of many proposals at once.

use crate::kernel::error::Result;
use entity::{
    evaluation::{assignment, conflict, conflict_finding},
    organisations::membership,
    proposals::{part, team_member},
    types::{
        ids::{AccountId, ConflictId, OrganisationId, ProposalId},
        states::{AssignmentState, MembershipRole, MembershipState, OutReason},
    },
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use std::collections::{BTreeMap, BTreeSet};

/// Everybody for whom one of some proposals does not exist.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bars(BTreeMap<ProposalId, BTreeMap<AccountId, OutReason>>);

impl Bars {
    /// Why this person is out of the room for a proposal; none when they are not.
    pub fn bars(&self, proposal: ProposalId, account: AccountId) -> Option<OutReason> {
        self.0.get(&proposal)?.get(&account).copied()
    }

    /// Everybody who is out of the room for a proposal.
    pub fn of(&self, proposal: ProposalId) -> BTreeMap<AccountId, OutReason> {
        self.0.get(&proposal).cloned().unwrap_or_default()
    }

    fn add(&mut self, proposal: ProposalId, account: AccountId, why: OutReason) {
        self.0.entry(proposal).or_default().entry(account).or_insert(why);
    }
}

/// The bars of these proposals, by a constant number of statements.
///
/// # Errors
/// When the database cannot be asked.
pub async fn of(db: &impl ConnectionTrait, proposals: &[ProposalId]) -> Result<Bars> {
    let mut bars = Bars::default();
    let ids = || proposals.iter().copied();
    let shares = part::Entity::find()
        .select_only()
        .columns([part::Column::ProposalId, part::Column::OrganisationId])
        .filter(part::Column::ProposalId.is_in(ids()))
        .filter(part::Column::LeftAt.is_null())
        .into_tuple::<(ProposalId, OrganisationId)>()
        .all(db)
        .await?;
    let organisations: BTreeSet<OrganisationId> = shares.iter().map(|(_, organisation)| *organisation).collect();
    let towards = Condition::any()
        .add(conflict::Column::ProposalId.is_in(ids()))
        .add(conflict::Column::OrganisationId.is_in(organisations.iter().copied()));
    let declared =
        conflict::Entity::find().filter(conflict::Column::WithdrawnAt.is_null()).filter(towards).all(db).await?;
    let found: BTreeSet<ConflictId> = conflict_finding::Entity::find()
        .select_only()
        .column(conflict_finding::Column::ConflictId)
        .filter(conflict_finding::Column::ConflictId.is_in(declared.iter().map(|row| row.id)))
        .into_tuple::<Option<ConflictId>>()
        .all(db)
        .await?
        .into_iter()
        .flatten()
        .collect();
    for row in &declared {
        if let Some(proposal) = row.proposal_id.filter(|id| proposals.contains(id)) {
            let why = if found.contains(&row.id) { OutReason::Found } else { OutReason::Declared };
            bars.add(proposal, row.account_id, why);
        }
    }
    for row in &declared {
        for (proposal, _) in shares.iter().filter(|(_, own)| row.organisation_id == Some(*own)) {
            bars.add(*proposal, row.account_id, OutReason::Organisation);
        }
    }
    let recused = assignment::Entity::find()
        .select_only()
        .columns([assignment::Column::ProposalId, assignment::Column::AccountId])
        .filter(assignment::Column::ProposalId.is_in(ids()))
        .filter(assignment::Column::State.eq(AssignmentState::Conflicted));
    for (proposal, account) in recused.into_tuple::<(ProposalId, AccountId)>().all(db).await? {
        bars.add(proposal, account, OutReason::Recused);
    }
    let team = team_member::Entity::present()
        .select_only()
        .columns([team_member::Column::ProposalId, team_member::Column::AccountId])
        .filter(team_member::Column::ProposalId.is_in(ids()));
    for (proposal, account) in team.into_tuple::<(ProposalId, AccountId)>().all(db).await? {
        bars.add(proposal, account, OutReason::Applicant);
    }
    let managers = membership::Entity::find()
        .select_only()
        .columns([membership::Column::OrganisationId, membership::Column::AccountId])
        .filter(membership::Column::OrganisationId.is_in(organisations))
        .filter(membership::Column::Role.eq(MembershipRole::Manager))
        .filter(membership::Column::State.eq(MembershipState::Active));
    for (organisation, account) in managers.into_tuple::<(OrganisationId, AccountId)>().all(db).await? {
        for (proposal, _) in shares.iter().filter(|(_, own)| *own == organisation) {
            bars.add(*proposal, account, OutReason::Applicant);
        }
    }
    Ok(bars)
}
