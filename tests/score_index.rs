//! Packed indexes against plain loops: scores in their words, order, ties, prefixes, masks and counts.

mod common;

use avocet::score::index::{Found, Index, IndexOptions, Int8, Search, Storage, Vectors};
use avocet::score::{NO_ID, TopK, top_k};
use avocet::{Graph, Isa, Matrix, Pool, Workspace, bf16, cap_isa, f16};
use common::{Random, graph, matrix};
use proptest::prelude::*;

/// What a search gives.
#[derive(Clone, Debug, PartialEq)]
struct Lists {
    ids: Vec<u32>,
    scores: Vec<u32>,
    counts: Vec<u32>,
    nans: Vec<u32>,
}

fn search(
    index: &Index<'_>,
    queries: Vectors<'_>,
    options: Search<'_>,
    k: usize,
    pool: Option<&Pool>,
) -> Lists {
    survivors(index, queries, options, k, pool).0
}

fn survivors(
    index: &Index<'_>,
    queries: Vectors<'_>,
    options: Search<'_>,
    k: usize,
    pool: Option<&Pool>,
) -> (Lists, Vec<u32>) {
    let q = queries.rows();
    let (mut ids, mut scores, mut counts) = (vec![7; q * k], vec![7.0f32; q * k], vec![7; q]);
    let (mut nans, mut survivors) = (vec![7; q], vec![7; q]);
    let call = |workspace: &mut Workspace| {
        let out = Found {
            k,
            ids: &mut ids,
            scores: &mut scores,
            counts: &mut counts,
            nan_counts: Some(&mut nans),
            survivors: Some(&mut survivors),
        };
        index.search(queries, options, out, pool, workspace)
    };
    Workspace::new().fit(call).unwrap();
    let scores = scores.iter().map(|v| v.to_bits()).collect();
    (Lists { ids, scores, counts, nans }, survivors)
}

/// The lists that a full sort gives.
fn sorted(scores: &[Vec<f32>], k: usize, found: impl Fn(usize, u32) -> bool, least: f32) -> Lists {
    let mut lists = Lists { ids: vec![], scores: vec![], counts: vec![], nans: vec![] };
    for (query, scores) in scores.iter().enumerate() {
        let counted: Vec<u32> = (0..scores.len() as u32).filter(|&id| found(query, id)).collect();
        lists.nans.push(counted.iter().filter(|&&id| scores[id as usize].is_nan()).count() as u32);
        let mut best: Vec<u32> = counted
            .into_iter()
            .filter(|&id| !scores[id as usize].is_nan() && scores[id as usize] >= least)
            .collect();
        best.sort_by(|&a, &b| scores[b as usize].partial_cmp(&scores[a as usize]).unwrap().then(a.cmp(&b)));
        best.truncate(k);
        lists.counts.push(best.len() as u32);
        lists.scores.extend(best.iter().map(|&id| scores[id as usize].to_bits()));
        lists.scores.extend(vec![f32::NEG_INFINITY.to_bits(); k - best.len()]);
        lists.ids.extend(&best);
        lists.ids.extend(vec![NO_ID; k - best.len()]);
    }
    lists
}

/// One fma chain over the columns.
fn chain(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).fold(0.0, |sum, (&a, &b)| a.mul_add(b, sum))
}

/// The same over pairs, the second of a pair first.
fn turned(a: &[f32], b: &[f32]) -> f32 {
    let mut sum = 0.0f32;
    for (a, b) in a.chunks(2).zip(b.chunks(2)) {
        let at = |v: &[f32], i: usize| v.get(i).copied().unwrap_or(0.0);
        sum = at(a, 1).mul_add(at(b, 1), sum);
        sum = a[0].mul_add(b[0], sum);
    }
    sum
}

fn table(rows: &[f32], queries: &[f32], d: usize, score: impl Fn(&[f32], &[f32]) -> f32) -> Vec<Vec<f32>> {
    let row = |all: &[f32], i: usize| all[i * d..][..d].to_vec();
    let (n, q) = (rows.len().checked_div(d).unwrap_or(0), queries.len().checked_div(d).unwrap_or(0));
    (0..q).map(|i| (0..n).map(|j| score(&row(queries, i), &row(rows, j))).collect()).collect()
}

