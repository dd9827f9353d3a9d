//! The screens of clusters.

use super::{
    commands::{EndMembership, RecordLabel, SetMembers},
    member_row::MemberRow,
    queries::{DryRun, DryRunOf, Effect, LabelsOf, LabelsView, MembersOf, MembersView},
};
use crate::{
    documents::sheet,
    kernel::{AppError, Result, paging::Paging},
    web::{Answer, Choice, FieldErrors, Frame, Pages, Posted, Visit, frame::Pager, keep, posted, show},
};
use askama::Template;
use entity::types::{
    ids::{ClusterMembershipId, OrganisationId},
    states::LabelLevel,
};
use poem::{handler, web::Path};

pub fn routes(pages: Pages) -> Pages {
    pages
        .get("/clusters/:cluster/members", members_list)
        .post("/clusters/:cluster/members", member_added)
        .post("/clusters/:cluster/members/import", import_shown)
        .post("/clusters/:cluster/members/import/apply", import_applied)
        .post("/clusters/:cluster/members/:membership/end", member_ended)
        .get("/clusters/:cluster/labels", labels_list)
        .post("/clusters/:cluster/labels", label_recorded)
}

#[derive(Template)]
#[template(path = "clusters/members.html")]
struct MembersPage {
    frame: Frame,
    errors: FieldErrors,
    view: MembersView,
    pager: Pager,
    q: String,
    member: MemberRow,
    action: String,
}

async fn members_page(visit: &Visit, cluster: OrganisationId, errors: FieldErrors) -> Result<MembersPage> {
    let q = visit.query("q").unwrap_or_default();
    let paging = Paging::from_text(visit.query("page").as_deref(), visit.query("size").as_deref());
    let view = visit.ask(MembersOf { cluster, search: q.clone(), paging }).await?;
    let action = format!("/clusters/{cluster}/members");
    let pager = Pager::new(paging.page, paging.size, view.listed.total, |page| {
        format!("{action}?q={}&page={page}", posted::encoded(&q))
    });
    let above = format!("/organisations/{cluster}");
    Ok(MembersPage {
        frame: visit.frame_below("Member organisations", &[("Organisations", "/organisations"), (&view.name, &above)]),
        errors,
        view,
        pager,
        q,
        member: MemberRow { name: String::new(), registration_no: String::new(), country: String::new() },
        action,
    })
}

#[handler]
async fn members_list(visit: Visit, Path(cluster): Path<OrganisationId>) -> Answer {
    let page = members_page(&visit, cluster, FieldErrors::default()).await?;
    visit.page(&page)
}

