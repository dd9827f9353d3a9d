//! What stands between the pool and the proposals of a call: declared conflicts, findings, places, earlier answers.
//! The same for one proposal that is staffed by hand and for a whole call that is planned.

use super::candidates::{Candidate, between};
use crate::{
    evaluation::{
        assignments::rules::{self, Expert, Hint, Involved},
        conflicts::queries::{FoundTie, ties_where},
        recruitment,
    },
    kernel::Result,
};
use entity::{
    accounts::account,
    evaluation::{assignment, conflict, conflict_finding, evaluator},
    organisations::{membership, organisation},
    proposals::{part, participant, proposal, team_member},
    types::{
        ids::{AccountId, CallId, EvaluatorId, OrganisationId, PartId, ProposalId},
        language::Language,
        states::{AssignmentState, EvaluatorState, FindingKind, MembershipState, PartState},
    },
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::SelectStatement,
};
use std::collections::{BTreeMap, BTreeSet};

/// A member of the pool who can be asked at all.
#[derive(Debug, Clone)]
pub(in crate::evaluation) struct Member {
    pub row: evaluator::Model,
    pub account: account::Model,
}

/// Everything that can keep people of the pool from proposals of one call; a dozen statements, however many there are.
pub(in crate::evaluation) struct Bars {
    pool: BTreeMap<EvaluatorId, Member>,
    proposals: BTreeMap<ProposalId, Around>,
    conflicts: Vec<conflict::Model>,
    ties: BTreeMap<ProposalId, BTreeMap<AccountId, Vec<FoundTie>>>,
    assignments: BTreeMap<(ProposalId, EvaluatorId), assignment::Model>,
    /// Who accepted to evaluate in the call, for how many proposals; nobody was asked while there is nothing.
    accepted: Option<BTreeMap<EvaluatorId, i32>>,
    /// Places taken in this call and in all.
    here: BTreeMap<EvaluatorId, i32>,
    loads: BTreeMap<EvaluatorId, i32>,
}

/// Who is behind a proposal.
#[derive(Default)]
struct Around {
    involved: Vec<Involved>,
    organisations: BTreeSet<OrganisationId>,
    /// Accounts on its team or of its organisations.
    own: BTreeSet<AccountId>,
}

