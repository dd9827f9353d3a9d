//! Reading a whole proposal, or many.

use super::{Change, Dossier, PartFile};
use crate::kernel::{AppError, Result};
use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    accounts::account,
    calls::{annex, call, corrigendum},
    clusters::label,
    organisations::organisation,
    proposals::{
        activity_line, answer, attachment, cost_line, funding_line, kpi_target, letter, part, participant, proposal,
        section_task, team_member,
    },
    types::{
        ids::{AccountId, AnnexId, CallId, OrganisationId, PartId, ProposalId},
        states::LabelLevel,
    },
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::{BTreeMap, BTreeSet};

/// Reads one proposal.
///
/// # Errors
/// `NotFound` when there is none.
pub async fn load(db: &impl ConnectionTrait, id: ProposalId) -> Result<Dossier> {
    load_many(db, &[id]).await?.pop().ok_or(AppError::NotFound)
}

/// Reads many proposals, in the order of the ids; unknown ones are left out.
///
/// # Errors
/// When the database cannot be asked.
pub async fn load_many(db: &impl ConnectionTrait, ids: &[ProposalId]) -> Result<Vec<Dossier>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let all = ids.to_vec();
    let mine = |column: proposal::Column| column.is_in(all.clone());
    let proposals = proposal::Entity::find().filter(mine(proposal::Column::Id)).all(db).await?;
    let calls: BTreeSet<_> = proposals.iter().map(|p| p.call_id).collect();
    let calls = call::Entity::find().filter(call::Column::Id.is_in(calls)).all(db).await?;
    let changes = changes(db, calls.iter().map(|c| c.id).collect()).await?;
    let answers = answer::Entity::find().filter(answer::Column::ProposalId.is_in(all.clone())).all(db).await?;
    let tasks =
        section_task::Entity::find().filter(section_task::Column::ProposalId.is_in(all.clone())).all(db).await?;
    let attachments = attachment::Entity::find()
        .filter(attachment::Column::ProposalId.is_in(all.clone()))
        .filter(attachment::Column::RemovedAt.is_null())
        .order_by_asc(attachment::Column::AddedAt)
        .all(db)
        .await?;
    let team = team_member::Entity::present()
        .filter(team_member::Column::ProposalId.is_in(all.clone()))
        .order_by_asc(team_member::Column::AddedAt)
        .all(db)
        .await?;
    let parts = parts(db, &all).await?;
    let mut people: BTreeSet<AccountId> = team.iter().map(|m| m.account_id).collect();
    people.extend(answers.iter().filter_map(|a| a.updated_by));
    people.extend(tasks.iter().flat_map(|t| [t.assigned_to, t.completed_by]).flatten());
    people.extend(proposals.iter().flat_map(|p| [Some(p.created_by), p.updated_by]).flatten());
    people.extend(parts.iter().filter_map(|p| p.row.contact_id));
    let accounts = account::Entity::find().filter(account::Column::Id.is_in(people)).all(db).await?;
    let accounts: BTreeMap<AccountId, account::Model> = accounts.into_iter().map(|a| (a.id, a)).collect();

    let calls: BTreeMap<_, _> = calls.into_iter().map(|c| (c.id, c)).collect();
    let mut answers = grouped(answers, |a| a.proposal_id);
    let mut tasks = grouped(tasks, |t| t.proposal_id);
    let mut attachments = grouped(attachments, |a| a.proposal_id);
    let mut team = grouped(team, |m| m.proposal_id);
    let mut parts = grouped(parts, |p| p.row.proposal_id);
    let mut proposals: BTreeMap<_, _> = proposals.into_iter().map(|p| (p.id, p)).collect();
    let names: BTreeMap<AccountId, String> = accounts.iter().map(|(id, a)| (*id, a.name.clone())).collect();
    let mut dossiers = Vec::with_capacity(ids.len());
    for id in ids {
        let Some(proposal) = proposals.remove(id) else { continue };
        let Some(call) = calls.get(&proposal.call_id).cloned() else { continue };
        let team = team.remove(id).unwrap_or_default();
        let team = team.into_iter().filter_map(|m| Some((accounts.get(&m.account_id)?.clone(), m)));
        dossiers.push(Dossier {
            changes: changes
                .get(&call.id)
                .into_iter()
                .flatten()
                .filter(|change| change.at > proposal.created_at)
                .cloned()
                .collect(),
            call,
            proposal,
            parts: parts.remove(id).unwrap_or_default(),
            answers: answers.remove(id).unwrap_or_default(),
            handed_in: BTreeMap::new(),
            joint_from: None,
            tasks: tasks.remove(id).unwrap_or_default(),
            attachments: attachments.remove(id).unwrap_or_default(),
            team: team.map(|(account, member)| (member, account)).collect(),
            names: names.clone(),
        });
    }
    Ok(dossiers)
}

/// The corrigenda of calls without the terms they changed, the latest first.
async fn changes(db: &impl ConnectionTrait, calls: Vec<CallId>) -> Result<BTreeMap<CallId, Vec<Change>>> {
    let rows = corrigendum::Entity::find()
        .select_only()
        .columns([
            corrigendum::Column::CallId,
            corrigendum::Column::Number,
            corrigendum::Column::MadeAt,
            corrigendum::Column::Reason,
        ])
        .filter(corrigendum::Column::CallId.is_in(calls))
        .order_by_desc(corrigendum::Column::Number)
        .into_tuple::<(CallId, i32, DateTime<Utc>, String)>()
        .all(db)
        .await?;
    let mut found: BTreeMap<CallId, Vec<Change>> = BTreeMap::new();
    for (call, number, at, reason) in rows {
        found.entry(call).or_default().push(Change { number, at, reason });
    }
    Ok(found)
}

