//! Mails and jobs ordered by events, written as rows in the same transaction as what happened.

use super::{
    access::{scope, subject::Subject},
    error::Result,
    event::{JobOrder, MailOrder, Recipient},
    mail::compose,
    tx::Tx,
};
use entity::{
    accounts::{account, role_grant},
    calls::annex,
    decisions::decision,
    evaluation::assignment,
    kernel::job,
    notifications::{mail, preference},
    organisations::{membership, organisation},
    proposals::{part, proposal, team_member},
    reporting::report,
    types::{
        ids::{AccountId, CallId, MailId, OrganisationId, PartId, ProposalId},
        states::{
            AccountState, JobState, MailClass, MailPace, MailState, MembershipRole, MembershipState, OrganisationKind,
            PartState, Role, TeamRole,
        },
        text::Email,
    },
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel,
    QueryFilter, QuerySelect, QueryTrait, sea_query::OnConflict, sea_query::SelectStatement,
};
use std::collections::{BTreeMap, BTreeSet};

/// Longest waiting time of a mail before its first try, in seconds: none.
const AT_ONCE: i64 = 0;

/// Writes mail rows, one for each person.
pub(super) async fn order_mails(tx: &Tx, orders: Vec<MailOrder>, base_url: &str) -> Result<()> {
    for order in orders {
        let people = resolve(tx.conn(), &order.to, order.about).await?;
        if people.is_empty() {
            continue;
        }
        let paces = paces(tx.conn(), &people, order.class).await?;
        let message = compose(&order.body, base_url);
        let mut rows = Vec::new();
        for (address, account) in people {
            let pace = account.and_then(|id| paces.get(&id).copied()).unwrap_or(MailPace::AtOnce);
            let state = match (order.class, pace) {
                (MailClass::Essential, _) | (_, MailPace::AtOnce) => MailState::Queued,
                (_, MailPace::Daily) => MailState::Held,
                (_, MailPace::Never) => continue,
            };
            let id: MailId = tx.new_id();
            let row = mail::Model {
                id,
                name: order.name.to_owned(),
                class: order.class,
                account_id: account,
                address: address.to_string(),
                subject: message.subject.clone(),
                text: message.text.clone(),
                html: message.html.clone(),
                state,
                attempts: 0,
                next_at: tx.now() + chrono::TimeDelta::seconds(AT_ONCE),
                locked_until: None,
                message_id: format!("{id}@{}", host(base_url)),
                error: None,
                about_kind: Some(order.about.kind().to_owned()),
                about_id: order.about.id(),
                created_at: tx.now(),
                sent_at: None,
            };
            rows.push(row.into_active_model().reset_all());
        }
        if !rows.is_empty() {
            mail::Entity::insert_many(rows).exec_without_returning(tx.conn()).await?;
        }
    }
    Ok(())
}

/// Writes job rows; one with a key that is already there is not ordered again.
pub(super) async fn order_jobs(tx: &Tx, orders: Vec<JobOrder>, ordered_by: Option<AccountId>) -> Result<()> {
    for order in orders {
        let row = job::ActiveModel {
            id: Set(order.id.unwrap_or_else(|| tx.new_id())),
            name: Set(order.name.to_owned()),
            payload: Set(order.payload),
            state: Set(JobState::Queued),
            attempts: Set(0),
            due_at: Set(order.due_at.unwrap_or(tx.now())),
            locked_until: Set(None),
            done: Set(0),
            total: Set(0),
            result: Set(None),
            error: Set(String::new()),
            ordered_by: Set(ordered_by),
            once: Set(order.once),
            created_at: Set(tx.now()),
            finished_at: Set(None),
        };
        let only_once = OnConflict::column(job::Column::Once).do_nothing().to_owned();
        job::Entity::insert_many([row]).on_conflict(only_once).exec_without_returning(tx.conn()).await?;
    }
    Ok(())
}

fn host(base_url: &str) -> &str {
    let rest = base_url.split_once("://").map_or(base_url, |(_, rest)| rest);
    rest.split(['/', ':']).next().unwrap_or("localhost")
}

async fn paces(
    db: &impl ConnectionTrait,
    people: &BTreeMap<Email, Option<AccountId>>,
    class: MailClass,
) -> Result<BTreeMap<AccountId, MailPace>> {
    let accounts: Vec<AccountId> = people.values().flatten().copied().collect();
    if class == MailClass::Essential || accounts.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows = preference::Entity::find()
        .filter(preference::Column::Class.eq(class))
        .filter(preference::Column::AccountId.is_in(accounts))
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| (row.account_id, row.pace)).collect())
}

