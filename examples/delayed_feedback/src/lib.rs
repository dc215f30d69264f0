//! Learning while labels are late, on real delays: the data, the tasks, the methods and how good they are.
//!
//! | module | subject |
//! |---|---|
//! | [`task`] | Return and Late: clicks, conversions, signals, and when labels are certain |
//! | [`method`] | the methods: rows, weights, heads, what is served |
//! | [`stream`] | the rows that a method learns from, by time |
//! | [`heads`] | what is learned about delays from matured clicks |
//! | [`progressive`] | predict a step, then learn it |
//! | [`figures`], [`comparison`] | how good predictions were; all methods on a task |
//! | [`simulation`] | a stream whose truth is known |
//! | [`report`], [`plot`] | tables and JSON; the picture |
//!
//! The flights, their features and the model are those that the examples share.

pub mod comparison;
pub mod figures;
pub mod heads;
pub mod method;
pub mod plot;
pub mod progressive;
pub mod report;
pub mod simulation;
pub mod stream;
pub mod task;
