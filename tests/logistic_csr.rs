//! Sparse rows of logistic regression: against f64, as they come and prepared, with any pool and any order of the rows.

mod common;

use avocet::logistic::{BatchOut, BatchRows, BatchSums, Features, PreparedRows, Product, Targets, batch};
use avocet::{Csr, Error, Indices, Pool, Status, Workspace};
use common::Random;

/// A problem over `cols` columns, of which some never occur.
#[derive(Clone)]
struct Problem {
    cols: usize,
    offsets: Vec<i64>,
    indices: Vec<u32>,
    values: Option<Vec<f32>>,
    margins: Vec<f32>,
    weights: Vec<f32>,
    a: Vec<f32>,
    b: Vec<f32>,
    along: Vec<f32>,
}

impl Problem {
    /// Rows of 0 to `longest` entries, few columns in many of them.
    fn new(seed: u64, n: usize, cols: usize, longest: usize, values: bool) -> Problem {
        let mut random = Random::new(seed);
        let (mut offsets, mut indices) = (vec![0], Vec::new());
        for _ in 0..n {
            for _ in 0..random.below(longest + 1) {
                indices.push((random.unit() * random.unit() * random.unit() * cols as f64) as u32);
            }
            offsets.push(indices.len() as i64);
        }
        let edges = indices.len();
        Problem {
            cols,
            offsets,
            indices,
            values: values.then(|| random.values(edges)),
            margins: random.values(n),
            weights: random.values(cols).into_iter().map(|w| w * 0.5).collect(),
            a: random.values(n).into_iter().map(f32::abs).collect(),
            b: random.values(n).into_iter().map(f32::abs).collect(),
            along: random.values(cols),
        }
    }

    fn rows(&self) -> usize {
        self.a.len()
    }

    fn csr(&self) -> Csr<'_> {
        let (offsets, indices) = (Indices::I64(&self.offsets), Indices::U32(&self.indices));
        Csr { rows: self.rows(), cols: self.cols, offsets, indices }
    }

    fn features(&self) -> Features<'_> {
        Features::Sparse { csr: self.csr(), values: self.values.as_deref() }
    }

    fn targets(&self) -> Targets<'_> {
        Targets::Coefficients { a: &self.a, b: &self.b }
    }

    /// Everything in one pass. `weights` and `along` are those of the columns of `entries`.
    fn all(&self, features: Features<'_>, weights: &[f32], along: &[f32], pool: Option<&Pool>) -> Found {
        let (n, d) = (self.rows(), weights.len());
        let mut found = Found {
            margins: vec![f32::NAN; n],
            gradient: vec![f32::NAN; d],
            curvature: vec![f32::NAN; d],
            product: vec![f32::NAN; d],
            sums: BatchSums::default(),
        };
        found.sums = Workspace::new()
            .fit(|workspace| {
                let product = Product { along, along_intercept: -0.7, out: &mut found.product };
                let out = BatchOut {
                    margins: Some(&mut found.margins),
                    gradient: Some(&mut found.gradient),
                    curvature: Some(&mut found.curvature),
                    product: Some(product),
                };
                let rows = BatchRows { features, offsets: Some(&self.margins), weights, intercept: 0.3 };
                batch(rows, Some(self.targets()), false, out, pool, workspace)
            })
            .unwrap();
        found
    }

    fn found(&self, pool: Option<&Pool>) -> Found {
        self.all(self.features(), &self.weights, &self.along, pool)
    }

    /// Loss; gradient, diagonal and product (the intercept last) in f64, and the sums of their parts' magnitudes.
    fn exact(&self) -> (f64, [Vec<f64>; 3], [Vec<f64>; 3]) {
        let (mut loss, zeros) = (0.0, || [(); 3].map(|()| vec![0.0; self.cols + 1]));
        let (mut sums, mut sizes) = (zeros(), zeros());
        for i in 0..self.rows() {
            let own = self.offsets[i] as usize..self.offsets[i + 1] as usize;
            let mut entries: Vec<(usize, f64)> = own
                .map(|at| {
                    (self.indices[at] as usize, self.values.as_ref().map_or(1.0, |values| values[at].into()))
                })
                .collect();
            let dot = |w: &[f32]| entries.iter().map(|&(j, x)| x * f64::from(w[j])).sum::<f64>();
            let m = dot(&self.weights) + 0.3 + f64::from(self.margins[i]);
            let along = dot(&self.along) - 0.7;
            entries.push((self.cols, 1.0));
            let (a, b) = (f64::from(self.a[i]), f64::from(self.b[i]));
            let softplus = |m: f64| m.max(0.0) + (-m.abs()).exp().ln_1p();
            loss += a * softplus(-m) + b * softplus(m);
            let p = 1.0 / (1.0 + (-m).exp());
            let (slope, h) = (b * p - a * (1.0 - p), (a + b) * p * (1.0 - p));
            // A column that a row has twice counts as two columns of one weight.
            for (j, x) in entries {
                let terms = [slope * x, h * x * x, h * along * x];
                // What cancels within a slope or a dot counts.
                let parts = [(a + b) * x, h * x * x, h * (along.abs() + 1.0) * x];
                for (k, (term, part)) in terms.into_iter().zip(parts).enumerate() {
                    sums[k][j] += term;
                    sizes[k][j] += part.abs();
                }
            }
        }
        (loss, sums, sizes)
    }
}

