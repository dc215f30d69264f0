//! Buckets against their definitions: grids, tables, decisions.

mod common;

use avocet::threshold::{
    Cells, Decisions, Edges, Grid, Labels, Missing, Nested, Refine, Rows, Sample, ScoreEdges, Segments,
    Table, calibrate, cells, decide,
};
use avocet::{Error, Pool, Status, Value, Workspace};
use common::Random;
use proptest::prelude::*;

/// Rows, few of whose scores differ if `ties`.
struct Data {
    scores: Vec<f32>,
    uncertainties: Vec<f32>,
    labels: Vec<u8>,
    weights: Vec<f32>,
    segments: Vec<u16>,
}

impl Data {
    fn new(n: usize, ties: bool, seed: u64) -> Data {
        let mut random = Random::new(seed);
        let mut value = || if ties { random.below(9) as f32 / 4.0 - 1.0 } else { random.f32() };
        let (scores, uncertainties) = ((0..n).map(|_| value()).collect(), (0..n).map(|_| value()).collect());
        Data {
            scores,
            uncertainties,
            labels: (0..n).map(|_| u8::from(random.below(4) == 0)).collect(),
            weights: (0..n).map(|_| random.below(3_000_000) as f32 / 1_000_000.0).collect(),
            segments: (0..n).map(|_| random.below(3) as u16).collect(),
        }
    }

    fn rows(&self, weighted: bool) -> Rows<'_> {
        Rows {
            scores: &self.scores,
            uncertainties: &self.uncertainties,
            labels: Labels::U8(&self.labels),
            weights: weighted.then_some(&self.weights),
            segments: None,
        }
    }

    fn sample(&self, weighted: bool) -> Sample<'_> {
        Sample {
            scores: &self.scores,
            uncertainties: &self.uncertainties,
            weights: weighted.then_some(&self.weights),
        }
    }
}

fn part<'a>(rows: &Rows<'a>, range: std::ops::Range<usize>) -> Rows<'a> {
    Rows {
        scores: &rows.scores[range.clone()],
        uncertainties: &rows.uncertainties[range.clone()],
        labels: match rows.labels {
            Labels::I8(v) => Labels::I8(&v[range.clone()]),
            Labels::U8(v) => Labels::U8(&v[range.clone()]),
            Labels::F32(v) => Labels::F32(&v[range.clone()]),
        },
        weights: rows.weights.map(|v| &v[range.clone()]),
        segments: rows.segments.map(|segments| match segments {
            Segments::U16(v) => Segments::U16(&v[range.clone()]),
            Segments::U32(v) => Segments::U32(&v[range.clone()]),
        }),
    }
}

fn add(table: &mut Table, rows: Rows<'_>, pool: Option<&Pool>) -> Result<(), Error> {
    Workspace::new().fit(|space| table.add(rows, Missing::Refuse, pool, space))
}

fn bin(edges: &[f32], value: f32) -> usize {
    edges.iter().filter(|&&edge| value >= edge).count()
}

/// Counts and weights of a segment by their definition: positives, negatives, then their weights.
fn by_definition(
    grid: &Grid,
    rows: &Rows<'_>,
    labels: &[u8],
    segment: Option<u16>,
    of: &[u16],
) -> [Vec<u64>; 4] {
    let mut planes = [(); 4].map(|()| vec![0; grid.cells()]);
    for at in 0..rows.scores.len() {
        if segment.is_some_and(|segment| of[at] != segment) {
            continue;
        }
        let level = bin(grid.level_edges(), rows.uncertainties[at]);
        let cell = level * grid.bins() + bin(grid.score_edges(level), rows.scores[at]);
        let negative = usize::from(labels[at] == 0);
        let weight = rows.weights.map_or(1.0, |w| f64::from(w[at]));
        planes[negative][cell] += 1;
        planes[2 + negative][cell] += (weight * 1_048_576.0).round_ties_even() as u64;
    }
    planes
}

#[track_caller]
fn assert_table(table: &Table, segment: usize, want: &[Vec<u64>; 4]) {
    let (counts, weights) = (table.counts(segment), table.weights(segment));
    let (levels, bins) = (table.grid().levels(), table.grid().bins());
    assert_eq!(counts, Cells::new(levels, bins, &want[0], &want[1]).unwrap());
    assert_eq!(weights, Cells::new(levels, bins, &want[2], &want[3]).unwrap());
}

