//! The cases of packed indexes.

use super::common::{Random, graph, workspace};
use super::{Hashes, matrix};
use avocet::convert::quantize_rows;
use avocet::score::index::{Found, Index, IndexOptions, Int8, Search, Shard, Storage, Vectors, merge_lists};
use avocet::{Graph, Matrix, MatrixMut, Pool, bf16};

const N: usize = 2_500;
const Q: usize = 20;
const D: usize = 33;
const K: usize = 10;
const NAMES: [&str; 6] =
    ["index_f32", "index_bf16", "index_f16", "index_int8", "index_int8_panels", "index_certified"];

/// Queries in each of the types that an index may be scored with.
struct Queries {
    reals: Vec<f32>,
    narrow: Vec<bf16>,
    bytes: Vec<i8>,
    scales: Vec<f32>,
}

impl Queries {
    fn new(reals: Vec<f32>, pool: Option<&Pool>) -> Queries {
        let narrow = reals.iter().map(|&v| bf16::from_f32(v)).collect();
        let (mut bytes, mut scales) = (vec![0; reals.len()], vec![0.0; Q]);
        let to = MatrixMut::new(&mut bytes, Q, D).unwrap();
        quantize_rows(matrix(&reals, Q).into(), to, &mut scales, pool).unwrap();
        Queries { reals, narrow, bytes, scales }
    }

    fn of(&self, storage: Storage) -> Vectors<'_> {
        match storage {
            Storage::Int8 | Storage::Int8Panels => {
                let rows = Matrix::new(&self.bytes, Q, D).unwrap();
                Vectors::Int8(Int8 { rows, scales: Some(&self.scales) })
            }
            Storage::Bf16 => Matrix::new(&self.narrow, Q, D).unwrap().into(),
            _ => matrix(&self.reals, Q).into(),
        }
    }
}

/// Scores, ids and counts of a search.
fn search(
    index: &Index<'_>,
    queries: Vectors<'_>,
    search: Search<'_>,
    pool: Option<&Pool>,
) -> (Vec<f32>, Vec<u32>, Vec<u32>) {
    let (mut ids, mut scores, mut counts) = (vec![0; Q * K], vec![0.0; Q * K], vec![0; Q]);
    let found = Found {
        k: K,
        ids: &mut ids,
        scores: &mut scores,
        counts: &mut counts,
        nan_counts: None,
        survivors: None,
    };
    index.search(queries, search, found, pool, &mut workspace(4)).unwrap();
    (scores, ids, counts)
}

/// Rows that a draw takes, in ascending order.
fn drawn(random: &mut Random, one_in: usize) -> Graph {
    let row = |_| (0..N as u32).filter(|_| random.below(one_in) == 0).collect();
    graph(&(0..Q).map(row).collect::<Vec<Vec<u32>>>(), N)
}

fn words(index: &Index<'_>) -> Vec<u32> {
    let mut bytes = vec![0; index.saved_bytes()];
    index.save(&mut bytes).unwrap();
    bytes.as_chunks().0.iter().map(|&word| u32::from_le_bytes(word)).collect()
}

pub fn searches(hashes: &mut Hashes, pool: Option<&Pool>) {
    let mut random = Random::new(36);
    let (x, reals) = (random.values(N * D), random.values(Q * D));
    let queries = Queries::new(reals, pool);
    let (exclude, allow) = (drawn(&mut random, 20), drawn(&mut random, 3));
    let given: Vec<Vec<u32>> = (0..Q).map(|_| (0..5).map(|_| random.below(N) as u32).collect()).collect();
    let given = graph(&given, N);
    for (name, storage) in NAMES.into_iter().zip(Storage::ALL) {
        let index = Index::new(matrix(&x, N), IndexOptions::new(storage), pool).unwrap();
        let queries = queries.of(storage);
        let excluding = Search { exclude: Some(&exclude), ..Search::default() };
        let (scores, ids, counts) = search(&index, queries, excluding, pool);
        let few = Search { allow: Some(&allow), least: 3.0, ..Search::default() };
        let (more_scores, more_ids, more_counts) = search(&index, queries, few, pool);
        let edges = given.edges();
        let (mut own, mut better, mut equal) = (vec![0.0; edges], vec![0; edges], vec![0; edges]);
        index.scores(queries, &given, &mut own, pool, &mut workspace(4)).unwrap();
        let room = &mut workspace(4);
        index.rank_counts(queries, &given, Some(&exclude), &mut better, &mut equal, pool, room).unwrap();
        let integers = [&ids[..], &counts, &more_ids, &more_counts, &better, &equal, &words(&index)];
        hashes.add(name, &[&scores, &more_scores, &own], &integers, &[]);
    }
}

pub fn changes(hashes: &mut Hashes, pool: Option<&Pool>) {
    let mut random = Random::new(37);
    let (x, more, reals) = (random.values(N * D), random.values(100 * D), random.values(Q * D));
    let own: Vec<u64> = (0..N as u64 + 100).map(|row| row << 31).collect();
    let queries = Queries::new(reals, pool);
    let (mut edited, mut counts_of_edited) = (Vec::new(), Vec::new());
    for storage in [Storage::Int8, Storage::Certified] {
        let options = IndexOptions { ids: Some(&own[..N]), ..IndexOptions::new(storage) };
        let index = Index::new(matrix(&x, N), options, pool).unwrap();
        let index = index.append(matrix(&more, 100), Some(&own[N..]), false, pool).unwrap();
        let index = index.replace(&[5, 700, 2100], matrix(&more[..3 * D], 3), false).unwrap();
        let index = index.remove(&[6, 2550]).unwrap();
        edited.extend(words(&index));
        counts_of_edited.push(index.live() as u32);
    }
    hashes.add("index_edited", &[], &[&edited, &counts_of_edited], &[]);

    let mut lists = Vec::new();
    for rows in [0..1200, 1200..N] {
        let options = IndexOptions { ids: Some(&own[rows.clone()]), ..IndexOptions::new(Storage::F32) };
        let x = &x[rows.start * D..rows.end * D];
        let index = Index::new(matrix(x, rows.len()), options, pool).unwrap();
        let (scores, found, counts) = search(&index, queries.of(Storage::F32), Search::default(), pool);
        let mut ids = vec![0; found.len()];
        index.own_ids(&found, &mut ids).unwrap();
        lists.push((scores, ids, counts));
    }
    let shards: Vec<Shard<'_>> =
        lists.iter().map(|(scores, ids, counts)| Shard { k: K, ids, scores, counts }).collect();
    let (mut ids, mut scores, mut counts) = (vec![0; Q * K], vec![0.0; Q * K], vec![0; Q]);
    merge_lists(&shards, K, &mut ids, &mut scores, &mut counts).unwrap();
    let halves: Vec<u32> = ids.iter().flat_map(|&id| [id as u32, (id >> 32) as u32]).collect();
    hashes.add("merged_lists", &[&scores], &[&halves, &counts], &[]);
}
