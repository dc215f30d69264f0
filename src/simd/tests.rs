//! The lane operations of every tier of this machine, lane by lane against scalar code.

use super::dispatch::Isa;
#[cfg(target_arch = "x86_64")]
use super::dispatch::kernels_for;
use super::{CANONICAL_NAN, LANES, Lanes, Simd, portable::Portable};
use crate::test_support::Random;
use half::{bf16, f16};
use std::hint::black_box;

/// Calls `$check(token, tier)` for each tier. Outside of a stamped wrapper the operations are slow calls.
macro_rules! on_every_tier {
    ($check:ident) => {
        // SAFETY: every CPU has the portable tier.
        $check(unsafe { Portable::assume() }, Isa::Portable);
        #[cfg(target_arch = "x86_64")]
        {
            if kernels_for(Isa::Avx2).is_some() {
                // SAFETY: the tier was detected.
                $check(unsafe { super::avx2::Avx2::assume() }, Isa::Avx2);
            }
            if kernels_for(Isa::Avx512).is_some() {
                // SAFETY: the tier was detected.
                $check(unsafe { super::avx512::Avx512::<false>::assume() }, Isa::Avx512);
            }
        }
    };
}

fn lanes<S: Simd>(s: S, v: S::F32) -> Lanes {
    let mut lanes = [0.0; 16];
    s.store(&mut lanes, v);
    lanes
}

/// `v` with any NaN replaced by one. Hidden from LLVM, which drops the replacement where it sees a square root.
fn quiet(v: f32) -> f32 {
    let v = black_box(v);
    if v.is_nan() { CANONICAL_NAN } else { v }
}

#[track_caller]
fn same(got: Lanes, want: Lanes, what: &str, isa: Isa) {
    assert_eq!(got.map(f32::to_bits), want.map(f32::to_bits), "{what} on {isa:?}: {got:?}, not {want:?}");
}

fn wild(random: &mut Random) -> Lanes {
    random.wild(16).try_into().unwrap()
}

/// Arithmetic up to the payload of a NaN; moves, comparisons and choices bit for bit.
fn operations<S: Simd>(s: S, isa: Isa) {
    let mut random = Random::new(20);
    for _ in 0..500 {
        let (x, y, z) = (wild(&mut random), wild(&mut random), wild(&mut random));
        let (a, b, c) = (s.load(&x), s.load(&y), s.load(&z));
        let two = |f: fn(f32, f32) -> f32| std::array::from_fn(|i| f(x[i], y[i]));
        let rounded = |v: S::F32| lanes(s, v).map(quiet);
        same(rounded(s.add(a, b)), two(|a, b| quiet(a + b)), "add", isa);
        same(rounded(s.sub(a, b)), two(|a, b| quiet(a - b)), "sub", isa);
        same(rounded(s.mul(a, b)), two(|a, b| quiet(a * b)), "mul", isa);
        same(rounded(s.div(a, b)), two(|a, b| quiet(a / b)), "div", isa);
        same(rounded(s.sqrt(a)), x.map(|a| quiet(a.sqrt())), "sqrt", isa);
        let fused = std::array::from_fn(|i| quiet(x[i].mul_add(y[i], z[i])));
        same(rounded(s.fma(a, b, c)), fused, "fma", isa);
        same(lanes(s, s.canonical(a)), x.map(quiet), "canonical", isa);
        same(lanes(s, s.abs(a)), x.map(f32::abs), "abs", isa);
        same(lanes(s, s.copy_sign(a, b)), two(f32::copysign), "copy_sign", isa);
        same(lanes(s, s.max(a, b)), two(|a, b| if a > b { a } else { b }), "max", isa);
        let integers = |f: fn(i32, i32) -> i32| {
            std::array::from_fn(|i| f32::from_bits(f(x[i].to_bits() as i32, y[i].to_bits() as i32) as u32))
        };
        same(lanes(s, s.add_i32(a, b)), integers(i32::wrapping_add), "add_i32", isa);
        same(lanes(s, s.max_i32(a, b)), integers(i32::max), "max_i32", isa);
        same(lanes(s, s.min(a, b)), two(|a, b| if a < b { a } else { b }), "min", isa);
        let (less, equal) = (s.less(a, b), s.equal(a, b));
        same(lanes(s, s.select(less, a, b)), two(|a, b| if a < b { a } else { b }), "select", isa);
        let mask =
            |f: fn(&f32, &f32) -> bool| (0..16).fold(0, |mask, i| mask | u16::from(f(&x[i], &y[i])) << i);
        assert_eq!((s.bits(less), s.bits(equal)), (mask(f32::lt), mask(f32::eq)), "{isa:?}");
        let mut sum = x.to_vec();
        while sum.len() > 1 {
            let half = sum.len() / 2;
            sum = (0..half).map(|i| sum[i] + sum[i + half]).collect();
        }
        assert_eq!(quiet(s.fold(a)).to_bits(), quiet(sum[0]).to_bits(), "fold on {isa:?}");
        for n in 0..=16 {
            let mut part = [7.0; 16];
            s.store_part(&mut part[..n], a);
            same(part, std::array::from_fn(|i| if i < n { x[i] } else { 7.0 }), "store_part", isa);
            let kept = std::array::from_fn(|i| if i < n { x[i] } else { 0.0 });
            same(lanes(s, s.load_part(&x[..n])), kept, "load_part", isa);
        }
    }
}

