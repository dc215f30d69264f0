//! Row-block products and what follows them.

use super::area::{Area, PLACES, Place};
use super::{assert_bits, assert_near, canonical, function, lanes16_dot, lengths, tiers};
use crate::dense::kernel::{Epilogue, PANEL, Start, Term};
use crate::dense::{Activation, pack, packed_len};
use crate::simd::dispatch::kernels;
use crate::simd::math::Function;
use crate::test_support::Random;
use crate::view::Matrix;

/// An addend `x * w` with `w` of `inner x cols`.
struct Addend {
    inner: usize,
    x: Vec<f32>,
    w: Vec<f32>,
}

/// One product on every tier, against the chain in its words; finite inputs also against f64, within 2^-24 of the
/// sum of magnitudes for each step.
fn check_product(rows: usize, cols: usize, addends: &[Addend], before: &[f32], start: Start, place: Place) {
    let chains = (0..rows * cols).map(|at| {
        let (row, column) = (at / cols, at % cols);
        let first = if start == Start::Output { before[at] } else { 0.0 };
        let mut chain = (first, f64::from(first), f64::from(first).abs());
        let mut steps = 0.0;
        for Addend { inner, x, w } in addends {
            for p in 0..*inner {
                let (x, w) = (x[row * inner + p], w[p * cols + column]);
                let term = f64::from(x) * f64::from(w);
                chain = (x.mul_add(w, chain.0), chain.1 + term, chain.2 + term.abs());
                steps += 1.0;
            }
        }
        assert_near(chain.0, chain.1, chain.2, steps / 16_777_216.0, (row, column));
        canonical(chain.0)
    });
    let want: Vec<f32> = chains.collect();
    let packed: Vec<Area> = addends
        .iter()
        .map(|addend| {
            let mut area = Area::new(place, &vec![f32::NAN; packed_len(addend.inner, cols).unwrap()]);
            pack(kernels(), Matrix::new(&addend.w, addend.inner, cols).unwrap(), false, area.get_mut());
            area
        })
        .collect();
    let pad = cols % 3;
    for tier in tiers() {
        let inputs: Vec<Area> = addends
            .iter()
            .map(|addend| Area::matrix(place, rows, addend.inner, addend.inner + pad, &addend.x))
            .collect();
        let terms: Vec<Term<'_>> = inputs
            .iter()
            .zip(&packed)
            .map(|(x, panels)| Term { x: x.view(), panels: bytemuck::cast_slice(panels.get()) })
            .collect();
        let mut out = Area::matrix(place, rows, cols, cols + pad, before);
        tier.product(&terms, start, out.view_mut());
        assert_bits(&out.rows(), &want, (tier.isa(), rows, cols, place));
        for area in inputs.iter().chain(&packed) {
            area.rows();
        }
    }
}

/// `CHAIN` through the addends, at every width, number of rows and inner dimension.
pub(super) fn product() {
    let mut random = Random::new(8);
    let mut run = |rows: usize, cols: usize, inners: &[usize], start: Start, place: Place, wild: bool| {
        let mut values = |len| if wild { random.wild(len) } else { random.values(len) };
        let before = values(rows * cols);
        let addends: Vec<Addend> = inners
            .iter()
            .map(|&inner| Addend { inner, x: values(rows * inner), w: values(inner * cols) })
            .collect();
        check_product(rows, cols, &addends, &before, start, place);
    };
    for cols in lengths() {
        for (at, place) in PLACES.into_iter().enumerate() {
            let start = if at % 2 == 0 { Start::Zero } else { Start::Output };
            let inners: &[usize] = [&[][..], &[3], &[1, 4], &[2, 0, 5]][(at + cols) % 4];
            run([1, 2, 3, 5, 6, 7, 11][(at + cols) % 7], cols, inners, start, place, at % 3 == 0);
        }
    }
    for inner in lengths() {
        let place = PLACES[inner % PLACES.len()];
        run(7, 35, &[inner], Start::Zero, place, false);
    }
    for rows in 0..=20 {
        run(rows, 2 * PANEL + 17, &[5], Start::Zero, Place::End, false);
    }
}

/// The elements of the packed `inner x cols` matrix `w`.
fn packed_elements(w: &[f32], inner: usize, cols: usize) -> Vec<f32> {
    let element = |at: usize| {
        let (panel, p, c) = (at / PANEL / inner, at / PANEL % inner, at % PANEL);
        let column = panel * PANEL + c;
        if column < cols { w[p * cols + column] } else { 0.0 }
    };
    (0..packed_len(inner, cols).unwrap()).map(element).collect()
}

