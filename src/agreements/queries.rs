//! What can be seen of agreements.

use crate::kernel::{
    AppError, Leave, Permission, Query, Result, Snapshot, Subject,
    access::scope,
    paging::{ListRequest, Listed, listed},
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
        ids::{CallId, OrganisationId, PartId, ProposalId, ReportId},
        money::Money,
        states::{DecisionState, PartState, ReportKind, ReportState},
        terms::Months,
    },
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect,
    RelationTrait, Select,
};
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
    pub agency: String,
    pub granted: Money,
    pub state: PartState,
    pub starts_on: Option<NaiveDate>,
    pub ends_on: Option<NaiveDate>,
    pub signed_on: Option<NaiveDate>,
}

/// Parts that have, or wait for, an agreement.
pub const AWARDED: [PartState; 3] = [PartState::Awarded, PartState::Contracted, PartState::Closed];

/// Awarded parts of a call as its staff see them.
pub struct AwardsOf {
    pub call: CallId,
    pub list: ListRequest,
}

/// The list and what its filters offer.
pub struct Awards {
    pub call_code: String,
    pub lines: Listed<AwardLine>,
    pub agencies: Vec<(OrganisationId, String)>,
}

impl Query for AwardsOf {
    const NEEDS: Permission = Permission::ReadKpis;
    type Output = Awards;

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Awards> {
        let db = db.conn();
        let call = call::Entity::find_by_id(self.call).one(db).await?.ok_or(AppError::NotFound)?;
        let annexes = annex::Entity::find()
            .find_also_related(organisation::Entity)
            .filter(annex::Column::CallId.eq(self.call))
            .order_by_asc(annex::Column::Position)
            .all(db)
            .await?;
        let page = listed(db, narrowed(leave, &annexes, &self.list), self.list.paging).await?;
        let lines = lines(db, page, &annexes).await?;
        let agencies = annexes.into_iter().filter_map(|(a, o)| Some((a.agency_id, o?.name))).collect();
        Ok(Awards { call_code: call.code, lines, agencies })
    }
}

type Annexes = [(annex::Model, Option<organisation::Model>)];

fn narrowed(leave: Leave<'_>, annexes: &Annexes, list: &ListRequest) -> Select<part::Entity> {
    let agency = list.value::<OrganisationId>("agency");
    let here = annexes.iter().filter(|(a, _)| agency.is_none_or(|agency| a.agency_id == agency)).map(|(a, _)| a.id);
    let mut parts = scope::parts(leave)
        .inner_join(proposal::Entity)
        .inner_join(organisation::Entity)
        .join(JoinType::LeftJoin, agreement::Relation::Part.def().rev())
        .filter(part::Column::AnnexId.is_in(here))
        .filter(part::Column::State.is_in(AWARDED));
    if let Some(state) = list.value::<PartState>("state") {
        parts = parts.filter(part::Column::State.eq(state));
    }
    match list.filter("dates") {
        Some("none") => parts = parts.filter(agreement::Column::StartsOn.is_null()),
        Some("set") => parts = parts.filter(agreement::Column::StartsOn.is_not_null()),
        _ => {}
    }
    if let Some(words) = list.words() {
        let found = Condition::any()
            .add(proposal::Column::Search.contains(&words))
            .add(organisation::Column::Search.contains(&words));
        parts = parts.filter(found);
    }
    let parts = match list.sort.as_str() {
        "organisation" => parts.order_by(organisation::Column::Name, list.order()),
        "state" => parts.order_by(part::Column::State, list.order()),
        // Parts without dates stand together, on both databases at the same end.
        "starts" => parts
            .order_by(agreement::Column::StartsOn.is_null(), list.order())
            .order_by(agreement::Column::StartsOn, list.order()),
        "ends" => parts
            .order_by(agreement::Column::EndsOn.is_null(), list.order())
            .order_by(agreement::Column::EndsOn, list.order()),
        _ => parts.order_by(proposal::Column::Code, list.order()),
    };
    parts.order_by_asc(part::Column::Id)
}

async fn lines(db: &impl ConnectionTrait, page: Listed<part::Model>, annexes: &Annexes) -> Result<Listed<AwardLine>> {
    let ids = || page.rows.iter().map(|row| row.id);
    let proposals = proposal::Entity::find()
        .filter(proposal::Column::Id.is_in(page.rows.iter().map(|row| row.proposal_id)))
        .all(db)
        .await?;
    let organisations = organisation::Entity::find()
        .filter(organisation::Column::Id.is_in(page.rows.iter().map(|row| row.organisation_id)))
        .all(db)
        .await?;
    let agreements = agreement::Entity::find().filter(agreement::Column::PartId.is_in(ids())).all(db).await?;
    let agreements: BTreeMap<_, _> = agreements.into_iter().map(|a| (a.part_id, a)).collect();
    let granted: BTreeMap<_, _> = decision::Entity::find()
        .filter(decision::Column::PartId.is_in(ids()))
        .filter(decision::Column::State.eq(DecisionState::Released))
        .all(db)
        .await?
        .into_iter()
        .map(|d| (d.part_id, Money::new(d.minor, d.currency)))
        .collect();
    Ok(page.map(|part| {
        let proposal = proposals.iter().find(|p| p.id == part.proposal_id);
        let organisation = organisations.iter().find(|o| o.id == part.organisation_id);
        let agency = annexes.iter().find(|(a, _)| a.id == part.annex_id).and_then(|(_, o)| o.as_ref());
        let dates = agreements.get(&part.id);
        AwardLine {
            granted: granted.get(&part.id).copied().unwrap_or(Money::zero(part.currency)),
            part: part.id,
            code: proposal.map(|p| p.code.clone()).unwrap_or_default(),
            title: proposal.map(|p| p.title.clone()).unwrap_or_default(),
            organisation: organisation.map(|o| o.name.clone()).unwrap_or_default(),
            agency: agency.map(|o| o.name.clone()).unwrap_or_default(),
            state: part.state,
            starts_on: dates.and_then(|a| a.starts_on),
            ends_on: dates.and_then(|a| a.ends_on),
            signed_on: dates.and_then(|a| a.signed_on),
        }
    }))
}