fn grids(data: &Data) -> Vec<Grid> {
    let uniform = |bins| Edges::Uniform { low: -1.0, high: 1.0, bins };
    let nested = ScoreEdges::Nested(Nested { bins: 20, top: 0.5, refine: None });
    let sample = Some(data.sample(false));
    [
        (uniform(4), ScoreEdges::Shared(uniform(50))),
        (Edges::Given(&[0.0]), ScoreEdges::Shared(Edges::Given(&[-0.5, -0.25, 0.0, 0.9]))),
        (Edges::Quantiles(5), ScoreEdges::Shared(Edges::Quantiles(30))),
        (Edges::Quantiles(3), nested),
        (Edges::Given(&[]), ScoreEdges::Shared(Edges::Given(&[]))),
    ]
    .map(|(levels, scores)| Grid::new(levels, scores, sample, None).unwrap())
    .into()
}

#[test]
fn tables_are_what_the_rows_say() {
    let pools = [1, 2, 3, 8].map(|threads| Pool::new(threads).unwrap());
    for (n, ties) in [(0, false), (1, false), (1_000, true), (1_024, false), (1_025, false), (400_000, true)]
    {
        let data = Data::new(n, ties, n as u64);
        let source = Data::new(5_000, ties, 1);
        for grid in grids(&source) {
            for weighted in [false, true] {
                let rows = data.rows(weighted);
                let want = by_definition(&grid, &rows, &data.labels, None, &[]);
                let mut table = Table::new(&grid, 1).unwrap();
                add(&mut table, rows, None).unwrap();
                assert_table(&table, 0, &want);
                for pool in &pools {
                    let mut other = Table::new(&grid, 1).unwrap();
                    add(&mut other, rows, Some(pool)).unwrap();
                    assert_table(&other, 0, &want);
                }
                // Any cuts, merged in another order; then taken away again.
                let mut random = Random::new(n as u64);
                let (a, b) = (random.below(n + 1), random.below(n + 1));
                let cuts = [0, a.min(b), a.max(b), n];
                let mut parts = [2, 0, 1].map(|i| {
                    let mut table = Table::new(&grid, 1).unwrap();
                    add(&mut table, part(&rows, cuts[i]..cuts[i + 1]), None).unwrap();
                    table
                });
                let last = parts[2].clone();
                parts.rotate_left(1);
                let [mut merged, second, third] = parts;
                merged.merge(&second).unwrap();
                let before = merged.clone();
                merged.merge(&third).unwrap();
                assert_table(&merged, 0, &want);
                merged.subtract(&third).unwrap();
                assert_eq!(merged.weights(0), before.weights(0));
                assert_eq!(merged.counts(0), before.counts(0));
                assert_eq!(second.counts(0), last.counts(0));
                merged.clear();
                assert!(merged.counts(0).positive().iter().all(|&count| count == 0));
            }
        }
    }
}

#[test]
fn labels_of_all_types_and_segments() {
    let data = Data::new(3_000, false, 5);
    let signed: Vec<i8> = data.labels.iter().map(|&label| label as i8).collect();
    let real: Vec<f32> = data.labels.iter().map(|&label| if label == 0 { -0.0 } else { 1.0 }).collect();
    let wide: Vec<u32> = data.segments.iter().map(|&segment| segment.into()).collect();
    let grid = &grids(&data)[2];
    for labels in [Labels::U8(&data.labels), Labels::I8(&signed), Labels::F32(&real)] {
        for segments in [Segments::U16(&data.segments), Segments::U32(&wide)] {
            for n in [1_000, 3_000] {
                let rows = part(&Rows { labels, segments: Some(segments), ..data.rows(true) }, 0..n);
                let mut table = Table::new(grid, 3).unwrap();
                add(&mut table, rows, None).unwrap();
                for segment in 0..3 {
                    let want = by_definition(grid, &rows, &data.labels, Some(segment as u16), &data.segments);
                    assert_table(&table, segment, &want);
                    assert_eq!(table.apart(segment), 0);
                }
            }
        }
    }
}

