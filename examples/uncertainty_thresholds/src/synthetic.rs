//! Rows of a known distribution, whose scores are the noisier the more uncertain they are: the logit of the probability is
//! normal with mean -2.2 and deviation 1.5, the uncertainty u uniform from .1 to 1.6, and the logit of the score that of the
//! probability and a normal error of deviation u.

use avocet::{Error, Function, map};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha12Rng;
use rand_distr::{Distribution, StandardNormal};
use shared::parallel;

use crate::buckets::Layout;
use crate::comparison::Sets;
use crate::scored::Scored;

/// Rows of each part, which has a random stream of its own.
const PART: usize = 125_000;

/// The grids for which recalls are known, in the order of [`KNOWN`].
pub const LAYOUTS: [Layout; 3] =
    [Layout::nested(3, 500, 0.4), Layout::nested(8, 200, 0.4), Layout::nested(16, 200, 0.4)];

/// What an independent program found on rows of this distribution, 2 million to choose thresholds and 2 million to report
/// on: the precision required in hundredths, the recall of a single threshold and of the dynamic program on [`LAYOUTS`].
pub const KNOWN: [(u32, [f64; 4]); 3] = [
    (60, [0.1176, 0.1853, 0.1906, 0.1926]),
    (70, [0.0196, 0.0862, 0.0907, 0.0921]),
    (80, [0.0006, 0.0294, 0.0325, 0.0337]),
];

/// Rows to choose thresholds on, and as many to report on.
pub fn sets(size: usize, threads: usize) -> Result<Sets, Error> {
    Ok(Sets { fit: rows(7, size, threads)?.without_ties(), report: rows(8, size, threads)? })
}

/// Some rows, a multiple of a part or fewer than one. The number of threads does not change them.
pub fn rows(seed: u64, rows: usize, threads: usize) -> Result<Scored, Error> {
    let parts: Vec<u64> = (0..rows.div_ceil(PART) as u64).collect();
    let parts = parallel::each(&parts, threads, |&part| of_part(seed, part, rows.min(PART)));
    let mut all = Scored::default();
    for part in parts {
        all.append(part?);
    }
    Ok(all)
}

fn of_part(seed: u64, part: u64, rows: usize) -> Result<Scored, Error> {
    let mut random = ChaCha12Rng::seed_from_u64(seed);
    random.set_stream(part);
    let mut of = Scored::default();
    let (mut logits, mut noisy, mut draws) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rows {
        let [normal, error]: [f64; 2] =
            [StandardNormal.sample(&mut random), StandardNormal.sample(&mut random)];
        let logit = -2.2 + 1.5 * normal;
        let uncertainty = 0.1 + 1.5 * random.random::<f64>();
        logits.push(logit as f32);
        noisy.push((logit + uncertainty * error) as f32);
        draws.push(random.random::<f32>());
        of.uncertainties.push(uncertainty as f32);
    }
    let mut probabilities = vec![0.0; rows];
    map(Function::Sigmoid, &logits, &mut probabilities, None)?;
    of.labels = draws.iter().zip(&probabilities).map(|(draw, p)| u8::from(draw < p)).collect();
    of.scores = vec![0.0; rows];
    map(Function::Sigmoid, &noisy, &mut of.scores, None)?;
    Ok(of)
}
