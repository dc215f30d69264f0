//! What tests need and a release does not have.

use super::error::{avocet_error, avocet_status};
use super::guard::{guard, names};
use super::handles::{avocet_pool, threads};
use super::memory::flag;
use crate::pool;

/// Panics, on the calling thread or (`in_pool`) on those of the pool.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_test_panic(
    in_pool: i32,
    pool: *const avocet_pool,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let in_pool = flag(in_pool, c"in_pool")?;
        // SAFETY: the caller vouches for the arguments.
        let pool = unsafe { threads(pool) }?;
        let parts = if in_pool { 2 } else { 1 };
        pool::for_rows(pool, parts, 0..2, pool::even, (), &mut [], |_, (), _| panic!("on purpose"));
        Ok(())
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![in_pool, pool], call) }
}
