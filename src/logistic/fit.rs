//! Training to the minimum of the regularised loss: L-BFGS.

pub(crate) mod kernel;
mod vectors;

use super::batch::{BatchRows, Features, batch};
use super::pass::{BatchOut, Product};
use super::{Targets, csr::PreparedRows};
use crate::error::{Error, Status, check_option, check_size};
use crate::pool::Pool;
use crate::workspace::Workspace;
use vectors::{History, Vectors};

/// How [`fit`] works.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FitOptions {
    /// The penalty `l2 / 2 * |weights|^2`, beside the sum of the rows' losses; at least 0. The intercept has none.
    pub l2: f32,
    /// Whether the intercept is learnt; otherwise it stays as it is.
    pub intercept: bool,
    /// Ends when no derivative is above so much of the sum of all `|a| + |b|`; at least 0.
    pub tolerance: f32,
    /// The most steps.
    pub iterations: usize,
    /// Steps that the approximation of the Hessian remembers, 1 to 64.
    pub history: usize,
}

impl Default for FitOptions {
    /// No penalty, an intercept, a tolerance of 1e-5, 200 iterations and a history of 10.
    fn default() -> FitOptions {
        FitOptions { l2: 0.0, intercept: true, tolerance: 1e-5, iterations: 200, history: 10 }
    }
}

/// Why [`fit`] ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The gradient is within the tolerance.
    Converged = 0,
    /// After as many iterations as allowed.
    Iterations = 1,
    /// No step lowers the loss any more by what f32 can show.
    Stalled = 2,
}

/// What [`fit`] reached.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fit {
    /// Why it ended.
    pub outcome: Outcome,
    /// The loss with the penalty.
    pub loss: f64,
    /// The greatest magnitude of a derivative, divided by the sum of all `|a| + |b|`.
    pub gradient: f64,
    /// Steps taken.
    pub iterations: usize,
    /// Passes over the rows.
    pub passes: usize,
}

/// Finds the weights, and the intercept, that minimise `sum of losses + l2 / 2 * |weights|^2` by L-BFGS from where they
/// are.
///
/// Shapes: as [`batch`]; `weights` has one value for each column or, of prepared rows, may have one for each of
/// [`PreparedRows::features`]. Sparse rows should be prepared: every pass over others checks them anew.
///
/// - Method: L-BFGS (Liu and Nocedal, Mathematical Programming 1989) in two loops. What stands for the first Hessian is the
///   diagonal of the true one at the start, scaled by the last step as usual, so that frequent and rare features, and
///   columns of any size, move at their own rates. The first step has the length that the Hessian along it gives; later
///   ones start at 1. A step must lower the loss as Wolfe's conditions ask, or by what the slopes say where the loss
///   is within 1e-7 of what it was (Hager and Zhang, SIAM Journal on Optimization 2005).
/// - Order: passes as [`batch`]; vectors in f32, dots in f64 in leaves of 4096 by the fixed tree. The same bits with any
///   pool.
/// - Threads: all passes. Memory: `2 * history + 7` vectors and what [`batch`] needs, allocated in the call. Time: some
///   ten to a hundred passes over the rows.
///
/// Errors: as [`batch`], for numbers that are out of range ([`Status::InvalidArgument`]), a loss that is NaN from the start
/// ([`Status::NotFinite`] for `rows`: a NaN among dense features, offsets), starting values that are not
/// finite, no memory. `weights` and `intercept` are then as they were.
pub fn fit(
    features: Features<'_>,
    offsets: Option<&[f32]>,
    targets: Targets<'_>,
    signed: bool,
    options: FitOptions,
    weights: &mut [f32],
    intercept: &mut f32,
    pool: Option<&Pool>,
) -> Result<Fit, Error> {
    check_option(options.l2 >= 0.0, c"options.l2", options.l2.into())?;
    check_option(options.tolerance >= 0.0, c"options.tolerance", options.tolerance.into())?;
    if !(1..=MAX_HISTORY).contains(&options.history) {
        return Err(Error::new(Status::InvalidArgument, c"options.history").size(options.history));
    }
    let d = match features {
        Features::Prepared(rows) if weights.len() != rows.cols() => PreparedRows::features(rows).len(),
        _ => features.cols(),
    };
    check_size(weights.len(), d, c"weights")?;
    super::sparse::check_finite(weights, c"weights")?;
    super::sparse::check_finite(&[*intercept], c"intercept")?;
    targets.check(features.rows())?;
    let vectors = Vectors::new(d + 1, pool)?;
    let mut objective = Objective {
        features,
        offsets,
        targets,
        signed,
        options,
        vectors,
        pool,
        workspace: Workspace::new(),
        passes: 0,
        start: *intercept,
    };
    let mut point = objective.vectors.zeros()?;
    point[..d].copy_from_slice(weights);
    // The intercept is the last coordinate, measured from where it starts.
    let found = objective.minimise(&mut point)?;
    weights.copy_from_slice(&point[..d]);
    *intercept = objective.intercept(&point);
    Ok(found)
}

