//! What the rules find in a submitted part, as its officer sees it first.

use crate::proposals::{
    dossier::{Dossier, PartFile, check, papers::lacking},
    reading::rules::Topic,
    rules::{LetterFacts, check_letters},
};

/// Everything the rules say about one part of the proposal, by topic.
pub fn findings(dossier: &Dossier, part: &PartFile) -> Vec<(Topic, String)> {
    let annex = &part.annex.terms;
    let zone = annex.deadline.zone;
    let submitted_at = part.row.submitted_at.unwrap_or_else(|| annex.deadline.instant());
    let day = submitted_at.with_timezone(&zone).date_naive();
    let mut found: Vec<(Topic, String)> = Vec::new();
    found.extend(check::consortium(dossier).into_iter().map(|f| (Topic::Consortium, f.message)));
    let lines = check::checks_of_part(dossier, part, day);
    found.extend(lines.into_iter().map(|line| (topic(&line.section, line.code), line.message)));
    let letters = check_letters(dossier.terms().opens_at, zone, &letters(dossier, part), day);
    found.extend(letters.into_iter().map(|f| (Topic::Letters, f.message)));
    found.extend(lacking(dossier, part).into_iter().map(|lack| {
        let topic = if lack.signers.is_empty() { Topic::Documents } else { Topic::Letters };
        (topic, lack.sentence())
    }));
    found.sort_by_key(|(topic, _)| *topic);
    found
}

fn topic(section: &str, code: &str) -> Topic {
    match section {
        "companies" => Topic::Companies,
        "activities" => Topic::Activities,
        "budget" => Topic::Budget,
        "contact" if code.starts_with("label") => Topic::Label,
        _ => Topic::Answers,
    }
}

fn letters(dossier: &Dossier, part: &PartFile) -> Vec<LetterFacts> {
    let needed = |key: &str| dossier.terms().documents.iter().any(|d| d.key == key && d.required);
    let facts = |row: &entity::proposals::letter::Model| LetterFacts {
        key: row.id.to_string(),
        signer: row.signer_organisation.clone(),
        required: needed(&row.document),
        state: row.state,
        signed_on: row.signed_on,
    };
    part.letters.iter().map(facts).collect()
}
