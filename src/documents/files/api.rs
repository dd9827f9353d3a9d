//! Files for programs.

use super::{commands::unstored, queries::FileOf};
use crate::api::{ApiError, Caller, Tag};
use crate::kernel::App;
use chrono::{DateTime, Utc};
use poem::web::Data;
use poem_openapi::{
    Object, OpenApi,
    param::Path,
    payload::{Attachment, AttachmentType, Json},
};

pub struct FilesApi;

/// What is known of a file.
#[derive(Object)]
struct FileOut {
    id: uuid::Uuid,
    name: String,
    media_type: String,
    /// Size in bytes.
    size: i64,
    /// SHA-256 of the content in hexadecimal.
    digest: String,
    created_at: DateTime<Utc>,
}

#[OpenApi(tag = "Tag::Platform")]
impl FilesApi {
    /// What is known of a file you may read.
    #[oai(path = "/files/:id", method = "get", operation_id = "getFile")]
    async fn file(&self, app: Data<&App>, caller: Caller, id: Path<uuid::Uuid>) -> Result<Json<FileOut>, ApiError> {
        let file = app.ask(&caller.0, FileOf(id.0.into())).await?;
        Ok(Json(FileOut {
            id: file.id.0,
            name: file.name,
            media_type: file.media_type,
            size: file.size,
            digest: file.digest,
            created_at: file.created_at,
        }))
    }

    /// The content of a file you may read.
    #[oai(path = "/files/:id/content", method = "get", operation_id = "getFileContent")]
    async fn content(
        &self,
        app: Data<&App>,
        caller: Caller,
        id: Path<uuid::Uuid>,
    ) -> Result<Attachment<Vec<u8>>, ApiError> {
        let file = app.ask(&caller.0, FileOf(id.0.into())).await?;
        let bytes = app.store().read(&file.digest).await.map_err(unstored)?;
        Ok(Attachment::new(bytes).attachment_type(AttachmentType::Attachment).filename(file.name))
    }
}
