//! Lists: every query over many rows of these tables starts here, already narrowed to what the actor may see.

use super::{actor::Actor, relation::Relation};
use crate::kernel::{error::Result, tx::Leave};
use entity::{
    calls::{annex, call},
    decisions::decision,
    evaluation::{assignment, conflict},
    kernel::audit_entry,
    notifications::mail,
    proposals::{part, proposal, team_member},
    reporting::report,
    types::{
        ids::{AccountId, CallId, OrganisationId, ProposalId},
        states::{AssignmentState, CallState, PartState, ProposalState, Role},
    },
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait, SelectStatement},
};
use std::collections::BTreeSet;

/// Calls that are public, or that the actor works on.
pub fn calls(leave: Leave<'_>) -> Select<call::Entity> {
    let actor = leave.actor();
    if sees_all(actor) || actor.has(Role::Secretariat) {
        return call::Entity::find();
    }
    let mut seen = Condition::any().add(call::Column::State.is_not_in([CallState::Draft, CallState::AgencyReview]));
    if let Some(calls) = actor.calls(Role::Secretariat).filter(|c| !c.is_empty()) {
        seen = seen.add(call::Column::Id.is_in(calls));
    }
    let agencies = actor.agencies(Role::AgencyOfficer);
    if !agencies.is_empty() {
        seen = seen.add(call::Column::Id.in_subquery(calls_of_agencies(agencies)));
    }
    call::Entity::find().filter(seen)
}

/// Calls the actor works on: as secretariat, panel chair, auditor, or for one of their agencies.
pub fn staff_calls(leave: Leave<'_>) -> Select<call::Entity> {
    let actor = leave.actor();
    if sees_all(actor) || actor.has(Role::Secretariat) || actor.has(Role::PanelChair) {
        return call::Entity::find();
    }
    let own = Condition::any()
        .add(call::Column::Id.is_in(officer_calls(actor)))
        .add(call::Column::Id.in_subquery(calls_of_agencies(officer_agencies(actor))));
    call::Entity::find().filter(own)
}

/// Whether the actor is an officer of this agency.
pub fn is_officer_of(leave: Leave<'_>, agency: OrganisationId) -> bool {
    leave.actor().agencies(Role::AgencyOfficer).contains(&agency)
}

/// Proposals as staff see them: with at least one submitted part, of calls or agencies of the actor, and
/// without those the actor has a conflict with.
pub fn proposals(leave: Leave<'_>) -> Select<proposal::Entity> {
    let seen = Condition::all().add(handed_in_to(leave.actor()));
    let seen = match leave.actor().account() {
        Some(_) => seen.add(not_conflicted(leave.actor())),
        None => seen,
    };
    proposal::Entity::find().filter(seen)
}

/// Parts as staff see them: submitted, of calls or agencies of the actor, without conflicted ones.
pub fn parts(leave: Leave<'_>) -> Select<part::Entity> {
    let actor = leave.actor();
    let mut seen = Condition::all().add(part::Column::State.ne(PartState::Draft));
    if !sees_all(actor) && !actor.has(Role::Secretariat) {
        let mut any = Condition::any();
        let calls = officer_calls(actor);
        if !calls.is_empty() {
            any = any.add(part::Column::AnnexId.in_subquery(annexes_where(annex::Column::CallId.is_in(calls))));
        }
        let agencies = officer_agencies(actor);
        any = any.add(part::Column::AnnexId.in_subquery(annexes_where(annex::Column::AgencyId.is_in(agencies))));
        seen = seen.add(any);
    }
    if actor.account().is_some() {
        let mine = proposal::Entity::find()
            .select_only()
            .column(proposal::Column::Id)
            .filter(not_conflicted(actor))
            .into_query();
        seen = seen.add(part::Column::ProposalId.in_subquery(mine));
    }
    part::Entity::find().filter(seen)
}

