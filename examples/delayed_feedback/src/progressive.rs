//! Learning as time goes by: each step's clicks are predicted first, then the rows that came in the step are learned.

use std::collections::BTreeMap;

use avocet::logistic::{Rows as Kinds, Stream, feedback_weights, served};
use avocet::{Error, Function, map};

use crate::heads::Head;
use crate::method::{Method, Serve};
use crate::stream;
use crate::task::Task;
use shared::learner::{BATCH, Learner, Settings};

/// The values of the heads for each click.
pub type Heads = BTreeMap<Head, Vec<f32>>;

/// The probability of each click by a method, from what came before the step of the click.
///
/// `progress` is told the number of clicks that each step predicted.
pub fn predictions(
    task: &Task,
    method: &Method,
    heads: &Heads,
    settings: Settings,
    mut progress: impl FnMut(u64),
) -> Result<Vec<f32>, Error> {
    let stream = stream::rows(task, method.feed)?;
    let mut run = Run::new(task, method, heads, settings)?;
    let mut probabilities = vec![0.0; task.len()];
    let (mut tested, mut learned) = (0, 0);
    while tested < task.len() {
        let end = (task.times[tested].div_euclid(task.step) + 1) * task.step;
        // What came before the step of these clicks.
        let ready = learned + stream.times[learned..].partition_point(|&time| time < end - task.step);
        run.learn(&stream, learned..ready)?;
        let until = tested + task.times[tested..].partition_point(|&time| time < end);
        run.predict(tested..until, &mut probabilities[tested..until])?;
        progress((until - tested) as u64);
        (tested, learned) = (until, ready);
    }
    Ok(probabilities)
}

/// A method at work.
struct Run<'a> {
    task: &'a Task,
    method: &'a Method,
    heads: [Option<&'a [f32]>; 2],
    models: Vec<(Learner, avocet::logistic::Scheme)>,
}

impl<'a> Run<'a> {
    fn new(task: &'a Task, method: &'a Method, heads: &'a Heads, settings: Settings) -> Result<Self, Error> {
        let models = method.schemes.iter().flatten().map(|&scheme| Ok((Learner::new(settings)?, scheme)));
        let heads = method.heads.map(|head| head.map(|head| heads[&head].as_slice()));
        Ok(Self { task, method, heads, models: models.collect::<Result<_, Error>>()? })
    }

    /// Learns rows of the stream: weights from the models as they are, then a step, batch by batch.
    fn learn(&mut self, stream: &Stream, rows: std::ops::Range<usize>) -> Result<(), Error> {
        let [mut logits, mut a, mut b, mut first, mut second] = [[0.0; BATCH]; 5];
        for at in rows.clone().step_by(BATCH) {
            let part = at..rows.end.min(at + BATCH);
            let (clicks, n) = (&stream.clicks[part.clone()], part.len());
            let of = |values: Option<&[f32]>, out: &mut [f32; BATCH]| {
                let values = values?;
                out.iter_mut().zip(clicks).for_each(|(out, &click)| *out = values[click as usize]);
                Some(())
            };
            let read = [of(self.heads[0], &mut first), of(self.heads[1], &mut second)];
            for (model, scheme) in &mut self.models {
                let own = scheme.method.needs()[0];
                if own {
                    model.predict(&self.task.rows, clicks, &mut logits[..n])?;
                }
                let kinds = Kinds {
                    kinds: &stream.kinds[part.clone()],
                    logits: own.then_some(&logits[..n]),
                    first: read[0].map(|()| &first[..n]),
                    second: read[1].map(|()| &second[..n]),
                };
                feedback_weights(*scheme, kinds, &mut a[..n], &mut b[..n], None)?;
                model.learn(&self.task.rows, clicks, &a[..n], &b[..n])?;
            }
        }
        Ok(())
    }

    /// What the method serves for clicks.
    fn predict(&mut self, clicks: std::ops::Range<usize>, out: &mut [f32]) -> Result<(), Error> {
        let ids: Vec<u32> = clicks.map(|click| click as u32).collect();
        let mut logits = vec![0.0; out.len()];
        out.fill(0.0);
        let mut part = vec![0.0; out.len()];
        for (model, _) in &mut self.models {
            model.predict(&self.task.rows, &ids, &mut logits)?;
            match self.method.serve {
                Serve::Corrected => served(&logits, &mut part, None)?,
                Serve::Learned | Serve::Sum => map(Function::Sigmoid, &logits, &mut part, None)?,
            }
            out.iter_mut().zip(&part).for_each(|(out, part)| *out = (*out + part).min(1.0));
        }
        Ok(())
    }
}
