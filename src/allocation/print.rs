//! The minutes of a scenario as a document to be printed.

use super::{
    queries::{MatrixRow, ScenarioSheet},
    rules::words::times,
};
use crate::{
    documents::letters::{Column, Fact, Printed, RecordDocument, RecordSection},
    kernel::{AppError, Result},
};
use chrono::{DateTime, Utc};
use entity::types::{decimal, period};

/// The scenario the reader sees, with who signed and the checksum of what was signed.
///
/// # Errors
/// When the document cannot be set.
pub async fn pdf(sheet: &ScenarioSheet, now: DateTime<Utc>) -> Result<Vec<u8>> {
    let document = document(sheet, now);
    tokio::task::spawn_blocking(move || document.pdf())
        .await
        .map_err(|e| AppError::Broken(e.into()))?
        .map_err(|e| AppError::Broken(e.into()))
}

fn document(sheet: &ScenarioSheet, now: DateTime<Utc>) -> RecordDocument {
    let at = |instant: DateTime<Utc>| period::in_zone(instant, sheet.zone);
    let mut facts = vec![
        Fact::new("Call", format!("{} {}", sheet.call_code, sheet.call_title)),
        Fact::new("Ranking", format!("{} ({})", sheet.ranking, sheet.ranking_state.label().to_lowercase())),
        Fact::new("Strategy", sheet.settings.summary()),
        Fact::new("State", sheet.state.label()),
    ];
    if let (Some(by), Some(adopted)) = (&sheet.adopted_by, sheet.adopted_at) {
        facts.push(Fact::new("Signed", format!("{} by {by}", at(adopted))));
    }
    if !sheet.reason.is_empty() {
        facts.push(Fact::new("Why", sheet.reason.clone()));
    }
    if let Some(figures) = &sheet.figures {
        facts.push(Fact::new("Funded", format!("{} of {}, {} in all", figures.funded, figures.of, figures.granted)));
        facts.push(Fact::new("Sum of scores", decimal::plain(figures.score, 2)));
        facts.push(Fact::new("Passed over", figures.passed_over.to_string()));
    }
    if let Some(pot) = &sheet.pot {
        facts.push(Fact::new("Balancing pot", format!("{}; paid {}, left {}", pot.money, pot.paid, pot.left)));
    }
    if let Some((money, left)) = &sheet.top_up {
        facts.push(Fact::new("Nordic top-up", format!("{money}; left {left}")));
    }
    for (name, digest) in [("SHA-256 of the input", &sheet.digest), ("SHA-256 of the minutes", &sheet.minutes_digest)] {
        if let Some(digest) = digest {
            facts.push(Fact::new(name, digest.clone()));
        }
    }
    if sheet.others > 0 {
        facts.push(Fact::new("Not shown to the reader", format!("{} proposals", sheet.others)));
    }
    let agencies = sheet.agencies.iter().map(|one| {
        let subscribed = one.subscribed.map(times).unwrap_or_default();
        let sums = [one.budget, one.asked, one.granted, one.left].map(|money| money.to_string());
        [one.name.clone()].into_iter().chain(sums).chain([subscribed]).collect()
    });
    RecordDocument {
        language: "en".to_owned(),
        date: now.with_timezone(&sheet.zone).date_naive(),
        issuer: sheet.call_title.clone(),
        title: format!("Allocation: {}", sheet.name),
        facts,
        sections: vec![
            RecordSection {
                title: "Agencies".to_owned(),
                columns: vec![
                    Column::text("Agency"),
                    Column::number("Budget"),
                    Column::number("Asked"),
                    Column::number("Granted"),
                    Column::number("Left"),
                    Column::number("Times asked"),
                ],
                rows: agencies.collect(),
                ..RecordSection::default()
            },
            RecordSection {
                title: "Proposals down the ranking".to_owned(),
                columns: vec![
                    Column::number("Place"),
                    Column::text("Proposal"),
                    Column::text("Outcome"),
                    Column::text("Parts"),
                    Column::text("Lacking"),
                ],
                rows: sheet.rows.rows.iter().map(line).collect(),
                ..RecordSection::default()
            },
        ],
    }
}

fn line(row: &MatrixRow) -> Vec<String> {
    let parts: Vec<String> = row
        .cells
        .iter()
        .flatten()
        .map(|part| format!("{}: {} of {} ({})", part.agency, part.granted, part.asked, part.fate.label()))
        .collect();
    vec![
        row.rank.to_string(),
        format!("{} {}", row.code, row.title),
        row.verdict.label().to_owned(),
        parts.join("; "),
        row.short_of(),
    ]
}
