//! Models over sparse rows: the published formulas in f64, laws, errors, and the saved form.

mod common;

use avocet::logistic::{Optimiser, SparseModel, SparseRows, Targets};
use avocet::{Csr, Error, Indices, Pool, Status, Value, Workspace};
use common::Random;
use proptest::prelude::*;

/// Rows with everything that belongs to them.
#[derive(Clone, Default)]
struct Data {
    features: usize,
    offsets: Vec<i64>,
    indices: Vec<u32>,
    values: Vec<f32>,
    margins: Vec<f32>,
    a: Vec<f32>,
    b: Vec<f32>,
}

impl Data {
    fn new(features: usize) -> Data {
        Data { features, offsets: vec![0], ..Data::default() }
    }

    fn push(&mut self, entries: &[(u32, f32)], margin: f32, a: f32, b: f32) {
        for &(index, value) in entries {
            self.indices.push(index);
            self.values.push(value);
        }
        self.offsets.push(self.indices.len() as i64);
        self.margins.push(margin);
        self.a.push(a);
        self.b.push(b);
    }

    /// Up to `most` entries a row, small features favoured, some rows with repeated features or without any.
    fn random(features: usize, rows: usize, most: usize, seed: u64) -> Data {
        let mut random = Random::new(seed);
        let mut data = Data::new(features);
        for _ in 0..rows {
            let entries: Vec<(u32, f32)> = (0..random.below(most + 1))
                .map(|_| ((random.unit() * random.unit() * features as f64) as u32, random.f32()))
                .collect();
            let (margin, a, b) = (random.f32(), random.f32().abs(), random.f32().abs());
            data.push(&entries, margin, a, b);
        }
        data
    }

    fn rows(&self) -> usize {
        self.a.len()
    }

    fn entries(&self, row: usize) -> Vec<(u32, f32)> {
        let own = self.offsets[row] as usize..self.offsets[row + 1] as usize;
        own.map(|at| (self.indices[at], self.values[at])).collect()
    }

    fn csr(&self) -> Csr<'_> {
        Csr {
            rows: self.rows(),
            cols: self.features,
            offsets: Indices::I64(&self.offsets),
            indices: Indices::U32(&self.indices),
        }
    }

    fn sparse(&self) -> SparseRows<'_> {
        SparseRows { csr: self.csr(), values: Some(&self.values), margins: Some(&self.margins) }
    }

    fn targets(&self) -> Targets<'_> {
        Targets::Coefficients { a: &self.a, b: &self.b }
    }
}

/// The logits of a pass over the data.
fn learn(model: &mut SparseModel, data: &Data, minibatch: usize) -> Vec<f32> {
    let mut logits = vec![f32::NAN; data.rows()];
    Workspace::new()
        .fit(|workspace| {
            model.learn(data.sparse(), data.targets(), false, minibatch, Some(&mut logits), workspace)
        })
        .unwrap();
    logits
}

fn weights(model: &SparseModel) -> Vec<f32> {
    let mut weights = vec![f32::NAN; model.features()];
    model.weights(&mut weights).unwrap();
    weights
}

fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|value| value.to_bits()).collect()
}

/// One of each kind, with penalties.
const OPTIMISERS: [Optimiser; 4] = [
    Optimiser::Ftrl { alpha: 0.1, beta: 1.0, l1: 0.2, l2: 0.5 },
    Optimiser::Ftrl { alpha: 0.5, beta: 0.1, l1: 0.0, l2: 0.0 },
    Optimiser::Adagrad { rate: 0.1, epsilon: 1e-6, l2: 0.01 },
    Optimiser::Sgd { rate: 0.05, l2: 0.01 },
];

/// The published formulas in f64, a map of coordinates; the intercept is the one beyond the features.
struct Reference {
    optimiser: Optimiser,
    intercept: bool,
    features: usize,
    state: Vec<[f64; 2]>,
}

impl Reference {
    fn new(features: usize, intercept: bool, optimiser: Optimiser) -> Reference {
        Reference { optimiser, intercept, features, state: vec![[0.0; 2]; features + 1] }
    }

