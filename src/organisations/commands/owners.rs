//! Commands about who owns an organisation.

use super::named_row;
use crate::{
    kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx, error::FieldErrors},
    organisations::events::{Named, OrganisationEvent},
};
use entity::{
    organisations::{organisation, organisation_link},
    types::{
        country::Country,
        ids::{OrganisationId, OrganisationLinkId},
        share::Share,
        text,
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter};

/// The most owners an organisation may state.
const MOST: u64 = 50;

/// States that somebody owns a share of an organisation.
#[derive(Clone)]
pub struct StateOwner {
    pub organisation: OrganisationId,
    pub name: String,
    pub registration_no: String,
    /// A country's code; may be empty.
    pub country: String,
    /// A percentage; empty when it is not known.
    pub share: String,
}

impl StateOwner {
    /// An empty form.
    pub fn of(organisation: OrganisationId) -> Self {
        let nothing = String::new;
        Self { organisation, name: nothing(), registration_no: nothing(), country: nothing(), share: nothing() }
    }
}

impl Command for StateOwner {
    const NEEDS: Permission = Permission::EditOrganisation;
    type Output = OrganisationLinkId;

    fn about(&self) -> Subject {
        Subject::Organisation(self.organisation)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<OrganisationLinkId>> {
        let own = named_row(tx, self.organisation).await?;
        let mut errors = FieldErrors::default();
        let name = errors.take("name", text::line(&self.name, 200));
        let number = errors.take("registration_no", text::optional_line(&self.registration_no, 60));
        let country = match self.country.trim() {
            "" => None,
            code => errors.take("country", code.parse::<Country>()),
        };
        let share = match self.share.trim() {
            "" => None,
            share => errors.take("share", Share::parse(share)),
        };
        let (Some(name), Some(number), true) = (name, number, errors.is_empty()) else {
            return Err(AppError::Invalid(errors));
        };
        let stated = organisation_link::Entity::find()
            .filter(organisation_link::Column::OwnedId.eq(self.organisation))
            .filter(organisation_link::Column::WithdrawnAt.is_null());
        if stated.clone().filter(organisation_link::Column::OwnerName.eq(&name)).count(tx.conn()).await? > 0 {
            return Err(AppError::invalid("name", "This owner is stated already. Take it back to change it."));
        }
        if stated.count(tx.conn()).await? >= MOST {
            return Err(AppError::refused("too_many", "State the greatest owners only."));
        }
        let mut same = Condition::any().add(organisation::Column::Name.eq(&name));
        if let Some(number) = &number {
            same = same.add(organisation::Column::RegistrationNo.eq(number));
        }
        let mut known =
            organisation::Entity::find().filter(same).filter(organisation::Column::Id.ne(self.organisation));
        if let Some(country) = country {
            known = known.filter(organisation::Column::Country.eq(country));
        }
        // Two that could be meant are none: the name stays, and the check for conflicts compares names anyway.
        let known = known.all(tx.conn()).await?;
        let owner = if let [only] = &known[..] { Some(only.id) } else { None };
        let id: OrganisationLinkId = tx.new_id();
        let row = organisation_link::ActiveModel {
            id: Set(id),
            owned_id: Set(self.organisation),
            owner_id: Set(owner),
            owner_name: Set(name.clone()),
            owner_number: Set(number),
            owner_country: Set(country),
            share: Set(share),
            stated_by: Set(leave.actor().account()),
            stated_at: Set(tx.now()),
            withdrawn_at: Set(None),
        };
        organisation_link::Entity::insert(row).exec_without_returning(tx.conn()).await?;
        let of = Named { id: self.organisation, name: own.name };
        Ok(tx.done(OrganisationEvent::OwnerStated { of, owner: name }, id))
    }
}

/// Takes an owner back that is none any more.
#[derive(Clone)]
pub struct WithdrawOwner {
    pub organisation: OrganisationId,
    pub link: OrganisationLinkId,
}

impl Command for WithdrawOwner {
    const NEEDS: Permission = Permission::EditOrganisation;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Organisation(self.organisation)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        let own = named_row(tx, self.organisation).await?;
        let row = organisation_link::Entity::find_by_id(self.link)
            .filter(organisation_link::Column::OwnedId.eq(self.organisation))
            .filter(organisation_link::Column::WithdrawnAt.is_null())
            .one(tx.conn())
            .await?
            .ok_or(AppError::NotFound)?;
        let owner = row.owner_name.clone();
        let mut change: organisation_link::ActiveModel = row.into();
        change.withdrawn_at = Set(Some(tx.now()));
        change.update(tx.conn()).await?;
        let of = Named { id: self.organisation, name: own.name };
        Ok(tx.done(OrganisationEvent::OwnerWithdrawn { of, owner }, ()))
    }
}
