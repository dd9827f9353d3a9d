//! A stranded proposal with what its consortium may do.

use super::rules::{barred, is_stranded, means, replace_until};
use crate::{
    allocation::{
        queries::{Adopted, adopted},
        rules::{Fate, PartLine, ScenarioLine},
    },
    kernel::{AppError, Leave, Permission, Query, Result, Snapshot, Subject},
};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use entity::{
    calls::call,
    decisions::{decision, stranded_choice},
    organisations::organisation,
    proposals::{part, proposal},
    types::{
        ids::{OrganisationId, PartId, ProposalId},
        money::Money,
        states::{CallState, DecisionState, Outcome, StrandedOption},
    },
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use std::collections::BTreeMap;

/// Something the consortium may do.
#[derive(Debug, Clone)]
pub struct OptionView {
    pub option: StrandedOption,
    pub means: String,
    /// Why it is not open.
    pub barred: Option<String>,
}

/// What became of a part.
#[derive(Debug, Clone)]
pub struct StrandedPart {
    pub organisation: String,
    pub agency: String,
    pub asked: Money,
    /// Whether its agency lacks the money.
    pub lacks: bool,
}

/// The answer that was given.
#[derive(Debug, Clone)]
pub struct Answered {
    pub choice: StrandedOption,
    pub reason: String,
    pub at: DateTime<Utc>,
    pub until: Option<NaiveDate>,
}

/// A stranded proposal.
pub struct StrandedSheet {
    pub proposal: ProposalId,
    pub code: String,
    pub title: String,
    pub zone: Tz,
    pub parts: Vec<StrandedPart>,
    pub options: Vec<OptionView>,
    pub answered: Option<Answered>,
    pub may_answer: bool,
}

/// The options of a stranded proposal; `NotFound` for every other one.
pub struct StrandedOf(pub ProposalId);

impl Query for StrandedOf {
    const NEEDS: Permission = Permission::ReadFeedback;
    type Output = StrandedSheet;

    fn about(&self) -> Subject {
        Subject::Proposal(self.0)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<StrandedSheet> {
        let now = db.now();
        let db = db.conn();
        let found = Stranded::load(db, self.0).await?.ok_or(AppError::NotFound)?;
        let today = now.with_timezone(&found.call.terms.zone).date_naive();
        let option =
            |option: StrandedOption| OptionView { option, means: means(option), barred: found.barred(option, today) };
        let organisations = names(db, found.parts.values().map(|part| part.organisation_id)).await?;
        let agencies = names(db, found.line.parts.iter().map(|part| part.agency)).await?;
        let part = |one: &PartLine| {
            let row = found.parts.get(&one.part)?;
            Some(StrandedPart {
                organisation: organisations.get(&row.organisation_id).cloned().unwrap_or_default(),
                agency: agencies.get(&one.agency).cloned().unwrap_or_default(),
                asked: one.asked,
                lacks: one.fate == Fate::Lacking,
            })
        };
        Ok(StrandedSheet {
            proposal: self.0,
            parts: found.line.parts.iter().filter_map(part).collect(),
            options: StrandedOption::ALL.iter().copied().map(option).collect(),
            may_answer: found.choice.is_none() && leave.may(Permission::AnswerStranded),
            answered: found.choice.map(|row| Answered {
                choice: row.choice,
                reason: row.reason,
                at: row.chosen_at,
                until: row.until,
            }),
            code: found.proposal.code,
            title: found.proposal.title,
            zone: found.call.terms.zone,
        })
    }
}

/// A stranded proposal with everything its options depend on.
pub(super) struct Stranded {
    pub proposal: proposal::Model,
    pub call: call::Model,
    pub adopted: Adopted,
    pub line: ScenarioLine,
    pub parts: BTreeMap<PartId, part::Model>,
    pub released: NaiveDate,
    pub choice: Option<stranded_choice::Model>,
}

impl Stranded {
    /// None when the proposal is not stranded, or no decision on it is released.
    pub async fn load(db: &impl ConnectionTrait, id: ProposalId) -> Result<Option<Self>> {
        let found = proposal::Entity::find_by_id(id).find_also_related(call::Entity).one(db).await?;
        let Some((proposal, Some(call))) = found else { return Ok(None) };
        if call.state != CallState::Decided {
            return Ok(None);
        }
        let rows = part::Entity::find().filter(part::Column::ProposalId.eq(id)).all(db).await?;
        let ids: Vec<PartId> = rows.iter().map(|row| row.id).collect();
        let decisions = decision::Entity::find()
            .filter(decision::Column::PartId.is_in(ids))
            .filter(decision::Column::State.eq(DecisionState::Released))
            .all(db)
            .await?;
        // Once a part was awarded from the reserve list, the proposal is stranded no longer.
        if decisions.iter().any(|row| row.outcome == Outcome::Fund) {
            return Ok(None);
        }
        let waits = decisions.iter().find(|row| row.outcome == Outcome::Reserve);
        let Some((ranking, released)) = waits.and_then(|row| row.ranking_id.zip(row.released_at)) else {
            return Ok(None);
        };
        let Some(adopted) = adopted(db, ranking).await? else { return Ok(None) };
        let line = adopted.scenario.lines.iter().find(|line| line.proposal == id && is_stranded(line)).cloned();
        let Some(line) = line else { return Ok(None) };
        let choice = stranded_choice::Entity::find().filter(stranded_choice::Column::ProposalId.eq(id)).one(db).await?;
        Ok(Some(Self {
            released: released.with_timezone(&call.terms.zone).date_naive(),
            parts: rows.into_iter().map(|row| (row.id, row)).collect(),
            proposal,
            call,
            adopted,
            line,
            choice,
        }))
    }

    pub fn barred(&self, option: StrandedOption, today: NaiveDate) -> Option<String> {
        barred(option, &self.line, &self.adopted.input, today, self.released)
    }

    pub fn until(&self, option: StrandedOption) -> Option<NaiveDate> {
        (option == StrandedOption::Replace).then(|| replace_until(self.released))
    }
}

async fn names(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = OrganisationId>,
) -> Result<BTreeMap<OrganisationId, String>> {
    let rows = organisation::Entity::find().filter(organisation::Column::Id.is_in(ids)).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}

/// Whether a proposal is stranded now.
pub(in crate::decisions) async fn is(db: &impl ConnectionTrait, proposal: ProposalId) -> Result<bool> {
    Ok(Stranded::load(db, proposal).await?.is_some())
}

/// The answers of these proposals; one statement.
pub(in crate::decisions) async fn answers(
    db: &impl ConnectionTrait,
    proposals: impl IntoIterator<Item = ProposalId>,
) -> Result<BTreeMap<ProposalId, stranded_choice::Model>> {
    let rows =
        stranded_choice::Entity::find().filter(stranded_choice::Column::ProposalId.is_in(proposals)).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.proposal_id, row)).collect())
}
