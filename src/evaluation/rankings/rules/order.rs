//! Who comes first, and the sentence that says why.

use super::Scored;
use entity::types::terms::{CallTerms, TieBreak};
use std::cmp::Ordering;

/// Passing before failing, then the total, then the tie rule, then the code.
pub(super) fn compare(terms: &CallTerms, a: &Scored<'_>, b: &Scored<'_>) -> Ordering {
    b.failed
        .is_empty()
        .cmp(&a.failed.is_empty())
        .then_with(|| b.total.cmp(&a.total))
        .then_with(|| by_rule(terms, a, b).map_or(Ordering::Equal, |(order, _)| order))
        .then_with(|| a.candidate.code.cmp(&b.candidate.code))
}

/// Why the i-th stands where it does among those who show the same total; the one above is named first.
pub(super) fn reason(terms: &CallTerms, ranked: &[Scored<'_>], i: usize) -> Option<String> {
    let one = ranked.get(i)?;
    let alike = |other: &&Scored<'_>| {
        other.total.hundredths() == one.total.hundredths() && other.failed.is_empty() == one.failed.is_empty()
    };
    let above = i.checked_sub(1).and_then(|j| ranked.get(j)).filter(alike);
    let below = ranked.get(i + 1).filter(alike);
    if let Some(above) = above {
        return Some(format!("After {}: {}", above.candidate.code, why(terms, above, one)));
    }
    below.map(|below| format!("Before {}: {}", below.candidate.code, why(terms, one, below)))
}

fn why(terms: &CallTerms, first: &Scored<'_>, second: &Scored<'_>) -> String {
    if first.total != second.total {
        return "the exact total is higher, the figures are equal only after rounding".to_owned();
    }
    by_rule(terms, first, second).map_or_else(
        || "equal in everything the tie rule asks; the code decides".to_owned(),
        |(_, why)| format!("same total, {why}"),
    )
}

/// The first step of the tie rule that tells the two apart, and its sentence.
fn by_rule(terms: &CallTerms, a: &Scored<'_>, b: &Scored<'_>) -> Option<(Ordering, String)> {
    terms.evaluation.tie_rule.iter().find_map(|tie| {
        let (order, why) = step(terms, tie, a, b);
        (order != Ordering::Equal).then_some((order, why))
    })
}

fn step(terms: &CallTerms, tie: &TieBreak, a: &Scored<'_>, b: &Scored<'_>) -> (Ordering, String) {
    let (one, other) = (a.candidate, b.candidate);
    match tie {
        TieBreak::Criterion { key } => {
            let Some(i) = terms.criteria.iter().position(|c| c.key == *key) else {
                return (Ordering::Equal, String::new());
            };
            let (mean, rival) = (a.means[i], b.means[i]);
            let (high, low) = (mean.max(rival), mean.min(rival));
            let show = |m: Option<super::Fraction>| m.map_or_else(|| "nothing".to_owned(), |m| m.text());
            let why = format!("higher mean for “{}” ({} against {})", terms.criteria[i].name, show(high), show(low));
            (rival.cmp(&mean), why)
        }
        TieBreak::Countries => more("countries", one.countries, other.countries),
        TieBreak::Smes => more("SMEs", one.smes, other.smes),
        TieBreak::Spread => {
            let (low, high) = (a.spread.min(b.spread), a.spread.max(b.spread));
            let why = format!("evaluators closer together ({} against {} points)", low.text(), high.text());
            (a.spread.cmp(&b.spread), why)
        }
        TieBreak::Submitted => {
            let order = match (one.submitted_at, other.submitted_at) {
                (Some(a), Some(b)) => a.cmp(&b),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => Ordering::Equal,
            };
            (order, "submitted earlier".to_owned())
        }
    }
}

fn more(what: &str, a: u32, b: u32) -> (Ordering, String) {
    (b.cmp(&a), format!("more {what} ({} against {})", a.max(b), a.min(b)))
}
