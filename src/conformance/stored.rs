//! Matrices of any element type, at chosen places.

use super::area::{Area, Place};
use crate::view::{AnyMatrix, AnyMatrixMut, Matrix, MatrixMut, span};
use half::slice::HalfBitsSliceExt;
use half::{bf16, f16};

/// The element types.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    F32,
    F16,
    Bf16,
}

impl Kind {
    pub(super) const ALL: [Kind; 3] = [Kind::F32, Kind::F16, Kind::Bf16];

    /// The value of this type that is nearest.
    pub(super) fn round(self, v: f32) -> f32 {
        match self {
            Kind::F32 => v,
            Kind::F16 => f16::from_f32_const(v).to_f32_const(),
            Kind::Bf16 => bf16::from_f32(v).to_f32(),
        }
    }
}

/// A matrix of some type at some place.
pub(super) struct Stored {
    kind: Kind,
    rows: usize,
    cols: usize,
    stride: usize,
    pub(super) area: Area,
}

impl Stored {
    /// Holds `values`, which are of that type, with NaN between the rows.
    pub(super) fn new(
        kind: Kind,
        place: Place,
        rows: usize,
        cols: usize,
        stride: usize,
        values: &[f32],
    ) -> Stored {
        let bits = |v: f32| match kind {
            Kind::Bf16 => bf16::from_f32(v).to_bits(),
            _ => f16::from_f32_const(v).to_bits(),
        };
        let area = if let Kind::F32 = kind {
            Area::matrix(place, rows, cols, stride, values)
        } else {
            // An odd number of elements begins in the middle of the first word, so that the end is the area's.
            let span = span(rows, cols, stride).unwrap();
            let mut halves = vec![0x7fc1; span.next_multiple_of(2)];
            let start = halves.len() - span;
            for i in 0..rows {
                for j in 0..cols {
                    halves[start + i * stride + j] = bits(values[i * cols + j]);
                }
            }
            let words: Vec<f32> =
                halves.as_chunks().0.iter().map(|&pair: &[u16; 2]| bytemuck::cast(pair)).collect();
            Area::new(place, &words)
        };
        Stored { kind, rows, cols, stride, area }
    }

    pub(super) fn view(&self) -> AnyMatrix<'_> {
        let halves: &[u16] = bytemuck::cast_slice(self.area.get());
        let Stored { kind, rows, cols, stride, .. } = *self;
        let span = span(rows, cols, stride).unwrap();
        match kind {
            Kind::F32 => self.area.view().into(),
            Kind::F16 => {
                let halves: &[f16] = halves[halves.len() - span..].reinterpret_cast();
                Matrix::with_stride(halves, rows, cols, stride).unwrap().into()
            }
            Kind::Bf16 => {
                let halves: &[bf16] = halves[halves.len() - span..].reinterpret_cast();
                Matrix::with_stride(halves, rows, cols, stride).unwrap().into()
            }
        }
    }
}

/// Bytes at some place, which may begin in the middle of a word; what fills that word must stay.
pub(super) struct Bytes {
    len: usize,
    area: Area,
}

/// What lies in front of the bytes in their first word, and between their rows.
const FILL: i8 = 0x55;

impl Bytes {
    pub(super) fn new(place: Place, len: usize) -> Bytes {
        let words = vec![f32::from_bits(0x5555_5555); len.div_ceil(4)];
        Bytes { len, area: Area::new(place, &words) }
    }

    /// `rows` rows of `values`, `stride` apart.
    pub(super) fn rows(place: Place, rows: usize, cols: usize, stride: usize, values: &[i8]) -> Bytes {
        let mut bytes = Bytes::new(place, span(rows, cols, stride).unwrap());
        for i in 0..rows {
            for j in 0..cols {
                bytes.get_mut()[i * stride + j] = values[i * cols + j];
            }
        }
        bytes
    }

    pub(super) fn get(&self) -> &[i8] {
        let bytes: &[i8] = bytemuck::cast_slice(self.area.get());
        &bytes[bytes.len() - self.len..]
    }

    pub(super) fn get_mut(&mut self) -> &mut [i8] {
        let len = self.len;
        let bytes: &mut [i8] = bytemuck::cast_slice_mut(self.area.get_mut());
        let start = bytes.len() - len;
        &mut bytes[start..]
    }

    pub(super) fn view(&self, rows: usize, cols: usize, stride: usize) -> Matrix<'_, i8> {
        Matrix::with_stride(self.get(), rows, cols, stride).unwrap()
    }

    pub(super) fn view_mut(&mut self, rows: usize, cols: usize, stride: usize) -> MatrixMut<'_, i8> {
        MatrixMut::with_stride(self.get_mut(), rows, cols, stride).unwrap()
    }

    /// A matrix of 16-bit elements to write, in these bytes.
    pub(super) fn halves_mut(
        &mut self,
        kind: Kind,
        rows: usize,
        cols: usize,
        stride: usize,
    ) -> AnyMatrixMut<'_> {
        let halves: &mut [u16] = bytemuck::cast_slice_mut(self.get_mut());
        match kind {
            Kind::F16 => MatrixMut::with_stride(halves.reinterpret_cast_mut::<f16>(), rows, cols, stride)
                .unwrap()
                .into(),
            _ => MatrixMut::with_stride(halves.reinterpret_cast_mut::<bf16>(), rows, cols, stride)
                .unwrap()
                .into(),
        }
    }

    /// The elements of `size` bytes in the rows; nothing else must have been written.
    #[track_caller]
    pub(super) fn elements(&self, size: usize, rows: usize, cols: usize, stride: usize) -> Vec<i8> {
        self.area.rows();
        let all: &[i8] = bytemuck::cast_slice(self.area.get());
        assert!(all[..all.len() - self.len].iter().all(|&byte| byte == FILL), "written in front");
        let (cols, stride) = (cols * size, stride * size);
        let mut out = Vec::new();
        for (at, &byte) in self.get().iter().enumerate() {
            if at % stride.max(1) < cols {
                out.push(byte);
            } else {
                assert_eq!(byte, FILL, "written between rows, {rows} x {cols}, stride {stride}");
            }
        }
        out
    }
}
