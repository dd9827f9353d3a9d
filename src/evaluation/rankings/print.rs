//! The ranking as a document to be printed.

use super::queries::{Place, RankingView, Rankings, shown};
use crate::{
    documents::letters::{Column, ListDocument, Printed},
    kernel::{AppError, Result},
};
use chrono::{DateTime, Utc};
use entity::types::period;

/// The places the reader sees, with who signed and the checksum of what was signed.
///
/// # Errors
/// When the document cannot be set.
pub async fn pdf(rankings: &Rankings, ranking: &RankingView, now: DateTime<Utc>) -> Result<Vec<u8>> {
    let document = document(rankings, ranking, now);
    tokio::task::spawn_blocking(move || document.pdf())
        .await
        .map_err(|e| AppError::Broken(e.into()))?
        .map_err(|e| AppError::Broken(e.into()))
}

fn document(rankings: &Rankings, ranking: &RankingView, now: DateTime<Utc>) -> ListDocument {
    let zone = rankings.terms.zone;
    let mut notes = vec![format!("State: {}", ranking.state.label())];
    notes.push(format!("Drawn {} by {}", period::in_zone(ranking.made_at, zone), ranking.made_by));
    if let (Some(name), Some(at)) = (&ranking.fixed_by, ranking.fixed_at) {
        notes.push(format!("Signed {} by {name}", period::in_zone(at, zone)));
    }
    if let Some(digest) = &ranking.digest {
        notes.push(format!("SHA-256 of what was signed: {digest}"));
    }
    if !ranking.reason.is_empty() {
        notes.push(format!("Why: {}", ranking.reason));
    }
    if ranking.hidden > 0 {
        notes.push(format!("Places not shown to the reader: {}", ranking.hidden));
    }
    let row = |place: &Place| {
        let thresholds = if place.passes { "above".to_owned() } else { place.detail.failed.join("; ") };
        vec![
            place.rank.to_string(),
            place.code.clone(),
            place.title.clone(),
            shown(place.total),
            thresholds,
            shown(place.spread),
            place.tie_reason.clone().unwrap_or_default(),
        ]
    };
    ListDocument {
        language: "en".to_owned(),
        date: now.with_timezone(&zone).date_naive(),
        issuer: rankings.terms.title.clone(),
        title: format!("Ranking {} of {}", ranking.number, rankings.call_code),
        notes,
        columns: vec![
            Column::number("Place"),
            Column::text("Proposal"),
            Column::text("Title"),
            Column::number("Total"),
            Column::text("Thresholds"),
            Column::number("Spread"),
            Column::text("Why here"),
        ],
        rows: ranking.places.iter().map(row).collect(),
        total: None,
    }
}
