//! The dual-embedding graph network: forward and backward pass.
//!
//! Input rows are the normalised sums of token vectors, the same for sources and targets. Each layer is
//! [`avocet::dual::DualLayer`] without an activation: sums over neighbours scaled by degree^-1/2, every relation across,
//! context relations also along.

use avocet::dual::{
    DualBack, DualGradients, DualLayer, DualRelation, DualResult, DualRows, dual_backward, dual_forward,
};
use avocet::{Error, Graph, Pool, Workspace, aggregate, dense};

use crate::parameters::{Parameters, Weight};
use crate::relation::Relation;
use crate::table::Table;

/// The token features as a graph from packages to tokens, with weights.
#[derive(Clone, Debug)]
pub struct Features {
    /// Packages x tokens.
    pub graph: Graph,
    /// Tokens x packages.
    pub transposed: Graph,
    /// A weight for each edge of `graph`.
    pub weights: Vec<f32>,
}

/// The graphs of one layer. The first relation is the labels', the others are context.
#[derive(Clone, Debug)]
pub struct LayerGraphs<'a> {
    /// The nodes that the output rows are, and the transpose; all nodes if absent.
    pub own: Option<(&'a Graph, &'a Graph)>,
    /// The relations.
    pub relations: Vec<&'a Relation>,
}

impl<'a> LayerGraphs<'a> {
    /// A row for every node.
    pub fn whole(relations: &[&'a Relation]) -> Self {
        Self { own: None, relations: relations.to_vec() }
    }
}

/// Normalised rows and the norms that they had.
#[derive(Clone, Debug)]
struct Rows {
    rows: Table,
    norms: Vec<f32>,
}

impl Rows {
    fn new(nodes: usize, dim: usize) -> Self {
        Self { rows: Table::zeros(nodes, dim), norms: vec![0.0; nodes] }
    }
}

/// The activations of a forward pass, and room for the backward pass.
#[derive(Debug)]
pub struct Model {
    input: Rows,
    /// Source and target rows of each layer.
    layers: Vec<(Rows, Rows)>,
    /// Gradients of the last layer's rows, of a layer's inputs, and of its outputs.
    gradient: (Table, Table),
    below: (Table, Table),
    above: (Table, Table),
    workspace: Workspace,
}

const NORMALISE: dense::Options =
    dense::Options { accumulate: false, activation: dense::Activation::None, normalise: true };

impl Model {
    /// Room for `nodes` nodes, width `dim` and `layers` layers, the last one of `last` rows.
    pub fn new(nodes: usize, dim: usize, layers: usize, last: usize) -> Self {
        let rows = |layer| if layer + 1 == layers { last } else { nodes };
        let pair = |rows| (Rows::new(rows, dim), Rows::new(rows, dim));
        let tables = |rows| (Table::zeros(rows, dim), Table::zeros(rows, dim));
        Self {
            input: Rows::new(nodes, dim),
            layers: (0..layers).map(|layer| pair(rows(layer))).collect(),
            gradient: tables(last),
            below: tables(nodes),
            above: tables(if layers > 1 { nodes } else { 0 }),
            workspace: Workspace::new(),
        }
    }

    /// The final source and target rows.
    pub fn embeddings(&self) -> (&Table, &Table) {
        let (sources, targets) = self.layers.last().expect("a model has a layer");
        (&sources.rows, &targets.rows)
    }

    /// The rows that a layer reads: the token sums for the first.
    pub fn inputs(&self, layer: usize) -> (&Table, &Table) {
        below(&self.layers[..layer], &self.input)
    }

    /// The final rows, and their gradients to be filled before [`Model::backward`].
    pub fn embeddings_and_gradients(&mut self) -> ((&Table, &Table), (&mut Table, &mut Table)) {
        let (sources, targets) = self.layers.last().expect("a model has a layer");
        ((&sources.rows, &targets.rows), (&mut self.gradient.0, &mut self.gradient.1))
    }

