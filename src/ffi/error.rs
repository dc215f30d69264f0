//! Statuses, the error struct and its text.

use crate::error::{Error, Status, Value};
use std::ffi::{CStr, c_char};
use std::fmt::{self, Write};

/// What a call returns: `AVOCET_OK` or one of `AVOCET_ERROR_*`. Values are never renumbered; later versions may
/// add some.
pub type avocet_status = i32;

/// Success.
pub const AVOCET_OK: avocet_status = 0;
/// A pointer is NULL although its length is not 0, or a required handle, view or output is NULL.
pub const AVOCET_ERROR_NULL_POINTER: avocet_status = 1;
/// A value outside its allowed set: an unknown enum value, a flag that is neither 0 nor 1, a negative margin; or a
/// pointer that is not aligned to its element type (the integer is the address modulo the alignment).
pub const AVOCET_ERROR_INVALID_ARGUMENT: avocet_status = 2;
/// Sizes that must agree do not; the integer is the size found.
pub const AVOCET_ERROR_SHAPE_MISMATCH: avocet_status = 3;
/// A size whose product overflows, or exceeds what the address space or an index type can hold.
pub const AVOCET_ERROR_SIZE_OVERFLOW: avocet_status = 4;
/// An index that is negative or not below its limit; position and integer say which.
pub const AVOCET_ERROR_INDEX_OUT_OF_RANGE: avocet_status = 5;
/// Offsets that do not start at 0, go down, or do not end at the number of edges.
pub const AVOCET_ERROR_INVALID_OFFSETS: avocet_status = 6;
/// Indices that must be in ascending order within a row (or strictly ascending) are not.
pub const AVOCET_ERROR_NOT_SORTED: avocet_status = 7;
/// NaN or infinity where a finite value is needed.
pub const AVOCET_ERROR_NOT_FINITE: avocet_status = 8;
/// An output overlaps another argument in memory.
pub const AVOCET_ERROR_OVERLAP: avocet_status = 9;
/// The workspace is smaller than the call needs; the integer is the number of bytes needed.
pub const AVOCET_ERROR_WORKSPACE_TOO_SMALL: avocet_status = 10;
/// Memory could not be allocated.
pub const AVOCET_ERROR_OUT_OF_MEMORY: avocet_status = 11;
/// The operating system refused a thread.
pub const AVOCET_ERROR_THREADS_UNAVAILABLE: avocet_status = 12;
/// A struct has a `struct_size` that this library does not know; the integer is what was found.
pub const AVOCET_ERROR_STRUCT_SIZE: avocet_status = 13;
/// The library is of another version than the binding that loads it. No function returns it: it is what bindings report,
/// so that it has its place among the statuses.
pub const AVOCET_ERROR_INCOMPATIBLE_LIBRARY: avocet_status = 14;
/// No answer meets the constraint; the real is the best that there is of what it asks for, rounded.
pub const AVOCET_ERROR_INFEASIBLE: avocet_status = 15;
/// The work limit ended a search before it found an answer, or that there is none.
pub const AVOCET_ERROR_WORK_LIMIT: avocet_status = 16;
/// A defect of the library, not of the call. Outputs are unspecified; everything else remains usable.
pub const AVOCET_ERROR_INTERNAL: avocet_status = 99;

/// There is no offending value to name.
pub const AVOCET_VALUE_NONE: i32 = 0;
/// The offending value is `integer`.
pub const AVOCET_VALUE_INTEGER: i32 = 1;
/// The offending value is `real`.
pub const AVOCET_VALUE_REAL: i32 = 2;

/// Why a call was refused. The caller owns it and passes its address, or NULL, as the last argument. It is filled
/// when the call fails and left as it was when the call succeeds. Its layout never changes.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct avocet_error {
    /// The status that the call returned.
    pub status: avocet_status,
    /// The number of the argument at fault, the first being 1; 0 if none is.
    pub argument: i32,
    /// Which of `integer` and `real` is the offending value: `AVOCET_VALUE_*`.
    pub value: i32,
    /// 0.
    pub reserved: i32,
    /// The first bad position within the argument; 0 where it has none.
    pub position: u64,
    /// The value found there, if it is an index, a size, a count or an enum value; else 0.
    pub integer: i64,
    /// The value found there, if it is a floating-point value; else 0.
    pub real: f64,
    /// The argument at fault with its field, such as "csr.indices"; empty if there is none. Never NULL; the text
    /// lives as long as the library is loaded.
    pub name: *const c_char,
}

