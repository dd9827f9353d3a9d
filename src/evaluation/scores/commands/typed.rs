//! A sheet as typed, read against the terms of its call, and as its rows keep it.

use crate::{
    evaluation::{
        rules::{Kept, Weighted, weighted},
        scores::rules::{
            self,
            form::{FormEntry, PRIVATE, WHOLE},
        },
    },
    kernel::{Result, Tx, error::FieldErrors},
};
use entity::{
    evaluation::score,
    types::{
        ids::{AssignmentId, ScoreId},
        points::Points,
        sheets::{Said, SheetText},
        terms::CallTerms,
        text,
    },
};
use sea_orm::{ActiveModelTrait, EntityTrait};

/// Longest comment, in characters.
const COMMENT: usize = 8_000;
/// Longest reason to abstain, in characters.
const REASON: usize = 300;

/// What an evaluator typed for one criterion, or for one part of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// Key of the criterion (`c1`) or of its part (`c1.market`).
    pub criterion: String,
    /// Points as typed; empty when none were given.
    pub points: String,
    pub comment: String,
    /// Why no points are given, when the evaluator abstains from the whole criterion.
    pub abstained: Option<String>,
}

/// A sheet as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sheet {
    pub entries: Vec<Entry>,
    /// To the applicant, about the whole.
    pub comment: String,
    /// To panel and secretariat only.
    pub private_note: String,
}

impl Sheet {
    /// The sheet a form's places describe.
    pub fn of_form(places: &[FormEntry]) -> Self {
        let comment = |key: &str| {
            places.iter().find(|place| place.key == key).map(|place| place.comment.clone()).unwrap_or_default()
        };
        let entry = |place: &FormEntry| Entry {
            criterion: place.key.clone(),
            points: place.points.clone(),
            comment: place.comment.clone(),
            abstained: Some(place.abstained.clone()).filter(|reason| !reason.is_empty()),
        };
        Self {
            entries: places.iter().filter(|place| !place.key.starts_with('*')).map(entry).collect(),
            comment: comment(WHOLE),
            private_note: comment(PRIVATE),
        }
    }
}

/// What is kept under one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub key: String,
    pub points: Option<Points>,
    pub comment: String,
    pub abstained: Option<String>,
}

impl Line {
    fn of(row: &score::Model) -> Self {
        Self {
            key: row.criterion.clone(),
            points: row.points,
            comment: row.comment.clone(),
            abstained: row.abstained.clone(),
        }
    }

    fn is_empty(&self) -> bool {
        self.points.is_none() && self.comment.is_empty() && self.abstained.is_none()
    }

    /// Whether a row says the same, or there is none and nothing to say.
    pub fn is_kept(&self, rows: &[score::Model]) -> bool {
        match rows.iter().find(|row| row.criterion == self.key) {
            Some(row) => Self::of(row) == *self,
            None => self.is_empty(),
        }
    }

    /// Writes the line unless it is kept already.
    pub async fn keep(&self, tx: &Tx, assignment: AssignmentId, rows: &[score::Model]) -> Result<()> {
        if self.is_kept(rows) {
            return Ok(());
        }
        let before = rows.iter().find(|row| row.criterion == self.key);
        let row = score::Model {
            id: before.map_or_else(|| tx.new_id::<ScoreId>(), |row| row.id),
            assignment_id: assignment,
            criterion: self.key.clone(),
            points: self.points,
            comment: self.comment.clone(),
            abstained: self.abstained.clone(),
            version: before.map_or(1, |row| row.version + 1),
            updated_at: tx.now(),
        };
        let row = score::ActiveModel::from(row).reset_all();
        match before {
            Some(_) => _ = row.update(tx.conn()).await?,
            None => _ = score::Entity::insert(row).exec_without_returning(tx.conn()).await?,
        }
        Ok(())
    }
}

/// A sheet that was read.
pub(super) struct Typed {
    pub lines: Vec<Line>,
    pub comment: String,
    pub private_note: String,
}

impl Typed {
    /// What keeps it from being submitted.
    pub fn missing(&self, terms: &CallTerms) -> FieldErrors {
        missing(terms, &self.lines)
    }

    pub fn weighted(&self, terms: &CallTerms) -> Weighted {
        total(terms, &self.lines)
    }
}

