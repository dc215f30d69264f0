//! From C pointers to slices and references.

use super::views::{
    AVOCET_BF16, AVOCET_F16, AVOCET_F32, AVOCET_I8, AVOCET_I32, AVOCET_I64, AVOCET_U32, avocet_csr,
    avocet_indices, avocet_matrix, avocet_matrix_mut,
};
use crate::error::{Error, Status};
use crate::view::{AnyMatrix, AnyMatrixMut, Csr, Indices, Matrix, MatrixMut, span};
use std::ffi::{CStr, c_void};

/// The memory of one call: up to `N` ranges, each read or written.
///
/// Slices come from nowhere else, and a range that is written is refused if it overlaps any range before or after
/// it. So no `&mut` slice of a call has an alias among its other slices.
#[derive(Clone)]
pub(crate) struct Memory<const N: usize> {
    used: usize,
    ranges: [Range; N],
}

#[derive(Clone, Copy)]
struct Range {
    start: usize,
    end: usize,
    written: bool,
    name: &'static CStr,
}

/// The names of a matrix parameter and its fields.
pub(crate) struct MatrixNames {
    pub view: &'static CStr,
    pub data: &'static CStr,
    pub rows: &'static CStr,
    pub stride: &'static CStr,
    pub element_type: &'static CStr,
}

/// The names of an index parameter and its fields.
pub(crate) struct IndexNames {
    pub view: &'static CStr,
    pub data: &'static CStr,
    pub len: &'static CStr,
    pub index_type: &'static CStr,
}

macro_rules! matrix_names {
    ($name:literal) => {
        &$crate::ffi::memory::MatrixNames {
            view: $crate::ffi::guard::c_name!($name),
            data: $crate::ffi::guard::c_name!($name, ".data"),
            rows: $crate::ffi::guard::c_name!($name, ".rows"),
            stride: $crate::ffi::guard::c_name!($name, ".stride"),
            element_type: $crate::ffi::guard::c_name!($name, ".element_type"),
        }
    };
}
pub(crate) use matrix_names;

macro_rules! index_names {
    ($name:literal) => {
        &$crate::ffi::memory::IndexNames {
            view: $crate::ffi::guard::c_name!($name),
            data: $crate::ffi::guard::c_name!($name, ".data"),
            len: $crate::ffi::guard::c_name!($name, ".len"),
            index_type: $crate::ffi::guard::c_name!($name, ".index_type"),
        }
    };
}
pub(crate) use index_names;

/// Refuses a number of `T` that no array can have.
pub(crate) fn check_len<T>(len: usize, name: &'static CStr) -> Result<(), Error> {
    match len.checked_mul(size_of::<T>()) {
        Some(bytes) if bytes <= isize::MAX as usize => Ok(()),
        _ => Err(Error::new(Status::SizeOverflow, name).size(len)),
    }
}

/// Refuses an address that is not aligned for `T`.
fn check_aligned<T>(data: *const T, name: &'static CStr) -> Result<(), Error> {
    match data as usize % align_of::<T>() {
        0 => Ok(()),
        remainder => Err(Error::new(Status::InvalidArgument, name).size(remainder)),
    }
}

impl<const N: usize> Memory<N> {
    /// Nothing yet.
    pub fn new() -> Self {
        Memory { used: 0, ranges: [Range { start: 0, end: 0, written: false, name: c"" }; N] }
    }

    /// Checks `len` values at `data` and notes that the call uses them. The address to use; any aligned one if there
    /// are none.
    fn claim<T>(
        &mut self,
        data: *const T,
        len: usize,
        name: &'static CStr,
        written: bool,
    ) -> Result<*const T, Error> {
        check_len::<T>(len, name)?;
        if len == 0 {
            return Ok(std::ptr::dangling());
        }
        if data.is_null() {
            return Err(Error::new(Status::NullPointer, name));
        }
        check_aligned(data, name)?;
        let start = data as usize;
        let end = start.checked_add(len * size_of::<T>());
        let end = end.ok_or(Error::new(Status::SizeOverflow, name).size(len))?;
        for other in &self.ranges[..self.used] {
            if start < other.end && other.start < end && (written || other.written) {
                let name = if written { name } else { other.name };
                return Err(Error::new(Status::Overlap, name));
            }
        }
        self.ranges[self.used] = Range { start, end, written, name };
        self.used += 1;
        Ok(data)
    }

