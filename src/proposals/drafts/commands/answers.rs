//! Saving answers, as they are typed.

use super::super::{
    events::DraftEvent,
    rules::{Merge, Seen, digest_of, merge, sections_of},
};
use super::{touch, working, writable};
use crate::{
    calls::questions::{self, RawAnswer},
    kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx, error::FieldErrors},
    proposals::Place,
};
use entity::{
    accounts::account,
    calls::{annex, call},
    organisations::organisation,
    proposals::{answer, part, proposal, section_task},
    types::{
        ids::{AccountId, AnswerId, ProposalId},
        states::SectionState,
        terms::{CallTerms, Section},
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{collections::BTreeMap, sync::Arc};

/// Keeps answers of one section, complete or not. None is kept when one of them was changed by somebody else too.
#[derive(Clone)]
pub struct SaveAnswers {
    pub proposal: ProposalId,
    pub place: Place,
    pub section: String,
    pub answers: Sent,
}

/// How a form is read once its questions are known.
pub type ReadsForm = dyn Fn(&Section) -> Vec<Typed> + Send + Sync;

/// The answers of a save.
#[derive(Clone)]
pub enum Sent {
    Answers(Vec<Typed>),
    /// A form, read when the section's questions are at hand, so that they are not loaded twice for every save
    /// while somebody types.
    Form(Arc<ReadsForm>),
}

/// One answer as it was sent.
#[derive(Debug, Clone)]
pub struct Typed {
    pub question: String,
    pub raw: RawAnswer,
    pub seen: Seen,
}

/// One answer as it is kept now.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Answered {
    pub question: String,
    pub version: i64,
    /// What the sender has seen after this: the digest of what was sent, or of what was seen before when
    /// somebody else's answer stays.
    pub digest: String,
    /// Whether somebody else changed it, and the sender did not.
    pub theirs: bool,
    /// What is wrong with the answer that was sent; it is kept all the same.
    pub messages: Vec<String>,
}

impl Command for SaveAnswers {
    const NEEDS: Permission = Permission::EditProposal;
    type Output = Vec<Answered>;

    fn about(&self) -> Subject {
        self.place.subject(self.proposal)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<Vec<Answered>>> {
        let account = leave.account()?;
        let draft = working(tx, self.proposal).await?;
        let own = writable(tx, leave, draft.id, self.place).await?;
        let section = section(tx, &draft, &own, self.place, &self.section).await?;
        let answers = match self.answers {
            Sent::Answers(answers) => answers,
            Sent::Form(read) => read(&section),
        };
        let mut kept = kept_answers(tx, draft.id, self.place, &section).await?;
        let mut errors = FieldErrors::default();
        let mut outcome = Vec::new();
        let mut changed: Vec<String> = Vec::new();
        let mut writes: Vec<(String, Value)> = Vec::new();
        for typed in &answers {
            let Some(question) = section.questions.iter().find(|q| q.key == typed.question) else {
                errors.add(&typed.question, "This question is not in this section");
                continue;
            };
            let Some(sent) = errors.take(&typed.question, questions::read(question, &typed.raw)) else { continue };
            let row = kept.get(&typed.question);
            let (now, version) = row.map_or((Value::Null, 0), |row| (row.value.clone(), row.version));
            let decided = merge(&typed.seen, &sent, &now, version);
            if decided == Merge::Conflict {
                let (by, at) = match row {
                    Some(row) => (name_of(tx, row.updated_by).await?, row.updated_at),
                    None => (String::new(), draft.updated_at),
                };
                return Err(AppError::Stale { by, at, version });
            }
            let digest = match (&decided, &typed.seen) {
                (Merge::Theirs, Seen::Digest(base)) => base.clone(),
                _ => digest_of(&sent),
            };
            let version = if decided == Merge::Write { version + 1 } else { version };
            let theirs = decided == Merge::Theirs;
            let messages = questions::check(question, &sent);
            outcome.push(Answered { question: typed.question.clone(), version, digest, theirs, messages });
            if decided == Merge::Write {
                changed.push(question.label.clone());
                writes.push((typed.question.clone(), sent));
            }
        }
        errors.done()?;
        for (question, value) in writes {
            let row = write(tx, &draft, self.place, &question, value, kept.remove(&question), account).await?;
            kept.insert(question, row);
        }
        if !changed.is_empty() {
            reopen_if_incomplete(tx, draft.id, self.place, &section, &kept).await?;
            touch(tx, leave, draft.id).await?;
        }
        let event = DraftEvent::Answered {
            proposal: draft.id,
            place: self.place,
            section: section.title.clone(),
            questions: changed,
        };
        Ok(tx.done(event, outcome))
    }
}

async fn write(
    tx: &Tx,
    draft: &proposal::Model,
    place: Place,
    question: &str,
    value: Value,
    known: Option<answer::Model>,
    account: AccountId,
) -> Result<answer::Model> {
    let row = answer::Model {
        id: known.as_ref().map_or_else(|| tx.new_id::<AnswerId>(), |row| row.id),
        proposal_id: draft.id,
        place: place.to_string(),
        question: question.to_owned(),
        value,
        version: known.as_ref().map_or(0, |row| row.version) + 1,
        updated_by: Some(account),
        updated_at: tx.now(),
    };
    match known {
        None => {
            let row: answer::ActiveModel = row.clone().into();
            answer::Entity::insert(row.reset_all()).exec_without_returning(tx.conn()).await?;
        }
        Some(known) => {
            let mut changed: answer::ActiveModel = known.into();
            changed.value = Set(row.value.clone());
            changed.version = Set(row.version);
            changed.updated_by = Set(row.updated_by);
            changed.updated_at = Set(row.updated_at);
            changed.update(tx.conn()).await?;
        }
    }
    Ok(row)
}

/// A section marked as complete goes back to work when a change leaves it incomplete.
async fn reopen_if_incomplete(
    tx: &Tx,
    proposal: ProposalId,
    place: Place,
    section: &Section,
    kept: &BTreeMap<String, answer::Model>,
) -> Result<()> {
    let answers = kept.iter().map(|(key, row)| (key.clone(), row.value.clone())).collect();
    if questions::missing(section, &answers).is_empty() {
        return Ok(());
    }
    let complete = super::sections::task(tx, proposal, place, &section.key).await?;
    if let Some(row) = complete.filter(|row| row.state == SectionState::Complete) {
        let mut row: section_task::ActiveModel = row.into();
        row.state = Set(SectionState::Open);
        row.completed_by = Set(None);
        row.completed_at = Set(None);
        row.update(tx.conn()).await?;
    }
    Ok(())
}

/// The section with this key in this place.
///
/// # Errors
/// When the call or the home agency has no such section there.
pub(in crate::proposals) async fn section(
    tx: &Tx,
    draft: &proposal::Model,
    own: &part::Model,
    place: Place,
    key: &str,
) -> Result<Section> {
    let terms = terms_of(tx, draft).await?;
    let agency = match place {
        Place::Joint => None,
        Place::Part(_) => annex::Entity::find_by_id(own.annex_id)
            .find_also_related(organisation::Entity)
            .one(tx.conn())
            .await?
            .and_then(|(annex, agency)| Some((agency?.name, annex.terms))),
    };
    let annex = agency.as_ref().map(|(name, terms)| (name.as_str(), terms));
    sections_of(&terms, annex).into_iter().find(|s| s.key == key).ok_or(AppError::NotFound)
}

async fn terms_of(tx: &Tx, draft: &proposal::Model) -> Result<CallTerms> {
    let row = call::Entity::find_by_id(draft.call_id).one(tx.conn()).await?.ok_or(AppError::NotFound)?;
    Ok(row.terms)
}

/// The kept answers of a section, by question.
pub(super) async fn kept_answers(
    tx: &Tx,
    proposal: ProposalId,
    place: Place,
    section: &Section,
) -> Result<BTreeMap<String, answer::Model>> {
    let rows = answer::Entity::find()
        .filter(answer::Column::ProposalId.eq(proposal))
        .filter(answer::Column::Place.eq(place.to_string()))
        .filter(answer::Column::Question.is_in(section.questions.iter().map(|q| q.key.as_str())))
        .all(tx.conn())
        .await?;
    Ok(rows.into_iter().map(|row| (row.question.clone(), row)).collect())
}

/// The name of a person, as others of the team read it.
pub(in crate::proposals) async fn name_of(tx: &Tx, id: Option<AccountId>) -> Result<String> {
    let Some(id) = id else { return Ok("somebody".to_owned()) };
    Ok(account::Entity::find_by_id(id).one(tx.conn()).await?.map_or_else(|| "somebody".to_owned(), |row| row.name))
}
