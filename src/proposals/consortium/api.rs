//! Consortia for programs.

use super::{
    commands::{
        AcceptPartnership, AssignSection, ChangeRole, DeclineInvitation, HandOver, InvitePartner, InvitePerson,
        JoinTeam, Joined, LeaveProposal, RemovePartner, RemovePerson, WithdrawInvitation,
    },
    queries::{Colleague, Gone, InvitedTo, Pending, Team, TeamOf, TeamPart},
    rules::given_role,
};
use crate::{
    accounts::invitations::queries::Standing,
    api::{ApiError, Caller, Tag},
    kernel::{App, AppError, error::ForField},
    proposals::{drafts::api::in_path, readers::MayReadPart},
};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::types::{
    ids::{AccountId, AnnexId, OrganisationId},
    states::InvitationKind,
};
use poem::web::Data;
use poem_openapi::{
    Object, OpenApi,
    param::{Header, Path},
    payload::Json,
};
use uuid::Uuid;

pub struct ConsortiumApi;

/// Somebody on the team.
#[derive(Object)]
struct ColleagueOut {
    account: Uuid,
    name: String,
    email: String,
    /// `coordinator`, `editor` or `viewer`.
    role: String,
    /// Whether the agency writes to this person.
    contact: bool,
}

/// An invitation that is not answered yet.
#[derive(Object)]
struct PendingInvitationOut {
    id: Uuid,
    name: String,
    email: String,
    organisation: String,
    expires_at: DateTime<Utc>,
}

/// A part with its people.
#[derive(Object)]
struct TeamPartOut {
    part: Uuid,
    organisation: String,
    country: String,
    agency: String,
    state: String,
    coordinates: bool,
    people: Vec<ColleagueOut>,
    invited: Vec<PendingInvitationOut>,
}

#[derive(Object)]
struct TeamOut {
    parts: Vec<TeamPartOut>,
    /// Partners who were invited and have not answered.
    invited: Vec<PendingInvitationOut>,
    /// Those who worked on it and left, the latest first.
    left: Vec<FormerColleagueOut>,
}

/// Somebody who was on the team.
#[derive(Object)]
struct FormerColleagueOut {
    name: String,
    organisation: String,
    left_at: DateTime<Utc>,
}

#[derive(Object)]
struct InvitePartnerIn {
    /// Example: bruno.lind@visualsweden.example
    email: String,
    name: String,
    /// The organisation that is meant; the person chooses it when accepting. Example: Visual Sweden
    organisation: String,
    #[oai(default)]
    message: String,
}

#[derive(Object)]
struct InvitePersonIn {
    email: String,
    name: String,
    /// `editor` or `viewer`.
    role: String,
    #[oai(default)]
    message: String,
}

#[derive(Object)]
struct InvitationSentOut {
    id: Uuid,
}

#[derive(Object)]
struct TeamRoleIn {
    /// `editor` or `viewer`.
    role: String,
}

#[derive(Object)]
struct HandOverIn {
    /// Somebody of the team who may edit.
    account: Uuid,
}

#[derive(Object)]
struct AssignmentIn {
    /// Somebody of the team; none takes the assignment back.
    #[oai(default)]
    account: Option<Uuid>,
    #[oai(default)]
    due_on: Option<NaiveDate>,
}

/// An organisation the caller may join with, and the annexes of its country.
#[derive(Object)]
struct JoiningOrganisationOut {
    organisation: Uuid,
    name: String,
    annexes: Vec<Uuid>,
}

/// An invitation to a proposal, for the holder of its link.
#[derive(Object)]
struct ProposalInvitationOut {
    /// `partner` or `team`.
    kind: String,
    /// `open`, `accepted`, `declined`, `withdrawn` or `over`.
    state: String,
    proposal: String,
    title: String,
    call: String,
    invited_by: String,
    organisation: String,
    message: String,
    expires_at: DateTime<Utc>,
    organisations: Vec<JoiningOrganisationOut>,
}

#[derive(Object)]
struct AcceptInvitationIn {
    /// For partners: the organisation to join with.
    #[oai(default)]
    organisation: Option<Uuid>,
    /// The annex of the home agency, when several agencies of the country take part.
    #[oai(default)]
    annex: Option<Uuid>,
}

#[derive(Object)]
struct DeclineInvitationIn {
    #[oai(default)]
    reason: String,
}

#[derive(Object)]
struct JoinedOut {
    proposal: Uuid,
    part: Uuid,
}

#[OpenApi(tag = "Tag::Proposals")]
impl ConsortiumApi {
    /// The team of a proposal, part by part.
    #[oai(path = "/proposals/:proposal/team", method = "get", operation_id = "readTeam")]
    async fn team(&self, app: Data<&App>, caller: Caller, proposal: Path<Uuid>) -> Result<Json<TeamOut>, ApiError> {
        Ok(Json(app.ask(&caller.0, TeamOf(proposal.0.into())).await?.into()))
    }

