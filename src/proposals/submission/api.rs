//! Submission for programs.

use super::{
    commands::{RemindDrafts, ReopenPart, SubmitPart, WithdrawPart},
    queries::{
        Compare, LastLook, OneVersion, PartProgress, ProgressOf, Stands, StandsAgainst, Verified, VerifyReceipt,
        VersionLine, VersionsOf,
    },
    receipt::verify_path,
    rules::{Point, is_clear},
};
use crate::{
    api::{ApiError, Caller, Tag},
    calls::rules::Piece,
    kernel::{Actor, App, AppError},
    proposals::rules::Severity,
};
use chrono::{DateTime, TimeDelta, Utc};
use entity::types::ids::{PartId, ProposalId};
use poem::web::Data;
use poem_openapi::{
    Object, OpenApi,
    param::{Header, Path, Query},
    payload::{Json, PlainText},
};
use uuid::Uuid;

pub struct SubmissionApi;

/// One thing to do, or to know, before a part is submitted.
#[derive(Object)]
struct SubmissionPointOut {
    /// The chapter it belongs to, for example `Budget`.
    chapter: String,
    /// `error` keeps the part from being submitted, `warning` does not.
    severity: String,
    /// A word for programs, for example `grant.ceiling`.
    code: String,
    message: String,
    /// The page on which it is mended.
    href: String,
}

/// What stands against submitting a part.
#[derive(Object)]
struct SubmissionCheckOut {
    /// Whether nothing keeps the part from being submitted.
    clear: bool,
    /// Whether the agency still takes submissions.
    in_time: bool,
    /// The agency's deadline with its zone.
    deadline: String,
    /// Give it back as `seen` when submitting: a change in between is then refused.
    fingerprint: String,
    points: Vec<SubmissionPointOut>,
}

#[derive(Object)]
struct SubmitPartIn {
    /// Name and position of who signs for the organisation. Example: Rasa Petraitienė, director
    signatory: String,
    /// Whether the statement of the call is confirmed.
    confirmed: bool,
    /// The fingerprint of what was looked at.
    #[oai(default)]
    seen: Option<String>,
}

/// The receipt of a submission.
#[derive(Object)]
struct SubmissionReceiptOut {
    /// Example: IE-2017-007-LT-K7QF
    receipt: String,
    version: i32,
    /// SHA-256 of the document.
    checksum: String,
    submitted_at: DateTime<Utc>,
    /// The public page that confirms this receipt.
    verify: String,
}

#[derive(Object)]
struct SubmissionVersionOut {
    version: i32,
    receipt: String,
    checksum: String,
    submitted_at: DateTime<Utc>,
    submitted_by: String,
    signatory: String,
    /// When it stopped to count; none for the version that counts.
    ended_at: Option<DateTime<Utc>>,
    /// The printed receipt, as soon as it is there.
    pdf: Option<Uuid>,
}

#[derive(Object)]
struct SubmissionVersionsOut {
    items: Vec<SubmissionVersionOut>,
    total: u64,
    next: Option<u64>,
}

/// A place in which two versions differ.
#[derive(Object)]
struct VersionChangeOut {
    chapter: String,
    label: String,
    /// Pieces of text in order; `same`, `removed` or `added`.
    pieces: Vec<VersionPieceOut>,
}

#[derive(Object)]
struct VersionPieceOut {
    kind: String,
    text: String,
}

#[derive(Object)]
struct VersionComparisonOut {
    items: Vec<VersionChangeOut>,
}

/// How far a part is.
#[derive(Object)]
struct PartProgressOut {
    part: Uuid,
    organisation: String,
    agency: String,
    state: String,
    deadline: String,
    /// Things that must be mended before it can be submitted.
    missing: u64,
    letters: u64,
    letters_signed: u64,
    receipt: Option<String>,
}

#[derive(Object)]
struct ConsortiumProgressOut {
    items: Vec<PartProgressOut>,
}

/// Whether a receipt is genuine.
#[derive(Object)]
struct VerifiedReceiptOut {
    genuine: bool,
    version: Option<i32>,
    submitted_at: Option<DateTime<Utc>>,
    zone: Option<String>,
    /// `current`, `replaced`, `reopened` or `withdrawn`.
    standing: Option<String>,
}

