//! Commands about belonging to an organisation: ask, answer, invite, change, leave.

use super::{insert_member, named_row};
use crate::{
    accounts::invitations::commands as invitations,
    kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx, error::FieldErrors},
    organisations::events::{Named, OrganisationEvent},
};
use entity::{
    organisations::membership,
    types::{
        ids::{AccountId, MembershipId, OrganisationId},
        states::{InvitationKind, MembershipRole, MembershipState},
        text::{self, Email},
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

async fn named(tx: &Tx, id: OrganisationId) -> Result<Named> {
    Ok(Named { id, name: named_row(tx, id).await?.name })
}

/// Asks the managers of an organisation to let the actor in.
#[derive(Clone)]
pub struct AskToJoin {
    pub organisation: OrganisationId,
    pub message: String,
}

impl Command for AskToJoin {
    const NEEDS: Permission = Permission::RegisterOrganisation;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Organisation(self.organisation)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let account = leave.account()?;
        let of = named(tx, self.organisation).await?;
        let message = text::optional_line(&self.message, 300).map_err(|e| AppError::invalid("message", e.0))?;
        let known = find(tx, self.organisation, account).await?;
        if known.as_ref().is_some_and(|row| row.state == MembershipState::Active) {
            return Err(AppError::refused("member", "You belong to this organisation already."));
        }
        let row = membership::ActiveModel {
            id: Set(known.as_ref().map_or_else(|| tx.new_id(), |row| row.id)),
            organisation_id: Set(self.organisation),
            account_id: Set(account),
            role: Set(MembershipRole::Member),
            state: Set(MembershipState::Requested),
            message: Set(message.clone()),
            asked_at: Set(tx.now()),
            decided_at: Set(None),
            decided_by: Set(None),
        };
        match known {
            Some(_) => {
                row.update(tx.conn()).await?;
            }
            None => {
                membership::Entity::insert(row).exec_without_returning(tx.conn()).await?;
            }
        }
        let person = leave.actor().name().to_owned();
        Ok(tx.done(OrganisationEvent::JoinAsked { of, person, message: message.unwrap_or_default() }, ()))
    }
}

async fn find(tx: &Tx, organisation: OrganisationId, account: AccountId) -> Result<Option<membership::Model>> {
    Ok(membership::Entity::find()
        .filter(membership::Column::OrganisationId.eq(organisation))
        .filter(membership::Column::AccountId.eq(account))
        .one(tx.conn())
        .await?)
}

async fn of_organisation(tx: &Tx, id: MembershipId, organisation: OrganisationId) -> Result<membership::Model> {
    let row = membership::Entity::find_by_id(id).one(tx.conn()).await?;
    row.filter(|row| row.organisation_id == organisation).ok_or(AppError::NotFound)
}

/// Accepts or refuses a request to join.
#[derive(Clone)]
pub struct AnswerRequest {
    pub organisation: OrganisationId,
    pub membership: MembershipId,
    pub accepted: bool,
}

impl Command for AnswerRequest {
    const NEEDS: Permission = Permission::ManagePeople;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Organisation(self.organisation)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let row = of_organisation(tx, self.membership, self.organisation).await?;
        if row.state != MembershipState::Requested {
            return Err(AppError::refused("answered", "This request was answered already."));
        }
        let account = row.account_id;
        let mut row: membership::ActiveModel = row.into();
        row.state = Set(if self.accepted { MembershipState::Active } else { MembershipState::Refused });
        row.decided_at = Set(Some(tx.now()));
        row.decided_by = Set(leave.actor().account());
        row.update(tx.conn()).await?;
        let of = named(tx, self.organisation).await?;
        Ok(tx.done(OrganisationEvent::JoinAnswered { of, account, accepted: self.accepted }, ()))
    }
}

/// Invites somebody into an organisation by mail.
#[derive(Clone)]
pub struct InviteMember {
    pub organisation: OrganisationId,
    pub email: String,
    pub name: String,
    pub manager: bool,
    pub message: String,
}

