//! Mergers and splits: where earlier awards go (Regulation (EU) 2023/2831, Article 3(8) and (9)).

use super::super::ownership::Node;
use super::room::Award;
use chrono::NaiveDate;
use entity::types::money::Money;
use std::collections::BTreeMap;

/// Who comes out of a split, and the book value of its equity on the day of the split, in cents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heir {
    pub node: Node,
    pub equity: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Succession {
    /// All earlier aid of all of them counts for the new or acquiring enterprise.
    Merger { on: NaiveDate, of: Vec<Node>, into: Node },
    /// Earlier aid goes with the activities it was used for; where these cannot be told, by book value of equity.
    Split {
        on: NaiveDate,
        of: Node,
        heirs: Vec<Heir>,
        /// By place of the award: who took the activities over.
        by_activity: BTreeMap<usize, Node>,
    },
}

impl Succession {
    pub fn on(&self) -> NaiveDate {
        match self {
            Self::Merger { on, .. } | Self::Split { on, .. } => *on,
        }
    }
}

/// An award, or a part of one, where it counts on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Carried {
    /// The place of the award it came from.
    pub from: usize,
    pub award: Award,
}

/// Where each award counts on a day, after the mergers and splits of up to that day. No cent is lost; whatever was
/// covered when it was granted stays so.
pub fn carried(awards: &[Award], successions: &[Succession], on: NaiveDate) -> Vec<Carried> {
    let mut list: Vec<Carried> =
        awards.iter().enumerate().map(|(from, award)| Carried { from, award: *award }).collect();
    let mut events: Vec<&Succession> = successions.iter().filter(|event| event.on() <= on).collect();
    events.sort_by_key(|event| event.on());
    for event in events {
        list = list.into_iter().flat_map(|one| moved(one, event)).collect();
    }
    list
}

fn moved(one: Carried, event: &Succession) -> Vec<Carried> {
    if one.award.granted_on > event.on() {
        return vec![one];
    }
    let to = |to: Node, amount: Money| Carried { award: Award { to, amount, ..one.award }, ..one };
    match event {
        Succession::Merger { of, into, .. } if of.contains(&one.award.to) => vec![to(*into, one.award.amount)],
        Succession::Split { of, heirs, by_activity, .. } if *of == one.award.to && !heirs.is_empty() => {
            match by_activity.get(&one.from) {
                Some(heir) => vec![to(*heir, one.award.amount)],
                None => by_equity(one.award.amount, heirs).into_iter().map(|(heir, part)| to(heir, part)).collect(),
            }
        }
        _ => vec![one],
    }
}

/// The amount in proportion to equity, what is left over cent by cent to the largest remainders; equal parts when
/// nobody has any equity.
fn by_equity(amount: Money, heirs: &[Heir]) -> Vec<(Node, Money)> {
    let weights: Vec<i128> = heirs.iter().map(|heir| i128::from(heir.equity.max(0))).collect();
    let weights = if weights.iter().any(|weight| *weight > 0) { weights } else { vec![1; heirs.len()] };
    let sum: i128 = weights.iter().sum();
    let exact: Vec<i128> = weights.iter().map(|weight| i128::from(amount.minor) * weight).collect();
    let mut parts: Vec<i128> = exact.iter().map(|exact| exact / sum).collect();
    let mut order: Vec<usize> = (0..heirs.len()).collect();
    order.sort_by_key(|at| (std::cmp::Reverse(exact[*at] % sum), *at));
    let rest = i128::from(amount.minor) - parts.iter().sum::<i128>();
    for at in order.into_iter().take(usize::try_from(rest).unwrap_or(0)) {
        parts[at] += 1;
    }
    let money = |part: i128| Money::new(i64::try_from(part).unwrap_or(i64::MAX), amount.currency);
    heirs.iter().zip(parts).map(|(heir, part)| (heir.node, money(part))).collect()
}