/// The addresses behind the recipients, each once; erased and unconfirmed accounts get nothing, and staff with a
/// conflict of interest hear nothing of the proposal.
async fn resolve(
    db: &impl ConnectionTrait,
    to: &[Recipient],
    about: Subject,
) -> Result<BTreeMap<Email, Option<AccountId>>> {
    let mut people = BTreeMap::new();
    let mut accounts: BTreeSet<AccountId> = BTreeSet::new();
    let staff = to.iter().any(by_role);
    let blind = match if staff { proposal_of(db, about).await? } else { None } {
        Some(proposal) => scope::conflicted_with(db, proposal).await?,
        None => BTreeSet::new(),
    };
    for recipient in to {
        match recipient {
            Recipient::Address { email, .. } => {
                people.insert(email.clone(), None);
            }
            Recipient::Account(id) => {
                accounts.insert(*id);
            }
            other if by_role(other) => {
                let behind = accounts_behind(db, other).await?;
                accounts.extend(behind.into_iter().filter(|account| !blind.contains(account)));
            }
            Recipient::SignatoryOf(id) => {
                let address = part::Entity::find_by_id(*id).one(db).await?.and_then(|part| part.signatory_email);
                people.extend(address.map(|email| (email, None)));
            }
            other => accounts.extend(accounts_behind(db, other).await?),
        }
    }
    if accounts.is_empty() {
        return Ok(people);
    }
    let rows = account::Entity::find()
        .filter(account::Column::Id.is_in(accounts))
        .filter(account::Column::State.ne(AccountState::Erased))
        .all(db)
        .await?;
    people.extend(rows.into_iter().map(|row| (row.email, Some(row.id))));
    Ok(people)
}

/// Whether somebody gets the mail because of a role, not because they apply or were named.
fn by_role(recipient: &Recipient) -> bool {
    matches!(
        recipient,
        Recipient::CallOfficers(_)
            | Recipient::PanelChairs(_)
            | Recipient::AgencyOfficers(_)
            | Recipient::ReportingOfficers(_)
            | Recipient::AgenciesOf(_)
            | Recipient::Administrators
    )
}

/// The proposal a mail is about, if it is about one.
async fn proposal_of(db: &impl ConnectionTrait, about: Subject) -> Result<Option<ProposalId>> {
    let part = match about {
        Subject::Proposal(id) => return Ok(Some(id)),
        Subject::Assignment(id) => {
            let row = assignment::Entity::find_by_id(id).one(db).await?;
            return Ok(row.map(|row| row.proposal_id));
        }
        Subject::Part(id) => Some(id),
        Subject::Decision(id) => decision::Entity::find_by_id(id).one(db).await?.map(|row| row.part_id),
        Subject::Report(id) => report::Entity::find_by_id(id).one(db).await?.map(|row| row.part_id),
        _ => None,
    };
    let Some(part) = part else { return Ok(None) };
    Ok(part::Entity::find_by_id(part).one(db).await?.map(|row| row.proposal_id))
}

