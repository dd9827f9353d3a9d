//! What each printed document says: one struct per template, its fields named as the template names them.
//!
//! Texts arrive as the reader shall see them (money, points and times already written out), so that a
//! document needs no knowledge of scales, zones or currencies.

use super::pdf::{self, PdfError, Template};
use chrono::NaiveDate;
use serde::Serialize;
use serde_json::Value;

/// Something that can be printed.
pub trait Printed: Serialize {
    const TEMPLATE: Template;

    /// The document as PDF; slow, so call it on a blocking thread.
    ///
    /// # Errors
    /// When the template and the data do not fit.
    fn pdf(&self) -> Result<Vec<u8>, PdfError> {
        pdf::render(Self::TEMPLATE, &self.data())
    }

    /// The words of the document, for tests.
    ///
    /// # Errors
    /// When the template and the data do not fit.
    fn text(&self) -> Result<String, PdfError> {
        pdf::plain_text(Self::TEMPLATE, &self.data())
    }

    /// What the template reads.
    fn data(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }
}

/// A name with its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fact {
    pub name: String,
    pub value: String,
}

impl Fact {
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { name: name.into(), value: value.into() }
    }
}

/// A column of a printed table; numbers stand at its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Column {
    pub title: String,
    pub number: bool,
}

impl Column {
    pub fn text(title: impl Into<String>) -> Self {
        Self { title: title.into(), number: false }
    }

    pub fn number(title: impl Into<String>) -> Self {
        Self { title: title.into(), number: true }
    }
}

/// A piece of a section of the receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Block {
    Facts { entries: Vec<Fact> },
    Answer { question: String, text: String },
    Table { caption: String, columns: Vec<Column>, rows: Vec<Vec<String>>, total: Option<Vec<String>> },
    List { caption: String, items: Vec<String> },
}

/// A section of the receipt: a section of the form, the budget, the SMEs, the activities.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Section {
    pub title: String,
    pub blocks: Vec<Block>,
}

/// The receipt of a submitted part with the full copy of what was submitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Receipt {
    /// Language of the document (BCP 47).
    pub language: String,
    /// Day of the submission in the agency's zone, kept in the file's properties.
    pub date: NaiveDate,
    /// Who hands out the receipt.
    pub issuer: String,
    pub call: String,
    pub title: String,
    pub code: String,
    pub part: String,
    pub organisation: String,
    pub agency: String,
    pub submitted_by: String,
    /// Date and time to the second.
    pub submitted_at: String,
    /// Zone of that time with its distance from UTC.
    pub zone: String,
    pub version: u32,
    /// SHA-256 in hexadecimal.
    pub checksum: String,
    /// Address of the public page that knows the checksum.
    pub verify: String,
    pub sections: Vec<Section>,
}

impl Printed for Receipt {
    const TEMPLATE: Template = Template::Receipt;
}

/// The head of an agency's letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Letterhead {
    pub name: String,
    /// Street, town, telephone: each a short text.
    pub lines: Vec<String>,
}

/// One criterion as an applicant learns it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Judged {
    pub name: String,
    pub weight: String,
    /// Points that are needed, or a dash.
    pub threshold: String,
    pub points: String,
    /// Highest points.
    pub scale: String,
    pub comment: String,
}

/// Who signs and as what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Signature {
    pub name: String,
    pub role: String,
}

/// The letter by which an agency tells its decision on a part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DecisionLetter {
    pub language: String,
    pub date: NaiveDate,
    pub agency: Letterhead,
    pub addressee: Vec<String>,
    pub reference: String,
    pub call: String,
    pub code: String,
    pub subject: String,
    pub salutation: String,
    /// Paragraphs that say what was decided.
    pub outcome: Vec<String>,
    /// What is granted, under which name; none when nothing is.
    pub amount: Option<Fact>,
    pub reasons: Vec<String>,
    pub conditions: Vec<String>,
    pub criteria: Vec<Judged>,
    pub total: Option<String>,
    /// What was said about the whole, one paragraph for each evaluator, without their names.
    pub remarks: Vec<String>,
    /// Paragraphs on how to object, until when and where.
    pub redress: Vec<String>,
    pub signature: Signature,
    pub contact: Option<String>,
}

impl Printed for DecisionLetter {
    const TEMPLATE: Template = Template::DecisionLetter;
}

/// A step of the distribution of weighted totals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    pub label: String,
    pub count: u32,
    /// Whether the proposal of this summary is in it.
    pub own: bool,
}

/// What the evaluators said about a proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EvaluationSummary {
    pub language: String,
    pub date: NaiveDate,
    pub issuer: String,
    pub call: String,
    pub title: String,
    pub code: String,
    pub coordinator: String,
    /// How many evaluators, without their names.
    pub evaluated_by: String,
    pub total: String,
    /// Where it stands, in words; none where the call keeps it back.
    pub band: Option<String>,
    pub criteria: Vec<Judged>,
    pub remarks: Vec<String>,
    pub distribution: Vec<Step>,
}

impl Printed for EvaluationSummary {
    const TEMPLATE: Template = Template::EvaluationSummary;
}

/// Any list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListDocument {
    pub language: String,
    pub date: NaiveDate,
    pub issuer: String,
    pub title: String,
    /// Filters, order, day: what a reader must know to trust the list.
    pub notes: Vec<String>,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<String>>,
    pub total: Option<Vec<String>>,
}

impl Printed for ListDocument {
    const TEMPLATE: Template = Template::Table;
}

/// What happened at a meeting, section by section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RecordDocument {
    pub language: String,
    pub date: NaiveDate,
    pub issuer: String,
    pub title: String,
    pub facts: Vec<Fact>,
    pub sections: Vec<RecordSection>,
}

/// One section of a record; what is empty is left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RecordSection {
    pub title: String,
    pub facts: Vec<Fact>,
    pub paragraphs: Vec<String>,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<String>>,
}

impl Printed for RecordDocument {
    const TEMPLATE: Template = Template::Record;
}
