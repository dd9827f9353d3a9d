//! The gold standard of Stelmakh et al. 2023 as a call, and the loss by which the paper measures.

use fairway::evaluation::affinity::rules::{Call, Evaluator, Proposal, Term, Terms, Text};
use std::{
    collections::{BTreeMap, HashMap},
    io::Read,
    path::PathBuf,
};

/// Evaluators with their publications, proposals with title and abstract, and what evaluators say they know.
pub struct Gold {
    pub evaluators: Vec<Evaluator>,
    pub proposals: Vec<Proposal>,
    /// Evaluator, proposal and expertise in quarters: 4 (none) to 20 (leading).
    pub stated: Vec<(usize, usize, i64)>,
}

pub fn load() -> Gold {
    let (mut evaluators, mut people) = (Vec::<Evaluator>::new(), HashMap::new());
    for line in lines("evaluator_profiles_d20_1.jsonl.gz") {
        let place = *people.entry(word(&line, "evaluator")).or_insert_with(|| {
            evaluators.push(Evaluator::default());
            evaluators.len() - 1
        });
        evaluators[place].texts.push(text(&line));
    }
    let (mut proposals, mut places) = (Vec::new(), HashMap::new());
    for line in lines("proposals.jsonl.gz") {
        places.insert(word(&line, "proposal"), proposals.len());
        proposals.push(Proposal { text: text(&line), ..Proposal::default() });
    }
    let table = std::fs::read_to_string(folder().join("gold_expertise_dev.csv")).expect("the table is there");
    let stated = table.lines().skip(1).map(|line| {
        let cells: Vec<&str> = line.trim().split(',').collect();
        let points: f64 = cells[2].parse().expect("a number");
        (people[cells[0]], places[cells[1]], (points * 4.0).round() as i64)
    });
    Gold { stated: stated.collect(), evaluators, proposals }
}

impl Gold {
    /// The text term of every stated pair.
    pub fn values(&self) -> Vec<i64> {
        let call = Call::new(Terms::default(), self.evaluators.clone(), self.proposals.clone(), BTreeMap::new());
        let mut columns = HashMap::new();
        let mut value = |&(evaluator, proposal, _): &(usize, usize, i64)| {
            columns.entry(proposal).or_insert_with(|| call.column(Term::Text, proposal).expect("texts"))[evaluator]
        };
        self.stated.iter().map(&mut value).collect()
    }

    /// Per evaluator: the weight of wrongly ordered pairs of their proposals and of all such pairs, in halves.
    pub fn losses(&self, values: &[i64]) -> BTreeMap<usize, (i64, i64)> {
        let mut losses: BTreeMap<usize, (i64, i64)> = BTreeMap::new();
        for (at, (one, a)) in self.stated.iter().zip(values).enumerate() {
            for (other, b) in self.stated[..at].iter().zip(values).filter(|(other, _)| other.0 == one.0) {
                let loss = losses.entry(one.0).or_default();
                let weight = (one.2 - other.2).abs();
                loss.1 += 2 * weight;
                loss.0 += match ((a - b) * (one.2 - other.2)).signum() {
                    -1 => 2 * weight,
                    0 => weight,
                    _ => 0,
                };
            }
        }
        losses
    }
}

/// The share of wrongly ordered pairs, weighted by the difference in expertise; a tie counts half.
pub fn loss<'l>(losses: impl IntoIterator<Item = &'l (i64, i64)>) -> f64 {
    let (wrong, all) = losses.into_iter().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    wrong as f64 / all as f64
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/text")
}

fn lines(name: &str) -> Vec<serde_json::Value> {
    let file = std::fs::File::open(folder().join(name)).expect("the file is there");
    let mut text = String::new();
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).expect("a packed text");
    text.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
}

fn word(line: &serde_json::Value, key: &str) -> String {
    line[key].as_str().unwrap_or_default().to_owned()
}

fn text(line: &serde_json::Value) -> Text {
    Text::of([word(line, "title"), word(line, "abstract")])
}
