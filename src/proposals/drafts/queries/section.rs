//! One section with its questions and answers.

use super::super::rules::digest_of;
use crate::{
    kernel::{AppError, Leave, Permission, Query, Result, Snapshot, Subject},
    proposals::{
        Place,
        dossier::{self, Head, PartHead, applicants_only},
    },
};
use chrono::{DateTime, NaiveDate, Utc};
use entity::types::{ids::ProposalId, states::SectionState, terms::Section};
use serde_json::Value;
use std::collections::BTreeMap;

/// A section of a proposal or part.
pub struct SectionOf {
    pub proposal: ProposalId,
    pub place: Place,
    pub section: String,
}

#[derive(Debug, Clone)]
pub struct SectionView {
    pub head: Head,
    pub place: Place,
    /// The part it belongs to; none for a joint section.
    pub part: Option<PartHead>,
    pub section: Section,
    pub answers: BTreeMap<String, Value>,
    /// Versions and authors of the answers that are there.
    pub written: BTreeMap<String, Theirs>,
    /// Why it cannot be changed by the reader; none when it can.
    pub fixed: Option<String>,
    pub complete: bool,
    pub assigned: String,
    pub due_on: Option<NaiveDate>,
    /// Key and title of the sections before and after this one in its place.
    pub previous: Option<(String, String)>,
    pub next: Option<(String, String)>,
}

/// Who wrote an answer, and when.
#[derive(Debug, Clone)]
pub struct Theirs {
    pub version: i64,
    pub by: String,
    pub at: DateTime<Utc>,
}

impl SectionView {
    /// The digests of all answers as they are now, by question.
    pub fn seen(&self) -> Vec<(String, String)> {
        let digest = |key: &str| digest_of(self.answers.get(key).unwrap_or(&Value::Null));
        self.section.questions.iter().map(|q| (q.key.clone(), digest(&q.key))).collect()
    }
}

impl Query for SectionOf {
    const NEEDS: Permission = Permission::ReadProposal;
    type Output = SectionView;

    fn about(&self) -> Subject {
        self.place.subject(self.proposal)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<SectionView> {
        applicants_only(leave)?;
        let dossier = dossier::load(db.conn(), self.proposal).await?;
        let part = match self.place {
            Place::Joint => None,
            Place::Part(id) => Some(dossier.part_head(dossier.seen_part(leave, id)?, leave)),
        };
        let sections = dossier.sections(self.place);
        let at = sections.iter().position(|s| s.key == self.section).ok_or(AppError::NotFound)?;
        let beside = |at: Option<usize>| at.and_then(|i| sections.get(i)).map(|s| (s.key.clone(), s.title.clone()));
        let task = dossier.task(self.place, &self.section);
        let written = dossier.answer_rows(self.place).map(|row| {
            let by = dossier.name(row.updated_by).to_owned();
            (row.question.clone(), Theirs { version: row.version, by, at: row.updated_at })
        });
        Ok(SectionView {
            head: dossier.head(leave),
            place: self.place,
            part,
            answers: dossier.answers(self.place),
            written: written.collect(),
            fixed: dossier.why_fixed(leave, self.place),
            complete: task.is_some_and(|t| t.state == SectionState::Complete),
            assigned: dossier.name(task.and_then(|t| t.assigned_to)).to_owned(),
            due_on: task.and_then(|t| t.due_on),
            previous: beside(at.checked_sub(1)),
            next: beside(Some(at + 1)),
            section: sections[at].clone(),
        })
    }
}
