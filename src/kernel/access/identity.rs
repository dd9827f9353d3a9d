//! Who a session cookie or an API token belongs to.

use super::actor::{Actor, Door, Grant, Member, Person};
use crate::kernel::error::Result;
use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    accounts::{account, api_token, role_grant, session},
    evaluation::evaluator,
    organisations::{membership, organisation},
    types::{
        ids::{AccountId, ApiTokenId, EvaluatorId, OrganisationId, SessionId},
        states::{AccountState, EvaluatorState, MembershipRole, MembershipState, OrganisationKind},
    },
};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

/// A session ends after so long without a request (OWASP session management).
pub const IDLE: TimeDelta = TimeDelta::hours(12);

/// How exactly it is noted when a session or a token was last used.
const NOTED: TimeDelta = TimeDelta::minutes(5);

/// A session as the door needs it.
#[derive(Debug, Clone)]
pub struct SignedIn {
    pub actor: Actor,
    pub session: SessionId,
    /// The form token of this session.
    pub csrf: String,
    pub expires_at: DateTime<Utc>,
    /// Whether the session should be marked as seen.
    pub stale: bool,
}

/// The person behind a session token's hash, unless the session ended, expired or lay idle.
///
/// # Errors
/// When the database cannot be asked.
pub async fn by_session(db: &impl ConnectionTrait, hash: &str, now: DateTime<Utc>) -> Result<Option<SignedIn>> {
    let found = session::Entity::find()
        .filter(session::Column::TokenHash.eq(hash))
        .filter(session::Column::EndedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(now))
        .filter(session::Column::SeenAt.gt(now - IDLE))
        .one(db)
        .await?;
    let Some(row) = found else {
        return Ok(None);
    };
    let Some(actor) = person(db, row.account_id, Door::Session(row.id)).await? else {
        return Ok(None);
    };
    let stale = now - row.seen_at > NOTED;
    Ok(Some(SignedIn { actor, session: row.id, csrf: row.csrf, expires_at: row.expires_at, stale }))
}

/// Notes that a session is in use; nothing happened that the audit log would want.
///
/// # Errors
/// When the database cannot be written.
pub async fn touch(db: &impl ConnectionTrait, id: SessionId, now: DateTime<Utc>) -> Result<()> {
    let row = session::ActiveModel { id: Set(id), seen_at: Set(now), ..Default::default() };
    session::Entity::update(row).exec(db).await?;
    Ok(())
}

/// A token as the door needs it.
#[derive(Debug, Clone)]
pub struct Keyed {
    pub actor: Actor,
    pub token: ApiTokenId,
    /// Whether the token should be marked as used.
    pub stale: bool,
}

/// Notes that a token is in use, as [`touch`] does for sessions.
///
/// # Errors
/// When the database cannot be written.
pub async fn touch_token(db: &impl ConnectionTrait, id: ApiTokenId, now: DateTime<Utc>) -> Result<()> {
    let row = api_token::ActiveModel { id: Set(id), used_at: Set(Some(now)), ..Default::default() };
    api_token::Entity::update(row).exec(db).await?;
    Ok(())
}

/// The person behind an API token's hash, unless it was revoked or expired.
///
/// # Errors
/// When the database cannot be asked.
pub async fn by_token(db: &impl ConnectionTrait, hash: &str, now: DateTime<Utc>) -> Result<Option<Keyed>> {
    let found = api_token::Entity::find()
        .filter(api_token::Column::TokenHash.eq(hash))
        .filter(api_token::Column::RevokedAt.is_null())
        .one(db)
        .await?
        .filter(|token| token.expires_at.is_none_or(|end| end > now));
    let Some(token) = found else {
        return Ok(None);
    };
    let write = token.scopes.split_whitespace().any(|scope| scope == "write");
    let stale = token.used_at.is_none_or(|used| now - used > NOTED);
    let actor = person(db, token.account_id, Door::Token { write }).await?;
    Ok(actor.map(|actor| Keyed { actor, token: token.id, stale }))
}

/// The person of an account with everything given to them, if the account is active.
///
/// # Errors
/// When the database cannot be asked.
pub async fn person(db: &impl ConnectionTrait, id: AccountId, door: Door) -> Result<Option<Actor>> {
    let Some(row) = account::Entity::find_by_id(id).one(db).await?.filter(|a| a.state == AccountState::Active) else {
        return Ok(None);
    };
    let grants = role_grant::Entity::find()
        .filter(role_grant::Column::AccountId.eq(id))
        .filter(role_grant::Column::RevokedAt.is_null())
        .all(db)
        .await?;
    let memberships = membership::Entity::find()
        .inner_join(organisation::Entity)
        .select_only()
        .column(membership::Column::OrganisationId)
        .column(organisation::Column::Kind)
        .column(membership::Column::Role)
        .filter(membership::Column::AccountId.eq(id))
        .filter(membership::Column::State.eq(MembershipState::Active))
        .into_tuple::<(OrganisationId, OrganisationKind, MembershipRole)>()
        .all(db)
        .await?;
    let evaluator = evaluator::Entity::find()
        .select_only()
        .column(evaluator::Column::Id)
        .filter(evaluator::Column::AccountId.eq(id))
        .filter(evaluator::Column::State.eq(EvaluatorState::Active))
        .into_tuple::<EvaluatorId>()
        .one(db)
        .await?;
    Ok(Some(Actor::Person(Box::new(Person {
        account: id,
        name: row.name,
        email: row.email.to_string(),
        grants: grants.into_iter().map(|g| Grant { role: g.role, call: g.call_id, agency: g.agency_id }).collect(),
        memberships: memberships
            .into_iter()
            .map(|(organisation, kind, role)| Member { organisation, kind, role })
            .collect(),
        evaluator: evaluator.is_some(),
        door,
    }))))
}
