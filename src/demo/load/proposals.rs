//! Proposals chapter by chapter: some are handed in early, the others stand at different points of their writing.

use super::{Year, ids::id, people, put};
use crate::{
    demo::{cast, material::DemoProposal, stage},
    kernel::{AppError, Result, Subject, Tx, event::AuditLine, secret},
    proposals::{Place, dossier::check::PART_SECTIONS, drafts::rules::sections_of},
};
use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    calls::call,
    proposals::{
        activity_line, answer, cost_line, funding_line, kpi_target, letter, part, participant, proposal, section_task,
        team_member,
    },
    types::{
        codes,
        ids::{AccountId, ActivityLineId, PartId, ProposalId},
        states::{LetterState, PartState, ProposalState, SectionState, TeamRole},
        terms::{Keys, Section},
        text,
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel};
use std::ops::Range;

/// How many chapters a proposal has: two of joint answers, the part's own answers with its companies, activities,
/// budget, targets, letters.
pub const CHAPTERS: u8 = 7;

/// The proposal of the last place is nearly empty while the call is open.
const BARE: usize = 29;

pub fn proposal_id(at: usize) -> ProposalId {
    id(&format!("proposal {at}"))
}

pub fn part_id(at: usize, part: usize) -> PartId {
    id(&format!("part {at} {part}"))
}

pub fn activity_id(at: usize, part: usize, line: usize) -> ActivityLineId {
    id(&format!("activity {at} {part} {line}"))
}

/// Twelve of thirty are complete while the call is open.
fn complete_early(at: usize) -> bool {
    matches!(at % 5, 1 | 3)
}

/// Whether a part is handed in in the first stage; of the last two early proposals only the coordinator's is.
pub fn early(at: usize, part: usize) -> bool {
    complete_early(at) && (at < 26 || part == 0)
}

/// How many chapters are written in the first stage.
pub fn written(at: usize) -> u8 {
    match at {
        _ if complete_early(at) => CHAPTERS,
        BARE => 0,
        5 => 5,
        _ => [6, 3, 5, 2, 4, 1][at / 5 % 6],
    }
}

/// Parts that have joined in the first stage.
pub fn joined(at: usize, parts: usize) -> Range<usize> {
    if at == BARE { 0..1 } else { 0..parts }
}

pub async fn write(tx: &Tx, year: &Year) -> Result<AuditLine> {
    let mut heads = Vec::new();
    for (at, one) in year.material.proposals.iter().enumerate() {
        heads.push(head(year, at, one)?);
    }
    let number = i32::try_from(heads.len()).unwrap_or_default() + 1;
    put(tx.conn(), heads).await?;
    for (at, one) in year.material.proposals.iter().enumerate() {
        parts(tx, year, at, joined(at, one.parts.len())).await?;
        chapters(tx, year, at, joined(at, one.parts.len()), 0..written(at)).await?;
    }
    let row = call::Entity::find_by_id(year.call).one(tx.conn()).await?.ok_or(AppError::NotFound)?;
    let mut row = row.into_active_model();
    row.next_number = Set(number);
    row.update(tx.conn()).await?;
    Ok(AuditLine::new(Subject::Call(year.call), "saw thirty proposals being written"))
}

/// When a proposal was started.
fn started(at: usize) -> DateTime<Utc> {
    stage::at(2017, 5, 8, 8) + TimeDelta::hours(i64::try_from(at * 97 % 2_600).unwrap_or_default())
}

/// When something was last written in it, in the first stage.
fn touched(at: usize) -> DateTime<Utc> {
    stage::at(2017, 10, 2, 8) + TimeDelta::hours(i64::try_from(at * 53 % 300).unwrap_or_default())
}

fn coordinator(year: &Year, one: &DemoProposal) -> AccountId {
    one.parts.first().map_or_else(|| id("nobody"), |p| contact(year, p.cluster))
}

fn contact(year: &Year, cluster: usize) -> AccountId {
    cast::account(&year.material.clusters[cluster].manager.email)
}

fn head(year: &Year, at: usize, one: &DemoProposal) -> Result<proposal::Model> {
    let code = codes::proposal_code(&year.file.code, u32::try_from(at + 1).unwrap_or_default());
    let home = one.parts.first().map_or("", |p| year.material.clusters[p.cluster].name.as_str());
    let title = text::line(&one.title, 200).map_err(|e| AppError::broken(e.to_string()))?;
    Ok(proposal::Model {
        id: proposal_id(at),
        call_id: year.call,
        search: text::searchable([code.as_str(), &title, &one.acronym, home]),
        code,
        title,
        acronym: one.acronym.clone(),
        state: ProposalState::Draft,
        created_by: coordinator(year, one),
        created_at: started(at),
        updated_by: Some(coordinator(year, one)),
        updated_at: touched(at),
        submitted_at: None,
        version: 1,
    })
}

