//! What passes over dense and over sparse rows share: their outputs, and what happens to a block of rows between its margins
//! and its sums.

use super::Targets;
use super::kernel::{PointOut, RunningSum};
use crate::error::{Error, Status, check_size};
use crate::simd::dispatch::Kernels;
use crate::simd::order::EXAMPLE_LEAF;
use std::ops::Range;

/// What [`super::batch`] computes beside its sums; each may be absent.
#[derive(Debug, Default)]
pub struct BatchOut<'a> {
    /// The margin of each row: its logit, `x . weights + intercept + offset`; `n` values.
    pub margins: Option<&'a mut [f32]>,
    /// The gradient by the weights, the sum over rows of `(b sigmoid(m) - a sigmoid(-m)) x`; `d` values.
    pub gradient: Option<&'a mut [f32]>,
    /// The diagonal of the Hessian, the sum of `h x^2` with `h = (a + b) sigmoid(m) sigmoid(-m)`; `d` values.
    pub curvature: Option<&'a mut [f32]>,
    /// The Hessian times the vector `(along, along_intercept)`: the sum of `h (x . along + along_intercept) x`; `d`
    /// values each.
    pub product: Option<Product<'a>>,
}

/// A Hessian-vector product.
#[derive(Debug)]
pub struct Product<'a> {
    /// The vector's part for the weights.
    pub along: &'a [f32],
    /// The vector's part for the intercept.
    pub along_intercept: f32,
    /// The product's part for the weights.
    pub out: &'a mut [f32],
}

/// The sums of [`super::batch`] that are single numbers. Those by the intercept are 0 where the output that they belong to
/// is absent.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct BatchSums {
    /// The sum of the losses.
    pub loss: f64,
    /// The gradient by the intercept.
    pub gradient: f64,
    /// The second derivative by the intercept.
    pub curvature: f64,
    /// The part of the Hessian-vector product for the intercept.
    pub product: f64,
}

/// What each leaf leaves: four sums, and what it says of itself.
pub(super) type LeafSums = [f64; 5];

/// Sums of losses, slopes, curvatures and the product's factors, on the way through a leaf.
pub(super) type Sums = [RunningSum; 4];

/// The last number of a leaf; sparse rows have more to say.
pub(super) const GOOD: f64 = 1.0;
pub(super) const BAD_TARGET: f64 = 0.0;

/// Which vectors are wanted: gradient, curvature, product.
#[derive(Clone, Copy)]
pub(super) struct Wants(pub(super) [bool; 3]);

impl Wants {
    /// Number of vectors.
    pub(super) fn vectors(self) -> usize {
        self.0.into_iter().filter(|&wanted| wanted).count()
    }
}

impl BatchOut<'_> {
    /// Refuses outputs that do not fit `n` rows of `d` columns, and derivatives without targets.
    pub(super) fn check(&self, targets: Option<Targets<'_>>, n: usize, d: usize) -> Result<Wants, Error> {
        let BatchOut { margins, gradient, curvature, product } = self;
        check_size(margins.as_ref().map_or(n, |out| out.len()), n, c"out.margins")?;
        check_size(gradient.as_ref().map_or(d, |out| out.len()), d, c"out.gradient")?;
        check_size(curvature.as_ref().map_or(d, |out| out.len()), d, c"out.curvature")?;
        if let Some(product) = product {
            check_size(product.along.len(), d, c"out.along")?;
            check_size(product.out.len(), d, c"out.product")?;
        }
        let wants = Wants([gradient.is_some(), curvature.is_some(), product.is_some()]);
        match targets {
            Some(targets) => targets.check(n)?,
            None if wants.vectors() > 0 => return Err(Error::new(Status::NullPointer, c"targets")),
            None => {}
        }
        Ok(wants)
    }
}

/// Margins, losses, slopes, curvatures and the product's factors of up to `N` rows.
pub(super) struct Block<const N: usize> {
    rows: Range<usize>,
    values: [[f32; N]; 5],
}

impl<const N: usize> Block<N> {
    pub(super) fn new(rows: Range<usize>) -> Block<N> {
        Block { rows, values: [[0.0; N]; 5] }
    }

    /// Where the margins go, and the dots with the vector of the product.
    pub(super) fn margins_and_factors(&mut self) -> (&mut [f32], &mut [f32]) {
        let len = self.rows.len();
        let [margins, .., factors] = &mut self.values;
        (&mut margins[..len], &mut factors[..len])
    }

    /// The factors of each vector that is wanted: gradient, curvature, product.
    pub(super) fn factors(&self, Wants(wants): Wants) -> [Option<&[f32]>; 3] {
        std::array::from_fn(|v| wants[v].then_some(&self.values[2 + v][..self.rows.len()]))
    }
}

/// The sums of a leaf, of which `run` takes a block of rows after the other, with the part of `out` that is theirs.
pub(super) fn leaf_sums(
    rows: Range<usize>,
    block: usize,
    mut out: Option<&mut [f32]>,
    mut run: impl FnMut(Range<usize>, Option<&mut [f32]>, &mut Sums),
) -> [f64; 4] {
    let mut found = Sums::default();
    for from in rows.clone().step_by(block) {
        let to = rows.end.min(from + block);
        let out = out.as_mut().map(|out| &mut out[from - rows.start..to - rows.start]);
        run(from..to, out, &mut found);
    }
    found.map(|sum| sum.total())
}

/// The rows of a leaf.
pub(super) fn leaf_rows(leaf: usize, rows: usize) -> Range<usize> {
    leaf * EXAMPLE_LEAF..rows.min((leaf + 1) * EXAMPLE_LEAF)
}

/// What happens to rows by their margins.
#[derive(Clone, Copy)]
pub(super) struct Rowwise<'a> {
    pub kernels: &'static Kernels,
    pub targets: Option<Targets<'a>>,
    pub signed: bool,
    pub wants: Wants,
}

impl Rowwise<'_> {
    /// Turns the margins of a block, and its dots with the vector of the product, into factors, and adds its single numbers
    /// to `found`. Whether its targets are in range.
    pub(super) fn block<const N: usize>(&self, block: &mut Block<N>, found: &mut Sums) -> bool {
        let Some(targets) = self.targets else { return true };
        let (kernels, Wants([gradient, curvature, product])) = (self.kernels, self.wants);
        let rows = block.rows.clone();
        let [margins, losses, slopes, curvatures, factors] =
            block.values.each_mut().map(|values| &mut values[..rows.len()]);
        let point = PointOut {
            losses: Some(&mut *losses),
            gradient: gradient.then_some(&mut *slopes),
            curvature: (curvature || product).then_some(&mut *curvatures),
        };
        let targets = targets.part(rows.start, rows.len());
        let good = kernels.logistic_pointwise(margins, targets, self.signed, false, point).good;
        if product {
            for (factor, curvature) in factors.iter_mut().zip(&*curvatures) {
                *factor *= *curvature;
            }
        }
        let singles = [(true, losses), (gradient, slopes), (curvature, curvatures), (product, factors)];
        for (found, (wanted, values)) in found.iter_mut().zip(singles) {
            if wanted {
                kernels.two_part_add(values, found);
            }
        }
        good
    }

    /// The error of a leaf that has targets out of range.
    pub(super) fn bad_target(&self, leaf: usize) -> Error {
        super::first_bad_from(self.targets, leaf * EXAMPLE_LEAF, self.signed)
    }
}
