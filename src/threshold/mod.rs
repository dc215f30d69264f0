//! Decisions on score and uncertainty: one score threshold for each level of uncertainty.

pub mod search;
