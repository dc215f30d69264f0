//! What the benches share: random inputs, the tiers and pools that each function runs on, and criterion's settings.
//!
//! Every function runs on the tiers that a server has (AVX2 and AVX-512, or the portable tier where that is the best),
//! on the caller's thread and on a pool of two. The portable tier of an x86-64 machine serves correctness, not speed:
//! one small shape of each family shows what it costs. `AVOCET_ISA` caps the tiers as everywhere.
//!
//! Throughput: `elem` are fused operations (or values, where a function has none), `B` are the bytes that a pass must
//! read and write at least once, gathered rows counted each time.
//!
//! For the roofline picture, [`Work::roof`] says what a call does, and [`measure`] lists it beside criterion's results,
//! in `roofline/BENCH.tsv` of the target directory: `tools/roofline` joins the two. A flop is an addition, a
//! multiplication, a division or a root; a fused operation is two; a comparison counts only where there is nothing else.

#![allow(dead_code)] // No bench uses every helper.

#[path = "../../tests/common/random.rs"]
mod random;

pub use random::Random;

use avocet::{Csr, Graph, Indices, Isa, Pool, cap_isa};
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, SamplingMode, Throughput};
use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

/// Columns of the rows: powers of two, and one with a tail.
pub const DIMENSIONS: [usize; 4] = [32, 64, 100, 128];

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

/// The best tier, on one thread and on two.
pub fn best_and_two() -> Vec<Setting> {
    [1, 2].map(|threads| Setting::new(cap_isa(None), threads)).into()
}

/// The best tier, on one thread.
pub fn best() -> Vec<Setting> {
    vec![Setting::new(cap_isa(None), 1)]
}

/// The portable tier, on one thread.
pub fn portable() -> Vec<Setting> {
    vec![Setting::new(Isa::Portable, 1)]
}

/// Short runs: the whole of `cargo bench` takes about three minutes. Starts this bench's list for the roofline.
pub fn criterion() -> Criterion {
    let list = list();
    fs::create_dir_all(list.parent().expect("a folder")).expect("the target directory is writable");
    fs::write(list, "id\tkernels\tname\tflops\tbytes\tworking set\n")
        .expect("the target directory is writable");
    Criterion::default()
        .warm_up_time(Duration::from_millis(150))
        .measurement_time(Duration::from_millis(700))
        .sample_size(10)
        .nresamples(2_000)
        .without_plots()
        .configure_from_args()
}

/// What this bench says about its calls.
fn list() -> PathBuf {
    let target = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).with_file_name("roofline");
    target.join(concat!(env!("CARGO_CRATE_NAME"), ".tsv"))
}

/// A group of criterion with its name.
pub struct Group<'a> {
    name: String,
    group: BenchmarkGroup<'a, WallTime>,
}

impl Group<'_> {
    pub fn finish(self) {
        self.group.finish();
    }
}

/// A group whose samples have the same number of iterations each.
pub fn group<'a>(criterion: &'a mut Criterion, name: &str) -> Group<'a> {
    let mut group = criterion.benchmark_group(name);
    group.sampling_mode(SamplingMode::Flat);
    Group { name: name.into(), group }
}

/// What one call does.
#[derive(Clone)]
pub struct Work {
    elements: Option<usize>,
    bytes: usize,
    roof: Option<Roof>,
}

/// A point of the roofline picture.
#[derive(Clone)]
struct Roof {
    kernels: &'static [&'static str],
    flops: usize,
    working_set: usize,
}

impl Work {
    /// Puts the best tier on one thread into the roofline picture: the kernels of the registry in which the call
    /// spends its time, its flops, and the bytes that stay in a cache from call to call if they fit.
    pub fn roof(self, kernels: &'static [&'static str], flops: usize, working_set: usize) -> Work {
        Work { roof: Some(Roof { kernels, flops, working_set }), ..self }
    }

    /// Leaves the call out of the picture again unless `shown`.
    pub fn shown(self, shown: bool) -> Work {
        Work { roof: self.roof.filter(|_| shown), ..self }
    }

    fn throughput(&self) -> Throughput {
        let bytes = self.bytes as u64;
        match self.elements {
            Some(elements) => Throughput::ElementsAndBytes { elements: elements as u64, bytes },
            None => Throughput::Bytes(bytes),
        }
    }
}

/// Fused operations (or values) and bytes of one call.
pub fn work(elements: usize, bytes: usize) -> Work {
    Work { elements: Some(elements), bytes, roof: None }
}

/// Bytes of one call.
pub fn traffic(bytes: usize) -> Work {
    Work { elements: None, bytes, roof: None }
}

/// Measures `run` in each setting.
pub fn measure(
    group: &mut Group<'_>,
    name: &str,
    work: Work,
    settings: &[Setting],
    mut run: impl FnMut(Option<&Pool>),
) {
    group.group.throughput(work.throughput());
    let best = cap_isa(None);
    for setting in settings {
        cap_isa(Some(setting.isa));
        let id = format!("{name}/{}", setting.name());
        if let Some(roof) = work.roof.as_ref().filter(|_| setting.isa == best && setting.pool.is_none()) {
            let (group, kernels) = (&group.name, roof.kernels.join(" "));
            let line = format!(
                "{group}/{id}\t{kernels}\t{group} {name}\t{}\t{}\t{}\n",
                roof.flops, work.bytes, roof.working_set
            );
            let mut list = fs::OpenOptions::new().append(true).open(list()).expect("`criterion` made it");
            list.write_all(line.as_bytes()).expect("the target directory is writable");
        }
        group.group.bench_function(id, |bencher| {
            bencher.iter(|| run(setting.pool.as_ref()));
        });
    }
    cap_isa(None);
}
