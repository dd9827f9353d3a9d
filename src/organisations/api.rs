//! Organisations for programs.

use super::{
    commands::members::{AnswerMemberInvitation, AnswerRequest, AskToJoin, Change, ChangeMembership, InviteMember},
    commands::owners::{StateOwner, WithdrawOwner},
    commands::{EditOrganisation, RegisterOrganisation},
    queries::{OrganisationOf, Organisations, OwnersOf, PeopleOf},
    rules::ProfileInput,
};
use crate::{
    api::{ApiError, Caller, Direction, FileFormat, ListFile, Tag, Wanted, exported, next_page},
    kernel::{App, AppError, Subject},
};
use poem::web::Data;
use poem_openapi::{
    ApiResponse, Object, OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};
use uuid::Uuid;

pub struct OrganisationsApi;

#[derive(Object)]
struct OrganisationsOut {
    items: Vec<OrganisationItemOut>,
    total: u64,
    /// The next page, if there is one.
    next: Option<u64>,
}

#[derive(Object)]
struct OrganisationItemOut {
    id: Uuid,
    kind: String,
    name: String,
    /// ISO 3166-1 alpha-2. Example: LT
    country: String,
    city: Option<String>,
}

#[derive(Object)]
struct OrganisationOut {
    id: Uuid,
    kind: String,
    name: String,
    country: String,
    region: Option<String>,
    city: Option<String>,
    registration_no: Option<String>,
    website: Option<String>,
    description: String,
    version: i64,
}

#[derive(Object)]
struct OrganisationIn {
    /// One of sme, cluster, research, other.
    kind: String,
    name: String,
    country: String,
    region: Option<String>,
    city: Option<String>,
    registration_no: Option<String>,
    website: Option<String>,
    description: Option<String>,
    /// For a change: the version read before.
    version: Option<i64>,
    /// For a registration: whether to register it even if there is one like it.
    another: Option<bool>,
}

impl OrganisationIn {
    fn input(self) -> ProfileInput {
        ProfileInput {
            kind: self.kind,
            name: self.name,
            country: self.country,
            region: self.region.unwrap_or_default(),
            city: self.city.unwrap_or_default(),
            registration_no: self.registration_no.unwrap_or_default(),
            website: self.website.unwrap_or_default(),
            description: self.description.unwrap_or_default(),
        }
    }
}

#[derive(Object)]
struct OrganisationIdOut {
    id: Uuid,
}

#[derive(Object)]
struct OrganisationVersionOut {
    version: i64,
}

#[derive(Object)]
struct PeopleOut {
    items: Vec<PersonOut>,
}

#[derive(Object)]
struct PersonOut {
    membership: Uuid,
    name: String,
    email: String,
    role: String,
    state: String,
}

#[derive(Object)]
struct InviteIn {
    name: String,
    email: String,
    manager: Option<bool>,
    message: Option<String>,
}

#[derive(Object)]
struct JoinIn {
    message: Option<String>,
}

/// The answer to somebody who asks to join.
#[derive(Object)]
struct JoinAnswerIn {
    accepted: bool,
}

#[derive(Object)]
struct MembershipIn {
    /// `manager` or `member`.
    role: String,
}

/// Somebody who owns a share of the organisation.
#[derive(Object)]
struct OwnerOut {
    id: Uuid,
    /// The owner's own entry, when it is on the platform.
    organisation: Option<Uuid>,
    name: String,
    registration_no: Option<String>,
    country: Option<String>,
    /// A percentage such as `25`; nothing when it is not known.
    share: Option<String>,
}

#[derive(Object)]
struct OwnersOut {
    items: Vec<OwnerOut>,
}

#[derive(Object)]
struct OwnerIn {
    name: String,
    registration_no: Option<String>,
    /// ISO 3166-1 alpha-2. Example: LT
    country: Option<String>,
    /// A percentage such as `25`.
    share: Option<String>,
}

#[derive(Object)]
struct OwnerIdOut {
    id: Uuid,
}

