//! Members of clusters for programs.

use super::{
    commands::{AddMember, ApplyImport, EndMembership, PlanImport},
    queries::{AllMembers, Import, ImportOf, MayEditMembers, MembersOf},
    table::list_of,
};
use crate::{
    api::{ApiError, Asked, ByPath, Caller, FileFormat, ListFile, RowFaultOut, Tag, own_file},
    kernel::{App, AppError, paging::Paging},
};
use chrono::{DateTime, NaiveDate, Utc};
use entity::types::ids::OrganisationId;
use poem::web::Data;
use poem_openapi::{
    ApiResponse, Multipart, Object, OpenApi,
    param::{Header, Path, Query},
    payload::Json,
    types::multipart::Upload,
};
use uuid::Uuid;

pub struct MembersApi;

#[derive(Object)]
struct ClusterMembersOut {
    items: Vec<ClusterMemberOut>,
    total: u64,
    /// The next page, if there is one.
    next: Option<u64>,
}

#[derive(Object)]
struct ClusterMemberOut {
    /// Names the membership.
    id: Uuid,
    organisation: Uuid,
    name: String,
    /// ISO 3166-1 alpha-2. Example: LT
    country: String,
    registration_no: Option<String>,
    since: NaiveDate,
}

#[derive(Object)]
struct ClusterMemberIn {
    name: String,
    /// ISO 3166-1 alpha-2. Example: LT
    country: String,
    #[oai(default)]
    registration_no: String,
}

#[derive(Object)]
struct MemberAddedOut {
    /// Whether the organisation was registered by this.
    registered: bool,
}

/// A list of members.
#[derive(Multipart)]
struct MemberListIn {
    /// CSV or XLSX; the first row names the columns, at least Name and Country.
    list: Upload,
    /// Whether members who are not on the list leave.
    whole: Option<bool>,
}

#[derive(Object)]
struct MemberImportOut {
    id: Uuid,
    file: String,
    expires_at: DateTime<Utc>,
    applied: bool,
    /// Rows that can be used, and what each would change.
    steps: Vec<MemberStepOut>,
    /// Members who would leave, because the whole list does not name them.
    ends: Vec<String>,
    /// Rows that cannot be used; they hold up no other.
    faults: Vec<RowFaultOut>,
    /// Columns nobody knows, which are left aside.
    unknown: Vec<String>,
}

#[derive(Object)]
struct MemberStepOut {
    /// Counted from the head, which is row 1; empty rows are not counted.
    row: usize,
    name: String,
    country: String,
    /// What happens, in words. Example: Joins
    change: String,
    since: Option<NaiveDate>,
    until: Option<NaiveDate>,
}

#[derive(Object)]
struct MembersChangedOut {
    registered: usize,
    joined: usize,
    dated: usize,
    ended: usize,
    left_out: usize,
}

#[derive(ApiResponse)]
enum MemberDone {
    /// Done.
    #[oai(status = 204)]
    Yes,
}

impl From<Import> for MemberImportOut {
    fn from(import: Import) -> Self {
        let step = |s: super::rules::Step| MemberStepOut {
            row: s.row,
            name: s.name,
            country: s.country.code().to_owned(),
            change: s.change.words().to_owned(),
            since: s.change.dates().map(|(since, _)| since),
            until: s.change.dates().and_then(|(_, until)| until),
        };
        Self {
            id: import.id.0,
            file: import.file,
            expires_at: import.expires_at,
            applied: import.applied,
            steps: import.plan.steps.into_iter().map(step).collect(),
            ends: import.plan.ends.into_iter().map(|end| end.name).collect(),
            faults: import.plan.faults.into_iter().map(RowFaultOut::from).collect(),
            unknown: import.unknown,
        }
    }
}

impl ByPath for MayEditMembers {
    fn by_path(id: Uuid) -> Self {
        Self(id.into())
    }
}

#[OpenApi(tag = "Tag::Clusters")]
impl MembersApi {
    /// The present members of a cluster, by name.
    #[oai(path = "/clusters/:cluster/members", method = "get", operation_id = "listClusterMembers")]
    async fn list(
        &self,
        app: Data<&App>,
        caller: Caller,
        cluster: Path<Uuid>,
        /// Part of a name, town or number.
        q: Query<Option<String>>,
        page: Query<Option<u64>>,
    ) -> Result<Json<ClusterMembersOut>, ApiError> {
        let paging = Paging { page: page.0.unwrap_or(1).max(1), size: 50 };
        let search = q.0.unwrap_or_default();
        let listed = app.ask(&caller.0, MembersOf { cluster: cluster.0.into(), search, paging }).await?.listed;
        let next = (listed.page < listed.pages()).then_some(listed.page + 1);
        let total = listed.total;
        let items = listed.rows.into_iter().map(|line| ClusterMemberOut {
            id: line.membership.0,
            organisation: line.organisation.0,
            name: line.name,
            country: line.country.code().to_owned(),
            registration_no: line.registration_no,
            since: line.since,
        });
        Ok(Json(ClusterMembersOut { items: items.collect(), total, next }))
    }

