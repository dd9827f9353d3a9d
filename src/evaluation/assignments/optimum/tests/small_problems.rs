//! Small random problems of every kind, from a seed, and the answer to each by trying everything.

use super::*;

/// Numbers that look random and are always the same (Marsaglia's xorshift).
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % sides
    }

    pub fn index(&mut self, sides: usize) -> usize {
        usize::try_from(self.below(sides as u64)).unwrap()
    }

    fn often(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

/// A problem of at most five proposals by six evaluators; with rules beyond the flow when asked.
pub fn problem(dice: &mut Dice, ruled: bool) -> Problem {
    let (n, m) = (1 + dice.index(5), 2 + dice.index(5));
    let wanted = u32::try_from(1 + dice.below(3)).unwrap();
    let mut problem = Problem::new(n, m, wanted, Load { least: 0, most: 0 });
    // Few different affinities make many ties, many make none.
    let range = if dice.often(50) { 4 } else { 1000 };
    for proposal in 0..n {
        if dice.often(20) {
            problem.wanted[proposal] = u32::try_from(dice.below(3)).unwrap();
        }
        for evaluator in 0..m {
            let affinity = i64::try_from(dice.below(range)).unwrap() - 1;
            problem.set(pair(proposal, evaluator), (!dice.often(12)).then_some(affinity)).unwrap();
            if dice.often(4) {
                problem.locks.push(pair(proposal, evaluator));
            }
            if dice.often(10) {
                problem.kept.push(pair(proposal, evaluator));
            }
        }
    }
    problem.bonus = i32::try_from(dice.below(3)).unwrap();
    let places = u64::from(problem.wanted.iter().sum::<u32>());
    for load in &mut problem.loads {
        let most = places / m as u64 + dice.below(3);
        let least = if dice.often(30) { dice.below(most.min(2) + 1) } else { 0 };
        *load = Load { least: u32::try_from(least).unwrap(), most: u32::try_from(most).unwrap() };
    }
    if ruled {
        for _ in 0..1 + dice.below(3) {
            let members = (0..m).filter(|_| dice.often(45)).collect();
            problem.circle(members);
        }
        for proposal in 0..n {
            if dice.often(60) {
                let circle = dice.index(problem.circles.len());
                let least = u32::try_from(1 + dice.below(2).min(dice.below(2))).unwrap();
                problem.needs.push(Need { proposal, circle, least });
            }
        }
        while dice.often(50) {
            let members = (0..m).filter(|_| dice.often(35)).collect();
            let circle = problem.circle(members);
            problem.apart.push(circle);
        }
    }
    problem
}

/// The highest worth of all assignments, by trying each; none when there is none.
pub fn all(problem: &Problem, floor: Option<i64>) -> Option<i64> {
    let mut best = None;
    each(problem, floor, &mut Vec::new(), &mut vec![0; problem.evaluators], &mut |chosen| {
        best = best.max(Some(worth(problem, chosen)));
    });
    best
}

/// The highest floor, and the highest worth with it.
pub fn fairest(problem: &Problem) -> Option<(i64, i64)> {
    let mut best = None;
    each(problem, None, &mut Vec::new(), &mut vec![0; problem.evaluators], &mut |chosen| {
        let served = chosen.iter().enumerate().filter(|(p, _)| problem.wanted[*p] > 0);
        let sum = |(p, set): (usize, &Vec<usize>)| set.iter().map(|e| problem.affinity(pair(p, *e)).unwrap()).sum();
        best = best.max(Some((served.map(sum).min().unwrap_or(0_i64), worth(problem, chosen))));
    });
    best
}

pub fn worth(problem: &Problem, chosen: &[Vec<usize>]) -> i64 {
    let pairs = chosen.iter().enumerate().flat_map(|(p, set)| set.iter().map(move |e| pair(p, *e)));
    let bonus = |at: &Pair| if problem.kept.contains(at) { i64::from(problem.bonus) } else { 0 };
    pairs.map(|at| problem.affinity(at).unwrap() + bonus(&at)).sum()
}

/// Whether an assignment keeps every rule, written anew from the words of the rules.
pub fn keeps(problem: &Problem, floor: Option<i64>, chosen: &[Vec<usize>]) -> bool {
    let load = |e: usize| chosen.iter().filter(|set| set.contains(&e)).count();
    let loads = (0..problem.evaluators)
        .all(|e| (problem.loads[e].least as usize..=problem.loads[e].most as usize).contains(&load(e)));
    loads && (0..problem.proposals).all(|p| keeps_own(problem, floor, p, &chosen[p]))
}

fn keeps_own(problem: &Problem, floor: Option<i64>, p: usize, set: &[usize]) -> bool {
    let within = |circle: usize| set.iter().filter(|e| problem.circles[circle].contains(e)).count();
    let sum: Option<i64> = set.iter().map(|e| problem.affinity(pair(p, *e))).sum();
    set.len() == problem.wanted[p] as usize
        && set.windows(2).all(|two| two[0] < two[1])
        && problem.locks.iter().all(|lock| lock.proposal != p || set.contains(&lock.evaluator))
        && problem.needs.iter().all(|need| need.proposal != p || within(need.circle) >= need.least as usize)
        && problem.apart.iter().all(|circle| within(*circle) <= 1)
        && sum.is_some_and(|sum| set.is_empty() || floor.is_none_or(|floor| sum >= floor))
}

fn each(
    problem: &Problem,
    floor: Option<i64>,
    chosen: &mut Vec<Vec<usize>>,
    load: &mut Vec<u32>,
    see: &mut dyn FnMut(&[Vec<usize>]),
) {
    let p = chosen.len();
    if p == problem.proposals {
        if load.iter().zip(&problem.loads).all(|(load, own)| *load >= own.least) {
            see(chosen);
        }
        return;
    }
    for bits in 0..1_usize << problem.evaluators {
        let set: Vec<usize> = (0..problem.evaluators).filter(|e| bits >> e & 1 == 1).collect();
        if set.iter().any(|e| load[*e] >= problem.loads[*e].most) || !keeps_own(problem, floor, p, &set) {
            continue;
        }
        set.iter().for_each(|e| load[*e] += 1);
        chosen.push(set);
        each(problem, floor, chosen, load, see);
        chosen.pop().unwrap().iter().for_each(|e| load[*e] -= 1);
    }
}