    /// Computes all rows.
    pub fn forward(
        &mut self,
        parameters: &Parameters,
        features: &Features,
        graphs: &[LayerGraphs<'_>],
        pool: Option<&Pool>,
    ) -> Result<(), Error> {
        let weighted = aggregate::Options { edge_weights: Some(&features.weights), ..Default::default() };
        let input = &mut self.input;
        aggregate(&features.graph, parameters.table(), weighted, input.rows.view_mut(), pool)?;
        dense::activate(NORMALISE, input.rows.view_mut(), Some(&mut input.norms), pool)?;
        for (at, graphs) in graphs.iter().enumerate() {
            let (before, layer) = self.layers.split_at_mut(at);
            let below = below(before, &self.input);
            run_layer(parameters, at, graphs, below, &mut layer[0], pool, &mut self.workspace)?;
        }
        Ok(())
    }

    /// Computes the last rows as layer `layer` of the parameters, from rows that are given.
    pub fn layer_on(
        &mut self,
        parameters: &Parameters,
        layer: usize,
        graphs: &LayerGraphs<'_>,
        below: (&Table, &Table),
        pool: Option<&Pool>,
    ) -> Result<(), Error> {
        let to = self.layers.last_mut().expect("a model has a layer");
        run_layer(parameters, layer, graphs, below, to, pool, &mut self.workspace)
    }

    /// Adds the gradients of all parameters to `gradient`, from those of the final rows.
    pub fn backward(
        &mut self,
        parameters: &Parameters,
        features: &Features,
        graphs: &[LayerGraphs<'_>],
        gradient: &mut Parameters,
        pool: Option<&Pool>,
    ) -> Result<(), Error> {
        for (at, graphs) in graphs.iter().enumerate().rev() {
            let (before, layer) = self.layers.split_at(at);
            let relations = relations(parameters, at, graphs);
            let dual = dual_layer(parameters, at, graphs, &relations, below(before, &self.input));
            let back = graphs.relations.iter().map(|r| DualBack { out: r.out_back(), into: r.into_back() });
            let back: Vec<DualBack<'_>> = back.collect();
            // The gradients that came from above; the last layer's may have fewer rows.
            let last = at + 1 == self.layers.len();
            let above = if last { &self.gradient } else { &self.above };
            let (ds, dt) = (&above.0, &above.1);
            let (sources, targets) = &layer[0];
            let result = DualResult {
                sources: sources.rows.view(),
                targets: targets.rows.view(),
                source_norms: Some(&sources.norms),
                target_norms: Some(&targets.norms),
                source_gradient: ds.view(),
                target_gradient: dt.view(),
                own: graphs.own.map(|(_, back)| back),
                back: &back,
            };
            let below = &mut self.below;
            self.workspace.fit(|workspace| {
                let mut weights = gradient.layer_mut(at);
                let gradients = DualGradients {
                    sources: Some(below.0.view_mut()),
                    targets: Some(below.1.view_mut()),
                    weights: &mut weights,
                };
                dual_backward(&dual, &result, gradients, pool, workspace)
            })?;
            if at > 0 {
                std::mem::swap(&mut self.below, &mut self.above);
            }
        }
        gradient.tie();
        // Sources and targets start from the same rows.
        for (sum, more) in self.below.0.values.iter_mut().zip(&self.below.1.values) {
            *sum += more;
        }
        let (input, dy) = (&self.input, self.below.0.view());
        let dz = self.below.1.view_mut();
        dense::activate_backward(NORMALISE, input.rows.view(), Some(&input.norms), dy, dz, pool)?;
        let options = aggregate::Options {
            accumulate: true,
            edge_weights: Some(&features.weights),
            ..Default::default()
        };
        aggregate(&features.transposed, self.below.1.view(), options, gradient.table_mut(), pool)
    }
}

/// Computes the rows of a layer.
fn run_layer(
    parameters: &Parameters,
    at: usize,
    graphs: &LayerGraphs<'_>,
    below: (&Table, &Table),
    (sources, targets): &mut (Rows, Rows),
    pool: Option<&Pool>,
    workspace: &mut Workspace,
) -> Result<(), Error> {
    let relations = relations(parameters, at, graphs);
    let dual = dual_layer(parameters, at, graphs, &relations, below);
    workspace.fit(|workspace| {
        let rows = DualRows {
            sources: sources.rows.view_mut(),
            targets: targets.rows.view_mut(),
            source_norms: Some(&mut sources.norms),
            target_norms: Some(&mut targets.norms),
        };
        dual_forward(&dual, rows, pool, workspace)
    })
}

/// The rows that a layer reads.
fn below<'a>(before: &'a [(Rows, Rows)], input: &'a Rows) -> (&'a Table, &'a Table) {
    match before.last() {
        Some((sources, targets)) => (&sources.rows, &targets.rows),
        None => (&input.rows, &input.rows),
    }
}

fn relations<'a>(
    parameters: &'a Parameters,
    layer: usize,
    graphs: &LayerGraphs<'a>,
) -> Vec<DualRelation<'a>> {
    let relation = |(number, reads): (usize, &&'a Relation)| DualRelation {
        out: &reads.out.graph,
        into: &reads.into.graph,
        out_scale: Some(&reads.out.scale),
        into_scale: Some(&reads.into.scale),
        across: parameters.weight(layer, Weight::Across(number)),
        along: (number > 0).then(|| parameters.weight(layer, Weight::Along(number))),
    };
    graphs.relations.iter().enumerate().map(relation).collect()
}

fn dual_layer<'a>(
    parameters: &'a Parameters,
    layer: usize,
    graphs: &LayerGraphs<'a>,
    relations: &'a [DualRelation<'a>],
    (sources, targets): (&'a Table, &'a Table),
) -> DualLayer<'a> {
    DualLayer {
        sources: sources.view(),
        targets: targets.view(),
        own: graphs.own.map(|(own, _)| own),
        source_weights: parameters.weight(layer, Weight::Source),
        target_weights: parameters.weight(layer, parameters.own_target()),
        relations,
        activation: dense::Activation::None,
        normalise: true,
    }
}
