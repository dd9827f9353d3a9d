//! In which order a panel discusses (domain.md 2.2: "most divergent first, or by rank").
//!
//! A place that follows from points tells of the points to whoever must not know them. So a proposal that somebody of
//! the panel is out of the room for stands behind the others, by its code, in every order that points make.

use entity::types::{ids::PanelItemId, states::PanelOrder};
use std::cmp::Reverse;

/// A proposal on the agenda, as far as its place depends on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    pub item: PanelItemId,
    pub code: String,
    /// Mean of the weighted totals and highest less lowest, in hundredths; none without a whole sheet.
    pub total: Option<i32>,
    pub spread: Option<i32>,
    /// Whether a consensus gave it to the panel.
    pub escalated: bool,
    /// Whether a member of the panel is out of the room for it.
    pub barred: bool,
}

/// The items in the order that was chosen; an order by hand stays as it is.
pub fn order(mut candidates: Vec<Candidate>, by: PanelOrder) -> Vec<PanelItemId> {
    let key = |c: &Candidate| -> (bool, Reverse<bool>, Reverse<Option<i32>>) {
        if c.barred {
            return (true, Reverse(false), Reverse(None));
        }
        match by {
            PanelOrder::ByTotal => (false, Reverse(false), Reverse(c.total)),
            PanelOrder::BySpread => (false, Reverse(false), Reverse(c.spread)),
            PanelOrder::Escalated => (false, Reverse(c.escalated), Reverse(c.spread)),
            PanelOrder::ByCode | PanelOrder::ByHand => (false, Reverse(false), Reverse(None)),
        }
    };
    match by {
        PanelOrder::ByHand => {}
        PanelOrder::ByCode => candidates.sort_by(|a, b| a.code.cmp(&b.code)),
        _ => candidates.sort_by(|a, b| key(a).cmp(&key(b)).then_with(|| a.code.cmp(&b.code))),
    }
    candidates.into_iter().map(|c| c.item).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn one(n: u128, total: i32, spread: i32, escalated: bool, barred: bool) -> Candidate {
        let item = PanelItemId(Uuid::from_u128(n));
        Candidate { item, code: format!("IE-{n}"), total: Some(total), spread: Some(spread), escalated, barred }
    }

    fn places(by: PanelOrder) -> Vec<u128> {
        let all = vec![
            one(4, 500, 300, true, true),
            one(3, 400, 20, true, false),
            one(2, 300, 200, false, false),
            one(1, 350, 100, false, false),
        ];
        order(all, by).into_iter().map(|item| item.0.as_u128()).collect()
    }

    #[test]
    fn each_order_has_its_first() {
        assert_eq!(places(PanelOrder::ByHand), [4, 3, 2, 1]);
        assert_eq!(places(PanelOrder::ByCode), [1, 2, 3, 4]);
        assert_eq!(places(PanelOrder::ByTotal), [3, 1, 2, 4]);
        assert_eq!(places(PanelOrder::BySpread), [2, 1, 3, 4]);
        assert_eq!(places(PanelOrder::Escalated), [3, 2, 1, 4]);
    }

    #[test]
    fn a_place_tells_nothing_of_points_that_somebody_must_not_know() {
        let mut low = vec![one(1, 400, 0, false, false), one(2, 300, 0, false, false), one(3, 100, 0, false, true)];
        let mut high = low.clone();
        high[2].total = Some(500);
        assert_eq!(order(low.split_off(0), PanelOrder::ByTotal), order(high, PanelOrder::ByTotal));
    }

    #[test]
    fn without_points_the_code_decides() {
        let bare = |n| Candidate { total: None, spread: None, ..one(n, 0, 0, false, false) };
        let ids = order(vec![bare(2), bare(1), one(3, 100, 0, false, false)], PanelOrder::ByTotal);
        assert_eq!(ids.into_iter().map(|i| i.0.as_u128()).collect::<Vec<_>>(), [3, 1, 2]);
    }
}
