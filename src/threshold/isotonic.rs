//! Calibrated probabilities: the positivity of cells, made to rise with the score.

use super::Cells;
use crate::error::{Error, check_size};
use crate::simd::CANONICAL_NAN;
use crate::workspace::Workspace;

/// Neighbouring bins of one value.
#[derive(Clone, Copy)]
struct Block {
    positive: u64,
    weight: u64,
    /// The bin behind the last.
    end: u64,
}

/// A block as words that a workspace can hold.
type Packed = [u64; 3];

/// Isotonic regression of the positivity in each level: the values that do not fall with the score and have the least weighted
/// squared distance from the share of positives of each cell. What [`super::calibrate`] takes.
///
/// `values` has one f32 for each cell, level after level. Method: pool adjacent violators (Barlow, Bartholomew, Bremner and
/// Brunk, "Statistical inference under order restrictions", 1972), with comparisons in exact integers. A value is the quotient
/// of the sums of a block in f64, rounded to f32. Cells without weight have the value of the one below them with weight, or
/// of the first with weight; levels without weight have NaN.
///
/// The same bits on every machine. On the calling thread. Workspace: 24 bytes for each bin. Time: linear in the cells.
///
/// Errors, before `values` is touched: another number of values than cells; the workspace.
pub fn isotonic(cells: &Cells<'_>, values: &mut [f32], workspace: &mut Workspace) -> Result<(), Error> {
    check_size(values.len(), cells.positive().len(), c"values")?;
    let [blocks] = workspace.pieces([cells.bins().checked_mul(size_of::<Packed>() / size_of::<f32>())])?;
    let blocks: &mut [Packed] = bytemuck::cast_slice_mut(blocks);
    for (level, values) in values.chunks_exact_mut(cells.bins().max(1)).enumerate() {
        let (positive, negative) = cells.level(level);
        let mut len = 0;
        for (bin, (&p, &n)) in positive.iter().zip(negative).enumerate() {
            let mut block = Block { positive: p, weight: p + n, end: bin as u64 + 1 };
            while len > 0 {
                let [positive, weight, _] = blocks[len - 1];
                let product = |a: u64, b: u64| u128::from(a) * u128::from(b);
                // Without weight on either side both are 0.
                if product(positive, block.weight) < product(block.positive, weight) {
                    break;
                }
                block.positive += positive;
                block.weight += weight;
                len -= 1;
            }
            blocks[len] = [block.positive, block.weight, block.end];
            len += 1;
        }
        let mut from = 0;
        for &[positive, weight, end] in &blocks[..len] {
            let share = (positive as f64 / weight as f64) as f32;
            values[from..end as usize].fill(if weight == 0 { CANONICAL_NAN } else { share });
            from = end as usize;
        }
    }
    Ok(())
}
