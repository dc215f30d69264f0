//! Streaming logistic regression on sparse rows: FTRL-proximal, Adagrad and SGD.

pub(crate) mod ffi;
pub(crate) mod kernel;
mod saved;

use super::Targets;
use crate::error::{Error, Status, check_option, check_size};
use crate::pool::{self, Pool};
use crate::simd::dispatch::kernels;
use crate::view::{Csr, Indices};
use crate::workspace::Workspace;
use kernel::{Coordinate, RowsIn, Rule, Scratch, State, slots};

/// How a [`SparseModel`] learns. With g the sum of a coordinate's gradient over a minibatch, of each coordinate whose g
/// is not 0; the others stay as they are. The intercept has no penalties.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Optimiser {
    /// FTRL-proximal (McMahan et al., "Ad click prediction: a view from the trenches", KDD 2013), per coordinate z and n:
    ///
    /// `w = 0 if |z| <= l1, else -(z - sign(z) l1) / ((beta + sqrt(n)) / alpha + l2)`,
    /// `sigma = (sqrt(n + g^2) - sqrt(n)) / alpha`, `z = z + g - sigma w`, `n = n + g^2`.
    ///
    /// Order: `w = alpha (|z| - l1) / ((sqrt(n) + beta) + alpha l2)` with the sign of -z, the product `alpha l2` rounded
    /// once; `n' = fma(g, g, n)`; `z = (z + g) - ((sqrt(n') - sqrt(n)) * (1 / alpha)) * w`, the quotient rounded once.
    Ftrl {
        /// Learning rate, above 0.
        alpha: f32,
        /// Holds back the rate of coordinates that are new; at least 0, and above 0 unless `l2` is.
        beta: f32,
        /// L1 penalty, at least 0: weights of coordinates with little evidence are exactly 0.
        l1: f32,
        /// L2 penalty, at least 0.
        l2: f32,
    },
    /// Adagrad (Duchi, Hazan and Singer, JMLR 2011), per coordinate w and n:
    ///
    /// `n = n + g^2`, `w = w - rate (g + l2 w) / (sqrt(n) + epsilon)`.
    ///
    /// The penalty decays a coordinate only when it is stepped, and does not count in n. Order: `fma(g, g, n)`;
    /// `w - rate * (fma(l2, w, g) / (sqrt(n) + epsilon))`.
    Adagrad {
        /// Learning rate, above 0.
        rate: f32,
        /// Above 0.
        epsilon: f32,
        /// L2 penalty, at least 0.
        l2: f32,
    },
    /// Gradient descent: `w = w - rate (g + l2 w)`. Order: `w - rate * fma(l2, w, g)`.
    Sgd {
        /// Learning rate, above 0.
        rate: f32,
        /// L2 penalty, at least 0.
        l2: f32,
    },
}

impl Optimiser {
    /// FTRL-proximal with alpha .1 and beta 1, as McMahan et al. suggest, and no penalties.
    pub fn ftrl() -> Optimiser {
        Optimiser::Ftrl { alpha: 0.1, beta: 1.0, l1: 0.0, l2: 0.0 }
    }

    /// The numbers of a step, if they are in their ranges.
    fn rule(self) -> Result<Rule, Error> {
        let above_zero = |value: f32, name| check_option(value > 0.0, name, value.into());
        let not_negative = |value: f32, name| check_option(value >= 0.0, name, value.into());
        match self {
            Optimiser::Ftrl { alpha, beta, l1, l2 } => {
                above_zero(alpha, c"options.rate")?;
                not_negative(beta, c"options.beta")?;
                not_negative(l1, c"options.l1")?;
                not_negative(l2, c"options.l2")?;
                let (over_alpha, alpha_l2) = (1.0 / alpha, alpha * l2);
                check_option(over_alpha.is_finite(), c"options.rate", alpha.into())?;
                check_option(alpha_l2.is_finite(), c"options.l2", l2.into())?;
                check_option(beta + alpha_l2 > 0.0, c"options.beta", beta.into())?;
                Ok(Rule::Ftrl { alpha, over_alpha, beta, l1, alpha_l2 })
            }
            Optimiser::Adagrad { rate, epsilon, l2 } => {
                above_zero(rate, c"options.rate")?;
                above_zero(epsilon, c"options.epsilon")?;
                not_negative(l2, c"options.l2")?;
                Ok(Rule::Adagrad { rate, epsilon, l2 })
            }
            Optimiser::Sgd { rate, l2 } => {
                above_zero(rate, c"options.rate")?;
                not_negative(l2, c"options.l2")?;
                Ok(Rule::Sgd { rate, l2 })
            }
        }
    }
}

