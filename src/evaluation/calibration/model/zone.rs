//! The zone around a funding line in which the order of proposals is not distinguishable.
//!
//! The line lies at the expected rank of the last proposal that fits above it. A proposal is clearly above when the
//! whole interval of its rank is better than the line, clearly below when the whole interval is worse, and not
//! distinguishable when the interval covers the line (Heyard et al. 2022, section 3, doi
//! 10.1080/2330443X.2022.2086190; the Swiss National Science Foundation takes the 50 % interval). Never are more
//! proposals clearly above than fit, nor so many clearly below that places stay empty.

/// What the ranking model knows of a proposal's rank.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RankOf {
    /// The caller's number.
    pub proposal: usize,
    pub expected: f64,
    /// First and last rank of the interval chosen, both included.
    pub interval: (u32, u32),
}

/// Where a proposal stands against a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Above,
    NotDistinguishable,
    Below,
}

/// A funding line and what it parts; proposals by expected rank.
#[derive(Debug, Clone, PartialEq)]
pub struct Zone {
    /// How many proposals fit above the line.
    pub places: usize,
    /// The expected rank of the last that fits; none when none or all fit.
    pub line: Option<f64>,
    pub above: Vec<usize>,
    pub within: Vec<usize>,
    pub below: Vec<usize>,
    /// Places left for those within: what a panel decides or a lottery draws.
    pub open: usize,
}

impl Zone {
    /// Where this proposal stands; none when the model has no rank for it.
    pub fn standing(&self, proposal: usize) -> Option<Standing> {
        let among = |list: &[usize]| list.contains(&proposal);
        match () {
            () if among(&self.above) => Some(Standing::Above),
            () if among(&self.within) => Some(Standing::NotDistinguishable),
            () if among(&self.below) => Some(Standing::Below),
            () => None,
        }
    }
}

/// The zone of a line above which so many proposals fit. O(n log n).
pub fn zone(ranks: &[RankOf], places: usize) -> Zone {
    let mut order = ranks.to_vec();
    order.sort_by(|a, b| a.expected.total_cmp(&b.expected).then(a.proposal.cmp(&b.proposal)));
    let line = match places {
        0 => None,
        _ if places >= order.len() => None,
        _ => order.get(places - 1).map(|last| last.expected),
    };
    let mut zone = Zone { places, line, above: Vec::new(), within: Vec::new(), below: Vec::new(), open: 0 };
    for (at, rank) in order.iter().enumerate() {
        let fits = at < places;
        let list = match line {
            Some(line) if fits && f64::from(rank.interval.1) < line => &mut zone.above,
            Some(line) if !fits && f64::from(rank.interval.0) > line => &mut zone.below,
            Some(_) => &mut zone.within,
            None if fits => &mut zone.above,
            None => &mut zone.below,
        };
        list.push(rank.proposal);
    }
    zone.open = places.saturating_sub(zone.above.len()).min(zone.within.len());
    zone
}

/// The zones of several lines, such as one per budget.
pub fn zones(ranks: &[RankOf], places: &[usize]) -> Vec<Zone> {
    places.iter().map(|places| zone(ranks, *places)).collect()
}
