//! Expertise as tags of a taxonomy, written as paths: `energy/wind/offshore`.

use super::MILLION;
use std::collections::HashMap;

/// The greatest level of an expertise.
pub const LEVELS: i64 = 5;

/// How near two tags are, in millionths: twice the common steps over all steps (Wu and Palmer 1994).
///
/// The same tag is a million; `energy/wind` and `energy/solar` are half; tags without a common root are nothing.
pub fn nearness(one: &str, other: &str) -> i64 {
    let [a, b] = [steps(one), steps(other)];
    let common = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    2 * common as i64 * MILLION / (a.len() + b.len()).max(1) as i64
}

fn steps(tag: &str) -> Vec<String> {
    tag.split('/').map(|step| step.trim().to_lowercase()).filter(|step| !step.is_empty()).collect()
}

/// The tags of the whole pool, each once, with the levels evaluators state.
#[derive(Default)]
pub(super) struct Tags {
    names: Vec<String>,
    numbers: HashMap<String, usize>,
    /// Per evaluator: tag and level.
    held: Vec<Vec<(usize, i64)>>,
}

impl Tags {
    pub(super) fn add<'t>(&mut self, expertise: impl Iterator<Item = (&'t str, u8)>) {
        let held = expertise.map(|(tag, level)| (self.number(tag), i64::from(level).clamp(0, LEVELS))).collect();
        self.held.push(held);
    }

    /// The mean over the proposal's tags of each evaluator's best tag: level times nearness.
    pub(super) fn values(&self, wanted: &[String]) -> Vec<i64> {
        let mut sums = vec![0_i64; self.held.len()];
        for tag in wanted {
            let near: Vec<i64> = self.names.iter().map(|name| nearness(tag, name)).collect();
            for (sum, held) in sums.iter_mut().zip(&self.held) {
                *sum += held.iter().map(|(tag, level)| near[*tag] * level / LEVELS).max().unwrap_or(0);
            }
        }
        let count = wanted.len().max(1) as i64;
        sums.into_iter().map(|sum| sum / count).collect()
    }

    /// For each tag of the proposal the evaluator's best tag with its level, where there is one.
    pub(super) fn matches(&self, wanted: &[String], evaluator: usize) -> Vec<(String, String, u8)> {
        let best = |tag: &String| {
            let worth = |held: &&(usize, i64)| (nearness(tag, &self.names[held.0]) * held.1, usize::MAX - held.0);
            let (own, level) = self.held[evaluator].iter().max_by_key(worth)?;
            let near = nearness(tag, &self.names[*own]) * level > 0;
            near.then(|| (tag.clone(), self.names[*own].clone(), *level as u8))
        };
        wanted.iter().filter_map(best).collect()
    }

    fn number(&mut self, tag: &str) -> usize {
        let next = self.names.len();
        let number = *self.numbers.entry(tag.to_owned()).or_insert(next);
        if number == next {
            self.names.push(tag.to_owned());
        }
        number
    }
}
