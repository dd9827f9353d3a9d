//! Criteria and points.

use super::super::{
    fields::{Field, Group, Row, choices},
    typed::Typed,
};
use crate::{
    calls::{editor::rules::key_of, rules::facts::tie_text},
    web::Choice,
};
use entity::types::{
    BadValue,
    judging::SubCriterion,
    points::{Points, Scale},
    terms::{Anchor, CallTerms, Criterion, TieBreak},
};

/// Steps of a tie rule that can be given.
const TIES: usize = 8;

pub fn groups(terms: &CallTerms) -> Vec<Group> {
    let rules = &terms.evaluation;
    let scale = vec![
        Field::number("scale_min", "Lowest points", rules.scale.min, "").at("/call/evaluation/scale/min"),
        Field::number("scale_max", "Highest points", rules.scale.max, "").at("/call/evaluation/scale/max"),
        Field::number("scale_step", "Steps", rules.scale.step, "").at("/call/evaluation/scale/step"),
        Field::optional_number(
            "threshold_overall",
            "Threshold of the total",
            rules.threshold_overall.map(|s| s.number()),
            "%",
        )
        .hint("Of the greatest possible weighted total.")
        .at("/call/evaluation/threshold_overall"),
        Field::number("evaluators", "Evaluators per proposal", rules.evaluators_per_proposal, "")
            .at("/call/evaluation/evaluators_per_proposal"),
        Field::number("min_comment_words", "Shortest comment", rules.min_comment_words, "words")
            .at("/call/evaluation/min_comment_words"),
    ];
    let ties = (0..TIES)
        .map(|i| {
            let label = if i == 0 { "First".to_owned() } else { format!("Then ({})", i + 1) };
            let value = rules.tie_rule.get(i).map(word).unwrap_or_default();
            Field::select(format!("tie.{i}"), label, value, tie_choices(terms)).optional()
        })
        .collect();
    let rows = (0..terms.criteria.len() + 1).map(|i| criterion(i, terms.criteria.get(i))).collect();
    vec![
        Group::new("Scale and thresholds", scale),
        Group::new("Criteria", Vec::new())
            .text("Weights of all criteria add up to 100 %. Empty the name of a criterion to remove it.")
            .rows(rows)
            .at("/call/criteria"),
        Group::new("Between equal totals", ties)
            .text("Asked in this order until one of them tells two proposals apart.")
            .at("/call/evaluation/tie_rule"),
    ]
}

fn criterion(i: usize, criterion: Option<&Criterion>) -> Row {
    let name = |field: &str| format!("criteria.{i}.{field}");
    let at = |field: &str| if criterion.is_some() { format!("/call/criteria/{i}/{field}") } else { String::new() };
    let anchors =
        criterion.map(|c| c.anchors.iter().map(|a| format!("{}: {}", a.points, a.text)).collect::<Vec<_>>().join("\n"));
    let optional = |field: Field| if criterion.is_some() { field } else { field.optional() };
    let place = if criterion.is_some() { (i + 1).to_string() } else { String::new() };
    let fields = vec![
        Field::hidden(name("key"), criterion.map(|c| c.key.clone()).unwrap_or_default()),
        optional(Field::line(name("name"), "Name", criterion.map(|c| c.name.clone()).unwrap_or_default()))
            .at(at("name")),
        optional(Field::number(
            name("weight"),
            "Weight",
            criterion.map(|c| c.weight.number()).unwrap_or_default(),
            "%",
        ))
        .at(at("weight")),
        Field::optional_number(name("threshold"), "Least points", criterion.and_then(|c| c.threshold), "")
            .at(at("threshold")),
        Field::number(name("order"), "Place", place, "").optional(),
        Field::area(
            name("guidance"),
            "Guidance for evaluators",
            criterion.map(|c| c.guidance.clone()).unwrap_or_default(),
            3,
        )
        .optional()
        .at(at("guidance")),
        Field::area(name("anchors"), "What points mean", anchors.unwrap_or_default(), 4)
            .optional()
            .hint("One line each: 5: excellent in every respect")
            .at(at("anchors")),
        Field::area(
            name("parts"),
            "Parts that get points of their own",
            criterion.map(parts_text).unwrap_or_default(),
            3,
        )
        .optional()
        .hint("One line each, with guidance after a colon if you like. The criterion's points are then their mean.")
        .at(at("sub_criteria")),
    ];
    let title = criterion.map_or_else(|| "Another criterion".to_owned(), |_| format!("Criterion {}", i + 1));
    Row { title, fields, boxed: true }
}

fn word(tie: &TieBreak) -> String {
    match tie {
        TieBreak::Criterion { key } => format!("criterion:{key}"),
        TieBreak::Countries => "countries".to_owned(),
        TieBreak::Smes => "smes".to_owned(),
        TieBreak::SmeShare => "sme_share".to_owned(),
        TieBreak::EarlierAwards => "earlier_awards".to_owned(),
        TieBreak::Spread => "spread".to_owned(),
        TieBreak::Submitted => "submitted".to_owned(),
    }
}

