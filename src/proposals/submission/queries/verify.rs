//! Whether a receipt is genuine, for anybody who holds it; what it is about is never told.

use crate::kernel::{Leave, Permission, Query, Result, Snapshot, Subject, secret};
use chrono::{DateTime, Utc};
use entity::{
    calls::annex,
    documents::file,
    proposals::{part, submission},
    types::{ids::PartId, states::PartState},
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

/// What became of a version since.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    /// It is the one that counts.
    Current,
    /// A later version was submitted.
    Replaced {
        by: i32,
    },
    /// The part was opened again and is not submitted now.
    Reopened,
    Withdrawn,
}

/// A genuine receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    pub receipt: String,
    pub number: i32,
    pub submitted_at: DateTime<Utc>,
    pub zone: chrono_tz::Tz,
    pub stands: Stands,
}

/// Asks for a receipt by its code and checksum.
pub struct VerifyReceipt {
    pub receipt: String,
    pub checksum: String,
}

impl Query for VerifyReceipt {
    const NEEDS: Permission = Permission::EnterPlatform;
    type Output = Option<Verified>;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, _: Leave<'_>) -> Result<Self::Output> {
        let row = submission::Entity::find()
            .filter(submission::Column::Receipt.eq(self.receipt.trim().to_uppercase()))
            .one(db.conn())
            .await?;
        let checksum = self.checksum.trim().to_lowercase();
        match row.filter(|row| secret::same(row.digest.as_bytes(), checksum.as_bytes())) {
            Some(row) => told(db, row).await.map(Some),
            None => Ok(None),
        }
    }
}

/// Asks for a receipt by digests of a file: of the frozen document, or of the printed receipt.
pub struct VerifyDigests(pub Vec<String>);

impl Query for VerifyDigests {
    const NEEDS: Permission = Permission::EnterPlatform;
    type Output = Option<Verified>;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, _: Leave<'_>) -> Result<Self::Output> {
        let printed = file::Entity::find()
            .select_only()
            .column(file::Column::Id)
            .filter(file::Column::Digest.is_in(self.0.clone()))
            .into_query();
        let row = submission::Entity::find()
            .filter(
                Condition::any()
                    .add(submission::Column::Digest.is_in(self.0))
                    .add(submission::Column::PdfFileId.in_subquery(printed)),
            )
            .order_by_desc(submission::Column::Number)
            .one(db.conn())
            .await?;
        match row {
            Some(row) => told(db, row).await.map(Some),
            None => Ok(None),
        }
    }
}

async fn told(db: &Snapshot, row: submission::Model) -> Result<Verified> {
    let found = part::Entity::find_by_id(row.part_id).find_also_related(annex::Entity).one(db.conn()).await?;
    let (part, annex) = found.map_or((None, None), |(part, annex)| (Some(part), annex));
    let zone = annex.map_or(chrono_tz::UTC, |annex| annex.terms.deadline.zone);
    let latest = latest(db, row.part_id).await?;
    let stands = match part.map(|p| p.state) {
        Some(PartState::Withdrawn) => Stands::Withdrawn,
        _ if row.ended_at.is_none() => Stands::Current,
        _ if latest > row.number => Stands::Replaced { by: latest },
        _ => Stands::Reopened,
    };
    Ok(Verified { receipt: row.receipt, number: row.number, submitted_at: row.submitted_at, zone, stands })
}

async fn latest(db: &Snapshot, part: PartId) -> Result<i32> {
    let number = submission::Entity::find()
        .select_only()
        .column(submission::Column::Number)
        .filter(submission::Column::PartId.eq(part))
        .order_by_desc(submission::Column::Number)
        .into_tuple::<i32>()
        .one(db.conn())
        .await?;
    Ok(number.unwrap_or_default())
}
