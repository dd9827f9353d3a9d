//! The reserve lists of a call, and what moves up.

use crate::{
    allocation::rules::{Fate, Pot, Setting, Strategy, allocate},
    decisions::{
        stranded::queries::answers,
        walk::{self, Walk, WalkLine, WalkPart},
    },
    kernel::{AppError, Leave, Permission, Query, Result, Snapshot, Subject, access::scope},
};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use entity::{
    decisions::{decline, stranded_choice},
    organisations::organisation,
    proposals::{part, proposal},
    types::{
        ids::{CallId, OrganisationId, PartId, ProposalId},
        money::Money,
        states::{CallState, DecisionState, Outcome, Role, StrandedOption},
    },
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::{BTreeMap, BTreeSet};

/// A part that waits for money of its agency.
#[derive(Debug, Clone)]
pub struct Waiting {
    pub place: i32,
    pub proposal: ProposalId,
    pub code: String,
    pub title: String,
    pub part: PartId,
    pub organisation: String,
    pub asked: Money,
    pub until: Option<NaiveDate>,
    pub expired: bool,
    /// What it gets when it moves up now.
    pub next: Option<Money>,
    /// What the consortium does, where its proposal is stranded.
    pub answer: Option<(StrandedOption, String)>,
    pub version: i64,
    /// Whether the reader may award it.
    pub may_award: bool,
}

/// The reserve list of an agency, and its money.
#[derive(Debug, Clone)]
pub struct ReserveOfAgency {
    pub name: String,
    pub budget: Money,
    pub funded: Money,
    pub left: Money,
    pub list: Vec<Waiting>,
}

/// A grant that was declined.
#[derive(Debug, Clone)]
pub struct Gone {
    pub code: String,
    pub organisation: String,
    pub reason: String,
    pub at: DateTime<Utc>,
}

/// The reserve lists of a call.
pub struct ReserveBoard {
    pub call: CallId,
    pub code: String,
    pub state: CallState,
    pub zone: Tz,
    pub agencies: Vec<ReserveOfAgency>,
    pub gone: Vec<Gone>,
    /// Proposals that move up, each with the agencies that have still to award their parts.
    pub moves: Vec<(String, Vec<String>)>,
}

/// The reserve lists as the actor sees them: without proposals of a conflict.
pub struct ReserveOf(pub CallId);

impl Query for ReserveOf {
    const NEEDS: Permission = Permission::ReadDecisions;
    type Output = ReserveBoard;

    fn about(&self) -> Subject {
        Subject::Call(self.0)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<ReserveBoard> {
        let today = db.now();
        let db = db.conn();
        let hidden = scope::conflicted(db, leave.actor()).await?;
        let walk = walk::load(db, self.0).await?.without(&hidden);
        let visible = walk.visible(db, leave).await?;
        let answers = answers(db, walk.lines.iter().map(|line| line.proposal.id)).await?;
        let next = moving(&walk, &withdrawn(&answers))?;
        let day = today.with_timezone(&walk.call.terms.zone).date_naive();
        let own = leave.actor().agencies(Role::AgencyOfficer);
        let may = leave.may(Permission::AwardFromReserve);
        let waiting = |line: &WalkLine, one: &WalkPart| {
            let row = one.decision.as_ref().filter(|row| on_reserve(row))?;
            let expired = row.reserve_until.is_some_and(|until| until < day);
            let next = next.get(&one.part.id).copied().filter(|_| !expired);
            Some(Waiting {
                place: row.reserve_place.unwrap_or_default(),
                proposal: line.proposal.id,
                code: line.proposal.code.clone(),
                title: line.proposal.title.clone(),
                part: one.part.id,
                organisation: one.organisation.clone(),
                asked: one.requested,
                until: row.reserve_until,
                expired,
                may_award: may && next.is_some() && own.contains(&one.agency),
                next,
                answer: answers.get(&line.proposal.id).map(|row| (row.choice, row.reason.clone())),
                version: row.version,
            })
        };
        let agency = |one: &walk::AgencyMoney| {
            let (budget, funded) = (walk.available(one), walk.funded(one.agency, None));
            let parts = walk.parts().filter(|(line, p)| p.agency == one.agency && visible.contains(&line.proposal.id));
            let mut list: Vec<Waiting> = parts.filter_map(|(line, p)| waiting(line, p)).collect();
            list.sort_by_key(|waits| waits.place);
            ReserveOfAgency {
                name: one.name.clone(),
                budget,
                funded: Money::new(funded, budget.currency),
                left: Money::new(budget.minor - funded, budget.currency),
                list,
            }
        };
        let agencies = walk.agencies.iter().map(agency).filter(|one| one.budget.minor > 0 || !one.list.is_empty());
        let moves = walk.lines.iter().filter(|line| visible.contains(&line.proposal.id)).filter_map(|line| {
            let waits = line.parts.iter().filter(|one| next.contains_key(&one.part.id));
            let names: BTreeSet<String> = waits.filter_map(|one| Some(walk.agency(one.agency)?.name.clone())).collect();
            (!names.is_empty()).then(|| (line.proposal.code.clone(), names.into_iter().collect()))
        });
        Ok(ReserveBoard {
            call: walk.call.id,
            code: walk.call.code.clone(),
            state: walk.call.state,
            zone: walk.call.terms.zone,
            moves: moves.collect(),
            agencies: agencies.collect(),
            gone: gone(db, &visible).await?,
        })
    }
}

/// The proposals whose consortia have withdrawn.
pub(super) fn withdrawn(answers: &BTreeMap<ProposalId, stranded_choice::Model>) -> BTreeSet<ProposalId> {
    let withdrawn = answers.iter().filter(|(_, row)| row.choice == StrandedOption::Withdraw);
    withdrawn.map(|(proposal, _)| *proposal).collect()
}

/// Whether a decision put its part on a reserve list for good.
fn on_reserve(row: &entity::decisions::decision::Model) -> bool {
    row.state == DecisionState::Released && row.outcome == Outcome::Reserve
}

async fn gone(db: &impl ConnectionTrait, visible: &BTreeSet<ProposalId>) -> Result<Vec<Gone>> {
    let rows = decline::Entity::find()
        .find_also_related(part::Entity)
        .filter(part::Column::ProposalId.is_in(visible.iter().copied()))
        .order_by_desc(decline::Column::DeclinedAt)
        .all(db)
        .await?;
    let parts: Vec<&part::Model> = rows.iter().filter_map(|(_, part)| part.as_ref()).collect();
    let proposals = parts.iter().map(|part| part.proposal_id);
    let codes: BTreeMap<ProposalId, String> = proposal::Entity::find()
        .filter(proposal::Column::Id.is_in(proposals))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, row.code))
        .collect();
    let names: BTreeMap<OrganisationId, String> = organisation::Entity::find()
        .filter(organisation::Column::Id.is_in(parts.iter().map(|part| part.organisation_id)))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, row.name))
        .collect();
    let gone = rows.into_iter().filter_map(|(row, part)| {
        let part = part?;
        Some(Gone {
            code: codes.get(&part.proposal_id).cloned().unwrap_or_default(),
            organisation: names.get(&part.organisation_id).cloned().unwrap_or_default(),
            reason: row.reason,
            at: row.declined_at,
        })
    });
    Ok(gone.collect())
}

