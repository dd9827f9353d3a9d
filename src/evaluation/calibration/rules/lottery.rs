//! A lottery anyone can redo: proposals are put in the order of the SHA-256 of a public seed followed by their code.
//!
//! For every code, without a line feed after it:
//!
//! ```sh
//! printf '%s%s' "$seed" "$code" | sha256sum
//! ```
//!
//! The digests, sorted as text, give the order; the first places win. The draw is fair when the codes are fixed and
//! published before anyone can know the seed: name in the call text a later public event that nobody controls, such
//! as the numbers of a state lottery on a given day, and how they are written down.

use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// Why nothing can be drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DrawRefusal {
    NoSeed,
    NoCodes,
    /// A code without any character.
    EmptyCode,
    /// This code stands there more than once.
    Twice(String),
}

/// One place of a draw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// From 1.
    pub place: u32,
    pub code: String,
    /// SHA-256 of seed and code in 64 lower-case hexadecimal digits.
    pub digest: String,
}

/// How a published order differs from the draw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mismatch {
    Refused(DrawRefusal),
    /// The published order does not hold the codes that were drawn among.
    OtherCodes,
    /// The first place where the orders differ, from 1, and the code that belongs there.
    Place {
        place: u32,
        expected: String,
    },
}

/// Puts codes in the order of their digests; the order they come in does not matter. O(n log n).
///
/// # Errors
/// When the seed or a code is empty, there is no code, or one stands there twice.
pub fn draw(seed: &str, codes: &[&str]) -> Result<Vec<Ticket>, DrawRefusal> {
    if seed.is_empty() {
        return Err(DrawRefusal::NoSeed);
    }
    if codes.is_empty() {
        return Err(DrawRefusal::NoCodes);
    }
    let mut seen = BTreeSet::new();
    let mut digests = BTreeSet::new();
    for code in codes {
        if code.is_empty() {
            return Err(DrawRefusal::EmptyCode);
        }
        if !seen.insert(*code) {
            return Err(DrawRefusal::Twice((*code).to_owned()));
        }
        digests.insert((digest(seed, code), (*code).to_owned()));
    }
    let ticket = |(place, (digest, code))| Ticket { place, code, digest };
    Ok((1u32..).zip(digests).map(ticket).collect())
}

/// The SHA-256 that stands for the codes before they may be told: of a salt and then every code in its order, each
/// followed by a line feed. The salt keeps anybody from trying out which codes they are.
///
/// ```sh
/// printf '%s\n' "$salt" IE-2017-001 IE-2017-004 | sha256sum
/// ```
pub fn seal(salt: &str, codes: &[&str]) -> String {
    let mut sum = Sha256::new();
    for line in std::iter::once(&salt).chain(codes) {
        sum.update(line);
        sum.update("\n");
    }
    hex::encode(sum.finalize())
}

/// Whether a published order is the one drawn from this seed among these codes.
///
/// # Errors
/// Says what keeps the draw from being made, or where the published order first differs.
pub fn verify(seed: &str, codes: &[&str], published: &[&str]) -> Result<(), Mismatch> {
    let drawn = draw(seed, codes).map_err(Mismatch::Refused)?;
    let known: BTreeSet<&str> = codes.iter().copied().collect();
    if published.len() != codes.len() || published.iter().copied().collect::<BTreeSet<_>>() != known {
        return Err(Mismatch::OtherCodes);
    }
    match drawn.iter().zip(published).find(|(ticket, code)| ticket.code != **code) {
        Some((ticket, _)) => Err(Mismatch::Place { place: ticket.place, expected: ticket.code.clone() }),
        None => Ok(()),
    }
}

fn digest(seed: &str, code: &str) -> String {
    hex::encode(Sha256::new().chain_update(seed).chain_update(code).finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODES: [&str; 4] = ["IE-2017-004", "IE-2017-001", "IE-2017-003", "IE-2017-002"];

    #[test]
    fn the_order_is_that_of_sha256sum() {
        let drawn = draw("2017-12-24 Lotto 3 8 21 27 40 44", &CODES).unwrap();
        let told: Vec<_> = drawn.iter().map(|t| format!("{} {} {}", t.place, t.code, &t.digest[..16])).collect();
        // printf '%s%s' '2017-12-24 Lotto 3 8 21 27 40 44' "$code" | sha256sum
        assert_eq!(told, LOTTO);
    }

    const LOTTO: [&str; 4] = [
        "1 IE-2017-001 3fa2815064991885",
        "2 IE-2017-002 56dcbaabb6358517",
        "3 IE-2017-004 6e8ff75a2f2d7583",
        "4 IE-2017-003 eea3301259932002",
    ];

    #[test]
    fn the_order_of_arrival_does_not_matter_and_the_seed_does() {
        let mut turned = CODES;
        turned.reverse();
        assert_eq!(draw("seed", &CODES), draw("seed", &turned));
        assert_ne!(draw("seed", &CODES), draw("seeds", &CODES));
    }

    #[test]
    fn a_changed_order_is_found_at_its_first_place() {
        let drawn = draw("seed", &CODES).unwrap();
        let mut order: Vec<&str> = drawn.iter().map(|t| t.code.as_str()).collect();
        assert_eq!(verify("seed", &CODES, &order), Ok(()));

        order.swap(1, 2);
        assert_eq!(verify("seed", &CODES, &order), Err(Mismatch::Place { place: 2, expected: drawn[1].code.clone() }));
        assert_eq!(verify("seed", &CODES, &order[1..]), Err(Mismatch::OtherCodes));
        assert_eq!(verify("", &CODES, &order), Err(Mismatch::Refused(DrawRefusal::NoSeed)));
    }

    #[test]
    fn the_seal_is_that_of_sha256sum() {
        // printf '%s\n' salt IE-2017-001 IE-2017-004 | sha256sum
        assert_eq!(seal("salt", &["IE-2017-001", "IE-2017-004"])[..16], *"32bcd1bb597e560e");
    }

    #[test]
    fn a_draw_needs_a_seed_and_different_codes() {
        assert_eq!(draw("", &CODES), Err(DrawRefusal::NoSeed));
        assert_eq!(draw("seed", &[]), Err(DrawRefusal::NoCodes));
        assert_eq!(draw("seed", &["a", ""]), Err(DrawRefusal::EmptyCode));
        assert_eq!(draw("seed", &["a", "b", "a"]), Err(DrawRefusal::Twice("a".into())));
    }
}
