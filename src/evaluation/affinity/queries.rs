//! Proposals as they are compared with evaluators: fields, texts, languages and countries.

use super::rules::{Proposal, Reader, Text};
use crate::{kernel::Result, proposals::place::Place};
use entity::{
    calls::call,
    organisations::organisation,
    proposals::{answer, part, participant, proposal},
    types::{
        country::Country,
        ids::{PartId, ProposalId},
        states::PartState,
    },
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Proposals asked for by one statement, so that no database is given more ids than it takes.
const AT_ONCE: usize = 5_000;

/// What is known of these proposals of a call, in the order of their ids: fields are the answers to the call's
/// question about fields, texts all answers in whole sentences of the proposal and of its parts that were handed in,
/// languages the one it is written in, countries those of all partners and companies. The caller has already asked
/// which proposals the actor may see.
///
/// # Errors
/// When the database cannot be asked.
pub async fn proposals(
    db: &impl ConnectionTrait,
    call: &call::Model,
    ids: &[ProposalId],
) -> Result<Vec<(ProposalId, Proposal)>> {
    let reader = Reader::default();
    let mut known = Vec::new();
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    for some in ids.chunks(AT_ONCE) {
        known.extend(chunk(db, call, some, &reader).await?);
    }
    Ok(known)
}

async fn chunk(
    db: &impl ConnectionTrait,
    call: &call::Model,
    ids: &[ProposalId],
    reader: &Reader,
) -> Result<Vec<(ProposalId, Proposal)>> {
    let rows = proposal::Entity::find()
        .filter(proposal::Column::CallId.eq(call.id))
        .filter(proposal::Column::Id.is_in(ids.iter().copied()))
        .order_by_asc(proposal::Column::Id)
        .all(db)
        .await?;
    let parts = part::Entity::find()
        .find_also_related(organisation::Entity)
        .filter(part::Column::ProposalId.is_in(ids.iter().copied()))
        .filter(part::Column::State.ne(PartState::Draft))
        .all(db)
        .await?;
    let companies = participant::Entity::find()
        .select_only()
        .columns([participant::Column::PartId, participant::Column::Country])
        .filter(participant::Column::PartId.is_in(parts.iter().map(|(part, _)| part.id)))
        .distinct()
        .into_tuple::<(PartId, Country)>()
        .all(db)
        .await?;
    let answers = answer::Entity::find()
        .select_only()
        .columns([answer::Column::ProposalId, answer::Column::Place, answer::Column::Question, answer::Column::Value])
        .filter(answer::Column::ProposalId.is_in(ids.iter().copied()))
        .order_by_asc(answer::Column::Place)
        .order_by_asc(answer::Column::Question)
        .into_tuple::<(ProposalId, String, String, Value)>()
        .all(db)
        .await?;
    let mut countries: BTreeMap<ProposalId, BTreeSet<String>> = BTreeMap::new();
    let mut places: BTreeMap<ProposalId, BTreeSet<String>> = BTreeMap::new();
    for (part, organisation) in &parts {
        let own = countries.entry(part.proposal_id).or_default();
        own.extend(organisation.iter().map(|one| one.country.code().to_owned()));
        let here = companies.iter().filter(|(id, _)| *id == part.id);
        own.extend(here.map(|(_, country)| country.code().to_owned()));
        places.entry(part.proposal_id).or_default().insert(Place::Part(part.id).to_string());
    }
    let mut said: BTreeMap<ProposalId, Said> = BTreeMap::new();
    for (id, place, question, value) in answers {
        let joint = place == Place::Joint.to_string();
        let said = said.entry(id).or_default();
        if joint && call.terms.evaluation.fields.as_ref() == Some(&question) {
            said.tags.extend(chosen(&value));
        } else if (joint || places.get(&id).is_some_and(|own| own.contains(&place)))
            && let Some(text) = sentence(&value)
        {
            said.texts.push(text);
        }
    }
    let known = |row: proposal::Model| {
        let Said { tags, mut texts } = said.remove(&row.id).unwrap_or_default();
        let language = (!texts.is_empty()).then(|| reader.language(&texts.join(" ")));
        texts.insert(0, format!("{} {}", row.title, row.acronym));
        let one = Proposal {
            tags,
            text: Text { fields: texts, language },
            languages: language.map(|language| language.code().to_owned()).into_iter().collect(),
            countries: countries.remove(&row.id).unwrap_or_default().into_iter().collect(),
        };
        (row.id, one)
    };
    Ok(rows.into_iter().map(known).collect())
}

/// What the answers of a proposal say.
#[derive(Default)]
struct Said {
    tags: Vec<String>,
    texts: Vec<String>,
}

/// The keys of a choice, or of several.
fn chosen(value: &Value) -> Vec<String> {
    match value {
        Value::String(key) => vec![key.clone()],
        Value::Array(keys) => keys.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

/// An answer in words; keys, numbers and days have too few of them.
fn sentence(value: &Value) -> Option<String> {
    let text = value.as_str()?;
    text.split_whitespace().nth(3).is_some().then(|| text.to_owned())
}