/// Every tier, and pools.
fn everywhere(
    index: &Index<'_>,
    queries: Vectors<'_>,
    options: Search<'_>,
    k: usize,
    want: &Lists,
    what: &str,
) {
    for isa in Isa::ALL {
        cap_isa(Some(isa));
        let got = search(index, queries, options, k, None);
        assert_eq!(&got, want, "{what} on {isa:?}");
    }
    cap_isa(None);
}

fn quantised(rows: &[f32], d: usize) -> (Vec<i8>, Vec<f32>) {
    let mut scales = Vec::new();
    let mut bytes = Vec::new();
    for row in rows.chunks(d) {
        let scale = (row.iter().fold(0.0f32, |a, v| a.max(v.abs())) / 127.0).max(1e-15);
        scales.push(scale);
        bytes.extend(row.iter().map(|v| (v / scale).round_ties_even() as i8));
    }
    (bytes, scales)
}

const SHAPES: [(usize, usize, usize, usize); 16] = [
    (0, 5, 3, 2),
    (1, 1, 1, 1),
    (1, 7, 9, 3),
    (31, 3, 2, 5),
    (32, 4, 3, 5),
    (33, 5, 4, 40),
    (70, 16, 5, 10),
    (130, 33, 8, 10),
    (200, 128, 9, 0),
    (300, 17, 17, 7),
    (1000, 12, 1, 100),
    (2047, 9, 2, 10),
    (2048, 6, 3, 1),
    (2049, 5, 24, 10),
    (5000, 8, 7, 4096),
    (40_000, 3, 5, 10),
];

fn rounded_bf16(values: &[f32]) -> (Vec<bf16>, Vec<f32>) {
    let narrow: Vec<bf16> = values.iter().map(|&v| bf16::from_f32(v)).collect();
    let wide = narrow.iter().map(|v| v.to_f32()).collect();
    (narrow, wide)
}

#[test]
fn reals_are_chains_in_total_order() {
    let mut random = Random::new(1);
    for (n, d, q, k) in SHAPES {
        // Coarse values make many ties.
        for coarse in [false, true] {
            let mut values = |len: usize| -> Vec<f32> {
                let all = random.values(len);
                if coarse { all.iter().map(|v| (v * 2.0).round()).collect() } else { all }
            };
            let (rows, queries) = (values(n * d), values(q * d));
            let x = Matrix::new(&rows, n, d).unwrap();
            let y = Matrix::new(&queries, q, d).unwrap();
            let all = |_, _| true;
            let build = |storage| Index::new(x, IndexOptions::new(storage), None).unwrap();

            let want = sorted(&table(&rows, &queries, d, chain), k, all, f32::NEG_INFINITY);
            let want = if n == 0 { empty(q, k) } else { want };
            everywhere(&build(Storage::F32), y.into(), Search::default(), k, &want, "f32");
            everywhere(&build(Storage::Certified), y.into(), Search::default(), k, &want, "certified");

            let (narrow, wide) = rounded_bf16(&rows);
            let (narrow_queries, wide_queries) = rounded_bf16(&queries);
            let want = sorted(&table(&wide, &queries, d, chain), k, all, f32::NEG_INFINITY);
            let want = if n == 0 { empty(q, k) } else { want };
            let index = build(Storage::Bf16);
            everywhere(&index, y.into(), Search::default(), k, &want, "bf16 by f32");
            let from_narrow =
                Index::new(Matrix::new(&narrow, n, d).unwrap(), IndexOptions::new(Storage::Bf16), None)
                    .unwrap();
            let want = sorted(&table(&wide, &wide_queries, d, turned), k, all, f32::NEG_INFINITY);
            let want = if n == 0 { empty(q, k) } else { want };
            let narrow_queries = Matrix::new(&narrow_queries, q, d).unwrap();
            for index in [&index, &from_narrow] {
                everywhere(index, narrow_queries.into(), Search::default(), k, &want, "bf16 by bf16");
            }

            let halves: Vec<f16> = rows.iter().map(|&v| f16::from_f32(v)).collect();
            let wide: Vec<f32> = halves.iter().map(|v| v.to_f32()).collect();
            let want = sorted(&table(&wide, &queries, d, chain), k, all, f32::NEG_INFINITY);
            let want = if n == 0 { empty(q, k) } else { want };
            everywhere(&build(Storage::F16), y.into(), Search::default(), k, &want, "f16");
        }
    }
}

