//! What officers see: one part with its check, and the list of parts of a call.

mod verdict;

pub use verdict::{VerdictOf, VerdictView};

use super::rules::{self, Answered, Facts, Item};
use crate::{
    kernel::paging::{Listed, listed},
    kernel::{AppError, Leave, Permission, Query, Result, Snapshot, Subject, access::scope, paging::ListRequest},
    proposals::{
        dossier::{Dossier, PartFile},
        reading::{
            queries::{ReadPart, files, findings, reading, submitted},
            rules::Topic,
        },
    },
};
use chrono::{DateTime, Utc};
use entity::{
    accounts::account,
    calls::{annex, call},
    eligibility::eligibility_check,
    organisations::organisation,
    proposals::{part, proposal},
    types::{
        ids::{AccountId, AnnexId, CallId, OrganisationId, PartId, ProposalId},
        money::Money,
        states::{CallState, CheckState, PartState, Verdict},
    },
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a check keeps beside its verdict.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Findings {
    pub answers: Vec<Answered>,
    /// What the rules had found when the check was proposed: topic and sentence.
    pub automatic: Vec<(String, String)>,
}

/// A part with everything its check is made of.
pub struct Case {
    pub dossier: Dossier,
    index: usize,
    pub found: Vec<(Topic, String)>,
    pub check: Option<eligibility_check::Model>,
}

impl Case {
    /// Loads the case of a part.
    ///
    /// # Errors
    /// `NotFound` when there is no such submitted part.
    pub async fn load(db: &impl ConnectionTrait, leave: Leave<'_>, id: PartId) -> Result<Self> {
        let proposal = part::Entity::find_by_id(id)
            .select_only()
            .column(part::Column::ProposalId)
            .into_tuple::<ProposalId>()
            .one(db)
            .await?
            .ok_or(AppError::NotFound)?;
        let dossier = submitted(db, leave, proposal).await?;
        let index = dossier.parts.iter().position(|p| p.row.id == id).ok_or(AppError::NotFound)?;
        let found = findings(&dossier, &dossier.parts[index]);
        let check = eligibility_check::Entity::find().filter(eligibility_check::Column::PartId.eq(id)).one(db).await?;
        Ok(Self { dossier, index, found, check })
    }

    pub fn part(&self) -> &PartFile {
        &self.dossier.parts[self.index]
    }

    /// The questions for this part.
    pub fn items(&self) -> Vec<Item> {
        let part = self.part();
        rules::items(&Facts {
            call: self.dossier.terms(),
            annex: &part.annex.terms,
            agency: &part.agency.name,
            home: part.agency.country,
            seat: part.organisation.country,
            submitted_at: part.row.submitted_at,
            found: &self.found,
        })
    }
}

/// A part with its check, as officers see it.
pub struct CheckSheet {
    pub part: ReadPart,
    pub proposal: ProposalId,
    pub code: String,
    pub title: String,
    pub call: CallId,
    pub call_code: String,
    pub call_state: CallState,
    pub items: Vec<Item>,
    pub found: Vec<(Topic, String)>,
    pub check: Option<CheckView>,
    /// Whether the actor may propose a verdict now.
    pub may_propose: bool,
    /// Whether the actor may confirm or return the proposed verdict.
    pub may_confirm: bool,
}

/// A check as it stands.
pub struct CheckView {
    pub state: CheckState,
    pub verdict: Verdict,
    pub reasons: Vec<String>,
    pub note: String,
    pub findings: Findings,
    pub proposed_by: AccountId,
    pub proposer: String,
    pub proposed_at: DateTime<Utc>,
    pub confirmer: Option<String>,
    pub confirmed_at: Option<DateTime<Utc>>,
    pub returned_note: String,
    pub version: i64,
}

/// The check of a part.
pub struct CheckOf(pub PartId);

impl Query for CheckOf {
    const NEEDS: Permission = Permission::ReadCheck;
    type Output = CheckSheet;

    fn about(&self) -> Subject {
        Subject::Part(self.0)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<CheckSheet> {
        let case = Case::load(db.conn(), leave, self.0).await?;
        let people = names(db.conn(), &case.check).await?;
        let name = |id: AccountId| people.get(&id).cloned().unwrap_or_default();
        let me = leave.actor().account();
        let may = leave.may(Permission::CheckPart);
        let open = case.part().row.state == PartState::Submitted;
        let waiting = case.check.as_ref().filter(|c| c.state == CheckState::Proposed);
        let may_confirm = may && open && waiting.zip(me).is_some_and(|(c, me)| rules::may_judge(c.proposed_by, me));
        let own_or_none = waiting.is_none_or(|c| Some(c.proposed_by) == me);
        let files = files(db.conn(), &case.dossier).await?;
        let part = reading(&case.dossier, &files).part(self.0).cloned().ok_or(AppError::NotFound)?;
        let items = case.items();
        let check = case.check.map(|row| CheckView {
            state: row.state,
            verdict: row.verdict,
            reasons: row.reasons.0,
            note: row.note,
            findings: serde_json::from_value(row.findings).unwrap_or_default(),
            proposed_by: row.proposed_by,
            proposer: name(row.proposed_by),
            proposed_at: row.proposed_at,
            confirmer: row.confirmed_by.map(name),
            confirmed_at: row.confirmed_at,
            returned_note: row.returned_note,
            version: row.version,
        });
        Ok(CheckSheet {
            part,
            proposal: case.dossier.proposal.id,
            code: case.dossier.proposal.code,
            title: case.dossier.proposal.title,
            call: case.dossier.call.id,
            call_code: case.dossier.call.code,
            call_state: case.dossier.call.state,
            items,
            found: case.found,
            check,
            may_propose: may && open && own_or_none,
            may_confirm,
        })
    }
}

async fn names(
    db: &impl ConnectionTrait,
    check: &Option<eligibility_check::Model>,
) -> Result<BTreeMap<AccountId, String>> {
    let ids = check.iter().flat_map(|c| [Some(c.proposed_by), c.confirmed_by]).flatten();
    let rows = account::Entity::find().filter(account::Column::Id.is_in(ids)).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}

/// Where a part stands with its check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    ToCheck,
    Proposed,
    Returned,
    Eligible,
    Ineligible,
    Withdrawn,
}

impl Stage {
    pub const ALL: [Self; 6] =
        [Self::ToCheck, Self::Proposed, Self::Returned, Self::Eligible, Self::Ineligible, Self::Withdrawn];

    pub const fn word(self) -> &'static str {
        match self {
            Self::ToCheck => "open",
            Self::Proposed => "proposed",
            Self::Returned => "returned",
            Self::Eligible => "eligible",
            Self::Ineligible => "ineligible",
            Self::Withdrawn => "withdrawn",
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            Self::ToCheck => "To check",
            Self::Proposed => "Waiting for the second officer",
            Self::Returned => "Returned to the first officer",
            Self::Eligible => "Eligible",
            Self::Ineligible => "Not eligible",
            Self::Withdrawn => "Withdrawn",
        }
    }

    /// The stage of a part in this state with a check in that one.
    pub fn of(part: PartState, check: Option<CheckState>) -> Self {
        match (part, check) {
            (PartState::Withdrawn, _) => Self::Withdrawn,
            (PartState::Ineligible, _) => Self::Ineligible,
            (PartState::Submitted | PartState::Draft, Some(CheckState::Proposed)) => Self::Proposed,
            (PartState::Submitted | PartState::Draft, Some(CheckState::Returned)) => Self::Returned,
            (PartState::Submitted | PartState::Draft, _) => Self::ToCheck,
            _ => Self::Eligible,
        }
    }

    /// The rows of this stage.
    fn condition(self) -> Condition {
        let checks = |states: Vec<CheckState>| {
            eligibility_check::Entity::find()
                .select_only()
                .column(eligibility_check::Column::PartId)
                .filter(eligibility_check::Column::State.is_in(states))
                .into_query()
        };
        let state = part::Column::State;
        let submitted = Condition::all().add(state.eq(PartState::Submitted));
        match self {
            Self::ToCheck => submitted
                .add(part::Column::Id.not_in_subquery(checks(vec![CheckState::Proposed, CheckState::Returned]))),
            Self::Proposed => submitted.add(part::Column::Id.in_subquery(checks(vec![CheckState::Proposed]))),
            Self::Returned => submitted.add(part::Column::Id.in_subquery(checks(vec![CheckState::Returned]))),
            Self::Eligible => Condition::all().add(state.is_not_in([
                PartState::Draft,
                PartState::Submitted,
                PartState::Ineligible,
                PartState::Withdrawn,
            ])),
            Self::Ineligible => Condition::all().add(state.eq(PartState::Ineligible)),
            Self::Withdrawn => Condition::all().add(state.eq(PartState::Withdrawn)),
        }
    }
}