const MAX_HISTORY: usize = 64;

/// The conditions of a step: Wolfe's two numbers, and what counts as no change of the loss.
const DECREASE: f64 = 1e-4;
const FLATTER: f64 = 0.9;
const NOISE: f64 = 1e-7;

/// Steps in a row that lower neither the loss by a share that sums of f32 losses can show, nor the gradient.
const IDLE: usize = 3;
const UNSEEN: f64 = 1e-9;

/// Trial steps on one line.
const TRIALS: usize = 25;

/// The loss with its penalty, as a function of all coordinates: the weights, then the intercept.
struct Objective<'a> {
    features: Features<'a>,
    offsets: Option<&'a [f32]>,
    targets: Targets<'a>,
    signed: bool,
    options: FitOptions,
    vectors: Vectors<'a>,
    pool: Option<&'a Pool>,
    workspace: Workspace,
    passes: usize,
    /// The intercept at the start.
    start: f32,
}

/// A point on a line, or the two ends between which a good one lies.
#[derive(Clone, Copy)]
struct Trial {
    step: f64,
    slope: f64,
}

impl Objective<'_> {
    fn intercept(&self, point: &[f32]) -> f32 {
        self.start + point[point.len() - 1]
    }

    /// The loss, and the gradient.
    fn gradient(&mut self, point: &[f32], gradient: &mut [f32]) -> Result<f64, Error> {
        let d = point.len() - 1;
        let (head, last) = gradient.split_at_mut(d);
        let rows = self.rows(point);
        let Objective { targets, signed, pool, workspace, .. } = self;
        let sums = workspace.fit(|workspace| {
            let out = BatchOut { gradient: Some(&mut *head), ..BatchOut::default() };
            batch(rows, Some(*targets), *signed, out, *pool, workspace)
        })?;
        self.passes += 1;
        last[0] = if self.options.intercept { sums.gradient as f32 } else { 0.0 };
        let (weights, l2) = (&point[..d], self.options.l2);
        let square = self.vectors.dot(weights, weights);
        self.vectors.add_to(l2, weights, head);
        Ok(sums.loss + 0.5 * f64::from(l2) * square)
    }

    fn rows<'b>(&self, point: &'b [f32]) -> BatchRows<'b>
    where
        Self: 'b,
    {
        let weights = &point[..point.len() - 1];
        BatchRows {
            features: self.features,
            offsets: self.offsets,
            weights,
            intercept: self.intercept(point),
        }
    }

    /// The diagonal of the Hessian; ones where it is 0.
    fn diagonal(&mut self, point: &[f32], diagonal: &mut [f32]) -> Result<(), Error> {
        let (head, last) = diagonal.split_at_mut(point.len() - 1);
        let rows = self.rows(point);
        let Objective { targets, signed, pool, workspace, .. } = self;
        let sums = workspace.fit(|workspace| {
            let out = BatchOut { curvature: Some(&mut *head), ..BatchOut::default() };
            batch(rows, Some(*targets), *signed, out, *pool, workspace)
        })?;
        self.passes += 1;
        last[0] = sums.curvature as f32;
        for value in head.iter_mut() {
            *value += self.options.l2;
        }
        for value in diagonal {
            // Signed coefficients can make it negative, and columns without rows have none.
            if !(*value > 0.0 && value.is_finite()) {
                *value = 1.0;
            }
        }
        Ok(())
    }

    /// The second derivative along a direction.
    fn curvature_along(&mut self, point: &[f32], direction: &[f32], out: &mut [f32]) -> Result<f64, Error> {
        let d = point.len() - 1;
        let (along, along_intercept) = (&direction[..d], direction[d]);
        let rows = self.rows(point);
        let Objective { targets, signed, pool, workspace, .. } = self;
        let sums = workspace.fit(|workspace| {
            let product = Product { along, along_intercept, out: &mut out[..d] };
            batch(
                rows,
                Some(*targets),
                *signed,
                BatchOut { product: Some(product), ..BatchOut::default() },
                *pool,
                workspace,
            )
        })?;
        self.passes += 1;
        let square = self.vectors.dot(along, along);
        let of_rows = self.vectors.dot(along, &out[..d]) + f64::from(along_intercept) * sums.product;
        Ok(of_rows + f64::from(self.options.l2) * square)
    }

    fn minimise(&mut self, point: &mut Vec<f32>) -> Result<Fit, Error> {
        let [mut gradient, mut diagonal, mut direction, mut next, mut next_gradient] = [
            self.vectors.zeros()?,
            self.vectors.zeros()?,
            self.vectors.zeros()?,
            self.vectors.zeros()?,
            self.vectors.zeros()?,
        ];
        let mut history = History::new(self.options.history, &self.vectors)?;
        let mut loss = self.gradient(point, &mut gradient)?;
        if loss.is_nan() {
            // A NaN among dense features or offsets.
            return Err(Error::new(Status::NotFinite, c"rows"));
        }
        self.diagonal(point, &mut diagonal)?;
        let mass = mass(self.targets);
        let (mut iterations, mut idle) = (0, 0);
        let outcome = loop {
            if greatest(&gradient) <= f64::from(self.options.tolerance) * mass {
                break Outcome::Converged;
            }
            if iterations == self.options.iterations {
                break Outcome::Iterations;
            }
            history.direction(&self.vectors, &gradient, &diagonal, &mut direction);
            let mut slope = self.vectors.dot(&direction, &gradient);
            if slope >= 0.0 || !slope.is_finite() {
                // Rounding has made it useless: start again from the diagonal.
                history.clear();
                history.direction(&self.vectors, &gradient, &diagonal, &mut direction);
                slope = self.vectors.dot(&direction, &gradient);
            }
            let mut step = 1.0;
            if history.is_empty() {
                let curvature = self.curvature_along(point, &direction, &mut next)?;
                if curvature > 0.0 {
                    step = -slope / curvature;
                }
            }
            let (accepted, next_loss) =
                self.search(point, loss, slope, &direction, step, &mut next, &mut next_gradient)?;
            if !accepted {
                if history.is_empty() {
                    break Outcome::Stalled;
                }
                history.clear();
                continue;
            }
            let better =
                next_loss < loss - UNSEEN * loss.abs() || greatest(&next_gradient) < greatest(&gradient);
            idle = if better { 0 } else { idle + 1 };
            if idle == IDLE {
                break Outcome::Stalled;
            }
            history.remember(&self.vectors, (point, &next), (&gradient, &next_gradient), &diagonal)?;
            std::mem::swap(point, &mut next);
            std::mem::swap(&mut gradient, &mut next_gradient);
            loss = next_loss;
            iterations += 1;
        };
        let gradient = if mass > 0.0 { greatest(&gradient) / mass } else { greatest(&gradient) };
        Ok(Fit { outcome, loss, gradient, iterations, passes: self.passes })
    }

    /// A step along the direction that satisfies the conditions: whether there is one, and the loss there; the point and
    /// its gradient go to `next`.
    fn search(
        &mut self,
        point: &[f32],
        loss: f64,
        slope: f64,
        direction: &[f32],
        first: f64,
        next: &mut [f32],
        gradient: &mut [f32],
    ) -> Result<(bool, f64), Error> {
        let mut low = Trial { step: 0.0, slope };
        let mut high: Option<Trial> = None;
        let mut step = first;
        for _ in 0..TRIALS {
            self.vectors.add(step as f32, direction, point, next);
            if next == point {
                return Ok((false, loss));
            }
            let found = match self.gradient(next, gradient) {
                // Beyond the range of f32: far too long a step.
                Err(Error { status: Status::NotFinite, .. }) => f64::INFINITY,
                other => other?,
            };
            let trial = Trial { step, slope: self.vectors.dot(direction, gradient) };
            let lowers = found <= loss + DECREASE * step * slope;
            let flat = found <= loss + NOISE * loss.abs() && trial.slope <= (2.0 * DECREASE - 1.0) * slope;
            let finite = found.is_finite() && trial.slope.is_finite();
            if !finite || !(lowers || flat) {
                high = Some(if finite { trial } else { Trial { step, slope: f64::INFINITY } });
            } else if trial.slope < FLATTER * slope {
                low = trial;
            } else {
                return Ok((true, found));
            }
            step = match high {
                None => 4.0 * step,
                Some(high) => between(low, high),
            };
        }
        Ok((false, loss))
    }
}

/// A step between two, where their slopes say that the slope is 0, but not too close to either.
fn between(low: Trial, high: Trial) -> f64 {
    let share = low.slope / (low.slope - high.slope);
    let share = if (0.1..=0.9).contains(&share) { share } else { 0.5 };
    low.step + share * (high.step - low.step)
}

/// The greatest magnitude.
fn greatest(values: &[f32]) -> f64 {
    super::sparse::greatest(values).into()
}

/// The sum of all `|a| + |b|`.
fn mass(targets: Targets<'_>) -> f64 {
    let sum = |values: &[f32]| values.iter().map(|value| f64::from(value.abs())).sum::<f64>();
    match targets {
        Targets::Coefficients { a, b } => sum(a) + sum(b),
        Targets::Labels { weights: Some(weights), .. } => sum(weights),
        Targets::Labels { labels, weights: None } => labels.len() as f64,
    }
}