/// Parts and the people who work on them.
pub async fn parts(tx: &Tx, year: &Year, at: usize, which: Range<usize>) -> Result<()> {
    let one = &year.material.proposals[at];
    let (mut rows, mut team) = (Vec::new(), Vec::new());
    for i in which {
        let part = &one.parts[i];
        let agency = year.agency(&part.agency)?;
        let joined = started(at) + TimeDelta::days(i64::try_from(i).unwrap_or_default());
        let person = contact(year, part.cluster);
        rows.push(part::Model {
            id: part_id(at, i),
            proposal_id: proposal_id(at),
            organisation_id: people::cluster_id(part.cluster),
            annex_id: agency.annex,
            is_coordinator: i == 0,
            state: PartState::Draft,
            requested_minor: 0,
            currency: agency.terms.currency,
            contact_id: Some(person),
            signatory: Some(year.material.clusters[part.cluster].signatory.name()),
            signatory_email: None,
            created_at: joined,
            submitted_at: None,
            left_at: None,
            version: 1,
        });
        team.push(team_member::Model {
            id: id(&format!("team {at} {i}")),
            proposal_id: proposal_id(at),
            account_id: person,
            part_id: Some(part_id(at, i)),
            role: if i == 0 { TeamRole::Coordinator } else { TeamRole::Editor },
            added_by: (i > 0).then(|| coordinator(year, one)),
            added_at: joined,
            left_at: None,
        });
    }
    put(tx.conn(), rows).await?;
    put(tx.conn(), team).await
}

/// Writes some chapters of some parts.
pub async fn chapters(tx: &Tx, year: &Year, at: usize, which: Range<usize>, range: Range<u8>) -> Result<()> {
    for chapter in range {
        match chapter {
            0 | 1 => joint(tx, year, at, chapter).await?,
            2 => own(tx, year, at, which.clone()).await?,
            3 => activities(tx, year, at, which.clone()).await?,
            4 => budget(tx, year, at, which.clone()).await?,
            5 => targets(tx, year, at, which.clone()).await?,
            _ => letters(tx, year, at, which.clone()).await?,
        }
    }
    Ok(())
}

/// The first half of the joint answers, then the second, after which the sections are complete.
async fn joint(tx: &Tx, year: &Year, at: usize, half: u8) -> Result<()> {
    let one = &year.material.proposals[at];
    let middle = one.answers.len() / 2;
    let rows = one.answers.iter().enumerate().filter(|(i, _)| (*i >= middle) == (half == 1));
    let by = coordinator(year, one);
    let rows = rows.map(|(_, (key, value))| answered(at, Place::Joint, key, value, by)).collect();
    put(tx.conn(), rows).await?;
    if half == 0 {
        return Ok(());
    }
    let sections = sections_of(&year.file.call, None);
    done(tx, at, Place::Joint, by, sections.iter().map(|s: &Section| s.key.as_str())).await
}

fn answered(at: usize, place: Place, key: &str, value: &serde_json::Value, by: AccountId) -> answer::Model {
    answer::Model {
        id: id(&format!("answer {at} {place} {key}")),
        proposal_id: proposal_id(at),
        place: place.to_string(),
        question: key.to_owned(),
        value: value.clone(),
        version: 1,
        updated_by: Some(by),
        updated_at: touched(at),
    }
}

/// Marks sections as complete.
async fn done<'a>(
    tx: &Tx,
    at: usize,
    place: Place,
    by: AccountId,
    sections: impl IntoIterator<Item = &'a str>,
) -> Result<()> {
    let row = |section: &str| section_task::Model {
        id: id(&format!("task {at} {place} {section}")),
        proposal_id: proposal_id(at),
        place: place.to_string(),
        section: section.to_owned(),
        assigned_to: None,
        due_on: None,
        state: SectionState::Complete,
        completed_by: Some(by),
        completed_at: Some(touched(at)),
    };
    put(tx.conn(), sections.into_iter().map(row).collect()).await
}

async fn own(tx: &Tx, year: &Year, at: usize, which: Range<usize>) -> Result<()> {
    let (mut answers, mut companies) = (Vec::new(), Vec::new());
    for i in which {
        let part = &year.material.proposals[at].parts[i];
        let (place, by) = (Place::Part(part_id(at, i)), contact(year, part.cluster));
        answers.extend(part.answers.iter().map(|(key, value)| answered(at, place, key, value, by)));
        companies.extend(part.companies.iter().enumerate().map(|(c, company)| participant::Model {
            id: id(&format!("participant {at} {i} {c}")),
            part_id: part_id(at, i),
            organisation_id: Some(people::company_id(at, i, c)),
            name: company.name.clone(),
            registration_no: Some(company.registration_no.clone()),
            country: company.country,
            size_class: company.size_class,
            contact_name: company.contact.name(),
            contact_email: company.contact.email.clone(),
            role: company.role.clone(),
            notice_given: true,
            declarations: Keys(company.declarations.clone()),
            cash_minor: Some(company.cash_minor),
            in_kind_minor: Some(company.in_kind_minor),
            version: 1,
            created_at: touched(at),
        }));
        let terms = &year.agency(&part.agency)?.terms;
        let sections = sections_of(&year.file.call, Some(("", terms)));
        let keys = sections.iter().map(|s| s.key.as_str()).chain(["companies", "contact"]);
        done(tx, at, place, by, keys).await?;
    }
    put(tx.conn(), answers).await?;
    put(tx.conn(), companies).await
}

