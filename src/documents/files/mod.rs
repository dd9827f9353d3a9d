//! Files people upload and Fairway makes: one row each, the bytes in the store under their digest.
//!
//! Bytes come first: a page or API operation hands an upload to [`commands::receive`], which judges and
//! stores it and gives a [`NewFile`]; the feature's command writes the row with [`commands::insert`] in its
//! own transaction. Bytes without a row are harmless, a row without bytes cannot come to be.
//! Who may read what a file is about may read the file. A removed file keeps its row, for the history.

pub mod api;
pub mod commands;
pub mod pages;
pub mod queries;

use serde::{Deserialize, Serialize};

/// A file whose bytes are stored and whose row is not written yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewFile {
    /// SHA-256 in hexadecimal.
    pub digest: String,
    pub size: i64,
    pub media_type: String,
    /// A safe name with the ending that fits the content.
    pub name: String,
}