/// Weights over the whole range, more than packed counts hold at once.
#[test]
fn large_weights() {
    let mut random = Random::new(6);
    let n = 60_000;
    let mut data = Data::new(n, true, 6);
    let grid = Grid::new(Edges::Given(&[]), ScoreEdges::Shared(Edges::Given(&[0.0])), None, None).unwrap();
    for (most, every) in [(2_047.9, 1), (4_194_303.5, 1), (4_194_303.5, 5_000), (1e-6, 1)] {
        for (at, weight) in data.weights.iter_mut().enumerate() {
            *weight = if at % every == 0 { (random.unit() * most) as f32 } else { 1.0 };
        }
        let want = by_definition(&grid, &data.rows(true), &data.labels, None, &[]);
        for pool in [None, Some(&Pool::new(2).unwrap())] {
            let mut table = Table::new(&grid, 1).unwrap();
            add(&mut table, data.rows(true), pool).unwrap();
            assert_table(&table, 0, &want);
        }
    }
    // 2^22 rows in one cell, and one more call.
    let rows = 1 << 22;
    let (zeros, ones, weights) = (vec![0.0; rows], vec![1; rows], vec![0.0; rows]);
    let all = Rows {
        scores: &zeros,
        uncertainties: &zeros,
        labels: Labels::U8(&ones),
        weights: Some(&weights),
        segments: None,
    };
    let mut table = Table::new(&grid, 1).unwrap();
    add(&mut table, all, None).unwrap();
    add(&mut table, Rows { weights: None, ..all }, None).unwrap();
    assert_eq!(table.counts(0).positive(), [0, 2 << 22]);
    assert_eq!(table.weights(0).positive(), [0, 1 << 42]);
}

#[test]
fn sums_beyond_62_bits_are_refused() {
    let grid = Grid::new(Edges::Given(&[]), ScoreEdges::Shared(Edges::Given(&[])), None, None).unwrap();
    let n = 1 << 20;
    let (zeros, ones, weights) = (vec![0.0; n], vec![1; n], vec![4_194_304f32.next_down(); n]);
    let all = Rows {
        scores: &zeros,
        uncertainties: &zeros,
        labels: Labels::U8(&ones),
        weights: Some(&weights),
        segments: None,
    };
    let mut table = Table::new(&grid, 1).unwrap();
    add(&mut table, all, None).unwrap();
    let sum = table.weights(0).positive()[0];
    assert_eq!(sum, (4_398_046_511_104 - 262_144) << 20);
    let other = table.clone();
    for error in [
        add(&mut table, all, None).unwrap_err(),
        add(&mut table, part(&all, 0..1_000), None).unwrap_err(),
        table.merge(&other).unwrap_err(),
    ] {
        assert_eq!((error.status, error.argument), (Status::SizeOverflow, c"weights"));
    }
}

/// Each bad value is found at its place, by any path, and nothing is added.
#[test]
fn bad_rows() {
    let pool = Pool::new(2).unwrap();
    for (n, at) in [(10, 3), (1_024, 1_023), (5_000, 4_999), (700_000, 600_000), (700_000, 5)] {
        let data = Data::new(n, false, 7);
        let grid = &grids(&data)[1];
        let bad = |change: &dyn Fn(&mut Data), status, argument, value| {
            let mut data = Data::new(n, false, 7);
            change(&mut data);
            let rows = Rows { segments: Some(Segments::U16(&data.segments)), ..data.rows(true) };
            for pool in [None, Some(&pool)] {
                let mut table = Table::new(grid, 3).unwrap();
                let error = add(&mut table, rows, pool).unwrap_err();
                assert_eq!((error.status, error.argument, error.position), (status, argument, at as u64));
                match (error.value, value) {
                    (Value::Real(found), Value::Real(value)) => assert!(found == value || value.is_nan()),
                    (found, value) => assert_eq!(found, value),
                }
                for segment in 0..3 {
                    assert!(table.counts(segment).positive().iter().all(|&count| count == 0));
                    assert!(table.weights(segment).negative().iter().all(|&weight| weight == 0));
                }
            }
        };
        bad(&|d| d.scores[at] = f32::NAN, Status::NotFinite, c"scores", Value::Real(f64::NAN));
        bad(&|d| d.uncertainties[at] = f32::NAN, Status::NotFinite, c"uncertainties", Value::Real(f64::NAN));
        bad(&|d| d.labels[at] = 2, Status::InvalidArgument, c"labels", Value::Real(2.0));
        bad(&|d| d.weights[at] = -1.0, Status::InvalidArgument, c"weights", Value::Real(-1.0));
        bad(&|d| d.weights[at] = 4_194_304.0, Status::InvalidArgument, c"weights", Value::Real(4_194_304.0));
        bad(&|d| d.weights[at] = f32::NAN, Status::NotFinite, c"weights", Value::Real(f64::NAN));
        bad(&|d| d.segments[at] = 3, Status::IndexOutOfRange, c"segments", Value::Integer(3));
        let labels: Vec<f32> = (0..n).map(|i| if i == at { 0.5 } else { 1.0 }).collect();
        let error = add(
            &mut Table::new(grid, 1).unwrap(),
            Rows { labels: Labels::F32(&labels), ..data.rows(false) },
            None,
        );
        assert_eq!(error.unwrap_err().value, Value::Real(0.5));
    }
}

