//! What the secretariat and experts do with the pool.

mod erasure;
mod pool;
mod profile;

pub use erasure::{EraseOverdue, EraseOwnProfile, RenewProfile};
pub use pool::{AnswerPoolInvitation, InviteToPool, SetEvaluatorState, WithdrawPoolInvitation};
pub use profile::{ChangeOwnProfile, ChangeProfile, SetTerms};

use super::rules::{self, Profile, Typed};
use crate::kernel::{AppError, Result, Tx, error::FieldErrors};
use entity::{
    accounts::account,
    evaluation::{evaluator, evaluator_expertise, evaluator_period, evaluator_text},
    types::{
        ids::{AccountId, EvaluatorId},
        language::Language,
        text,
    },
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

async fn of_account(tx: &Tx, account: AccountId) -> Result<Option<evaluator::Model>> {
    Ok(evaluator::Entity::find().filter(evaluator::Column::AccountId.eq(account)).one(tx.conn()).await?)
}

async fn name_of(tx: &Tx, account: AccountId) -> Result<String> {
    Ok(account::Entity::find_by_id(account).one(tx.conn()).await?.ok_or(AppError::NotFound)?.name)
}

fn read(typed: &Typed) -> Result<Profile> {
    rules::read(typed).map_err(|wrong| AppError::Invalid(FieldErrors(wrong)))
}

/// What a profile is found by.
fn searched(name: &str, profile: &Profile) -> String {
    let languages = Language::names(&profile.languages);
    let fields: Vec<String> = profile.tags.iter().map(|tag| rules::label(&tag.tag)).collect();
    let parts = [name, &profile.organisation, &profile.expertise, &languages, &profile.countries];
    text::searchable(parts.into_iter().chain(fields.iter().map(String::as_str)))
}

/// Writes a profile into its row, without fields, curriculum and calendar.
pub(in crate::evaluation) fn fill(row: &mut evaluator::ActiveModel, profile: &Profile, name: &str) {
    row.search = Set(searched(name, profile));
    row.organisation = Set(profile.organisation.clone());
    row.expertise = Set(profile.expertise.clone());
    row.languages = Set(profile.languages.clone());
    row.countries = Set(profile.countries.clone());
    row.capacity = Set(profile.capacity);
    row.hours = Set(profile.hours);
    row.bio = Set(profile.bio.clone());
}

/// Writes fields, curriculum and calendar over those that were there: they are one form with the profile, which
/// carries their version.
async fn write_details(tx: &Tx, id: EvaluatorId, profile: &Profile) -> Result<()> {
    clear_details(tx, id).await?;
    insert_tags(tx, id, profile).await?;
    let position = |at: usize| Set(i32::try_from(at).unwrap_or(i32::MAX));
    let texts = profile.texts.iter().enumerate().map(|(at, section)| evaluator_text::ActiveModel {
        evaluator_id: Set(id),
        position: position(at),
        title: Set(section.title.clone()),
        body: Set(section.body.clone()),
    });
    let periods = profile.periods.iter().enumerate().map(|(at, period)| evaluator_period::ActiveModel {
        evaluator_id: Set(id),
        position: position(at),
        kind: Set(period.kind),
        starts_on: Set(period.from),
        ends_on: Set(period.until),
    });
    let (texts, periods): (Vec<_>, Vec<_>) = (texts.collect(), periods.collect());
    if !texts.is_empty() {
        evaluator_text::Entity::insert_many(texts).exec_without_returning(tx.conn()).await?;
    }
    if !periods.is_empty() {
        evaluator_period::Entity::insert_many(periods).exec_without_returning(tx.conn()).await?;
    }
    Ok(())
}

/// Writes the fields of the taxonomy over those that were there.
pub(in crate::evaluation) async fn write_tags(tx: &Tx, id: EvaluatorId, profile: &Profile) -> Result<()> {
    clear_tags(tx, id).await?;
    insert_tags(tx, id, profile).await
}

async fn insert_tags(tx: &Tx, id: EvaluatorId, profile: &Profile) -> Result<()> {
    let tags = profile.tags.iter().map(|tag| evaluator_expertise::ActiveModel {
        evaluator_id: Set(id),
        tag: Set(tag.tag.clone()),
        level: Set(tag.level),
    });
    let tags: Vec<_> = tags.collect();
    if !tags.is_empty() {
        evaluator_expertise::Entity::insert_many(tags).exec_without_returning(tx.conn()).await?;
    }
    Ok(())
}

async fn clear_tags(tx: &Tx, id: EvaluatorId) -> Result<()> {
    let own = evaluator_expertise::Column::EvaluatorId.eq(id);
    evaluator_expertise::Entity::delete_many().filter(own).exec(tx.conn()).await?;
    Ok(())
}

async fn clear_details(tx: &Tx, id: EvaluatorId) -> Result<()> {
    clear_tags(tx, id).await?;
    let db = tx.conn();
    evaluator_text::Entity::delete_many().filter(evaluator_text::Column::EvaluatorId.eq(id)).exec(db).await?;
    evaluator_period::Entity::delete_many().filter(evaluator_period::Column::EvaluatorId.eq(id)).exec(db).await?;
    Ok(())
}
