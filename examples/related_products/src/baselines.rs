//! What a learned model has to beat: popularity, the words of the description, and the targets of alike
//! packages.
//!
//! A query is scored against all packages at once, row by row of sparse matrices.

mod evaluate;
mod scorer;

pub use evaluate::{evaluate, in_degree_direction};
pub use scorer::{Baseline, Baselines, Scores};