fn empty(q: usize, k: usize) -> Lists {
    Lists {
        ids: vec![NO_ID; q * k],
        scores: vec![f32::NEG_INFINITY.to_bits(); q * k],
        counts: vec![0; q],
        nans: vec![0; q],
    }
}

#[test]
fn bytes_are_exact() {
    let mut random = Random::new(2);
    for (n, d, q, k) in SHAPES {
        if n == 0 {
            continue;
        }
        let (rows, queries) = (random.values(n * d), random.values(q * d));
        let (mut bytes, scales) = quantised(&rows, d);
        let (mut query_bytes, query_scales) = quantised(&queries, d);
        bytes[0] = -128;
        query_bytes[0] = -128;
        let score = |i: usize, j: usize| {
            let sum: i32 =
                (0..d).map(|l| i32::from(query_bytes[i * d + l]) * i32::from(bytes[j * d + l])).sum();
            (query_scales[i] * scales[j]) * sum as f32
        };
        let all: Vec<Vec<f32>> = (0..q).map(|i| (0..n).map(|j| score(i, j)).collect()).collect();
        let want = sorted(&all, k, |_, _| true, f32::NEG_INFINITY);
        let vectors = Vectors::Int8(Int8 { rows: Matrix::new(&bytes, n, d).unwrap(), scales: Some(&scales) });
        let index = Index::new(vectors, IndexOptions::new(Storage::Int8), None).unwrap();
        let queries = Vectors::Int8(Int8 {
            rows: Matrix::new(&query_bytes, q, d).unwrap(),
            scales: Some(&query_scales),
        });
        everywhere(&index, queries, Search::default(), k, &want, "int8");

        // One scale for 32 rows.
        let index =
            Index::new(Matrix::new(&rows, n, d).unwrap(), IndexOptions::new(Storage::Int8Panels), None)
                .unwrap();
        let mut panel_scales = Vec::new();
        for panel in rows.chunks(32 * d) {
            let scale = panel.iter().fold(0.0f32, |a, v| a.max(v.abs())) / 127.0;
            panel_scales.extend(vec![scale; 32]);
        }
        let score = |i: usize, j: usize| {
            let byte = |l: usize| (rows[j * d + l] / panel_scales[j]).round_ties_even() as i32;
            let sum: i32 = (0..d).map(|l| i32::from(query_bytes[i * d + l]) * byte(l)).sum();
            (query_scales[i] * panel_scales[j]) * sum as f32
        };
        let all: Vec<Vec<f32>> = (0..q).map(|i| (0..n).map(|j| score(i, j)).collect()).collect();
        let want = sorted(&all, k, |_, _| true, f32::NEG_INFINITY);
        everywhere(&index, queries, Search::default(), k, &want, "int8 panels");
    }
}