/// Rows for a [`SparseModel`].
#[derive(Clone, Copy, Debug)]
pub struct SparseRows<'a> {
    /// The features of each row; `cols` is [`SparseModel::features`]. A feature that a row has twice counts twice.
    pub csr: Csr<'a>,
    /// The value of each entry of `csr.indices`, finite; ones if absent.
    pub values: Option<&'a [f32]>,
    /// Where the logit of each row starts, finite; zeros if absent.
    pub margins: Option<&'a [f32]>,
}

impl<'a> SparseRows<'a> {
    /// Rows whose values are ones and whose logits start at 0.
    pub fn new(csr: Csr<'a>) -> SparseRows<'a> {
        SparseRows { csr, values: None, margins: None }
    }

    /// The rows, if a model of so many features can use them.
    fn check(self, features: usize) -> Result<RowsIn<'a>, Error> {
        let SparseRows { csr, values, margins } = self;
        check_size(csr.cols, features, c"csr.cols")?;
        csr.check()?;
        check_size(values.map_or(csr.indices.len(), <[f32]>::len), csr.indices.len(), c"values")?;
        check_size(margins.map_or(csr.rows, <[f32]>::len), csr.rows, c"margins")?;
        check_finite(values.unwrap_or_default(), c"values")?;
        check_finite(margins.unwrap_or_default(), c"margins")?;
        Ok(RowsIn { csr, values, margins })
    }
}

/// Refuses the first value that is NaN or infinite.
pub(super) fn check_finite(values: &[f32], name: &'static std::ffi::CStr) -> Result<(), Error> {
    let mut finite = true;
    // A pass without exits, many values at a time.
    values.iter().for_each(|value| finite &= value.is_finite());
    match values.iter().position(|value| !finite && !value.is_finite()) {
        Some(at) => Err(Error::new(Status::NotFinite, name).at(at).real(values[at].into())),
        None => Ok(()),
    }
}

/// The greatest magnitude among finite values.
pub(super) fn greatest(values: &[f32]) -> f32 {
    values.iter().fold(0.0, |most, value| most.max(value.abs()))
}

/// A logistic regression over sparse, usually hashed, features, with the state of its optimiser: 8 bytes a feature.
///
/// Everything starts at 0. The state is always finite.
#[derive(Clone, Debug)]
pub struct SparseModel {
    optimiser: Optimiser,
    rule: Rule,
    coordinates: Vec<Coordinate>,
    intercept: Option<Coordinate>,
}

impl SparseModel {
    /// The most features that a model can have.
    pub const MAX_FEATURES: usize = 1 << 28;

    /// A model of so many features (1 to [`SparseModel::MAX_FEATURES`]), with or without an intercept.
    ///
    /// Errors: a number out of its range ([`Status::InvalidArgument`], [`Status::NotFinite`]), too many features
    /// ([`Status::SizeOverflow`]), no memory.
    pub fn new(features: usize, intercept: bool, optimiser: Optimiser) -> Result<SparseModel, Error> {
        let rule = optimiser.rule()?;
        match features {
            0 => return Err(Error::new(Status::InvalidArgument, c"options.features").size(features)),
            1..=Self::MAX_FEATURES => {}
            _ => return Err(Error::new(Status::SizeOverflow, c"options.features").size(features)),
        }
        let mut coordinates = crate::pages::allocate(features, c"options.features")?;
        coordinates.resize(features, [0.0; 2]);
        Ok(SparseModel { optimiser, rule, coordinates, intercept: intercept.then_some([0.0; 2]) })
    }

