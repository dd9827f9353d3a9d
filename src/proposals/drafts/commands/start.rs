//! Starting a proposal, naming it, giving it up.

use super::super::{events::DraftEvent, rules};
use super::{touch, working};
use crate::{
    calls::numbers::commands::next_proposal_number,
    kernel::{
        AppError, Command, Done, Leave, Permission, Result, Subject, Tx,
        error::{Denial, FieldErrors},
    },
};
use entity::{
    calls::{annex, call},
    organisations::organisation,
    proposals::{part, proposal, team_member},
    types::{
        codes,
        country::Country,
        ids::{AnnexId, CallId, OrganisationId, PartId, ProposalId, TeamMemberId},
        states::{PartState, ProposalState, TeamRole},
        text,
    },
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde::{Deserialize, Serialize};

/// Starts a proposal in an open call, with the part of the actor's own organisation, which coordinates it.
#[derive(Clone)]
pub struct StartProposal {
    pub call: CallId,
    pub organisation: OrganisationId,
    /// The home agency's annex, when several agencies of the country take part.
    pub annex: Option<AnnexId>,
    pub title: String,
    pub acronym: String,
    /// Whether another draft is wanted although the organisation coordinates one already.
    pub another: bool,
}

/// What was started.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Started {
    pub proposal: ProposalId,
    pub part: PartId,
    pub code: String,
}

impl Command for StartProposal {
    const NEEDS: Permission = Permission::StartProposal;
    type Output = Started;

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<Started>> {
        let mut errors = FieldErrors::default();
        let title = errors.take("title", text::line(&self.title, 200));
        let acronym = errors.take("acronym", text::line(&self.acronym, 40));
        errors.done()?;
        let (title, acronym) = (title.unwrap_or_default(), acronym.unwrap_or_default());
        let account = leave.account()?;
        let home = applicant(tx, leave, self.organisation).await?;
        let annex = home_annex(tx, self.call, home.country, self.annex).await?;
        if !self.another && coordinates_a_draft(tx, self.call, home.id).await? {
            return Err(AppError::refused(
                "draft_exists",
                format!(
                    "{} has a draft in this call already, named above. Go on with it, ask its coordinator for access, or say \
                     that you want another one.",
                    home.name
                ),
            ));
        }
        let call = call::Entity::find_by_id(self.call).one(tx.conn()).await?.ok_or(AppError::NotFound)?;
        let number = next_proposal_number(tx, call.id).await?;
        let code = codes::proposal_code(&call.code, number);
        let id: ProposalId = tx.new_id();
        let row = proposal::ActiveModel {
            id: Set(id),
            call_id: Set(call.id),
            code: Set(code.clone()),
            title: Set(title.clone()),
            acronym: Set(acronym.clone()),
            state: Set(ProposalState::Draft),
            search: Set(text::searchable([code.as_str(), &title, &acronym, &home.name])),
            created_by: Set(account),
            created_at: Set(tx.now()),
            updated_by: Set(Some(account)),
            updated_at: Set(tx.now()),
            submitted_at: Set(None),
            version: Set(1),
        };
        proposal::Entity::insert(row).exec_without_returning(tx.conn()).await?;
        let part = insert_part(tx, id, home.id, &annex, true, Some(account)).await?;
        let member = team_member::ActiveModel {
            id: Set(tx.new_id::<TeamMemberId>()),
            proposal_id: Set(id),
            account_id: Set(account),
            part_id: Set(Some(part)),
            role: Set(TeamRole::Coordinator),
            added_by: Set(None),
            added_at: Set(tx.now()),
            left_at: Set(None),
        };
        team_member::Entity::insert(member).exec_without_returning(tx.conn()).await?;
        let event =
            DraftEvent::Started { call: call.id, proposal: id, part, code: code.clone(), organisation: home.name };
        Ok(tx.done(event, Started { proposal: id, part, code }))
    }
}

/// The organisation the actor applies with: their own, and of a kind that may apply.
///
/// # Errors
/// When the actor does not belong to it, or it may not apply.
pub(in crate::proposals) async fn applicant(
    tx: &Tx,
    leave: Leave<'_>,
    id: OrganisationId,
) -> Result<organisation::Model> {
    if !leave.actor().organisations().contains(&id) {
        return Err(AppError::invalid("organisation", "Choose one of your own organisations"));
    }
    let row = organisation::Entity::find_by_id(id).one(tx.conn()).await?.ok_or(AppError::NotFound)?;
    if !rules::may_apply(row.kind) {
        return Err(AppError::invalid(
            "organisation",
            "Clusters, networks and research organisations apply; companies and agencies do not",
        ));
    }
    Ok(row)
}

/// The home agency's annex of an applicant from this country.
///
/// # Errors
/// When there is none, or several and none was chosen.
pub(in crate::proposals) async fn home_annex(
    tx: &Tx,
    call: CallId,
    country: Country,
    chosen: Option<AnnexId>,
) -> Result<annex::Model> {
    let rows = annex::Entity::find()
        .filter(annex::Column::CallId.eq(call))
        .find_also_related(organisation::Entity)
        .order_by_asc(annex::Column::Id)
        .all(tx.conn())
        .await?;
    let fitting: Vec<annex::Model> = rows
        .into_iter()
        .filter(|(_, agency)| agency.as_ref().is_some_and(|a| a.country == country))
        .map(|(annex, _)| annex)
        .collect();
    let ids: Vec<AnnexId> = fitting.iter().map(|a| a.id).collect();
    let id = match rules::home_annex(&ids, chosen, country.name()) {
        Ok(id) => id,
        Err(refusal) => return Err(AppError::invalid("annex", refusal.message)),
    };
    fitting.into_iter().find(|a| a.id == id).ok_or(AppError::NotFound)
}

