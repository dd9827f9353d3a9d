//! What can be seen of labels.

use super::rules;
use crate::kernel::{AppError, Leave, Permission, Query, Result, Snapshot, Subject};
use chrono::NaiveDate;
use entity::{
    clusters::label,
    organisations::organisation,
    types::{
        ids::{FileId, LabelId, OrganisationId},
        states::LabelLevel,
    },
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

#[derive(Debug, Clone)]
pub struct LabelRow {
    pub id: LabelId,
    pub level: LabelLevel,
    pub awarded_on: NaiveDate,
    pub valid_until: NaiveDate,
    pub valid: bool,
    /// The last day it can be renewed, when it is in its window.
    pub renewable_until: Option<NaiveDate>,
    pub renewal: bool,
    /// The certificate, for those who may read it: people of the cluster and staff.
    pub certificate: Option<FileId>,
}

#[derive(Debug, Clone)]
pub struct LabelsView {
    pub name: String,
    pub labels: Vec<LabelRow>,
    pub can_record: bool,
}

/// The labels of a cluster, latest first.
pub struct LabelsOf(pub OrganisationId);

impl Query for LabelsOf {
    const NEEDS: Permission = Permission::SeeOrganisations;
    type Output = LabelsView;

    fn about(&self) -> Subject {
        Subject::Organisation(self.0)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<LabelsView> {
        let today = db.now().date_naive();
        let cluster = organisation::Entity::find_by_id(self.0).one(db.conn()).await?.ok_or(AppError::NotFound)?;
        let rows = label::Entity::find()
            .filter(label::Column::ClusterId.eq(self.0))
            .order_by_desc(label::Column::ValidUntil)
            .all(db.conn())
            .await?;
        let reads = leave.may(Permission::ReadFile);
        let line = |row: label::Model| LabelRow {
            id: row.id,
            level: row.level,
            awarded_on: row.awarded_on,
            valid_until: row.valid_until,
            valid: rules::valid_on(row.awarded_on, row.valid_until, today),
            renewable_until: rules::in_renewal_window(row.valid_until, today)
                .then(|| rules::renewal_ends(row.valid_until)),
            renewal: row.renews_id.is_some(),
            certificate: row.certificate_file_id.filter(|_| reads),
        };
        let labels = rows.into_iter().map(line).collect();
        Ok(LabelsView { name: cluster.name, labels, can_record: leave.may(Permission::RecordLabel) })
    }
}

/// Nothing but whether the actor may record labels: asked before an upload is looked at.
pub struct MayRecordLabel(pub OrganisationId);

impl Query for MayRecordLabel {
    const NEEDS: Permission = Permission::RecordLabel;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Organisation(self.0)
    }

    async fn fetch(self, _: &Snapshot, _: Leave<'_>) -> Result<()> {
        Ok(())
    }
}
