//! What can be seen of the members of a cluster.

use super::rules::{Current, Known, List, Plan, plan};
use crate::kernel::{
    AppError, Leave, Permission, Query, Result, Snapshot, Subject,
    paging::{Listed, Paging},
};
use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    clusters::{cluster_membership, member_import},
    organisations::organisation,
    types::{
        country::Country,
        ids::{ClusterMembershipId, MemberImportId, OrganisationId},
        states::OrganisationKind,
    },
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, JoinType, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    RelationTrait, Select,
};
use std::collections::BTreeSet;

#[derive(Debug, Clone)]
pub struct MemberLine {
    pub membership: ClusterMembershipId,
    pub organisation: OrganisationId,
    pub name: String,
    pub country: Country,
    pub registration_no: Option<String>,
    pub kind: OrganisationKind,
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
        let select = present(self.cluster, &self.search);
        let total = select.clone().count(db).await?;
        let lines = lines(db, select.limit(self.paging.size).offset(self.paging.offset())).await?;
        let can_edit = cluster.kind == OrganisationKind::Cluster && leave.may(Permission::EditClusterMembers);
        Ok(MembersView { name: cluster.name, listed: Listed::new(lines, total, self.paging), can_edit })
    }
}

/// All present members that are found by the words, for a file.
pub struct AllMembers {
    pub cluster: OrganisationId,
    pub search: String,
}

impl Query for AllMembers {
    const NEEDS: Permission = Permission::SeeClusterMembers;
    type Output = Vec<MemberLine>;

    fn about(&self) -> Subject {
        Subject::Organisation(self.cluster)
    }

    async fn fetch(self, db: &Snapshot, _: Leave<'_>) -> Result<Vec<MemberLine>> {
        lines(db.conn(), present(self.cluster, &self.search)).await
    }
}

fn present(cluster: OrganisationId, search: &str) -> Select<cluster_membership::Entity> {
    let select = cluster_membership::Entity::find()
        .join(JoinType::InnerJoin, cluster_membership::Relation::Member.def())
        .filter(cluster_membership::Column::ClusterId.eq(cluster))
        .filter(cluster_membership::Column::Until.is_null());
    match search.trim() {
        "" => select,
        words => select.filter(organisation::Column::Search.contains(words.to_lowercase())),
    }
}

type Line = (ClusterMembershipId, NaiveDate, OrganisationId, String, Country, Option<String>, OrganisationKind);

async fn lines(db: &impl ConnectionTrait, select: Select<cluster_membership::Entity>) -> Result<Vec<MemberLine>> {
    let rows = select
        .select_only()
        .column(cluster_membership::Column::Id)
        .column(cluster_membership::Column::Since)
        .column(organisation::Column::Id)
        .column(organisation::Column::Name)
        .column(organisation::Column::Country)
        .column(organisation::Column::RegistrationNo)
        .column(organisation::Column::Kind)
        .order_by_asc(organisation::Column::Name)
        .order_by_asc(organisation::Column::Id)
        .into_tuple::<Line>()
        .all(db)
        .await?;
    let line = |(membership, since, organisation, name, country, registration_no, kind)| MemberLine {
        membership,
        organisation,
        name,
        country,
        registration_no,
        kind,
        since,
    };
    Ok(rows.into_iter().map(line).collect())
}

/// Nothing but whether the actor may change the members: asked before an upload is looked at.
pub struct MayEditMembers(pub OrganisationId);

impl Query for MayEditMembers {
    const NEEDS: Permission = Permission::EditClusterMembers;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Organisation(self.0)
    }

    async fn fetch(self, _: &Snapshot, _: Leave<'_>) -> Result<()> {
        Ok(())
    }
}

/// What an uploaded list would change, or has changed.
#[derive(Debug, Clone)]
pub struct Import {
    pub id: MemberImportId,
    pub cluster: OrganisationId,
    pub name: String,
    pub file: String,
    pub plan: Plan,
    /// Columns nobody knows, which are left aside.
    pub unknown: Vec<String>,
    pub expires_at: DateTime<Utc>,
    pub applied: bool,
}

/// A plan of one's own.
pub struct ImportOf {
    pub cluster: OrganisationId,
    pub import: MemberImportId,
}

impl Query for ImportOf {
    const NEEDS: Permission = Permission::EditClusterMembers;
    type Output = Import;

    fn about(&self) -> Subject {
        Subject::Organisation(self.cluster)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Import> {
        let account = leave.account()?;
        let cluster = cluster_row(db.conn(), self.cluster).await?;
        let row = member_import::Entity::find_by_id(self.import).one(db.conn()).await?;
        let own = |row: &member_import::Model| row.cluster_id == self.cluster && row.account_id == account;
        let row = row.filter(own).ok_or(AppError::NotFound)?;
        let list: List = serde_json::from_value(row.list)?;
        Ok(Import {
            id: row.id,
            cluster: cluster.id,
            name: cluster.name,
            file: row.file,
            plan: serde_json::from_value(row.plan)?,
            unknown: list.unknown,
            expires_at: row.expires_at,
            applied: row.applied_at.is_some(),
        })
    }
}

/// The organisation, if it is a cluster.
pub(super) async fn cluster_row(db: &impl ConnectionTrait, id: OrganisationId) -> Result<organisation::Model> {
    let row = organisation::Entity::find_by_id(id).one(db).await?;
    let found = row.filter(|row| row.kind == OrganisationKind::Cluster);
    found.ok_or_else(|| AppError::refused("no_cluster", "Only clusters have members and labels."))
}

/// The plan of a list as the database stands; `today` is the day it is made for.
pub(super) async fn plan_of(
    db: &impl ConnectionTrait,
    cluster: OrganisationId,
    list: &List,
    whole: bool,
    today: NaiveDate,
) -> Result<Plan> {
    let countries: BTreeSet<Country> = list.rows.iter().map(|row| row.profile.country).collect();
    let known = organisation::Entity::find()
        .select_only()
        .columns([
            organisation::Column::Id,
            organisation::Column::Name,
            organisation::Column::Country,
            organisation::Column::RegistrationNo,
        ])
        .filter(organisation::Column::Country.is_in(countries))
        .order_by_asc(organisation::Column::Id)
        .into_tuple::<(OrganisationId, String, Country, Option<String>)>()
        .all(db)
        .await?;
    let known: Vec<Known> = known
        .into_iter()
        .map(|(id, name, country, registration_no)| Known { id, name, country, registration_no })
        .collect();
    let current = cluster_membership::Entity::find()
        .join(JoinType::InnerJoin, cluster_membership::Relation::Member.def())
        .select_only()
        .columns([
            cluster_membership::Column::Id,
            cluster_membership::Column::MemberId,
            cluster_membership::Column::Since,
            cluster_membership::Column::Until,
        ])
        .column(organisation::Column::Name)
        .filter(cluster_membership::Column::ClusterId.eq(cluster))
        .order_by_asc(organisation::Column::Name)
        .order_by_asc(cluster_membership::Column::Id)
        .into_tuple::<(ClusterMembershipId, OrganisationId, NaiveDate, Option<NaiveDate>, String)>()
        .all(db)
        .await?;
    let current: Vec<Current> = current
        .into_iter()
        .map(|(id, member, since, until, name)| Current { id, member, name, since, until })
        .collect();
    Ok(plan(list, cluster, &known, &current, whole, today))
}