    /// The number of features, without the intercept.
    pub fn features(&self) -> usize {
        self.coordinates.len()
    }

    /// How it learns.
    pub fn optimiser(&self) -> Optimiser {
        self.optimiser
    }

    /// The weight of the intercept, if there is one.
    pub fn intercept(&self) -> Option<f32> {
        let coordinate = self.intercept?;
        let mut weight = [0.0];
        kernels().sparse_weights(self.rule, &[coordinate], true, &mut weight);
        Some(weight[0])
    }

    /// The logit of each row: the sum over its entries of weight times value, plus the intercept, plus its margin.
    ///
    /// Order: the sum in LANES16 over the entries of the row; then the intercept is added, then the margin. Each row
    /// stands alone. NaN results, which only overflow can make, are canonical. Threads: rows are shared; nothing is
    /// allocated. Time: a pass to check, and one random access an entry.
    ///
    /// Errors, before `logits` is touched: `csr.cols` is not the number of features, sizes that do not fit
    /// ([`Status::ShapeMismatch`]); offsets and indices as [`crate::Graph::new`] refuses them; a value or a margin that
    /// is not finite, with its position.
    pub fn predict(
        &self,
        rows: SparseRows<'_>,
        logits: &mut [f32],
        pool: Option<&Pool>,
    ) -> Result<(), Error> {
        let all = rows.check(self.features())?;
        check_size(logits.len(), all.csr.rows, c"logits")?;
        let kernels = kernels();
        // An entry costs as much as some 16 operations.
        let parts = pool::parts(pool, all.csr.indices.len().saturating_add(all.csr.rows).saturating_mul(16));
        let (rule, coordinates, intercept) = (self.rule, &self.coordinates, self.intercept);
        pool::for_rows(pool, parts, 0..all.csr.rows, pool::even, logits, &mut [], |range, logits, _| {
            kernels.sparse_predict(rule, coordinates, intercept, all, range, logits)
        });
        Ok(())
    }

    /// Learns from the rows in their order, `minibatch` rows at a time (1 is online learning; the last may have fewer).
    ///
    /// Each minibatch: the logits of its rows by the weights as they are; the gradient of each coordinate by the
    /// logistic loss of `targets`, summed over the rows (a weight of 2 is the row twice, of 0 the row absent); one step
    /// of each coordinate whose gradient is not 0. `logits`, if given, receives the logits: predictions of rows that the
    /// model has not seen (progressive validation). Weights and coefficients are finite and, unless `signed`, not
    /// negative; labels are in [0, 1].
    ///
    /// Order: logits as [`SparseModel::predict`]; the slope of a row as the gradient of [`super::pointwise`]; the gradient
    /// of a coordinate starts at +0, and slope times value is added to it, both rounded, entry by entry; the intercept's
    /// likewise, row by row; the step as [`Optimiser`] says. Sums of squares stop at the greatest f32.
    ///
    /// Threads: the calling one. Workspace: 24 bytes for each entry and 8 for each row of the largest minibatch; nothing
    /// is allocated. Time: a pass to check, and one random access an entry.
    ///
    /// Errors, before anything is learnt: those of predict, and targets out of range with their position; a minibatch of
    /// 0. Only the end of the f32 range is found on the way: [`Status::NotFinite`] for `csr` at the first row of the first
    /// minibatch that would give a logit or a state that is not finite. The rows before it have been learnt then, it
    /// and the rows after it have not, and their logits are unspecified.
    pub fn learn(
        &mut self,
        rows: SparseRows<'_>,
        targets: Targets<'_>,
        signed: bool,
        minibatch: usize,
        logits: Option<&mut [f32]>,
        workspace: &mut Workspace,
    ) -> Result<(), Error> {
        if minibatch == 0 {
            return Err(Error::new(Status::InvalidArgument, c"minibatch").size(0));
        }
        let all = rows.check(self.features())?;
        let count = all.csr.rows;
        targets.check(count)?;
        check_size(logits.as_ref().map_or(count, |logits| logits.len()), count, c"logits")?;
        if let Some(error) = targets.first_bad(signed, targets.names()) {
            return Err(error);
        }
        let minibatch = minibatch.min(count.max(1));
        let edges = most_edges(&all.csr.offsets, count, minibatch);
        if u32::try_from(edges).is_err() {
            return Err(Error::new(Status::SizeOverflow, c"minibatch").size(edges));
        }
        let slots = slots(edges);
        let own_logits = if logits.is_some() { 0 } else { minibatch };
        let [slot_of_edge, columns, first, second, weights, gradient, row_gradient, own_logits] = workspace
            .pieces(
            [Some(edges), slots, slots, slots, slots, slots, Some(minibatch), Some(own_logits)],
        )?;
        let (slot_of_edge, columns) =
            (bytemuck::cast_slice_mut(slot_of_edge), bytemuck::cast_slice_mut(columns));
        let kernels = kernels();
        let mut logits = logits;
        let mut start = 0;
        while start < count {
            let end = count.min(start.saturating_add(minibatch));
            let out = match &mut logits {
                Some(logits) => &mut logits[start..end],
                None => &mut own_logits[..end - start],
            };
            let state = State { coordinates: &mut self.coordinates, intercept: self.intercept.as_mut() };
            let scratch = Scratch { slot_of_edge, columns, first, second, weights, gradient, row_gradient };
            let targets = targets.part(start, end - start);
            if !kernels.sparse_learn(self.rule, state, all, start..end, targets, out, scratch) {
                return Err(Error::new(Status::NotFinite, c"csr").at(start));
            }
            start = end;
        }
        Ok(())
    }