    /// An array that is read.
    ///
    /// # Safety
    /// Unless `len` is 0 or `data` is NULL, `len` values are there, and nobody writes to them during `'a`.
    pub unsafe fn read<'a, T>(
        &mut self,
        data: *const T,
        len: usize,
        name: &'static CStr,
    ) -> Result<&'a [T], Error> {
        let data = self.claim(data, len, name, false)?;
        // SAFETY: not NULL, aligned, of a size that fits; no slice of this call writes to it, nor anybody else.
        Ok(unsafe { std::slice::from_raw_parts(data, len) })
    }

    /// An array that may be absent: NULL is `None`, unless its length is 0.
    ///
    /// # Safety
    /// As [`Memory::read`].
    pub unsafe fn read_optional<'a, T>(
        &mut self,
        data: *const T,
        len: usize,
        name: &'static CStr,
    ) -> Result<Option<&'a [T]>, Error> {
        if data.is_null() && len > 0 {
            return Ok(None);
        }
        // SAFETY: as this function.
        unsafe { self.read(data, len, name) }.map(Some)
    }

    /// An array that is written.
    ///
    /// # Safety
    /// Unless `len` is 0 or `data` is NULL, `len` values are there, and nobody else touches them during `'a`.
    pub unsafe fn write<'a, T>(
        &mut self,
        data: *mut T,
        len: usize,
        name: &'static CStr,
    ) -> Result<&'a mut [T], Error> {
        let data = self.claim(data, len, name, true)?.cast_mut();
        // SAFETY: not NULL, aligned, of a size that fits; no other slice of this call overlaps it, and nobody else
        // touches it.
        Ok(unsafe { std::slice::from_raw_parts_mut(data, len) })
    }

    /// An output array that may be absent: NULL is `None`, unless its length is 0.
    ///
    /// # Safety
    /// As [`Memory::write`].
    pub unsafe fn write_optional<'a, T>(
        &mut self,
        data: *mut T,
        len: usize,
        name: &'static CStr,
    ) -> Result<Option<&'a mut [T]>, Error> {
        if data.is_null() && len > 0 {
            return Ok(None);
        }
        // SAFETY: as this function.
        unsafe { self.write(data, len, name) }.map(Some)
    }

    /// One value that is written.
    ///
    /// # Safety
    /// As [`Memory::write`] with a length of 1.
    pub unsafe fn write_one<'a, T>(&mut self, data: *mut T, name: &'static CStr) -> Result<&'a mut T, Error> {
        // SAFETY: as this function.
        let slice = unsafe { self.write(data, 1, name) }?;
        Ok(&mut slice[0])
    }

    /// A matrix that is read.
    ///
    /// # Safety
    /// `view` is NULL or points to a view; its memory is as for [`Memory::read`].
    pub unsafe fn matrix<'a>(
        &mut self,
        view: *const avocet_matrix,
        names: &MatrixNames,
    ) -> Result<Matrix<'a>, Error> {
        // SAFETY: as this function.
        let view = unsafe { load(view, names.view) }?;
        check_f32(view.element_type, names)?;
        // SAFETY: as this function.
        unsafe { self.elements(&view, names) }
    }

    /// A matrix that is read, of any element type.
    ///
    /// # Safety
    /// As [`Memory::matrix`].
    pub unsafe fn any_matrix<'a>(
        &mut self,
        view: *const avocet_matrix,
        names: &MatrixNames,
    ) -> Result<AnyMatrix<'a>, Error> {
        // SAFETY: as this function; every pattern of 16 bits is a value of either type.
        unsafe {
            let view = load(view, names.view)?;
            match view.element_type {
                AVOCET_F16 => self.elements(&view, names).map(AnyMatrix::F16),
                AVOCET_BF16 => self.elements(&view, names).map(AnyMatrix::Bf16),
                other => {
                    check_f32(other, names)?;
                    self.elements(&view, names).map(AnyMatrix::F32)
                }
            }
        }
    }

    /// A matrix of int8 that is read.
    ///
    /// # Safety
    /// As [`Memory::matrix`].
    pub unsafe fn int8_matrix<'a>(
        &mut self,
        view: *const avocet_matrix,
        names: &MatrixNames,
    ) -> Result<Matrix<'a, i8>, Error> {
        // SAFETY: as this function; every byte is an i8.
        unsafe {
            let view = load(view, names.view)?;
            one_of(&[(AVOCET_I8, ())], view.element_type, names.element_type)?;
            self.elements(&view, names)
        }
    }

    /// The elements of a view, whose type is `T`.
    ///
    /// # Safety
    /// As [`Memory::read`]; every bit pattern is a `T`.
    unsafe fn elements<'a, T: Copy>(
        &mut self,
        view: &avocet_matrix,
        names: &MatrixNames,
    ) -> Result<Matrix<'a, T>, Error> {
        let stride = check_shape::<T>(view.rows, view.cols, view.stride, names)?;
        let len = span(view.rows, view.cols, stride).unwrap_or(usize::MAX);
        // SAFETY: as this function.
        let data = unsafe { self.read(view.data.cast::<T>(), len, names.data) }?;
        Matrix::with_stride(data, view.rows, view.cols, stride)
    }

    /// A matrix that is written.
    ///
    /// # Safety
    /// `view` is NULL or points to a view; its memory is as for [`Memory::write`].
    pub unsafe fn matrix_mut<'a>(
        &mut self,
        view: *const avocet_matrix_mut,
        names: &MatrixNames,
    ) -> Result<MatrixMut<'a>, Error> {
        // SAFETY: as this function.
        unsafe {
            let view = load(view, names.view)?;
            check_f32(view.element_type, names)?;
            self.elements_mut(&view, names)
        }
    }

    /// A matrix that is written, of any floating-point type.
    ///
    /// # Safety
    /// As [`Memory::matrix_mut`].
    pub unsafe fn any_matrix_mut<'a>(
        &mut self,
        view: *const avocet_matrix_mut,
        names: &MatrixNames,
    ) -> Result<AnyMatrixMut<'a>, Error> {
        // SAFETY: as this function; every pattern of 16 bits is a value of either type.
        unsafe {
            let view = load(view, names.view)?;
            match view.element_type {
                AVOCET_F16 => self.elements_mut(&view, names).map(AnyMatrixMut::F16),
                AVOCET_BF16 => self.elements_mut(&view, names).map(AnyMatrixMut::Bf16),
                other => {
                    check_f32(other, names)?;
                    self.elements_mut(&view, names).map(AnyMatrixMut::F32)
                }
            }
        }
    }

    /// A matrix of int8 that is written.
    ///
    /// # Safety
    /// As [`Memory::matrix_mut`].
    pub unsafe fn int8_matrix_mut<'a>(
        &mut self,
        view: *const avocet_matrix_mut,
        names: &MatrixNames,
    ) -> Result<MatrixMut<'a, i8>, Error> {
        // SAFETY: as this function; every byte is an i8.
        unsafe {
            let view = load(view, names.view)?;
            one_of(&[(AVOCET_I8, ())], view.element_type, names.element_type)?;
            self.elements_mut(&view, names)
        }
    }

    /// The elements of a view that are written, whose type is `T`.
    ///
    /// # Safety
    /// As [`Memory::write`]; every bit pattern is a `T`.
    unsafe fn elements_mut<'a, T: Copy>(
        &mut self,
        view: &avocet_matrix_mut,
        names: &MatrixNames,
    ) -> Result<MatrixMut<'a, T>, Error> {
        let stride = check_shape::<T>(view.rows, view.cols, view.stride, names)?;
        let len = span(view.rows, view.cols, stride).unwrap_or(usize::MAX);
        // SAFETY: as this function.
        let data = unsafe { self.write(view.data.cast::<T>(), len, names.data) }?;
        MatrixMut::with_stride(data, view.rows, view.cols, stride)
    }

    /// A matrix that is written and may be absent: NULL is `None`.
    ///
    /// # Safety
    /// As [`Memory::matrix_mut`].
    pub unsafe fn matrix_mut_optional<'a>(
        &mut self,
        view: *const avocet_matrix_mut,
        names: &MatrixNames,
    ) -> Result<Option<MatrixMut<'a>>, Error> {
        // SAFETY: as this function.
        if view.is_null() { Ok(None) } else { unsafe { self.matrix_mut(view, names) }.map(Some) }
    }

    /// Indices.
    ///
    /// # Safety
    /// `view` is NULL or points to a view; its memory is as for [`Memory::read`].
    pub unsafe fn indices<'a>(
        &mut self,
        view: *const avocet_indices,
        names: &IndexNames,
    ) -> Result<Indices<'a>, Error> {
        // SAFETY: as this function.
        unsafe {
            let view = load(view, names.view)?;
            self.typed(view.data, view.len, view.index_type, names)
        }
    }

    /// A sparse matrix, not checked yet.
    ///
    /// # Safety
    /// `view` is NULL or points to a view; its memory is as for [`Memory::read`].
    pub unsafe fn csr<'a>(&mut self, view: *const avocet_csr) -> Result<Csr<'a>, Error> {
        let name = c"csr.offsets";
        let offsets = IndexNames { view: name, data: name, len: c"csr.rows", index_type: c"csr.offset_type" };
        let name = c"csr.indices";
        let indices = IndexNames { view: name, data: name, len: c"csr.edges", index_type: c"csr.index_type" };
        // SAFETY: as this function.
        unsafe {
            let csr = load(view, c"csr")?;
            // A number of rows that has no successor has no array either, and is refused as such.
            let rows = csr.rows.saturating_add(1);
            Ok(Csr {
                rows: csr.rows,
                cols: csr.cols,
                offsets: self.typed(csr.offsets, rows, csr.offset_type, &offsets)?,
                indices: self.typed(csr.indices, csr.edges, csr.index_type, &indices)?,
            })
        }
    }

    /// # Safety
    /// As [`Memory::read`].
    unsafe fn typed<'a>(
        &mut self,
        data: *const c_void,
        len: usize,
        index_type: i32,
        names: &IndexNames,
    ) -> Result<Indices<'a>, Error> {
        // SAFETY: as this function.
        unsafe {
            match index_type {
                AVOCET_U32 => {
                    check_len::<u32>(len, names.len)?;
                    self.read(data.cast(), len, names.data).map(Indices::U32)
                }
                AVOCET_I32 => {
                    check_len::<i32>(len, names.len)?;
                    self.read(data.cast(), len, names.data).map(Indices::I32)
                }
                AVOCET_I64 => {
                    check_len::<i64>(len, names.len)?;
                    self.read(data.cast(), len, names.data).map(Indices::I64)
                }
                unknown => Err(Error::new(Status::InvalidArgument, names.index_type).integer(unknown.into())),
            }
        }
    }
}

