//! Inviting partners and people.

use super::super::{
    events::{ConsortiumEvent, Sent},
    rules::invitation_text,
};
use super::{named, organisation_name, part_row};
use crate::{
    accounts::invitations::commands as invitations,
    kernel::{
        AppError, Command, Done, Leave, Permission, Result, Subject, Tx,
        error::{Denial, FieldErrors},
    },
    proposals::drafts::commands::{name_of, working},
};
use entity::{
    accounts::{account, invitation},
    proposals::team_member,
    types::{
        ids::{InvitationId, PartId, ProposalId},
        states::{InvitationKind, TeamRole},
        text::{self, Email},
    },
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

/// Invites an organisation as partner, by a person there.
#[derive(Clone)]
pub struct InvitePartner {
    pub proposal: ProposalId,
    pub email: String,
    pub name: String,
    /// The organisation that is meant; the person chooses it when accepting.
    pub organisation: String,
    pub message: String,
}

impl Command for InvitePartner {
    const NEEDS: Permission = Permission::ManageTeam;
    type Output = InvitationId;

    fn about(&self) -> Subject {
        Subject::Proposal(self.proposal)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<InvitationId>> {
        let mut errors = FieldErrors::default();
        let email = errors.take("email", Email::parse(&self.email));
        let name = errors.take("name", text::line(&self.name, 120));
        let organisation = errors.take("organisation", text::line(&self.organisation, 200));
        let message = errors.take("message", text::prose(&self.message, 3_000));
        errors.done()?;
        let account = leave.account()?;
        let draft = working(tx, self.proposal).await?;
        let Some(email) = email else { return Err(AppError::NotFound) };
        not_yet(tx, draft.id, &email, InvitationKind::Partner).await?;
        let (name, organisation) = (name.unwrap_or_default(), organisation.unwrap_or_default());
        let message = message.unwrap_or_default();
        let new = invitations::New {
            kind: InvitationKind::Partner,
            email: email.clone(),
            name: name.clone(),
            role: None,
            call: Some(draft.call_id),
            organisation: None,
            proposal: Some(draft.id),
            part: None,
            message: invitation_text(&organisation, &message),
            invited_by: account,
        };
        let (id, path) = invitations::create(tx, new).await?;
        let by = name_of(tx, Some(account)).await?;
        let sent = Sent { id, email, name, organisation, message, by, path };
        Ok(tx.done(ConsortiumEvent::PartnerInvited { proposal: named(&draft), sent }, id))
    }
}

/// Invites a person to work on a part.
#[derive(Clone)]
pub struct InvitePerson {
    pub part: PartId,
    pub email: String,
    pub name: String,
    pub role: TeamRole,
    pub message: String,
}

impl Command for InvitePerson {
    const NEEDS: Permission = Permission::EditPart;
    type Output = InvitationId;

    fn about(&self) -> Subject {
        Subject::Part(self.part)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<InvitationId>> {
        let mut errors = FieldErrors::default();
        let email = errors.take("email", Email::parse(&self.email));
        let name = errors.take("name", text::line(&self.name, 120));
        let message = errors.take("message", text::prose(&self.message, 3_000));
        if self.role == TeamRole::Coordinator {
            errors.add("role", "Choose one from the list");
        }
        errors.done()?;
        let account = leave.account()?;
        let own = part_row(tx, self.part).await?;
        let draft = working(tx, own.proposal_id).await?;
        let Some(email) = email else { return Err(AppError::NotFound) };
        not_yet(tx, draft.id, &email, InvitationKind::Team).await?;
        let (name, message) = (name.unwrap_or_default(), message.unwrap_or_default());
        let organisation = organisation_name(tx, own.organisation_id).await?;
        let new = invitations::New {
            kind: InvitationKind::Team,
            email: email.clone(),
            name: name.clone(),
            role: Some(self.role.word().to_owned()),
            call: Some(draft.call_id),
            organisation: Some(own.organisation_id),
            proposal: Some(draft.id),
            part: Some(own.id),
            message: invitation_text(&organisation, &message),
            invited_by: account,
        };
        let (id, path) = invitations::create(tx, new).await?;
        let by = name_of(tx, Some(account)).await?;
        let sent = Sent { id, email, name, organisation, message, by, path };
        let event = ConsortiumEvent::PersonInvited { proposal: named(&draft), part: own.id, sent, role: self.role };
        Ok(tx.done(event, id))
    }
}

/// Nobody is invited who is on the team, or twice at a time.
async fn not_yet(tx: &Tx, proposal: ProposalId, email: &Email, kind: InvitationKind) -> Result<()> {
    let here = team_member::Entity::present()
        .inner_join_account()
        .filter(team_member::Column::ProposalId.eq(proposal))
        .filter(account::Column::Email.eq(email.clone()));
    if here.count(tx.conn()).await? > 0 {
        return Err(AppError::invalid("email", "This person works on the proposal already"));
    }
    let pending = invitation::Entity::find()
        .filter(invitation::Column::ProposalId.eq(proposal))
        .filter(invitation::Column::Kind.eq(kind))
        .filter(invitation::Column::Email.eq(email.clone()))
        .filter(invitation::Column::AnsweredAt.is_null())
        .filter(invitation::Column::WithdrawnAt.is_null())
        .filter(invitation::Column::ExpiresAt.gt(tx.now()));
    if pending.count(tx.conn()).await? > 0 {
        return Err(AppError::invalid("email", "This person has an invitation that is not answered yet"));
    }
    Ok(())
}

/// The team joined with its accounts: a team member has two, so the right one is named.
trait WithAccount {
    fn inner_join_account(self) -> Self;
}

impl WithAccount for sea_orm::Select<team_member::Entity> {
    fn inner_join_account(self) -> Self {
        use sea_orm::{JoinType, QuerySelect, RelationTrait};
        self.join(JoinType::InnerJoin, team_member::Relation::Account.def())
    }
}

/// Takes an invitation back; coordinators all of the proposal, others those to their own part.
#[derive(Clone)]
pub struct WithdrawInvitation {
    pub proposal: ProposalId,
    pub id: InvitationId,
}

impl Command for WithdrawInvitation {
    const NEEDS: Permission = Permission::EditProposal;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Proposal(self.proposal)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let draft = working(tx, self.proposal).await?;
        let row = invitation::Entity::find_by_id(self.id).one(tx.conn()).await?;
        let row = row.filter(|row| row.proposal_id == Some(draft.id)).ok_or(AppError::NotFound)?;
        let own = match (row.part_id, super::member(tx, draft.id, leave.account()?).await?) {
            (Some(part), Some(member)) => member.part_id == Some(part) && member.role != TeamRole::Viewer,
            _ => false,
        };
        if !own && !leave.may(Permission::ManageTeam) {
            return Err(AppError::Denied(Denial::Role));
        }
        if row.withdrawn_at.is_none() {
            invitations::withdraw(tx, row.id).await?;
        }
        let event = ConsortiumEvent::InvitationWithdrawn { proposal: draft.id, id: row.id, name: row.name };
        Ok(tx.done(event, ()))
    }
}
