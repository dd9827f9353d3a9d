//! The companies of a part.

use super::{super::events::PartEvent, Open};
use crate::{
    kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx, error::FieldErrors},
    proposals::drafts::commands::touch,
};
use entity::{
    proposals::participant,
    types::{
        BadValue,
        country::Country,
        ids::{PartId, ParticipantId},
        money::{Currency, Money},
        states::SizeClass,
        terms::Keys,
        text,
    },
};
use sea_orm::{ActiveModelTrait, EntityTrait};

/// What is known of a company; incomplete entries are kept.
#[derive(Debug, Clone)]
pub struct CompanyIn {
    pub name: String,
    pub registration_no: String,
    pub country: Country,
    pub size_class: SizeClass,
    pub contact_name: String,
    pub contact_email: String,
    /// What the company does in the project.
    pub role: String,
    /// The contact was given the privacy notice.
    pub notice_given: bool,
    /// Keys of the call's declarations that were made.
    pub declarations: Vec<String>,
    /// What it brings in money and in work, as typed, in the currency of the part; empty when it was not said.
    pub cash: String,
    pub in_kind: String,
}

/// Adds a company to a part, or changes one.
#[derive(Clone)]
pub struct SaveCompany {
    pub part: PartId,
    /// None for a new company.
    pub id: Option<ParticipantId>,
    pub company: CompanyIn,
    pub seen: i64,
}

impl Command for SaveCompany {
    const NEEDS: Permission = Permission::EditPart;
    /// The company and its new version.
    type Output = (ParticipantId, i64);

    fn about(&self) -> Subject {
        Subject::Part(self.part)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<Self::Output>> {
        let open = Open::load(tx, leave, self.part).await?;
        let typed = self.company;
        let mut errors = FieldErrors::default();
        let name = errors.take("name", text::line(&typed.name, 200));
        let registration_no = errors.take("registration_no", text::optional_line(&typed.registration_no, 60));
        let contact_name = errors.take("contact_name", text::optional_line(&typed.contact_name, 120));
        let contact_email = errors.take("contact_email", text::optional_line(&typed.contact_email, 254));
        let role = errors.take("role", text::prose(&typed.role, 5_000));
        let cash = errors.take("cash", brought(&typed.cash, open.part.currency));
        let in_kind = errors.take("in_kind", brought(&typed.in_kind, open.part.currency));
        errors.done()?;
        let known = match self.id {
            None => None,
            Some(id) => Some(company(tx, self.part, id).await?),
        };
        let values = (name.unwrap_or_default(), registration_no.flatten());
        let row = participant::Model {
            id: known.as_ref().map_or_else(|| tx.new_id::<ParticipantId>(), |row| row.id),
            part_id: self.part,
            organisation_id: known.as_ref().and_then(|row| row.organisation_id),
            name: values.0,
            registration_no: values.1,
            country: typed.country,
            size_class: typed.size_class,
            contact_name: contact_name.flatten().unwrap_or_default(),
            contact_email: contact_email.flatten().unwrap_or_default(),
            role: role.unwrap_or_default(),
            notice_given: typed.notice_given,
            declarations: Keys(typed.declarations),
            cash_minor: cash.flatten(),
            in_kind_minor: in_kind.flatten(),
            version: known.as_ref().map_or(1, |row| row.version + 1),
            created_at: known.as_ref().map_or(tx.now(), |row| row.created_at),
        };
        let (id, version, name) = (row.id, row.version, row.name.clone());
        if let Some(known) = &known
            && known.version != self.seen
        {
            let same = participant::Model { version: known.version, ..row.clone() } == *known;
            return match same {
                true => {
                    let event = PartEvent::CompanySaved { at: open.at(), name, new: false };
                    Ok(tx.done(event, (id, known.version)))
                }
                false => Err(open.stale(tx, known.version).await?),
            };
        }
        let new = known.is_none();
        let active: participant::ActiveModel = row.into();
        if new {
            participant::Entity::insert(active.reset_all()).exec_without_returning(tx.conn()).await?;
        } else {
            active.reset_all().update(tx.conn()).await?;
        }
        touch(tx, leave, open.draft.id).await?;
        Ok(tx.done(PartEvent::CompanySaved { at: open.at(), name, new }, (id, version)))
    }
}

/// An amount a company brings; nothing typed is nothing said.
fn brought(text: &str, currency: Currency) -> std::result::Result<Option<i64>, BadValue> {
    if text.trim().is_empty() { Ok(None) } else { Money::parse(text, currency).map(|amount| Some(amount.minor)) }
}

/// Takes a company out of a part that is still a draft.
#[derive(Clone)]
pub struct RemoveCompany {
    pub part: PartId,
    pub id: ParticipantId,
}

impl Command for RemoveCompany {
    const NEEDS: Permission = Permission::EditPart;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Part(self.part)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let open = Open::load(tx, leave, self.part).await?;
        let row = company(tx, self.part, self.id).await?;
        participant::Entity::delete_by_id(row.id).exec(tx.conn()).await?;
        touch(tx, leave, open.draft.id).await?;
        Ok(tx.done(PartEvent::CompanyRemoved { at: open.at(), name: row.name }, ()))
    }
}

async fn company(tx: &Tx, part: PartId, id: ParticipantId) -> Result<participant::Model> {
    let row = participant::Entity::find_by_id(id).one(tx.conn()).await?;
    row.filter(|row| row.part_id == part).ok_or(AppError::NotFound)
}
