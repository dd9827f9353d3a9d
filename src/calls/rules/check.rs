//! Whether a call's terms hold together: what blocks publishing or importing, and what is only odd.
//!
//! Findings name their place by a JSON pointer into the call file (`/call/...`, `/annexes/0/terms/...`).

use super::{check_annexes, check_questions};
use entity::types::{
    codes,
    judging::{RankBy, Trigger},
    share::Share,
    states::{AnnexClass, ReportKind},
    terms::{
        AnnexTerms, Basis, CallTerms, ColumnKind, KpiUnit, Mark, Milestone, Named, Question, QuestionKind,
        SectionScope, TieBreak,
    },
};
use serde_json::Value;
use std::collections::BTreeSet;

/// Whether a finding stops what people want to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    Error,
    Warning,
}

/// One thing that is wrong or odd in the terms of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermsFinding {
    /// JSON pointer into the call file.
    pub at: String,
    /// A sentence for the person who edits the call.
    pub message: String,
    pub severity: Severity,
}

/// Collects findings in the order of the file.
#[derive(Default)]
pub(super) struct Findings(pub Vec<TermsFinding>);

impl Findings {
    pub fn error(&mut self, at: impl Into<String>, message: impl Into<String>) {
        self.0.push(TermsFinding { at: at.into(), message: message.into(), severity: Severity::Error });
    }

    pub fn warn(&mut self, at: impl Into<String>, message: impl Into<String>) {
        self.0.push(TermsFinding { at: at.into(), message: message.into(), severity: Severity::Warning });
    }

    pub fn filled(&mut self, at: impl Into<String>, text: &str) {
        if text.trim().is_empty() {
            self.error(at, "Fill this in");
        }
    }

    /// Keys are well formed and used once in their list; gives the keys.
    pub fn keys<'a>(&mut self, at: &str, keys: impl IntoIterator<Item = &'a str>) -> BTreeSet<&'a str> {
        let mut seen = BTreeSet::new();
        for (i, key) in keys.into_iter().enumerate() {
            if let Err(wrong) = codes::key(key) {
                self.error(format!("{at}/{i}/key"), wrong.to_string());
            }
            if !seen.insert(key) {
                self.error(format!("{at}/{i}/key"), format!("The key “{key}” is used twice in this list"));
            }
        }
        seen
    }

    pub fn named(&mut self, at: &str, list: &[Named]) {
        self.keys(at, list.iter().map(|n| n.key.as_str()));
        for (i, named) in list.iter().enumerate() {
            self.filled(format!("{at}/{i}/label"), &named.label);
        }
    }
}

/// Checks the terms of a call together with its annexes, each with its agency's name.
pub fn check_terms(terms: &CallTerms, annexes: &[(String, AnnexTerms)]) -> Vec<TermsFinding> {
    let mut found = Findings::default();
    head(terms, &mut found);
    check_questions::sections(terms, &mut found);
    criteria(terms, &mut found);
    evaluation(terms, &mut found);
    lists(terms, &mut found);
    consortium(terms, annexes, &mut found);
    check_annexes::annexes(terms, annexes, &mut found);
    call_marks(terms, annexes, &mut found);
    found.0
}

fn head(terms: &CallTerms, found: &mut Findings) {
    found.filled("/call/title", &terms.title);
    found.filled("/call/programme", &terms.programme);
    found.filled("/call/summary", &terms.summary);
    found.filled("/call/text", &terms.text);
    if terms.opens_at.is_none() {
        found.error("/call/opens_at", "Say when the call opens");
    }
    let months = terms.duration;
    if months.min == 0 {
        found.error("/call/duration/min", "A project lasts at least one month");
    }
    if months.max < months.min {
        found.error("/call/duration/max", "The longest duration is shorter than the shortest");
    }
    if months.max > 120 {
        found.error("/call/duration/max", "A project lasts at most 120 months");
    }
    for (i, milestone) in terms.timeline.iter().enumerate() {
        found.filled(format!("/call/timeline/{i}/label"), &milestone.label);
        if milestone_days(milestone).is_none() {
            found.error(
                format!("/call/timeline/{i}/date"),
                format!(
                    "“{}” is not a month (2017-04), a day (2017-04-30), a day with an hour (2018-01-26T15:00) or two \
                     days with a slash",
                    milestone.date
                ),
            );
        }
    }
}

