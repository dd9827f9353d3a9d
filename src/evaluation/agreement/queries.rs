//! What is seen of agreement, by those who run and check an evaluation; never by evaluators about each other.

use super::{
    evaluator::EvaluatorView,
    figures::{Agreement, agreement, of_evaluators},
};
use crate::{
    evaluation::{
        calibration::queries::{names, seen},
        judged::Judged,
    },
    kernel::{AppError, Leave, Permission, Query, Result, Snapshot, Subject, access::relation::Relation},
};
use entity::{
    accounts::account,
    evaluation::{assignment, comment_mark, score},
    proposals::proposal,
    types::{
        ids::{AssignmentId, CallId, EvaluatorId, ProposalId},
        points::Points,
        states::AssignmentState,
        terms::CallTerms,
    },
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::BTreeMap;

/// How many readers found an evaluator's comments useful, of so many who said something.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usefulness {
    pub useful: usize,
    pub said: usize,
}

/// One evaluator in this call.
#[derive(Debug, Clone)]
pub struct EvaluatorLine {
    pub evaluator: EvaluatorId,
    pub name: String,
    pub view: EvaluatorView,
    pub usefulness: Usefulness,
}

/// A proposal whose comments can be marked.
#[derive(Debug, Clone)]
pub struct Commented {
    pub proposal: ProposalId,
    pub code: String,
    pub title: String,
    pub sheets: usize,
}

/// How the evaluators of a call agree, over the proposals the reader may see.
pub struct Reliability {
    pub call: CallId,
    pub call_code: String,
    pub terms: CallTerms,
    pub agreement: Vec<Agreement>,
    pub evaluators: Vec<EvaluatorLine>,
    pub proposals: Vec<Commented>,
    pub open: usize,
    pub may_mark: bool,
}

pub struct ReliabilityOf(pub CallId);

impl Query for ReliabilityOf {
    const NEEDS: Permission = Permission::SeeCalibration;
    type Output = Reliability;

    fn about(&self) -> Subject {
        Subject::Call(self.0)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Reliability> {
        let db = db.conn();
        let mut judged = Judged::load(db, self.0).await?;
        let seen = seen(db, leave, self.0).await?;
        judged.only(|id| seen.contains(&id));
        let views = of_evaluators(&judged);
        let names = names(db, views.iter().map(|(id, _)| *id)).await?;
        let sheets: BTreeMap<AssignmentId, EvaluatorId> =
            judged.sheets.iter().map(|sheet| (sheet.assignment, sheet.evaluator)).collect();
        let marks = comment_mark::Entity::find()
            .filter(comment_mark::Column::AssignmentId.is_in(sheets.keys().copied()))
            .all(db)
            .await?;
        let mut useful: BTreeMap<EvaluatorId, Usefulness> = BTreeMap::new();
        for mark in marks {
            if let Some(evaluator) = sheets.get(&mark.assignment_id) {
                let of = useful.entry(*evaluator).or_default();
                of.said += 1;
                of.useful += usize::from(mark.useful);
            }
        }
        let mut evaluators: Vec<EvaluatorLine> = views
            .into_iter()
            .map(|(evaluator, view)| EvaluatorLine {
                evaluator,
                name: names.get(&evaluator).cloned().unwrap_or_default(),
                view,
                usefulness: useful.get(&evaluator).copied().unwrap_or_default(),
            })
            .collect();
        evaluators.sort_by(|a, b| a.name.cmp(&b.name).then(a.evaluator.cmp(&b.evaluator)));
        let commented = |p: &proposal::Model| Commented {
            proposal: p.id,
            code: p.code.clone(),
            title: p.title.clone(),
            sheets: judged.of(p.id).count(),
        };
        let mut proposals: Vec<Commented> = judged.proposals.values().map(commented).collect();
        proposals.sort_by(|a, b| a.code.cmp(&b.code));
        Ok(Reliability {
            call: self.0,
            agreement: agreement(&judged),
            evaluators,
            proposals,
            open: judged.open,
            may_mark: leave.may(Permission::MarkComments),
            call_code: judged.call.code,
            terms: judged.call.terms,
        })
    }
}

/// One comment of a sheet.
#[derive(Debug, Clone)]
pub struct Comment {
    pub about: String,
    pub points: Option<Points>,
    pub text: String,
}

/// The comments of one submitted sheet.
#[derive(Debug, Clone)]
pub struct CommentedSheet {
    pub assignment: AssignmentId,
    /// The evaluator's name for the secretariat, a number for an agency.
    pub who: String,
    pub comments: Vec<Comment>,
    /// What the reader said.
    pub mine: Option<bool>,
}

/// The comments on a proposal, for those who use them.
pub struct Comments {
    pub proposal: ProposalId,
    pub call: CallId,
    pub call_code: String,
    pub code: String,
    pub title: String,
    pub sheets: Vec<CommentedSheet>,
}

pub struct CommentsOf(pub ProposalId);

impl Query for CommentsOf {
    const NEEDS: Permission = Permission::MarkComments;
    type Output = Comments;

