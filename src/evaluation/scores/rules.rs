//! When a score sheet is complete (lifecycle.json, event "submit_review": every criterion scored with a comment of
//! minimum length).

use entity::types::{BadValue, points::Points, terms::CallTerms, text};

/// Points and comment as they stand on a sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Given<'a> {
    /// Key of the criterion.
    pub criterion: &'a str,
    pub points: Option<Points>,
    pub comment: &'a str,
}

/// Reads points typed for a criterion.
///
/// # Errors
/// When the call has no such criterion or the points are not on its scale.
pub fn read_points(terms: &CallTerms, criterion: &str, typed: &str) -> Result<Points, BadValue> {
    if !terms.criteria.iter().any(|c| c.key == criterion) {
        return Err(BadValue::new("The call has no such criterion"));
    }
    terms.evaluation.scale.parse(typed)
}

/// What keeps a sheet from being submitted: key of the criterion and what to do.
pub fn missing(terms: &CallTerms, given: &[Given<'_>]) -> Vec<(String, String)> {
    let scale = terms.evaluation.scale;
    let least = usize::try_from(terms.evaluation.min_comment_words).unwrap_or(usize::MAX);
    let mut found = Vec::new();
    for criterion in &terms.criteria {
        let sheet = given.iter().find(|g| g.criterion == criterion.key);
        let mut lacks = |message: String| found.push((criterion.key.clone(), message));
        match sheet.and_then(|g| g.points) {
            None => lacks("Give points".to_owned()),
            Some(points) if !scale.holds(points) => {
                lacks(format!("Choose between {} and {} in steps of {}", scale.min, scale.max, scale.step));
            }
            Some(_) => {}
        }
        let words = text::words(sheet.map_or("", |g| g.comment));
        if words < least {
            lacks(format!("Write at least {least} words; there are {words}"));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calls::archive::{read, shipped};

    const COMMENT: &str =
        "The needs of the companies are shown by a survey and answered by a package of visits and coaching.";

    #[test]
    fn a_sheet_is_complete_with_points_and_words_for_every_criterion() {
        let terms = read(shipped::INNOVATION_EXPRESS_2017).unwrap().call;
        let mut sheet: Vec<Given<'_>> = terms
            .criteria
            .iter()
            .map(|c| Given { criterion: &c.key, points: Some(Points::hundredths(350)), comment: COMMENT })
            .collect();
        assert_eq!(missing(&terms, &sheet), vec![]);

        sheet[0].points = Some(Points::hundredths(325));
        sheet[1].comment = "Good.";
        sheet[2].points = None;
        sheet.pop();
        let found: Vec<String> = missing(&terms, &sheet).into_iter().map(|(k, m)| format!("{k}: {m}")).collect();
        assert_eq!(
            found,
            [
                "c1: Choose between 0 and 5 in steps of 0.5",
                "c2: Write at least 15 words; there are 1",
                "c3: Give points",
                "c6: Give points",
                "c6: Write at least 15 words; there are 0",
            ]
        );
    }

    #[test]
    fn only_points_on_the_scale_of_a_known_criterion_are_read() {
        let terms = read(shipped::INNOVATION_EXPRESS_2017).unwrap().call;
        assert_eq!(read_points(&terms, "c1", "4,5"), Ok(Points::hundredths(450)));
        assert!(read_points(&terms, "c1", "4.2").is_err());
        assert!(read_points(&terms, "c9", "4").is_err());
    }
}
