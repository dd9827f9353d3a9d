//! The queries behind a standing: what an actor is to a subject, and the phase of its call.
//!
//! A part or proposal that was never submitted exists for its applicants only: agencies, secretariat and
//! auditors see drafts as counts and sums, never their content (domain.md 6.1).

use super::{
    actor::Actor,
    bars,
    policy::Standing,
    relation::{Relation, Relations},
    subject::Subject,
};
use crate::kernel::error::{AppError, Result};
use entity::{
    agreements::agreement,
    calls::{annex, call},
    decisions::decision,
    documents::file,
    evaluation::{assignment, conflict, panel, panel_item, panel_member},
    kernel::job,
    proposals::{part, proposal, team_member},
    reporting::report,
    types::{
        ids::{
            AccountId, AnnexId, AssignmentId, CallId, DecisionId, OrganisationId, PanelId, PanelItemId, PartId,
            ProposalId,
        },
        states::{AssignmentState, CallState, MembershipRole, PartState, Role, TeamRole},
    },
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QuerySelect, RelationTrait,
};

/// Computes the standing of an actor towards a subject.
///
/// # Errors
/// `NotFound` when the subject does not exist.
pub async fn of(db: &impl ConnectionTrait, actor: &Actor, subject: Subject) -> Result<Standing> {
    let mut standing = Standing { relations: everywhere(actor), phase: None };
    match subject {
        Subject::Platform => platform(actor, &mut standing.relations),
        Subject::Account(id) => {
            platform_wide(actor, &mut standing.relations);
            if actor.account() == Some(id) {
                standing.relations.add(Relation::Oneself);
            }
        }
        Subject::Organisation(id) => organisation(actor, id, &mut standing.relations),
        Subject::Call(id) => call_standing(db, actor, id, None, &mut standing).await?,
        Subject::Annex(id) => annex_standing(db, actor, id, &mut standing).await?,
        Subject::Proposal(id) => proposal_standing(db, actor, id, None, &mut standing).await?,
        Subject::Part(id) => part_standing(db, actor, id, &mut standing).await?,
        Subject::Assignment(id) => assignment_standing(db, actor, id, &mut standing).await?,
        Subject::Panel(id) => panel_standing(db, actor, id, &mut standing).await?,
        Subject::PanelItem(id) => panel_item_standing(db, actor, id, &mut standing).await?,
        Subject::Decision(id) => decision_standing(db, actor, id, &mut standing).await?,
        Subject::Report(id) => {
            let part = report::Entity::find_by_id(id)
                .inner_join(agreement::Entity)
                .select_only()
                .column(report::Column::PartId)
                .into_tuple::<PartId>()
                .one(db)
                .await?
                .ok_or(AppError::NotFound)?;
            part_standing(db, actor, part, &mut standing).await?;
        }
        Subject::File(id) => {
            let row = file::Entity::find_by_id(id).one(db).await?.filter(|f| f.deleted_at.is_none());
            let row = row.ok_or(AppError::NotFound)?;
            let about = Subject::from_parts(&row.about_kind, row.about_id).ok_or(AppError::NotFound)?;
            match about {
                Subject::File(_) | Subject::Platform => {}
                other => standing = Box::pin(of(db, actor, other)).await?,
            }
            if row.uploaded_by.is_some() && row.uploaded_by == actor.account() {
                standing.relations.add(Relation::Oneself);
            }
        }
        Subject::Job(id) => {
            let row = job::Entity::find_by_id(id).one(db).await?.ok_or(AppError::NotFound)?;
            platform_wide(actor, &mut standing.relations);
            if row.ordered_by.is_some() && row.ordered_by == actor.account() {
                standing.relations.add(Relation::Oneself);
            }
        }
    }
    Ok(standing)
}

fn everywhere(actor: &Actor) -> Relations {
    let relations = Relations::default().with(Relation::Anyone);
    if actor.account().is_some() { relations.with(Relation::SignedIn) } else { relations }
}

