//! From a ranking to money: every strategy, the next unlock and the optimum with its proof, and how they grow with
//! size: `cargo bench --bench allocation`. A name as argument runs only what begins with it: `made`, `era_S`, `5.100`.
//!
//! The made calls of `tests/data/allocation` have figures of other programs; the knapsacks of the OR-Library have
//! published optima.

use entity::types::{
    country::Country,
    ids::{OrganisationId, PartId, ProposalId},
    money::{Currency::Eur, Money, Rate},
    points::Points,
    share::Share,
};
use fairway::allocation::{
    optimum::{Effort, Item, Order, Problem, best},
    rules::{
        Agency, AskedPart, Candidate, Consortium, Gaps, Goal, Pot, Setting, Strategy, Turn, allocate, mirror,
        sensitivity,
    },
};
use std::{
    path::Path,
    time::{Duration, Instant},
};

/// Made calls with the optimum by score and by number, where other programs know them.
const CALLS: [(&str, Option<i64>, Option<i64>); 3] =
    [("era_S_60x12", Some(24_100), Some(20)), ("era_M_150x16", None, None), ("era_L_500x20", None, None)];

/// Proposals and agencies of calls made here.
const SIZES: [(usize, usize); 7] = [(30, 8), (60, 12), (125, 20), (250, 20), (500, 20), (1000, 20), (3000, 40)];

/// What every strategy may take for 500 proposals of up to five parts and 20 agencies.
const ALLOWED: Duration = Duration::from_millis(50);

const COUNTRIES: [&str; 20] = [
    "DE", "FR", "ES", "IT", "NL", "SE", "DK", "NO", "FI", "AT", "BE", "PL", "PT", "IE", "CZ", "HU", "RO", "EE", "LT",
    "TR",
];

fn main() {
    let only = std::env::args().skip(1).find(|word| !word.starts_with('-')).unwrap_or_default();
    println!("values in hundredths of points or in proposals; gap: what a better choice could at most add");
    for (name, score, number) in CALLS.into_iter().filter(|call| call.0.starts_with(&only)) {
        let setting = call(name);
        walks(name, &setting);
        optimum(name, &setting, Goal::Score, score);
        optimum(name, &setting, Goal::Number, number);
    }
    for (proposals, agencies) in SIZES {
        let name = format!("made {proposals} × {agencies}");
        if name.starts_with(&only) {
            let setting = made(proposals, agencies);
            walks(&name, &setting);
            optimum(&name, &setting, Goal::Score, None);
        }
    }
    for (name, problem, published) in knapsacks().into_iter().filter(|one| one.0.starts_with(&only)) {
        let run = Instant::now();
        match best(&problem, &[], Effort::USUAL, &mut |_| true) {
            Ok(found) => {
                print(&name, "value", run.elapsed(), (found.value, found.bound), found.relaxed, Some(published))
            }
            Err(fault) => println!("{name}: {fault}"),
        }
    }
}

/// The slowest strategy, and the next unlock of every agency.
fn walks(name: &str, setting: &Setting) {
    let pot = |turn| Pot { money: eur(100_000_000), cap: None, turn, gaps: Gaps::Every };
    let strategies = [
        ("strict skip", Strategy::StrictSkip),
        ("strict stop", Strategy::StrictStop),
        ("drop a partner", Strategy::DropPartner),
        ("cut to half", Strategy::CutToFloor { floor: Share::percent(50) }),
        ("pot at once", Strategy::BalancingPot(pot(Turn::AtOnce))),
        ("pot afterwards", Strategy::BalancingPot(pot(Turn::Afterwards))),
    ];
    let mut slowest = Duration::ZERO;
    for (strategy, rule) in strategies {
        let Ok(scenario) = allocate(setting, &rule) else { continue };
        // The fastest of some runs, so that other work on the machine counts less.
        let run = || -> Duration {
            let start = Instant::now();
            let again = allocate(setting, &rule);
            if again.is_ok() { start.elapsed() } else { Duration::MAX }
        };
        let fastest = (0..7).map(|_| run()).min().unwrap_or(Duration::MAX);
        slowest = slowest.max(fastest);
        let (funded, over) = (scenario.funded, scenario.passed_over);
        println!("{name:<16} {strategy:<16} funds {funded:>4}, score {:>7}, passes over {over}", scenario.score);
    }
    let run = Instant::now();
    let changes = sensitivity(setting, &Strategy::StrictSkip).map_or(0, |found| found.more.len());
    let verdict = if slowest <= ALLOWED { "allowed" } else { "TOO SLOW" };
    println!(
        "{name:<16} slowest strategy {:.3} ms ({verdict}: {} ms), next unlock of {changes} agencies {:.1} ms",
        slowest.as_secs_f64() * 1e3,
        ALLOWED.as_millis(),
        run.elapsed().as_secs_f64() * 1e3
    );
}

fn optimum(name: &str, setting: &Setting, goal: Goal, known: Option<i64>) {
    let run = Instant::now();
    match mirror(setting, goal, Effort::USUAL, &mut |_| true) {
        Ok(found) => {
            let what = if goal == Goal::Score { "score" } else { "number" };
            print(name, what, run.elapsed(), (found.value, found.bound), found.relaxed, known);
        }
        Err(refusal) => println!("{name}: {refusal}"),
    }
}

fn print(name: &str, what: &str, time: Duration, (value, bound): (i64, i64), relaxed: i64, known: Option<i64>) {
    let proof = if value == bound { "proven".to_owned() } else { format!("gap {}", bound - value) };
    let known = match known {
        Some(known) if known == value => ", as published",
        Some(_) => ", NOT as published",
        None => "",
    };
    let seconds = time.as_secs_f64();
    println!(
        "{name:<16} optimum {what:<6} {seconds:>8.3} s  {value} of at most {bound} ({proof}{known}), linear bound {relaxed}"
    );
}

