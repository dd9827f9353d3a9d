//! Accounts, roles, organisations, clusters with members and labels, and the pool of evaluators.

use super::{Year, ids::id, put};
use crate::{
    demo::{cast, stage},
    evaluation::evaluators::rules::label as field_label,
    kernel::{AppError, Result, Subject, Tx, event::AuditLine, secret},
};
use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    accounts::{account, api_token, credential, role_grant},
    clusters::{cluster_membership, label},
    evaluation::{evaluator, evaluator_expertise, evaluator_period, evaluator_text},
    organisations::{membership, organisation},
    types::{
        country::Country,
        ids::OrganisationId,
        language::Language,
        states::{AccountState, EvaluatorState, MembershipRole, MembershipState, OrganisationKind, PeriodKind, Role},
        text::{self, Email},
    },
};

/// The id of a cluster of the material.
pub fn cluster_id(at: usize) -> OrganisationId {
    id(&format!("cluster {at}"))
}

/// The id of a company that takes part.
pub fn company_id(proposal: usize, part: usize, company: usize) -> OrganisationId {
    id(&format!("company {proposal} {part} {company}"))
}

pub async fn write(tx: &Tx, year: &Year) -> Result<AuditLine> {
    let born = stage::at(2017, 3, 1, 9);
    accounts(tx, year, born).await?;
    organisations(tx, year, born).await?;
    pool(tx, year, born).await?;
    let line = format!("prepared {} accounts and {} clusters", year.members.len(), year.material.clusters.len());
    Ok(AuditLine::new(Subject::Platform, line))
}

async fn accounts(tx: &Tx, year: &Year, born: DateTime<Utc>) -> Result<()> {
    let (mut accounts, mut credentials, mut tokens, mut grants) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for member in &year.members {
        accounts.push(account::Model {
            id: member.id(),
            email: Email::parse(&member.email).map_err(|e| AppError::broken(format!("{}: {e}", member.email)))?,
            name: member.name.clone(),
            language: "en".to_owned(),
            state: AccountState::Active,
            created_at: born,
            confirmed_at: Some(born),
            erased_at: None,
            version: 1,
        });
        credentials.push(credential::Model { account_id: member.id(), phc: year.phc.clone(), changed_at: born });
        tokens.push(api_token::Model {
            id: id(&format!("token {}", member.email)),
            account_id: member.id(),
            name: "Demo".to_owned(),
            token_hash: secret::hash(&member.api_token),
            scopes: "read write".to_owned(),
            created_at: born,
            expires_at: None,
            used_at: None,
            revoked_at: None,
        });
        let Some((role, agency)) = member.role else { continue };
        grants.push(role_grant::Model {
            id: id(&format!("role {}", member.email)),
            account_id: member.id(),
            role,
            call_id: None,
            agency_id: agency.map(|key| year.agency(key).map(|a| a.id)).transpose()?,
            granted_by: Some(cast::account(cast::staff(Role::Administrator))),
            granted_at: born,
            revoked_at: None,
        });
    }
    put(tx.conn(), accounts).await?;
    put(tx.conn(), credentials).await?;
    put(tx.conn(), tokens).await?;
    put(tx.conn(), grants).await
}

async fn organisations(tx: &Tx, year: &Year, born: DateTime<Utc>) -> Result<()> {
    let (mut rows, mut people, mut members, mut labels) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (at, one) in year.material.clusters.iter().enumerate() {
        let mut row = body(cluster_id(at), OrganisationKind::Cluster, &one.name, one.country, born);
        row.city = Some(one.city.clone());
        row.registration_no = Some(one.registration_no.clone());
        row.website = Some(one.website.clone());
        row.description.clone_from(&one.description);
        row.search = text::searchable([one.name.as_str(), &one.city, one.country.name()]);
        rows.push(row);
        people.push(manager(cluster_id(at), &one.manager.email, born));
        let Some((level, from, until)) = one.label else { continue };
        labels.push(label::Model {
            id: id(&format!("label {at}")),
            cluster_id: cluster_id(at),
            level,
            awarded_on: from,
            valid_until: until,
            renews_id: None,
            certificate_file_id: None,
            recorded_by: cast::account(cast::staff(Role::Secretariat)),
            created_at: born,
        });
    }
    for (p, proposal) in year.material.proposals.iter().enumerate() {
        for (i, part) in proposal.parts.iter().enumerate() {
            for (c, company) in part.companies.iter().enumerate() {
                let own = company_id(p, i, c);
                let mut row = body(own, OrganisationKind::Sme, &company.name, company.country, born);
                row.registration_no = Some(company.registration_no.clone());
                rows.push(row);
                if proposal.acronym == cast::PROJECT && (i, c) == (0, 0) {
                    people.push(manager(own, &company.contact.email, born));
                }
                members.push(cluster_membership::Model {
                    id: id(&format!("member {p} {i} {c}")),
                    cluster_id: cluster_id(part.cluster),
                    member_id: own,
                    since: NaiveDate::from_ymd_opt(2015, 1, 1).unwrap_or_default(),
                    until: None,
                    created_at: born,
                });
            }
        }
    }
    put(tx.conn(), rows).await?;
    put(tx.conn(), people).await?;
    put(tx.conn(), members).await?;
    put(tx.conn(), labels).await
}