#[test]
fn rows_apart() {
    for n in [1_000, 5_000] {
        let mut data = Data::new(n, false, 8);
        let grid = grids(&data).remove(0);
        data.scores[7] = f32::NAN;
        data.uncertainties[7] = f32::NAN;
        data.uncertainties[n - 1] = f32::NAN;
        data.scores[0] = f32::INFINITY;
        data.uncertainties[0] = f32::NEG_INFINITY;
        let mut table = Table::new(&grid, 1).unwrap();
        let mut workspace = Workspace::new();
        workspace.fit(|space| table.add(data.rows(true), Missing::Apart, None, space)).unwrap();
        assert_eq!(table.apart(0), 2);
        let counts = table.counts(0);
        let all: u64 = counts.positive().iter().chain(counts.negative()).sum();
        assert_eq!(all, n as u64 - 2);
        assert_eq!(counts.positive()[49] + counts.negative()[49], {
            let lowest = |i: &usize| bin(grid.level_edges(), data.uncertainties[*i]) == 0;
            let highest = |i: &usize| bin(grid.score_edges(0), data.scores[*i]) == 49;
            let good = |i: &usize| !data.scores[*i].is_nan() && !data.uncertainties[*i].is_nan();
            (0..n).filter(good).filter(lowest).filter(highest).count() as u64
        });
    }
}

#[test]
fn refusals() {
    let data = Data::new(2_000, false, 9);
    let all = grids(&data);
    let mut table = Table::new(&all[0], 2).unwrap();
    let status = |result: Result<(), Error>| result.unwrap_err().status;
    assert_eq!(status(add(&mut table, data.rows(false), None)), Status::InvalidArgument);
    let mut table = Table::new(&all[0], 1).unwrap();
    let short = Rows { uncertainties: &data.uncertainties[1..], ..data.rows(false) };
    assert_eq!(status(add(&mut table, short, None)), Status::ShapeMismatch);
    let small = table.add(data.rows(false), Missing::Refuse, None, &mut Workspace::new());
    assert_eq!(status(small), Status::WorkspaceTooSmall);
    assert_eq!(status(table.merge(&Table::new(&all[1], 1).unwrap())), Status::ShapeMismatch);
    assert_eq!(status(table.merge(&Table::new(&all[0], 2).unwrap())), Status::ShapeMismatch);
    add(&mut table, data.rows(false), None).unwrap();
    let empty = Table::new(&all[0], 1).unwrap();
    assert_eq!(status(empty.clone().subtract(&table)), Status::InvalidArgument);
    assert_eq!(Table::new(&all[0], 0).unwrap_err().status, Status::InvalidArgument);
    assert_eq!(Table::new(&all[0], 1 << 26).unwrap_err().status, Status::SizeOverflow);

    let grid = |levels, scores, sample| Grid::new(levels, scores, sample, None).unwrap_err();
    let uniform = |low, high, bins| ScoreEdges::Shared(Edges::Uniform { low, high, bins });
    let one = Edges::Given(&[]);
    for (scores, status) in [
        (uniform(0.0, 1.0, 0), Status::InvalidArgument),
        (uniform(0.0, 1.0, 65_537), Status::SizeOverflow),
        (uniform(1.0, 1.0, 3), Status::InvalidArgument),
        (uniform(1.0, 1.000_001, 100), Status::InvalidArgument),
        (uniform(f32::MIN, f32::MAX, 3), Status::InvalidArgument),
        (uniform(f32::NAN, 1.0, 3), Status::NotFinite),
        (ScoreEdges::Shared(Edges::Given(&[0.0, -0.0])), Status::NotSorted),
        (ScoreEdges::Shared(Edges::Given(&[0.0, f32::INFINITY])), Status::NotFinite),
        (ScoreEdges::Shared(Edges::Quantiles(3)), Status::InvalidArgument),
        (ScoreEdges::Nested(Nested { bins: 3, top: 1.0, refine: None }), Status::InvalidArgument),
    ] {
        assert_eq!(grid(one, scores, None).status, status, "{scores:?}");
    }
    let many = Edges::Uniform { low: 0.0, high: 1.0, bins: 60_000 };
    assert_eq!(grid(many, ScoreEdges::Shared(many), None).status, Status::SizeOverflow);
    let sample = Some(data.sample(true));
    let refine = |low, high, bins| Some(Refine { low, high, bins });
    for (bins, top, refine, status) in [
        (10, 0.0, None, Status::InvalidArgument),
        (10, 1.5, None, Status::InvalidArgument),
        (10, f64::NAN, None, Status::NotFinite),
        (10, 0.5, refine(0.0, 1.0, 3), Status::InvalidArgument),
        (10, 1.0, refine(1.0, 0.0, 3), Status::InvalidArgument),
        (10, 1.0, refine(0.0, 1.0, 9), Status::InvalidArgument),
    ] {
        let scores = ScoreEdges::Nested(Nested { bins, top, refine });
        assert_eq!(grid(one, scores, sample).status, status, "{scores:?}");
    }
    let scores = [0.0, f32::INFINITY];
    let bad = Sample { scores: &scores, uncertainties: &[0.0; 2], weights: None };
    let error = grid(one, ScoreEdges::Shared(Edges::Quantiles(2)), Some(bad));
    assert_eq!((error.status, error.argument, error.position), (Status::NotFinite, c"sample.scores", 1));
    let none = Sample { scores: &[0.0], uncertainties: &[0.0], weights: Some(&[0.0]) };
    assert_eq!(grid(Edges::Quantiles(2), uniform(0.0, 1.0, 2), Some(none)).status, Status::InvalidArgument);
}