/// Roles for the whole platform.
fn platform_wide(actor: &Actor, relations: &mut Relations) {
    for (role, relation) in [
        (Role::Administrator, Relation::Administrator),
        (Role::Auditor, Relation::Auditor),
        (Role::Secretariat, Relation::CallOfficer),
    ] {
        if actor.has(role) {
            relations.add(relation);
        }
    }
}

/// Towards the platform, a role counts wherever it was given: lists are then narrowed by [`super::scope`].
fn platform(actor: &Actor, relations: &mut Relations) {
    platform_wide(actor, relations);
    for (role, relation) in [
        (Role::Secretariat, Relation::CallOfficer),
        (Role::PanelChair, Relation::PanelChair),
        (Role::AgencyOfficer, Relation::AgencyOfficer),
        (Role::ReportingOfficer, Relation::ReportingOfficer),
    ] {
        if actor.has_somewhere(role) {
            relations.add(relation);
        }
    }
    if actor.person().is_some_and(|p| p.evaluator) {
        relations.add(Relation::Oneself);
    }
}

fn organisation(actor: &Actor, id: OrganisationId, relations: &mut Relations) {
    platform_wide(actor, relations);
    for member in actor.memberships().iter().filter(|m| m.organisation == id) {
        relations.add(Relation::Member);
        if member.role == MembershipRole::Manager {
            relations.add(Relation::Manager);
        }
    }
    officer_of(actor, id, relations);
}

fn officer_of(actor: &Actor, agency: OrganisationId, relations: &mut Relations) {
    if actor.agencies(Role::AgencyOfficer).contains(&agency) {
        relations.add(Relation::AgencyOfficer);
    }
    if actor.agencies(Role::ReportingOfficer).contains(&agency) {
        relations.add(Relation::ReportingOfficer);
    }
}

fn roles_in_call(actor: &Actor, id: CallId, relations: &mut Relations) {
    if actor.has(Role::Auditor) {
        relations.add(Relation::Auditor);
    }
    if actor.has_for_call(Role::Secretariat, id) {
        relations.add(Relation::CallOfficer);
    }
    if actor.has_for_call(Role::PanelChair, id) {
        relations.add(Relation::PanelChair);
    }
}

async fn call_standing(
    db: &impl ConnectionTrait,
    actor: &Actor,
    id: CallId,
    phase: Option<CallState>,
    standing: &mut Standing,
) -> Result<()> {
    standing.phase = match phase {
        Some(phase) => Some(phase),
        None => Some(phase_of(db, id).await?),
    };
    roles_in_call(actor, id, &mut standing.relations);
    if actor.has(Role::Administrator) {
        standing.relations.add(Relation::Administrator);
    }
    let agencies = agencies_of(actor);
    if !agencies.is_empty() {
        let here = annex::Entity::find()
            .select_only()
            .column(annex::Column::AgencyId)
            .filter(annex::Column::CallId.eq(id))
            .filter(annex::Column::AgencyId.is_in(agencies))
            .into_tuple::<OrganisationId>()
            .all(db)
            .await?;
        for agency in here {
            officer_of(actor, agency, &mut standing.relations);
        }
    }
    Ok(())
}

fn agencies_of(actor: &Actor) -> Vec<OrganisationId> {
    let mut agencies = actor.agencies(Role::AgencyOfficer);
    agencies.extend(actor.agencies(Role::ReportingOfficer));
    agencies
}

async fn phase_of(db: &impl ConnectionTrait, id: CallId) -> Result<CallState> {
    let phase = call::Entity::find_by_id(id).select_only().column(call::Column::State).into_tuple::<CallState>();
    phase.one(db).await?.ok_or(AppError::NotFound)
}