#[derive(Clone, Debug, PartialEq)]
struct Found {
    margins: Vec<f32>,
    gradient: Vec<f32>,
    curvature: Vec<f32>,
    product: Vec<f32>,
    sums: BatchSums,
}

#[test]
fn against_f64() {
    for (turn, (n, cols, longest)) in [
        (1, 1, 1),
        (7, 3, 5),
        (100, 64, 40),
        (1500, 16, 3),
        (2100, 3000, 37),
        (1024, 200, 200),
        (5, 2500, 900),
    ]
    .into_iter()
    .enumerate()
    {
        let problem = Problem::new(n as u64, n, cols, longest, turn % 2 == 0);
        let found = problem.found(None);
        let (loss, sums, sizes) = problem.exact();
        assert!((found.sums.loss - loss).abs() <= 1e-6 * (1.0 + loss.abs()), "{n} x {cols}: loss");
        let vectors = [
            (&found.gradient, found.sums.gradient),
            (&found.curvature, found.sums.curvature),
            (&found.product, found.sums.product),
        ];
        for (k, (vector, last)) in vectors.into_iter().enumerate() {
            for j in 0..=cols {
                let got = vector.get(j).map_or(last, |&v| v.into());
                // Margins are f32: each term has some error of its own, and the result is rounded.
                let room = 3e-6 * sizes[k][j] + 1e-7 * sums[k][j].abs();
                assert!((got - sums[k][j]).abs() <= room, "{n} x {cols}: {k} {j}: {got} {}", sums[k][j]);
            }
        }
    }
}

