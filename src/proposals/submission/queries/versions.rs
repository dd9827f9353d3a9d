//! The submitted versions of a part.

use super::{
    super::{
        content::Frozen,
        rules::compare::{Change, changes},
    },
    Head,
};
use crate::kernel::{AppError, Leave, Permission, Query, Result, Snapshot, Subject};
use chrono::{DateTime, Utc};
use entity::{
    accounts::account,
    proposals::submission,
    types::ids::{FileId, PartId},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

/// One version in the list.
#[derive(Debug, Clone)]
pub struct VersionLine {
    pub number: i32,
    pub receipt: String,
    pub digest: String,
    pub submitted_at: DateTime<Utc>,
    pub submitted_by: String,
    pub signatory: String,
    /// When it stopped to count; none for the one that counts.
    pub ended_at: Option<DateTime<Utc>>,
    pub pdf: Option<FileId>,
}

/// A part with its versions, latest first.
#[derive(Debug, Clone)]
pub struct Versions {
    pub head: Head,
    pub lines: Vec<VersionLine>,
}

/// The versions of a part.
pub struct VersionsOf(pub PartId);

impl Query for VersionsOf {
    const NEEDS: Permission = Permission::ReadReceipt;
    type Output = Versions;

    fn about(&self) -> Subject {
        Subject::Part(self.0)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Versions> {
        // The documents stay where they are: a list of versions needs only what stands around them.
        let rows = submission::Entity::find()
            .inner_join(account::Entity)
            .select_only()
            .columns([submission::Column::Number, submission::Column::Receipt, submission::Column::Digest])
            .columns([submission::Column::SubmittedAt, submission::Column::Signatory])
            .columns([submission::Column::EndedAt, submission::Column::PdfFileId])
            .column(account::Column::Name)
            .filter(submission::Column::PartId.eq(self.0))
            .order_by_desc(submission::Column::Number)
            .into_tuple::<(i32, String, String, DateTime<Utc>, String, Option<DateTime<Utc>>, Option<FileId>, String)>()
            .all(db.conn())
            .await?;
        let line = |(number, receipt, digest, submitted_at, signatory, ended_at, pdf, submitted_by)| VersionLine {
            number,
            receipt,
            digest,
            submitted_at,
            submitted_by,
            signatory,
            ended_at,
            pdf,
        };
        let head = Head::load(db.conn(), self.0, db.now(), leave).await?;
        Ok(Versions { head, lines: rows.into_iter().map(line).collect() })
    }
}

/// One version with everything in it.
#[derive(Debug, Clone)]
pub struct Version {
    pub head: Head,
    pub frozen: Frozen,
    pub digest: String,
    pub ended_at: Option<DateTime<Utc>>,
    pub pdf: Option<FileId>,
}

/// A version of a part by its number.
pub struct OneVersion {
    pub part: PartId,
    pub number: i32,
}

impl Query for OneVersion {
    const NEEDS: Permission = Permission::ReadReceipt;
    type Output = Version;

    fn about(&self) -> Subject {
        Subject::Part(self.part)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Version> {
        let head = Head::load(db.conn(), self.part, db.now(), leave).await?;
        let row = row(db, self.part, self.number).await?;
        Ok(Version {
            head,
            frozen: serde_json::from_value(row.document)?,
            digest: row.digest,
            ended_at: row.ended_at,
            pdf: row.pdf_file_id,
        })
    }
}

async fn row(db: &Snapshot, part: PartId, number: i32) -> Result<submission::Model> {
    submission::Entity::find()
        .filter(submission::Column::PartId.eq(part))
        .filter(submission::Column::Number.eq(number))
        .one(db.conn())
        .await?
        .ok_or(AppError::NotFound)
}

/// Two versions side by side.
#[derive(Debug, Clone)]
pub struct Comparison {
    pub head: Head,
    pub from: (i32, DateTime<Utc>),
    pub to: (i32, DateTime<Utc>),
    pub changes: Vec<Change>,
}

/// What differs between two versions of a part.
pub struct Compare {
    pub part: PartId,
    pub from: i32,
    pub to: i32,
}

impl Query for Compare {
    const NEEDS: Permission = Permission::ReadHistory;
    type Output = Comparison;

    fn about(&self) -> Subject {
        Subject::Part(self.part)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Comparison> {
        let head = Head::load(db.conn(), self.part, db.now(), leave).await?;
        let before: Frozen = serde_json::from_value(row(db, self.part, self.from).await?.document)?;
        let after: Frozen = serde_json::from_value(row(db, self.part, self.to).await?.document)?;
        Ok(Comparison {
            head,
            from: (before.version, before.submitted_at),
            to: (after.version, after.submitted_at),
            changes: changes(&before.content, &after.content),
        })
    }
}
