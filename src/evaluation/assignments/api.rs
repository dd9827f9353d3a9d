//! Assignments for programs: the secretariat's and the experts' own.

use super::{
    commands::{
        AcceptAssignment, DeclareConflict, DeclineAssignment, InviteEvaluator, RecordConflict, RemindEvaluator,
        ReopenAssignment, SetDue, WithdrawAssignment, WithdrawConflict,
    },
    queries::{AssigningOf, InvitationOf, OwnTasks, ProgressOf, ProgressRow, TaskLine},
};
use crate::{
    api::{ApiError, Caller, Direction, FileFormat, ListFile, Tag, Wanted, exported, next_page},
    kernel::{App, Subject},
};
use chrono::{DateTime, Utc};
use poem::web::Data;
use poem_openapi::{
    Object, OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};
use uuid::Uuid;

pub struct AssignmentsApi;

/// One of the caller's own tasks.
#[derive(Object)]
struct OwnAssignmentOut {
    id: Uuid,
    proposal: Uuid,
    /// Example: IE-2017-007
    code: String,
    title: String,
    call: Uuid,
    /// `invited`, `accepted`, `in_progress` or `submitted`.
    state: String,
    due_at: Option<DateTime<Utc>>,
    submitted_at: Option<DateTime<Utc>>,
    /// Criteria with points.
    done: u32,
    criteria: u32,
}

#[derive(Object)]
struct OwnAssignmentsOut {
    items: Vec<OwnAssignmentOut>,
    total: u64,
    next: Option<u64>,
}

/// Who takes part in a proposal.
#[derive(Object)]
struct InvolvedOut {
    organisation: String,
    country: String,
    companies: Vec<String>,
}

/// Somebody named in the proposal, or what the check for conflicts of interest found about the caller.
#[derive(Object)]
struct ComparedOut {
    /// People the proposal names.
    people: Vec<String>,
    /// What was found between the caller and the proposal.
    found: Vec<String>,
}

/// What somebody may know before the answer.
#[derive(Object)]
struct EvaluationInvitationOut {
    id: Uuid,
    state: String,
    code: String,
    title: String,
    summary: String,
    due_at: Option<DateTime<Utc>>,
    /// When the invitation lapses without an answer.
    answer_by: DateTime<Utc>,
    involved: Vec<InvolvedOut>,
    compared: ComparedOut,
}

#[derive(Object)]
struct AcceptAssignmentIn {
    /// The caller's name, typed as a signature under the declaration of no conflict of interest.
    signed_name: String,
    /// Must be true: there is no conflict of interest.
    declared: bool,
}

#[derive(Object)]
struct DeclineAssignmentIn {
    /// `time`, `expertise`, `language` or `other`.
    reason: String,
    #[oai(default)]
    note: String,
}

/// A reason in words.
#[derive(Object)]
struct AssignmentReasonIn {
    reason: String,
}

/// A task as staff see it.
#[derive(Object)]
struct AssignmentOut {
    id: Uuid,
    evaluator: Uuid,
    name: String,
    /// `invited`, `accepted`, `declined`, `conflicted`, `in_progress`, `submitted` or `withdrawn`.
    state: String,
    due_at: Option<DateTime<Utc>>,
    invited_at: DateTime<Utc>,
    answered_at: Option<DateTime<Utc>>,
    submitted_at: Option<DateTime<Utc>>,
    reason: Option<String>,
    done: u32,
    criteria: u32,
    /// The weighted total, once submitted, for those who may read scores.
    total: Option<String>,
}

#[derive(Object)]
struct EvaluationRowOut {
    proposal: Uuid,
    code: String,
    title: String,
    /// How many evaluators the call wants.
    wanted: u32,
    assignments: Vec<AssignmentOut>,
}

#[derive(Object)]
struct EvaluationProgressOut {
    items: Vec<EvaluationRowOut>,
    total: u64,
    next: Option<u64>,
}

/// Somebody who could be asked.
#[derive(Object)]
struct EvaluatorCandidateOut {
    evaluator: Uuid,
    name: String,
    organisation: String,
    expertise: Vec<String>,
    languages: Vec<String>,
    load: i32,
    capacity: i32,
    /// Fields that occur in the proposal.
    fits: Vec<String>,
    /// Why the person cannot be asked; nothing when they can.
    obstacle: Option<String>,
    remarks: Vec<String>,
    /// The conflict of interest that is written down, if there is one.
    conflict: Option<Uuid>,
    /// The finding that has to be decided before the person may be asked.
    finding: Option<Uuid>,
}