/// Refuses a type of elements other than f32.
fn check_f32(element_type: i32, names: &MatrixNames) -> Result<(), Error> {
    one_of(&[(AVOCET_F32, ())], element_type, names.element_type)
}

/// Refuses sizes that no matrix of `T` can have; the stride with its default filled in.
fn check_shape<T>(rows: usize, cols: usize, stride: usize, names: &MatrixNames) -> Result<usize, Error> {
    let stride = if stride == 0 { cols } else { stride };
    if stride < cols {
        return Err(Error::new(Status::ShapeMismatch, names.stride).size(stride));
    }
    // Rows without columns count as well, so that every number that follows from the shape fits.
    match rows.checked_mul(stride.max(1)) {
        Some(len) if check_len::<T>(len, names.rows).is_ok() => Ok(stride),
        _ => Err(Error::new(Status::SizeOverflow, names.rows).size(rows)),
    }
}

/// A copy of a struct of the caller's.
///
/// # Safety
/// `from` is NULL or points to a `T`, at any alignment.
pub(crate) unsafe fn load<T: Copy>(from: *const T, name: &'static CStr) -> Result<T, Error> {
    if from.is_null() {
        return Err(Error::new(Status::NullPointer, name));
    }
    // SAFETY: not NULL, so it points to a T.
    Ok(unsafe { from.read_unaligned() })
}

