//! Indexes that are saved, loaded and changed; scores and ranks of given rows.

mod common;

use avocet::score::index::{Found, Index, IndexOptions, NO_LONG_ID, Search, Shard, Storage, merge_lists};
use avocet::score::rank_counts;
use avocet::score::{Int8, Table};
use avocet::{Graph, Matrix, Pool, Status, Workspace, bf16};
use common::{Random, graph, matrix};

/// Ids, bits of scores and counts.
type Lists = (Vec<u32>, Vec<u32>, Vec<u32>);

fn search(index: &Index<'_>, queries: Table<'_>, k: usize) -> Lists {
    let q = queries.rows();
    let (mut ids, mut scores, mut counts) = (vec![7; q * k], vec![7.0f32; q * k], vec![7; q]);
    let call = |workspace: &mut Workspace| {
        let out = Found {
            k,
            ids: &mut ids,
            scores: &mut scores,
            counts: &mut counts,
            nan_counts: None,
            survivors: None,
        };
        index.search(queries, Search::default(), out, None, workspace)
    };
    Workspace::new().fit(call).unwrap();
    (ids, scores.iter().map(|v| v.to_bits()).collect(), counts)
}

/// Queries of the type that a storage takes.
struct Queries {
    reals: Vec<f32>,
    narrow: Vec<bf16>,
    bytes: Vec<i8>,
    scales: Vec<f32>,
    d: usize,
}

impl Queries {
    fn new(random: &mut Random, q: usize, d: usize) -> Queries {
        let reals = random.values(q * d);
        let narrow = reals.iter().map(|&v| bf16::from_f32(v)).collect();
        let bytes = reals.iter().map(|v| (v * 127.0) as i8).collect();
        Queries { reals, narrow, bytes, scales: vec![1.0 / 127.0; q], d }
    }

    fn of(&self, storage: Storage) -> Table<'_> {
        let q = self.scales.len();
        match storage {
            Storage::Int8 | Storage::Int8Panels => Table::Int8(Int8 {
                rows: Matrix::new(&self.bytes, q, self.d).unwrap(),
                scales: Some(&self.scales),
            }),
            Storage::Bf16 => Matrix::new(&self.narrow, q, self.d).unwrap().into(),
            _ => Matrix::new(&self.reals, q, self.d).unwrap().into(),
        }
    }
}

fn build(rows: &[f32], n: usize, storage: Storage) -> Index<'static> {
    Index::new(matrix(rows, n), IndexOptions::new(storage), None).unwrap()
}

/// Bytes at a multiple of 64.
fn saved(index: &Index<'_>) -> Vec<u32> {
    let mut words = vec![0u32; index.saved_bytes() / 4];
    index.save(bytemuck::cast_slice_mut(&mut words)).unwrap();
    words
}

#[test]
fn saved_indexes_are_the_same() {
    let mut random = Random::new(1);
    for n in [0, 1, 31, 33, 2048, 2100] {
        let d = 7;
        let (rows, queries) = (random.values(n * d), Queries::new(&mut random, 3, d));
        let ids: Vec<u64> = (0..n as u64).map(|i| i << 33).collect();
        for storage in Storage::ALL {
            let options = IndexOptions { ids: (n % 2 == 1).then_some(&ids), ..IndexOptions::new(storage) };
            let x = Matrix::new(&rows, n, d).unwrap();
            let index = Index::new(x, options, None).unwrap();
            let index = if n > 30 { index.remove(&[3, 30]).unwrap() } else { index };
            let words = saved(&index);
            let bytes: &[u8] = bytemuck::cast_slice(&words);
            let want = search(&index, queries.of(storage), 40);
            let (loaded, mapped) = (Index::load(bytes).unwrap(), Index::map(bytes).unwrap());
            for index in [&loaded, &mapped] {
                assert_eq!(search(index, queries.of(storage), 40), want, "{storage:?} {n}");
                assert_eq!(saved(index), words, "{storage:?} {n}");
                assert_eq!(index.ids(), options.ids);
            }
            // A mapped index can be changed too.
            if n > 0 && storage != Storage::Int8Panels {
                let (a, b) =
                    (index.append(x, options.ids, false, None), mapped.append(x, options.ids, false, None));
                assert_eq!(saved(&a.unwrap()), saved(&b.unwrap()), "{storage:?} {n}");
            }
        }
    }
}

