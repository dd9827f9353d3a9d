//! Who could judge a proposal: the pool with load, fitting fields and everything that stands against somebody.

use super::{
    bars::Bars,
    progress::{TaskLine, lines},
};
use crate::{
    evaluation::{
        assignments::rules::{self, Hint},
        conflicts::queries::FoundTie,
    },
    kernel::{Leave, Permission, Query, Result, Snapshot, Subject, access::scope},
    proposals::{
        dossier::Dossier,
        reading::queries::{ReadValue, Reading, reading, submitted, submitted_many},
    },
};
use chrono_tz::Tz;
use entity::{
    evaluation::{assignment, evaluator},
    types::{
        ids::{AccountId, ConflictId, EvaluatorId, ProposalId},
        states::{AssignmentState, FindingState, FindingStrength},
    },
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};

/// Somebody of the pool, as seen for one proposal.
#[derive(Debug, Clone)]
pub struct Candidate {
    pub evaluator: EvaluatorId,
    pub account: AccountId,
    pub name: String,
    pub organisation: String,
    pub expertise: Vec<String>,
    pub languages: Vec<String>,
    pub countries: Vec<String>,
    pub capacity: i32,
    /// Tasks that take a place at present.
    pub load: i32,
    /// Fields of the expert that occur in the proposal.
    pub fits: Vec<String>,
    pub hints: Vec<Hint>,
    /// What the check for conflicts found, gravest first.
    pub ties: Vec<FoundTie>,
    /// Why this person takes no part in the call, or no more of it than they have.
    pub absent: Option<String>,
    /// A declared or recorded conflict: its reason.
    pub conflict: Option<(ConflictId, String)>,
    pub assignment: Option<assignment::Model>,
}

impl Candidate {
    /// What keeps this person from being asked, as the end of a sentence.
    pub fn obstacle(&self) -> Option<String> {
        if let Some((_, reason)) = &self.conflict {
            return Some(format!("conflict of interest ({reason})"));
        }
        if let Some(state) = self.assignment.as_ref().map(|a| a.state).filter(|state| rules::counts(*state)) {
            return Some(format!("already {}", state.label().to_lowercase()));
        }
        if let Some(bar) = self.bar() {
            return Some(bar);
        }
        if let Some(why) = &self.absent {
            return Some(why.clone());
        }
        (self.load >= self.capacity).then(|| format!("no place left ({} of {})", self.load, self.capacity))
    }

    /// What stands between this person and the proposal, however many places are left.
    pub fn bar(&self) -> Option<String> {
        let conflict = self.conflict.as_ref().map(|(_, reason)| reason.as_str());
        let state = self.assignment.as_ref().map(|a| a.state);
        between(conflict, state, &self.hints, &self.ties)
    }

    /// The gravest finding that has to be decided before this person may be asked.
    pub fn open_tie(&self) -> Option<&FoundTie> {
        open_tie(&self.ties)
    }

    /// What should be known before asking, without standing against it.
    pub fn remarks(&self) -> Vec<String> {
        let before = match self.assignment.as_ref() {
            Some(a) if a.state == AssignmentState::Declined => {
                Some(format!("declined before: {}", a.reason.clone().unwrap_or_default()))
            }
            Some(a) if a.state == AssignmentState::Withdrawn => Some("was assigned before".to_owned()),
            _ => None,
        };
        let hints = self.hints.iter().filter(|h| !h.grave).map(|h| h.why.clone());
        let open = self.ties.iter().filter(|t| t.state == FindingState::Open && t.strength == FindingStrength::Hint);
        hints.chain(open.map(|t| format!("hint: {}", t.why))).chain(before).collect()
    }
}

/// The pool for one proposal.
pub struct Candidates {
    pub dossier: Dossier,
    pub reading: Reading,
    pub all: Vec<Candidate>,
}

impl Candidates {
    /// # Errors
    /// `NotFound` when there is no such proposal.
    pub async fn load(db: &impl ConnectionTrait, leave: Leave<'_>, id: ProposalId) -> Result<Self> {
        let dossier = submitted(db, leave, id).await?;
        let reading = reading(&dossier, &[]);
        let hidden = scope::conflicted(db, leave.actor()).await?;
        let bars = Bars::of_proposal(db, dossier.call.id, id, &hidden).await?;
        let about = words(&reading);
        let mut all: Vec<Candidate> = bars.pool().filter_map(|one| bars.candidate(id, one, &about)).collect();
        all.sort_by_key(|c| {
            let free = (c.capacity - c.load).max(0);
            (c.obstacle().is_some(), usize::MAX - c.fits.len(), i32::MAX - free, c.name.clone())
        });
        Ok(Self { dossier, reading, all })
    }

