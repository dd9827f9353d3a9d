//! Marking sections as complete, and taking that back.

use super::super::events::DraftEvent;
use super::{answers, touch, working, writable};
use crate::{
    calls::questions,
    kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx, error::FieldErrors},
    proposals::Place,
};
use entity::{
    proposals::section_task,
    types::{
        ids::{AccountId, ProposalId, SectionTaskId},
        states::SectionState,
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

/// Marks a section as complete; only now are its answers checked.
#[derive(Clone)]
pub struct CompleteSection {
    pub proposal: ProposalId,
    pub place: Place,
    pub section: String,
}

impl Command for CompleteSection {
    const NEEDS: Permission = Permission::EditProposal;
    type Output = ();

    fn about(&self) -> Subject {
        self.place.subject(self.proposal)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let account = leave.account()?;
        let draft = working(tx, self.proposal).await?;
        let own = writable(tx, leave, draft.id, self.place).await?;
        let section = answers::section(tx, &draft, &own, self.place, &self.section).await?;
        let kept = answers::kept_answers(tx, draft.id, self.place, &section).await?;
        let kept = kept.into_iter().map(|(key, row)| (key, row.value)).collect();
        let missing = questions::missing(&section, &kept);
        if !missing.is_empty() {
            return Err(AppError::Invalid(FieldErrors(missing)));
        }
        set(tx, draft.id, self.place, &section.key, Some(account)).await?;
        touch(tx, leave, draft.id).await?;
        Ok(tx.done(DraftEvent::Completed { proposal: draft.id, place: self.place, section: section.title }, ()))
    }
}

/// Takes a section's completeness back.
#[derive(Clone)]
pub struct ReopenSection {
    pub proposal: ProposalId,
    pub place: Place,
    pub section: String,
}

impl Command for ReopenSection {
    const NEEDS: Permission = Permission::EditProposal;
    type Output = ();

    fn about(&self) -> Subject {
        self.place.subject(self.proposal)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let draft = working(tx, self.proposal).await?;
        let own = writable(tx, leave, draft.id, self.place).await?;
        let section = answers::section(tx, &draft, &own, self.place, &self.section).await?;
        set(tx, draft.id, self.place, &section.key, None).await?;
        touch(tx, leave, draft.id).await?;
        Ok(tx.done(DraftEvent::Reopened { proposal: draft.id, place: self.place, section: section.title }, ()))
    }
}

/// The task of a section, when it has one.
pub(in crate::proposals) async fn task(
    tx: &Tx,
    proposal: ProposalId,
    place: Place,
    section: &str,
) -> Result<Option<section_task::Model>> {
    Ok(section_task::Entity::find()
        .filter(section_task::Column::ProposalId.eq(proposal))
        .filter(section_task::Column::Place.eq(place.to_string()))
        .filter(section_task::Column::Section.eq(section))
        .one(tx.conn())
        .await?)
}

/// A new task of a section nobody has.
pub(in crate::proposals) fn new_task(
    tx: &Tx,
    proposal: ProposalId,
    place: Place,
    section: &str,
) -> section_task::ActiveModel {
    section_task::ActiveModel {
        id: Set(tx.new_id::<SectionTaskId>()),
        proposal_id: Set(proposal),
        place: Set(place.to_string()),
        section: Set(section.to_owned()),
        assigned_to: Set(None),
        due_on: Set(None),
        state: Set(SectionState::Open),
        completed_by: Set(None),
        completed_at: Set(None),
    }
}

async fn set(
    tx: &Tx,
    proposal: ProposalId,
    place: Place,
    section: &str,
    completed_by: Option<AccountId>,
) -> Result<()> {
    let known = task(tx, proposal, place, section).await?;
    let exists = known.is_some();
    let mut row = match known {
        Some(row) => row.into(),
        None => new_task(tx, proposal, place, section),
    };
    row.state = Set(if completed_by.is_some() { SectionState::Complete } else { SectionState::Open });
    row.completed_by = Set(completed_by);
    row.completed_at = Set(completed_by.map(|_| tx.now()));
    if exists {
        row.update(tx.conn()).await?;
    } else {
        section_task::Entity::insert(row).exec_without_returning(tx.conn()).await?;
    }
    Ok(())
}
