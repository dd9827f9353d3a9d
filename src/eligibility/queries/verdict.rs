//! What applicants learn of the check of their part, once a second officer has confirmed it.

use super::super::rules;
use crate::kernel::{AppError, Leave, Permission, Query, Result, Snapshot, Subject, access::relation::Relation};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use entity::{
    calls::{annex, call},
    eligibility::eligibility_check,
    organisations::organisation,
    proposals::{part, proposal, team_member},
    types::{
        ids::{PartId, ProposalId},
        states::{CheckState, Verdict},
    },
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

/// The confirmed result of a check.
#[derive(Debug, Clone)]
pub struct VerdictView {
    pub proposal: ProposalId,
    pub code: String,
    pub organisation: String,
    pub agency: String,
    pub verdict: Verdict,
    /// The reasons as sentences.
    pub reasons: Vec<&'static str>,
    /// What the agency adds.
    pub note: String,
    pub confirmed_at: Option<DateTime<Utc>>,
    pub zone: Tz,
}

/// The confirmed result of the check of a part, for its people and the coordinator.
pub struct VerdictOf(pub PartId);

impl Query for VerdictOf {
    const NEEDS: Permission = Permission::ReadVerdict;
    type Output = VerdictView;

    fn about(&self) -> Subject {
        Subject::Part(self.0)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<VerdictView> {
        let db = db.conn();
        let team = team_member::Entity::present()
            .filter(team_member::Column::PartId.eq(self.0))
            .filter(team_member::Column::AccountId.eq(leave.account()?));
        // Partners of other parts learn the state of this one, not why.
        let own = leave.relations().has_any(&[Relation::Coordinator, Relation::PartEditor]);
        if !own && team.one(db).await?.is_none() {
            return Err(AppError::NotFound);
        }
        let check = eligibility_check::Entity::find()
            .filter(eligibility_check::Column::PartId.eq(self.0))
            .filter(eligibility_check::Column::State.eq(CheckState::Confirmed))
            .one(db)
            .await?
            .ok_or(AppError::NotFound)?;
        let (part, organisation) = part::Entity::find_by_id(self.0)
            .find_also_related(organisation::Entity)
            .one(db)
            .await?
            .ok_or(AppError::NotFound)?;
        let (proposal, call) = proposal::Entity::find_by_id(part.proposal_id)
            .find_also_related(call::Entity)
            .one(db)
            .await?
            .ok_or(AppError::NotFound)?;
        let agency = annex::Entity::find_by_id(part.annex_id).find_also_related(organisation::Entity).one(db).await?;
        Ok(VerdictView {
            proposal: proposal.id,
            code: proposal.code,
            organisation: organisation.map(|o| o.name).unwrap_or_default(),
            agency: agency.and_then(|(_, a)| a).map(|a| a.name).unwrap_or_default(),
            verdict: check.verdict,
            reasons: check.reasons.0.iter().filter_map(|key| rules::reason(key)).collect(),
            note: if check.verdict == Verdict::Ineligible { check.note } else { String::new() },
            confirmed_at: check.confirmed_at,
            zone: call.ok_or(AppError::NotFound)?.terms.zone,
        })
    }
}