fn eur(minor: i64) -> Money {
    Money::new(minor, Eur)
}

fn read(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/allocation");
    std::fs::read_to_string(folder.join(name)).expect("the data are there")
}

fn number<T: std::str::FromStr>(text: &str) -> T {
    text.parse().ok().expect("the data are numbers")
}

fn agency(at: usize, minor: i64) -> Agency {
    Agency { id: OrganisationId(uuid(at)), budget: eur(minor), rate: Rate::ONE, floor: None }
}

fn uuid(at: usize) -> uuid::Uuid {
    uuid::Uuid::from_u128(u128::try_from(at).unwrap_or(0))
}

fn candidate(at: usize, rank: usize, score: Points, asks: &[(usize, i64)]) -> Candidate {
    let part = |(i, (agency, minor)): (usize, &(usize, i64))| AskedPart {
        part: PartId(uuid(at * 100 + i)),
        agency: OrganisationId(uuid(*agency)),
        country: country(*agency),
        asked: eur(*minor),
        needed: i == 0,
    };
    Candidate {
        proposal: ProposalId(uuid(at)),
        code: format!("P{at:03}"),
        rank: u32::try_from(rank).unwrap_or(u32::MAX),
        score,
        measures: Vec::new(),
        parts: asks.iter().enumerate().map(part).collect(),
    }
}

fn country(at: usize) -> Country {
    COUNTRIES[at % COUNTRIES.len()].parse().expect("a country")
}

fn setting(agencies: Vec<Agency>, candidates: Vec<Candidate>) -> Setting {
    let (signed, declined) = Default::default();
    Setting { currency: Eur, agencies, candidates, consortium: Consortium::TWO, signed, declined }
}

/// A made call: amounts in thousand euros, proposals above the thresholds only.
fn call(name: &str) -> Setting {
    let [budgets, proposals, requests] =
        ["budgets", "proposals", "requests"].map(|what| read(&format!("{name}_{what}.csv")));
    let rows = |text: &str| -> Vec<Vec<String>> {
        text.lines().skip(1).map(|line| line.split(',').map(str::to_owned).collect()).collect()
    };
    let (budgets, requests) = (rows(&budgets), rows(&requests));
    let place = |code: &str| budgets.iter().position(|row| row[0] == code).expect("the agency has a budget");
    let thousand = |text: &str| number::<i64>(text) * 100_000;
    let agencies = budgets.iter().enumerate().map(|(at, row)| agency(at, thousand(&row[1]))).collect();
    let candidates = rows(&proposals).into_iter().filter(|row| row[7] == "True").map(|row| {
        let own = requests.iter().filter(|ask| ask[0] == row[1]);
        let asks: Vec<(usize, i64)> = own.map(|ask| (place(&ask[1]), thousand(&ask[2]))).collect();
        let score = Points::parse(&row[5]).expect("a score");
        candidate(number(&row[1][1..]), number(&row[0]), score, &asks)
    });
    setting(agencies, candidates.collect())
}

/// Numbers that look random and are always the same (Marsaglia's xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(sides).unwrap_or(1)).unwrap_or(0)
    }
}

/// Two to five parts of different agencies, EUR 10,000 to 60,000 each (domain.md 0.3); budgets of about two fifths of
/// what is asked, some of them tighter; scores of 2.00 to 5.00 in hundredths.
fn made(proposals: usize, agencies: usize) -> Setting {
    let mut dice = Dice(88_172_645_463_325_252);
    let mut asked = vec![0_i64; agencies];
    let mut scores: Vec<usize> = (0..proposals).map(|_| 200 + dice.below(301)).collect();
    scores.sort_unstable_by(|a, b| b.cmp(a));
    let candidates: Vec<Candidate> = (0..proposals)
        .map(|at| {
            let mut asks: Vec<(usize, i64)> = Vec::new();
            for _ in 0..2 + dice.below(4) {
                let (agency, euros) = (dice.below(agencies), 10_000 + 500 * dice.below(101));
                if asks.iter().all(|(other, _)| *other != agency) {
                    asks.push((agency, i64::try_from(euros * 100).unwrap_or(0)));
                    asked[agency] += i64::try_from(euros * 100).unwrap_or(0);
                }
            }
            candidate(at + 1, at + 1, Points::hundredths(i32::try_from(scores[at]).unwrap_or(0)), &asks)
        })
        .collect();
    let share = |at: usize| if at.is_multiple_of(4) { 25 } else { 45 };
    let agencies = asked.iter().enumerate().map(|(at, asked)| agency(at, asked * share(at) / 100)).collect();
    setting(agencies, candidates)
}

/// The knapsacks of the OR-Library with their names and published optima.
fn knapsacks() -> Vec<(String, Problem, i64)> {
    let text = read("mknap_5x100.txt");
    let mut numbers = text.split_whitespace().map(number::<i64>);
    let mut next = || numbers.next().expect("the data are whole");
    let many = next();
    let mut all = Vec::new();
    for name in ["00", "03", "06", "09", "15", "18", "21"].into_iter().take(usize::try_from(many).unwrap_or(0)) {
        let (items, budgets, optimum) = (next(), next(), next());
        let mut items: Vec<Item> =
            (0..items).map(|_| Item { value: next(), needs: Vec::new(), order: Order::Free }).collect();
        for budget in 0..usize::try_from(budgets).unwrap_or(0) {
            items.iter_mut().for_each(|item| item.needs.push((budget, next())));
        }
        let budgets = (0..budgets).map(|_| next()).collect();
        all.push((format!("5.100-{name}"), Problem { items, budgets }, optimum));
    }
    all
}
