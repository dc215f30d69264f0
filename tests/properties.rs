//! Laws that hold for any input.

mod common;

use avocet::aggregate::Reduce;
use avocet::score::{EdgeKind, EdgeTerm, NO_ID, Softmax, TopK, edge_loss, rank_counts, softmax_loss, top_k};
use avocet::{Csr, Error, Graph, Indices, Matrix, Status, Value, aggregate};
use common::{Random, graph, matrix, matrix_mut, workspace};
use proptest::collection::vec;
use proptest::prelude::*;
use std::cmp::Ordering;

/// 256 cases, or as many as `PROPTEST_CASES` says.
fn config() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..Default::default() }
}

/// Rows of fewer than 7 columns below `cols`.
fn rows(
    count: impl Into<proptest::collection::SizeRange>,
    cols: usize,
) -> impl Strategy<Value = Vec<Vec<u32>>> {
    vec(vec(0..cols as u32, 0..7), count)
}

/// Sums of products of small integers: exact in f32, in any order.
fn integers(len: usize) -> impl Strategy<Value = Vec<f32>> {
    vec((-8i8..=8).prop_map(f32::from), len)
}

fn sum_of(graph: &Graph, x: &[f32], d: usize, options: aggregate::Options<'_>) -> Vec<f32> {
    let mut out = vec![0.0; graph.rows() * d];
    let into = avocet::MatrixMut::new(&mut out, graph.rows(), d).unwrap();
    aggregate(graph, Matrix::new(x, graph.cols(), d).unwrap(), options, into, None).unwrap();
    out
}

fn wide_dot(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum()
}