impl avocet_error {
    /// An error about the parameter of the given number.
    pub(super) fn new(error: Error, argument: i32) -> avocet_error {
        let (value, integer, real) = match error.value {
            Value::None => (AVOCET_VALUE_NONE, 0, 0.0),
            Value::Integer(integer) => (AVOCET_VALUE_INTEGER, integer, 0.0),
            Value::Real(real) => (AVOCET_VALUE_REAL, 0, real),
        };
        let (status, position) = (error.status as avocet_status, error.position);
        let name = error.argument.as_ptr();
        avocet_error { status, argument, value, reserved: 0, position, integer, real, name }
    }
}

/// Every status with its value and name in C.
const STATUSES: [(avocet_status, Status, &CStr); 18] = [
    (AVOCET_OK, Status::Ok, c"AVOCET_OK"),
    (AVOCET_ERROR_NULL_POINTER, Status::NullPointer, c"AVOCET_ERROR_NULL_POINTER"),
    (AVOCET_ERROR_INVALID_ARGUMENT, Status::InvalidArgument, c"AVOCET_ERROR_INVALID_ARGUMENT"),
    (AVOCET_ERROR_SHAPE_MISMATCH, Status::ShapeMismatch, c"AVOCET_ERROR_SHAPE_MISMATCH"),
    (AVOCET_ERROR_SIZE_OVERFLOW, Status::SizeOverflow, c"AVOCET_ERROR_SIZE_OVERFLOW"),
    (AVOCET_ERROR_INDEX_OUT_OF_RANGE, Status::IndexOutOfRange, c"AVOCET_ERROR_INDEX_OUT_OF_RANGE"),
    (AVOCET_ERROR_INVALID_OFFSETS, Status::InvalidOffsets, c"AVOCET_ERROR_INVALID_OFFSETS"),
    (AVOCET_ERROR_NOT_SORTED, Status::NotSorted, c"AVOCET_ERROR_NOT_SORTED"),
    (AVOCET_ERROR_NOT_FINITE, Status::NotFinite, c"AVOCET_ERROR_NOT_FINITE"),
    (AVOCET_ERROR_OVERLAP, Status::Overlap, c"AVOCET_ERROR_OVERLAP"),
    (AVOCET_ERROR_WORKSPACE_TOO_SMALL, Status::WorkspaceTooSmall, c"AVOCET_ERROR_WORKSPACE_TOO_SMALL"),
    (AVOCET_ERROR_OUT_OF_MEMORY, Status::OutOfMemory, c"AVOCET_ERROR_OUT_OF_MEMORY"),
    (AVOCET_ERROR_THREADS_UNAVAILABLE, Status::ThreadsUnavailable, c"AVOCET_ERROR_THREADS_UNAVAILABLE"),
    (AVOCET_ERROR_STRUCT_SIZE, Status::StructSize, c"AVOCET_ERROR_STRUCT_SIZE"),
    (AVOCET_ERROR_INCOMPATIBLE_LIBRARY, Status::IncompatibleLibrary, c"AVOCET_ERROR_INCOMPATIBLE_LIBRARY"),
    (AVOCET_ERROR_INFEASIBLE, Status::Infeasible, c"AVOCET_ERROR_INFEASIBLE"),
    (AVOCET_ERROR_WORK_LIMIT, Status::WorkLimit, c"AVOCET_ERROR_WORK_LIMIT"),
    (AVOCET_ERROR_INTERNAL, Status::Internal, c"AVOCET_ERROR_INTERNAL"),
];

fn known(status: avocet_status) -> Option<(Status, &'static CStr)> {
    STATUSES.into_iter().find(|&(value, _, _)| value == status).map(|(_, status, name)| (status, name))
}