fn body(
    id: OrganisationId,
    kind: OrganisationKind,
    name: &str,
    country: Country,
    born: DateTime<Utc>,
) -> organisation::Model {
    organisation::Model {
        id,
        kind,
        key: None,
        name: name.to_owned(),
        country,
        region: None,
        city: None,
        registration_no: None,
        website: None,
        description: String::new(),
        search: text::searchable([name, country.name()]),
        created_by: None,
        created_at: born,
        version: 1,
    }
}

fn manager(organisation: OrganisationId, email: &str, born: DateTime<Utc>) -> membership::Model {
    membership::Model {
        id: id(&format!("membership {email}")),
        organisation_id: organisation,
        account_id: cast::account(email),
        role: MembershipRole::Manager,
        state: MembershipState::Active,
        message: None,
        asked_at: born,
        decided_at: Some(born),
        decided_by: None,
    }
}

async fn pool(tx: &Tx, year: &Year, born: DateTime<Utc>) -> Result<()> {
    let row = |(at, one): (usize, &crate::demo::material::DemoEvaluator)| evaluator::Model {
        id: id(&format!("evaluator {at}")),
        account_id: cast::account(&one.person.email),
        state: EvaluatorState::Active,
        organisation: one.organisation.clone(),
        expertise: one.expertise.clone(),
        languages: spoken(&one.languages),
        countries: codes(&one.countries),
        capacity: i32::try_from(one.capacity).unwrap_or(5),
        hours: Some(one.hours),
        bio: one.bio.clone(),
        search: text::searchable([
            one.person.name().as_str(),
            &one.organisation,
            &one.expertise,
            &one.languages,
            &codes(&one.countries),
            &one.tags.iter().map(|(tag, _)| field_label(tag)).collect::<Vec<_>>().join(" "),
        ]),
        invited_at: born,
        answered_at: Some(born),
        contract_until: one.contract_until,
        declaration_until: one.declaration_until,
        renewed_at: Some(born),
        erased_at: None,
        version: 1,
    };
    let all = || year.material.evaluators.iter().enumerate();
    put(tx.conn(), all().map(row).collect()).await?;
    let (mut tags, mut texts, mut periods) = (Vec::new(), Vec::new(), Vec::new());
    for (at, one) in all() {
        let evaluator_id = id(&format!("evaluator {at}"));
        let own = one.tags.iter().map(|(tag, level)| (tag.clone(), *level));
        tags.extend(own.map(|(tag, level)| evaluator_expertise::Model { evaluator_id, tag, level }));
        let sections = one.texts.iter().zip(0..);
        texts.extend(sections.map(|((title, body), position)| evaluator_text::Model {
            evaluator_id,
            position,
            title: title.clone(),
            body: body.clone(),
        }));
        periods.extend(one.away.map(|(starts_on, ends_on)| evaluator_period::Model {
            evaluator_id,
            position: 0,
            kind: PeriodKind::Away,
            starts_on,
            ends_on,
        }));
    }
    put(tx.conn(), tags).await?;
    put(tx.conn(), texts).await?;
    put(tx.conn(), periods).await
}

/// Languages in words as their codes.
fn spoken(names: &str) -> String {
    Language::list(names).iter().map(Language::code).collect::<Vec<_>>().join(", ")
}

/// Countries in words as their codes, which is how the pool keeps them.
fn codes(names: &str) -> String {
    let code = |name: &str| Country::all().into_iter().find(|c| c.name() == name.trim()).map(|c| c.code().to_owned());
    names.split(',').filter_map(code).collect::<Vec<_>>().join(", ")
}