/// Panels of columns, padded with zeros.
#[test]
fn packing() {
    let mut random = Random::new(9);
    for inner in 0..4 {
        for cols in lengths() {
            let w = random.values(inner * cols);
            let mut packed = vec![f32::NAN; packed_len(inner, cols).unwrap()];
            pack(kernels(), Matrix::new(&w, inner, cols).unwrap(), false, &mut packed);
            assert_bits(&packed, &packed_elements(&w, inner, cols), (inner, cols));
        }
    }
}

/// The bits of the transpose, NaN and all, from rows at any place and stride.
pub(super) fn pack_transposed() {
    let mut random = Random::new(19);
    let mut check = |inner: usize, cols: usize, place: Place| {
        let turned = random.wild(inner * cols);
        let w: Vec<f32> = (0..inner * cols).map(|at| turned[at % cols * inner + at / cols]).collect();
        let want = packed_elements(&w, inner, cols);
        for kernels in tiers() {
            let rows = Area::matrix(place, cols, inner, inner + 3, &turned);
            let mut packed = Area::new(place, &vec![f32::NAN; want.len()]);
            kernels.pack_transposed(rows.view(), packed.get_mut());
            assert_bits(packed.get(), &want, (inner, cols, place, kernels.isa()));
        }
    };
    for length in lengths().filter(|&length| length > 0) {
        check(length, 17, Place::End);
        check(17, length, Place::End);
    }
    for place in PLACES {
        check(33, 70, place);
    }
}

/// One chain over the rows, also across the runs of 128 that the kernel takes; within 2^-24 of the sum of
/// magnitudes for each step.
pub(super) fn weight_gradient() {
    let mut random = Random::new(10);
    let mut run = |n: usize, k: usize, m: usize, start: Start, place: Place, wild: bool| {
        let mut values = |len| if wild { random.wild(len) } else { random.values(len) };
        let (x, dz, before) = (values(n * k), values(n * m), values(k * m));
        let chains = (0..k * m).map(|at| {
            let (r, c) = (at / m, at % m);
            let first = if start == Start::Output { before[at] } else { 0.0 };
            let mut chain = (first, f64::from(first), f64::from(first).abs());
            for i in 0..n {
                let (x, z) = (x[i * k + r], dz[i * m + c]);
                let term = f64::from(x) * f64::from(z);
                chain = (x.mul_add(z, chain.0), chain.1 + term, chain.2 + term.abs());
            }
            assert_near(chain.0, chain.1, chain.2, n as f64 / 16_777_216.0, (r, c));
            canonical(chain.0)
        });
        let want: Vec<f32> = chains.collect();
        for tier in tiers() {
            let x = Area::matrix(place, n, k, k + m % 2, &x);
            let dz = Area::matrix(place, n, m, m + k % 2, &dz);
            let mut out = Area::matrix(place, k, m, m + n % 2, &before);
            tier.weight_gradient(x.view(), dz.view(), start, out.view_mut());
            assert_bits(&out.rows(), &want, (tier.isa(), n, k, m, place));
            x.rows();
            dz.rows();
        }
    };
    for m in lengths() {
        for (at, place) in PLACES.into_iter().enumerate() {
            let start = if at % 2 == 0 { Start::Zero } else { Start::Output };
            run((at + m) % 5, [1, 2, 3, 5, 6, 7, 13][(at + m) % 7], m, start, place, at % 3 == 0);
        }
    }
    for n in [127, 128, 129, 300] {
        run(n, 7, 70, Start::Zero, Place::End, false);
        run(n, 4, 17, Start::Output, Place::End, true);
    }
    for k in 0..=20 {
        run(3, k, 50, Start::Zero, Place::End, false);
    }
}

const ACTIVATIONS: [Activation; 3] = [Activation::None, Activation::Relu, Activation::Tanh];

/// Rows of ordinary, wild, tiny, huge and zero values.
fn rows(random: &mut Random, d: usize) -> Vec<f32> {
    let mut rows = random.values(2 * d);
    rows.extend(random.wild(d));
    rows.extend(random.values(d).into_iter().map(|v| v * 1e-14));
    rows.extend(random.values(d).into_iter().map(|v| v * 1e25));
    rows.extend(vec![-0.0; d]);
    rows
}