impl std::str::FromStr for Stage {
    type Err = entity::types::BadValue;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|stage| stage.word() == text);
        found.ok_or_else(|| entity::types::BadValue::new("Choose one from the list"))
    }
}

/// One part in the list.
#[derive(Debug, Clone)]
pub struct CheckLine {
    pub part: PartId,
    pub proposal: ProposalId,
    pub code: String,
    pub title: String,
    pub organisation: String,
    pub country: &'static str,
    pub agency: String,
    pub requested: Money,
    pub submitted_at: Option<DateTime<Utc>>,
    pub stage: Stage,
    /// Whether the actor proposed the verdict, so that a colleague has to confirm it.
    pub own: bool,
}

/// The parts of a call, as far as the actor may see them, with where their checks stand.
pub struct ChecksOf {
    pub call: CallId,
    pub list: ListRequest,
}

/// The list and what its filters offer.
pub struct Checks {
    pub call_code: String,
    pub call_title: String,
    pub lines: Listed<CheckLine>,
    pub agencies: Vec<(OrganisationId, String)>,
    /// How many parts are at each stage, whatever the filters.
    pub counts: Vec<(Stage, u64)>,
}

impl Query for ChecksOf {
    const NEEDS: Permission = Permission::ReadCheck;
    type Output = Checks;

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Checks> {
        use sea_orm::PaginatorTrait;
        let db = db.conn();
        let call = call::Entity::find_by_id(self.call).one(db).await?.ok_or(AppError::NotFound)?;
        let annexes = annex::Entity::find()
            .find_also_related(organisation::Entity)
            .filter(annex::Column::CallId.eq(self.call))
            .all(db)
            .await?;
        let here: Vec<AnnexId> = annexes.iter().map(|(a, _)| a.id).collect();
        let all = scope::parts(leave).filter(part::Column::AnnexId.is_in(here));
        let mut counts = Vec::new();
        for stage in Stage::ALL {
            counts.push((stage, all.clone().filter(stage.condition()).count(db).await?));
        }
        let narrowed = narrowed(all, &annexes, &self.list);
        let page = listed(db, narrowed, self.list.paging).await?;
        let lines = lines(db, leave, page, &annexes).await?;
        let mut agencies: Vec<_> = annexes.into_iter().filter_map(|(a, o)| Some((a.agency_id, o?.name))).collect();
        agencies.sort_by(|a, b| a.1.cmp(&b.1));
        Ok(Checks { call_code: call.code, call_title: call.title, lines, agencies, counts })
    }
}

