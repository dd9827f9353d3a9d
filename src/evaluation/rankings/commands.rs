//! What secretariat and chair do with rankings.

use super::{
    events::RankingEvent,
    queries::{Standings, differs, lines},
};
use crate::{
    calls::{publishing, rules::CallStep},
    evaluation::rules::signed,
    kernel::{
        AppError, Command, Done, Leave, Permission, Result, Subject, Tx,
        error::{ForField, OnUnique},
        secret,
    },
    proposals::{rules::PartStep, states::commands::advance_all},
};
use entity::{
    accounts::account,
    evaluation::{ranking, ranking_line},
    types::{
        ids::{CallId, RankingId, RankingLineId},
        states::{PartState, RankingState},
        text,
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

/// Draws a ranking from the submitted sheets; a draft before it is replaced.
#[derive(Clone)]
pub struct DrawRanking {
    pub call: CallId,
    /// Why it is drawn again; may be empty.
    pub reason: String,
}

impl Command for DrawRanking {
    const NEEDS: Permission = Permission::DrawRanking;
    type Output = i32;

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<i32>> {
        let reason = text::prose(&self.reason, 1_000).for_field("reason")?;
        let standings = Standings::load(tx.conn(), self.call).await?;
        if standings.lines.is_empty() {
            return Err(AppError::refused("nothing_to_rank", "No proposal of this call has an eligible part."));
        }
        let before = ranking::Entity::find()
            .filter(ranking::Column::CallId.eq(self.call))
            .order_by_desc(ranking::Column::Number)
            .one(tx.conn())
            .await?;
        let number = before.as_ref().map_or(0, |r| r.number) + 1;
        if let Some(draft) = before.filter(|r| r.state == RankingState::Draft) {
            let mut draft: ranking::ActiveModel = draft.into();
            draft.state = Set(RankingState::Replaced);
            draft.update(tx.conn()).await?;
        }
        let id: RankingId = tx.new_id();
        let row = ranking::ActiveModel {
            id: Set(id),
            call_id: Set(self.call),
            number: Set(number),
            state: Set(RankingState::Draft),
            reason: Set(reason.clone()),
            digest: Set(None),
            made_by: Set(leave.account()?),
            made_at: Set(tx.now()),
            fixed_by: Set(None),
            fixed_at: Set(None),
        };
        let twice =
            AppError::refused("drawn_meanwhile", "Somebody drew a ranking at the same moment. Look at it first.");
        ranking::Entity::insert(row).exec_without_returning(tx.conn()).await.on_unique(twice)?;
        for line in &standings.lines {
            let detail = standings.details.get(&line.proposal).ok_or(AppError::NotFound)?;
            let row = ranking_line::ActiveModel {
                id: Set(tx.new_id::<RankingLineId>()),
                ranking_id: Set(id),
                proposal_id: Set(line.proposal),
                rank: Set(i32::try_from(line.rank).unwrap_or(i32::MAX)),
                total: Set(line.total_hundredths),
                passes: Set(line.passes),
                spread: Set(line.spread),
                tie_reason: Set(line.tie_reason.as_ref().map(|why| why.chars().take(300).collect())),
                detail: Set(serde_json::to_value(detail)?),
            };
            ranking_line::Entity::insert(row).exec_without_returning(tx.conn()).await?;
        }
        let lines = standings.lines.len();
        Ok(tx.done(RankingEvent::Drawn { call: self.call, ranking: id, number, lines, reason }, number))
    }
}

/// Signs a ranking: it can no longer change, the call is ranked, and parts stand above or below the thresholds.
#[derive(Clone)]
pub struct FixRanking {
    pub call: CallId,
    pub number: i32,
    pub signed_name: String,
}

impl Command for FixRanking {
    const NEEDS: Permission = Permission::FixRanking;
    /// The digest of what was signed.
    type Output = String;

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<String>> {
        let chair = account::Entity::find_by_id(leave.account()?).one(tx.conn()).await?.ok_or(AppError::NotFound)?;
        if !signed(&self.signed_name, &chair.name) {
            let message = format!("Sign with your name as it is in your account: {}", chair.name);
            return Err(AppError::invalid("signed_name", message));
        }
        let row = ranking::Entity::find()
            .filter(ranking::Column::CallId.eq(self.call))
            .filter(ranking::Column::Number.eq(self.number))
            .one(tx.conn())
            .await?
            .ok_or(AppError::NotFound)?;
        if row.state != RankingState::Draft {
            return Err(AppError::refused(
                "not_a_draft",
                format!(
                    "Ranking {} is {}; only the latest draft can be fixed.",
                    row.number,
                    row.state.label().to_lowercase()
                ),
            ));
        }
        let standings = Standings::load(tx.conn(), self.call).await?;
        let lines = lines(tx.conn(), row.id).await?;
        ready(&standings, &lines)?;
        let said = serde_json::json!({
            "call": standings.call.code,
            "ranking": row.number,
            "signed_by": chair.name,
            "lines": lines.iter().map(|line| serde_json::json!({
                "proposal": standings.code(line.proposal_id),
                "rank": line.rank,
                "total": line.total,
                "passes": line.passes,
                "spread": line.spread,
                "tie_reason": line.tie_reason,
                "detail": line.detail,
            })).collect::<Vec<_>>(),
        });
        let digest = secret::hash(&said.to_string());
        let (id, number) = (row.id, row.number);
        let mut row: ranking::ActiveModel = row.into();
        row.state = Set(RankingState::Fixed);
        row.digest = Set(Some(digest.clone()));
        row.fixed_by = Set(Some(chair.id));
        row.fixed_at = Set(Some(tx.now()));
        row.update(tx.conn()).await?;
        let (mut above, mut below) = (0, 0);
        for line in &lines {
            let (step, count) = match line.passes {
                true => (PartStep::Recommend, &mut above),
                false => (PartStep::NotRecommend, &mut below),
            };
            *count += 1;
            advance_all(tx, line.proposal_id, PartState::Eligible, step).await?;
        }
        let moved = publishing::commands::step(tx, self.call, CallStep::FixRanking).await?;
        let fixed = RankingEvent::Fixed { call: self.call, ranking: id, number, digest: digest.clone(), above, below };
        Ok(tx.done(fixed, digest).and(moved))
    }
}

/// Whether a draft may be fixed.
fn ready(standings: &Standings, drawn: &[ranking_line::Model]) -> Result<()> {
    if standings.open > 0 {
        return Err(AppError::refused(
            "open_sheets",
            format!("{} sheets are still being written. Wait for them, or take the tasks back.", standings.open),
        ));
    }
    let bare = standings.lines.iter().find(|l| standings.details.get(&l.proposal).is_none_or(|d| d.totals.is_empty()));
    if let Some(line) = bare {
        let code = standings.code(line.proposal);
        return Err(AppError::refused("no_sheet", format!("Nobody has evaluated {code} yet.")));
    }
    if differs(standings, drawn) {
        return Err(AppError::refused(
            "out_of_date",
            "Sheets or parts have changed since this ranking was drawn. Draw it again first.",
        ));
    }
    Ok(())
}
