//! The model: avocet's sparse logistic regression, learned by FTRL-proximal, over the rows of clicks.

use avocet::logistic::{Optimiser, SparseModel, SparseRows, Targets};
use avocet::{Csr, Error, Indices, Workspace};

use crate::rows::{FEATURES, Rows};

/// Rows whose weights are computed together, from the model as it is before them.
pub const BATCH: usize = 16;

/// Settings of a model.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Learning rate.
    pub alpha: f32,
    /// L2 penalty.
    pub l2: f32,
    /// Rows that are learned in one step.
    pub minibatch: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self { alpha: 0.1, l2: 1.0, minibatch: 1 }
    }
}

/// A model that learns as rows come.
#[derive(Debug)]
pub struct Learner {
    model: SparseModel,
    minibatch: usize,
    indices: Vec<u32>,
    offsets: Vec<u32>,
    workspace: Workspace,
}

impl Learner {
    /// A model that knows nothing.
    pub fn new(settings: Settings) -> Result<Self, Error> {
        let Settings { alpha, l2, minibatch } = settings;
        let optimiser = Optimiser::Ftrl { alpha, beta: 1.0, l1: 0.0, l2 };
        let model = SparseModel::new(FEATURES, true, optimiser)?;
        let (indices, offsets) = (Vec::new(), Vec::new());
        Ok(Self { model, minibatch, indices, offsets, workspace: Workspace::new() })
    }

    /// Puts the rows of clicks side by side.
    fn gather(&mut self, rows: &Rows, clicks: &[u32]) {
        self.indices.clear();
        self.offsets.clear();
        self.offsets.push(0);
        for &click in clicks {
            self.indices.extend_from_slice(rows.row(click));
            self.offsets.push(self.indices.len() as u32);
        }
    }

    /// The logits of clicks.
    pub fn predict(&mut self, rows: &Rows, clicks: &[u32], logits: &mut [f32]) -> Result<(), Error> {
        self.gather(rows, clicks);
        let rows = view(&self.offsets, &self.indices);
        self.model.predict(rows, logits, None)
    }

    /// Learns the rows of clicks in their order, with coefficients a and b.
    pub fn learn(&mut self, rows: &Rows, clicks: &[u32], a: &[f32], b: &[f32]) -> Result<(), Error> {
        self.gather(rows, clicks);
        let rows = view(&self.offsets, &self.indices);
        let (model, targets) = (&mut self.model, Targets::Coefficients { a, b });
        self.workspace.fit(|workspace| model.learn(rows, targets, false, self.minibatch, None, workspace))
    }
}

/// Gathered rows as the library takes them.
fn view<'a>(offsets: &'a [u32], indices: &'a [u32]) -> SparseRows<'a> {
    SparseRows::new(Csr {
        rows: offsets.len() - 1,
        cols: FEATURES,
        offsets: Indices::U32(offsets),
        indices: Indices::U32(indices),
    })
}
