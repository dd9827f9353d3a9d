//! What managers of a cluster do with its members.

use super::{
    events::{Counts, MembersEvent},
    queries::{cluster_row, plan_of},
    rules::{Change, List, Plan, Row},
};
use crate::{
    kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx},
    organisations::{
        commands::insert_all,
        rules::{Profile, ProfileInput},
    },
};
use chrono::{NaiveDate, TimeDelta};
use entity::{
    clusters::{cluster_membership, member_import},
    organisations::organisation,
    types::{
        ids::{AccountId, ClusterMembershipId, MemberImportId, OrganisationId},
        states::OrganisationKind,
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, sea_query::OnConflict};
use std::collections::BTreeMap;

/// How long a plan can be applied.
const HOLDS: TimeDelta = TimeDelta::days(1);
/// Rows written by one statement.
const AT_ONCE: usize = 500;

/// Adds one organisation; a registered one that looks like it is taken, else it is registered as an SME.
#[derive(Debug, Clone)]
pub struct AddMember {
    pub cluster: OrganisationId,
    pub name: String,
    pub country: String,
    pub registration_no: String,
}

impl Command for AddMember {
    const NEEDS: Permission = Permission::EditClusterMembers;
    /// Whether the organisation was registered by this.
    type Output = bool;

    fn about(&self) -> Subject {
        Subject::Organisation(self.cluster)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<bool>> {
        cluster_row(tx.conn(), self.cluster).await?;
        let input = ProfileInput {
            kind: OrganisationKind::Sme.word().to_owned(),
            name: self.name,
            country: self.country,
            registration_no: self.registration_no,
            ..ProfileInput::default()
        };
        let profile = input.read()?;
        let name = profile.name.clone();
        let list = List { rows: vec![Row { row: 1, profile, since: None, until: None }], ..List::default() };
        let plan = plan_of(tx.conn(), self.cluster, &list, false, tx.now().date_naive()).await?;
        if let Some(fault) = plan.faults.first() {
            return Err(AppError::invalid("name", fault.message.clone()));
        }
        if !plan.changes_something() {
            return Err(AppError::invalid("name", "This organisation is a member already"));
        }
        let registered = apply(tx, self.cluster, &list, &plan, leave.account()?).await?.registered > 0;
        Ok(tx.done(MembersEvent::Added { cluster: self.cluster, name, registered }, registered))
    }
}

/// Ends one membership: today is its last day.
#[derive(Debug, Clone)]
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
        let member = organisation::Entity::find_by_id(row.member_id).one(tx.conn()).await?;
        if row.until.is_none() {
            let until = tx.now().date_naive().max(row.since);
            let mut row: cluster_membership::ActiveModel = row.into();
            row.until = Set(Some(until));
            row.update(tx.conn()).await?;
        }
        let name = member.map(|member| member.name).unwrap_or_default();
        Ok(tx.done(MembersEvent::Ended { cluster: self.cluster, name }, ()))
    }
}

/// Keeps what a list would change, for the person who made it and for a day.
#[derive(Debug, Clone)]
pub struct PlanImport {
    pub cluster: OrganisationId,
    /// The file's name.
    pub file: String,
    pub list: List,
    /// Whether members who are not on the list leave.
    pub whole: bool,
}

impl Command for PlanImport {
    const NEEDS: Permission = Permission::EditClusterMembers;
    type Output = MemberImportId;

    fn about(&self) -> Subject {
        Subject::Organisation(self.cluster)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<MemberImportId>> {
        cluster_row(tx.conn(), self.cluster).await?;
        let plan = plan_of(tx.conn(), self.cluster, &self.list, self.whole, tx.now().date_naive()).await?;
        let id: MemberImportId = tx.new_id();
        let file: String = self.file.chars().take(200).collect();
        let row = member_import::ActiveModel {
            id: Set(id),
            cluster_id: Set(self.cluster),
            account_id: Set(leave.account()?),
            file: Set(file.clone()),
            list: Set(serde_json::to_value(&self.list)?),
            plan: Set(serde_json::to_value(&plan)?),
            made_at: Set(tx.now()),
            expires_at: Set(tx.now() + HOLDS),
            applied_at: Set(None),
        };
        member_import::Entity::insert(row).exec_without_returning(tx.conn()).await?;
        Ok(tx.done(MembersEvent::Planned { cluster: self.cluster, import: id, file }, id))
    }
}

/// Applies exactly the plan that was shown, or nothing.
#[derive(Debug, Clone)]
pub struct ApplyImport {
    pub cluster: OrganisationId,
    pub import: MemberImportId,
}

impl Command for ApplyImport {
    const NEEDS: Permission = Permission::EditClusterMembers;
    type Output = Counts;

