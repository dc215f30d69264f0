//! Sparse rows: logits, steps and weights.

use super::area::{Area, PLACES};
use super::{assert_bits, bits, canonical, lanes16_dot, tiers};
use crate::logistic::Targets;
use crate::logistic::kernel::PointOut;
use crate::logistic::sparse::kernel::{Coordinate, RowsIn, Rule, Scratch, State, slots};
use crate::simd::dispatch::{Isa, kernels_for};
use crate::test_support::Random;
use crate::view::{Csr, Indices};

const RULES: [Rule; 4] = [
    Rule::Ftrl { alpha: 0.3, over_alpha: 1.0 / 0.3, beta: 1.0, l1: 0.25, alpha_l2: 0.125 },
    Rule::Ftrl { alpha: 0.3, over_alpha: 1.0 / 0.3, beta: 0.0, l1: 0.0, alpha_l2: 0.5 },
    Rule::Adagrad { rate: 0.1, epsilon: 1e-8, l2: 0.25 },
    Rule::Sgd { rate: 0.1, l2: 0.25 },
];

/// L1 and L2 as the rule has them, or none.
fn penalties(rule: Rule, free: bool) -> (f32, f32) {
    match rule {
        _ if free => (0.0, 0.0),
        Rule::Ftrl { l1, alpha_l2, .. } => (l1, alpha_l2),
        Rule::Adagrad { l2, .. } | Rule::Sgd { l2, .. } => (0.0, l2),
    }
}

fn weight(rule: Rule, free: bool, [first, second]: Coordinate) -> f32 {
    let Rule::Ftrl { alpha, beta, .. } = rule else { return first };
    let (l1, alpha_l2) = penalties(rule, free);
    let beyond = first.abs() - l1;
    let size = (alpha * beyond) / ((second.sqrt() + beta) + alpha_l2);
    match (beyond > 0.0, first > 0.0) {
        (false, _) => 0.0,
        (true, true) => -size,
        (true, false) => size,
    }
}

fn step(rule: Rule, free: bool, [first, second]: Coordinate, g: f32) -> Coordinate {
    if g == 0.0 {
        return [first, second];
    }
    let (_, l2) = penalties(rule, free);
    let w = weight(rule, free, [first, second]);
    let squares = g.mul_add(g, second).min(f32::MAX);
    match rule {
        Rule::Ftrl { over_alpha, .. } => {
            let sigma = (squares.sqrt() - second.sqrt()) * over_alpha;
            [(first + g) - sigma * w, squares]
        }
        Rule::Adagrad { rate, epsilon, .. } => {
            [w - rate * (l2.mul_add(w, g) / (squares.sqrt() + epsilon)), squares]
        }
        Rule::Sgd { rate, .. } => [w - rate * l2.mul_add(w, g), second],
    }
}

/// Rows over few or many features.
struct Case {
    features: usize,
    offsets: Vec<i64>,
    columns: Vec<u32>,
    values: Option<Vec<f32>>,
    margins: Option<Vec<f32>>,
    a: Vec<f32>,
    b: Vec<f32>,
    coordinates: Vec<f32>,
    intercept: Option<Coordinate>,
}

impl Case {
    /// Rows of the given lengths; `turn` chooses what there is besides.
    fn new(random: &mut Random, lengths: &[usize], features: usize, turn: usize) -> Case {
        let mut offsets = vec![0];
        offsets.extend(lengths.iter().scan(0, |end, &length| {
            *end += length as i64;
            Some(*end)
        }));
        let edges = offsets[lengths.len()] as usize;
        let columns = (0..edges).map(|_| random.below(features) as u32).collect();
        let mut coordinate = || {
            let second = random.f32().abs() * 3.0;
            if random.below(3) == 0 { [0.0, 0.0] } else { [random.f32() * 2.0, second] }
        };
        let coordinates = (0..features).flat_map(|_| coordinate()).collect();
        let intercept = turn.is_multiple_of(2).then(&mut coordinate);
        let values = (!turn.is_multiple_of(3)).then(|| random.values(edges));
        let margins = (!turn.is_multiple_of(5)).then(|| random.values(lengths.len()));
        let mut a = random.values(lengths.len());
        let b = random.values(lengths.len());
        a.iter_mut().zip(&b).step_by(7).for_each(|(a, b)| *a = -b);
        Case { features, offsets, columns, values, margins, a, b, coordinates, intercept }
    }

    fn rows(&self) -> usize {
        self.a.len()
    }

    fn own(&self, row: usize) -> std::ops::Range<usize> {
        self.offsets[row] as usize..self.offsets[row + 1] as usize
    }

    fn coordinate(&self, column: u32) -> Coordinate {
        let at = 2 * column as usize;
        [self.coordinates[at], self.coordinates[at + 1]]
    }

