use super::{
    divergence::{Clause, Divergence, FollowUp, Frame, Trigger, diverge},
    outliers::{OutlierRule, kept},
    thresholds::{KOfN, k_of_n, reaches},
    *,
};
use entity::types::points::Points;

/// Two criteria of 30 and 70 % on a scale of 0 to 5; the first has a threshold of 3, the total one of 3.
fn frame() -> Frame {
    Frame {
        scale: (0, 500),
        weights: vec![3_000, 7_000],
        thresholds: vec![Some(300), None],
        threshold_overall: Some(300 * WHOLE),
    }
}

fn sheets(points: &[[i64; 2]]) -> Vec<Sheet> {
    let sheet = |(evaluator, points): (usize, &[i64; 2])| Sheet {
        evaluator: evaluator + 10,
        points: points.iter().map(|p| Some(*p)).collect(),
    };
    points.iter().enumerate().map(sheet).collect()
}

fn found(trigger: Trigger, points: &[[i64; 2]]) -> Vec<Divergence> {
    diverge(&[Clause { trigger, then: FollowUp::Consensus }], &frame(), &sheets(points)).found
}

/// Criterion, low side, high side, difference.
type Told = (Option<usize>, Vec<usize>, Vec<usize>, i64);

fn told(found: &[Divergence]) -> Vec<Told> {
    found.iter().map(|d| (d.criterion, d.low.clone(), d.high.clone(), d.difference)).collect()
}

#[test]
fn a_difference_counts_only_beyond_the_limit() {
    let trigger = Trigger::CriterionDiffers { more_than: Points::hundredths(150) };
    assert_eq!(found(trigger, &[[300, 400], [450, 400]]), []);
    assert_eq!(
        told(&found(trigger, &[[300, 400], [451, 200], [300, 400]])),
        [(Some(0), vec![10, 12], vec![11], 151), (Some(1), vec![11], vec![10, 12], 200)]
    );
}

#[test]
fn totals_differ_by_exact_millionths() {
    // 0.3 × 3.00 + 0.7 × 4.00 = 3.70 against 0.3 × 3.50 + 0.7 × 4.50 = 4.20.
    assert_eq!(found(Trigger::TotalDiffers { more_than: Points::hundredths(50) }, &[[300, 400], [350, 450]]), []);
    assert_eq!(
        told(&found(Trigger::TotalDiffers { more_than: Points::hundredths(50) }, &[[300, 400], [351, 450]])),
        [(None, vec![10], vec![11], 50)]
    );
}

#[test]
fn the_middle_is_on_no_side() {
    assert_eq!(found(Trigger::CriterionAcrossMiddle, &[[250, 300], [300, 500]]), []);
    assert_eq!(
        told(&found(Trigger::CriterionAcrossMiddle, &[[249, 300], [251, 250], [250, 100]])),
        [(Some(0), vec![10], vec![11], 2), (Some(1), vec![12], vec![10], 200)]
    );
    assert_eq!(found(Trigger::TotalAcrossMiddle, &[[250, 250], [500, 500]]), []);
    assert_eq!(told(&found(Trigger::TotalAcrossMiddle, &[[0, 300], [500, 200]])), [(None, vec![10], vec![11], 80)]);
}

#[test]
fn a_threshold_is_crossed_when_some_reach_it() {
    assert_eq!(found(Trigger::CriterionAcrossThreshold, &[[300, 0], [500, 500]]), []);
    assert_eq!(
        told(&found(Trigger::CriterionAcrossThreshold, &[[299, 0], [300, 500]])),
        [(Some(0), vec![10], vec![11], 1)]
    );
    assert_eq!(told(&found(Trigger::TotalAcrossThreshold, &[[300, 299], [300, 300]])), [(None, vec![10], vec![11], 1)]);
}

