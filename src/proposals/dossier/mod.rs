//! A whole proposal as it stands: everything its pages, checks and submissions read, in a constant number of
//! statements however many parts it has.
//!
//! [`load`](fn@load) reads the rows, [`check`] judges them by the rules, [`papers`] says which documents are missing.

pub mod check;
mod load;
pub mod papers;
mod seen;

pub use check::{CheckLine, SectionStatus, Status, checks_of_part, findings_of_part, statuses};
pub use load::{load, load_many};
pub use seen::{Head, PartHead, applicants_only};

use super::{Place, drafts::rules as drafts};
use chrono::NaiveDate;
use entity::{
    accounts::account,
    calls::{annex, call},
    organisations::organisation,
    proposals::{
        activity_line, answer, attachment, cost_line, funding_line, kpi_target, letter, part, participant, proposal,
        section_task, team_member,
    },
    types::{
        ids::{AccountId, PartId},
        states::LabelLevel,
        terms::{CallTerms, Section},
    },
};
use serde_json::Value;
use std::collections::BTreeMap;

/// A proposal with everything that belongs to it.
#[derive(Debug, Clone)]
pub struct Dossier {
    pub call: call::Model,
    pub proposal: proposal::Model,
    /// The coordinator's part first, the others as they joined.
    pub parts: Vec<PartFile>,
    pub answers: Vec<answer::Model>,
    /// What was handed in, by place, when the proposal is read as it was handed in; it counts before the kept answers.
    pub handed_in: BTreeMap<Place, BTreeMap<String, Value>>,
    /// The part whose version the joint sections were read from, when they were.
    pub joint_from: Option<PartId>,
    pub tasks: Vec<section_task::Model>,
    /// Files attached to the proposal or a part and not removed.
    pub attachments: Vec<attachment::Model>,
    pub team: Vec<(team_member::Model, account::Model)>,
    /// Changes of the call since the proposal was started, the latest first.
    pub changes: Vec<Change>,
    /// Names of everybody who is mentioned.
    pub names: BTreeMap<AccountId, String>,
}

/// A corrigendum of the call, as whoever writes a proposal is told of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub number: i32,
    pub at: chrono::DateTime<chrono::Utc>,
    pub reason: String,
}

/// A part with everything that belongs to it.
#[derive(Debug, Clone)]
pub struct PartFile {
    pub row: part::Model,
    pub organisation: organisation::Model,
    pub annex: annex::Model,
    pub agency: organisation::Model,
    pub participants: Vec<participant::Model>,
    pub activities: Vec<activity_line::Model>,
    pub costs: Vec<cost_line::Model>,
    pub funding: Vec<funding_line::Model>,
    pub targets: Vec<kpi_target::Model>,
    pub letters: Vec<letter::Model>,
    /// The best label of the organisation with the last day it is valid.
    pub label: Option<(LabelLevel, NaiveDate)>,
}

impl Dossier {
    /// The terms of the call.
    pub fn terms(&self) -> &CallTerms {
        &self.call.terms
    }

    /// A part of this proposal.
    pub fn part(&self, id: PartId) -> Option<&PartFile> {
        self.parts.iter().find(|p| p.row.id == id)
    }

    /// The part that coordinates.
    pub fn coordinator(&self) -> Option<&PartFile> {
        self.parts.iter().find(|p| p.row.is_coordinator)
    }

    /// The sections of a place: those of the call and, for a part, its agency's own questions.
    pub fn sections(&self, place: Place) -> Vec<Section> {
        let part = place.part().and_then(|id| self.part(id));
        match (place, part) {
            (Place::Joint, _) => drafts::sections_of(self.terms(), None),
            (Place::Part(_), Some(part)) => {
                drafts::sections_of(self.terms(), Some((part.agency.name.as_str(), &part.annex.terms)))
            }
            (Place::Part(_), None) => Vec::new(),
        }
    }

    /// The answers of a place, by question.
    pub fn answers(&self, place: Place) -> BTreeMap<String, Value> {
        if let Some(frozen) = self.handed_in.get(&place) {
            return frozen.clone();
        }
        let rows = self.answer_rows(place);
        rows.map(|row| (row.question.clone(), row.value.clone())).collect()
    }

    /// The kept answers of a place.
    pub fn answer_rows(&self, place: Place) -> impl Iterator<Item = &answer::Model> {
        let place = place.to_string();
        self.answers.iter().filter(move |row| row.place == place)
    }

    /// The task of a section, when somebody has it or completed it.
    pub fn task(&self, place: Place, section: &str) -> Option<&section_task::Model> {
        let place = place.to_string();
        self.tasks.iter().find(|task| task.place == place && task.section == section)
    }

    /// A person's name.
    pub fn name(&self, id: Option<AccountId>) -> &str {
        id.and_then(|id| self.names.get(&id)).map_or("", String::as_str)
    }
}
