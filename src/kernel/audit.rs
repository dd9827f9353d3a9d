//! The audit log: a chain in which every entry carries the digest of the one before it, so that a changed
//! or missing entry is found by anybody who reads on from there.

use super::{
    access::{actor::Actor, subject::Subject},
    error::{AppError, Result},
    event::AuditLine,
};
use chrono::{DateTime, Utc};
use entity::{
    kernel::audit_entry::{self, Column, Entity, Model},
    types::digest,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::Value;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The digest before the first entry.
const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// What a repeated command finds of its first run.
pub(super) struct FirstRun {
    pub command: String,
    pub output: Option<Value>,
}

/// The outcome kept under a command key of this actor.
pub(super) async fn first_run(db: &impl ConnectionTrait, actor: Option<Uuid>, key: &str) -> Result<Option<FirstRun>> {
    let found = Entity::find()
        .select_only()
        .columns([Column::Command, Column::Output])
        .filter(Column::Key.eq(key))
        .filter(match actor {
            Some(id) => Column::Actor.eq(id),
            None => Column::Actor.is_null(),
        })
        .into_tuple::<(String, Option<Value>)>()
        .one(db)
        .await?;
    Ok(found.map(|(command, output)| FirstRun { command, output }))
}

pub(super) struct Entry<'a> {
    pub actor: &'a Actor,
    pub command: &'a str,
    pub at: DateTime<Utc>,
    pub key: Option<&'a str>,
    pub output: Option<Value>,
}

/// Appends one line per event; the first carries the command key and the outcome.
pub(super) async fn append(db: &impl ConnectionTrait, entry: Entry<'_>, lines: Vec<AuditLine>) -> Result<()> {
    let last = Entity::find()
        .select_only()
        .columns([Column::Seq, Column::Digest])
        .order_by_desc(Column::Seq)
        .into_tuple::<(i64, String)>()
        .one(db)
        .await?;
    let (mut seq, mut previous) = last.unwrap_or((0, GENESIS.to_owned()));
    let mut rows = Vec::with_capacity(lines.len());
    let mut key = entry.key.map(str::to_owned);
    let mut output = entry.output;
    for line in lines {
        seq += 1;
        let (actor, name) = match line.by {
            Some((account, name)) => (Some(account), name),
            None => (entry.actor.account(), entry.actor.name().to_owned()),
        };
        let mut row = Model {
            seq,
            at: entry.at,
            actor: actor.map(|id| id.0),
            actor_name: name.chars().take(120).collect(),
            command: entry.command.to_owned(),
            subject_kind: line.subject.kind().to_owned(),
            subject_id: line.subject.id(),
            call: line.call.map(|id| id.0),
            proposal: line.proposal.map(|id| id.0),
            line: line.line,
            data: line.data,
            key: key.take(),
            output: output.take(),
            previous,
            digest: String::new(),
        };
        row.digest = digest_of(&row);
        previous = row.digest.clone();
        rows.push(active(row));
    }
    Entity::insert_many(rows).exec_without_returning(db).await?;
    Ok(())
}

/// Who changed a thing last, and when; refused tries are no changes.
///
/// # Errors
/// When the database cannot be asked.
pub async fn last_change(db: &impl ConnectionTrait, subject: Subject) -> Result<Option<(String, DateTime<Utc>)>> {
    let about = Entity::find()
        .select_only()
        .columns([Column::ActorName, Column::At])
        .filter(Column::SubjectKind.eq(subject.kind()))
        .filter(Column::Line.not_like("was refused (%"));
    let about = match subject.id() {
        Some(id) => about.filter(Column::SubjectId.eq(id)),
        None => about.filter(Column::SubjectId.is_null()),
    };
    Ok(about.order_by_desc(Column::Seq).into_tuple().one(db).await?)
}