#[test]
fn uniform_edges_are_where_the_arithmetic_jumps() {
    for (low, high, bins) in
        [(0.0f32, 1.0f32, 500), (0.0, 2.0, 50), (-3.0, 7.5, 333), (-1e-3, 1e30, 7), (0.1, 0.3, 3)]
    {
        let edges = Edges::Uniform { low, high, bins };
        let grid = Grid::new(Edges::Given(&[]), ScoreEdges::Shared(edges), None, None).unwrap();
        let place = |v: f32| (v - low) * (bins as f32 / (high - low));
        let edges = grid.score_edges(0);
        assert_eq!(edges.len(), bins - 1);
        for (i, &edge) in edges.iter().enumerate() {
            assert!(place(edge) >= (i + 1) as f32 && place(edge.next_down()) < (i + 1) as f32);
            let ideal = f64::from(low) + (i + 1) as f64 * (f64::from(high) - f64::from(low)) / bins as f64;
            let scale = f64::from(low.abs().max(high.abs()));
            assert!((f64::from(edge) - ideal).abs() <= scale * 2f64.powi(-22), "{edge} is not {ideal}");
        }
        assert_eq!(grid.threshold(0, 0), f32::NEG_INFINITY);
        assert_eq!(grid.threshold(0, bins), f32::INFINITY);
        assert_eq!(grid.threshold(0, 1), edges[0]);
    }
}

/// The order statistics of a sort, a weight being a repetition.
fn quantiles(values: &[f32], repeats: &[u64], targets: impl Iterator<Item = u64>) -> Vec<f32> {
    let mut sorted: Vec<(f32, u64)> = values.iter().copied().zip(repeats.iter().copied()).collect();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let value = |target: u64| {
        let mut below = 0;
        let reaches = |&&(_, weight): &&(f32, u64)| {
            below += weight;
            below > target
        };
        sorted.iter().find(reaches).unwrap().0 + 0.0
    };
    targets.map(value).collect()
}

fn even_targets(mass: u64, bins: u64) -> impl Iterator<Item = u64> {
    (1..bins).map(move |i| (u128::from(i) * u128::from(mass) / u128::from(bins)) as u64)
}

