//! What is seen of lotteries: by staff with the codes, by everybody without them until the decisions are released.

use super::Standings;
use crate::{
    evaluation::{
        calibration::{
            figures::{Calibrated, Side},
            queries::{latest, seen},
            rules::lottery::draw,
        },
        judged::Judged,
        rankings::rules::Lot,
    },
    kernel::{AppError, Leave, Permission, Query, Result, Snapshot, Subject, access::scope},
};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use entity::{
    accounts::account,
    calls::call,
    evaluation::{calibration, lottery},
    proposals::proposal,
    types::{
        ids::{CalibrationId, CallId, ProposalId},
        states::{CallState, LotteryState},
        terms::CallTerms,
    },
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The codes of a lottery and the salt of their seal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Codes {
    pub salt: String,
    /// Sorted.
    pub codes: Vec<String>,
}

impl Codes {
    pub fn all(&self) -> Vec<&str> {
        self.codes.iter().map(String::as_str).collect()
    }
}

/// The proposals a lottery would draw among now.
pub struct Among {
    pub zone: Tz,
    /// Whether the call said before it opened that it draws lots.
    pub allowed: bool,
    pub calibration: Option<(CalibrationId, i32)>,
    pub out_of_date: bool,
    /// Above every threshold and not distinguishable, sorted.
    pub codes: Vec<String>,
    /// Places there are for them.
    pub open: usize,
}

impl Among {
    /// The calibration a lottery can be drawn from.
    ///
    /// # Errors
    /// `Refused` with what is missing.
    pub fn ready(&self) -> Result<CalibrationId> {
        let refused = |code, message| Err(AppError::refused(code, message));
        let Some((id, _)) = self.calibration.filter(|_| self.allowed) else {
            return match self.allowed {
                true => {
                    refused("no_calibration", "Make a calibration first: it says which proposals cannot be told apart.")
                }
                false => refused("no_lottery", "This call did not say before it opened that it draws lots."),
            };
        };
        if self.out_of_date {
            return refused("no_calibration", "Sheets have changed since the latest calibration: make it again first.");
        }
        if self.codes.len() < 2 || self.open == 0 || self.open >= self.codes.len() {
            return refused(
                "nothing_to_draw",
                "There is nothing to draw: no more proposals stand within the zone than there are places for them.",
            );
        }
        Ok(id)
    }

    /// Whether a lottery draws among other proposals than one of now would.
    ///
    /// # Errors
    /// When its codes cannot be read.
    pub fn differs(&self, row: &lottery::Model) -> Result<bool> {
        let codes: Codes = serde_json::from_value(row.codes.clone())?;
        Ok(self.out_of_date || self.codes != codes.codes)
    }
}

/// What a lottery would draw among now.
///
/// # Errors
/// `NotFound` without the call.
pub async fn among(db: &impl ConnectionTrait, id: CallId) -> Result<Among> {
    let judged = Judged::load(db, id).await?;
    let allowed = judged.call.terms.evaluation.ranking.lottery;
    let zone = judged.call.terms.zone;
    let Some(kept) = latest(db, &judged).await? else {
        return Ok(Among { zone, allowed, calibration: None, out_of_date: false, codes: Vec::new(), open: 0 });
    };
    let standings = Standings::load(db, id).await?;
    let passing: BTreeSet<ProposalId> = standings.lines.iter().filter(|l| l.passes).map(|l| l.proposal).collect();
    let within = kept.calibrated.proposals.iter().filter(|one| one.side == Side::Within);
    let mut codes: Vec<String> = within
        .filter(|one| passing.contains(&one.proposal))
        .map(|one| standings.code(one.proposal).to_owned())
        .collect();
    codes.sort_unstable();
    Ok(Among {
        zone,
        allowed,
        calibration: Some((kept.id, kept.number)),
        out_of_date: kept.out_of_date,
        open: kept.calibrated.open,
        codes,
    })
}

/// The lottery of a call that was not withdrawn.
///
/// # Errors
/// When the database fails.
pub async fn stands(db: &impl ConnectionTrait, call: CallId) -> Result<Option<lottery::Model>> {
    Ok(lottery::Entity::find()
        .filter(lottery::Column::CallId.eq(call))
        .filter(lottery::Column::State.ne(LotteryState::Withdrawn))
        .one(db)
        .await?)
}

/// A signed lottery as it places proposals.
pub struct SignedLottery {
    pub number: i32,
    pub lots: BTreeMap<ProposalId, Lot>,
}

/// The signed lottery of a call.
///
/// # Errors
/// When what was kept cannot be read.
pub(super) async fn signed(db: &impl ConnectionTrait, call: CallId) -> Result<Option<SignedLottery>> {
    let Some(row) = stands(db, call).await?.filter(|row| row.state == LotteryState::Signed) else {
        return Ok(None);
    };
    let kept = calibration::Entity::find_by_id(row.calibration_id).one(db).await?.ok_or(AppError::NotFound)?;
    let calibrated: Calibrated = serde_json::from_value(kept.result)?;
    let drawn = proposal::Entity::find().filter(proposal::Column::CallId.eq(call)).all(db).await?;
    let ids: BTreeMap<&str, ProposalId> = drawn.iter().map(|p| (p.code.as_str(), p.id)).collect();
    let mut lots: BTreeMap<ProposalId, Lot> = BTreeMap::new();
    for one in &calibrated.proposals {
        lots.insert(one.proposal, if one.side == Side::Above { Lot::Above } else { Lot::Below });
    }
    let tickets = tickets(&row)?;
    let of = u32::try_from(tickets.len()).unwrap_or(u32::MAX);
    for ticket in &tickets {
        if let Some(id) = ids.get(ticket.code.as_str()) {
            lots.insert(*id, Lot::Drawn { place: ticket.place, of });
        }
    }
    Ok(Some(SignedLottery { number: row.number, lots }))
}

/// A drawn place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    pub place: u32,
    pub code: String,
    pub digest: String,
}

