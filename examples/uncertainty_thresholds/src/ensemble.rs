//! An ensemble of hashed logistic models: the mean of their logits, as a probability, is the score of a flight, and the
//! variance of the logits its uncertainty. (That of the probabilities says little beside the score: it is least near 0 and 1.)

use std::ops::Range;

use avocet::threshold::{Variance, moments};
use avocet::{Error, Function, Matrix, map};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha12Rng;
use rand_distr::{Distribution, Poisson};
use shared::learner::{Learner, Settings};
use shared::parallel;

use crate::late::Late;
use crate::scored::Scored;

/// How an ensemble is trained.
#[derive(Clone, Copy, Debug)]
pub struct Training {
    /// Models, each with its own random weights and negatives.
    pub members: u64,
    /// A model sees one of so many negatives, and all positives.
    pub negatives: u32,
    /// The learner: one pass over the rows.
    pub settings: Settings,
}

impl Default for Training {
    fn default() -> Self {
        Self { members: 20, negatives: 4, settings: Settings::default() }
    }
}

/// Trains on some rows and scores others. `progress` is told of each model. The number of threads does not change the
/// results.
pub fn scored(
    late: &Late,
    train: Range<usize>,
    rows: Range<usize>,
    training: &Training,
    threads: usize,
    progress: impl Fn() + Sync,
) -> Result<Scored, Error> {
    let members: Vec<u64> = (0..training.members).collect();
    let of = parallel::each(&members, threads, |&seed| {
        let logits = member(late, train.clone(), rows.clone(), training, seed);
        progress();
        logits
    });
    let of: Vec<Vec<f32>> = of.into_iter().collect::<Result<_, _>>()?;
    let (n, m) = (rows.len(), of.len());
    let mut logits = vec![0.0; n * m];
    for (at, of_member) in of.iter().enumerate() {
        logits.iter_mut().skip(at).step_by(m).zip(of_member).for_each(|(to, &from)| *to = from);
    }
    let (mut mean, mut uncertainties) = (vec![0.0; n], vec![0.0; n]);
    let variance = Some((Variance::Sample, &mut uncertainties[..]));
    moments(Matrix::new(&logits, n, m)?, &mut mean, variance, None)?;
    let mut scores = vec![0.0; n];
    map(Function::Sigmoid, &mean, &mut scores, None)?;
    Ok(Scored { scores, uncertainties, labels: late.labels[rows].to_vec() })
}

/// The logits of some rows by one model: in training a row counts as often as a Poisson variate of mean one
/// says, as if rows had been drawn anew (the bootstrap of online learning), and negatives not kept are left out.
fn member(
    late: &Late,
    train: Range<usize>,
    rows: Range<usize>,
    training: &Training,
    seed: u64,
) -> Result<Vec<f32>, Error> {
    let mut random = ChaCha12Rng::seed_from_u64(seed);
    let times = Poisson::new(1.0).expect("1 is a mean");
    let (mut drawn, mut a, mut b) = (Vec::new(), Vec::new(), Vec::new());
    for row in train {
        let times: f32 = times.sample(&mut random);
        let kept = random.random_range(0..training.negatives) == 0;
        let positive = late.labels[row] == 1;
        if times > 0.0 && (positive || kept) {
            drawn.push(row as u32);
            a.push(if positive { times } else { 0.0 });
            b.push(if positive { 0.0 } else { times });
        }
    }
    let mut learner = Learner::new(training.settings)?;
    learner.learn(&late.rows, &drawn, &a, &b)?;
    let rows: Vec<u32> = rows.map(|row| row as u32).collect();
    let mut logits = vec![0.0; rows.len()];
    learner.predict(&late.rows, &rows, &mut logits)?;
    Ok(logits)
}
