//! What people see of consortia.

use super::rules::organisation_and_message;
use crate::{
    accounts::invitations::queries::{InvitationBy, InvitationView},
    kernel::{AppError, Leave, Permission, Query, Result, Snapshot, Subject},
    proposals::{
        Place,
        dossier::{self, Dossier, Head, PartFile, PartHead, applicants_only, check::PART_SECTIONS},
        drafts::{
            queries::{Applicant, HomeAgency},
            rules::may_apply,
        },
    },
};
use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    accounts::{account, invitation},
    calls::{annex, call},
    organisations::organisation,
    proposals::{part, proposal, team_member},
    types::{
        country::Country,
        ids::{AccountId, InvitationId, PartId, ProposalId},
        states::{CallState, InvitationKind, ProposalState, TeamRole},
    },
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::BTreeMap;

/// The team of a proposal.
pub struct TeamOf(pub ProposalId);

#[derive(Debug, Clone)]
pub struct Team {
    pub head: Head,
    pub parts: Vec<TeamPart>,
    /// Partners who were invited and have not answered.
    pub pending: Vec<Pending>,
    /// Those who worked on it and left, the latest first.
    pub gone: Vec<Gone>,
    /// Whether partners can be invited and taken out now, by the reader.
    pub manages: bool,
    /// The reader's own account, to tell them apart.
    pub reader: Option<AccountId>,
}

/// A part with its people.
#[derive(Debug, Clone)]
pub struct TeamPart {
    pub part: PartHead,
    pub kind: &'static str,
    pub country: &'static str,
    pub city: String,
    pub registration_no: String,
    pub people: Vec<Colleague>,
    pub pending: Vec<Pending>,
    /// Whether the reader may invite and remove people here.
    pub editable: bool,
}

/// Somebody on the team.
#[derive(Debug, Clone)]
pub struct Colleague {
    pub account: AccountId,
    pub name: String,
    pub email: String,
    pub role: TeamRole,
    /// Whether the agency writes to this person.
    pub contact: bool,
}

/// Somebody who was on the team.
#[derive(Debug, Clone)]
pub struct Gone {
    pub name: String,
    pub organisation: String,
    pub left_at: DateTime<Utc>,
}

/// An invitation that is not answered yet.
#[derive(Debug, Clone)]
pub struct Pending {
    pub id: InvitationId,
    pub name: String,
    pub email: String,
    pub organisation: String,
    pub expires_at: DateTime<Utc>,
}

impl Team {
    /// People of other parts to whom the coordination can be handed.
    pub fn successors(&self) -> Vec<(&Colleague, &TeamPart)> {
        let people = self.parts.iter().flat_map(|p| p.people.iter().map(move |c| (c, p)));
        people.filter(|(c, _)| c.role == TeamRole::Editor).collect()
    }
}

impl Query for TeamOf {
    const NEEDS: Permission = Permission::ReadProposal;
    type Output = Team;

