//! Arrays under test, at chosen places in memory that shows every access beyond them.

#![allow(unsafe_code)] // The system's calls for pages.

use crate::view::{Matrix, MatrixMut, span};
use std::ops::Range;
use std::ptr::NonNull;

/// What lies around an array: a signalling NaN, so that a kernel that reads it shows it in its results.
const CANARY: u32 = 0x7fa0_cafe;

/// f32 in a cache line.
const LINE: usize = 16;

/// f32 in a page.
fn page() -> usize {
    // SAFETY: it only answers.
    let bytes = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
    usize::try_from(bytes).unwrap() / size_of::<f32>()
}

/// Where an array lies.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place {
    /// So many f32 after the start of a cache line, canaries on both sides.
    After(usize),
    /// Right before a page that faults on access, canaries in front.
    End,
}

/// Every misalignment of f32 within a cache line, and the end of a page.
pub(crate) const PLACES: [Place; LINE + 1] = {
    let mut places = [Place::End; LINE + 1];
    let mut at = 0;
    while at < LINE {
        places[at] = Place::After(at);
        at += 1;
    }
    places
};

/// `rows x cols` f32, rows `stride` apart, amid canaries and with an inaccessible page behind.
pub(crate) struct Area {
    /// Mapped pages, of which the last is inaccessible.
    pages: NonNull<f32>,
    len: usize,
    /// f32 before the inaccessible page.
    usable: usize,
    /// The array within the pages.
    array: Range<usize>,
    rows: usize,
    cols: usize,
    stride: usize,
}

impl Area {
    /// An array that holds `values`.
    pub(crate) fn new(place: Place, values: &[f32]) -> Area {
        Area::matrix(place, 1, values.len(), values.len(), values)
    }

    /// A matrix that holds `values`, row after row.
    pub(crate) fn matrix(place: Place, rows: usize, cols: usize, stride: usize, values: &[f32]) -> Area {
        assert_eq!(values.len(), rows * cols);
        let size = span(rows, cols, stride).unwrap();
        let usable = (size + 4 * LINE).next_multiple_of(page());
        let len = usable + page();
        let start = match place {
            Place::After(offset) => 2 * LINE + offset,
            Place::End => usable - size,
        };
        // SAFETY: a new private mapping at an address that the system chooses; checked below.
        let pages = unsafe {
            let (access, kind) =
                (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS);
            libc::mmap(std::ptr::null_mut(), len * size_of::<f32>(), access, kind, -1, 0)
        };
        assert_ne!(pages, libc::MAP_FAILED);
        // SAFETY: the last page of that mapping.
        let refused = unsafe {
            let guard = pages.cast::<f32>().add(usable);
            libc::mprotect(guard.cast(), (len - usable) * size_of::<f32>(), libc::PROT_NONE)
        };
        assert_eq!(refused, 0);
        let pages = NonNull::new(pages.cast()).unwrap();
        let mut area = Area { pages, len, usable, array: start..start + size, rows, cols, stride };
        area.usable_mut().fill(f32::from_bits(CANARY));
        for (i, row) in values.chunks_exact(cols.max(1)).enumerate() {
            area.view_mut().row_mut(i).copy_from_slice(row);
        }
        area
    }

    fn usable(&self) -> &[f32] {
        // SAFETY: all pages but the last are readable, and the mapping lives as long as `self`.
        unsafe { std::slice::from_raw_parts(self.pages.as_ptr(), self.usable) }
    }

    fn usable_mut(&mut self) -> &mut [f32] {
        // SAFETY: all pages but the last are writable, and `self` is borrowed exclusively.
        unsafe { std::slice::from_raw_parts_mut(self.pages.as_ptr(), self.usable) }
    }

    /// The array with what lies between its rows.
    pub(crate) fn get(&self) -> &[f32] {
        &self.usable()[self.array.clone()]
    }

    /// The array with what lies between its rows, to write.
    pub(crate) fn get_mut(&mut self) -> &mut [f32] {
        let array = self.array.clone();
        &mut self.usable_mut()[array]
    }

    pub(crate) fn view(&self) -> Matrix<'_> {
        Matrix::with_stride(self.get(), self.rows, self.cols, self.stride).unwrap()
    }

    pub(crate) fn view_mut(&mut self) -> MatrixMut<'_> {
        let (rows, cols, stride) = (self.rows, self.cols, self.stride);
        MatrixMut::with_stride(self.get_mut(), rows, cols, stride).unwrap()
    }

    /// Where something other than the rows was written, from the start of the array.
    fn stray(&self) -> Option<isize> {
        let changed = self.usable().iter().enumerate().filter(|(_, value)| value.to_bits() != CANARY);
        let mut places = changed.map(|(at, _)| at as isize - self.array.start as isize);
        let between = |at: isize| at as usize % self.stride.max(1) >= self.cols;
        places.find(|&at| at < 0 || at as usize >= self.array.len() || between(at))
    }

    /// The rows, one after the other; nothing else must have been written.
    #[track_caller]
    pub(crate) fn rows(&self) -> Vec<f32> {
        let (rows, cols, stride) = (self.rows, self.cols, self.stride);
        assert_eq!(self.stray(), None, "written outside of {rows} x {cols}, stride {stride}");
        (0..rows).flat_map(|i| self.view().row(i)).copied().collect()
    }
}

impl Drop for Area {
    fn drop(&mut self) {
        // SAFETY: the mapping that `matrix` made, whole and no longer borrowed.
        let refused = unsafe { libc::munmap(self.pages.as_ptr().cast(), self.len * size_of::<f32>()) };
        debug_assert_eq!(refused, 0);
    }
}

#[test]
fn strays_are_found() {
    for place in PLACES {
        let mut area = Area::matrix(place, 3, 2, 5, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        area.view_mut().row_mut(1)[1] = 7.0;
        assert_eq!(area.rows(), [1.0, 2.0, 3.0, 7.0, 5.0, 6.0]);
        area.get_mut()[4] = 0.0;
        assert_eq!(area.stray(), Some(4));
        let before = area.array.start - 1;
        area.usable_mut()[before] = 0.0;
        assert_eq!(area.stray(), Some(-1));
    }
    let mut area = Area::new(Place::After(3), &[1.0; 4]);
    let behind = area.array.end;
    area.usable_mut()[behind] = 0.0;
    assert_eq!(area.stray(), Some(4));
}