impl Command for InviteMember {
    const NEEDS: Permission = Permission::ManagePeople;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Organisation(self.organisation)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let mut errors = FieldErrors::default();
        let email = errors.take("email", Email::parse(&self.email));
        let name = errors.take("name", text::line(&self.name, 120)).unwrap_or_default();
        let message = errors.take("message", text::prose(&self.message, 2_000)).unwrap_or_default();
        let (Some(email), true) = (email, errors.is_empty()) else {
            return Err(AppError::Invalid(errors));
        };
        let of = named(tx, self.organisation).await?;
        let role = if self.manager { MembershipRole::Manager } else { MembershipRole::Member };
        let new = invitations::New {
            kind: InvitationKind::Member,
            email: email.clone(),
            name: name.clone(),
            role: Some(role.word().to_owned()),
            call: None,
            organisation: Some(self.organisation),
            proposal: None,
            part: None,
            message: message.clone(),
            invited_by: leave.account()?,
        };
        let (_, path) = invitations::create(tx, new).await?;
        let by = leave.actor().name().to_owned();
        Ok(tx.done(OrganisationEvent::Invited { of, email, name, path, message, by }, ()))
    }
}

/// Accepts or declines an invitation into an organisation.
#[derive(Clone)]
pub struct AnswerMemberInvitation {
    pub token: String,
    pub accepted: bool,
}

impl Command for AnswerMemberInvitation {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = OrganisationId;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<OrganisationId>> {
        let account = leave.account()?;
        let row = invitations::take(tx, &self.token, InvitationKind::Member, account, self.accepted).await?;
        let organisation = row.organisation_id.ok_or(AppError::NotFound)?;
        if self.accepted {
            let role = row.role.as_deref().and_then(|r| r.parse().ok()).unwrap_or(MembershipRole::Member);
            insert_member(tx, organisation, account, role).await?;
        }
        let of = named(tx, organisation).await?;
        Ok(tx.done(OrganisationEvent::InvitationAnswered { of, accepted: self.accepted }, organisation))
    }
}

/// What is done to a membership.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    Role(MembershipRole),
    End,
}

/// Changes or ends a membership; the last manager stays.
#[derive(Clone)]
pub struct ChangeMembership {
    pub organisation: OrganisationId,
    pub membership: MembershipId,
    pub change: Change,
}

impl Command for ChangeMembership {
    const NEEDS: Permission = Permission::SeePeople;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Organisation(self.organisation)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let row = of_organisation(tx, self.membership, self.organisation).await?;
        // Everybody may leave; changing others is for managers.
        let own = leave.actor().account() == Some(row.account_id) && self.change == Change::End;
        if !own && !leave.may(Permission::ManagePeople) {
            return Err(AppError::Denied(crate::kernel::error::Denial::Role));
        }
        let loses = row.role == MembershipRole::Manager && self.change != Change::Role(MembershipRole::Manager);
        if loses && row.state == MembershipState::Active {
            let managers = membership::Entity::find()
                .filter(membership::Column::OrganisationId.eq(self.organisation))
                .filter(membership::Column::Role.eq(MembershipRole::Manager))
                .filter(membership::Column::State.eq(MembershipState::Active))
                .all(tx.conn())
                .await?;
            if managers.iter().all(|other| other.id == row.id) {
                return Err(AppError::refused(
                    "last_manager",
                    "The last manager stays. Make somebody else manager first.",
                ));
            }
        }
        let (account, before) = (row.account_id, row.role);
        let of = named(tx, self.organisation).await?;
        let mut row: membership::ActiveModel = row.into();
        let event = match self.change {
            Change::Role(role) => {
                row.role = Set(role);
                OrganisationEvent::RoleChanged { of, account, before, role }
            }
            Change::End => {
                row.state = Set(MembershipState::Left);
                row.decided_at = Set(Some(tx.now()));
                row.decided_by = Set(leave.actor().account());
                OrganisationEvent::Left { of, account }
            }
        };
        row.update(tx.conn()).await?;
        Ok(tx.done(event, ()))
    }
}