proptest! {
    #![proptest_config(config())]

    /// `<A x, y> = <x, A^T y>`, `A (x + x') = A x + A x'`, and neither the order of a row's edges nor how often a
    /// weight is written matters, all exactly.
    #[test]
    fn aggregate_is_linear(
        rows in rows(0..12, 9),
        x in integers(9 * 5),
        more in integers(9 * 5),
        y in integers(11 * 5),
        weights in integers(11 * 6),
        seed: u64,
    ) {
        let d = 5;
        let a = graph(&rows, 9);
        let back = a.transpose().unwrap();
        let weights = &weights[..a.edges()];
        let weighted = aggregate::Options { edge_weights: Some(weights), ..Default::default() };
        let y = &y[..rows.len() * d];
        let ax = sum_of(&a, &x, d, weighted);
        prop_assert_eq!(wide_dot(&ax, y), wide_dot(&x, &sum_of(&back, y, d, weighted)));

        let both: Vec<f32> = x.iter().zip(&more).map(|(a, b)| a + b).collect();
        let sum: Vec<f32> = ax.iter().zip(sum_of(&a, &more, d, weighted)).map(|(a, b)| a + b).collect();
        prop_assert_eq!(sum_of(&a, &both, d, weighted), sum);

        // Any order of the edges, the weights with them; and every edge twice is every weight doubled.
        let mut random = Random::new(seed);
        let mut order: Vec<Vec<usize>> = (0..rows.len()).map(|i| (a.offsets()[i]..a.offsets()[i + 1]).collect()).collect();
        for row in &mut order {
            for at in (1..row.len()).rev() {
                row.swap(at, random.below(at + 1));
            }
        }
        let shuffled: Vec<Vec<u32>> =
            order.iter().map(|row| row.iter().map(|&edge| a.indices()[edge]).collect()).collect();
        let moved: Vec<f32> = order.concat().into_iter().map(|edge| weights[edge]).collect();
        let options = aggregate::Options { edge_weights: Some(&moved), ..Default::default() };
        prop_assert_eq!(&sum_of(&graph(&shuffled, 9), &x, d, options), &ax);
        let twice: Vec<Vec<u32>> = rows.iter().map(|row| [&row[..], &row[..]].concat()).collect();
        let doubled = aggregate::Options { edge_weights: Some(&vec![2.0; a.edges()]), ..Default::default() };
        prop_assert_eq!(
            sum_of(&graph(&twice, 9), &x, d, Default::default()),
            sum_of(&a, &x, d, doubled)
        );
    }

    /// The mean of equal rows is that row, and of no rows zero.
    #[test]
    fn mean_of_equal_rows(rows in rows(1..12, 9), value in -1000i16..1000) {
        let a = graph(&rows, 9);
        let mean = aggregate::Options { reduce: Reduce::Mean, ..Default::default() };
        let value = f32::from(value);
        let out = sum_of(&a, &[value; 9 * 3], 3, mean);
        for (row, out) in rows.iter().zip(out.chunks_exact(3)) {
            prop_assert_eq!(out, &[if row.is_empty() { 0.0 } else { value }; 3]);
        }
    }

    /// A transpose has every edge once, in ascending order of source; the transpose of it is the graph with its rows
    /// in ascending order.
    #[test]
    fn transpose_turns_every_edge(rows in rows(0..12, 9)) {
        let a = graph(&rows, 9);
        let back = a.transpose().unwrap();
        let sources: Vec<u32> = (0..rows.len()).flat_map(|i| vec![i as u32; rows[i].len()]).collect();
        let mut seen = vec![false; a.edges()];
        for column in 0..9 {
            prop_assert!(back.row(column).is_sorted());
            for at in back.offsets()[column]..back.offsets()[column + 1] {
                let edge = back.edge_ids().unwrap()[at] as usize;
                prop_assert!(!std::mem::replace(&mut seen[edge], true));
                prop_assert_eq!((a.indices()[edge], sources[edge]), (column as u32, back.indices()[at]));
            }
        }
        let again = back.transpose().unwrap();
        for (i, mut row) in rows.into_iter().enumerate() {
            row.sort_unstable();
            prop_assert_eq!(again.row(i), row);
        }
        for (at, &edge) in again.edge_ids().unwrap().iter().enumerate() {
            prop_assert_eq!(again.indices()[at], a.indices()[edge as usize]);
        }
    }

    /// A graph is refused for its first fault: offsets before indices, each at its first bad position.
    #[test]
    fn graph_reports_the_first_fault(
        offsets in vec(-1i64..6, 1..6),
        indices in vec(-1i32..5, 0..6),
        repair in any::<bool>(),
        cols in 0usize..5,
    ) {
        let (mut offsets, rows) = (offsets.clone(), offsets.len() - 1);
        if repair {
            offsets.sort_unstable();
            offsets[0] = 0;
            offsets[rows] = indices.len() as i64;
        }
        let edges = indices.len() as i64;
        let bad_offset = (0..=rows).find(|&at| {
            let value = offsets[at];
            let down = at > 0 && value < offsets[at - 1];
            down || value > edges || (at == 0 && value != 0) || (at == rows && value != edges)
        });
        let bad_index = indices.iter().position(|&i| i < 0 || i >= cols as i32);
        let want = match (bad_offset, bad_index) {
            (Some(at), _) => Some((Status::InvalidOffsets, c"csr.offsets", at, offsets[at])),
            (None, Some(at)) => Some((Status::IndexOutOfRange, c"csr.indices", at, indices[at].into())),
            (None, None) => None,
        };
        let csr = Csr { rows, cols, offsets: Indices::I64(&offsets), indices: Indices::I32(&indices) };
        let got = Graph::new(csr);
        let want = want.map(|(status, argument, at, value)| {
            Error { status, argument, position: at as u64, value: Value::Integer(value) }
        });
        prop_assert_eq!(got.as_ref().err(), want.as_ref());
        if let Ok(graph) = got {
            prop_assert_eq!((graph.rows(), graph.cols(), graph.edges()), (rows, cols, indices.len()));
            prop_assert!(graph.indices().iter().zip(&indices).all(|(&a, &b)| i64::from(a) == i64::from(b)));
        }
    }
}

