//! Annexes as the people see them who write them.

use crate::{
    calls::{
        public::queries::AnnexView,
        rules::{Severity, TermsFinding, check_terms},
        stored,
    },
    kernel::{Leave, Permission, Query, Result, Snapshot, Subject},
};
use entity::{
    calls::annex,
    organisations::organisation,
    types::{
        ids::{AnnexId, CallId, OrganisationId},
        states::{CallState, OrganisationKind},
        terms::CallTerms,
    },
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

/// An annex with its call and what may be done with it.
#[derive(Debug, Clone)]
pub struct AnnexDesk {
    pub annex: AnnexView,
    pub call: CallId,
    pub code: String,
    pub title: String,
    pub call_state: CallState,
    pub call_terms: CallTerms,
    /// What is wrong with this annex; places start at the annex.
    pub findings: Vec<TermsFinding>,
    pub may_edit: bool,
    pub may_correct: bool,
    pub may_approve: bool,
    pub may_remove: bool,
}

impl AnnexDesk {
    /// What keeps the agency from approving.
    pub fn errors(&self) -> Vec<&TermsFinding> {
        self.findings.iter().filter(|f| f.severity == Severity::Error).collect()
    }
}

/// An annex for the people who work on it.
pub struct AnnexAtDesk(pub AnnexId);

impl Query for AnnexAtDesk {
    const NEEDS: Permission = Permission::PreviewCall;
    type Output = AnnexDesk;

    fn about(&self) -> Subject {
        Subject::Annex(self.0)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<AnnexDesk> {
        let stored = stored::annex(db.conn(), self.0).await?;
        let call = stored::call(db.conn(), stored.row.call_id).await?;
        let annexes = stored::annexes(db.conn(), call.id).await?;
        let position = annexes.iter().position(|a| a.row.id == self.0).unwrap_or_default();
        let place = format!("/annexes/{position}/terms");
        let own = |finding: TermsFinding| {
            let at = finding.at.strip_prefix(&place)?.to_owned();
            Some(TermsFinding { at, ..finding })
        };
        Ok(AnnexDesk {
            findings: check_terms(&call.terms, &stored::named(&annexes)).into_iter().filter_map(own).collect(),
            may_edit: leave.may(Permission::EditAnnex),
            may_correct: leave.may(Permission::CorrectAnnex),
            may_approve: leave.may(Permission::ApproveAnnex),
            may_remove: leave.may(Permission::EditCall) && call.state == CallState::Draft,
            annex: AnnexView::of(stored),
            call: call.id,
            code: call.code,
            title: call.title,
            call_state: call.state,
            call_terms: call.terms,
        })
    }
}

/// Agencies that have no annex in a call yet, by name.
pub struct AgenciesWithoutAnnex(pub CallId);

impl Query for AgenciesWithoutAnnex {
    const NEEDS: Permission = Permission::EditCall;
    type Output = Vec<(OrganisationId, String)>;

    fn about(&self) -> Subject {
        Subject::Call(self.0)
    }

    async fn fetch(self, db: &Snapshot, _: Leave<'_>) -> Result<Self::Output> {
        let here = annex::Entity::find()
            .select_only()
            .column(annex::Column::AgencyId)
            .filter(annex::Column::CallId.eq(self.0))
            .into_query();
        Ok(organisation::Entity::find()
            .select_only()
            .columns([organisation::Column::Id, organisation::Column::Name])
            .filter(organisation::Column::Kind.eq(OrganisationKind::Agency))
            .filter(organisation::Column::Id.not_in_subquery(here))
            .order_by_asc(organisation::Column::Name)
            .limit(500)
            .into_tuple()
            .all(db.conn())
            .await?)
    }
}
