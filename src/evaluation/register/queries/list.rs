//! The list, searched, filtered, sorted and paged in the database.

use crate::{
    evaluation::assignments::rules::counts,
    kernel::{
        AppError, Leave, Permission, Query, Result, Snapshot, Subject,
        access::scope,
        paging::{ListRequest, Listed, listed},
    },
};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use entity::{
    accounts::account,
    calls::{annex, call},
    evaluation::{assignment, evaluator},
    organisations::organisation,
    proposals::{part, proposal},
    types::{
        country::Country,
        ids::{CallId, EvaluatorId, OrganisationId, ProposalId},
        money::Money,
        states::{AssignmentState, CallState, EvaluatorState, PartState},
    },
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, SelectStatement},
};
use std::collections::BTreeMap;

/// One proposal in the list.
#[derive(Debug, Clone)]
pub struct ProposalLine {
    pub id: ProposalId,
    pub code: String,
    pub title: String,
    pub acronym: String,
    pub coordinator: String,
    pub countries: Vec<&'static str>,
    /// States of the parts, each once with how many parts are in it.
    pub states: Vec<(PartState, usize)>,
    /// What is asked for, by currency.
    pub asked: Vec<Money>,
    pub submitted_at: Option<DateTime<Utc>>,
    /// Evaluators assigned and sheets submitted, for those who may see the progress.
    pub sheets: Option<(usize, usize)>,
}

/// The list and what its filters and acts offer.
pub struct Register {
    pub call_code: String,
    pub call_title: String,
    pub call_state: CallState,
    pub zone: Tz,
    pub lines: Listed<ProposalLine>,
    pub agencies: Vec<(OrganisationId, String)>,
    pub countries: Vec<Country>,
    /// Members of the pool, for those who may assign them now.
    pub evaluators: Option<Vec<(EvaluatorId, String)>>,
}

/// The proposals of a call that the actor may see.
pub struct ProposalsOf {
    pub call: CallId,
    pub list: ListRequest,
}

impl Query for ProposalsOf {
    const NEEDS: Permission = Permission::ListProposals;
    type Output = Register;

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Register> {
        let db = db.conn();
        let call = call::Entity::find_by_id(self.call).one(db).await?.ok_or(AppError::NotFound)?;
        let annexes = annex::Entity::find()
            .find_also_related(organisation::Entity)
            .filter(annex::Column::CallId.eq(self.call))
            .order_by_asc(annex::Column::Position)
            .all(db)
            .await?;
        let all = scope::proposals(leave).filter(proposal::Column::CallId.eq(self.call));
        let page = listed(db, narrowed(all, &annexes, &self.list), self.list.paging).await?;
        let lines = lines(db, page, leave.may(Permission::SeeProgress)).await?;
        let evaluators = match leave.may(Permission::AssignEvaluators) {
            true => Some(pool(db).await?),
            false => None,
        };
        let mut countries: Vec<Country> = annexes.iter().filter_map(|(_, o)| Some(o.as_ref()?.country)).collect();
        countries.sort_by_key(Country::name);
        countries.dedup();
        let agencies = annexes.into_iter().filter_map(|(a, o)| Some((a.agency_id, o?.name))).collect();
        Ok(Register {
            call_code: call.code,
            call_title: call.title,
            call_state: call.state,
            zone: call.terms.zone,
            lines,
            agencies,
            countries,
            evaluators,
        })
    }
}

type Annexes = [(annex::Model, Option<organisation::Model>)];

/// Proposals with a handed-in part of the call that fits a condition.
fn with_part(annexes: &Annexes, condition: Condition) -> SelectStatement {
    part::Entity::find()
        .select_only()
        .column(part::Column::ProposalId)
        .filter(part::Column::AnnexId.is_in(annexes.iter().map(|(annex, _)| annex.id)))
        .filter(part::Column::State.ne(PartState::Draft))
        .filter(condition)
        .into_query()
}

/// Parts of organisations that fit a condition.
fn of_organisations(condition: Expr) -> Condition {
    let fitting = organisation::Entity::find().select_only().column(organisation::Column::Id).filter(condition);
    Condition::all().add(part::Column::OrganisationId.in_subquery(fitting.into_query()))
}

