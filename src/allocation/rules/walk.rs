//! One walk down the ranking, proposal by proposal, with what is left.

use super::{
    pot::{Pot, Turn},
    scenario::Verdict,
    setting::{AskedPart, Setting},
    strategies::Strategy,
};
use entity::types::share::Share;

/// What was decided about one candidate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    pub verdict: Verdict,
    /// For every part its grant in minor units, what the pot pays of it included; none where it is not funded.
    pub grants: Vec<Option<i64>>,
    /// What of each grant the pot pays, in minor units of the agency's currency.
    pub filled: Vec<i64>,
    /// What that costs the pot.
    pub cost: i64,
    /// Agencies, by place, and what they lack for the whole.
    pub lacking: Vec<(usize, i64)>,
}

/// What is left during a walk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    pub agencies: Vec<i64>,
    pub pot: i64,
}

/// A part as the walk sees it.
#[derive(Debug, Clone, Copy)]
struct Piece {
    agency: usize,
    asked: i64,
    needed: bool,
    signed: Option<i64>,
    declined: bool,
}

impl Piece {
    /// Whether money must be found for it.
    fn open(&self) -> bool {
        !self.declined && self.signed.is_none()
    }
}

/// A setting in the order of the walk, with places for ids.
pub struct Walk<'a> {
    pub setting: &'a Setting,
    pieces: Vec<Vec<Piece>>,
    floors: Vec<i64>,
}

impl<'a> Walk<'a> {
    /// Of a setting that was checked.
    pub fn of(setting: &'a Setting) -> Self {
        let places = setting.places();
        let piece = |part: &AskedPart| Piece {
            agency: places[&part.agency],
            asked: part.asked.minor,
            needed: part.needed,
            signed: setting.signed.get(&part.part).map(|grant| grant.minor),
            declined: setting.declined.contains(&part.part),
        };
        Self {
            pieces: setting.candidates.iter().map(|one| one.parts.iter().map(piece).collect()).collect(),
            floors: setting.agencies.iter().map(|one| one.floor.map_or(0, |floor| floor.minor)).collect(),
            setting,
        }
    }

    /// Decides about every candidate; `left` is what there is for all that is not signed, and in the end what is left.
    pub fn run(&self, strategy: &Strategy, left: &mut Left) -> Vec<Decision> {
        let mut decisions = Vec::with_capacity(self.pieces.len());
        self.down(strategy, left, |_, decision| {
            decisions.push(decision);
            true
        });
        if let Strategy::BalancingPot(pot @ Pot { turn: Turn::Afterwards, .. }) = strategy {
            for (at, decision) in decisions.iter_mut().enumerate() {
                if decision.verdict == Verdict::Skipped {
                    let lacking = self.lacking(at, left);
                    *decision = self.fill(at, pot, lacking, left);
                    self.pay(at, decision, left);
                }
            }
        }
        decisions
    }

    /// The first way down alone, told decision by decision as long as the listener wants more.
    pub fn down(&self, strategy: &Strategy, left: &mut Left, mut tell: impl FnMut(usize, Decision) -> bool) {
        let mut stopped = false;
        for at in 0..self.pieces.len() {
            let mut decision = self.decide(at, strategy, left);
            if stopped && decision.verdict != Verdict::Broken {
                decision = self.unfunded(at, Verdict::Stopped, decision.lacking);
            }
            stopped |= *strategy == Strategy::StrictStop && decision.verdict == Verdict::Skipped;
            self.pay(at, &decision, left);
            if !tell(at, decision) {
                return;
            }
        }
    }

    /// What a candidate needs of each agency beyond what is signed; none when it cannot be funded at all.
    pub fn needs(&self, at: usize) -> Option<Vec<(usize, i64)>> {
        self.stands(at, |part| !self.pieces[at][part].declined).then(|| self.sums(at))
    }

    /// The decision that funds a candidate whole.
    pub fn whole(&self, at: usize) -> Decision {
        let grant = |piece: &Piece| piece.signed.or(Some(piece.asked)).filter(|_| !piece.declined);
        let declined = self.pieces[at].iter().any(|piece| piece.declined);
        Decision {
            verdict: if declined { Verdict::Reduced } else { Verdict::Funded },
            grants: self.pieces[at].iter().map(grant).collect(),
            filled: vec![0; self.pieces[at].len()],
            cost: 0,
            lacking: Vec::new(),
        }
    }

    /// The decision that funds nothing but what is signed.
    pub fn unfunded(&self, at: usize, verdict: Verdict, lacking: Vec<(usize, i64)>) -> Decision {
        let grants = self.pieces[at].iter().map(|piece| piece.signed).collect();
        Decision { verdict, grants, filled: vec![0; self.pieces[at].len()], cost: 0, lacking }
    }

    /// The agencies that cannot pay all that is open of a candidate, and what they lack.
    pub fn lacking(&self, at: usize, left: &Left) -> Vec<(usize, i64)> {
        let short = |(agency, need): (usize, i64)| Some((agency, need - left.agencies[agency])).filter(|one| one.1 > 0);
        self.sums(at).into_iter().filter_map(short).collect()
    }

    /// Takes what a decision grants from what is left.
    pub fn pay(&self, at: usize, decision: &Decision, left: &mut Left) {
        for ((piece, grant), filled) in self.pieces[at].iter().zip(&decision.grants).zip(&decision.filled) {
            if let (true, Some(grant)) = (piece.open(), grant) {
                left.agencies[piece.agency] -= grant - filled;
            }
        }
        left.pot -= decision.cost;
    }

