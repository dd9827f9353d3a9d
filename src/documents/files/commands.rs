//! What features borrow to keep files.

use super::NewFile;
use crate::{
    documents::{
        sniff,
        store::{Store, StoreError},
    },
    kernel::{AppError, Result, Subject, Tx},
};
use entity::{
    documents::file,
    types::ids::{AccountId, FileId},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};
use std::io::Cursor;

/// Judges an upload by its content and stores its bytes; to be called before the command that needs it.
///
/// # Errors
/// A refusal in words when the file is of a kind that is not accepted, too large, or the disk is full.
pub async fn receive(store: &dyn Store, name: &str, bytes: &[u8], most: u64) -> Result<NewFile> {
    if bytes.len() as u64 > most {
        return Err(too_large(most));
    }
    let kind = sniff::accept(name, Cursor::new(bytes)).map_err(|e| AppError::refused("file_kind", e.0))?;
    keep(store, name, kind.media_type, bytes).await
}

/// Stores bytes that Fairway made itself: letters, receipts, exports.
///
/// # Errors
/// When the disk is full or fails.
pub async fn keep(store: &dyn Store, name: &str, media_type: &str, bytes: &[u8]) -> Result<NewFile> {
    let limit = bytes.len() as u64;
    let stored = store.put(Box::pin(bytes), limit).await.map_err(unstored)?;
    Ok(NewFile {
        digest: stored.digest,
        size: i64::try_from(stored.size).unwrap_or(i64::MAX),
        media_type: media_type.to_owned(),
        name: sniff::safe_name(name),
    })
}

/// Writes the row of a stored file. The subject decides who may read it.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tx: &Tx, new: &NewFile, about: Subject, uploaded_by: Option<AccountId>) -> Result<FileId> {
    let id: FileId = tx.new_id();
    let row = file::ActiveModel {
        id: Set(id),
        digest: Set(new.digest.clone()),
        size: Set(new.size),
        media_type: Set(new.media_type.clone()),
        name: Set(new.name.chars().take(200).collect()),
        about_kind: Set(about.kind().to_owned()),
        about_id: Set(about.id()),
        uploaded_by: Set(uploaded_by),
        created_at: Set(tx.now()),
        deleted_at: Set(None),
    };
    file::Entity::insert(row).exec_without_returning(tx.conn()).await?;
    Ok(id)
}

/// Takes a file away from its readers; row and bytes stay for the history.
///
/// # Errors
/// `NotFound` when there is no such file, or it was removed before.
pub async fn remove(tx: &Tx, id: FileId) -> Result<()> {
    let row = file::Entity::find_by_id(id).one(tx.conn()).await?.filter(|row| row.deleted_at.is_none());
    let mut row: file::ActiveModel = row.ok_or(AppError::NotFound)?.into();
    row.deleted_at = Set(Some(tx.now()));
    row.update(tx.conn()).await?;
    Ok(())
}

/// What a failure of the store means for the person who waits.
pub fn unstored(error: StoreError) -> AppError {
    match error {
        StoreError::TooLarge(most) => too_large(most),
        StoreError::Full => AppError::refused(
            "disk_full",
            "The file was not saved, because the disk of this installation is full. Nothing else was changed. \
             Please tell its administrators and try again later.",
        ),
        StoreError::Interrupted(_) => {
            AppError::refused("upload_broken", "The upload broke off. Please try again; nothing was changed.")
        }
        StoreError::Missing(_) | StoreError::Damaged(_) | StoreError::Io(_) => AppError::Broken(error.into()),
    }
}

fn too_large(most: u64) -> AppError {
    let megabytes = most.div_ceil(1024 * 1024);
    AppError::refused("too_large", format!("This file is too large. It may have at most {megabytes} MB."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::store::{Content, Source, Staged, Stored};
    use futures_util::future::BoxFuture;

    /// A store on a full disk.
    struct Full;

    impl Store for Full {
        fn stage<'a>(&'a self, _: Source<'a>, _: u64) -> BoxFuture<'a, Result<Staged, StoreError>> {
            Box::pin(async { Err(std::io::Error::from(std::io::ErrorKind::StorageFull).into()) })
        }
        fn keep<'a>(&'a self, _: Staged) -> BoxFuture<'a, Result<Stored, StoreError>> {
            Box::pin(async { Err(StoreError::Full) })
        }
        fn get<'a>(&'a self, digest: &'a str) -> BoxFuture<'a, Result<Content, StoreError>> {
            Box::pin(async { Err(StoreError::Missing(digest.to_owned())) })
        }
        fn has<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<bool, StoreError>> {
            Box::pin(async { Ok(false) })
        }
        fn list(&self) -> BoxFuture<'_, Result<Vec<Stored>, StoreError>> {
            Box::pin(async { Ok(Vec::new()) })
        }
    }

    #[tokio::test]
    async fn a_full_disk_is_said_in_words() {
        let refused = receive(&Full, "letter.pdf", b"%PDF-1.7 letter", 1_000).await.unwrap_err();
        assert_eq!(refused.code(), "disk_full");
        assert!(refused.to_string().contains("the disk of this installation is full"));
    }

    #[tokio::test]
    async fn what_is_too_large_or_lies_is_refused_before_it_is_stored() {
        assert_eq!(receive(&Full, "letter.pdf", b"%PDF-1.7 letter", 3).await.unwrap_err().code(), "too_large");
        assert_eq!(receive(&Full, "letter.pdf", b"MZ program", 1_000).await.unwrap_err().code(), "file_kind");
    }
}
