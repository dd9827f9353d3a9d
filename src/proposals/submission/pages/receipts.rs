//! Receipts, versions and their differences.

use super::super::{
    content::Frozen,
    queries::{Compare, Comparison, Head, OneVersion, Version, Versions, VersionsOf},
    reading::{Read, chapters},
    receipt::verify_path,
};
use crate::{
    calls::rules::Piece,
    documents::letters::Block,
    web::{Answer, Choice, Frame, Visit, frame::Strip},
};
use askama::Template;
use entity::types::{
    ids::{PartId, ProposalId},
    states::PartState,
};
use poem::{handler, web::Path};

#[derive(Template)]
#[template(path = "proposals/submission/receipt.html")]
struct ReceiptPage {
    frame: Frame,
    strip: Strip,
    version: Version,
    at: String,
    iso: String,
    verify: String,
    chapters: Vec<Read>,
    /// Whether this version counts now.
    current: bool,
}

#[handler]
pub async fn receipt(visit: Visit, Path((proposal, part, number)): Path<(ProposalId, PartId, i32)>) -> Answer {
    let version = visit.ask(OneVersion { part, number }).await?;
    version.head.within(proposal)?;
    let current = version.ended_at.is_none();
    let title = format!("Receipt {}", version.frozen.receipt);
    visit.page(&ReceiptPage {
        frame: super::frame(&visit, &version.head, title),
        strip: super::strip(&version.head),
        at: super::super::about::in_zone(version.frozen.submitted_at, version.head.zone()),
        iso: crate::web::show::iso(version.frozen.submitted_at),
        verify: verify_path(&version.frozen.receipt, &version.digest),
        chapters: chapters(&version.frozen.content),
        current,
        version,
    })
}

#[handler]
pub async fn document(visit: Visit, Path((proposal, part, number)): Path<(ProposalId, PartId, i32)>) -> Answer {
    let version = visit.ask(OneVersion { part, number }).await?;
    version.head.within(proposal)?;
    visit.download(&file_name(&version.frozen), "application/json", version.frozen.canonical()?.into_bytes())
}

/// The name a frozen document is saved under.
pub fn file_name(frozen: &Frozen) -> String {
    format!("{}-version-{}.json", frozen.receipt, frozen.version)
}

#[derive(Template)]
#[template(path = "proposals/submission/versions.html")]
struct VersionsPage {
    frame: Frame,
    strip: Strip,
    versions: Versions,
    numbers: Vec<Choice>,
}

impl VersionsPage {
    fn at(&self, at: &chrono::DateTime<chrono::Utc>) -> String {
        super::super::about::in_zone(*at, self.versions.head.zone())
    }
}

#[handler]
pub async fn versions(visit: Visit, Path((proposal, part)): Path<(ProposalId, PartId)>) -> Answer {
    let versions = visit.ask(VersionsOf(part)).await?;
    versions.head.within(proposal)?;
    let choice = |n: i32| Choice::new(n.to_string(), format!("Version {n}"));
    visit.page(&VersionsPage {
        frame: super::frame(&visit, &versions.head, "Submitted versions"),
        strip: super::strip(&versions.head),
        numbers: versions.lines.iter().map(|line| choice(line.number)).collect(),
        versions,
    })
}

#[derive(Template)]
#[template(path = "proposals/submission/compare.html")]
struct ComparePage {
    frame: Frame,
    head: Head,
    from: String,
    to: String,
    comparison: Comparison,
}

#[handler]
pub async fn compare(visit: Visit, Path((proposal, part)): Path<(ProposalId, PartId)>) -> Answer {
    let number = |name: &str| visit.query(name).and_then(|n| n.parse().ok()).unwrap_or_default();
    let comparison = visit.ask(Compare { part, from: number("from"), to: number("to") }).await?;
    comparison.head.within(proposal)?;
    let head = comparison.head.clone();
    let said = |(n, at): (i32, chrono::DateTime<chrono::Utc>)| {
        format!("Version {n} of {}", super::super::about::in_zone(at, head.zone()))
    };
    visit.page(&ComparePage {
        frame: super::frame(&visit, &head, format!("Versions {} and {}", comparison.from.0, comparison.to.0)),
        from: said(comparison.from),
        to: said(comparison.to),
        head,
        comparison,
    })
}
