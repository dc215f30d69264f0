//! Counter-based random numbers: a draw depends on its key and on nothing else.

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

/// Ten rounds of Philox4x32.
#[inline]
fn philox(mut counter: [u32; 4], mut key: [u32; 2]) -> [u32; 4] {
    for _ in 0..10 {
        let a = u64::from(counter[0]) * 0xd251_1f53;
        let b = u64::from(counter[2]) * 0xcd9e_8d57;
        counter = [
            (b >> 32) as u32 ^ counter[1] ^ key[0],
            b as u32,
            (a >> 32) as u32 ^ counter[3] ^ key[1],
            a as u32,
        ];
        key = [key[0].wrapping_add(0x9e37_79b9), key[1].wrapping_add(0xbb67_ae85)];
    }
    counter
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The known answers of the generator's authors (Random123, kat_vectors).
    #[test]
    fn philox_known_answers() {
        assert_eq!(philox([0; 4], [0; 2]), [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]);
        assert_eq!(
            philox([u32::MAX; 4], [u32::MAX; 2]),
            [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
        );
        assert_eq!(
            philox([0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0]),
            [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
        );
    }

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
