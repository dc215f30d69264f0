//! Training to the minimum: against Newton's method in f64, from anywhere, with any pool and any kind of rows.

mod common;

use avocet::logistic::{Features, Fit, FitOptions, Outcome, PreparedRows, Targets, fit};
use avocet::{Csr, Indices, Matrix, Pool, Status};
use common::Random;

/// Rows of clicks: a dense matrix and the same values sparse.
struct Problem {
    n: usize,
    d: usize,
    x: Vec<f32>,
    offsets: Vec<i64>,
    indices: Vec<u32>,
    values: Vec<f32>,
    labels: Vec<f32>,
    importance: Vec<f32>,
    shift: Vec<f32>,
}

impl Problem {
    /// Columns whose values are of very different sizes, a third of the entries zero.
    fn new(seed: u64, n: usize, d: usize) -> Problem {
        let mut random = Random::new(seed);
        let truth = random.values(d);
        let scale: Vec<f32> = (0..d).map(|j| [1.0, 0.1, 10.0][j % 3]).collect();
        let mut problem = Problem {
            n,
            d,
            x: Vec::new(),
            offsets: vec![0],
            indices: Vec::new(),
            values: Vec::new(),
            labels: Vec::new(),
            importance: random.values(n).into_iter().map(|w| w.abs() + 0.1).collect(),
            shift: random.values(n),
        };
        for row in 0..n {
            let mut margin = problem.shift[row] - 0.5;
            for j in 0..d {
                let value = if random.below(3) == 0 { 0.0 } else { random.f32() * scale[j] };
                problem.x.push(value);
                margin += value * truth[j] / scale[j];
                if value != 0.0 {
                    problem.indices.push(j as u32);
                    problem.values.push(value);
                }
            }
            problem.offsets.push(problem.indices.len() as i64);
            let p = 1.0 / (1.0 + (-f64::from(margin)).exp());
            problem.labels.push(f32::from(u8::from(random.unit() < p)));
        }
        problem
    }

    fn dense(&self) -> Features<'_> {
        Features::Dense(Matrix::new(&self.x, self.n, self.d).unwrap().into())
    }

    fn csr(&self) -> Csr<'_> {
        let (offsets, indices) = (Indices::I64(&self.offsets), Indices::U32(&self.indices));
        Csr { rows: self.n, cols: self.d, offsets, indices }
    }

    fn targets(&self) -> Targets<'_> {
        Targets::Labels { labels: &self.labels, weights: Some(&self.importance) }
    }

    fn fit(&self, features: Features<'_>, options: FitOptions, pool: Option<&Pool>) -> (Vec<f32>, f32, Fit) {
        let (mut weights, mut intercept) = (vec![0.0; self.d], 0.0);
        let found = fit(
            features,
            Some(&self.shift),
            self.targets(),
            false,
            options,
            &mut weights,
            &mut intercept,
            pool,
        );
        (weights, intercept, found.unwrap())
    }

    /// The loss with its penalty at weights and intercept, in f64.
    fn loss(&self, point: &[f64], l2: f64) -> f64 {
        let penalty: f64 = point[..self.d].iter().map(|w| w * w).sum();
        (0..self.n).map(|i| self.row(i, point).0).sum::<f64>() + 0.5 * l2 * penalty
    }

    /// Loss, slope and curvature of a row by its margin.
    fn row(&self, i: usize, point: &[f64]) -> (f64, f64, f64) {
        let x = &self.x[i * self.d..][..self.d];
        let m = x.iter().zip(point).map(|(&x, w)| f64::from(x) * w).sum::<f64>()
            + point[self.d]
            + f64::from(self.shift[i]);
        let (w, y) = (f64::from(self.importance[i]), f64::from(self.labels[i]));
        let p = 1.0 / (1.0 + (-m).exp());
        (w * (m.max(0.0) + (-m.abs()).exp().ln_1p() - y * m), w * (p - y), w * p * (1.0 - p))
    }

    /// The minimum by Newton's method in f64.
    fn exact(&self, l2: f64, intercept: bool) -> Vec<f64> {
        let size = self.d + usize::from(intercept);
        let mut point = vec![0.0; self.d + 1];
        for _ in 0..30 {
            let mut system = vec![vec![0.0; size + 1]; size];
            for i in 0..self.n {
                let (_, slope, h) = self.row(i, &point);
                let x: Vec<f64> = self.x[i * self.d..][..self.d]
                    .iter()
                    .map(|&v| v.into())
                    .chain([1.0])
                    .take(size)
                    .collect();
                for j in 0..size {
                    for k in 0..size {
                        system[j][k] += h * x[j] * x[k];
                    }
                    system[j][size] -= slope * x[j];
                }
            }
            for j in 0..self.d {
                system[j][j] += l2;
                system[j][size] -= l2 * point[j];
            }
            for (p, step) in point.iter_mut().zip(solve(system)) {
                *p += step;
            }
        }
        point
    }
}

