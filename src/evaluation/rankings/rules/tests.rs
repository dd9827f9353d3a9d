use super::*;
use crate::calls::archive::{read, shipped};
use entity::types::terms::TieBreak;
use std::sync::LazyLock;
use uuid::Uuid;

static CALL: LazyLock<CallTerms> = LazyLock::new(|| read(shipped::INNOVATION_EXPRESS_2017).unwrap().call);

fn terms() -> CallTerms {
    CALL.clone()
}

/// A candidate whose evaluators each give the same points for every criterion.
fn candidate(n: u32, each: &[i32]) -> Candidate {
    let sheet = |points: i32| {
        terms().criteria.into_iter().map(|c| (c.key, Points::hundredths(points))).collect::<BTreeMap<_, _>>()
    };
    Candidate {
        proposal: Uuid::from_u128(n.into()).into(),
        code: format!("IE-2017-{n:03}"),
        sheets: each.iter().map(|p| sheet(*p)).collect(),
        countries: 2,
        smes: 6,
        sme_share: (6, 8),
        earlier_awards: 2,
        submitted_at: "2017-10-30T12:00:00Z".parse().ok(),
        agreed: BTreeMap::new(),
        expected: None,
        lot: None,
    }
}

fn set(candidate: &mut Candidate, sheet: usize, key: &str, points: i32) {
    candidate.sheets[sheet].insert(key.into(), Points::hundredths(points));
}

fn order(lines: &[RankedLine]) -> Vec<u128> {
    lines.iter().map(|l| l.proposal.0.as_u128()).collect()
}

#[test]
fn a_total_is_the_weighted_mean_rounded_once() {
    let mut one = candidate(1, &[400, 400, 350]);
    set(&mut one, 0, "c1", 500);
    let lines = rank(&terms(), &[one]);

    // c1: (5 + 4 + 3.5) / 3 at 30 %, the rest (4 + 4 + 3.5) / 3 at 70 %: 1.25 + 2.68333…
    assert_eq!(lines[0].total_hundredths, 393);
    assert_eq!(lines[0].per_criterion[0].mean, Some(417));
    assert_eq!(lines[0].per_criterion[0].spread, 150);
    assert_eq!(lines[0].spread, 80);
    assert!(lines[0].passes);
    assert_eq!(lines[0].tie_reason, None);
}

#[test]
fn a_threshold_is_reached_exactly_or_failed_by_a_fraction() {
    let at = rank(&terms(), &[candidate(1, &[300, 300, 300])]);
    assert!(at[0].passes);

    let mut below = candidate(1, &[350, 350, 350]);
    for (sheet, points) in [(0, 300), (1, 300), (2, 250)] {
        set(&mut below, sheet, "c5", points);
    }
    let lines = rank(&terms(), &[below]);
    assert_eq!(lines[0].failed, ["“Quality of the work plan, resources and partnership” has 2.83; the threshold is 3"]);

    let lines = rank(&terms(), &[candidate(1, &[250, 300, 300])]);
    assert_eq!(lines[0].failed.len(), 7);
    assert_eq!(lines[0].failed[6], "The total of 2.83 is below 3.00, which is 60\u{a0}% of the greatest");
}

#[test]
fn who_fails_a_threshold_stands_below_all_who_pass() {
    let mut strong = candidate(1, &[500, 500]);
    set(&mut strong, 0, "c6", 0);
    let weak = candidate(2, &[300, 300]);
    let lines = rank(&terms(), &[strong, weak]);

    assert_eq!(order(&lines), [2, 1]);
    assert!(lines[1].total_hundredths > lines[0].total_hundredths);
}

#[test]
fn a_missing_score_fails_and_counts_for_nothing() {
    let mut one = candidate(1, &[400]);
    one.sheets[0].remove("c2");
    let lines = rank(&terms(), &[one, candidate(2, &[])]);

    assert_eq!(
        lines[0].failed,
        ["“Potential to create benefits for the participating cluster initiatives” has no points"]
    );
    assert_eq!(lines[0].per_criterion[1].mean, None);
    assert_eq!((lines[1].total_hundredths, lines[1].spread), (0, 0));
}

