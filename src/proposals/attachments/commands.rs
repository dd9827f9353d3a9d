//! Attaching and removing files.

use super::{
    events::AttachmentEvent,
    rules::{Slot, has_room, slots},
};
use crate::{
    documents::files::{
        NewFile,
        commands::{insert, remove},
    },
    kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx},
    proposals::{
        Place,
        drafts::{
            commands::{touch, working, writable},
            rules::sections_of,
        },
    },
};
use entity::{
    calls::{annex, call},
    documents::file,
    organisations::organisation,
    proposals::{answer, attachment, part, proposal, submission},
    types::ids::{AccountId, AnswerId, AttachmentId, FileId, ProposalId},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::Value;

/// Attaches a file whose bytes are stored, to a document or a file question.
#[derive(Clone)]
pub struct Attach {
    pub proposal: ProposalId,
    pub place: Place,
    /// Key of the document or question.
    pub document: String,
    pub file: NewFile,
    /// The attachment it takes the place of.
    pub replaces: Option<AttachmentId>,
}

impl Command for Attach {
    const NEEDS: Permission = Permission::EditProposal;
    type Output = AttachmentId;

    fn about(&self) -> Subject {
        self.place.subject(self.proposal)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<AttachmentId>> {
        let account = leave.account()?;
        let draft = working(tx, self.proposal).await?;
        let own = writable(tx, leave, draft.id, self.place).await?;
        let slot = slot(tx, &draft, &own, self.place, &self.document).await?;
        if u64::try_from(self.file.size).unwrap_or(u64::MAX) > slot.most_bytes() {
            let message = format!("“{}” is too large: at most {} MB are accepted here.", self.file.name, slot.max_mb);
            return Err(AppError::refused("too_large", message));
        }
        let there = kept(tx, draft.id, self.place, &slot.key).await?;
        let gone: Vec<attachment::Model> =
            there.iter().filter(|row| slot.question || Some(row.id) == self.replaces).cloned().collect();
        if self.replaces.is_some_and(|id| !there.iter().any(|row| row.id == id)) {
            return Err(AppError::refused("removed_meanwhile", "The file to be replaced was removed meanwhile."));
        }
        if !has_room(&slot, there.len() - gone.len()) {
            let message = format!("“{}” has {} files already; remove one first.", slot.label, there.len());
            return Err(AppError::refused("too_many_files", message));
        }
        let replaced = !gone.is_empty();
        for row in gone {
            take_away(tx, row).await?;
        }
        let file = insert(tx, &self.file, self.place.subject(draft.id), Some(account)).await?;
        let id: AttachmentId = tx.new_id();
        let row = attachment::ActiveModel {
            id: Set(id),
            proposal_id: Set(draft.id),
            place: Set(self.place.to_string()),
            document: Set(slot.key.clone()),
            file_id: Set(file),
            added_by: Set(account),
            added_at: Set(tx.now()),
            removed_at: Set(None),
        };
        attachment::Entity::insert(row).exec_without_returning(tx.conn()).await?;
        if slot.question {
            answer_with(tx, draft.id, self.place, &slot.key, Some(file), account).await?;
        }
        touch(tx, leave, draft.id).await?;
        let event = AttachmentEvent::Attached {
            proposal: draft.id,
            place: self.place,
            label: slot.label,
            name: self.file.name,
            file,
            replaced,
        };
        Ok(tx.done(event, id))
    }
}

/// Removes an attached file; versions that were submitted with it still name it.
#[derive(Clone)]
pub struct Detach {
    pub proposal: ProposalId,
    pub place: Place,
    pub attachment: AttachmentId,
}

impl Command for Detach {
    const NEEDS: Permission = Permission::EditProposal;
    type Output = ();

    fn about(&self) -> Subject {
        self.place.subject(self.proposal)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let account = leave.account()?;
        let draft = working(tx, self.proposal).await?;
        let own = writable(tx, leave, draft.id, self.place).await?;
        let place = self.place.to_string();
        let row = attachment::Entity::find_by_id(self.attachment)
            .one(tx.conn())
            .await?
            .filter(|row| row.proposal_id == draft.id && row.place == place && row.removed_at.is_none())
            .ok_or(AppError::NotFound)?;
        let slot = slot(tx, &draft, &own, self.place, &row.document).await?;
        let (document, file) = (row.document.clone(), row.file_id);
        let name = file::Entity::find_by_id(file).one(tx.conn()).await?.map(|f| f.name).unwrap_or_default();
        take_away(tx, row).await?;
        if slot.question {
            answer_with(tx, draft.id, self.place, &document, None, account).await?;
        }
        touch(tx, leave, draft.id).await?;
        let event = AttachmentEvent::Detached { proposal: draft.id, place: self.place, label: slot.label, name, file };
        Ok(tx.done(event, ()))
    }
}

/// The document or question of this key at a place.
async fn slot(tx: &Tx, draft: &proposal::Model, own: &part::Model, place: Place, key: &str) -> Result<Slot> {
    let call = call::Entity::find_by_id(draft.call_id).one(tx.conn()).await?.ok_or(AppError::NotFound)?;
    let sections = match place {
        Place::Joint => sections_of(&call.terms, None),
        Place::Part(_) => {
            let found = annex::Entity::find_by_id(own.annex_id).find_also_related(organisation::Entity);
            let (annex, agency) = found.one(tx.conn()).await?.ok_or(AppError::NotFound)?;
            let agency = agency.map(|a| a.name).unwrap_or_default();
            sections_of(&call.terms, Some((&agency, &annex.terms)))
        }
    };
    let found = slots(&call.terms, place, &sections).into_iter().find(|slot| slot.key == key);
    found.ok_or_else(|| AppError::invalid("document", "Choose a document of this call"))
}

async fn kept(tx: &Tx, proposal: ProposalId, place: Place, document: &str) -> Result<Vec<attachment::Model>> {
    Ok(attachment::Entity::find()
        .filter(attachment::Column::ProposalId.eq(proposal))
        .filter(attachment::Column::Place.eq(place.to_string()))
        .filter(attachment::Column::Document.eq(document))
        .filter(attachment::Column::RemovedAt.is_null())
        .order_by_asc(attachment::Column::AddedAt)
        .all(tx.conn())
        .await?)
}

async fn take_away(tx: &Tx, row: attachment::Model) -> Result<()> {
    if !handed_in(tx, row.proposal_id, row.file_id).await? {
        remove(tx, row.file_id).await?;
    }
    let mut row: attachment::ActiveModel = row.into();
    row.removed_at = Set(Some(tx.now()));
    row.update(tx.conn()).await?;
    Ok(())
}

/// Whether a version that was handed in names the file: those who judge that version still read it.
async fn handed_in(tx: &Tx, proposal: ProposalId, file: FileId) -> Result<bool> {
    let Some(file) = file::Entity::find_by_id(file).one(tx.conn()).await? else {
        return Ok(false);
    };
    let versions = submission::Entity::find()
        .inner_join(part::Entity)
        .filter(part::Column::ProposalId.eq(proposal))
        .all(tx.conn())
        .await?;
    let names = |row: &submission::Model| {
        let documents = row.document["content"]["documents"].as_array();
        documents.is_some_and(|list| list.iter().any(|document| document["digest"] == file.digest.as_str()))
    };
    Ok(versions.iter().any(names))
}

/// Makes the file the answer of its question, or takes the answer back.
async fn answer_with(
    tx: &Tx,
    proposal: ProposalId,
    place: Place,
    question: &str,
    file: Option<FileId>,
    by: AccountId,
) -> Result<()> {
    let value = file.map_or(Value::Null, |id| Value::String(id.to_string()));
    let known = answer::Entity::find()
        .filter(answer::Column::ProposalId.eq(proposal))
        .filter(answer::Column::Place.eq(place.to_string()))
        .filter(answer::Column::Question.eq(question))
        .one(tx.conn())
        .await?;
    let version = known.as_ref().map_or(0, |row| row.version) + 1;
    let row = answer::ActiveModel {
        id: Set(known.as_ref().map_or_else(|| tx.new_id::<AnswerId>(), |row| row.id)),
        proposal_id: Set(proposal),
        place: Set(place.to_string()),
        question: Set(question.to_owned()),
        value: Set(value),
        version: Set(version),
        updated_by: Set(Some(by)),
        updated_at: Set(tx.now()),
    };
    if known.is_some() {
        row.update(tx.conn()).await?;
    } else {
        answer::Entity::insert(row).exec_without_returning(tx.conn()).await?;
    }
    Ok(())
}
