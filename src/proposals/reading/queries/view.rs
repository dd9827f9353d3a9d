//! The rows of a submitted proposal in words.

use crate::{
    calls::questions::{self, RawAnswer},
    proposals::{
        Place,
        dossier::{Dossier, PartFile, check},
        rules::{BudgetSums, sums},
    },
};
use chrono::{DateTime, Utc};
use entity::{
    documents::file,
    types::{
        country::Country,
        ids::{CallId, FileId, OrganisationId, PartId, ProposalId},
        money::Money,
        states::{CallState, PartState},
        terms::{ColumnKind, Question, QuestionKind},
    },
};
use serde_json::Value;
use std::collections::BTreeMap;

/// A proposal as it is read.
#[derive(Debug, Clone)]
pub struct Reading {
    pub id: ProposalId,
    pub code: String,
    pub title: String,
    pub acronym: String,
    pub call: CallId,
    pub call_code: String,
    pub call_title: String,
    pub call_state: CallState,
    pub submitted_at: Option<DateTime<Utc>>,
    /// Whose version the joint sections are, when it is not the coordinator's.
    pub joint_from: Option<String>,
    pub sections: Vec<ReadSection>,
    pub files: Vec<ReadFile>,
    pub parts: Vec<ReadPart>,
}

/// A section of the form with its answers.
#[derive(Debug, Clone)]
pub struct ReadSection {
    pub title: String,
    pub answers: Vec<ReadAnswer>,
}

/// A question with what was answered.
#[derive(Debug, Clone)]
pub struct ReadAnswer {
    pub label: String,
    pub value: ReadValue,
}

/// An answer in the shape it is shown in.
#[derive(Debug, Clone)]
pub enum ReadValue {
    None,
    Text(String),
    Table { heads: Vec<String>, rows: Vec<Vec<String>> },
}

/// One part.
#[derive(Debug, Clone)]
pub struct ReadPart {
    pub id: PartId,
    pub organisation_id: OrganisationId,
    pub organisation: String,
    pub country: Country,
    pub agency_id: OrganisationId,
    pub agency: String,
    pub class: &'static str,
    pub coordinator: bool,
    pub state: PartState,
    pub requested: Money,
    pub total: Money,
    pub sums: BudgetSums,
    pub submitted_at: Option<DateTime<Utc>>,
    pub signatory: Option<String>,
    pub sections: Vec<ReadSection>,
    pub smes: Vec<ReadSme>,
    pub activities: Vec<ReadActivity>,
    pub costs: Vec<ReadCost>,
    pub funding: Vec<ReadCost>,
    pub letters: Vec<ReadLetter>,
    pub files: Vec<ReadFile>,
}

/// A company, without the contact: that is for the agency only.
#[derive(Debug, Clone)]
pub struct ReadSme {
    pub name: String,
    pub country: Country,
    pub size: &'static str,
    pub role: String,
    /// What it brings in money and in work.
    pub cash: Option<Money>,
    pub in_kind: Option<Money>,
}

/// A planned activity.
#[derive(Debug, Clone)]
pub struct ReadActivity {
    pub kind: String,
    pub title: String,
    pub description: String,
    pub place: String,
    pub months: String,
    pub participants: i32,
}

/// A line of the budget or of its financing.
#[derive(Debug, Clone)]
pub struct ReadCost {
    pub kind: String,
    pub description: String,
    pub amount: Money,
}

/// A letter of commitment.
#[derive(Debug, Clone)]
pub struct ReadLetter {
    pub signer: String,
    pub state: &'static str,
    pub state_label: &'static str,
    pub signed_on: Option<chrono::NaiveDate>,
}

/// An attached file.
#[derive(Debug, Clone)]
pub struct ReadFile {
    pub id: FileId,
    pub document: String,
    pub name: String,
    pub size: i64,
}

impl Reading {
    /// Countries of the parts, each once, in their order.
    pub fn countries(&self) -> Vec<Country> {
        let mut seen = Vec::new();
        for part in &self.parts {
            if !seen.contains(&part.country) {
                seen.push(part.country);
            }
        }
        seen
    }

    /// The part with this id.
    pub fn part(&self, id: PartId) -> Option<&ReadPart> {
        self.parts.iter().find(|p| p.id == id)
    }

    /// Number of companies in all parts.
    pub fn companies(&self) -> usize {
        self.parts.iter().map(|p| p.smes.len()).sum()
    }
}

/// Puts a proposal into words.
pub fn reading(dossier: &Dossier, files: &[file::Model]) -> Reading {
    let (proposal, call) = (&dossier.proposal, &dossier.call);
    Reading {
        id: proposal.id,
        code: proposal.code.clone(),
        title: proposal.title.clone(),
        acronym: proposal.acronym.clone(),
        call: call.id,
        call_code: call.code.clone(),
        call_title: call.title.clone(),
        call_state: call.state,
        submitted_at: dossier.parts.iter().filter_map(|p| p.row.submitted_at).max(),
        joint_from: dossier
            .joint_from
            .and_then(|id| dossier.part(id))
            .filter(|part| !part.row.is_coordinator)
            .map(|part| part.organisation.name.clone()),
        sections: sections(dossier, Place::Joint),
        files: attached(dossier, files, Place::Joint),
        parts: dossier.parts.iter().map(|one| part(dossier, files, one)).collect(),
    }
}

