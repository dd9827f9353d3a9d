//! What is seen of the pool: the list, a profile, and what is compared with proposals.

mod drafts;
mod matching;
mod pool;
mod profile;
mod retention;

pub use drafts::DraftOf;
pub use matching::profiles;
pub use pool::{EvaluatorLine, EvaluatorsOf, Pool, PoolInvitation, lines, narrowed};
pub use profile::{OwnProfile, OwnStanding, Places, ProfileOf, ProfileView};
pub use retention::OverdueProfiles;
pub(in crate::evaluation) use retention::last_use;

use crate::{evaluation::evaluators::rules::Tag, kernel::Result};
use entity::{
    evaluation::evaluator_expertise,
    types::{country::Country, ids::EvaluatorId},
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::BTreeMap;

/// Country codes as names.
fn country_names(codes: &str) -> String {
    let countries = codes.split(',').filter_map(|code| code.parse::<Country>().ok());
    countries.map(|country| country.name()).collect::<Vec<_>>().join(", ")
}

/// The tags of these evaluators, the best known first.
pub(in crate::evaluation) async fn tags_of(
    db: &impl ConnectionTrait,
    ids: &[EvaluatorId],
) -> Result<BTreeMap<EvaluatorId, Vec<Tag>>> {
    let rows = evaluator_expertise::Entity::find()
        .filter(evaluator_expertise::Column::EvaluatorId.is_in(ids.iter().copied()))
        .order_by_desc(evaluator_expertise::Column::Level)
        .order_by_asc(evaluator_expertise::Column::Tag)
        .all(db)
        .await?;
    let mut tags: BTreeMap<EvaluatorId, Vec<Tag>> = BTreeMap::new();
    for row in rows {
        tags.entry(row.evaluator_id).or_default().push(Tag { tag: row.tag, level: row.level });
    }
    Ok(tags)
}
