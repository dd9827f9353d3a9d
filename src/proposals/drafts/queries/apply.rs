//! What somebody needs to know before starting a proposal.

use super::super::rules;
use crate::kernel::{AppError, Leave, Permission, Query, Result, Snapshot, Subject, access::scope};
use chrono::{DateTime, Utc};
use entity::{
    accounts::account,
    calls::{annex, call},
    organisations::organisation,
    proposals::{part, proposal, team_member},
    types::{
        country::Country,
        ids::{AnnexId, CallId, OrganisationId, ProposalId},
        period::Deadline,
        states::{AnnexClass, CallState, ProposalState, TeamRole},
    },
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

/// What the start page shows of a call, by its code.
pub struct ApplyTo(pub String);

#[derive(Debug, Clone)]
pub struct Apply {
    pub call: CallId,
    pub code: String,
    pub title: String,
    pub state: CallState,
    pub opens_at: Option<DateTime<Utc>>,
    pub zone: chrono_tz::Tz,
    /// The actor's own organisations that may apply.
    pub applicants: Vec<Applicant>,
    /// The actor's proposals in this call that are still drafts.
    pub drafts: Vec<DraftLine>,
    /// Drafts that colleagues coordinate for the actor's organisations: they can be asked for access.
    pub colleagues: Vec<ColleagueDraft>,
}

/// A draft of the actor's organisation that the actor does not work on: who to ask, and nothing of what it says.
#[derive(Debug, Clone)]
pub struct ColleagueDraft {
    pub organisation: String,
    pub code: String,
    pub person: String,
    pub email: String,
}

/// An organisation the actor may apply with.
#[derive(Debug, Clone)]
pub struct Applicant {
    pub id: OrganisationId,
    pub name: String,
    pub country: Country,
    /// The agencies of its country that take part.
    pub agencies: Vec<HomeAgency>,
}

#[derive(Debug, Clone)]
pub struct HomeAgency {
    pub annex: AnnexId,
    pub name: String,
    pub class: AnnexClass,
    pub deadline: Deadline,
}

#[derive(Debug, Clone)]
pub struct DraftLine {
    pub id: ProposalId,
    pub code: String,
    pub title: String,
    pub acronym: String,
    pub updated_at: DateTime<Utc>,
}

impl Query for ApplyTo {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = Apply;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Apply> {
        let row = scope::calls(leave)
            .filter(call::Column::Code.eq(self.0.trim().to_uppercase()))
            .one(db.conn())
            .await?
            .ok_or(AppError::NotFound)?;
        let own = organisation::Entity::find()
            .filter(organisation::Column::Id.is_in(leave.actor().organisations()))
            .order_by_asc(organisation::Column::Name)
            .all(db.conn())
            .await?;
        let annexes = annex::Entity::find()
            .filter(annex::Column::CallId.eq(row.id))
            .find_also_related(organisation::Entity)
            .all(db.conn())
            .await?;
        let drafts = scope::own_proposals(leave)
            .filter(proposal::Column::CallId.eq(row.id))
            .filter(proposal::Column::State.eq(ProposalState::Draft))
            .order_by_desc(proposal::Column::UpdatedAt)
            .all(db.conn())
            .await?;
        let known: Vec<ProposalId> = drafts.iter().map(|d| d.id).collect();
        let colleagues = colleagues(db, row.id, &own, &known).await?;
        let agencies = |country: Country| {
            let fitting = annexes.iter().filter_map(|(a, agency)| Some((a, agency.as_ref()?)));
            fitting
                .filter(|(_, agency)| agency.country == country)
                .map(|(a, agency)| HomeAgency {
                    annex: a.id,
                    name: agency.name.clone(),
                    class: a.class,
                    deadline: a.terms.deadline,
                })
                .collect()
        };
        let applicants = own
            .into_iter()
            .filter(|o| rules::may_apply(o.kind))
            .map(|o| Applicant { id: o.id, agencies: agencies(o.country), name: o.name, country: o.country })
            .collect();
        let draft = |p: proposal::Model| DraftLine {
            id: p.id,
            code: p.code,
            title: p.title,
            acronym: p.acronym,
            updated_at: p.updated_at,
        };
        Ok(Apply {
            call: row.id,
            code: row.code,
            title: row.title,
            state: row.state,
            opens_at: row.opens_at,
            zone: row.terms.zone,
            applicants,
            drafts: drafts.into_iter().map(draft).collect(),
            colleagues,
        })
    }
}

/// The drafts coordinated by these organisations that the actor cannot open.
async fn colleagues(
    db: &Snapshot,
    call: CallId,
    own: &[organisation::Model],
    known: &[ProposalId],
) -> Result<Vec<ColleagueDraft>> {
    let rows = part::Entity::find()
        .find_also_related(proposal::Entity)
        .filter(part::Column::OrganisationId.is_in(own.iter().map(|o| o.id)))
        .filter(part::Column::IsCoordinator.eq(true))
        .filter(proposal::Column::CallId.eq(call))
        .filter(proposal::Column::State.eq(ProposalState::Draft))
        .filter(proposal::Column::Id.is_not_in(known.iter().copied()))
        .order_by_asc(proposal::Column::Code)
        .all(db.conn())
        .await?;
    let team = team_member::Entity::present()
        .filter(team_member::Column::ProposalId.is_in(rows.iter().map(|(part, _)| part.proposal_id)))
        .filter(team_member::Column::Role.eq(TeamRole::Coordinator))
        .all(db.conn())
        .await?;
    let people = team.iter().map(|member| member.account_id);
    let people = account::Entity::find().filter(account::Column::Id.is_in(people)).all(db.conn()).await?;
    let line = |(part, proposal): (part::Model, Option<proposal::Model>)| {
        let member = team.iter().find(|member| member.proposal_id == part.proposal_id)?;
        let person = people.iter().find(|person| person.id == member.account_id)?;
        Some(ColleagueDraft {
            organisation: own.iter().find(|o| o.id == part.organisation_id)?.name.clone(),
            code: proposal?.code,
            person: person.name.clone(),
            email: person.email.to_string(),
        })
    };
    Ok(rows.into_iter().filter_map(line).collect())
}