#[test]
fn damaged_bytes_are_refused() {
    let mut random = Random::new(2);
    let (n, d) = (40, 5);
    let rows = random.values(n * d);
    for storage in Storage::ALL {
        let words = saved(&build(&rows, n, storage));
        let bytes: Vec<u8> = bytemuck::cast_slice(&words).to_vec();
        for len in 0..bytes.len() {
            assert!(Index::load(&bytes[..len]).is_err());
        }
        for at in 0..bytes.len() {
            let mut bad = bytes.clone();
            bad[at] ^= 1 << random.below(8);
            assert!(Index::load(&bad).is_err(), "{storage:?}: byte {at}");
        }
    }
    let words = saved(&build(&rows, n, Storage::F32));
    let bytes: &[u8] = bytemuck::cast_slice(&words);
    let mut shifted = vec![0; bytes.len() + 4];
    let at = 1 + shifted.as_ptr().align_offset(4);
    let unaligned = &mut shifted[at % 4..][..bytes.len()];
    unaligned.copy_from_slice(bytes);
    assert!(Index::load(unaligned).is_ok());
    if unaligned.as_ptr().align_offset(4) != 0 {
        assert_eq!(Index::map(unaligned).unwrap_err().status, Status::InvalidArgument);
    }
}

#[test]
fn changed_indexes_are_those_of_the_changed_rows() {
    let mut random = Random::new(3);
    let d = 9;
    let pool = Pool::new(2).unwrap();
    for (n, more) in [(0, 5), (1, 1), (31, 2), (32, 40), (70, 3_000), (2048, 1), (2049, 31), (4_100, 100)] {
        let (rows, extra) = (random.values(n * d), random.values(more * d));
        let queries = Queries::new(&mut random, 3, d);
        for storage in Storage::ALL {
            let x = Matrix::new(&rows, n, d).unwrap();
            let index = Index::new(x, IndexOptions::new(storage), None).unwrap();
            let y = Matrix::new(&extra, more, d).unwrap();
            let appended = index.append(y, None, false, Some(&pool));
            if storage == Storage::Int8Panels && n % 32 != 0 {
                assert_eq!(appended.unwrap_err().status, Status::InvalidArgument);
                continue;
            }
            let appended = appended.unwrap();
            let all = [&rows[..], &extra[..]].concat();
            let want = build(&all, n + more, storage);
            assert_eq!(saved(&appended), saved(&want), "{storage:?} {n} + {more}");
            assert_eq!(search(&appended, queries.of(storage), 20), search(&want, queries.of(storage), 20));
            assert_eq!(appended.rows(), n + more);

            let mut at: Vec<u32> = (0..7).map(|_| random.below(n + more) as u32).collect();
            at.sort_unstable();
            at.dedup();
            let new = random.values(at.len() * d);
            let replaced = appended.replace(&at, matrix(&new, at.len()), false);
            if storage == Storage::Int8Panels {
                assert_eq!(replaced.unwrap_err().status, Status::InvalidArgument);
                continue;
            }
            let replaced = replaced.unwrap();
            let mut changed = all.clone();
            for (new, &row) in new.chunks(d).zip(&at) {
                changed[row as usize * d..][..d].copy_from_slice(new);
            }
            let want = build(&changed, n + more, storage);
            let lists = |index: &Index<'_>| search(index, queries.of(storage), 20);
            assert_eq!(lists(&replaced), lists(&want), "{storage:?} {n} + {more}");

            // Those that were removed are not found, until they are replaced.
            let removed = replaced.remove(&at).unwrap();
            assert_eq!(removed.live(), n + more - at.len());
            assert!(lists(&removed).0.iter().all(|id| !at.contains(id)));
            let back = removed.replace(&at, matrix(&new, at.len()), false).unwrap();
            assert_eq!(lists(&back), lists(&want));
            // The first one is as it was.
            let again = Index::new(x, IndexOptions::new(storage), None).unwrap();
            assert_eq!(saved(&index), saved(&again));
            assert_eq!(replaced.remove(&[(n + more) as u32]).unwrap_err().status, Status::IndexOutOfRange);
            assert_eq!(replaced.remove(&[0, 0]).unwrap_err().status, Status::NotSorted);
        }
    }
}

