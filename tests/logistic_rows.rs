//! Dense rows of logistic regression: against f64 and finite differences, alone and together, with any pool.

mod common;

use avocet::logistic::{BatchOut, BatchRows, BatchSums, Features, Product, Targets, batch};
use avocet::{Error, Matrix, Pool, Status, Workspace, bf16, f16};
use common::Random;

/// A problem: features at a stride, offsets, labels and weights, and a direction.
struct Problem {
    n: usize,
    d: usize,
    stride: usize,
    x: Vec<f32>,
    offsets: Vec<f32>,
    weights: Vec<f32>,
    labels: Vec<f32>,
    importance: Vec<f32>,
    along: Vec<f32>,
}

impl Problem {
    fn new(seed: u64, n: usize, d: usize) -> Problem {
        let mut random = Random::new(seed);
        let stride = d + n % 2;
        Problem {
            n,
            d,
            stride,
            x: random.values(n * stride),
            offsets: random.values(n),
            weights: random.values(d).into_iter().map(|w| w * 0.5).collect(),
            labels: (0..n).map(|_| random.below(2) as f32).collect(),
            importance: random.values(n).into_iter().map(f32::abs).collect(),
            along: random.values(d),
        }
    }

    fn rows(&self) -> BatchRows<'_> {
        BatchRows {
            features: Features::Dense(
                Matrix::with_stride(&self.x, self.n, self.d, self.stride).unwrap().into(),
            ),
            offsets: Some(&self.offsets),
            weights: &self.weights,
            intercept: 0.3,
        }
    }

    fn targets(&self) -> Targets<'_> {
        Targets::Labels { labels: &self.labels, weights: Some(&self.importance) }
    }

    /// Everything in one pass.
    fn all(&self, pool: Option<&Pool>) -> Found {
        self.all_of(self.rows(), pool)
    }

    /// [`Problem::all`] of other rows.
    fn all_of(&self, rows: BatchRows<'_>, pool: Option<&Pool>) -> Found {
        let (n, d) = (self.n, self.d);
        let mut found = Found {
            margins: vec![f32::NAN; n],
            gradient: vec![f32::NAN; d],
            curvature: vec![f32::NAN; d],
            product: vec![f32::NAN; d],
            sums: BatchSums::default(),
        };
        found.sums = Workspace::new()
            .fit(|workspace| {
                let product = Product { along: &self.along, along_intercept: -0.7, out: &mut found.product };
                let out = BatchOut {
                    margins: Some(&mut found.margins),
                    gradient: Some(&mut found.gradient),
                    curvature: Some(&mut found.curvature),
                    product: Some(product),
                };
                batch(rows, Some(self.targets()), false, out, pool, workspace)
            })
            .unwrap();
        found
    }

    /// Loss, gradient (the intercept last), diagonal and product in f64.
    fn exact(&self) -> (f64, Vec<f64>, Vec<f64>, Vec<f64>) {
        let d = self.d;
        let (mut loss, mut sums) = (0.0, [(); 3].map(|()| vec![0.0; d + 1]));
        for i in 0..self.n {
            let x: Vec<f64> = self.x[i * self.stride..][..d].iter().map(|&v| v.into()).chain([1.0]).collect();
            let dot =
                |w: &[f32], last: f64| x.iter().zip(w).map(|(&x, &w)| x * f64::from(w)).sum::<f64>() + last;
            let m = dot(&self.weights, 0.3) + f64::from(self.offsets[i]);
            let (w, y) = (f64::from(self.importance[i]), f64::from(self.labels[i]));
            let (p, softplus) = (1.0 / (1.0 + (-m).exp()), m.max(0.0) + (-m.abs()).exp().ln_1p());
            loss += w * (softplus - y * m);
            let h = w * p * (1.0 - p);
            let along = dot(&self.along, -0.7);
            for j in 0..=d {
                sums[0][j] += w * (p - y) * x[j];
                sums[1][j] += h * x[j] * x[j];
                sums[2][j] += h * along * x[j];
            }
        }
        let [gradient, diagonal, product] = sums;
        (loss, gradient, diagonal, product)
    }
}

#[derive(Debug, PartialEq)]
struct Found {
    margins: Vec<f32>,
    gradient: Vec<f32>,
    curvature: Vec<f32>,
    product: Vec<f32>,
    sums: BatchSums,
}

