//! Who comes first, and the sentence that says why.

use super::{Candidate, DRAWN, Lot, Scored};
use entity::types::{
    decimal,
    judging::RankBy,
    terms::{CallTerms, TieBreak},
};
use std::cmp::Ordering;

/// Passing before failing, then the lottery, then what the call ranks by, then the tie rule, then the code.
pub(super) fn compare(terms: &CallTerms, a: &Scored<'_>, b: &Scored<'_>) -> Ordering {
    b.failed
        .is_empty()
        .cmp(&a.failed.is_empty())
        .then_with(|| if a.failed.is_empty() { lot(a).cmp(&lot(b)) } else { Ordering::Equal })
        .then_with(|| measure(terms, a, b))
        .then_with(|| by_rule(terms, a, b).map_or(Ordering::Equal, |(order, _)| order))
        .then_with(|| a.candidate.code.cmp(&b.candidate.code))
}

/// What a lottery said; where there was none, all are alike.
fn lot(one: &Scored<'_>) -> Lot {
    one.candidate.lot.unwrap_or(Lot::Below)
}

fn measure(terms: &CallTerms, a: &Scored<'_>, b: &Scored<'_>) -> Ordering {
    match terms.evaluation.ranking.by {
        RankBy::Totals => b.total.cmp(&a.total),
        // Whoever the model does not know comes last.
        RankBy::ExpectedRanks => {
            let expected = |one: &Scored<'_>| one.candidate.expected.unwrap_or(u32::MAX);
            expected(a).cmp(&expected(b))
        }
    }
}

/// Whether the figures people see are equal.
fn alike(terms: &CallTerms, a: &Scored<'_>, b: &Scored<'_>) -> bool {
    let figures = match terms.evaluation.ranking.by {
        RankBy::Totals => a.total.hundredths() == b.total.hundredths(),
        RankBy::ExpectedRanks => a.candidate.expected == b.candidate.expected,
    };
    figures && a.failed.is_empty() == b.failed.is_empty() && lot(a) == lot(b)
}

/// Why the i-th stands where it does, when the figure it is ranked by does not say it: the lottery, or the tie rule
/// among equals; the one above is named first.
pub(super) fn reason(terms: &CallTerms, ranked: &[Scored<'_>], i: usize) -> Option<String> {
    let one = ranked.get(i)?;
    if let (true, Some(Lot::Drawn { place, of })) = (one.failed.is_empty(), one.candidate.lot) {
        return Some(format!("{DRAWN} {place} of {of} in the lottery among those the points cannot order"));
    }
    let like = |other: &&Scored<'_>| alike(terms, other, one);
    let above = i.checked_sub(1).and_then(|j| ranked.get(j)).filter(like);
    let below = ranked.get(i + 1).filter(like);
    if let Some(above) = above {
        return Some(format!("After {}: {}", above.candidate.code, why(terms, above, one)));
    }
    below.map(|below| format!("Before {}: {}", below.candidate.code, why(terms, one, below)))
}

fn why(terms: &CallTerms, first: &Scored<'_>, second: &Scored<'_>) -> String {
    let same = match terms.evaluation.ranking.by {
        RankBy::Totals if first.total != second.total => {
            return "the exact total is higher, the figures are equal only after rounding".to_owned();
        }
        RankBy::Totals => "same total".to_owned(),
        RankBy::ExpectedRanks => match first.candidate.expected {
            Some(rank) => format!("same expected rank of {}", decimal::fixed(i64::from(rank), 2)),
            None => "neither has an expected rank".to_owned(),
        },
    };
    by_rule(terms, first, second).map_or_else(
        || "equal in everything the tie rule asks; the code decides".to_owned(),
        |(_, why)| format!("{same}, {why}"),
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
        TieBreak::SmeShare => {
            let share = |c: &Candidate| (u64::from(c.sme_share.0), u64::from(c.sme_share.1).max(1));
            let (mine, rival) = (share(one), share(other));
            // Fractions are compared across, so that no rounding decides.
            let order = (rival.0 * mine.1).cmp(&(mine.0 * rival.1));
            let (high, low) = if order == Ordering::Greater { (other, one) } else { (one, other) };
            let show = |c: &Candidate| format!("{} of {}", c.sme_share.0, c.sme_share.1);
            (order, format!("greater share of SMEs ({} against {})", show(high), show(low)))
        }
        TieBreak::EarlierAwards => {
            let (mine, rival) = (one.earlier_awards, other.earlier_awards);
            let why = format!("fewer earlier awards ({} against {})", mine.min(rival), mine.max(rival));
            (mine.cmp(&rival), why)
        }
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