    /// All members of a cluster as a file.
    #[oai(path = "/clusters/:cluster/members/export", method = "get", operation_id = "exportClusterMembers")]
    async fn export(
        &self,
        app: Data<&App>,
        caller: Caller,
        cluster: Path<Uuid>,
        /// CSV, when nothing is said.
        format: Query<Option<FileFormat>>,
    ) -> Result<ListFile, ApiError> {
        let rows = app.ask(&caller.0, AllMembers { cluster: cluster.0.into(), search: String::new() }).await?;
        own_file(&app, format.0, "Members", &rows)
    }

    /// Add a member; an organisation that is registered is taken, else it is registered as an SME.
    #[oai(path = "/clusters/:cluster/members", method = "post", operation_id = "addClusterMember")]
    async fn add(
        &self,
        app: Data<&App>,
        caller: Caller,
        cluster: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
        body: Json<ClusterMemberIn>,
    ) -> Result<Json<MemberAddedOut>, ApiError> {
        let ClusterMemberIn { name, country, registration_no } = body.0;
        let add = AddMember { cluster: cluster.0.into(), name, country, registration_no };
        let registered = app.run_once(&caller.0, key.0.as_deref(), add).await?;
        Ok(Json(MemberAddedOut { registered }))
    }

    /// End a membership; today is its last day.
    #[oai(path = "/clusters/:cluster/members/:membership", method = "delete", operation_id = "endClusterMembership")]
    async fn end(
        &self,
        app: Data<&App>,
        caller: Caller,
        cluster: Path<Uuid>,
        membership: Path<Uuid>,
    ) -> Result<MemberDone, ApiError> {
        let end = EndMembership { cluster: cluster.0.into(), membership: membership.0.into() };
        app.run(&caller.0, end).await?;
        Ok(MemberDone::Yes)
    }

    /// See what a list would change; it changes nothing until it is applied, within a day.
    #[oai(path = "/clusters/:cluster/members/imports", method = "post", operation_id = "planMemberImport")]
    async fn plan(
        &self,
        app: Data<&App>,
        caller: Caller,
        _asked: Asked<MayEditMembers>,
        cluster: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
        body: MemberListIn,
    ) -> Result<Json<MemberImportOut>, ApiError> {
        let cluster = OrganisationId(cluster.0);
        let file = body.list.file_name().unwrap_or("list").to_owned();
        let bytes = body.list.into_vec().await.map_err(|e| AppError::refused("upload_broken", e.to_string()))?;
        let list = list_of(&file, &bytes)?;
        let plan = PlanImport { cluster, file, list, whole: body.whole.unwrap_or(false) };
        let import = app.run_once(&caller.0, key.0.as_deref(), plan).await?;
        Ok(Json(app.ask(&caller.0, ImportOf { cluster, import }).await?.into()))
    }

    /// What a list of yours would change, or has changed.
    #[oai(path = "/clusters/:cluster/members/imports/:import", method = "get", operation_id = "readMemberImport")]
    async fn read(
        &self,
        app: Data<&App>,
        caller: Caller,
        cluster: Path<Uuid>,
        import: Path<Uuid>,
    ) -> Result<Json<MemberImportOut>, ApiError> {
        let import = ImportOf { cluster: cluster.0.into(), import: import.0.into() };
        Ok(Json(app.ask(&caller.0, import).await?.into()))
    }

    /// Apply exactly what was shown; refused when members or register changed meanwhile.
    #[oai(
        path = "/clusters/:cluster/members/imports/:import/apply",
        method = "post",
        operation_id = "applyMemberImport"
    )]
    async fn apply(
        &self,
        app: Data<&App>,
        caller: Caller,
        cluster: Path<Uuid>,
        import: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<Json<MembersChangedOut>, ApiError> {
        let apply = ApplyImport { cluster: cluster.0.into(), import: import.0.into() };
        let done = app.run_once(&caller.0, key.0.as_deref(), apply).await?;
        let (registered, joined, dated) = (done.registered, done.joined, done.dated);
        Ok(Json(MembersChangedOut { registered, joined, dated, ended: done.ended, left_out: done.left_out }))
    }
}
