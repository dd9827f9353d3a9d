//! The screens of members.

use super::{
    commands::{AddMember, ApplyImport, EndMembership, PlanImport},
    queries::{AllMembers, Import, ImportOf, MayEditMembers, MemberLine, MembersOf, MembersView},
    rules::COLUMNS,
    table::{self, list_of},
};
use crate::{
    documents::sheet::Cell,
    kernel::{AppError, Result, paging::Paging},
    web::{
        Answer, FieldErrors, Frame, Pages, Posted, Visit,
        frame::Pager,
        keep,
        list::{Exported, Format, hand_out},
        posted, show,
    },
};
use askama::Template;
use entity::types::ids::{ClusterMembershipId, MemberImportId, OrganisationId};
use poem::{handler, web::Path};

pub fn routes(pages: Pages) -> Pages {
    pages
        .get("/clusters/:cluster/members", members_list)
        .post("/clusters/:cluster/members", member_added)
        .post("/clusters/:cluster/members/import", import_planned)
        .get("/clusters/:cluster/members/imports/:import", import_shown)
        .post("/clusters/:cluster/members/imports/:import/apply", import_applied)
        .post("/clusters/:cluster/members/:membership/end", member_ended)
}

#[derive(Template)]
#[template(path = "clusters/members.html")]
struct MembersPage {
    frame: Frame,
    errors: FieldErrors,
    view: MembersView,
    pager: Pager,
    q: String,
    name: String,
    country: String,
    registration_no: String,
    whole: bool,
    columns: String,
    action: String,
    /// Where the same list is had as a file.
    export: String,
}

async fn members_page(visit: &Visit, cluster: OrganisationId, errors: FieldErrors) -> Result<MembersPage> {
    let q = visit.query("q").unwrap_or_default();
    let paging = Paging::from_text(visit.query("page").as_deref(), visit.query("size").as_deref());
    let view = visit.ask(MembersOf { cluster, search: q.clone(), paging }).await?;
    let action = format!("/clusters/{cluster}/members");
    let found = format!("{action}?q={}", posted::encoded(&q));
    let pager = Pager::new(paging.page, paging.size, view.listed.total, |page| format!("{found}&page={page}"));
    let above = format!("/organisations/{cluster}");
    Ok(MembersPage {
        frame: visit.frame_below("Member organisations", &[("Organisations", "/organisations"), (&view.name, &above)]),
        errors,
        view,
        pager,
        q,
        name: String::new(),
        country: String::new(),
        registration_no: String::new(),
        whole: false,
        columns: COLUMNS.map(|(name, _)| name).join(", "),
        action,
        export: format!("{found}&export="),
    })
}

impl Exported for MemberLine {
    fn columns() -> Vec<&'static str> {
        table::HEAD.to_vec()
    }

    fn cells(&self) -> Vec<Cell> {
        table::cells(self)
    }
}

#[handler]
async fn members_list(visit: Visit, Path(cluster): Path<OrganisationId>) -> Answer {
    if let Some(format) = Format::asked(&visit) {
        let search = visit.query("q").unwrap_or_default();
        let rows = visit.ask(AllMembers { cluster, search }).await?;
        return hand_out(&visit, format, "Members", &rows);
    }
    let page = members_page(&visit, cluster, FieldErrors::default()).await?;
    visit.page(&page)
}

#[handler]
async fn member_added(visit: Visit, Path(cluster): Path<OrganisationId>, posted: Posted) -> Answer {
    let text = |name: &str| posted.text(name).to_owned();
    let (name, country, registration_no) = (text("name"), text("country"), text("registration_no"));
    let add =
        AddMember { cluster, name: name.clone(), country: country.clone(), registration_no: registration_no.clone() };
    match visit.run(&posted, add).await {
        Ok(_) => visit.to_with(format!("/clusters/{cluster}/members"), "The organisation is a member."),
        Err(error) => {
            let errors = keep(error)?;
            let page = members_page(&visit, cluster, errors).await?;
            visit.again(&MembersPage { name, country, registration_no, ..page })
        }
    }
}

#[handler]
async fn member_ended(
    visit: Visit,
    Path((cluster, membership)): Path<(OrganisationId, ClusterMembershipId)>,
    posted: Posted,
) -> Answer {
    visit.run(&posted, EndMembership { cluster, membership }).await?;
    visit.to_with(format!("/clusters/{cluster}/members"), "The membership is ended.")
}

#[handler]
async fn import_planned(visit: Visit, Path(cluster): Path<OrganisationId>, posted: Posted) -> Answer {
    visit.ask(MayEditMembers(cluster)).await?;
    let whole = posted.ticked("whole");
    let planned = async {
        let upload = posted.file("list").ok_or_else(|| AppError::invalid("list", "Choose a CSV or Excel file"))?;
        let list = list_of(&upload.name, &upload.bytes)?;
        visit.run(&posted, PlanImport { cluster, file: upload.name.clone(), list, whole }).await
    };
    match planned.await {
        Ok(import) => visit.to(format!("/clusters/{cluster}/members/imports/{import}")),
        Err(error) => {
            let errors = keep(error)?;
            let page = members_page(&visit, cluster, errors).await?;
            visit.again(&MembersPage { whole, ..page })
        }
    }
}

#[derive(Template)]
#[template(path = "clusters/import.html")]
struct ImportPage {
    frame: Frame,
    errors: FieldErrors,
    import: Import,
    /// Whether the plan can still be applied.
    open: bool,
}

async fn import_page(
    visit: &Visit,
    cluster: OrganisationId,
    import: MemberImportId,
    errors: FieldErrors,
) -> Result<ImportPage> {
    let import = visit.ask(ImportOf { cluster, import }).await?;
    let (house, members) = (format!("/organisations/{cluster}"), format!("/clusters/{cluster}/members"));
    let title = if import.applied { "What the list changed" } else { "What the list would change" };
    let frame = visit.frame_below(
        title,
        &[("Organisations", "/organisations"), (&import.name, &house), ("Member organisations", &members)],
    );
    let open = !import.applied && import.expires_at > visit.app.now() && import.plan.changes_something();
    Ok(ImportPage { frame, errors, import, open })
}

#[handler]
async fn import_shown(visit: Visit, Path((cluster, import)): Path<(OrganisationId, MemberImportId)>) -> Answer {
    let page = import_page(&visit, cluster, import, FieldErrors::default()).await?;
    visit.page(&page)
}

#[handler]
async fn import_applied(
    visit: Visit,
    Path((cluster, import)): Path<(OrganisationId, MemberImportId)>,
    posted: Posted,
) -> Answer {
    match visit.run(&posted, ApplyImport { cluster, import }).await {
        Ok(done) => {
            let message = format!(
                "{} registered and joined, {} joined, {} with other dates, {} ended.",
                done.registered, done.joined, done.dated, done.ended
            );
            // Rows that were left out stay before the eyes of whoever has to mend them.
            let to = match done.left_out {
                0 => format!("/clusters/{cluster}/members"),
                _ => format!("/clusters/{cluster}/members/imports/{import}"),
            };
            visit.to_with(to, &message)
        }
        Err(error) => {
            let page = import_page(&visit, cluster, import, keep(error)?).await?;
            visit.again(&page)
        }
    }
}