/// The name of a status, such as "AVOCET_ERROR_OVERLAP"; "unknown" for values that this library does not know. Never
/// NULL; the text lives as long as the library is loaded.
#[unsafe(no_mangle)]
pub extern "C" fn avocet_status_name(status: avocet_status) -> *const c_char {
    known(status).map_or(c"unknown", |(_, name)| name).as_ptr()
}

/// A short English description of a status; "unknown status" for values that this library does not know. Never NULL;
/// the text lives as long as the library is loaded.
#[unsafe(no_mangle)]
pub extern "C" fn avocet_status_message(status: avocet_status) -> *const c_char {
    message(status).as_ptr()
}

fn message(status: avocet_status) -> &'static CStr {
    known(status).map_or(c"unknown status", |(status, _)| status.message())
}

/// Writes a one-line English description of `error` to `buffer`, such as
/// "index out of range: argument 1 (csr.indices), position 7, value 12".
///
/// Works like snprintf: at most `capacity` bytes are written, the last of them NUL if `capacity` is not 0; the result
/// is the length of the whole text without its NUL, so that a result of `capacity` or more means that it was cut.
/// `buffer` may be NULL if `capacity` is 0. A NULL `error` gives an empty text. `error` was filled by a failed
/// call, or by a program in the same way for faults that it finds itself, or holds zeros. Allocates nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_error_format(
    error: *const avocet_error,
    buffer: *mut c_char,
    capacity: usize,
) -> usize {
    let capacity = if buffer.is_null() { 0 } else { capacity };
    let mut text = Text { buffer: buffer.cast(), room: capacity.saturating_sub(1), length: 0 };
    if !error.is_null() {
        // SAFETY: not NULL, so the caller's, filled or zero.
        let error = unsafe { error.read_unaligned() };
        // Writing to `Text` cannot fail.
        let _ = describe(&mut text, &error);
    }
    if capacity > 0 {
        // SAFETY: at most capacity - 1 bytes come before the NUL.
        unsafe { text.buffer.add(text.length.min(text.room)).write(0) };
    }
    text.length
}

fn describe(text: &mut Text, error: &avocet_error) -> fmt::Result {
    text.write_bytes(message(error.status).to_bytes());
    if error.argument > 0 {
        write!(text, ": argument {}", error.argument)?;
    }
    if !error.name.is_null() {
        // SAFETY: a name that is not NULL is one of the library's static strings.
        let name = unsafe { CStr::from_ptr(error.name) };
        if !name.is_empty() {
            text.write_str(" (")?;
            text.write_bytes(name.to_bytes());
            text.write_str(")")?;
        }
    }
    let positioned = matches!(
        error.status,
        AVOCET_ERROR_INDEX_OUT_OF_RANGE
            | AVOCET_ERROR_INVALID_OFFSETS
            | AVOCET_ERROR_NOT_SORTED
            | AVOCET_ERROR_NOT_FINITE
    );
    if positioned || error.position > 0 {
        write!(text, ", position {}", error.position)?;
    }
    match error.value {
        AVOCET_VALUE_INTEGER => write!(text, ", value {}", error.integer),
        AVOCET_VALUE_REAL => write!(text, ", value {:?}", error.real),
        _ => Ok(()),
    }
}

/// A C buffer that takes as much of a text as has room, and counts all of it.
struct Text {
    buffer: *mut u8,
    /// Bytes that may be written, without the NUL.
    room: usize,
    length: usize,
}

impl Text {
    fn write_bytes(&mut self, bytes: &[u8]) {
        let taken = bytes.len().min(self.room.saturating_sub(self.length));
        if taken > 0 {
            // SAFETY: length + taken <= room, which the caller's buffer has; the texts are static or on our stack.
            unsafe { self.buffer.add(self.length).copy_from_nonoverlapping(bytes.as_ptr(), taken) };
        }
        self.length += bytes.len();
    }
}

impl Write for Text {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.write_bytes(text.as_bytes());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_the_library_s() {
        assert_eq!(STATUSES.map(|(_, status, _)| status), Status::ALL);
        for (value, status, name) in STATUSES {
            assert_eq!(value, status as avocet_status, "{name:?}");
        }
    }
}
