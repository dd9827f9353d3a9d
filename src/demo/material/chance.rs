//! Repeatable chance: splitmix64, so that a seed gives the same demo on every machine.

/// A stream of numbers from one seed.
pub(super) struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = u64::try_from(high.saturating_sub(low)).unwrap_or(0).saturating_add(1);
        low + i64::try_from(self.draw() % span).unwrap_or(0)
    }

    /// Like [`Chance::between`] for counts.
    pub fn count(&mut self, low: u32, high: u32) -> u32 {
        u32::try_from(self.between(i64::from(low), i64::from(high))).unwrap_or(low)
    }

    /// Whether something happens that happens so often in a hundred cases.
    pub fn happens(&mut self, percent: i64) -> bool {
        self.between(1, 100) <= percent
    }

    fn index(&mut self, len: usize) -> usize {
        let last = i64::try_from(len).unwrap_or(i64::MAX) - 1;
        usize::try_from(self.between(0, last.max(0))).unwrap_or(0)
    }

    /// One of several texts.
    pub fn pick<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list.get(self.index(list.len())).copied().unwrap_or("")
    }

    /// So many of them, each once, in the order of the list.
    pub fn some<T: Clone>(&mut self, list: &[T], n: usize) -> Vec<T> {
        let mut rest: Vec<usize> = (0..list.len()).collect();
        while rest.len() > n {
            let at = self.index(rest.len());
            rest.remove(at);
        }
        rest.into_iter().filter_map(|i| list.get(i).cloned()).collect()
    }
}

/// Puts words into the gaps of a text: `{topic}`.
pub(super) fn fill(text: &str, words: &[(&str, &str)]) -> String {
    words.iter().fold(text.to_owned(), |text, (gap, word)| text.replace(&format!("{{{gap}}}"), word))
}

/// A list as people write it: `one, two and three`.
pub(super) fn listed(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [firsts @ .., last] => format!("{} and {last}", firsts.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_numbers() {
        // The reference values of splitmix64 for seed 1234567.
        let mut chance = Chance::new(1_234_567);
        assert_eq!(chance.draw(), 6_457_827_717_110_365_317);
        assert_eq!(chance.draw(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn chance_stays_within_its_bounds() {
        let mut chance = Chance::new(1);
        let drawn: Vec<i64> = (0..200).map(|_| chance.between(-2, 2)).collect();
        assert!((-2..=2).all(|n| drawn.contains(&n)));
        assert_eq!(chance.some(&[1, 2, 3], 2).len(), 2);
        assert_eq!(chance.some(&[1], 5), [1]);
        assert_eq!(listed(&["a".into(), "b".into(), "c".into()]), "a, b and c");
    }
}
