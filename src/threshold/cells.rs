//! Weights by level and bin, the search's input.

use super::search::Sums;
use crate::error::{Error, Status, check_size};

/// Weights of positives and negatives by level of uncertainty and bin of score: what a [`super::Table`] has, or a caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cells<'a> {
    levels: usize,
    bins: usize,
    positive: &'a [u64],
    negative: &'a [u64],
}

impl<'a> Cells<'a> {
    /// Cells in level-major order, bins in ascending order of score. They hold counts, or weights in fixed point of any
    /// unit; all of them together stay below 2^62.
    ///
    /// Errors: lengths other than `levels * bins`; more than 2^32 - 2 bins or levels; a sum of 2^62 or more, at the first
    /// cell that reaches it.
    pub fn new(
        levels: usize,
        bins: usize,
        positive: &'a [u64],
        negative: &'a [u64],
    ) -> Result<Cells<'a>, Error> {
        let overflow = |argument, size| Error::new(Status::SizeOverflow, argument).size(size);
        let limit = u32::MAX as usize - 1;
        if bins > limit {
            return Err(overflow(c"cells.bins", bins));
        }
        let options = levels.checked_mul(bins + 1).filter(|_| levels <= limit);
        options.ok_or(overflow(c"cells.levels", levels))?;
        check_size(positive.len(), levels * bins, c"cells.positive")?;
        check_size(negative.len(), levels * bins, c"cells.negative")?;
        let mut sum = 0u64;
        for (at, (p, n)) in positive.iter().zip(negative).enumerate() {
            for (argument, &value) in [(c"cells.positive", p), (c"cells.negative", n)] {
                // `sum` is below 2^62, so this cannot wrap where the value is below 2^63.
                sum = sum.saturating_add(value);
                if sum >> 62 > 0 {
                    let value = i64::try_from(value).unwrap_or(i64::MAX);
                    return Err(Error::new(Status::SizeOverflow, argument).at(at).integer(value));
                }
            }
        }
        Ok(Cells { levels, bins, positive, negative })
    }

    /// Levels of uncertainty.
    pub fn levels(&self) -> usize {
        self.levels
    }

    /// Bins of score in each level.
    pub fn bins(&self) -> usize {
        self.bins
    }

    /// Positives of each cell.
    pub fn positive(&self) -> &'a [u64] {
        self.positive
    }

    /// Negatives of each cell.
    pub fn negative(&self) -> &'a [u64] {
        self.negative
    }

    /// Cells that are known to be good.
    pub(super) fn trusted([levels, bins]: [usize; 2], positive: &'a [u64], negative: &'a [u64]) -> Cells<'a> {
        Cells { levels, bins, positive, negative }
    }

    /// Positive and negative weight of a level's bins.
    pub(super) fn level(&self, level: usize) -> (&'a [u64], &'a [u64]) {
        let at = level * self.bins;
        (&self.positive[at..][..self.bins], &self.negative[at..][..self.bins])
    }

    /// What passes with these thresholds (each at most `bins`): for each level its bins from the threshold on.
    ///
    /// Errors: another number of thresholds than levels, a threshold above `bins`, with its position.
    pub fn passing(&self, thresholds: &[u32]) -> Result<Sums, Error> {
        check_size(thresholds.len(), self.levels, c"thresholds")?;
        let mut sums = Sums::default();
        for (level, &threshold) in thresholds.iter().enumerate() {
            if threshold as usize > self.bins {
                let error = Error::new(Status::IndexOutOfRange, c"thresholds").at(level);
                return Err(error.integer(threshold.into()));
            }
            let (positive, negative) = self.level(level);
            sums.positive += positive[threshold as usize..].iter().sum::<u64>();
            sums.negative += negative[threshold as usize..].iter().sum::<u64>();
        }
        Ok(sums)
    }
}
