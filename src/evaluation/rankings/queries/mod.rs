//! What is seen of rankings.

pub mod lottery;
mod standings;

pub use standings::{Detail, DetailCriterion, Standings, shown};

use super::rules::DRAWN;
use crate::{
    evaluation::calibration::queries::seen,
    kernel::{AppError, Leave, Permission, Query, Result, Snapshot, Subject, access::scope},
};
use chrono::{DateTime, Utc};
use entity::{
    accounts::account,
    calls::call,
    evaluation::{ranking, ranking_line},
    proposals::proposal,
    types::{
        ids::{AccountId, CallId, ProposalId, RankingId},
        states::{CallState, RankingState},
        terms::CallTerms,
    },
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::BTreeMap;

/// One place of a ranking.
#[derive(Debug, Clone)]
pub struct Place {
    pub rank: i32,
    pub proposal: ProposalId,
    pub code: String,
    pub title: String,
    pub total: i32,
    pub passes: bool,
    pub spread: i32,
    pub tie_reason: Option<String>,
    pub detail: Detail,
}

/// A ranking with the places the actor may see.
#[derive(Debug, Clone)]
pub struct RankingView {
    pub id: RankingId,
    pub number: i32,
    pub state: RankingState,
    pub reason: String,
    pub digest: Option<String>,
    pub made_by: String,
    pub made_at: DateTime<Utc>,
    pub fixed_by: Option<String>,
    pub fixed_at: Option<DateTime<Utc>>,
    pub places: Vec<Place>,
    /// Places the actor does not see.
    pub hidden: usize,
    /// What was signed, letter by letter, for those who see every place.
    pub document: Option<String>,
}

/// A proposal in two rankings.
#[derive(Debug, Clone)]
pub struct Moved {
    pub proposal: ProposalId,
    pub code: String,
    pub title: String,
    /// Place, total and whether it passes; none where it is not ranked.
    pub before: Option<(i32, i32, bool)>,
    pub after: Option<(i32, i32, bool)>,
}

impl Moved {
    /// By how many places it went up, where it is in both.
    pub fn up(&self) -> Option<i32> {
        Some(self.before?.0 - self.after?.0)
    }

    pub fn is_still(&self) -> bool {
        self.before == self.after
    }
}

/// The rankings of a call.
pub struct Rankings {
    pub call: CallId,
    pub call_code: String,
    pub call_state: CallState,
    pub terms: CallTerms,
    /// Every ranking drawn so far: number and state.
    pub all: Vec<(i32, RankingState)>,
    /// The one asked for, else the latest.
    pub ranking: Option<RankingView>,
    /// Proposals that would be ranked now, sheets being written, proposals with fewer sheets than wanted.
    pub ready: usize,
    pub open: usize,
    pub thin: Vec<String>,
    /// Whether the sheets changed since the shown draft was drawn.
    pub out_of_date: bool,
    /// The number of the signed ranking before the shown one, and what moved since.
    pub compared: Option<(i32, Vec<Moved>)>,
    /// What drawing or signing still needs.
    pub lacking: Option<String>,
    pub undrawn: Option<String>,
    pub calibration: Option<i32>,
    pub lottery: Option<i32>,
    pub may_calibrate: bool,
    pub may_replace: bool,
    pub may_see_lottery: bool,
    pub may_draw: bool,
    pub may_follow: bool,
    pub may_fix: bool,
}

/// The ranking of a call with this number, or the latest.
pub struct RankingOf {
    pub call: CallId,
    pub number: Option<i32>,
}

impl Query for RankingOf {
    const NEEDS: Permission = Permission::ReadRanking;
    type Output = Rankings;

    fn about(&self) -> Subject {
        Subject::Call(self.call)
    }

    async fn fetch(self, db: &Snapshot, leave: Leave<'_>) -> Result<Rankings> {
        let db = db.conn();
        let hidden = scope::conflicted(db, leave.actor()).await?;
        let standings = Standings::load(db, self.call).await?.without(db, &hidden).await?;
        let rows = ranking::Entity::find()
            .filter(ranking::Column::CallId.eq(self.call))
            .order_by_desc(ranking::Column::Number)
            .all(db)
            .await?;
        let row = match self.number {
            Some(number) => Some(rows.iter().find(|r| r.number == number).ok_or(AppError::NotFound)?),
            None => rows.first(),
        };
        let mut out_of_date = false;
        let mut compared = None;
        let ranking = match row {
            Some(row) => {
                let signed = rows.iter().find(|r| r.number < row.number && r.fixed_at.is_some());
                let all = lines(db, row.id).await?;
                let whole = !all.iter().any(|line| hidden.contains(&line.proposal_id));
                let lines = without(all, &hidden);
                out_of_date = row.state == RankingState::Draft && differs(&standings, &lines);
                let mut shown = view(db, leave, row, lines).await?;
                // What was signed names every proposal.
                shown.document = shown.document.filter(|_| whole);
                if let Some(before) = signed {
                    let before = view(db, leave, before, without(self::lines(db, before.id).await?, &hidden)).await?;
                    compared = Some((before.number, moves(&before, &shown)));
                }
                Some(shown)
            }
            None => None,
        };
        let wanted = usize::try_from(standings.call.terms.evaluation.evaluators_per_proposal).unwrap_or(usize::MAX);
        let few = |line: &&super::rules::RankedLine| {
            standings.details.get(&line.proposal).is_none_or(|d| d.sheets() < wanted)
        };
        let thin = standings.lines.iter().filter(few).map(|l| standings.code(l.proposal).to_owned()).collect();
        Ok(Rankings {
            call: self.call,
            call_code: standings.call.code,
            call_state: standings.call.state,
            terms: standings.call.terms,
            all: rows.iter().map(|r| (r.number, r.state)).collect(),
            ranking,
            ready: standings.lines.len(),
            open: standings.open,
            thin,
            out_of_date,
            compared,
            lacking: standings.lacking,
            undrawn: standings.undrawn,
            calibration: standings.calibration,
            lottery: standings.lottery,
            may_calibrate: leave.may(Permission::SeeCalibration),
            may_replace: leave.may(Permission::ReplaceRanking),
            may_see_lottery: leave.may(Permission::ReadLottery),
            may_draw: leave.may(Permission::DrawRanking),
            may_follow: leave.may(Permission::SeeProgress),
            may_fix: leave.may(Permission::FixRanking),
        })
    }
}

/// The lines of a ranking, best first.
pub(super) async fn lines(db: &impl ConnectionTrait, id: RankingId) -> Result<Vec<ranking_line::Model>> {
    let lines = ranking_line::Entity::find().filter(ranking_line::Column::RankingId.eq(id));
    Ok(lines.order_by_asc(ranking_line::Column::Rank).all(db).await?)
}

/// The lines for somebody for whom some proposals do not exist: neither a place nor a tie may tell of them.
fn without(lines: Vec<ranking_line::Model>, hidden: &[ProposalId]) -> Vec<ranking_line::Model> {
    if !lines.iter().any(|line| hidden.contains(&line.proposal_id)) {
        return lines;
    }
    let mut above = 0;
    let mut beside_hidden = true;
    let mut kept: Vec<ranking_line::Model> = Vec::new();
    for mut line in lines {
        if hidden.contains(&line.proposal_id) {
            above += 1;
            // A tie is told between neighbours.
            if let Some(before) = kept.last_mut().filter(|_| !beside_hidden) {
                before.tie_reason = None;
            }
            beside_hidden = true;
            continue;
        }
        line.rank -= above;
        if let Some(detail) = line.detail.as_object_mut() {
            detail.remove("expected");
        }
        if line.tie_reason.as_deref().is_some_and(|why| why.starts_with(DRAWN)) {
            line.tie_reason = Some("Drawn by lottery".to_owned());
        }
        if beside_hidden && above > 0 {
            line.tie_reason = None;
        }
        beside_hidden = false;
        kept.push(line);
    }
    kept
}

/// Whether a ranking drawn now would say something else.
pub(super) fn differs(standings: &Standings, lines: &[ranking_line::Model]) -> bool {
    let same = |(now, kept): (&super::rules::RankedLine, &ranking_line::Model)| {
        let detail = serde_json::from_value::<Detail>(kept.detail.clone()).ok();
        now.proposal == kept.proposal_id
            && now.total_hundredths == kept.total
            && now.passes == kept.passes
            && detail.as_ref() == standings.details.get(&now.proposal)
    };
    standings.lines.len() != lines.len() || !standings.lines.iter().zip(lines).all(same)
}

/// What moved between two rankings, in the order of the later one; what is ranked no more comes last.
fn moves(before: &RankingView, after: &RankingView) -> Vec<Moved> {
    let of = |ranking: &RankingView, id: ProposalId| {
        ranking.places.iter().find(|p| p.proposal == id).map(|p| (p.rank, p.total, p.passes))
    };
    let gone = before.places.iter().filter(|p| of(after, p.proposal).is_none());
    let moved = |place: &Place| Moved {
        proposal: place.proposal,
        code: place.code.clone(),
        title: place.title.clone(),
        before: of(before, place.proposal),
        after: of(after, place.proposal),
    };
    after.places.iter().chain(gone).map(moved).collect()
}

/// A ranking that somebody has the file or the checksum of.
#[derive(Debug, Clone)]
pub struct VerifiedRanking {
    pub call_code: String,
    pub call_title: String,
    pub number: i32,
    pub state: RankingState,
    pub signed_at: Option<DateTime<Utc>>,
    pub signed_by: String,
    pub zone: chrono_tz::Tz,
    /// The number of the signed ranking that replaced it.
    pub replaced_by: Option<i32>,
}

/// Whether this is the checksum of a ranking that was signed. Nothing is told of its places.
pub struct VerifyRanking(pub String);

impl Query for VerifyRanking {
    const NEEDS: Permission = Permission::EnterPlatform;
    type Output = Option<VerifiedRanking>;

    fn about(&self) -> Subject {
        Subject::Platform
    }

    async fn fetch(self, db: &Snapshot, _: Leave<'_>) -> Result<Self::Output> {
        let db = db.conn();
        let row = ranking::Entity::find().filter(ranking::Column::Digest.eq(self.0)).one(db).await?;
        let Some(row) = row.filter(|row| row.fixed_at.is_some()) else { return Ok(None) };
        let call = call::Entity::find_by_id(row.call_id).one(db).await?.ok_or(AppError::NotFound)?;
        let later = ranking::Entity::find()
            .filter(ranking::Column::CallId.eq(row.call_id))
            .filter(ranking::Column::Number.gt(row.number))
            .filter(ranking::Column::FixedAt.is_not_null())
            .order_by_asc(ranking::Column::Number)
            .one(db)
            .await?;
        let signed_by = match row.fixed_by {
            Some(id) => account::Entity::find_by_id(id).one(db).await?.map(|a| a.name).unwrap_or_default(),
            None => String::new(),
        };
        Ok(Some(VerifiedRanking {
            number: row.number,
            state: row.state,
            signed_at: row.fixed_at,
            signed_by,
            zone: call.terms.zone,
            replaced_by: later.map(|later| later.number),
            call_code: call.code,
            call_title: call.title,
        }))
    }
}

async fn view(
    db: &impl ConnectionTrait,
    leave: Leave<'_>,
    row: &ranking::Model,
    lines: Vec<ranking_line::Model>,
) -> Result<RankingView> {
    let seen = seen(db, leave, row.call_id).await?;
    let proposals: BTreeMap<ProposalId, proposal::Model> = proposal::Entity::find()
        .filter(proposal::Column::Id.is_in(lines.iter().map(|l| l.proposal_id)))
        .all(db)
        .await?
        .into_iter()
        .map(|p| (p.id, p))
        .collect();
    let people = [Some(row.made_by), row.fixed_by].into_iter().flatten();
    let names: BTreeMap<AccountId, String> = account::Entity::find()
        .filter(account::Column::Id.is_in(people))
        .all(db)
        .await?
        .into_iter()
        .map(|a| (a.id, a.name))
        .collect();
    let name = |id: AccountId| names.get(&id).cloned().unwrap_or_default();
    let total = lines.len();
    let place = |line: ranking_line::Model| {
        let proposal = proposals.get(&line.proposal_id)?;
        Some(Place {
            rank: line.rank,
            proposal: line.proposal_id,
            code: proposal.code.clone(),
            title: proposal.title.clone(),
            total: line.total,
            passes: line.passes,
            spread: line.spread,
            tie_reason: line.tie_reason,
            detail: serde_json::from_value(line.detail).ok()?,
        })
    };
    let places: Vec<Place> = lines.into_iter().filter(|l| seen.contains(&l.proposal_id)).filter_map(place).collect();
    Ok(RankingView {
        id: row.id,
        number: row.number,
        state: row.state,
        reason: row.reason.clone(),
        digest: row.digest.clone(),
        made_by: name(row.made_by),
        made_at: row.made_at,
        fixed_by: row.fixed_by.map(name),
        fixed_at: row.fixed_at,
        hidden: total - places.len(),
        document: row.document.clone().filter(|_| total == places.len()),
        places,
    })
}