    /// Invite an organisation as partner, by a person there.
    #[oai(path = "/proposals/:proposal/partners", method = "post", operation_id = "invitePartner")]
    async fn invite_partner(
        &self,
        app: Data<&App>,
        caller: Caller,
        proposal: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
        body: Json<InvitePartnerIn>,
    ) -> Result<Json<InvitationSentOut>, ApiError> {
        let InvitePartnerIn { email, name, organisation, message } = body.0;
        let invite = InvitePartner { proposal: proposal.0.into(), email, name, organisation, message };
        let id = app.run_once(&caller.0, key.0.as_deref(), invite).await?;
        Ok(Json(InvitationSentOut { id: id.0 }))
    }

    /// Invite a person to work on a part.
    #[oai(path = "/parts/:part/people", method = "post", operation_id = "invitePerson")]
    async fn invite_person(
        &self,
        app: Data<&App>,
        caller: Caller,
        part: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
        body: Json<InvitePersonIn>,
    ) -> Result<Json<InvitationSentOut>, ApiError> {
        let InvitePersonIn { email, name, role, message } = body.0;
        app.ask(&caller.0, MayReadPart(part.0.into())).await?;
        let role = given_role(&role).for_field("role")?;
        let invite = InvitePerson { part: part.0.into(), email, name, role, message };
        let id = app.run_once(&caller.0, key.0.as_deref(), invite).await?;
        Ok(Json(InvitationSentOut { id: id.0 }))
    }

    /// Take an invitation back.
    #[oai(
        path = "/proposals/:proposal/invitations/:invitation/withdraw",
        method = "post",
        operation_id = "withdrawProposalInvitation"
    )]
    async fn withdraw(
        &self,
        app: Data<&App>,
        caller: Caller,
        proposal: Path<Uuid>,
        invitation: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<(), ApiError> {
        let withdraw = WithdrawInvitation { proposal: proposal.0.into(), id: invitation.0.into() };
        Ok(app.run_once(&caller.0, key.0.as_deref(), withdraw).await?)
    }

    /// Change what somebody may do on a part.
    #[oai(path = "/parts/:part/people/:account", method = "put", operation_id = "changeTeamRole")]
    async fn role(
        &self,
        app: Data<&App>,
        caller: Caller,
        part: Path<Uuid>,
        account: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
        body: Json<TeamRoleIn>,
    ) -> Result<(), ApiError> {
        app.ask(&caller.0, MayReadPart(part.0.into())).await?;
        let role = given_role(&body.0.role).for_field("role")?;
        let change = ChangeRole { part: part.0.into(), account: account.0.into(), role };
        Ok(app.run_once(&caller.0, key.0.as_deref(), change).await?)
    }

    /// Take somebody off the team of a part.
    #[oai(path = "/parts/:part/people/:account", method = "delete", operation_id = "removePerson")]
    async fn remove_person(
        &self,
        app: Data<&App>,
        caller: Caller,
        part: Path<Uuid>,
        account: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<(), ApiError> {
        let remove = RemovePerson { part: part.0.into(), account: account.0.into() };
        Ok(app.run_once(&caller.0, key.0.as_deref(), remove).await?)
    }

    /// Leave a consortium with one's own part, which was never submitted.
    #[oai(path = "/parts/:part/leave", method = "post", operation_id = "leaveProposal")]
    async fn leave(
        &self,
        app: Data<&App>,
        caller: Caller,
        part: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<(), ApiError> {
        Ok(app.run_once(&caller.0, key.0.as_deref(), LeaveProposal { part: part.0.into() }).await?)
    }

    /// Take a partner out of the consortium, whose part was never submitted.
    #[oai(path = "/proposals/:proposal/partners/:part", method = "delete", operation_id = "removePartner")]
    async fn remove_partner(
        &self,
        app: Data<&App>,
        caller: Caller,
        proposal: Path<Uuid>,
        part: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<(), ApiError> {
        let remove = RemovePartner { proposal: proposal.0.into(), part: part.0.into() };
        Ok(app.run_once(&caller.0, key.0.as_deref(), remove).await?)
    }

    /// Hand the coordination to a person of the team.
    #[oai(path = "/proposals/:proposal/coordinator", method = "put", operation_id = "handOver")]
    async fn hand_over(
        &self,
        app: Data<&App>,
        caller: Caller,
        proposal: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
        body: Json<HandOverIn>,
    ) -> Result<(), ApiError> {
        let hand = HandOver { proposal: proposal.0.into(), to: AccountId(body.0.account) };
        Ok(app.run_once(&caller.0, key.0.as_deref(), hand).await?)
    }

    /// Give a section to somebody of the team, until a day.
    #[oai(
        path = "/proposals/:proposal/sections/:place/:section/assignment",
        method = "put",
        operation_id = "assignSection"
    )]
    async fn assign(
        &self,
        app: Data<&App>,
        caller: Caller,
        proposal: Path<Uuid>,
        /// `joint` or the id of a part.
        place: Path<String>,
        section: Path<String>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
        body: Json<AssignmentIn>,
    ) -> Result<(), ApiError> {
        let assign = AssignSection {
            proposal: proposal.0.into(),
            place: in_path(&place.0)?,
            section: section.0,
            to: body.0.account.map(AccountId),
            due_on: body.0.due_on,
        };
        Ok(app.run_once(&caller.0, key.0.as_deref(), assign).await?)
    }

    /// An invitation to a proposal, by the token of its link.
    #[oai(path = "/proposal-invitations/:token", method = "get", operation_id = "readProposalInvitation")]
    async fn invitation(
        &self,
        app: Data<&App>,
        caller: Caller,
        token: Path<String>,
    ) -> Result<Json<ProposalInvitationOut>, ApiError> {
        slow_down(&app, &caller).await?;
        let view = app.ask(&caller.0, InvitedTo(token.0)).await?;
        let joining = view.applicants.into_iter().map(|a| JoiningOrganisationOut {
            organisation: a.id.0,
            name: a.name,
            annexes: a.agencies.into_iter().map(|agency| agency.annex.0).collect(),
        });
        Ok(Json(ProposalInvitationOut {
            kind: view.invitation.kind.word().to_owned(),
            state: standing(view.invitation.standing).to_owned(),
            proposal: view.code,
            title: view.title,
            call: view.call_code,
            invited_by: view.invitation.invited_by,
            organisation: view.organisation,
            message: view.message,
            expires_at: view.invitation.expires_at,
            organisations: joining.collect(),
        }))
    }

    /// Accept an invitation to a proposal, as partner or as person.
    #[oai(path = "/proposal-invitations/:token/accept", method = "post", operation_id = "acceptProposalInvitation")]
    async fn accept(
        &self,
        app: Data<&App>,
        caller: Caller,
        token: Path<String>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
        body: Json<AcceptInvitationIn>,
    ) -> Result<Json<JoinedOut>, ApiError> {
        slow_down(&app, &caller).await?;
        let view = app.ask(&caller.0, InvitedTo(token.0.clone())).await?;
        let key = key.0.as_deref();
        let Joined { proposal, part } = match (view.invitation.kind, body.0.organisation) {
            (InvitationKind::Partner, None) => {
                return Err(AppError::invalid("organisation", "Choose one of your own organisations").into());
            }
            (InvitationKind::Partner, Some(organisation)) => {
                let organisation = OrganisationId(organisation);
                let annex = body.0.annex.map(AnnexId);
                app.run_once(&caller.0, key, AcceptPartnership { token: token.0, organisation, annex }).await?
            }
            _ => app.run_once(&caller.0, key, JoinTeam { token: token.0 }).await?,
        };
        Ok(Json(JoinedOut { proposal: proposal.0, part: part.0 }))
    }

    /// Decline an invitation to a proposal.
    #[oai(path = "/proposal-invitations/:token/decline", method = "post", operation_id = "declineProposalInvitation")]
    async fn decline(
        &self,
        app: Data<&App>,
        caller: Caller,
        token: Path<String>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
        body: Json<DeclineInvitationIn>,
    ) -> Result<(), ApiError> {
        slow_down(&app, &caller).await?;
        let view = app.ask(&caller.0, InvitedTo(token.0.clone())).await?;
        let decline = DeclineInvitation { token: token.0, kind: view.invitation.kind, reason: body.0.reason };
        Ok(app.run_once(&caller.0, key.0.as_deref(), decline).await?)
    }
}

/// Links are not found by trying.
async fn slow_down(app: &App, caller: &Caller) -> Result<(), ApiError> {
    let account = caller.person()?.account;
    Ok(app.limit(&format!("invitation link by {account}"), 120, TimeDelta::hours(1)).await?)
}

fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Open => "open",
        Standing::Accepted => "accepted",
        Standing::Declined => "declined",
        Standing::Withdrawn => "withdrawn",
        Standing::Over => "over",
    }
}