    fn about(&self) -> Subject {
        Subject::Organisation(self.cluster)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<Counts>> {
        let account = leave.account()?;
        let row = member_import::Entity::find_by_id(self.import).one(tx.conn()).await?;
        let own = |row: &member_import::Model| row.cluster_id == self.cluster && row.account_id == account;
        let row = row.filter(own).ok_or(AppError::NotFound)?;
        if row.applied_at.is_some() {
            return Err(AppError::refused("applied", "This list was applied already."));
        }
        if row.expires_at <= tx.now() {
            return Err(AppError::refused("plan_over", "This plan is older than a day. Please upload the list again."));
        }
        let list: List = serde_json::from_value(row.list.clone())?;
        let shown: Plan = serde_json::from_value(row.plan.clone())?;
        let now = plan_of(tx.conn(), self.cluster, &list, shown.whole, row.made_at.date_naive()).await?;
        if now != shown {
            return Err(AppError::refused(
                "plan_changed",
                "The members or the register changed since this plan was made, so nothing was changed. Please upload \
                 the list again.",
            ));
        }
        if !shown.changes_something() {
            return Err(AppError::refused("nothing_to_change", "This list changes nothing."));
        }
        let counts = apply(tx, self.cluster, &list, &shown, account).await?;
        let mut row: member_import::ActiveModel = row.into();
        row.applied_at = Set(Some(tx.now()));
        row.update(tx.conn()).await?;
        Ok(tx.done(MembersEvent::Imported { cluster: self.cluster, import: self.import, counts }, counts))
    }
}

/// Writes what a plan says, with as many statements as there are kinds of changes.
async fn apply(tx: &Tx, cluster: OrganisationId, list: &List, plan: &Plan, by: AccountId) -> Result<Counts> {
    let rows: BTreeMap<usize, &Row> = list.rows.iter().map(|row| (row.row, row)).collect();
    let mut fresh: Vec<(&Profile, NaiveDate, Option<NaiveDate>)> = Vec::new();
    let mut joining = Vec::new();
    let mut dated = Vec::new();
    let mut counts = Counts { left_out: plan.faults.len(), ended: plan.ends.len(), ..Counts::default() };
    for step in &plan.steps {
        match &step.change {
            Change::Stays => {}
            Change::New { since, until } => {
                let row =
                    rows.get(&step.row).ok_or_else(|| AppError::broken("a plan names a row that is not there"))?;
                fresh.push((&row.profile, *since, *until));
            }
            Change::Joins { member, since, until } => {
                joining.push(membership(tx, cluster, *member, *since, *until));
                counts.joined += 1;
            }
            Change::Dates { member, since, until, .. } => {
                dated.push(membership(tx, cluster, *member, *since, *until));
                counts.dated += 1;
            }
        }
    }
    counts.registered = fresh.len();
    let profiles: Vec<&Profile> = fresh.iter().map(|(profile, ..)| *profile).collect();
    let ids = insert_all(tx, &profiles, Some(by)).await?;
    joining.extend(fresh.iter().zip(ids).map(|((_, s, u), id)| membership(tx, cluster, id, *s, *u)));
    for end in &plan.ends {
        dated.push(membership(tx, cluster, end.member, end.since, Some(end.until)));
    }
    for some in joining.chunks(AT_ONCE) {
        cluster_membership::Entity::insert_many(some.to_vec()).exec_without_returning(tx.conn()).await?;
    }
    for some in dated.chunks(AT_ONCE) {
        // A row that is there keeps its id.
        let pair = [cluster_membership::Column::ClusterId, cluster_membership::Column::MemberId];
        let dates = OnConflict::columns(pair)
            .update_columns([cluster_membership::Column::Since, cluster_membership::Column::Until])
            .to_owned();
        let write = cluster_membership::Entity::insert_many(some.to_vec()).on_conflict(dates);
        write.exec_without_returning(tx.conn()).await?;
    }
    Ok(counts)
}

fn membership(
    tx: &Tx,
    cluster: OrganisationId,
    member: OrganisationId,
    since: NaiveDate,
    until: Option<NaiveDate>,
) -> cluster_membership::ActiveModel {
    cluster_membership::ActiveModel {
        id: Set(tx.new_id()),
        cluster_id: Set(cluster),
        member_id: Set(member),
        since: Set(since),
        until: Set(until),
        created_at: Set(tx.now()),
    }
}