    fn logit(&self, rule: Rule, row: usize) -> f32 {
        let own = self.own(row);
        let weights: Vec<f32> =
            own.clone().map(|edge| weight(rule, false, self.coordinate(self.columns[edge]))).collect();
        let ones = vec![1.0; own.len()];
        let mut logit = lanes16_dot(&weights, self.values.as_ref().map_or(&ones, |values| &values[own]));
        if let Some(intercept) = self.intercept {
            logit += weight(rule, true, intercept);
        }
        if let Some(margins) = &self.margins {
            logit += margins[row];
        }
        canonical(logit)
    }

    /// The state after one minibatch of all rows.
    fn learnt(&self, rule: Rule, logits: &[f32]) -> (Vec<f32>, Option<Coordinate>) {
        let mut slopes = vec![0.0; self.rows()];
        let out = PointOut { losses: None, gradient: Some(&mut slopes), curvature: None };
        let targets = Targets::Coefficients { a: &self.a, b: &self.b };
        kernels_for(Isa::Portable).unwrap().logistic_pointwise(logits, targets, true, false, out);
        let mut gradient = vec![0.0f32; self.features];
        for (row, slope) in slopes.iter().enumerate() {
            for edge in self.own(row) {
                let value = self.values.as_ref().map_or(1.0, |values| values[edge]);
                gradient[self.columns[edge] as usize] += slope * value;
            }
        }
        let stepped = |column: usize| step(rule, false, self.coordinate(column as u32), gradient[column]);
        let sum = slopes.iter().fold(0.0, |sum, slope| sum + slope);
        ((0..self.features).flat_map(stepped).collect(), self.intercept.map(|old| step(rule, true, old, sum)))
    }

    fn with<R>(&self, kind: usize, run: impl FnOnce(Csr<'_>) -> R) -> R {
        let signed: Vec<i32> = self.columns.iter().map(|&column| column as i32).collect();
        let wide: Vec<i64> = self.columns.iter().map(|&column| column.into()).collect();
        let indices = match kind % 3 {
            0 => Indices::U32(&self.columns),
            1 => Indices::I32(&signed),
            _ => Indices::I64(&wide),
        };
        let offsets = Indices::I64(&self.offsets);
        run(Csr { rows: self.rows(), cols: self.features, offsets, indices })
    }
}

/// Room for a minibatch of all rows, with arbitrary content.
struct Room {
    words: [Vec<u32>; 2],
    values: [Vec<f32>; 5],
}

impl Room {
    fn new(edges: usize, rows: usize) -> Room {
        let slots = slots(edges).unwrap();
        let (values, words) = (|len| vec![f32::NAN; len], |len| vec![u32::MAX; len]);
        Room {
            words: [words(edges), words(slots)],
            values: [values(slots), values(slots), values(slots), values(slots), values(rows)],
        }
    }

    fn scratch(&mut self) -> Scratch<'_> {
        let [slot_of_edge, columns] = &mut self.words;
        let [first, second, weights, gradient, row_gradient] = &mut self.values;
        Scratch { slot_of_edge, columns, first, second, weights, gradient, row_gradient }
    }
}

/// Lengths of the rows of minibatches: every length alone, without and with repeated columns, and some together.
fn cases(random: &mut Random, mut check: impl FnMut(usize, &Case)) {
    let mut turn = 0;
    for length in super::lengths() {
        for features in [3 + length / 4, 5_000] {
            check(turn, &Case::new(random, &[length], features, turn));
            turn += 1;
        }
    }
    for rows in [0, 2, 15, 16, 17, 40] {
        for features in [1, 20, 1_000] {
            let lengths: Vec<usize> = (0..rows).map(|_| random.below(90)).collect();
            check(turn, &Case::new(random, &lengths, features, turn));
            turn += 1;
        }
    }
}

/// One minibatch, in the words of its order.
pub(super) fn sparse_learn() {
    let mut random = Random::new(31);
    cases(&mut random, |turn, case| {
        for rule in RULES {
            let logits: Vec<f32> = (0..case.rows()).map(|row| case.logit(rule, row)).collect();
            let (state, intercept) = case.learnt(rule, &logits);
            for tier in tiers() {
                let place = PLACES[turn % PLACES.len()];
                let mut coordinates = Area::new(place, &case.coordinates);
                let mut found = Area::new(place, &vec![0.0; case.rows()]);
                let values = case.values.as_ref().map(|values| Area::new(place, values));
                let margins = case.margins.as_ref().map(|margins| Area::new(place, margins));
                let mut own = case.intercept;
                let mut room = Room::new(case.columns.len(), case.rows());
                case.with(turn, |csr| {
                    let all = RowsIn {
                        csr,
                        values: values.as_ref().map(Area::get),
                        margins: margins.as_ref().map(Area::get),
                    };
                    let state = State {
                        coordinates: bytemuck::cast_slice_mut(coordinates.get_mut()),
                        intercept: own.as_mut(),
                    };
                    let targets = Targets::Coefficients { a: &case.a, b: &case.b };
                    let rows = 0..case.rows();
                    let logits = found.get_mut();
                    assert!(tier.sparse_learn(rule, state, all, rows, targets, logits, room.scratch()));
                });
                let what = (tier.isa(), turn, rule);
                assert_bits(&found.rows(), &logits, what);
                assert_bits(&coordinates.rows(), &state, what);
                assert_eq!(own.map(|own| own.map(f32::to_bits)), intercept.map(|own| own.map(f32::to_bits)));
                values.iter().chain(&margins).for_each(|area| drop(area.rows()));
            }
        }
    });
}

