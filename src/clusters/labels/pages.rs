//! The screens of labels.

use super::{
    commands::{AttachCertificate, MOST, RecordLabel},
    queries::{LabelsOf, LabelsView, MayRecordLabel},
};
use crate::{
    documents::files::{NewFile, commands::receive},
    kernel::{AppError, Result},
    web::{Answer, Choice, FieldErrors, Frame, Pages, Posted, Visit, keep, show},
};
use askama::Template;
use entity::types::{
    ids::{LabelId, OrganisationId},
    states::LabelLevel,
};
use poem::{handler, web::Path};

pub fn routes(pages: Pages) -> Pages {
    pages
        .get("/clusters/:cluster/labels", labels_list)
        .post("/clusters/:cluster/labels", label_recorded)
        .post("/clusters/:cluster/labels/:label/certificate", certified)
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

impl LabelsPage {
    fn certificate_field(&self, label: &LabelId) -> String {
        certificate_field(*label)
    }
}

/// The page has one form for the certificate of every label.
fn certificate_field(label: LabelId) -> String {
    format!("certificate-{label}")
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

/// The certificate that came in this field of a form, if one did.
async fn certificate(visit: &Visit, posted: &Posted, field: &str) -> Result<Option<NewFile>> {
    let Some(upload) = posted.file(field) else {
        return Ok(None);
    };
    match receive(visit.app.store(), &upload.name, &upload.bytes, MOST).await {
        Ok(file) => Ok(Some(file)),
        Err(AppError::Refused(refusal)) => Err(AppError::invalid(field, refusal.message)),
        Err(error) => Err(error),
    }
}

#[handler]
async fn label_recorded(visit: Visit, Path(cluster): Path<OrganisationId>, posted: Posted) -> Answer {
    visit.ask(MayRecordLabel(cluster)).await?;
    let (level, awarded_on) = (posted.text("level").to_owned(), posted.text("awarded_on").to_owned());
    let recorded = async {
        let certificate = certificate(&visit, &posted, "certificate").await?;
        let record = RecordLabel { cluster, level: level.clone(), awarded_on: awarded_on.clone(), certificate };
        visit.run(&posted, record).await
    };
    match recorded.await {
        Ok(_) => visit.to_with(format!("/clusters/{cluster}/labels"), "The label is recorded."),
        Err(error) => {
            let errors = keep(error)?;
            let mut page = labels_page(&visit, cluster, errors).await?;
            (page.level, page.awarded_on) = (level, awarded_on);
            visit.again(&page)
        }
    }
}

#[handler]
async fn certified(visit: Visit, Path((cluster, label)): Path<(OrganisationId, LabelId)>, posted: Posted) -> Answer {
    visit.ask(MayRecordLabel(cluster)).await?;
    let attached = async {
        let field = certificate_field(label);
        let file = certificate(&visit, &posted, &field).await?;
        let file = file.ok_or_else(|| AppError::invalid(&field, "Choose a file"))?;
        visit.run(&posted, AttachCertificate { cluster, label, file }).await
    };
    match attached.await {
        Ok(_) => visit.to_with(format!("/clusters/{cluster}/labels"), "The certificate is kept."),
        Err(error) => {
            let page = labels_page(&visit, cluster, keep(error)?).await?;
            visit.again(&page)
        }
    }
}