    fn weight(&self, at: usize) -> f64 {
        let [z, n] = self.state[at];
        match self.optimiser {
            Optimiser::Ftrl { alpha, beta, l1, l2 } => {
                let [alpha, beta] = [alpha, beta].map(f64::from);
                let [l1, l2] = if at == self.features { [0.0; 2] } else { [l1, l2].map(f64::from) };
                if z.abs() <= l1 { 0.0 } else { -(z - z.signum() * l1) / ((beta + n.sqrt()) / alpha + l2) }
            }
            _ => z,
        }
    }

    fn logit(&self, data: &Data, row: usize) -> f64 {
        let entries = data.entries(row).into_iter();
        let sum: f64 = entries.map(|(k, value)| self.weight(k as usize) * f64::from(value)).sum();
        let intercept = if self.intercept { self.weight(self.features) } else { 0.0 };
        sum + intercept + f64::from(data.margins[row])
    }

    fn learn(&mut self, data: &Data, minibatch: usize) -> Vec<f64> {
        let mut logits = Vec::new();
        let rows: Vec<usize> = (0..data.rows()).collect();
        for rows in rows.chunks(minibatch) {
            let mut gradient = std::collections::BTreeMap::<usize, f64>::new();
            for &row in rows {
                let x = self.logit(data, row);
                let p = 1.0 / (1.0 + (-x).exp());
                let slope = f64::from(data.b[row]) * p - f64::from(data.a[row]) * (1.0 - p);
                for (k, value) in data.entries(row) {
                    *gradient.entry(k as usize).or_default() += slope * f64::from(value);
                }
                if self.intercept {
                    *gradient.entry(self.features).or_default() += slope;
                }
                logits.push(x);
            }
            for (k, g) in gradient {
                self.step(k, g);
            }
        }
        logits
    }

    fn step(&mut self, at: usize, g: f64) {
        let w = self.weight(at);
        let free = at == self.features;
        let [z, n] = &mut self.state[at];
        let penalty = |l2: f32| if free { 0.0 } else { f64::from(l2) };
        match self.optimiser {
            Optimiser::Ftrl { alpha, .. } => {
                let sigma = ((*n + g * g).sqrt() - n.sqrt()) / f64::from(alpha);
                *z += g - sigma * w;
                *n += g * g;
            }
            Optimiser::Adagrad { rate, epsilon, l2 } => {
                *n += g * g;
                *z -= f64::from(rate) * (g + penalty(l2) * w) / (n.sqrt() + f64::from(epsilon));
            }
            Optimiser::Sgd { rate, l2 } => *z -= f64::from(rate) * (g + penalty(l2) * w),
        }
    }
}

#[test]
fn published_formulas() {
    for optimiser in OPTIMISERS {
        for (intercept, minibatch, most) in [(true, 1, 30), (false, 1, 100), (true, 7, 20), (false, 64, 200)]
        {
            let data = Data::random(500, 3_000, most, 5);
            let mut model = SparseModel::new(500, intercept, optimiser).unwrap();
            let mut reference = Reference::new(500, intercept, optimiser);
            let (logits, exact) = (learn(&mut model, &data, minibatch), reference.learn(&data, minibatch));
            let worst = logits.iter().zip(&exact).map(|(&x, y)| (f64::from(x) - y).abs() / (1.0 + y.abs()));
            let worst = worst.fold(0.0, f64::max);
            assert!(worst < 1e-4, "{optimiser:?} {minibatch}: {worst:e}");
            for (at, &weight) in weights(&model).iter().enumerate() {
                let exact = reference.weight(at);
                assert!((f64::from(weight) - exact).abs() < 1e-4 * (1.0 + exact.abs()), "{optimiser:?} {at}");
            }
            let found = model.intercept().map(f64::from);
            assert_eq!(found.is_some(), intercept);
            assert!((found.unwrap_or_default() - reference.weight(500)).abs() < 1e-4);
        }
    }
}