fn narrowed(all: Select<proposal::Entity>, annexes: &Annexes, list: &ListRequest) -> Select<proposal::Entity> {
    let id = proposal::Column::Id;
    let with_part = |condition| with_part(annexes, condition);
    let mut select = all;
    if let Some(agency) = list.value::<OrganisationId>("agency") {
        let of = annexes.iter().filter(|(a, _)| a.agency_id == agency).map(|(a, _)| a.id);
        select = select.filter(id.in_subquery(with_part(Condition::all().add(part::Column::AnnexId.is_in(of)))));
    }
    if let Some(country) = list.value::<Country>("country") {
        let of = of_organisations(organisation::Column::Country.eq(country));
        select = select.filter(id.in_subquery(with_part(of)));
    }
    if let Some(state) = list.value::<PartState>("state") {
        select = select.filter(id.in_subquery(with_part(Condition::all().add(part::Column::State.eq(state)))));
    }
    if let Some(words) = list.words() {
        let of = of_organisations(organisation::Column::Search.contains(&words));
        let found = Condition::any().add(proposal::Column::Search.contains(&words)).add(id.in_subquery(with_part(of)));
        select = select.filter(found);
    }
    let column = match list.sort.as_str() {
        "title" => proposal::Column::Title,
        "submitted" => proposal::Column::SubmittedAt,
        _ => proposal::Column::Code,
    };
    select.order_by(column, list.order()).order_by_asc(id)
}

async fn lines(
    db: &impl ConnectionTrait,
    page: Listed<proposal::Model>,
    with_progress: bool,
) -> Result<Listed<ProposalLine>> {
    let ids: Vec<ProposalId> = page.rows.iter().map(|p| p.id).collect();
    let parts = part::Entity::find()
        .find_also_related(organisation::Entity)
        .filter(part::Column::ProposalId.is_in(ids.clone()))
        .filter(part::Column::State.ne(PartState::Draft))
        .order_by_desc(part::Column::IsCoordinator)
        .order_by_asc(part::Column::CreatedAt)
        .all(db)
        .await?;
    let mut sheets: BTreeMap<ProposalId, (usize, usize)> = BTreeMap::new();
    if with_progress {
        let tasks = assignment::Entity::find()
            .select_only()
            .columns([assignment::Column::ProposalId, assignment::Column::State])
            .filter(assignment::Column::ProposalId.is_in(ids))
            .into_tuple::<(ProposalId, AssignmentState)>()
            .all(db)
            .await?;
        for (id, state) in tasks.into_iter().filter(|(_, state)| counts(*state)) {
            let sum = sheets.entry(id).or_default();
            sum.0 += 1;
            sum.1 += usize::from(state == AssignmentState::Submitted);
        }
    }
    let mut grouped: BTreeMap<ProposalId, Vec<(part::Model, organisation::Model)>> = BTreeMap::new();
    for (part, organisation) in parts {
        if let Some(organisation) = organisation {
            grouped.entry(part.proposal_id).or_default().push((part, organisation));
        }
    }
    Ok(page.map(|row| {
        let own = grouped.remove(&row.id).unwrap_or_default();
        let sheets = with_progress.then(|| sheets.get(&row.id).copied().unwrap_or_default());
        line(row, &own, sheets)
    }))
}

fn line(
    row: proposal::Model,
    own: &[(part::Model, organisation::Model)],
    sheets: Option<(usize, usize)>,
) -> ProposalLine {
    let mut countries: Vec<&'static str> = Vec::new();
    let mut states: Vec<(PartState, usize)> = Vec::new();
    let mut asked: Vec<Money> = Vec::new();
    for (part, organisation) in own {
        let country = organisation.country.name();
        if !countries.contains(&country) {
            countries.push(country);
        }
        match states.iter_mut().find(|(state, _)| *state == part.state) {
            Some((_, n)) => *n += 1,
            None => states.push((part.state, 1)),
        }
        if part.requested_minor != 0 {
            let money = Money::new(part.requested_minor, part.currency);
            match asked.iter_mut().find(|m| m.currency == money.currency) {
                Some(sum) => sum.minor = sum.minor.saturating_add(money.minor),
                None => asked.push(money),
            }
        }
    }
    ProposalLine {
        id: row.id,
        code: row.code,
        title: row.title,
        acronym: row.acronym,
        coordinator: own.first().map(|(_, o)| o.name.clone()).unwrap_or_default(),
        countries,
        states,
        asked,
        submitted_at: own.iter().filter_map(|(p, _)| p.submitted_at).max(),
        sheets,
    }
}

async fn pool(db: &impl ConnectionTrait) -> Result<Vec<(EvaluatorId, String)>> {
    let rows = evaluator::Entity::find()
        .find_also_related(account::Entity)
        .filter(evaluator::Column::State.eq(EvaluatorState::Active))
        .order_by_asc(evaluator::Column::Search)
        .all(db)
        .await?;
    Ok(rows.into_iter().filter_map(|(e, a)| Some((e.id, format!("{} ({})", a?.name, e.organisation)))).collect())
}