/// The first and last day a milestone may mean; a month is all its days.
pub fn milestone_days(milestone: &Milestone) -> Option<(chrono::NaiveDate, chrono::NaiveDate)> {
    use chrono::{Months, NaiveDate};
    let text = milestone.date.trim();
    let day = |text: &str| (text.len() == 10).then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()).flatten();
    if let Some((first, last)) = text.split_once('/') {
        let (first, last) = (day(first)?, day(last)?);
        return (first <= last).then_some((first, last));
    }
    if text.len() == 7 {
        let first = day(&format!("{text}-01"))?;
        return Some((first, first.checked_add_months(Months::new(1))?.pred_opt()?));
    }
    milestone_hour(milestone).map(|at| at.date()).or_else(|| day(text)).map(|d| (d, d))
}

/// The day and hour of a milestone that has one, on the wall of its zone.
pub fn milestone_hour(milestone: &Milestone) -> Option<chrono::NaiveDateTime> {
    let text = milestone.date.trim();
    (text.len() == 16).then(|| entity::types::period::parse_local(text).ok()).flatten()
}

fn criteria(terms: &CallTerms, found: &mut Findings) {
    if terms.criteria.is_empty() {
        found.error("/call/criteria", "Give at least one criterion");
        return;
    }
    found.keys("/call/criteria", terms.criteria.iter().map(|c| c.key.as_str()));
    let scale = terms.evaluation.scale;
    for (i, criterion) in terms.criteria.iter().enumerate() {
        let at = format!("/call/criteria/{i}");
        found.filled(format!("{at}/name"), &criterion.name);
        if criterion.weight <= Share::ZERO {
            found.error(format!("{at}/weight"), "Give a weight above 0 %");
        }
        if let Some(threshold) = criterion.threshold.filter(|t| !scale.holds(*t)) {
            found.error(
                format!("{at}/threshold"),
                format!("{threshold} points are not on the scale from {} to {}", scale.min, scale.max),
            );
        }
        if criterion.guidance.trim().is_empty() {
            found.warn(format!("{at}/guidance"), "Evaluators get no guidance for this criterion");
        }
        let mut seen = BTreeSet::new();
        for (j, anchor) in criterion.anchors.iter().enumerate() {
            found.filled(format!("{at}/anchors/{j}/text"), &anchor.text);
            if !scale.holds(anchor.points) {
                found.error(format!("{at}/anchors/{j}/points"), "These points are not on the scale");
            }
            if !seen.insert(anchor.points) {
                found.error(format!("{at}/anchors/{j}/points"), "These points are explained twice");
            }
        }
    }
    let sum: i64 = terms.criteria.iter().map(|c| i64::from(c.weight.basis_points())).sum();
    if sum != 10_000 {
        let percent = entity::types::decimal::plain(sum, 2);
        found.error("/call/criteria", format!("The weights add up to {percent} %; they must add up to 100 %"));
    }
}

fn evaluation(terms: &CallTerms, found: &mut Findings) {
    let at = "/call/evaluation";
    let scale = terms.evaluation.scale;
    let (min, max, step) = (scale.min.as_hundredths(), scale.max.as_hundredths(), scale.step.as_hundredths());
    if max <= min {
        found.error(format!("{at}/scale/max"), "The scale must end above its beginning");
    } else if step <= 0 || (max - min) % step != 0 {
        found.error(format!("{at}/scale/step"), "The steps must lead exactly from the lowest to the highest points");
    } else if (max - min) / step > 1000 {
        found.error(format!("{at}/scale/step"), "The scale has more than 1000 steps");
    }
    match terms.evaluation.evaluators_per_proposal {
        0 => found.error(format!("{at}/evaluators_per_proposal"), "At least one evaluator is needed"),
        1 => found.warn(format!("{at}/evaluators_per_proposal"), "With one evaluator no spread can be seen"),
        2..=20 => {}
        _ => found.error(format!("{at}/evaluators_per_proposal"), "At most 20 evaluators per proposal"),
    }
    if terms.evaluation.min_comment_words > 500 {
        found.error(format!("{at}/min_comment_words"), "At most 500 words may be demanded");
    }
    if terms.evaluation.tie_rule.is_empty() {
        found.warn(format!("{at}/tie_rule"), "Without a tie rule the codes of the proposals decide between equals");
    }
    for (i, tie) in terms.evaluation.tie_rule.iter().enumerate() {
        if let TieBreak::Criterion { key } = tie
            && !terms.criteria.iter().any(|c| c.key == *key)
        {
            found.error(format!("{at}/tie_rule/{i}/key"), format!("There is no criterion “{key}”"));
        }
        if terms.evaluation.tie_rule[..i].contains(tie) {
            found.error(format!("{at}/tie_rule/{i}"), "This tie rule stands there twice");
        }
    }
    judging(terms, found);
}

