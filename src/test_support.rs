//! Random numbers and settings for tests.

/// SplitMix64: small, seeded, the same everywhere.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Random {
        Random(seed)
    }

    pub(crate) fn u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn u32(&mut self) -> u32 {
        (self.u64() >> 32) as u32
    }

    /// Below `limit`.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        (self.u64() % limit as u64) as usize
    }

    /// Evenly spread over [-1, 1), in steps of 2^-23.
    pub(crate) fn f32(&mut self) -> f32 {
        (self.u32() >> 8) as f32 / 8_388_608.0 - 1.0
    }

    /// Values of [`Random::f32`].
    pub(crate) fn values(&mut self, len: usize) -> Vec<f32> {
        (0..len).map(|_| self.f32()).collect()
    }

    /// Mostly values of [`Random::f32`]; one in four is NaN, infinite, a zero, subnormal, tiny or huge.
    pub(crate) fn wild(&mut self, len: usize) -> Vec<f32> {
        let wild = [
            f32::NAN,
            f32::from_bits(0xff80_1234),
            f32::INFINITY,
            f32::NEG_INFINITY,
            0.0,
            -0.0,
            1e-45,
            -1e-40,
            f32::MIN_POSITIVE,
            -1e-25,
            1e25,
            f32::MAX,
            f32::MIN,
        ];
        let mut value = || match self.below(4) {
            0 => wild[self.below(wild.len())],
            _ => self.f32(),
        };
        (0..len).map(|_| value()).collect()
    }
}

/// A number from the environment, or the default.
pub(crate) fn env_or(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |v| v.parse().expect("a number"))
}