    fn about(&self) -> Subject {
        Subject::Proposal(self.0)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Team> {
        applicants_only(leave)?;
        let dossier = dossier::load(db.conn(), self.0).await?;
        let rows = invitation::Entity::find()
            .filter(invitation::Column::ProposalId.eq(self.0))
            .filter(invitation::Column::AnsweredAt.is_null())
            .filter(invitation::Column::WithdrawnAt.is_null())
            .filter(invitation::Column::ExpiresAt.gt(db.now()))
            .order_by_asc(invitation::Column::CreatedAt)
            .all(db.conn())
            .await?;
        let of = |kind: InvitationKind, part: Option<PartId>| -> Vec<Pending> {
            rows.iter().filter(|row| row.kind == kind && row.part_id == part).map(pending).collect()
        };
        let working = dossier.open() && dossier.proposal.state != ProposalState::Withdrawn;
        Ok(Team {
            parts: dossier
                .parts
                .iter()
                .map(|p| {
                    let pending = of(InvitationKind::Team, Some(p.row.id));
                    team_part(&dossier, p, pending, working && dossier.edits(leave, p.row.id), leave)
                })
                .collect(),
            pending: of(InvitationKind::Partner, None),
            gone: gone(db, self.0).await?,
            manages: working && dossier.coordinates(leave),
            reader: leave.actor().account(),
            head: dossier.head(leave),
        })
    }
}

async fn gone(db: &Snapshot, proposal: ProposalId) -> Result<Vec<Gone>> {
    let rows = team_member::Entity::find()
        .filter(team_member::Column::ProposalId.eq(proposal))
        .filter(team_member::Column::LeftAt.is_not_null())
        .order_by_desc(team_member::Column::LeftAt)
        .order_by_asc(team_member::Column::Id)
        .all(db.conn())
        .await?;
    let accounts = account::Entity::find().filter(account::Column::Id.is_in(rows.iter().map(|row| row.account_id)));
    let names: BTreeMap<AccountId, String> =
        accounts.all(db.conn()).await?.into_iter().map(|row| (row.id, row.name)).collect();
    let parts = part::Entity::find()
        .filter(part::Column::Id.is_in(rows.iter().filter_map(|row| row.part_id)))
        .find_also_related(organisation::Entity)
        .all(db.conn())
        .await?;
    let homes: BTreeMap<PartId, String> =
        parts.into_iter().filter_map(|(part, home)| Some((part.id, home?.name))).collect();
    let line = |row: team_member::Model| {
        Some(Gone {
            name: names.get(&row.account_id)?.clone(),
            organisation: row.part_id.and_then(|part| homes.get(&part).cloned()).unwrap_or_default(),
            left_at: row.left_at?,
        })
    };
    Ok(rows.into_iter().filter_map(line).collect())
}

fn pending(row: &invitation::Model) -> Pending {
    Pending {
        id: row.id,
        name: row.name.clone(),
        email: row.email.to_string(),
        organisation: organisation_and_message(&row.message).0.to_owned(),
        expires_at: row.expires_at,
    }
}

fn team_part(dossier: &Dossier, part: &PartFile, pending: Vec<Pending>, editable: bool, leave: Leave<'_>) -> TeamPart {
    let here = dossier.team.iter().filter(|(member, _)| member.part_id == Some(part.row.id));
    let people = here.map(|(member, account)| Colleague {
        account: account.id,
        name: account.name.clone(),
        email: account.email.to_string(),
        role: member.role,
        contact: part.row.contact_id == Some(account.id),
    });
    TeamPart {
        kind: part.organisation.kind.label(),
        country: part.organisation.country.name(),
        city: part.organisation.city.clone().unwrap_or_default(),
        registration_no: part.organisation.registration_no.clone().unwrap_or_default(),
        people: people.collect(),
        part: dossier.part_head(part, leave),
        pending,
        editable,
    }
}

/// Who could get a section, and who has it.
pub struct AssignmentOf {
    pub proposal: ProposalId,
    pub place: Place,
    pub section: String,
}

#[derive(Debug, Clone)]
pub struct SectionAssignment {
    pub head: Head,
    pub title: String,
    pub people: Vec<(AccountId, String)>,
    pub assigned: Option<AccountId>,
    pub due_on: Option<NaiveDate>,
    /// Why it cannot be given to anybody by the reader.
    pub fixed: Option<String>,
}

impl Query for AssignmentOf {
    const NEEDS: Permission = Permission::ReadProposal;
    type Output = SectionAssignment;