/// What is stated about divergence, thresholds that let criteria fall short, conflicts and fields.
fn judging(terms: &CallTerms, found: &mut Findings) {
    let (at, rules) = ("/call/evaluation", &terms.evaluation);
    let range = rules.scale.max.as_hundredths() - rules.scale.min.as_hundredths();
    for (i, clause) in rules.divergence.iter().enumerate() {
        if let Trigger::CriterionDiffers { more_than } | Trigger::TotalDiffers { more_than } = clause.trigger
            && !(0..range).contains(&more_than.as_hundredths())
        {
            let message = "The difference must be at least 0 and smaller than the whole scale";
            found.error(format!("{at}/divergence/{i}/more_than"), message);
        }
        let needs_threshold = match clause.trigger {
            Trigger::CriterionAcrossThreshold => terms.criteria.iter().all(|c| c.threshold.is_none()),
            Trigger::TotalAcrossThreshold => rules.threshold_overall.is_none(),
            _ => false,
        };
        if needs_threshold {
            found.error(format!("{at}/divergence/{i}/when"), "There is no such threshold in this call");
        }
        if rules.divergence[..i].iter().any(|other| other.trigger == clause.trigger) {
            found.error(format!("{at}/divergence/{i}"), "This kind of divergence stands there twice");
        }
    }
    if let Some(rule) = rules.k_of_n {
        if rule.criteria == 0 || rule.criteria as usize > terms.criteria.len() {
            let message = format!("Choose between 1 and {} criteria", terms.criteria.len());
            found.error(format!("{at}/k_of_n/criteria"), message);
        }
        if rule.least < rules.scale.min || rule.least > rules.scale.max {
            found.error(format!("{at}/k_of_n/least"), "These points are not on the scale");
        }
    }
    let conflicts = &rules.conflicts;
    if conflicts.years_after_leaving > 50 || conflicts.years_of_past_proposals > 50 {
        found.error(format!("{at}/conflicts"), "Ties count for at most 50 years");
    }
    if conflicts.links > 20 {
        found.error(format!("{at}/conflicts/links"), "At most 20 links of ownership can be followed");
    }
    if let Some(key) = &rules.fields {
        let mut choices = joint_questions(terms)
            .filter(|q| matches!(q.kind, QuestionKind::Choice { .. } | QuestionKind::Choices { .. }));
        if !choices.any(|q| q.key == *key) {
            let message = format!("There is no joint question “{key}” with choices");
            found.error(format!("{at}/fields"), message);
        }
    }
    if rules.ranking.by == RankBy::ExpectedRanks && rules.evaluators_per_proposal < 2 {
        found.error(format!("{at}/ranking/by"), "Expected ranks need at least two evaluators per proposal");
    }
    for (i, criterion) in terms.criteria.iter().enumerate() {
        let at = format!("/call/criteria/{i}/sub_criteria");
        found.keys(&at, criterion.sub_criteria.iter().map(|s| s.key.as_str()));
        for (j, sub) in criterion.sub_criteria.iter().enumerate() {
            found.filled(format!("{at}/{j}/name"), &sub.name);
            if criterion.key.len() + sub.key.len() > 46 {
                found.error(format!("{at}/{j}/key"), "The keys of the criterion and of its part are too long together");
            }
        }
    }
}

fn lists(terms: &CallTerms, found: &mut Findings) {
    found.named("/call/activities", &terms.activities);
    if terms.activities.is_empty() {
        found.error("/call/activities", "Give at least one kind of activity");
    }
    found.named("/call/cost_categories", &terms.cost_categories);
    if terms.cost_categories.is_empty() {
        found.error("/call/cost_categories", "Give at least one cost category");
    }
    found.keys("/call/documents", terms.documents.iter().map(|d| d.key.as_str()));
    for (i, document) in terms.documents.iter().enumerate() {
        found.filled(format!("/call/documents/{i}/label"), &document.label);
        if document.each.is_some() && document.scope == SectionScope::Joint {
            let message = "A document that partners or companies sign belongs to the parts";
            found.error(format!("/call/documents/{i}/scope"), message);
        }
        if !(1..=100).contains(&document.max_mb) {
            found.error(format!("/call/documents/{i}/max_mb"), "A document may have 1 to 100 megabytes");
        }
    }
    found.named("/call/declarations", &terms.declarations);
    found.keys("/call/kpis", terms.kpis.iter().map(|k| k.key.as_str()));
    for (i, kpi) in terms.kpis.iter().enumerate() {
        found.filled(format!("/call/kpis/{i}/label"), &kpi.label);
        let highest = if kpi.unit == KpiUnit::Percent { 100 } else { i64::MAX };
        if kpi.benchmark.is_some_and(|b| !(0..=highest).contains(&b)) {
            found.error(format!("/call/kpis/{i}/benchmark"), "This figure cannot be reached in its unit");
        }
    }
    reports(terms, found);
}