/// Gauss' elimination of a positive definite system with its right side in the last column.
fn solve(mut rows: Vec<Vec<f64>>) -> Vec<f64> {
    let n = rows.len();
    for j in 0..n {
        let pivot = rows[j].clone();
        for (k, row) in rows.iter_mut().enumerate().filter(|(k, _)| *k != j) {
            let _ = k;
            let factor = row[j] / pivot[j];
            row.iter_mut().zip(&pivot).for_each(|(v, p)| *v -= factor * p);
        }
    }
    (0..n).map(|j| rows[j][n] / rows[j][j]).collect()
}

#[test]
fn finds_the_minimum() {
    for (n, d, l2) in [(50, 1, 0.1), (300, 4, 1.0), (2500, 12, 3.0), (4000, 30, 0.01)] {
        for intercept in [false, true] {
            let problem = Problem::new(n as u64, n, d);
            let options = FitOptions { l2, intercept, tolerance: 1e-7, ..FitOptions::default() };
            let (weights, last, found) = problem.fit(problem.dense(), options, None);
            let exact = problem.exact(l2.into(), intercept);
            let (best, ours) = (
                problem.loss(&exact, l2.into()),
                problem
                    .loss(&weights.iter().chain([&last]).map(|&w| w.into()).collect::<Vec<_>>(), l2.into()),
            );
            assert!(ours <= best * (1.0 + 1e-7) && ours >= best * (1.0 - 1e-12), "{n} x {d}: {ours} {best}");
            assert!((found.loss - best).abs() <= 1e-6 * best, "{n} x {d}: {} {best}", found.loss);
            assert_ne!(found.outcome, Outcome::Iterations, "{n} x {d}");
            assert!(found.gradient < 1e-6, "{n} x {d}: {found:?}");
            assert!(found.iterations <= 40 && found.passes <= 60, "{n} x {d}: {found:?}");
            assert!(intercept || last == 0.0);
        }
    }
}

/// The same bits with any pool, and from sparse rows prepared or not; nearly the same from dense ones.
#[test]
fn any_pool_and_any_rows() {
    let problem = Problem::new(9, 6000, 40);
    let options = FitOptions { l2: 1.0, ..FitOptions::default() };
    let prepared = PreparedRows::new(problem.csr(), Some(&problem.values)).unwrap();
    let sparse = Features::Sparse { csr: problem.csr(), values: Some(&problem.values) };
    let of_sparse = problem.fit(sparse, options, None);
    assert_eq!(problem.fit(Features::Prepared(&prepared), options, None), of_sparse);
    let of_dense = problem.fit(problem.dense(), options, None);
    for threads in [1, 2, 3, 8] {
        let pool = Pool::new(threads).unwrap();
        assert_eq!(problem.fit(sparse, options, Some(&pool)), of_sparse);
        assert_eq!(problem.fit(problem.dense(), options, Some(&pool)), of_dense);
    }
    assert!((of_dense.2.loss - of_sparse.2.loss).abs() <= 1e-6 * of_dense.2.loss);
}

/// From the minimum there is no way down; a few steps from elsewhere go on where they ended.
#[test]
fn goes_on_from_where_it_was() {
    let problem = Problem::new(3, 1000, 8);
    let options = FitOptions { l2: 1.0, tolerance: 1e-6, ..FitOptions::default() };
    let (mut weights, mut intercept, found) = problem.fit(problem.dense(), options, None);
    assert_eq!(found.outcome, Outcome::Converged);
    let mut again = |options| {
        fit(
            problem.dense(),
            Some(&problem.shift),
            problem.targets(),
            false,
            options,
            &mut weights,
            &mut intercept,
            None,
        )
        .unwrap()
    };
    let found_again = again(options);
    assert_eq!((found_again.outcome, found_again.iterations), (Outcome::Converged, 0));
    let strict = again(FitOptions { tolerance: 0.0, ..options });
    assert_eq!(strict.outcome, Outcome::Stalled);
    assert!(strict.loss <= found.loss * (1.0 + 1e-7));
    let (.., few) = problem.fit(problem.dense(), FitOptions { iterations: 2, ..options }, None);
    assert_eq!((few.outcome, few.iterations), (Outcome::Iterations, 2));
    assert!(few.loss > found.loss);
}

