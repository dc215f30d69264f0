//! The dual-embedding graph network: forward and backward pass.
//!
//! Input rows are the normalised sums of token vectors, the same for sources and targets. A layer is
//!
//! `S' = norm(S Ws + sum_r out_r(T) W_r + sum_c into_c(S) U_c)`,
//! `T' = norm(T Wt + sum_r into_r(S) W_r + sum_c out_c(T) U_c)`,
//!
//! with r over all relations, c over the context relations, and `out_r`, `into_r` the sums over out- and
//! in-neighbours scaled by degree^-1/2. Each sum is used twice: across (`W_r`) and along (`U_c`).

use avocet::dense::{self, Addend};
use avocet::{Error, Graph, Matrix, Pool, Workspace, aggregate};

use crate::parameters::{Parameters, Weight};
use crate::relation::{Direction, Relation};
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

/// What a layer keeps for the backward pass.
#[derive(Clone, Debug)]
struct Layer {
    sources: Rows,
    targets: Rows,
    /// For each relation the sums over out-neighbours' targets and over in-neighbours' sources.
    sums: Vec<(Table, Table)>,
}

/// The activations of a forward pass, and room for the backward pass.
#[derive(Debug)]
pub struct Model {
    input: Rows,
    layers: Vec<Layer>,
    /// Gradients of source rows and of target rows.
    gradient: (Table, Table),
    /// Gradients before the norm.
    before: (Table, Table),
    /// Gradient of one sum.
    sum: Table,
    workspace: Workspace,
}

const NORMALISE: dense::Options =
    dense::Options { accumulate: false, activation: dense::Activation::None, normalise: true };
const OVERWRITE: dense::Options =
    dense::Options { accumulate: false, activation: dense::Activation::None, normalise: false };

fn addend<'a>(x: &'a Table, w: Matrix<'a>) -> Addend<'a> {
    Addend { x: x.view(), w, transposed: false }
}

fn backward<'a>(dz: &'a Table, w: Matrix<'a>) -> Addend<'a> {
    Addend { x: dz.view(), w, transposed: true }
}

impl Model {
    /// Room for `nodes` nodes, width `dim`.
    pub fn new(nodes: usize, dim: usize, layers: usize, relations: usize) -> Self {
        let table = || Table::zeros(nodes, dim);
        let layer = || Layer {
            sources: Rows::new(nodes, dim),
            targets: Rows::new(nodes, dim),
            sums: (0..relations).map(|_| (table(), table())).collect(),
        };
        Self {
            input: Rows::new(nodes, dim),
            layers: (0..layers).map(|_| layer()).collect(),
            gradient: (table(), table()),
            before: (table(), table()),
            sum: table(),
            workspace: Workspace::new(),
        }
    }

    /// The final source and target rows.
    pub fn embeddings(&self) -> (&Table, &Table) {
        let last = self.layers.last().expect("a model has a layer");
        (&last.sources.rows, &last.targets.rows)
    }

    /// The gradients of the final source and target rows: fill them before [`Model::backward`].
    pub fn gradients_mut(&mut self) -> (&mut Table, &mut Table) {
        (&mut self.gradient.0, &mut self.gradient.1)
    }

    /// Computes all rows. The first relation is the labels', the others are context.
    pub fn forward(
        &mut self,
        parameters: &Parameters,
        features: &Features,
        relations: &[&Relation],
        pool: Option<&Pool>,
    ) -> Result<(), Error> {
        let weighted = aggregate::Options { edge_weights: Some(&features.weights), ..Default::default() };
        let input = &mut self.input;
        aggregate(&features.graph, parameters.table(), weighted, input.rows.view_mut(), pool)?;
        dense::activate(NORMALISE, input.rows.view_mut(), Some(&mut input.norms), pool)?;
        for at in 0..self.layers.len() {
            let (before, layer) = self.layers.split_at_mut(at);
            let layer = &mut layer[0];
            let (sources, targets) = match before.last() {
                Some(last) => (&last.sources.rows, &last.targets.rows),
                None => (&self.input.rows, &self.input.rows),
            };
            for (relation, (out, into)) in relations.iter().zip(&mut layer.sums) {
                gather(&relation.out, targets, out, pool)?;
                gather(&relation.into, sources, into, pool)?;
            }
            let weight = |weight| parameters.weight(at, weight);
            let mut source_terms = vec![addend(sources, weight(Weight::Source))];
            let mut target_terms = vec![addend(targets, weight(Weight::Target))];
            for (relation, (out, into)) in layer.sums.iter().enumerate() {
                source_terms.push(addend(out, weight(Weight::Across(relation))));
                target_terms.push(addend(into, weight(Weight::Across(relation))));
                if relation > 0 {
                    source_terms.push(addend(into, weight(Weight::Along(relation))));
                    target_terms.push(addend(out, weight(Weight::Along(relation))));
                }
            }
            for (terms, to) in [(source_terms, &mut layer.sources), (target_terms, &mut layer.targets)] {
                self.workspace.fit(|workspace| {
                    let norms = Some(&mut to.norms[..]);
                    dense::product(&terms, NORMALISE, to.rows.view_mut(), norms, pool, workspace)
                })?;
            }
        }
        Ok(())
    }

