//! Calls and annexes as they are stored, for the commands and queries of this area.

use super::{
    archive::{AgencyRef, AnnexFile, CallFile},
    rules::AnnexInEditor,
};
use crate::kernel::{AppError, Result};
use entity::{
    calls::{annex, call},
    organisations::organisation,
    types::{
        ids::{AnnexId, CallId},
        terms::{AnnexTerms, CallTerms},
        text,
    },
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

/// An annex with the agency it belongs to.
#[derive(Debug, Clone)]
pub(super) struct StoredAnnex {
    pub row: annex::Model,
    pub agency: organisation::Model,
}

/// The call of this id.
pub(super) async fn call(db: &impl ConnectionTrait, id: CallId) -> Result<call::Model> {
    call::Entity::find_by_id(id).one(db).await?.ok_or(AppError::NotFound)
}

/// The annexes of a call in their order.
pub(super) async fn annexes(db: &impl ConnectionTrait, call: CallId) -> Result<Vec<StoredAnnex>> {
    let rows = annex::Entity::find()
        .find_also_related(organisation::Entity)
        .filter(annex::Column::CallId.eq(call))
        .order_by_asc(annex::Column::Position)
        .all(db)
        .await?;
    Ok(rows.into_iter().filter_map(|(row, agency)| Some(StoredAnnex { row, agency: agency? })).collect())
}

/// One annex.
pub(super) async fn annex(db: &impl ConnectionTrait, id: AnnexId) -> Result<StoredAnnex> {
    let found = annex::Entity::find_by_id(id).find_also_related(organisation::Entity).one(db).await?;
    let (row, agency) = found.ok_or(AppError::NotFound)?;
    Ok(StoredAnnex { row, agency: agency.ok_or(AppError::NotFound)? })
}

/// The annexes as the rules of the editor take them.
pub(super) fn in_editor(annexes: &[StoredAnnex]) -> Vec<AnnexInEditor> {
    let one = |a: &StoredAnnex| AnnexInEditor {
        agency: a.agency.name.clone(),
        terms: a.row.terms.clone(),
        state: a.row.state,
    };
    annexes.iter().map(one).collect()
}

/// The annexes as the rules of the terms take them: the agency's name and its terms.
pub(super) fn named(annexes: &[StoredAnnex]) -> Vec<(String, AnnexTerms)> {
    annexes.iter().map(|a| (a.agency.name.clone(), a.row.terms.clone())).collect()
}

/// The call as a file.
pub(super) fn file(call: call::Model, annexes: Vec<StoredAnnex>) -> CallFile {
    let one = |a: StoredAnnex| AnnexFile {
        agency: AgencyRef {
            key: a.agency.key.unwrap_or_else(|| a.agency.id.to_string()),
            name: a.agency.name,
            country: a.agency.country,
            city: a.agency.city,
        },
        terms: a.row.terms,
    };
    CallFile::new(call.code, call.terms, annexes.into_iter().map(one).collect())
}

/// What a search for calls looks at.
pub(super) fn searchable(code: &str, terms: &CallTerms) -> String {
    text::searchable([code, &terms.title, &terms.programme, &terms.summary])
}

/// The instant the last agency closes.
pub(super) fn closes_at<'a>(terms: impl IntoIterator<Item = &'a AnnexTerms>) -> Option<chrono::DateTime<chrono::Utc>> {
    terms.into_iter().map(|annex| annex.deadline.instant()).max()
}
