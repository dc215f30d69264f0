//! The boundary: errors become statuses, and no panic crosses it.

use super::error::{avocet_error, avocet_status};
use crate::error::{Error, Status};
use std::ffi::CStr;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

/// The names of an entry point's parameters, in the order of the C declaration and without the trailing `error`.
/// They must be variables in scope; `tests/header.rs` compares the list with the declaration.
macro_rules! names {
    ($($name:ident),*) => {{
        $(let _ = &$name;)*
        const NAMES: &[&std::ffi::CStr] = &[$($crate::ffi::guard::c_name!(stringify!($name))),*];
        NAMES
    }};
}
pub(crate) use names;

/// A C string literal from pieces.
macro_rules! c_name {
    ($($piece:expr),+) => {
        const {
            match std::ffi::CStr::from_bytes_with_nul(concat!($($piece,)+ "\0").as_bytes()) {
                Ok(name) => name,
                Err(_) => panic!("a name without NUL"),
            }
        }
    };
}
pub(crate) use c_name;

/// Runs the body of an entry point and returns its status. On failure, and only then, fills `error`.
///
/// # Safety
/// `error` is NULL or points to memory of an `avocet_error` that can be written.
pub(crate) unsafe fn guard(
    error: *mut avocet_error,
    names: &[&CStr],
    body: impl FnOnce() -> Result<(), Error>,
) -> avocet_status {
    static QUIET: Once = Once::new();
    QUIET.call_once(silence_own_panics);
    let failure = match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(())) => return Status::Ok as avocet_status,
        Ok(Err(failure)) => failure,
        Err(_) => Error::new(Status::Internal, c""),
    };
    if !error.is_null() {
        let filled = avocet_error::new(failure, number(failure.argument, names));
        // SAFETY: not NULL, so the caller's to fill; it may lie at any address.
        unsafe { error.write_unaligned(filled) };
    }
    failure.status as avocet_status
}

/// The number, from 1, of the parameter that an error's argument ("graph.indices") belongs to; 0 for none.
fn number(argument: &CStr, names: &[&CStr]) -> i32 {
    let parameter = argument.to_bytes().split(|&b| b == b'.').next().unwrap_or_default();
    names.iter().position(|name| name.to_bytes() == parameter).map_or(0, |at| at as i32 + 1)
}

/// Drops the message of panics that start in this crate, so that nothing is printed. Others go to the hook that
/// was there before.
fn silence_own_panics() {
    let (sources, _) = file!().split_at(file!().len() - "ffi/guard.rs".len());
    let previous = take_hook();
    set_hook(Box::new(move |panic| {
        if !panic.location().is_some_and(|location| location.file().starts_with(sources)) {
            previous(panic);
        }
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_have_numbers() {
        let (graph, x) = ((), ());
        let names = names![graph, x];
        assert_eq!(names, [c"graph", c"x"]);
        assert_eq!(number(c"graph.indices", names), 1);
        assert_eq!(number(c"x", names), 2);
        assert_eq!(number(c"y", names), 0);
        assert_eq!(number(c"", names), 0);
    }

    #[test]
    fn the_sources_have_a_common_prefix() {
        let (sources, this) = file!().split_at(file!().len() - "ffi/guard.rs".len());
        assert!(sources.ends_with("src/") && this == "ffi/guard.rs", "{sources} {this}");
    }
}