#[derive(ApiResponse)]
enum OrganisationDone {
    /// Done.
    #[oai(status = 204)]
    Yes,
}

/// What narrows the directory.
fn filters(kind: Option<String>, country: Option<String>, mine: Option<bool>) -> Vec<(&'static str, Option<String>)> {
    let mine = mine.filter(|mine| *mine).map(|_| "yes".to_owned());
    vec![("kind", kind), ("country", country), ("mine", mine)]
}

#[OpenApi(tag = "Tag::Organisations")]
impl OrganisationsApi {
    /// Who owns a share of an organisation, as its managers state it.
    #[oai(path = "/organisations/:organisation/owners", method = "get", operation_id = "listOwners")]
    async fn owners(
        &self,
        app: Data<&App>,
        caller: Caller,
        organisation: Path<Uuid>,
    ) -> Result<Json<OwnersOut>, ApiError> {
        let view = app.ask(&caller.0, OwnersOf(organisation.0.into())).await?;
        let out = |line: super::queries::OwnerLine| OwnerOut {
            id: line.id.0,
            organisation: line.owner.map(|id| id.0),
            name: line.name,
            registration_no: line.number,
            country: line.country.map(|country| country.code().to_owned()),
            share: line.share.map(|share| share.number()),
        };
        Ok(Json(OwnersOut { items: view.owners.into_iter().map(out).collect() }))
    }

