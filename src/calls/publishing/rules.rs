//! What must be so before a call moves on (lifecycle.json, object "call", guards).

use crate::calls::rules::{AnnexInEditor, Severity, check_terms, obstacles_to_publishing};
use chrono::{DateTime, Utc};
use entity::types::{
    period::Deadline,
    states::PartState,
    terms::{AnnexTerms, CallTerms},
};

/// What is wrong, by its place in the call file.
pub type Places = Vec<(String, String)>;

/// What keeps a call from going to the agencies: every mistake in the call's own terms, and having no annex
/// (guard "all mandatory blocks filled"). The annexes are for the agencies to complete.
pub fn obstacles_to_review(terms: &CallTerms, annexes: &[(String, AnnexTerms)]) -> Places {
    let mut found = errors(terms, annexes, |at| at.starts_with("/call"));
    if annexes.is_empty() {
        found.push(("/annexes".to_owned(), "No agency takes part yet; add at least one annex".to_owned()));
    }
    found
}

/// What keeps an agency from approving its annex, the one at this position (guard "own national annex complete").
pub fn obstacles_to_approval(terms: &CallTerms, annexes: &[(String, AnnexTerms)], position: usize) -> Places {
    let own = format!("/annexes/{position}");
    errors(terms, annexes, |at| at == own || at.starts_with(&format!("{own}/")))
}

/// What keeps a call from being announced: mistakes, missing approvals (guard "every funding agency has
/// approved its annex"), and deadlines that have passed.
pub fn obstacles_to_announcing(terms: &CallTerms, annexes: &[AnnexInEditor], now: DateTime<Utc>) -> Vec<String> {
    let mut found = obstacles_to_publishing(terms, annexes);
    for annex in annexes.iter().filter(|a| a.terms.deadline.passed(now)) {
        found.push(format!("The deadline of {} has passed ({})", annex.agency, annex.terms.deadline));
    }
    found
}

/// Whether the opening time has come.
pub fn may_open(terms: &CallTerms, now: DateTime<Utc>) -> bool {
    terms.opens_at.is_some_and(|at| at <= now)
}

/// Whether the last agency has closed; what arrives in the closing second itself is still in time.
pub fn may_close<'a>(deadlines: impl IntoIterator<Item = &'a Deadline>, now: DateTime<Utc>) -> bool {
    deadlines.into_iter().all(|deadline| deadline.passed(now))
}

/// Whether eligibility is settled: no part still waits for its check (guard "eligibility done for all parts").
pub fn waits_for_check(state: PartState) -> bool {
    state == PartState::Submitted
}

fn errors(terms: &CallTerms, annexes: &[(String, AnnexTerms)], mine: impl Fn(&str) -> bool) -> Places {
    check_terms(terms, annexes)
        .into_iter()
        .filter(|finding| finding.severity == Severity::Error && mine(&finding.at))
        .map(|finding| (finding.at, finding.message))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calls::archive::{CallFile, read, shipped};
    use entity::types::{share::Share, states::AnnexState};

    fn file() -> CallFile {
        read(shipped::INNOVATION_EXPRESS_2017).unwrap()
    }

    fn annexes(file: &CallFile) -> Vec<(String, AnnexTerms)> {
        file.annexes.iter().map(|a| (a.agency.name.clone(), a.terms.clone())).collect()
    }

    #[test]
    fn the_agencies_get_a_call_that_is_whole_but_for_their_annexes() {
        let mut file = file();
        file.annexes[1].terms.budget = None;
        assert_eq!(obstacles_to_review(&file.call, &annexes(&file)), vec![]);
        assert_eq!(obstacles_to_approval(&file.call, &annexes(&file), 0), vec![]);
        assert_eq!(obstacles_to_approval(&file.call, &annexes(&file), 1)[0].0, "/annexes/1/terms/budget");

        file.call.title.clear();
        file.call.criteria[0].weight = Share::percent(1);
        let places: Vec<String> = obstacles_to_review(&file.call, &annexes(&file)).into_iter().map(|p| p.0).collect();
        assert_eq!(places, ["/call/title", "/call/criteria"]);
        assert_eq!(obstacles_to_review(&self::file().call, &[]).last().unwrap().0, "/annexes");
    }

    #[test]
    fn nothing_is_announced_after_its_deadline() {
        let file = file();
        let editor: Vec<AnnexInEditor> = annexes(&file)
            .into_iter()
            .map(|(agency, terms)| AnnexInEditor { agency, terms, state: AnnexState::Approved })
            .collect();
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        assert_eq!(obstacles_to_announcing(&file.call, &editor, at("2017-09-01T12:00:00Z")), Vec::<String>::new());
        // Sixteen hours in Vilnius and Riga are fourteen in London; the other six agencies are still open.
        assert_eq!(obstacles_to_announcing(&file.call, &editor, at("2017-10-31T14:30:00Z")).len(), 2);
    }

    #[test]
    fn a_call_closes_a_second_after_the_last_agency() {
        let file = file();
        let closes = |at: &str| may_close(file.annexes.iter().map(|a| &a.terms.deadline), at.parse().unwrap());
        assert!(!closes("2017-10-31T14:30:00Z"));
        assert!(!closes("2017-10-31T15:00:00.999Z"));
        assert!(closes("2017-10-31T15:00:01Z"));
    }
}