/// A weight of 2 is the row twice in one minibatch, bit for bit; a weight of 0 is the row absent.
#[test]
fn weights_are_repetitions() {
    for optimiser in OPTIMISERS {
        for seed in 0..20 {
            let data = Data::random(60, 40, 20, 100 + seed);
            let (mut weighted, mut repeated) = (Data::new(60), Data::new(60));
            for row in 0..data.rows() {
                let (entries, margin) = (data.entries(row), data.margins[row]);
                let times = row % 3;
                let (a, b) = (data.a[row], data.b[row]);
                weighted.push(&entries, margin, a * times as f32, b * times as f32);
                (0..times).for_each(|_| repeated.push(&entries, margin, a, b));
            }
            let models = [weighted, repeated].map(|data| {
                let mut model = SparseModel::new(60, false, optimiser).unwrap();
                // Something to begin with, so that a decay of what is absent would show.
                learn(&mut model, &Data::random(60, 30, 20, seed), 1);
                for _ in 0..3 {
                    learn(&mut model, &data, usize::MAX);
                }
                weights(&model)
            });
            // Twice in a row rounds where a doubled weight does not, if other rows come between in a coordinate.
            for (a, b) in models[0].iter().zip(&models[1]) {
                assert!((a - b).abs() <= 1e-5 * (1.0 + a.abs()), "{optimiser:?}: {a:e} {b:e}");
            }
            let (mut once, mut twice, mut none) = (Data::new(60), Data::new(60), Data::new(60));
            let entries = data.entries((0..40).find(|&row| data.entries(row).len() > 3).unwrap());
            once.push(&entries, 0.5, 2.0, 0.5);
            (0..2).for_each(|_| twice.push(&entries, 0.5, 1.0, 0.25));
            none.push(&entries, 0.5, 0.0, 0.0);
            let mut distinct = entries.iter().map(|entry| entry.0).collect::<Vec<u32>>();
            distinct.sort_unstable();
            distinct.dedup();
            let model = |data: &Data| {
                let mut model = SparseModel::new(60, true, optimiser).unwrap();
                learn(&mut model, &Data::random(60, 30, 20, seed), 1);
                learn(&mut model, data, usize::MAX);
                saved(&model)
            };
            if distinct.len() == entries.len() {
                assert_eq!(model(&once), model(&twice), "{optimiser:?}");
            }
            assert_eq!(model(&none), model(&Data::new(60)), "{optimiser:?}");
        }
    }
}

/// The head r of delayed feedback, P(never converts | not within the window), learns from the clicks of its mask only: a
/// mask of weights 0 is those clicks alone, bit for bit, and they get the same logits. (d learns from all clicks.)
#[test]
fn a_mask_is_a_filter() {
    for optimiser in OPTIMISERS {
        for seed in 0..10 {
            let mut random = Random::new(300 + seed);
            let clicks = Data::random(80, 200, 15, 400 + seed);
            // 0 converted within the window, 1 later, 2 never.
            let outcomes: Vec<usize> = (0..clicks.rows()).map(|_| random.below(3)).collect();
            let labels: Vec<f32> =
                outcomes.iter().map(|&outcome| f32::from(u8::from(outcome == 2))).collect();
            let mask: Vec<f32> = outcomes.iter().map(|&outcome| f32::from(u8::from(outcome > 0))).collect();
            let kept: Vec<usize> = (0..clicks.rows()).filter(|&row| outcomes[row] > 0).collect();
            let mut filtered = Data::new(80);
            for &row in &kept {
                filtered.push(&clicks.entries(row), clicks.margins[row], labels[row], 1.0 - labels[row]);
            }
            let train = |data: &Data, labels: &[f32], weights: Option<&[f32]>| {
                let mut model = SparseModel::new(80, true, optimiser).unwrap();
                let mut logits = vec![f32::NAN; data.rows()];
                for _ in 0..3 {
                    let targets = Targets::Labels { labels, weights };
                    let call = |space: &mut Workspace| {
                        model.learn(data.sparse(), targets, false, 1, Some(&mut logits), space)
                    };
                    Workspace::new().fit(call).unwrap();
                }
                (saved(&model), logits)
            };
            let (masked, all) = train(&clicks, &labels, Some(&mask));
            let (alone, logits) = train(&filtered, &filtered.a, None);
            assert!(masked == alone, "{optimiser:?}");
            assert_eq!(bits(&kept.iter().map(|&row| all[row]).collect::<Vec<f32>>()), bits(&logits));
            let (unmasked, _) = train(&clicks, &labels, None);
            assert!(unmasked != alone, "the mask matters");
        }
    }
}

