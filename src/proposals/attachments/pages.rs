//! The screens of attachments: one for the joint proposal, one for each part.

use super::{
    commands::{Attach, Detach},
    queries::{Attached, Attachments, AttachmentsOf, Filled},
};
use crate::{
    documents::{files::commands::receive, sniff},
    kernel::{AppError, Result},
    proposals::{Place, drafts::pages::changed},
    web::{Answer, FieldErrors, Frame, Pages, Posted, Visit, keep, show},
};
use askama::Template;
use entity::types::ids::{AttachmentId, PartId, ProposalId};
use poem::{handler, web::Path};

pub fn routes(pages: Pages) -> Pages {
    pages
        .get("/proposals/:proposal/documents", joint)
        .post("/proposals/:proposal/documents", joint_posted)
        .post("/proposals/:proposal/documents/:attachment/remove", joint_removed)
        .get("/proposals/:proposal/parts/:part/documents", of_part)
        .post("/proposals/:proposal/parts/:part/documents", of_part_posted)
        .post("/proposals/:proposal/parts/:part/documents/:attachment/remove", of_part_removed)
}

#[derive(Template)]
#[template(path = "proposals/attachments/documents.html")]
struct DocumentsPage {
    frame: Frame,
    errors: FieldErrors,
    attachments: Attachments,
    path: String,
    accept: String,
}

impl DocumentsPage {
    fn at(&self, file: &Attached) -> String {
        show::instant(file.added_at, self.attachments.zone)
    }

    /// What a reader may upload here, in words.
    fn hint(&self, filled: &Filled) -> String {
        format!("At most {} MB. PDF, Word, Excel, PowerPoint, OpenDocument, PNG, JPEG, text or CSV", filled.slot.max_mb)
    }
}

fn path(proposal: ProposalId, place: Place) -> String {
    match place {
        Place::Joint => format!("/proposals/{proposal}/documents"),
        Place::Part(part) => format!("/proposals/{proposal}/parts/{part}/documents"),
    }
}

async fn page(visit: &Visit, proposal: ProposalId, place: Place, errors: FieldErrors) -> Result<DocumentsPage> {
    let attachments = visit.ask(AttachmentsOf { proposal, place }).await?;
    let above = format!("/proposals/{proposal}");
    let mut crumbs = vec![("My proposals", "/proposals"), (attachments.code.as_str(), above.as_str())];
    let part = format!("{above}/parts/{place}");
    if let Some(organisation) = &attachments.organisation {
        crumbs.push((organisation, &part));
    }
    let endings: Vec<String> = sniff::ACCEPTED.iter().map(|kind| format!(".{}", kind.extension)).collect();
    let frame = changed(visit.frame_below("Documents", &crumbs), &attachments.head);
    Ok(DocumentsPage { frame, errors, attachments, path: path(proposal, place), accept: endings.join(",") })
}

async fn shown(visit: &Visit, proposal: ProposalId, place: Place) -> Answer {
    visit.page(&page(visit, proposal, place, FieldErrors::default()).await?)
}

/// Judges and keeps the upload, then attaches it; what is wrong stands beside the field of that document.
async fn attach(visit: &Visit, posted: &Posted, proposal: ProposalId, place: Place) -> Answer {
    let document = posted.text("document").to_owned();
    let outcome = async {
        // Who may not attach anything here does not fill the store either.
        let known = visit.ask(AttachmentsOf { proposal, place }).await?;
        let slot = known.filled.iter().find(|f| f.slot.key == document).map(|f| &f.slot);
        let slot = slot.ok_or_else(|| AppError::invalid("", "Choose a document of this call"))?;
        let upload = posted.file("file").ok_or_else(|| AppError::refused("no_file", "Choose a file first."))?;
        if !known.may_edit {
            let closed = "Nothing can be attached here now.".to_owned();
            return Err(AppError::refused("locked", known.locked.unwrap_or(closed)));
        }
        let file = receive(visit.app.store(), &upload.name, &upload.bytes, slot.most_bytes()).await?;
        let replaces = posted.parse::<AttachmentId>("replaces").ok();
        let name = file.name.clone();
        visit.run(posted, Attach { proposal, place, document: document.clone(), file, replaces }).await?;
        Ok(name)
    };
    match outcome.await {
        Ok(name) => visit.to_with(path(proposal, place), &format!("“{name}” is attached.")),
        Err(error) => {
            let kept = keep(error)?;
            let mut errors = FieldErrors::default();
            for (_, message) in kept.list() {
                errors.add(document.as_str(), message);
            }
            visit.again(&page(visit, proposal, place, errors).await?)
        }
    }
}

async fn detach(visit: &Visit, posted: &Posted, proposal: ProposalId, place: Place, id: AttachmentId) -> Answer {
    match visit.run(posted, Detach { proposal, place, attachment: id }).await {
        Ok(()) => visit.to_with(path(proposal, place), "The file is removed."),
        Err(error) => {
            let errors = keep(error)?;
            visit.again(&page(visit, proposal, place, errors).await?)
        }
    }
}

#[handler]
async fn joint(visit: Visit, Path(proposal): Path<ProposalId>) -> Answer {
    shown(&visit, proposal, Place::Joint).await
}

#[handler]
async fn joint_posted(visit: Visit, posted: Posted, Path(proposal): Path<ProposalId>) -> Answer {
    attach(&visit, &posted, proposal, Place::Joint).await
}

#[handler]
async fn joint_removed(visit: Visit, posted: Posted, Path((proposal, id)): Path<(ProposalId, AttachmentId)>) -> Answer {
    detach(&visit, &posted, proposal, Place::Joint, id).await
}

#[handler]
async fn of_part(visit: Visit, Path((proposal, part)): Path<(ProposalId, PartId)>) -> Answer {
    shown(&visit, proposal, Place::Part(part)).await
}

#[handler]
async fn of_part_posted(visit: Visit, posted: Posted, Path((proposal, part)): Path<(ProposalId, PartId)>) -> Answer {
    attach(&visit, &posted, proposal, Place::Part(part)).await
}

#[handler]
async fn of_part_removed(
    visit: Visit,
    posted: Posted,
    Path((proposal, part, id)): Path<(ProposalId, PartId, AttachmentId)>,
) -> Answer {
    detach(&visit, &posted, proposal, Place::Part(part), id).await
}
