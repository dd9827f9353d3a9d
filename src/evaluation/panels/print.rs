//! The minutes as a document to be printed.

use super::queries::{Document, DocumentItem, MinutesView};
use crate::{
    documents::letters::{Column, Fact, Printed, RecordDocument, RecordSection},
    kernel::{AppError, Result},
};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use entity::types::{period, states::PresenceKind};

/// What the reader sees of the minutes, with who signed and the checksum of what was signed.
///
/// # Errors
/// When the document cannot be set.
pub async fn pdf(minutes: &MinutesView, now: DateTime<Utc>) -> Result<Vec<u8>> {
    let document = record(minutes, now);
    tokio::task::spawn_blocking(move || document.pdf())
        .await
        .map_err(|e| AppError::Broken(e.into()))?
        .map_err(|e| AppError::Broken(e.into()))
}

fn fact(name: &str, value: impl Into<String>) -> Fact {
    Fact { name: name.to_owned(), value: value.into() }
}

fn record(minutes: &MinutesView, now: DateTime<Utc>) -> RecordDocument {
    let (said, zone) = (&minutes.document, minutes.zone);
    let mut facts = vec![fact("Call", format!("{} {}", said.call, said.call_title)), fact("Chair", &said.chair)];
    for (name, value) in [("Deputy", &said.deputy), ("Place", &said.place), ("Correction", &said.correction)] {
        if !value.is_empty() {
            facts.push(fact(name, value));
        }
    }
    for (name, at) in [("Opened", said.opened_at), ("Closed", said.closed_at)] {
        if let Some(at) = at {
            facts.push(fact(name, period::in_zone(at, zone)));
        }
    }
    facts.push(fact("Quorum", format!("{} members", said.quorum)));
    match &minutes.signed {
        None => facts.push(fact("State", "Draft, not signed")),
        Some(signed) => {
            facts.push(fact("State", format!("Version {}: {}", signed.number, signed.state.label())));
            facts.push(fact("Signed", format!("{}, {}", signed.chair, period::in_zone(signed.signed_at, zone))));
            if let (Some(name), Some(at)) = (&signed.deputy, signed.deputy_at) {
                facts.push(fact("Second signature", format!("{name}, {}", period::in_zone(at, zone))));
            }
            facts.push(fact("SHA-256 of what was signed", &signed.digest));
        }
    }
    let mut sections = vec![attendance(said, zone)];
    sections.extend(said.items.iter().zip(1..).map(|(item, number)| section(item, number, zone)));
    RecordDocument {
        language: "en".to_owned(),
        date: now.with_timezone(&zone).date_naive(),
        issuer: said.call_title.clone(),
        title: format!("Minutes of the panel “{}”", said.panel),
        facts,
        sections,
    }
}

fn attendance(said: &Document, zone: Tz) -> RecordSection {
    let clock = |at: &DateTime<Utc>| at.with_timezone(&zone).format("%-d %B, %H:%M").to_string();
    let moves = |of: &[(PresenceKind, DateTime<Utc>)]| {
        let told = of.iter().map(|(kind, at)| match kind {
            PresenceKind::Arrived => format!("came {}", clock(at)),
            _ => format!("left {}", clock(at)),
        });
        told.collect::<Vec<_>>().join("; ")
    };
    RecordSection {
        title: "Who was there".to_owned(),
        columns: vec![Column::text("Member"), Column::text("Came and left")],
        rows: said.attended.iter().map(|one| vec![one.name.clone(), moves(&one.moves)]).collect(),
        ..RecordSection::default()
    }
}

fn section(item: &DocumentItem, number: usize, zone: Tz) -> RecordSection {
    let mut facts = vec![fact("State", item.state.label())];
    if let (Some(from), Some(to)) = (item.began_at, item.ended_at) {
        let clock = |at: DateTime<Utc>| at.with_timezone(&zone).format("%H:%M").to_string();
        facts.push(fact(
            "Discussed",
            format!("{}, {} to {}", period::day(from.with_timezone(&zone).date_naive()), clock(from), clock(to)),
        ));
    }
    if !item.lead.is_empty() {
        facts.push(fact("Introduced by", &item.lead));
    }
    for one in &item.out {
        facts.push(fact("Out of the room", format!("{}: {}", one.name, one.why.label())));
    }
    if !item.outcome.is_empty() {
        facts.push(fact("Outcome", &item.outcome));
    }
    for vote in &item.votes {
        let counts = format!("{} yes, {} no, {} abstained", vote.yes, vote.no, vote.abstain);
        let kind = if vote.secret { "secret vote" } else { "open vote" };
        let mut told = format!("{} ({kind}): {counts}. {}.", vote.question, vote.result.label());
        if !vote.named.is_empty() {
            let named: Vec<String> =
                vote.named.iter().map(|(name, choice)| format!("{name}: {}", choice.label())).collect();
            told = format!("{told} {}.", named.join(", "));
        }
        facts.push(fact("Vote", told));
    }
    let note = |one: &super::queries::MinutedNote| format!("{} ({})", one.text, one.who);
    RecordSection {
        title: format!("{number}. {} {}", item.code, item.title),
        facts,
        paragraphs: item.notes.iter().map(note).collect(),
        columns: vec![Column::text("Criterion"), Column::number("Points"), Column::text("Why")],
        rows: item.points.iter().map(|p| vec![p.criterion.clone(), p.points.clone(), p.reason.clone()]).collect(),
    }
}