async fn annex_standing(db: &impl ConnectionTrait, actor: &Actor, id: AnnexId, standing: &mut Standing) -> Result<()> {
    let row = annex::Entity::find_by_id(id)
        .select_only()
        .columns([annex::Column::CallId, annex::Column::AgencyId])
        .into_tuple::<(CallId, OrganisationId)>()
        .one(db)
        .await?;
    let (call, agency) = row.ok_or(AppError::NotFound)?;
    standing.phase = Some(phase_of(db, call).await?);
    roles_in_call(actor, call, &mut standing.relations);
    officer_of(actor, agency, &mut standing.relations);
    Ok(())
}

/// What is needed of one part to place people.
#[derive(Debug, Clone, Copy)]
struct Share {
    part: PartId,
    organisation: OrganisationId,
    agency: OrganisationId,
    submitted: bool,
}

async fn shares_of(db: &impl ConnectionTrait, proposal: ProposalId) -> Result<Vec<Share>> {
    let rows = part::Entity::find()
        .inner_join(annex::Entity)
        .select_only()
        .columns([part::Column::Id, part::Column::OrganisationId, part::Column::State])
        .column(annex::Column::AgencyId)
        .filter(part::Column::ProposalId.eq(proposal))
        .filter(part::Column::LeftAt.is_null())
        .into_tuple::<(PartId, OrganisationId, PartState, OrganisationId)>()
        .all(db)
        .await?;
    let share =
        |(part, organisation, state, agency)| Share { part, organisation, agency, submitted: seen_by_staff(state) };
    Ok(rows.into_iter().map(share).collect())
}

/// Whether staff may see a part in this state: a draft is its applicants' own.
pub fn seen_by_staff(state: PartState) -> bool {
    state != PartState::Draft
}

async fn part_standing(db: &impl ConnectionTrait, actor: &Actor, id: PartId, standing: &mut Standing) -> Result<()> {
    let proposal = part::Entity::find_by_id(id)
        .select_only()
        .column(part::Column::ProposalId)
        .into_tuple::<ProposalId>()
        .one(db)
        .await?
        .ok_or(AppError::NotFound)?;
    proposal_standing(db, actor, proposal, Some(id), standing).await
}

/// Towards the decision on a part: its own people and staff. Who evaluates, chairs, or works on another part only
/// reads the proposal.
async fn decision_standing(
    db: &impl ConnectionTrait,
    actor: &Actor,
    id: DecisionId,
    standing: &mut Standing,
) -> Result<()> {
    const CLOSE: &[Relation] = &[
        Relation::Anyone,
        Relation::SignedIn,
        Relation::PartEditor,
        Relation::CallOfficer,
        Relation::AgencyOfficer,
        Relation::ReportingOfficer,
        Relation::Auditor,
        Relation::Conflicted,
    ];
    let part = decision::Entity::find_by_id(id)
        .select_only()
        .column(decision::Column::PartId)
        .into_tuple::<PartId>()
        .one(db)
        .await?
        .ok_or(AppError::NotFound)?;
    part_standing(db, actor, part, standing).await?;
    let reads = standing.relations.has(Relation::Partner) && works_on(db, actor, part).await?;
    standing.relations = standing.relations.only(CLOSE);
    if reads {
        standing.relations.add(Relation::Partner);
    }
    Ok(())
}

/// Whether the actor is on the team of this very part.
async fn works_on(db: &impl ConnectionTrait, actor: &Actor, part: PartId) -> Result<bool> {
    let Some(account) = actor.account() else {
        return Ok(false);
    };
    let found = team_member::Entity::present()
        .select_only()
        .column(team_member::Column::PartId)
        .filter(team_member::Column::PartId.eq(part))
        .filter(team_member::Column::AccountId.eq(account))
        .into_tuple::<Option<PartId>>()
        .one(db)
        .await?;
    Ok(found.is_some())
}

