//! Degree-adaptive fan-outs: larger neighbourhoods for nodes of low degree.

use crate::error::{Error, Status, check_size};
use crate::graph::Graph;
use crate::pages::allocate;
use crate::simd::dispatch::kernels;
use crate::simd::math::Function;

/// A function of one value, with the library's own bits.
fn value_of(function: Function, x: f32) -> f32 {
    let mut out = [0.0];
    kernels().map(function, &[x], &mut out);
    out[0]
}

fn log(x: f32) -> f32 {
    value_of(Function::Log, x)
}

/// Degree of each row.
fn degrees(graph: &Graph) -> impl Iterator<Item = usize> {
    graph.offsets().windows(2).map(|w| w[1] - w[0])
}

/// The least degree that counts, and the exponent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PowerLaw {
    /// `max(1, least degree)`.
    pub least: usize,
    /// The exponent, above 1; infinite where all degrees are the least.
    pub exponent: f64,
}

/// Fits a power law to the degrees of a graph's rows by maximum likelihood:
/// `exponent = 1 + rows / sum over rows of ln(max(degree, 1) / least)`, `least = max(1, least degree)`
/// (Clauset, Shalizi and Newman, SIAM Review 2009, equation 3.1 in its continuous form).
///
/// The logarithms are f32, their sum f64 over ascending degrees, so that the result has the same bits everywhere.
/// Errors: [`Status::InvalidArgument`] for a graph without rows, [`Status::OutOfMemory`]. Memory: 4 bytes a row. Time:
/// sorting the degrees.
pub fn fit_power_law(graph: &Graph) -> Result<PowerLaw, Error> {
    let least = degrees(graph).min().ok_or(Error::new(Status::InvalidArgument, c"graph"))?.max(1);
    let mut sorted: Vec<u32> = allocate(graph.rows(), c"graph")?;
    sorted.extend(degrees(graph).map(|degree| degree.max(1) as u32));
    sorted.sort_unstable();
    let sum = sorted
        .chunk_by(|a, b| a == b)
        .fold(0.0, |sum, run| sum + run.len() as f64 * f64::from(log(run[0] as f32 / least as f32)));
    Ok(PowerLaw { least, exponent: 1.0 + graph.rows() as f64 / sum })
}

/// Writes a fan-out for each row of a graph, falling with its degree:
/// `min + (max - min) * (max(degree, least) / least)^-(exponent - 1)`, rounded to the nearest integer.
///
/// The power is the share of nodes that a power law expects above the degree: 1 for the least connected, towards 0 for
/// hubs. (The published method does not state its formula; this one is monotone and needs nothing but the fit.)
/// Computed in f32 with the library's own functions.
///
/// Errors, before `out` is touched: `out` without a value for each row; `min` above `max`; an exponent not above 1; a
/// `least` of 0.
pub fn adaptive_fanout(
    graph: &Graph,
    law: PowerLaw,
    min: u32,
    max: u32,
    out: &mut [u32],
) -> Result<(), Error> {
    check_size(out.len(), graph.rows(), c"out")?;
    if min > max {
        return Err(Error::new(Status::InvalidArgument, c"min").integer(min.into()));
    }
    if law.exponent.is_nan() || law.exponent <= 1.0 {
        return Err(Error::new(Status::InvalidArgument, c"law.exponent").real(law.exponent));
    }
    if law.least == 0 {
        return Err(Error::new(Status::InvalidArgument, c"law.least").integer(0));
    }
    let slope = (law.exponent - 1.0) as f32;
    for (to, degree) in out.iter_mut().zip(degrees(graph)) {
        let ratio = degree.max(law.least) as f32 / law.least as f32;
        let share = if ratio == 1.0 { 1.0 } else { value_of(Function::Exp, -(slope * log(ratio))) };
        *to = min + (f64::from(max - min) * f64::from(share)).round() as u32;
    }
    Ok(())
}
