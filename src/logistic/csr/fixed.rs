//! Fixed-point sums: integers, so that no split of the rows and no order of adding changes a bit.

/// The greatest number of bits of one term: what rounding by addition of 1.5 * 2^52 can take.
const TERM_BITS: i32 = 50;

/// The greatest number of bits of a sum, in an i64.
const SUM_BITS: i32 = 62;

/// The unit of a sum of terms: 2^-exponent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Scale {
    exponent: i32,
}

impl Scale {
    /// The finest unit in which `terms` terms, none of a magnitude above `2^bound`, can be added.
    pub(crate) fn new(bound: i32, terms: usize) -> Scale {
        let carries = (usize::BITS - terms.leading_zeros()) as i32;
        Scale { exponent: (SUM_BITS - carries).min(TERM_BITS) - bound }
    }

    /// What a term is multiplied with.
    pub(crate) fn up(self) -> f64 {
        pow2(self.exponent)
    }

    /// What a sum is multiplied with.
    pub(crate) fn down(self) -> f64 {
        pow2(-self.exponent)
    }
}

/// `2^n` for n in -1022..=1023.
fn pow2(n: i32) -> f64 {
    debug_assert!((-1022..=1023).contains(&n));
    f64::from_bits(((n + 1023) as u64) << 52)
}

/// The least n with `x <= 2^n`; 0 for 0. `x` is finite and not negative.
pub(super) fn bound_of(x: f64) -> i32 {
    if x == 0.0 {
        return 0;
    }
    // f32 values and products of a few of them are normal in f64.
    let bits = x.to_bits();
    let exponent = (bits >> 52) as i32 - 1023;
    exponent + i32::from(bits << 12 != 0)
}

/// The integer nearest to `x`, ties to even; `x` is below 2^51 in magnitude.
#[inline(always)]
pub(crate) fn round(x: f64) -> i64 {
    const MAGIC: f64 = (3u64 << 51) as f64;
    (x + MAGIC).to_bits() as i64 - MAGIC.to_bits() as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_to_nearest_even() {
        let limit = 2f64.powi(TERM_BITS);
        for x in
            [0.0, -0.0, 0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 1e-300, 0.4999999999999999, limit, -limit, 12345.75]
        {
            assert_eq!(round(x), x.round_ties_even() as i64, "{x}");
        }
    }

    #[test]
    fn bounds_hold_and_are_tight() {
        for x in [1.0, 0.75, 1.5, 2.0, f64::from(f32::MAX), f64::from(f32::from_bits(1)), 3e-30] {
            let bound = bound_of(x);
            assert!(x <= 2f64.powi(bound) && x > 2f64.powi(bound - 1), "{x}");
        }
    }

    #[test]
    fn sums_of_the_greatest_terms_fit() {
        for terms in [1, 2, 3, 4095, 4096, 4097, 1 << 30] {
            let scale = Scale::new(3, terms);
            let term = round(8.0 * scale.up());
            assert!(term.checked_mul(terms as i64).is_some_and(|sum| sum.abs() <= 1 << SUM_BITS), "{terms}");
            assert_eq!(term as f64 * scale.down(), 8.0);
        }
    }
}