fn part(dossier: &Dossier, files: &[file::Model], one: &PartFile) -> ReadPart {
    let row = &one.row;
    let money = |minor: i64| Money::new(minor, row.currency);
    let (costs, funding) = check::money(one);
    let sums = sums(&one.annex.terms, &costs, &funding, row.requested_minor);
    let named = |list: &[entity::types::terms::Named], key: &str| {
        list.iter().find(|n| n.key == key).map_or_else(|| key.to_owned(), |n| n.label.clone())
    };
    let terms = dossier.terms();
    let place = Place::Part(row.id);
    ReadPart {
        id: row.id,
        organisation_id: one.organisation.id,
        organisation: one.organisation.name.clone(),
        country: one.organisation.country,
        agency_id: one.agency.id,
        agency: one.agency.name.clone(),
        class: one.annex.class.label(),
        coordinator: row.is_coordinator,
        state: row.state,
        requested: money(row.requested_minor),
        total: money(sums.total),
        sums,
        submitted_at: row.submitted_at,
        signatory: row.signatory.clone(),
        sections: sections(dossier, place),
        smes: one
            .participants
            .iter()
            .map(|s| ReadSme {
                name: s.name.clone(),
                country: s.country,
                size: s.size_class.label(),
                role: s.role.clone(),
                cash: s.cash_minor.map(money),
                in_kind: s.in_kind_minor.map(money),
            })
            .collect(),
        activities: one
            .activities
            .iter()
            .map(|a| ReadActivity {
                kind: named(&terms.activities, &a.activity),
                title: a.title.clone(),
                description: a.description.clone(),
                place: a.place.clone(),
                months: format!("{} to {}", a.start_month, a.end_month),
                participants: a.participants,
            })
            .collect(),
        costs: one
            .costs
            .iter()
            .map(|c| ReadCost {
                kind: named(&terms.cost_categories, &c.category),
                description: c.description.clone(),
                amount: money(c.minor),
            })
            .collect(),
        funding: one
            .funding
            .iter()
            .map(|f| ReadCost {
                kind: f.source.label().to_owned(),
                description: f.description.clone(),
                amount: money(f.minor),
            })
            .collect(),
        letters: one
            .letters
            .iter()
            .map(|l| ReadLetter {
                signer: l.signer_organisation.clone(),
                state: l.state.word(),
                state_label: l.state.label(),
                signed_on: l.signed_on,
            })
            .collect(),
        files: attached(dossier, files, place),
    }
}

fn attached(dossier: &Dossier, files: &[file::Model], place: Place) -> Vec<ReadFile> {
    let place = place.to_string();
    let read = |row: &entity::proposals::attachment::Model| {
        let file = files.iter().find(|f| f.id == row.file_id)?;
        let document = dossier.terms().documents.iter().find(|d| d.key == row.document);
        Some(ReadFile {
            id: file.id,
            document: document.map_or_else(|| row.document.clone(), |d| d.label.clone()),
            name: file.name.clone(),
            size: file.size,
        })
    };
    dossier.attachments.iter().filter(|a| a.place == place).filter_map(read).collect()
}

/// The sections of a place with the questions that are asked and their answers.
fn sections(dossier: &Dossier, place: Place) -> Vec<ReadSection> {
    let answers = dossier.answers(place);
    let read = |section: entity::types::terms::Section| ReadSection {
        answers: answered(&section.questions, &answers),
        title: section.title,
    };
    dossier.sections(place).into_iter().map(read).collect()
}

/// The questions that are asked, with their answers.
fn answered(asked: &[Question], answers: &BTreeMap<String, Value>) -> Vec<ReadAnswer> {
    let read = |question: &Question| {
        let value = answers.get(&question.key).unwrap_or(&Value::Null);
        ReadAnswer { label: question.label.clone(), value: in_words(question, value) }
    };
    questions::shown_questions(asked, answers).into_iter().map(read).collect()
}

fn in_words(question: &Question, value: &Value) -> ReadValue {
    if questions::is_empty(value) {
        return ReadValue::None;
    }
    let QuestionKind::Table { columns, .. } = &question.kind else {
        return ReadValue::Text(questions::text(question, value));
    };
    let RawAnswer::Rows(rows) = questions::raw(question, value) else {
        return ReadValue::Text(questions::text(question, value));
    };
    let cell = |(i, text): (usize, String)| match columns.get(i).map(|c| c.kind) {
        Some(ColumnKind::Country) => text.parse::<Country>().map_or(text, |c| c.name().to_owned()),
        _ => text,
    };
    ReadValue::Table {
        heads: columns.iter().map(|c| c.label.clone()).collect(),
        rows: rows.into_iter().map(|row| row.into_iter().enumerate().map(cell).collect()).collect(),
    }
}
