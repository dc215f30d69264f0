//! avocet: CPU kernels for ranking and recommendation, with the same bits on every machine.
//!
//! The families: [`aggregate()`] (neighbour rows of a graph), [`convert`] (types of stored rows), [`dense`] (row-block products), [`score`] (dual-embedding
//! scores, top-k, losses), [`optim`] (optimiser steps), [`map()`] (exp, sigmoid and so on). Around them: views
//! ([`Matrix`], [`Csr`], [`Indices`]), the checked [`Graph`], the caller's [`Pool`] and [`Workspace`], one [`Error`].
//! The C ABI over the same functions is `include/avocet.h`; `CONTRIBUTING.md` has the map of the code.

#![deny(unsafe_code)]

pub mod aggregate;
#[cfg(test)]
mod conformance;
pub mod convert;
pub mod dense;
pub mod dual;
mod element;
mod error;
#[allow(unsafe_code)]
mod ffi;
mod graph;
pub mod logistic;
mod map;
pub mod metrics;
pub mod optim;
mod parts;
mod pool;
mod random;
mod saved;
pub mod score;
#[allow(unsafe_code)]
mod shared;
#[allow(unsafe_code)]
mod simd;
#[cfg(test)]
mod test_support;
pub mod threshold;
mod view;
mod workspace;

pub use aggregate::aggregate;
pub use error::{Error, Status, Value};
pub use graph::Graph;
pub use half::{bf16, f16};
pub use map::map;
pub use pool::Pool;
pub use simd::dispatch::{Isa, active_isa, cap_isa};
pub use simd::environment::is_default as float_environment_is_default;
pub use simd::math::Function;
pub use view::{AnyMatrix, AnyMatrixMut, Csr, Indices, Matrix, MatrixMut};
pub use workspace::Workspace;