/// A minibatch that leaves the range of f32 changes nothing, whether a logit, a gradient or a step does.
#[test]
fn failures_leave_the_state() {
    let mut random = Random::new(32);
    for turn in 0..60 {
        let mut case = Case::new(&mut random, &[5, 0, 20, 17], 30, turn);
        let last = case.columns.len() - 1;
        match turn % 3 {
            0 => {
                case.values = Some(vec![3e38; last + 1]);
                case.coordinates.fill(8.0);
            }
            1 => case.a[3] = 3e38,
            _ => case.intercept = Some([3e38, 1.0]),
        }
        if turn % 3 == 1 {
            case.values = Some(vec![100.0; last + 1]);
            case.coordinates.fill(0.0);
            case.b.fill(0.0);
        }
        if turn % 3 == 2 {
            case.margins = Some(vec![3e38; 4]);
        }
        let rule = RULES[2 + turn % 2];
        for tier in tiers() {
            let mut coordinates = case.coordinates.clone();
            let (mut own, mut logits) = (case.intercept, [0.0; 4]);
            let mut room = Room::new(case.columns.len(), case.rows());
            let learnt = case.with(turn, |csr| {
                let all = RowsIn { csr, values: case.values.as_deref(), margins: case.margins.as_deref() };
                let state = State {
                    coordinates: bytemuck::cast_slice_mut(&mut coordinates),
                    intercept: own.as_mut(),
                };
                let targets = Targets::Coefficients { a: &case.a, b: &case.b };
                tier.sparse_learn(rule, state, all, 0..4, targets, &mut logits, room.scratch())
            });
            assert!(!learnt, "{:?} {turn}", tier.isa());
            assert_eq!(bits(&coordinates), bits(&case.coordinates));
            assert_eq!(own, case.intercept);
        }
    }
}

/// The rows of a call, some of them, by the weights alone.
pub(super) fn sparse_predict() {
    let mut random = Random::new(33);
    cases(&mut random, |turn, case| {
        let from = case.rows() / 3;
        for rule in RULES {
            let logits: Vec<f32> = (from..case.rows()).map(|row| case.logit(rule, row)).collect();
            for tier in tiers() {
                let place = PLACES[turn % PLACES.len()];
                let coordinates = Area::new(place, &case.coordinates);
                let mut found = Area::new(place, &vec![0.0; logits.len()]);
                let values = case.values.as_ref().map(|values| Area::new(place, values));
                case.with(turn, |csr| {
                    let all = RowsIn {
                        csr,
                        values: values.as_ref().map(Area::get),
                        margins: case.margins.as_deref(),
                    };
                    let state = bytemuck::cast_slice(coordinates.get());
                    let rows = from..case.rows();
                    tier.sparse_predict(rule, state, case.intercept, all, rows, found.get_mut());
                });
                assert_bits(&found.rows(), &logits, (tier.isa(), turn, rule));
                coordinates.rows();
                values.iter().for_each(|area| drop(area.rows()));
            }
        }
    });
}

/// Every length, with and without penalties.
pub(super) fn sparse_weights() {
    let mut random = Random::new(34);
    for n in super::lengths() {
        let case = Case::new(&mut random, &[], n, 0);
        for (rule, free) in RULES.into_iter().flat_map(|rule| [(rule, false), (rule, true)]) {
            let want: Vec<f32> = (0..n as u32).map(|i| weight(rule, free, case.coordinate(i))).collect();
            for place in PLACES.into_iter().skip(n % 3).step_by(3) {
                for tier in tiers() {
                    let coordinates = Area::new(place, &case.coordinates);
                    let mut out = Area::new(place, &vec![0.0; n]);
                    let state = bytemuck::cast_slice(coordinates.get());
                    tier.sparse_weights(rule, state, free, out.get_mut());
                    assert_bits(&out.rows(), &want, (tier.isa(), n, rule));
                    coordinates.rows();
                }
            }
        }
    }
}