/// Proposals the actor applies with: on the team, or manager of one of the organisations.
pub fn own_proposals(leave: Leave<'_>) -> Select<proposal::Entity> {
    let actor = leave.actor();
    let Some(account) = actor.account() else {
        return proposal::Entity::find().filter(nothing());
    };
    let team = team_member::Entity::present()
        .select_only()
        .column(team_member::Column::ProposalId)
        .filter(team_member::Column::AccountId.eq(account))
        .into_query();
    let managed: Vec<OrganisationId> = actor.organisations().into_iter().filter(|&o| actor.manages(o)).collect();
    let organisations = part::Entity::find()
        .select_only()
        .column(part::Column::ProposalId)
        .filter(part::Column::OrganisationId.is_in(managed))
        .filter(part::Column::LeftAt.is_null())
        .into_query();
    proposal::Entity::find().filter(
        Condition::any()
            .add(proposal::Column::Id.in_subquery(team))
            .add(proposal::Column::Id.in_subquery(organisations)),
    )
}

/// The actor's own assignments, without those taken away by a conflict or withdrawal.
pub fn own_assignments(leave: Leave<'_>) -> Select<assignment::Entity> {
    let Some(account) = leave.actor().account() else {
        return assignment::Entity::find().filter(nothing());
    };
    let own = assignment::Entity::find()
        .filter(assignment::Column::AccountId.eq(account))
        .filter(assignment::Column::State.is_not_in([AssignmentState::Conflicted, AssignmentState::Withdrawn]));
    conflicts_of(account)
        .into_iter()
        .fold(own, |own, select| own.filter(assignment::Column::ProposalId.not_in_subquery(select)))
}

/// All assignments of the calls whose evaluation the actor runs, without proposals of a conflict.
pub fn assignments(leave: Leave<'_>) -> Select<assignment::Entity> {
    let mine = proposals(leave).select_only().column(proposal::Column::Id).into_query();
    let select = assignment::Entity::find().filter(assignment::Column::ProposalId.in_subquery(mine));
    if leave.relations().has_any(&[Relation::CallOfficer, Relation::PanelChair, Relation::Auditor]) {
        select
    } else {
        select.filter(nothing())
    }
}

/// Lines of the activity log: all for auditors and administrators, those of their calls for the secretariat;
/// never of a proposal that was not submitted, nor of one the actor has a conflict with.
pub fn activity(leave: Leave<'_>) -> Select<audit_entry::Entity> {
    use audit_entry::Column::{Call, Proposal, SubjectKind};
    let actor = leave.actor();
    let submitted = part::Entity::find()
        .select_only()
        .column(part::Column::ProposalId)
        .filter(part::Column::State.ne(PartState::Draft))
        .into_query();
    let open = proposal::Entity::find()
        .select_only()
        .column(proposal::Column::Id)
        .filter(proposal::Column::Id.in_subquery(submitted))
        .filter(not_conflicted(actor))
        .into_query();
    // What hangs on a proposal and does not name it is left out, because it cannot be told whose it is.
    let of_none = Condition::all().add(Proposal.is_null()).add(SubjectKind.is_not_in([
        "proposal",
        "part",
        "assignment",
        "panel_item",
        "decision",
        "file",
        "report",
    ]));
    let seen = Condition::any().add(of_none).add(Proposal.in_subquery(open));
    let select = audit_entry::Entity::find().filter(seen);
    if sees_all(actor) || actor.has(Role::Administrator) {
        return select;
    }
    match actor.calls(Role::Secretariat) {
        None => select.filter(Call.is_not_null()),
        Some(calls) => select.filter(Call.is_in(calls)),
    }
}

fn sees_all(actor: &Actor) -> bool {
    matches!(actor, Actor::System(_)) || actor.has(Role::Auditor)
}

fn nothing() -> Condition {
    Condition::all().add(ExprTrait::eq(Expr::val(1), 0))
}

