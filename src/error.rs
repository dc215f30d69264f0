//! The one error type: what, which argument, which position, which value.

use std::ffi::CStr;
use std::fmt;

/// What went wrong. The values are part of the C ABI and are never renumbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum Status {
    /// Success.
    Ok = 0,
    /// A pointer is NULL although its length is not 0, or a required handle or output is NULL.
    NullPointer = 1,
    /// A value outside its allowed set: an unknown enum value, a negative margin, a zero temperature.
    InvalidArgument = 2,
    /// Sizes that must agree do not; the value is the size found.
    ShapeMismatch = 3,
    /// A size whose product overflows, or exceeds what the address space or an index type can hold.
    SizeOverflow = 4,
    /// An index that is negative or not below its limit; position and value say which.
    IndexOutOfRange = 5,
    /// Offsets that do not start at 0, go down, or do not end at the number of edges.
    InvalidOffsets = 6,
    /// Indices that must be in ascending order within a row (or strictly ascending) are not.
    NotSorted = 7,
    /// NaN or infinity where a finite value is needed.
    NotFinite = 8,
    /// An output overlaps another argument in memory.
    Overlap = 9,
    /// The workspace is smaller than the call needs; the value is the number of bytes needed.
    WorkspaceTooSmall = 10,
    /// Memory could not be allocated.
    OutOfMemory = 11,
    /// The operating system refused a thread.
    ThreadsUnavailable = 12,
    /// An option struct has a `struct_size` that this library does not know.
    StructSize = 13,
    /// The library is of another version than the binding that loads it. Returned by bindings only.
    IncompatibleLibrary = 14,
    /// No answer meets the constraint; the value is the best that there is of what it asks for.
    Infeasible = 15,
    /// The work limit ended a search before it found an answer, or that there is none.
    WorkLimit = 16,
    /// A panic inside the library: a defect of the library, not of the call. Outputs are unspecified.
    Internal = 99,
}

impl Status {
    /// Every status, in the order of its value.
    pub const ALL: [Status; 18] = [
        Status::Ok,
        Status::NullPointer,
        Status::InvalidArgument,
        Status::ShapeMismatch,
        Status::SizeOverflow,
        Status::IndexOutOfRange,
        Status::InvalidOffsets,
        Status::NotSorted,
        Status::NotFinite,
        Status::Overlap,
        Status::WorkspaceTooSmall,
        Status::OutOfMemory,
        Status::ThreadsUnavailable,
        Status::StructSize,
        Status::IncompatibleLibrary,
        Status::Infeasible,
        Status::WorkLimit,
        Status::Internal,
    ];

    /// A short English description.
    pub fn message(self) -> &'static CStr {
        match self {
            Status::Ok => c"ok",
            Status::NullPointer => c"null pointer",
            Status::InvalidArgument => c"invalid argument",
            Status::ShapeMismatch => c"shape mismatch",
            Status::SizeOverflow => c"size overflow",
            Status::IndexOutOfRange => c"index out of range",
            Status::InvalidOffsets => c"invalid offsets",
            Status::NotSorted => c"not sorted",
            Status::NotFinite => c"not finite",
            Status::Overlap => c"output overlaps another argument",
            Status::WorkspaceTooSmall => c"workspace too small, bytes needed",
            Status::OutOfMemory => c"out of memory",
            Status::ThreadsUnavailable => c"threads unavailable",
            Status::StructSize => c"unknown struct size",
            Status::IncompatibleLibrary => c"the library is of another version",
            Status::Infeasible => c"nothing meets the constraint, the best there is",
            Status::WorkLimit => c"work limit reached without an answer",
            Status::Internal => c"internal error",
        }
    }
}

/// The offending value of an [`Error`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    /// There is none to name.
    None,
    /// An index, size, count or enum value.
    Integer(i64),
    /// A floating-point value.
    Real(f64),
}

/// Why a call was refused.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Error {
    /// What went wrong.
    pub status: Status,
    /// The argument at fault, with its field after a dot (`c"graph.indices"`); empty if none is.
    pub argument: &'static CStr,
    /// The first bad position within the argument; 0 where it has none.
    pub position: u64,
    /// The value found there.
    pub value: Value,
}

impl Error {
    /// An error about a whole argument.
    pub(crate) fn new(status: Status, argument: &'static CStr) -> Error {
        Error { status, argument, position: 0, value: Value::None }
    }

    /// The same error at a position.
    pub(crate) fn at(self, position: usize) -> Error {
        Error { position: position as u64, ..self }
    }

    /// The same error with an integer value.
    pub(crate) fn integer(self, value: i64) -> Error {
        Error { value: Value::Integer(value), ..self }
    }

    /// The same error with a size; sizes beyond i64 are capped.
    pub(crate) fn size(self, value: usize) -> Error {
        self.integer(i64::try_from(value).unwrap_or(i64::MAX))
    }

    /// The same error with a floating-point value.
    pub(crate) fn real(self, value: f64) -> Error {
        Error { value: Value::Real(value), ..self }
    }

    /// The same error, with the argument `from` called `to`.
    pub(crate) fn renamed(self, from: &CStr, to: &'static CStr) -> Error {
        if self.argument == from { self.about(to) } else { self }
    }

    /// The same error about an argument of another name: a callee's name is not the caller's.
    pub(crate) fn about(self, argument: &'static CStr) -> Error {
        Error { argument, ..self }
    }
}

/// Refuses with [`Status::ShapeMismatch`] unless `found == wanted`.
pub(crate) fn check_size(found: usize, wanted: usize, argument: &'static CStr) -> Result<(), Error> {
    if found == wanted { Ok(()) } else { Err(Error::new(Status::ShapeMismatch, argument).size(found)) }
}

/// Refuses an option that is NaN or infinite with [`Status::NotFinite`], one that does not hold otherwise with
/// [`Status::InvalidArgument`].
pub(crate) fn check_option(holds: bool, argument: &'static CStr, value: f64) -> Result<(), Error> {
    match (value.is_finite(), holds) {
        (false, _) => Err(Error::new(Status::NotFinite, argument).real(value)),
        (true, false) => Err(Error::new(Status::InvalidArgument, argument).real(value)),
        (true, true) => Ok(()),
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.status.message().to_string_lossy())?;
        if !self.argument.is_empty() {
            write!(f, ": {}, position {}", self.argument.to_string_lossy(), self.position)?;
        }
        match self.value {
            Value::None => Ok(()),
            Value::Integer(value) => write!(f, ", value {value}"),
            Value::Real(value) => write!(f, ", value {value:?}"),
        }
    }
}

impl std::error::Error for Error {}
