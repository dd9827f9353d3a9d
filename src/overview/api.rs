//! The overview for programs.

use super::queries::{Duties, StaffCalls};
use crate::{
    api::{ApiError, Caller, Tag},
    kernel::{App, paging::Paging},
    proposals::drafts::queries::OwnProposals,
};
use chrono::{DateTime, Utc};
use poem::web::Data;
use poem_openapi::{Object, OpenApi, payload::Json};

pub struct OverviewApi;

/// What there is to do for the person the token belongs to.
#[derive(Object)]
struct OverviewOut {
    /// The latest proposals you work on.
    proposals: Vec<OverviewProposal>,
    /// Your assignments of calls in evaluation.
    assignments: Vec<OverviewAssignment>,
    /// The calls you work on as staff.
    calls: Vec<OverviewCall>,
}

#[derive(Object)]
struct OverviewProposal {
    id: uuid::Uuid,
    code: String,
    title: String,
    call: String,
    state: String,
    /// How much of the sections you can fill in is complete, in per cent.
    complete: u64,
    /// The first deadline of your own parts that are drafts.
    deadline: Option<DateTime<Utc>>,
    /// Sections given to you that are not complete.
    assigned_sections: u64,
}

#[derive(Object)]
struct OverviewAssignment {
    id: uuid::Uuid,
    proposal: String,
    title: String,
    state: String,
    due_at: Option<DateTime<Utc>>,
}

#[derive(Object)]
struct OverviewCall {
    id: uuid::Uuid,
    code: String,
    title: String,
    state: String,
    closes_at: Option<DateTime<Utc>>,
    parts_drafted: i64,
    parts_submitted: i64,
    /// The one next thing to do, if it is your turn.
    next: Option<String>,
}

#[OpenApi(tag = "Tag::Platform")]
impl OverviewApi {
    /// What there is to do for you.
    #[oai(path = "/overview", method = "get", operation_id = "getOverview")]
    async fn overview(&self, app: Data<&App>, caller: Caller) -> Result<Json<OverviewOut>, ApiError> {
        let proposals = app.ask(&caller.0, OwnProposals(Paging { page: 1, size: 24 })).await?;
        let duties = app.ask(&caller.0, Duties).await?;
        let calls = app.ask(&caller.0, StaffCalls).await?;
        let proposals = proposals.rows.into_iter().map(|card| OverviewProposal {
            id: card.id.0,
            code: card.code,
            title: card.title,
            call: card.call_code,
            state: card.state.word().to_owned(),
            complete: card.percent as u64,
            deadline: card.deadline.map(|deadline| deadline.instant()),
            assigned_sections: card.assigned as u64,
        });
        let assignments = duties.into_iter().map(|duty| OverviewAssignment {
            id: duty.id.0,
            proposal: duty.proposal,
            title: duty.title,
            state: duty.state.word().to_owned(),
            due_at: duty.due_at,
        });
        let calls = calls.into_iter().map(|call| OverviewCall {
            id: call.id.0,
            code: call.code,
            title: call.title,
            state: call.state.word().to_owned(),
            closes_at: call.closes_at,
            parts_drafted: call.counts.parts_drafted,
            parts_submitted: call.counts.parts_submitted,
            next: call.next.map(|next| next.label),
        });
        Ok(Json(OverviewOut {
            proposals: proposals.collect(),
            assignments: assignments.collect(),
            calls: calls.collect(),
        }))
    }
}