/// The activation, then the `LANES16` norm; within (d / 64 + 10) * 2^-24 of the normalised value in f64 (tanh apart).
pub(super) fn activate() {
    let mut random = Random::new(11);
    for d in lengths() {
        let x = rows(&mut random, d);
        let n = 6;
        for (at, place) in PLACES.into_iter().enumerate() {
            let epilogue = Epilogue { activation: ACTIVATIONS[at % 3], normalise: at % 2 == 0 };
            let (mut want, mut want_norms) = (Vec::new(), vec![7.0; n]);
            for row in 0..n {
                let x = &x[row * d..][..d];
                let act = |&x: &f32| match epilogue.activation {
                    Activation::None => canonical(x),
                    Activation::Relu => canonical(if x < 0.0 { 0.0 } else { x }),
                    Activation::Tanh => function(Function::Tanh, x),
                };
                let mut y: Vec<f32> = x.iter().map(act).collect();
                if epilogue.normalise {
                    let exact = y.iter().map(|&v| f64::from(v) * f64::from(v)).sum::<f64>().sqrt();
                    let norm = canonical(lanes16_dot(&y, &y).sqrt());
                    let scale = 1.0 / if norm < 1e-12 { 1e-12 } else { norm };
                    for y in &mut y {
                        let unit = f64::from(*y) / exact.max(1e-12);
                        *y = canonical(*y * scale);
                        if exact < 1e18 {
                            assert_near(*y, unit, unit.abs(), (d / 64 + 10) as f64 / 16_777_216.0, (d, row));
                        }
                    }
                    want_norms[row] = norm;
                }
                want.extend(y);
            }
            for tier in tiers() {
                let mut out = Area::matrix(place, n, d, d + at % 3, &x);
                let mut norms = Area::new(PLACES[(at + 3) % PLACES.len()], &vec![7.0; n]);
                tier.activate(epilogue, out.view_mut(), norms.get_mut());
                assert_bits(&out.rows(), &want, (tier.isa(), epilogue, d, place));
                assert_bits(&norms.rows(), &want_norms, (tier.isa(), epilogue, d, place));
            }
        }
    }
}

/// In its words, bit for bit; `tests/gradients.rs` compares it with finite differences.
pub(super) fn activate_backward() {
    let mut random = Random::new(12);
    for d in lengths() {
        let n = 6;
        let (y, dy) = (rows(&mut random, d), random.wild(n * d));
        let norms = [0.5, 2.0, f32::NAN, 1e-14, f32::INFINITY, 0.0];
        for (at, place) in PLACES.into_iter().enumerate() {
            let epilogue = Epilogue { activation: ACTIVATIONS[at % 3], normalise: at % 2 == 0 };
            let mut want = Vec::new();
            for row in 0..n {
                let (y, dy) = (&y[row * d..][..d], &dy[row * d..][..d]);
                let short = norms[row] < 1e-12;
                let (norm, along) = match epilogue.normalise {
                    true if short => (1e-12, 0.0),
                    true => (norms[row], lanes16_dot(y, dy)),
                    false => (1.0, 0.0),
                };
                let scale = 1.0 / norm;
                want.extend(y.iter().zip(dy).map(|(&y, &dy)| {
                    let da = y.mul_add(-along, dy) * scale;
                    let a = y * norm;
                    canonical(match epilogue.activation {
                        Activation::None => da,
                        Activation::Relu => {
                            if y > 0.0 {
                                da
                            } else {
                                0.0
                            }
                        }
                        Activation::Tanh => da * (-a).mul_add(a, 1.0),
                    })
                }));
            }
            for tier in tiers() {
                let other = PLACES[(at + 3) % PLACES.len()];
                let y = Area::matrix(place, n, d, d + at % 2, &y);
                let dy = Area::matrix(other, n, d, d + at % 3, &dy);
                let norms = Area::new(place, &norms);
                let mut dz = Area::matrix(place, n, d, d + at % 4, &vec![0.0; n * d]);
                tier.activate_backward(epilogue, y.view(), norms.get(), dy.view(), dz.view_mut());
                assert_bits(&dz.rows(), &want, (tier.isa(), epilogue, d, place));
                y.rows();
                dy.rows();
                norms.rows();
            }
        }
    }
}
