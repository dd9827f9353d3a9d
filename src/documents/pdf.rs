//! Documents as PDF: a template of this house, set by typst with fonts that are in the program.
//!
//! The template may read nothing but `/data.json` and the templates beside it: no file, no network, no clock.
//! Data stay data: they are read as JSON and never parsed as markup. The same data give the same bytes.

use serde_json::Value;
use std::sync::LazyLock;
use typst::comemo;
use typst::diag::{FileError, FileResult, SourceDiagnostic, Warned};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::layout::{Frame, FrameItem};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_kit::fonts::{FontStore, embedded};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

/// How many renderings a remembered part of the layout survives without being used.
const REMEMBERED: usize = 8;

/// What stands for a character that no font in the program can draw.
const UNKNOWN: char = '□';

/// A document this program can print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Template {
    Receipt,
    DecisionLetter,
    EvaluationSummary,
    Table,
    Record,
}

impl Template {
    pub const ALL: [Self; 5] =
        [Self::Receipt, Self::DecisionLetter, Self::EvaluationSummary, Self::Table, Self::Record];

    /// The file under `templates/documents`.
    pub fn file(self) -> &'static str {
        match self {
            Self::Receipt => "receipt.typ",
            Self::DecisionLetter => "decision-letter.typ",
            Self::EvaluationSummary => "evaluation-summary.typ",
            Self::Table => "table.typ",
            Self::Record => "record.typ",
        }
    }
}

/// Why a document could not be printed: a mistake in the template or data that do not fit it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{template} cannot be printed: {message}")]
pub struct PdfError {
    template: &'static str,
    message: String,
}

/// Prints a document as a tagged PDF that can be archived (PDF/A-2a) and read aloud (PDF/UA-1).
///
/// This keeps a processor busy for some ten milliseconds: call it on a blocking thread.
///
/// # Errors
/// When the data lack something the template wants.
pub fn render(template: Template, data: &Value) -> Result<Vec<u8>, PdfError> {
    let document = lay_out(template, data)?;
    let options =
        |standards| PdfOptions { creator: Smart::Custom(Some("Fairway".into())), standards, ..PdfOptions::default() };
    let strict =
        archival().and_then(|standards| typst_pdf::pdf(&document, &options(standards)).map_err(|e| sentence(&e)));
    let bytes = strict.or_else(|reason| {
        // A letter that reaches its reader is worth more than one that meets the standard of archives.
        tracing::warn!(template = template.file(), reason, "a document was printed without its archive standard");
        typst_pdf::pdf(&document, &options(PdfStandards::default())).map_err(|e| sentence(&e))
    });
    comemo::evict(REMEMBERED);
    bytes.map_err(|message| PdfError { template: template.file(), message })
}

/// The words of the printed document in the order they were set, for tests and for search.
///
/// # Errors
/// As [`render`].
pub fn plain_text(template: Template, data: &Value) -> Result<String, PdfError> {
    let document = lay_out(template, data)?;
    let mut pieces = Vec::new();
    for page in document.pages() {
        collect(&page.frame, &mut pieces);
    }
    Ok(pieces.join(" ").split_whitespace().collect::<Vec<_>>().join(" "))
}

fn collect(frame: &Frame, into: &mut Vec<String>) {
    for (_, item) in frame.items() {
        match item {
            FrameItem::Text(text) => into.push(text.text.to_string()),
            FrameItem::Group(group) => collect(&group.frame, into),
            _ => {}
        }
    }
}

fn archival() -> Result<PdfStandards, String> {
    PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1]).map_err(|e| e.message().to_string())
}

fn lay_out(template: Template, data: &Value) -> Result<PagedDocument, PdfError> {
    let failed = |message| PdfError { template: template.file(), message };
    let bytes = serde_json::to_vec(&drawable(data)).map_err(|e| failed(e.to_string()))?;
    let main = FILES.id(template.file()).ok_or_else(|| failed("there is no such template".into()))?;
    let desk = Desk { main, data: Bytes::new(bytes) };
    let Warned { output, warnings } = typst::compile::<PagedDocument>(&desk);
    for warning in warnings {
        tracing::debug!(template = template.file(), "{}", warning.message);
    }
    output.map_err(|errors| failed(sentence(&errors)))
}

fn sentence(errors: &[SourceDiagnostic]) -> String {
    errors.iter().map(|e| e.message.to_string()).collect::<Vec<_>>().join("; ")
}

