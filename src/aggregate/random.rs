//! The random numbers of sampling: a draw depends on its key and on nothing else.

use crate::random::philox;

/// Draws for one node of one layer of one seed, by slot.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Draws {
    key: [u32; 2],
    node: u32,
    layer: u32,
}

impl Draws {
    /// The draws of a node.
    pub(crate) fn new(seed: u64, node: usize, layer: u32) -> Draws {
        Draws { key: [seed as u32, (seed >> 32) as u32], node: node as u32, layer }
    }

    /// 64 random bits of a slot: Philox4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as
    /// 1, 2, 3", SC 2011) of the counter (slot, node, layer), the first two words.
    #[inline]
    pub(crate) fn bits(&self, slot: u64) -> u64 {
        let words = philox([slot as u32, (slot >> 32) as u32, self.node, self.layer], self.key);
        u64::from(words[0]) | u64::from(words[1]) << 32
    }

    /// An integer in `0..limit`; the bias is below `limit / 2^64`.
    #[inline]
    pub(crate) fn below(&self, slot: u64, limit: usize) -> usize {
        ((u128::from(self.bits(slot)) * limit as u128) >> 64) as usize
    }

    /// A float in [0, 1], dense near 0: `bits * 2^-64`, rounded once.
    #[inline]
    pub(crate) fn unit(&self, slot: u64) -> f32 {
        self.bits(slot) as f32 * 5.421_011e-20
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_stay_in_range() {
        let draws = Draws::new(9, 4, 1);
        for slot in 0..10_000 {
            assert!(draws.below(slot, 7) < 7);
            assert!((0.0..=1.0).contains(&draws.unit(slot)));
        }
        assert_eq!(draws.below(3, 1), 0);
    }
}