#[test]
fn graph_sizes_are_checked() {
    let of = |rows, cols, offsets: &[u32], indices: &[u32]| {
        Graph::new(Csr { rows, cols, offsets: Indices::U32(offsets), indices: Indices::U32(indices) })
            .map_err(|error| (error.status, error.argument))
    };
    assert!(of(0, 0, &[0], &[]).is_ok());
    assert_eq!(of(0, 0, &[], &[]), Err((Status::ShapeMismatch, c"csr.offsets")));
    assert_eq!(of(2, 5, &[0, 0], &[]), Err((Status::ShapeMismatch, c"csr.offsets")));
    assert_eq!(of(usize::MAX, 5, &[0, 0], &[]), Err((Status::SizeOverflow, c"csr.rows")));
    assert_eq!(of(1, 1 << 32, &[0, 0], &[]), Err((Status::SizeOverflow, c"csr.cols")));
    assert!(of(1, (1 << 32) - 1, &[0, 1], &[u32::MAX - 1]).is_ok());
    assert_eq!(of(1, (1 << 32) - 1, &[0, 1], &[u32::MAX]), Err((Status::IndexOutOfRange, c"csr.indices")));
}

/// Few values, so that scores tie; with each sign of zero, infinities and NaN.
fn adversarial(len: usize) -> impl Strategy<Value = Vec<f32>> {
    let values = [0.0, -0.0, 1.0, -1.0, 0.5, 2.0, f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 1e30, 1e-40];
    // Mostly the first `few` values.
    (1..=values.len()).prop_flat_map(move |few| vec(proptest::sample::select(values[..few].to_vec()), len))
}

/// Queries, targets, and a graph of given targets and one of excluded ones.
#[derive(Debug)]
struct Ranking {
    q: usize,
    n: usize,
    queries: Vec<f32>,
    targets: Vec<f32>,
    exclude: Vec<Vec<u32>>,
    given: Vec<Vec<u32>>,
}

const D: usize = 3;

fn ranking() -> impl Strategy<Value = Ranking> {
    // Queries beyond a block of 48, targets beyond several panels of 64.
    (0usize..60, 0usize..200).prop_flat_map(|(q, n)| {
        let ids = |most| vec(vec(0..n.max(1) as u32, if n == 0 { 0..1 } else { 0..most }), q);
        (adversarial(q * D), adversarial(n * D), ids(100), ids(4)).prop_map(
            move |(queries, targets, mut exclude, given)| {
                exclude.iter_mut().for_each(|ids| ids.sort_unstable());
                Ranking { q, n, queries, targets, exclude, given }
            },
        )
    })
}

impl Ranking {
    /// A score in the words of `CHAIN`.
    fn score(&self, query: usize, target: usize) -> f32 {
        let (a, b) = (&self.queries[query * D..][..D], &self.targets[target * D..][..D]);
        a.iter().zip(b).fold(0.0, |sum, (a, b)| a.mul_add(*b, sum))
    }

    /// Targets of a query that count, best first, and the number that are NaN.
    fn ranked(&self, query: usize) -> (Vec<(f32, u32)>, usize) {
        let counted = (0..self.n as u32).filter(|id| !self.exclude[query].contains(id));
        let scored = counted.map(|id| (self.score(query, id as usize), id));
        let (nans, mut list): (Vec<_>, Vec<_>) = scored.partition(|(score, _)| score.is_nan());
        // Zeros of both signs tie.
        list.sort_by(|a, b| b.0.partial_cmp(&a.0).unwrap_or(Ordering::Equal).then(a.1.cmp(&b.1)));
        (list, nans.len())
    }

    fn top(&self, k: usize) -> (Vec<u32>, Vec<f32>, Vec<u32>, Vec<u32>) {
        let (mut ids, mut scores) = (vec![7; self.q * k], vec![f32::NAN; self.q * k]);
        let (mut counts, mut nans) = (vec![7; self.q], vec![7; self.q]);
        let out =
            TopK { k, ids: &mut ids, scores: &mut scores, counts: &mut counts, nan_counts: Some(&mut nans) };
        let exclude = graph(&self.exclude, self.n);
        let (queries, targets) =
            (Matrix::new(&self.queries, self.q, D).unwrap(), Matrix::new(&self.targets, self.n, D).unwrap());
        top_k(queries, targets, Some(&exclude), out, None, &mut workspace(1)).unwrap();
        (ids, scores, counts, nans)
    }
}

