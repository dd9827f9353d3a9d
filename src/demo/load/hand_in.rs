//! Handing in a part: the frozen version, its checksum and its receipt, as the form makes them.

use super::{Loaded, Year, ids::id, proposals};
use crate::{
    kernel::{
        Actor, AppError, Result, Subject, Tx,
        event::{AuditLine, JobOrder},
        secret,
    },
    proposals::{
        rules::PartStep,
        states::commands::advance,
        submission::{
            bundle::Bundle,
            content::{Content, FORMAT, Frozen, checksum},
            events::PRINT,
            rules,
        },
    },
};
use entity::{
    proposals::{part, proposal, submission},
    types::{ids::SubmissionId, states::ProposalState},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel};
use serde_json::json;

pub async fn write(tx: &Tx, year: &Year, by: &Actor, at: usize, i: usize) -> Result<Loaded> {
    let id_of_part = proposals::part_id(at, i);
    let bundle = Bundle::load(tx.conn(), id_of_part).await?;
    let account = by.account().ok_or(AppError::NotFound)?;
    let signatory = bundle.own().row.signatory.clone().unwrap_or_default();
    let code = bundle.dossier.proposal.code.clone();
    let country = bundle.own().organisation.country.to_string();
    let receipt = rules::receipt_code(&code, &country, &secret::code(tx.chance(), 4));
    let frozen = Frozen {
        fairway_submission: FORMAT,
        receipt: receipt.clone(),
        version: 1,
        submitted_at: tx.now(),
        submitted_by: by.name().to_owned(),
        signatory: signatory.clone(),
        statement: rules::STATEMENT.to_owned(),
        content: Content::of(&bundle),
    };
    let submission: SubmissionId = id(&format!("submission {at} {i}"));
    let row = submission::Model {
        id: submission,
        part_id: id_of_part,
        number: 1,
        document: serde_json::to_value(&frozen)?,
        digest: checksum(frozen.canonical()?),
        receipt: receipt.clone(),
        signatory,
        submitted_by: account,
        submitted_at: tx.now(),
        ended_at: None,
        pdf_file_id: None,
    };
    super::put(tx.conn(), vec![row]).await?;
    advance(tx, id_of_part, PartStep::Submit).await?;
    let row = part::Entity::find_by_id(id_of_part).one(tx.conn()).await?.ok_or(AppError::NotFound)?;
    let mut row = row.into_active_model();
    row.submitted_at = Set(Some(tx.now()));
    row.update(tx.conn()).await?;
    let row = proposal::Entity::find_by_id(proposals::proposal_id(at)).one(tx.conn()).await?;
    let row = row.ok_or(AppError::NotFound)?;
    let first = row.submitted_at.or(Some(tx.now()));
    let mut row = row.into_active_model();
    row.state = Set(ProposalState::Submitted);
    row.submitted_at = Set(first);
    row.updated_at = Set(tx.now());
    row.update(tx.conn()).await?;
    let organisation = &year.material.clusters[year.material.proposals[at].parts[i].cluster].name;
    let line = format!("submitted the part of {organisation} in {code}, receipt {receipt}");
    let line = AuditLine::new(Subject::Part(id_of_part), line).of_call(year.call);
    let print = JobOrder::new(PRINT, json!({ "part": id_of_part, "submission": submission }));
    Ok(Loaded { line: line.of_proposal(proposals::proposal_id(at)), jobs: vec![print] })
}
