//! What the rapporteur writes.

use super::{Case, points_of};
use crate::{
    evaluation::consensus::{
        events::{Changed, ConsensusEvent},
        rules::states::Step,
    },
    kernel::{AppError, Command, Done, Leave, Permission, Result, Subject, Tx, error::FieldErrors},
};
use entity::{
    evaluation::{consensus, consensus_point},
    types::{
        ids::{ConsensusPointId, ProposalId},
        points::Points,
        states::ConsensusState,
        terms::CallTerms,
        text,
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};
use std::collections::BTreeMap;

/// Longest comment, in characters.
const COMMENT: usize = 8_000;

/// What was typed for one criterion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub criterion: String,
    /// Points as typed; empty when none were given.
    pub points: String,
    pub comment: String,
}

/// Keeps the draft; with `send` it is put to the reviewers for signature. Gives the draft's new version.
#[derive(Clone)]
pub struct DraftConsensus {
    pub proposal: ProposalId,
    pub seen: i64,
    pub entries: Vec<Entry>,
    /// To the applicant, about the whole.
    pub comment: String,
    pub send: bool,
}

impl Command for DraftConsensus {
    const NEEDS: Permission = Permission::WriteConsensus;
    type Output = i64;

    fn about(&self) -> Subject {
        Subject::Proposal(self.proposal)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<i64>> {
        let case = Case::load(tx, self.proposal).await?;
        case.own(leave)?;
        if case.row.rapporteur_id != Some(leave.account()?) {
            return Err(AppError::refused("not_rapporteur", "Only the rapporteur changes the draft."));
        }
        let typed = read(&case.call.terms, &self.entries, &self.comment)?;
        let kept = points_of(tx, &case.row).await?;
        let changed = typed.changed(&kept);
        let same = changed.is_empty() && typed.same_words(&case.row, &kept);
        if !same {
            case.not_changed(self.seen)?;
        }
        if self.send {
            complete(&case.call.terms, &typed)?;
        }
        if same && !self.send {
            return Ok(tx.done(ConsensusEvent::Drafted { about: case.about(), changed }, case.row.version));
        }
        write(tx, &case, &typed, &kept).await?;
        if self.send && case.row.state == ConsensusState::Signing && same {
            return Err(AppError::refused("sent_already", "This draft is with the reviewers already."));
        }
        if !same {
            case.take_back(tx).await?;
        }
        let mut change = if self.send { sent(&case)? } else { case.advance(Step::Revise)? };
        change.comment = Set(typed.comment.clone());
        if self.send {
            change.sent_at = Set(Some(tx.now()));
            change.reminded = Set(0);
        }
        let row = change.update(tx.conn()).await?;
        let done = tx.done(ConsensusEvent::Drafted { about: case.about(), changed }, row.version);
        if !self.send {
            return Ok(done);
        }
        let by = super::name_of(tx, leave.account()?).await?;
        Ok(done.and(ConsensusEvent::Sent { about: case.about(), by }))
    }
}

/// To the reviewers from wherever a draft may be changed.
fn sent(case: &Case) -> Result<consensus::ActiveModel> {
    if case.row.state != ConsensusState::Writing {
        case.advance(Step::Revise)?;
        return Ok(case.moved(ConsensusState::Signing));
    }
    case.advance(Step::Send)
}

/// The stored points by criterion.
type Kept = BTreeMap<String, consensus_point::Model>;

/// A draft as typed.
struct Typed {
    points: Vec<(String, Option<Points>, String)>,
    comment: String,
}

impl Typed {
    fn changed(&self, kept: &Kept) -> Vec<Changed> {
        let change = |(criterion, points, _): &(String, Option<Points>, String)| {
            let before = kept.get(criterion).and_then(|row| row.points);
            (before != *points).then(|| Changed {
                criterion: criterion.clone(),
                before: before.map(|p| p.to_string()),
                after: points.map(|p| p.to_string()),
            })
        };
        self.points.iter().filter_map(change).collect()
    }

    fn same_words(&self, row: &consensus::Model, kept: &Kept) -> bool {
        let same = |(criterion, _, comment): &(String, Option<Points>, String)| {
            kept.get(criterion).map_or("", |row| row.comment.as_str()) == comment
        };
        self.comment == row.comment && self.points.iter().all(same)
    }
}

/// Reads what was typed; criteria that were not sent are empty. Agreed points may lie between the steps of the scale:
/// a mean is a fair agreement.
fn read(terms: &CallTerms, entries: &[Entry], comment: &str) -> Result<Typed> {
    let mut errors = FieldErrors::default();
    let scale = terms.evaluation.scale;
    let mut points = Vec::new();
    for entry in entries.iter().filter(|e| !terms.criteria.iter().any(|c| c.key == e.criterion)) {
        errors.add(format!("points-{}", entry.criterion), "The call has no such criterion");
    }
    for criterion in &terms.criteria {
        let entry = entries.iter().find(|e| e.criterion == criterion.key);
        let field = format!("points-{}", criterion.key);
        let given = match entry.map_or("", |e| e.points.trim()) {
            "" => None,
            typed => errors.take(&field, Points::parse(typed)),
        };
        if given.is_some_and(|p| p < scale.min || p > scale.max) {
            errors.add(field, format!("Choose between {} and {}", scale.min, scale.max));
        }
        let comment = text::prose(entry.map_or("", |e| e.comment.as_str()), COMMENT);
        let comment = errors.take(&format!("comment-{}", criterion.key), comment).unwrap_or_default();
        points.push((criterion.key.clone(), given, comment));
    }
    let comment = errors.take("comment", text::prose(comment, COMMENT)).unwrap_or_default();
    errors.done()?;
    Ok(Typed { points, comment })
}

/// A draft that is put to the reviewers has points and words for every criterion.
fn complete(terms: &CallTerms, typed: &Typed) -> Result<()> {
    let mut errors = FieldErrors::default();
    let least = usize::try_from(terms.evaluation.min_comment_words).unwrap_or(usize::MAX);
    for (criterion, points, comment) in &typed.points {
        if points.is_none() {
            errors.add(format!("points-{criterion}"), "Give points");
        }
        let words = text::words(comment);
        if words < least {
            let message = format!("Write at least {least} words; there are {words}");
            errors.add(format!("comment-{criterion}"), message);
        }
    }
    errors.done()
}

async fn write(tx: &Tx, case: &Case, typed: &Typed, kept: &Kept) -> Result<()> {
    for (criterion, points, comment) in &typed.points {
        match kept.get(criterion) {
            Some(row) if row.points == *points && row.comment == *comment => {}
            Some(row) => {
                let mut change: consensus_point::ActiveModel = row.clone().into();
                change.points = Set(*points);
                change.comment = Set(comment.clone());
                change.updated_at = Set(tx.now());
                change.update(tx.conn()).await?;
            }
            None if points.is_none() && comment.is_empty() => {}
            None => {
                let row = consensus_point::ActiveModel {
                    id: Set(tx.new_id::<ConsensusPointId>()),
                    consensus_id: Set(case.row.id),
                    criterion: Set(criterion.clone()),
                    points: Set(*points),
                    comment: Set(comment.clone()),
                    updated_at: Set(tx.now()),
                };
                consensus_point::Entity::insert(row).exec_without_returning(tx.conn()).await?;
            }
        }
    }
    Ok(())
}
