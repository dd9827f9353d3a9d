//! What a list would change, and what is known of the people on it.

use super::rules::{Kept, Known, List, Plan, plan};
use crate::{
    evaluation::{
        conflicts::queries::signed_until,
        evaluators::{queries::tags_of, rules::Profile},
    },
    kernel::{AppError, Leave, Permission, Query, Result, Snapshot, Subject},
};
use chrono::{DateTime, Utc};
use entity::{
    accounts::{account, invitation},
    evaluation::{evaluator, evaluator_import},
    types::{
        ids::{AccountId, EvaluatorId, EvaluatorImportId},
        language::Language,
        states::{EvaluatorState, InvitationKind},
    },
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use std::collections::BTreeMap;

/// Whether the actor may import lists, asked before a file is read.
pub struct MayImport;

impl Query for MayImport {
    const NEEDS: Permission = Permission::ManageEvaluators;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, _: &Snapshot, _: Leave<'_>) -> Result<()> {
        Ok(())
    }
}

/// A list with what it would change, or has changed.
pub struct Import {
    pub id: EvaluatorImportId,
    pub file: String,
    pub plan: Plan,
    /// Columns nobody knows, which are left aside.
    pub unknown: Vec<String>,
    pub expires_at: DateTime<Utc>,
    pub applied: bool,
}

/// A plan of one's own.
pub struct ImportOf(pub EvaluatorImportId);

impl Query for ImportOf {
    const NEEDS: Permission = Permission::ManageEvaluators;
    type Output = Import;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Import> {
        let row = own(db.conn(), self.0, leave.account()?).await?;
        let list: List = serde_json::from_value(row.list)?;
        Ok(Import {
            id: row.id,
            file: row.file,
            plan: serde_json::from_value(row.plan)?,
            unknown: list.unknown,
            expires_at: row.expires_at,
            applied: row.applied_at.is_some(),
        })
    }
}

/// The list of this person with this id.
pub(super) async fn own(
    db: &impl ConnectionTrait,
    id: EvaluatorImportId,
    account: AccountId,
) -> Result<evaluator_import::Model> {
    let row = evaluator_import::Entity::find_by_id(id).one(db).await?;
    row.filter(|row| row.account_id == account).ok_or(AppError::NotFound)
}

/// The plan of a list as the pool stands.
pub(super) async fn plan_of(db: &impl ConnectionTrait, list: &List, now: DateTime<Utc>) -> Result<Plan> {
    Ok(plan(list, &known(db, list, now).await?))
}

/// What is known of the addresses on a list; the same few statements, however many there are.
pub(super) async fn known(
    db: &impl ConnectionTrait,
    list: &List,
    now: DateTime<Utc>,
) -> Result<BTreeMap<String, Known>> {
    let emails: Vec<&str> = list.rows.iter().map(|row| row.email.as_str()).collect();
    let asked = invitation::Entity::find()
        .filter(invitation::Column::Kind.eq(InvitationKind::Evaluator))
        .filter(invitation::Column::Email.is_in(emails.iter().copied()))
        .filter(invitation::Column::AnsweredAt.is_null())
        .filter(invitation::Column::WithdrawnAt.is_null())
        .filter(invitation::Column::ExpiresAt.gt(now))
        .all(db)
        .await?;
    let mut known: BTreeMap<String, Known> =
        asked.into_iter().map(|row| (row.email.to_string(), Known::Asked)).collect();
    let members = evaluator::Entity::find()
        .find_also_related(account::Entity)
        .filter(account::Column::Email.is_in(emails))
        .all(db)
        .await?;
    let ids: Vec<EvaluatorId> = members.iter().map(|(row, _)| row.id).collect();
    let mut tags = tags_of(db, &ids).await?;
    let accounts: Vec<AccountId> = members.iter().map(|(row, _)| row.account_id).collect();
    let declared = signed_until(db, &accounts).await?;
    for (row, person) in members {
        let Some(person) = person else { continue };
        let one = match row.state {
            EvaluatorState::Active => Known::Member(Box::new(Kept {
                evaluator: row.id,
                version: row.version,
                declaration_until: row.declaration_until.max(declared.get(&row.account_id).copied()),
                contract_until: row.contract_until,
                profile: Profile {
                    organisation: row.organisation,
                    tags: tags.remove(&row.id).unwrap_or_default(),
                    expertise: row.expertise,
                    // As codes, also where they are kept by name.
                    languages: spoken(&row.languages),
                    countries: row.countries,
                    capacity: row.capacity,
                    hours: row.hours,
                    bio: row.bio,
                    texts: Vec::new(),
                    periods: Vec::new(),
                },
            })),
            _ => Known::Left,
        };
        known.insert(person.email.to_string(), one);
    }
    Ok(known)
}

fn spoken(languages: &str) -> String {
    Language::list(languages).iter().map(Language::code).collect::<Vec<_>>().join(", ")
}