impl Bars {
    /// For one proposal; tasks with `hidden` proposals count for nothing.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn of_proposal(
        db: &impl ConnectionTrait,
        call: CallId,
        id: ProposalId,
        hidden: &[ProposalId],
    ) -> Result<Self> {
        Self::load(db, call, ids(proposal::Column::Id.eq(id)), hidden).await
    }

    /// For all proposals of a call.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn of_call(db: &impl ConnectionTrait, call: CallId, hidden: &[ProposalId]) -> Result<Self> {
        Self::load(db, call, ids(proposal::Column::CallId.eq(call)), hidden).await
    }

    async fn load(
        db: &impl ConnectionTrait,
        call: CallId,
        these: SelectStatement,
        hidden: &[ProposalId],
    ) -> Result<Self> {
        let pool = evaluator::Entity::find()
            .find_also_related(account::Entity)
            .filter(evaluator::Column::State.eq(EvaluatorState::Active))
            .all(db)
            .await?;
        let pool = pool.into_iter().filter_map(|(row, account)| Some((row.id, Member { row, account: account? })));
        let proposals = around(db, &these).await?;
        let organisations = part::Entity::find()
            .select_only()
            .column(part::Column::OrganisationId)
            .filter(part::Column::ProposalId.in_subquery(these.clone()))
            .into_query();
        let towards = Condition::any()
            .add(conflict::Column::ProposalId.in_subquery(these.clone()))
            .add(conflict::Column::OrganisationId.in_subquery(organisations));
        let conflicts =
            conflict::Entity::find().filter(towards).filter(conflict::Column::WithdrawnAt.is_null()).all(db).await?;
        let tasks = assignment::Entity::find()
            .filter(assignment::Column::ProposalId.in_subquery(these.clone()))
            .all(db)
            .await?;
        let places = assignment::Entity::find()
            .select_only()
            .columns([assignment::Column::EvaluatorId, assignment::Column::CallId])
            .column_as(assignment::Column::Id.count(), "places")
            .filter(assignment::Column::State.is_in(AssignmentState::ALL.iter().copied().filter(|s| rules::counts(*s))))
            .filter(assignment::Column::ProposalId.is_not_in(hidden.iter().copied()))
            .group_by(assignment::Column::EvaluatorId)
            .group_by(assignment::Column::CallId)
            .into_tuple::<(EvaluatorId, CallId, i64)>()
            .all(db)
            .await?;
        let (mut here, mut loads) = (BTreeMap::new(), BTreeMap::<EvaluatorId, i32>::new());
        for (evaluator, of, count) in places {
            let count = i32::try_from(count).unwrap_or(i32::MAX);
            *loads.entry(evaluator).or_default() += count;
            if of == call {
                here.insert(evaluator, count);
            }
        }
        Ok(Self {
            pool: pool.collect(),
            proposals,
            conflicts,
            ties: ties_where(db, conflict_finding::Column::ProposalId.in_subquery(these)).await?,
            assignments: tasks.into_iter().map(|row| ((row.proposal_id, row.evaluator_id), row)).collect(),
            accepted: recruitment::queries::accepted(db, call).await?,
            here,
            loads,
        })
    }

    pub fn pool(&self) -> impl Iterator<Item = &Member> {
        self.pool.values()
    }

    pub fn member(&self, evaluator: EvaluatorId) -> Option<&Member> {
        self.pool.get(&evaluator)
    }

    /// The task between two, in whatever state.
    pub fn task(&self, proposal: ProposalId, evaluator: EvaluatorId) -> Option<&assignment::Model> {
        self.assignments.get(&(proposal, evaluator))
    }

    /// All tasks with these proposals.
    pub fn tasks(&self) -> impl Iterator<Item = &assignment::Model> {
        self.assignments.values()
    }

    /// How many proposals of this call somebody can still be given beside those they have in it; nothing for people
    /// who take no part.
    pub fn places(&self, evaluator: EvaluatorId) -> Option<i32> {
        let member = self.pool.get(&evaluator)?;
        let of = |counts: &BTreeMap<EvaluatorId, i32>| counts.get(&evaluator).copied().unwrap_or_default();
        let free = member.row.capacity - of(&self.loads);
        let promised = match &self.accepted {
            None => free,
            Some(accepted) => accepted.get(&evaluator)? - of(&self.here),
        };
        Some(free.min(promised).max(0))
    }

    /// Why somebody can be given no more of this call, as the end of a sentence.
    pub fn full(&self, evaluator: EvaluatorId) -> Option<String> {
        let member = self.pool.get(&evaluator)?;
        self.absent(evaluator).or_else(|| {
            let load = self.loads.get(&evaluator).copied().unwrap_or_default();
            let capacity = member.row.capacity;
            (load >= capacity).then(|| format!("no place left ({load} of {capacity})"))
        })
    }

    /// While a call recruits nobody, the whole pool may be asked.
    fn absent(&self, evaluator: EvaluatorId) -> Option<String> {
        let accepted = self.accepted.as_ref()?;
        let here = self.here.get(&evaluator).copied().unwrap_or_default();
        match accepted.get(&evaluator) {
            None => Some("has not accepted to evaluate in this call".to_owned()),
            Some(places) if here >= *places => Some(format!("has all {places} proposals promised for this call")),
            Some(_) => None,
        }
    }

    /// What stands between a member and a proposal, however many places are left.
    pub fn bar(&self, proposal: ProposalId, member: &Member) -> Option<String> {
        let ties = self.ties_of(proposal, member.account.id);
        let state = self.task(proposal, member.row.id).map(|task| task.state);
        between(self.conflict(proposal, member).map(|c| c.reason.as_str()), state, &self.hints(proposal, member), ties)
    }

    /// A member as seen for one proposal; `about` are its words.
    pub(super) fn candidate(&self, proposal: ProposalId, member: &Member, about: &str) -> Option<Candidate> {
        let (row, account) = (&member.row, &member.account);
        let countries = expert(member).countries;
        Some(Candidate {
            evaluator: row.id,
            account: account.id,
            name: account.name.clone(),
            organisation: row.organisation.clone(),
            expertise: rules::tags(&row.expertise),
            languages: Language::list(&row.languages).iter().map(|l| l.name().to_owned()).collect(),
            countries: countries.iter().map(|c| c.name().to_owned()).collect(),
            capacity: row.capacity,
            load: self.loads.get(&row.id).copied().unwrap_or_default(),
            fits: rules::fitting(&row.expertise, about),
            hints: self.hints(proposal, member),
            ties: self.ties_of(proposal, account.id).to_vec(),
            absent: self.absent(row.id),
            conflict: self.conflict(proposal, member).map(|c| (c.id, c.reason.clone())),
            assignment: self.task(proposal, row.id).cloned(),
        })
    }

    fn ties_of(&self, proposal: ProposalId, account: AccountId) -> &[FoundTie] {
        self.ties.get(&proposal).and_then(|of| of.get(&account)).map_or(&[], Vec::as_slice)
    }

    fn conflict(&self, proposal: ProposalId, member: &Member) -> Option<&conflict::Model> {
        let around = self.proposals.get(&proposal)?;
        let meant = |c: &&conflict::Model| {
            c.account_id == member.account.id
                && (c.proposal_id == Some(proposal)
                    || c.organisation_id.is_some_and(|id| around.organisations.contains(&id)))
        };
        self.conflicts.iter().find(meant)
    }

    fn hints(&self, proposal: ProposalId, member: &Member) -> Vec<Hint> {
        let Some(around) = self.proposals.get(&proposal) else { return Vec::new() };
        let mut hints = rules::hints(&expert(member), &around.involved);
        if around.own.contains(&member.account.id) {
            let why = "works on this proposal or for a partner".to_owned();
            hints.insert(0, Hint { grave: true, own: true, why });
        }
        // What the check found, and perhaps an officer dismissed, speaks instead of the quick look.
        let looked =
            |t: &FoundTie| matches!(t.kind, FindingKind::Employer | FindingKind::MailDomain | FindingKind::SamePerson);
        if self.ties_of(proposal, member.account.id).iter().any(looked) {
            hints.retain(|hint| !hint.grave || hint.own);
        }
        hints
    }
}