/// Writes the part of an organisation; one that left before takes up what it left.
///
/// # Errors
/// When the organisation has a part in this proposal already.
pub(in crate::proposals) async fn insert_part(
    tx: &Tx,
    proposal: ProposalId,
    organisation: OrganisationId,
    annex: &annex::Model,
    is_coordinator: bool,
    contact: Option<entity::types::ids::AccountId>,
) -> Result<PartId> {
    use crate::kernel::error::OnUnique;
    let left = part::Entity::find()
        .filter(part::Column::ProposalId.eq(proposal))
        .filter(part::Column::OrganisationId.eq(organisation))
        .filter(part::Column::LeftAt.is_not_null());
    if let Some(row) = left.one(tx.conn()).await? {
        let (id, version) = (row.id, row.version + 1);
        let mut row: part::ActiveModel = row.into();
        row.annex_id = Set(annex.id);
        row.currency = Set(annex.terms.currency);
        row.contact_id = Set(contact);
        row.left_at = Set(None);
        row.version = Set(version);
        row.update(tx.conn()).await?;
        return Ok(id);
    }
    let id: PartId = tx.new_id();
    let row = part::ActiveModel {
        id: Set(id),
        proposal_id: Set(proposal),
        organisation_id: Set(organisation),
        annex_id: Set(annex.id),
        is_coordinator: Set(is_coordinator),
        state: Set(PartState::Draft),
        requested_minor: Set(0),
        currency: Set(annex.terms.currency),
        contact_id: Set(contact),
        signatory: Set(None),
        signatory_email: Set(None),
        created_at: Set(tx.now()),
        submitted_at: Set(None),
        left_at: Set(None),
        version: Set(1),
    };
    part::Entity::insert(row)
        .exec_without_returning(tx.conn())
        .await
        .on_unique(AppError::refused("already_partner", "This organisation has a part in the proposal already."))?;
    Ok(id)
}

async fn coordinates_a_draft(tx: &Tx, call: CallId, organisation: OrganisationId) -> Result<bool> {
    let found = part::Entity::find()
        .inner_join(proposal::Entity)
        .filter(part::Column::OrganisationId.eq(organisation))
        .filter(part::Column::IsCoordinator.eq(true))
        .filter(proposal::Column::CallId.eq(call))
        .filter(proposal::Column::State.eq(ProposalState::Draft))
        .select_only()
        .column(part::Column::Id);
    Ok(found.count(tx.conn()).await? > 0)
}

/// Changes the title and the short name of a proposal.
#[derive(Clone)]
pub struct RenameProposal {
    pub proposal: ProposalId,
    pub title: String,
    pub acronym: String,
    pub seen: i64,
}

impl Command for RenameProposal {
    const NEEDS: Permission = Permission::EditProposal;
    type Output = i64;

    fn about(&self) -> Subject {
        Subject::Proposal(self.proposal)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<i64>> {
        let mut errors = FieldErrors::default();
        let title = errors.take("title", text::line(&self.title, 200));
        let acronym = errors.take("acronym", text::line(&self.acronym, 40));
        errors.done()?;
        let (title, acronym) = (title.unwrap_or_default(), acronym.unwrap_or_default());
        let row = working(tx, self.proposal).await?;
        super::writable(tx, leave, row.id, crate::proposals::Place::Joint).await?;
        if row.version != self.seen && (row.title != title || row.acronym != acronym) {
            let by = super::answers::name_of(tx, row.updated_by).await?;
            return Err(AppError::Stale { by, at: row.updated_at, version: row.version });
        }
        let (id, version) = (row.id, row.version + 1);
        let search = row.search.replacen(
            &text::searchable([row.title.as_str(), &row.acronym]),
            &text::searchable([title.as_str(), &acronym]),
            1,
        );
        let mut row: proposal::ActiveModel = row.into();
        row.title = Set(title.clone());
        row.acronym = Set(acronym);
        row.search = Set(search);
        row.version = Set(version);
        row.update(tx.conn()).await?;
        touch(tx, leave, id).await?;
        Ok(tx.done(DraftEvent::Renamed { proposal: id, title }, version))
    }
}

/// Gives up a proposal of which no part is submitted; it can still be read, but no longer changed.
#[derive(Clone)]
pub struct DiscardDraft(pub ProposalId);

impl Command for DiscardDraft {
    const NEEDS: Permission = Permission::ManageTeam;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Proposal(self.0)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        if !leave.may(Permission::ManageTeam) {
            return Err(AppError::Denied(Denial::Role));
        }
        let row = working(tx, self.0).await?;
        let submitted = part::Entity::find()
            .filter(part::Column::ProposalId.eq(row.id))
            .filter(part::Column::State.ne(PartState::Draft))
            .count(tx.conn())
            .await?;
        if submitted > 0 {
            return Err(AppError::refused(
                "part_submitted",
                "A part of this proposal was submitted. Withdraw that part first.",
            ));
        }
        let (id, title, version) = (row.id, row.title.clone(), row.version + 1);
        let mut row: proposal::ActiveModel = row.into();
        row.state = Set(ProposalState::Withdrawn);
        row.version = Set(version);
        row.update(tx.conn()).await?;
        touch(tx, leave, id).await?;
        Ok(tx.done(DraftEvent::GivenUp { proposal: id, title }, ()))
    }
}