#[OpenApi(tag = "Tag::Proposals")]
impl SubmissionApi {
    /// Everything that stands against submitting a part.
    #[oai(path = "/parts/:part/readiness", method = "get", operation_id = "checkPartBeforeSubmission")]
    async fn check(
        &self,
        app: Data<&App>,
        caller: Caller,
        part: Path<Uuid>,
    ) -> Result<Json<SubmissionCheckOut>, ApiError> {
        let look = app.ask(&caller.0, StandsAgainst(part.0.into())).await?;
        let point = |p: &Point| SubmissionPointOut {
            chapter: p.title.clone(),
            severity: severity(p.severity).to_owned(),
            code: p.code.to_owned(),
            message: p.message.clone(),
            href: p.chapter.href(look.head.proposal, look.head.part, &p.field),
        };
        Ok(Json(SubmissionCheckOut {
            clear: is_clear(&look.points),
            in_time: look.head.in_time,
            deadline: look.head.deadline.to_string(),
            points: look.points.iter().map(point).collect(),
            fingerprint: look.fingerprint,
        }))
    }

    /// The content of a part as it would be submitted now.
    #[oai(path = "/parts/:part/content", method = "get", operation_id = "readPartContent")]
    async fn content(
        &self,
        app: Data<&App>,
        caller: Caller,
        part: Path<Uuid>,
    ) -> Result<Json<serde_json::Value>, ApiError> {
        let look = app.ask(&caller.0, LastLook(part.0.into())).await?;
        Ok(Json(serde_json::to_value(&look.content).map_err(AppError::from)?))
    }

    /// Submit a part to its home agency; a repeated request gets the same receipt.
    #[oai(path = "/parts/:part/submit", method = "post", operation_id = "submitPart")]
    async fn submit(
        &self,
        app: Data<&App>,
        caller: Caller,
        part: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
        body: Json<SubmitPartIn>,
    ) -> Result<Json<SubmissionReceiptOut>, ApiError> {
        let SubmitPartIn { signatory, confirmed, seen } = body.0;
        let command = SubmitPart { part: part.0.into(), signatory, confirmed, seen };
        let handed = app.run_once(&caller.0, key.0.as_deref(), command).await?;
        Ok(Json(SubmissionReceiptOut {
            verify: format!("{}{}", app.base_url(), verify_path(&handed.receipt, &handed.digest)),
            receipt: handed.receipt,
            version: handed.number,
            checksum: handed.digest,
            submitted_at: handed.submitted_at,
        }))
    }

