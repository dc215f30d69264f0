//! Training: the loss, the optimiser and the epochs.

use std::time::Instant;

use avocet::optim::{self, Adam};
use avocet::score::{self, EdgeKind, EdgeTerm, Softmax};
use avocet::{Error, Graph, Indices, Pool, Workspace};
use rand::distr::weighted::WeightedIndex;
use rand::distr::{Distribution, Uniform};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::data::{Edge, PackageGraph, Relation as RelationKind};
use crate::model::{Features, LayerGraphs, Model, Reads};
use crate::one_way::one_way_training;
use crate::parameters::Parameters;
use crate::relation::{Relation, graph};
use crate::split::{Split, context_edges, in_degrees};
use crate::table::Table;
use crate::tokens::{FEATURE_BITS, token_features};
use crate::touched::Touched;

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
    one_way: Vec<Edge>,
    touched: Touched,
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
        let popularity = in_degrees(&split.train, nodes).into_iter().map(|d| f64::from(d).sqrt()).collect();
        Ok(Self {
            nodes,
            train: split.train.clone(),
            features,
            context: [context(RelationKind::Depends)?, context(RelationKind::Suggests)?],
            labels: Relation::new(&split.train, nodes)?,
            one_way: one_way_training(&split.train),
            touched: Touched::new(&split.train, nodes)?,
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
    let uniform = recipe.negatives - recipe.negatives / 2;
    let rows = data.touched.rows(uniform);
    let supervision = Supervision {
        labels: data.touched.numbered(&data.train, rows)?,
        one_way: data.touched.numbered(&data.one_way, rows)?,
    };
    let mut model = Model::new(data.nodes, recipe.dim, recipe.layers, rows);
    let mut workspace = Workspace::new();
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    random.set_stream(1);
    let by_degree = WeightedIndex::new(&data.popularity).expect("there are training edges");
    let any_node = Uniform::new(0, data.nodes as u32).expect("there are packages");
    let mut seconds = Vec::new();
    let mut loss = 0.0;
    for epoch in 0..recipe.epochs {
        let start = Instant::now();
        let kept: Vec<Edge> =
            data.train.iter().copied().filter(|_| random.random_bool(recipe.keep)).collect();
        let drawn = Relation::new(&kept, data.nodes)?;
        let relations = [&drawn, &data.context[0], &data.context[1]];
        let popular = (0..recipe.negatives - uniform).map(|_| by_degree.sample(&mut random) as u32);
        let mut negatives = data.touched.numbers(&popular.collect::<Vec<u32>>());
        let any: Vec<u32> = (0..uniform).map(|_| any_node.sample(&mut random)).collect();
        negatives.extend(data.touched.numbers(&any));
        let last = data.touched.graphs(&any, &relations)?;
        let mut graphs = vec![whole(&relations); recipe.layers];
        graphs[recipe.layers - 1] = last.layer();

        model.forward(&parameters, &data.features, &graphs, pool)?;
        gradient.values.fill(0.0);
        let temperature = parameters.temperature();
        let sums = losses(&supervision, recipe, temperature, &negatives, &mut model, pool, &mut workspace)?;
        loss = sums.0;
        *gradient.log_temperature_mut() = sums.1 as f32 * temperature;
        model.backward(&parameters, &data.features, &graphs, &mut gradient, pool)?;

        let turn = std::f64::consts::PI * epoch as f64 / recipe.epochs as f64;
        let rate = recipe.rate * (0.5 * (1.0 + turn.cos()) * 0.95 + 0.05) as f32;
        let [first, second] = &mut moments;
        let adam = Adam::new(rate, epoch as u64 + 1);
        optim::adam(adam, &mut parameters.values, &gradient.values, first, second, pool)?;
        seconds.push(start.elapsed().as_secs_f64());
        progress(epoch, loss);
    }
    drop((model, gradient, moments));
    let relations = [&data.labels, &data.context[0], &data.context[1]];
    let graphs = vec![whole(&relations); recipe.layers];
    let mut model = Model::new(data.nodes, recipe.dim, recipe.layers, data.nodes);
    model.forward(&parameters, &data.features, &graphs, pool)?;
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

/// The graphs of a layer with a row for every node.
fn whole<'a>(relations: &[&'a Relation]) -> LayerGraphs<'a> {
    LayerGraphs { own: None, relations: relations.iter().map(|&relation| Reads::from(relation)).collect() }
}

/// The edges of the loss in numbers of touched rows, with their transposes.
struct Supervision {
    labels: (Graph, Graph),
    one_way: (Graph, Graph),
}

/// Loss and its derivative with respect to the temperature; the gradients of the rows go to the model.
fn losses(
    supervision: &Supervision,
    recipe: Recipe,
    temperature: f32,
    negatives: &[u32],
    model: &mut Model,
    pool: Option<&Pool>,
    workspace: &mut Workspace,
) -> Result<(f64, f64), Error> {
    let ((sources, targets), (source_gradient, target_gradient)) = model.embeddings_and_gradients();
    source_gradient.values.fill(0.0);
    target_gradient.values.fill(0.0);
    let (sources, targets) = (sources.view(), targets.view());
    let (labels, back) = &supervision.labels;
    let softmax = Softmax { temperature, weight: 1.0 / labels.edges() as f32, edge_weights: None };
    let sum = workspace.fit(|workspace| {
        let (ds, dt) = (Some(source_gradient.view_mut()), Some(target_gradient.view_mut()));
        let negatives = Indices::U32(negatives);
        score::softmax_loss(labels, back, sources, targets, negatives, softmax, ds, dt, pool, workspace)
    })?;
    let (mut loss, mut slope) = (sum.loss, sum.temperature_gradient);
    let (one_way, back) = &supervision.one_way;
    let weight = recipe.one_way / one_way.edges().max(1) as f32;
    if weight > 0.0 {
        for kind in [EdgeKind::Positive, EdgeKind::Reversed] {
            let term = EdgeTerm { temperature, weight, margin: recipe.margin, ..EdgeTerm::new(kind) };
            let sum = workspace.fit(|workspace| {
                let (ds, dt) = (Some(source_gradient.view_mut()), Some(target_gradient.view_mut()));
                score::edge_loss(one_way, back, sources, targets, term, None, ds, dt, pool, workspace)
            })?;
            loss += sum.loss;
            slope += sum.temperature_gradient;
        }
    }
    Ok((loss, slope))
}
