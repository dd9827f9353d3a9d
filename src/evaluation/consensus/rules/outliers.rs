//! Whose points count towards a mean. The mean of what is kept is the result; for the median that is the mean of the
//! one or two in the middle.

pub use entity::types::judging::OutlierRule;

/// Places of the points that count, ascending. Points are hundredths (or any exact unit, with the ends of the scale
/// in the same). O(n log n).
pub fn kept(rule: OutlierRule, scale: (i64, i64), points: &[i64]) -> Vec<usize> {
    let all = || (0..points.len()).collect::<Vec<_>>();
    match rule {
        OutlierRule::None => all(),
        OutlierRule::OtherSideOfMiddle => match outlier(scale, points) {
            Some(outlier) => (0..points.len()).filter(|place| *place != outlier).collect(),
            None => all(),
        },
        OutlierRule::Median => {
            let mut order = all();
            order.sort_by_key(|place| (points[*place], *place));
            let (low, high) = (points.len().saturating_sub(1) / 2, points.len() / 2);
            let mut middle: Vec<usize> = order.into_iter().skip(low).take(high + 1 - low).collect();
            middle.sort_unstable();
            middle
        }
    }
}

/// The one on the other side of the middle from all others, who must be two at least.
fn outlier((least, most): (i64, i64), points: &[i64]) -> Option<usize> {
    if points.len() < 3 {
        return None;
    }
    let side = |points: i64| (2 * points - least - most).signum();
    let on = |wanted: i64| (0..points.len()).filter(|place| side(points[*place]) == wanted).collect::<Vec<_>>();
    let (below, above) = (on(-1), on(1));
    match (below.as_slice(), above.as_slice()) {
        ([one], others) | (others, [one]) if others.len() + 1 == points.len() => Some(*one),
        _ => None,
    }
}
