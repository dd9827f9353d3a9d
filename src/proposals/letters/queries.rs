//! The letters of a part for its team, and one letter for its signer.

use super::rules::{LetterData, answerable, prepared};
use crate::{
    kernel::{AppError, Leave, Permission, Query, Result, Snapshot, Subject},
    proposals::dossier::{Dossier, Head, PartFile, load, papers},
};
use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    accounts::account,
    calls::{annex, call},
    organisations::organisation,
    proposals::{letter, part, proposal},
    types::{
        ids::{FileId, LetterId, PartId, ParticipantId, ProposalId},
        money::Money,
        period::Deadline,
        states::{CallState, LetterState, PartState},
        terms::Signers,
    },
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

/// A letter as the team sees it.
#[derive(Debug, Clone)]
pub struct LetterLine {
    pub id: LetterId,
    pub document: String,
    pub signer: String,
    pub email: String,
    pub organisation: String,
    pub state: LetterState,
    pub asked_at: DateTime<Utc>,
    pub asked_by: String,
    pub signed_name: Option<String>,
    pub signed_on: Option<NaiveDate>,
    pub refusal: Option<String>,
    pub file: Option<FileId>,
    pub text: String,
    /// Whether the amounts changed since it was written.
    pub outdated: bool,
    pub requested: Money,
}

/// A company of the part that may be asked.
#[derive(Debug, Clone)]
pub struct Company {
    pub id: ParticipantId,
    pub name: String,
    pub contact: String,
    pub email: String,
}

/// A document of which letters are missing.
#[derive(Debug, Clone)]
pub struct Missing {
    pub document: String,
    pub label: String,
    pub required: bool,
    pub signers: Vec<Signer>,
    /// Signed papers that were attached instead.
    pub papers: usize,
}

/// Somebody whose letter is missing: a company of the part or a partner.
#[derive(Debug, Clone)]
pub struct Signer {
    pub company: Option<String>,
    pub name: String,
}

/// The letters of a part.
#[derive(Debug, Clone)]
pub struct Letters {
    pub head: Head,
    pub proposal: ProposalId,
    pub part: PartId,
    pub code: String,
    pub title: String,
    pub organisation: String,
    pub zone: chrono_tz::Tz,
    pub deadline: Deadline,
    pub state: PartState,
    pub lines: Vec<LetterLine>,
    /// Key and label of the documents a letter can be for.
    pub documents: Vec<(String, String)>,
    /// The document every company signs, when the call has one.
    pub of_companies: Option<String>,
    pub missing: Vec<Missing>,
    pub companies: Vec<Company>,
    /// The text a letter begins with.
    pub prepared: String,
    pub may_edit: bool,
}

/// The letters of a part, those taken back last.
pub struct LettersOf(pub PartId);

impl Query for LettersOf {
    const NEEDS: Permission = Permission::ReadProposal;
    type Output = Letters;