/// Towards a proposal, or one part of it when `focus` is given.
async fn proposal_standing(
    db: &impl ConnectionTrait,
    actor: &Actor,
    id: ProposalId,
    focus: Option<PartId>,
    standing: &mut Standing,
) -> Result<()> {
    let (call, phase) = proposal::Entity::find_by_id(id)
        .inner_join(call::Entity)
        .select_only()
        .column(proposal::Column::CallId)
        .column(call::Column::State)
        .into_tuple::<(CallId, CallState)>()
        .one(db)
        .await?
        .ok_or(AppError::NotFound)?;
    standing.phase = Some(phase);
    let Some(account) = actor.account() else {
        return Ok(());
    };
    let shares = shares_of(db, id).await?;
    let relations = &mut standing.relations;
    applicants(db, actor, account, id, focus, &shares, relations).await?;
    let seen = match focus {
        Some(part) => shares.iter().any(|s| s.part == part && s.submitted),
        None => shares.iter().any(|s| s.submitted),
    };
    if seen {
        roles_in_call(actor, call, relations);
        for share in shares.iter().filter(|s| s.submitted && focus.is_none_or(|part| part == s.part)) {
            officer_of(actor, share.agency, relations);
        }
        evaluator_of(db, account, id, relations).await?;
        panel_member_of(db, account, id, relations).await?;
    }
    if conflicted(db, account, id, &shares).await? {
        relations.add(Relation::Conflicted);
    }
    // Who applies keeps their own proposal; a conflict leaves them nothing else of it.
    if relations.has(Relation::Conflicted) && relations.has_any(APPLYING) {
        *relations = relations.only(APPLYING).with(Relation::Anyone).with(Relation::SignedIn);
    }
    Ok(())
}

/// What somebody is who works on a proposal.
const APPLYING: &[Relation] = &[Relation::Coordinator, Relation::PartEditor, Relation::Partner];

async fn applicants(
    db: &impl ConnectionTrait,
    actor: &Actor,
    account: AccountId,
    proposal: ProposalId,
    focus: Option<PartId>,
    shares: &[Share],
    relations: &mut Relations,
) -> Result<()> {
    let team = team_member::Entity::present()
        .filter(team_member::Column::ProposalId.eq(proposal))
        .filter(team_member::Column::AccountId.eq(account))
        .one(db)
        .await?;
    let managed: Vec<PartId> = shares.iter().filter(|s| actor.manages(s.organisation)).map(|s| s.part).collect();
    let own = team.as_ref().and_then(|t| t.part_id);
    let may_edit = team.as_ref().is_some_and(|t| t.role != TeamRole::Viewer);
    let edits = match focus {
        Some(part) => managed.contains(&part) || (may_edit && own == Some(part)),
        None => !managed.is_empty() || may_edit,
    };
    if edits {
        relations.add(Relation::PartEditor);
    }
    if team.is_some() || !managed.is_empty() {
        relations.add(Relation::Partner);
    }
    if team.is_some_and(|t| t.role == TeamRole::Coordinator) {
        relations.add(Relation::Coordinator);
    }
    Ok(())
}

async fn evaluator_of(
    db: &impl ConnectionTrait,
    account: AccountId,
    proposal: ProposalId,
    relations: &mut Relations,
) -> Result<()> {
    let states = assignment::Entity::find()
        .select_only()
        .column(assignment::Column::State)
        .filter(assignment::Column::ProposalId.eq(proposal))
        .filter(assignment::Column::AccountId.eq(account))
        .into_tuple::<AssignmentState>()
        .all(db)
        .await?;
    for state in states {
        add_evaluator(state, relations);
    }
    Ok(())
}

fn add_evaluator(state: AssignmentState, relations: &mut Relations) {
    match state {
        AssignmentState::Invited => relations.add(Relation::InvitedEvaluator),
        AssignmentState::Accepted | AssignmentState::InProgress | AssignmentState::Submitted => {
            relations.add(Relation::AssignedEvaluator);
        }
        AssignmentState::Conflicted => relations.add(Relation::Conflicted),
        AssignmentState::Declined | AssignmentState::Withdrawn => {}
    }
}

