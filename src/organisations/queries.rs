//! What can be seen of organisations and their people.

use crate::kernel::{
    AppError, Leave, Permission, Query, Result, Snapshot, Subject,
    paging::{ListRequest, Listed, listed},
};
use chrono::NaiveDate;
use entity::{
    accounts::account,
    clusters::{cluster_membership, label},
    organisations::{membership, organisation, organisation_link},
    types::{
        country::Country,
        ids::{AccountId, MembershipId, OrganisationId, OrganisationLinkId},
        share::Share,
        states::{LabelLevel, MembershipRole, MembershipState, OrganisationKind},
    },
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::BTreeMap;

/// An organisation in the directory.
#[derive(Debug, Clone)]
pub struct OrganisationLine {
    pub id: OrganisationId,
    pub kind: OrganisationKind,
    pub name: String,
    pub country: Country,
    pub city: Option<String>,
    pub registration_no: Option<String>,
}

/// The directory: all organisations, searched, filtered, sorted and paged in the database. The filter `mine` leaves
/// those the reader belongs to.
#[derive(Debug, Clone)]
pub struct Organisations(pub ListRequest);

impl Query for Organisations {
    const NEEDS: Permission = Permission::SeeOrganisations;
    type Output = Listed<OrganisationLine>;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Listed<OrganisationLine>> {
        let list = self.0;
        let mut select = organisation::Entity::find();
        if let Some(words) = list.words() {
            select = select.filter(organisation::Column::Search.contains(&words));
        }
        if let Some(kind) = list.value::<OrganisationKind>("kind") {
            select = select.filter(organisation::Column::Kind.eq(kind));
        }
        if let Some(country) = list.value::<Country>("country") {
            select = select.filter(organisation::Column::Country.eq(country));
        }
        if list.filter("mine") == Some("yes") {
            select = select.filter(organisation::Column::Id.is_in(leave.actor().organisations()));
        }
        let column = match list.sort.as_str() {
            "kind" => organisation::Column::Kind,
            "country" => organisation::Column::Country,
            "city" => organisation::Column::City,
            _ => organisation::Column::Name,
        };
        let select = select
            .order_by(column, list.order())
            .order_by_asc(organisation::Column::Name)
            .order_by_asc(organisation::Column::Id);
        let line = |row: organisation::Model| OrganisationLine {
            id: row.id,
            kind: row.kind,
            name: row.name,
            country: row.country,
            city: row.city,
            registration_no: row.registration_no,
        };
        Ok(listed(db.conn(), select, list.paging).await?.map(line))
    }
}

#[derive(Debug, Clone)]
pub struct LabelLine {
    pub level: LabelLevel,
    pub awarded_on: NaiveDate,
    pub valid_until: NaiveDate,
    pub valid: bool,
}

/// One organisation.
#[derive(Debug, Clone)]
pub struct OrganisationView {
    pub id: OrganisationId,
    pub kind: OrganisationKind,
    pub name: String,
    pub country: Country,
    pub region: Option<String>,
    pub city: Option<String>,
    pub registration_no: Option<String>,
    pub website: Option<String>,
    pub description: String,
    pub version: i64,
    /// Clusters it belongs to.
    pub clusters: Vec<(OrganisationId, String)>,
    pub labels: Vec<LabelLine>,
    pub members: u64,
    /// The actor's own membership, if there is one.
    pub own: Option<MembershipState>,
    pub can_edit: bool,
    pub can_see_people: bool,
    pub can_see_members: bool,
    pub can_label: bool,
}

pub struct OrganisationOf(pub OrganisationId);

impl Query for OrganisationOf {
    const NEEDS: Permission = Permission::SeeOrganisations;
    type Output = OrganisationView;

    fn about(&self) -> Subject {
        Subject::Organisation(self.0)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<OrganisationView> {
        let today = db.now().date_naive();
        let db = db.conn();
        let row = organisation::Entity::find_by_id(self.0).one(db).await?.ok_or(AppError::NotFound)?;
        let clusters: Vec<OrganisationId> = cluster_membership::Entity::find()
            .select_only()
            .column(cluster_membership::Column::ClusterId)
            .filter(cluster_membership::Column::MemberId.eq(self.0))
            .filter(cluster_membership::Column::Until.is_null())
            .into_tuple()
            .all(db)
            .await?;
        let clusters = organisation::Entity::find()
            .filter(organisation::Column::Id.is_in(clusters))
            .order_by_asc(organisation::Column::Name)
            .all(db)
            .await?;
        let labels = label::Entity::find()
            .filter(label::Column::ClusterId.eq(self.0))
            .order_by_desc(label::Column::ValidUntil)
            .all(db)
            .await?;
        let members = cluster_membership::Entity::find()
            .filter(cluster_membership::Column::ClusterId.eq(self.0))
            .filter(cluster_membership::Column::Until.is_null())
            .count(db)
            .await?;
        let own = match leave.actor().account() {
            None => None,
            Some(account) => {
                membership::Entity::find()
                    .filter(membership::Column::OrganisationId.eq(self.0))
                    .filter(membership::Column::AccountId.eq(account))
                    .one(db)
                    .await?
            }
        };
        let line = |row: label::Model| LabelLine {
            level: row.level,
            awarded_on: row.awarded_on,
            valid_until: row.valid_until,
            valid: row.awarded_on <= today && today <= row.valid_until,
        };
        let cluster = row.kind == OrganisationKind::Cluster;
        Ok(OrganisationView {
            id: row.id,
            kind: row.kind,
            name: row.name,
            country: row.country,
            region: row.region,
            city: row.city,
            registration_no: row.registration_no,
            website: row.website,
            description: row.description,
            version: row.version,
            clusters: clusters.into_iter().map(|c| (c.id, c.name)).collect(),
            labels: labels.into_iter().map(line).collect(),
            members,
            own: own.map(|m| m.state),
            can_edit: leave.may(Permission::EditOrganisation),
            can_see_people: leave.may(Permission::SeePeople),
            can_see_members: cluster && leave.may(Permission::SeeClusterMembers),
            can_label: cluster && leave.may(Permission::RecordLabel),
        })
    }
}

#[derive(Debug, Clone)]
pub struct PersonLine {
    pub membership: MembershipId,
    pub account: AccountId,
    pub name: String,
    pub email: String,
    pub role: MembershipRole,
    pub state: MembershipState,
    pub message: String,
}

#[derive(Debug, Clone)]
pub struct PeopleView {
    pub name: String,
    pub people: Vec<PersonLine>,
    pub can_manage: bool,
}

/// The people of an organisation and those who ask to join.
pub struct PeopleOf(pub OrganisationId);

impl Query for PeopleOf {
    const NEEDS: Permission = Permission::SeePeople;
    type Output = PeopleView;

    fn about(&self) -> Subject {
        Subject::Organisation(self.0)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<PeopleView> {
        let db = db.conn();
        let organisation = organisation::Entity::find_by_id(self.0).one(db).await?.ok_or(AppError::NotFound)?;
        let can_manage = leave.may(Permission::ManagePeople);
        let rows = membership::Entity::find()
            .filter(membership::Column::OrganisationId.eq(self.0))
            .filter(membership::Column::State.is_in([MembershipState::Active, MembershipState::Requested]))
            .all(db)
            .await?;
        let accounts: BTreeMap<AccountId, account::Model> = account::Entity::find()
            .filter(account::Column::Id.is_in(rows.iter().map(|row| row.account_id)))
            .all(db)
            .await?
            .into_iter()
            .map(|a| (a.id, a))
            .collect();
        let mut people: Vec<PersonLine> = rows
            .into_iter()
            .filter(|row| can_manage || row.state == MembershipState::Active)
            .filter_map(|row| {
                let person = accounts.get(&row.account_id)?;
                Some(PersonLine {
                    membership: row.id,
                    account: row.account_id,
                    name: person.name.clone(),
                    email: person.email.to_string(),
                    role: row.role,
                    state: row.state,
                    message: row.message.unwrap_or_default(),
                })
            })
            .collect();
        people.sort_by(|a, b| (a.state, &a.name).cmp(&(b.state, &b.name)));
        Ok(PeopleView { name: organisation.name, people, can_manage })
    }
}

/// One owner of an organisation, as its managers state it.
#[derive(Debug, Clone)]
pub struct OwnerLine {
    pub id: OrganisationLinkId,
    pub owner: Option<OrganisationId>,
    pub name: String,
    pub number: Option<String>,
    pub country: Option<Country>,
    pub share: Option<Share>,
}

/// The owners of an organisation.
#[derive(Debug, Clone)]
pub struct OwnersView {
    pub name: String,
    pub owners: Vec<OwnerLine>,
}

/// The owners of an organisation, for those who state them.
pub struct OwnersOf(pub OrganisationId);

impl Query for OwnersOf {
    const NEEDS: Permission = Permission::EditOrganisation;
    type Output = OwnersView;

    fn about(&self) -> Subject {
        Subject::Organisation(self.0)
    }

    async fn fetch(self, db: &Snapshot, _: Leave<'_>) -> Result<OwnersView> {
        let own = organisation::Entity::find_by_id(self.0).one(db.conn()).await?.ok_or(AppError::NotFound)?;
        let rows = organisation_link::Entity::find()
            .filter(organisation_link::Column::OwnedId.eq(self.0))
            .filter(organisation_link::Column::WithdrawnAt.is_null())
            .order_by_asc(organisation_link::Column::OwnerName)
            .order_by_asc(organisation_link::Column::Id)
            .all(db.conn())
            .await?;
        let line = |row: organisation_link::Model| OwnerLine {
            id: row.id,
            owner: row.owner_id,
            name: row.owner_name,
            number: row.owner_number,
            country: row.owner_country,
            share: row.share,
        };
        Ok(OwnersView { name: own.name, owners: rows.into_iter().map(line).collect() })
    }
}

/// The name of an organisation somebody is invited into.
pub struct NameOf(pub OrganisationId);

impl Query for NameOf {
    const NEEDS: Permission = Permission::SeeOrganisations;
    type Output = String;

    fn about(&self) -> Subject {
        Subject::Organisation(self.0)
    }

    async fn fetch(self, db: &Snapshot, _: Leave<'_>) -> Result<String> {
        let row = organisation::Entity::find_by_id(self.0).one(db.conn()).await?;
        row.map(|row| row.name).ok_or(AppError::NotFound)
    }
}