/// Rows of clusters, equal rows, huge and tiny norms, denormals, in rising or falling order of a query's score.
fn hostile(kind: usize, n: usize, d: usize, random: &mut Random) -> (Vec<f32>, Vec<f32>) {
    let mut rows = random.values(n * d);
    let q = 5;
    let mut queries = random.values(q * d);
    match kind {
        0 => {}
        1 => rows = rows[..d].repeat(n),
        2 => {
            let centre = rows[..d].to_vec();
            for row in rows.chunks_mut(d) {
                row.iter_mut().zip(&centre).for_each(|(v, c)| *v = c + *v * 1e-6);
            }
        }
        3 => {
            for (i, row) in rows.chunks_mut(d).enumerate() {
                let scale = 10f32.powi(i as i32 % 60 - 30);
                row.iter_mut().for_each(|v| *v *= scale);
            }
        }
        4 => rows.iter_mut().for_each(|v| *v *= 1e-41),
        5 => {
            rows.iter_mut().for_each(|v| *v *= 1e30);
            queries.iter_mut().for_each(|v| *v *= 1e10);
        }
        6 | 7 => {
            let sign = if kind == 6 { 1.0 } else { -1.0 };
            let key = |row: &[f32]| sign * chain(row, &queries[..d]);
            let mut order: Vec<Vec<f32>> = rows.chunks(d).map(<[f32]>::to_vec).collect();
            order.sort_by(|a, b| key(a).total_cmp(&key(b)));
            rows = order.concat();
        }
        8 => rows.iter_mut().for_each(|v| *v = v.round()),
        _ => {
            queries[..d].fill(0.0);
            queries[d] = f32::NAN;
            queries[2 * d] = f32::INFINITY;
            rows[..d].fill(0.0);
        }
    }
    (rows, queries)
}

#[test]
fn certified_is_plain_on_hostile_rows() {
    let mut random = Random::new(3);
    let pools: Vec<Pool> = [1, 2, 3, 8].into_iter().map(|threads| Pool::new(threads).unwrap()).collect();
    for kind in 0..10 {
        for (n, d, k) in [(70_000, 8, 10), (40_000, 20, 100), (3_000, 33, 3)] {
            let (rows, queries) = hostile(kind, n, d, &mut random);
            let (x, y) = (matrix(&rows, n), matrix(&queries, 5));
            let plain = Index::new(x, IndexOptions::new(Storage::F32), None).unwrap();
            let certified = Index::new(x, IndexOptions::new(Storage::Certified), Some(&pools[1])).unwrap();
            let want = search(&plain, y.into(), Search::default(), k, None);
            if n < 50_000 {
                let mut want = want.clone();
                let (mut ids, mut scores, mut counts) = (vec![0; 5 * k], vec![0.0f32; 5 * k], vec![0; 5]);
                let call = |workspace: &mut Workspace| {
                    let out = TopK {
                        k,
                        ids: &mut ids,
                        scores: &mut scores,
                        counts: &mut counts,
                        nan_counts: Some(&mut want.nans),
                    };
                    top_k(y, x, None, out, None, workspace)
                };
                Workspace::new().fit(call).unwrap();
                want.scores = scores.iter().map(|v| v.to_bits()).collect();
                (want.ids, want.counts) = (ids, counts);
                assert_eq!(want, search(&plain, y.into(), Search::default(), k, None), "kind {kind}");
            }
            let (got, survivors) = survivors(&certified, y.into(), Search::default(), k, None);
            assert_eq!(got, want, "kind {kind}, {n} x {d}");
            if kind == 0 && n == 70_000 {
                assert!(survivors.iter().all(|&v| v < 3_000), "{survivors:?}");
            }
            for pool in &pools {
                assert_eq!(search(&plain, y.into(), Search::default(), k, Some(pool)), want, "kind {kind}");
                assert_eq!(
                    search(&certified, y.into(), Search::default(), k, Some(pool)),
                    want,
                    "kind {kind}"
                );
            }
        }
    }
}

fn lists_of(random: &mut Random, q: usize, n: usize, most: usize) -> Graph {
    let rows: Vec<Vec<u32>> = (0..q)
        .map(|_| {
            let mut ids: Vec<u32> = (0..random.below(most + 1)).map(|_| random.below(n) as u32).collect();
            ids.sort_unstable();
            ids
        })
        .collect();
    graph(&rows, n)
}