async fn accounts_behind(db: &impl ConnectionTrait, recipient: &Recipient) -> Result<Vec<AccountId>> {
    match *recipient {
        Recipient::CallOfficers(call) => with_role(db, Role::Secretariat, of_call(call)).await,
        Recipient::PanelChairs(call) => with_role(db, Role::PanelChair, of_call(call)).await,
        Recipient::Administrators => {
            with_role(db, Role::Administrator, Condition::all().add(role_grant::Column::AgencyId.is_null())).await
        }
        Recipient::AgencyOfficers(agency) => {
            with_role(db, Role::AgencyOfficer, Condition::all().add(role_grant::Column::AgencyId.eq(agency))).await
        }
        Recipient::ReportingOfficers(agency) => {
            with_role(db, Role::ReportingOfficer, Condition::all().add(role_grant::Column::AgencyId.eq(agency))).await
        }
        Recipient::AgenciesOf(call) => {
            let agencies = annex::Entity::find()
                .select_only()
                .column(annex::Column::AgencyId)
                .filter(annex::Column::CallId.eq(call))
                .into_query();
            let here = Condition::all().add(role_grant::Column::AgencyId.in_subquery(agencies));
            with_role(db, Role::AgencyOfficer, here).await
        }
        Recipient::Managers(organisation) => managers(db, membership::Column::OrganisationId.eq(organisation)).await,
        Recipient::Clusters => {
            let clusters = organisation::Entity::find()
                .select_only()
                .column(organisation::Column::Id)
                .filter(organisation::Column::Kind.eq(OrganisationKind::Cluster))
                .into_query();
            managers(db, membership::Column::OrganisationId.in_subquery(clusters)).await
        }
        Recipient::Team(proposal) => team(db, Condition::all().add(team_member::Column::ProposalId.eq(proposal))).await,
        Recipient::Coordinators(proposal) => {
            let coordinator = Condition::all()
                .add(team_member::Column::ProposalId.eq(proposal))
                .add(team_member::Column::Role.eq(TeamRole::Coordinator));
            team(db, coordinator).await
        }
        Recipient::PartTeam(id) => part_team(db, id).await,
        Recipient::ApplicantsOf(call) => {
            let proposals = proposal::Entity::find()
                .select_only()
                .column(proposal::Column::Id)
                .filter(proposal::Column::CallId.eq(call))
                .into_query();
            team(db, Condition::all().add(team_member::Column::ProposalId.in_subquery(proposals))).await
        }
        Recipient::DraftsOf(call) => {
            let proposals = proposal::Entity::find()
                .select_only()
                .column(proposal::Column::Id)
                .filter(proposal::Column::CallId.eq(call))
                .into_query();
            let drafts = part::Entity::find()
                .select_only()
                .column(part::Column::ProposalId)
                .filter(part::Column::State.eq(PartState::Draft))
                .filter(part::Column::ProposalId.in_subquery(proposals))
                .into_query();
            team(db, Condition::all().add(team_member::Column::ProposalId.in_subquery(drafts))).await
        }
        Recipient::Account(id) => Ok(vec![id]),
        Recipient::Address { .. } | Recipient::SignatoryOf(_) => Ok(Vec::new()),
    }
}

fn of_call(call: CallId) -> Condition {
    Condition::all()
        .add(role_grant::Column::AgencyId.is_null())
        .add(Condition::any().add(role_grant::Column::CallId.is_null()).add(role_grant::Column::CallId.eq(call)))
}

async fn with_role(db: &impl ConnectionTrait, role: Role, scope: Condition) -> Result<Vec<AccountId>> {
    Ok(role_grant::Entity::find()
        .select_only()
        .column(role_grant::Column::AccountId)
        .filter(role_grant::Column::Role.eq(role))
        .filter(role_grant::Column::RevokedAt.is_null())
        .filter(scope)
        .into_tuple()
        .all(db)
        .await?)
}

async fn managers(
    db: &impl ConnectionTrait,
    organisations: impl sea_orm::sea_query::IntoCondition,
) -> Result<Vec<AccountId>> {
    Ok(membership::Entity::find()
        .select_only()
        .column(membership::Column::AccountId)
        .filter(membership::Column::Role.eq(MembershipRole::Manager))
        .filter(membership::Column::State.eq(MembershipState::Active))
        .filter(organisations.into_condition())
        .into_tuple()
        .all(db)
        .await?)
}

async fn team(db: &impl ConnectionTrait, members: Condition) -> Result<Vec<AccountId>> {
    Ok(team_member::Entity::present()
        .select_only()
        .column(team_member::Column::AccountId)
        .filter(members)
        .into_tuple()
        .all(db)
        .await?)
}

async fn part_team(db: &impl ConnectionTrait, id: PartId) -> Result<Vec<AccountId>> {
    let mut accounts = team(db, Condition::all().add(team_member::Column::PartId.eq(id))).await?;
    if accounts.is_empty() {
        // A part that asks for no money may have nobody of its own; then its agency writes to the contact it names.
        let unpaid = part::Entity::find_by_id(id).one(db).await?.filter(|part| part.requested_minor == 0);
        accounts.extend(unpaid.and_then(|part| part.contact_id));
    }
    accounts.extend(managers(db, membership::Column::OrganisationId.in_subquery(organisation_of(id))).await?);
    Ok(accounts)
}

fn organisation_of(id: PartId) -> SelectStatement {
    part::Entity::find().select_only().column(part::Column::OrganisationId).filter(part::Column::Id.eq(id)).into_query()
}

/// What a mail row is about.
pub fn about(kind: Option<&str>, id: Option<uuid::Uuid>) -> Option<Subject> {
    Subject::from_parts(kind?, id)
}

/// Agencies are organisations; the alias keeps signatures readable.
pub type AgencyId = OrganisationId;
