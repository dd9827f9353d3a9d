//! The two-period rule: what a ceiling crossed once does not change (Annex Article 4(2)).

use super::ceilings::Class;

/// The status after each period, from the class read off each, oldest first. A ceiling counts as exceeded, or as kept
/// again, only after two periods in a row; the first period known sets the start.
pub fn over_periods(raw: &[Class]) -> Vec<Class> {
    const CEILINGS: [Class; 3] = [Class::Micro, Class::Small, Class::Medium];
    let Some(first) = raw.first() else { return Vec::new() };
    let mut kept = CEILINGS.map(|ceiling| *first <= ceiling);
    let mut before = *first;
    raw.iter()
        .map(|class| {
            for (kept, ceiling) in kept.iter_mut().zip(CEILINGS) {
                let now = *class <= ceiling;
                if now == (before <= ceiling) {
                    *kept = now;
                }
            }
            before = *class;
            CEILINGS.into_iter().zip(kept).find(|(_, kept)| *kept).map_or(Class::NotSme, |(ceiling, _)| ceiling)
        })
        .collect()
}