#[test]
fn masks_lists_and_least_scores() {
    let mut random = Random::new(4);
    for (n, d, q, k) in [(100, 5, 3, 10), (3_000, 7, 9, 20), (5_000, 4, 1, 5)] {
        let (rows, queries) = (random.values(n * d), random.values(q * d));
        let (x, y) = (matrix(&rows, n), matrix(&queries, q));
        let scores = table(&rows, &queries, d, chain);
        for most in [3, n / 2, 2 * n] {
            let (exclude, allow) =
                (lists_of(&mut random, q, n, most), lists_of(&mut random, q, n, most.max(n / 3)));
            for turn in 0..4 {
                let options = Search {
                    exclude: (turn % 2 == 1).then_some(&exclude),
                    allow: (turn / 2 == 1).then_some(&allow),
                    least: [f32::NEG_INFINITY, 0.25, scores[0][0], f32::INFINITY][turn],
                };
                let found = |query: usize, id: u32| {
                    !options.exclude.is_some_and(|graph| graph.row(query).contains(&id))
                        && options.allow.is_none_or(|graph| graph.row(query).contains(&id))
                };
                let want = sorted(&scores, k, found, options.least);
                for storage in [Storage::F32, Storage::Certified] {
                    let index = Index::new(x, IndexOptions::new(storage), None).unwrap();
                    everywhere(&index, y.into(), options, k, &want, &format!("{storage:?} {turn} {most}"));
                }
            }
        }
    }
}

#[test]
fn rows_that_are_not_finite() {
    let mut random = Random::new(5);
    let (n, d) = (100, 6);
    let mut rows = random.values(n * d);
    rows[40 * d + 3] = f32::NAN;
    rows[77 * d] = f32::INFINITY;
    let queries = random.values(2 * d);
    let scores = table(&rows, &queries, d, chain);
    for storage in Storage::ALL {
        let error = Index::new(matrix(&rows, n), IndexOptions::new(storage), None).unwrap_err();
        assert_eq!((error.status, error.position), (avocet::Status::NotFinite, 40));
        let options = IndexOptions { skip_not_finite: true, ..IndexOptions::new(storage) };
        let index = Index::new(matrix(&rows, n), options, None).unwrap();
        assert_eq!((index.rows(), index.live()), (n, n - 2));
        if matches!(storage, Storage::F32 | Storage::Certified) {
            let want = sorted(&scores, 100, |_, id| id != 40 && id != 77, f32::NEG_INFINITY);
            everywhere(&index, matrix(&queries, 2).into(), Search::default(), 100, &want, "skipping");
        }
    }
    let big = [1e6f32];
    assert!(Index::new(matrix(&big, 1), IndexOptions::new(Storage::F16), None).is_err());
}

/// Below 2^-55 the instruction for bf16 would make zeros of subnormals.
#[test]
fn tiny_bf16_rows_and_queries() {
    let mut random = Random::new(6);
    let (n, d, q, k) = (70, 9, 3, 20);
    for (of_rows, of_queries) in [(1e-20, 1.0), (1.0, 1e-20), (1e-20, 1e-20), (1e-19, 1e-19), (1e-38, 1.0)] {
        let small = |values: Vec<f32>, by: f32| -> Vec<f32> { values.iter().map(|v| v * by).collect() };
        let (rows, queries) = (small(random.values(n * d), of_rows), small(random.values(q * d), of_queries));
        let ((rows, wide), (queries, wide_queries)) = (rounded_bf16(&rows), rounded_bf16(&queries));
        let want = sorted(&table(&wide, &wide_queries, d, turned), k, |_, _| true, f32::NEG_INFINITY);
        let index =
            Index::new(Matrix::new(&rows, n, d).unwrap(), IndexOptions::new(Storage::Bf16), None).unwrap();
        let queries = Matrix::new(&queries, q, d).unwrap();
        everywhere(&index, queries.into(), Search::default(), k, &want, "tiny");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 60, ..Default::default() })]

    /// Certified search is plain search, and the head of a list is the list for a smaller k.
    #[test]
    fn certified_is_plain(
        n in 1usize..6_000,
        d in 1usize..40,
        q in 1usize..20,
        k in 1usize..60,
        kind in 0usize..10,
        seed: u64,
        threads in 1usize..4,
    ) {
        let mut random = Random::new(seed);
        let (rows, _) = hostile(kind.min(8), n, d, &mut random);
        let queries = if kind == 9 { rows[..d].repeat(q) } else { random.values(q * d) };
        let (x, y) = (matrix(&rows, n), matrix(&queries, q));
        let pool = Pool::new(threads).unwrap();
        let plain = Index::new(x, IndexOptions::new(Storage::F32), None).unwrap();
        let certified = Index::new(x, IndexOptions::new(Storage::Certified), Some(&pool)).unwrap();
        let want = search(&plain, y.into(), Search::default(), k, None);
        prop_assert_eq!(&search(&certified, y.into(), Search::default(), k, Some(&pool)), &want);
        let fewer = search(&certified, y.into(), Search::default(), k / 2, None);
        for query in 0..q {
            let head = query * k..query * k + k / 2;
            prop_assert_eq!(&fewer.ids[query * (k / 2)..(query + 1) * (k / 2)], &want.ids[head.clone()]);
            prop_assert_eq!(&fewer.scores[query * (k / 2)..(query + 1) * (k / 2)], &want.scores[head]);
        }
    }
}