#[test]
fn against_f64() {
    for (n, d) in [(1, 1), (7, 3), (100, 64), (1500, 16), (2100, 37), (1024, 200), (3000, 1), (5, 2500)] {
        let problem = Problem::new(n as u64, n, d);
        let found = problem.all(None);
        let (loss, gradient, diagonal, product) = problem.exact();
        let scale = 1e-6 * (n as f64).sqrt() * (d as f64).sqrt().max(4.0);
        assert!((found.sums.loss - loss).abs() <= scale * (1.0 + loss.abs()), "{n} x {d}: loss");
        let near = |found: &[f32], last: f64, exact: &[f64], what: &str| {
            for (j, &exact) in exact.iter().enumerate() {
                let found = found.get(j).map_or(last, |&v| v.into());
                assert!(
                    (found - exact).abs() <= scale * (1.0 + exact.abs()),
                    "{n} x {d}: {what} {j}: {found} {exact}"
                );
            }
        };
        near(&found.gradient, found.sums.gradient, &gradient, "gradient");
        near(&found.curvature, found.sums.curvature, &diagonal, "curvature");
        near(&found.product, found.sums.product, &product, "product");
    }
}

/// The gradient is the loss's derivative, the product the gradient's, by central differences in f64.
#[test]
fn finite_differences() {
    let problem = Problem::new(3, 300, 5);
    let found = problem.all(None);
    let moved = |j: usize, by: f32| {
        let mut moved = Problem::new(3, 300, 5);
        moved.weights[j] += by;
        (moved.weights[j], moved.exact())
    };
    for j in 0..5 {
        let ((high, above), (low, below)) = (moved(j, 1e-3), moved(j, -1e-3));
        let step = f64::from(high) - f64::from(low);
        let slope = (above.0 - below.0) / step;
        assert!((f64::from(found.gradient[j]) - slope).abs() < 1e-3, "{j}");
        let second = (above.1[j] - below.1[j]) / step;
        assert!((f64::from(found.curvature[j]) - second).abs() < 1e-3, "{j}");
    }
}

/// Each output alone has the bits that it has among the others.
#[test]
fn outputs_alone() {
    let problem = Problem::new(4, 2300, 23);
    let all = problem.all(None);
    let run = |out: BatchOut<'_>, targets: Option<Targets<'_>>| {
        let mut out = Some(out);
        let mut workspace = Workspace::new();
        workspace.reserve(1 << 20).unwrap();
        batch(problem.rows(), targets, false, out.take().unwrap(), None, &mut workspace).unwrap()
    };
    let targets = Some(problem.targets());
    let (mut margins, mut gradient) = (vec![0.0; 2300], vec![0.0; 23]);
    let (mut curvature, mut product) = (vec![0.0; 23], vec![0.0; 23]);
    let sums = run(BatchOut { margins: Some(&mut margins), ..BatchOut::default() }, None);
    assert_eq!((&margins, sums), (&all.margins, BatchSums::default()));
    let sums = run(BatchOut::default(), targets);
    assert_eq!(sums, BatchSums { loss: all.sums.loss, ..BatchSums::default() });
    let sums = run(BatchOut { gradient: Some(&mut gradient), ..BatchOut::default() }, targets);
    assert_eq!((&gradient, sums.gradient, sums.loss), (&all.gradient, all.sums.gradient, all.sums.loss));
    let sums = run(BatchOut { curvature: Some(&mut curvature), ..BatchOut::default() }, targets);
    assert_eq!((&curvature, sums.curvature), (&all.curvature, all.sums.curvature));
    let along = Product { along: &problem.along, along_intercept: -0.7, out: &mut product };
    let sums = run(BatchOut { product: Some(along), ..BatchOut::default() }, targets);
    assert_eq!((&product, sums.product), (&all.product, all.sums.product));
}

/// A row of weight 0 is a row that is not there, a row of weight 2 one that is there twice.
#[test]
fn weights_are_repetitions() {
    let mut weighted = Problem::new(5, 60, 7);
    weighted.stride = 7;
    weighted.importance = (0..60).map(|i| (i % 3) as f32).collect();
    let repeat = |v: &[f32], width: usize| -> Vec<f32> {
        (0..60).flat_map(|i| v[i * width..][..width].repeat(i % 3)).collect()
    };
    let repeated = Problem {
        n: 60,
        x: repeat(&weighted.x, 7),
        offsets: repeat(&weighted.offsets, 1),
        labels: repeat(&weighted.labels, 1),
        importance: vec![1.0; 60],
        weights: weighted.weights.clone(),
        along: weighted.along.clone(),
        ..weighted
    };
    let (one, other) = (weighted.all(None), repeated.all(None));
    assert!((one.sums.loss - other.sums.loss).abs() < 1e-5);
    for (a, b) in
        [(&one.gradient, &other.gradient), (&one.curvature, &other.curvature), (&one.product, &other.product)]
    {
        assert!(a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-4), "{a:?} {b:?}");
    }
}

