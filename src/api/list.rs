//! Lists for programs: what is asked of them, and the same rows as a file.

use super::{ApiError, Caller};
use crate::{
    documents::sheet::Fault,
    kernel::{
        App, Subject,
        paging::{ListRequest, Listed, Paging},
    },
    web::export::{Exported, Format, may_export, written},
};
use poem_openapi::{
    Enum, Object,
    payload::{Attachment, AttachmentType},
};

/// Which way a list is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "lowercase")]
pub enum Direction {
    Asc,
    Desc,
}

/// The kind of file a list is handed out as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "lowercase")]
pub enum FileFormat {
    Csv,
    Xlsx,
}

/// A row of an uploaded list that cannot be used.
#[derive(Object)]
pub struct RowFaultOut {
    row: usize,
    name: String,
    message: String,
}

impl From<Fault> for RowFaultOut {
    fn from(fault: Fault) -> Self {
        let Fault { row, name, message } = fault;
        Self { row, name, message }
    }
}

/// A list as a file.
pub type ListFile = Attachment<Vec<u8>>;

/// What a program asks of a list; what is left out is as on the page.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    pub q: Option<String>,
    pub filters: Vec<(&'static str, Option<String>)>,
    pub sort: Option<String>,
    pub direction: Option<Direction>,
    pub page: Option<u64>,
}

impl Wanted {
    /// Rows on one page of a list.
    const SIZE: u64 = 100;

    /// The request, sorted by this column unless another is asked for.
    pub fn request(self, sort: &str, descending: bool) -> ListRequest {
        let filters = self.filters.into_iter();
        ListRequest {
            q: self.q.unwrap_or_default(),
            filters: filters.filter_map(|(name, value)| Some((name.to_owned(), value?))).collect(),
            descending: self.direction.map_or(descending && self.sort.is_none(), |way| way == Direction::Desc),
            sort: self.sort.unwrap_or_else(|| sort.to_owned()),
            paging: Paging { page: self.page.unwrap_or(1).clamp(1, 100_000), size: Self::SIZE },
        }
    }
}

/// The number of the page after this one, if there is one.
pub fn next_page<T>(listed: &Listed<T>) -> Option<u64> {
    (listed.page < listed.pages()).then(|| listed.page + 1)
}

/// Exactly these rows as a file, for whoever may keep lists of this subject.
///
/// # Errors
/// When the person may not, or the table does not fit into the format.
pub async fn exported<T: Exported>(
    app: &App,
    caller: &Caller,
    about: Subject,
    format: Option<FileFormat>,
    title: &str,
    rows: &[T],
) -> Result<ListFile, ApiError> {
    may_export(app, &caller.0, about).await?;
    own_file(app, format, title, rows)
}

/// Rows that are the reader's own as a file.
///
/// # Errors
/// When the table does not fit into the format.
pub fn own_file<T: Exported>(
    app: &App,
    format: Option<FileFormat>,
    title: &str,
    rows: &[T],
) -> Result<ListFile, ApiError> {
    let format = match format {
        None | Some(FileFormat::Csv) => Format::Csv,
        Some(FileFormat::Xlsx) => Format::Xlsx,
    };
    let file = written(app, format, title, rows)?;
    Ok(Attachment::new(file.bytes).attachment_type(AttachmentType::Attachment).filename(file.name))
}
