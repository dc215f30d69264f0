//! Panels of targets: packing, scores in `CHAIN` order, sums of bytes, and what passes the limits.

use super::area::{Area, PLACES, Place};
use super::{assert_bits, assert_near, tiers};
use crate::score::index::kernel::bytes::{ByteGroup, BytesIn, ERROR, INVERSE, SLACK, START, Stats};
use crate::score::index::kernel::{Form, GROUP, PANEL, Scan, Visit};
use crate::simd::LANES;
use crate::simd::dispatch::Kernels;
use crate::test_support::Random;
use half::{bf16, f16};

/// Steps of a chain: every length up to some vectors, and more.
fn steps() -> impl Iterator<Item = usize> {
    (1..=18).chain([31, 64, 129])
}

/// Word j of row i is in lane i of step j; lanes without a row are 0, and so are panels of rows without words.
pub(super) fn index_pack() {
    let mut random = Random::new(60);
    for cols in super::lengths() {
        for rows in [0, 1, 15, 16, 17, 31, 32] {
            let values = random.wild(rows * cols);
            let mut want = vec![0.0; cols.max(1) * PANEL];
            for (at, &v) in values.iter().enumerate() {
                want[at % cols * PANEL + at / cols] = v;
            }
            for place in [PLACES[0], PLACES[cols % 16], Place::End] {
                for tier in tiers() {
                    let words = Area::matrix(place, rows, cols, cols + rows % 3, &values);
                    let mut panel = Area::new(place, &vec![7.0; cols.max(1) * PANEL]);
                    tier.index_pack(words.view(), &[1.0; 70], panel.get_mut().as_chunks_mut().0);
                    assert_bits(&panel.rows(), &want, (tier.isa(), rows, cols, place));
                    words.rows();
                }
            }
        }
    }
}

/// What was seen: for each query and target the bits of the score, for all that passed.
#[derive(Default)]
struct Seen(Vec<(usize, usize, u32)>);

impl Visit for Seen {
    fn tile(&mut self, panel: usize, query: usize, bits: &[u32], scores: &[[f32; PANEL]], _: &mut [f32]) {
        for (r, (bits, scores)) in bits.iter().zip(scores).enumerate() {
            let passed = (0..PANEL).filter(|lane| bits >> lane & 1 == 1);
            self.0.extend(passed.map(|lane| (query + r, panel * PANEL + lane, scores[lane].to_bits())));
        }
    }
}

impl Seen {
    fn sorted(mut self) -> Vec<(usize, usize, u32)> {
        self.0.sort_unstable();
        self.0
    }
}

/// Whether a score is not at or below a limit: it is above, or one of them is NaN.
fn passes(score: f32, limit: f32) -> bool {
    score.partial_cmp(&limit).is_none_or(|order| order.is_gt())
}

/// What a tier sees of so many queries; bits of NaN are those of one NaN.
fn see(tier: &Kernels, count: usize, run: impl Fn(&Kernels, &mut dyn Visit)) -> Vec<(usize, usize, u32)> {
    let mut seen = Seen::default();
    run(tier, &mut seen);
    let nan = |bits: u32| if f32::from_bits(bits).is_nan() { f32::NAN.to_bits() } else { bits };
    let seen = seen.sorted().into_iter().filter(|seen| seen.0 < count);
    seen.map(|(query, target, bits)| (query, target, nan(bits))).collect()
}

/// Numbers of queries and of panels: whole tiles and what is left.
const SIZES: [(usize, usize); 14] = [
    (1, 1),
    (1, 3),
    (1, 4),
    (1, 9),
    (2, 1),
    (2, 5),
    (3, 2),
    (4, 1),
    (5, 2),
    (6, 1),
    (7, 1),
    (8, 3),
    (9, 2),
    (19, 2),
];

/// The words of queries in their groups: `word(query, step, which)`.
fn grouped(count: usize, steps: usize, words: usize, word: impl Fn(usize, usize, usize) -> f32) -> Vec<f32> {
    let mut all = vec![0.0; count.div_ceil(GROUP) * steps * words * GROUP];
    for query in 0..count {
        for step in 0..steps {
            for which in 0..words {
                let place = (query / GROUP * steps + step) * words + which;
                all[place * GROUP + query % GROUP] = word(query, step, which);
            }
        }
    }
    all
}

/// Limits of so many queries: everything, nothing, or what some score is; infinite where there is no query.
fn limits(count: usize, turn: usize, some: impl Fn(usize) -> f32) -> Vec<f32> {
    let limit = |query: usize| match (query < count, (query + turn) % 4) {
        (false, _) | (true, 1) => f32::INFINITY,
        (true, 0) => f32::NAN,
        _ => some(query),
    };
    (0..count.next_multiple_of(GROUP)).map(limit).collect()
}

