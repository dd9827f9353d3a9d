//! The sheets of a proposal as the rule reads them.

use crate::{
    calls::rules::judging::trigger_text,
    evaluation::consensus::rules::{
        Sheet,
        divergence::{Divergence, Frame, Verdict, diverge},
    },
    kernel::Result,
};
use entity::{
    accounts::account,
    evaluation::{assignment, score},
    types::{
        decimal,
        ids::{AccountId, AssignmentId, ProposalId},
        states::AssignmentState,
        terms::{CallTerms, Criterion},
    },
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::BTreeMap;

/// One evaluator's sheet with what the rule needs of it.
#[derive(Debug, Clone)]
pub struct Given {
    pub task: assignment::Model,
    pub account: AccountId,
    pub name: String,
    /// By key of the criterion, or `criterion.part`.
    pub scores: BTreeMap<String, score::Model>,
}

/// All tasks of a proposal that count, submitted or not.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    pub submitted: Vec<Given>,
    /// Tasks that are not handed in yet.
    pub open: usize,
}

impl Facts {
    /// The facts of several proposals at once; a proposal without tasks is left out.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn of(
        db: &impl ConnectionTrait,
        proposals: impl IntoIterator<Item = ProposalId>,
    ) -> Result<BTreeMap<ProposalId, Self>> {
        let tasks = assignment::Entity::find()
            .filter(assignment::Column::ProposalId.is_in(proposals))
            .filter(assignment::Column::State.is_in([
                AssignmentState::Invited,
                AssignmentState::Accepted,
                AssignmentState::InProgress,
                AssignmentState::Submitted,
            ]))
            .order_by_asc(assignment::Column::Id)
            .all(db)
            .await?;
        let handed_in: Vec<AssignmentId> =
            tasks.iter().filter(|t| t.state == AssignmentState::Submitted).map(|t| t.id).collect();
        let people = account::Entity::find()
            .filter(account::Column::Id.is_in(tasks.iter().map(|t| t.account_id)))
            .all(db)
            .await?;
        let names: BTreeMap<AccountId, String> = people.into_iter().map(|a| (a.id, a.name)).collect();
        let rows = score::Entity::find().filter(score::Column::AssignmentId.is_in(handed_in)).all(db).await?;
        let mut scores: BTreeMap<AssignmentId, BTreeMap<String, score::Model>> = BTreeMap::new();
        for row in rows {
            scores.entry(row.assignment_id).or_default().insert(row.criterion.clone(), row);
        }
        let mut all: BTreeMap<ProposalId, Self> = BTreeMap::new();
        for task in tasks {
            let facts = all.entry(task.proposal_id).or_default();
            match task.state {
                AssignmentState::Submitted => facts.submitted.push(Given {
                    account: task.account_id,
                    name: names.get(&task.account_id).cloned().unwrap_or_default(),
                    scores: scores.remove(&task.id).unwrap_or_default(),
                    task,
                }),
                _ => facts.open += 1,
            }
        }
        Ok(all)
    }

    /// What the rule of the call says about the sheets that are in.
    pub fn verdict(&self, terms: &CallTerms) -> Verdict {
        let sheets: Vec<Sheet> = self.sheets(terms);
        diverge(&terms.evaluation.divergence, &Frame::of(terms), &sheets)
    }

    /// The sheets as numbers; an evaluator's number is the place in `submitted`.
    pub fn sheets(&self, terms: &CallTerms) -> Vec<Sheet> {
        let sheet = |(evaluator, given): (usize, &Given)| Sheet {
            evaluator,
            points: terms.criteria.iter().map(|criterion| given.points(criterion)).collect(),
        };
        self.submitted.iter().enumerate().map(sheet).collect()
    }
}

impl Given {
    /// Points for a criterion in hundredths: its own, or the mean of its parts, rounded half up.
    pub fn points(&self, criterion: &Criterion) -> Option<i64> {
        let of = |key: &str| self.scores.get(key)?.points.map(|points| i64::from(points.as_hundredths()));
        if criterion.sub_criteria.is_empty() {
            return of(&criterion.key);
        }
        let parts: Vec<i64> =
            criterion.sub_criteria.iter().filter_map(|part| of(&format!("{}.{}", criterion.key, part.key))).collect();
        let count = i64::try_from(parts.len()).ok().filter(|n| *n > 0)?;
        Some((2 * parts.iter().sum::<i64>() + count).div_euclid(2 * count))
    }

    /// The comment on a criterion, with those on its parts.
    pub fn comment(&self, criterion: &Criterion) -> String {
        let of = |key: &str| self.scores.get(key).map(|row| row.comment.trim()).filter(|text| !text.is_empty());
        let parts = criterion
            .sub_criteria
            .iter()
            .filter_map(|part| Some(format!("{}: {}", part.name, of(&format!("{}.{}", criterion.key, part.key))?)));
        of(&criterion.key).map(str::to_owned).into_iter().chain(parts).collect::<Vec<_>>().join("\n\n")
    }
}

/// A divergence as a sentence; who stands where is said by the page that may name people.
pub fn sentence(found: &Divergence, terms: &CallTerms) -> String {
    let what = match found.criterion.and_then(|place| terms.criteria.get(place)) {
        Some(criterion) => format!("“{}”", criterion.name),
        None => "the whole".to_owned(),
    };
    let apart = decimal::fixed(found.difference, 2);
    format!("{what}: {} ({apart} points apart)", trigger_text(found.clause.trigger))
}
