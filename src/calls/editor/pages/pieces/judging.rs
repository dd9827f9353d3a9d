//! What follows when evaluators differ, who sees what, what counts as a conflict, what orders the ranking.

use super::super::{
    fields::{Field, Group, Row, choices},
    typed::Typed,
};
use crate::{
    calls::rules::judging::{outlier_text, rank_text, strength_text, trigger_text, visibility_text},
    web::Choice,
};
use entity::types::{
    judging::{Clause, FollowUp, KOfN, OutlierRule, RankBy, SheetVisibility, TieStrength, Trigger},
    points::Points,
    terms::{CallTerms, QuestionKind, SectionScope},
};

/// Sentences a divergence rule can have: one of each kind.
const CLAUSES: usize = 6;

pub fn groups(terms: &CallTerms) -> Vec<Group> {
    let rules = &terms.evaluation;
    let at = |field: &str| format!("/call/evaluation/{field}");
    let rows = (0..CLAUSES).map(|i| clause_row(i, rules.divergence.get(i))).collect();
    let points = vec![
        Field::select("outliers", "Whose points count", outlier_word(rules.outliers), outlier_choices())
            .at(at("outliers")),
        Field::optional_number("k_criteria", "Criteria that must reach a level", rules.k_of_n.map(|k| k.criteria), "")
            .hint("Leave empty when only the thresholds count.")
            .at(at("k_of_n/criteria")),
        Field::optional_number("k_least", "The level", rules.k_of_n.map(|k| k.least), "points").at(at("k_of_n/least")),
        Field::tick("abstain", "An evaluator may abstain from a criterion, with a reason", rules.abstain),
    ];
    let sight = vec![
        Field::select("individual", "While everybody writes alone", rules.visibility.individual.word(), sights())
            .at(at("visibility/individual")),
        Field::select("consensus", "Once a consensus is open", rules.visibility.consensus.word(), sights())
            .at(at("visibility/consensus")),
        Field::tick("names", "Sheets seen name who wrote them", rules.visibility.names),
    ];
    let ties = &rules.conflicts;
    let conflicts = vec![
        Field::number(
            "years_after_leaving",
            "A former employment or seat counts for",
            ties.years_after_leaving,
            "years",
        ),
        Field::number(
            "years_of_past_proposals",
            "An earlier joint proposal counts for",
            ties.years_of_past_proposals,
            "years",
        ),
        Field::number("links", "Links of ownership followed", ties.links, ""),
        Field::number("least_share", "The smallest share that makes a link", ties.least_share.number(), "%"),
        Field::select("same_cluster", "The same cluster", strength_word(ties.same_cluster), strengths()),
        Field::select(
            "rival",
            "The evaluator's organisation is in a rival proposal",
            strength_word(ties.rival),
            strengths(),
        ),
        Field::select("same_country", "The same country", strength_word(ties.same_country), strengths()),
    ];
    let ranking = vec![
        Field::radios("by", "What orders the ranking", rank_word(rules.ranking.by), ranks()).at(at("ranking/by")),
        Field::tick(
            "lottery",
            "A lottery draws among proposals whose order around the funding line cannot be told",
            rules.ranking.lottery,
        ),
        Field::select(
            "fields",
            "Evaluators are matched by the answers to",
            rules.fields.clone().unwrap_or_default(),
            questions(terms),
        )
        .optional()
        .at(at("fields")),
    ];
    vec![
        Group::new("When evaluators differ", Vec::new())
            .text("What counts as seeing different things, and what follows. Empty a row to remove it.")
            .rows(rows)
            .at(at("divergence")),
        Group::new("Whose points count", points),
        Group::new("What evaluators see of each other", sight),
        Group::new("Conflicts of interest", conflicts)
            .text("What is found is evidence: an officer confirms or dismisses it.")
            .at(at("conflicts")),
        Group::new("Ranking and matching", ranking)
            .text("What orders the ranking stays as it is once the call is public.")
            .at(at("ranking")),
    ]
}

fn clause_row(i: usize, clause: Option<&Clause>) -> Row {
    let name = |field: &str| format!("divergence.{i}.{field}");
    let n = i + 1;
    let (word, more_than) = clause.map(|c| trigger_word(c.trigger)).unwrap_or_default();
    let then = match clause.map(|c| c.then) {
        Some(FollowUp::ThirdReview) => "third_review",
        _ => "consensus",
    };
    let followed = choices([("consensus", "a consensus of the evaluators"), ("third_review", "a third review")]);
    let fields = vec![
        Field::select(name("when"), format!("When, {n}"), word, triggers()).optional(),
        Field::optional_number(name("more_than"), format!("By more than, {n}"), more_than, "points"),
        Field::select(name("then"), format!("Then, {n}"), then, followed),
    ];
    Row { title: String::new(), fields, boxed: false }
}

fn trigger_word(trigger: Trigger) -> (&'static str, Option<Points>) {
    match trigger {
        Trigger::CriterionDiffers { more_than } => ("criterion_differs", Some(more_than)),
        Trigger::TotalDiffers { more_than } => ("total_differs", Some(more_than)),
        Trigger::CriterionAcrossMiddle => ("criterion_across_middle", None),
        Trigger::TotalAcrossMiddle => ("total_across_middle", None),
        Trigger::CriterionAcrossThreshold => ("criterion_across_threshold", None),
        Trigger::TotalAcrossThreshold => ("total_across_threshold", None),
    }
}