#[test]
fn the_tie_rule_is_asked_in_its_order_and_named() {
    // Same total: c1 (30 %) up by 1/3 of a point, c2 (20 %) down by half a point.
    let mut a = candidate(1, &[400, 400, 400]);
    set(&mut a, 0, "c1", 500);
    let mut b = candidate(2, &[400, 400, 400]);
    set(&mut b, 0, "c2", 450);
    set(&mut b, 1, "c2", 450);
    set(&mut b, 2, "c2", 450);
    let lines = rank(&terms(), &[b, a]);

    assert_eq!(order(&lines), [1, 2]);
    assert_eq!(lines[0].total_hundredths, lines[1].total_hundredths);
    let why = "same total, higher mean for “Potential to create benefits for the participating companies” (4.33 against 4.00)";
    assert_eq!(lines[0].tie_reason.as_deref(), Some(format!("Before IE-2017-002: {why}").as_str()));
    assert_eq!(lines[1].tie_reason.as_deref(), Some(format!("After IE-2017-001: {why}").as_str()));
}

#[test]
fn later_steps_decide_when_earlier_ones_are_equal() {
    let reason = |change: &dyn Fn(&mut Candidate)| {
        let mut better = candidate(2, &[300, 400]);
        change(&mut better);
        let lines = rank(&terms(), &[candidate(1, &[300, 400]), better]);
        assert_eq!(order(&lines), [2, 1]);
        lines[0].tie_reason.clone().unwrap()
    };

    assert_eq!(reason(&|c| c.countries = 3), "Before IE-2017-001: same total, more countries (3 against 2)");
    assert_eq!(reason(&|c| c.smes = 9), "Before IE-2017-001: same total, more SMEs (9 against 6)");
    assert_eq!(
        reason(&|c| c.sheets = candidate(2, &[350, 350]).sheets),
        "Before IE-2017-001: same total, evaluators closer together (0.00 against 1.00 points)"
    );
    assert_eq!(
        reason(&|c| c.submitted_at = "2017-10-29T12:00:00Z".parse().ok()),
        "Before IE-2017-001: same total, submitted earlier"
    );
}

#[test]
fn the_share_of_smes_and_earlier_awards_decide_where_a_call_says_so() {
    let mut terms = terms();
    terms.evaluation.tie_rule = vec![TieBreak::SmeShare, TieBreak::EarlierAwards];
    let reason = |change: &dyn Fn(&mut Candidate)| {
        let mut better = candidate(2, &[300, 400]);
        change(&mut better);
        let lines = rank(&terms, &[candidate(1, &[300, 400]), better]);
        assert_eq!(order(&lines), [2, 1]);
        lines[0].tie_reason.clone().unwrap()
    };

    // Fewer SMEs, but a greater share of them.
    assert_eq!(
        reason(&|c| c.sme_share = (4, 5)),
        "Before IE-2017-001: same total, greater share of SMEs (4 of 5 against 6 of 8)"
    );
    // The same share in other numbers decides nothing.
    assert_eq!(
        reason(&|c| (c.sme_share, c.earlier_awards) = ((3, 4), 0)),
        "Before IE-2017-001: same total, fewer earlier awards (0 against 2)"
    );
    let mut nobody = candidate(1, &[300, 400]);
    nobody.sme_share = (0, 0);
    assert_eq!(order(&rank(&terms, &[nobody, candidate(2, &[300, 400])])), [2, 1]);
}

#[test]
fn complete_equals_are_ordered_by_code_and_say_so() {
    let lines = rank(&terms(), &[candidate(2, &[350]), candidate(1, &[350])]);

    assert_eq!(order(&lines), [1, 2]);
    assert_eq!(
        lines[1].tie_reason.as_deref(),
        Some("After IE-2017-001: equal in everything the tie rule asks; the code decides")
    );
}

