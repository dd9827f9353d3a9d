//! Links of ownership, direct and through others.

use super::parties::Link;
use std::collections::{BTreeMap, VecDeque};

/// From this share on the owner decides: more than half (Recommendation 2003/361/EC, Annex, Article 3(3)).
const CONTROL: u32 = 5_000;

/// Owners of so many are funds and states: their holdings are no group.
const HUB: usize = 25;

/// How one organisation is linked to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    /// From the first to the last, both included.
    pub through: Vec<usize>,
    /// Whether every link goes the same way: from owner to owned, or back.
    pub straight: bool,
    /// Whether every link is of more than half or unknown.
    pub control: bool,
}

/// Who owns whom.
#[derive(Debug, Clone, Default)]
pub struct Ownership {
    /// Neighbour, whether it is owned by this one, control.
    links: BTreeMap<usize, Vec<(usize, bool, bool)>>,
}

impl Ownership {
    /// Keeps links from the given share on, in basis points; unknown shares count.
    pub fn new(links: &[Link], least: u32) -> Self {
        let mut kept: BTreeMap<usize, Vec<(usize, bool, bool)>> = BTreeMap::new();
        for link in links.iter().filter(|link| link.owner != link.owned && link.share.is_none_or(|s| s >= least)) {
            let control = link.share.is_none_or(|share| share > CONTROL);
            kept.entry(link.owner).or_default().push((link.owned, true, control));
            kept.entry(link.owned).or_default().push((link.owner, false, control));
        }
        for list in kept.values_mut() {
            list.sort_unstable();
            list.dedup();
        }
        Self { links: kept }
    }

    /// Everything linked to an organisation by at most so many links, nearest first, by a shortest path each; straight
    /// paths before others of the same length. Circles end the walk; from an owner of more than 25 nothing goes down
    /// again.
    ///
    /// Breadth-first: each organisation is left once for each of three directions (start, up, down or mixed).
    pub fn reach(&self, from: usize, most: usize) -> Vec<Path> {
        let start = Path { through: vec![from], straight: true, control: true };
        let mut best: BTreeMap<usize, Path> = BTreeMap::new();
        // Direction of the walk so far: none at the start.
        let mut queue = VecDeque::from([(start, None::<bool>)]);
        let mut seen = std::collections::BTreeSet::from([(from, true)]);
        while let Some((path, way)) = queue.pop_front() {
            let here = *path.through.last().unwrap_or(&from);
            if path.through.len() > most {
                continue;
            }
            let neighbours = self.links.get(&here).map(Vec::as_slice).unwrap_or_default();
            let hub = neighbours.iter().filter(|(_, down, _)| *down).count() > HUB;
            for &(next, down, control) in neighbours {
                let turns = way.is_some_and(|way| way != down);
                if hub && turns && down || path.through.contains(&next) {
                    continue;
                }
                let straight = path.straight && !turns;
                if !seen.insert((next, straight)) {
                    continue;
                }
                let mut longer = Path { through: path.through.clone(), straight, control: path.control && control };
                longer.through.push(next);
                let better = |old: &Path| old.through.len() == longer.through.len() && straight && !old.straight;
                if best.get(&next).is_none_or(better) {
                    best.insert(next, longer.clone());
                }
                queue.push_back((longer, Some(down)));
            }
        }
        let mut all: Vec<Path> = best.into_values().collect();
        all.sort_by_key(|path| (path.through.len(), path.through.clone()));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(owner: usize, owned: usize, share: u32) -> Link {
        Link { owner, owned, share: Some(share) }
    }

    fn paths(links: &[Link], from: usize, most: usize) -> Vec<(Vec<usize>, bool, bool)> {
        let found = Ownership::new(links, 2_500).reach(from, most);
        found.into_iter().map(|path| (path.through, path.straight, path.control)).collect()
    }

    #[test]
    fn a_group_is_walked_up_and_down() {
        let links = [link(0, 1, 10_000), link(1, 2, 3_000), link(0, 3, 6_000), link(0, 4, 1_000)];
        assert_eq!(
            paths(&links, 2, 4),
            [(vec![2, 1], true, false), (vec![2, 1, 0], true, false), (vec![2, 1, 0, 3], false, false),]
        );
        assert_eq!(paths(&links, 2, 1), [(vec![2, 1], true, false)]);
        assert_eq!(paths(&links, 4, 9), []);
    }

    #[test]
    fn circles_end() {
        let links = [link(0, 1, 6_000), link(1, 2, 6_000), link(2, 0, 6_000), link(2, 2, 9_000)];
        assert_eq!(paths(&links, 0, 50), [(vec![0, 1], true, true), (vec![0, 2], true, true)]);
    }

    #[test]
    fn holdings_of_a_fund_are_no_group() {
        let links: Vec<Link> = (1..=30).map(|owned| link(0, owned, 3_000)).collect();
        assert_eq!(paths(&links, 1, 4), [(vec![1, 0], true, false)]);
        assert_eq!(paths(&links, 0, 1).len(), 30);
    }
}