    fn about(&self) -> Subject {
        self.place.subject(self.proposal)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<SectionAssignment> {
        applicants_only(leave)?;
        let dossier = dossier::load(db.conn(), self.proposal).await?;
        if let Some(part) = self.place.part() {
            dossier.seen_part(leave, part)?;
        }
        let built_in = PART_SECTIONS.iter().find(|(key, _)| *key == self.section && self.place.part().is_some());
        let title = match built_in {
            Some((_, title)) => (*title).to_owned(),
            None => {
                let section = dossier.sections(self.place).into_iter().find(|s| s.key == self.section);
                section.ok_or(AppError::NotFound)?.title
            }
        };
        let here = dossier.team.iter().filter(|(m, _)| self.place.part().is_none() || m.part_id == self.place.part());
        let task = dossier.task(self.place, &self.section);
        Ok(SectionAssignment {
            title,
            people: here.map(|(_, account)| (account.id, account.name.clone())).collect(),
            assigned: task.and_then(|t| t.assigned_to),
            due_on: task.and_then(|t| t.due_on),
            fixed: dossier.why_fixed(leave, self.place),
            head: dossier.head(leave),
        })
    }
}

/// An invitation to a proposal, for the person who holds its link.
pub struct InvitedTo(pub String);

#[derive(Debug, Clone)]
pub struct Invited {
    pub invitation: InvitationView,
    pub proposal: ProposalId,
    pub code: String,
    pub title: String,
    pub acronym: String,
    pub call_code: String,
    pub call_title: String,
    pub open: bool,
    /// Organisations and countries that take part so far.
    pub partners: Vec<(String, &'static str)>,
    pub organisation: String,
    pub message: String,
    /// The reader's own organisations that may apply.
    pub applicants: Vec<Applicant>,
}

impl Query for InvitedTo {
    const NEEDS: Permission = Permission::EnterPlatform;
    type Output = Invited;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Invited> {
        let view = InvitationBy(self.0).fetch(db, leave).await?;
        if !matches!(view.kind, InvitationKind::Partner | InvitationKind::Team) {
            return Err(AppError::NotFound);
        }
        let id = view.proposal.ok_or(AppError::NotFound)?;
        let draft = proposal::Entity::find_by_id(id).one(db.conn()).await?.ok_or(AppError::NotFound)?;
        let call = call::Entity::find_by_id(draft.call_id).one(db.conn()).await?.ok_or(AppError::NotFound)?;
        let partners = part::Entity::find()
            .filter(part::Column::ProposalId.eq(id))
            .filter(part::Column::LeftAt.is_null())
            .find_also_related(organisation::Entity)
            .order_by_desc(part::Column::IsCoordinator)
            .order_by_asc(part::Column::CreatedAt)
            .all(db.conn())
            .await?;
        let (organisation, message) = organisation_and_message(&view.message);
        let (organisation, message) = (organisation.to_owned(), message.to_owned());
        Ok(Invited {
            open: call.state == CallState::Open && draft.state != ProposalState::Withdrawn,
            partners: partners.into_iter().filter_map(|(_, o)| o.map(|o| (o.name, o.country.name()))).collect(),
            applicants: applicants(db, leave, draft.call_id).await?,
            proposal: id,
            code: draft.code,
            title: draft.title,
            acronym: draft.acronym,
            call_code: call.code,
            call_title: call.title,
            organisation,
            message,
            invitation: view,
        })
    }
}

async fn applicants(db: &Snapshot, leave: Leave<'_>, call: entity::types::ids::CallId) -> Result<Vec<Applicant>> {
    let own = organisation::Entity::find()
        .filter(organisation::Column::Id.is_in(leave.actor().organisations()))
        .order_by_asc(organisation::Column::Name)
        .all(db.conn())
        .await?;
    let annexes = annex::Entity::find()
        .filter(annex::Column::CallId.eq(call))
        .find_also_related(organisation::Entity)
        .all(db.conn())
        .await?;
    let agencies = |country: Country| {
        let fitting = annexes.iter().filter_map(|(a, agency)| Some((a, agency.as_ref()?)));
        let here = fitting.filter(|(_, agency)| agency.country == country);
        here.map(|(a, agency)| HomeAgency {
            annex: a.id,
            name: agency.name.clone(),
            class: a.class,
            deadline: a.terms.deadline,
        })
        .collect()
    };
    let fits = own.into_iter().filter(|o| may_apply(o.kind));
    Ok(fits.map(|o| Applicant { id: o.id, agencies: agencies(o.country), name: o.name, country: o.country }).collect())
}