    /// Adds the gradients of all parameters to `gradient`, from those of the final rows.
    pub fn backward(
        &mut self,
        parameters: &Parameters,
        features: &Features,
        relations: &[&Relation],
        gradient: &mut Parameters,
        pool: Option<&Pool>,
    ) -> Result<(), Error> {
        for at in (0..self.layers.len()).rev() {
            let (before, layer) = self.layers.split_at(at);
            let layer = &layer[0];
            let (sources, targets) = match before.last() {
                Some(last) => (&last.sources.rows, &last.targets.rows),
                None => (&self.input.rows, &self.input.rows),
            };
            let (ds, dt) = (&mut self.before.0, &mut self.before.1);
            for (rows, dy, dz) in
                [(&layer.sources, &self.gradient.0, &mut *ds), (&layer.targets, &self.gradient.1, &mut *dt)]
            {
                let norms = Some(&rows.norms[..]);
                dense::activate_backward(NORMALISE, rows.rows.view(), norms, dy.view(), dz.view_mut(), pool)?;
            }
            let (ds, dt) = (&*ds, &*dt);

            let mut weights = vec![(sources, ds, Weight::Source), (targets, dt, Weight::Target)];
            for (relation, (out, into)) in layer.sums.iter().enumerate() {
                weights.extend([(out, ds, Weight::Across(relation)), (into, dt, Weight::Across(relation))]);
                if relation > 0 {
                    weights.extend([(into, ds, Weight::Along(relation)), (out, dt, Weight::Along(relation))]);
                }
            }
            for (x, dz, weight) in weights {
                self.workspace.fit(|workspace| {
                    let to = gradient.weight_mut(at, weight);
                    dense::weight_gradient(x.view(), dz.view(), true, to, pool, workspace)
                })?;
            }

            let weight = |weight| parameters.weight(at, weight);
            let own = [
                (vec![backward(ds, weight(Weight::Source))], &mut self.gradient.0),
                (vec![backward(dt, weight(Weight::Target))], &mut self.gradient.1),
            ];
            for (terms, to) in own {
                self.workspace.fit(|ws| dense::product(&terms, OVERWRITE, to.view_mut(), None, pool, ws))?;
            }
            for (number, relation) in relations.iter().enumerate() {
                let mut out = vec![backward(ds, weight(Weight::Across(number)))];
                let mut into = vec![backward(dt, weight(Weight::Across(number)))];
                if number > 0 {
                    out.push(backward(dt, weight(Weight::Along(number))));
                    into.push(backward(ds, weight(Weight::Along(number))));
                }
                // Out-sums read targets, in-sums read sources.
                for (terms, from, back, to) in [
                    (out, &relation.out, &relation.into.graph, &mut self.gradient.1),
                    (into, &relation.into, &relation.out.graph, &mut self.gradient.0),
                ] {
                    let sum = &mut self.sum;
                    self.workspace
                        .fit(|ws| dense::product(&terms, OVERWRITE, sum.view_mut(), None, pool, ws))?;
                    scatter(from, back, sum, to, pool)?;
                }
            }
        }
        // Sources and targets start from the same rows.
        for (sum, more) in self.gradient.0.values.iter_mut().zip(&self.gradient.1.values) {
            *sum += more;
        }
        let (input, dy) = (&self.input, self.gradient.0.view());
        let dz = self.before.0.view_mut();
        dense::activate_backward(NORMALISE, input.rows.view(), Some(&input.norms), dy, dz, pool)?;
        let options = aggregate::Options {
            accumulate: true,
            edge_weights: Some(&features.weights),
            ..Default::default()
        };
        aggregate(&features.transposed, self.before.0.view(), options, gradient.table_mut(), pool)
    }
}

/// The scaled sum over neighbours.
fn gather(direction: &Direction, x: &Table, out: &mut Table, pool: Option<&Pool>) -> Result<(), Error> {
    let options = aggregate::Options { row_scale: Some(&direction.scale), ..Default::default() };
    aggregate(&direction.graph, x.view(), options, out.view_mut(), pool)
}

/// Adds the gradient of [`gather`] with respect to its rows; `back` is the transposed graph.
fn scatter(
    direction: &Direction,
    back: &Graph,
    sum: &Table,
    to: &mut Table,
    pool: Option<&Pool>,
) -> Result<(), Error> {
    let options =
        aggregate::Options { accumulate: true, source_scale: Some(&direction.scale), ..Default::default() };
    aggregate(back, sum.view(), options, to.view_mut(), pool)
}
