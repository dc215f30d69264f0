//! Long vectors of an optimiser, and what it remembers of its steps.

use crate::error::{Error, Status};
use crate::pages::allocate;
use crate::pool::{self, Leaves, Pool};
use crate::simd::dispatch::{Kernels, kernels};
use crate::simd::order::fold;
use std::collections::VecDeque;

/// Elements of a leaf, of dots and of what threads share.
const LEAF: usize = 4096;

/// Arithmetic on vectors of up to a length.
pub(super) struct Vectors<'a> {
    len: usize,
    kernels: &'static Kernels,
    pool: Option<&'a Pool>,
    /// For the leaves of a dot.
    sums: std::cell::RefCell<Vec<[f64; 1]>>,
}

impl<'a> Vectors<'a> {
    pub(super) fn new(len: usize, pool: Option<&'a Pool>) -> Result<Vectors<'a>, Error> {
        let leaves = len.div_ceil(LEAF);
        let mut sums = allocate(leaves, c"weights")?;
        sums.resize(leaves, [0.0]);
        Ok(Vectors { len, kernels: kernels(), pool, sums: sums.into() })
    }

    pub(super) fn zeros(&self) -> Result<Vec<f32>, Error> {
        let mut zeros = allocate(self.len, c"weights")?;
        zeros.resize(self.len, 0.0);
        Ok(zeros)
    }

    /// The dot in f64: leaves of 4096 by the fixed tree.
    pub(super) fn dot(&self, a: &[f32], b: &[f32]) -> f64 {
        let mut sums = self.sums.borrow_mut();
        let sums = &mut sums[..a.len().div_ceil(LEAF)];
        let (kernels, parts) = (self.kernels, pool::parts(self.pool, a.len()));
        pool::for_rows(
            self.pool,
            parts,
            0..sums.len(),
            pool::even,
            &mut *sums,
            &mut [],
            |leaves, sums, _| {
                for (leaf, sum) in leaves.zip(sums) {
                    let range = leaf * LEAF..a.len().min((leaf + 1) * LEAF);
                    *sum = [kernels.fit_dot(&a[range.clone()], &b[range])];
                }
            },
        );
        fold(sums)[0]
    }

    /// `out = scale * x + y`.
    pub(super) fn add(&self, scale: f32, x: &[f32], y: &[f32], out: &mut [f32]) {
        self.in_leaves(out, |kernels, range, out| {
            out.copy_from_slice(&y[range.clone()]);
            kernels.fit_add(scale, &x[range], out);
        });
    }

    /// `y += scale * x`.
    pub(super) fn add_to(&self, scale: f32, x: &[f32], y: &mut [f32]) {
        self.in_leaves(y, |kernels, range, y| kernels.fit_add(scale, &x[range], y));
    }

    /// `out = scale * x / y`.
    fn divide(&self, scale: f32, x: &[f32], y: &[f32], out: &mut [f32]) {
        self.in_leaves(out, |kernels, range, out| {
            out.copy_from_slice(&x[range.clone()]);
            kernels.fit_divide(scale, &y[range], out);
        });
    }

    fn in_leaves(&self, out: &mut [f32], run: impl Fn(&Kernels, std::ops::Range<usize>, &mut [f32]) + Sync) {
        let (kernels, len) = (self.kernels, out.len());
        let parts = pool::parts(self.pool, len / 4);
        let out = Leaves { items: out, width: LEAF };
        pool::for_rows(
            self.pool,
            parts,
            0..len.div_ceil(LEAF),
            pool::even,
            out,
            &mut [],
            |leaves, out, _| {
                for (leaf, out) in leaves.zip(out.items.chunks_mut(LEAF)) {
                    run(kernels, leaf * LEAF..leaf * LEAF + out.len(), out);
                }
            },
        );
    }
}

/// A step: how the point and the gradient changed.
struct Step {
    point: Vec<f32>,
    gradient: Vec<f32>,
    /// 1 / (point . gradient).
    over_dot: f64,
}

/// The last steps, and the scale of the first Hessian that goes with them.
pub(super) struct History {
    steps: VecDeque<Step>,
    most: usize,
    scale: f64,
    scratch: Vec<f32>,
}

impl History {
    pub(super) fn new(most: usize, vectors: &Vectors<'_>) -> Result<History, Error> {
        let mut steps = VecDeque::new();
        let out_of_memory = |_| Error::new(Status::OutOfMemory, c"weights").size(most);
        steps.try_reserve_exact(most).map_err(out_of_memory)?;
        Ok(History { steps, most, scale: 1.0, scratch: vectors.zeros()? })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    pub(super) fn clear(&mut self) {
        self.steps.clear();
        self.scale = 1.0;
    }

    /// Minus the gradient times the approximate inverse of the Hessian: Nocedal's two loops.
    pub(super) fn direction(
        &mut self,
        vectors: &Vectors<'_>,
        gradient: &[f32],
        diagonal: &[f32],
        out: &mut [f32],
    ) {
        out.copy_from_slice(gradient);
        let mut shares = [0.0; super::MAX_HISTORY];
        for (step, share) in self.steps.iter().rev().zip(&mut shares) {
            *share = step.over_dot * vectors.dot(&step.point, out);
            vectors.add_to(-*share as f32, &step.gradient, out);
        }
        vectors.divide(self.scale as f32, out, diagonal, &mut self.scratch);
        out.copy_from_slice(&self.scratch);
        for (step, share) in self.steps.iter().zip(shares[..self.steps.len()].iter().rev()) {
            let back = step.over_dot * vectors.dot(&step.gradient, out);
            vectors.add_to((share - back) as f32, &step.point, out);
        }
        out.iter_mut().for_each(|v| *v = -*v);
    }

    /// Remembers a step from the first to the second of each pair, if the gradient grows along it.
    pub(super) fn remember(
        &mut self,
        vectors: &Vectors<'_>,
        points: (&[f32], &[f32]),
        gradients: (&[f32], &[f32]),
        diagonal: &[f32],
    ) -> Result<(), Error> {
        let oldest = if self.steps.len() == self.most { self.steps.pop_front() } else { None };
        let mut step = match oldest {
            Some(step) => step,
            None => Step { point: vectors.zeros()?, gradient: vectors.zeros()?, over_dot: 0.0 },
        };
        vectors.add(-1.0, points.0, points.1, &mut step.point);
        vectors.add(-1.0, gradients.0, gradients.1, &mut step.gradient);
        let dot = vectors.dot(&step.point, &step.gradient);
        vectors.divide(1.0, &step.gradient, diagonal, &mut self.scratch);
        let square = vectors.dot(&step.gradient, &self.scratch);
        if dot > 1e-12 * square && square > 0.0 {
            self.scale = dot / square;
            step.over_dot = 1.0 / dot;
            self.steps.push_back(step);
        }
        Ok(())
    }
}