/// In its words, bit for bit, in every form; against f64 within `d 2^-24` of the sum of magnitudes.
pub(super) fn index_scan() {
    let mut random = Random::new(61);
    for steps in steps() {
        for (turn, (count, panels)) in SIZES.into_iter().enumerate() {
            for form in [Form::F32, Form::F16, Form::Bf16, Form::Bf16Turned, Form::Bf16Dots] {
                let per_step = if matches!(form, Form::F32 | Form::F16) { 1 } else { 2 };
                let d = steps * per_step;
                let wild = turn % 3 == 2 && form != Form::Bf16Dots;
                let mut values = |len: usize| {
                    let all = if wild { random.wild(len) } else { random.values(len) };
                    let narrow = |v: f32| match form {
                        Form::F32 => v,
                        Form::F16 => f16::from_f32(v).to_f32(),
                        _ => bf16::from_f32(v).to_f32(),
                    };
                    all.into_iter().map(narrow).collect::<Vec<f32>>()
                };
                let (targets, queries) = (values(panels * PANEL * d), values(count * d));
                let target = |at: usize| &targets[at * d..][..d];
                let query = |at: usize| &queries[at * d..][..d];
                let score = |q: usize, t: usize| {
                    let order =
                        |j: usize| if matches!(form, Form::Bf16Turned | Form::Bf16Dots) { j ^ 1 } else { j };
                    (0..d).map(order).fold(0.0f32, |sum, j| query(q)[j].mul_add(target(t)[j], sum))
                };
                if !wild {
                    let product = |j: usize| f64::from(query(0)[j]) * f64::from(target(0)[j]);
                    let scale: f64 = (0..d).map(|j| product(j).abs()).sum();
                    let exact = (0..d).map(product).sum();
                    assert_near(score(0, 0), exact, scale, d as f64 / 8_388_608.0, form);
                }

                let lines = panel_lines(form, steps, panels, target);
                let pair = |a: f32, b: f32| {
                    let bits = |v: f32| u32::from(bf16::from_f32(v).to_bits());
                    f32::from_bits(bits(a) | bits(b) << 16)
                };
                let words = match form {
                    Form::Bf16Dots => {
                        grouped(count, steps, 1, |q, k, _| pair(query(q)[2 * k], query(q)[2 * k + 1]))
                    }
                    Form::Bf16 | Form::Bf16Turned => grouped(count, steps, 2, |q, k, w| query(q)[2 * k + w]),
                    _ => grouped(count, steps, 1, |q, k, _| query(q)[k]),
                };
                let limits = limits(count, turn, |q| score(q, q % (panels * PANEL)));
                let mut want = Vec::new();
                for (q, &limit) in limits.iter().enumerate().take(count) {
                    let all = (0..panels * PANEL).map(|t| (q, t + 5 * PANEL, score(q, t)));
                    let passed = all.filter(|&(_, _, v)| passes(v, limit));
                    want.extend(passed.map(|(q, t, v)| (q, t, super::canonical(v).to_bits())));
                }
                let place = [Place::After(turn), Place::End][steps % 2];
                let (lines, words) = (Area::new(place, &lines), Area::new(place, &words));
                for tier in tiers() {
                    let scan = Scan {
                        form,
                        panels: lines.get().as_chunks().0,
                        lines: lines.get().len() / LANES / panels,
                        first: 5,
                        words: words.get().as_chunks().0,
                        count,
                        behind: &[],
                        near: turn % 2 == 0,
                    };
                    let mut area = Area::new(place, &limits);
                    let got = see(tier, count, |tier, seen| {
                        tier.index_scan(scan, &mut limits.clone(), seen);
                    });
                    assert_eq!(got, want, "{:?} {form:?} {steps} {count} x {panels}", tier.isa());
                    tier.index_scan(scan, area.get_mut(), &mut Seen::default());
                    assert_bits(&area.rows(), &limits, "limits are the visitor's");
                }
            }
        }
    }
}

/// Panels as the forms have them.
fn panel_lines<'a>(form: Form, steps: usize, panels: usize, target: impl Fn(usize) -> &'a [f32]) -> Vec<f32> {
    let mut lines = Vec::new();
    for panel in 0..panels {
        for k in 0..steps {
            let value = |lane: usize, j: usize| target(panel * PANEL + lane)[j];
            match form {
                Form::F32 => lines.extend((0..PANEL).map(|lane| value(lane, k))),
                Form::F16 => lines.extend((0..LANES).map(|i| {
                    let half = |lane: usize| u32::from(f16::from_f32(value(lane, k)).to_bits());
                    f32::from_bits(half(2 * i) | half(2 * i + 1) << 16)
                })),
                _ => lines.extend((0..PANEL).map(|lane| {
                    let half = |j: usize| u32::from(bf16::from_f32(value(lane, j)).to_bits());
                    f32::from_bits(half(2 * k) | half(2 * k + 1) << 16)
                })),
            }
        }
    }
    lines
}

