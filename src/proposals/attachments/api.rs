//! Attachments for programs.

use super::{
    commands::{Attach, Detach},
    queries::{Attachments, AttachmentsOf},
};
use crate::{
    api::{ApiError, Asked, Caller, Tag},
    documents::files::commands::receive,
    kernel::{App, AppError},
    proposals::{Place, readers::MayRead},
};
use chrono::{DateTime, Utc};
use entity::types::{BadValue, ids::AttachmentId};
use poem::web::Data;
use poem_openapi::{
    Multipart, Object, OpenApi,
    param::{Header, Path, Query},
    payload::Json,
    types::multipart::Upload,
};
use uuid::Uuid;

pub struct AttachmentsApi;

/// A document or file question with what is attached to it.
#[derive(Object)]
struct ProposalDocumentOut {
    /// Example: letter_partner
    document: String,
    label: String,
    required: bool,
    max_mb: u32,
    files: Vec<AttachedFileOut>,
}

#[derive(Object)]
struct AttachedFileOut {
    id: Uuid,
    /// Its content is at `/files/{file}/content`.
    file: Uuid,
    name: String,
    size: i64,
    /// SHA-256 of the content.
    digest: String,
    added_by: String,
    added_at: DateTime<Utc>,
}

#[derive(Object)]
struct ProposalDocumentsOut {
    items: Vec<ProposalDocumentOut>,
    total: u64,
    next: Option<u64>,
}

#[derive(Object)]
struct FileAttachedOut {
    id: Uuid,
}

/// An upload.
#[derive(Multipart)]
struct AttachFileIn {
    /// Key of the document or file question.
    document: String,
    /// The attachment this file takes the place of.
    replaces: Option<Uuid>,
    file: Upload,
}

impl From<Attachments> for ProposalDocumentsOut {
    fn from(all: Attachments) -> Self {
        let file = |f: super::queries::Attached| AttachedFileOut {
            id: f.id.0,
            file: f.file.0,
            name: f.name,
            size: f.size,
            digest: f.digest,
            added_by: f.added_by,
            added_at: f.added_at,
        };
        let items: Vec<ProposalDocumentOut> = all
            .filled
            .into_iter()
            .map(|f| ProposalDocumentOut {
                document: f.slot.key,
                label: f.slot.label,
                required: f.slot.required,
                max_mb: f.slot.max_mb,
                files: f.files.into_iter().map(file).collect(),
            })
            .collect();
        Self { total: items.len() as u64, items, next: None }
    }
}

/// `joint`, or the id of a part.
fn place(text: &str) -> Result<Place, ApiError> {
    text.parse::<Place>().map_err(|e: BadValue| AppError::invalid("place", e.0).into())
}

#[OpenApi(tag = "Tag::Proposals")]
impl AttachmentsApi {
    /// The documents of a proposal or part, with what is attached.
    #[oai(path = "/proposals/:proposal/documents", method = "get", operation_id = "listDocuments")]
    async fn list(
        &self,
        app: Data<&App>,
        caller: Caller,
        proposal: Path<Uuid>,
        /// `joint`, or the id of a part.
        place: Query<String>,
    ) -> Result<Json<ProposalDocumentsOut>, ApiError> {
        app.ask(&caller.0, MayRead(proposal.0.into())).await?;
        let place = self::place(&place.0)?;
        Ok(Json(app.ask(&caller.0, AttachmentsOf { proposal: proposal.0.into(), place }).await?.into()))
    }

    /// Attach a file to a document or file question.
    #[oai(path = "/proposals/:proposal/documents", method = "post", operation_id = "attachFile")]
    async fn attach(
        &self,
        app: Data<&App>,
        caller: Caller,
        _asked: Asked<MayRead>,
        proposal: Path<Uuid>,
        /// `joint`, or the id of a part.
        place: Query<String>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
        body: AttachFileIn,
    ) -> Result<Json<FileAttachedOut>, ApiError> {
        let (proposal, place) = (proposal.0.into(), self::place(&place.0)?);
        let known = app.ask(&caller.0, AttachmentsOf { proposal, place }).await?;
        let slot = known.filled.iter().find(|f| f.slot.key == body.document).map(|f| f.slot.clone());
        let slot = slot.ok_or_else(|| AppError::invalid("document", "Choose a document of this call"))?;
        if !known.may_edit {
            let closed = "Nothing can be attached here now.".to_owned();
            return Err(AppError::refused("locked", known.locked.unwrap_or(closed)).into());
        }
        let name = body.file.file_name().unwrap_or_default().to_owned();
        let bytes = body.file.into_vec().await.map_err(|e| AppError::refused("upload_broken", e.to_string()))?;
        let file = receive(app.store(), &name, &bytes, slot.most_bytes()).await?;
        let replaces = body.replaces.map(AttachmentId::from);
        let command = Attach { proposal, place, document: body.document, file, replaces };
        let id = app.run_once(&caller.0, key.0.as_deref(), command).await?;
        Ok(Json(FileAttachedOut { id: id.0 }))
    }

    /// Remove an attached file.
    #[oai(path = "/proposals/:proposal/documents/:attachment", method = "delete", operation_id = "removeFile")]
    async fn remove(
        &self,
        app: Data<&App>,
        caller: Caller,
        proposal: Path<Uuid>,
        attachment: Path<Uuid>,
        /// `joint`, or the id of a part.
        place: Query<String>,
    ) -> Result<(), ApiError> {
        app.ask(&caller.0, MayRead(proposal.0.into())).await?;
        let place = self::place(&place.0)?;
        let command = Detach { proposal: proposal.0.into(), place, attachment: attachment.0.into() };
        Ok(app.run(&caller.0, command).await?)
    }
}