/// The parts on reserve lists that move up now, and what they get: the walk of the adopted scenario runs again around
/// what is settled. Nothing moves before decisions are released.
///
/// # Errors
/// When what is settled contradicts the adopted scenario.
pub(super) fn moving(walk: &Walk, withdrawn: &BTreeSet<ProposalId>) -> Result<BTreeMap<PartId, Money>> {
    let Some(adopted) = walk.adopted.as_ref().filter(|_| walk.call.state == CallState::Decided) else {
        return Ok(BTreeMap::new());
    };
    let (mut setting, _) = adopted.input.setting(&adopted.settings);
    let Some(strategy) = adopted.settings.strategy(setting.currency) else { return Ok(BTreeMap::new()) };
    let known: BTreeSet<ProposalId> = walk.lines.iter().map(|line| line.proposal.id).collect();
    let waits = |id: &ProposalId| known.contains(id) && !withdrawn.contains(id);
    setting.candidates.retain(|candidate| waits(&candidate.proposal));
    let filled: BTreeMap<PartId, i64> =
        adopted.scenario.lines.iter().flat_map(|line| &line.parts).map(|part| (part.part, part.filled.minor)).collect();
    settle(walk, &mut setting, &filled);
    let strategy = match (strategy, adopted.scenario.pot) {
        // What the pot has left; what it pays of grants that stand is spent.
        (Strategy::BalancingPot(pot), Some(line)) => Strategy::BalancingPot(Pot { money: line.left, ..pot }),
        (strategy, _) => strategy,
    };
    let again = allocate(&setting, &strategy).map_err(|why| AppError::broken(why.to_string()))?;
    let waits: BTreeSet<PartId> = walk
        .parts()
        .filter(|(_, one)| one.decision.as_ref().is_some_and(on_reserve))
        .map(|(_, one)| one.part.id)
        .collect();
    let winners = again.lines.iter().filter(|line| line.verdict.funds()).flat_map(|line| &line.parts);
    let moves = winners.filter(|part| waits.contains(&part.part) && part.fate.pays() && part.fate != Fate::Signed);
    Ok(moves.map(|part| (part.part, part.granted)).collect())
}

/// Writes into a setting what is settled: grants that stand, and parts that take no money any more.
fn settle(walk: &Walk, setting: &mut Setting, filled: &BTreeMap<PartId, i64>) {
    let decided: BTreeMap<PartId, (Outcome, i64)> = walk
        .parts()
        .filter_map(|(_, one)| one.decision.as_ref().map(|row| (one.part.id, (row.outcome, row.minor))))
        .collect();
    for part in setting.candidates.iter().flat_map(|candidate| &candidate.parts) {
        match decided.get(&part.part) {
            Some((Outcome::Fund, minor)) => {
                let own = minor - filled.get(&part.part).copied().unwrap_or(0);
                setting.signed.insert(part.part, Money::new(own.clamp(0, part.asked.minor), part.asked.currency));
            }
            Some((Outcome::Reserve, _)) => {}
            // Declined, withdrawn or not funded.
            Some((Outcome::Reject, _)) | None => {
                setting.declined.insert(part.part);
            }
        }
    }
}