    /// State that somebody owns a share of an organisation.
    #[oai(path = "/organisations/:organisation/owners", method = "post", operation_id = "stateOwner")]
    async fn state_owner(
        &self,
        app: Data<&App>,
        caller: Caller,
        organisation: Path<Uuid>,
        body: Json<OwnerIn>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<Json<OwnerIdOut>, ApiError> {
        let OwnerIn { name, registration_no, country, share } = body.0;
        let command = StateOwner {
            organisation: organisation.0.into(),
            name,
            registration_no: registration_no.unwrap_or_default(),
            country: country.unwrap_or_default(),
            share: share.unwrap_or_default(),
        };
        let id = app.run_once(&caller.0, key.0.as_deref(), command).await?;
        Ok(Json(OwnerIdOut { id: id.0 }))
    }

    /// Take an owner back that is none any more.
    #[oai(path = "/organisations/:organisation/owners/:link/withdraw", method = "post", operation_id = "withdrawOwner")]
    async fn withdraw_owner(
        &self,
        app: Data<&App>,
        caller: Caller,
        organisation: Path<Uuid>,
        link: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<(), ApiError> {
        let command = WithdrawOwner { organisation: organisation.0.into(), link: link.0.into() };
        Ok(app.run_once(&caller.0, key.0.as_deref(), command).await?)
    }

    /// Organisations, by name.
    #[oai(path = "/organisations", method = "get", operation_id = "listOrganisations")]
    #[expect(clippy::too_many_arguments, reason = "one for each filter of the list")]
    async fn list(
        &self,
        app: Data<&App>,
        caller: Caller,
        /// Part of a name, town or number.
        q: Query<Option<String>>,
        /// One of sme, cluster, agency, research, other.
        kind: Query<Option<String>>,
        /// ISO 3166-1 alpha-2. Example: LT
        country: Query<Option<String>>,
        /// Only those you belong to.
        mine: Query<Option<bool>>,
        /// `name`, `kind`, `country` or `city`.
        sort: Query<Option<String>>,
        direction: Query<Option<Direction>>,
        page: Query<Option<u64>>,
    ) -> Result<Json<OrganisationsOut>, ApiError> {
        let filters = filters(kind.0, country.0, mine.0);
        let wanted = Wanted { q: q.0, filters, sort: sort.0, direction: direction.0, page: page.0 };
        let listed = app.ask(&caller.0, Organisations(wanted.request("name", false))).await?;
        let (next, total) = (next_page(&listed), listed.total);
        let items = listed.rows.into_iter().map(|row| OrganisationItemOut {
            id: row.id.0,
            kind: row.kind.word().to_owned(),
            name: row.name,
            country: row.country.code().to_owned(),
            city: row.city,
        });
        Ok(Json(OrganisationsOut { items: items.collect(), total, next }))
    }

    /// All matching organisations as a file, for staff.
    #[oai(path = "/organisations/export", method = "get", operation_id = "exportOrganisations")]
    #[expect(clippy::too_many_arguments, reason = "one for each filter of the list")]
    async fn export(
        &self,
        app: Data<&App>,
        caller: Caller,
        /// CSV, when nothing is said.
        format: Query<Option<FileFormat>>,
        /// Part of a name, town or number.
        q: Query<Option<String>>,
        kind: Query<Option<String>>,
        country: Query<Option<String>>,
        mine: Query<Option<bool>>,
        sort: Query<Option<String>>,
        direction: Query<Option<Direction>>,
    ) -> Result<ListFile, ApiError> {
        let filters = filters(kind.0, country.0, mine.0);
        let wanted = Wanted { q: q.0, filters, sort: sort.0, direction: direction.0, page: None };
        let all = app.ask(&caller.0, Organisations(wanted.request("name", false).everything())).await?;
        exported(&app, &caller, Subject::Platform, format.0, "Organisations", &all.rows).await
    }

    /// Register an organisation; you become its manager.
    #[oai(path = "/organisations", method = "post", operation_id = "registerOrganisation")]
    async fn register(
        &self,
        app: Data<&App>,
        caller: Caller,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
        body: Json<OrganisationIn>,
    ) -> Result<Json<OrganisationIdOut>, ApiError> {
        let another = body.another.unwrap_or(false);
        let command = RegisterOrganisation { input: body.0.input(), another };
        let id = app.run_once(&caller.0, key.0.as_deref(), command).await?;
        Ok(Json(OrganisationIdOut { id: id.0 }))
    }

    /// One organisation.
    #[oai(path = "/organisations/:organisation", method = "get", operation_id = "getOrganisation")]
    async fn get(
        &self,
        app: Data<&App>,
        caller: Caller,
        organisation: Path<Uuid>,
    ) -> Result<Json<OrganisationOut>, ApiError> {
        let view = app.ask(&caller.0, OrganisationOf(organisation.0.into())).await?;
        Ok(Json(OrganisationOut {
            id: view.id.0,
            kind: view.kind.word().to_owned(),
            name: view.name,
            country: view.country.code().to_owned(),
            region: view.region,
            city: view.city,
            registration_no: view.registration_no,
            website: view.website,
            description: view.description,
            version: view.version,
        }))
    }

    /// Change the profile of an organisation you manage.
    #[oai(path = "/organisations/:organisation", method = "put", operation_id = "editOrganisation")]
    async fn edit(
        &self,
        app: Data<&App>,
        caller: Caller,
        organisation: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
        body: Json<OrganisationIn>,
    ) -> Result<Json<OrganisationVersionOut>, ApiError> {
        let seen = body.version.unwrap_or_default();
        let command = EditOrganisation { organisation: organisation.0.into(), input: body.0.input(), seen };
        let version = app.run_once(&caller.0, key.0.as_deref(), command).await?;
        Ok(Json(OrganisationVersionOut { version }))
    }

    /// The people of an organisation you belong to.
    #[oai(path = "/organisations/:organisation/people", method = "get", operation_id = "listPeople")]
    async fn people(
        &self,
        app: Data<&App>,
        caller: Caller,
        organisation: Path<Uuid>,
    ) -> Result<Json<PeopleOut>, ApiError> {
        let view = app.ask(&caller.0, PeopleOf(organisation.0.into())).await?;
        let items = view.people.into_iter().map(|p| PersonOut {
            membership: p.membership.0,
            name: p.name,
            email: p.email,
            role: p.role.word().to_owned(),
            state: p.state.word().to_owned(),
        });
        Ok(Json(PeopleOut { items: items.collect() }))
    }

    /// Invite somebody into an organisation you manage.
    #[oai(path = "/organisations/:organisation/people", method = "post", operation_id = "inviteMember")]
    async fn invite(
        &self,
        app: Data<&App>,
        caller: Caller,
        organisation: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
        body: Json<InviteIn>,
    ) -> Result<OrganisationDone, ApiError> {
        let body = body.0;
        let command = InviteMember {
            organisation: organisation.0.into(),
            email: body.email,
            name: body.name,
            manager: body.manager.unwrap_or(false),
            message: body.message.unwrap_or_default(),
        };
        app.run_once(&caller.0, key.0.as_deref(), command).await?;
        Ok(OrganisationDone::Yes)
    }

    /// Let somebody in who asks to join an organisation you manage, or refuse.
    #[oai(
        path = "/organisations/:organisation/people/:membership/answer",
        method = "post",
        operation_id = "answerJoinRequest"
    )]
    async fn answer(
        &self,
        app: Data<&App>,
        caller: Caller,
        organisation: Path<Uuid>,
        membership: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
        body: Json<JoinAnswerIn>,
    ) -> Result<OrganisationDone, ApiError> {
        let (organisation, membership) = (organisation.0.into(), membership.0.into());
        let command = AnswerRequest { organisation, membership, accepted: body.0.accepted };
        app.run_once(&caller.0, key.0.as_deref(), command).await?;
        Ok(OrganisationDone::Yes)
    }