#[test]
fn given_rows_have_the_scores_and_ranks_of_a_search() {
    let mut random = Random::new(4);
    // One for all, so that rows without columns find what others left.
    let mut workspace = common::workspace(4);
    for (n, d, q) in [(1, 3, 2), (100, 5, 9), (2_200, 6, 17), (4_500, 3, 1), (100, 0, 9)] {
        let coarse: Vec<f32> = random.values(n * d).iter().map(|v| (v * 2.0).round()).collect();
        let queries = Queries::new(&mut random, q, d);
        let mut lists = |most: usize| -> Graph {
            let mut row = || {
                let mut ids: Vec<u32> = (0..random.below(most)).map(|_| random.below(n) as u32).collect();
                ids.sort_unstable();
                ids
            };
            let rows: Vec<Vec<u32>> = (0..q).map(|_| row()).collect();
            graph(&rows, n)
        };
        let (given, exclude) = (lists(6), lists(40));
        for storage in Storage::ALL {
            let index = build(&coarse, n, storage);
            let (ids, scores, _) = search(&index, queries.of(storage), n);
            let place =
                |query: usize, id: u32| ids[query * n..][..n].iter().position(|&other| other == id).unwrap();
            let mut out = vec![7.0; given.edges()];
            let pools = [None, Some(Pool::new(3).unwrap())];
            for pool in &pools {
                index.scores(queries.of(storage), &given, &mut out, pool.as_ref(), &mut workspace).unwrap();
                let (mut better, mut equal) = (vec![7; out.len()], vec![7; out.len()]);
                let vectors = queries.of(storage);
                index
                    .rank_counts(
                        vectors,
                        &given,
                        Some(&exclude),
                        &mut better,
                        &mut equal,
                        pool.as_ref(),
                        &mut workspace,
                    )
                    .unwrap();
                let mut edge = 0;
                for query in 0..q {
                    for &id in given.row(query) {
                        let own = f32::from_bits(scores[query * n + place(query, id)]);
                        assert_eq!(out[edge].to_bits(), own.to_bits(), "{storage:?} {query} {id}");
                        let [mut above, mut same] = [0, 0];
                        for other in (0..n as u32).filter(|&other| other != id) {
                            if !exclude.row(query).contains(&other) {
                                let score = f32::from_bits(scores[query * n + place(query, other)]);
                                above += u32::from(score > own);
                                same += u32::from(score == own);
                            }
                        }
                        if n < 1000 || edge < 20 {
                            assert_eq!(
                                (better[edge], equal[edge]),
                                (above, same),
                                "{storage:?} {query} {id}"
                            );
                        }
                        edge += 1;
                    }
                }
                if storage == Storage::F32 {
                    let (mut b, mut e) = (vec![0; out.len()], vec![0; out.len()]);
                    let (x, y) = (matrix(&queries.reals, q), matrix(&coarse, n));
                    rank_counts(x, y, &given, Some(&exclude), &mut b, &mut e, None, &mut workspace).unwrap();
                    assert_eq!((b, e), (better, equal));
                }
            }
        }
    }
}

#[test]
fn lists_of_shards_merge_to_that_of_all_rows() {
    let mut random = Random::new(5);
    let (n, d, q, k) = (500, 4, 6, 30);
    // Coarse: many ties, within shards and between them.
    let rows: Vec<f32> = random.values(n * d).iter().map(|v| (v * 2.0).round()).collect();
    let queries = Queries::new(&mut random, q, d);
    let vectors = queries.of(Storage::F32);
    let want = search(&build(&rows, n, Storage::F32), vectors, k);
    let cuts = [0, 7, 40, 300, 500];
    let found: Vec<(Vec<u64>, Vec<f32>, Vec<u32>)> = cuts
        .windows(2)
        .map(|cut| {
            let shard = build(&rows[cut[0] * d..cut[1] * d], cut[1] - cut[0], Storage::F32);
            let (ids, scores, counts) = search(&shard, vectors, k);
            let ids = ids.iter().map(|&id| u64::from(id) + cut[0] as u64).collect();
            (ids, scores.into_iter().map(f32::from_bits).collect(), counts)
        })
        .collect();
    let shard = |i: usize| Shard { k, ids: &found[i].0, scores: &found[i].1, counts: &found[i].2 };
    for order in [[0, 1, 2, 3], [3, 1, 0, 2]] {
        for k in [0, 1, 10, k] {
            let (mut ids, mut scores, mut counts) = (vec![7; q * k], vec![7.0f32; q * k], vec![7; q]);
            merge_lists(&order.map(shard), k, &mut ids, &mut scores, &mut counts).unwrap();
            for query in 0..q {
                assert_eq!(counts[query] as usize, k);
                for at in 0..k {
                    assert_eq!(ids[query * k + at], u64::from(want.0[query * 30 + at]));
                    assert_eq!(scores[query * k + at].to_bits(), want.1[query * 30 + at]);
                }
            }
        }
    }
    let (mut ids, mut scores, mut counts) = (vec![7; q], vec![7.0f32; q], vec![7; q]);
    merge_lists(&[], 1, &mut ids, &mut scores, &mut counts).unwrap();
    assert_eq!((ids, counts), (vec![NO_LONG_ID; q], vec![0; q]));
}
