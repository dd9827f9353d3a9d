//! Puts what was handed in in the place of what stands in the form now.

use crate::{
    kernel::Result,
    proposals::{
        Place,
        dossier::Dossier,
        reading::rules::{Version, joint_version},
        submission::content::{Answered, Content, Document, Frozen, LetterFacts},
    },
};
use entity::{
    documents::file,
    proposals::{attachment, letter, submission},
    types::{
        ids::{PartId, ProposalId},
        states::{LetterState, PartState},
    },
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::Value;
use std::collections::BTreeMap;

/// Changes dossiers of parts that are no drafts so that they say what their counting versions say.
///
/// Companies, activities, costs and targets of such a part are fixed while it is handed in, so their rows are the
/// version; answers, files, letters and the title can have moved on, and are read from the frozen documents.
///
/// # Errors
/// When the database cannot be asked or holds a version that cannot be read.
pub(super) async fn put_in_place(db: &impl ConnectionTrait, dossiers: &mut [Dossier]) -> Result<()> {
    if dossiers.is_empty() {
        return Ok(());
    }
    let versions = versions(db, dossiers).await?;
    let rows = attachment::Entity::find()
        .find_also_related(file::Entity)
        .filter(attachment::Column::ProposalId.is_in(dossiers.iter().map(|dossier| dossier.proposal.id)))
        .order_by_asc(attachment::Column::AddedAt)
        .all(db)
        .await?;
    let mut files: BTreeMap<ProposalId, Vec<Attached>> = BTreeMap::new();
    for (row, file) in rows {
        files.entry(row.proposal_id).or_default().push((row, file));
    }
    for dossier in dossiers {
        let files = files.remove(&dossier.proposal.id).unwrap_or_default();
        put_one(dossier, &versions, &files);
    }
    Ok(())
}

/// An attachment with its file.
type Attached = (attachment::Model, Option<file::Model>);

fn put_one(dossier: &mut Dossier, versions: &BTreeMap<PartId, Frozen>, files: &[Attached]) {
    let joint = counting(dossier, versions);
    dossier.attachments = joint.map(|id| attached(files, Place::Joint, &versions[&id].content)).unwrap_or_default();
    let shown = joint.map(|id| answers(&versions[&id].content.joint)).unwrap_or_default();
    dossier.handed_in.insert(Place::Joint, shown);
    dossier.joint_from = joint;
    if let Some(content) = joint.map(|id| &versions[&id].content) {
        dossier.proposal.title.clone_from(&content.proposal.title);
        dossier.proposal.acronym.clone_from(&content.proposal.acronym);
    }
    for part in &mut dossier.parts {
        let place = Place::Part(part.row.id);
        let content = versions.get(&part.row.id).map(|version| &version.content);
        dossier.handed_in.insert(place, content.map(|c| answers(&c.own)).unwrap_or_default());
        dossier.attachments.extend(content.map(|c| attached(files, place, c)).unwrap_or_default());
        part.letters = content.map(|c| letters(&part.letters, &c.letters)).unwrap_or_default();
    }
}

/// The last version of every part that has one.
async fn versions(db: &impl ConnectionTrait, dossiers: &[Dossier]) -> Result<BTreeMap<PartId, Frozen>> {
    let parts = dossiers.iter().flat_map(|dossier| &dossier.parts).map(|part| part.row.id);
    let rows = submission::Entity::find()
        .filter(submission::Column::PartId.is_in(parts))
        .order_by_asc(submission::Column::Number)
        .all(db)
        .await?;
    // Of one part's versions the last one stays.
    let last: BTreeMap<PartId, submission::Model> = rows.into_iter().map(|row| (row.part_id, row)).collect();
    last.into_iter().map(|(part, row)| Ok((part, serde_json::from_value(row.document)?))).collect()
}

fn counting(dossier: &Dossier, versions: &BTreeMap<PartId, Frozen>) -> Option<PartId> {
    let version = |part: &crate::proposals::dossier::PartFile| {
        Some(Version {
            part: part.row.id,
            coordinates: part.row.is_coordinator,
            withdrawn: part.row.state == PartState::Withdrawn,
            submitted_at: versions.get(&part.row.id)?.submitted_at,
        })
    };
    joint_version(&dossier.parts.iter().filter_map(version).collect::<Vec<_>>())
}

fn answers(sections: &[Answered]) -> BTreeMap<String, Value> {
    sections.iter().flat_map(|s| &s.answers).map(|a| (a.key.clone(), a.value.clone())).collect()
}

/// The attachments a version names: each by its document, name and checksum, whether it was removed since or not.
fn attached(rows: &[Attached], place: Place, content: &Content) -> Vec<attachment::Model> {
    let written = place.to_string();
    let named = content.documents.iter().filter(|document| document.joint == (place == Place::Joint));
    let row_of = |document: &Document| {
        let same = |file: &file::Model| file.digest == document.digest && file.name == document.name;
        let fits = |(row, file): &&Attached| {
            row.place == written && row.document == document.document && file.as_ref().is_some_and(same)
        };
        let found = rows.iter().filter(fits).min_by_key(|(row, _)| row.removed_at.is_some());
        found.map(|(row, _)| row.clone())
    };
    let mut found: Vec<attachment::Model> = named.filter_map(row_of).collect();
    found.dedup_by_key(|row| row.id);
    found
}

/// The letters of a version, as they stood then: one that was asked for or signed later is not part of it.
fn letters(rows: &[letter::Model], frozen: &[LetterFacts]) -> Vec<letter::Model> {
    let mut left: Vec<&letter::Model> = rows.iter().collect();
    let then = |facts: &LetterFacts| {
        let at = left.iter().position(|row| {
            let signer = row.signed_name.as_ref().unwrap_or(&row.signer_name);
            let same = *signer == facts.signer || row.signer_name == facts.signer;
            row.signer_organisation == facts.organisation && row.text == facts.text && same
        })?;
        let mut row = left.remove(at).clone();
        row.state = *LetterState::ALL.iter().find(|state| state.label() == facts.state)?;
        row.signed_on = facts.signed_on;
        Some(row)
    };
    frozen.iter().filter_map(then).collect()
}
