//! Sets of ids and sets of tokens, one per package.

use std::collections::BTreeSet;

/// One set of ids per row, ascending within a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct IdSets {
    /// Row `i` is `ids[offsets[i]..offsets[i + 1]]`.
    pub(super) offsets: Vec<usize>,
    pub(super) ids: Vec<u32>,
}

impl IdSets {
    pub(super) fn len(&self) -> usize {
        self.offsets.len() - 1
    }

    pub(super) fn row(&self, row: usize) -> &[u32] {
        &self.ids[self.offsets[row]..self.offsets[row + 1]]
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = &[u32]> {
        (0..self.len()).map(|row| self.row(row))
    }
}

/// One set of tokens per package, over a sorted vocabulary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenSets {
    pub(super) vocabulary: Vec<String>,
    pub(super) sets: IdSets,
}

impl TokenSets {
    /// Makes the sets from lists of tokens in any order; a repeated token counts once.
    pub fn from_lists(lists: &[Vec<String>]) -> Self {
        let vocabulary: Vec<String> =
            lists.iter().flatten().cloned().collect::<BTreeSet<_>>().into_iter().collect();
        let mut offsets = vec![0];
        let mut ids = Vec::new();
        for list in lists {
            let row: BTreeSet<u32> = list.iter().filter_map(|token| position(&vocabulary, token)).collect();
            ids.extend(row);
            offsets.push(ids.len());
        }
        Self { vocabulary, sets: IdSets { offsets, ids } }
    }

    /// All tokens, in byte order.
    pub fn vocabulary(&self) -> &[String] {
        &self.vocabulary
    }

    /// Positions in the vocabulary of the tokens of package `package`, ascending.
    pub fn ids(&self, package: usize) -> &[u32] {
        self.sets.row(package)
    }

    /// The tokens of package `package`, in byte order.
    pub fn tokens(&self, package: usize) -> impl Iterator<Item = &str> {
        self.ids(package).iter().map(|&id| self.vocabulary[id as usize].as_str())
    }
}

fn position(vocabulary: &[String], token: &str) -> Option<u32> {
    vocabulary.binary_search_by(|entry| entry.as_str().cmp(token)).ok().map(|id| id as u32)
}
