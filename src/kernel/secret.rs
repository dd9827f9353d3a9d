//! Chance and secrets: random tokens, of which only hashes are stored.

#![expect(clippy::disallowed_methods, reason = "this is the one place that asks the machine for chance")]

use entity::types::digest;
use sha2::{Digest, Sha256};
use std::sync::Mutex;
use subtle::ConstantTimeEq;

/// Where random bytes come from.
pub trait Chance: Send + Sync {
    fn fill(&self, bytes: &mut [u8]);
}

/// The operating system's generator.
pub struct SystemChance;

impl Chance for SystemChance {
    fn fill(&self, bytes: &mut [u8]) {
        if let Err(error) = getrandom::fill(bytes) {
            // Without randomness no token is a secret: better to stop than to go on.
            tracing::error!(%error, "the operating system gives no random bytes");
            std::process::abort();
        }
    }
}

/// A repeatable sequence (SplitMix64, Steele, Lea and Flood 2014) for tests and for the demo's ids; never for secrets.
pub struct SeededChance(Mutex<u64>);

impl SeededChance {
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(seed))
    }
}

impl Chance for SeededChance {
    fn fill(&self, bytes: &mut [u8]) {
        let mut state = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        for chunk in bytes.chunks_mut(8) {
            *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = *state;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            chunk.copy_from_slice(&(z ^ (z >> 31)).to_le_bytes()[..chunk.len()]);
        }
    }
}

/// A new secret of 256 bits, as text for a cookie, a link or a header.
pub fn token(chance: &dyn Chance) -> String {
    let mut bytes = [0; 32];
    chance.fill(&mut bytes);
    digest::hex(&bytes)
}

/// A short code people can type: `n` characters without those that look alike.
pub fn code(chance: &dyn Chance, n: usize) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    let mut bytes = vec![0; n];
    chance.fill(&mut bytes);
    bytes.into_iter().map(|b| char::from(LETTERS[usize::from(b) % LETTERS.len()])).collect()
}

/// What is stored of a token.
pub fn hash(token: &str) -> String {
    digest::hex(&Sha256::digest(token.as_bytes()))
}

/// Compares without telling by time how much was right.
pub fn same(a: &[u8], b: &[u8]) -> bool {
    !a.is_empty() && bool::from(a.ct_eq(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_differ_and_hash_alike() {
        let chance = SeededChance::new(1);
        let (one, two) = (token(&chance), token(&chance));
        assert_ne!(one, two);
        assert_eq!(hash(&one), hash(&one));
        assert!(same(one.as_bytes(), one.as_bytes()));
        assert!(!same(one.as_bytes(), two.as_bytes()));
        assert!(!same(b"", b""));
    }
}