    /// Writes the weight of each feature to `out`, which holds one f32 for each.
    ///
    /// Errors: another length. Time: one pass over the state.
    pub fn weights(&self, out: &mut [f32]) -> Result<(), Error> {
        check_size(out.len(), self.features(), c"out")?;
        kernels().sparse_weights(self.rule, &self.coordinates, false, out);
        Ok(())
    }

    /// The number of features whose weight is not 0. Time: one pass over the state.
    pub fn nonzeros(&self) -> usize {
        let mut count = 0;
        self.each_weight(|_, weight| count += usize::from(weight != 0.0));
        count
    }

    /// Writes the features whose weight is not 0, in ascending order, and their weights.
    ///
    /// Errors, before anything is touched: slices that do not hold [`SparseModel::nonzeros`] values each. Time: two
    /// passes over the state.
    pub fn nonzero(&self, features: &mut [u32], weights: &mut [f32]) -> Result<(), Error> {
        let count = self.nonzeros();
        check_size(features.len(), count, c"features")?;
        check_size(weights.len(), count, c"weights")?;
        let mut at = 0;
        self.each_weight(|feature, weight| {
            if weight != 0.0 {
                (features[at], weights[at]) = (feature as u32, weight);
                at += 1;
            }
        });
        Ok(())
    }

    /// Calls `visit` with each feature and its weight, in ascending order.
    fn each_weight(&self, mut visit: impl FnMut(usize, f32)) {
        let kernels = kernels();
        let mut weights = [0.0; 256];
        for (block, coordinates) in self.coordinates.chunks(weights.len()).enumerate() {
            let first = block * weights.len();
            let weights = &mut weights[..coordinates.len()];
            kernels.sparse_weights(self.rule, coordinates, false, weights);
            weights.iter().enumerate().for_each(|(at, &weight)| visit(first + at, weight));
        }
    }
}

/// The most edges in any `minibatch` rows that are learnt together.
fn most_edges(offsets: &Indices<'_>, rows: usize, minibatch: usize) -> usize {
    let mut most = 0;
    let mut start = 0;
    while start < rows {
        let end = rows.min(start.saturating_add(minibatch));
        most = most.max(offsets.get(end) - offsets.get(start));
        start = end;
    }
    most as usize
}
