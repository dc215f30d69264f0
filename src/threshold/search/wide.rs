//! Exact arithmetic beyond 128 bits, and the two widths of integer that the search runs on.

use std::cmp::Ordering;
use std::ops::{Add, Mul, Rem, Sub};

/// `a * b` as (high, low) halves of 128 bits.
fn product(a: u128, b: u128) -> (u128, u128) {
    const LOW: u128 = u64::MAX as u128;
    let ((a1, a0), (b1, b0)) = ((a >> 64, a & LOW), (b >> 64, b & LOW));
    let (low, mid, cross, high) = (a0 * b0, a1 * b0, a0 * b1, a1 * b1);
    let carry = (low >> 64) + (mid & LOW) + (cross & LOW);
    (high + (mid >> 64) + (cross >> 64) + (carry >> 64), carry << 64 | low & LOW)
}

/// How `a * b` compares with `c * d`, exactly.
pub(super) fn compare_products(a: u128, b: u128, c: u128, d: u128) -> Ordering {
    if (a | b | c | d) >> 64 == 0 { (a * b).cmp(&(c * d)) } else { product(a, b).cmp(&product(c, d)) }
}

/// The greatest common divisor; that of 0 and 0 is 0.
pub(super) fn gcd<T: Copy + Default + PartialEq + Rem<Output = T>>(mut a: T, mut b: T) -> T {
    while b != T::default() {
        (a, b) = (b, a % b);
    }
    a
}

/// The number of significant bits.
pub(super) fn bits(x: u128) -> u32 {
    128 - x.leading_zeros()
}

/// A signed integer that sums and products of the search fit in: i64 where it suffices, i128 else.
pub(super) trait Word:
    Copy + Ord + Default + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self>
{
    /// Magnitudes stay below `2^ROOM`, those of their sums and differences within the type.
    const ROOM: u32;
    /// Far below every value.
    const LEAST: Self;
    /// The number, which fits.
    fn of(x: i128) -> Self;
    /// A weight or a count.
    fn of_u64(x: u64) -> Self;
    /// The same number.
    fn wide(self) -> i128;
}

impl Word for i64 {
    const ROOM: u32 = 61;
    const LEAST: i64 = i64::MIN;
    #[inline(always)]
    fn of(x: i128) -> i64 {
        debug_assert!(i64::try_from(x).is_ok());
        x as i64
    }
    #[inline(always)]
    fn of_u64(x: u64) -> i64 {
        x as i64
    }
    #[inline(always)]
    fn wide(self) -> i128 {
        self.into()
    }
}

impl Word for i128 {
    const ROOM: u32 = 125;
    const LEAST: i128 = i128::MIN;
    #[inline(always)]
    fn of(x: i128) -> i128 {
        x
    }
    #[inline(always)]
    fn of_u64(x: u64) -> i128 {
        x.into()
    }
    #[inline(always)]
    fn wide(self) -> i128 {
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::Random;

    #[test]
    fn products_are_exact() {
        assert_eq!(product(u128::MAX, u128::MAX), (u128::MAX - 1, 1));
        let mut random = Random::new(1);
        for _ in 0..2_000 {
            let mut number =
                || (u128::from(random.u64()) << 64 | u128::from(random.u64())) >> random.below(128);
            let (a, b) = (number(), number());
            let (high, low) = product(a, b);
            assert_eq!(low, a.wrapping_mul(b));
            assert_eq!(high == 0, a.checked_mul(b).is_some());
            assert_eq!(compare_products(a, b, b, a), Ordering::Equal);
            if b > 0 && a < u128::MAX {
                assert_eq!(compare_products(a, b, a + 1, b), Ordering::Less);
                assert_eq!(compare_products(b, a + 1, a, b), Ordering::Greater);
            }
        }
    }
}