/// The instruction is two fused operations, the second element's product first, where no subnormal can appear: operands of
/// 0 or of at least 2^-55, from the least to what overflows.
#[test]
fn dots_of_bf16_are_two_fused_operations() {
    let mut random = Random::new(62);
    let cases = crate::test_support::env_or("AVOCET_BF16_CASES", 20_000);
    for case in 0..cases {
        let mut value = || {
            let exponent = match case % 3 {
                0 => 72 + random.below(110) as u32,
                1 => 72 + random.below(12) as u32,
                _ => 120 + random.below(14) as u32,
            };
            let bits = (exponent << 7 | random.u32() & 0x7f | (random.u32() & 1) << 15) as u16;
            if random.below(9) == 0 { bf16::ZERO } else { bf16::from_bits(bits) }
        };
        let steps = 4;
        let rows: Vec<f32> = (0..PANEL * 2 * steps).map(|_| value().to_f32()).collect();
        let query: Vec<f32> = (0..2 * steps).map(|_| value().to_f32()).collect();
        let lines = panel_lines(Form::Bf16Dots, steps, 1, |at| &rows[at * 2 * steps..][..2 * steps]);
        let pair = |k: usize| {
            let bits = |v: f32| u32::from(bf16::from_f32(v).to_bits());
            f32::from_bits(bits(query[2 * k]) | bits(query[2 * k + 1]) << 16)
        };
        let dots = grouped(1, steps, 1, |_, k, _| pair(k));
        let turned = grouped(1, steps, 2, |_, k, w| query[2 * k + w]);
        let run = |tier: &Kernels, form, words: &[f32]| {
            see(tier, 1, |tier, seen| {
                let scan = Scan {
                    form,
                    panels: lines.as_chunks().0,
                    lines: 2 * steps,
                    first: 0,
                    words: words.as_chunks().0,
                    count: 1,
                    behind: &[],
                    near: true,
                };
                tier.index_scan(scan, &mut [f32::NAN; GROUP], seen);
            })
        };
        let want = run(tiers().next().unwrap(), Form::Bf16Turned, &turned);
        for tier in tiers() {
            assert_eq!(run(tier, Form::Bf16Dots, &dots), want, "{:?}", tier.isa());
        }
    }
}

