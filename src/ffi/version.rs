//! Version, instruction sets and the floating-point environment.

use crate::simd::dispatch::{Isa, active_isa, cap_isa};
use crate::simd::environment;
use std::ffi::c_char;

/// The first part of the version of this header.
pub const AVOCET_VERSION_MAJOR: i32 = 0;
/// The second part.
pub const AVOCET_VERSION_MINOR: i32 = 1;
/// The third part.
pub const AVOCET_VERSION_PATCH: i32 = 0;
/// The three parts in one number that grows with the version: 1002003 is 1.2.3.
pub const AVOCET_VERSION_NUMBER: i32 =
    AVOCET_VERSION_MAJOR * 1_000_000 + AVOCET_VERSION_MINOR * 1_000 + AVOCET_VERSION_PATCH;
/// The binary interface that this header describes. A program works with every library whose `avocet_abi_version()` is
/// the one that it was compiled with and whose version is not lower.
pub const AVOCET_ABI_VERSION: i32 = 1;

/// What every CPU of the architecture has: SSE2 on x86-64, NEON on aarch64.
pub const AVOCET_ISA_PORTABLE: i32 = 0;
/// AVX2, FMA and F16C.
pub const AVOCET_ISA_AVX2: i32 = 1;
/// AVX-512 F, BW, DQ, VL and CD.
pub const AVOCET_ISA_AVX512: i32 = 2;

/// The version of the library, such as "1.2.3". The text lives as long as the library is loaded.
#[unsafe(no_mangle)]
pub extern "C" fn avocet_version() -> *const c_char {
    concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast()
}

/// The version of the library in one number; compare it with `AVOCET_VERSION_NUMBER`.
#[unsafe(no_mangle)]
pub extern "C" fn avocet_version_number() -> i32 {
    AVOCET_VERSION_NUMBER
}

/// The binary interface of the library; compare it with `AVOCET_ABI_VERSION`.
#[unsafe(no_mangle)]
pub extern "C" fn avocet_abi_version() -> i32 {
    AVOCET_ABI_VERSION
}

/// The best tier of instructions that this machine and its operating system offer: `AVOCET_ISA_*`.
#[unsafe(no_mangle)]
pub extern "C" fn avocet_isa_detected() -> i32 {
    Isa::detected() as i32
}

/// The tier that new calls use: the detected one, capped by `avocet_isa_cap` and by the environment variable
/// `AVOCET_ISA` (`portable`, `avx2` or `avx512`; other values count as none), which the first call of a process and
/// `avocet_isa_cap` look at. Results do not depend on it.
#[unsafe(no_mangle)]
pub extern "C" fn avocet_isa_active() -> i32 {
    active_isa() as i32
}

/// The name of a tier, as `AVOCET_ISA` takes it; "unknown" for other values. The text lives as long as the library is
/// loaded.
#[unsafe(no_mangle)]
pub extern "C" fn avocet_isa_name(isa: i32) -> *const c_char {
    Isa::from_value(isa).map_or(c"unknown", Isa::name).as_ptr()
}

/// Caps the tier of new calls at `isa`, in place of an earlier cap; a negative `isa` lifts the cap, and an unknown one
/// changes nothing. Returns the tier that is active from then on: never above the detected one, nor above what the
/// environment variable `AVOCET_ISA` names. For the whole process; safe at any time, from any thread.
#[unsafe(no_mangle)]
pub extern "C" fn avocet_isa_cap(isa: i32) -> i32 {
    let active = match Isa::from_value(isa) {
        Some(cap) => cap_isa(Some(cap)),
        None if isa < 0 => cap_isa(None),
        None => active_isa(),
    };
    active as i32
}

/// 1 if the calling thread is in the default floating-point environment (round to nearest, subnormals neither flushed
/// to zero nor taken for zero, no exception traps), else 0. The library never changes the environment; its promise of
/// the same bits everywhere holds in the default one.
#[unsafe(no_mangle)]
pub extern "C" fn avocet_float_environment_is_default() -> i32 {
    environment::is_default().into()
}

const _: () = {
    assert!(AVOCET_ISA_PORTABLE == Isa::Portable as i32);
    assert!(AVOCET_ISA_AVX2 == Isa::Avx2 as i32);
    assert!(AVOCET_ISA_AVX512 == Isa::Avx512 as i32);
    // One part each, and none lost or twice in the packed number.
    assert!(AVOCET_VERSION_NUMBER / 1_000_000 == AVOCET_VERSION_MAJOR);
    assert!(AVOCET_VERSION_NUMBER / 1_000 % 1_000 == AVOCET_VERSION_MINOR);
    assert!(AVOCET_VERSION_NUMBER % 1_000 == AVOCET_VERSION_PATCH);
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_is_the_manifest_s() {
        let parts = [AVOCET_VERSION_MAJOR, AVOCET_VERSION_MINOR, AVOCET_VERSION_PATCH];
        assert_eq!(parts.map(|part| part.to_string()).join("."), env!("CARGO_PKG_VERSION"));
    }
}
