//! Leaving a consortium, and handing its coordination over.

use super::super::{events::ConsortiumEvent, rules::may_leave};
use super::{member, named, organisation_name, part_row, take_off};
use crate::{
    kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx},
    proposals::drafts::commands::{name_of, touch, working},
};
use entity::{
    proposals::{letter, part, proposal, submission, team_member},
    types::{
        ids::{AccountId, PartId, ProposalId},
        states::{LetterState, PartState, TeamRole},
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

/// Leaves a consortium with one's own part.
#[derive(Clone)]
pub struct LeaveProposal {
    pub part: PartId,
}

impl Command for LeaveProposal {
    const NEEDS: Permission = Permission::EditPart;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Part(self.part)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let own = part_row(tx, self.part).await?;
        let draft = working(tx, own.proposal_id).await?;
        take_out(tx, leave, draft, own, false).await
    }
}

/// Takes a partner out of the consortium.
#[derive(Clone)]
pub struct RemovePartner {
    pub proposal: ProposalId,
    pub part: PartId,
}

impl Command for RemovePartner {
    const NEEDS: Permission = Permission::ManageTeam;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Proposal(self.proposal)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let draft = working(tx, self.proposal).await?;
        let own = part_row(tx, self.part).await?;
        if own.proposal_id != draft.id {
            return Err(AppError::NotFound);
        }
        take_out(tx, leave, draft, own, true).await
    }
}

/// A part that was never handed in is its owners' own draft: it is in no list and no count from then on, its people
/// have no access and its letters are taken back. What was written stays kept, for a new invitation.
async fn take_out(
    tx: &Tx,
    leave: Leave<'_>,
    draft: proposal::Model,
    own: part::Model,
    removed: bool,
) -> Result<Done<()>> {
    let submitted = submission::Entity::find().filter(submission::Column::PartId.eq(own.id)).count(tx.conn()).await?;
    may_leave(own.state, own.is_coordinator, submitted > 0)?;
    let team = team_member::Entity::present()
        .filter(team_member::Column::ProposalId.eq(draft.id))
        .filter(team_member::Column::PartId.eq(own.id))
        .all(tx.conn())
        .await?;
    let people: Vec<AccountId> = team.iter().map(|m| m.account_id).collect();
    for row in team {
        take_off(tx, row).await?;
    }
    let open = [LetterState::Asked, LetterState::Signed];
    let letters = letter::Entity::find()
        .filter(letter::Column::PartId.eq(own.id))
        .filter(letter::Column::State.is_in(open))
        .all(tx.conn())
        .await?;
    for row in letters {
        let mut row: letter::ActiveModel = row.into();
        row.state = Set(LetterState::Withdrawn);
        row.update(tx.conn()).await?;
    }
    let organisation = organisation_name(tx, own.organisation_id).await?;
    let version = own.version + 1;
    let mut own: part::ActiveModel = own.into();
    own.left_at = Set(Some(tx.now()));
    own.contact_id = Set(None);
    own.version = Set(version);
    own.update(tx.conn()).await?;
    touch(tx, leave, draft.id).await?;
    Ok(tx.done(ConsortiumEvent::PartnerLeft { proposal: named(&draft), organisation, people, removed }, ()))
}

/// Hands the coordination to a person of another part; that part coordinates from then on.
#[derive(Clone)]
pub struct HandOver {
    pub proposal: ProposalId,
    pub to: AccountId,
}

impl Command for HandOver {
    const NEEDS: Permission = Permission::ManageTeam;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Proposal(self.proposal)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let draft = working(tx, self.proposal).await?;
        let next = member(tx, draft.id, self.to).await?.filter(|row| row.role != TeamRole::Viewer);
        let next = next.ok_or_else(|| AppError::invalid("to", "Choose somebody who may edit"))?;
        let part = part_row(tx, next.part_id.ok_or(AppError::NotFound)?).await?;
        let parts = part::Entity::find()
            .filter(part::Column::ProposalId.eq(draft.id))
            .filter(part::Column::LeftAt.is_null())
            .all(tx.conn())
            .await?;
        let fixed = |row: &part::Model| (row.is_coordinator || row.id == part.id) && row.state != PartState::Draft;
        if parts.iter().any(fixed) {
            let message = "The joint sections are submitted with the coordinator's part. Reopen it first.";
            return Err(AppError::refused("part_submitted", message));
        }
        for row in parts.into_iter().filter(|row| row.is_coordinator != (row.id == part.id)) {
            let (coordinates, version) = (row.id == part.id, row.version + 1);
            let mut row: part::ActiveModel = row.into();
            row.is_coordinator = Set(coordinates);
            row.version = Set(version);
            row.update(tx.conn()).await?;
        }
        let before = team_member::Entity::present()
            .filter(team_member::Column::ProposalId.eq(draft.id))
            .filter(team_member::Column::Role.eq(TeamRole::Coordinator))
            .all(tx.conn())
            .await?;
        for row in before.into_iter().filter(|row| row.account_id != self.to) {
            let mut row: team_member::ActiveModel = row.into();
            row.role = Set(TeamRole::Editor);
            row.update(tx.conn()).await?;
        }
        let mut next: team_member::ActiveModel = next.into();
        next.role = Set(TeamRole::Coordinator);
        next.update(tx.conn()).await?;
        touch(tx, leave, draft.id).await?;
        let organisation = organisation_name(tx, part.organisation_id).await?;
        let name = name_of(tx, Some(self.to)).await?;
        Ok(tx.done(ConsortiumEvent::HandedOver { proposal: named(&draft), organisation, name }, ()))
    }
}
