//! What secretariat and chair do with rankings.

mod lottery;

pub use lottery::{AnnounceLottery, DrawLottery, SignLottery, WithdrawLottery};

use super::{
    events::{RankingEvent, Replaced},
    queries::{Standings, differs, lines},
};
use crate::{
    calls::{publishing, rules::CallStep},
    evaluation::rules::signature,
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
        states::{CallState, PartState, RankingState},
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
        if let Some(lacking) = &standings.lacking {
            return Err(AppError::refused("no_calibration", lacking.clone()));
        }
        let before = ranking::Entity::find()
            .filter(ranking::Column::CallId.eq(self.call))
            .order_by_desc(ranking::Column::Number)
            .one(tx.conn())
            .await?;
        if standings.call.state == CallState::Ranked && reason.is_empty() {
            let message = "The ranking is fixed: say why a new version is drawn";
            return Err(AppError::invalid("reason", message));
        }
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
            document: Set(None),
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
        let Signed { id, digest, .. } = sign(tx, leave, self.call, self.number, &self.signed_name, None).await?;
        let (above, below) = place_parts(tx, id).await?;
        let moved = publishing::commands::step(tx, self.call, CallStep::FixRanking).await?;
        let number = self.number;
        let fixed = RankingEvent::Fixed { call: self.call, ranking: id, number, digest: digest.clone(), above, below };
        Ok(tx.done(fixed, digest).and(moved))
    }
}

/// Signs a new version of a fixed ranking while no decision is released. The one before stays readable and is marked
/// as replaced; parts follow the new one.
#[derive(Clone)]
pub struct ReplaceRanking {
    pub call: CallId,
    /// The draft that takes the place of the fixed one.
    pub number: i32,
    pub reason: String,
    pub signed_name: String,
}

impl Command for ReplaceRanking {
    const NEEDS: Permission = Permission::ReplaceRanking;
    /// The digest of what was signed.
    type Output = String;

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<String>> {
        let reason = text::prose(&self.reason, 1_000).for_field("why")?;
        if reason.is_empty() {
            return Err(AppError::invalid(
                "why",
                "Say why the fixed ranking is replaced; it is shown beside the new one",
            ));
        }
        let before = ranking::Entity::find()
            .filter(ranking::Column::CallId.eq(self.call))
            .filter(ranking::Column::State.eq(RankingState::Fixed))
            .one(tx.conn())
            .await?
            .ok_or_else(|| AppError::refused("nothing_fixed", "No ranking of this call is fixed."))?;
        let old = before.number;
        let mut before: ranking::ActiveModel = before.into();
        before.state = Set(RankingState::Replaced);
        before.update(tx.conn()).await?;
        let signed = sign(tx, leave, self.call, self.number, &self.signed_name, Some(&reason)).await?;
        let Signed { id, digest, code, title } = signed;
        let (above, below) = place_parts(tx, id).await?;
        let event = RankingEvent::Replaced(Replaced {
            call: self.call,
            code,
            title,
            ranking: id,
            number: self.number,
            before: old,
            reason,
            digest: digest.clone(),
            above,
            below,
        });
        Ok(tx.done(event, digest))
    }
}

/// A ranking that was signed just now, and its call.
struct Signed {
    id: RankingId,
    digest: String,
    code: String,
    title: String,
}

/// Checks the chair's name and the draft, writes down what is signed, and fixes it.
async fn sign(
    tx: &Tx,
    leave: Leave<'_>,
    call: CallId,
    number: i32,
    signed_name: &str,
    reason: Option<&str>,
) -> Result<Signed> {
    let chair = signing(tx, leave, signed_name).await?;
    let row = ranking::Entity::find()
        .filter(ranking::Column::CallId.eq(call))
        .filter(ranking::Column::Number.eq(number))
        .one(tx.conn())
        .await?
        .ok_or(AppError::NotFound)?;
    if row.state != RankingState::Draft {
        let state = row.state.label().to_lowercase();
        let message = format!("Ranking {} is {state}; only the latest draft can be fixed.", row.number);
        return Err(AppError::refused("not_a_draft", message));
    }
    let standings = Standings::load(tx.conn(), call).await?;
    let lines = lines(tx.conn(), row.id).await?;
    ready(&standings, &lines)?;
    let mut said = serde_json::json!({
        "call": standings.call.code,
        "ranking": row.number,
        "signed_by": chair.name,
        "signed_at": tx.now(),
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
    for (key, value) in [
        ("reason", reason.map(serde_json::Value::from)),
        ("calibration", standings.calibration.map(Into::into)),
        ("lottery", standings.lottery.map(Into::into)),
    ] {
        if let Some(value) = value {
            said[key] = value;
        }
    }
    let document = said.to_string();
    let digest = secret::hash(&document);
    let id = row.id;
    let mut row: ranking::ActiveModel = row.into();
    row.state = Set(RankingState::Fixed);
    row.document = Set(Some(document));
    row.digest = Set(Some(digest.clone()));
    row.fixed_by = Set(Some(chair.id));
    row.fixed_at = Set(Some(tx.now()));
    if let Some(reason) = reason {
        row.reason = Set(reason.to_owned());
    }
    row.update(tx.conn()).await?;
    Ok(Signed { id, digest, code: standings.call.code, title: standings.call.title })
}

/// The account of whoever signs, when the name typed is theirs.
async fn signing(tx: &Tx, leave: Leave<'_>, typed: &str) -> Result<account::Model> {
    let chair = account::Entity::find_by_id(leave.account()?).one(tx.conn()).await?.ok_or(AppError::NotFound)?;
    signature(typed, &chair.name).for_field("signed_name")?;
    Ok(chair)
}

/// Puts every part of the ranked proposals above or below the thresholds; gives how many proposals stand where.
async fn place_parts(tx: &Tx, id: RankingId) -> Result<(usize, usize)> {
    let (mut above, mut below) = (0, 0);
    for line in lines(tx.conn(), id).await? {
        let (step, count, other) = match line.passes {
            true => (PartStep::Recommend, &mut above, PartState::NotRecommended),
            false => (PartStep::NotRecommend, &mut below, PartState::Recommended),
        };
        *count += 1;
        advance_all(tx, line.proposal_id, PartState::Eligible, step).await?;
        advance_all(tx, line.proposal_id, other, step).await?;
    }
    Ok((above, below))
}

/// Whether a draft may be fixed.
fn ready(standings: &Standings, drawn: &[ranking_line::Model]) -> Result<()> {
    if standings.open > 0 {
        return Err(AppError::refused(
            "open_sheets",
            format!("{} sheets are still being written. Wait for them, or take the tasks back.", standings.open),
        ));
    }
    if let Some(lacking) = standings.lacking.as_ref().or(standings.undrawn.as_ref()) {
        return Err(AppError::refused("not_ready", lacking.clone()));
    }
    let bare = standings.lines.iter().find(|l| standings.details.get(&l.proposal).is_none_or(|d| d.sheets() == 0));
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
