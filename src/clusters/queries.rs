//! What can be seen of clusters.

use super::{member_row::MemberRow, rules};
use crate::kernel::{
    AppError, Leave, Permission, Query, Result, Snapshot, Subject,
    paging::{Listed, Paging},
};
use chrono::NaiveDate;
use entity::{
    clusters::{cluster_membership, label},
    organisations::organisation,
    types::{
        country::Country,
        ids::{ClusterMembershipId, OrganisationId},
        states::LabelLevel,
    },
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, JoinType, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, RelationTrait,
};

#[derive(Debug, Clone)]
pub struct MemberLine {
    pub membership: ClusterMembershipId,
    pub organisation: OrganisationId,
    pub name: String,
    pub country: Country,
    pub since: NaiveDate,
}

#[derive(Debug, Clone)]
pub struct MembersView {
    pub name: String,
    pub listed: Listed<MemberLine>,
    pub can_edit: bool,
}

/// The present members of a cluster, by name.
pub struct MembersOf {
    pub cluster: OrganisationId,
    pub search: String,
    pub paging: Paging,
}

impl Query for MembersOf {
    const NEEDS: Permission = Permission::SeeClusterMembers;
    type Output = MembersView;

    fn about(&self) -> Subject {
        Subject::Organisation(self.cluster)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<MembersView> {
        let db = db.conn();
        let cluster = organisation::Entity::find_by_id(self.cluster).one(db).await?.ok_or(AppError::NotFound)?;
        let mut select = cluster_membership::Entity::find()
            .join(JoinType::InnerJoin, cluster_membership::Relation::Member.def())
            .filter(cluster_membership::Column::ClusterId.eq(self.cluster))
            .filter(cluster_membership::Column::Until.is_null());
        if !self.search.trim().is_empty() {
            select = select.filter(organisation::Column::Search.contains(self.search.trim().to_lowercase()));
        }
        let total = select.clone().count(db).await?;
        let rows = select
            .select_only()
            .column(cluster_membership::Column::Id)
            .column(cluster_membership::Column::Since)
            .column(organisation::Column::Id)
            .column(organisation::Column::Name)
            .column(organisation::Column::Country)
            .order_by_asc(organisation::Column::Name)
            .order_by_asc(organisation::Column::Id)
            .limit(self.paging.size)
            .offset(self.paging.offset())
            .into_tuple::<(ClusterMembershipId, NaiveDate, OrganisationId, String, Country)>()
            .all(db)
            .await?;
        let line = |(membership, since, organisation, name, country)| MemberLine {
            membership,
            organisation,
            name,
            country,
            since,
        };
        let listed = Listed::new(rows.into_iter().map(line).collect(), total, self.paging);
        Ok(MembersView { name: cluster.name, listed, can_edit: leave.may(Permission::EditClusterMembers) })
    }
}

/// What one line of a list would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    Stays,
    Joins,
    /// The organisation is registered first.
    Registers,
    Wrong(String),
}

/// What a list would change.
#[derive(Debug, Clone)]
pub struct DryRun {
    pub name: String,
    pub lines: Vec<(MemberRow, Effect)>,
    /// Members who are not on the list.
    pub leaving: Vec<String>,
}

pub struct DryRunOf {
    pub cluster: OrganisationId,
    pub rows: Vec<MemberRow>,
}

impl Query for DryRunOf {
    const NEEDS: Permission = Permission::EditClusterMembers;
    type Output = DryRun;

    fn about(&self) -> Subject {
        Subject::Organisation(self.cluster)
    }

    async fn fetch(self, db: &Snapshot, _: Leave<'_>) -> Result<DryRun> {
        let db = db.conn();
        let cluster = organisation::Entity::find_by_id(self.cluster).one(db).await?.ok_or(AppError::NotFound)?;
        let members: Vec<OrganisationId> = cluster_membership::Entity::find()
            .select_only()
            .column(cluster_membership::Column::MemberId)
            .filter(cluster_membership::Column::ClusterId.eq(self.cluster))
            .filter(cluster_membership::Column::Until.is_null())
            .into_tuple()
            .all(db)
            .await?;
        let profiles: Vec<_> = self.rows.iter().map(MemberRow::profile).collect();
        let good = || profiles.iter().filter_map(|p| p.as_ref().ok());
        let alike = Condition::any()
            .add(organisation::Column::Name.is_in(good().map(|p| p.name.clone())))
            .add(organisation::Column::RegistrationNo.is_in(good().filter_map(|p| p.registration_no.clone())));
        let known = organisation::Entity::find().filter(alike).all(db).await?;
        let mut listed = Vec::new();
        let mut lines = Vec::new();
        for (row, profile) in self.rows.into_iter().zip(&profiles) {
            let effect = match profile {
                Err(wrong) => Effect::Wrong(wrong.0.clone()),
                Ok(profile) => {
                    let same = known.iter().find(|o| {
                        o.country == profile.country
                            && (o.name == profile.name
                                || (o.registration_no.is_some() && o.registration_no == profile.registration_no))
                    });
                    match same {
                        Some(o) => {
                            listed.push(o.id);
                            if members.contains(&o.id) { Effect::Stays } else { Effect::Joins }
                        }
                        None => Effect::Registers,
                    }
                }
            };
            lines.push((row, effect));
        }
        let leaving = members.into_iter().filter(|m| !listed.contains(m));
        let leaving = organisation::Entity::find()
            .select_only()
            .column(organisation::Column::Name)
            .filter(organisation::Column::Id.is_in(leaving))
            .order_by_asc(organisation::Column::Name)
            .into_tuple()
            .all(db)
            .await?;
        Ok(DryRun { name: cluster.name, lines, leaving })
    }
}

#[derive(Debug, Clone)]
pub struct LabelRow {
    pub level: LabelLevel,
    pub awarded_on: NaiveDate,
    pub valid_until: NaiveDate,
    pub valid: bool,
    /// The last day it can be renewed, when it is in its window.
    pub renewable_until: Option<NaiveDate>,
    pub renewal: bool,
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
        let line = |row: label::Model| LabelRow {
            level: row.level,
            awarded_on: row.awarded_on,
            valid_until: row.valid_until,
            valid: rules::valid_on(row.awarded_on, row.valid_until, today),
            renewable_until: rules::in_renewal_window(row.valid_until, today)
                .then(|| rules::renewal_ends(row.valid_until)),
            renewal: row.renews_id.is_some(),
        };
        let labels = rows.into_iter().map(line).collect();
        Ok(LabelsView { name: cluster.name, labels, can_record: leave.may(Permission::RecordLabel) })
    }
}