#[test]
fn any_pool_gives_the_same_bits() {
    for (n, d) in [(9_000, 64), (40_000, 3), (3_000, 300)] {
        let problem = Problem::new(6, n, d);
        let alone = problem.all(None);
        for threads in [1, 2, 3, 8] {
            assert_eq!(
                problem.all(Some(&Pool::new(threads).unwrap())),
                alone,
                "{n} x {d}, {threads} threads"
            );
        }
    }
}

/// Rows of 16 bits are the f32 rows of the same values, subnormals and all, bit for bit.
#[test]
fn narrow_rows_are_widened() {
    for (turn, (n, d)) in
        [(1, 1), (9, 3), (1100, 64), (2100, 37), (1030, 100), (300, 257)].into_iter().enumerate()
    {
        let mut random = Random::new(turn as u64);
        let bits: Vec<u16> = (0..n * (d + n % 2)).map(|_| (random.below(1 << 16) & 0xbfff) as u16).collect();
        let (halves, brains): (Vec<f16>, Vec<bf16>) =
            bits.iter().map(|&bits| (f16::from_bits(bits), bf16::from_bits(bits))).unzip();
        let mut problem = Problem::new(turn as u64, n, d);
        let pool = Pool::new(2).unwrap();
        for pool in [None, Some(&pool)] {
            problem.x = halves.iter().map(|v| v.to_f32()).collect();
            let x = Matrix::with_stride(&halves, n, d, problem.stride).unwrap().into();
            assert_eq!(
                problem.all_of(BatchRows { features: Features::Dense(x), ..problem.rows() }, pool),
                problem.all(pool),
                "{n} x {d}"
            );
            problem.x = brains.iter().map(|v| v.to_f32()).collect();
            let x = Matrix::with_stride(&brains, n, d, problem.stride).unwrap().into();
            assert_eq!(
                problem.all_of(BatchRows { features: Features::Dense(x), ..problem.rows() }, pool),
                problem.all(pool),
                "{n} x {d}"
            );
        }
    }
}

#[test]
fn refusals() {
    let good = Problem::new(7, 2000, 3);
    let run = |rows: BatchRows<'_>, targets: Option<Targets<'_>>| -> (Error, Vec<f32>) {
        let mut gradient = vec![7.0; 3];
        let mut workspace = Workspace::new();
        workspace.reserve(1 << 20).unwrap();
        let out = BatchOut { gradient: Some(&mut gradient), ..BatchOut::default() };
        let error = batch(rows, targets, false, out, None, &mut workspace).unwrap_err();
        (error, gradient)
    };
    let kept = vec![7.0; 3];
    let targets = Some(good.targets());
    let (error, gradient) = run(BatchRows { weights: &good.weights[1..], ..good.rows() }, targets);
    assert_eq!(
        (error.status, error.argument, gradient),
        (Status::ShapeMismatch, c"rows.weights", kept.clone())
    );
    let (error, _) = run(BatchRows { offsets: Some(&good.offsets[1..]), ..good.rows() }, targets);
    assert_eq!(error.argument, c"rows.offsets");
    let (error, _) = run(good.rows(), None);
    assert_eq!((error.status, error.argument), (Status::NullPointer, c"targets"));
    let mut importance = good.importance.clone();
    importance[1500] = -1.0;
    importance[1900] = f32::NAN;
    let bad = Targets::Labels { labels: &good.labels, weights: Some(&importance) };
    let (error, gradient) = run(good.rows(), Some(bad));
    assert_eq!((error.argument, error.position, gradient), (c"targets.weights", 1500, kept));
}

/// No rows, no columns, infinite and NaN features.
#[test]
fn corners() {
    let mut empty = Problem::new(8, 2, 3);
    empty.n = 0;
    empty.stride = 3;
    let empty = Problem { x: vec![], offsets: vec![], labels: vec![], importance: vec![], ..empty };
    let found = empty.all(None);
    assert_eq!((found.gradient, found.sums), (vec![0.0; 3], BatchSums::default()));

    let mut flat = Problem::new(9, 4, 1);
    flat.d = 0;
    let flat = Problem { weights: vec![], along: vec![], ..flat };
    let found = flat.all(None);
    assert!(found.margins.iter().zip(&flat.offsets).all(|(m, o)| *m == 0.3 + o));
    assert!(found.sums.loss > 0.0 && found.gradient.is_empty());

    let mut wild = Problem::new(10, 40, 2);
    wild.x[2 * wild.stride] = f32::NAN;
    let found = wild.all(None);
    let canonical = |v: &f32| v.to_bits() == 0x7fc0_0000;
    assert!(canonical(&found.margins[2]) && found.gradient.iter().all(canonical));
    assert!(found.margins.iter().enumerate().all(|(i, m)| i == 2 || m.is_finite()));
    assert!(found.sums.loss.is_nan());
}
