//! What managers of a cluster do with its labels.

use super::{events::LabelEvent, rules};
use crate::{
    documents::files::{
        NewFile,
        commands::{insert, remove},
    },
    kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx, error::FieldErrors},
};
use entity::{
    clusters::label,
    organisations::organisation,
    types::{
        ids::{FileId, LabelId, OrganisationId},
        period,
        states::{LabelLevel, OrganisationKind},
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

/// The largest certificate, in bytes.
pub const MOST: u64 = 10 * 1024 * 1024;

/// Records a label: the first one, or the renewal of the last one in its window.
#[derive(Clone)]
pub struct RecordLabel {
    pub cluster: OrganisationId,
    pub level: String,
    pub awarded_on: String,
    pub certificate: Option<NewFile>,
}

impl Command for RecordLabel {
    const NEEDS: Permission = Permission::RecordLabel;
    type Output = LabelId;

    fn about(&self) -> Subject {
        Subject::Organisation(self.cluster)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<LabelId>> {
        cluster(tx, self.cluster).await?;
        let mut errors = FieldErrors::default();
        let level = errors.take("level", self.level.parse::<LabelLevel>());
        let awarded_on = errors.take("awarded_on", period::parse_day(&self.awarded_on));
        let (Some(level), Some(awarded_on)) = (level, awarded_on) else {
            return Err(AppError::Invalid(errors));
        };
        if awarded_on > tx.now().date_naive() {
            return Err(AppError::invalid("awarded_on", "A label cannot be awarded in the future"));
        }
        let last = label::Entity::find()
            .filter(label::Column::ClusterId.eq(self.cluster))
            .filter(label::Column::Level.eq(level))
            .order_by_desc(label::Column::ValidUntil)
            .one(tx.conn())
            .await?;
        if last.as_ref().is_some_and(|l| l.awarded_on >= awarded_on) {
            return Err(AppError::invalid("awarded_on", "There is a later label of this level already"));
        }
        let renewed = last.as_ref().and_then(|l| rules::renewed_until(l.valid_until, awarded_on));
        let valid_until = renewed.unwrap_or_else(|| rules::first_valid_until(awarded_on));
        let id: LabelId = tx.new_id();
        let certificate = match &self.certificate {
            Some(file) => Some(insert(tx, file, self.about(), Some(leave.account()?)).await?),
            None => None,
        };
        let row = label::ActiveModel {
            id: Set(id),
            cluster_id: Set(self.cluster),
            level: Set(level),
            awarded_on: Set(awarded_on),
            valid_until: Set(valid_until),
            renews_id: Set(renewed.and(last).map(|l| l.id)),
            certificate_file_id: Set(certificate),
            recorded_by: Set(leave.account()?),
            created_at: Set(tx.now()),
        };
        label::Entity::insert(row).exec_without_returning(tx.conn()).await?;
        let renewed = renewed.is_some();
        Ok(tx.done(LabelEvent::Recorded { cluster: self.cluster, label: id, level, valid_until, renewed }, id))
    }
}

/// Adds the certificate of a label; an earlier one is taken away.
#[derive(Clone)]
pub struct AttachCertificate {
    pub cluster: OrganisationId,
    pub label: LabelId,
    pub file: NewFile,
}

impl Command for AttachCertificate {
    const NEEDS: Permission = Permission::RecordLabel;
    type Output = FileId;

    fn about(&self) -> Subject {
        Subject::Organisation(self.cluster)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<FileId>> {
        let row = label::Entity::find_by_id(self.label).one(tx.conn()).await?;
        let row = row.filter(|row| row.cluster_id == self.cluster).ok_or(AppError::NotFound)?;
        if let Some(old) = row.certificate_file_id {
            remove(tx, old).await?;
        }
        let level = row.level;
        let file = insert(tx, &self.file, self.about(), Some(leave.account()?)).await?;
        let mut row: label::ActiveModel = row.into();
        row.certificate_file_id = Set(Some(file));
        row.update(tx.conn()).await?;
        Ok(tx.done(LabelEvent::Certified { cluster: self.cluster, label: self.label, level, file }, file))
    }
}

async fn cluster(tx: &Tx, id: OrganisationId) -> Result<()> {
    let row = organisation::Entity::find_by_id(id).one(tx.conn()).await?;
    let found = row.filter(|row| row.kind == OrganisationKind::Cluster);
    found.map(|_| ()).ok_or_else(|| AppError::refused("no_cluster", "Only clusters have members and labels."))
}
