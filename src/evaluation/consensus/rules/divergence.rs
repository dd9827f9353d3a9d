//! The divergence rule of a call (domain.md 2.6): what counts as seeing different things, who stands where, and what
//! follows.

use super::{Sheet, WHOLE};
pub use entity::types::judging::{Clause, FollowUp, Trigger};
use entity::types::{points::Points, terms::CallTerms};

/// The scale, weights and thresholds the rule is read against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Least and greatest points for a criterion, in hundredths.
    pub scale: (i64, i64),
    /// Basis points by criterion; they sum to a whole.
    pub weights: Vec<i64>,
    /// Least points by criterion, in hundredths.
    pub thresholds: Vec<Option<i64>>,
    /// Least weighted total, in hundredths times basis points.
    pub threshold_overall: Option<i64>,
}

impl Frame {
    /// What a call's terms say.
    pub fn of(terms: &CallTerms) -> Self {
        let scale = terms.evaluation.scale;
        let whole = hundredths(scale.max);
        Self {
            scale: (hundredths(scale.min), whole),
            weights: terms.criteria.iter().map(|c| i64::from(c.weight.basis_points())).collect(),
            thresholds: terms.criteria.iter().map(|c| c.threshold.map(hundredths)).collect(),
            threshold_overall: terms.evaluation.threshold_overall.map(|s| whole * i64::from(s.basis_points())),
        }
    }
}

fn hundredths(points: Points) -> i64 {
    i64::from(points.as_hundredths())
}

/// Who stands on which side, and by how much.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Divergence {
    pub clause: Clause,
    /// The criterion's place; none for the total.
    pub criterion: Option<usize>,
    /// Those with the lowest points or below the line, ascending by number.
    pub low: Vec<usize>,
    /// Those with the highest points or above it.
    pub high: Vec<usize>,
    /// Highest less lowest, in hundredths; for totals rounded half up for showing, never for deciding.
    pub difference: i64,
}

/// What the rule finds, and what follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// In the order of the rule, criteria in order under each clause.
    pub found: Vec<Divergence>,
    /// The strongest outcome; where there already are three complete sheets, a third review becomes a consensus.
    pub outcome: Option<FollowUp>,
}

/// Complete sheets from which on no further review is asked for.
const REVIEWS: usize = 3;

/// Applies the rule to the sheets of one proposal. O(clauses × criteria × sheets).
pub fn diverge(rule: &[Clause], frame: &Frame, sheets: &[Sheet]) -> Verdict {
    let found: Vec<Divergence> = rule.iter().flat_map(|clause| apply(*clause, frame, sheets)).collect();
    let complete = sheets.iter().filter(|sheet| sheet.total(&frame.weights).is_some()).count();
    let outcome = found.iter().map(|divergence| divergence.clause.then).max();
    let outcome = outcome.map(|outcome| if complete >= REVIEWS { FollowUp::Consensus } else { outcome });
    Verdict { found, outcome }
}

/// Evaluators with their points or totals.
type Given = [(usize, i64)];

fn apply(clause: Clause, frame: &Frame, sheets: &[Sheet]) -> Vec<Divergence> {
    let of_criteria = |find: &dyn Fn(usize, &Given) -> Option<Sides>| {
        let each = |criterion: usize| {
            let given: Vec<(usize, i64)> = sheets
                .iter()
                .filter_map(|sheet| Some((sheet.evaluator, sheet.points.get(criterion).copied().flatten()?)))
                .collect();
            let sides = find(criterion, &given)?;
            Some(sides.divergence(clause, Some(criterion), 1))
        };
        (0..frame.weights.len()).filter_map(each).collect()
    };
    let of_totals = |find: &dyn Fn(&Given) -> Option<Sides>| {
        let total = |sheet: &Sheet| Some((sheet.evaluator, sheet.total(&frame.weights)?));
        let totals: Vec<(usize, i64)> = sheets.iter().filter_map(total).collect();
        find(&totals).map(|sides| sides.divergence(clause, None, WHOLE)).into_iter().collect()
    };
    let (least, most) = frame.scale;
    match clause.trigger {
        Trigger::CriterionDiffers { more_than } => of_criteria(&|_, given| apart(given, hundredths(more_than))),
        Trigger::TotalDiffers { more_than } => of_totals(&|given| apart(given, hundredths(more_than) * WHOLE)),
        // Twice the points against the sum of both ends: the middle may lie between two hundredths.
        Trigger::CriterionAcrossMiddle => {
            of_criteria(&|_, given| across(given, |p| 2 * p < least + most, |p| 2 * p > least + most))
        }
        Trigger::TotalAcrossMiddle => {
            let middle = (least + most) * frame.weights.iter().sum::<i64>();
            of_totals(&|given| across(given, |p| 2 * p < middle, |p| 2 * p > middle))
        }
        Trigger::CriterionAcrossThreshold => of_criteria(&|criterion, given| {
            let least = frame.thresholds.get(criterion).copied().flatten()?;
            across(given, |p| p < least, |p| p >= least)
        }),
        Trigger::TotalAcrossThreshold => of_totals(&|given| {
            let least = frame.threshold_overall?;
            across(given, |p| p < least, |p| p >= least)
        }),
    }
}

/// Two sides with the lowest and the highest value.
struct Sides {
    low: Vec<usize>,
    high: Vec<usize>,
    ends: (i64, i64),
}

impl Sides {
    fn divergence(mut self, clause: Clause, criterion: Option<usize>, unit: i64) -> Divergence {
        self.low.sort_unstable();
        self.high.sort_unstable();
        let apart = self.ends.1 - self.ends.0;
        let difference = (2 * apart + unit).div_euclid(2 * unit);
        Divergence { clause, criterion, low: self.low, high: self.high, difference }
    }
}

/// Whether the ends differ by more than so much.
fn apart(given: &Given, more_than: i64) -> Option<Sides> {
    let ends = ends(given)?;
    let at = |end: i64| given.iter().filter(|(_, points)| *points == end).map(|(by, _)| *by).collect();
    (ends.1 - ends.0 > more_than).then(|| Sides { low: at(ends.0), high: at(ends.1), ends })
}

/// Whether there is somebody on both sides.
fn across(given: &Given, below: impl Fn(i64) -> bool, above: impl Fn(i64) -> bool) -> Option<Sides> {
    let side = |on: &dyn Fn(i64) -> bool| -> Vec<usize> {
        given.iter().filter(|(_, points)| on(*points)).map(|(by, _)| *by).collect()
    };
    let (low, high) = (side(&below), side(&above));
    (!low.is_empty() && !high.is_empty()).then_some(())?;
    Some(Sides { low, high, ends: ends(given)? })
}

fn ends(given: &Given) -> Option<(i64, i64)> {
    let points = || given.iter().map(|(_, points)| *points);
    points().min().zip(points().max())
}
