//! What the benches share: random inputs, the tiers and pools that each function runs on, and criterion's settings.
//!
//! Every function runs on the tiers that a server has (AVX2 and AVX-512, or the portable tier where that is the best),
//! on the caller's thread and on a pool of two. The portable tier of an x86-64 machine serves correctness, not speed:
//! one small shape of each family shows what it costs. `AVOCET_ISA` caps the tiers as everywhere.
//!
//! Throughput: `elem` are fused operations (or values, where a function has none), `B` are the bytes that a pass must
//! read and write at least once, gathered rows counted each time.

#![allow(dead_code)] // No bench uses every helper.

use avocet::{Csr, Graph, Indices, Isa, Pool, cap_isa};
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, SamplingMode, Throughput};
use std::time::Duration;

/// Columns of the rows: powers of two, and one with a tail.
pub const DIMENSIONS: [usize; 4] = [32, 64, 100, 128];

/// SplitMix64: small, seeded, the same everywhere.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed)
    }

    pub fn u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Uniform in [0, 1).
    pub fn unit(&mut self) -> f64 {
        (self.u64() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Uniform below `limit`.
    pub fn below(&mut self, limit: usize) -> usize {
        (self.unit() * limit as f64) as usize
    }
}

/// `len` values, uniform in [-1, 1).
pub fn values(len: usize, seed: u64) -> Vec<f32> {
    let mut random = Random::new(seed);
    (0..len).map(|_| (2.0 * random.unit() - 1.0) as f32).collect()
}

/// `len` ids below `limit`.
pub fn ids(len: usize, limit: usize, seed: u64) -> Vec<u32> {
    let mut random = Random::new(seed);
    (0..len).map(|_| random.below(limit) as u32).collect()
}

/// A directed graph as a caller holds it.
pub struct Edges {
    pub rows: usize,
    pub cols: usize,
    pub offsets: Vec<i64>,
    pub indices: Vec<u32>,
}

impl Edges {
    /// About `mean` edges a row, most rows with few and some with very many; columns with small numbers are favoured.
    /// Columns of a row are in ascending order.
    pub fn new(rows: usize, cols: usize, mean: usize, seed: u64) -> Edges {
        let mut random = Random::new(seed);
        let (mut offsets, mut indices) = (vec![0], Vec::new());
        for _ in 0..rows {
            // A Pareto degree with exponent 2: its mean is twice its scale, here less the fraction cut off.
            let degree = (mean as f64 / 2.0 / (1.0 - random.unit()).sqrt()) as usize;
            let start = indices.len();
            let column = |random: &mut Random| (random.unit() * random.unit() * cols as f64) as u32;
            indices.extend((0..degree.min(cols)).map(|_| column(&mut random)));
            indices[start..].sort_unstable();
            offsets.push(indices.len() as i64);
        }
        Edges { rows, cols, offsets, indices }
    }

    pub fn csr(&self) -> Csr<'_> {
        Csr {
            rows: self.rows,
            cols: self.cols,
            offsets: Indices::I64(&self.offsets),
            indices: Indices::U32(&self.indices),
        }
    }

    pub fn graph(&self) -> Graph {
        Graph::new(self.csr()).expect("a valid graph")
    }
}

/// Where a function runs.
pub struct Setting {
    isa: Isa,
    pool: Option<Pool>,
}

impl Setting {
    fn new(isa: Isa, threads: usize) -> Setting {
        Setting { isa, pool: (threads > 1).then(|| Pool::new(threads).expect("threads")) }
    }

    fn name(&self) -> String {
        let threads = self.pool.as_ref().map_or(1, Pool::threads);
        format!("{} {threads}t", self.isa.name().to_string_lossy())
    }
}

fn tiers() -> impl Iterator<Item = Isa> {
    let best = cap_isa(None);
    let least = best.min(Isa::Avx2);
    Isa::ALL.into_iter().filter(move |&isa| least <= isa && isa <= best)
}

/// The tiers that matter, on one thread and on two.
pub fn every_setting() -> Vec<Setting> {
    [1, 2].into_iter().flat_map(|threads| tiers().map(move |isa| Setting::new(isa, threads))).collect()
}

/// The tiers that matter, on one thread.
pub fn one_thread() -> Vec<Setting> {
    tiers().map(|isa| Setting::new(isa, 1)).collect()
}

/// The best tier, on one thread.
pub fn best() -> Vec<Setting> {
    vec![Setting::new(cap_isa(None), 1)]
}

/// The portable tier, on one thread.
pub fn portable() -> Vec<Setting> {
    vec![Setting::new(Isa::Portable, 1)]
}

/// Short runs: the whole of `cargo bench` takes two to three minutes.
pub fn criterion() -> Criterion {
    Criterion::default()
        .warm_up_time(Duration::from_millis(150))
        .measurement_time(Duration::from_millis(700))
        .sample_size(10)
        .nresamples(2_000)
        .without_plots()
        .configure_from_args()
}

/// A group whose samples have the same number of iterations each.
pub fn group<'a>(criterion: &'a mut Criterion, name: &str) -> BenchmarkGroup<'a, WallTime> {
    let mut group = criterion.benchmark_group(name);
    group.sampling_mode(SamplingMode::Flat);
    group
}

/// Fused operations (or values) and bytes of one call.
pub fn work(elements: usize, bytes: usize) -> Throughput {
    Throughput::ElementsAndBytes { elements: elements as u64, bytes: bytes as u64 }
}

/// Measures `run` in each setting.
pub fn measure(
    group: &mut BenchmarkGroup<'_, WallTime>,
    name: &str,
    work: Throughput,
    settings: &[Setting],
    mut run: impl FnMut(Option<&Pool>),
) {
    group.throughput(work);
    for setting in settings {
        cap_isa(Some(setting.isa));
        group.bench_function(format!("{name}/{}", setting.name()), |bencher| {
            bencher.iter(|| run(setting.pool.as_ref()));
        });
    }
    cap_isa(None);
}
