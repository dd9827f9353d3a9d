//! Who of a consortium is missing what.

use super::super::{
    bundle::{Bundle, files},
    check::check,
    rules::errors,
};
use crate::{
    kernel::{Leave, Permission, Query, Result, Snapshot, Subject},
    proposals::{dossier::load, rules::Severity},
};
use chrono::{DateTime, Utc};
use entity::{
    proposals::{proposal, submission},
    types::{
        ids::{PartId, ProposalId},
        period::Deadline,
        states::{LetterState, PartState},
    },
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

/// How far one part is.
#[derive(Debug, Clone)]
pub struct PartProgress {
    pub part: PartId,
    pub organisation: String,
    pub coordinates: bool,
    pub agency: String,
    pub deadline: Deadline,
    pub state: PartState,
    /// Things that must be mended before it can be submitted.
    pub open: usize,
    /// The first of them.
    pub next: Option<String>,
    pub letters_signed: usize,
    pub letters: usize,
    /// Receipt and version that count now.
    pub receipt: Option<(String, i32)>,
}

/// A proposal with the progress of its parts.
#[derive(Debug, Clone)]
pub struct Progress {
    pub proposal: ProposalId,
    pub code: String,
    pub title: String,
    pub parts: Vec<PartProgress>,
}

/// The progress of every part of a proposal.
pub struct ProgressOf(pub ProposalId);

impl Query for ProgressOf {
    const NEEDS: Permission = Permission::ReadHistory;
    type Output = Progress;

    fn about(&self) -> Subject {
        Subject::Proposal(self.0)
    }

    async fn fetch(self, db: &Snapshot, _: Leave<'_>) -> Result<Progress> {
        let dossier = load(db.conn(), self.0).await?;
        let files = files(db.conn(), &dossier).await?;
        let ids: Vec<PartId> = dossier.parts.iter().map(|p| p.row.id).collect();
        let current = submission::Entity::find()
            .select_only()
            .columns([submission::Column::PartId, submission::Column::Receipt])
            .column(submission::Column::Number)
            .filter(submission::Column::PartId.is_in(ids.clone()))
            .filter(submission::Column::EndedAt.is_null())
            .into_tuple::<(PartId, String, i32)>()
            .all(db.conn())
            .await?;
        let part = |id: PartId| {
            let bundle = Bundle::of(dossier.clone(), files.clone(), id)?;
            let receipt = current.iter().find(|(part, ..)| *part == id).map(|(_, receipt, n)| (receipt.clone(), *n));
            Some(one(&bundle, receipt, db.now()))
        };
        let parts = ids.into_iter().filter_map(part).collect();
        let proposal::Model { id, code, title, .. } = dossier.proposal.clone();
        Ok(Progress { proposal: id, code, title, parts })
    }
}

fn one(bundle: &Bundle, receipt: Option<(String, i32)>, now: DateTime<Utc>) -> PartProgress {
    let own = bundle.own();
    let points = if own.row.state == PartState::Draft { check(bundle, now) } else { Vec::new() };
    PartProgress {
        part: own.row.id,
        organisation: own.organisation.name.clone(),
        coordinates: own.row.is_coordinator,
        agency: own.agency.name.clone(),
        deadline: own.annex.terms.deadline,
        state: own.row.state,
        open: errors(&points),
        next: points.into_iter().find(|p| p.severity == Severity::Error).map(|p| p.message),
        letters_signed: bundle.letters().filter(|l| l.state == LetterState::Signed).count(),
        letters: bundle.letters().count(),
        receipt,
    }
}