    pub fn of(&self, evaluator: EvaluatorId) -> Option<&Candidate> {
        self.all.iter().find(|c| c.evaluator == evaluator)
    }

    /// What the proposal is about, for people who may not read it yet.
    pub fn summary(&self) -> String {
        summary(&self.reading)
    }
}

/// What keeps two apart, as the end of a sentence that begins with the person's name.
pub(super) fn between(
    conflict: Option<&str>,
    state: Option<AssignmentState>,
    hints: &[Hint],
    ties: &[FoundTie],
) -> Option<String> {
    if let Some(reason) = conflict {
        return Some(format!("conflict of interest ({reason})"));
    }
    if state == Some(AssignmentState::Conflicted) {
        return Some("conflict of interest".to_owned());
    }
    if let Some(hint) = hints.iter().find(|h| h.grave) {
        return Some(hint.why.clone());
    }
    open_tie(ties).map(|tie| format!("{}; decide whether it is a conflict of interest first", tie.why))
}

fn open_tie(ties: &[FoundTie]) -> Option<&FoundTie> {
    ties.iter().find(|tie| tie.state == FindingState::Open && tie.strength >= FindingStrength::Likely)
}

/// The first long answer of the joint sections, which calls keep for the public summary.
pub(in crate::evaluation) fn summary(reading: &Reading) -> String {
    let texts = reading.sections.iter().flat_map(|s| &s.answers).filter_map(|a| match &a.value {
        ReadValue::Text(text) if text.split_whitespace().count() > 5 => Some(text),
        _ => None,
    });
    let text: String = texts.take(1).flat_map(|t| t.chars()).take(1_500).collect();
    // A mail line that begins with an arrow would become a link.
    text.replace('→', "–")
}

/// These proposals as they were handed in.
///
/// # Errors
/// When the database cannot be asked.
pub(in crate::evaluation) async fn readings(
    db: &impl ConnectionTrait,
    leave: Leave<'_>,
    ids: &[ProposalId],
) -> Result<Vec<Reading>> {
    let dossiers = submitted_many(db, leave, ids).await?;
    Ok(dossiers.iter().map(|dossier| reading(dossier, &[])).collect())
}

fn words(reading: &Reading) -> String {
    let mut text = format!("{} {}", reading.title, reading.acronym);
    for answer in reading.sections.iter().flat_map(|s| &s.answers) {
        if let ReadValue::Text(answer) = &answer.value {
            text.push(' ');
            text.push_str(answer);
        }
    }
    text
}

/// A proposal with its tasks and everybody who could be asked.
pub struct AssigningSheet {
    pub reading: Reading,
    pub zone: Tz,
    /// How many evaluators the call wants for each proposal.
    pub wanted: u32,
    pub tasks: Vec<TaskLine>,
    pub candidates: Vec<Candidate>,
    /// Who could take the place of somebody with a conflict, when there is one to fill.
    pub replacement: Option<EvaluatorId>,
    /// Size of the pool.
    pub pool: u64,
}

/// The page on which evaluators are assigned by hand.
pub struct AssigningOf(pub ProposalId);

impl Query for AssigningOf {
    const NEEDS: Permission = Permission::AssignEvaluators;
    type Output = AssigningSheet;

    fn about(&self) -> Subject {
        Subject::Proposal(self.0)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<AssigningSheet> {
        let candidates = Candidates::load(db.conn(), leave, self.0).await?;
        let terms = candidates.dossier.terms();
        let rows = assignment::Entity::find()
            .filter(assignment::Column::ProposalId.eq(self.0))
            .order_by_asc(assignment::Column::InvitedAt)
            .all(db.conn())
            .await?;
        let tasks = lines(db.conn(), rows, terms, leave.may(Permission::ReadScores)).await?;
        let pool = evaluator::Entity::find().count(db.conn()).await?;
        Ok(AssigningSheet {
            zone: terms.zone,
            wanted: terms.evaluation.evaluators_per_proposal,
            replacement: replacement(&tasks, &candidates.all, terms.evaluation.evaluators_per_proposal),
            tasks,
            candidates: candidates.all,
            reading: candidates.reading,
            pool,
        })
    }
}

/// The best person who can be asked, when a task was lost to a conflict and too few are left.
pub fn replacement(tasks: &[TaskLine], candidates: &[Candidate], wanted: u32) -> Option<EvaluatorId> {
    let lost = tasks.iter().any(|task| task.state == AssignmentState::Conflicted);
    let live = tasks.iter().filter(|task| rules::counts(task.state)).count();
    let few = live < usize::try_from(wanted).unwrap_or(usize::MAX);
    // The pool is in order of fitting fields and free places.
    candidates.iter().find(|one| lost && few && one.obstacle().is_none()).map(|one| one.evaluator)
}
