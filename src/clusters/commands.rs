//! What managers of a cluster do.

use super::{events::ClusterEvent, member_row::MemberRow, rules};
use crate::{
    kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx, error::FieldErrors},
    organisations::commands::{insert, same},
};
use entity::{
    clusters::{cluster_membership, label},
    organisations::organisation,
    types::{
        ids::{ClusterMembershipId, LabelId, OrganisationId},
        period,
        states::{LabelLevel, OrganisationKind},
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

/// Takes a list of members: adds those who are missing and, if asked, ends those who are not on it.
#[derive(Clone)]
pub struct SetMembers {
    pub cluster: OrganisationId,
    pub rows: Vec<MemberRow>,
    /// Whether members who are not on the list leave.
    pub complete: bool,
}

impl Command for SetMembers {
    const NEEDS: Permission = Permission::EditClusterMembers;
    type Output = (usize, usize, usize);

    fn about(&self) -> Subject {
        Subject::Organisation(self.cluster)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<Self::Output>> {
        cluster(tx, self.cluster).await?;
        let by = leave.actor().account();
        let today = tx.now().date_naive();
        let known = cluster_membership::Entity::find()
            .filter(cluster_membership::Column::ClusterId.eq(self.cluster))
            .all(tx.conn())
            .await?;
        let (mut listed, mut added, mut registered) = (Vec::new(), 0, 0);
        for (n, row) in self.rows.iter().enumerate() {
            let profile = row.profile().map_err(|e| AppError::invalid("rows", format!("Line {}: {e}", n + 1)))?;
            let member = match same(tx, &profile).await? {
                Some(organisation) => organisation.id,
                None => {
                    registered += 1;
                    insert(tx, &profile, by).await?
                }
            };
            if listed.contains(&member) || member == self.cluster {
                continue;
            }
            listed.push(member);
            match known.iter().find(|m| m.member_id == member) {
                Some(row) if row.until.is_none() => {}
                Some(row) => {
                    let mut row: cluster_membership::ActiveModel = row.clone().into();
                    row.since = Set(today);
                    row.until = Set(None);
                    row.update(tx.conn()).await?;
                    added += 1;
                }
                None => {
                    let row = cluster_membership::ActiveModel {
                        id: Set(tx.new_id()),
                        cluster_id: Set(self.cluster),
                        member_id: Set(member),
                        since: Set(today),
                        until: Set(None),
                        created_at: Set(tx.now()),
                    };
                    cluster_membership::Entity::insert(row).exec_without_returning(tx.conn()).await?;
                    added += 1;
                }
            }
        }
        let mut ended = 0;
        if self.complete {
            for row in known.into_iter().filter(|m| m.until.is_none() && !listed.contains(&m.member_id)) {
                let mut row: cluster_membership::ActiveModel = row.into();
                row.until = Set(Some(today));
                row.update(tx.conn()).await?;
                ended += 1;
            }
        }
        let event = ClusterEvent::MembersChanged { cluster: self.cluster, added, ended, registered };
        Ok(tx.done(event, (added, ended, registered)))
    }
}

/// Ends one membership.
#[derive(Clone)]
pub struct EndMembership {
    pub cluster: OrganisationId,
    pub membership: ClusterMembershipId,
}

impl Command for EndMembership {
    const NEEDS: Permission = Permission::EditClusterMembers;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Organisation(self.cluster)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        let row = cluster_membership::Entity::find_by_id(self.membership).one(tx.conn()).await?;
        let row = row.filter(|row| row.cluster_id == self.cluster).ok_or(AppError::NotFound)?;
        let ended = usize::from(row.until.is_none());
        if ended == 1 {
            let mut row: cluster_membership::ActiveModel = row.into();
            row.until = Set(Some(tx.now().date_naive()));
            row.update(tx.conn()).await?;
        }
        Ok(tx.done(ClusterEvent::MembersChanged { cluster: self.cluster, added: 0, ended, registered: 0 }, ()))
    }
}

/// Records a label: the first one, or the renewal of the last one in its window.
#[derive(Clone)]
pub struct RecordLabel {
    pub cluster: OrganisationId,
    pub level: String,
    pub awarded_on: String,
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
        let row = label::ActiveModel {
            id: Set(id),
            cluster_id: Set(self.cluster),
            level: Set(level),
            awarded_on: Set(awarded_on),
            valid_until: Set(valid_until),
            renews_id: Set(renewed.and(last).map(|l| l.id)),
            certificate_file_id: Set(None),
            recorded_by: Set(leave.account()?),
            created_at: Set(tx.now()),
        };
        label::Entity::insert(row).exec_without_returning(tx.conn()).await?;
        let renewed = renewed.is_some();
        Ok(tx.done(ClusterEvent::LabelRecorded { cluster: self.cluster, label: id, level, valid_until, renewed }, id))
    }
}

async fn cluster(tx: &Tx, id: OrganisationId) -> Result<()> {
    let row = organisation::Entity::find_by_id(id).one(tx.conn()).await?;
    let found = row.filter(|row| row.kind == OrganisationKind::Cluster);
    found.map(|_| ()).ok_or_else(|| AppError::refused("no_cluster", "Only clusters have members and labels."))
}