/// Labels that a line separates have no minimum: the loss goes to 0 as far as the iterations reach.
#[test]
fn separable_rows_end_as_well() {
    let x: Vec<f32> = (0..100).map(|i| i as f32 - 49.5).collect();
    let labels: Vec<f32> = x.iter().map(|&x| f32::from(u8::from(x > 0.0))).collect();
    let (mut weights, mut intercept) = ([0.0], 0.0);
    let targets = Targets::Labels { labels: &labels, weights: None };
    let options = FitOptions { tolerance: 1e-6, ..FitOptions::default() };
    let features = Features::Dense(Matrix::new(&x, 100, 1).unwrap().into());
    let found = fit(features, None, targets, false, options, &mut weights, &mut intercept, None).unwrap();
    assert!(found.loss < 1e-3 && weights[0] > 1.0 && weights[0].is_finite(), "{found:?}");
}

#[test]
fn nothing_to_learn() {
    let none = Features::Dense(Matrix::new(&[0.0; 0], 0, 3).unwrap().into());
    let targets = Targets::Labels { labels: &[], weights: None };
    let (mut weights, mut intercept) = ([1.0, 2.0, 3.0], 0.5);
    let found =
        fit(none, None, targets, false, FitOptions::default(), &mut weights, &mut intercept, None).unwrap();
    assert_eq!(
        (found.outcome, found.loss, weights, intercept),
        (Outcome::Converged, 0.0, [1.0, 2.0, 3.0], 0.5)
    );
    let penalty = FitOptions { l2: 2.0, ..FitOptions::default() };
    let found = fit(none, None, targets, false, penalty, &mut weights, &mut intercept, None).unwrap();
    assert!(found.loss < 1e-9 && weights.iter().all(|w| w.abs() < 1e-4), "{found:?} {weights:?}");
}

#[test]
fn what_is_refused() {
    let problem = Problem::new(5, 40, 3);
    let refused = |options: FitOptions, start: [f32; 3], labels: &[f32]| {
        let (mut weights, mut intercept) = (start, 0.25);
        let targets = Targets::Labels { labels, weights: None };
        let error = fit(problem.dense(), None, targets, false, options, &mut weights, &mut intercept, None)
            .unwrap_err();
        assert_eq!((weights.map(f32::to_bits), intercept), (start.map(f32::to_bits), 0.25));
        (error.status, error.argument.to_str().unwrap().to_owned())
    };
    let good = FitOptions::default();
    let bad = |status, name: &str| (status, name.to_owned());
    let labels = &problem.labels[..];
    let invalid = Status::InvalidArgument;
    assert_eq!(refused(FitOptions { l2: -1.0, ..good }, [0.0; 3], labels), bad(invalid, "options.l2"));
    assert_eq!(
        refused(FitOptions { tolerance: -1.0, ..good }, [0.0; 3], labels),
        bad(invalid, "options.tolerance")
    );
    assert_eq!(refused(FitOptions { history: 0, ..good }, [0.0; 3], labels), bad(invalid, "options.history"));
    assert_eq!(
        refused(FitOptions { history: 65, ..good }, [0.0; 3], labels),
        bad(invalid, "options.history")
    );
    let nan = FitOptions { l2: f32::NAN, ..good };
    assert_eq!(refused(nan, [0.0; 3], labels), bad(Status::NotFinite, "options.l2"));
    assert_eq!(refused(good, [0.0, f32::NAN, 0.0], labels), bad(Status::NotFinite, "weights"));
    assert_eq!(refused(good, [0.0; 3], &labels[1..]), bad(Status::ShapeMismatch, "targets.labels"));
    let mut two = problem.labels.clone();
    two[7] = 2.0;
    assert_eq!(refused(good, [0.0; 3], &two), bad(invalid, "targets.labels"));
}
