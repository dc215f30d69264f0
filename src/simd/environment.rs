//! The floating-point environment of the calling thread: read, never written.

/// Whether the thread rounds to nearest, keeps subnormals, and traps on nothing.
pub fn is_default() -> bool {
    #[cfg(target_arch = "x86_64")]
    {
        // Flush to zero, rounding, exception masks (set by default), subnormals taken for zero; below: sticky flags.
        const CONTROL: u32 = 0xffc0;
        const DEFAULT: u32 = 0x1f80;
        let mut mxcsr = 0u32;
        // SAFETY: stores 4 bytes where the pointer points; SSE is part of x86-64.
        unsafe {
            std::arch::asm!("stmxcsr [{}]", in(reg) &raw mut mxcsr, options(nostack, preserves_flags));
        }
        mxcsr & CONTROL == DEFAULT
    }
    #[cfg(target_arch = "aarch64")]
    {
        // Every control bit but "default NaN", which results do not show.
        const CONTROL: u64 = !(1 << 25);
        let fpcr: u64;
        // SAFETY: reads a register that every thread may read.
        unsafe {
            std::arch::asm!("mrs {}, fpcr", out(reg) fpcr, options(nomem, nostack, preserves_flags));
        }
        fpcr & CONTROL == 0
    }
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    {
        true
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn test_threads_are_in_the_default_environment() {
        assert!(super::is_default());
    }
}