/// A handle.
///
/// # Safety
/// `handle` is NULL or a handle that lives, and that nobody has exclusively, during `'a`.
pub(crate) unsafe fn handle<'a, T>(handle: *const T, name: &'static CStr) -> Result<&'a T, Error> {
    check_aligned(handle, name)?;
    // SAFETY: as this function; aligned.
    unsafe { handle.as_ref() }.ok_or(Error::new(Status::NullPointer, name))
}

/// A handle that the call has to itself.
///
/// # Safety
/// `handle` is NULL or a handle that lives, and that nobody else uses, during `'a`.
pub(crate) unsafe fn handle_mut<'a, T>(handle: *mut T, name: &'static CStr) -> Result<&'a mut T, Error> {
    check_aligned(handle, name)?;
    // SAFETY: as this function; aligned.
    unsafe { handle.as_mut() }.ok_or(Error::new(Status::NullPointer, name))
}

/// A handle that may be absent.
///
/// # Safety
/// As [`handle`].
pub(crate) unsafe fn handle_optional<'a, T>(
    handle: *const T,
    name: &'static CStr,
) -> Result<Option<&'a T>, Error> {
    check_aligned(handle, name)?;
    // SAFETY: as this function; aligned.
    Ok(unsafe { handle.as_ref() })
}