fn officer_calls(actor: &Actor) -> Vec<CallId> {
    let mut calls = actor.calls(Role::Secretariat).unwrap_or_default();
    calls.extend(actor.calls(Role::PanelChair).unwrap_or_default());
    calls
}

fn officer_agencies(actor: &Actor) -> Vec<OrganisationId> {
    let mut agencies = actor.agencies(Role::AgencyOfficer);
    agencies.extend(actor.agencies(Role::ReportingOfficer));
    agencies
}

fn calls_of_agencies(agencies: Vec<OrganisationId>) -> SelectStatement {
    annex::Entity::find()
        .select_only()
        .column(annex::Column::CallId)
        .filter(annex::Column::AgencyId.is_in(agencies))
        .into_query()
}

fn annexes_where(condition: impl sea_orm::sea_query::IntoCondition) -> SelectStatement {
    annex::Entity::find().select_only().column(annex::Column::Id).filter(condition.into_condition()).into_query()
}

/// Proposals of which the actor, as staff, may see a part.
fn handed_in_to(actor: &Actor) -> Condition {
    if sees_all(actor) || actor.has(Role::Secretariat) || actor.has(Role::PanelChair) {
        return handed_in();
    }
    let (calls, agencies) = (officer_calls(actor), officer_agencies(actor));
    let mut seen = Condition::any();
    if !calls.is_empty() {
        seen = seen.add(Condition::all().add(proposal::Column::CallId.is_in(calls)).add(handed_in()));
    }
    let with_agencies = part::Entity::find()
        .select_only()
        .column(part::Column::ProposalId)
        .filter(part::Column::State.ne(PartState::Draft))
        .filter(part::Column::AnnexId.in_subquery(annexes_where(annex::Column::AgencyId.is_in(agencies))))
        .into_query();
    seen.add(proposal::Column::Id.in_subquery(with_agencies))
}

/// A proposal with a part that is no draft. Its own state says so for nearly all of them, so that a list of
/// thousands is counted without looking at their parts (the invariant `proposal_follows_parts`).
fn handed_in() -> Condition {
    let submitted = part::Entity::find()
        .select_only()
        .column(part::Column::Id)
        .filter(Expr::col((part::Entity, part::Column::ProposalId)).equals((proposal::Entity, proposal::Column::Id)))
        .filter(part::Column::State.ne(PartState::Draft))
        .into_query();
    Condition::any().add(proposal::Column::State.eq(ProposalState::Submitted)).add(Expr::exists(submitted))
}

/// Proposals that do not exist for the actor because of a conflict of interest; for counts and for what names a
/// proposal without pointing at it in a way that [`proposals`] could narrow.
///
/// # Errors
/// When the database cannot be asked.
pub async fn conflicted(db: &impl ConnectionTrait, actor: &Actor) -> Result<Vec<ProposalId>> {
    let Some(account) = actor.account() else {
        return Ok(Vec::new());
    };
    let any = conflicts_of(account)
        .into_iter()
        .fold(Condition::any(), |any, select| any.add(proposal::Column::Id.in_subquery(select)));
    Ok(proposal::Entity::find().select_only().column(proposal::Column::Id).filter(any).into_tuple().all(db).await?)
}

