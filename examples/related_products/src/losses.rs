//! The loss of a step and its gradients.

use avocet::score::{self, EdgeKind, EdgeTerm, Softmax};
use avocet::{Error, Graph, Indices, Matrix, MatrixMut, Pool, Workspace};

use crate::csr::Csr;
use crate::data::Edge;
use crate::model::Model;
use crate::recipe::Recipe;
use crate::relation::graph;

/// The edges of the loss in numbers of the last layer's rows, with their transposes.
#[derive(Debug)]
pub struct Supervision {
    /// All training edges.
    pub labels: (Graph, Graph),
    /// Those without an answer.
    pub one_way: (Graph, Graph),
}

/// What the labels are told apart from.
#[derive(Clone, Copy, Debug)]
pub enum Negatives<'a> {
    /// Rows that all edges share.
    Shared(&'a [u32]),
    /// Pairs of their own, with the margin.
    Pairs(&'a (Graph, Graph), f32),
}

/// Loss and its derivative with respect to the temperature.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sums {
    /// The loss.
    pub loss: f64,
    /// Its derivative.
    pub slope: f64,
}

/// Pairs of rows, in any order, as a graph with its transpose.
pub fn pairs(mut pairs: Vec<Edge>, rows: usize) -> Result<(Graph, Graph), Error> {
    pairs.sort_unstable();
    let graph = graph(&Csr::from_edges(&pairs, rows, rows))?;
    let transposed = graph.transpose()?;
    Ok((graph, transposed))
}

/// One step's terms, added up.
struct Step<'a> {
    sources: Matrix<'a>,
    targets: Matrix<'a>,
    source_gradient: MatrixMut<'a>,
    target_gradient: MatrixMut<'a>,
    pool: Option<&'a Pool>,
    workspace: &'a mut Workspace,
    sums: Sums,
}

impl Step<'_> {
    /// A logistic term over the edges of a graph.
    fn edges(&mut self, (graph, back): &(Graph, Graph), term: EdgeTerm) -> Result<(), Error> {
        let Self { sources, targets, pool, .. } = *self;
        let (ds, dt) = (&mut self.source_gradient, &mut self.target_gradient);
        let sum = self.workspace.fit(|workspace| {
            let (ds, dt) = (Some(ds.reborrow()), Some(dt.reborrow()));
            score::edge_loss(graph, back, sources, targets, term, None, ds, dt, pool, workspace)
        })?;
        self.sums.loss += sum.loss;
        self.sums.slope += sum.temperature_gradient;
        Ok(())
    }

    /// The softmax of each edge of a graph among shared negatives.
    fn softmax(
        &mut self,
        (graph, back): &(Graph, Graph),
        negatives: &[u32],
        term: Softmax<'_>,
    ) -> Result<(), Error> {
        let Self { sources, targets, pool, .. } = *self;
        let (ds, dt) = (&mut self.source_gradient, &mut self.target_gradient);
        let negatives = Indices::U32(negatives);
        let sum = self.workspace.fit(|workspace| {
            let (ds, dt) = (Some(ds.reborrow()), Some(dt.reborrow()));
            score::softmax_loss(graph, back, sources, targets, negatives, term, ds, dt, pool, workspace)
        })?;
        self.sums.loss += sum.loss;
        self.sums.slope += sum.temperature_gradient;
        Ok(())
    }
}

/// The loss of a step; the gradients of the last rows go to the model.
pub fn losses(
    supervision: &Supervision,
    recipe: Recipe,
    temperature: f32,
    negatives: Negatives<'_>,
    model: &mut Model,
    pool: Option<&Pool>,
    workspace: &mut Workspace,
) -> Result<Sums, Error> {
    let ((sources, targets), (source_gradient, target_gradient)) = model.embeddings_and_gradients();
    source_gradient.values.fill(0.0);
    target_gradient.values.fill(0.0);
    let mut step = Step {
        sources: sources.view(),
        targets: targets.view(),
        source_gradient: source_gradient.view_mut(),
        target_gradient: target_gradient.view_mut(),
        pool,
        workspace,
        sums: Sums::default(),
    };
    let Supervision { labels, one_way } = supervision;
    let mean = 1.0 / labels.0.edges() as f32;
    match negatives {
        Negatives::Shared(ids) => {
            step.softmax(labels, ids, Softmax { temperature, weight: mean, edge_weights: None })?;
        }
        Negatives::Pairs(pairs, margin) => {
            let term = |kind| EdgeTerm { temperature, weight: mean, margin, ..EdgeTerm::new(kind) };
            step.edges(labels, term(EdgeKind::Positive))?;
            step.edges(pairs, term(EdgeKind::Negative))?;
        }
    }
    let weight = recipe.one_way / one_way.0.edges().max(1) as f32;
    if weight > 0.0 {
        for kind in [EdgeKind::Positive, EdgeKind::Reversed] {
            let term = EdgeTerm { temperature, weight, margin: recipe.margin, ..EdgeTerm::new(kind) };
            step.edges(one_way, term)?;
        }
    }
    Ok(step.sums)
}
