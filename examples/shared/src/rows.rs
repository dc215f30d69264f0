//! Hashed features of clicks: sparse rows of ones.

/// Bits of a hashed feature.
const BITS: u32 = 18;

/// Size of the hashed feature space.
pub const FEATURES: usize = 1 << BITS;

/// Sparse rows with as many features each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rows {
    /// Features of a row.
    pub width: usize,
    /// The features, row after row.
    pub indices: Vec<u32>,
}

impl Rows {
    /// The features of a row.
    pub fn row(&self, row: u32) -> &[u32] {
        &self.indices[row as usize * self.width..][..self.width]
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.indices.len() / self.width
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.indices.is_empty()
    }

    /// The first rows.
    pub fn first(&self, rows: usize) -> Self {
        Self { width: self.width, indices: self.indices[..rows * self.width].to_vec() }
    }
}

/// The feature of a field's value: the top bits of SplitMix64's mix of both.
pub fn feature(field: u32, value: u32) -> u32 {
    let mut z = (u64::from(field) << 32 | u64::from(value)).wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> (64 - BITS)) as u32
}
