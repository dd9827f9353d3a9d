//! The proposals of a call with how far their evaluators are apart.

use super::{Facts, sentence};
use crate::kernel::{AppError, Leave, Permission, Query, Result, Snapshot, Subject, access::scope};
use entity::{
    calls::call,
    evaluation::consensus,
    proposals::proposal,
    types::{
        decimal,
        ids::{CallId, ProposalId},
        states::ConsensusState,
        terms::CallTerms,
    },
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::BTreeMap;

/// One proposal.
#[derive(Debug, Clone)]
pub struct Line {
    pub id: ProposalId,
    pub code: String,
    pub title: String,
    /// Submitted sheets, and those not handed in yet.
    pub sheets: usize,
    pub open: usize,
    /// Lowest, mean and highest weighted total in hundredths; none with fewer than one complete sheet.
    pub totals: Option<(i64, i64, i64)>,
    /// What the rule finds, as sentences.
    pub found: Vec<String>,
    /// The state of its case, when there is one.
    pub state: Option<ConsensusState>,
    pub version: i64,
}

impl Line {
    /// The lowest and the highest total as people read them.
    pub fn range(&self) -> Option<String> {
        self.totals.map(|(low, _, high)| format!("{} to {}", shown(low), shown(high)))
    }
}

/// The cases of a call.
pub struct Cases {
    pub call: CallId,
    pub call_code: String,
    pub terms: CallTerms,
    pub lines: Vec<Line>,
    pub may_manage: bool,
}

/// How far the evaluators of each proposal are apart.
pub struct CasesOf(pub CallId);

impl Query for CasesOf {
    const NEEDS: Permission = Permission::SeeProgress;
    type Output = Cases;

    fn about(&self) -> Subject {
        Subject::Call(self.0)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Cases> {
        let db = db.conn();
        let call = call::Entity::find_by_id(self.0).one(db).await?.ok_or(AppError::NotFound)?;
        let proposals = scope::proposals(leave)
            .filter(proposal::Column::CallId.eq(self.0))
            .order_by_asc(proposal::Column::Code)
            .all(db)
            .await?;
        let mut facts = Facts::of(db, proposals.iter().map(|p| p.id)).await?;
        let cases = consensus::Entity::find().filter(consensus::Column::CallId.eq(self.0)).all(db).await?;
        let cases: BTreeMap<ProposalId, consensus::Model> = cases.into_iter().map(|c| (c.proposal_id, c)).collect();
        let weights: Vec<i64> = call.terms.criteria.iter().map(|c| i64::from(c.weight.basis_points())).collect();
        let mut lines = Vec::new();
        for proposal in proposals {
            let Some(facts) = facts.remove(&proposal.id) else { continue };
            let case = cases.get(&proposal.id);
            let totals: Vec<i64> = facts.sheets(&call.terms).iter().filter_map(|s| s.total(&weights)).collect();
            lines.push(Line {
                id: proposal.id,
                code: proposal.code,
                title: proposal.title,
                sheets: facts.submitted.len(),
                open: facts.open,
                totals: ends(&totals),
                found: facts.verdict(&call.terms).found.iter().map(|f| sentence(f, &call.terms)).collect(),
                state: case.map(|c| c.state),
                version: case.map_or(0, |c| c.version),
            });
        }
        Ok(Cases {
            call: call.id,
            call_code: call.code.to_string(),
            may_manage: leave.may(Permission::ManageConsensus),
            terms: call.terms,
            lines,
        })
    }
}

/// Lowest, mean and highest total in hundredths, rounded half up.
fn ends(totals: &[i64]) -> Option<(i64, i64, i64)> {
    let shown = |sum: i64, unit: i64| (2 * sum + unit).div_euclid(2 * unit);
    let count = i64::try_from(totals.len()).ok()?;
    let (low, high) = (totals.iter().min()?, totals.iter().max()?);
    Some((shown(*low, 10_000), shown(totals.iter().sum(), 10_000 * count), shown(*high, 10_000)))
}

/// Hundredths of points as people read them.
pub fn shown(hundredths: i64) -> String {
    decimal::fixed(hundredths, 2)
}
