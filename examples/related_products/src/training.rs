//! Training: the loss, the optimiser and the epochs.

use std::time::Instant;

use avocet::optim::{self, Adam};
use avocet::score::{self, EdgeKind, EdgeTerm, Softmax};
use avocet::{Error, Graph, Indices, Pool, Workspace};
use rand::distr::weighted::WeightedIndex;
use rand::distr::{Distribution, Uniform};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::csr::Csr;
use crate::data::{Edge, PackageGraph, Relation as RelationKind};
use crate::model::{Features, Model};
use crate::one_way::one_way_training;
use crate::parameters::Parameters;
use crate::relation::{Relation, graph};
use crate::split::{Split, context_edges, in_degrees};
use crate::table::Table;
use crate::tokens::{FEATURE_BITS, token_features};

/// What can be chosen.
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
    /// Negatives of a step, half drawn by in-degree^1/2 and half uniformly.
    pub negatives: usize,
    /// Weight of the one-way term.
    pub one_way: f32,
    /// Margin of the one-way term.
    pub margin: f32,
    /// Share of the training edges that the layers read in a step.
    pub keep: f64,
}

impl Default for Recipe {
    fn default() -> Self {
        Self {
            dim: 64,
            layers: 2,
            epochs: 40,
            rate: 0.01,
            negatives: 2048,
            one_way: 0.3,
            margin: 1.0,
            keep: 0.5,
        }
    }
}

/// What training reads: the same for every seed.
#[derive(Debug)]
pub struct TrainingData {
    nodes: usize,
    train: Vec<Edge>,
    features: Features,
    context: [Relation; 2],
    /// All training edges.
    labels: Relation,
    /// The one-way training edges and their transpose.
    one_way: (Graph, Graph),
    popularity: Vec<f64>,
}

impl TrainingData {
    /// The graphs of a split.
    pub fn new(packages: &PackageGraph, split: &Split) -> Result<Self, Error> {
        let nodes = packages.len();
        let tokens = token_features(packages).matrix;
        let bag = graph(&tokens)?;
        let features = Features { transposed: bag.transpose()?, graph: bag, weights: tokens.values };
        let context = |kind| Relation::new(&context_edges(packages, kind), nodes);
        let one_way = graph(&Csr::from_edges(&one_way_training(&split.train), nodes, nodes))?;
        let popularity = in_degrees(&split.train, nodes).into_iter().map(|d| f64::from(d).sqrt()).collect();
        Ok(Self {
            nodes,
            train: split.train.clone(),
            features,
            context: [context(RelationKind::Depends)?, context(RelationKind::Suggests)?],
            labels: Relation::new(&split.train, nodes)?,
            one_way: (one_way.clone(), one_way.transpose()?),
            popularity,
        })
    }
}

/// A finished training.
#[derive(Debug)]
pub struct Trained {
    /// Source rows: how a package asks.
    pub sources: Table,
    /// Target rows: how a package is found.
    pub targets: Table,
    /// Median of the epochs.
    pub seconds_per_epoch: f64,
    /// Loss of the last epoch.
    pub loss: f64,
    /// Factor from dots to logits at the end.
    pub temperature: f32,
}