/// Marks one of the sections every part has.
async fn section_done(tx: &Tx, year: &Year, at: usize, i: usize, key: &'static str) -> Result<()> {
    debug_assert!(PART_SECTIONS.iter().any(|(k, _)| *k == key));
    let by = contact(year, year.material.proposals[at].parts[i].cluster);
    done(tx, at, Place::Part(part_id(at, i)), by, [key]).await
}

async fn activities(tx: &Tx, year: &Year, at: usize, which: Range<usize>) -> Result<()> {
    let count = |n: u32| i32::try_from(n).unwrap_or(i32::MAX);
    let mut rows = Vec::new();
    for i in which {
        let lines = year.material.proposals[at].parts[i].activities.iter().enumerate();
        rows.extend(lines.map(|(a, line)| activity_line::Model {
            id: activity_id(at, i, a),
            part_id: part_id(at, i),
            position: i32::try_from(a + 1).unwrap_or_default(),
            activity: line.kind.clone(),
            title: line.title.clone(),
            description: line.description.clone(),
            place: line.place.clone(),
            start_month: count(line.start_month),
            end_month: count(line.end_month),
            participants: count(line.participants),
            version: 1,
        }));
        section_done(tx, year, at, i, "activities").await?;
    }
    put(tx.conn(), rows).await
}

async fn budget(tx: &Tx, year: &Year, at: usize, which: Range<usize>) -> Result<()> {
    let (mut costs, mut funding) = (Vec::new(), Vec::new());
    for i in which {
        let part = &year.material.proposals[at].parts[i];
        costs.extend(part.costs.iter().enumerate().map(|(c, line)| cost_line::Model {
            id: id(&format!("cost {at} {i} {c}")),
            part_id: part_id(at, i),
            position: i32::try_from(c + 1).unwrap_or_default(),
            category: line.category.clone(),
            activity_line_id: line.activity.map(|a| activity_id(at, i, a)),
            description: line.description.clone(),
            minor: line.minor,
            version: 1,
        }));
        funding.extend(part.funding.iter().enumerate().map(|(f, line)| funding_line::Model {
            id: id(&format!("funding {at} {i} {f}")),
            part_id: part_id(at, i),
            position: i32::try_from(f + 1).unwrap_or_default(),
            source: line.source,
            description: line.description.clone(),
            minor: line.minor,
            version: 1,
        }));
        let row = part::Entity::find_by_id(part_id(at, i)).one(tx.conn()).await?.ok_or(AppError::NotFound)?;
        let mut row = row.into_active_model();
        row.requested_minor = Set(part.requested_minor);
        row.update(tx.conn()).await?;
        section_done(tx, year, at, i, "budget").await?;
    }
    put(tx.conn(), costs).await?;
    put(tx.conn(), funding).await
}

async fn targets(tx: &Tx, year: &Year, at: usize, which: Range<usize>) -> Result<()> {
    let mut rows = Vec::new();
    for i in which {
        let targets = &year.material.proposals[at].parts[i].kpi_targets;
        rows.extend(targets.iter().map(|(key, target)| kpi_target::Model {
            id: id(&format!("target {at} {i} {key}")),
            part_id: part_id(at, i),
            kpi: key.clone(),
            target: *target,
            version: 1,
        }));
        section_done(tx, year, at, i, "targets").await?;
    }
    put(tx.conn(), rows).await
}

async fn letters(tx: &Tx, year: &Year, at: usize, which: Range<usize>) -> Result<()> {
    let mut rows = Vec::new();
    for i in which {
        let part = &year.material.proposals[at].parts[i];
        let total: i64 = part.costs.iter().map(|c| c.minor).sum();
        for (l, one) in part.letters.iter().enumerate() {
            let asked = stage::at(2017, 8, 28, 9);
            let day = one.signed_on.min(stage::at(2017, 10, 9, 9).date_naive());
            rows.push(letter::Model {
                id: id(&format!("letter {at} {i} {l}")),
                part_id: part_id(at, i),
                participant_id: None,
                document: one.document.clone(),
                signer_name: one.signer.name(),
                signer_email: one.signer.email.clone(),
                signer_organisation: one.organisation.clone(),
                token_hash: secret::hash(&secret::token(tx.chance())),
                state: LetterState::Signed,
                text: one.text.clone(),
                requested_minor: part.requested_minor,
                total_minor: total,
                asked_by: contact(year, part.cluster),
                asked_at: asked,
                signed_name: Some(one.signer.name()),
                signed_on: Some(day),
                signed_at: Some(day.and_time(chrono::NaiveTime::MIN).and_utc() + TimeDelta::hours(10)),
                refusal: None,
                file_id: None,
            });
        }
    }
    put(tx.conn(), rows).await
}