fn triggers() -> Vec<Choice> {
    let plain = [
        Trigger::CriterionAcrossMiddle,
        Trigger::TotalAcrossMiddle,
        Trigger::CriterionAcrossThreshold,
        Trigger::TotalAcrossThreshold,
    ];
    let mut all = choices([
        ("criterion_differs", "the points for a criterion differ by more than"),
        ("total_differs", "the totals differ by more than"),
    ]);
    all.extend(choices(plain.map(|t| (trigger_word(t).0, trigger_text(t)))));
    all
}

fn outlier_word(rule: OutlierRule) -> &'static str {
    match rule {
        OutlierRule::None => "none",
        OutlierRule::OtherSideOfMiddle => "other_side_of_middle",
        OutlierRule::Median => "median",
    }
}

const OUTLIERS: [OutlierRule; 3] = [OutlierRule::None, OutlierRule::OtherSideOfMiddle, OutlierRule::Median];

fn outlier_choices() -> Vec<Choice> {
    choices(OUTLIERS.map(|rule| (outlier_word(rule), outlier_text(rule))))
}

fn sights() -> Vec<Choice> {
    choices(SheetVisibility::ALL.iter().map(|v| (v.word(), visibility_text(*v))))
}

fn strength_word(strength: Option<TieStrength>) -> &'static str {
    strength.map_or("none", TieStrength::key)
}

fn strengths() -> Vec<Choice> {
    let all = std::iter::once(None).chain(TieStrength::ALL.iter().copied().map(Some));
    choices(all.map(|strength| (strength_word(strength), strength_text(strength))))
}

fn rank_word(by: RankBy) -> &'static str {
    match by {
        RankBy::Totals => "totals",
        RankBy::ExpectedRanks => "expected_ranks",
    }
}

fn ranks() -> Vec<Choice> {
    choices([RankBy::Totals, RankBy::ExpectedRanks].map(|by| (rank_word(by), rank_text(by))))
}

/// Joint questions with choices.
fn questions(terms: &CallTerms) -> Vec<Choice> {
    let joint = terms.sections.iter().filter(|s| s.scope == SectionScope::Joint).flat_map(|s| &s.questions);
    let of_choices = joint.filter(|q| matches!(q.kind, QuestionKind::Choice { .. } | QuestionKind::Choices { .. }));
    choices(of_choices.map(|q| (q.key.clone(), q.label.clone())))
}

pub fn apply(typed: &mut Typed<'_>, terms: &mut CallTerms) {
    let mut divergence = Vec::new();
    for i in typed.rows("divergence", &["when"]) {
        let name = |field: &str| format!("divergence.{i}.{field}");
        let then = match typed.raw(&name("then")) {
            "third_review" => FollowUp::ThirdReview,
            _ => FollowUp::Consensus,
        };
        let trigger = match typed.raw(&name("when")).to_owned().as_str() {
            "criterion_differs" => Some(Trigger::CriterionDiffers { more_than: typed.points(&name("more_than")) }),
            "total_differs" => Some(Trigger::TotalDiffers { more_than: typed.points(&name("more_than")) }),
            "criterion_across_middle" => Some(Trigger::CriterionAcrossMiddle),
            "total_across_middle" => Some(Trigger::TotalAcrossMiddle),
            "criterion_across_threshold" => Some(Trigger::CriterionAcrossThreshold),
            "total_across_threshold" => Some(Trigger::TotalAcrossThreshold),
            _ => None,
        };
        match trigger {
            Some(trigger) => divergence.push(Clause { trigger, then }),
            None => typed.errors.add(name("when"), "Choose one from the list"),
        }
    }
    let rules = &mut terms.evaluation;
    rules.divergence = divergence;
    rules.outliers = match typed.raw("outliers") {
        "other_side_of_middle" => OutlierRule::OtherSideOfMiddle,
        "median" => OutlierRule::Median,
        _ => OutlierRule::None,
    };
    rules.k_of_n = match typed.raw("k_criteria").is_empty() && typed.raw("k_least").is_empty() {
        true => None,
        false => Some(KOfN { criteria: typed.count("k_criteria", 50), least: typed.points("k_least") }),
    };
    rules.abstain = typed.ticked("abstain");
    let sight = |word: &str| SheetVisibility::ALL.iter().copied().find(|v| v.word() == word).unwrap_or_default();
    rules.visibility.individual = sight(typed.raw("individual"));
    rules.visibility.consensus = sight(typed.raw("consensus"));
    rules.visibility.names = typed.ticked("names");
    let strength = |word: &str| TieStrength::ALL.iter().copied().find(|s| s.key() == word);
    rules.conflicts.years_after_leaving = typed.count("years_after_leaving", 50);
    rules.conflicts.years_of_past_proposals = typed.count("years_of_past_proposals", 50);
    rules.conflicts.links = typed.count("links", 20);
    rules.conflicts.least_share = typed.share("least_share");
    rules.conflicts.same_cluster = strength(typed.raw("same_cluster"));
    rules.conflicts.rival = strength(typed.raw("rival"));
    rules.conflicts.same_country = strength(typed.raw("same_country"));
    rules.ranking.by = if typed.raw("by") == "expected_ranks" { RankBy::ExpectedRanks } else { RankBy::Totals };
    rules.ranking.lottery = typed.ticked("lottery");
    rules.fields = typed.optional_line("fields", 60);
}
