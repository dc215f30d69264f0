//! Sparse rows that were checked once, their features renumbered so that the frequent ones lie side by side.

use super::MOST_COLUMNS;
use crate::error::{Error, Status, check_size};
use crate::logistic::sparse::kernel::RowsIn;
use crate::logistic::sparse::{check_finite, greatest};
use crate::pages::allocate;
use crate::view::{Csr, Indices};

/// Sparse rows for many calls: checked, copied (4 bytes an entry, 4 more with values, 8 a row) and with the features that
/// occur renumbered by how often they do, so that most accesses of a pass share few cache lines. Results are bit for bit
/// those of the rows as they were.
#[derive(Debug)]
pub struct PreparedRows {
    cols: usize,
    offsets: Vec<i64>,
    /// The rank of the feature of each entry.
    entries: Vec<u32>,
    values: Option<Vec<f32>>,
    greatest_value: f32,
    /// The features that occur, ascending.
    features: Vec<u32>,
    /// Their ranks.
    ranks: Vec<u32>,
}

impl PreparedRows {
    /// Checks and copies rows. `values` has one for each entry, finite; ones if absent.
    ///
    /// Errors: columns, rows or entries not below 2^32, more than 2^28 features that occur ([`Status::SizeOverflow`]); offsets and indices as
    /// [`crate::Graph::new`] refuses them; a value that is not finite, with its position; sizes that do not fit; no
    /// memory. Time: linear, with an eighth of a byte of memory for each column on the way.
    pub fn new(csr: Csr<'_>, values: Option<&[f32]>) -> Result<PreparedRows, Error> {
        for (size, name) in
            [(csr.cols, c"csr.cols"), (csr.rows, c"csr.rows"), (csr.indices.len(), c"csr.edges")]
        {
            if u32::try_from(size).is_err() {
                return Err(Error::new(Status::SizeOverflow, name).size(size));
            }
        }
        csr.check()?;
        let count = csr.indices.len();
        check_size(values.map_or(count, <[f32]>::len), count, c"values")?;
        check_finite(values.unwrap_or_default(), c"values")?;

        let mut entries = allocate(count, c"csr")?;
        match csr.indices {
            Indices::U32(indices) => entries.extend_from_slice(indices),
            Indices::I32(indices) => entries.extend(indices.iter().map(|&i| i as u32)),
            Indices::I64(indices) => entries.extend(indices.iter().map(|&i| i as u32)),
        }
        let finder = Finder::new(csr.cols, &entries)?;
        let features = finder.features()?;
        if features.len() > MOST_COLUMNS {
            return Err(Error::new(Status::SizeOverflow, c"csr").size(features.len()));
        }
        let mut counts = allocate(features.len(), c"csr")?;
        counts.resize(features.len(), 0u32);
        for entry in &mut entries {
            *entry = finder.position(*entry);
            counts[*entry as usize] += 1;
        }
        let ranks = ranks(&counts)?;
        entries.iter_mut().for_each(|entry| *entry = ranks[*entry as usize]);

        let mut offsets = allocate(csr.offsets.len(), c"csr")?;
        offsets.extend((0..csr.offsets.len()).map(|at| csr.offsets.get(at)));
        let values = match values {
            Some(given) => {
                let mut values = allocate(count, c"values")?;
                values.extend_from_slice(given);
                Some(values)
            }
            None => None,
        };
        let greatest_value = values.as_deref().map_or(1.0, greatest);
        Ok(PreparedRows { cols: csr.cols, offsets, entries, values, greatest_value, features, ranks })
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.offsets.len() - 1
    }

    /// Number of columns: the limit of the features.
    pub fn cols(&self) -> usize {
        self.cols
    }

    /// Number of entries.
    pub fn entries(&self) -> usize {
        self.entries.len()
    }

    /// The features that occur, ascending.
    pub fn features(&self) -> &[u32] {
        &self.features
    }

    /// The rank of each of [`PreparedRows::features`], by which they are numbered inside.
    pub(super) fn ranks(&self) -> &[u32] {
        &self.ranks
    }

    /// The greatest magnitude of a value.
    pub(super) fn greatest_value(&self) -> f32 {
        self.greatest_value
    }

    /// The rows, over ranks.
    pub(super) fn view(&self) -> RowsIn<'_> {
        let csr = Csr {
            rows: self.rows(),
            cols: self.features.len(),
            offsets: Indices::I64(&self.offsets),
            indices: Indices::U32(&self.entries),
        };
        RowsIn { csr, values: self.values.as_deref(), margins: None }
    }

    /// Brings a vector of all columns, or of [`PreparedRows::features`], into the order of the ranks.
    pub(super) fn localise(&self, from: &[f32], to: &mut [f32]) {
        if from.len() == self.features.len() {
            from.iter().zip(&self.ranks).for_each(|(value, &rank)| to[rank as usize] = *value);
        } else {
            let pairs = self.features.iter().zip(&self.ranks);
            pairs.for_each(|(&feature, &rank)| to[rank as usize] = from[feature as usize]);
        }
    }
}

/// Ranks from counts: features by the number of binary digits of their count, most first, otherwise as they were. So
/// frequent ones are close to each other, and rare ones keep what order the rows have.
fn ranks(counts: &[u32]) -> Result<Vec<u32>, Error> {
    let class = |count: u32| count.leading_zeros() as usize;
    let mut next = [0u32; 33];
    for &count in counts {
        next[class(count)] += 1;
    }
    let mut before = 0;
    for next in &mut next {
        before += std::mem::replace(next, before);
    }
    let mut ranks = allocate(counts.len(), c"csr")?;
    ranks.extend(counts.iter().map(|&count| {
        let next = &mut next[class(count)];
        *next += 1;
        *next - 1
    }));
    Ok(ranks)
}

/// Which columns occur, and the position of each among them.
struct Finder {
    /// A bit for each column.
    words: Vec<u64>,
    /// Bits in the words before each.
    before: Vec<u32>,
}

impl Finder {
    fn new(cols: usize, columns: &[u32]) -> Result<Finder, Error> {
        let len = cols.div_ceil(64);
        let (mut words, mut before) = (allocate(len, c"csr")?, allocate(len, c"csr")?);
        words.resize(len, 0u64);
        for &column in columns {
            words[column as usize / 64] |= 1 << (column % 64);
        }
        let mut count = 0;
        before.extend(words.iter().map(|word: &u64| {
            count += word.count_ones();
            count - word.count_ones()
        }));
        Ok(Finder { words, before })
    }

    /// The columns that occur, ascending.
    fn features(&self) -> Result<Vec<u32>, Error> {
        let count = self.words.iter().map(|word| word.count_ones() as usize).sum();
        let mut features = allocate(count, c"csr")?;
        for (at, &word) in self.words.iter().enumerate() {
            let mut rest = word;
            while rest != 0 {
                features.push((at * 64) as u32 + rest.trailing_zeros());
                rest &= rest - 1;
            }
        }
        Ok(features)
    }

    /// The position of a column that occurs.
    #[inline]
    fn position(&self, column: u32) -> u32 {
        let at = column as usize / 64;
        self.before[at] + (self.words[at] & ((1 << (column % 64)) - 1)).count_ones()
    }
}