/// The order of a row's features changes nothing but rounding.
#[test]
fn order_within_rows_only_rounds() {
    for optimiser in OPTIMISERS {
        let data = Data::random(100, 500, 40, 9);
        let mut turned = Data::new(100);
        for row in 0..data.rows() {
            let mut entries = data.entries(row);
            entries.reverse();
            turned.push(&entries, data.margins[row], data.a[row], data.b[row]);
        }
        let found = [data, turned].map(|data| {
            let mut model = SparseModel::new(100, true, optimiser).unwrap();
            learn(&mut model, &data, 1);
            weights(&model)
        });
        for (a, b) in found[0].iter().zip(&found[1]) {
            assert!((a - b).abs() <= 1e-4 * (1.0 + a.abs()), "{optimiser:?}: {a:e} {b:e}");
        }
    }
}

/// L1 leaves the features that say nothing at exactly 0, and the others, the intercept too, as they are needed.
#[test]
fn l1_gives_exact_zeros() {
    let mut random = Random::new(3);
    let mut data = Data::new(200);
    for _ in 0..5_000 {
        let positive = random.below(2) == 1;
        let telling = if positive { 0 } else { 1 };
        let entries = [(telling, 1.0), (2 + random.below(198) as u32, 1.0)];
        data.push(&entries, 0.0, f32::from(u8::from(positive)), f32::from(u8::from(!positive)));
    }
    let fit = |l1: f32| {
        let optimiser = Optimiser::Ftrl { alpha: 0.1, beta: 1.0, l1, l2: 0.0 };
        let mut model = SparseModel::new(200, true, optimiser).unwrap();
        learn(&mut model, &data, 1);
        model
    };
    assert_eq!(fit(0.0).nonzeros(), 200);
    let model = fit(10.0);
    let (mut features, mut found) = (vec![0; model.nonzeros()], vec![0.0; model.nonzeros()]);
    model.nonzero(&mut features, &mut found).unwrap();
    assert_eq!(features, [0, 1]);
    assert!(found[0] > 1.0 && found[1] < -1.0);
    assert_eq!([found[0], found[1]], [weights(&model)[0], weights(&model)[1]]);
    assert!(model.intercept().unwrap() != 0.0);
    assert_eq!(fit(1e9).nonzeros(), 0);
}

/// Logits while learning are those of predict before, whatever the pool; indices of any type, and values of 1 or none,
/// are the same rows.
#[test]
fn predictions() {
    let mut data = Data::random(300, 2_000, 50, 11);
    data.values.fill(1.0);
    let pool = Pool::new(3).unwrap();
    for optimiser in OPTIMISERS {
        let mut model = SparseModel::new(300, true, optimiser).unwrap();
        learn(&mut model, &Data::random(300, 1_000, 30, 12), 3);
        let mut found = vec![f32::NAN; data.rows()];
        model.predict(data.sparse(), &mut found, None).unwrap();
        let signed: Vec<i32> = data.indices.iter().map(|&index| index as i32).collect();
        let wide: Vec<i64> = data.indices.iter().map(|&index| index.into()).collect();
        for indices in [Indices::U32(&data.indices), Indices::I32(&signed), Indices::I64(&wide)] {
            for pool in [None, Some(&pool)] {
                let mut again = vec![f32::NAN; data.rows()];
                let csr = Csr { indices, ..data.csr() };
                let rows = SparseRows { csr, values: None, margins: Some(&data.margins) };
                model.predict(rows, &mut again, pool).unwrap();
                assert_eq!(bits(&found), bits(&again));
            }
        }
        assert_eq!(bits(&learn(&mut model, &data, usize::MAX)), bits(&found));
    }
}

fn saved(model: &SparseModel) -> Vec<u8> {
    let mut bytes = vec![0xa5; model.saved_bytes()];
    model.save(&mut bytes).unwrap();
    bytes
}

