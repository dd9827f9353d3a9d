//! What a part says at one moment, complete and readable by itself: the document that is frozen on submission.
//!
//! Labels and texts stand beside keys and values, so that a version can be read after the call was changed.
//! It is written as canonical JSON (sorted keys, no blanks), whose SHA-256 is the checksum on the receipt.

use super::bundle::Bundle;
use crate::{
    calls::questions,
    kernel::{Result, audit},
    proposals::{
        Place,
        dossier::check,
        rules::{BudgetSums, sums},
    },
};
use chrono::{DateTime, NaiveDate, Utc};
use entity::types::{
    digest,
    money::{Currency, Money},
    period::Deadline,
    terms::{Named, Question, QuestionKind, Section},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// The version of the document's format.
pub const FORMAT: u32 = 1;

/// A submitted version: who handed in what, when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frozen {
    pub fairway_submission: u32,
    pub receipt: String,
    pub version: i32,
    pub submitted_at: DateTime<Utc>,
    pub submitted_by: String,
    pub signatory: String,
    pub statement: String,
    pub content: Content,
}

/// Everything a part says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    pub call: CallFacts,
    pub proposal: ProposalFacts,
    pub part: PartFacts,
    pub consortium: Vec<PartnerFacts>,
    pub joint: Vec<Answered>,
    pub own: Vec<Answered>,
    pub companies: Vec<Company>,
    pub activities: Vec<Activity>,
    pub budget: Budget,
    pub targets: Vec<Target>,
    pub letters: Vec<LetterFacts>,
    pub documents: Vec<Document>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallFacts {
    pub code: String,
    pub title: String,
    /// Version of the call's terms and of the agency's annex that were answered.
    pub terms_version: i64,
    pub annex_version: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProposalFacts {
    pub code: String,
    pub title: String,
    pub acronym: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartFacts {
    pub organisation: String,
    pub registration_no: Option<String>,
    pub country: String,
    pub coordinates: bool,
    pub agency: String,
    pub deadline: Deadline,
    pub requested: Money,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartnerFacts {
    pub organisation: String,
    pub country: String,
    pub agency: String,
}

/// A section with its answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    pub key: String,
    pub title: String,
    pub answers: Vec<Answer>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    pub key: String,
    pub label: String,
    pub value: Value,
    /// The value in words.
    pub text: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Company {
    pub name: String,
    pub registration_no: Option<String>,
    pub country: String,
    pub size: String,
    pub contact_name: String,
    pub contact_email: String,
    pub role: String,
    pub notice_given: bool,
    pub declarations: Vec<String>,
    /// Absent in versions of calls that did not ask for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cash: Option<Money>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_kind: Option<Money>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    pub kind: String,
    pub title: String,
    pub description: String,
    pub place: String,
    pub start_month: i32,
    pub end_month: i32,
    pub participants: i32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Budget {
    pub costs: Vec<Amount>,
    pub funding: Vec<Amount>,
    pub total: Money,
    pub contribution: Money,
    pub requested: Money,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amount {
    pub kind: String,
    pub description: String,
    pub amount: Money,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    pub key: String,
    pub label: String,
    pub target: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterFacts {
    pub document: String,
    pub organisation: String,
    pub signer: String,
    pub state: String,
    pub signed_on: Option<NaiveDate>,
    pub text: String,
    /// SHA-256 of the signed paper, when one was sent.
    pub digest: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    pub document: String,
    pub label: String,
    /// Whether it belongs to the whole proposal.
    pub joint: bool,
    pub name: String,
    pub size: i64,
    pub digest: String,
}

impl Frozen {
    /// The one form of the document: sorted keys and no blanks.
    ///
    /// # Errors
    /// Never for values of this type.
    pub fn canonical(&self) -> Result<String> {
        Ok(audit::canonical(&serde_json::to_value(self)?))
    }
}

/// The SHA-256 of a text in hexadecimal, as `sha256sum` prints it.
pub fn checksum(bytes: impl AsRef<[u8]>) -> String {
    digest::hex(&Sha256::digest(bytes))
}

impl Content {
    /// A short digest of what was looked at before the last button.
    ///
    /// # Errors
    /// Never for values of this type.
    pub fn fingerprint(&self) -> Result<String> {
        Ok(checksum(audit::canonical(&serde_json::to_value(self)?))[..32].to_owned())
    }

    /// Puts together what a part says now.
    pub fn of(bundle: &Bundle) -> Self {
        let (dossier, own) = (&bundle.dossier, bundle.own());
        let terms = dossier.terms();
        let money = |minor: i64| Money::new(minor, own.row.currency);
        let sums = budget_sums(bundle);
        let amount = |kind: String, description: &str, minor| Amount {
            kind,
            description: description.to_owned(),
            amount: money(minor),
        };
        Self {
            call: CallFacts {
                code: dossier.call.code.clone(),
                title: dossier.call.title.clone(),
                terms_version: dossier.call.version,
                annex_version: own.annex.version,
            },
            proposal: ProposalFacts {
                code: dossier.proposal.code.clone(),
                title: dossier.proposal.title.clone(),
                acronym: dossier.proposal.acronym.clone(),
            },
            part: PartFacts {
                organisation: own.organisation.name.clone(),
                registration_no: own.organisation.registration_no.clone(),
                country: own.organisation.country.name().to_owned(),
                coordinates: own.row.is_coordinator,
                agency: own.agency.name.clone(),
                deadline: own.annex.terms.deadline,
                requested: money(own.row.requested_minor),
            },
            consortium: dossier
                .parts
                .iter()
                .map(|s| PartnerFacts {
                    organisation: s.organisation.name.clone(),
                    country: s.organisation.country.name().to_owned(),
                    agency: s.agency.name.clone(),
                })
                .collect(),
            joint: answered(bundle, Place::Joint),
            own: answered(bundle, bundle.place()),
            companies: own.participants.iter().map(|p| company(p, &terms.declarations, own.row.currency)).collect(),
            activities: own
                .activities
                .iter()
                .map(|a| Activity {
                    kind: label_of(&terms.activities, &a.activity),
                    title: a.title.clone(),
                    description: a.description.clone(),
                    place: a.place.clone(),
                    start_month: a.start_month,
                    end_month: a.end_month,
                    participants: a.participants,
                })
                .collect(),
            budget: Budget {
                costs: own
                    .costs
                    .iter()
                    .map(|c| amount(label_of(&terms.cost_categories, &c.category), &c.description, c.minor))
                    .collect(),
                funding: own
                    .funding
                    .iter()
                    .map(|f| amount(f.source.label().to_owned(), &f.description, f.minor))
                    .collect(),
                total: money(sums.total),
                contribution: money(sums.contribution),
                requested: money(own.row.requested_minor),
            },
            targets: terms
                .kpis
                .iter()
                .filter_map(|kpi| {
                    let row = own.targets.iter().find(|row| row.kpi == kpi.key)?;
                    Some(Target { key: kpi.key.clone(), label: kpi.label.clone(), target: row.target })
                })
                .collect(),
            letters: bundle.letters().map(|l| letter(bundle, l)).collect(),
            documents: bundle
                .attachments()
                .map(|(row, stored)| Document {
                    document: row.document.clone(),
                    label: document_label(bundle, &row.document),
                    joint: row.place == Place::Joint.to_string(),
                    name: stored.name.clone(),
                    size: stored.size,
                    digest: stored.digest.clone(),
                })
                .collect(),
        }
    }
}

/// The sums of the part's budget.
pub fn budget_sums(bundle: &Bundle) -> BudgetSums {
    let own = bundle.own();
    let (costs, funding) = check::money(own);
    sums(&own.annex.terms, &costs, &funding, own.row.requested_minor)
}

fn answered(bundle: &Bundle, place: Place) -> Vec<Answered> {
    let given = bundle.dossier.answers(place);
    let answer = |question: &&Question| {
        let value = given.get(&question.key).cloned().unwrap_or(Value::Null);
        Answer {
            key: question.key.clone(),
            label: question.label.clone(),
            text: in_words(bundle, question, &value),
            value,
        }
    };
    let section = |section: Section| Answered {
        answers: questions::shown_questions(&section.questions, &given).iter().map(answer).collect(),
        key: section.key,
        title: section.title,
    };
    bundle.dossier.sections(place).into_iter().map(section).collect()
}

/// The answer in words; a file by its name instead of its id.
fn in_words(bundle: &Bundle, question: &Question, value: &Value) -> String {
    let named = match (&question.kind, value.as_str()) {
        (QuestionKind::File { .. }, Some(id)) => {
            bundle.attachments().find(|(_, stored)| stored.id.to_string() == id).map(|(_, stored)| stored.name.clone())
        }
        _ => None,
    };
    named.unwrap_or_else(|| questions::text(question, value))
}

fn label_of(list: &[Named], key: &str) -> String {
    list.iter().find(|n| n.key == key).map_or_else(|| key.to_owned(), |n| n.label.clone())
}

/// What a document or file question is called.
pub fn document_label(bundle: &Bundle, key: &str) -> String {
    let terms = bundle.dossier.terms();
    let document = terms.documents.iter().find(|d| d.key == key).map(|d| d.label.clone());
    let question = || {
        let mut all = terms.sections.iter().flat_map(|s| &s.questions).chain(&bundle.own().annex.terms.questions);
        all.find(|q| q.key == key).map(|q| q.label.clone())
    };
    document.or_else(question).unwrap_or_else(|| key.to_owned())
}

fn company(row: &entity::proposals::participant::Model, declarations: &[Named], currency: Currency) -> Company {
    let money = |minor: Option<i64>| minor.map(|minor| Money::new(minor, currency));
    Company {
        name: row.name.clone(),
        registration_no: row.registration_no.clone(),
        country: row.country.name().to_owned(),
        size: row.size_class.label().to_owned(),
        contact_name: row.contact_name.clone(),
        contact_email: row.contact_email.clone(),
        role: row.role.clone(),
        notice_given: row.notice_given,
        declarations: row.declarations.0.iter().map(|key| label_of(declarations, key)).collect(),
        cash: money(row.cash_minor),
        in_kind: money(row.in_kind_minor),
    }
}

fn letter(bundle: &Bundle, row: &entity::proposals::letter::Model) -> LetterFacts {
    let paper = row.file_id.and_then(|id| bundle.files.get(&id));
    LetterFacts {
        document: document_label(bundle, &row.document),
        organisation: row.signer_organisation.clone(),
        signer: row.signed_name.clone().unwrap_or_else(|| row.signer_name.clone()),
        state: row.state.label().to_owned(),
        signed_on: row.signed_on,
        text: row.text.clone(),
        digest: paper.map(|stored| stored.digest.clone()),
    }
}
