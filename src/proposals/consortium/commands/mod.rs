//! What people do with consortia.

mod answer;
mod assign;
mod invite;
mod leave;
mod people;

pub use answer::{AcceptPartnership, DeclineInvitation, JoinTeam, Joined, TellOfDecline};
pub use assign::AssignSection;
pub use invite::{InvitePartner, InvitePerson, WithdrawInvitation};
pub use leave::{HandOver, LeaveProposal, RemovePartner};
pub use people::{ChangeRole, RemovePerson};

use super::events::Named;
use crate::kernel::{AppError, Result, Tx};
use entity::{
    organisations::organisation,
    proposals::{part, proposal, team_member},
    types::{
        ids::{AccountId, OrganisationId, PartId, ProposalId, TeamMemberId},
        states::TeamRole,
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

fn named(row: &proposal::Model) -> Named {
    Named { id: row.id, code: row.code.clone(), title: row.title.clone(), acronym: row.acronym.clone() }
}

async fn organisation_name(tx: &Tx, id: OrganisationId) -> Result<String> {
    Ok(organisation::Entity::find_by_id(id).one(tx.conn()).await?.map(|o| o.name).unwrap_or_default())
}

/// A part of a consortium; one that left is no longer there.
async fn part_row(tx: &Tx, id: PartId) -> Result<part::Model> {
    let row = part::Entity::find_by_id(id).one(tx.conn()).await?;
    row.filter(|row| row.left_at.is_none()).ok_or(AppError::NotFound)
}

async fn member(tx: &Tx, proposal: ProposalId, account: AccountId) -> Result<Option<team_member::Model>> {
    Ok(known(tx, proposal, account).await?.filter(|row| row.left_at.is_none()))
}

/// The row of somebody who works on the proposal or did.
async fn known(tx: &Tx, proposal: ProposalId, account: AccountId) -> Result<Option<team_member::Model>> {
    Ok(team_member::Entity::find()
        .filter(team_member::Column::ProposalId.eq(proposal))
        .filter(team_member::Column::AccountId.eq(account))
        .one(tx.conn())
        .await?)
}

/// Takes somebody off the team: no access from then on, and open sections that were theirs are nobody's again.
async fn take_off(tx: &Tx, row: team_member::Model) -> Result<()> {
    people::free_tasks(tx, row.proposal_id, row.account_id).await?;
    let mut row: team_member::ActiveModel = row.into();
    row.left_at = Set(Some(tx.now()));
    row.update(tx.conn()).await?;
    Ok(())
}

/// Puts somebody on a part; whoever is on the team already moves there, a coordinator stays, whoever left is back.
async fn put_on_team(
    tx: &Tx,
    proposal: ProposalId,
    account: AccountId,
    part: PartId,
    role: TeamRole,
    added_by: Option<AccountId>,
) -> Result<()> {
    match known(tx, proposal, account).await? {
        Some(row) if row.role == TeamRole::Coordinator && row.left_at.is_none() => Ok(()),
        Some(row) => {
            let back = row.left_at.is_some();
            let mut row: team_member::ActiveModel = row.into();
            if back {
                row.left_at = Set(None);
                row.added_by = Set(added_by);
                row.added_at = Set(tx.now());
            }
            row.part_id = Set(Some(part));
            row.role = Set(role);
            row.update(tx.conn()).await?;
            Ok(())
        }
        None => {
            let row = team_member::ActiveModel {
                id: Set(tx.new_id::<TeamMemberId>()),
                proposal_id: Set(proposal),
                account_id: Set(account),
                part_id: Set(Some(part)),
                role: Set(role),
                added_by: Set(added_by),
                added_at: Set(tx.now()),
                left_at: Set(None),
            };
            team_member::Entity::insert(row).exec_without_returning(tx.conn()).await?;
            Ok(())
        }
    }
}