/// A model that was saved and loaded goes on as the one that was not, however the rows are cut into calls.
#[test]
fn saved_models_go_on() {
    for (at, optimiser) in OPTIMISERS.into_iter().enumerate() {
        let intercept = at % 2 == 0;
        let parts = [1, 2, 3].map(|seed| Data::random(400, 300, 30, seed));
        let mut whole = SparseModel::new(400, intercept, optimiser).unwrap();
        let mut broken = SparseModel::new(400, intercept, optimiser).unwrap();
        for data in &parts {
            let logits = learn(&mut whole, data, 30);
            broken = SparseModel::load(&saved(&broken)).unwrap();
            assert_eq!(broken.optimiser(), optimiser);
            assert_eq!(broken.intercept().is_some(), intercept);
            assert_eq!(bits(&learn(&mut broken, data, 30)), bits(&logits));
        }
        assert_eq!(saved(&whole), saved(&broken));
        assert_eq!(bits(&weights(&whole)), bits(&weights(&broken)));
    }
}

/// Bytes that are cut short, go on, or have any bit changed are refused.
#[test]
fn corrupt_bytes_are_refused() {
    let mut model = SparseModel::new(1 << 20, true, OPTIMISERS[0]).unwrap();
    learn(&mut model, &Data { features: 1 << 20, ..Data::random(50, 20, 10, 1) }, 1);
    let bytes = saved(&model);
    assert!(SparseModel::load(&bytes).is_ok());
    for len in 0..bytes.len() {
        let error = SparseModel::load(&bytes[..len]).unwrap_err();
        assert_eq!((error.status, error.value), (Status::ShapeMismatch, Value::Integer(len as i64)), "{len}");
    }
    let longer = [bytes.clone(), vec![0]].concat();
    assert_eq!(SparseModel::load(&longer).unwrap_err().status, Status::ShapeMismatch);
    for bit in 0..bytes.len() * 8 {
        let mut changed = bytes.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        let error = SparseModel::load(&changed).unwrap_err();
        assert_eq!(error.argument, c"bytes");
        assert!(matches!(error.status, Status::InvalidArgument | Status::ShapeMismatch), "{bit}");
    }
}

proptest! {
    /// Arbitrary bytes are refused, never more.
    #[test]
    fn arbitrary_bytes(mut bytes in prop::collection::vec(any::<u8>(), 0..200), head in any::<bool>()) {
        if head && bytes.len() >= 12 {
            bytes[..12].copy_from_slice(b"avocetSM\x01\0\0\0");
        }
        prop_assert!(SparseModel::load(&bytes).is_err());
    }
}

/// What a call refuses, and that nothing has changed then.
#[track_caller]
fn refused(found: Result<(), Error>, status: Status, argument: &std::ffi::CStr, position: u64) {
    let error = found.unwrap_err();
    assert_eq!((error.status, error.argument, error.position), (status, argument, position), "{error}");
}

#[test]
fn bad_rows_change_nothing() {
    let data = Data::random(100, 50, 10, 4);
    let mut model = SparseModel::new(100, true, Optimiser::ftrl()).unwrap();
    learn(&mut model, &data, 1);
    let before = saved(&model);
    let mut try_learn = |data: &Data, minibatch: usize, signed: bool| {
        let mut logits = vec![7.0; data.rows()];
        let found = Workspace::new().fit(|workspace| {
            let logits = Some(&mut logits[..]);
            model.learn(data.sparse(), data.targets(), signed, minibatch, logits, workspace)
        });
        if found.is_err() {
            assert_eq!(saved(&model), before);
            assert!(logits.iter().all(|&logit| logit == 7.0));
            let mut logits = vec![7.0; data.rows()];
            if model.predict(data.sparse(), &mut logits, None).is_err() {
                assert!(logits.iter().all(|&logit| logit == 7.0));
            }
        }
        found
    };
    let last = data.indices.len() - 1;
    let mut bad = data.clone();
    bad.indices[last] = 100;
    refused(try_learn(&bad, 1, false), Status::IndexOutOfRange, c"csr.indices", last as u64);
    let mut bad = data.clone();
    bad.offsets[20] = bad.offsets[21] + 1;
    refused(try_learn(&bad, 1, false), Status::InvalidOffsets, c"csr.offsets", 21);
    let mut bad = data.clone();
    bad.features = 101;
    refused(try_learn(&bad, 1, false), Status::ShapeMismatch, c"csr.cols", 0);
    let mut bad = data.clone();
    bad.values[last] = f32::INFINITY;
    refused(try_learn(&bad, 1, false), Status::NotFinite, c"values", last as u64);
    let mut bad = data.clone();
    bad.values.pop();
    refused(try_learn(&bad, 1, false), Status::ShapeMismatch, c"values", 0);
    let mut bad = data.clone();
    bad.margins[49] = f32::NAN;
    refused(try_learn(&bad, 1, false), Status::NotFinite, c"margins", 49);
    let mut bad = data.clone();
    bad.b[48] = -1.0;
    refused(try_learn(&bad, 7, false), Status::InvalidArgument, c"targets.b", 48);
    refused(try_learn(&data, 0, false), Status::InvalidArgument, c"minibatch", 0);
    assert!(try_learn(&bad, 7, true).is_ok());
}