    fn about(&self) -> Subject {
        Subject::Part(self.0)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Letters> {
        let proposal = part::Entity::find_by_id(self.0).one(db.conn()).await?.ok_or(AppError::NotFound)?.proposal_id;
        let dossier = load(db.conn(), proposal).await?;
        let own = dossier.part(self.0).ok_or(AppError::NotFound)?;
        let people = own.letters.iter().map(|l| l.asked_by);
        let people = account::Entity::find().filter(account::Column::Id.is_in(people)).all(db.conn()).await?;
        let money = |minor| Money::new(minor, own.row.currency);
        let total = own.costs.iter().fold(0, |sum: i64, line| sum.saturating_add(line.minor));
        let label = |key: &str| dossier.terms().documents.iter().find(|d| d.key == key).map(|d| d.label.clone());
        let line = |row: &letter::Model| LetterLine {
            id: row.id,
            document: label(&row.document).unwrap_or_else(|| row.document.clone()),
            signer: row.signer_name.clone(),
            email: row.signer_email.clone(),
            organisation: row.signer_organisation.clone(),
            state: row.state,
            asked_at: row.asked_at,
            asked_by: people.iter().find(|a| a.id == row.asked_by).map(|a| a.name.clone()).unwrap_or_default(),
            signed_name: row.signed_name.clone(),
            signed_on: row.signed_on,
            refusal: row.refusal.clone(),
            file: row.file_id,
            text: row.text.clone(),
            outdated: row.requested_minor != own.row.requested_minor || row.total_minor != total,
            requested: money(row.requested_minor),
        };
        let mut lines: Vec<LetterLine> = own.letters.iter().map(line).collect();
        lines.sort_by_key(|l| l.state == LetterState::Withdrawn);
        let company = |row: &entity::proposals::participant::Model| Company {
            id: row.id,
            name: row.name.clone(),
            contact: row.contact_name.clone(),
            email: row.contact_email.clone(),
        };
        let data = LetterData {
            call: dossier.call.title.clone(),
            proposal: dossier.proposal.title.clone(),
            code: dossier.proposal.code.clone(),
            applicant: own.organisation.name.clone(),
            agency: own.agency.name.clone(),
            organisation: String::new(),
            requested: money(own.row.requested_minor),
            total: money(total),
        };
        let draft = own.row.state == PartState::Draft && dossier.call.state == CallState::Open;
        Ok(Letters {
            head: dossier.head(leave),
            proposal,
            part: self.0,
            code: dossier.proposal.code.clone(),
            title: dossier.proposal.title.clone(),
            organisation: own.organisation.name.clone(),
            zone: own.annex.terms.deadline.zone,
            deadline: own.annex.terms.deadline,
            state: own.row.state,
            lines,
            documents: dossier.terms().documents.iter().map(|d| (d.key.clone(), d.label.clone())).collect(),
            of_companies: dossier
                .terms()
                .documents
                .iter()
                .find(|d| d.each == Some(Signers::Company))
                .map(|d| d.key.clone()),
            missing: missing(&dossier, own),
            companies: own.participants.iter().map(company).collect(),
            prepared: prepared(&data),
            may_edit: draft && leave.may(Permission::EditPart),
        })
    }
}

/// Of whom letters are missing, document by document; optional ones too, so that they can be asked.
fn missing(dossier: &Dossier, part: &PartFile) -> Vec<Missing> {
    let lacking = papers::unsigned(dossier, part);
    let missing = |lack: papers::Lack| Missing {
        document: lack.key,
        label: lack.label,
        required: lack.required,
        papers: lack.papers,
        signers: lack.signers.into_iter().map(|one| Signer { company: one.company, name: one.name }).collect(),
    };
    lacking.into_iter().map(missing).collect()
}

/// A letter as its signer sees it: this, and nothing else of the proposal.
#[derive(Debug, Clone)]
pub struct LetterToSign {
    pub proposal: String,
    pub code: String,
    pub call: String,
    pub applicant: String,
    pub asker: String,
    pub document: String,
    pub max_mb: u32,
    pub deadline: Deadline,
    pub signer: String,
    pub organisation: String,
    pub text: String,
    pub state: LetterState,
    pub signed_name: Option<String>,
    pub signed_on: Option<NaiveDate>,
    /// Why it cannot be answered now; none when it can.
    pub closed: Option<String>,
}

/// The letter behind the hash of a link.
pub struct LetterByLink(pub String);

impl Query for LetterByLink {
    const NEEDS: Permission = Permission::EnterPlatform;
    type Output = Option<LetterToSign>;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, _: Leave<'_>) -> Result<Self::Output> {
        let row = letter::Entity::find().filter(letter::Column::TokenHash.eq(self.0)).one(db.conn()).await?;
        let Some(row) = row.filter(|row| row.state != LetterState::Withdrawn) else {
            return Ok(None);
        };
        let part = part::Entity::find_by_id(row.part_id).one(db.conn()).await?.ok_or(AppError::NotFound)?;
        let found =
            proposal::Entity::find_by_id(part.proposal_id).find_also_related(call::Entity).one(db.conn()).await?;
        let (Some(proposal), Some(call)) = found.map_or((None, None), |(proposal, call)| (Some(proposal), call)) else {
            return Err(AppError::NotFound);
        };
        let annex = annex::Entity::find_by_id(part.annex_id).one(db.conn()).await?.ok_or(AppError::NotFound)?;
        let applicant = organisation::Entity::find_by_id(part.organisation_id).one(db.conn()).await?;
        let asker = account::Entity::find_by_id(row.asked_by).one(db.conn()).await?;
        let document = call.terms.documents.iter().find(|d| d.key == row.document);
        let deadline = annex.terms.deadline;
        let closed = answerable(row.state, part.state, deadline.passed(db.now())).err().map(|refusal| refusal.message);
        Ok(Some(LetterToSign {
            document: document.map_or_else(|| row.document.clone(), |d| d.label.clone()),
            max_mb: document.map_or(10, |d| d.max_mb),
            proposal: proposal.title,
            code: proposal.code,
            call: call.title,
            applicant: applicant.map(|o| o.name).unwrap_or_default(),
            asker: asker.map(|a| a.name).unwrap_or_default(),
            deadline,
            signer: row.signer_name,
            organisation: row.signer_organisation,
            text: row.text,
            state: row.state,
            signed_name: row.signed_name,
            signed_on: row.signed_on,
            closed,
        }))
    }
}
