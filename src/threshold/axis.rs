//! One axis of a grid: its edges, and how to find the bin of a value fast.
//!
//! The bin of v is the number of edges that are <= v. A *guide* maps v to a place by arithmetic that never falls as v grows,
//! so that only the edges at the same place are left to compare with: usually none or one, which its entry holds.

use super::kernel::AxisIn;
use crate::error::{Error, Status};
use crate::pages::allocate;
use std::ffi::CStr;

/// The most bins of an axis.
pub const MAX_BINS: usize = 1 << 16;

/// Places of a guide for each of its rows of edges: so many fit a level-1 cache.
const CACHED_PLACES: usize = 1 << 12;

/// Places of a guide beyond which comparing with several edges costs less.
const MOST_PLACES: usize = 1 << 16;

/// A row of edges for each level, or one for all.
#[derive(Clone, Debug)]
pub(super) struct Axis {
    bins: usize,
    /// `bins - 1` edges a row, ascending, finite, without -0.
    edges: Vec<f32>,
    /// Low and high, if the bins are uniform.
    uniform: Option<[f32; 2]>,
    guide: Guide,
}

/// See [`AxisIn`].
#[derive(Clone, Debug, Default)]
struct Guide {
    ordinal: bool,
    low: f32,
    scale: f32,
    places: usize,
    entries: Vec<u64>,
    steps: u32,
    /// Edges of each row, with so many NaN behind that no step leaves the row; empty without steps.
    padded: Vec<f32>,
    stride: usize,
}

impl Axis {
    /// `bins` bins of like width: an edge is the least f32 v with `(v - low) * (bins / (high - low)) >= its number`, each
    /// operation rounded to f32.
    pub(super) fn uniform(low: f32, high: f32, bins: usize, name: &'static CStr) -> Result<Axis, Error> {
        Axis::check_bins(bins, name)?;
        for value in [low, high] {
            if !value.is_finite() {
                return Err(Error::new(Status::NotFinite, name).real(value.into()));
            }
        }
        let low = low + 0.0;
        let scale = bins as f32 / (high - low);
        let refused = Error::new(Status::InvalidArgument, name).real(high.into());
        if !(low < high && scale.is_normal()) {
            return Err(refused);
        }
        let guide = Guide { low, scale, places: bins, ..Guide::default() };
        let mut edges = allocate(bins - 1, name)?;
        for number in 1..bins {
            edges.push(least_at(&guide, number as f32));
        }
        // So narrow a range, or one so far from 0, has not as many numbers.
        match edges.windows(2).all(|pair| pair[0] < pair[1]) && edges.iter().all(|edge| edge.is_finite()) {
            true => Ok(Axis { bins, edges, uniform: Some([low, high]), guide }),
            false => Err(refused),
        }
    }

    /// The bins between edges that ascend strictly.
    pub(super) fn given(edges: &[f32], name: &'static CStr) -> Result<Axis, Error> {
        if let Some(at) = edges.iter().position(|edge| !edge.is_finite()) {
            return Err(Error::new(Status::NotFinite, name).at(at).real(edges[at].into()));
        }
        // Not NaN, so that the negation is the other order.
        if let Some(at) = (1..edges.len()).find(|&at| edges[at - 1] >= edges[at]) {
            return Err(Error::new(Status::NotSorted, name).at(at).real(edges[at].into()));
        }
        let mut copy = allocate(edges.len(), name)?;
        copy.extend(edges);
        Axis::ascending(copy, edges.len() + 1, name)
    }

    /// Rows of `bins - 1` finite edges, each row ascending. Between equal edges lie bins that stay empty.
    pub(super) fn ascending(mut edges: Vec<f32>, bins: usize, name: &'static CStr) -> Result<Axis, Error> {
        Axis::check_bins(bins, name)?;
        edges.iter_mut().for_each(|edge| *edge += 0.0);
        let guide = Guide::new(&edges, bins, name)?;
        Ok(Axis { bins, edges, uniform: None, guide })
    }

