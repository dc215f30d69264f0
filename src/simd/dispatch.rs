//! Which tier runs: what the CPU and the operating system offer, capped by `AVOCET_ISA` and by the caller.

pub(crate) use super::registry::Kernels;
use std::sync::atomic::{AtomicU32, Ordering};

/// A tier of instructions. Results do not depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(i32)]
pub enum Isa {
    /// What every CPU of the architecture has (SSE2 on x86-64, NEON on aarch64).
    Portable = 0,
    /// AVX2, FMA and F16C.
    Avx2 = 1,
    /// AVX-512 F, BW, DQ, VL and CD.
    Avx512 = 2,
}

impl Isa {
    /// Every tier, lowest first.
    pub const ALL: [Isa; 3] = [Isa::Portable, Isa::Avx2, Isa::Avx512];

    /// The name that `AVOCET_ISA` takes: `portable`, `avx2` or `avx512`.
    pub fn name(self) -> &'static std::ffi::CStr {
        match self {
            Isa::Portable => c"portable",
            Isa::Avx2 => c"avx2",
            Isa::Avx512 => c"avx512",
        }
    }

    /// The best tier of this machine. The detection of each feature includes the operating system's support for
    /// the registers (XCR0).
    pub fn detected() -> Isa {
        #[cfg(target_arch = "x86_64")]
        {
            let avx2 = is_x86_feature_detected!("avx2")
                && is_x86_feature_detected!("fma")
                && is_x86_feature_detected!("f16c");
            let avx512 = avx2
                && is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512dq")
                && is_x86_feature_detected!("avx512vl")
                && is_x86_feature_detected!("avx512cd");
            if avx512 {
                return Isa::Avx512;
            }
            if avx2 {
                return Isa::Avx2;
            }
        }
        Isa::Portable
    }

    fn from_name(name: &std::ffi::OsStr) -> Option<Isa> {
        Isa::ALL.into_iter().find(|isa| name.as_encoded_bytes() == isa.name().to_bytes())
    }

    /// The tier of a value of the C ABI.
    pub fn from_value(value: i32) -> Option<Isa> {
        Isa::ALL.into_iter().find(|&isa| isa as i32 == value)
    }
}

/// The tier that new calls use.
pub fn active_isa() -> Isa {
    kernels().isa()
}

/// Caps the tier of new calls at `cap`, or lifts the cap that an earlier call set (`None`). Returns the tier
/// that is active from then on. The cap never raises the tier above what was detected, nor above the one that
/// the environment variable `AVOCET_ISA` names (read at the first call; an unknown name counts as none).
/// Results do not change; process-wide, safe at any time.
pub fn cap_isa(cap: Option<Isa>) -> Isa {
    let tier = ceiling().min(cap.unwrap_or(Isa::Avx512));
    ACTIVE.store(tier as u32 + 1, Ordering::Relaxed);
    tier
}

/// The active tier plus 1; 0 before the first call.
static ACTIVE: AtomicU32 = AtomicU32::new(0);

/// The detected tier, capped by the environment.
fn ceiling() -> Isa {
    let named = std::env::var_os("AVOCET_ISA").and_then(|name| Isa::from_name(&name));
    Isa::detected().min(named.unwrap_or(Isa::Avx512))
}

/// The tier of a value of [`ACTIVE`].
fn tier_of(value: u32) -> Isa {
    match value {
        0 | 1 => Isa::Portable,
        2 => Isa::Avx2,
        _ => Isa::Avx512,
    }
}

/// Whether the CPU has VNNI and BF16 beside AVX-512.
#[cfg(target_arch = "x86_64")]
pub(super) fn has_dots() -> bool {
    is_x86_feature_detected!("avx512vnni") && is_x86_feature_detected!("avx512bf16")
}

/// The kernels of the active tier.
pub(crate) fn kernels() -> &'static Kernels {
    let tier = match ACTIVE.load(Ordering::Relaxed) {
        0 => {
            // A cap that another thread sets meanwhile stays.
            let value = ceiling() as u32 + 1;
            let set = ACTIVE.compare_exchange(0, value, Ordering::Relaxed, Ordering::Relaxed);
            tier_of(set.err().unwrap_or(value))
        }
        value => tier_of(value),
    };
    // SAFETY: ACTIVE is only ever set to a tier that was detected.
    unsafe { super::registry::table(tier) }
}

/// The kernels of a tier, if this machine has it.
#[cfg(test)]
pub(crate) fn kernels_for(isa: Isa) -> Option<&'static Kernels> {
    // SAFETY: the tier was detected.
    (isa <= Isa::detected()).then(|| unsafe { super::registry::table(isa) })
}

/// The kernels of the AVX-512 tier without those that need VNNI and BF16, if this machine has other ones.
#[cfg(test)]
pub(crate) fn kernels_without_dots() -> Option<&'static Kernels> {
    #[cfg(target_arch = "x86_64")]
    if Isa::detected() == Isa::Avx512 && has_dots() {
        // SAFETY: the tier was detected.
        return Some(unsafe { super::registry::without_dots() });
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_exact() {
        for isa in Isa::ALL {
            assert_eq!(Isa::from_name(isa.name().to_str().unwrap().as_ref()), Some(isa));
            assert_eq!(Isa::from_value(isa as i32), Some(isa));
        }
        for unknown in ["", "AVX2", "avx", "avx512 ", "avx1024"] {
            assert_eq!(Isa::from_name(unknown.as_ref()), None);
        }
        assert_eq!(Isa::from_value(-1), None);
        assert_eq!(Isa::from_value(3), None);
    }

    #[test]
    fn caps_never_raise() {
        let free = cap_isa(None);
        assert!(free <= Isa::detected());
        for cap in Isa::ALL {
            assert_eq!(cap_isa(Some(cap)), cap.min(free));
            assert_eq!(active_isa(), cap.min(free));
        }
        assert_eq!(cap_isa(None), free);
    }
}