/// Reads a sheet that is kept whole and belongs to no task.
///
/// # Errors
/// Everything that is wrong with it, beside the fields.
pub(in crate::evaluation) fn read_whole(terms: &CallTerms, sheet: &Sheet) -> Result<SheetText> {
    let typed = read(terms, sheet)?;
    let said =
        |line: Line| Said { key: line.key, points: line.points, comment: line.comment, abstained: line.abstained };
    Ok(SheetText {
        said: typed.lines.into_iter().filter(|line| !line.is_empty()).map(said).collect(),
        comment: typed.comment,
        private_note: typed.private_note,
    })
}

/// What keeps a sheet that is kept whole from being submitted.
pub(in crate::evaluation) fn missing_in(terms: &CallTerms, sheet: &SheetText) -> FieldErrors {
    let lines: Vec<Line> = sheet
        .said
        .iter()
        .map(|said| Line {
            key: said.key.clone(),
            points: said.points,
            comment: said.comment.clone(),
            abstained: said.abstained.clone(),
        })
        .collect();
    missing(terms, &lines)
}

/// The lines rows keep.
pub(super) fn lines_of(rows: &[score::Model]) -> Vec<Line> {
    rows.iter().map(Line::of).collect()
}

pub(super) fn missing(terms: &CallTerms, lines: &[Line]) -> FieldErrors {
    let given: Vec<rules::Given<'_>> = lines
        .iter()
        .map(|line| rules::Given {
            key: &line.key,
            points: line.points,
            comment: &line.comment,
            abstained: line.abstained.as_deref(),
        })
        .collect();
    FieldErrors(rules::missing(terms, &given))
}

pub(super) fn total(terms: &CallTerms, lines: &[Line]) -> Weighted {
    let kept: Vec<Kept<'_>> = lines
        .iter()
        .map(|line| Kept { key: &line.key, points: line.points, abstained: line.abstained.is_some() })
        .collect();
    weighted(terms, &kept)
}

/// Reads what was typed; criteria that were not sent are empty. Who abstains gives no points.
///
/// # Errors
/// Everything that is wrong with it, beside the fields.
pub(super) fn read(terms: &CallTerms, sheet: &Sheet) -> Result<Typed> {
    let mut errors = FieldErrors::default();
    let mut lines = Vec::new();
    let known: Vec<String> =
        terms.criteria.iter().flat_map(|c| c.score_keys().into_iter().chain([c.key.clone()])).collect();
    for entry in sheet.entries.iter().filter(|entry| !known.contains(&entry.criterion)) {
        errors.add(format!("points-{}", entry.criterion), "The call has no such criterion");
    }
    for criterion in &terms.criteria {
        let entry = |key: &str| sheet.entries.iter().find(|e| e.criterion == key);
        let abstained = entry(&criterion.key).and_then(|e| e.abstained.as_deref());
        let reason = abstained.and_then(|reason| {
            let field = format!("reason-{}", criterion.key);
            if !terms.evaluation.abstain {
                errors.add(field, "This call does not allow abstaining; give points");
                return None;
            }
            if reason.trim().is_empty() {
                return Some(String::new());
            }
            errors.take(&field, text::line(reason, REASON))
        });
        for key in criterion.score_keys() {
            let (points, comment) = entry(&key).map_or(("", ""), |e| (e.points.trim(), e.comment.as_str()));
            let points = if points.is_empty() || abstained.is_some() {
                None
            } else {
                errors.take(&format!("points-{key}"), rules::read_points(terms, &key, points))
            };
            let comment = errors.take(&format!("comment-{key}"), text::prose(comment, COMMENT)).unwrap_or_default();
            let abstained = reason.clone().filter(|_| key == criterion.key);
            lines.push(Line { key, points, comment, abstained });
        }
        if !criterion.sub_criteria.is_empty() {
            if entry(&criterion.key).is_some_and(|e| !e.points.trim().is_empty() || !e.comment.trim().is_empty()) {
                errors.add(format!("points-{}", criterion.key), "Points are given to the parts of this criterion");
            }
            lines.push(Line { key: criterion.key.clone(), points: None, comment: String::new(), abstained: reason });
        }
    }
    let comment = errors.take("comment", text::prose(&sheet.comment, COMMENT)).unwrap_or_default();
    let private_note = errors.take("private_note", text::prose(&sheet.private_note, COMMENT)).unwrap_or_default();
    errors.done()?;
    Ok(Typed { lines, comment, private_note })
}