    /// Open a submitted part again before its agency's deadline; it is then not submitted.
    #[oai(path = "/parts/:part/reopen", method = "post", operation_id = "reopenPart")]
    async fn reopen(
        &self,
        app: Data<&App>,
        caller: Caller,
        part: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<(), ApiError> {
        Ok(app.run_once(&caller.0, key.0.as_deref(), ReopenPart(part.0.into())).await?)
    }

    /// Remind everybody with a draft in an open call; at most once a day.
    #[oai(path = "/calls/:call/drafts/remind", method = "post", operation_id = "remindDrafts")]
    async fn remind(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<(), ApiError> {
        Ok(app.run_once(&caller.0, key.0.as_deref(), RemindDrafts(call.0.into())).await?)
    }

    /// Withdraw a submitted part before the decision; it cannot be taken up again.
    #[oai(path = "/parts/:part/withdraw", method = "post", operation_id = "withdrawPart")]
    async fn withdraw(
        &self,
        app: Data<&App>,
        caller: Caller,
        part: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<(), ApiError> {
        Ok(app.run_once(&caller.0, key.0.as_deref(), WithdrawPart(part.0.into())).await?)
    }

    /// The submitted versions of a part, latest first.
    #[oai(path = "/parts/:part/submissions", method = "get", operation_id = "listSubmissions")]
    async fn versions(
        &self,
        app: Data<&App>,
        caller: Caller,
        part: Path<Uuid>,
    ) -> Result<Json<SubmissionVersionsOut>, ApiError> {
        let versions = app.ask(&caller.0, VersionsOf(part.0.into())).await?;
        let items: Vec<SubmissionVersionOut> = versions.lines.into_iter().map(SubmissionVersionOut::from).collect();
        Ok(Json(SubmissionVersionsOut { total: items.len() as u64, items, next: None }))
    }

    /// The document of a submitted version, byte for byte as its checksum was computed.
    #[oai(path = "/parts/:part/submissions/:number/document", method = "get", operation_id = "readSubmission")]
    async fn document(
        &self,
        app: Data<&App>,
        caller: Caller,
        part: Path<Uuid>,
        number: Path<i32>,
    ) -> Result<PlainText<String>, ApiError> {
        let version = app.ask(&caller.0, OneVersion { part: part.0.into(), number: number.0 }).await?;
        Ok(PlainText(version.frozen.canonical()?))
    }

    /// What differs between two submitted versions of a part.
    #[oai(path = "/parts/:part/compare", method = "get", operation_id = "compareSubmissions")]
    async fn compare(
        &self,
        app: Data<&App>,
        caller: Caller,
        part: Path<Uuid>,
        from: Query<i32>,
        to: Query<i32>,
    ) -> Result<Json<VersionComparisonOut>, ApiError> {
        let part = PartId::from(part.0);
        let comparison = app.ask(&caller.0, Compare { part, from: from.0, to: to.0 }).await?;
        let piece = |piece: Piece| match piece {
            Piece::Same(text) => VersionPieceOut { kind: "same".to_owned(), text },
            Piece::Removed(text) => VersionPieceOut { kind: "removed".to_owned(), text },
            Piece::Added(text) => VersionPieceOut { kind: "added".to_owned(), text },
        };
        let items = comparison
            .changes
            .into_iter()
            .map(|c| VersionChangeOut {
                chapter: c.chapter,
                label: c.label,
                pieces: c.pieces.into_iter().map(piece).collect(),
            })
            .collect();
        Ok(Json(VersionComparisonOut { items }))
    }

    /// Who of a consortium is missing what.
    #[oai(path = "/proposals/:proposal/progress", method = "get", operation_id = "readProgress")]
    async fn progress(
        &self,
        app: Data<&App>,
        caller: Caller,
        proposal: Path<Uuid>,
    ) -> Result<Json<ConsortiumProgressOut>, ApiError> {
        let progress = app.ask(&caller.0, ProgressOf(ProposalId::from(proposal.0))).await?;
        Ok(Json(ConsortiumProgressOut { items: progress.parts.into_iter().map(PartProgressOut::from).collect() }))
    }

    /// Whether a receipt is genuine; nothing is told about its content. No token is needed.
    #[oai(path = "/receipts/verify", method = "get", operation_id = "verifyReceipt")]
    async fn verify(
        &self,
        app: Data<&App>,
        receipt: Query<String>,
        checksum: Query<String>,
    ) -> Result<Json<VerifiedReceiptOut>, ApiError> {
        app.limit(&format!("verify receipt {}", receipt.0), 60, TimeDelta::minutes(15)).await?;
        let found = app.ask(&Actor::Nobody, VerifyReceipt { receipt: receipt.0, checksum: checksum.0 }).await?;
        Ok(Json(VerifiedReceiptOut::from(found)))
    }
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

impl From<VersionLine> for SubmissionVersionOut {
    fn from(line: VersionLine) -> Self {
        Self {
            version: line.number,
            receipt: line.receipt,
            checksum: line.digest,
            submitted_at: line.submitted_at,
            submitted_by: line.submitted_by,
            signatory: line.signatory,
            ended_at: line.ended_at,
            pdf: line.pdf.map(|id| id.0),
        }
    }
}

impl From<PartProgress> for PartProgressOut {
    fn from(line: PartProgress) -> Self {
        Self {
            part: line.part.0,
            organisation: line.organisation,
            agency: line.agency,
            state: line.state.word().to_owned(),
            deadline: line.deadline.to_string(),
            missing: line.open as u64,
            letters: line.letters as u64,
            letters_signed: line.letters_signed as u64,
            receipt: line.receipt.map(|(receipt, _)| receipt),
        }
    }
}

impl From<Option<Verified>> for VerifiedReceiptOut {
    fn from(found: Option<Verified>) -> Self {
        let standing = |stands| match stands {
            Stands::Current => "current",
            Stands::Replaced { .. } => "replaced",
            Stands::Reopened => "reopened",
            Stands::Withdrawn => "withdrawn",
        };
        Self {
            genuine: found.is_some(),
            version: found.as_ref().map(|f| f.number),
            submitted_at: found.as_ref().map(|f| f.submitted_at),
            zone: found.as_ref().map(|f| f.zone.name().to_owned()),
            standing: found.as_ref().map(|f| standing(f.stands).to_owned()),
        }
    }
}
