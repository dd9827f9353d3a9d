//! A lottery among the proposals whose order the points cannot tell.
//!
//! The proposals are fixed and sealed before anybody can know the seed; a public value that nobody controls becomes
//! the seed on the day named; whoever knows seed and codes can draw again; the chair signs.

use super::signing;
use crate::{
    evaluation::{
        calibration::rules::lottery::{draw, seal},
        rankings::{
            events::{LotteryEvent, LotteryStep},
            queries::lottery::{Codes, among, stands},
        },
    },
    kernel::{
        AppError, Command, Done, Leave, Permission, Result, Subject, Tx,
        error::{ForField, OnUnique},
        secret,
    },
};
use chrono::TimeZone;
use entity::{
    evaluation::lottery,
    types::{
        ids::{CallId, LotteryId},
        period,
        states::LotteryState,
        text,
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

/// Fixes the proposals of a lottery and names the public value that will be its seed.
#[derive(Clone)]
pub struct AnnounceLottery {
    pub call: CallId,
    /// Where the seed will be found, and how it is written down.
    pub source: String,
    /// The day it will be known, as typed.
    pub known_on: String,
}

impl Command for AnnounceLottery {
    const NEEDS: Permission = Permission::RunLottery;
    /// The number of the lottery.
    type Output = i32;

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<i32>> {
        let source = text::prose(&self.source, 1_000).for_field("source")?;
        if source.is_empty() {
            return Err(AppError::invalid("source", "Say where the value is published and how it is written down"));
        }
        let day = period::parse_day(&self.known_on).for_field("known_on")?;
        let found = among(tx.conn(), self.call).await?;
        let midnight = day.and_hms_opt(0, 0, 0).and_then(|at| found.zone.from_local_datetime(&at).earliest());
        let known_at = midnight.map(|at| at.to_utc()).filter(|at| *at > tx.now()).ok_or_else(|| {
            AppError::invalid("known_on", "Choose a day after today: nobody may know the seed when it is announced")
        })?;
        if let Some(standing) = stands(tx.conn(), self.call).await? {
            let message = format!("Lottery {} stands already; withdraw it first.", standing.number);
            return Err(AppError::refused("lottery_stands", message));
        }
        let calibration = found.ready()?;
        let latest = lottery::Entity::find()
            .filter(lottery::Column::CallId.eq(self.call))
            .order_by_desc(lottery::Column::Number)
            .one(tx.conn())
            .await?;
        let number = latest.map_or(0, |row| row.number) + 1;
        let codes = Codes { salt: secret::token(tx.chance()), codes: found.codes };
        let commitment = seal(&codes.salt, &codes.all());
        let id: LotteryId = tx.new_id();
        let row = lottery::ActiveModel {
            id: Set(id),
            call_id: Set(self.call),
            calibration_id: Set(calibration),
            number: Set(number),
            state: Set(LotteryState::Announced),
            source: Set(source),
            known_at: Set(known_at),
            codes: Set(serde_json::to_value(&codes)?),
            commitment: Set(commitment.clone()),
            announced_by: Set(leave.account()?),
            announced_at: Set(tx.now()),
            seed: Set(None),
            drawn_by: Set(None),
            drawn_at: Set(None),
            signed_by: Set(None),
            signed_at: Set(None),
            reason: Set(None),
        };
        let twice = AppError::refused("announced_meanwhile", "Another lottery was announced at the same moment.");
        lottery::Entity::insert(row).exec_without_returning(tx.conn()).await.on_unique(twice)?;
        let proposals = codes.codes.len();
        let step = LotteryStep::Announced { proposals, known_on: period::day(day), commitment };
        Ok(tx.done(LotteryEvent { call: self.call, lottery: id, number, step }, number))
    }
}

/// Writes down the seed once it is known; with it the order is drawn.
#[derive(Clone)]
pub struct DrawLottery {
    pub call: CallId,
    pub number: i32,
    pub seed: String,
}

impl Command for DrawLottery {
    const NEEDS: Permission = Permission::RunLottery;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let row = one(tx, self.call, self.number, LotteryState::Announced).await?;
        let seed = text::line(&self.seed, 200).for_field("seed")?;
        if tx.now() < row.known_at {
            let message = "The seed cannot be known before the day that was announced.";
            return Err(AppError::refused("seed_too_early", message));
        }
        let codes: Codes = serde_json::from_value(row.codes.clone())?;
        draw(&seed, &codes.all()).map_err(|_| AppError::invalid("seed", "Nothing can be drawn with this seed"))?;
        let (id, number) = (row.id, row.number);
        let mut row: lottery::ActiveModel = row.into();
        row.state = Set(LotteryState::Drawn);
        row.seed = Set(Some(seed.clone()));
        row.drawn_by = Set(Some(leave.account()?));
        row.drawn_at = Set(Some(tx.now()));
        row.update(tx.conn()).await?;
        let step = LotteryStep::Drawn { seed };
        Ok(tx.done(LotteryEvent { call: self.call, lottery: id, number, step }, ()))
    }
}

/// Signs what was drawn: the next ranking places the proposals accordingly.
#[derive(Clone)]
pub struct SignLottery {
    pub call: CallId,
    pub number: i32,
    pub signed_name: String,
}

impl Command for SignLottery {
    const NEEDS: Permission = Permission::SignLottery;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn execute(self, tx: &Tx, leave: Leave<'_>) -> Result<Done<()>> {
        let chair = signing(tx, leave, &self.signed_name).await?;
        let row = one(tx, self.call, self.number, LotteryState::Drawn).await?;
        let (id, number) = (row.id, row.number);
        let mut row: lottery::ActiveModel = row.into();
        row.state = Set(LotteryState::Signed);
        row.signed_by = Set(Some(chair.id));
        row.signed_at = Set(Some(tx.now()));
        row.update(tx.conn()).await?;
        Ok(tx.done(LotteryEvent { call: self.call, lottery: id, number, step: LotteryStep::Signed }, ()))
    }
}

/// Takes a lottery back: before its seed can be known, or when sheets changed so that it draws among the wrong
/// proposals. Otherwise somebody could draw until the outcome pleases.
#[derive(Clone)]
pub struct WithdrawLottery {
    pub call: CallId,
    pub number: i32,
    pub reason: String,
}

impl Command for WithdrawLottery {
    const NEEDS: Permission = Permission::RunLottery;
    type Output = ();

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn execute(self, tx: &Tx, _: Leave<'_>) -> Result<Done<()>> {
        let reason = text::line(&self.reason, 300).for_field("reason")?;
        let row = stands(tx.conn(), self.call)
            .await?
            .filter(|row| row.number == self.number)
            .ok_or_else(|| AppError::refused("no_lottery", "This lottery does not stand any more."))?;
        let changed = among(tx.conn(), self.call).await?.differs(&row)?;
        if tx.now() >= row.known_at && !changed {
            return Err(AppError::refused(
                "seed_known",
                "The seed is known already and the sheets have not changed: the lottery stands.",
            ));
        }
        let (id, number) = (row.id, row.number);
        let mut row: lottery::ActiveModel = row.into();
        row.state = Set(LotteryState::Withdrawn);
        row.reason = Set(Some(reason.clone()));
        row.update(tx.conn()).await?;
        let step = LotteryStep::Withdrawn { reason };
        Ok(tx.done(LotteryEvent { call: self.call, lottery: id, number, step }, ()))
    }
}

async fn one(tx: &Tx, call: CallId, number: i32, wanted: LotteryState) -> Result<lottery::Model> {
    let row = lottery::Entity::find()
        .filter(lottery::Column::CallId.eq(call))
        .filter(lottery::Column::Number.eq(number))
        .one(tx.conn())
        .await?
        .ok_or(AppError::NotFound)?;
    match row.state == wanted {
        true => Ok(row),
        false => {
            let message = format!("Lottery {number} is {}.", row.state.label().to_lowercase());
            Err(AppError::refused("lottery_state", message))
        }
    }
}