/// A minibatch that leaves the range of f32 is refused; those before it count.
#[test]
fn the_end_of_the_range() {
    let good = Data::random(100, 50, 10, 5);
    let mut data = good.clone();
    data.push(&[(1, 3e38), (2, 3e38), (3, 3e38)], 0.0, 1.0, 0.0);
    data.push(&[(1, 1.0)], 0.0, 1.0, 0.0);
    // Weights of one sign, far from 0, so that the sum of the bad row cannot cancel.
    let mut start = Data::new(100);
    start.push(&[(1, 1.0), (2, 1.0), (3, 1.0)], 0.0, 99.0, 0.0);
    let mut model = SparseModel::new(100, false, Optimiser::Sgd { rate: 1.0, l2: 0.0 }).unwrap();
    learn(&mut model, &start, 1);
    let mut other = model.clone();
    let mut workspace = common::workspace(1);
    let found = model.learn(data.sparse(), data.targets(), false, 10, None, &mut workspace);
    refused(found, Status::NotFinite, c"csr", 50);
    learn(&mut other, &good, 10);
    assert_eq!(saved(&model), saved(&other));
}

#[test]
fn bad_options() {
    let refuse = |features, optimiser, status, argument| {
        refused(SparseModel::new(features, true, optimiser).map(drop), status, argument, 0);
    };
    refuse(0, Optimiser::ftrl(), Status::InvalidArgument, c"options.features");
    refuse(SparseModel::MAX_FEATURES + 1, Optimiser::ftrl(), Status::SizeOverflow, c"options.features");
    let ftrl = |alpha, beta, l1, l2| Optimiser::Ftrl { alpha, beta, l1, l2 };
    let bad = Status::InvalidArgument;
    refuse(9, ftrl(0.0, 1.0, 0.0, 0.0), bad, c"options.rate");
    refuse(9, ftrl(1e-45, 1.0, 0.0, 0.0), bad, c"options.rate");
    refuse(9, ftrl(0.1, 0.0, 0.0, 0.0), bad, c"options.beta");
    refuse(9, ftrl(0.1, -1.0, 0.0, 0.0), bad, c"options.beta");
    refuse(9, ftrl(0.1, 1.0, -1.0, 0.0), bad, c"options.l1");
    refuse(9, ftrl(0.1, 1.0, 0.0, -1.0), bad, c"options.l2");
    refuse(9, ftrl(1e30, 1.0, 0.0, 1e30), bad, c"options.l2");
    refuse(9, ftrl(f32::NAN, 1.0, 0.0, 0.0), Status::NotFinite, c"options.rate");
    refuse(9, Optimiser::Adagrad { rate: 0.1, epsilon: 0.0, l2: 0.0 }, bad, c"options.epsilon");
    refuse(9, Optimiser::Sgd { rate: -0.1, l2: 0.0 }, bad, c"options.rate");
    refuse(9, Optimiser::Sgd { rate: 0.1, l2: f32::INFINITY }, Status::NotFinite, c"options.l2");
    assert!(SparseModel::new(9, false, ftrl(0.1, 0.0, 0.0, 0.5)).is_ok());
}