#[test]
fn the_strongest_outcome_holds_and_nobody_asks_for_a_fourth_review() {
    let third =
        Clause { trigger: Trigger::TotalDiffers { more_than: Points::hundredths(100) }, then: FollowUp::ThirdReview };
    let meet = Clause { trigger: Trigger::CriterionAcrossThreshold, then: FollowUp::Consensus };
    let outcome = |points: &[[i64; 2]]| diverge(&[third, meet], &frame(), &sheets(points)).outcome;

    assert_eq!(outcome(&[[300, 400], [300, 400]]), None);
    assert_eq!(outcome(&[[300, 200], [300, 400]]), Some(FollowUp::ThirdReview));
    assert_eq!(outcome(&[[200, 200], [300, 400]]), Some(FollowUp::Consensus));
    assert_eq!(outcome(&[[300, 200], [300, 400], [300, 300]]), Some(FollowUp::Consensus));
}

#[test]
fn a_sheet_without_all_points_counts_by_criterion_only() {
    let mut sheets = sheets(&[[100, 100], [500, 500]]);
    sheets[0].points[1] = None;
    let rule = [
        Clause { trigger: Trigger::TotalDiffers { more_than: Points::hundredths(0) }, then: FollowUp::Consensus },
        Clause { trigger: Trigger::CriterionDiffers { more_than: Points::hundredths(0) }, then: FollowUp::ThirdReview },
    ];
    let verdict = diverge(&rule, &frame(), &sheets);
    assert_eq!(told(&verdict.found), [(Some(0), vec![10], vec![11], 400)]);
    assert_eq!(verdict.outcome, Some(FollowUp::ThirdReview));
    assert_eq!(diverge(&rule, &frame(), &[]).outcome, None);
}

#[test]
fn the_rule_is_data() {
    let clause =
        Clause { trigger: Trigger::TotalDiffers { more_than: Points::hundredths(150) }, then: FollowUp::ThirdReview };
    let text = r#"{"when":"total_differs","more_than":"1.5","then":"third_review"}"#;
    assert_eq!(serde_json::to_string(&clause).unwrap(), text);
    assert_eq!(serde_json::from_str::<Clause>(text).unwrap(), clause);
}

#[test]
fn one_against_all_is_dropped_and_nobody_else() {
    let scale = (100, 600);
    let kept = |points: &[i64]| kept(OutlierRule::OtherSideOfMiddle, scale, points);
    assert_eq!(kept(&[500, 200, 450]), [0, 2]);
    assert_eq!(kept(&[200, 300, 400]), [0, 1]);
    assert_eq!(kept(&[200, 500]), [0, 1]);
    assert_eq!(kept(&[200, 500, 350]), [0, 1, 2]);
    assert_eq!(kept(&[200, 300, 500, 500]), [0, 1, 2, 3]);
    assert_eq!(kept(&[500, 500, 500]), [0, 1, 2]);
}

#[test]
fn the_median_is_one_or_the_two_in_the_middle() {
    let kept = |points: &[i64]| kept(OutlierRule::Median, (0, 500), points);
    assert_eq!(kept(&[400, 100, 300]), [2]);
    assert_eq!(kept(&[400, 100, 300, 350]), [2, 3]);
    assert_eq!(kept(&[300, 300]), [0, 1]);
    assert_eq!(kept(&[300]), [0]);
    assert_eq!(kept(&[]), Vec::<usize>::new());
    assert_eq!(super::outliers::kept(OutlierRule::None, (0, 500), &[1, 2]), [0, 1]);
}

#[test]
fn two_of_three_criteria_are_enough_and_a_third_of_a_hundredth_is_not() {
    let rule = KOfN { criteria: 2, least: Points::hundredths(430) };
    let points = vec![vec![430, 430, 430], vec![500, 400, 389], vec![600, 600, 90]];
    let found = k_of_n(rule, &points);
    assert_eq!((found.passes, found.reached, found.short), (true, vec![0, 2], vec![1]));

    let found = k_of_n(rule, &[vec![430, 430, 429], vec![500], vec![]]);
    assert_eq!((found.passes, found.reached, found.short), (false, vec![1], vec![0, 2]));
    assert!(reaches(&[433, 433, 434], 433) && !reaches(&[], 0));
}
