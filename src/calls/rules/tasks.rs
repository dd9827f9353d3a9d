//! The editor's task list: what of a call is done, what is missing, and what keeps it from being published.

use super::check::{Severity, TermsFinding, check_terms};
use entity::types::{
    states::{AnnexClass, AnnexState},
    terms::{AnnexTerms, CallTerms},
};

/// An annex as the editor knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnnexInEditor {
    /// Name of the agency.
    pub agency: String,
    pub terms: AnnexTerms,
    pub state: AnnexState,
}

/// One line of the editor's task list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditorTask {
    /// `basics`, `form`, `criteria`, `judging`, `costs`, `documents`, `kpis`, `consortium`, or `annex-0` and so on.
    pub key: String,
    pub title: String,
    pub done: bool,
    /// What blocks this task, as sentences.
    pub missing: Vec<String>,
}

/// Tasks with the places in the file they answer for.
const TASKS: [(&str, &str, &[&str]); 8] = [
    (
        "basics",
        "Text and dates",
        &["title", "programme", "summary", "text", "opens_at", "zone", "currency", "duration", "timeline"],
    ),
    ("form", "Sections and questions", &["sections"]),
    (
        "criteria",
        "Criteria and points",
        &[
            "criteria",
            "evaluation/scale",
            "evaluation/threshold_overall",
            "evaluation/evaluators_per_proposal",
            "evaluation/min_comment_words",
            "evaluation/tie_rule",
        ],
    ),
    (
        "judging",
        "Evaluation and ranking",
        &[
            "evaluation/abstain",
            "evaluation/visibility",
            "evaluation/divergence",
            "evaluation/outliers",
            "evaluation/k_of_n",
            "evaluation/conflicts",
            "evaluation/ranking",
            "evaluation/fields",
        ],
    ),
    ("costs", "Activities and costs", &["activities", "cost_categories"]),
    ("documents", "Documents and declarations", &["documents", "declarations"]),
    ("kpis", "Indicators and reports", &["kpis", "reports"]),
    ("consortium", "Who may apply together", &["consortium"]),
];

/// The tasks of the editor, the call's own first, then one per annex.
pub fn editor_tasks(terms: &CallTerms, annexes: &[AnnexInEditor]) -> Vec<EditorTask> {
    let findings = check_terms(terms, &pairs(annexes));
    let errors: Vec<&TermsFinding> = findings.iter().filter(|f| f.severity == Severity::Error).collect();
    let mut tasks: Vec<EditorTask> = TASKS
        .iter()
        .map(|(key, title, fields)| {
            let prefixes: Vec<String> = fields.iter().map(|field| format!("/call/{field}")).collect();
            task(key, title, &errors, &prefixes)
        })
        .collect();
    for (i, annex) in annexes.iter().enumerate() {
        let mut annex_task =
            task(&format!("annex-{i}"), &format!("Annex of {}", annex.agency), &errors, &[format!("/annexes/{i}")]);
        if annex.state != AnnexState::Approved && annex.terms.class == AnnexClass::Funding {
            annex_task.missing.push("The agency has not approved its annex yet".to_owned());
            annex_task.done = false;
        }
        tasks.push(annex_task);
    }
    if annexes.is_empty() {
        tasks.push(task("annexes", "Annexes of the agencies", &errors, &["/annexes".to_owned()]));
    }
    tasks
}

/// What keeps a call from being announced; empty when nothing does
/// (lifecycle.json: publish only when every funding agency has approved its annex).
pub fn obstacles_to_publishing(terms: &CallTerms, annexes: &[AnnexInEditor]) -> Vec<String> {
    let errors = check_terms(terms, &pairs(annexes)).into_iter().filter(|f| f.severity == Severity::Error);
    let unapproved = annexes
        .iter()
        .filter(|a| a.terms.class == AnnexClass::Funding && a.state != AnnexState::Approved)
        .map(|a| format!("{} has not approved its annex", a.agency));
    errors.map(|f| format!("{} ({})", f.message, f.at)).chain(unapproved).collect()
}

fn pairs(annexes: &[AnnexInEditor]) -> Vec<(String, AnnexTerms)> {
    annexes.iter().map(|a| (a.agency.clone(), a.terms.clone())).collect()
}

fn task(key: &str, title: &str, errors: &[&TermsFinding], prefixes: &[String]) -> EditorTask {
    let mine = |f: &&&TermsFinding| {
        prefixes
            .iter()
            .any(|p| f.at.strip_prefix(p.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
    };
    let missing: Vec<String> = errors.iter().filter(mine).map(|f| f.message.clone()).collect();
    EditorTask { key: key.to_owned(), title: title.to_owned(), done: missing.is_empty(), missing }
}