fn tickets(row: &lottery::Model) -> Result<Vec<Drawn>> {
    let Some(seed) = &row.seed else { return Ok(Vec::new()) };
    let codes: Codes = serde_json::from_value(row.codes.clone())?;
    let drawn =
        draw(seed, &codes.all()).map_err(|why| AppError::broken(format!("a kept lottery cannot be drawn: {why:?}")))?;
    Ok(drawn.into_iter().map(|t| Drawn { place: t.place, code: t.code, digest: t.digest }).collect())
}

/// A lottery as it is shown.
#[derive(Debug, Clone)]
pub struct LotteryView {
    pub number: i32,
    pub state: LotteryState,
    pub source: String,
    pub known_at: DateTime<Utc>,
    pub announced_at: DateTime<Utc>,
    pub announced_by: String,
    pub commitment: String,
    pub seed: Option<String>,
    pub drawn_at: Option<DateTime<Utc>>,
    pub signed_at: Option<DateTime<Utc>>,
    pub signed_by: Option<String>,
    pub reason: Option<String>,
    /// The salt of the seal, once the codes may be told.
    pub salt: Option<String>,
    /// The codes the reader may know.
    pub codes: Vec<String>,
    pub drawn: Vec<Drawn>,
}

/// The lotteries of a call.
pub struct Lotteries {
    pub call: CallId,
    pub call_code: String,
    pub call_title: String,
    pub call_state: CallState,
    pub terms: CallTerms,
    /// The latest first.
    pub all: Vec<LotteryView>,
    /// Proposals one would draw among now, as far as they exist for the reader.
    pub codes: Vec<String>,
    pub open: usize,
    /// Why none can be announced now.
    pub refused: Option<String>,
    /// Whether the one that stands may be withdrawn.
    pub withdrawable: bool,
    /// Whether its day has come.
    pub known: bool,
    pub may_run: bool,
    pub may_sign: bool,
}

impl Lotteries {
    /// The one that was not withdrawn.
    pub fn standing(&self) -> Option<&LotteryView> {
        self.all.iter().find(|one| one.state != LotteryState::Withdrawn)
    }
}

/// The lotteries of a call, for staff.
pub struct LotteriesOf(pub CallId);