#[handler]
async fn member_added(visit: Visit, Path(cluster): Path<OrganisationId>, posted: Posted) -> Answer {
    let text = |name: &str| posted.text(name).to_owned();
    let member = MemberRow { name: text("name"), registration_no: text("registration_no"), country: text("country") };
    match visit.run(&posted, SetMembers { cluster, rows: vec![member.clone()], complete: false }).await {
        Ok(_) => visit.to_with(format!("/clusters/{cluster}/members"), "The organisation is a member."),
        Err(error) => {
            let errors = keep(error)?;
            let mut page = members_page(&visit, cluster, errors).await?;
            page.member = member;
            visit.again(&page)
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

#[derive(Template)]
#[template(path = "clusters/import.html")]
struct ImportPage {
    frame: Frame,
    cluster: OrganisationId,
    run: DryRun,
    wrong: usize,
    rows: String,
}

/// Reads a table with a head line; columns are found by name.
fn table(name: &str, bytes: &[u8]) -> Result<Vec<MemberRow>> {
    let lines = sheet::read_table(name, bytes).map_err(|e| AppError::invalid("list", e.0))?;
    let mut lines = lines.into_iter();
    let head: Vec<String> = lines.next().unwrap_or_default().iter().map(|c| c.trim().to_lowercase()).collect();
    let column = |names: &[&str]| head.iter().position(|c| names.contains(&c.as_str()));
    let (Some(name), Some(country)) =
        (column(&["name", "organisation", "company"]), column(&["country", "country code"]))
    else {
        return Err(AppError::invalid(
            "list",
            "The first line must name the columns “name” and “country”; “number” may follow",
        ));
    };
    let number = column(&["number", "registration number", "registration_no", "reg. no."]);
    let cell = |line: &[String], at: usize| line.get(at).cloned().unwrap_or_default();
    Ok(lines
        .map(|line| MemberRow {
            name: cell(&line, name),
            country: cell(&line, country),
            registration_no: number.map(|at| cell(&line, at)).unwrap_or_default(),
        })
        .collect())
}

#[handler]
async fn import_shown(visit: Visit, Path(cluster): Path<OrganisationId>, posted: Posted) -> Answer {
    let rows = match posted.file("list") {
        None => Err(AppError::invalid("list", "Choose a CSV or Excel file")),
        Some(upload) => table(&upload.name, &upload.bytes),
    };
    let run = match rows {
        Ok(rows) => visit.ask(DryRunOf { cluster, rows: rows.clone() }).await.map(|run| (run, rows)),
        Err(error) => Err(error),
    };
    match run {
        Ok((run, rows)) => {
            let wrong = run.lines.iter().filter(|(_, effect)| matches!(effect, Effect::Wrong(_))).count();
            let above = format!("/clusters/{cluster}/members");
            let rows = serde_json::to_string(&rows).map_err(AppError::from)?;
            let frame = visit.frame_below("What the list would change", &[("Member organisations", &above)]);
            visit.page(&ImportPage { frame, cluster, run, wrong, rows })
        }
        Err(error) => {
            let page = members_page(&visit, cluster, keep(error)?).await?;
            visit.again(&page)
        }
    }
}

#[handler]
async fn import_applied(visit: Visit, Path(cluster): Path<OrganisationId>, posted: Posted) -> Answer {
    visit.ask(DryRunOf { cluster, rows: Vec::new() }).await?;
    let rows: Vec<MemberRow> = serde_json::from_str(posted.text("rows"))
        .map_err(|_| AppError::refused("rows", "The list was damaged on its way. Please upload it again."))?;
    match visit.run(&posted, SetMembers { cluster, rows, complete: posted.ticked("complete") }).await {
        Ok((added, ended, registered)) => {
            let message = format!("{added} members added, {ended} ended, {registered} organisations newly registered.");
            visit.to_with(format!("/clusters/{cluster}/members"), &message)
        }
        Err(error) => {
            let page = members_page(&visit, cluster, keep(error)?).await?;
            visit.again(&page)
        }
    }
}

#[derive(Template)]
#[template(path = "clusters/labels.html")]
struct LabelsPage {
    frame: Frame,
    errors: FieldErrors,
    cluster: OrganisationId,
    view: LabelsView,
    levels: Vec<Choice>,
    level: String,
    awarded_on: String,
}

async fn labels_page(visit: &Visit, cluster: OrganisationId, errors: FieldErrors) -> Result<LabelsPage> {
    let view = visit.ask(LabelsOf(cluster)).await?;
    let above = format!("/organisations/{cluster}");
    Ok(LabelsPage {
        frame: visit.frame_below("Labels", &[("Organisations", "/organisations"), (&view.name, &above)]),
        errors,
        cluster,
        view,
        levels: LabelLevel::ALL.iter().map(|l| Choice::new(l.word(), l.label())).collect(),
        level: String::new(),
        awarded_on: String::new(),
    })
}

#[handler]
async fn labels_list(visit: Visit, Path(cluster): Path<OrganisationId>) -> Answer {
    let page = labels_page(&visit, cluster, FieldErrors::default()).await?;
    visit.page(&page)
}

#[handler]
async fn label_recorded(visit: Visit, Path(cluster): Path<OrganisationId>, posted: Posted) -> Answer {
    let (level, awarded_on) = (posted.text("level").to_owned(), posted.text("awarded_on").to_owned());
    let record = RecordLabel { cluster, level: level.clone(), awarded_on: awarded_on.clone() };
    match visit.run(&posted, record).await {
        Ok(_) => visit.to_with(format!("/clusters/{cluster}/labels"), "The label is recorded."),
        Err(error) => {
            let errors = keep(error)?;
            let mut page = labels_page(&visit, cluster, errors).await?;
            (page.level, page.awarded_on) = (level, awarded_on);
            visit.again(&page)
        }
    }
}
