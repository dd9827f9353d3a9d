//! When a score sheet is complete, what may be given, and who sees the sheets of others (lifecycle.json, event
//! "submit_review": every criterion scored with a comment of minimum length).

pub mod form;

use entity::types::{
    BadValue,
    judging::SheetVisibility,
    points::{Points, Scale},
    states::AssignmentState,
    terms::{CallTerms, Criterion},
    text,
};

/// As many values as can be shown as buttons; a finer scale is typed.
const BUTTONS: usize = 21;

/// What stands on a sheet under one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Given<'a> {
    /// Of a criterion or of a part of one.
    pub key: &'a str,
    pub points: Option<Points>,
    pub comment: &'a str,
    /// Why no points are given.
    pub abstained: Option<&'a str>,
}

/// What a complete sheet lacks: the field by its kind and key (`points-c1`), and what to do.
pub type Lack = (String, String);

/// Reads points typed for a criterion or a part of one.
///
/// # Errors
/// When the call has no such criterion or the points are not on its scale.
pub fn read_points(terms: &CallTerms, key: &str, typed: &str) -> Result<Points, BadValue> {
    if !terms.criteria.iter().any(|c| c.score_keys().iter().any(|known| known == key)) {
        return Err(BadValue::new("The call has no such criterion"));
    }
    terms.evaluation.scale.parse(typed)
}

/// Every value of a scale, lowest first, when they are few enough to choose from.
pub fn choices(scale: Scale) -> Vec<Points> {
    let steps = i64::from(scale.max.as_hundredths()) - i64::from(scale.min.as_hundredths());
    let few = steps / i64::from(scale.step.as_hundredths().max(1)) < BUTTONS as i64;
    if few { scale.values() } else { Vec::new() }
}

