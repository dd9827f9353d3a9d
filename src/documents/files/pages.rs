//! Handing out a file.

use super::queries::FileOf;
use crate::{
    documents::{files::commands::unstored, sniff},
    web::{Answer, Pages, Visit},
};
use entity::types::ids::FileId;
use poem::{Body, Response, handler, http::header, web::Path};

pub fn routes(pages: Pages) -> Pages {
    pages.get("/files/:id", file)
}

/// The bytes go out piece by piece, always to be saved and never to be shown in place.
#[handler]
async fn file(visit: Visit, Path(id): Path<FileId>) -> Answer {
    let file = visit.ask(FileOf(id)).await?;
    let content = visit.app.store().get(&file.digest).await.map_err(unstored)?;
    Ok(Response::builder()
        .content_type(&file.media_type)
        .header(header::CONTENT_LENGTH, file.size)
        .header(header::CONTENT_DISPOSITION, sniff::content_disposition(&file.name))
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .header(header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox")
        .body(Body::from_async_read(content)))
}