#[derive(Object)]
struct AssigningOut {
    proposal: Uuid,
    code: String,
    wanted: u32,
    assignments: Vec<AssignmentOut>,
    candidates: Vec<EvaluatorCandidateOut>,
    /// Who could take the place of somebody with a conflict of interest, when there is one to fill.
    replacement: Option<Uuid>,
}

#[derive(Object)]
struct InviteEvaluatorIn {
    evaluator: Uuid,
    due_at: Option<DateTime<Utc>>,
}

#[derive(Object)]
struct AssignmentDueIn {
    due_at: Option<DateTime<Utc>>,
}

#[derive(Object)]
struct RecordConflictIn {
    evaluator: Uuid,
    reason: String,
}

#[derive(Object)]
struct AssignmentIdOut {
    id: Uuid,
}

fn small(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// What narrows the proposals of an evaluation.
fn matrix_filters(waiting: Option<String>, evaluator: Option<Uuid>) -> Vec<(&'static str, Option<String>)> {
    vec![("waiting", waiting), ("evaluator", evaluator.map(|id| id.to_string()))]
}

#[OpenApi(tag = "Tag::Evaluation")]
impl AssignmentsApi {
    /// Your own tasks as an evaluator.
    #[oai(path = "/assignments", method = "get", operation_id = "listOwnAssignments")]
    async fn own(&self, app: Data<&App>, caller: Caller) -> Result<Json<OwnAssignmentsOut>, ApiError> {
        let tasks = app.ask(&caller.0, OwnTasks).await?;
        let out = |task: super::queries::OwnTask| OwnAssignmentOut {
            id: task.id.0,
            proposal: task.proposal.0,
            code: task.code,
            title: task.title,
            call: task.call.0,
            state: task.state.word().to_owned(),
            due_at: task.due_at,
            submitted_at: task.submitted_at,
            done: small(task.done),
            criteria: small(task.total),
        };
        let items: Vec<OwnAssignmentOut> = tasks.into_iter().map(out).collect();
        Ok(Json(OwnAssignmentsOut { total: items.len() as u64, items, next: None }))
    }

    /// What an invitation is about: summary and everybody who takes part.
    #[oai(path = "/assignments/:id", method = "get", operation_id = "getInvitationToEvaluate")]
    async fn invitation(
        &self,
        app: Data<&App>,
        caller: Caller,
        id: Path<Uuid>,
    ) -> Result<Json<EvaluationInvitationOut>, ApiError> {
        let found = app.ask(&caller.0, InvitationOf(id.0.into())).await?;
        let involved = found.partners.into_iter().map(|(organisation, country, companies)| InvolvedOut {
            organisation,
            country: country.to_owned(),
            companies,
        });
        Ok(Json(EvaluationInvitationOut {
            id: found.id.0,
            state: found.state.word().to_owned(),
            code: found.code,
            title: found.title,
            summary: found.summary,
            due_at: found.due_at,
            answer_by: found.answer_by,
            involved: involved.collect(),
            compared: ComparedOut { people: found.people, found: found.found },
        }))
    }

    /// Accept a task with a signed declaration of no conflict of interest.
    #[oai(path = "/assignments/:id/accept", method = "post", operation_id = "acceptAssignment")]
    async fn accept(
        &self,
        app: Data<&App>,
        caller: Caller,
        id: Path<Uuid>,
        body: Json<AcceptAssignmentIn>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<(), ApiError> {
        let AcceptAssignmentIn { signed_name, declared } = body.0;
        let command = AcceptAssignment { assignment: id.0.into(), signed_name, declared };
        Ok(app.run_once(&caller.0, key.0.as_deref(), command).await?)
    }

    /// Decline a task.
    #[oai(path = "/assignments/:id/decline", method = "post", operation_id = "declineAssignment")]
    async fn decline(
        &self,
        app: Data<&App>,
        caller: Caller,
        id: Path<Uuid>,
        body: Json<DeclineAssignmentIn>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<(), ApiError> {
        let DeclineAssignmentIn { reason, note } = body.0;
        let command = DeclineAssignment { assignment: id.0.into(), reason, note };
        Ok(app.run_once(&caller.0, key.0.as_deref(), command).await?)
    }

    /// Declare a conflict of interest: the task is withdrawn and the proposal hidden from you.
    #[oai(path = "/assignments/:id/conflict", method = "post", operation_id = "declareConflict")]
    async fn conflict(
        &self,
        app: Data<&App>,
        caller: Caller,
        id: Path<Uuid>,
        body: Json<AssignmentReasonIn>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<(), ApiError> {
        let command = DeclareConflict { assignment: id.0.into(), reason: body.0.reason };
        Ok(app.run_once(&caller.0, key.0.as_deref(), command).await?)
    }

    /// How the evaluation of a call goes: its proposals with their assignments.
    #[oai(path = "/calls/:call/evaluation", method = "get", operation_id = "getEvaluationProgress")]
    #[expect(clippy::too_many_arguments, reason = "one for each filter of the list")]
    async fn progress(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        /// Part of a number, a title or an evaluator's name.
        q: Query<Option<String>>,
        /// `evaluators`, `answer`, `sheet`, `late`, or `nothing` where all sheets are in.
        waiting: Query<Option<String>>,
        /// The id of an evaluator with a task on the proposal.
        evaluator: Query<Option<Uuid>>,
        /// `code`, `title` or `done`.
        sort: Query<Option<String>>,
        direction: Query<Option<Direction>>,
        page: Query<Option<u64>>,
    ) -> Result<Json<EvaluationProgressOut>, ApiError> {
        let filters = matrix_filters(waiting.0, evaluator.0);
        let wanted = Wanted { q: q.0, filters, sort: sort.0, direction: direction.0, page: page.0 };
        let list = wanted.request("code", false);
        let rows = app.ask(&caller.0, ProgressOf { call: call.0.into(), list }).await?.rows;
        let (total, next) = (rows.total, next_page(&rows));
        let row = |row: ProgressRow| EvaluationRowOut {
            proposal: row.id.0,
            code: row.code,
            title: row.title,
            wanted: small(row.wanted),
            assignments: row.tasks.into_iter().map(task).collect(),
        };
        Ok(Json(EvaluationProgressOut { items: rows.rows.into_iter().map(row).collect(), total, next }))
    }

    /// All matching proposals with their assignments as a file.
    #[oai(path = "/calls/:call/evaluation/export", method = "get", operation_id = "exportEvaluationProgress")]
    #[expect(clippy::too_many_arguments, reason = "one for each filter of the list")]
    async fn progress_file(
        &self,
        app: Data<&App>,
        caller: Caller,
        call: Path<Uuid>,
        /// CSV, when nothing is said.
        format: Query<Option<FileFormat>>,
        q: Query<Option<String>>,
        waiting: Query<Option<String>>,
        evaluator: Query<Option<Uuid>>,
        sort: Query<Option<String>>,
        direction: Query<Option<Direction>>,
    ) -> Result<ListFile, ApiError> {
        let filters = matrix_filters(waiting.0, evaluator.0);
        let wanted = Wanted { q: q.0, filters, sort: sort.0, direction: direction.0, page: None };
        let list = wanted.request("code", false).everything();
        let all = app.ask(&caller.0, ProgressOf { call: call.0.into(), list }).await?;
        exported(&app, &caller, Subject::Call(call.0.into()), format.0, "Evaluation", &all.rows.rows).await
    }

    /// The assignments of a proposal, and everybody of the pool with what speaks for and against them.
    #[oai(path = "/proposals/:proposal/evaluators", method = "get", operation_id = "listCandidates")]
    async fn assigning(
        &self,
        app: Data<&App>,
        caller: Caller,
        proposal: Path<Uuid>,
    ) -> Result<Json<AssigningOut>, ApiError> {
        let sheet = app.ask(&caller.0, AssigningOf(proposal.0.into())).await?;
        let candidate = |one: super::queries::Candidate| EvaluatorCandidateOut {
            obstacle: one.obstacle(),
            remarks: one.remarks(),
            finding: one.open_tie().map(|tie| tie.id.0),
            evaluator: one.evaluator.0,
            name: one.name,
            organisation: one.organisation,
            expertise: one.expertise,
            languages: one.languages,
            load: one.load,
            capacity: one.capacity,
            fits: one.fits,
            conflict: one.conflict.map(|(id, _)| id.0),
        };
        Ok(Json(AssigningOut {
            proposal: sheet.reading.id.0,
            code: sheet.reading.code,
            wanted: sheet.wanted,
            replacement: sheet.replacement.map(|id| id.0),
            assignments: sheet.tasks.into_iter().map(task).collect(),
            candidates: sheet.candidates.into_iter().map(candidate).collect(),
        }))
    }

    /// Ask somebody of the pool to evaluate a proposal.
    #[oai(path = "/proposals/:proposal/evaluators", method = "post", operation_id = "inviteEvaluator")]
    async fn invite(
        &self,
        app: Data<&App>,
        caller: Caller,
        proposal: Path<Uuid>,
        body: Json<InviteEvaluatorIn>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<Json<AssignmentIdOut>, ApiError> {
        let InviteEvaluatorIn { evaluator, due_at } = body.0;
        let command = InviteEvaluator { proposal: proposal.0.into(), evaluator: evaluator.into(), due: due_at };
        let id = app.run_once(&caller.0, key.0.as_deref(), command).await?;
        Ok(Json(AssignmentIdOut { id: id.0 }))
    }

    /// Write down a conflict of interest you know of.
    #[oai(path = "/proposals/:proposal/conflicts", method = "post", operation_id = "recordConflict")]
    async fn record(
        &self,
        app: Data<&App>,
        caller: Caller,
        proposal: Path<Uuid>,
        body: Json<RecordConflictIn>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<(), ApiError> {
        let RecordConflictIn { evaluator, reason } = body.0;
        let command = RecordConflict { proposal: proposal.0.into(), evaluator: evaluator.into(), reason };
        Ok(app.run_once(&caller.0, key.0.as_deref(), command).await?)
    }

    /// Take back a conflict of interest that was written down by mistake.
    #[oai(
        path = "/proposals/:proposal/conflicts/:conflict/withdraw",
        method = "post",
        operation_id = "withdrawConflict"
    )]
    async fn unrecord(
        &self,
        app: Data<&App>,
        caller: Caller,
        proposal: Path<Uuid>,
        conflict: Path<Uuid>,
        body: Json<AssignmentReasonIn>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<(), ApiError> {
        let command =
            WithdrawConflict { proposal: proposal.0.into(), conflict: conflict.0.into(), reason: body.0.reason };
        Ok(app.run_once(&caller.0, key.0.as_deref(), command).await?)
    }

    /// Set or clear the date a sheet is due.
    #[oai(path = "/assignments/:id/due", method = "put", operation_id = "setAssignmentDue")]
    async fn due(
        &self,
        app: Data<&App>,
        caller: Caller,
        id: Path<Uuid>,
        body: Json<AssignmentDueIn>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<(), ApiError> {
        let command = SetDue { assignment: id.0.into(), due: body.0.due_at };
        Ok(app.run_once(&caller.0, key.0.as_deref(), command).await?)
    }

    /// Remind an evaluator who has not answered or not submitted.
    #[oai(path = "/assignments/:id/remind", method = "post", operation_id = "remindEvaluator")]
    async fn remind(
        &self,
        app: Data<&App>,
        caller: Caller,
        id: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<(), ApiError> {
        Ok(app.run_once(&caller.0, key.0.as_deref(), RemindEvaluator(id.0.into())).await?)
    }

    /// Give a submitted sheet back to its evaluator.
    #[oai(path = "/assignments/:id/reopen", method = "post", operation_id = "reopenAssignment")]
    async fn reopen(
        &self,
        app: Data<&App>,
        caller: Caller,
        id: Path<Uuid>,
        body: Json<AssignmentReasonIn>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<(), ApiError> {
        let command = ReopenAssignment { assignment: id.0.into(), reason: body.0.reason };
        Ok(app.run_once(&caller.0, key.0.as_deref(), command).await?)
    }

    /// Take a task back.
    #[oai(path = "/assignments/:id/withdraw", method = "post", operation_id = "withdrawAssignment")]
    async fn withdraw(
        &self,
        app: Data<&App>,
        caller: Caller,
        id: Path<Uuid>,
        body: Json<AssignmentReasonIn>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<(), ApiError> {
        let command = WithdrawAssignment { assignment: id.0.into(), reason: body.0.reason };
        Ok(app.run_once(&caller.0, key.0.as_deref(), command).await?)
    }
}

fn task(line: TaskLine) -> AssignmentOut {
    AssignmentOut {
        id: line.id.0,
        evaluator: line.evaluator.0,
        name: line.name,
        state: line.state.word().to_owned(),
        due_at: line.due_at,
        invited_at: line.invited_at,
        answered_at: line.answered_at,
        submitted_at: line.submitted_at,
        reason: line.reason,
        done: small(line.done),
        criteria: small(line.total),
        total: line.points,
    }
}