    /// Make a member of an organisation you manage its manager, or a manager a plain member.
    #[oai(path = "/organisations/:organisation/people/:membership", method = "put", operation_id = "changeMembership")]
    async fn change(
        &self,
        app: Data<&App>,
        caller: Caller,
        organisation: Path<Uuid>,
        membership: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
        body: Json<MembershipIn>,
    ) -> Result<OrganisationDone, ApiError> {
        let role = body.role.parse().map_err(|e: entity::types::BadValue| AppError::invalid("role", e.0))?;
        let (organisation, membership) = (organisation.0.into(), membership.0.into());
        let command = ChangeMembership { organisation, membership, change: Change::Role(role) };
        app.run_once(&caller.0, key.0.as_deref(), command).await?;
        Ok(OrganisationDone::Yes)
    }

    /// End a membership: your own, or any of an organisation you manage. The last manager stays.
    #[oai(
        path = "/organisations/:organisation/people/:membership",
        method = "delete",
        operation_id = "endMembershipOfPerson"
    )]
    async fn end(
        &self,
        app: Data<&App>,
        caller: Caller,
        organisation: Path<Uuid>,
        membership: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<OrganisationDone, ApiError> {
        let (organisation, membership) = (organisation.0.into(), membership.0.into());
        let command = ChangeMembership { organisation, membership, change: Change::End };
        app.run_once(&caller.0, key.0.as_deref(), command).await?;
        Ok(OrganisationDone::Yes)
    }

    /// Ask to join an organisation.
    #[oai(path = "/organisations/:organisation/join", method = "post", operation_id = "askToJoin")]
    async fn join(
        &self,
        app: Data<&App>,
        caller: Caller,
        organisation: Path<Uuid>,
        body: Json<JoinIn>,
    ) -> Result<OrganisationDone, ApiError> {
        let message = body.0.message.unwrap_or_default();
        app.run(&caller.0, AskToJoin { organisation: organisation.0.into(), message }).await?;
        Ok(OrganisationDone::Yes)
    }

    /// Accept an invitation into an organisation, by the last part of the link in the mail.
    #[oai(path = "/organisation-invitations/:token/accept", method = "post", operation_id = "acceptMembership")]
    async fn accept(
        &self,
        app: Data<&App>,
        caller: Caller,
        token: Path<String>,
    ) -> Result<Json<OrganisationIdOut>, ApiError> {
        let id = app.run(&caller.0, AnswerMemberInvitation { token: token.0, accepted: true }).await?;
        Ok(Json(OrganisationIdOut { id: id.0 }))
    }
}