/// The folds of 16 vectors at once are those of each.
fn folds_each<S: Simd>(s: S, isa: Isa) {
    let mut random = Random::new(22);
    for _ in 0..500 {
        let rows: [Lanes; 16] = std::array::from_fn(|_| wild(&mut random));
        let got = lanes(s, s.fold_each(rows.map(|row| s.load(&row))));
        same(got.map(quiet), rows.map(|row| quiet(s.fold(s.load(&row)))), "fold_each", isa);
    }
}

/// Every value of 16 bits, whole vectors and parts of them, against `half`.
fn widens<S: Simd>(s: S, isa: Isa) {
    for from in (0..=u16::MAX).step_by(LANES) {
        let bits: [u16; LANES] = std::array::from_fn(|i| from + i as u16);
        let (x, y) = (bits.map(f16::from_bits), bits.map(bf16::from_bits));
        let (of_x, of_y) = (x.map(|x| quiet(x.to_f32_const())), y.map(|y| quiet(y.to_f32_const())));
        same(lanes(s, s.load_f16(&x)).map(quiet), of_x, "load_f16", isa);
        same(lanes(s, s.load_bf16(&y)).map(quiet), of_y, "load_bf16", isa);
        for n in (from as usize / LANES % 4..=LANES).step_by(4) {
            let kept = |v: Lanes| std::array::from_fn(|i| if i < n { v[i] } else { 0.0 });
            same(lanes(s, s.load_f16_part(&x[..n])).map(quiet), kept(of_x), "load_f16_part", isa);
            same(lanes(s, s.load_bf16_part(&y[..n])).map(quiet), kept(of_y), "load_bf16_part", isa);
        }
    }
}

/// Lane i of row j becomes lane j of row i.
fn transposes<S: Simd>(s: S, isa: Isa) {
    let rows: [Lanes; 16] = std::array::from_fn(|i| std::array::from_fn(|j| (16 * i + j) as f32));
    let turned = s.transpose(rows.map(|row| s.load(&row)));
    for (i, row) in turned.into_iter().enumerate() {
        same(lanes(s, row), std::array::from_fn(|j| rows[j][i]), "transpose", isa);
    }
}

/// Exact where they are specified, and everywhere what the portable tier gives.
fn exponents<S: Simd>(s: S, isa: Isa) {
    for n in -126..=127 {
        let power = lanes(s, s.pow2(s.splat(n as f32)));
        same(power, [f32::from_bits(((n + 127) as u32) << 23); 16], "pow2", isa);
    }
    let mut random = Random::new(21);
    for _ in 0..5_000 {
        let x: Lanes = std::array::from_fn(|_| f32::from_bits(random.u32()));
        let v = s.load(&x);
        let (m, e) = s.split_exponent(v);
        let (m, e) = (lanes(s, m), lanes(s, e));
        for i in (0..16).filter(|&i| x[i] > 0.0 && x[i].is_normal()) {
            assert!((0.5f32.sqrt()..2f32.sqrt()).contains(&m[i]), "{isa:?}: {:e} gives {}", x[i], m[i]);
            assert_eq!(f64::from(m[i]) * 2f64.powi(e[i] as i32), f64::from(x[i]), "{isa:?}");
        }
        let portable = Portable.split_exponent(Portable.load(&x));
        same(m, lanes(Portable, portable.0), "split_exponent", isa);
        same(e, lanes(Portable, portable.1), "split_exponent", isa);
        let portable = Portable.pow2(Portable.load(&x));
        same(lanes(s, s.pow2(v)), lanes(Portable, portable), "pow2", isa);
    }
}

