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
//! | [`table`], [`relation`], [`parameters`] | dense rows, directed graphs and weights, as the model takes them |
//! | [`model`] | the network, forward and backward, on avocet's kernels |
//! | [`touched`] | the rows of the last layer that a step needs |
//! | [`recipe`] | what can be chosen, and the ablations |
//! | [`losses`], [`training`] | the loss of a step; the epochs |
//! | [`blend`], [`newcomers`] | model and heuristic together; packages that were not in training |
//! | [`evaluation`] | ranks of the held-out edges |
//! | [`serving`] | recommendations, from packed indexes |
//! | [`embeddings`] | the file of learned rows |
//! | [`report`] | tables and JSON |

pub mod baselines;
pub mod blend;
pub mod csr;
pub mod data;
pub mod embeddings;
pub mod evaluation;
pub mod losses;
pub mod metrics;
pub mod model;
pub mod newcomers;
pub mod one_way;
pub mod parameters;
pub mod recipe;
pub mod relation;
pub mod report;
pub mod serving;
pub mod split;
pub mod table;
pub mod tokens;
pub mod touched;
pub mod training;
