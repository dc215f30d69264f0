//! What can be chosen about a training, and the ablations.

/// How the labels are learned.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Loss {
    /// Softmax of each target among negatives that all edges share, half drawn by in-degree^1/2, half uniformly.
    Softmax {
        /// Negatives of a step.
        negatives: usize,
    },
    /// The published form: a logistic loss with uniform negatives for each edge.
    Logistic {
        /// Negatives of an edge.
        negatives: usize,
        /// Margin of the negatives.
        margin: f32,
    },
}

/// How many neighbours a row reads in training.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fanout {
    /// All.
    Full,
    /// As many for each node.
    Fixed(u32),
    /// More for nodes of low degree: between `min` and `max` along the power law of the degrees.
    Adaptive {
        /// For hubs.
        min: u32,
        /// For nodes of one neighbour.
        max: u32,
    },
}

/// A training.
#[derive(Clone, Copy, Debug)]
pub struct Recipe {
    /// Embedding width.
    pub dim: usize,
    /// Layers of the network.
    pub layers: usize,
    /// Full-batch steps.
    pub epochs: usize,
    /// Learning rate at the start; it falls along a cosine to 5 %.
    pub rate: f32,
    /// Loss of the labels.
    pub loss: Loss,
    /// Weight of the one-way term.
    pub one_way: f32,
    /// Margin of the one-way term.
    pub margin: f32,
    /// Share of the training edges that the layers read in a step.
    pub keep: f64,
    /// Neighbours that a row reads in training.
    pub fanout: Fanout,
    /// Whether scoring reads as few.
    pub sampled_scoring: bool,
    /// One space: undirected relations, and sources that are their own targets.
    pub symmetric: bool,
}

impl Default for Recipe {
    fn default() -> Self {
        Self {
            dim: 64,
            layers: 2,
            epochs: 40,
            rate: 0.01,
            loss: Loss::Softmax { negatives: 2048 },
            one_way: 0.3,
            margin: 1.0,
            keep: 0.5,
            fanout: Fanout::Full,
            sampled_scoring: false,
            symmetric: false,
        }
    }
}

impl Recipe {
    /// The ablations by name: each changes this recipe in one respect.
    pub fn ablations(self) -> [(&'static str, Self); 8] {
        let (fixed, adaptive) = (Fanout::Fixed(4), Fanout::Adaptive { min: 3, max: 8 });
        [
            ("symmetric", Self { symmetric: true, one_way: 0.0, ..self }),
            ("no_one_way", Self { one_way: 0.0, ..self }),
            ("one_layer", Self { layers: 1, ..self }),
            ("logistic_loss", Self { loss: Loss::Logistic { negatives: 5, margin: 1.0 }, ..self }),
            ("fixed_fanout", Self { fanout: fixed, ..self }),
            ("adaptive_fanout", Self { fanout: adaptive, ..self }),
            ("fixed_fanout_scored", Self { fanout: fixed, sampled_scoring: true, ..self }),
            ("adaptive_fanout_scored", Self { fanout: adaptive, sampled_scoring: true, ..self }),
        ]
    }
}