#[test]
fn quantiles_are_those_of_a_sort() {
    let pools = [1, 2, 3].map(|threads| Pool::new(threads).unwrap());
    for (n, ties) in [
        (1, false),
        (5, false),
        (1_000, true),
        (32_767, false),
        (32_768, false),
        (400_000, false),
        (400_000, true),
    ] {
        let data = Data::new(n, ties, n as u64 + 1);
        let units: Vec<u64> =
            data.weights.iter().map(|&w| (f64::from(w) * 1_048_576.0).round_ties_even() as u64).collect();
        for bins in [1, 2, 7, 3_000] {
            for weighted in [false, true] {
                let repeats = if weighted { units.clone() } else { vec![1; n] };
                let mass = repeats.iter().sum();
                if mass == 0 {
                    continue;
                }
                let want = quantiles(&data.scores, &repeats, even_targets(mass, bins as u64).take(50));
                for pool in std::iter::once(None).chain(pools.iter().map(Some)) {
                    let scores = ScoreEdges::Shared(Edges::Quantiles(bins));
                    let grid =
                        Grid::new(Edges::Given(&[]), scores, Some(data.sample(weighted)), pool).unwrap();
                    let edges = grid.score_edges(0);
                    assert_eq!((edges.len(), &edges[..want.len()]), (bins - 1, &want[..]), "{n} {bins}");
                }
            }
        }
    }
}

#[test]
fn nested_edges_are_the_quantiles_of_each_level() {
    let pool = Pool::new(3).unwrap();
    for (n, ties, bins, top) in
        [(3_000, false, 10, 1.0), (3_000, true, 25, 1.0), (200_000, false, 40, 0.25), (500, false, 2, 0.5)]
    {
        let data = Data::new(n, ties, 12);
        for weighted in [false, true] {
            let nested = ScoreEdges::Nested(Nested { bins, top, refine: None });
            // The last level has no rows.
            let levels = Edges::Given(&[-0.75, 0.25, 5.0]);
            let sample = Some(data.sample(weighted));
            let grid = Grid::new(levels, nested, sample, None).unwrap();
            assert!(grid.same_as(&Grid::new(levels, nested, sample, Some(&pool)).unwrap()));
            for level in 0..4 {
                let within =
                    |&i: &usize| bin(grid.level_edges(), data.uncertainties[i]) == level || level == 3;
                let rows: Vec<usize> = (0..n).filter(within).collect();
                let values: Vec<f32> = rows.iter().map(|&i| data.scores[i]).collect();
                let unit = |w: f32| (f64::from(w) * 1_048_576.0).round_ties_even() as u64;
                let repeats: Vec<u64> =
                    rows.iter().map(|&i| if weighted { unit(data.weights[i]) } else { 1 }).collect();
                let mass: u64 = repeats.iter().sum();
                let want = if top == 1.0 {
                    quantiles(&values, &repeats, even_targets(mass, bins as u64))
                } else {
                    let below = (mass as f64 * (1.0 - top)) as u64;
                    let left = mass - below;
                    let parts = bins as u64 - 1;
                    quantiles(&values, &repeats, (0..parts).map(|i| below + left * i / parts))
                };
                assert_eq!(grid.score_edges(level), want, "level {level}");
            }
        }
    }
}

#[test]
fn refined_edges() {
    let data = Data::new(20_000, false, 13);
    for weighted in [false, true] {
        let refine = Some(Refine { low: 0.25, high: 0.5, bins: 50 });
        let nested = ScoreEdges::Nested(Nested { bins: 61, top: 1.0, refine });
        let grid = Grid::new(Edges::Quantiles(3), nested, Some(data.sample(weighted)), None).unwrap();
        let mut table = Table::new(&grid, 1).unwrap();
        add(&mut table, data.rows(weighted), None).unwrap();
        for level in 0..3 {
            let edges = grid.score_edges(level);
            assert!(edges.is_sorted());
            // 6 bins below, 50 within, 5 above.
            assert_eq!((edges[5], edges[55]), (0.25, 0.5));
            let counts = table.weights(0);
            let count =
                |bin: usize| counts.positive()[level * 61 + bin] + counts.negative()[level * 61 + bin];
            for bins in [0..6, 6..56, 56..61] {
                let sizes: Vec<u64> = bins.clone().map(count).collect();
                let mean = sizes.iter().sum::<u64>() / sizes.len() as u64;
                let most_off = if weighted { 3 << 20 } else { 1 << 20 };
                assert!(sizes.iter().all(|&size| size.abs_diff(mean) <= most_off), "{bins:?}: {sizes:?}");
            }
        }
    }
    let nested = Nested { bins: 9, top: 1.0, refine: Some(Refine { low: 7.0, high: 8.0, bins: 3 }) };
    let grid =
        Grid::new(Edges::Given(&[]), ScoreEdges::Nested(nested), Some(data.sample(false)), None).unwrap();
    assert_eq!(grid.score_edges(0)[2..], [7.0, 7.0, 7.0, 8.0, 8.0, 8.0]);
}

