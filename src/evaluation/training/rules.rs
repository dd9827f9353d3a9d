//! How the points for a training proposal are counted, so that they can be drawn without names.

use crate::evaluation::scores::rules::choices;
use entity::types::points::{Points, Scale};

/// As many steps a fine scale is drawn in.
const STEPS: i32 = 10;

/// A step of the drawing: its label, and the points in it from the first to the last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bin {
    pub label: String,
    from: Points,
    to: Points,
}

impl Bin {
    pub fn holds(&self, points: Points) -> bool {
        self.from <= points && points <= self.to
    }
}

/// The steps of a scale: its values, or ten parts of one with many.
pub fn bins(scale: Scale) -> Vec<Bin> {
    let values = choices(scale);
    if !values.is_empty() {
        return values.into_iter().map(|v| Bin { label: v.to_string(), from: v, to: v }).collect();
    }
    let (min, max) = (scale.min.as_hundredths(), scale.max.as_hundredths());
    let width = (max - min) / STEPS;
    let bin = |i: i32| {
        let from = Points::hundredths(min + width * i);
        let last = if i == STEPS - 1 { max } else { min + width * (i + 1) - 1 };
        let to = Points::hundredths(last);
        Bin { label: format!("{from} to {to}"), from, to }
    };
    (0..STEPS).map(bin).collect()
}

/// How many of the points fall into each step.
pub fn counts(bins: &[Bin], points: &[Points]) -> Vec<usize> {
    bins.iter().map(|bin| points.iter().filter(|p| bin.holds(**p)).count()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_point_falls_into_one_step() {
        let scale =
            |min, max, step| Scale { min: Points::whole(min), max: Points::whole(max), step: Points::hundredths(step) };
        let few = bins(scale(0, 5, 50));
        assert_eq!((few.len(), few[7].label.as_str()), (11, "3.5"));
        assert_eq!(counts(&few, &[Points::whole(5), Points::whole(5), Points::whole(0)])[10], 2);
        let many = scale(-10, 97, 1);
        let points: Vec<Points> = many.values();
        let counted = counts(&bins(many), &points);
        assert_eq!(counted.iter().sum::<usize>(), points.len());
        assert_eq!(counted.len(), 10);
    }
}
