//! What can be read of a submitted proposal.

mod findings;
mod view;

pub use findings::findings;
pub use view::{
    ReadActivity, ReadAnswer, ReadCost, ReadFile, ReadLetter, ReadPart, ReadSection, ReadSme, ReadValue, Reading,
    reading,
};

use crate::{
    kernel::{Leave, Permission, Query, Result, Snapshot, Subject},
    proposals::dossier::{self, Dossier},
};
use entity::{
    documents::file,
    types::{ids::ProposalId, states::PartState},
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

/// A submitted proposal with all its submitted parts.
pub struct ReadingOf(pub ProposalId);

impl Query for ReadingOf {
    const NEEDS: Permission = Permission::ReadProposal;
    type Output = Reading;

    fn about(&self) -> Subject {
        Subject::Proposal(self.0)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Reading> {
        let dossier = submitted(db.conn(), leave, self.0).await?;
        let files = files(db.conn(), &dossier).await?;
        Ok(reading(&dossier, &files))
    }
}

/// The dossier of a proposal without what was never submitted, for somebody who may read it.
///
/// # Errors
/// `NotFound` when there is no such proposal.
pub async fn submitted(db: &impl ConnectionTrait, _: Leave<'_>, id: ProposalId) -> Result<Dossier> {
    let mut dossier = dossier::load(db, id).await?;
    dossier.parts.retain(|part| part.row.state != PartState::Draft);
    Ok(dossier)
}

/// The files behind the attachments of a dossier.
///
/// # Errors
/// When the database cannot be asked.
pub async fn files(db: &impl ConnectionTrait, dossier: &Dossier) -> Result<Vec<file::Model>> {
    let ids = dossier.attachments.iter().map(|a| a.file_id);
    Ok(file::Entity::find().filter(file::Column::Id.is_in(ids)).all(db).await?)
}
