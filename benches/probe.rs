use avocet::score::index::{Found, Index, IndexOptions, Search, Storage};
use avocet::score::{Int8, Table, TopK, top_k};
use avocet::*;
use std::time::Instant;
fn rng(n: usize, seed: u64) -> Vec<f32> {
    let mut s = seed;
    (0..n)
        .map(|_| {
            let mut t = 0.0;
            for _ in 0..4 {
                s = s.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                t += (s >> 40) as f32 / 16777216.0 - 0.5;
            }
            t
        })
        .collect()
}
fn main() {
    let a: Vec<String> = std::env::args().filter(|a| a != "--bench").collect();
    let n: usize = a[1].parse().unwrap();
    let d: usize = a[2].parse().unwrap();
    let threads: usize = a[3].parse().unwrap();
    let which = a[4].as_str();
    let qs: Vec<usize> = a[5].split(',').map(|x| x.parse().unwrap()).collect();
    let k = 10;
    let pool = (threads > 1).then(|| Pool::new(threads).unwrap());
    let pool = pool.as_ref();
    let v = rng(n * d, 1);
    let rows = Matrix::new(&v, n, d).unwrap();
    // read bandwidth
    let t = Instant::now();
    let mut best = f64::MAX;
    for _ in 0..5 {
        let t = Instant::now();
        let parts: f32 = std::thread::scope(|s| {
            let hs: Vec<_> = v
                .chunks(v.len().div_ceil(threads))
                .map(|c| {
                    s.spawn(move || {
                        let mut acc = [0.0f32; 128];
                        for x in c.chunks_exact(128) {
                            for i in 0..128 {
                                acc[i] += x[i];
                            }
                        }
                        acc.iter().sum::<f32>()
                    })
                })
                .collect();
            hs.into_iter().map(|h| h.join().unwrap()).sum()
        });
        std::hint::black_box(parts);
        best = best.min(t.elapsed().as_secs_f64());
    }
    let bw = (4 * n * d) as f64 / best / 1e9;
    println!("read {bw:.1} GB/s (setup {:?})", t.elapsed());
    for (name, storage, bytes) in [
        ("f32", Storage::F32, 4.0),
        ("bf16", Storage::Bf16, 2.0),
        ("f16", Storage::F16, 2.0),
        ("int8", Storage::Int8, 1.0),
        ("int8p", Storage::Int8Panels, 1.0),
        ("cert", Storage::Certified, 1.0),
    ] {
        if which != "all" && !which.split(',').any(|w| w == name) {
            continue;
        }
        let t = Instant::now();
        let index = Index::new(rows, IndexOptions::new(storage), pool).unwrap();
        let build = t.elapsed();
        for &q in &qs {
            let qv = rng(q * d, 2);
            let qb: Vec<half::bf16> = qv.iter().map(|&x| half::bf16::from_f32(x)).collect();
            let qi: Vec<i8> = qv.iter().map(|&x| (x * 60.0) as i8).collect();
            let sc = vec![1.0; q];
            let queries: Table = match storage {
                Storage::Bf16 => Matrix::new(&qb, q, d).unwrap().into(),
                Storage::Int8 | Storage::Int8Panels => {
                    Table::Int8(Int8 { rows: Matrix::new(&qi, q, d).unwrap(), scales: Some(&sc) })
                }
                _ => Matrix::new(&qv, q, d).unwrap().into(),
            };
            let (mut ids, mut scores, mut counts, mut sur) =
                (vec![0; q * k], vec![0.0; q * k], vec![0; q], vec![0; q]);
            let mut ws = Workspace::new();
            let mut ts = vec![];
            let t0 = Instant::now();
            while ts.len() < 5 || (t0.elapsed().as_secs_f64() < 1.0 && ts.len() < 20000) {
                let t = Instant::now();
                ws.fit(|ws| {
                    index.search(
                        queries,
                        Search::default(),
                        Found {
                            k,
                            ids: &mut ids,
                            scores: &mut scores,
                            counts: &mut counts,
                            nan_counts: None,
                            survivors: Some(&mut sur),
                        },
                        pool,
                        ws,
                    )
                })
                .unwrap();
                ts.push(t.elapsed().as_secs_f64());
            }
            ts.sort_by(f64::total_cmp);
            let m = ts[ts.len() / 2];
            let gb = n as f64 * d as f64 * bytes / m / 1e9;
            let gf = 2.0 * n as f64 * d as f64 * q as f64 / m / 1e9;
            println!(
                "{name:6} q {q:4}: {:9.4} ms  {gb:7.1} GB/s ({:3.0} %)  {gf:8.1} GFLOP/s  survivors {} build {build:.1?}",
                m * 1e3,
                100.0 * gb / bw,
                sur.iter().sum::<u32>() as usize / q
            );
        }
    }
    if which.contains("topk") || which == "all" {
        for &q in &qs {
            let qv = rng(q * d, 2);
            let queries = Matrix::new(&qv, q, d).unwrap();
            let (mut ids, mut scores, mut counts) = (vec![0; q * k], vec![0.0; q * k], vec![0; q]);
            let mut ws = Workspace::new();
            let mut ts = vec![];
            for _ in 0..5 {
                let t = Instant::now();
                ws.fit(|ws| {
                    top_k(
                        queries,
                        rows,
                        None,
                        TopK { k, ids: &mut ids, scores: &mut scores, counts: &mut counts, nan_counts: None },
                        pool,
                        ws,
                    )
                })
                .unwrap();
                ts.push(t.elapsed().as_secs_f64());
            }
            ts.sort_by(f64::total_cmp);
            let m = ts[2];
            println!(
                "top_k  q {q:4}: {:9.4} ms {:8.1} GFLOP/s",
                m * 1e3,
                2.0 * n as f64 * d as f64 * q as f64 / m / 1e9
            );
        }
    }
}