/// Rows whose scores differ from those of their bytes by nearly all that the bounds allow: the error of the query, or that of
/// the row, lies along the other one.
#[test]
fn bounds_are_not_too_small() {
    let (d, k) = (64, 10);
    // Whole numbers that cancel, each with an error of nearly a half; the greatest magnitudes make the scale 1.
    let mut rough: Vec<f32> = (0..d).map(|j| if j % 2 == 0 { 20.49 } else { -19.51 }).collect();
    (rough[0], rough[1]) = (127.0, -127.0);
    let smooth = vec![1.0f32; d];
    let mut flat = smooth.clone();
    (flat[0], flat[1]) = (0.0, 0.0);
    for scale in [1.0, 1e-3, 7e5] {
        for (query, row) in [(&rough, &flat), (&smooth, &rough)] {
            let query: Vec<f32> = query.iter().map(|v| v * scale).collect();
            let best = chain(&query, row);
            assert!(best > 30.0 * scale);
            // As many rows as there are places score a little less, and come first; their bytes tell nearly as much.
            let mut rows = vec![0.0; 96 * d];
            for i in 0..k {
                rows[i * d + 2] = best * (0.99 - 0.001 * i as f32) / query[2];
            }
            rows[40 * d..][..d].copy_from_slice(row);
            let build = |storage| Index::new(matrix(&rows, 96), IndexOptions::new(storage), None).unwrap();
            let queries = matrix(&query, 1);
            let want = search(&build(Storage::F32), queries.into(), Search::default(), k, None);
            assert_eq!(want.ids[0], 40);
            everywhere(&build(Storage::Certified), queries.into(), Search::default(), k, &want, "bounds");
        }
    }
}