/// Who ran one of these commands on a thing last, and when; other entries may be about it as well.
///
/// # Errors
/// When the database cannot be asked.
pub async fn last_run(
    db: &impl ConnectionTrait,
    subject: Subject,
    commands: &[&str],
) -> Result<Option<(String, DateTime<Utc>)>> {
    let found = Entity::find()
        .select_only()
        .columns([Column::ActorName, Column::At])
        .filter(Column::SubjectKind.eq(subject.kind()))
        .filter(Column::SubjectId.eq(subject.id()))
        .filter(Column::Command.is_in(commands.iter().copied()))
        .filter(Column::Line.not_like("was refused (%"));
    Ok(found.order_by_desc(Column::Seq).into_tuple().one(db).await?)
}

/// The error for somebody whose version of a thing is not the present one.
pub async fn stale(db: &impl ConnectionTrait, subject: Subject, version: i64, now: DateTime<Utc>) -> AppError {
    match last_change(db, subject).await {
        Ok(found) => {
            let (by, at) = found.unwrap_or_else(|| ("somebody else".to_owned(), now));
            AppError::Stale { by, at, version }
        }
        Err(error) => error,
    }
}

fn active(row: Model) -> audit_entry::ActiveModel {
    audit_entry::ActiveModel {
        seq: Set(row.seq),
        at: Set(row.at),
        actor: Set(row.actor),
        actor_name: Set(row.actor_name),
        command: Set(row.command),
        subject_kind: Set(row.subject_kind),
        subject_id: Set(row.subject_id),
        call: Set(row.call),
        proposal: Set(row.proposal),
        line: Set(row.line),
        data: Set(row.data),
        key: Set(row.key),
        output: Set(row.output),
        previous: Set(row.previous),
        digest: Set(row.digest),
    }
}

/// The digest an entry must carry, from everything in it but the replay fields.
pub fn digest_of(row: &Model) -> String {
    let mut hash = Sha256::new();
    let id = |id: Option<Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
    for field in [
        row.previous.clone(),
        row.seq.to_string(),
        row.at.timestamp_micros().to_string(),
        id(row.actor),
        row.actor_name.clone(),
        row.command.clone(),
        row.subject_kind.clone(),
        id(row.subject_id),
        id(row.call),
        id(row.proposal),
        row.line.clone(),
        canonical(&row.data),
    ] {
        hash.update(u64::try_from(field.len()).unwrap_or_default().to_be_bytes());
        hash.update(field.as_bytes());
    }
    digest::hex(&hash.finalize())
}

/// JSON with sorted keys: PostgreSQL's jsonb does not keep the order they were written in.
pub fn canonical(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let mut keys: Vec<_> = map.keys().collect();
            keys.sort();
            let inner: Vec<String> =
                keys.into_iter().map(|k| format!("{}:{}", Value::String(k.clone()), canonical(&map[k]))).collect();
            format!("{{{}}}", inner.join(","))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(",")),
        other => other.to_string(),
    }
}

/// Where a chain breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Break {
    pub seq: i64,
    pub what: &'static str,
}

/// Reads the whole chain in pages and reports the first break.
///
/// # Errors
/// When the database cannot be read.
pub async fn verify(db: &impl ConnectionTrait) -> Result<(u64, Option<Break>)> {
    let (mut seq, mut previous, mut count) = (0i64, GENESIS.to_owned(), 0u64);
    loop {
        let page = Entity::find().filter(Column::Seq.gt(seq)).order_by_asc(Column::Seq).limit(1_000).all(db).await?;
        if page.is_empty() {
            return Ok((count, None));
        }
        for row in page {
            let broken = |what| Some(Break { seq: row.seq, what });
            if row.seq != seq + 1 {
                return Ok((count, broken("an entry before this one is missing")));
            }
            if row.previous != previous {
                return Ok((count, broken("this entry does not follow the one before it")));
            }
            if row.digest != digest_of(&row) {
                return Ok((count, broken("this entry was changed after it was written")));
            }
            seq = row.seq;
            previous = row.digest;
            count += 1;
        }
    }
}

/// The subject a stored entry is about.
pub fn subject_of(row: &Model) -> Option<Subject> {
    Subject::from_parts(&row.subject_kind, row.subject_id)
}