/// Mails, without those about a proposal the actor has a conflict with; who applies keeps the own ones.
///
/// # Errors
/// When the database cannot be asked.
pub async fn mails(db: &impl ConnectionTrait, leave: Leave<'_>) -> Result<Select<mail::Entity>> {
    let hidden = conflicted(db, leave.actor()).await?;
    if hidden.is_empty() {
        return Ok(mail::Entity::find());
    }
    let own = own_proposals(leave).select_only().column(proposal::Column::Id).into_tuple::<ProposalId>();
    let own = own.all(db).await?;
    let hidden: Vec<ProposalId> = hidden.into_iter().filter(|id| !own.contains(id)).collect();
    let parts = part::Entity::find().select_only().column(part::Column::Id);
    let parts = parts.filter(part::Column::ProposalId.is_in(hidden.clone())).into_query();
    let tasks = assignment::Entity::find().select_only().column(assignment::Column::Id);
    let tasks = tasks.filter(assignment::Column::ProposalId.is_in(hidden.clone())).into_query();
    let decisions = decision::Entity::find().select_only().column(decision::Column::Id);
    let decisions = decisions.filter(decision::Column::PartId.in_subquery(parts.clone())).into_query();
    let reports = report::Entity::find().select_only().column(report::Column::Id);
    let reports = reports.filter(report::Column::PartId.in_subquery(parts.clone())).into_query();
    let about = mail::Column::AboutId;
    let known = Condition::all()
        .add(about.is_not_in(hidden))
        .add(about.not_in_subquery(parts))
        .add(about.not_in_subquery(tasks))
        .add(about.not_in_subquery(decisions))
        .add(about.not_in_subquery(reports));
    Ok(mail::Entity::find().filter(Condition::any().add(about.is_null()).add(known)))
}

/// Everybody for whom a proposal does not exist.
///
/// # Errors
/// When the database cannot be asked.
pub async fn conflicted_with(db: &impl ConnectionTrait, id: ProposalId) -> Result<BTreeSet<AccountId>> {
    let organisations = part::Entity::find()
        .select_only()
        .column(part::Column::OrganisationId)
        .filter(part::Column::ProposalId.eq(id))
        .into_query();
    let towards = Condition::any()
        .add(conflict::Column::ProposalId.eq(id))
        .add(conflict::Column::OrganisationId.in_subquery(organisations));
    let mut accounts: BTreeSet<AccountId> = conflict::Entity::find()
        .select_only()
        .column(conflict::Column::AccountId)
        .filter(conflict::Column::WithdrawnAt.is_null())
        .filter(towards)
        .into_tuple::<AccountId>()
        .all(db)
        .await?
        .into_iter()
        .collect();
    let taken = assignment::Entity::find()
        .select_only()
        .column(assignment::Column::AccountId)
        .filter(assignment::Column::ProposalId.eq(id))
        .filter(assignment::Column::State.eq(AssignmentState::Conflicted));
    accounts.extend(taken.into_tuple::<AccountId>().all(db).await?);
    Ok(accounts)
}

/// Proposals the actor has no conflict with, neither with themselves nor with an organisation in them.
fn not_conflicted(actor: &Actor) -> Condition {
    let Some(account) = actor.account() else {
        return Condition::all();
    };
    conflicts_of(account)
        .into_iter()
        .fold(Condition::all(), |all, select| all.add(proposal::Column::Id.not_in_subquery(select)))
}

/// The proposals of somebody's conflicts: named, through an organisation, through a task that was taken.
fn conflicts_of(account: AccountId) -> [SelectStatement; 3] {
    let declared = || {
        conflict::Entity::find()
            .select_only()
            .filter(conflict::Column::AccountId.eq(account))
            .filter(conflict::Column::WithdrawnAt.is_null())
    };
    let proposals =
        declared().column(conflict::Column::ProposalId).filter(conflict::Column::ProposalId.is_not_null()).into_query();
    let organisations = declared()
        .column(conflict::Column::OrganisationId)
        .filter(conflict::Column::OrganisationId.is_not_null())
        .into_query();
    let with_organisation = part::Entity::find()
        .select_only()
        .column(part::Column::ProposalId)
        .filter(part::Column::OrganisationId.in_subquery(organisations))
        .filter(part::Column::LeftAt.is_null())
        .into_query();
    let own = assignment::Entity::find()
        .select_only()
        .column(assignment::Column::ProposalId)
        .filter(assignment::Column::AccountId.eq(account))
        .filter(assignment::Column::State.eq(AssignmentState::Conflicted))
        .into_query();
    [proposals, with_organisation, own]
}