fn tie_of(word: &str) -> Option<TieBreak> {
    Some(match word {
        "countries" => TieBreak::Countries,
        "smes" => TieBreak::Smes,
        "sme_share" => TieBreak::SmeShare,
        "earlier_awards" => TieBreak::EarlierAwards,
        "spread" => TieBreak::Spread,
        "submitted" => TieBreak::Submitted,
        other => TieBreak::Criterion { key: other.strip_prefix("criterion:")?.to_owned() },
    })
}

fn tie_choices(terms: &CallTerms) -> Vec<Choice> {
    let criteria = terms.criteria.iter().map(|c| TieBreak::Criterion { key: c.key.clone() });
    let others = [
        TieBreak::Countries,
        TieBreak::Smes,
        TieBreak::SmeShare,
        TieBreak::EarlierAwards,
        TieBreak::Spread,
        TieBreak::Submitted,
    ];
    choices(criteria.chain(others).map(|tie| (word(&tie), tie_text(&tie, terms))))
}

pub fn apply(typed: &mut Typed<'_>, terms: &mut CallTerms) {
    let rules = &mut terms.evaluation;
    rules.scale =
        Scale { min: typed.points("scale_min"), max: typed.points("scale_max"), step: typed.points("scale_step") };
    rules.threshold_overall = typed.optional_share("threshold_overall");
    rules.evaluators_per_proposal = typed.count("evaluators", 20);
    rules.min_comment_words = typed.count("min_comment_words", 500);
    rules.tie_rule = (0..TIES).filter_map(|i| tie_of(typed.raw(&format!("tie.{i}")))).collect();
    let mut criteria: Vec<Criterion> = Vec::new();
    for i in typed.rows("criteria", &["name"]) {
        let name = |field: &str| format!("criteria.{i}.{field}");
        let label = typed.line(&name("name"), 300);
        let taken: Vec<String> = criteria.iter().map(|c| c.key.clone()).chain(typed.keys("criteria")).collect();
        let anchors = typed.with(&name("anchors"), anchors, Vec::new());
        criteria.push(Criterion {
            key: typed.key(&name("key"), &label, &taken),
            name: label,
            weight: typed.share(&name("weight")),
            threshold: typed.optional_points(&name("threshold")),
            guidance: typed.prose(&name("guidance"), 10_000),
            anchors,
            sub_criteria: Vec::new(),
        });
        if let Some(criterion) = criteria.last_mut() {
            let before = terms.criteria.iter().find(|old| old.key == criterion.key);
            let before = before.map(|old| old.sub_criteria.as_slice()).unwrap_or_default();
            criterion.sub_criteria = parts_of(&typed.prose(&name("parts"), 10_000), before);
        }
    }
    terms.criteria = criteria;
}

fn parts_text(criterion: &Criterion) -> String {
    let line = |part: &SubCriterion| match part.guidance.as_str() {
        "" => part.name.clone(),
        guidance => format!("{}: {guidance}", part.name),
    };
    criterion.sub_criteria.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Reads lines such as `Market: is there one?`. A part keeps its key when its name, or failing that its place among as
/// many, is that of a part there was.
fn parts_of(text: &str, before: &[SubCriterion]) -> Vec<SubCriterion> {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
    let mut parts: Vec<SubCriterion> = Vec::new();
    for (i, line) in lines.iter().enumerate() {
        let (name, guidance) = line.split_once(':').unwrap_or((line, ""));
        let (name, guidance): (String, String) =
            (name.trim().chars().take(200).collect(), guidance.trim().chars().take(2_000).collect());
        let same_name = before.iter().find(|old| old.name == name);
        let old = same_name.or_else(|| before.get(i).filter(|_| before.len() == lines.len()));
        let mut taken: Vec<String> = parts.iter().map(|part| part.key.clone()).collect();
        let key = match old.filter(|old| !taken.contains(&old.key)) {
            Some(old) => old.key.clone(),
            None => {
                taken.extend(before.iter().map(|old| old.key.clone()));
                key_of(&name, &taken)
            }
        };
        parts.push(SubCriterion { key, name, guidance });
    }
    parts
}

/// Reads lines such as `5: excellent`.
fn anchors(text: &str) -> Result<Vec<Anchor>, BadValue> {
    let line = |line: &str| {
        let (points, text) =
            line.split_once(':').ok_or_else(|| BadValue::new("Write each line as 5: what it means"))?;
        Ok(Anchor { points: Points::parse(points)?, text: text.trim().to_owned() })
    };
    text.lines().filter(|l| !l.trim().is_empty()).map(line).collect()
}
