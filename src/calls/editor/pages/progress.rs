//! How far a call is: its milestones, and the numbers that matter in its state.

use crate::calls::{editor::queries::CallDesk, figures::rules::KeyFigures};
use chrono::{DateTime, Utc};
use entity::types::{
    period,
    states::{AssignmentState, CallState, PartState, ReportState},
};

/// A number with the list it counts.
pub struct KeyFigure {
    pub label: &'static str,
    pub count: u64,
    pub href: String,
}

/// A state of the call's life, with its day where one is set.
pub struct Milestone {
    pub what: &'static str,
    pub when: String,
    pub past: bool,
}

/// The milestones of a call in their order; those it has reached are past.
pub fn milestones(desk: &CallDesk) -> Vec<Milestone> {
    let closes = desk.annexes.iter().map(|annex| annex.terms.deadline.instant()).max();
    let step = |what, state: CallState, at: Option<DateTime<Utc>>| Milestone {
        what,
        when: at.map(|at| period::in_zone(at, desk.terms.zone)).unwrap_or_default(),
        past: place(desk.state) >= place(state),
    };
    vec![
        step("Announced", CallState::Announced, None),
        step("Opened", CallState::Open, desk.terms.opens_at),
        step("Closed", CallState::Closed, closes),
        step("Evaluation started", CallState::Evaluating, None),
        step("Ranking fixed", CallState::Ranked, None),
        step("Decisions released", CallState::Decided, None),
        step("Archived", CallState::Archived, None),
    ]
}

fn place(state: CallState) -> usize {
    CallState::ALL.iter().position(|known| *known == state).unwrap_or_default()
}

/// The numbers that matter now, each with the list that shows what it counts.
pub fn key_figures(desk: &CallDesk, figures: &KeyFigures) -> Vec<KeyFigure> {
    let at = |page: &str| format!("/staff/calls/{}/{page}", desk.id);
    let parts =
        |label, states: &[PartState], page: &str| KeyFigure { label, count: figures.parts_in(states), href: at(page) };
    let checks = [
        parts("Parts to check", &[PartState::Submitted], "proposals?state=submitted"),
        parts("Eligible parts", &[PartState::Eligible], "proposals?state=eligible"),
        parts("Parts not eligible", &[PartState::Ineligible], "proposals?state=ineligible"),
    ];
    let tasks = |label, states: &[AssignmentState], page: &str| KeyFigure {
        label,
        count: figures.assignments_in(states),
        href: at(page),
    };
    let reports = |label, states: &[ReportState], page: &str| KeyFigure {
        label,
        count: figures.reports_in(states),
        href: at(page),
    };
    match desk.state {
        CallState::Draft | CallState::AgencyReview | CallState::Announced => Vec::new(),
        CallState::Open => vec![
            parts("Parts handed in", &[PartState::Submitted], "proposals?state=submitted"),
            parts("Parts withdrawn", &[PartState::Withdrawn], "proposals?state=withdrawn"),
        ],
        CallState::Closed => checks.into(),
        CallState::Evaluating if desk.can.progress => vec![
            tasks("Invitations to answer", &[AssignmentState::Invited], "evaluation?waiting=answer"),
            tasks(
                "Sheets being written",
                &[AssignmentState::Accepted, AssignmentState::InProgress],
                "evaluation?waiting=sheet",
            ),
            tasks("Sheets submitted", &[AssignmentState::Submitted], "evaluation?sort=done&direction=desc"),
        ],
        CallState::Evaluating => checks.into(),
        CallState::Ranked => vec![
            parts("Parts above the thresholds", &[PartState::Recommended], "proposals?state=recommended"),
            parts("Parts below a threshold", &[PartState::NotRecommended], "proposals?state=not_recommended"),
        ],
        CallState::Decided | CallState::Archived if !desk.can.reports => vec![
            parts("Awarded, without dates", &[PartState::Awarded], "proposals?state=awarded"),
            parts("Running parts", &[PartState::Contracted], "proposals?state=contracted"),
        ],
        CallState::Decided | CallState::Archived => vec![
            parts("Awarded, without dates", &[PartState::Awarded], "agreements?state=awarded"),
            parts("Running parts", &[PartState::Contracted], "agreements?state=contracted"),
            reports("Reports to check", &[ReportState::Submitted], "reports?state=submitted"),
            reports("Reports returned", &[ReportState::Returned], "reports?state=returned"),
        ],
    }
}
