//! What the examples share.
//!
//! | module | subject |
//! |---|---|
//! | [`packed`] | files of deflated columns behind a header with a checksum |
//! | [`flights`] | the departures from New York in 2013: load, pack, import |
//! | [`features`], [`rows`] | hashed features of flights, as sparse rows |
//! | [`learner`] | a sparse logistic model that learns as rows come |
//! | [`parallel`] | independent jobs on threads |
//! | [`progress`] | how far a command is |

pub mod features;
pub mod flights;
pub mod learner;
pub mod packed;
pub mod parallel;
pub mod progress;
pub mod rows;
