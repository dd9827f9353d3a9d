//! The versions of a sheet that were handed in, why they were given back, and what changed between them.

use super::scores_of;
use crate::{
    calls::rules::{Piece, word_changes},
    evaluation::assignments::queries::sheet_text,
    kernel::{AppError, Leave, Permission, Query, Result, Snapshot, Subject},
};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use entity::{
    accounts::account,
    calls::call,
    evaluation::{assignment, sheet_version},
    proposals::proposal,
    types::{
        ids::{AccountId, AssignmentId},
        sheets::{Said, SheetText},
        states::AssignmentState,
        terms::CallTerms,
    },
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use std::collections::BTreeMap;

/// A place on the sheet that was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub place: String,
    pub pieces: Vec<Piece>,
}

/// A sheet as it was handed in.
#[derive(Debug, Clone)]
pub struct SheetVersion {
    pub number: usize,
    pub submitted_at: DateTime<Utc>,
    /// Everything it said: the place and the words.
    pub said: Vec<(String, String)>,
    /// Who gave it back, when and why; none for the one that counts.
    pub reopened: Option<(String, DateTime<Utc>, String)>,
    /// Against the version before.
    pub changes: Vec<Change>,
}

/// The versions of a sheet, the newest first.
#[derive(Debug, Clone)]
pub struct VersionsView {
    pub id: AssignmentId,
    pub code: String,
    pub title: String,
    pub expert: String,
    pub zone: Tz,
    /// Whether the sheet itself can be opened now.
    pub readable: bool,
    pub versions: Vec<SheetVersion>,
}

/// The versions of a sheet that were handed in.
pub struct VersionsOf(pub AssignmentId);

impl Query for VersionsOf {
    const NEEDS: Permission = Permission::ReadSheet;
    type Output = VersionsView;

    fn about(&self) -> Subject {
        Subject::Assignment(self.0)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<VersionsView> {
        let db = db.conn();
        let row = assignment::Entity::find_by_id(self.0).one(db).await?.ok_or(AppError::NotFound)?;
        let mine = Some(row.account_id) == leave.actor().account();
        if !(mine || leave.may(Permission::ReadScores)) {
            return Err(AppError::NotFound);
        }
        let found = proposal::Entity::find_by_id(row.proposal_id).find_also_related(call::Entity).one(db).await?;
        let Some((proposal, Some(call))) = found else { return Err(AppError::NotFound) };
        let expert = account::Entity::find_by_id(row.account_id).one(db).await?.ok_or(AppError::NotFound)?;
        let earlier = sheet_version::Entity::find()
            .filter(sheet_version::Column::AssignmentId.eq(row.id))
            .order_by_asc(sheet_version::Column::Number)
            .all(db)
            .await?;
        let names = names(db, earlier.iter().map(|v| v.reopened_by)).await?;
        let mut versions: Vec<SheetVersion> = Vec::new();
        for one in earlier {
            let by = names.get(&one.reopened_by).cloned().unwrap_or_default();
            let reopened = Some((by, one.reopened_at, one.reopened_reason));
            push(&mut versions, &call.terms, &one.sheet, one.submitted_at, reopened);
        }
        if let (AssignmentState::Submitted, Some(at)) = (row.state, row.submitted_at) {
            let now = sheet_text(&row, &scores_of(db, row.id).await?);
            push(&mut versions, &call.terms, &now, at, None);
        }
        versions.reverse();
        Ok(VersionsView {
            id: row.id,
            code: proposal.code,
            title: proposal.title,
            expert: expert.name,
            zone: call.terms.zone,
            readable: mine || row.state == AssignmentState::Submitted,
            versions,
        })
    }
}

/// How many versions were handed in and given back.
pub(super) async fn count(db: &impl ConnectionTrait, id: AssignmentId) -> Result<usize> {
    let count = sheet_version::Entity::find().filter(sheet_version::Column::AssignmentId.eq(id)).count(db).await?;
    Ok(usize::try_from(count).unwrap_or(usize::MAX))
}

fn push(
    versions: &mut Vec<SheetVersion>,
    terms: &CallTerms,
    sheet: &SheetText,
    submitted_at: DateTime<Utc>,
    reopened: Option<(String, DateTime<Utc>, String)>,
) {
    let said = places(terms, sheet);
    let changes = versions.last().map(|before| changes(&before.said, &said)).unwrap_or_default();
    versions.push(SheetVersion { number: versions.len() + 1, submitted_at, said, reopened, changes });
}

async fn names(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = AccountId>,
) -> Result<BTreeMap<AccountId, String>> {
    let people = account::Entity::find().filter(account::Column::Id.is_in(ids)).all(db).await?;
    Ok(people.into_iter().map(|person| (person.id, person.name)).collect())
}

/// Everything a sheet says, place by place in the order of the call; what is empty is left out.
fn places(terms: &CallTerms, sheet: &SheetText) -> Vec<(String, String)> {
    let said = |key: &str| sheet.said.iter().find(|said| said.key == key);
    let mut found = Vec::new();
    for criterion in &terms.criteria {
        if let Some(reason) = said(&criterion.key).and_then(|s: &Said| s.abstained.clone()) {
            found.push((format!("{}: abstained", criterion.name), reason));
        }
        let names = criterion.sub_criteria.iter().map(|part| format!("{}, {}", criterion.name, part.name));
        let names: Vec<String> =
            if criterion.sub_criteria.is_empty() { vec![criterion.name.clone()] } else { names.collect() };
        for (key, name) in criterion.score_keys().iter().zip(names) {
            let Some(said) = said(key) else { continue };
            if let Some(points) = said.points {
                found.push((format!("{name}: points"), points.to_string()));
            }
            found.push((format!("{name}: comment"), said.comment.clone()));
        }
    }
    found.push(("About the whole".to_owned(), sheet.comment.clone()));
    found.push(("Private note to the panel".to_owned(), sheet.private_note.clone()));
    found.retain(|(_, words)| !words.is_empty());
    found
}

/// The places two versions say different things at.
fn changes(before: &[(String, String)], after: &[(String, String)]) -> Vec<Change> {
    fn at<'a>(list: &'a [(String, String)], place: &str) -> &'a str {
        list.iter().find(|(p, _)| p == place).map_or("", |(_, words)| words)
    }
    let gone = before.iter().filter(|(place, _)| !after.iter().any(|(p, _)| p == place));
    after
        .iter()
        .chain(gone)
        .filter(|(place, _)| at(before, place) != at(after, place))
        .map(|(place, _)| Change { place: place.clone(), pieces: word_changes(at(before, place), at(after, place)) })
        .collect()
}