    /// A copy, unless there is no memory for it.
    pub(super) fn copy(&self, name: &'static CStr) -> Result<Axis, Error> {
        fn copied<T: Copy>(from: &[T], name: &'static CStr) -> Result<Vec<T>, Error> {
            let mut copy = allocate(from.len(), name)?;
            copy.extend_from_slice(from);
            Ok(copy)
        }
        let Guide { ref entries, ref padded, ordinal, low, scale, places, steps, stride } = self.guide;
        let (entries, padded) = (copied(entries, name)?, copied(padded, name)?);
        let guide = Guide { ordinal, low, scale, places, entries, steps, padded, stride };
        Ok(Axis { bins: self.bins, edges: copied(&self.edges, name)?, uniform: self.uniform, guide })
    }

    /// Refuses a number of bins that an axis cannot have.
    pub(super) fn check_bins(bins: usize, name: &'static CStr) -> Result<(), Error> {
        match bins {
            0 => Err(Error::new(Status::InvalidArgument, name).size(bins)),
            1..=MAX_BINS => Ok(()),
            _ => Err(Error::new(Status::SizeOverflow, name).size(bins)),
        }
    }

    pub(super) fn bins(&self) -> usize {
        self.bins
    }

    /// Low and high, if the bins are uniform.
    pub(super) fn uniform_range(&self) -> Option<[f32; 2]> {
        self.uniform
    }

    /// All rows of edges.
    pub(super) fn edges(&self) -> &[f32] {
        &self.edges
    }

    /// What the kernels need.
    pub(super) fn view(&self) -> AxisIn<'_> {
        let Guide { ordinal, low, scale, places, steps, stride, .. } = self.guide;
        let rows = self.edges.len().checked_div(self.bins - 1).unwrap_or(1);
        AxisIn {
            ordinal,
            low,
            scale,
            last: (places - 1) as f32,
            places: if rows > 1 { places as f32 } else { 0.0 },
            entries: &self.guide.entries,
            steps,
            padded: &self.guide.padded,
            stride: if rows > 1 { stride as f32 } else { 0.0 },
        }
    }
}

impl Guide {
    /// The cheapest guide: a place for at most one edge, else steps.
    fn new(edges: &[f32], bins: usize, name: &'static CStr) -> Result<Guide, Error> {
        let row = bins - 1;
        if row == 0 {
            let mut entries = allocate(1, name)?;
            entries.push(entry(f32::NAN, 0, 0));
            return Ok(Guide { places: 1, entries, ..Guide::default() });
        }
        let rows = edges.len() / row;
        // Rows ascend, so their ends are the least and the greatest.
        let mut ends = [f32::INFINITY, f32::NEG_INFINITY];
        for row in edges.chunks_exact(row) {
            ends = [ends[0].min(row[0]), ends[1].max(row[row.len() - 1])];
        }
        let most = (MOST_PLACES / rows).max(16);
        let mut best: Option<(usize, Guide)> = None;
        let mut places = (2 * bins).next_power_of_two().min(most);
        loop {
            for ordinal in [false, true] {
                let guide = Guide::of_places(ordinal, ends, places);
                let crowd = edges.chunks_exact(row).map(|row| guide.crowd(row)).max().unwrap_or(0);
                let enough = crowd <= 1;
                if best.as_ref().is_none_or(|(least, _)| crowd < *least) {
                    best = Some((crowd, guide));
                }
                if enough {
                    break;
                }
            }
            let crowd = best.as_ref().map_or(0, |(crowd, _)| *crowd);
            // More places than a cache holds pay only if they spare all steps.
            if crowd <= 1 || places * 2 > most {
                break;
            }
            places *= 2;
        }
        let (mut crowd, mut guide) = best.unwrap_or_default();
        if crowd > 1 && guide.places > CACHED_PLACES {
            guide = Guide::of_places(guide.ordinal, ends, CACHED_PLACES.min(most));
            crowd = edges.chunks_exact(row).map(|row| guide.crowd(row)).max().unwrap_or(0);
        }
        guide.fill(edges, row, crowd, name)?;
        Ok(guide)
    }

