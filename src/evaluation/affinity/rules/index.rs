//! Text against the whole pool at once, by an inverted index over the evaluators' texts.
//!
//! For one proposal the work is the sum of the lists of its terms; memory is eight bytes for each term of each text.

use super::{
    MILLION,
    corpus::{Corpus, Read},
    fixed::ONE,
};

/// How many of an evaluator's texts count: the nearest ones. Knowing a field shows in a few texts, not in all.
const NEAREST: usize = 3;

/// The cosine at which texts are worth about half: those of one narrow field share a thirtieth of their weight.
const HALF: u64 = ONE / 32;

/// A word or pair of words that an evaluator's texts and a proposal share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedWord {
    pub word: String,
    /// Its share of everything shared, in millionths.
    pub share: i64,
}

/// The texts of all evaluators, by term.
pub struct Index {
    /// Where the list of a term begins in `entries`; one more than terms.
    begins: Vec<u32>,
    /// Text and weight.
    entries: Vec<(u32, u32)>,
    /// Where the texts of an evaluator begin; one more than evaluators.
    owners: Vec<u32>,
    vectors: Vec<Vec<(u32, u32)>>,
}

impl Index {
    /// Takes the texts of each evaluator, after the corpus has read every text of the call.
    pub fn new(corpus: &Corpus, evaluators: &[Vec<Read>]) -> Self {
        let mut owners = vec![0];
        let mut vectors = Vec::new();
        for texts in evaluators {
            let of = |read: &Read| {
                let mut vector = corpus.vector(read);
                vector.retain(|(term, weight)| *weight > 0 && corpus.shared(*term));
                vector
            };
            vectors.extend(texts.iter().filter(|read| !read.is_empty()).map(of));
            owners.push(vectors.len() as u32);
        }
        let mut begins = vec![0_u32; corpus.len() + 1];
        for (term, _) in vectors.iter().flatten() {
            begins[*term as usize + 1] += 1;
        }
        for term in 0..corpus.len() {
            begins[term + 1] += begins[term];
        }
        let mut free = begins.clone();
        let mut entries = vec![(0, 0); begins[corpus.len()] as usize];
        for (text, vector) in vectors.iter().enumerate() {
            for (term, weight) in vector {
                let at = &mut free[*term as usize];
                entries[*at as usize] = (text as u32, *weight);
                *at += 1;
            }
        }
        Self { begins, entries, owners, vectors }
    }

    /// The text term of a proposal with every evaluator, in millionths.
    pub fn values(&self, corpus: &Corpus, proposal: &Read) -> Vec<i64> {
        let mut cosines = vec![0_u64; self.vectors.len()];
        for (term, weight) in corpus.vector(proposal) {
            let list = self.begins[term as usize] as usize..self.begins[term as usize + 1] as usize;
            for (text, other) in &self.entries[list] {
                cosines[*text as usize] += u64::from(weight) * u64::from(*other);
            }
        }
        let of = |own: &[u32]| value(cosines[own[0] as usize..own[1] as usize].iter().copied());
        self.owners.windows(2).map(of).collect()
    }

    /// What an evaluator's nearest texts share with a proposal, most telling first.
    pub fn shared(&self, corpus: &Corpus, proposal: &Read, evaluator: usize, most: usize) -> Vec<SharedWord> {
        let about = corpus.vector(proposal);
        let texts = self.owners[evaluator] as usize..self.owners[evaluator + 1] as usize;
        let mut lists: Vec<Vec<(u32, u64)>> = self.vectors[texts].iter().map(|text| products(&about, text)).collect();
        lists.sort_by_key(|list| std::cmp::Reverse(list.iter().map(|(_, product)| product).sum::<u64>()));
        let mut shared: Vec<(u32, u64)> = lists.into_iter().take(NEAREST).flatten().collect();
        shared.sort_unstable();
        let whole = shared.iter().map(|(_, product)| product).sum::<u64>().max(1);
        let sum = |same: &[(u32, u64)]| (same[0].0, same.iter().map(|(_, product)| product).sum::<u64>());
        let mut sums: Vec<(u32, u64)> = shared.chunk_by(|a, b| a.0 == b.0).map(sum).collect();
        sums.sort_by_key(|(term, product)| (std::cmp::Reverse(*product), *term));
        let say = |(term, product): (u32, u64)| SharedWord {
            word: corpus.word(term),
            share: (u128::from(product) * MILLION as u128 / u128::from(whole)) as i64,
        };
        sums.into_iter().take(most).map(say).collect()
    }
}

/// The value of an evaluator from the cosines of their texts (squares of [`ONE`]): the mean of the nearest, saturated.
fn value(cosines: impl Iterator<Item = u64>) -> i64 {
    let (mut nearest, mut texts) = ([0_u64; NEAREST], 0);
    for cosine in cosines {
        texts += 1;
        let mut one = cosine / ONE;
        for place in &mut nearest {
            if one > *place {
                std::mem::swap(&mut one, place);
            }
        }
    }
    // 1024ths of ONE keep the mean exact enough to tell neighbours apart.
    let mean = nearest.iter().sum::<u64>() * 1024 / texts.clamp(1, NEAREST as u64);
    saturated(mean.min(ONE * 1024))
}

/// A cosine in 1024ths of [`ONE`] as millionths: nothing stays 0, equality becomes a million, [`HALF`] about a half.
fn saturated(cosine: u64) -> i64 {
    let (one, half) = (ONE * 1024, HALF * 1024);
    let value = u128::from(cosine) * u128::from(one + half) * MILLION as u128 / u128::from(cosine + half);
    (value / u128::from(one)) as i64
}

/// The products of two sorted vectors where both have a term.
fn products(one: &[(u32, u32)], other: &[(u32, u32)]) -> Vec<(u32, u64)> {
    let find = |term: u32| other.binary_search_by_key(&term, |(t, _)| *t).ok().map(|at| other[at].1);
    one.iter().filter_map(|(term, w)| Some((*term, u64::from(*w) * u64::from(find(*term)?)))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_rise_with_the_cosine_and_stay_in_bounds() {
        assert_eq!(saturated(0), 0);
        assert_eq!(saturated(ONE * 1024), MILLION);
        assert!((510_000..520_000).contains(&saturated(HALF * 1024)));
    }

    #[test]
    fn only_the_nearest_texts_count() {
        let full = ONE * ONE;
        assert_eq!(value([full, full, full, 0, 0].into_iter()), MILLION);
        assert_eq!(value([full].into_iter()), MILLION);
        assert!(value([full, 0, 0].into_iter()) < value([full, 0].into_iter()));
        assert_eq!(value(std::iter::empty()), 0);
    }
}
