//! What a recusal changes.

use crate::{
    evaluation::rankings::queries::{Standings, shown},
    kernel::{AppError, Leave, Permission, Query, Result, Snapshot, Subject, access::scope},
};
use chrono::{DateTime, Utc};
use entity::{
    calls::call,
    evaluation::{assignment, ranking, ranking_line},
    proposals::proposal,
    types::{
        ids::{CallId, ProposalId},
        states::{AssignmentState, CallState, RankingState},
    },
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

/// Where a proposal stands, or would stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    pub rank: u32,
    pub total: i32,
    pub passes: bool,
}

/// What a ranking says of a proposal, and what one drawn now would say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect {
    /// The ranking in force, with its number; none before the first.
    pub ranking: Option<(i32, RankingState)>,
    pub before: Option<Standing>,
    pub after: Option<Standing>,
    /// Whether decisions were released on it.
    pub released: bool,
}

impl Effect {
    /// The effect in sentences.
    pub fn text(&self) -> String {
        let Some((number, state)) = self.ranking else {
            return "No ranking was drawn yet.".to_owned();
        };
        let says = |one: &Option<Standing>| match one {
            Some(one) => format!(
                "place {} with {} points, {}",
                one.rank,
                shown(one.total),
                if one.passes { "above the thresholds" } else { "below a threshold" }
            ),
            None => "no place".to_owned(),
        };
        let compared = format!("It has {}; without the sheet: {}.", says(&self.before), says(&self.after));
        match (state, self.released) {
            (RankingState::Fixed, false) => {
                format!("Ranking {number} is signed and stays as it is. {compared} Only a new version replaces it.")
            }
            (RankingState::Fixed, true) => format!(
                "Ranking {number} is signed, decisions were released on it, and both stay as they are. {compared}"
            ),
            _ => format!("Ranking {number} is a draft and out of date: draw it again. {compared}"),
        }
    }
}

/// What a sheet that no longer counts changes for its proposal.
///
/// # Errors
/// `NotFound` when there is no such call.
pub async fn effect(db: &impl ConnectionTrait, call: CallId, proposal: ProposalId) -> Result<Effect> {
    let standings = Standings::load(db, call).await?;
    let all = ranking::Entity::find()
        .filter(ranking::Column::CallId.eq(call))
        .filter(ranking::Column::State.ne(RankingState::Replaced))
        .order_by_desc(ranking::Column::Number)
        .all(db)
        .await?;
    let row = all.iter().find(|row| row.state == RankingState::Fixed).or(all.first());
    let before = match row {
        None => None,
        Some(row) => ranking_line::Entity::find()
            .filter(ranking_line::Column::RankingId.eq(row.id))
            .filter(ranking_line::Column::ProposalId.eq(proposal))
            .one(db)
            .await?
            .map(|line| Standing {
                rank: u32::try_from(line.rank).unwrap_or_default(),
                total: line.total,
                passes: line.passes,
            }),
    };
    let now = standings.lines.iter().find(|line| line.proposal == proposal);
    Ok(Effect {
        ranking: row.map(|row| (row.number, row.state)),
        before,
        after: now.map(|line| Standing { rank: line.rank, total: line.total_hundredths, passes: line.passes }),
        released: matches!(standings.call.state, CallState::Decided | CallState::Archived),
    })
}

/// A sheet that was withdrawn after the ranking in force was signed.
#[derive(Debug, Clone)]
pub struct LateNotice {
    pub proposal: ProposalId,
    pub code: String,
    pub at: DateTime<Utc>,
    pub effect: String,
}

/// Sheets withdrawn after the ranking was signed, without proposals the reader has a conflict with.
pub struct LateNoticesOf(pub CallId);

impl Query for LateNoticesOf {
    const NEEDS: Permission = Permission::ReadRanking;
    type Output = Vec<LateNotice>;

    fn about(&self) -> Subject {
        Subject::Call(self.0)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Vec<LateNotice>> {
        let db = db.conn();
        call::Entity::find_by_id(self.0).one(db).await?.ok_or(AppError::NotFound)?;
        let fixed = ranking::Entity::find()
            .filter(ranking::Column::CallId.eq(self.0))
            .filter(ranking::Column::State.eq(RankingState::Fixed))
            .order_by_desc(ranking::Column::Number)
            .one(db)
            .await?;
        let Some(signed) = fixed.and_then(|row| row.fixed_at) else { return Ok(Vec::new()) };
        let taken = assignment::Entity::find()
            .filter(assignment::Column::CallId.eq(self.0))
            .filter(assignment::Column::State.eq(AssignmentState::Conflicted))
            .filter(assignment::Column::SubmittedAt.is_not_null())
            .filter(assignment::Column::AnsweredAt.gt(signed))
            .order_by_asc(assignment::Column::AnsweredAt)
            .all(db)
            .await?;
        let mut notices: Vec<LateNotice> = Vec::new();
        for row in taken {
            let seen = scope::proposals(leave).filter(proposal::Column::Id.eq(row.proposal_id)).one(db).await?;
            let Some(proposal) = seen.filter(|one| notices.iter().all(|told| told.proposal != one.id)) else {
                continue;
            };
            notices.push(LateNotice {
                proposal: proposal.id,
                code: proposal.code,
                at: row.answered_at.unwrap_or(row.invited_at),
                effect: effect(db, self.0, row.proposal_id).await?.text(),
            });
        }
        Ok(notices)
    }
}