    fn of_places(ordinal: bool, ends: [f32; 2], places: usize) -> Guide {
        let mut guide = Guide { ordinal, places, ..Guide::default() };
        let [low, high] = ends.map(|end| guide.transform(end));
        guide.low = low;
        guide.scale = (places - 1) as f32 / (high - low);
        guide
    }

    fn transform(&self, v: f32) -> f32 {
        if !self.ordinal {
            return v;
        }
        let bits = (v + 0.0).to_bits() as i32;
        (bits ^ (bits >> 31 & i32::MAX)) as f32
    }

    /// The place of a value, in the operations of the kernel.
    fn place(&self, v: f32) -> usize {
        let place = (self.transform(v) - self.low) * self.scale;
        let place = if place > 0.0 { place } else { 0.0 };
        let last = (self.places - 1) as f32;
        (if place < last { place } else { last }) as usize
    }

    /// The most different edges of a row that share a place.
    fn crowd(&self, row: &[f32]) -> usize {
        let (mut most, mut count, mut place) = (0, 0, usize::MAX);
        let mut before = f32::NAN;
        for &edge in row {
            let here = self.place(edge);
            count = if here != place { 1 } else { count + usize::from(edge != before) };
            (place, before, most) = (here, edge, most.max(count));
        }
        most
    }

    /// Makes the entries. With steps (if places share different edges), an entry holds the bin to start from.
    fn fill(&mut self, edges: &[f32], row: usize, crowd: usize, name: &'static CStr) -> Result<(), Error> {
        let rows = edges.len() / row;
        self.entries = allocate(rows * self.places, name)?;
        let stepping = crowd > 1;
        let mut longest = 0;
        for row in edges.chunks_exact(row) {
            let mut next = 0;
            for place in 0..self.places {
                let first = next;
                while next < row.len() && self.place(row[next]) == place {
                    next += 1;
                }
                longest = longest.max(next - first);
                let edge = if next > first { row[first] } else { f32::NAN };
                let end = if stepping { first } else { next };
                self.entries.push(entry(edge, first, end));
            }
        }
        if stepping {
            // So many halvings tell the numbers 0 to `longest` apart.
            self.steps = usize::BITS - longest.leading_zeros();
            self.stride = row + (1 << self.steps) - 1;
            self.padded = allocate(rows * self.stride, name)?;
            for row in edges.chunks_exact(row) {
                self.padded.extend(row);
                self.padded.resize(self.padded.len() + self.stride - row.len(), f32::NAN);
            }
        }
        Ok(())
    }
}

/// An edge (NaN if there is none), the bin below it and the bin from it on.
fn entry(edge: f32, below: usize, from: usize) -> u64 {
    u64::from(edge.to_bits()) | (below as u64) << 32 | (from as u64) << 48
}

/// The least f32 whose place, not cut to a whole number, is at least `place`.
fn least_at(guide: &Guide, place: f32) -> f32 {
    let real = |order: i32| f32::from_bits((order ^ (order >> 31 & i32::MAX)) as u32);
    let order = |v: f32| {
        let bits = (v + 0.0).to_bits() as i32;
        bits ^ (bits >> 31 & i32::MAX)
    };
    let (mut below, mut reaches) = (i64::from(order(f32::MIN)) - 1, i64::from(order(f32::INFINITY)));
    while reaches - below > 1 {
        let middle = (below + reaches) / 2;
        let v = real(middle as i32);
        if (v - guide.low) * guide.scale >= place { reaches = middle } else { below = middle }
    }
    // Order -1 is -0.
    real(reaches as i32) + 0.0
}