/// Neither pools, nor the order of the rows, nor preparing changes a bit.
#[test]
fn the_same_bits_in_any_way() {
    for values in [false, true] {
        let problem = Problem::new(8, 9000, 5000, 60, values);
        let found = problem.found(None);
        for threads in [1, 2, 3, 8] {
            assert_eq!(problem.found(Some(&Pool::new(threads).unwrap())), found, "{threads} threads");
        }

        let prepared = PreparedRows::new(problem.csr(), problem.values.as_deref()).unwrap();
        let whole = Features::Prepared(&prepared);
        assert_eq!(problem.all(whole, &problem.weights, &problem.along, None), found);
        let occurring = prepared.features();
        assert!(occurring.is_sorted() && occurring.len() < problem.cols);
        let of_features =
            |values: &[f32]| -> Vec<f32> { occurring.iter().map(|&j| values[j as usize]).collect() };
        let pool = Pool::new(2).unwrap();
        for pool in [None, Some(&pool)] {
            let part = problem.all(whole, &of_features(&problem.weights), &of_features(&problem.along), pool);
            assert_eq!(part.gradient, of_features(&found.gradient));
            assert_eq!(part.curvature, of_features(&found.curvature));
            assert_eq!(part.product, of_features(&found.product));
            assert_eq!((part.margins, part.sums), (found.margins.clone(), found.sums));
        }
        let absent = (0..problem.cols as u32).find(|j| !occurring.contains(j)).unwrap() as usize;
        assert_eq!(found.gradient[absent].to_bits(), 0);

        let mut turned =
            Problem { offsets: vec![0], indices: vec![], values: values.then(Vec::new), ..problem.clone() };
        for row in (0..problem.rows()).rev() {
            let own = problem.offsets[row] as usize..problem.offsets[row + 1] as usize;
            turned.indices.extend(&problem.indices[own.clone()]);
            if let (Some(to), Some(from)) = (&mut turned.values, &problem.values) {
                to.extend(&from[own]);
            }
            turned.offsets.push(turned.indices.len() as i64);
        }
        for array in [&mut turned.margins, &mut turned.a, &mut turned.b] {
            array.reverse();
        }
        let turned = turned.found(None);
        assert_eq!(
            (turned.gradient, turned.curvature, turned.product),
            (found.gradient, found.curvature, found.product)
        );
    }
}

/// Each output alone is what it is beside the others.
#[test]
fn alone_as_together() {
    let problem = Problem::new(4, 3000, 700, 30, true);
    let all = problem.found(None);
    let prepared = PreparedRows::new(problem.csr(), problem.values.as_deref()).unwrap();
    for features in [problem.features(), Features::Prepared(&prepared)] {
        for which in 0..8 {
            let mut found = Found { sums: BatchSums::default(), ..all.clone() };
            for vector in [&mut found.margins, &mut found.gradient, &mut found.curvature, &mut found.product]
            {
                vector.fill(f32::NAN);
            }
            let wants = [which & 1 != 0, which & 2 != 0, which & 4 != 0];
            let product = Product { along: &problem.along, along_intercept: -0.7, out: &mut found.product };
            let mut out = Some(BatchOut {
                margins: wants[0].then_some(&mut found.margins),
                gradient: wants[1].then_some(&mut found.gradient),
                curvature: wants[2].then_some(&mut found.curvature),
                product: (which % 3 == 0).then_some(product),
            });
            let rows = BatchRows {
                features,
                offsets: Some(&problem.margins),
                weights: &problem.weights,
                intercept: 0.3,
            };
            let mut workspace = Workspace::new();
            workspace.reserve(1 << 20).unwrap();
            let out = out.take().unwrap();
            let sums = batch(rows, Some(problem.targets()), false, out, None, &mut workspace).unwrap();
            assert_eq!(sums.loss, all.sums.loss);
            assert!(!wants[0] || found.margins == all.margins);
            assert!(!wants[1] || (found.gradient == all.gradient && sums.gradient == all.sums.gradient));
            assert!(!wants[2] || (found.curvature == all.curvature && sums.curvature == all.sums.curvature));
            assert!(which % 3 != 0 || (found.product == all.product && sums.product == all.sums.product));
        }
    }
}

/// All types of indices, and targets as labels.
#[test]
fn indices_of_all_types() {
    let problem = Problem::new(5, 200, 90, 20, true);
    let found = problem.found(None);
    let narrow: Vec<i32> = problem.indices.iter().map(|&i| i as i32).collect();
    let wide: Vec<i64> = problem.indices.iter().map(|&i| i.into()).collect();
    for indices in [Indices::I32(&narrow), Indices::I64(&wide)] {
        let csr = Csr { indices, ..problem.csr() };
        let features = Features::Sparse { csr, values: problem.values.as_deref() };
        assert_eq!(problem.all(features, &problem.weights, &problem.along, None), found);
        let prepared = PreparedRows::new(csr, problem.values.as_deref()).unwrap();
        assert_eq!(problem.all(Features::Prepared(&prepared), &problem.weights, &problem.along, None), found);
    }
}