    fn about(&self) -> Subject {
        Subject::Proposal(self.0)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Comments> {
        let db = db.conn();
        let row = proposal::Entity::find_by_id(self.0).one(db).await?.ok_or(AppError::NotFound)?;
        let call = entity::calls::call::Entity::find_by_id(row.call_id).one(db).await?.ok_or(AppError::NotFound)?;
        let tasks = assignment::Entity::find()
            .filter(assignment::Column::ProposalId.eq(self.0))
            .filter(assignment::Column::State.eq(AssignmentState::Submitted))
            .order_by_asc(assignment::Column::Id)
            .all(db)
            .await?;
        let ids: Vec<AssignmentId> = tasks.iter().map(|task| task.id).collect();
        let scores = score::Entity::find().filter(score::Column::AssignmentId.is_in(ids.clone())).all(db).await?;
        let mine = comment_mark::Entity::find()
            .filter(comment_mark::Column::AssignmentId.is_in(ids))
            .filter(comment_mark::Column::MarkedBy.eq(leave.account()?))
            .all(db)
            .await?;
        let people = match leave.relations().has(Relation::CallOfficer) {
            true => {
                let of = tasks.iter().map(|task| task.account_id);
                account::Entity::find().filter(account::Column::Id.is_in(of)).all(db).await?
            }
            false => Vec::new(),
        };
        let comment = |task: &assignment::Model| {
            let given = |key: &str| scores.iter().find(|s| s.assignment_id == task.id && s.criterion == key);
            let keys = call.terms.criteria.iter().flat_map(|criterion| {
                let part = |one: &entity::types::judging::SubCriterion| {
                    (format!("{}.{}", criterion.key, one.key), format!("{}: {}", criterion.name, one.name))
                };
                std::iter::once((criterion.key.clone(), criterion.name.clone()))
                    .chain(criterion.sub_criteria.iter().map(part))
                    .collect::<Vec<_>>()
            });
            let mut all: Vec<Comment> = keys
                .filter_map(|(key, about)| {
                    let row = given(&key).filter(|row| !row.comment.is_empty())?;
                    Some(Comment { about, points: row.points, text: row.comment.clone() })
                })
                .collect();
            if !task.comment.is_empty() {
                all.push(Comment { about: "The whole".to_owned(), points: None, text: task.comment.clone() });
            }
            all
        };
        let sheet = |(n, task): (usize, &assignment::Model)| CommentedSheet {
            assignment: task.id,
            who: people
                .iter()
                .find(|one| one.id == task.account_id)
                .map_or_else(|| format!("Evaluator {}", n + 1), |one| one.name.clone()),
            comments: comment(task),
            mine: mine.iter().find(|mark| mark.assignment_id == task.id).map(|mark| mark.useful),
        };
        Ok(Comments {
            proposal: self.0,
            call: call.id,
            code: row.code,
            title: row.title,
            sheets: tasks.iter().enumerate().map(sheet).collect(),
            call_code: call.code,
        })
    }
}
