//! From f32 to bytes with a scale, and what is lost by it.

/// The least scale: products of two, and of what is one over them, are normal numbers.
const LEAST_SCALE: f32 = 1.0 / (1u64 << 60) as f32;

/// The scale of values of at most this magnitude, so that they become bytes of at most 127.
pub(super) fn scale(most: f32) -> f32 {
    (most / 127.0).max(LEAST_SCALE)
}

/// The greatest magnitude.
pub(super) fn greatest(values: &[f32]) -> f32 {
    values.iter().fold(0.0, |most: f32, v| most.max(v.abs()))
}

/// Nearest multiples of the scale, ties to even.
pub(super) fn bytes(values: &[f32], scale: f32, to: &mut [i8]) {
    for (to, &v) in to.iter_mut().zip(values) {
        *to = (v / scale).round_ties_even() as i8;
    }
}

/// A byte as it lies in four lanes' words: the first one in the lowest bits.
pub(super) fn word(bytes: [u8; 4]) -> f32 {
    f32::from_bits(u32::from_le_bytes(bytes))
}

/// The least f32 that is not below.
pub(super) fn up(x: f64) -> f32 {
    let v = x as f32;
    if f64::from(v) < x { v.next_up() } else { v }
}

/// Rounding of a sum of squares in f64 and of its root, for up to 2^32 of them.
const ABOVE: f64 = 1.0 + 1e-6;

/// Not less than the norm of the values, and than that of what bytes differ from them by.
pub(super) fn norms(values: &[f32], scale: f32, bytes: &[i8]) -> [f64; 2] {
    let (mut square, mut error) = (0.0, 0.0);
    for (&v, &byte) in values.iter().zip(bytes) {
        let (v, stands) = (f64::from(v), f64::from(scale) * f64::from(byte));
        square += v * v;
        error += (v - stands) * (v - stands);
    }
    [square.sqrt() * ABOVE, error.sqrt() * ABOVE]
}