/// A struct that later versions may extend at its end.
///
/// # Safety
/// `repr(C)` without padding; the first field is `struct_size: usize`; every field is a number or a raw pointer.
pub(crate) unsafe trait Growing: Copy {
    /// The names of `struct_size` and `reserved`.
    const NAMES: [&'static CStr; 2];
    /// The value of the field that pads the struct.
    fn reserved(&self) -> i32;
}

/// The greatest `struct_size` that is looked at: what is beyond comes from an uninitialised struct.
const MAX_STRUCT_SIZE: usize = 512;

/// A copy of a struct that begins with its size. A larger one than this version knows is taken if it holds nothing but
/// zeros beyond.
///
/// # Safety
/// `from` is NULL or points to as many bytes as its first field says.
pub(crate) unsafe fn load_growing<T: Growing>(from: *const T, name: &'static CStr) -> Result<T, Error> {
    let [size_name, reserved_name] = T::NAMES;
    // SAFETY: the first field of a T is a usize.
    let size = unsafe { load(from.cast::<usize>(), name) }?;
    let refused = Err(Error::new(Status::StructSize, size_name).size(size));
    if size < size_of::<T>() || size > MAX_STRUCT_SIZE {
        return refused;
    }
    let beyond = size - size_of::<T>();
    // SAFETY: `size` bytes are there, at least as many as a T has.
    let (value, beyond) = unsafe {
        (from.read_unaligned(), std::slice::from_raw_parts(from.cast::<u8>().add(size_of::<T>()), beyond))
    };
    if beyond.iter().any(|&byte| byte != 0) {
        return refused;
    }
    if value.reserved() != 0 {
        let found = value.reserved().into();
        return Err(Error::new(Status::InvalidArgument, reserved_name).integer(found));
    }
    Ok(value)
}

/// As [`load_growing`]; NULL gives zeros, which stand for the defaults.
///
/// # Safety
/// As [`load_growing`].
pub(crate) unsafe fn load_options<T: Growing>(from: *const T, name: &'static CStr) -> Result<T, Error> {
    if from.is_null() {
        // SAFETY: zeros are a value of numbers and raw pointers.
        return Ok(unsafe { std::mem::zeroed() });
    }
    // SAFETY: as this function.
    unsafe { load_growing(from, name) }
}

/// A flag: 0 or 1.
pub(crate) fn flag(value: i32, name: &'static CStr) -> Result<bool, Error> {
    one_of(&[(0, false), (1, true)], value, name)
}

/// The meaning of an enum value.
pub(crate) fn one_of<T: Copy>(values: &[(i32, T)], value: i32, name: &'static CStr) -> Result<T, Error> {
    let found = values.iter().find(|(known, _)| *known == value);
    found.map(|&(_, meaning)| meaning).ok_or(Error::new(Status::InvalidArgument, name).integer(value.into()))
}

/// A value on the heap, as a handle to give away; [`free`] takes it back.
pub(crate) fn allocate<T>(value: T) -> Result<*mut T, Error> {
    let mut room = Vec::new();
    let out_of_memory = |_| Error::new(Status::OutOfMemory, c"out").size(size_of::<T>());
    room.try_reserve_exact(1).map_err(out_of_memory)?;
    room.push(value);
    Ok(Box::into_raw(room.into_boxed_slice()).cast())
}

/// Drops what [`allocate`] gave; nothing if NULL.
///
/// # Safety
/// `handle` is NULL or from [`allocate`], and not used again.
pub(crate) unsafe fn free<T>(handle: *mut T) {
    if !handle.is_null() {
        // SAFETY: a boxed slice of one value has the layout of a boxed array of one.
        drop(unsafe { Box::from_raw(handle.cast::<[T; 1]>()) });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_written_ranges_must_stand_alone() {
        let values = [0.0f32; 8];
        let at = |i: usize| values.as_ptr().wrapping_add(i);
        let mut memory = Memory::<4>::new();
        assert!(memory.claim(at(0), 4, c"a", false).is_ok());
        assert!(memory.claim(at(2), 4, c"b", false).is_ok());
        assert_eq!(memory.claim(at(5), 3, c"c", true), Err(Error::new(Status::Overlap, c"c")));
        assert_eq!(memory.claim(at(6), 2, c"c", true), Ok(at(6)));
        assert!(memory.claim(at(7), 0, c"d", true).is_ok());
        assert_eq!(memory.claim(at(7), 1, c"d", false), Err(Error::new(Status::Overlap, c"c")));
    }

    #[test]
    fn addresses_do_not_wrap() {
        let end = std::ptr::without_provenance::<f32>(usize::MAX - 3);
        let refused = Memory::<1>::new().claim(end, 2, c"x", false);
        assert_eq!(refused, Err(Error::new(Status::SizeOverflow, c"x").size(2)));
        assert!(check_len::<u32>(isize::MAX as usize / 4, c"n").is_ok());
        assert!(check_len::<u32>(isize::MAX as usize / 4 + 1, c"n").is_err());
        assert!(check_len::<u32>(usize::MAX / 4 + 2, c"n").is_err());
    }
}