#[test]
fn equal_after_rounding_is_not_equal() {
    let mut three = candidate(1, &[350, 350, 350]);
    set(&mut three, 0, "c6", 400);
    let mut lower = candidate(2, &[350; 31]);
    for sheet in 0..10 {
        set(&mut lower, sheet, "c6", 400);
    }
    let lines = rank(&terms(), &[lower, three]);

    assert_eq!(lines[0].total_hundredths, lines[1].total_hundredths);
    assert_eq!(order(&lines), [1, 2]);
    assert!(lines[0].tie_reason.as_deref().unwrap().contains("only after rounding"));
}

/// Whatever the points: places are 1 to n, the order is that of the rule, and the order of the input does not matter.
#[test]
fn any_ranking_is_total_and_does_not_depend_on_the_order_of_arrival() {
    let terms = terms();
    let mut state = 2017u64;
    let mut draw = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    for _ in 0..60 {
        let mut candidates: Vec<Candidate> = (1..=12)
            .map(|n| {
                let mut one = candidate(n, &[0; 3]);
                for sheet in 0..3 {
                    for criterion in &terms.criteria {
                        let points = 250 + 50 * i32::try_from(draw(5)).unwrap();
                        set(&mut one, sheet, &criterion.key, points);
                    }
                }
                one.countries = 2 + u32::try_from(draw(2)).unwrap();
                one
            })
            .collect();
        let lines = rank(&terms, &candidates);
        candidates.reverse();
        assert_eq!(lines, rank(&terms, &candidates));

        assert_eq!(lines.iter().map(|l| l.rank).collect::<Vec<_>>(), (1..=12).collect::<Vec<_>>());
        for pair in lines.windows(2) {
            assert!(pair[0].passes >= pair[1].passes);
            if pair[0].passes == pair[1].passes {
                assert!(pair[0].total_hundredths >= pair[1].total_hundredths);
            }
        }
        for line in &lines {
            assert_eq!(line.passes, line.failed.is_empty());
            assert!((0..=500).contains(&line.total_hundredths) && (0..=500).contains(&line.spread));
        }
    }
}

#[test]
fn agreed_points_count_instead_of_the_evaluators_own_and_say_who_agreed() {
    let mut one = candidate(1, &[200, 500]);
    one.agreed.insert("c1".into(), (Points::hundredths(450), AgreedSource::Panel));
    one.agreed.insert("c2".into(), (Points::hundredths(300), AgreedSource::Consensus));
    let line = &rank(&terms(), &[one])[0];

    assert_eq!((line.per_criterion[0].mean, line.per_criterion[0].agreed), (Some(450), Some(AgreedSource::Panel)));
    assert_eq!((line.per_criterion[1].mean, line.per_criterion[1].agreed), (Some(300), Some(AgreedSource::Consensus)));
    assert_eq!((line.per_criterion[2].mean, line.per_criterion[2].agreed), (Some(350), None));
    // 4.5 at 30 %, 3 at 20 %, 3.5 at 50 %; the totals of the sheets stay their own.
    assert_eq!((line.total_hundredths, line.sheet_totals.as_slice()), (370, &[200, 500][..]));
}

