//! What the machine can do at most on one thread: fused operations a second, and bytes a second from each cache and from
//! memory. The loops share nothing with avocet's kernels.

use crate::results::Point;
#[cfg(target_arch = "x86_64")]
use std::arch::x86_64::{_mm256_fmadd_ps, _mm256_set1_ps, _mm512_fmadd_ps, _mm512_set1_ps};
use std::fs;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// Lanes of the widest vector.
const LANES: usize = 16;
type Vector = [f32; LANES];

/// A cache or memory.
pub struct Level {
    /// L1, L2, L3 or DRAM.
    pub name: String,
    /// Bytes that it holds.
    pub capacity: f64,
    /// Bytes a second that a sum reads from it.
    pub bandwidth: f64,
}

/// The ceilings.
pub struct Machine {
    /// The processor's name.
    pub model: String,
    /// The instructions that the loops used.
    pub tier: &'static str,
    /// Flops a second in fused operations.
    pub fused: f64,
    /// From the nearest cache to memory.
    pub levels: Vec<Level>,
}

impl Machine {
    /// Takes about three seconds.
    pub fn measure() -> Machine {
        let loops = Loops::best();
        let mut capacities = caches();
        capacities.push(("DRAM".into(), f64::INFINITY));
        let largest =
            capacities.iter().map(|(_, capacity)| *capacity).filter(|c| c.is_finite()).fold(0.0, f64::max);
        let level = |(name, capacity): (String, f64)| {
            // Half a cache leaves room for everything else; what is much larger than the last comes from memory.
            let bytes =
                if capacity.is_finite() { capacity / 2.0 } else { (4.0 * largest).clamp(64e6, 512e6) };
            Level { name, capacity, bandwidth: loops.bandwidth(bytes as usize) }
        };
        let levels = capacities.into_iter().map(level).collect();
        Machine { model: model(), tier: loops.tier, fused: loops.fused(), levels }
    }

    /// The level that a working set lives in.
    pub fn level(&self, working_set: f64) -> &Level {
        let fits = self.levels.iter().find(|level| working_set <= level.capacity);
        fits.or(self.levels.last()).expect("memory is a level")
    }

    /// The part of what its roof allows that a call reaches, and what the roof is made of.
    pub fn share(&self, point: &Point) -> (f64, &str) {
        let level = self.level(point.working_set);
        let slope = level.bandwidth * point.intensity();
        let (roof, name) = if slope < self.fused { (slope, &*level.name) } else { (self.fused, "FMA") };
        (point.rate() / roof, name)
    }
}

/// The processor's name, where the system tells it.
fn model() -> String {
    let text = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("model name"));
    let name = line.and_then(|line| line.split_once(':')).map(|(_, name)| name.trim());
    name.unwrap_or(std::env::consts::ARCH).to_owned()
}

/// Names and sizes of the caches of the first core; common sizes where the system does not tell them.
fn caches() -> Vec<(String, f64)> {
    let mut caches = Vec::new();
    for index in 0..8 {
        let read = |name: &str| {
            let text = fs::read_to_string(format!("/sys/devices/system/cpu/cpu0/cache/index{index}/{name}"));
            text.map(|text| text.trim().to_owned())
        };
        let (Ok(level), Ok(kind), Ok(size)) = (read("level"), read("type"), read("size")) else { continue };
        let size = size.strip_suffix('K').and_then(|size| size.parse::<f64>().ok());
        if let Some(size) = size.filter(|_| kind != "Instruction") {
            caches.push((format!("L{level}"), 1024.0 * size));
        }
    }
    if caches.is_empty() {
        caches = vec![("L1".into(), 32e3), ("L2".into(), 512e3), ("L3".into(), 16e6)];
    }
    caches.sort_by(|a, b| a.1.total_cmp(&b.1));
    caches
}

/// Adds `values` to `chains`, lane by lane.
#[inline(always)]
fn add<const N: usize>(chains: &mut [Vector; N], values: &[Vector; N]) {
    for (chain, values) in chains.iter_mut().zip(values) {
        for (chain, value) in chain.iter_mut().zip(values) {
            *chain += value;
        }
    }
}

/// Sums `values` in four streams of `N` chains each: one stream alone does not keep memory busy.
#[inline(always)]
fn sum<const N: usize>(values: &[f32]) -> [[Vector; N]; 4] {
    let quarter = values.len() / 4;
    let stream = |at: usize| values[at * quarter..][..quarter].as_chunks::<LANES>().0.as_chunks::<N>().0;
    let [mut a, mut b, mut c, mut d] = [[[0.0; LANES]; N]; 4];
    for (((x, y), z), w) in stream(0).iter().zip(stream(1)).zip(stream(2)).zip(stream(3)) {
        add(&mut a, x);
        add(&mut b, y);
        add(&mut c, z);
        add(&mut d, w);
    }
    [a, b, c, d]
}

/// Chains of vectors: enough to hide the latency of two operations a cycle, few enough for the registers.
const WIDE: usize = 12;
const NARROW: usize = 5;

