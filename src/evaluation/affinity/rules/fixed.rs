//! Logarithm and unit vectors in whole numbers, so that every machine agrees to the last digit.

/// One, for weights and components of unit vectors.
pub const ONE: u64 = 1 << 20;

const LOG_BITS: u32 = 16;

/// The binary logarithm of a positive number in 65 536ths, rounded down.
///
/// One bit per squaring of the mantissa; 16 steps.
pub fn log2(number: u64) -> u64 {
    let number = number.max(1);
    let whole = number.ilog2();
    // The mantissa as 1.31 bits.
    let mut mantissa = if whole >= 31 { number >> (whole - 31) } else { number << (31 - whole) };
    let mut result = u64::from(whole);
    for _ in 0..LOG_BITS {
        mantissa = (mantissa * mantissa) >> 31;
        result <<= 1;
        if mantissa >> 32 > 0 {
            mantissa >>= 1;
            result |= 1;
        }
    }
    result
}

/// Scales weights to length [`ONE`]. Nothing becomes of weights that are all zero.
pub fn unit(weights: &mut [(u32, u32)]) {
    let squares: u64 = weights.iter().map(|(_, w)| u64::from(*w) * u64::from(*w)).sum();
    let length = squares.isqrt().max(1);
    for (_, weight) in weights {
        *weight = u32::try_from(u64::from(*weight) * ONE / length).unwrap_or(u32::MAX);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithms_are_exact_to_their_last_bit() {
        assert_eq!(log2(1), 0);
        assert_eq!(log2(1 << 20), 20 << 16);
        // log2(3) = 1.584 962 5
        assert_eq!(log2(3), 103_872);
        // log2(1 000 000) = 19.931 568 6
        assert_eq!(log2(1_000_000), 1_306_235);
    }

    #[test]
    fn vectors_have_length_one() {
        let mut vector = [(1, 3), (2, 4)];
        unit(&mut vector);
        assert_eq!(vector, [(1, 629_145), (2, 838_860)]);
        let mut nothing = [(1, 0)];
        unit(&mut nothing);
        assert_eq!(nothing, [(1, 0)]);
    }
}
