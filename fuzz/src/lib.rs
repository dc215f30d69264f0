//! What the fuzz targets share: reading shapes and values from the fuzzer's bytes, and running on every tier.

pub mod saved;

use avocet::{Csr, Graph, Indices, Isa, cap_isa};
use std::fmt::Debug;

/// The fuzzer's bytes; when they are used up, random numbers that follow from them. So a short input can describe
/// a large case, and a mutated byte still changes one value.
pub struct Source<'a> {
    bytes: &'a [u8],
    random: u64,
}

/// Kinds of floating-point values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Values {
    /// Multiples of 1/4 in [-2, 2): exact sums and many ties.
    Coarse,
    /// Any value in [-2, 2).
    Moderate,
    /// Any bit pattern, infinities and NaN more often than by chance.
    Bits,
}

impl<'a> Source<'a> {
    /// A source of these bytes.
    pub fn new(bytes: &'a [u8]) -> Source<'a> {
        // FNV-1a.
        let hash = |h: u64, &byte: &u8| (h ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
        Source { bytes, random: bytes.iter().fold(0xcbf2_9ce4_8422_2325, hash) }
    }

    /// The next byte.
    pub fn byte(&mut self) -> u8 {
        if let Some((&byte, rest)) = self.bytes.split_first() {
            self.bytes = rest;
            return byte;
        }
        // SplitMix64.
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.random ^ (self.random >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z >> 56) as u8
    }

    /// Eight bytes.
    pub fn u64(&mut self) -> u64 {
        u64::from_le_bytes(std::array::from_fn(|_| self.byte()))
    }

    /// Four bytes.
    pub fn u32(&mut self) -> u32 {
        u32::from_le_bytes(std::array::from_fn(|_| self.byte()))
    }

    /// A number below `limit`, which is not 0.
    pub fn below(&mut self, limit: usize) -> usize {
        match limit {
            1..=256 => usize::from(self.byte()) % limit,
            _ => self.u32() as usize % limit,
        }
    }

    /// Whether something with a chance of 1 in `n` happens.
    pub fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == n - 1
    }

    /// A kind of values.
    pub fn kind(&mut self) -> Values {
        [Values::Coarse, Values::Moderate, Values::Bits][self.below(3)]
    }

    /// A value.
    pub fn value(&mut self, kind: Values) -> f32 {
        match kind {
            Values::Coarse => f32::from(self.byte() % 16) / 4.0 - 2.0,
            Values::Moderate => (self.u32() >> 8) as f32 / (1u32 << 22) as f32 - 2.0,
            Values::Bits => match self.byte() {
                0 => f32::NAN,
                1 => f32::INFINITY,
                2 => f32::NEG_INFINITY,
                3 => 0.0,
                4 => -0.0,
                5..128 => f32::from(self.byte()) / 16.0 - 8.0,
                _ => f32::from_bits(self.u32()),
            },
        }
    }

    /// `len` values.
    pub fn values(&mut self, len: usize, kind: Values) -> Vec<f32> {
        (0..len).map(|_| self.value(kind)).collect()
    }

    /// `len` values, or none.
    pub fn maybe(&mut self, len: usize, kind: Values) -> Option<Vec<f32>> {
        self.one_in(2).then(|| self.values(len, kind))
    }

    /// A valid graph with at most `degree` edges a row, its rows in ascending order if `sorted`.
    pub fn graph(&mut self, rows: usize, cols: usize, degree: usize, sorted: bool) -> Graph {
        let (mut offsets, mut indices) = (vec![0], Vec::new());
        for _ in 0..rows {
            let start = indices.len();
            if cols > 0 {
                let count = self.below(degree + 1);
                indices.extend((0..count).map(|_| self.below(cols) as u32));
            }
            if sorted {
                indices[start..].sort_unstable();
            }
            offsets.push(indices.len() as i64);
        }
        let (offsets, indices) = (Indices::I64(&offsets), Indices::U32(&indices));
        Graph::new(Csr { rows, cols, offsets, indices }).expect("a valid graph")
    }
}

/// Runs `call` on every tier of this machine, the best first: each must give what the best gives.
pub fn on_every_tier<T: PartialEq + Debug>(call: impl Fn() -> T) -> T {
    let best = cap_isa(None);
    let result = call();
    for tier in Isa::ALL.into_iter().filter(|&tier| tier < best) {
        cap_isa(Some(tier));
        let lower = call();
        assert!(lower == result, "{tier:?} gives\n{lower:?}\n{best:?} gives\n{result:?}");
    }
    cap_isa(None);
    result
}

/// The bits of values, which compare as the library promises: NaN equals NaN.
pub fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|v| v.to_bits()).collect()
}