impl From<Colleague> for ColleagueOut {
    fn from(c: Colleague) -> Self {
        Self { account: c.account.0, name: c.name, email: c.email, role: c.role.word().to_owned(), contact: c.contact }
    }
}

impl From<Pending> for PendingInvitationOut {
    fn from(p: Pending) -> Self {
        Self { id: p.id.0, name: p.name, email: p.email, organisation: p.organisation, expires_at: p.expires_at }
    }
}

impl From<TeamPart> for TeamPartOut {
    fn from(p: TeamPart) -> Self {
        Self {
            part: p.part.id.0,
            organisation: p.part.organisation,
            country: p.country.to_owned(),
            agency: p.part.agency,
            state: p.part.state.word().to_owned(),
            coordinates: p.part.is_coordinator,
            people: p.people.into_iter().map(ColleagueOut::from).collect(),
            invited: p.pending.into_iter().map(PendingInvitationOut::from).collect(),
        }
    }
}

impl From<Team> for TeamOut {
    fn from(team: Team) -> Self {
        Self {
            parts: team.parts.into_iter().map(TeamPartOut::from).collect(),
            invited: team.pending.into_iter().map(PendingInvitationOut::from).collect(),
            left: team.gone.into_iter().map(FormerColleagueOut::from).collect(),
        }
    }
}

impl From<Gone> for FormerColleagueOut {
    fn from(one: Gone) -> Self {
        let Gone { name, organisation, left_at } = one;
        Self { name, organisation, left_at }
    }
}
