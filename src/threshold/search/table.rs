//! The suffix sums of cells, and the concave path through all levels.

use super::Cells;
use super::objective::Sums;
use super::wide::{compare_products, gcd};
use crate::error::Error;
use crate::workspace::Workspace;
use std::cmp::Ordering;

/// The passing weights of every option (threshold) of every level, in units of `2^shift`.
#[derive(Clone, Copy)]
pub(super) struct Table<'a> {
    pub levels: usize,
    /// Options of a level: its bins and one more.
    pub options: usize,
    /// Positive weight that passes, `levels x options`.
    pub positive: &'a [u64],
    /// All weight that passes.
    pub selected: &'a [u64],
    /// Of everything, in these units.
    pub total: Sums,
    /// Bits that all cells have clear, left out.
    pub shift: u32,
    /// What divides the positive weight of every cell.
    pub unit: u64,
}

/// A step of the path: the option of a level that lets more pass than the one before it.
#[derive(Clone, Copy)]
pub(super) struct Edge {
    /// Positive weight gained.
    pub positive: u64,
    /// Weight gained.
    pub selected: u64,
    pub level: u32,
    pub option: u32,
}

impl Edge {
    /// What passes with the edge after what passed before it.
    pub fn after(self, sums: Sums) -> Sums {
        Sums {
            positive: sums.positive + self.positive,
            negative: sums.negative + (self.selected - self.positive),
        }
    }
}

/// An edge as words that a workspace can hold.
type Packed = [u64; 3];

/// The concave path: each level's concave majorant of positive over all passing weight (isotonic regression of
/// positivity), its edges merged over the levels by falling positivity. A prefix of it is the best selection for some
/// price of weight, and every price has such a prefix. Edges without positives are not on it.
#[derive(Clone, Copy)]
pub(super) struct Path<'a>(&'a [Packed]);

impl Path<'_> {
    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn edge(&self, at: usize) -> Edge {
        unpack(self.0[at])
    }

    /// Writes the thresholds of the first `len` edges.
    pub fn thresholds(&self, len: usize, bins: u32, out: &mut [u32]) {
        out.fill(bins);
        for edge in self.0[..len].iter().map(|&edge| unpack(edge)) {
            out[edge.level as usize] = edge.option;
        }
    }
}

fn unpack([positive, selected, place]: Packed) -> Edge {
    Edge { positive, selected, level: (place >> 32) as u32, option: place as u32 }
}

/// Falling positivity; among equals by level, then in the order within the level.
fn by_positivity(a: &Packed, b: &Packed) -> Ordering {
    // Two divisions of rounded numbers decide unless they are closer than their errors.
    let ratio = |edge: &Packed| edge[0] as f64 / edge[1] as f64;
    let (x, y) = (ratio(a), ratio(b));
    if (x - y).abs() > 1e-14 * x {
        return y.total_cmp(&x);
    }
    let exact = (u128::from(b[0]) * u128::from(a[1])).cmp(&(u128::from(a[0]) * u128::from(b[1])));
    exact.then((a[2] >> 32).cmp(&(b[2] >> 32))).then((b[2] as u32).cmp(&(a[2] as u32)))
}

impl<'a> Table<'a> {
    /// Sums the cells up; with `scaled`, in the greatest power of two that divides all of them.
    pub fn new(
        cells: &Cells<'_>,
        scaled: bool,
        workspace: &'a mut Workspace,
    ) -> Result<(Table<'a>, Path<'a>), Error> {
        let (levels, bins) = (cells.levels(), cells.bins());
        let options = bins + 1;
        let words = Some(levels * options);
        let edges = words.and_then(|words| words.checked_mul(6));
        let [positive, selected, edges] = workspace.pieces([
            words.and_then(|w| w.checked_mul(2)),
            words.and_then(|w| w.checked_mul(2)),
            edges,
        ])?;
        let positive: &mut [u64] = bytemuck::cast_slice_mut(positive);
        let selected: &mut [u64] = bytemuck::cast_slice_mut(selected);
        let edges: &mut [Packed] = bytemuck::cast_slice_mut(edges);

        let all = cells.positive().iter().chain(cells.negative()).fold(0, |all, cell| all | cell);
        let shift = if scaled && all > 0 { all.trailing_zeros() } else { 0 };
        let (mut total, mut unit) = (Sums::default(), 0);
        for level in 0..levels {
            let (p, n) = cells.level(level);
            let (to_p, to_t) =
                (&mut positive[level * options..][..options], &mut selected[level * options..][..options]);
            let (mut sum_p, mut sum_t) = (0, 0);
            (to_p[bins], to_t[bins]) = (0, 0);
            for bin in (0..bins).rev() {
                sum_p += p[bin] >> shift;
                if unit != 1 {
                    unit = gcd(unit, p[bin] >> shift);
                }
                sum_t += (p[bin] + n[bin]) >> shift;
                (to_p[bin], to_t[bin]) = (sum_p, sum_t);
            }
            total.positive += sum_p;
            total.negative += sum_t - sum_p;
        }
        let table = Table { levels, options, positive, selected, total, shift, unit: unit.max(1) };
        let len = table.path(edges);
        let path = &mut edges[..len];
        path.sort_unstable_by(by_positivity);
        Ok((table, Path(path)))
    }

    /// Positive and all weight that pass of each option of a level.
    pub fn level(&self, level: usize) -> (&'a [u64], &'a [u64]) {
        let at = level * self.options;
        (&self.positive[at..][..self.options], &self.selected[at..][..self.options])
    }

    /// What passes with these thresholds.
    pub fn passing(&self, thresholds: &[u32]) -> Sums {
        let mut sums = Sums::default();
        for (level, &threshold) in thresholds.iter().enumerate() {
            let (positive, selected) = self.level(level);
            let p = positive[threshold as usize];
            sums.positive += p;
            sums.negative += selected[threshold as usize] - p;
        }
        sums
    }

    /// The concave majorants of all levels, one after the other; returns the number of edges.
    fn path(&self, edges: &mut [Packed]) -> usize {
        let mut len = 0;
        for level in 0..self.levels {
            let (positive, selected) = self.level(level);
            let first = len;
            let (mut p, mut t) = (0, 0);
            for option in (0..self.options).rev() {
                // An option that gains no positives is never better than the one before it.
                if positive[option] == p {
                    continue;
                }
                let (mut gain_p, mut gain_t) = (positive[option] - p, selected[option] - t);
                (p, t) = (positive[option], selected[option]);
                // Edges of no greater positivity than the new one become one with it.
                while len > first {
                    let [p, t, _] = edges[len - 1];
                    if compare_products(p.into(), gain_t.into(), gain_p.into(), t.into()) == Ordering::Greater
                    {
                        break;
                    }
                    (gain_p, gain_t) = (gain_p + p, gain_t + t);
                    len -= 1;
                }
                edges[len] = [gain_p, gain_t, (level as u64) << 32 | option as u64];
                len += 1;
            }
        }
        len
    }
}
