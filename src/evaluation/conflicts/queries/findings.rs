//! The findings of a call, and one of them with everything an officer needs to decide.

use super::{
    interests::{Statements, statements},
    ties::sentence,
};
use crate::{
    kernel::{
        AppError, Leave, Permission, Query, Result, Snapshot, Subject,
        access::scope,
        paging::{ListRequest, Listed, contains, listed},
    },
    proposals::reading::queries::{reading, submitted},
};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use entity::{
    accounts::account,
    calls::call,
    evaluation::{assignment, conflict_finding, conflict_screening},
    proposals::proposal,
    types::{
        ids::{AccountId, CallId, FindingId, ProposalId},
        states::{AssignmentState, FindingKind, FindingState, FindingStrength},
    },
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    RelationTrait, Select, sea_query::Expr,
};
use std::collections::{BTreeMap, BTreeSet};

/// One finding as lists show it.
#[derive(Debug, Clone)]
pub struct FindingLine {
    pub id: FindingId,
    pub proposal: ProposalId,
    pub code: String,
    pub title: String,
    pub account: AccountId,
    pub person: String,
    pub kind: FindingKind,
    pub strength: FindingStrength,
    pub state: FindingState,
    pub party: String,
    pub own: String,
    pub met: String,
    pub path: Vec<String>,
    pub on: Option<NaiveDate>,
    /// The end of a sentence that begins with the person's name.
    pub why: String,
    pub found_at: DateTime<Utc>,
    pub decided_by: Option<String>,
    pub decided_at: Option<DateTime<Utc>>,
    pub reason: Option<String>,
    /// What the person has to do with the proposal at present.
    pub task: Option<AssignmentState>,
    pub version: i64,
}

/// How many findings there are, whatever the filters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub barring: usize,
    pub likely: usize,
    pub hints: usize,
    pub confirmed: usize,
    pub dismissed: usize,
}

/// The findings of a call.
pub struct ConflictList {
    pub call_code: String,
    pub zone: Tz,
    pub lines: Listed<FindingLine>,
    /// Of those the reader may see.
    pub counts: Counts,
    /// When the call was last looked through.
    pub ran_at: Option<DateTime<Utc>>,
    pub people: Vec<(AccountId, String)>,
    pub may_decide: bool,
}

/// The findings of a call, without proposals the reader has a conflict with.
pub struct ConflictsOf {
    pub call: CallId,
    pub list: ListRequest,
}

impl Query for ConflictsOf {
    const NEEDS: Permission = Permission::SeeFindings;
    type Output = ConflictList;

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<ConflictList> {
        let db = db.conn();
        let call = call::Entity::find_by_id(self.call).one(db).await?.ok_or(AppError::NotFound)?;
        let seen = scope::proposals(leave)
            .filter(proposal::Column::CallId.eq(self.call))
            .select_only()
            .column(proposal::Column::Id)
            .into_query();
        let all = conflict_finding::Entity::find()
            .filter(conflict_finding::Column::CallId.eq(self.call))
            .filter(conflict_finding::Column::ProposalId.in_subquery(seen));
        let tally = all
            .clone()
            .select_only()
            .columns([
                conflict_finding::Column::AccountId,
                conflict_finding::Column::State,
                conflict_finding::Column::Strength,
            ])
            .column_as(conflict_finding::Column::Id.count(), "n")
            .group_by(conflict_finding::Column::AccountId)
            .group_by(conflict_finding::Column::State)
            .group_by(conflict_finding::Column::Strength)
            .into_tuple::<(AccountId, FindingState, FindingStrength, i64)>()
            .all(db)
            .await?;
        let mut counts = Counts::default();
        for (_, state, strength, n) in &tally {
            let sum = match (state, strength) {
                (FindingState::Open, FindingStrength::Barring) => &mut counts.barring,
                (FindingState::Open, FindingStrength::Likely) => &mut counts.likely,
                (FindingState::Open, FindingStrength::Hint) => &mut counts.hints,
                (FindingState::Confirmed, _) => &mut counts.confirmed,
                (FindingState::Dismissed, _) => &mut counts.dismissed,
                (FindingState::Gone, _) => continue,
            };
            *sum += usize::try_from(*n).unwrap_or_default();
        }
        let people: BTreeSet<AccountId> = tally.iter().map(|(account, ..)| *account).collect();
        let mut people: Vec<(AccountId, String)> = names(db, people).await?.into_iter().collect();
        people.sort_by(|a, b| a.1.cmp(&b.1));
        let page = listed(db, narrowed(all, &self.list), self.list.paging).await?;
        let ran =
            conflict_screening::Entity::find().filter(conflict_screening::Column::CallId.eq(self.call)).one(db).await?;
        let (total, page_no, size) = (page.total, page.page, page.size);
        let rows = lines(db, page.rows).await?;
        Ok(ConflictList {
            call_code: call.code,
            zone: call.terms.zone,
            lines: Listed { rows, total, page: page_no, size },
            counts,
            ran_at: ran.map(|row| row.ran_at),
            people,
            may_decide: leave.may(Permission::DecideConflicts),
        })
    }
}