#[test]
fn decisions_follow_the_bins() {
    let pool = Pool::new(3).unwrap();
    let data = Data::new(200_000, false, 14);
    for grid in grids(&data) {
        let mut random = Random::new(15);
        let bins: Vec<usize> = (0..grid.levels()).map(|_| random.below(grid.bins() + 1)).collect();
        let thresholds: Vec<f32> =
            bins.iter().enumerate().map(|(level, &bin)| grid.threshold(level, bin)).collect();
        let n = data.scores.len();
        let (mut places, mut flags, mut words) = (vec![0; n], vec![7; n], vec![u64::MAX; n.div_ceil(64)]);
        cells(&grid, &data.scores, &data.uncertainties, &mut places, Some(&pool)).unwrap();
        let out = Decisions::Flags(&mut flags);
        decide(&grid, &thresholds, &data.scores, &data.uncertainties, out, Some(&pool)).unwrap();
        let out = Decisions::Bits(&mut words);
        decide(&grid, &thresholds, &data.scores, &data.uncertainties, out, Some(&pool)).unwrap();
        let values: Vec<f32> = (0..grid.cells()).map(|cell| cell as f32).collect();
        let mut found = vec![0.0; n];
        calibrate(&grid, &values, &data.scores, &data.uncertainties, &mut found, Some(&pool)).unwrap();
        for at in 0..n {
            let (level, bin) = (places[at] as usize / grid.bins(), places[at] as usize % grid.bins());
            assert_eq!(flags[at], u8::from(bin >= bins[level]));
            assert_eq!(words[at / 64] >> (at % 64) & 1, u64::from(flags[at]));
            assert_eq!(found[at], places[at] as f32);
        }
    }
    let grid = &grids(&data)[0];
    let error =
        decide(grid, &[0.0, f32::NAN, 0.0, 0.0], &[], &[], Decisions::Flags(&mut []), None).unwrap_err();
    assert_eq!((error.status, error.argument, error.position), (Status::NotFinite, c"thresholds", 1));
    assert!(decide(grid, &[0.0; 3], &[], &[], Decisions::Flags(&mut []), None).is_err());
    assert!(decide(grid, &[0.0; 4], &[0.0], &[0.0], Decisions::Bits(&mut []), None).is_err());
    assert!(calibrate(grid, &[0.0; 3], &[], &[], &mut [], None).is_err());
}

proptest! {
    /// Whatever the edges and values are, a bin is the number of edges that are not above the value.
    #[test]
    fn bins_of_any_edges(mut edges in prop::collection::vec(prop::num::f32::NORMAL | prop::num::f32::SUBNORMAL | prop::num::f32::ZERO, 0..300),
                         values in prop::collection::vec(prop::num::f32::ANY, 0..200), squeeze in 0u32..24) {
        // Squeezed edges are neighbours of each other.
        edges.iter_mut().for_each(|edge| *edge = f32::from_bits(0.75f32.to_bits() + (edge.to_bits() >> 8 >> squeeze)));
        edges.retain(|edge| edge.is_finite());
        edges.sort_by(f32::total_cmp);
        edges.dedup();
        let grid = Grid::new(Edges::Given(&[]), ScoreEdges::Shared(Edges::Given(&edges)), None, None).unwrap();
        let near = edges.iter().flat_map(|&edge| [edge, edge.next_down(), edge.next_up()]);
        let values: Vec<f32> = values.into_iter().chain(near).collect();
        let mut found = vec![0; values.len()];
        cells(&grid, &values, &vec![0.0; values.len()], &mut found, None).unwrap();
        for (&value, &cell) in values.iter().zip(&found) {
            let want = if value.is_nan() { grid.cells() } else { bin(&edges, value) };
            prop_assert_eq!(cell as usize, want, "{}", value);
        }
    }
}
