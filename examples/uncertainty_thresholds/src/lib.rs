//! One score threshold for each level of uncertainty: how much recall that gains at a required precision, on late
//! flights and on rows whose distribution is known.
//!
//! | module | subject |
//! |---|---|
//! | [`late`] | the task: flights that arrive late, and the periods |
//! | [`ensemble`] | models that give each flight a score and its uncertainty |
//! | [`synthetic`] | rows of a known distribution, and the figures known for them |
//! | [`scored`] | rows with score, uncertainty and label |
//! | [`buckets`] | grids of levels and bins, and what is in their cells |
//! | [`method`] | the methods that choose thresholds |
//! | [`comparison`] | all methods, precisions and grids: chosen on one set, reported on another |
//! | [`report`], [`plot`] | tables and JSON; the picture |
//!
//! The flights, their features and the learner are those that the examples share.

pub mod buckets;
pub mod comparison;
pub mod ensemble;
pub mod late;
pub mod method;
pub mod plot;
pub mod report;
pub mod scored;
pub mod synthetic;
