//! Calls as the people see them who write them.

use crate::{
    calls::{
        public::queries::{AnnexView, pattern},
        rules::{CallStep, EditorTask, TermsFinding, check_terms, editor_tasks, states::steps_from},
        stored,
    },
    kernel::{
        Leave, Permission, Query, Result, Snapshot, Subject,
        access::scope,
        paging::{ListRequest, Listed, listed},
    },
};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use entity::{
    calls::{annex, call},
    types::{
        ids::{AnnexId, CallId},
        states::{AnnexClass, AnnexState, CallState},
        terms::CallTerms,
    },
};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait},
};

/// A call in the list of staff.
#[derive(Debug, Clone)]
pub struct StaffCall {
    pub id: CallId,
    pub code: String,
    pub title: String,
    pub state: CallState,
    pub opens_at: Option<DateTime<Utc>>,
    pub closes_at: Option<DateTime<Utc>>,
    pub zone: Tz,
    /// Funding agencies that have approved, of how many.
    pub approved: usize,
    pub funding: usize,
}

/// Calls the actor works on or may read.
pub struct StaffCalls(pub ListRequest);

impl Query for StaffCalls {
    const NEEDS: Permission = Permission::PreviewCall;
    type Output = Listed<StaffCall>;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Self::Output> {
        let request = self.0;
        let mut found = scope::calls(leave);
        let states = request.values::<CallState>("state");
        if !states.is_empty() {
            found = found.filter(call::Column::State.is_in(states));
        }
        for word in request.words().unwrap_or_default().split_whitespace().take(8) {
            found = found.filter(Expr::col(call::Column::Search).like(pattern(word)));
        }
        let column = match request.sort.as_str() {
            "title" => call::Column::Title,
            "opens" => call::Column::OpensAt,
            "closes" => call::Column::ClosesAt,
            "state" => call::Column::State,
            _ => call::Column::Code,
        };
        let found = found.order_by(column, request.order()).order_by_asc(call::Column::Id);
        let rows = listed(db.conn(), found, request.paging).await?;
        let annexes = annex::Entity::find()
            .select_only()
            .columns([annex::Column::CallId, annex::Column::State])
            .filter(annex::Column::CallId.is_in(rows.rows.iter().map(|row| row.id)))
            .filter(annex::Column::Class.eq(AnnexClass::Funding))
            .into_tuple::<(CallId, AnnexState)>()
            .all(db.conn())
            .await?;
        Ok(rows.map(|row| {
            let own = || annexes.iter().filter(|(id, _)| *id == row.id);
            StaffCall {
                approved: own().filter(|(_, state)| *state == AnnexState::Approved).count(),
                funding: own().count(),
                id: row.id,
                code: row.code,
                title: row.title,
                state: row.state,
                opens_at: row.opens_at,
                closes_at: row.closes_at,
                zone: row.terms.zone,
            }
        }))
    }
}

/// What the actor may do with a call at this moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Can {
    pub draft: bool,
    pub edit: bool,
    pub correct: bool,
    pub publish: bool,
    pub advance: bool,
    pub figures: bool,
    pub proposals: bool,
    pub checks: bool,
    pub progress: bool,
    pub ranking: bool,
    pub scenarios: bool,
    pub decisions: bool,
    pub reports: bool,
    pub history: bool,
}

/// A call with all its annexes, its tasks and what may be done.
#[derive(Debug, Clone)]
pub struct CallDesk {
    pub id: CallId,
    pub code: String,
    pub state: CallState,
    pub version: i64,
    pub terms: CallTerms,
    pub annexes: Vec<AnnexView>,
    pub tasks: Vec<EditorTask>,
    pub findings: Vec<TermsFinding>,
    pub steps: Vec<CallStep>,
    pub can: Can,
    /// Annexes whose agency the actor is an officer of.
    pub own: Vec<AnnexId>,
    pub corrigenda: u64,
}

/// A call for the people who work on it.
pub struct CallAtDesk(pub CallId);

impl Query for CallAtDesk {
    const NEEDS: Permission = Permission::PreviewCall;
    type Output = CallDesk;

    fn about(&self) -> Subject {
        Subject::Call(self.0)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<CallDesk> {
        use sea_orm::PaginatorTrait;
        let row = stored::call(db.conn(), self.0).await?;
        let annexes = stored::annexes(db.conn(), self.0).await?;
        let corrigenda = entity::calls::corrigendum::Entity::find()
            .filter(entity::calls::corrigendum::Column::CallId.eq(self.0))
            .count(db.conn())
            .await?;
        let own = annexes
            .iter()
            .filter(|annex| scope::is_officer_of(leave, annex.agency.id))
            .map(|annex| annex.row.id)
            .collect();
        Ok(CallDesk {
            tasks: editor_tasks(&row.terms, &stored::in_editor(&annexes)),
            findings: check_terms(&row.terms, &stored::named(&annexes)),
            steps: steps_from(row.state),
            can: Can {
                draft: leave.may(Permission::DraftCall),
                edit: leave.may(Permission::EditCall),
                correct: leave.may(Permission::CorrectCall),
                publish: leave.may(Permission::PublishCall),
                advance: leave.may(Permission::AdvanceCall),
                figures: leave.may(Permission::SeeCallFigures),
                proposals: leave.may(Permission::ListProposals),
                checks: leave.may(Permission::ReadCheck),
                progress: leave.may(Permission::SeeProgress),
                ranking: leave.may(Permission::ReadRanking),
                scenarios: leave.may(Permission::SeeScenarios),
                decisions: leave.may(Permission::ReadDecisions),
                reports: leave.may(Permission::ReadKpis),
                history: leave.may(Permission::ReadAudit),
            },
            own,
            corrigenda,
            id: row.id,
            code: row.code,
            state: row.state,
            version: row.version,
            terms: row.terms,
            annexes: annexes.into_iter().map(AnnexView::of).collect(),
        })
    }
}