/// Trains from a seed and embeds every package. `progress(epoch, loss)` is called after each epoch.
pub fn train(
    data: &TrainingData,
    recipe: Recipe,
    seed: u64,
    pool: Option<&Pool>,
    mut progress: impl FnMut(usize, f64),
) -> Result<Trained, Error> {
    let relations = 1 + data.context.len();
    let tokens = 1 << FEATURE_BITS;
    let mut parameters = Parameters::initial(tokens, recipe.dim, recipe.layers, relations, seed);
    let mut gradient = Parameters::zeros(tokens, recipe.dim, recipe.layers, relations);
    let mut moments = [vec![0.0; parameters.values.len()], vec![0.0; parameters.values.len()]];
    let mut model = Model::new(data.nodes, recipe.dim, recipe.layers, relations);
    let mut workspace = Workspace::new();
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    random.set_stream(1);
    let by_degree = WeightedIndex::new(&data.popularity).expect("there are training edges");
    let uniform = Uniform::new(0, data.nodes as u32).expect("there are packages");
    let mut seconds = Vec::new();
    let mut loss = 0.0;
    for epoch in 0..recipe.epochs {
        let start = Instant::now();
        let kept: Vec<Edge> =
            data.train.iter().copied().filter(|_| random.random_bool(recipe.keep)).collect();
        let drawn = Relation::new(&kept, data.nodes)?;
        let relations = [&drawn, &data.context[0], &data.context[1]];
        let mut negatives = vec![0; recipe.negatives];
        let (popular, any) = negatives.split_at_mut(recipe.negatives / 2);
        popular.iter_mut().for_each(|id| *id = by_degree.sample(&mut random) as u32);
        any.iter_mut().for_each(|id| *id = uniform.sample(&mut random));

        model.forward(&parameters, &data.features, &relations, pool)?;
        gradient.values.fill(0.0);
        let temperature = parameters.temperature();
        let sums = losses(data, recipe, temperature, &negatives, &mut model, pool, &mut workspace)?;
        loss = sums.0;
        *gradient.log_temperature_mut() = sums.1 as f32 * temperature;
        model.backward(&parameters, &data.features, &relations, &mut gradient, pool)?;

        let turn = std::f64::consts::PI * epoch as f64 / recipe.epochs as f64;
        let rate = recipe.rate * (0.5 * (1.0 + turn.cos()) * 0.95 + 0.05) as f32;
        let [first, second] = &mut moments;
        let adam = Adam::new(rate, epoch as u64 + 1);
        optim::adam(adam, &mut parameters.values, &gradient.values, first, second, pool)?;
        seconds.push(start.elapsed().as_secs_f64());
        progress(epoch, loss);
    }
    let relations = [&data.labels, &data.context[0], &data.context[1]];
    model.forward(&parameters, &data.features, &relations, pool)?;
    let (sources, targets) = model.embeddings();
    seconds.sort_by(f64::total_cmp);
    Ok(Trained {
        sources: sources.clone(),
        targets: targets.clone(),
        seconds_per_epoch: seconds.get(seconds.len() / 2).copied().unwrap_or(0.0),
        loss,
        temperature: parameters.temperature(),
    })
}

/// Loss and its derivative with respect to the temperature; the gradients of the rows go to the model.
fn losses(
    data: &TrainingData,
    recipe: Recipe,
    temperature: f32,
    negatives: &[u32],
    model: &mut Model,
    pool: Option<&Pool>,
    workspace: &mut Workspace,
) -> Result<(f64, f64), Error> {
    let (mut source_gradient, mut target_gradient) = {
        let (sources, targets) = model.gradients_mut();
        sources.values.fill(0.0);
        targets.values.fill(0.0);
        (std::mem::replace(sources, Table::zeros(0, 0)), std::mem::replace(targets, Table::zeros(0, 0)))
    };
    let (sources, targets) = model.embeddings();
    let (sources, targets) = (sources.view(), targets.view());
    let softmax = Softmax { temperature, weight: 1.0 / data.train.len() as f32, edge_weights: None };
    let sum = workspace.fit(|workspace| {
        score::softmax_loss(
            &data.labels.out.graph,
            &data.labels.into.graph,
            sources,
            targets,
            Indices::U32(negatives),
            softmax,
            Some(source_gradient.view_mut()),
            Some(target_gradient.view_mut()),
            pool,
            workspace,
        )
    })?;
    let (mut loss, mut slope) = (sum.loss, sum.temperature_gradient);
    let weight = recipe.one_way / data.one_way.0.edges().max(1) as f32;
    if weight > 0.0 {
        for kind in [EdgeKind::Positive, EdgeKind::Reversed] {
            let term = EdgeTerm { temperature, weight, margin: recipe.margin, ..EdgeTerm::new(kind) };
            let sum = workspace.fit(|workspace| {
                score::edge_loss(
                    &data.one_way.0,
                    &data.one_way.1,
                    sources,
                    targets,
                    term,
                    None,
                    Some(source_gradient.view_mut()),
                    Some(target_gradient.view_mut()),
                    pool,
                    workspace,
                )
            })?;
            loss += sum.loss;
            slope += sum.temperature_gradient;
        }
    }
    let (to_sources, to_targets) = model.gradients_mut();
    (*to_sources, *to_targets) = (source_gradient, target_gradient);
    Ok((loss, slope))
}