proptest! {
    #![proptest_config(config())]

    /// The list is the head of a stable sort by (score descending, id ascending), for every k.
    #[test]
    fn top_k_is_the_head_of_a_sort(ranking in ranking(), k in 0usize..230) {
        for k in [k, k / 10] {
            let (ids, scores, counts, nans) = ranking.top(k);
            for query in 0..ranking.q {
                let (list, not_numbers) = ranking.ranked(query);
                let used = list.len().min(k);
                prop_assert_eq!((counts[query] as usize, nans[query] as usize), (used, not_numbers));
                let got: Vec<(f32, u32)> =
                    (0..k).map(|at| (scores[query * k + at], ids[query * k + at])).collect();
                for (at, (got, want)) in got[..used].iter().zip(&list).enumerate() {
                    prop_assert_eq!(got.1, want.1, "query {} at {}", query, at);
                    prop_assert_eq!(got.0.to_bits(), want.0.to_bits(), "query {} at {}", query, at);
                }
                prop_assert!(got[used..].iter().all(|&place| place == (f32::NEG_INFINITY, NO_ID)));
            }
        }
    }

    /// Counts of better and equal scores, and with them the place in the list.
    #[test]
    fn rank_counts_are_places(ranking in ranking()) {
        let given = graph(&ranking.given, ranking.n);
        let (mut better, mut equal) = (vec![7; given.edges()], vec![7; given.edges()]);
        let queries = Matrix::new(&ranking.queries, ranking.q, D).unwrap();
        let targets = Matrix::new(&ranking.targets, ranking.n, D).unwrap();
        let exclude = graph(&ranking.exclude, ranking.n);
        rank_counts(queries, targets, &given, Some(&exclude), &mut better, &mut equal, None, &mut workspace(1))
            .unwrap();
        for query in 0..ranking.q {
            let (list, _) = ranking.ranked(query);
            for (edge, &id) in (given.offsets()[query]..).zip(given.row(query)) {
                let own = ranking.score(query, id as usize);
                let others = || list.iter().filter(|&&(_, other)| other != id);
                let above = others().filter(|&&(score, _)| score > own || own.is_nan()).count();
                let level = others().filter(|&&(score, _)| score == own).count();
                prop_assert_eq!((better[edge] as usize, equal[edge] as usize), (above, level));
                if let Some(place) = list.iter().position(|&(_, other)| other == id) {
                    prop_assert!((above..=above + level).contains(&place));
                }
            }
        }
    }

    /// A whole weight is so many edges; weight 0 is none.
    #[test]
    fn weights_are_repetitions(
        rows in rows(1..12, 9),
        weights in vec(0u8..4, 11 * 6),
        negatives in vec(0u32..9, 0..6),
        kind in proptest::sample::select(vec![EdgeKind::Positive, EdgeKind::Negative, EdgeKind::Reversed]),
        seed: u64,
    ) {
        let (n, c, d) = (rows.len(), 9, 4);
        let mut weights = weights.into_iter();
        let times: Vec<Vec<u8>> = rows.iter().map(|row| weights.by_ref().take(row.len()).collect()).collect();
        let repeated: Vec<Vec<u32>> = rows
            .iter()
            .zip(&times)
            .map(|(row, times)| {
                row.iter().zip(times).flat_map(|(&id, &times)| vec![id; times.into()]).collect()
            })
            .collect();
        let weights: Vec<f32> = times.concat().into_iter().map(f32::from).collect();
        let mut random = Random::new(seed);
        let (by_row, by_column) = (random.values(n * d), random.values(c * d));
        // Loss and derivatives by the options, and both gradients.
        let run = |rows: &[Vec<u32>], weights: Option<&[f32]>, softmax: bool| {
            let a = graph(rows, c);
            let back = a.transpose().unwrap();
            let (mut dr, mut dc) = (vec![0.0; n * d], vec![0.0; c * d]);
            let of_rows = (matrix(&by_row, n), matrix_mut(&mut dr, n));
            let of_columns = (matrix(&by_column, c), matrix_mut(&mut dc, c));
            let swap = kind == EdgeKind::Reversed && !softmax;
            let (sources, targets) = if swap { (of_columns, of_rows) } else { (of_rows, of_columns) };
            let (into, also) = (Some(sources.1), Some(targets.1));
            let space = &mut workspace(1);
            let sums = if softmax {
                let options = Softmax { temperature: 1.5, weight: 0.5, edge_weights: weights };
                let ids = Indices::U32(&negatives);
                softmax_loss(&a, &back, sources.0, targets.0, ids, options, into, also, None, space)
                    .map(|loss| vec![loss.loss, loss.temperature_gradient])
            } else {
                let term = EdgeTerm { margin: 0.5, ..EdgeTerm::new(kind) };
                edge_loss(&a, &back, sources.0, targets.0, term, weights, into, also, None, space)
                    .map(|loss| vec![loss.loss, loss.temperature_gradient, loss.offset_gradient])
            };
            (sums.unwrap(), dr, dc)
        };
        for softmax in [false, true] {
            let (sums, dr, dc) = run(&rows, Some(&weights), softmax);
            let (want, want_dr, want_dc) = run(&repeated, None, softmax);
            for (got, want) in sums.iter().zip(&want) {
                prop_assert!((got - want).abs() <= 1e-5 * (1.0 + want.abs()), "{} {} {}", softmax, got, want);
            }
            for (got, want) in dr.iter().zip(&want_dr).chain(dc.iter().zip(&want_dc)) {
                prop_assert!((got - want).abs() <= 1e-5 * (1.0 + want.abs()), "{} {} {}", softmax, got, want);
            }
        }
    }
}

