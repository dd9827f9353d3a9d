//! Answering invitations.

use super::super::{
    events::ConsortiumEvent,
    rules::{given_role, organisation_and_message},
};
use super::{named, organisation_name, part_row, put_on_team};
use crate::{
    accounts::invitations::commands as invitations,
    kernel::{
        AppError, Command, Done, Leave, Permission, Result, Subject, Tx,
        error::{Denial, ForField},
    },
    proposals::drafts::commands::{applicant, home_annex, insert_part, name_of, touch, working},
};
use entity::{
    accounts::invitation,
    calls::call,
    proposals::proposal,
    types::{
        ids::{AnnexId, InvitationId, OrganisationId, PartId, ProposalId},
        states::{CallState, InvitationKind, TeamRole},
        text,
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};
use serde::{Deserialize, Serialize};

/// Where an accepted invitation leads.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Joined {
    pub proposal: ProposalId,
    pub part: PartId,
}

/// Joins a proposal with one's own organisation, which gets a part of its own.
#[derive(Clone)]
pub struct AcceptPartnership {
    pub token: String,
    pub organisation: OrganisationId,
    /// The home agency's annex, when several agencies of the country take part.
    pub annex: Option<AnnexId>,
}

impl Command for AcceptPartnership {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = Joined;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<Joined>> {
        let account = leave.account()?;
        let home = applicant(tx, leave, self.organisation).await?;
        let row = invitations::take(tx, &self.token, InvitationKind::Partner, account, true).await?;
        let draft = open_draft(tx, &row).await?;
        let annex = home_annex(tx, draft.call_id, home.country, self.annex).await?;
        let part = insert_part(tx, draft.id, home.id, &annex, false, Some(account)).await?;
        put_on_team(tx, draft.id, account, part, TeamRole::Editor, Some(row.invited_by)).await?;
        let about = named(&draft);
        let search = format!("{} {}", draft.search, text::searchable([home.name.as_str()]));
        let mut draft: proposal::ActiveModel = draft.into();
        draft.search = Set(search);
        draft.update(tx.conn()).await?;
        touch(tx, leave, about.id).await?;
        let joined = Joined { proposal: about.id, part };
        let name = name_of(tx, Some(account)).await?;
        let event = ConsortiumEvent::PartnerJoined { proposal: about, part, organisation: home.name, name };
        Ok(tx.done(event, joined))
    }
}

/// Joins the team of a part.
#[derive(Clone)]
pub struct JoinTeam {
    pub token: String,
}

impl Command for JoinTeam {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = Joined;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<Joined>> {
        let account = leave.account()?;
        let row = invitations::take(tx, &self.token, InvitationKind::Team, account, true).await?;
        let draft = open_draft(tx, &row).await?;
        let part = part_row(tx, row.part_id.ok_or(AppError::NotFound)?).await?;
        let role = given_role(row.role.as_deref().unwrap_or("viewer")).for_field("role")?;
        put_on_team(tx, draft.id, account, part.id, role, Some(row.invited_by)).await?;
        let organisation = organisation_name(tx, part.organisation_id).await?;
        let name = name_of(tx, Some(account)).await?;
        let joined = Joined { proposal: draft.id, part: part.id };
        let event = ConsortiumEvent::PersonJoined { proposal: named(&draft), part: part.id, organisation, name };
        Ok(tx.done(event, joined))
    }
}

/// Declines an invitation, as partner or as person.
#[derive(Clone)]
pub struct DeclineInvitation {
    pub token: String,
    pub kind: InvitationKind,
    pub reason: String,
}

impl Command for DeclineInvitation {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        if !matches!(self.kind, InvitationKind::Partner | InvitationKind::Team) {
            return Err(AppError::NotFound);
        }
        let account = leave.account()?;
        let reason = text::optional_line(&self.reason, 500).for_field("reason")?.unwrap_or_default();
        let row = invitations::take(tx, &self.token, self.kind, account, false).await?;
        let id = row.proposal_id.ok_or(AppError::NotFound)?;
        let draft = proposal::Entity::find_by_id(id).one(tx.conn()).await?.ok_or(AppError::NotFound)?;
        let organisation = organisation_and_message(&row.message).0.to_owned();
        let name = name_of(tx, Some(account)).await?;
        let event = ConsortiumEvent::Declined { proposal: named(&draft), organisation, name, reason };
        Ok(tx.done(event, ()))
    }
}

/// Tells the coordinator that somebody declined by the link of the mail, without signing in; only a job does this.
#[derive(Clone)]
pub struct TellOfDecline {
    pub invitation: InvitationId,
    pub reason: String,
}

impl Command for TellOfDecline {
    const NEEDS: Permission = Permission::ManageTeam;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        let row = invitation::Entity::find_by_id(self.invitation).one(tx.conn()).await?.ok_or(AppError::NotFound)?;
        let id = row.proposal_id.ok_or(AppError::NotFound)?;
        let draft = proposal::Entity::find_by_id(id).one(tx.conn()).await?.ok_or(AppError::NotFound)?;
        let organisation = match row.part_id {
            Some(part) => organisation_name(tx, part_row(tx, part).await?.organisation_id).await?,
            None => organisation_and_message(&row.message).0.to_owned(),
        };
        let (name, reason) = (row.name, self.reason);
        Ok(tx.done(ConsortiumEvent::Declined { proposal: named(&draft), organisation, name, reason }, ()))
    }
}

/// The proposal of an invitation, when people can still join it.
async fn open_draft(tx: &Tx, row: &invitation::Model) -> Result<proposal::Model> {
    let draft = working(tx, row.proposal_id.ok_or(AppError::NotFound)?).await?;
    let call = call::Entity::find_by_id(draft.call_id).one(tx.conn()).await?.ok_or(AppError::NotFound)?;
    if call.state == CallState::Open { Ok(draft) } else { Err(AppError::Denied(Denial::Phase)) }
}
