//! Packages as sparse vectors of hashed tokens, weighted by rarity, rows of length 1.

use std::collections::BTreeSet;

use crate::csr::Csr;
use crate::data::{PackageGraph, TokenSets};

/// The token table of the model has two to this power of buckets.
pub const FEATURE_BITS: u32 = 16;
/// The token table of the word baselines has two to this power of buckets.
pub const WORD_BITS: u32 = 17;

/// Token features of all packages.
#[derive(Clone, Debug, PartialEq)]
pub struct TokenFeatures {
    /// Packages by buckets.
    pub matrix: Csr,
    /// Number of different tokens before hashing.
    pub distinct_tokens: usize,
}

/// The input of the model: words (`w:`), section (`s:`) and debtags (`d:`) in 2^[`FEATURE_BITS`] buckets.
pub fn token_features(graph: &PackageGraph) -> TokenFeatures {
    features(
        &[("w:", graph.words()), ("s:", graph.sections()), ("d:", graph.tags())],
        graph.len(),
        FEATURE_BITS,
    )
}

/// Words alone (`w:`) in 2^[`WORD_BITS`] buckets.
pub fn word_features(graph: &PackageGraph) -> TokenFeatures {
    features(&[("w:", graph.words())], graph.len(), WORD_BITS)
}

/// The 64-bit FNV-1a hash.
pub fn fnv1a64(bytes: impl IntoIterator<Item = u8>) -> u64 {
    bytes
        .into_iter()
        .fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01B3))
}

/// The bucket of a token in a table of 2^`bits` buckets.
pub fn bucket(prefix: &str, token: &str, bits: u32) -> u32 {
    let hash = fnv1a64(prefix.bytes().chain(token.bytes()));
    ((hash ^ hash >> 32) & ((1 << bits) - 1)) as u32
}

fn features(columns: &[(&str, &TokenSets)], len: usize, bits: u32) -> TokenFeatures {
    let buckets: Vec<Vec<u32>> = columns
        .iter()
        .map(|(prefix, tokens)| tokens.vocabulary().iter().map(|token| bucket(prefix, token, bits)).collect())
        .collect();
    let mut edges = Vec::new();
    for package in 0..len {
        let row: BTreeSet<u32> = columns
            .iter()
            .zip(&buckets)
            .flat_map(|((_, tokens), buckets)| tokens.ids(package).iter().map(|&id| buckets[id as usize]))
            .collect();
        edges.extend(row.into_iter().map(|bucket| (package as u32, bucket)));
    }
    let mut matrix = Csr::from_edges(&edges, len, 1 << bits);
    matrix.weigh_by_rarity();
    TokenFeatures {
        matrix,
        distinct_tokens: columns.iter().map(|(_, tokens)| tokens.vocabulary().len()).sum(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_values_of_fnv1a() {
        assert_eq!(fnv1a64(*b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv1a64(*b"a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(fnv1a64(*b"foobar"), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn two_tokens_of_a_bucket_count_once() {
        let sets = TokenSets::from_lists(&[vec!["a".into(), "b".into()], vec!["c".into()]]);
        let hashed = features(&[("w:", &sets)], 2, 0);
        assert_eq!(hashed.matrix.offsets, [0, 1, 2]);
        assert_eq!(hashed.distinct_tokens, 3);
    }
}