/// Nothing to do is no error: no columns, no rows, no targets, no places, no edges.
#[test]
fn empty_shapes() {
    let space = &mut workspace(1);
    for (q, n, d, k) in [(0, 5, 3, 2), (4, 0, 3, 2), (4, 5, 0, 2), (4, 5, 3, 0), (0, 0, 0, 0)] {
        let (x, y) = (vec![1.0; q * d], vec![1.0; n * d]);
        let (queries, targets) = (Matrix::new(&x, q, d).unwrap(), Matrix::new(&y, n, d).unwrap());
        let (mut ids, mut scores, mut counts) = (vec![7; q * k], vec![7.0; q * k], vec![7; q]);
        let out = TopK { k, ids: &mut ids, scores: &mut scores, counts: &mut counts, nan_counts: None };
        top_k(queries, targets, None, out, None, space).unwrap();
        assert!(counts.iter().all(|&count| count as usize == n.min(k)));
        assert!(
            ids.chunks_exact(k.max(1))
                .all(|ids| (0..k).all(|at| ids[at] == [NO_ID, at as u32][usize::from(at < n)]))
        );

        // Each query's edges go to every target: none where there are none.
        let a = graph(&vec![(0..n as u32).collect(); q], n);
        let back = a.transpose().unwrap();
        let (mut better, mut equal) = (vec![7; a.edges()], vec![7; a.edges()]);
        rank_counts(queries, targets, &a, None, &mut better, &mut equal, None, space).unwrap();
        assert!(better.iter().zip(&equal).all(|(&b, &e)| (b, e as usize) == (0, n - 1)));
        assert_eq!(sum_of(&a, &y, d, Default::default()), vec![n as f32; q * d]);

        let term = EdgeTerm::new(EdgeKind::Positive);
        let loss = edge_loss(&a, &back, queries, targets, term, None, None, None, None, space).unwrap();
        assert_eq!(loss.loss == 0.0, a.edges() == 0);
        let options = Softmax { temperature: 1.0, weight: 1.0, edge_weights: None };
        for negatives in [&[][..], &[0, 0]] {
            if negatives.len() <= n {
                let (ids, mut dx, mut dy) = (Indices::U32(negatives), vec![0.0; q * d], vec![0.0; n * d]);
                let into = avocet::MatrixMut::new(&mut dx, q, d).unwrap();
                let also = avocet::MatrixMut::new(&mut dy, n, d).unwrap();
                let (into, also) = (Some(into), Some(also));
                let loss =
                    softmax_loss(&a, &back, queries, targets, ids, options, into, also, None, space).unwrap();
                assert_eq!(loss.loss == 0.0, a.edges() == 0 || negatives.is_empty());
            }
        }
    }
}