fn reports(terms: &CallTerms, found: &mut Findings) {
    let mut months = BTreeSet::new();
    for (i, report) in terms.reports.iter().enumerate() {
        let at = format!("/call/reports/{i}");
        found.filled(format!("{at}/label"), &report.label);
        match report.at_month {
            None if report.kind == ReportKind::Interim => {
                found.error(format!("{at}/at_month"), "Say after how many months the interim report is due");
            }
            Some(0) => found.error(format!("{at}/at_month"), "A report is due after one month at the earliest"),
            Some(month) if month > terms.duration.max => {
                found.error(format!("{at}/at_month"), "The report is due after the longest project has ended");
            }
            Some(month) if !months.insert(month) => {
                found.error(format!("{at}/at_month"), "Two reports are due in the same month");
            }
            _ => {}
        }
    }
    if terms.reports.iter().filter(|r| r.kind == ReportKind::Final).count() != 1 {
        found.error("/call/reports", "There must be exactly one final report");
    }
}

fn consortium(terms: &CallTerms, annexes: &[(String, AnnexTerms)], found: &mut Findings) {
    let at = "/call/consortium";
    let rules = &terms.consortium;
    if rules.min_parts == 0 {
        found.error(format!("{at}/min_parts"), "A proposal has at least one part");
    }
    if rules.min_countries == 0 {
        found.error(format!("{at}/min_countries"), "A proposal comes from at least one country");
    }
    if rules.min_countries > rules.min_parts {
        found.error(format!("{at}/min_countries"), "More countries are demanded than parts; raise the number of parts");
    }
    if rules.min_funding_countries > rules.min_countries {
        found.error(format!("{at}/min_funding_countries"), "More paying countries are demanded than countries");
    }
    let paying = annexes.iter().filter(|(_, a)| a.class == AnnexClass::Funding).count();
    if u32::try_from(paying).is_ok_and(|paying| rules.min_funding_countries > paying) {
        found.error(format!("{at}/min_funding_countries"), "Fewer agencies pay than paying countries are demanded");
    }
    for (i, rule) in rules.rules.iter().enumerate() {
        found.filled(format!("{at}/rules/{i}"), rule);
    }
    if let Some(key) = &rules.guests
        && !joint_questions(terms).any(|q| q.key == *key && names_partners(q))
    {
        let message = format!("There is no joint table “{key}” with the columns “name” and “country”");
        found.error(format!("{at}/guests"), message);
    }
    if !terms.sections.is_empty() && !terms.sections.iter().any(|s| s.scope == SectionScope::Joint) {
        found.warn("/call/sections", "No section is answered for the whole proposal");
    }
}

fn joint_questions(terms: &CallTerms) -> impl Iterator<Item = &Question> {
    terms.sections.iter().filter(|s| s.scope == SectionScope::Joint).flat_map(|s| &s.questions)
}

/// Whether a question is a table in which partners can be named with their countries.
pub fn names_partners(question: &Question) -> bool {
    let QuestionKind::Table { columns, .. } = &question.kind else { return false };
    let has = |key: &str, kind: ColumnKind| columns.iter().any(|c| c.key == key && c.kind == kind);
    has("name", ColumnKind::Text) && has("country", ColumnKind::Country)
}

fn call_marks(terms: &CallTerms, annexes: &[(String, AnnexTerms)], found: &mut Findings) {
    let call = serde_json::to_value(terms).unwrap_or(Value::Null);
    let annexes: Vec<Value> = annexes.iter().map(|(_, a)| serde_json::json!({ "agency": {}, "terms": a })).collect();
    let file = serde_json::json!({ "call": call, "annexes": annexes });
    marks("/call/marks", &terms.marks, &file, found);
}

/// Marks point to something and a sourced mark names its source.
pub(super) fn marks(at: &str, marks: &[Mark], file: &Value, found: &mut Findings) {
    for (i, mark) in marks.iter().enumerate() {
        if file.pointer(&mark.at).is_none() {
            found.warn(format!("{at}/{i}/at"), format!("“{}” points to nothing in the call", mark.at));
        }
        if mark.basis == Basis::Sourced && mark.source.is_empty() {
            found.warn(format!("{at}/{i}/source"), "A sourced value names its source");
        }
    }
}