/// What keeps a sheet from being submitted.
pub fn missing(terms: &CallTerms, given: &[Given<'_>]) -> Vec<Lack> {
    let mut found = Vec::new();
    for criterion in &terms.criteria {
        let abstained = given.iter().find(|g| g.key == criterion.key).and_then(|g| g.abstained);
        match abstained {
            Some(reason) => abstention(terms, criterion, reason, &mut found),
            None => {
                for key in criterion.score_keys() {
                    scored(terms, &key, given.iter().find(|g| g.key == key), &mut found);
                }
            }
        }
    }
    found
}

fn abstention(terms: &CallTerms, criterion: &Criterion, reason: &str, found: &mut Vec<Lack>) {
    let mut lacks = |message: &str| found.push((format!("reason-{}", criterion.key), message.to_owned()));
    if !terms.evaluation.abstain {
        lacks("This call does not allow abstaining; give points");
    } else if text::words(reason) == 0 {
        lacks("Say why you abstain");
    }
}

fn scored(terms: &CallTerms, key: &str, given: Option<&Given<'_>>, found: &mut Vec<Lack>) {
    let scale = terms.evaluation.scale;
    let least = usize::try_from(terms.evaluation.min_comment_words).unwrap_or(usize::MAX);
    match given.and_then(|g| g.points) {
        None => found.push((format!("points-{key}"), "Give points".to_owned())),
        Some(points) if !scale.holds(points) => {
            let message = format!("Choose between {} and {} in steps of {}", scale.min, scale.max, scale.step);
            found.push((format!("points-{key}"), message));
        }
        Some(_) => {}
    }
    let words = text::words(given.map_or("", |g| g.comment));
    if words < least {
        found.push((format!("comment-{key}"), format!("Write at least {least} words; there are {words}")));
    }
}

/// Whether an evaluator sees the submitted sheets of the others on the same proposal.
pub fn sees_others(visibility: SheetVisibility, own: AssignmentState) -> bool {
    match visibility {
        SheetVisibility::Never => false,
        SheetVisibility::AfterOwn => own == AssignmentState::Submitted,
        SheetVisibility::Always => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calls::archive::{read, shipped};
    use entity::types::judging::SubCriterion;

    const COMMENT: &str =
        "The needs of the companies are shown by a survey and answered by a package of visits and coaching.";

    fn given(key: &str) -> Given<'_> {
        Given { key, points: Some(Points::hundredths(350)), comment: COMMENT, abstained: None }
    }

    fn said(terms: &CallTerms, sheet: &[Given<'_>]) -> Vec<String> {
        missing(terms, sheet).into_iter().map(|(field, message)| format!("{field}: {message}")).collect()
    }

    #[test]
    fn a_sheet_is_complete_with_points_and_words_for_every_criterion() {
        let terms = read(shipped::INNOVATION_EXPRESS_2017).unwrap().call;
        let mut sheet: Vec<Given<'_>> = terms.criteria.iter().map(|c| given(&c.key)).collect();
        assert_eq!(missing(&terms, &sheet), vec![]);

        sheet[0].points = Some(Points::hundredths(325));
        sheet[1].comment = "Good.";
        sheet[2].points = None;
        sheet.pop();
        assert_eq!(
            said(&terms, &sheet),
            [
                "points-c1: Choose between 0 and 5 in steps of 0.5",
                "comment-c2: Write at least 15 words; there are 1",
                "points-c3: Give points",
                "points-c6: Give points",
                "comment-c6: Write at least 15 words; there are 0",
            ]
        );
    }

    #[test]
    fn every_part_of_a_criterion_needs_points_and_words() {
        let mut terms = read(shipped::INNOVATION_EXPRESS_2017).unwrap().call;
        let part = |key: &str| SubCriterion { key: key.into(), name: key.into(), guidance: String::new() };
        terms.criteria[0].sub_criteria = vec![part("need"), part("market")];
        let mut sheet: Vec<Given<'_>> = terms.criteria.iter().map(|c| given(&c.key)).collect();
        sheet.push(given("c1.need"));
        assert_eq!(
            said(&terms, &sheet),
            ["points-c1.market: Give points", "comment-c1.market: Write at least 15 words; there are 0"]
        );
        sheet.push(given("c1.market"));
        assert_eq!(missing(&terms, &sheet), vec![]);
    }

    #[test]
    fn an_abstention_with_a_reason_lacks_nothing_where_the_call_allows_it() {
        let mut terms = read(shipped::INNOVATION_EXPRESS_2017).unwrap().call;
        let mut sheet: Vec<Given<'_>> = terms.criteria.iter().map(|c| given(&c.key)).collect();
        sheet[0] = Given { key: "c1", points: None, comment: "", abstained: Some("") };
        assert_eq!(said(&terms, &sheet), ["reason-c1: This call does not allow abstaining; give points"]);
        terms.evaluation.abstain = true;
        assert_eq!(said(&terms, &sheet), ["reason-c1: Say why you abstain"]);
        sheet[0].abstained = Some("I know nothing of this market");
        assert_eq!(missing(&terms, &sheet), vec![]);
    }

    #[test]
    fn only_points_on_the_scale_of_a_known_criterion_are_read() {
        let terms = read(shipped::INNOVATION_EXPRESS_2017).unwrap().call;
        assert_eq!(read_points(&terms, "c1", "4,5"), Ok(Points::hundredths(450)));
        assert!(read_points(&terms, "c1", "4.2").is_err());
        assert!(read_points(&terms, "c9", "4").is_err());
        assert!(read_points(&terms, "c1.need", "4").is_err());
    }

    #[test]
    fn a_fine_scale_is_typed() {
        let scale = |min, max, step| Scale {
            min: Points::hundredths(min),
            max: Points::hundredths(max),
            step: Points::hundredths(step),
        };
        assert_eq!(choices(scale(0, 500, 50)).len(), 11);
        assert_eq!(choices(scale(-1_000, 1_000, 100)).len(), 21);
        assert_eq!(choices(scale(0, 10_000, 1)), vec![]);
    }

    #[test]
    fn others_are_seen_as_the_call_says() {
        use AssignmentState::{InProgress, Submitted};
        assert!(!sees_others(SheetVisibility::Never, Submitted));
        assert!(!sees_others(SheetVisibility::AfterOwn, InProgress));
        assert!(sees_others(SheetVisibility::AfterOwn, Submitted));
        assert!(sees_others(SheetVisibility::Always, InProgress));
    }
}