fn narrowed(all: Select<conflict_finding::Entity>, list: &ListRequest) -> Select<conflict_finding::Entity> {
    let mut select = all;
    let strengths = list.values::<FindingStrength>("strength");
    if !strengths.is_empty() {
        select = select.filter(conflict_finding::Column::Strength.is_in(strengths));
    }
    let kinds = list.values::<FindingKind>("kind");
    if !kinds.is_empty() {
        select = select.filter(conflict_finding::Column::Kind.is_in(kinds));
    }
    let states = list.values::<FindingState>("state");
    if !states.is_empty() {
        select = select.filter(conflict_finding::Column::State.is_in(states));
    }
    if let Some(person) = list.value::<AccountId>("person") {
        select = select.filter(conflict_finding::Column::AccountId.eq(person));
    }
    let mut select =
        select.left_join(proposal::Entity).join(JoinType::LeftJoin, conflict_finding::Relation::Account.def());
    if let Some(words) = list.words() {
        let any = Condition::any()
            .add(proposal::Column::Search.contains(&words))
            .add(contains(account::Column::Name, &words))
            .add(contains(conflict_finding::Column::Party, &words))
            .add(contains(conflict_finding::Column::Own, &words));
        select = select.filter(any);
    }
    let strength = Expr::cust("CASE conflict_finding.strength WHEN 'barring' THEN 0 WHEN 'likely' THEN 1 ELSE 2 END");
    let (code, name) = (proposal::Column::Code, account::Column::Name);
    let select = match list.sort.as_str() {
        "person" => select.order_by(name, list.order()).order_by_asc(code),
        "strength" => select.order_by(strength.clone(), list.order()).order_by_asc(code).order_by_asc(name),
        "found" => select.order_by(conflict_finding::Column::FoundAt, list.order()),
        _ => select.order_by(code, list.order()),
    };
    select.order_by_asc(strength).order_by_asc(name).order_by_asc(conflict_finding::Column::Id)
}

async fn names(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = AccountId>,
) -> Result<BTreeMap<AccountId, String>> {
    let rows = account::Entity::find().filter(account::Column::Id.is_in(ids)).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}

