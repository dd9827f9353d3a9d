//! Who could judge a proposal: the pool with load, fitting fields and everything that stands against somebody.

use super::progress::{TaskLine, lines};
use crate::{
    evaluation::{
        assignments::rules::{self, Expert, Hint, Involved},
        conflicts::queries::{FoundTie, ties_of},
        recruitment,
    },
    kernel::{Leave, Permission, Query, Result, Snapshot, Subject, access::scope},
    proposals::{
        dossier::Dossier,
        reading::queries::{ReadValue, Reading, reading, submitted},
    },
};
use chrono_tz::Tz;
use entity::{
    accounts::account,
    evaluation::{assignment, conflict, evaluator},
    organisations::membership,
    types::{
        ids::{AccountId, CallId, ConflictId, EvaluatorId, OrganisationId, ProposalId},
        language::Language,
        states::{AssignmentState, EvaluatorState, FindingKind, FindingState, FindingStrength, MembershipState},
    },
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use std::collections::BTreeMap;

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
        match self.assignment.as_ref().map(|a| a.state) {
            Some(state) if rules::counts(state) => return Some(format!("already {}", state.label().to_lowercase())),
            Some(AssignmentState::Conflicted) => return Some("conflict of interest".to_owned()),
            _ => {}
        }
        if let Some(hint) = self.hints.iter().find(|h| h.grave) {
            return Some(hint.why.clone());
        }
        if let Some(tie) = self.open_tie() {
            return Some(format!("{}; decide whether it is a conflict of interest first", tie.why));
        }
        if let Some(why) = &self.absent {
            return Some(why.clone());
        }
        (self.load >= self.capacity).then(|| format!("no place left ({} of {})", self.load, self.capacity))
    }

    /// The gravest finding that has to be decided before this person may be asked.
    pub fn open_tie(&self) -> Option<&FoundTie> {
        let waits = |tie: &&FoundTie| tie.state == FindingState::Open && tie.strength >= FindingStrength::Likely;
        self.ties.iter().find(waits)
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
        let pool = evaluator::Entity::find()
            .find_also_related(account::Entity)
            .filter(evaluator::Column::State.eq(EvaluatorState::Active))
            .all(db)
            .await?;
        let organisations: Vec<OrganisationId> = dossier.parts.iter().map(|p| p.organisation.id).collect();
        let towards = Condition::any()
            .add(conflict::Column::ProposalId.eq(id))
            .add(conflict::Column::OrganisationId.is_in(organisations.clone()));
        let conflicts =
            conflict::Entity::find().filter(towards).filter(conflict::Column::WithdrawnAt.is_null()).all(db).await?;
        let members = membership::Entity::find()
            .filter(membership::Column::OrganisationId.is_in(organisations))
            .filter(membership::Column::State.eq(MembershipState::Active))
            .all(db)
            .await?;
        let assignments = assignment::Entity::find().filter(assignment::Column::ProposalId.eq(id)).all(db).await?;
        let hidden = scope::conflicted(db, leave.actor()).await?;
        let loads = loads(db, &hidden).await?;
        let mut ties = ties_of(db, id).await?;
        let taking_part = TakingPart::load(db, dossier.call.id, &hidden).await?;
        let involved = involved(&dossier);
        let about = words(&reading);
        let mut all = Vec::new();
        for (row, account) in pool {
            let Some(account) = account else { continue };
            let expert = Expert {
                organisation: &row.organisation,
                domain: account.email.domain(),
                countries: rules::tags(&row.countries).iter().filter_map(|c| c.parse().ok()).collect(),
                expertise: &row.expertise,
            };
            let mut hints = rules::hints(&expert, &involved);
            let team = dossier.team.iter().any(|(member, _)| member.account_id == account.id);
            let member = members.iter().find(|m| m.account_id == account.id);
            if team || member.is_some() {
                let why = "works on this proposal or for a partner".to_owned();
                hints.insert(0, Hint { grave: true, own: true, why });
            }
            let ties = ties.remove(&account.id).unwrap_or_default();
            // What the check found, and perhaps an officer dismissed, speaks instead of the quick look.
            let looked = |t: &FoundTie| {
                matches!(t.kind, FindingKind::Employer | FindingKind::MailDomain | FindingKind::SamePerson)
            };
            if ties.iter().any(looked) {
                hints.retain(|hint| !hint.grave || hint.own);
            }
            let declared = conflicts.iter().find(|c| c.account_id == account.id);
            all.push(Candidate {
                evaluator: row.id,
                account: account.id,
                name: account.name,
                expertise: rules::tags(&row.expertise),
                languages: Language::list(&row.languages).iter().map(|l| l.name().to_owned()).collect(),
                countries: expert.countries.iter().map(|c| c.name().to_owned()).collect(),
                capacity: row.capacity,
                load: loads.get(&row.id).copied().unwrap_or_default(),
                fits: rules::fitting(&row.expertise, &about),
                hints,
                ties,
                absent: taking_part.obstacle(row.id),
                conflict: declared.map(|c| (c.id, c.reason.clone())),
                assignment: assignments.iter().find(|a| a.evaluator_id == row.id).cloned(),
                organisation: row.organisation,
            });
        }
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

/// The first long answer of the joint sections, which calls keep for the public summary.
pub(super) fn summary(reading: &Reading) -> String {
    let texts = reading.sections.iter().flat_map(|s| &s.answers).filter_map(|a| match &a.value {
        ReadValue::Text(text) if text.split_whitespace().count() > 5 => Some(text),
        _ => None,
    });
    let text: String = texts.take(1).flat_map(|t| t.chars()).take(1_500).collect();
    // A mail line that begins with an arrow would become a link.
    text.replace('→', "–")
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

/// Everybody in the proposal an expert may be close to: partners and companies.
fn involved(dossier: &Dossier) -> Vec<Involved> {
    let mut all = Vec::new();
    for part in &dossier.parts {
        let people = dossier.team.iter().filter(|(m, _)| m.part_id == Some(part.row.id));
        let mut domains: Vec<String> = people.map(|(_, a)| a.email.domain().to_owned()).collect();
        domains.extend(part.organisation.website.as_deref().map(rules::domain));
        all.push(Involved { name: part.organisation.name.clone(), country: part.organisation.country, domains });
        all.extend(part.participants.iter().map(|company| Involved {
            name: company.name.clone(),
            country: company.country,
            domains: vec![rules::domain(&company.contact_email)],
        }));
    }
    all
}

/// Who accepted to evaluate in the call for how many proposals, and how many they have.
struct TakingPart {
    accepted: Option<BTreeMap<EvaluatorId, i32>>,
    here: BTreeMap<EvaluatorId, i32>,
}

impl TakingPart {
    async fn load(db: &impl ConnectionTrait, call: CallId, hidden: &[ProposalId]) -> Result<Self> {
        let accepted = recruitment::queries::accepted(db, call).await?;
        let rows = assignment::Entity::find()
            .select_only()
            .column(assignment::Column::EvaluatorId)
            .column_as(assignment::Column::Id.count(), "load")
            .filter(assignment::Column::CallId.eq(call))
            .filter(assignment::Column::ProposalId.is_not_in(hidden.iter().copied()))
            .filter(assignment::Column::State.is_in(AssignmentState::ALL.iter().copied().filter(|s| rules::counts(*s))))
            .group_by(assignment::Column::EvaluatorId)
            .into_tuple::<(EvaluatorId, i64)>()
            .all(db)
            .await?;
        let here = rows.into_iter().map(|(id, n)| (id, i32::try_from(n).unwrap_or(i32::MAX))).collect();
        Ok(Self { accepted, here })
    }

    /// While a call recruits nobody, the whole pool may be asked.
    fn obstacle(&self, evaluator: EvaluatorId) -> Option<String> {
        let accepted = self.accepted.as_ref()?;
        let here = self.here.get(&evaluator).copied().unwrap_or_default();
        match accepted.get(&evaluator) {
            None => Some("has not accepted to evaluate in this call".to_owned()),
            Some(places) if here >= *places => Some(format!("has all {places} proposals promised for this call")),
            Some(_) => None,
        }
    }
}

/// How many places each evaluator has taken.
async fn loads(db: &impl ConnectionTrait, hidden: &[ProposalId]) -> Result<BTreeMap<EvaluatorId, i32>> {
    let rows = assignment::Entity::find()
        .select_only()
        .column(assignment::Column::EvaluatorId)
        .column_as(assignment::Column::Id.count(), "load")
        .filter(assignment::Column::State.is_in(AssignmentState::ALL.iter().copied().filter(|s| rules::counts(*s))))
        .filter(assignment::Column::ProposalId.is_not_in(hidden.iter().copied()))
        .group_by(assignment::Column::EvaluatorId)
        .into_tuple::<(EvaluatorId, i64)>()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|(id, n)| (id, i32::try_from(n).unwrap_or(i32::MAX))).collect())
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