fn gradient(problem: &Problem, features: Features<'_>) -> Result<(Vec<f32>, BatchSums), Error> {
    let mut gradient = vec![7.0; problem.weights.len()];
    let sums = Workspace::new().fit(|workspace| {
        let rows = BatchRows { features, offsets: None, weights: &problem.weights, intercept: 0.0 };
        let out = BatchOut { gradient: Some(&mut gradient), ..BatchOut::default() };
        batch(rows, Some(problem.targets()), false, out, None, workspace)
    });
    match sums {
        Ok(sums) => Ok((gradient, sums)),
        Err(error) => {
            assert!(gradient.iter().all(|&g| g == 7.0), "the output was touched");
            Err(error)
        }
    }
}

/// A weight of 2 is the row twice, of 0 the row absent.
#[test]
fn weights_are_repetitions() {
    let mut problem = Problem::new(6, 50, 40, 9, true);
    let twice = 20;
    let own = problem.offsets[twice] as usize..problem.offsets[twice + 1] as usize;
    assert!(!own.is_empty());
    let mut repeated = problem.clone();
    repeated.indices.extend(&problem.indices[own.clone()]);
    let values = problem.values.clone().unwrap();
    repeated.values.as_mut().unwrap().extend(&values[own]);
    repeated.offsets.push(repeated.indices.len() as i64);
    repeated.a.push(problem.a[twice]);
    repeated.b.push(problem.b[twice]);
    problem.a[twice] *= 2.0;
    problem.b[twice] *= 2.0;
    let (one, two) =
        (gradient(&problem, problem.features()).unwrap(), gradient(&repeated, repeated.features()).unwrap());
    for (one, two) in one.0.iter().zip(&two.0) {
        assert!((one - two).abs() <= 1e-6 * one.abs().max(1.0), "{one} {two}");
    }
    problem.a[3] = 0.0;
    problem.b[3] = 0.0;
    let with = gradient(&problem, problem.features()).unwrap();
    problem.values.as_mut().unwrap()[problem.offsets[3] as usize..problem.offsets[4] as usize].fill(1.0);
    assert_eq!(gradient(&problem, problem.features()).unwrap().0, with.0);
}

/// Sums of very many equal terms, great and small ones beside each other, and the ends of the range of f32.
#[test]
fn long_and_wide_sums() {
    let n = 300_000;
    let offsets: Vec<i64> = (0..=n as i64).collect();
    let (indices, ones) = (vec![0u32; n], vec![1.0f32; n]);
    let csr = Csr { rows: n, cols: 2, offsets: Indices::I64(&offsets), indices: Indices::U32(&indices) };
    let run = |values: Option<&[f32]>, a: &[f32]| {
        let mut gradient = [0.0; 2];
        Workspace::new()
            .fit(|workspace| {
                let features = Features::Sparse { csr, values };
                let rows = BatchRows { features, offsets: None, weights: &[0.0; 2], intercept: 0.0 };
                let out = BatchOut { gradient: Some(&mut gradient), ..BatchOut::default() };
                let targets = Targets::Coefficients { a, b: &a.iter().map(|_| 0.0).collect::<Vec<_>>() };
                batch(rows, Some(targets), true, out, None, workspace)
            })
            .unwrap();
        gradient
    };
    // At a margin of 0 the slope is half of the coefficient.
    assert_eq!(run(None, &ones), [-(n as f32) / 2.0, 0.0]);
    let large = vec![f32::MAX / 1e6; n];
    assert_eq!(run(Some(&large), &ones)[0], (-(n as f64) / 2.0 * f64::from(large[0])) as f32);
    let tiny = vec![f32::from_bits(3); n];
    assert_eq!(run(Some(&tiny), &ones)[0], -(n as f32) * 1.5 * f32::from_bits(1));
    let alternating: Vec<f32> = (0..n).map(|i| if i % 2 == 0 { 1e30 } else { -1e30 }).collect();
    assert_eq!(run(None, &alternating), [0.0, 0.0]);
    assert_eq!(run(None, &vec![0.0; n]), [0.0, 0.0]);
}

