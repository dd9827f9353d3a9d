//! Which documents of the call a part still lacks: files, and letters of everybody who is to sign one.

use super::{Dossier, PartFile};
use crate::proposals::{
    Place,
    rules::{LetterFrom, Wanted, without_letter},
};
use entity::types::{
    country::Country,
    states::{LetterState, PartState},
    terms::{RequiredDocument, SectionScope, Signers},
};
use serde_json::Value;

/// A document that is not there, or not from everybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lack {
    pub key: String,
    pub label: String,
    pub scope: SectionScope,
    /// Whether the part cannot be submitted without it.
    pub required: bool,
    /// Those whose letter is missing; empty when one file is missing.
    pub signers: Vec<Wanted>,
    /// Signed papers that were attached, fewer than those who are missing.
    pub papers: usize,
}

/// Whose letters a document of this part needs: partners abroad or the companies of the part.
fn wanted(dossier: &Dossier, part: &PartFile, each: Signers) -> Vec<Wanted> {
    match each {
        Signers::Company => {
            let company = |row: &entity::proposals::participant::Model| Wanted {
                company: Some(row.id.to_string()),
                name: row.name.clone(),
            };
            part.participants.iter().map(company).collect()
        }
        Signers::ForeignPartner => {
            let home = part.agency.country;
            let others = dossier.parts.iter().filter(|other| {
                other.row.id != part.row.id
                    && other.row.state != PartState::Withdrawn
                    && other.organisation.country != home
            });
            let parts = others.map(|other| other.organisation.name.clone());
            let guests =
                guests(dossier).into_iter().filter(|(_, country)| *country != Some(home)).map(|(name, _)| name);
            parts.chain(guests).map(|name| Wanted { company: None, name }).collect()
        }
    }
}

/// Partners without a part, as the joint table of the call names them.
fn guests(dossier: &Dossier) -> Vec<(String, Option<Country>)> {
    let answers = dossier.answers(Place::Joint);
    let Some(Value::Array(rows)) = dossier.terms().consortium.guests.as_ref().and_then(|key| answers.get(key)) else {
        return Vec::new();
    };
    let text = |row: &Value, key: &str| row.get(key).and_then(Value::as_str).unwrap_or_default().trim().to_owned();
    rows.iter()
        .map(|row| (text(row, "name"), text(row, "country").parse().ok()))
        .filter(|(name, _)| !name.is_empty())
        .collect()
}

/// The documents a part lacks. Letters that were asked for count as there: whether they are signed is judged by
/// [`check_letters`](crate::proposals::rules::check_letters). An optional document that several sign is named once
/// somebody was asked for it.
pub fn lacking(dossier: &Dossier, part: &PartFile) -> Vec<Lack> {
    let begun = |lack: &Lack| part.letters.iter().any(|l| l.document == lack.key && l.state != LetterState::Withdrawn);
    let documents = dossier.terms().documents.iter();
    documents.filter_map(|d| lack(dossier, part, d)).filter(|lack| lack.required || begun(lack)).collect()
}

/// The documents that several sign and some have not been asked for, required or not.
pub fn unsigned(dossier: &Dossier, part: &PartFile) -> Vec<Lack> {
    let documents = dossier.terms().documents.iter().filter(|d| d.each.is_some());
    documents.filter_map(|d| lack(dossier, part, d)).collect()
}

fn lack(dossier: &Dossier, part: &PartFile, document: &RequiredDocument) -> Option<Lack> {
    let place = match document.scope {
        SectionScope::Joint => Place::Joint,
        SectionScope::Part => Place::Part(part.row.id),
    };
    let place = place.to_string();
    let papers = dossier.attachments.iter().filter(|a| a.document == document.key && a.place == place).count();
    let letters = part.letters.iter().filter(|l| l.document == document.key && l.state != LetterState::Withdrawn);
    let letters: Vec<LetterFrom> = letters
        .map(|l| LetterFrom {
            company: l.participant_id.map(|id| id.to_string()),
            organisation: l.signer_organisation.clone(),
        })
        .collect();
    let signers: Vec<Wanted> = match document.each {
        None if papers > 0 || !letters.is_empty() => return None,
        None => Vec::new(),
        Some(each) => {
            let wanted = wanted(dossier, part, each);
            let missing: Vec<Wanted> = without_letter(&wanted, &letters, papers).into_iter().cloned().collect();
            if missing.is_empty() {
                return None;
            }
            missing
        }
    };
    Some(Lack {
        key: document.key.clone(),
        label: document.label.clone(),
        scope: document.scope,
        required: document.required,
        signers,
        papers,
    })
}

impl Lack {
    /// What is missing, as a sentence.
    pub fn sentence(&self) -> String {
        let label = &self.label;
        let names: Vec<&str> = self.signers.iter().map(|one| one.name.as_str()).collect();
        match (names.join(", "), self.papers) {
            (names, _) if names.is_empty() => format!("{label}: upload this document"),
            (names, 0) => format!("{label}: no letter from {names}"),
            (names, papers) => format!("{label}: no letter from {names}, and only {papers} attached on paper"),
        }
    }
}
