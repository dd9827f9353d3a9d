//! Two submitted versions side by side, word by word (screens, applicant 12).

use super::super::{content::Content, reading::chapters};
use crate::{
    calls::rules::{Piece, word_changes},
    documents::letters::Block,
};

/// What differs in one place of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub chapter: String,
    /// The question, fact or table.
    pub label: String,
    pub pieces: Vec<Piece>,
}

/// Everything that differs from one version to another, in the order of the chapters.
pub fn changes(before: &Content, after: &Content) -> Vec<Change> {
    let (old, new) = (lines(before), lines(after));
    let mut places: Vec<(String, String)> = new.iter().map(|(place, _)| place.clone()).collect();
    places.extend(old.iter().map(|(place, _)| place.clone()).filter(|p| !new.iter().any(|(q, _)| q == p)));
    let text = |list: &[((String, String), String)], place: &(String, String)| {
        list.iter().find(|(p, _)| p == place).map(|(_, text)| text.clone()).unwrap_or_default()
    };
    let change = |place: (String, String)| {
        let (was, is) = (text(&old, &place), text(&new, &place));
        let (chapter, label) = place;
        (was != is).then(|| Change { chapter, label, pieces: word_changes(&was, &is) })
    };
    places.into_iter().filter_map(change).collect()
}

/// Every place of a part with its text.
fn lines(content: &Content) -> Vec<((String, String), String)> {
    let mut all = Vec::new();
    for read in chapters(content) {
        let mut put = |label: String, text: String| all.push(((read.section.title.clone(), label), text));
        for block in read.section.blocks {
            match block {
                Block::Facts { entries } => entries.into_iter().for_each(|fact| put(fact.name, fact.value)),
                Block::Answer { question, text } => put(question, text),
                Block::Table { caption, rows, total, .. } => {
                    let rows: Vec<String> = rows.iter().chain(&total).map(|row| row.join(" · ")).collect();
                    put(caption, rows.join("\n"));
                }
                Block::List { caption, items } => put(caption, items.join("\n")),
            }
        }
    }
    all
}