    fn sums(&self, at: usize) -> Vec<(usize, i64)> {
        let mut sums: Vec<(usize, i64)> = Vec::new();
        for piece in self.pieces[at].iter().filter(|piece| piece.open() && piece.asked > 0) {
            match sums.iter_mut().find(|(agency, _)| *agency == piece.agency) {
                Some((_, sum)) => *sum += piece.asked,
                None => sums.push((piece.agency, piece.asked)),
            }
        }
        sums
    }

    /// Whether a candidate may go on with some of its parts: with all of them always, because that was checked before.
    fn stands(&self, at: usize, kept: impl Fn(usize) -> bool) -> bool {
        let parts = &self.setting.candidates[at].parts;
        let lost = |part: &usize| !kept(*part);
        if !(0..parts.len()).any(|part| lost(&part)) {
            return true;
        }
        let rest: Vec<&AskedPart> = (0..parts.len()).filter(|part| kept(*part)).map(|part| &parts[part]).collect();
        !(0..parts.len()).filter(lost).any(|part| parts[part].needed)
            && self.setting.consortium.stands(rest.into_iter())
    }

    fn decide(&self, at: usize, strategy: &Strategy, left: &Left) -> Decision {
        if !self.stands(at, |part| !self.pieces[at][part].declined) {
            return self.unfunded(at, Verdict::Broken, Vec::new());
        }
        let lacking = self.lacking(at, left);
        if lacking.is_empty() {
            return self.whole(at);
        }
        match strategy {
            Strategy::StrictSkip | Strategy::StrictStop => self.unfunded(at, Verdict::Skipped, lacking),
            Strategy::DropPartner => self.drop(at, lacking, left),
            Strategy::CutToFloor { floor } => self.cut(at, *floor, lacking),
            Strategy::BalancingPot(pot) if pot.turn == Turn::AtOnce => self.fill(at, pot, lacking, left),
            Strategy::BalancingPot(_) => self.unfunded(at, Verdict::Skipped, lacking),
        }
    }

    /// The open parts of one agency, those the proposal falls without first, then in the proposal's order.
    fn open(&self, at: usize, agency: usize) -> Vec<usize> {
        let pieces = &self.pieces[at];
        let own = |i: &usize| pieces[*i].agency == agency && pieces[*i].open() && pieces[*i].asked > 0;
        let mut open: Vec<usize> = (0..pieces.len()).filter(own).collect();
        open.sort_by_key(|i| !pieces[*i].needed);
        open
    }

    /// Funds a candidate without the parts whose agency cannot pay, if what is left is still a consortium. Of several
    /// parts of one agency the first stay as long as they fit.
    fn drop(&self, at: usize, lacking: Vec<(usize, i64)>, left: &Left) -> Decision {
        let mut decision = self.whole(at);
        for (agency, _) in &lacking {
            let mut rest = left.agencies[*agency];
            for part in self.open(at, *agency) {
                // Once one does not fit, none after it does: more money then never drops a part.
                rest = if rest < 0 { rest } else { rest - self.pieces[at][part].asked };
                if rest < 0 {
                    decision.grants[part] = None;
                }
            }
        }
        if !self.stands(at, |part| decision.grants[part].is_some()) {
            return self.unfunded(at, Verdict::Skipped, lacking);
        }
        Decision { verdict: Verdict::Reduced, lacking, ..decision }
    }

    /// Gives what an agency has left, if every part keeps its floor: the last parts are cut first. The floor is the
    /// stated share of what was asked, and at least the agency's smallest grant.
    fn cut(&self, at: usize, floor: Share, lacking: Vec<(usize, i64)>) -> Decision {
        let mut decision = self.whole(at);
        for (agency, missing) in &lacking {
            let mut missing = *missing;
            for part in self.open(at, *agency).into_iter().rev() {
                let asked = self.pieces[at][part].asked;
                let share = i128::from(asked) * i128::from(floor.basis_points().clamp(0, 10_000));
                let share = i64::try_from((share + 9_999) / 10_000).unwrap_or(asked);
                let least = share.max(self.floors[*agency]).clamp(1, asked);
                let cut = missing.min(asked - least);
                decision.grants[part] = Some(asked - cut);
                missing -= cut;
            }
            if missing > 0 {
                return self.unfunded(at, Verdict::Skipped, lacking);
            }
        }
        Decision { verdict: Verdict::Reduced, lacking, ..decision }
    }

    /// Lets the pot pay what agencies lack: of the last parts first.
    fn fill(&self, at: usize, pot: &Pot, lacking: Vec<(usize, i64)>, left: &Left) -> Decision {
        let Some(cost) = pot.fills(self.setting, &lacking, left.pot) else {
            return self.unfunded(at, Verdict::Skipped, lacking);
        };
        let mut decision = self.whole(at);
        for (agency, missing) in &lacking {
            let mut missing = *missing;
            for part in self.open(at, *agency).into_iter().rev() {
                let paid = missing.min(self.pieces[at][part].asked);
                decision.filled[part] = paid;
                missing -= paid;
            }
        }
        Decision { verdict: Verdict::Filled, cost, lacking, ..decision }
    }
}