impl Query for LotteriesOf {
    const NEEDS: Permission = Permission::ReadLottery;
    type Output = Lotteries;

    fn about(&self) -> Subject {
        Subject::Call(self.0)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Lotteries> {
        let now = db.now();
        let db = db.conn();
        let call = call::Entity::find_by_id(self.0).one(db).await?.ok_or(AppError::NotFound)?;
        let ids = seen(db, leave, self.0).await?;
        let known: BTreeSet<String> = proposal::Entity::find()
            .filter(proposal::Column::CallId.eq(self.0))
            .all(db)
            .await?
            .into_iter()
            .filter(|p| ids.contains(&p.id))
            .map(|p| p.code)
            .collect();
        let among = among(db, self.0).await?;
        let standing = stands(db, self.0).await?;
        let withdrawable = match &standing {
            Some(row) => now < row.known_at || among.differs(row)?,
            None => false,
        };
        Ok(Lotteries {
            call: self.0,
            all: views(db, self.0, |code| known.contains(code)).await?,
            open: among.open,
            refused: among.ready().err().map(|why| why.to_string()),
            codes: among.codes.into_iter().filter(|code| known.contains(code)).collect(),
            withdrawable,
            known: standing.is_some_and(|row| now >= row.known_at),
            may_run: leave.may(Permission::RunLottery),
            may_sign: leave.may(Permission::SignLottery),
            call_code: call.code,
            call_title: call.title,
            call_state: call.state,
            terms: call.terms,
        })
    }
}

async fn views(db: &impl ConnectionTrait, call: CallId, knows: impl Fn(&str) -> bool) -> Result<Vec<LotteryView>> {
    let rows = lottery::Entity::find()
        .filter(lottery::Column::CallId.eq(call))
        .order_by_desc(lottery::Column::Number)
        .all(db)
        .await?;
    let people = rows.iter().flat_map(|row| [Some(row.announced_by), row.signed_by]).flatten();
    let people = account::Entity::find().filter(account::Column::Id.is_in(people)).all(db).await?;
    let name = |id| people.iter().find(|a| a.id == id).map(|a| a.name.clone()).unwrap_or_default();
    let view = |row: lottery::Model| -> Result<LotteryView> {
        let kept: Codes = serde_json::from_value(row.codes.clone())?;
        let proposals = kept.codes.len();
        let known = tickets(&row)?.into_iter().filter(|ticket| knows(&ticket.code));
        let drawn = known.zip(1..).map(|(ticket, place)| Drawn { place, ..ticket }).collect();
        let codes: Vec<String> = kept.codes.into_iter().filter(|code| knows(code)).collect();
        Ok(LotteryView {
            salt: (codes.len() == proposals).then_some(kept.salt),
            number: row.number,
            state: row.state,
            source: row.source,
            known_at: row.known_at,
            announced_at: row.announced_at,
            announced_by: name(row.announced_by),
            commitment: row.commitment,
            seed: row.seed,
            drawn_at: row.drawn_at,
            signed_at: row.signed_at,
            signed_by: row.signed_by.map(name),
            reason: row.reason,
            codes,
            drawn,
        })
    };
    rows.into_iter().map(view).collect()
}

/// The lotteries of a public call as everybody sees them: the codes stay sealed until the decisions are released.
pub struct PublicLotteries(pub String);

/// What everybody sees.
pub struct PublicLottery {
    pub call_code: String,
    pub call_title: String,
    pub zone: Tz,
    /// Whether the codes are told.
    pub told: bool,
    pub all: Vec<LotteryView>,
}

impl Query for PublicLotteries {
    const NEEDS: Permission = Permission::SeeCalls;
    type Output = PublicLottery;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<PublicLottery> {
        let db = db.conn();
        let code = self.0.trim().to_ascii_uppercase();
        let call = scope::calls(leave).filter(call::Column::Code.eq(code)).one(db).await?.ok_or(AppError::NotFound)?;
        let told = matches!(call.state, CallState::Decided | CallState::Archived);
        let all = views(db, call.id, |_| told).await?;
        Ok(PublicLottery { call_code: call.code, call_title: call.title, zone: call.terms.zone, told, all })
    }
}