/// Two tables side by side: `a s(u).t(v) + b s'(u).t'(v)` is one score of rows `[t | t']` and queries `[a s | b s']`.
#[test]
fn two_tables_are_searched_in_one_pass() {
    let mut random = Random::new(12);
    let (n, q, k, [d, other], [a, b]) = (3000, 20, 10, [17, 30], [0.75f32, -1.5]);
    let (t, t2) = (random.values(n * d), random.values(n * other));
    let (s, s2) = (random.values(q * d), random.values(q * other));
    let rows: Vec<f32> =
        (0..n).flat_map(|j| [&t[j * d..][..d], &t2[j * other..][..other]].concat()).collect();
    let scaled = |v: &[f32], by: f32| v.iter().map(|v| by * v).collect::<Vec<f32>>();
    let queries: Vec<f32> = (0..q)
        .flat_map(|i| [scaled(&s[i * d..][..d], a), scaled(&s2[i * other..][..other], b)].concat())
        .collect();
    let dot =
        |u: &[f32], v: &[f32]| -> f64 { u.iter().zip(v).map(|(&u, &v)| f64::from(u) * f64::from(v)).sum() };
    for storage in [Storage::F32, Storage::Certified] {
        let index = Index::new(matrix(&rows, n), IndexOptions::new(storage), None).unwrap();
        let found = search(&index, matrix(&queries, q).into(), Search::default(), k, None);
        for i in 0..q {
            let mut all: Vec<(f64, u32)> = (0..n)
                .map(|j| {
                    let first = f64::from(a) * dot(&s[i * d..][..d], &t[j * d..][..d]);
                    let second = f64::from(b) * dot(&s2[i * other..][..other], &t2[j * other..][..other]);
                    (first + second, j as u32)
                })
                .collect();
            all.sort_by(|x, y| y.0.total_cmp(&x.0));
            for (place, &(wanted, id)) in all[..k].iter().enumerate() {
                let score = f64::from(f32::from_bits(found.scores[i * k + place]));
                assert!((score - wanted).abs() < 1e-5, "query {i}, place {place}: {score}, wanted {wanted}");
                let near = all.iter().filter(|other| (other.0 - wanted).abs() < 1e-5).count();
                assert!(near > 1 || found.ids[i * k + place] == id, "query {i}, place {place}");
            }
        }
    }
}

/// Scales may be 0, as rows of zeros have them, and may be left out; below 0 they are refused.
#[test]
fn scales_may_be_zero_or_none() {
    let mut random = Random::new(13);
    let (n, q, d, k) = (70, 9, 11, 70);
    let bytes: Vec<i8> = (0..n * d).map(|_| random.below(256) as u8 as i8).collect();
    let query_bytes: Vec<i8> = (0..q * d).map(|_| random.below(256) as u8 as i8).collect();
    let scales: Vec<f32> = (0..n).map(|j| (j % 3) as f32).collect();
    let query_scales: Vec<f32> = (0..q).map(|i| (i % 2) as f32).collect();
    let of = |bytes, rows, scales| Vectors::Int8(Int8 { rows: Matrix::new(bytes, rows, d).unwrap(), scales });
    for (scales, query_scales) in [
        (Some(&scales[..]), Some(&query_scales[..])),
        (None, Some(&query_scales)),
        (Some(&scales), None),
        (None, None),
    ] {
        let score = |i: usize, j: usize| {
            let sum: i32 =
                (0..d).map(|l| i32::from(query_bytes[i * d + l]) * i32::from(bytes[j * d + l])).sum();
            (query_scales.map_or(1.0, |s| s[i]) * scales.map_or(1.0, |s| s[j])) * sum as f32
        };
        let all: Vec<Vec<f32>> = (0..q).map(|i| (0..n).map(|j| score(i, j)).collect()).collect();
        let index = Index::new(of(&bytes, n, scales), IndexOptions::new(Storage::Int8), None).unwrap();
        let mut saved = vec![0; index.saved_bytes()];
        index.save(&mut saved).unwrap();
        let loaded = Index::load(&saved).unwrap();
        for least in [f32::NEG_INFINITY, -1.0, 0.0, 100.0] {
            for k in [3, k] {
                let want = sorted(&all, k, |_, _| true, least);
                let options = Search { least, ..Search::default() };
                for index in [&index, &loaded] {
                    assert_eq!(
                        search(index, of(&query_bytes, q, query_scales), options, k, None),
                        want,
                        "{least}"
                    );
                }
            }
        }
    }
    for (bad, status) in [(-1.0, avocet::Status::InvalidArgument), (f32::NAN, avocet::Status::NotFinite)] {
        let mut scales = scales.clone();
        scales[5] = bad;
        let rows = Int8 { rows: Matrix::new(&bytes, n, d).unwrap(), scales: Some(&scales) };
        let refused = Index::new(rows, IndexOptions::new(Storage::Int8), None);
        let error = refused.unwrap_err();
        assert_eq!((error.status, error.position), (status, 5));
    }
}
