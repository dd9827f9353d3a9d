//! How a call has its proposals judged, in words: for the public page, for what a corrigendum changed, for the editor.

use super::facts::Facts;
use entity::types::{
    judging::{Clause, FollowUp, OutlierRule, RankBy, SheetVisibility, TieStrength, Trigger},
    terms::CallTerms,
};

/// A rule of judging as the public page states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stated {
    pub label: String,
    pub text: String,
    /// JSON pointer of the value.
    pub at: String,
    /// Whether it says what counts as a conflict of interest.
    pub conflict: bool,
}

/// How proposals are judged beyond criteria, scale and thresholds. What a call leaves out is stated too: everybody
/// reads before a call opens what will be done with the points.
pub fn stated(terms: &CallTerms) -> Vec<Stated> {
    let mut all = Facts::default();
    facts(terms, &mut all);
    let mut stated: Vec<Stated> = all
        .into_list()
        .into_iter()
        .map(|fact| Stated {
            conflict: fact.key.starts_with("evaluation/conflicts/"),
            label: fact.label,
            text: fact.text,
            at: fact.at,
        })
        .collect();
    for (key, label, text) in [
        ("abstain", "Abstaining from a criterion", "not allowed"),
        ("divergence", "When evaluators differ", "nothing follows by itself"),
        ("ranking/lottery", "Lottery", "none is drawn"),
    ] {
        let at = format!("/call/evaluation/{key}");
        if stated.iter().all(|one| one.at != at) {
            stated.push(Stated { label: label.to_owned(), text: text.to_owned(), at, conflict: false });
        }
    }
    stated
}

pub(super) fn facts(terms: &CallTerms, facts: &mut Facts) {
    let (at, rules) = ("/call/evaluation", &terms.evaluation);
    let mut say = |key: &str, label: &str, text: String| {
        facts.say(format!("evaluation/{key}"), format!("{at}/{key}"), label, text);
    };
    say("abstain", "Abstaining from a criterion", if rules.abstain { "allowed, with a reason" } else { "" }.to_owned());
    let shown = rules.visibility;
    say("visibility/individual", "Other sheets while writing alone", visibility_text(shown.individual).to_owned());
    say("visibility/consensus", "Other sheets once a consensus is open", visibility_text(shown.consensus).to_owned());
    let names = if shown.names { "with the evaluator's name" } else { "without names" };
    say("visibility/names", "Sheets of others are shown", names.to_owned());
    let clauses: Vec<String> = rules.divergence.iter().map(clause_text).collect();
    say("divergence", "When evaluators differ", clauses.join("; "));
    say("outliers", "Whose points count", outlier_text(rules.outliers).to_owned());
    if let Some(rule) = rules.k_of_n {
        let text = format!("at least {} criteria with a mean of {} or more", rule.criteria, rule.least);
        say("k_of_n", "Criteria that must reach a level", text);
    }
    say("ranking/by", "Order of the ranking", rank_text(rules.ranking.by).to_owned());
    let lottery =
        if rules.ranking.lottery { "drawn among proposals that cannot be told apart at the funding line" } else { "" };
    say("ranking/lottery", "Lottery", lottery.to_owned());
    let ties = &rules.conflicts;
    say("conflicts/years_after_leaving", "A former employment or seat counts", years(ties.years_after_leaving));
    say("conflicts/years_of_past_proposals", "An earlier joint proposal counts", years(ties.years_of_past_proposals));
    say("conflicts/links", "Links of ownership followed", ties.links.to_string());
    say("conflicts/least_share", "The smallest share that makes a link", ties.least_share.to_string());
    say("conflicts/same_cluster", "A tie by the same cluster", strength_text(ties.same_cluster).to_owned());
    say("conflicts/rival", "A tie by a rival proposal", strength_text(ties.rival).to_owned());
    say("conflicts/same_country", "A tie by the same country", strength_text(ties.same_country).to_owned());
    if let Some(question) = &rules.fields {
        say("fields", "Evaluators are matched by", format!("the answers to “{}”", question_label(terms, question)));
    }
}

fn years(years: u32) -> String {
    if years == 1 { "for a year".to_owned() } else { format!("for {years} years") }
}

fn question_label<'a>(terms: &'a CallTerms, key: &'a str) -> &'a str {
    let mut questions = terms.sections.iter().flat_map(|s| &s.questions);
    questions.find(|q| q.key == key).map_or(key, |q| q.label.as_str())
}

/// One sentence of the divergence rule.
pub fn clause_text(clause: &Clause) -> String {
    let then = match clause.then {
        FollowUp::ThirdReview => "a third review",
        FollowUp::Consensus => "a consensus of the evaluators",
    };
    format!("{}: {then}", trigger_text(clause.trigger))
}

/// What counts as divergence, in words.
pub fn trigger_text(trigger: Trigger) -> String {
    match trigger {
        Trigger::CriterionDiffers { more_than } => {
            format!("the points for a criterion differ by more than {more_than}")
        }
        Trigger::TotalDiffers { more_than } => format!("the totals differ by more than {more_than}"),
        Trigger::CriterionAcrossMiddle => "points for a criterion lie on both sides of the middle".to_owned(),
        Trigger::TotalAcrossMiddle => "totals lie on both sides of the middle".to_owned(),
        Trigger::CriterionAcrossThreshold => "some reach the threshold of a criterion and some do not".to_owned(),
        Trigger::TotalAcrossThreshold => "some totals reach the threshold and some do not".to_owned(),
    }
}

/// Whose points count towards a mean, in words.
pub const fn outlier_text(rule: OutlierRule) -> &'static str {
    match rule {
        OutlierRule::None => "everybody's",
        OutlierRule::OtherSideOfMiddle => "everybody's but one who alone stands on the other side of the middle",
        OutlierRule::Median => "the median's",
    }
}

/// What orders the ranking, in words.
pub const fn rank_text(by: RankBy) -> &'static str {
    match by {
        RankBy::Totals => "weighted totals",
        RankBy::ExpectedRanks => "expected ranks, with evaluators' severity taken out",
    }
}

/// When other sheets are seen, in words.
pub const fn visibility_text(visibility: SheetVisibility) -> &'static str {
    match visibility {
        SheetVisibility::Never => "not seen",
        SheetVisibility::AfterOwn => "seen after one's own was submitted",
        SheetVisibility::Always => "always seen",
    }
}

/// How strongly a tie counts, in words.
pub const fn strength_text(strength: Option<TieStrength>) -> &'static str {
    match strength {
        None => "does not count",
        Some(TieStrength::Hint) => "is shown",
        Some(TieStrength::Likely) => "must be looked at before somebody is invited",
        Some(TieStrength::Barring) => "bars until an officer dismisses it",
    }
}
