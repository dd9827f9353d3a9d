//! What can be read of a submitted proposal.

mod findings;
mod handed_in;
mod view;

pub use findings::findings;
pub use view::{
    ReadActivity, ReadAnswer, ReadCost, ReadFile, ReadLetter, ReadPart, ReadSection, ReadSme, ReadValue, Reading,
    reading,
};

use crate::{
    kernel::{AppError, Leave, Permission, Query, Result, Snapshot, Subject, access::relation::Relation},
    proposals::dossier::{self, Dossier},
};
use entity::{
    documents::file,
    types::{ids::ProposalId, states::PartState},
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

/// Those who judge what was handed in; applicants read their proposal, drafts included, on pages of their own.
const READERS: &[Relation] = &[
    Relation::AssignedEvaluator,
    Relation::CallOfficer,
    Relation::AgencyOfficer,
    Relation::ReportingOfficer,
    Relation::PanelMember,
    Relation::PanelChair,
    Relation::Auditor,
];

/// A submitted proposal with all its submitted parts.
pub struct ReadingOf(pub ProposalId);

impl Query for ReadingOf {
    const NEEDS: Permission = Permission::ReadProposal;
    type Output = Reading;

    fn about(&self) -> Subject {
        Subject::Proposal(self.0)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Reading> {
        if !leave.relations().has_any(READERS) {
            return Err(AppError::NotFound);
        }
        let dossier = submitted(db.conn(), leave, self.0).await?;
        let files = files(db.conn(), &dossier).await?;
        Ok(reading(&dossier, &files))
    }
}

/// The dossier of a proposal as it was handed in, for somebody who may read it: what was never submitted is left
/// out, and of what was changed since, the version that counts is read.
///
/// # Errors
/// `NotFound` when there is no such proposal.
pub async fn submitted(db: &impl ConnectionTrait, leave: Leave<'_>, id: ProposalId) -> Result<Dossier> {
    submitted_many(db, leave, &[id]).await?.pop().ok_or(AppError::NotFound)
}

/// The same for many, in the order of the ids; the same few statements, however many there are.
///
/// # Errors
/// When the database cannot be asked.
pub async fn submitted_many(db: &impl ConnectionTrait, _: Leave<'_>, ids: &[ProposalId]) -> Result<Vec<Dossier>> {
    let mut dossiers = dossier::load_many(db, ids).await?;
    for dossier in &mut dossiers {
        dossier.parts.retain(|part| part.row.state != PartState::Draft);
    }
    handed_in::put_in_place(db, &mut dossiers).await?;
    Ok(dossiers)
}

/// The files behind the attachments of a dossier.
///
/// # Errors
/// When the database cannot be asked.
pub async fn files(db: &impl ConnectionTrait, dossier: &Dossier) -> Result<Vec<file::Model>> {
    let ids = dossier.attachments.iter().map(|a| a.file_id);
    Ok(file::Entity::find().filter(file::Column::Id.is_in(ids)).all(db).await?)
}
