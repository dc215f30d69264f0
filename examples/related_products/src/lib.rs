//! Related products on the Debian package graph: the data, the split, the features, the metrics and the
//! baselines.
//!
//! | module | subject |
//! |---|---|
//! | [`data`] | the packed package graph: load, pack, import |
//! | [`split`] | training, validation and test edges; context edges |
//! | [`one_way`] | edges without an answer in the other direction |
//! | [`tokens`] | hashed token features of the packages |
//! | [`csr`] | the sparse matrix they are kept in |
//! | [`metrics`] | ranks, hit rate, reciprocal rank, direction |
//! | [`baselines`] | popularity, words and neighbours: what a learned model has to beat |

pub mod baselines;
pub mod csr;
pub mod data;
pub mod metrics;
pub mod one_way;
pub mod split;
pub mod tokens;
