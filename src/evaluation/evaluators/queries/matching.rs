//! What is compared with proposals.

use super::tags_of;
use crate::{
    evaluation::{
        affinity::rules::{Evaluator, Expertise, Text},
        evaluators::rules::keywords,
    },
    kernel::Result,
};
use entity::{
    evaluation::{evaluator, evaluator_text},
    types::{country::Country, ids::EvaluatorId, language::Language},
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::BTreeMap;

/// What is known of these evaluators, in the order of their ids; ids of nobody are left out. Three statements,
/// however many there are.
///
/// # Errors
/// When the database cannot be asked.
pub async fn profiles(db: &impl ConnectionTrait, ids: &[EvaluatorId]) -> Result<Vec<(EvaluatorId, Evaluator)>> {
    let rows = evaluator::Entity::find()
        .filter(evaluator::Column::Id.is_in(ids.iter().copied()))
        .order_by_asc(evaluator::Column::Id)
        .all(db)
        .await?;
    let mut tags = tags_of(db, ids).await?;
    let sections = evaluator_text::Entity::find()
        .filter(evaluator_text::Column::EvaluatorId.is_in(ids.iter().copied()))
        .order_by_asc(evaluator_text::Column::Position)
        .all(db)
        .await?;
    let mut texts: BTreeMap<EvaluatorId, Vec<Text>> = BTreeMap::new();
    for row in sections {
        texts.entry(row.evaluator_id).or_default().push(Text::of([row.title, row.body]));
    }
    let known = |row: evaluator::Model| {
        let tags = tags.remove(&row.id).unwrap_or_default().into_iter();
        let mut texts = texts.remove(&row.id).unwrap_or_default();
        if !row.bio.is_empty() {
            texts.push(Text::of([row.bio]));
        }
        let one = Evaluator {
            expertise: tags
                .map(|tag| Expertise { tag: tag.tag, level: u8::try_from(tag.level).unwrap_or_default() })
                .collect(),
            keywords: keywords(&row.expertise),
            texts,
            languages: Language::list(&row.languages).iter().map(|language| language.code().to_owned()).collect(),
            countries: row
                .countries
                .split(',')
                .filter_map(|code| code.parse::<Country>().ok())
                .map(|country| country.code().to_owned())
                .collect(),
        };
        (row.id, one)
    };
    Ok(rows.into_iter().map(known).collect())
}
