//! What the ranking model costs: time, peak memory and growth with the size of the call, for both routes.
//!
//! `cargo bench --bench calibration`. Every case runs in a process of its own, so that its peak memory (VmHWM) is its
//! own; a call of n proposals has 5 scores each and one evaluator per 12 scores. "growth" is time over the time of the
//! case before, beside the growth in proposals.

use fairway::evaluation::calibration::model::{
    Rating, Scores,
    gibbs::{Sampling, gibbs},
    random::Random,
    ranks,
    reml::reml,
};
use std::{
    collections::BTreeMap,
    fs,
    io::Read,
    process::Command,
    time::{Duration, Instant},
};

const SIZES: [usize; 4] = [100, 500, 2_000, 8_000];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["case", route, size] => case(route, size.parse().unwrap_or(0)),
        _ => all(),
    }
}

/// Runs every case in its own process and prints a table.
fn all() {
    println!("{:<34} {:>10} {:>9} {:>8} {:>8}", "case", "seconds", "MiB", "growth", "size");
    for route in ["gibbs", "reml"] {
        let mut before: Option<(f64, usize)> = None;
        for size in SIZES {
            let (name, seconds, memory) = child(route, size);
            let growth = before.map_or((String::new(), String::new()), |(time, smaller)| {
                (format!("×{:.1}", seconds / time), format!("×{:.0}", size as f64 / smaller as f64))
            });
            println!("{name:<34} {seconds:>10.3} {memory:>9.1} {:>8} {:>8}", growth.0, growth.1);
            before = Some((seconds, size));
        }
    }
    let (name, seconds, memory) = child("insteval", 0);
    println!("{name:<34} {seconds:>10.3} {memory:>9.1}");
}

/// Name, seconds and peak memory in MiB of one case.
fn child(route: &str, size: usize) -> (String, f64, f64) {
    let program = std::env::current_exe().expect("the benchmark knows its own program");
    let output = Command::new(program).args(["case", route, &size.to_string()]).output().expect("a case runs");
    let text = String::from_utf8_lossy(&output.stdout);
    let mut fields = text.trim().split('\t');
    let mut field = || fields.next().unwrap_or_default().to_owned();
    (field(), field().parse().unwrap_or(f64::NAN), field().parse().unwrap_or(f64::NAN))
}

fn case(route: &str, size: usize) {
    let scores = if route == "insteval" { insteval() } else { call(size) };
    let clock = Instant::now();
    let name = match route {
        "gibbs" => {
            let posterior = gibbs(&scores, &Sampling::usual(&scores, 1, &[size as u32 / 4]));
            format!("gibbs, {size} × 5, {} draws", posterior.draws)
        }
        _ => {
            let fit = reml(&scores);
            let steps = fit.iterations;
            match route {
                "insteval" => format!("reml, insteval {}, {steps} steps", scores.count()),
                _ => {
                    let ranks = ranks::expected(&fit);
                    format!("reml and ranks, {} × 5, {steps} steps", ranks.len())
                }
            }
        }
    };
    print(&name, clock.elapsed());
}

fn print(name: &str, time: Duration) {
    println!("{name}\t{}\t{}", time.as_secs_f64(), peak_memory());
}

/// A call of known effects; evaluators are drawn for every proposal without repetition.
fn call(proposals: usize) -> Scores {
    let mut random = Random::seeded(proposals as u64);
    let evaluators = (proposals * 5 / 12).max(6);
    let severity: Vec<f64> = (0..evaluators).map(|_| 0.8 * random.normal()).collect();
    let mut ratings = Vec::with_capacity(proposals * 5);
    for proposal in 0..proposals {
        let quality = 1.4 * random.normal();
        let mut chosen: Vec<usize> = Vec::with_capacity(5);
        while chosen.len() < 5 {
            let evaluator = random.below(evaluators);
            if !chosen.contains(&evaluator) {
                chosen.push(evaluator);
            }
        }
        for evaluator in chosen {
            let score = 10.0 + quality + severity[evaluator] + 1.3 * random.normal();
            ratings.push(Rating { proposal, evaluator, score });
        }
    }
    Scores::new(proposals, &ratings).expect("the call can be estimated")
}

/// 73,421 ratings of 1,128 lecturers by 2,972 students; tests/data/scores/SOURCES.md says where they are from.
fn insteval() -> Scores {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/scores/insteval.csv.gz");
    let mut text = String::new();
    let file = fs::File::open(path).expect("the ratings are there");
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).expect("the ratings are readable");
    let (mut lecturers, mut students) = (BTreeMap::new(), BTreeMap::new());
    let number = |names: &mut BTreeMap<String, usize>, name: &str| {
        let next = names.len();
        *names.entry(name.to_owned()).or_insert(next)
    };
    let mut ratings = Vec::new();
    for line in text.lines().skip(1) {
        // Panel, proposal, evaluator, criterion, score.
        let fields: Vec<&str> = line.split(',').collect();
        let [_, lecturer, student, _, score] = fields[..] else { continue };
        let (proposal, evaluator) = (number(&mut lecturers, lecturer), number(&mut students, student));
        let score = score.parse().unwrap_or(f64::NAN);
        ratings.push(Rating { proposal, evaluator, score });
    }
    Scores::new(lecturers.len(), &ratings).expect("the ratings can be estimated")
}

/// The most memory this process ever held, in MiB; zero where the system does not say.
fn peak_memory() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kilobytes.unwrap_or(0.0) / 1024.0
}
