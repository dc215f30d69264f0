//! Plain structs that borrow the caller's memory.

use std::ffi::c_void;

/// 32-bit IEEE 754 floating point: the type of matrix elements.
pub const AVOCET_F32: i32 = 0;
/// 16-bit IEEE 754 floating point, for matrices where a function says so.
pub const AVOCET_F16: i32 = 1;
/// bfloat16, the upper half of a 32-bit number, likewise.
pub const AVOCET_BF16: i32 = 2;
/// `uint32_t`, for indices and offsets.
pub const AVOCET_U32: i32 = 16;
/// `int32_t`, for indices and offsets.
pub const AVOCET_I32: i32 = 17;
/// `int64_t`, for indices and offsets.
pub const AVOCET_I64: i32 = 18;

/// `uint16_t`, for segments.
pub const AVOCET_U16: i32 = 19;
/// `uint8_t`, for labels.
pub const AVOCET_U8: i32 = 20;
/// `int8_t`, for labels, and for rows that are scored or converted, where a function says so.
pub const AVOCET_I8: i32 = 21;

/// A row-major matrix to read: element (i, j) is `data[i * stride + j]`. Borrows its memory for the time of a call.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct avocet_matrix {
    /// The first element; may be NULL if there are no elements.
    pub data: *const c_void,
    /// Number of rows.
    pub rows: usize,
    /// Number of columns.
    pub cols: usize,
    /// Elements from one row to the next, at least `cols`; 0 stands for `cols`.
    pub stride: usize,
    /// `AVOCET_F32`; `AVOCET_F16`, `AVOCET_BF16` and `AVOCET_I8` where a function says so.
    pub element_type: i32,
}

/// A matrix to write, as `avocet_matrix`. What lies between its rows is never written, but counts as part of it where
/// overlap is concerned: no other argument, and no other thread, may use it during the call.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct avocet_matrix_mut {
    /// The first element; may be NULL if there are no elements.
    pub data: *mut c_void,
    /// Number of rows.
    pub rows: usize,
    /// Number of columns.
    pub cols: usize,
    /// Elements from one row to the next, at least `cols`; 0 stands for `cols`.
    pub stride: usize,
    /// `AVOCET_F32`; another where a function says so.
    pub element_type: i32,
}

/// An array of indices. Borrows its memory for the time of a call.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct avocet_indices {
    /// The first index; may be NULL if `len` is 0.
    pub data: *const c_void,
    /// Number of indices.
    pub len: usize,
    /// `AVOCET_U32`, `AVOCET_I32` or `AVOCET_I64`; there is no default.
    pub index_type: i32,
}

/// A sparse matrix by rows: the edges of row i are `indices[offsets[i]]` to `indices[offsets[i + 1] - 1]`, each the
/// number of a column. Borrows its memory for the time of a call.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct avocet_csr {
    /// Number of rows.
    pub rows: usize,
    /// Number of columns.
    pub cols: usize,
    /// Number of edges.
    pub edges: usize,
    /// `rows + 1` offsets, from 0 up to `edges`.
    pub offsets: *const c_void,
    /// The column of each edge, below `cols`; an edge may occur more than once. May be NULL if `edges` is 0.
    pub indices: *const c_void,
    /// The type of `offsets`: `AVOCET_U32`, `AVOCET_I32` or `AVOCET_I64`; there is no default.
    pub offset_type: i32,
    /// The type of `indices`, likewise.
    pub index_type: i32,
}