fn sum_any(values: &[f32]) {
    black_box(sum::<1>(values));
}

fn fuse_any(steps: usize, factor: f32, addend: f32) {
    let mut chains = black_box([[addend; LANES]; NARROW]);
    for _ in 0..steps {
        for lane in chains.as_flattened_mut() {
            *lane = lane.mul_add(factor, addend);
        }
    }
    black_box(chains);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn sum_avx2(values: &[f32]) {
    black_box(sum::<1>(values));
}

/// Named instructions: of `mul_add` over arrays the compiler makes scalar code.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn fuse_avx2(steps: usize, factor: f32, addend: f32) {
    let (factor, addend) = (_mm256_set1_ps(factor), _mm256_set1_ps(addend));
    let mut chains = black_box([addend; 2 * NARROW]);
    for _ in 0..steps {
        for chain in &mut chains {
            *chain = _mm256_fmadd_ps(*chain, factor, addend);
        }
    }
    black_box(chains);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f")]
fn sum_avx512(values: &[f32]) {
    black_box(sum::<3>(values));
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f")]
fn fuse_avx512(steps: usize, factor: f32, addend: f32) {
    let (factor, addend) = (_mm512_set1_ps(factor), _mm512_set1_ps(addend));
    let mut chains = black_box([addend; WIDE]);
    for _ in 0..steps {
        for chain in &mut chains {
            *chain = _mm512_fmadd_ps(*chain, factor, addend);
        }
    }
    black_box(chains);
}

/// The loops of one tier.
struct Loops {
    tier: &'static str,
    /// Of [`LANES`].
    chains: usize,
    sum: unsafe fn(&[f32]),
    /// Steps, factor, addend: one fused operation in each lane of each chain and step.
    fuse: unsafe fn(usize, f32, f32),
}

impl Loops {
    /// The widest that the processor has.
    fn best() -> Loops {
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx512f") {
                return Loops { tier: "avx512", chains: WIDE, sum: sum_avx512, fuse: fuse_avx512 };
            }
            if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
                return Loops { tier: "avx2", chains: NARROW, sum: sum_avx2, fuse: fuse_avx2 };
            }
        }
        Loops { tier: "portable", chains: NARROW, sum: sum_any, fuse: fuse_any }
    }

    /// Bytes a second that are read again and again from an array of `bytes`.
    fn bandwidth(&self, bytes: usize) -> f64 {
        // Whole chains in every tier.
        let values = vec![1.0f32; (bytes / 4).next_multiple_of(12 * LANES)];
        let bytes = 4.0 * values.len() as f64;
        // SAFETY: `best` chose loops whose features the processor has.
        fastest(|| unsafe { (self.sum)(black_box(&values)) }) * bytes
    }

    /// Flops a second.
    fn fused(&self) -> f64 {
        let steps = 100_000;
        let flops = 2.0 * (steps * self.chains * LANES) as f64;
        // SAFETY: as in `bandwidth`.
        fastest(|| unsafe { (self.fuse)(steps, black_box(0.5), black_box(0.5)) }) * flops
    }
}

/// Calls a second in the best of many short runs.
fn fastest(mut run: impl FnMut()) -> f64 {
    let (start, mut best) = (Instant::now(), 0.0f64);
    while start.elapsed() < Duration::from_millis(600) {
        let (start, mut calls) = (Instant::now(), 0);
        while calls == 0 || start.elapsed() < Duration::from_millis(10) {
            // Reading the clock must not count beside a call on the nearest cache.
            for _ in 0..8 {
                run();
            }
            calls += 8;
        }
        best = best.max(f64::from(calls) / start.elapsed().as_secs_f64());
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    fn machine() -> Machine {
        let level = |name: &str, capacity, bandwidth| Level { name: name.into(), capacity, bandwidth };
        Machine {
            model: String::new(),
            tier: "",
            fused: 100.0,
            levels: vec![level("L1", 10.0, 50.0), level("DRAM", f64::INFINITY, 5.0)],
        }
    }

    fn point(flops: f64, bytes: f64, working_set: f64) -> Point {
        let (family, name, kernels) = Default::default();
        Point { family, name, kernels, flops, bytes, working_set, seconds: 1.0 }
    }

    #[test]
    fn the_lower_roof_counts() {
        let machine = machine();
        assert_eq!(machine.share(&point(25.0, 25.0, 10.0)), (0.5, "L1"));
        assert_eq!(machine.share(&point(25.0, 25.0, 11.0)), (5.0, "DRAM"));
        assert_eq!(machine.share(&point(25.0, 1.0, 10.0)), (0.25, "FMA"));
    }

    #[test]
    fn the_loops_run() {
        let total: f32 = sum::<2>(&[1.0; 24 * LANES]).iter().flatten().flatten().sum();
        assert_eq!(total, 384.0);
        let loops = Loops::best();
        assert!(loops.bandwidth(16 << 10) > 0.0);
        assert!(loops.fused() > 0.0);
    }
}