fn grouped<T, K: Ord>(rows: Vec<T>, key: impl Fn(&T) -> K) -> BTreeMap<K, Vec<T>> {
    let mut groups: BTreeMap<K, Vec<T>> = BTreeMap::new();
    for row in rows {
        groups.entry(key(&row)).or_default().push(row);
    }
    groups
}

async fn parts(db: &impl ConnectionTrait, proposals: &[ProposalId]) -> Result<Vec<PartFile>> {
    let rows = part::Entity::find()
        .filter(part::Column::ProposalId.is_in(proposals.to_vec()))
        .filter(part::Column::LeftAt.is_null())
        .order_by_desc(part::Column::IsCoordinator)
        .order_by_asc(part::Column::CreatedAt)
        .order_by_asc(part::Column::Id)
        .all(db)
        .await?;
    let ids: Vec<PartId> = rows.iter().map(|p| p.id).collect();
    let annexes: BTreeSet<AnnexId> = rows.iter().map(|p| p.annex_id).collect();
    let annexes = annex::Entity::find().filter(annex::Column::Id.is_in(annexes)).all(db).await?;
    let mut bodies: BTreeSet<OrganisationId> = rows.iter().map(|p| p.organisation_id).collect();
    let labels = labels(db, bodies.iter().copied().collect()).await?;
    bodies.extend(annexes.iter().map(|a| a.agency_id));
    let bodies = organisation::Entity::find().filter(organisation::Column::Id.is_in(bodies)).all(db).await?;
    let participants = participant::Entity::find()
        .filter(participant::Column::PartId.is_in(ids.clone()))
        .order_by_asc(participant::Column::CreatedAt)
        .order_by_asc(participant::Column::Id)
        .all(db)
        .await?;
    let activities = activity_line::Entity::find()
        .filter(activity_line::Column::PartId.is_in(ids.clone()))
        .order_by_asc(activity_line::Column::Position)
        .order_by_asc(activity_line::Column::Id)
        .all(db)
        .await?;
    let costs = cost_line::Entity::find()
        .filter(cost_line::Column::PartId.is_in(ids.clone()))
        .order_by_asc(cost_line::Column::Position)
        .order_by_asc(cost_line::Column::Id)
        .all(db)
        .await?;
    let funding = funding_line::Entity::find()
        .filter(funding_line::Column::PartId.is_in(ids.clone()))
        .order_by_asc(funding_line::Column::Position)
        .order_by_asc(funding_line::Column::Id)
        .all(db)
        .await?;
    let targets = kpi_target::Entity::find().filter(kpi_target::Column::PartId.is_in(ids.clone())).all(db).await?;
    let letters = letter::Entity::find()
        .filter(letter::Column::PartId.is_in(ids))
        .order_by_asc(letter::Column::AskedAt)
        .all(db)
        .await?;
    let annexes: BTreeMap<_, _> = annexes.into_iter().map(|a| (a.id, a)).collect();
    let bodies: BTreeMap<_, _> = bodies.into_iter().map(|b| (b.id, b)).collect();
    let mut participants = grouped(participants, |r| r.part_id);
    let mut activities = grouped(activities, |r| r.part_id);
    let mut costs = grouped(costs, |r| r.part_id);
    let mut funding = grouped(funding, |r| r.part_id);
    let mut targets = grouped(targets, |r| r.part_id);
    let mut letters = grouped(letters, |r| r.part_id);
    let mut files = Vec::with_capacity(rows.len());
    for row in rows {
        let annex = annexes.get(&row.annex_id).cloned().ok_or(AppError::NotFound)?;
        let agency = bodies.get(&annex.agency_id).cloned().ok_or(AppError::NotFound)?;
        let organisation = bodies.get(&row.organisation_id).cloned().ok_or(AppError::NotFound)?;
        let id = row.id;
        files.push(PartFile {
            label: labels.get(&organisation.id).copied(),
            organisation,
            annex,
            agency,
            participants: participants.remove(&id).unwrap_or_default(),
            activities: activities.remove(&id).unwrap_or_default(),
            costs: costs.remove(&id).unwrap_or_default(),
            funding: funding.remove(&id).unwrap_or_default(),
            targets: targets.remove(&id).unwrap_or_default(),
            letters: letters.remove(&id).unwrap_or_default(),
            row,
        });
    }
    Ok(files)
}

/// The label of each cluster that is valid longest; of two, the higher one.
async fn labels(
    db: &impl ConnectionTrait,
    clusters: Vec<OrganisationId>,
) -> Result<BTreeMap<OrganisationId, (LabelLevel, NaiveDate)>> {
    let mut rows = label::Entity::find().filter(label::Column::ClusterId.is_in(clusters)).all(db).await?;
    rows.sort_by_key(|row| (row.valid_until, row.level));
    let mut best: BTreeMap<OrganisationId, (LabelLevel, NaiveDate)> = BTreeMap::new();
    for row in rows {
        best.insert(row.cluster_id, (row.level, row.valid_until));
    }
    Ok(best)
}
