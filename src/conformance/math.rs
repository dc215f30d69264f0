//! exp, log and what follows from them.

use super::area::{Area, PLACES};
use super::{assert_bits, bits, canonical, function, lengths, tiers};
use crate::simd::math::Function;
use crate::test_support::{Random, env_or};

/// Every length and place; the values themselves are checked below.
pub(super) fn map() {
    let mut random = Random::new(3);
    for kind in Function::ALL {
        for n in lengths() {
            let x: Vec<f32> = random.wild(n).into_iter().map(|v| v * 20.0).collect();
            let want: Vec<f32> = x.iter().map(|&x| function(kind, x)).collect();
            for (at, place) in PLACES.into_iter().enumerate() {
                for tier in tiers() {
                    let from = Area::new(PLACES[(at + 5) % PLACES.len()], &x);
                    let mut out = Area::new(place, &vec![0.0; n]);
                    tier.map(kind, from.get(), out.get_mut());
                    assert_bits(&out.rows(), &want, (kind, tier.isa(), n, place));
                    from.rows();
                }
            }
        }
    }
}

/// The exact value, in f64 and without cancellation.
fn exact(function: Function, x: f64) -> f64 {
    match function {
        Function::Exp => x.exp(),
        Function::Log => x.ln(),
        Function::Log1p => x.ln_1p(),
        Function::Sigmoid if x < 0.0 => x.exp() / (1.0 + x.exp()),
        Function::Sigmoid => 1.0 / (1.0 + (-x).exp()),
        Function::Softplus => x.max(0.0) + (-x.abs()).exp().ln_1p(),
        Function::Tanh => x.tanh(),
    }
}

/// The bounds that [`Function`] states, in ULP.
fn bound(function: Function) -> f64 {
    match function {
        Function::Exp => 1.0,
        Function::Log => 0.9,
        Function::Log1p => 0.9,
        Function::Sigmoid => 1.7,
        Function::Softplus => 1.7,
        Function::Tanh => 1.4,
    }
}

/// The distance of `got` from the exact value, in units of the last place that f32 has there; infinity counts as
/// the step beyond the greatest number.
fn ulps(got: f32, exact: f64) -> f64 {
    let step = 2f64.powi(128);
    if got.is_nan() || exact.is_nan() {
        return if got.is_nan() && exact.is_nan() { 0.0 } else { f64::INFINITY };
    }
    let (got, exact) = (f64::from(got).clamp(-step, step), exact.clamp(-step, step));
    let exponent = ((exact.to_bits() >> 52) & 0x7ff) as i32 - 1023;
    (got - exact).abs() * 2f64.powi(23 - exponent.clamp(-126, 127))
}

/// The bound holds, and every tier gives the same bits, for every 4,099th bit pattern, or for every one with
/// `AVOCET_EXHAUSTIVE=1`.
fn accuracy(kind: Function) {
    const RUN: usize = 4096;
    let step = if env_or("AVOCET_EXHAUSTIVE", 0) == 1 { 1 } else { 4_099 };
    let (mut x, mut y, mut other) = ([0.0; RUN], [0.0; RUN], [0.0; RUN]);
    let (mut greatest, mut at) = (0.0, 0.0);
    let mut pattern = 0u64;
    while pattern < 1 << 32 {
        for x in &mut x {
            *x = f32::from_bits(pattern.min(u32::MAX.into()) as u32);
            pattern += step;
        }
        let best = tiers().last().unwrap();
        best.map(kind, &x, &mut y);
        for tier in tiers().filter(|tier| tier.isa() != best.isa()) {
            tier.map(kind, &x, &mut other);
            assert!(bits(&y) == bits(&other), "{kind:?} on {:?} near {:e}", tier.isa(), x[0]);
        }
        for (&x, &y) in x.iter().zip(&y) {
            let error = ulps(y, exact(kind, f64::from(x)));
            if error > greatest {
                (greatest, at) = (error, x);
            }
        }
    }
    println!("{kind:?}: {greatest:.3} ULP at {at:e}");
    assert!(greatest <= bound(kind), "{kind:?}: {greatest:.3} ULP at {at:e}");
}

macro_rules! accuracy_of {
    ($($name:ident $kind:ident,)*) => {
        /// One test for each function.
        mod math_accuracy {
            $(
                #[test]
                fn $name() {
                    super::accuracy(super::Function::$kind);
                }
            )*
        }
    };
}
accuracy_of!(exp Exp, log Log, log1p Log1p, sigmoid Sigmoid, softplus Softplus, tanh Tanh,);

/// Zeros and their signs, limits, NaN, and the ends of each range, on every tier.
#[test]
fn special_values() {
    use Function::*;
    const INF: f32 = f32::INFINITY;
    const LEAST: f32 = f32::from_bits(1);
    let table = [
        (Exp, 0.0, 1.0),
        (Exp, -0.0, 1.0),
        (Exp, LEAST, 1.0),
        (Exp, INF, INF),
        (Exp, -INF, 0.0),
        (Exp, 88.722_84, INF),
        (Exp, f32::MAX, INF),
        (Exp, -103.97, LEAST),
        (Exp, -103.98, 0.0),
        (Exp, f32::MIN, 0.0),
        (Log, 1.0, 0.0),
        (Log, 0.0, -INF),
        (Log, -0.0, -INF),
        (Log, INF, INF),
        (Log, -LEAST, f32::NAN),
        (Log, -INF, f32::NAN),
        (Log1p, 0.0, 0.0),
        (Log1p, -0.0, -0.0),
        (Log1p, LEAST, LEAST),
        (Log1p, -LEAST, -LEAST),
        (Log1p, -1.0, -INF),
        (Log1p, -1.000_000_1, f32::NAN),
        (Log1p, INF, INF),
        (Log1p, -INF, f32::NAN),
        (Sigmoid, 0.0, 0.5),
        (Sigmoid, -0.0, 0.5),
        (Sigmoid, INF, 1.0),
        (Sigmoid, -INF, 0.0),
        (Sigmoid, f32::MAX, 1.0),
        (Sigmoid, f32::MIN, 0.0),
        (Softplus, INF, INF),
        (Softplus, -INF, 0.0),
        (Softplus, f32::MAX, f32::MAX),
        (Softplus, f32::MIN, 0.0),
        (Softplus, 100.0, 100.0),
        (Tanh, 0.0, 0.0),
        (Tanh, -0.0, -0.0),
        (Tanh, LEAST, LEAST),
        (Tanh, -LEAST, -LEAST),
        (Tanh, INF, 1.0),
        (Tanh, -INF, -1.0),
        (Tanh, f32::MAX, 1.0),
    ];
    let nans = Function::ALL.map(|kind| (kind, f32::from_bits(0xff80_0001), f32::NAN));
    for (kind, x, want) in table.into_iter().chain(nans) {
        for tier in tiers() {
            let mut got = [0.0];
            tier.map(kind, &[x], &mut got);
            assert_bits(&got, &[canonical(want)], (kind, x, tier.isa()));
        }
    }
    // Where a shortcut would overflow or go to 0.
    for (kind, x) in
        [(Exp, 88.722_83), (Exp, -100.0), (Sigmoid, -90.0), (Sigmoid, -103.0), (Softplus, -100.0)]
    {
        let got = function(kind, x);
        assert!(got > 0.0 && got.is_finite(), "{kind:?}({x}): {got:e}");
        assert!(ulps(got, exact(kind, x.into())) <= bound(kind), "{kind:?}({x}): {got:e}");
    }
}