type Annexes = [(annex::Model, Option<organisation::Model>)];

fn narrowed(
    all: sea_orm::Select<part::Entity>,
    annexes: &Annexes,
    list: &ListRequest,
) -> sea_orm::Select<part::Entity> {
    let mut parts = all;
    if let Some(stage) = list.value::<Stage>("stage") {
        parts = parts.filter(stage.condition());
    }
    if let Some(agency) = list.value::<OrganisationId>("agency") {
        let of = annexes.iter().filter(|(a, _)| a.agency_id == agency).map(|(a, _)| a.id);
        parts = parts.filter(part::Column::AnnexId.is_in(of));
    }
    if let Some(words) = list.words() {
        let proposals = proposal::Entity::find()
            .select_only()
            .column(proposal::Column::Id)
            .filter(proposal::Column::Search.contains(&words))
            .into_query();
        let organisations = organisation::Entity::find()
            .select_only()
            .column(organisation::Column::Id)
            .filter(organisation::Column::Search.contains(&words))
            .into_query();
        let found = Condition::any()
            .add(part::Column::ProposalId.in_subquery(proposals))
            .add(part::Column::OrganisationId.in_subquery(organisations));
        parts = parts.filter(found);
    }
    let parts = match list.sort.as_str() {
        "requested" => parts.order_by(part::Column::RequestedMinor, list.order()),
        "submitted" => parts.order_by(part::Column::SubmittedAt, list.order()),
        _ => parts.left_join(proposal::Entity).order_by(proposal::Column::Code, list.order()),
    };
    parts.order_by_asc(part::Column::Id)
}

async fn lines(
    db: &impl ConnectionTrait,
    leave: Leave<'_>,
    page: Listed<part::Model>,
    annexes: &Annexes,
) -> Result<Listed<CheckLine>> {
    let ids = |of: fn(&part::Model) -> uuid::Uuid| page.rows.iter().map(of).collect::<Vec<_>>();
    let proposals =
        proposal::Entity::find().filter(proposal::Column::Id.is_in(ids(|p| p.proposal_id.0))).all(db).await?;
    let organisations = organisation::Entity::find()
        .filter(organisation::Column::Id.is_in(ids(|p| p.organisation_id.0)))
        .all(db)
        .await?;
    let checks = eligibility_check::Entity::find()
        .filter(eligibility_check::Column::PartId.is_in(ids(|p| p.id.0)))
        .all(db)
        .await?;
    let me = leave.actor().account();
    Ok(page.map(|row| {
        let proposal = proposals.iter().find(|p| p.id == row.proposal_id);
        let organisation = organisations.iter().find(|o| o.id == row.organisation_id);
        let agency = annexes.iter().find(|(a, _)| a.id == row.annex_id).and_then(|(_, o)| o.as_ref());
        let check = checks.iter().find(|c| c.part_id == row.id);
        CheckLine {
            part: row.id,
            proposal: row.proposal_id,
            code: proposal.map(|p| p.code.clone()).unwrap_or_default(),
            title: proposal.map(|p| p.title.clone()).unwrap_or_default(),
            organisation: organisation.map(|o| o.name.clone()).unwrap_or_default(),
            country: organisation.map_or("", |o| o.country.name()),
            agency: agency.map(|o| o.name.clone()).unwrap_or_default(),
            requested: Money::new(row.requested_minor, row.currency),
            submitted_at: row.submitted_at,
            stage: Stage::of(row.state, check.map(|c| c.state)),
            own: check.is_some_and(|c| Some(c.proposed_by) == me),
        }
    }))
}