/// All a template can see.
struct Desk {
    main: FileId,
    data: Bytes,
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        FONTS.book()
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        FILES.templates.iter().find(|source| source.id() == id).cloned().ok_or(FileError::AccessDenied)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if FILES.data == Some(id) { Ok(self.data.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.font(index)
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));

static FONTS: LazyLock<FontStore> = LazyLock::new(|| {
    let mut store = FontStore::new();
    store.extend(embedded());
    store
});

static FILES: LazyLock<Files> = LazyLock::new(|| Files {
    templates: [
        ("frame.typ", include_str!("../../templates/documents/frame.typ")),
        ("receipt.typ", include_str!("../../templates/documents/receipt.typ")),
        ("decision-letter.typ", include_str!("../../templates/documents/decision-letter.typ")),
        ("evaluation-summary.typ", include_str!("../../templates/documents/evaluation-summary.typ")),
        ("table.typ", include_str!("../../templates/documents/table.typ")),
        ("record.typ", include_str!("../../templates/documents/record.typ")),
    ]
    .into_iter()
    .filter_map(|(name, text)| Some(Source::new(file_id(name)?, text.to_owned())))
    .collect(),
    data: file_id("data.json"),
});

struct Files {
    templates: Vec<Source>,
    data: Option<FileId>,
}

impl Files {
    fn id(&self, name: &str) -> Option<FileId> {
        let id = file_id(name)?;
        self.templates.iter().any(|source| source.id() == id).then_some(id)
    }
}

fn file_id(name: &str) -> Option<FileId> {
    let path = VirtualPath::new(format!("/{name}")).ok()?;
    Some(RootedPath::new(VirtualRoot::Project, path).intern())
}

/// The data with every text cut down to what can be drawn, so that a strange character in an answer
/// cannot stop a letter.
fn drawable(data: &Value) -> Value {
    match data {
        Value::String(text) => Value::String(drawable_text(text)),
        Value::Array(items) => Value::Array(items.iter().map(drawable).collect()),
        Value::Object(fields) => Value::Object(fields.iter().map(|(k, v)| (k.clone(), drawable(v))).collect()),
        other => other.clone(),
    }
}

fn drawable_text(text: &str) -> String {
    text.chars()
        .filter_map(|c| match c {
            '\n' | '\u{200b}' | '\u{ad}' => Some(c),
            '\t' => Some(' '),
            '\u{2028}' | '\u{2029}' | '\u{85}' => Some('\n'),
            // Invisible: joiners, direction marks and overrides, variation selectors, tags.
            '\u{200c}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' => {
                None
            }
            '\u{feff}' | '\u{e0000}'..='\u{e0fff}' => None,
            '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}' => Some(UNKNOWN),
            c if c.is_control() => None,
            c if c.is_whitespace() || has_glyph(c) => Some(c),
            _ => Some(UNKNOWN),
        })
        .collect()
}

fn has_glyph(c: char) -> bool {
    let book = FONTS.book();
    (0..).map_while(|index| book.info(index)).any(|font| font.coverage.contains(u32::from(c)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::letters::{
        DecisionLetter, EvaluationSummary, ListDocument, Printed, Receipt, RecordDocument,
    };
    use serde_json::json;

    fn samples() -> [(Template, Value); 5] {
        [
            (Template::Receipt, Receipt::sample().data()),
            (Template::DecisionLetter, DecisionLetter::sample().data()),
            (Template::EvaluationSummary, EvaluationSummary::sample().data()),
            (Template::Table, ListDocument::sample().data()),
            (Template::Record, RecordDocument::sample().data()),
        ]
    }

    /// Every text of the data, as the page shows it.
    fn said(data: &Value, into: &mut Vec<String>) {
        match data {
            Value::String(text) => into.extend(text.split_whitespace().map(str::to_owned)),
            Value::Array(items) => items.iter().for_each(|item| said(item, into)),
            Value::Object(fields) => {
                fields
                    .iter()
                    .filter(|(name, _)| !matches!(name.as_str(), "language" | "kind" | "date"))
                    .for_each(|(_, v)| said(v, into));
            }
            _ => {}
        }
    }

    #[test]
    fn every_word_of_the_data_is_printed() {
        for (template, data) in samples() {
            let text = plain_text(template, &data).unwrap().replace(['\u{200b}', ' '], "");
            let mut words = Vec::new();
            said(&data, &mut words);

            let lost: Vec<_> = words.iter().filter(|word| !text.contains(word.as_str())).collect();

            assert_eq!(lost, Vec::<&String>::new(), "{template:?}");
        }
    }

    #[test]
    fn documents_meet_the_archive_and_the_accessibility_standard() {
        for (template, data) in samples() {
            let document = lay_out(template, &data).unwrap();
            let options = PdfOptions { standards: archival().unwrap(), ..PdfOptions::default() };
            if let Err(errors) = typst_pdf::pdf(&document, &options) {
                panic!("{template:?}: {}", sentence(&errors));
            }
        }
    }

    #[test]
    fn the_same_data_give_the_same_bytes() {
        for (template, data) in samples() {
            let first = render(template, &data).unwrap();
            assert!(first.starts_with(b"%PDF-1.7"), "{template:?}");
            assert_eq!(first, render(template, &data).unwrap(), "{template:?}");
        }
    }

    #[test]
    fn what_people_type_is_never_markup() {
        let mut data = DecisionLetter::sample().data();
        data["salutation"] = json!("= Dear #panic(\"no\") *you* $x$ @ref <label> `raw` \\ // --- \"quoted\"");

        let text = plain_text(Template::DecisionLetter, &data).unwrap();

        assert!(text.contains("= Dear #panic(\"no\") *you* $x$ @ref <label> `raw` \\ // --- \"quoted\""), "{text}");
    }

    #[test]
    fn a_character_without_a_glyph_does_not_stop_a_letter() {
        let mut data = DecisionLetter::sample().data();
        data["salutation"] = json!("Žižka, Ждан, Ελένη 🚀 漢 \u{202e}abc\u{0} \u{e000}\u{10ffff}e\u{301}");

        let text = plain_text(Template::DecisionLetter, &data).unwrap();
        let document = lay_out(Template::DecisionLetter, &data).unwrap();
        let options = PdfOptions { standards: archival().unwrap(), ..PdfOptions::default() };

        assert!(text.contains("Žižka, Ждан, Ελένη □ □ abc □□e\u{301}"), "{text}");
        assert!(typst_pdf::pdf(&document, &options).is_ok());
    }

    #[test]
    fn a_missing_field_is_named() {
        let error = render(Template::Receipt, &json!({ "language": "en", "date": "2017-03-15" })).unwrap_err();

        assert_eq!(error.to_string(), "receipt.typ cannot be printed: dictionary does not contain key \"title\"");
    }

    #[test]
    fn a_template_reads_nothing_but_its_data() {
        let file = |name: &str| file_id(name).unwrap();
        let desk = Desk { main: file("receipt.typ"), data: Bytes::new(vec![]) };

        assert!(desk.file(file("etc/passwd")).is_err());
        assert!(desk.source(file("other.typ")).is_err());
        assert!(desk.today(None).is_none());
    }

    /// The names stand beside their values, so that swapped fields are seen.
    #[test]
    fn facts_stand_beside_their_names() {
        let receipt = Receipt::sample().text().unwrap();
        let letter = DecisionLetter::sample().text().unwrap();
        let summary = EvaluationSummary::sample().text().unwrap();
        let list = ListDocument::sample().text().unwrap();

        for (text, part) in [
            (&receipt, "Received on 15 March 2017, 16:58:03 Time zone: Europe/Oslo, UTC+01:00. Version 3 is what"),
            (
                &receipt,
                "Proposal IE17-007 Part IE17-007-NO Organisation Nordvest Maritime Cluster Agency Innovasjon Norge",
            ),
            (
                &receipt,
                "Submitted by Åse Bjørnstad Submitted at 15 March 2017, 16:58:03, Europe/Oslo, UTC+01:00 Version 3",
            ),
            (
                &receipt,
                "kept at the address. 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 https://",
            ),
            (&receipt, "Anything else? No answer Activities"),
            (&receipt, "External expertise 9 000 EUR 4 500 EUR Total 33 600 EUR 16 800 EUR"),
            (&letter, "Innovasjon Norge Akersgata 13 · 0158 Oslo · Norway Nordvest Maritime Cluster Åse Bjørnstad"),
            (&letter, "Date 15 June 2017 Reference 2017/0412-7 Call Innovation Express 2017 Proposal IE17-007-NO"),
            (&letter, "Granted, at most 153 300 NOK (16 800 EUR)"),
            (&letter, "Conditions 1. The consortium agreement is signed"),
            (&letter, "Quality of the activities 40 % 3 4 / 5 Well sequenced"),
            (&letter, "Weighted total 4.0"),
            (&letter, "If you do not agree You may object"),
            (&letter, "Petra Lund Head of international programmes Innovasjon Norge Questions: Petra Lund,"),
            (
                &summary,
                "Coordinator Nordvest Maritime Cluster Evaluated by 3 independent evaluators Issued 15 June 2017",
            ),
            (&summary, "Weighted total 4.0 of 5 Among the first six"),
            (&summary, "Impact on SMEs 30 % – 3.5 / 5"),
            (&summary, "Relevance to the call: 4.5 of 5 The plan answers"),
            (&summary, "4.0 – 5.0 6 this proposal"),
            (&list, "Agency: Innovasjon Norge State: submitted As of 16 March 2017"),
            (
                &list,
                "IE17-060-NO Smart sensors for clean harbours Nordvest Maritime Cluster 16000 EUR 60 parts 783 000 EUR",
            ),
        ] {
            assert!(text.contains(part), "{part:?} is not in {text}");
        }
    }

    #[test]
    fn an_empty_list_says_so() {
        let list = ListDocument { rows: vec![], total: None, ..ListDocument::sample() };

        assert!(list.text().unwrap().contains("There is nothing in this list."));
    }
}
