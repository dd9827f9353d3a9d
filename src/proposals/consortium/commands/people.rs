//! The people of a part.

use super::super::events::ConsortiumEvent;
use super::{member, part_row, take_off};
use crate::{
    kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx},
    proposals::drafts::commands::{name_of, working},
};
use entity::{
    proposals::{part, section_task, team_member},
    types::{
        ids::{AccountId, PartId, ProposalId},
        states::{SectionState, TeamRole},
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

/// Changes what somebody may do on a part.
#[derive(Clone)]
pub struct ChangeRole {
    pub part: PartId,
    pub account: AccountId,
    pub role: TeamRole,
}

impl Command for ChangeRole {
    const NEEDS: Permission = Permission::EditPart;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Part(self.part)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        if self.role == TeamRole::Coordinator {
            return Err(AppError::invalid("role", "Choose one from the list"));
        }
        let own = part_row(tx, self.part).await?;
        let draft = working(tx, own.proposal_id).await?;
        let row = colleague(tx, draft.id, self.part, self.account).await?;
        let name = name_of(tx, Some(self.account)).await?;
        if row.role != self.role {
            let mut row: team_member::ActiveModel = row.into();
            row.role = Set(self.role);
            row.update(tx.conn()).await?;
        }
        Ok(tx.done(ConsortiumEvent::RoleChanged { proposal: draft.id, part: self.part, name, role: self.role }, ()))
    }
}

/// Takes somebody off the team of a part; sections that were theirs are nobody's again.
#[derive(Clone)]
pub struct RemovePerson {
    pub part: PartId,
    pub account: AccountId,
}

impl Command for RemovePerson {
    const NEEDS: Permission = Permission::EditPart;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Part(self.part)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        let own = part_row(tx, self.part).await?;
        let draft = working(tx, own.proposal_id).await?;
        let row = colleague(tx, draft.id, self.part, self.account).await?;
        let name = name_of(tx, Some(self.account)).await?;
        take_off(tx, row).await?;
        if own.contact_id == Some(self.account) {
            let version = own.version + 1;
            let mut own: part::ActiveModel = own.into();
            own.contact_id = Set(None);
            own.version = Set(version);
            own.update(tx.conn()).await?;
        }
        let event = ConsortiumEvent::PersonRemoved { proposal: draft.id, part: self.part, account: self.account, name };
        Ok(tx.done(event, ()))
    }
}

async fn colleague(tx: &Tx, proposal: ProposalId, part: PartId, account: AccountId) -> Result<team_member::Model> {
    let row = member(tx, proposal, account).await?.filter(|row| row.part_id == Some(part));
    let row = row.ok_or(AppError::NotFound)?;
    if row.role == TeamRole::Coordinator {
        return Err(AppError::refused("coordinates", "This person coordinates. Hand the coordination over first."));
    }
    Ok(row)
}

/// Open sections of somebody become nobody's.
pub(super) async fn free_tasks(tx: &Tx, proposal: ProposalId, account: AccountId) -> Result<()> {
    let rows = section_task::Entity::find()
        .filter(section_task::Column::ProposalId.eq(proposal))
        .filter(section_task::Column::AssignedTo.eq(account))
        .filter(section_task::Column::State.eq(SectionState::Open))
        .all(tx.conn())
        .await?;
    for row in rows {
        let mut row: section_task::ActiveModel = row.into();
        row.assigned_to = Set(None);
        row.due_on = Set(None);
        row.update(tx.conn()).await?;
    }
    Ok(())
}
