//! A part in its proposal, with the files that belong to it.

use crate::{
    kernel::{AppError, Result},
    proposals::{
        Place,
        dossier::{Dossier, PartFile, load},
    },
};
use entity::{
    documents::file,
    proposals::{attachment, letter, part},
    types::{
        ids::{FileId, PartId},
        states::LetterState,
    },
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use std::collections::BTreeMap;

/// A part with everything that belongs to it.
#[derive(Debug, Clone)]
pub struct Bundle {
    pub dossier: Dossier,
    /// Files of attachments and of letters signed on paper.
    pub files: BTreeMap<FileId, file::Model>,
    part: PartId,
    at: usize,
}

impl Bundle {
    /// Loads a part with everything that belongs to it.
    ///
    /// # Errors
    /// `NotFound` when there is no such part.
    pub async fn load(db: &impl ConnectionTrait, id: PartId) -> Result<Self> {
        let part = part::Entity::find_by_id(id).one(db).await?.ok_or(AppError::NotFound)?;
        let dossier = load(db, part.proposal_id).await?;
        let files = files(db, &dossier).await?;
        Self::of(dossier, files, id).ok_or(AppError::NotFound)
    }

    /// One part of a proposal that was loaded before.
    pub fn of(dossier: Dossier, files: BTreeMap<FileId, file::Model>, part: PartId) -> Option<Self> {
        let at = dossier.parts.iter().position(|p| p.row.id == part)?;
        Some(Self { dossier, files, part, at })
    }

    /// The part itself.
    pub fn own(&self) -> &PartFile {
        &self.dossier.parts[self.at]
    }

    /// The other parts of the proposal.
    pub fn others(&self) -> impl Iterator<Item = &PartFile> {
        self.dossier.parts.iter().filter(|p| p.row.id != self.part)
    }

    /// Where the part's own answers and files are.
    pub fn place(&self) -> Place {
        Place::Part(self.part)
    }

    /// The agency's zone, in which its days and deadlines are told.
    pub fn zone(&self) -> chrono_tz::Tz {
        self.own().annex.terms.deadline.zone
    }

    /// All costs of the part, work in kind included, in minor units.
    pub fn total_minor(&self) -> i64 {
        self.own().costs.iter().fold(0, |sum, line| sum.saturating_add(line.minor))
    }

    /// What is attached to the proposal and to this part.
    pub fn attachments(&self) -> impl Iterator<Item = (&attachment::Model, &file::Model)> {
        let (joint, own) = (Place::Joint.to_string(), self.place().to_string());
        let here = move |row: &&attachment::Model| row.place == joint || row.place == own;
        self.dossier.attachments.iter().filter(here).filter_map(|row| Some((row, self.files.get(&row.file_id)?)))
    }

    /// The letters that were not taken back.
    pub fn letters(&self) -> impl Iterator<Item = &letter::Model> {
        self.own().letters.iter().filter(|row| row.state != LetterState::Withdrawn)
    }
}

/// The files of a proposal's attachments and letters.
///
/// # Errors
/// When the database cannot be asked.
pub async fn files(db: &impl ConnectionTrait, dossier: &Dossier) -> Result<BTreeMap<FileId, file::Model>> {
    let mut ids: Vec<FileId> = dossier.attachments.iter().map(|row| row.file_id).collect();
    ids.extend(dossier.parts.iter().flat_map(|p| &p.letters).filter_map(|l| l.file_id));
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows = file::Entity::find().filter(file::Column::Id.is_in(ids)).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}
