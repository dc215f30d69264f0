//! Scratch memory that the caller owns, so that hot calls allocate nothing.

use crate::error::{Error, Status};
use crate::pages;
use wide::f32x16;

/// Scratch memory of a fixed size. One call at a time may use it; calls of one thread can share one.
///
/// A call that needs more returns [`Status::WorkspaceTooSmall`] with the number of bytes, before it touches any
/// output: reserve that many and call again. The need depends on shapes and on the pool only.
#[derive(Debug, Default)]
pub struct Workspace {
    memory: Vec<f32x16>,
}

const LINE: usize = size_of::<f32x16>();

impl Workspace {
    /// An empty workspace.
    pub fn new() -> Workspace {
        Workspace::default()
    }

    /// Its size in bytes.
    pub fn bytes(&self) -> usize {
        self.memory.len() * LINE
    }

    /// Makes it at least `bytes` large. On failure it keeps its size.
    pub fn reserve(&mut self, bytes: usize) -> Result<(), Error> {
        let lines = bytes.div_ceil(LINE);
        let more = lines.saturating_sub(self.memory.len());
        let out_of_memory = |()| Error::new(Status::OutOfMemory, c"bytes").size(bytes);
        pages::reserve(&mut self.memory, more).map_err(out_of_memory)?;
        if more > 0 {
            self.memory.resize(lines, f32x16::ZERO);
        }
        Ok(())
    }

    /// Runs `call`, and once more with the size that it asks for if this workspace is too small.
    pub fn fit<R>(&mut self, mut call: impl FnMut(&mut Workspace) -> Result<R, Error>) -> Result<R, Error> {
        match call(self) {
            Err(Error { status: Status::WorkspaceTooSmall, value: crate::Value::Integer(bytes), .. }) => {
                self.reserve(bytes as usize)?;
                call(self)
            }
            other => other,
        }
    }

    /// Disjoint pieces of the given numbers of f32, each on a cache line of its own; their content is arbitrary.
    pub(crate) fn pieces<const N: usize>(
        &mut self,
        lengths: [Option<usize>; N],
    ) -> Result<[&mut [f32]; N], Error> {
        let overflow = Error::new(Status::SizeOverflow, c"workspace");
        let mut lines = [0; N];
        let mut total: usize = 0;
        for (lines, length) in lines.iter_mut().zip(lengths) {
            *lines = length.ok_or(overflow)?.div_ceil(16);
            total = total.checked_add(*lines).ok_or(overflow)?;
        }
        if total > isize::MAX as usize / LINE {
            return Err(overflow);
        }
        if total > self.memory.len() {
            return Err(Error::new(Status::WorkspaceTooSmall, c"workspace").size(total * LINE));
        }
        let mut rest = self.memory.as_mut_slice();
        Ok(std::array::from_fn(|i| {
            let (piece, after) = std::mem::take(&mut rest).split_at_mut(lines[i]);
            rest = after;
            let piece: &mut [f32] = bytemuck::cast_slice_mut(piece);
            &mut piece[..lengths[i].unwrap_or(0)]
        }))
    }
}
