//! Learning while labels are late, on real delays: the data, the tasks, the methods and how good they are.
//!
//! | module | subject |
//! |---|---|
//! | [`data`] | the packed flights: load, pack, import |
//! | [`task`] | Return and Late: clicks, conversions, signals, and when labels are certain |
//! | [`features`], [`rows`] | hashed features of flights, as sparse rows |
//! | [`method`] | the methods: rows, weights, heads, what is served |
//! | [`stream`] | the rows that a method learns from, by time |
//! | [`heads`] | what is learned about delays from matured clicks |
//! | [`learner`] | the model |
//! | [`progressive`] | predict a step, then learn it |
//! | [`figures`], [`comparison`] | how good predictions were; all methods on a task |
//! | [`simulation`] | a stream whose truth is known |
//! | [`report`], [`plot`] | tables and JSON; the picture |
//! | [`parallel`] | independent jobs on threads |

pub mod comparison;
pub mod data;
pub mod features;
pub mod figures;
pub mod heads;
pub mod learner;
pub mod method;
pub mod parallel;
pub mod plot;
pub mod progressive;
pub mod report;
pub mod rows;
pub mod simulation;
pub mod stream;
pub mod task;
