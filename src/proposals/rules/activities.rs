//! Which activities a part may plan: each agency supports its own kinds (domain.md 1.5).

use super::Finding;
use entity::types::terms::{AnnexTerms, CallTerms};

/// Checks the planned activities of a part, each by the key of its line and of its kind; at least one is needed.
pub fn check_activities(
    terms: &CallTerms,
    agency: &str,
    annex: &AnnexTerms,
    planned: &[(String, String)],
) -> Vec<Finding> {
    if planned.is_empty() {
        return vec![Finding::error("activities.empty", "activities", "Plan at least one activity")];
    }
    planned.iter().filter_map(|(line, kind)| Some((line, blocked(terms, agency, annex, kind)?))).map(finding).collect()
}

/// Why a kind of activity cannot be planned in a part; none when it can.
pub fn blocked(terms: &CallTerms, agency: &str, annex: &AnnexTerms, kind: &str) -> Option<String> {
    let Some(activity) = terms.activities.iter().find(|a| a.key == kind) else {
        return Some("The call has no such activity".to_owned());
    };
    (!annex.activities.iter().any(|key| key == kind))
        .then(|| format!("{agency} does not support “{}” in this call; another partner may take it on", activity.label))
}

fn finding((line, reason): (&String, String)) -> Finding {
    Finding::error("activities.blocked", line, reason)
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{annex, call};
    use super::*;

    #[test]
    fn a_blocked_activity_says_who_blocks_it() {
        let plan = |kind: &str| vec![("line-1".to_owned(), kind.to_owned())];
        let check = |key: &str, kind: &str| check_activities(&call(), "The agency", &annex(key), &plan(kind));

        assert_eq!(check("de-bw", "workshops_study_trips"), vec![]);
        assert_eq!(
            check("de-bw", "market_research")[0].message,
            "The agency does not support “Market research” in this call; another partner may take it on"
        );
        assert_eq!(check("lt-mita", "market_research"), vec![]);
        assert_eq!(check("lt-mita", "dancing")[0].field, "line-1");
        assert_eq!(check_activities(&call(), "A", &annex("de-bw"), &[])[0].code, "activities.empty");
    }
}