/// Sums are exact. All whose score is above the limit are seen, and some below.
pub(super) fn index_scan_bytes() {
    let mut random = Random::new(63);
    for steps in steps().chain([9_000]) {
        for (turn, (count, panels)) in
            SIZES.into_iter().enumerate().filter(|(turn, _)| steps < 100 || turn % 7 == 3)
        {
            for each in [false, true] {
                let d = 4 * steps;
                let extreme = turn % 2 == 0;
                let mut byte = || match extreme {
                    true => [-128i8, 127, -127, 0][random.below(4)],
                    false => random.u32() as i8,
                };
                let targets: Vec<i8> = (0..panels * PANEL * d).map(|_| byte()).collect();
                let mut queries: Vec<i8> = (0..count * d).map(|_| byte()).collect();
                if extreme {
                    queries[..d].copy_from_slice(&targets[..d]);
                }
                let scale = |at: usize| [0.01f32, 1e-9, 3.0][at % 3];
                // In some panels the product of the least scales is subnormal.
                let tiny = |at: usize| each && at % 97 == 50;
                let target_scale = |at: usize| match each {
                    true if tiny(at) => 1e-30,
                    true => 0.5 + (at % 7) as f32,
                    false => 0.25 + (at / PANEL) as f32,
                };
                let sum = |q: usize, t: usize| -> i32 {
                    let (q, t) = (&queries[q * d..][..d], &targets[t * d..][..d]);
                    q.iter().zip(t).map(|(&q, &t)| i32::from(q) * i32::from(t)).sum()
                };
                let score = |q: usize, t: usize| (scale(q) * target_scale(t)) * sum(q, t) as f32;
                let word = |bytes: [u8; 4]| f32::from_bits(u32::from_le_bytes(bytes));
                let mut lines = Vec::new();
                for panel in 0..panels {
                    for k in 0..steps {
                        lines.extend((0..PANEL).map(|lane| {
                            let four = &targets[(panel * PANEL + lane) * d + 4 * k..][..4];
                            word(std::array::from_fn(|i| four[i] as u8 ^ 0x80))
                        }));
                    }
                }
                let words = grouped(count, steps, 1, |q, k, _| {
                    word(std::array::from_fn(|i| queries[q * d + 4 * k + i] as u8))
                });
                let mut groups: Vec<ByteGroup> = vec![[[1.0; GROUP]; 4]; count.div_ceil(GROUP)];
                for q in 0..count {
                    let all: i32 = queries[q * d..][..d].iter().map(|&v| i32::from(v)).sum();
                    let group = &mut groups[q / GROUP];
                    group[INVERSE][q % GROUP] = 1.0 / scale(q);
                    group[START][q % GROUP] = f32::from_bits((-128 * all) as u32);
                    group[SLACK][q % GROUP] = 0.0;
                    group[ERROR][q % GROUP] = 0.0;
                }
                let stats: Vec<Stats> = (0..panels)
                    .map(|panel| Stats {
                        inverse: 1.0 / target_scale(panel * PANEL),
                        norm: 0.0,
                        error: 0.0,
                        least: 0.0,
                    })
                    .collect();
                let inverses: Vec<[f32; LANES]> = match each {
                    true => (0..2 * panels)
                        .map(|i| std::array::from_fn(|lane| 1.0 / target_scale(i * LANES + lane)))
                        .collect(),
                    false => Vec::new(),
                };
                let limits = limits(count, turn, |q| score(q, (3 * q) % (panels * PANEL)));
                let place = [Place::After(turn), Place::End][steps % 2];
                let (lines, words) = (Area::new(place, &lines), Area::new(place, &words));
                let mut first = None;
                for tier in tiers() {
                    let scan = Scan {
                        form: Form::F32,
                        panels: lines.get().as_chunks().0,
                        lines: 2 * steps,
                        first: 0,
                        words: words.get().as_chunks().0,
                        count,
                        behind: &[],
                        near: turn % 2 == 0,
                    };
                    let bytes = BytesIn {
                        scan,
                        groups: &groups,
                        stats: &stats,
                        inverses: &inverses,
                        most: d as f32 * 16_384.0,
                    };
                    let mut seen = Seen::default();
                    tier.index_scan_bytes(bytes, &mut limits.clone(), &mut seen);
                    let seen: Vec<_> = seen.sorted().into_iter().filter(|seen| seen.0 < count).collect();
                    for &(q, t, bits) in &seen {
                        assert_eq!(bits as i32, sum(q, t), "{:?} {steps} {q} {t}", tier.isa());
                    }
                    for (q, &limit) in limits.iter().enumerate().take(count) {
                        let missed = (0..panels * PANEL).find(|&t| {
                            passes(score(q, t), limit)
                                && seen.binary_search(&(q, t, sum(q, t) as u32)).is_err()
                        });
                        assert_eq!(missed, None, "{:?} {steps} {q}", tier.isa());
                        // Far below the limit nothing is seen.
                        let wasted = seen.iter().find(|&&(p, t, _)| {
                            let unit = scale(q) * target_scale(t);
                            p == q && !tiny(t) && score(q, t) < limit - limit.abs() * 1e-5 - 8.0 * unit
                        });
                        assert_eq!(wasted, None, "{:?} {steps} {q}", tier.isa());
                    }
                    assert_eq!(*first.get_or_insert_with(|| seen.clone()), seen, "{:?}", tier.isa());
                }
            }
        }
    }
}

/// One chain for each row, bit for bit what a panel gives.
pub(super) fn index_score_rows() {
    let mut random = Random::new(64);
    for d in super::lengths() {
        for wild in [false, true] {
            let mut values = |len| if wild { random.wild(len) } else { random.values(len) };
            let (query, rows) = (values(d), values(LANES * d));
            let want: [f32; LANES] = std::array::from_fn(|i| {
                super::canonical(
                    query.iter().zip(&rows[i * d..]).fold(0.0f32, |sum, (&a, &b)| a.mul_add(b, sum)),
                )
            });
            for place in [PLACES[d % 16], Place::End] {
                let (query, rows) =
                    (Area::new(place, &query), Area::matrix(place, LANES, d, d + d % 3, &rows));
                for tier in tiers() {
                    let view = rows.view();
                    let lanes: [&[f32]; LANES] = std::array::from_fn(|i| view.row(i));
                    let mut out = Area::new(place, &[7.0; LANES]);
                    tier.index_score_rows(query.get(), &lanes, out.get_mut().first_chunk_mut().unwrap());
                    let got: Vec<f32> = out.rows().into_iter().map(super::canonical).collect();
                    assert_bits(&got, &want, (tier.isa(), d, place));
                }
            }
        }
    }
}
