//! What may be attached where, and how large it may be (the call's required documents and file questions).

use crate::proposals::Place;
use entity::types::terms::{CallTerms, Question, QuestionKind, Section, SectionScope};

/// Most files of one document.
pub const MOST_FILES: usize = 20;

/// A place for files: a document of the call, or a question that is answered by a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// Key of the document or question.
    pub key: String,
    pub label: String,
    pub guidance: String,
    pub required: bool,
    pub max_mb: u32,
    /// Whether it answers a question, and so holds one file.
    pub question: bool,
}

impl Slot {
    /// The greatest size of one file, in bytes.
    pub fn most_bytes(&self) -> u64 {
        u64::from(self.max_mb) * 1024 * 1024
    }
}

/// What may be attached at a place: the documents of its scope, then its file questions.
pub fn slots(terms: &CallTerms, place: Place, sections: &[Section]) -> Vec<Slot> {
    let scope = if place == Place::Joint { SectionScope::Joint } else { SectionScope::Part };
    let documents = terms.documents.iter().filter(|d| d.scope == scope).map(|d| Slot {
        key: d.key.clone(),
        label: d.label.clone(),
        guidance: String::new(),
        required: d.required,
        max_mb: d.max_mb,
        question: false,
    });
    let questions = sections.iter().flat_map(|s| &s.questions).filter_map(of_question);
    documents.chain(questions).collect()
}

fn of_question(question: &Question) -> Option<Slot> {
    let QuestionKind::File { max_mb } = question.kind else { return None };
    Some(Slot {
        key: question.key.clone(),
        label: question.label.clone(),
        guidance: question.guidance.clone(),
        required: question.required,
        max_mb,
        question: true,
    })
}

/// Whether one more file fits beside those that are there; a question's file is replaced instead.
pub fn has_room(slot: &Slot, there: usize) -> bool {
    slot.question || there < MOST_FILES
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calls::archive::{read, shipped};

    #[test]
    fn the_documents_of_2017_belong_to_the_parts() {
        let terms = read(shipped::INNOVATION_EXPRESS_2017).unwrap().call;
        let part = Place::Part(uuid::Uuid::nil().into());
        let keys: Vec<_> = slots(&terms, part, &[]).into_iter().map(|s| s.key).collect();
        assert_eq!(keys, ["letter_partner", "letter_sme", "label_cert"]);
        assert_eq!(slots(&terms, Place::Joint, &[]), vec![]);
    }

    #[test]
    fn a_question_holds_one_file_and_a_document_a_few() {
        let question = Question {
            key: "plan".into(),
            label: "Plan".into(),
            guidance: String::new(),
            required: true,
            kind: QuestionKind::File { max_mb: 2 },
            show_if: None,
        };
        let slot = of_question(&question).unwrap();
        assert_eq!(slot.most_bytes(), 2 * 1024 * 1024);
        assert!(has_room(&slot, 1));
        assert!(!has_room(&Slot { question: false, ..slot }, MOST_FILES));
    }
}