/// A declared conflict with the proposal or with any organisation of any of its parts.
async fn conflicted(
    db: &impl ConnectionTrait,
    account: AccountId,
    proposal: ProposalId,
    shares: &[Share],
) -> Result<bool> {
    let towards = Condition::any()
        .add(conflict::Column::ProposalId.eq(proposal))
        .add(conflict::Column::OrganisationId.is_in(shares.iter().map(|s| s.organisation)));
    let found = conflict::Entity::find()
        .select_only()
        .column(conflict::Column::Id)
        .filter(conflict::Column::AccountId.eq(account))
        .filter(conflict::Column::WithdrawnAt.is_null())
        .filter(towards)
        .into_tuple::<entity::types::ids::ConflictId>()
        .one(db)
        .await?;
    Ok(found.is_some())
}

async fn assignment_standing(
    db: &impl ConnectionTrait,
    actor: &Actor,
    id: AssignmentId,
    standing: &mut Standing,
) -> Result<()> {
    let row = assignment::Entity::find_by_id(id).one(db).await?.ok_or(AppError::NotFound)?;
    standing.phase = Some(phase_of(db, row.call_id).await?);
    let Some(account) = actor.account() else {
        return Ok(());
    };
    roles_in_call(actor, row.call_id, &mut standing.relations);
    if row.account_id == account {
        add_evaluator(row.state, &mut standing.relations);
    }
    let shares = shares_of(db, row.proposal_id).await?;
    if conflicted(db, account, row.proposal_id, &shares).await? {
        standing.relations.add(Relation::Conflicted);
    }
    Ok(())
}

/// Whether a panel the person belongs to discusses the proposal.
async fn panel_member_of(
    db: &impl ConnectionTrait,
    account: AccountId,
    proposal: ProposalId,
    relations: &mut Relations,
) -> Result<()> {
    let found = panel_member::Entity::find()
        .select_only()
        .column(panel_member::Column::PanelId)
        .inner_join(panel::Entity)
        .join_rev(JoinType::InnerJoin, panel_item::Relation::Panel.def())
        .filter(panel_member::Column::AccountId.eq(account))
        .filter(panel_member::Column::EndedAt.is_null())
        .filter(panel_item::Column::ProposalId.eq(proposal))
        .into_tuple::<PanelId>()
        .one(db)
        .await?;
    if found.is_some() {
        relations.add(Relation::PanelMember);
    }
    Ok(())
}

/// Towards a panel: its members, who leads it, and staff of its call.
async fn panel_standing(db: &impl ConnectionTrait, actor: &Actor, id: PanelId, standing: &mut Standing) -> Result<()> {
    let row = panel::Entity::find_by_id(id).one(db).await?.ok_or(AppError::NotFound)?;
    standing.phase = Some(phase_of(db, row.call_id).await?);
    let Some(account) = actor.account() else {
        return Ok(());
    };
    roles_in_call(actor, row.call_id, &mut standing.relations);
    let member = panel_member::Entity::find()
        .filter(panel_member::Column::PanelId.eq(id))
        .filter(panel_member::Column::AccountId.eq(account))
        .filter(panel_member::Column::EndedAt.is_null())
        .one(db)
        .await?;
    if member.is_some() {
        standing.relations.add(Relation::PanelMember);
        if row.chair_id == account || row.deputy_id == Some(account) {
            standing.relations.add(Relation::Presiding);
        }
    }
    Ok(())
}

/// Towards a proposal on the agenda of a panel; who works on the proposal has a conflict there as well.
async fn panel_item_standing(
    db: &impl ConnectionTrait,
    actor: &Actor,
    id: PanelItemId,
    standing: &mut Standing,
) -> Result<()> {
    let row = panel_item::Entity::find_by_id(id).one(db).await?.ok_or(AppError::NotFound)?;
    panel_standing(db, actor, row.panel_id, standing).await?;
    let Some(account) = actor.account() else {
        return Ok(());
    };
    if bars::of(db, &[row.proposal_id]).await?.bars(row.proposal_id, account).is_some() {
        standing.relations.add(Relation::Conflicted);
    }
    Ok(())
}