/// Whole numbers, the order of f32, tables.
fn places<S: Simd>(s: S, isa: Isa) {
    let mut random = Random::new(22);
    let mut reals: Vec<f32> = (0..100_000).map(|_| f32::from_bits(random.u32())).collect();
    reals.extend([0.0, -0.0, f32::INFINITY, f32::NEG_INFINITY, 1e-45, -1e-45, f32::MAX, f32::MIN]);
    reals.retain(|v| !v.is_nan());
    reals.truncate(reals.len() / 16 * 16);
    reals.sort_by(f32::total_cmp);
    let mut before = f32::NEG_INFINITY;
    for x in reals.as_chunks::<16>().0 {
        let found = lanes(s, s.ordinal(s.load(x)));
        same(found, lanes(Portable, Portable.ordinal(Portable.load(x))), "ordinal", isa);
        for (&place, &x) in found.iter().zip(x) {
            assert!(before <= place && (x != 0.0 || place == 0.0), "{isa:?}: {x:e} at {place}");
            before = place;
        }
    }
    let table: Vec<f32> = random.values(77);
    let parts: Vec<u64> = (0..77).map(|_| random.u64() & !(0x0100 << 16)).collect();
    let pick: [Lanes; 4] = std::array::from_fn(|i| std::array::from_fn(|j| table[16 * i + j]));
    for _ in 0..500 {
        let x: Lanes = std::array::from_fn(|_| random.below(1 << 24) as f32 / 16.0);
        same(lanes(s, s.truncate(s.load(&x))), x.map(f32::trunc), "truncate", isa);
        let (mut whole, mut flags) = ([0; 16], [7; 16]);
        s.store_u32(&mut whole, s.load(&x));
        assert_eq!(whole, x.map(|x| x as u32), "store_u32 on {isa:?}");
        let mask = s.at_least(s.load(&x), s.splat(500_000.0));
        s.store_flags(&mut flags, mask);
        assert_eq!(flags, x.map(|x| u8::from(x >= 500_000.0)), "store_flags on {isa:?}");
        // Some places beyond the tables.
        let at: [usize; 16] = std::array::from_fn(|_| random.below(90));
        let places = s.load(&at.map(|at| at as f32));
        same(lanes(s, s.look_up(&table, places)), at.map(|at| table[at.min(76)]), "look_up", isa);
        let (real, first, second) = s.look_up_parts(&parts, places);
        let part = |at: usize, shift: u32| parts[at.min(76)] >> shift;
        same(lanes(s, real), at.map(|at| f32::from_bits(part(at, 0) as u32)), "look_up_parts", isa);
        same(lanes(s, first), at.map(|at| f32::from(part(at, 32) as u16)), "look_up_parts", isa);
        same(lanes(s, second), at.map(|at| f32::from(part(at, 48) as u16)), "look_up_parts", isa);
        let at = at.map(|at| at % 64);
        let found = s.pick(&pick.map(|lanes| s.load(&lanes)), s.load(&at.map(|at| at as f32)));
        same(lanes(s, found), at.map(|at| table[at]), "pick", isa);
    }
    let (x, y) = (wild(&mut random), wild(&mut random));
    let bits = s.bits(s.at_least(s.load(&x), s.load(&y)));
    assert!((0..16).all(|i| (bits >> i & 1 == 1) == (x[i] >= y[i])), "at_least on {isa:?}");
}

#[test]
fn lane_places() {
    on_every_tier!(places);
}

#[test]
fn lane_operations() {
    on_every_tier!(operations);
    on_every_tier!(transposes);
    on_every_tier!(folds_each);
    on_every_tier!(widens);
}

#[test]
fn lane_exponents() {
    on_every_tier!(exponents);
}
