//! What is known of a file.

use crate::kernel::{AppError, Leave, Permission, Query, Result, Snapshot, Subject};
use chrono::{DateTime, Utc};
use entity::{documents::file, types::ids::FileId};
use sea_orm::EntityTrait;

/// A file as its readers see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFile {
    pub id: FileId,
    pub name: String,
    pub media_type: String,
    pub size: i64,
    pub digest: String,
    pub created_at: DateTime<Utc>,
}

/// One file, for whoever may read what it is about.
pub struct FileOf(pub FileId);

impl Query for FileOf {
    const NEEDS: Permission = Permission::ReadFile;
    type Output = StoredFile;

    fn about(&self) -> Subject {
        Subject::File(self.0)
    }

    async fn fetch(self, db: &Snapshot, _: Leave<'_>) -> Result<StoredFile> {
        let row = file::Entity::find_by_id(self.0).one(db.conn()).await?.ok_or(AppError::NotFound)?;
        Ok(StoredFile {
            id: row.id,
            name: row.name,
            media_type: row.media_type,
            size: row.size,
            digest: row.digest,
            created_at: row.created_at,
        })
    }
}
