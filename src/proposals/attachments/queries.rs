//! What is attached to a proposal or part, and what still is to be.

use super::rules::{Slot, slots};
use crate::{
    kernel::{AppError, Leave, Permission, Query, Result, Snapshot, Subject},
    proposals::{
        Place,
        dossier::{Head, load},
        drafts::rules::locked,
    },
};
use chrono::{DateTime, Utc};
use entity::{
    accounts::account,
    documents::file,
    proposals::attachment,
    types::{
        ids::{AttachmentId, FileId, ProposalId},
        states::CallState,
    },
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

/// An attached file.
#[derive(Debug, Clone)]
pub struct Attached {
    pub id: AttachmentId,
    pub file: FileId,
    pub name: String,
    pub size: i64,
    pub digest: String,
    pub added_by: String,
    pub added_at: DateTime<Utc>,
}

/// A document or question with what is attached to it.
#[derive(Debug, Clone)]
pub struct Filled {
    pub slot: Slot,
    pub files: Vec<Attached>,
}

/// Everything about the files of a place.
#[derive(Debug, Clone)]
pub struct Attachments {
    pub head: Head,
    pub proposal: ProposalId,
    pub code: String,
    pub title: String,
    pub place: Place,
    /// The organisation of the part; none for the joint proposal.
    pub organisation: Option<String>,
    pub zone: chrono_tz::Tz,
    pub filled: Vec<Filled>,
    /// Whether the reader may attach and remove.
    pub may_edit: bool,
    /// Why nothing can be changed any more.
    pub locked: Option<String>,
}

/// The files of a place.
pub struct AttachmentsOf {
    pub proposal: ProposalId,
    pub place: Place,
}

impl Query for AttachmentsOf {
    const NEEDS: Permission = Permission::ReadProposal;
    type Output = Attachments;

    fn about(&self) -> Subject {
        self.place.subject(self.proposal)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Attachments> {
        let dossier = load(db.conn(), self.proposal).await?;
        let part = match self.place {
            Place::Joint => dossier.coordinator(),
            Place::Part(id) => Some(dossier.part(id).ok_or(AppError::NotFound)?),
        };
        let place = self.place.to_string();
        let rows = attachment::Entity::find()
            .find_also_related(file::Entity)
            .filter(attachment::Column::ProposalId.eq(self.proposal))
            .filter(attachment::Column::Place.eq(place))
            .filter(attachment::Column::RemovedAt.is_null())
            .order_by_asc(attachment::Column::AddedAt)
            .order_by_asc(attachment::Column::Id)
            .all(db.conn())
            .await?;
        let people = rows.iter().map(|(row, _)| row.added_by);
        let people = account::Entity::find().filter(account::Column::Id.is_in(people)).all(db.conn()).await?;
        let attached = |(row, stored): &(attachment::Model, Option<file::Model>)| {
            let stored = stored.as_ref()?;
            Some(Attached {
                id: row.id,
                file: stored.id,
                name: stored.name.clone(),
                size: stored.size,
                digest: stored.digest.clone(),
                added_by: people.iter().find(|a| a.id == row.added_by).map(|a| a.name.clone()).unwrap_or_default(),
                added_at: row.added_at,
            })
        };
        let filled = |slot: Slot| Filled {
            files: rows.iter().filter(|(row, _)| row.document == slot.key).filter_map(attached).collect(),
            slot,
        };
        let sections = dossier.sections(self.place);
        let needs = if self.place == Place::Joint { Permission::EditProposal } else { Permission::EditPart };
        let locked = part.and_then(|p| locked(self.place, p.row.state)).map(|refusal| refusal.message);
        let open = dossier.call.state == CallState::Open;
        Ok(Attachments {
            head: dossier.head(leave),
            proposal: self.proposal,
            code: dossier.proposal.code.clone(),
            title: dossier.proposal.title.clone(),
            place: self.place,
            organisation: self.place.part().and(part).map(|p| p.organisation.name.clone()),
            zone: part.map_or(dossier.terms().zone, |p| p.annex.terms.deadline.zone),
            filled: slots(dossier.terms(), self.place, &sections).into_iter().map(filled).collect(),
            may_edit: open && locked.is_none() && leave.may(needs),
            locked,
        })
    }
}
