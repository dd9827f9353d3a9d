//! What can be seen of agreements.

use crate::kernel::{
    AppError, Leave, Permission, Query, Result, Snapshot, Subject,
    access::scope,
    paging::{Listed, Paging},
};
use chrono::NaiveDate;
use entity::{
    agreements::agreement,
    calls::{annex, call},
    decisions::decision,
    organisations::organisation,
    proposals::{part, proposal},
    reporting::report,
    types::{
        ids::{CallId, PartId, ProposalId, ReportId},
        money::Money,
        states::{DecisionState, PartState, ReportKind, ReportState},
        terms::Months,
    },
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::BTreeMap;

/// An awarded part with its agreement and reports.
#[derive(Debug, Clone)]
pub struct AgreementView {
    pub part: PartId,
    pub part_state: PartState,
    pub proposal: ProposalId,
    pub call: CallId,
    pub call_code: String,
    pub code: String,
    pub title: String,
    pub organisation: String,
    pub agency: String,
    pub granted: Money,
    pub duration: Months,
    pub dates: Option<Dates>,
    pub reports: Vec<ReportLine>,
    pub can_set: bool,
    pub can_write: bool,
}

#[derive(Debug, Clone)]
pub struct Dates {
    pub starts_on: Option<NaiveDate>,
    pub ends_on: Option<NaiveDate>,
    pub signed_on: Option<NaiveDate>,
    pub note: String,
    pub version: i64,
}

#[derive(Debug, Clone)]
pub struct ReportLine {
    pub id: ReportId,
    pub kind: ReportKind,
    pub label: String,
    pub due_on: NaiveDate,
    pub state: ReportState,
}

pub struct AgreementOf(pub PartId);

impl Query for AgreementOf {
    const NEEDS: Permission = Permission::ReadAgreement;
    type Output = AgreementView;

    fn about(&self) -> Subject {
        Subject::Part(self.0)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<AgreementView> {
        let db = db.conn();
        let decision = decision::Entity::find()
            .filter(decision::Column::PartId.eq(self.0))
            .filter(decision::Column::State.eq(DecisionState::Released))
            .one(db)
            .await?
            .ok_or(AppError::NotFound)?;
        let (part, organisation) = part::Entity::find_by_id(self.0)
            .find_also_related(organisation::Entity)
            .one(db)
            .await?
            .ok_or(AppError::NotFound)?;
        if !matches!(part.state, PartState::Awarded | PartState::Contracted | PartState::Closed) {
            return Err(AppError::NotFound);
        }
        let (proposal, call) = proposal::Entity::find_by_id(part.proposal_id)
            .find_also_related(call::Entity)
            .one(db)
            .await?
            .ok_or(AppError::NotFound)?;
        let call = call.ok_or(AppError::NotFound)?;
        let agency = annex::Entity::find_by_id(part.annex_id).find_also_related(organisation::Entity).one(db).await?;
        let agreement = agreement::Entity::find().filter(agreement::Column::PartId.eq(self.0)).one(db).await?;
        let reports = report::Entity::find()
            .filter(report::Column::PartId.eq(self.0))
            .order_by_asc(report::Column::DueOn)
            .all(db)
            .await?;
        Ok(AgreementView {
            part: self.0,
            part_state: part.state,
            proposal: proposal.id,
            call: call.id,
            call_code: call.code,
            code: proposal.code,
            title: proposal.title,
            organisation: organisation.map(|o| o.name).unwrap_or_default(),
            agency: agency.and_then(|(_, a)| a).map(|a| a.name).unwrap_or_default(),
            granted: Money::new(decision.minor, decision.currency),
            duration: call.terms.duration,
            dates: agreement.map(|a| Dates {
                starts_on: a.starts_on,
                ends_on: a.ends_on,
                signed_on: a.signed_on,
                note: a.note,
                version: a.version,
            }),
            reports: reports
                .into_iter()
                .map(|r| ReportLine { id: r.id, kind: r.kind, label: r.label, due_on: r.due_on, state: r.state })
                .collect(),
            can_set: leave.may(Permission::SetAgreement),
            can_write: leave.may(Permission::WriteReport),
        })
    }
}

/// One awarded part in the staff list.
#[derive(Debug, Clone)]
pub struct AwardLine {
    pub part: PartId,
    pub code: String,
    pub title: String,
    pub organisation: String,
    pub granted: Money,
    pub state: PartState,
    pub starts_on: Option<NaiveDate>,
    pub ends_on: Option<NaiveDate>,
}

/// Awarded parts of a call as staff see them.
pub struct AwardsOf {
    pub call: CallId,
    pub paging: Paging,
}

impl Query for AwardsOf {
    const NEEDS: Permission = Permission::ReadKpis;
    type Output = Listed<AwardLine>;

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Listed<AwardLine>> {
        let db = db.conn();
        let select = scope::parts(leave)
            .find_also_related(proposal::Entity)
            .filter(proposal::Column::CallId.eq(self.call))
            .filter(part::Column::State.is_in([PartState::Awarded, PartState::Contracted, PartState::Closed]));
        let total = select.clone().count(db).await?;
        let rows = select
            .order_by_asc(proposal::Column::Code)
            .order_by_asc(part::Column::Id)
            .limit(self.paging.size)
            .offset(self.paging.offset())
            .all(db)
            .await?;
        let ids: Vec<PartId> = rows.iter().map(|(part, _)| part.id).collect();
        let organisations: Vec<_> = rows.iter().map(|(part, _)| part.organisation_id).collect();
        let names: BTreeMap<_, _> = organisation::Entity::find()
            .filter(organisation::Column::Id.is_in(organisations))
            .all(db)
            .await?
            .into_iter()
            .map(|o| (o.id, o.name))
            .collect();
        let agreements: BTreeMap<_, _> = agreement::Entity::find()
            .filter(agreement::Column::PartId.is_in(ids.clone()))
            .all(db)
            .await?
            .into_iter()
            .map(|a| (a.part_id, a))
            .collect();
        let granted: BTreeMap<_, _> = decision::Entity::find()
            .filter(decision::Column::PartId.is_in(ids))
            .filter(decision::Column::State.eq(DecisionState::Released))
            .all(db)
            .await?
            .into_iter()
            .map(|d| (d.part_id, Money::new(d.minor, d.currency)))
            .collect();
        let lines = rows.into_iter().filter_map(|(part, proposal)| {
            let proposal = proposal?;
            let dates = agreements.get(&part.id);
            Some(AwardLine {
                granted: granted.get(&part.id).copied().unwrap_or(Money::zero(part.currency)),
                part: part.id,
                code: proposal.code,
                title: proposal.title,
                organisation: names.get(&part.organisation_id).cloned().unwrap_or_default(),
                state: part.state,
                starts_on: dates.and_then(|a| a.starts_on),
                ends_on: dates.and_then(|a| a.ends_on),
            })
        });
        Ok(Listed::new(lines.collect(), total, self.paging))
    }
}