fn expert(member: &Member) -> Expert<'_> {
    Expert {
        organisation: &member.row.organisation,
        domain: member.account.email.domain(),
        countries: rules::tags(&member.row.countries).iter().filter_map(|c| c.parse().ok()).collect(),
        expertise: &member.row.expertise,
    }
}

fn ids(meant: impl sea_orm::sea_query::IntoCondition) -> SelectStatement {
    proposal::Entity::find().select_only().column(proposal::Column::Id).filter(meant.into_condition()).into_query()
}

/// Everybody in the proposals an expert may be close to: partners, companies, teams.
async fn around(db: &impl ConnectionTrait, these: &SelectStatement) -> Result<BTreeMap<ProposalId, Around>> {
    let parts = part::Entity::find()
        .find_also_related(organisation::Entity)
        .filter(part::Column::ProposalId.in_subquery(these.clone()))
        .filter(part::Column::State.ne(PartState::Draft))
        .filter(part::Column::LeftAt.is_null())
        .all(db)
        .await?;
    let of_parts = part::Entity::find()
        .select_only()
        .column(part::Column::Id)
        .filter(part::Column::ProposalId.in_subquery(these.clone()))
        .into_query();
    let companies =
        participant::Entity::find().filter(participant::Column::PartId.in_subquery(of_parts)).all(db).await?;
    let team = team_member::Entity::present()
        .filter(team_member::Column::ProposalId.in_subquery(these.clone()))
        .all(db)
        .await?;
    let accounts = team_member::Entity::present()
        .select_only()
        .column(team_member::Column::AccountId)
        .filter(team_member::Column::ProposalId.in_subquery(these.clone()))
        .into_query();
    let accounts = account::Entity::find().filter(account::Column::Id.in_subquery(accounts)).all(db).await?;
    let near: BTreeMap<AccountId, String> =
        accounts.into_iter().map(|person| (person.id, person.email.domain().to_owned())).collect();
    let organisations = part::Entity::find()
        .select_only()
        .column(part::Column::OrganisationId)
        .filter(part::Column::ProposalId.in_subquery(these.clone()))
        .into_query();
    let members = membership::Entity::find()
        .filter(membership::Column::OrganisationId.in_subquery(organisations))
        .filter(membership::Column::State.eq(MembershipState::Active))
        .all(db)
        .await?;
    let mut of_organisation: BTreeMap<OrganisationId, Vec<AccountId>> = BTreeMap::new();
    for row in members {
        of_organisation.entry(row.organisation_id).or_default().push(row.account_id);
    }
    let mut of_part: BTreeMap<PartId, Vec<participant::Model>> = BTreeMap::new();
    for row in companies {
        of_part.entry(row.part_id).or_default().push(row);
    }
    let mut found: BTreeMap<ProposalId, Around> = BTreeMap::new();
    let mut domains: BTreeMap<PartId, Vec<String>> = BTreeMap::new();
    for member in team {
        found.entry(member.proposal_id).or_default().own.insert(member.account_id);
        if let (Some(part), Some(domain)) = (member.part_id, near.get(&member.account_id)) {
            domains.entry(part).or_default().push(domain.clone());
        }
    }
    for (row, body) in parts {
        let around = found.entry(row.proposal_id).or_default();
        let Some(body) = body else { continue };
        around.organisations.insert(body.id);
        around.own.extend(of_organisation.get(&body.id).into_iter().flatten());
        let mut near = domains.remove(&row.id).unwrap_or_default();
        near.extend(body.website.as_deref().map(rules::domain));
        around.involved.push(Involved { name: body.name, country: body.country, domains: near });
        let companies = of_part.remove(&row.id).unwrap_or_default();
        around.involved.extend(companies.into_iter().map(|company| Involved {
            domains: vec![rules::domain(&company.contact_email)],
            name: company.name,
            country: company.country,
        }));
    }
    Ok(found)
}