#[test]
fn a_criterion_is_the_exact_mean_of_its_parts() {
    use entity::types::judging::SubCriterion;
    let mut terms = terms();
    let part = |key: &str| SubCriterion { key: key.into(), name: key.into(), guidance: String::new() };
    terms.criteria[0].sub_criteria = ["a", "b", "c"].map(part).to_vec();
    let mut one = candidate(1, &[300, 300]);
    for (sheet, points) in [(0, [300, 350, 350]), (1, [400, 400, 400])] {
        one.sheets[sheet].remove("c1");
        for (key, points) in ["c1.a", "c1.b", "c1.c"].into_iter().zip(points) {
            set(&mut one, sheet, key, points);
        }
    }
    let line = &rank(&terms, &[one.clone()])[0];
    // (10/3 + 4) / 2 = 3.666…, and 30 % of that with 2.1: 3.2
    assert_eq!((line.per_criterion[0].mean, line.total_hundredths), (Some(367), 320));

    one.sheets[0].remove("c1.b");
    let abstained = &rank(&terms, &[one])[0];
    assert_eq!(abstained.per_criterion[0].mean, Some(363), "the rest of the parts: (3.25 + 4) / 2");
}

#[test]
fn an_outlier_is_left_out_by_the_calls_rule_and_counted() {
    use entity::types::judging::OutlierRule;
    let mut terms = terms();
    let one = candidate(1, &[400, 450, 100]);
    assert_eq!(rank(&terms, std::slice::from_ref(&one))[0].total_hundredths, 317);

    terms.evaluation.outliers = OutlierRule::OtherSideOfMiddle;
    let line = &rank(&terms, std::slice::from_ref(&one))[0];
    assert_eq!((line.total_hundredths, line.per_criterion[0].left_out, line.spread), (425, 1, 350));

    terms.evaluation.outliers = OutlierRule::Median;
    assert_eq!(rank(&terms, &[one])[0].total_hundredths, 400);
}

#[test]
fn k_of_n_needs_that_many_criteria_and_no_rounding_lifts_one() {
    let mut terms = terms();
    for criterion in &mut terms.criteria {
        criterion.threshold = None;
    }
    terms.evaluation.threshold_overall = None;
    let all = u32::try_from(terms.criteria.len()).unwrap();
    terms.evaluation.k_of_n = Some(KOfN { criteria: all - 1, least: Points::hundredths(350) });
    let mut one = candidate(1, &[350, 350, 350]);
    set(&mut one, 0, "c2", 100);
    assert!(rank(&terms, std::slice::from_ref(&one))[0].passes);

    // 3.4966… is shown as 3.50 and is still below.
    set(&mut one, 0, "c3", 349);
    let line = &rank(&terms, &[one])[0];
    assert_eq!(line.per_criterion[2].mean, Some(350));
    assert_eq!(
        line.failed,
        [format!("{} of {all} criteria have at least 3.5; the call asks for {}", all - 2, all - 1)]
    );
}

#[test]
fn expected_ranks_order_only_when_the_call_says_so() {
    let ranked = |by| {
        let mut terms = terms();
        terms.evaluation.ranking.by = by;
        let (mut strong, mut weak, unknown) = (candidate(1, &[400]), candidate(2, &[350]), candidate(3, &[500]));
        (strong.expected, weak.expected) = (Some(210), Some(130));
        order(&rank(&terms, &[strong, weak, unknown]))
    };
    use entity::types::judging::RankBy;
    assert_eq!(ranked(RankBy::Totals), [3, 1, 2]);
    assert_eq!(ranked(RankBy::ExpectedRanks), [2, 1, 3]);
}

#[test]
fn a_lottery_orders_only_those_it_drew_among() {
    let lots = [Lot::Drawn { place: 2, of: 2 }, Lot::Above, Lot::Drawn { place: 1, of: 2 }, Lot::Below];
    let candidates: Vec<Candidate> = (1..)
        .zip(lots)
        .map(|(n, lot)| Candidate { lot: Some(lot), ..candidate(n, &[450 - 25 * i32::try_from(n).unwrap()]) })
        .collect();
    let lines = rank(&terms(), &candidates);

    assert_eq!(order(&lines), [2, 3, 1, 4]);
    let why = "Place 1 of 2 in the lottery among those the points cannot order";
    assert_eq!(lines[1].tie_reason.as_deref(), Some(why));
    assert_eq!(lines[0].tie_reason, None);
}