async fn lines(db: &impl ConnectionTrait, rows: Vec<conflict_finding::Model>) -> Result<Vec<FindingLine>> {
    let people: BTreeSet<AccountId> =
        rows.iter().flat_map(|row| [Some(row.account_id), row.decided_by]).flatten().collect();
    let names = names(db, people.iter().copied()).await?;
    let of: BTreeSet<ProposalId> = rows.iter().map(|row| row.proposal_id).collect();
    let proposals: BTreeMap<ProposalId, proposal::Model> = proposal::Entity::find()
        .filter(proposal::Column::Id.is_in(of.iter().copied()))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    let tasks: BTreeMap<(ProposalId, AccountId), AssignmentState> = assignment::Entity::find()
        .filter(assignment::Column::ProposalId.is_in(of))
        .filter(assignment::Column::AccountId.is_in(people))
        .all(db)
        .await?
        .into_iter()
        .map(|row| ((row.proposal_id, row.account_id), row.state))
        .collect();
    let name = |id: AccountId| names.get(&id).cloned().unwrap_or_default();
    let line = |row: conflict_finding::Model| {
        let proposal = proposals.get(&row.proposal_id)?;
        Some(FindingLine {
            why: sentence(&row),
            id: row.id,
            proposal: row.proposal_id,
            code: proposal.code.clone(),
            title: proposal.title.clone(),
            account: row.account_id,
            person: name(row.account_id),
            kind: row.kind,
            strength: row.strength,
            state: row.state,
            party: row.party,
            own: row.own,
            met: row.met,
            path: row.path.lines().map(str::to_owned).collect(),
            on: row.on_day,
            found_at: row.found_at,
            decided_by: row.decided_by.map(name),
            decided_at: row.decided_at,
            reason: row.reason,
            task: tasks.get(&(row.proposal_id, row.account_id)).copied(),
            version: row.version,
        })
    };
    Ok(rows.into_iter().filter_map(line).collect())
}

/// One finding with its surroundings.
pub struct FindingView {
    pub call: CallId,
    pub zone: Tz,
    pub line: FindingLine,
    /// Other findings between the same two.
    pub others: Vec<FindingLine>,
    /// Organisation, country and companies of each part.
    pub partners: Vec<(String, &'static str, Vec<String>)>,
    /// What the person stated and signed.
    pub stated: Statements,
    pub own: bool,
    pub may_decide: bool,
}

/// A finding between somebody and a proposal.
pub struct FindingOf {
    pub proposal: ProposalId,
    pub finding: FindingId,
}

impl Query for FindingOf {
    const NEEDS: Permission = Permission::SeeFindings;
    type Output = FindingView;

    fn about(&self) -> Subject {
        Subject::Proposal(self.proposal)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<FindingView> {
        let now = db.now();
        let db = db.conn();
        let row = conflict_finding::Entity::find_by_id(self.finding)
            .filter(conflict_finding::Column::ProposalId.eq(self.proposal))
            .one(db)
            .await?
            .ok_or(AppError::NotFound)?;
        let rows = conflict_finding::Entity::find()
            .filter(conflict_finding::Column::ProposalId.eq(self.proposal))
            .filter(conflict_finding::Column::AccountId.eq(row.account_id))
            .order_by_asc(conflict_finding::Column::FoundAt)
            .order_by_asc(conflict_finding::Column::Id)
            .all(db)
            .await?;
        let own = leave.actor().account() == Some(row.account_id);
        let stated = statements(db, row.account_id, now).await?;
        let dossier = submitted(db, leave, self.proposal).await?;
        let reading = reading(&dossier, &[]);
        let partner = |part: &crate::proposals::reading::queries::ReadPart| {
            let companies = part.smes.iter().map(|s| s.name.clone()).collect();
            (part.organisation.clone(), part.country.name(), companies)
        };
        let (mine, others): (Vec<_>, Vec<_>) =
            lines(db, rows).await?.into_iter().partition(|line| line.id == self.finding);
        Ok(FindingView {
            call: dossier.call.id,
            zone: dossier.terms().zone,
            line: mine.into_iter().next().ok_or(AppError::NotFound)?,
            others,
            partners: reading.parts.iter().map(partner).collect(),
            stated,
            own,
            may_decide: leave.may(Permission::DecideConflicts),
        })
    }
}

/// The proposal a finding is about, as far as the actor may see it.
pub struct PlaceOf(pub FindingId);

impl Query for PlaceOf {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = ProposalId;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<ProposalId> {
        let row = conflict_finding::Entity::find_by_id(self.0).one(db.conn()).await?.ok_or(AppError::NotFound)?;
        let seen = scope::proposals(leave).filter(proposal::Column::Id.eq(row.proposal_id)).one(db.conn()).await?;
        seen.map(|proposal| proposal.id).ok_or(AppError::NotFound)
    }
}
