//! What every C entry point shares: the guard around a call, statuses and the error struct, the way from C
//! pointers to slices, option structs, handles, version and instruction sets. The families' own entry points are
//! in their `ffi.rs`.
//!
//! An entry point turns its arguments into views, calls the safe Rust function and returns its status:
//!
//! - [`guard::guard`] runs the body. No panic leaves it, and an [`crate::Error`] becomes the caller's `avocet_error`.
//! - [`memory::Memory`] is the only way from a pointer to a slice. It refuses NULL, misaligned and overflowing memory,
//!   and outputs that overlap another argument, so that the slices it hands out obey Rust's rules.
//! - Enums and flags arrive as `int32_t` and are checked ([`memory::flag`] and the `from_value` functions).
//!
//! What the caller vouches for, and every SAFETY line of the entry points refers to: pointers point to as many
//! elements as the other arguments say; handles come from their `_create` function and were not destroyed; nobody
//! else writes to inputs, or touches outputs or the workspace, during the call. The header says the same in C terms.
//!
//! To add an entry point: write it in the family's `ffi.rs`, bless the header (`make header`), call it in
//! `tests/c/results.c` and provoke each of its errors in `tests/c/errors.c`; tests fail until all three are done.

#![allow(non_camel_case_types)]

pub(crate) mod error;
pub(crate) mod guard;
pub(crate) mod handles;
mod map;
pub(crate) mod memory;
#[cfg(feature = "test_hooks")]
mod test_hooks;
mod version;
pub(crate) mod views;