#[test]
fn no_rows_and_no_columns() {
    let nothing = Csr { rows: 0, cols: 0, offsets: Indices::U32(&[0]), indices: Indices::U32(&[]) };
    let prepared = PreparedRows::new(nothing, None).unwrap();
    for features in [Features::Sparse { csr: nothing, values: None }, Features::Prepared(&prepared)] {
        let rows = BatchRows { features, offsets: None, weights: &[], intercept: 1.0 };
        let out = BatchOut { gradient: Some(&mut []), ..BatchOut::default() };
        let targets = Some(Targets::Coefficients { a: &[], b: &[] });
        let sums = batch(rows, targets, false, out, None, &mut Workspace::new()).unwrap();
        assert_eq!(sums, BatchSums::default());
    }
    let empty_rows = Csr { rows: 3, cols: 2, offsets: Indices::U32(&[0; 4]), indices: Indices::U32(&[]) };
    let problem = Problem {
        cols: 2,
        offsets: vec![0; 4],
        indices: vec![],
        values: None,
        margins: vec![0.0; 3],
        weights: vec![1.0; 2],
        a: vec![1.0; 3],
        b: vec![0.0; 3],
        along: vec![1.0; 2],
    };
    let prepared = PreparedRows::new(empty_rows, None).unwrap();
    assert!(prepared.features().is_empty());
    for features in [problem.features(), Features::Prepared(&prepared)] {
        let (gradient, sums) = gradient(&problem, features).unwrap();
        assert_eq!((gradient, sums.gradient), (vec![0.0; 2], -1.5));
    }
}

#[test]
fn what_is_refused() {
    let good = Problem::new(7, 3000, 50, 9, true);
    let refused = |change: &dyn Fn(&mut Problem)| {
        let mut bad = good.clone();
        change(&mut bad);
        let error = gradient(&bad, bad.features()).unwrap_err();
        (error.status, error.argument.to_str().unwrap(), error.position)
    };
    assert_eq!(refused(&|p| p.indices[11] = 50), (Status::IndexOutOfRange, "csr.indices", 11));
    assert_eq!(refused(&|p| p.offsets[9] = 99999999), (Status::InvalidOffsets, "csr.offsets", 9));
    assert_eq!(refused(&|p| p.values.as_mut().unwrap()[5] = f32::NAN), (Status::NotFinite, "rows.values", 5));
    assert_eq!(refused(&|p| p.a[2500] = f32::INFINITY), (Status::NotFinite, "targets.a", 2500));
    assert_eq!(refused(&|p| p.b[2500] = -1.0), (Status::InvalidArgument, "targets.b", 2500));
    assert_eq!(refused(&|p| p.weights.truncate(49)).0, Status::ShapeMismatch);
    assert_eq!(refused(&|p| p.cols = (1 << 28) + 1).0, Status::ShapeMismatch);
    let entry = good.offsets[2001] as usize;
    let row = good.offsets.partition_point(|&offset| offset <= entry as i64) - 1;
    let nan = |p: &mut Problem| {
        p.indices.iter_mut().filter(|i| **i == 49).for_each(|i| *i = 48);
        p.indices[entry] = 49;
        p.weights[49] = f32::NAN;
    };
    assert_eq!(refused(&nan), (Status::NotFinite, "rows.weights", row as u64));

    let many = Csr { cols: (1 << 28) + 1, ..good.csr() };
    let error = PreparedRows::new(many, None).unwrap();
    assert_eq!(error.cols(), (1 << 28) + 1);
    let values = vec![f32::INFINITY; good.indices.len()];
    assert_eq!(PreparedRows::new(good.csr(), Some(&values)).unwrap_err().status, Status::NotFinite);
    assert_eq!(PreparedRows::new(good.csr(), Some(&values[1..])).unwrap_err().status, Status::ShapeMismatch);
    assert_eq!(
        PreparedRows::new(Csr { cols: 3, ..good.csr() }, None).unwrap_err().status,
        Status::IndexOutOfRange
    );
    let wide = Csr { cols: 1 << 32, ..good.csr() };
    assert_eq!(PreparedRows::new(wide, None).unwrap_err().status, Status::SizeOverflow);
}
