//! Large pages for large memory: what is read here and there then misses the processor's table of pages less often.

use crate::error::{Error, Status};
use std::ffi::CStr;

/// Bytes from which on it pays, and of a large page where this is in use.
#[cfg(target_os = "linux")]
const LARGE: usize = 2 << 20;

/// Room for `len` values, or an error.
pub(crate) fn allocate<T>(len: usize, argument: &'static CStr) -> Result<Vec<T>, Error> {
    let mut memory = Vec::new();
    reserve(&mut memory, len).map_err(|()| Error::new(Status::OutOfMemory, argument).size(len))?;
    Ok(memory)
}

/// Room for `len` more values.
pub(crate) fn reserve<T>(memory: &mut Vec<T>, len: usize) -> Result<(), ()> {
    memory.try_reserve_exact(len).map_err(|_| ())?;
    ask(memory);
    Ok(())
}

/// Asks for large pages for the room that is not used yet; the system may not have any.
#[cfg(target_os = "linux")]
fn ask<T>(memory: &mut Vec<T>) {
    let room = memory.spare_capacity_mut();
    let start = room.as_mut_ptr().cast::<u8>();
    let (skip, bytes) = (start.align_offset(LARGE), size_of_val(room));
    let whole = bytes.saturating_sub(skip) / LARGE * LARGE;
    if whole > 0 {
        // SAFETY: `skip + whole <= bytes`, so that the range lies in the room; its content stays what it is.
        unsafe { libc::madvise(start.add(skip).cast(), whole, libc::MADV_HUGEPAGE) };
    }
}

#[cfg(not(target_os = "linux"))]
fn ask<T>(_: &mut Vec<T>) {}
